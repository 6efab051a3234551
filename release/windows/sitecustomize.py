"""The start hook of the program for Windows, which Python runs at each start: it makes Dubi.exe Dubi's icon.

Dubi.exe is the `pythonw.exe` of python.org under another name, so its signature holds. A double click gives it nothing
to run: this hook starts the same program anew with the desk to run. With `-m` or `-c` it is an ordinary Python.
Bytecode but this hook's own is kept with the user's data, never beside the program, and so are the two largest
libraries, which come packed (`*.pyd.xz`) and are unpacked when first needed.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import ExtensionFileLoader, ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path

HERE = Path(__file__).parent
DATA = Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "dubi"


class Packed:
    """Finds the modules that come packed."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """Where a packed module is, unpacked for this version of the program; None for any other module."""
        inside = Path(*name.split(".")).with_suffix(".pyd")
        packed = HERE / f"{inside}.xz"
        if not packed.is_file():
            return None
        whole = DATA / HERE.name / inside
        if not whole.is_file():
            unpack(packed, whole)
        return spec_from_file_location(name, whole, loader=ExtensionFileLoader(name, str(whole)))


def unpack(packed: Path, whole: Path) -> None:
    """Unpack a file beside its place and move it there whole: it is there or not, also when two start at once."""
    import lzma
    import shutil

    whole.parent.mkdir(parents=True, exist_ok=True)
    draft = whole.with_name(f"{whole.name}.{os.getpid()}")
    try:
        with lzma.open(packed) as source, draft.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        if not whole.is_file():
            draft.replace(whole)
    finally:
        draft.unlink(missing_ok=True)


def start() -> None:
    """Keep bytecode apart, find what is packed, and have the icon open the desk."""
    sys.pycache_prefix = str(DATA / "bytecode")
    sys.meta_path.insert(0, Packed)
    if Path(sys.executable).stem.lower() != "dubi" or sys.orig_argv[1:2] in (["-m"], ["-c"]):
        return
    import subprocess

    subprocess.Popen([sys.executable, "-m", "cli.icon"], cwd=Path.home())  # a folder in use could not be moved
    os._exit(0)


start()
