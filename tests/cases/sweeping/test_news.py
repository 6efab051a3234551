"""What is new about a store: looking only at cases that may have changed gives what looking at all of them gives."""

from __future__ import annotations

import datetime as dt
import stat
from pathlib import Path

import pytest

from cases.history.undo import undo
from cases.store.connection import initialise, writing
from cases.store.writing import apply_roster, new_batch
from cases.values.records import Record, Roster
from desk.answers.news import News, news, standing_file
from desk.question import Question
from desk.source import open_roster
from engine.sweep.refresh import Refreshing, SweepState
from rules.loader.errors import BadInput

DATA = Path(__file__).parents[2] / "data" / "rosters"
DAY = dt.date(2024, 10, 31)
SETTLED = {"recognition_decided_on", "cell_proposed_recognition_on", "left_on", "moved_out_on"}


def write(url: str, roster: Roster) -> None:
    """Put a roster into a store."""
    with writing(url) as connection:
        apply_roster(connection, roster, new_batch("người thử"))


def anew(url: str, as_of: dt.date) -> News:
    """The same with nothing kept."""
    kept = standing_file(url).read_bytes()
    standing_file(url).unlink()
    found = news(url, Question(as_of))
    standing_file(url).write_bytes(kept)
    return found


def hold(url: str, as_of: dt.date) -> News:
    """Look, keep, and compare with a look at everything."""
    found = news(url, Question(as_of), keep=True)
    whole = anew(url, as_of)
    for part, key in (("findings", ["case", "rule"]), ("unknown", ["case", "rule"]), ("cases", ["case"])):
        assert getattr(found.now, part).sort(key).equals(getattr(whole.now, part).sort(key)), part
    assert found.coming.equals(whole.coming)
    return found


def changed(record: Record, **fields: object) -> Record:
    """The record with other values."""
    return Record(record.code, {**record.fields, **fields}, record.steps, record.attributes, record.placements)  # type: ignore[dict-item]  # values of any column


def test_night_after_night(store: str) -> None:
    """Days pass, cases are written to, added, disciplined and taken back, on every database."""
    roster = open_roster(DATA / "chi-bo-nho.xlsx")
    write(store, roster)
    first = hold(store, DAY)
    assert first.since is None
    assert first.looked_at == len(roster.records)
    quiet = hold(store, DAY)
    assert (quiet.since, quiet.looked_at) == (DAY, 0)
    assert quiet.came.is_empty()
    assert quiet.went.is_empty()

    later = DAY + dt.timedelta(days=40)
    passed = hold(store, later)
    assert 0 < passed.looked_at < len(roster.records)
    assert passed.came.height + passed.went.height > 0

    probationary = next(
        record
        for record in roster.records
        if "admitted_on" in record.fields
        and not {"recognition_decided_on", "cell_proposed_recognition_on", "left_on", "moved_out_on"}
        & set(record.fields)
    )
    write(store, Roster(records=(changed(probationary, left_on=later, exit_kind="resigned"),), units=roster.units))
    written = hold(store, later)
    assert written.looked_at == 1
    assert set(written.went["case"]) | set(written.came["case"]) <= {probationary.code}

    new = changed(probationary, code="HS'%9", full_name="Người Mới")
    write(store, Roster(records=(Record("HS'%9", new.fields),), units=roster.units))
    assert hold(store, later).looked_at == 1
    undo(store, confirmed=True)
    gone = hold(store, later + dt.timedelta(days=1))
    assert "HS'%9" not in set(gone.now.cases["case"])


def test_a_night_on_which_nothing_changed_asks_no_rule(file_store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no case was written to and none changes by itself, nothing is planned or judged."""
    write(file_store, open_roster(DATA / "chi-bo-nho.xlsx"))
    first = news(file_store, Question(DAY), keep=True)

    def never(*_: object) -> SweepState:
        raise AssertionError("a rule was asked")

    monkeypatch.setattr(Refreshing, "full", never)
    quiet = news(file_store, Question(DAY))
    assert (quiet.since, quiet.looked_at, quiet.as_json()["cases"]) == (DAY, 0, first.as_json()["cases"])


def test_another_log_is_looked_at_anew(file_store: str, tmp_path: Path) -> None:
    """A standing of another store, of other rules or of no form at all is not built upon."""
    write(file_store, open_roster(DATA / "chi-bo-nho.xlsx"))
    news(file_store, Question(DAY), keep=True)
    place = standing_file(file_store)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    other = f"sqlite:///{tmp_path / 'khac.sqlite'}"
    initialise(other)
    write(other, open_roster(DATA / "chi-bo-nho.xlsx"))
    standing_file(other).write_bytes(place.read_bytes())
    found = news(other, Question(DAY))
    assert found.looked_at == found.now.cases.height
    assert found.came.is_empty()
    place.write_bytes(place.read_bytes()[:-400])
    assert news(file_store, Question(DAY)).since is None


def test_the_day_goes_forward(file_store: str) -> None:
    """A day before that of the last look is refused, and what was kept stays."""
    write(file_store, open_roster(DATA / "chi-bo-nho.xlsx"))
    news(file_store, Question(DAY), keep=True)
    before = standing_file(file_store).read_bytes()
    with pytest.raises(BadInput, match="31/10/2024"):
        news(file_store, Question(DAY - dt.timedelta(days=1)), keep=True)
    assert standing_file(file_store).read_bytes() == before
