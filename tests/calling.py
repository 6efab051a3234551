"""The command line, called in process as a process would be and left without a trace, or as a process of its own.

Tests take the fixture `dubi` and call `dubi("check", file, "--as-of", "2025-03-01", DUBI_USER="an")`: arguments as a
user types them, environment variables as keywords; back come the exit code and what stood on stdout and stderr. It
runs in process, for starting Python costs more than most commands do. The fixture `dubi_process` has the same form
and starts the installed command; take it where the process is what is tested: streams, encodings of the machine,
signals, several at once, start-up, or a file of the law that is changed between two calls (in process the law is
read once).
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from cli.main import run

DUBI = Path(sys.prefix) / "bin" / "dubi"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command line left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object on stdout."""
        return json.loads(self.out)


Dubi = Callable[..., Ran]

_get_command = cache(typer.main.get_command)
"""The tree of commands, which keeps nothing of a call, made once and not for every call."""


def call(
    arguments: Sequence[object], folder: Path, environment: Mapping[str, str] | None = None, *, piped: str = ""
) -> Ran:
    """Run the command in this process, in a folder; streams, folder, environment, arguments and
    what SIGTERM does are put back after. ``piped`` is what stands on stdin.

    Warnings are errors here as in every test; whatever escapes the command's last door is raised.
    """
    with _streams(piped) as (out, err), pytest.MonkeyPatch.context() as changed, warnings.catch_warnings():
        changed.chdir(folder)
        for name, value in (environment or {}).items():
            changed.setenv(name, value)
        changed.setattr(sys, "argv", [str(DUBI), *map(str, arguments)])
        changed.setattr(typer.main, "get_command", _get_command)
        ending = signal.getsignal(signal.SIGTERM)
        try:
            code = _exit_code()
        finally:
            signal.signal(signal.SIGTERM, ending)
    return Ran(code, out.getvalue().decode("utf-8"), err.getvalue().decode("utf-8"))


def start(arguments: Sequence[object], folder: Path, environment: Mapping[str, str] | None = None) -> Ran:
    """Run the installed command as a process of its own, in a folder, to its end."""
    done = subprocess.run(
        [str(DUBI), *map(str, arguments)],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def _exit_code() -> int:
    with pytest.raises(SystemExit) as end:
        run()
    assert isinstance(end.value.code, int), "the command ends with a number"
    return end.value.code


@contextmanager
def _streams(piped: str) -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    """Standard streams as a process gets them from a machine set to plain ASCII: pipes to read from and write to."""
    out, err = io.BytesIO(), io.BytesIO()
    read = io.TextIOWrapper(io.BytesIO(piped.encode()), encoding="ascii")
    said = io.TextIOWrapper(out, encoding="ascii")
    noted = io.TextIOWrapper(err, encoding="ascii", errors="backslashreplace")
    with pytest.MonkeyPatch.context() as changed:
        for name, stream in (("stdin", read), ("stdout", said), ("stderr", noted)):
            changed.setattr(sys, name, stream)
        try:
            yield out, err
        finally:
            for stream in (said, noted):
                stream.flush()
                stream.detach()  # its end would close what is read afterwards
