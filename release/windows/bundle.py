"""The zip for a PC with Windows, made on Linux without running anything of it: `make windows`.

Unzip, double-click Dubi.exe, the browser opens the desk. The libraries stand in a folder named after the version: who
unzips a new version over an old one never runs a mixture of both.
"""

from __future__ import annotations

import argparse
import hashlib
import lzma
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from release.licences import third_parties
from release.windows.interpreter import Interpreter, NotTheOne, handed_in, pinned

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements-windows.lock"
HERE = Path(__file__).parent
FOLDER = "Dubi"

LARGEST = 90 * 1000 * 1000
LONGEST = 115
"""Characters of the longest path inside the zip: below a folder of a person's own it stays under Windows' 259."""
PACKED_FROM = 30 * 1000 * 1000
PACKED = ROOT / "build" / "packed"
STRONG = ({"id": lzma.FILTER_X86}, {"id": lzma.FILTER_LZMA2, "preset": 9})
"""Minutes of packing, once; unpacking takes seconds and 64 MiB, also once."""
LEFT_OUT = ("duckdb", "durable", "pyspark", "pytest", "mypy", "psycopg")
"""What must not come along: engines of large stores, pictures, tools."""

COMMAND = """@rem The command dubi for a console (cmd, PowerShell): lenh\\dubi check so-theo-doi.xlsx
@"%~dp0..\\python.exe" -c "from cli.main import run; run()" %*
"""


def libraries(folder: Path) -> None:
    """Install what the lock pins for Windows, and Dubi itself, in a folder; nothing of it is run."""
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    into = ["--no-deps", "--no-compile", "--target", str(folder)]
    windows = [
        "--platform",
        "win_amd64",
        "--implementation",
        "cp",
        "--python-version",
        "3.13",
        "--only-binary",
        ":all:",
    ]
    subprocess.run([*pip, "install", *into, *windows, "--require-hashes", "-r", str(LOCK)], check=True)
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "source"
        source.mkdir()
        archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", str(source)], input=archive, check=True)
        build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", scratch, str(source)]
        subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
        # by its name, not by its path, which pip would write down: the same sources give the same zip
        beside = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": scratch}
        subprocess.run([*pip, "install", *into, "dubi"], check=True, env=beside)
    for unwanted in ("bin", "share"):  # scripts for another system, with paths of this one, and its manual pages
        shutil.rmtree(folder / unwanted, ignore_errors=True)


def version_in(folder: Path) -> str:
    """The version of Dubi that was installed in a folder of libraries."""
    (info,) = folder.glob("dubi-*.dist-info")
    return info.name.removeprefix("dubi-").removesuffix(".dist-info")


def assemble(place: Path, python: Interpreter) -> str:
    """Put the whole folder together below ``place``; gives Dubi's version."""
    program = place / FOLDER
    program.mkdir(parents=True)
    for name, content in python.files.items():
        file = program / ("Dubi.exe" if name == "pythonw.exe" else name)
        file.write_bytes(content)
    installed = program / "lib"
    libraries(installed)
    version = version_in(installed)
    named = installed.rename(program / f"lib-{version}")
    shutil.copyfile(HERE / "sitecustomize.py", named / "sitecustomize.py")
    shrink(named)
    _write(program / "python313._pth", f"python313.zip\n.\n{named.name}\nimport site\n")
    (program / "lenh").mkdir()
    _write(program / "lenh" / "dubi.cmd", COMMAND)
    for name in ("LICENSE", "NOTICE"):
        _write(program / f"{name}.txt", (ROOT / name).read_text(encoding="utf-8"))
    licence = python.files["LICENSE.txt"].decode("utf-8", errors="replace")
    _write(program / "THIRD-PARTY.txt", third_parties(named, python.version, licence))
    _write(program / "HUONG-DAN.txt", "\ufeff" + (HERE / "huong-dan.txt").read_text(encoding="utf-8"))
    return version


def shrink(folder: Path) -> None:
    """Pack the largest libraries better than a zip that Windows opens can; the start hook unpacks them.

    What was packed once is kept by the hash of what is in it, for the next time.
    """
    PACKED.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.rglob("*.pyd")):
        if path.stat().st_size > PACKED_FROM:
            content = path.read_bytes()
            kept = PACKED / f"{hashlib.sha256(content).hexdigest()}.xz"
            if not kept.is_file():
                draft = kept.with_suffix(f".{os.getpid()}")
                draft.write_bytes(lzma.compress(content, filters=list(STRONG)))
                draft.replace(kept)
            shutil.copyfile(kept, path.with_name(f"{path.name}.xz"))
            path.unlink()


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\r\n")  # for Notepad and cmd


def pack(place: Path, target: Path) -> None:
    """Zip the folder; the same files give the same bytes. Exits with a sentence where a limit does not hold."""
    files = sorted(path for path in place.rglob("*") if path.is_file())
    longest = max((path.relative_to(place).as_posix() for path in files), key=len)
    if len(longest) > LONGEST:
        sys.exit(f"A path of {len(longest)} characters, more than {LONGEST}: {longest}")
    brought = {path.name.lower() for path in (place / FOLDER).glob("lib-*/*")}
    if strangers := sorted(name for name in brought if name.startswith(LEFT_OUT)):
        sys.exit(f"What must not come along: {', '.join(strangers)}")
    target.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files:
            name = zipfile.ZipInfo(path.relative_to(place).as_posix(), (2000, 1, 1, 0, 0, 0))
            name.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(name, path.read_bytes())
    size = target.stat().st_size
    if size > LARGEST:
        sys.exit(f"{target.name} has {size:,} bytes, more than {LARGEST:,}")
    sys.stdout.write(f"{target}: {size / 1e6:.1f} MB, longest path {len(longest)}\n")


def main() -> None:
    """Make the zip with the pinned Python, or with a newer official one that is handed in."""
    asks = argparse.ArgumentParser(description=__doc__)
    asks.add_argument("--python", type=Path, metavar="ZIP", help="a newer python-3.13.N-embed-amd64.zip")
    asks.add_argument("--sha256", help="its SHA-256 as python.org says it")
    given = asks.parse_args()
    if bool(given.python) != bool(given.sha256):
        sys.exit("A Python is handed in by its zip and its SHA-256, both.")
    with tempfile.TemporaryDirectory() as scratch:
        try:
            python = handed_in(given.python, given.sha256) if given.python else pinned(Path(scratch))
        except NotTheOne as error:
            sys.exit(str(error))
        place = Path(scratch) / "whole"
        version = assemble(place, python)
        pack(place, ROOT / "dist" / f"dubi-{version}-windows.zip")


if __name__ == "__main__":
    main()
