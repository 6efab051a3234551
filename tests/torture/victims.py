"""The processes that are killed or starved in the midst of their work."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

DUBI = Path(sys.prefix) / "bin" / "dubi"

Limit = tuple[int, int]
"""A resource of the system, and how much of it a victim may have."""


def a_limit(path: Path, chance: random.Random) -> Limit:
    """Too small files, or too little memory, by lot."""
    if chance.random() < 0.5:
        size = path.stat().st_size if path.exists() else 200_000
        return resource.RLIMIT_FSIZE, int(size * chance.random() ** 2)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return resource.RLIMIT_AS, pages * resource.getpagesize() + chance.randrange(0, 6_000_000)


def forked(act: Callable[[Path], object], path: Path, limit: Limit | None = None) -> int:
    """A child that does the work on a store, within a limit or without, and ends; gives its number."""
    child = os.fork()
    if child:
        return child
    try:
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(limit[0], (limit[1], limit[1]))
        act(path)
    except BaseException:  # noqa: BLE001  # the child ends here, whatever happened in it
        os._exit(1)
    os._exit(0)


def kill(child: int, after: float) -> bool:
    """Kill a child some time after; whether it was not done yet."""
    time.sleep(after)
    os.kill(child, signal.SIGKILL)  # a child that has ended waits to be asked for, so the number is still its own
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def kill_command(arguments: list[str], chance: random.Random) -> bool:
    """Run the installed command and kill it at some moment; whether it was not done yet."""
    with subprocess.Popen(
        [str(DUBI), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        time.sleep(chance.uniform(0.2, 1.2))
        running.kill()
        return running.wait() == -signal.SIGKILL
