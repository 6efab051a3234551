"""What a double click on Dubi's icon starts: the desk without a console, until no page has been open for a while.

Run as a module (`python -m cli.icon`) by the start hook of the program for Windows. It is the command `web`, with the
store made or brought up to date first, and with a window for the sentence that a command would say on stderr.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

from cli.main import outcome

LINE = ("web", "--make-store", "--close-after", "15")


def run() -> None:
    """Serve the user's own store, with whatever options of `web` were given besides; ends the process."""
    said = _streams()
    code = outcome([*LINE, *sys.argv[1:]])
    if code:
        _show(said.getvalue().strip())
    sys.exit(code)


def _streams() -> io.StringIO:
    """Streams where a program without a console has none; gives what will be said on stderr."""
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115  # as long as the process
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # as long as the process
    sys.stderr = said = io.StringIO()
    return said


def _show(text: str) -> None:
    """Show a sentence to somebody who has no console."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, text, "Dubi", 0x30)  # a warning sign and OK
    elif sys.__stderr__ is not None:
        sys.__stderr__.write(text + "\n")


if __name__ == "__main__":
    run()
