"""The start hook of the program for Windows, which Python runs at each start: it makes Dubi.exe Dubi's icon.

Dubi.exe is the `pythonw.exe` of python.org under another name, so its signature holds. A double click gives it nothing
to run: this hook starts the same program anew with the desk to run. With `-m` or `-c` it is an ordinary Python.
Bytecode is kept with the user's data, never beside the program.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def start() -> None:
    """Keep bytecode apart, and have the icon open the desk."""
    if data := os.environ.get("LOCALAPPDATA"):
        sys.pycache_prefix = str(Path(data) / "dubi" / "bytecode")
    if Path(sys.executable).stem.lower() != "dubi" or sys.orig_argv[1:2] in (["-m"], ["-c"]):
        return
    import subprocess

    subprocess.Popen([sys.executable, "-m", "cli.icon"], cwd=Path.home())  # a folder in use could not be moved
    os._exit(0)


start()
