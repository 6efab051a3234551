"""A PC with Windows for trials: wine with a fresh folder of its own, and the program unzipped on its desktop.

Two things are done to that PC and never to what is handed out: wine 8 lacks a function that every wheel written in Rust
asks for (a library of ten lines is compiled and put beside wine's own), and its system information breaks `_wmi.pyd`,
which is taken out of the unzipped copy.
"""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

SHIM = Path(__file__).with_name("bcryptprimitives.c")
START = 180.0
"""Seconds that wine may take for what it does once."""


def wine_program() -> str:
    """The 64 bit wine of Debian; raises OSError where it is not installed."""
    for place in (shutil.which("wine64"), "/usr/lib/wine/wine64"):
        if place and Path(place).is_file():
            return place
    raise FileNotFoundError("wine64 is not installed: apt install wine64 gcc-mingw-w64-x86-64")


class Pc:
    """One PC: its disk is a folder, its programs are run by wine, and it has no screen."""

    def __init__(self, place: Path) -> None:
        self.wine = wine_program()
        self.disk = place / "pc" / "drive_c"
        self.variables = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(place),
            "LC_ALL": "C.UTF-8",
            "WINEPREFIX": str(place / "pc"),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml,winemenubuilder.exe=;bcryptprimitives=n",
        }
        self.run([self.wine, "wineboot", "--init"])
        self.run([self.wine, "winecfg", "-v", "win10"])
        library = self.disk / "windows" / "system32" / "bcryptprimitives.dll"
        compiler = ["x86_64-w64-mingw32-gcc", "-shared", "-Os", "-o", str(library), str(SHIM), "-ladvapi32"]
        subprocess.run(compiler, check=True)
        (user,) = (one for one in (self.disk / "users").iterdir() if one.name != "Public")
        self.data = user / "AppData" / "Local" / "dubi"
        self.desktop = user / "Màn hình nền của tôi"
        self.desktop.mkdir()

    def run(self, command: Sequence[str], folder: Path | None = None) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end, whatever that is; wine's own files must be spoken to by pipes."""
        return subprocess.run(
            command, cwd=folder, env=self.variables, stdin=subprocess.DEVNULL, capture_output=True, timeout=START
        )

    def unzip(self, archive: Path) -> Path:
        """Unzip the program as somebody does who has got it, over an older one if there is one; gives its folder."""
        with zipfile.ZipFile(archive) as whole:
            whole.extractall(self.desktop)
        program = self.desktop / "Dubi"
        (program / "_wmi.pyd").unlink(missing_ok=True)
        return program

    def python(self, program: Path) -> list[str]:
        """What runs the program's own Python, for a console."""
        return [self.wine, str(program / "python.exe")]

    def dubi(self, program: Path) -> list[str]:
        """What `lenh\\dubi.cmd` runs, without the console between."""
        return [*self.python(program), "-c", "from cli.main import run; run()"]

    def off(self) -> None:
        """End whatever still runs there."""
        server = Path(self.wine).with_name("wineserver")
        killer = str(server) if server.is_file() else shutil.which("wineserver") or "/usr/lib/wine/wineserver64"
        subprocess.run([killer, "-k"], env=self.variables, check=False, capture_output=True)


def started(pc: Pc, program: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Double-click Dubi.exe, without waiting for anything; with arguments, run its Python with them."""
    line = [pc.wine, str(program / "Dubi.exe"), *arguments]
    nothing = subprocess.DEVNULL
    return subprocess.Popen(line, cwd=program, env=pc.variables, stdin=nothing, stdout=nothing, stderr=nothing)
