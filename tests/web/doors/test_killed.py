"""`dubi web` killed amid writes over HTTP: each write is whole or absent, and the desk opens again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.whole import only_whole

KILLS = 18


@only_whole
@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL and no fork")
def test_servers_killed_amid_writes() -> None:
    """Each is really killed, in the midst of a write or while it starts; one of them at least is the command itself.

    `make torture` kills many more; what is looked at is said in tests/torture/desk.py.
    """
    command = [sys.executable, "-m", "tests.torture.desk", "--kills", str(KILLS), "--seed", "20261130"]
    run = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    killed, told, of_command = re.findall(
        r"(\d+) servers killed.*?(\d+) writes told.*?(\d+) the installed command", run.stdout, re.DOTALL
    )[0]
    assert int(killed) == KILLS
    assert int(told) > KILLS / 2
    assert int(of_command) >= 1
