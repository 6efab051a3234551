"""The machine's clock is doubted before it stamps the log; a wrong stamp neither hides nor reorders anything."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cases.history.replay import known_on
from cases.history.verification import verify
from cases.keeping.backups import backup
from cases.keeping.restoring import restore
from cases.log.batches import read_batches
from cases.log.clock import AHEAD, BACK, odd_stamps
from cases.store.connection import querying, writing
from cases.store.overlay_choice import choose_overlays
from cases.store.reading import read_store
from cases.store.writing import apply_roster, new_batch
from cases.values.records import Roster
from desk.keeping.doctor import examine
from rules.loader.errors import BadInput, ClockDoubted
from tests.cases.log.test_taking_back import case

FIRST = dt.datetime(2026, 5, 20, 8, tzinfo=dt.UTC)
LATER = dt.datetime(2099, 1, 1, 8, tzinfo=dt.UTC)


def put(store: str, code: str, now: dt.datetime) -> None:
    """Write one case at a moment."""
    with writing(store) as connection:
        apply_roster(connection, Roster((case(code),)), new_batch("Lan", now=now))


def codes(roster: Roster) -> list[str]:
    """The codes of the cases."""
    return [record.code for record in roster.records]


def test_a_clock_far_from_the_last_entry_is_asked(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write by a clock beyond the bounds on either side waits until that very day is confirmed; within them none."""
    put(store, "HS-1", FIRST)
    second = dt.timedelta(seconds=1)
    for now in (FIRST + AHEAD + second, FIRST - BACK - second, LATER):
        with pytest.raises(ClockDoubted, match="Đồng hồ của máy chỉ ngày") as asked:
            put(store, "HS-2", now)
        assert asked.value.day.isoformat() in str(asked.value)
        monkeypatch.setenv("DUBI_CLOCK", "2026-05-20")
        with pytest.raises(ClockDoubted):
            put(store, "HS-2", now)
        monkeypatch.delenv("DUBI_CLOCK")
    assert codes(read_store(store)) == ["HS-1"]
    put(store, "HS-2", FIRST - BACK)
    put(store, "HS-3", FIRST - BACK + AHEAD)
    monkeypatch.setenv("DUBI_CLOCK", "2099-01-01")
    put(store, "HS-4", LATER)
    assert codes(read_store(store)) == ["HS-1", "HS-2", "HS-3", "HS-4"]


def test_every_door_asks(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The choice of overlays, which writes no case, is asked about too."""
    monkeypatch.setenv("DUBI_CLOCK", "2099-01-01")
    put(store, "HS-1", FIRST)
    put(store, "HS-2", LATER)
    monkeypatch.delenv("DUBI_CLOCK")
    with pytest.raises(ClockDoubted):
        choose_overlays(store, ["khac"])


def test_one_wrong_stamp_does_no_harm(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an entry of 2099 the next keep their own days; known-on goes by the last entry stamped by then."""
    put(store, "HS-1", FIRST)
    monkeypatch.setenv("DUBI_CLOCK", "2099-01-01")
    put(store, "HS-2", LATER)
    today = dt.datetime.now(dt.UTC)
    monkeypatch.setenv("DUBI_CLOCK", today.astimezone().date().isoformat())
    put(store, "HS-3", today)
    monkeypatch.delenv("DUBI_CLOCK")
    put(store, "HS-4", today)
    with querying(store) as execute:
        batches = read_batches(execute)
    assert [batch.made_at.year for batch in batches] == [2026, 2099, today.year, today.year]
    with pytest.raises(BadInput, match="chưa có gì được ghi"):
        known_on(store, dt.date(2026, 5, 1))
    assert codes(known_on(store, dt.date(2026, 5, 20))) == ["HS-1"]
    assert codes(known_on(store, today.astimezone().date())) == ["HS-1", "HS-2", "HS-3", "HS-4"]
    odd = odd_stamps(batches, today.replace(tzinfo=None))
    assert ([one.id for one in odd.to_come], [one.id for one in odd.turned_back]) == ([2], [3])
    found = [one for one in examine(store, today.date()) if one.name == "clock"]
    assert [one.state for one in found] == ["attention", "fine"]
    assert batches[1].name in found[0].said
    assert batches[2].name in found[1].said
    assert verify(store).holds


def test_restoring_asks(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Restoring stamps a line too: by a clock far from the last entry it is asked about, and changes nothing."""
    put(store, "HS-1", dt.datetime.now(dt.UTC))
    kept = backup(store, tmp_path / "cat.sqlite")
    monkeypatch.setenv("DUBI_CLOCK", "2099-01-01")
    put(store, "HS-2", LATER)
    monkeypatch.delenv("DUBI_CLOCK")
    with pytest.raises(ClockDoubted):
        restore(store, kept, confirmed=True)
    assert codes(read_store(store)) == ["HS-1", "HS-2"]
    monkeypatch.setenv("DUBI_CLOCK", dt.datetime.now().astimezone().date().isoformat())
    restore(store, kept, confirmed=True)
    assert codes(read_store(store)) == ["HS-1"]
