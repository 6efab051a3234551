"""Killed at any moment of an import, a record, an undo, a migration or a restore, a store is as before or as after."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = 204


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL and no fork")
def test_killed_at_random_moments() -> None:
    """More than 200 victims are really killed; every store is whole, and no kind of work was spared."""
    command = [sys.executable, "-m", "tests.torture", "--kills", str(KILLS), "--workers", "2", "--seed", "20261125"]
    root = Path(__file__).parents[2]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    killed = [int(number) for number in re.findall(r"(\d+) killed, every store whole", run.stdout)]
    assert sum(killed) >= 200
    works = re.findall(r"^ +(\w+) +(\d+) killed: (\d+) as before, (\d+) as after", run.stdout, re.MULTILINE)
    assert {name for name, *_ in works} == {"import", "record", "undo", "migration", "restore", "init"}
    assert all(int(number) >= 10 for _, number, *_ in works)
    assert sum(int(before) for _, _, before, _ in works) > 20
    assert sum(int(after) for _, _, _, after in works) > 5
