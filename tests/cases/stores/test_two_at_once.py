"""Two processes that write the same store at once lose nothing: one waits for the other, or says that it is busy."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cases.changes.changing import entries_of
from cases.history.verification import verify
from cases.log.batches import read_batches
from cases.store.connection import querying, writing
from cases.store.reading import read_store
from cases.store.writing import apply_roster, new_batch
from cases.values.records import Roster
from tests.calling import call, start
from tests.cases.log.test_taking_back import case, put
from tests.whole import examples

DUBI = Path(sys.prefix) / "bin" / "dubi"

WRITER = """
import sys
from datetime import date, timedelta
from cases.changes.changing import with_step
from cases.changes.saving import draft, draft_new, save
from cases.values.records import Record, StepEntry

url, name, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
today = date(2026, 11, 25)
for count in range(number):
    record = Record(f"{name}-{count}", {"code": f"{name}-{count}", "full_name": f"Người {name} {count}"})
    save(url, lambda execute: draft_new(execute, record, today), "add", confirmed=True, who=name)
    kind = "cell_met_on" if name == "A" else "cell_voted_on"
    step = StepEntry(kind, date(2020, 1, 1) + timedelta(days=count))
    save(url, lambda execute: draft(execute, "HS-1", lambda one: with_step(one, step), today), "record",
         confirmed=True, who=name)
"""


def test_two_writers_lose_nothing(store: str) -> None:
    """Each of two processes writes forty times in all, both to one case too: all is there, the log whole."""
    times = examples(20)
    put(store, Roster((case("HS-1"),)))
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, store, name, str(times)], env={**os.environ, "DUBI_WAIT": "60"})
        for name in ("A", "B")
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    roster = read_store(store)
    assert {record.code for record in roster.records} == {"HS-1", *(f"{n}-{k}" for n in "AB" for k in range(times))}
    (first, *_) = roster.records
    assert len(entries_of(first)) == 2 * times
    with querying(store) as execute:
        batches = read_batches(execute)
    assert [batch.who for batch in batches].count("A") == 2 * times
    assert [batch.who for batch in batches].count("B") == 2 * times
    assert verify(store).holds


def test_two_imports_at_once(store: str, data: Path) -> None:
    """Two different workbooks imported in the same moment are both in the store."""
    names = ("chi-bo-nho", "dang-bo-co-so")
    running = [
        subprocess.Popen(
            [str(DUBI), "import", str(data / "rosters" / f"{name}.xlsx"), "--apply", "--store", store],
            stdout=subprocess.DEVNULL,
            env={**os.environ, "DUBI_WAIT": "60"},
        )
        for name in names
    ]
    assert [each.wait() for each in running] == [0, 0]
    assert len(read_store(store).records) == 626
    assert verify(store).holds


COMMANDS = {
    "record": ["record", "HS-1", "cell_met_on", "--on", "4/5/2020"],
    "add": ["add", "--name", "Lê Thị Mẫu"],
    "undo": ["undo"],
    "import": ["import", "WORKBOOK", "--apply"],
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
def test_a_busy_store_is_said(store: str, data: Path, tmp_path: Path, command: list[str]) -> None:
    """While somebody else writes for long, a command waits as long as it may, then says so and ends with 4.

    One of them as a process of its own; to the store the others are strangers too, each with its own connection.
    """
    run = start if command == COMMANDS["add"] else call
    put(store, Roster((case("HS-1"),)))
    said = [str(data / "rosters" / "chi-bo-nho.xlsx") if part == "WORKBOOK" else part for part in command]
    before = read_store(store)
    with writing(store) as connection:
        apply_roster(connection, Roster((case("HS-2"),)), new_batch())
        since = time.monotonic()
        ran = run([*said, "--store", store], tmp_path, {"DUBI_WAIT": "1"})
        assert time.monotonic() - since >= 1
        assert ran.code == 4, ran.err
        assert "đang bận vì một lệnh khác đang ghi. Đợi lệnh đó xong rồi thử lại." in ran.err
        assert read_store(store) == before
    assert len(read_store(store).records) == 2


def test_whoever_waits_gets_through(store: str) -> None:
    """A command that meets a writer waits and goes on when the other has finished."""
    put(store, Roster((case("HS-1"),)))
    with writing(store) as connection:
        running = subprocess.Popen([str(DUBI), "add", "--name", "Lê Thị Mẫu", "--store", store])
        apply_roster(connection, Roster((case("HS-2"),)), new_batch())
        time.sleep(1.5)
        assert running.poll() is None
    assert running.wait() == 0
    assert [record.code for record in read_store(store).records] == ["HS-1", "HS-2", "HS-3"]
    assert verify(store).holds
