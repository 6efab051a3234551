"""Killed at any moment of an import, a record, an undo, a migration or a restore, a store is as before or as after."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import pytest

from cases.history.undo import undo
from cases.history.verification import verify
from cases.imports.importing import import_file
from cases.store.reading import read_store
from cases.values.records import Roster
from cases.workbook.exporting import write_workbook
from cases.workbook.read import read_workbook
from tests.conftest import DATA
from tests.postgresql import on_postgresql, own_store
from tests.torture.victims import forked, kill
from tests.whole import examples, only_whole

KILLS = 36
"""In `make torture` it is 2,000."""
WORKS = re.compile(r"^ +(\w+) +(\d+) killed: (\d+) as before, (\d+) as after", re.MULTILINE)


@only_whole
@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL and no fork")
def test_killed_at_random_moments() -> None:
    """Some dozens of victims are really killed; every store is whole, and no kind of work was spared."""
    said = _killed(20261125)
    # a kill between the last write and the end of a work is rare: kill on until one has been met
    while not any(int(after) for *_, after in WORKS.findall(said)):
        said += _killed(20261125 + len(said))
    works = WORKS.findall(said)
    assert sum(map(int, re.findall(r"(\d+) killed, every store whole", said))) >= KILLS
    assert {name for name, *_ in works} == {
        "import",
        "record",
        "undo",
        "migration",
        "restore",
        "joined",
        "encrypt",
        "decrypt",
        "init",
    }
    assert all(int(number) >= KILLS // 9 for _, number, *_ in works)
    assert sum(int(before) for _, _, before, _ in works) > 5
    assert sum(map(int, re.findall(r"(\d+) writers beside were told", said))) > 1


def _killed(seed: int) -> str:
    """What killing so often says that it did."""
    command = [sys.executable, "-m", "tests.torture", "--kills", str(KILLS), "--workers", "1", "--seed", str(seed)]
    run = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


@on_postgresql
@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL and no fork")
def test_clients_of_a_server_killed_at_random_moments(tmp_path: Path) -> None:
    """Clients killed in the midst of an import or of its undo, forty in all: the store is as before or as after."""
    kills = examples(40, most=20)
    chance = random.Random(20261125)  # noqa: S311  # moments, no secrets
    large = read_workbook(DATA / "rosters" / "dang-bo-co-so.xlsx").roster
    book = write_workbook(Roster(records=large.records[:120], units=large.units), tmp_path / "so.xlsx")
    with own_store() as url:
        import_file(url, DATA / "rosters" / "chi-bo-nho.xlsx", apply=True)
        works = {True: lambda _: import_file(url, book, apply=True), False: lambda _: undo(url)}
        spans: dict[bool, list[float]] = {True: [], False: []}
        states: dict[bool, Roster] = {}
        for importing in (True, False) * 2:
            states[importing] = read_store(url)
            start = time.monotonic()
            assert os.waitpid(forked(works[importing], tmp_path), 0)[1] == 0
            spans[importing].append(time.monotonic() - start)
        before, after = states[True], states[False]
        assert before != after
        killed, found_in = 0, {True: 0, False: 0}
        # on a busy machine one of the outcomes is rare: kill on until each has been met
        while killed < kills or min(found_in.values()) < max(1, kills // 12):
            importing = read_store(url) == before
            moment = chance.uniform(chance.choice((0.0, 0.6)), 1.1) * median(spans[importing])
            killed += kill(forked(works[importing], tmp_path), moment)
            found = read_store(url)
            assert found in (before, after)
            found_in[(found == after) == importing] += 1
        assert verify(url).holds
        if read_store(url) == before:
            import_file(url, book, apply=True)
        assert read_store(url) == after
        assert verify(url).holds
