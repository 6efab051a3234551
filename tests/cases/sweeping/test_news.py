"""What is new about a store: looking only at cases that may have changed gives what looking at all of them gives."""

from __future__ import annotations

import datetime as dt
import io
import json
import stat
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cases.history.undo import undo
from cases.store.connection import initialise, writing
from cases.store.writing import apply_roster, new_batch
from cases.values.records import Record, Roster
from desk.answers import news as news_room
from desk.answers.news import News, _read, forget, news, remembered, standing_file
from desk.changes.values import AddPerson, AddUnit, Change, Correct, Move, RecodeCase, RecordStep, RemoveCase, SetUnit
from desk.desk import Desk
from desk.question import Question
from desk.source import open_roster
from desk.sweeping import standing as standings
from desk.sweeping.soon import DAYS
from desk.sweeping.standing import standing_of
from engine.sweep.refresh import Refreshing, SweepState
from rules.loader.errors import BadInput
from tests.whole import first_of, only_whole, some

DATA = Path(__file__).parents[2] / "data" / "rosters"
DAY = dt.date(2024, 10, 31)
SETTLED = {"recognition_decided_on", "cell_proposed_recognition_on", "left_on", "moved_out_on"}


def write(url: str, roster: Roster) -> None:
    """Put a roster into a store."""
    with writing(url) as connection:
        apply_roster(connection, roster, new_batch("người thử"))


def anew(url: str, as_of: dt.date) -> tuple[News, SweepState]:
    """The same with nothing kept, and what stands by a look at everybody."""
    kept = standing_file(url).read_bytes()
    standing_file(url).unlink()
    found = news(url, Question(as_of))
    standing_file(url).write_bytes(kept)
    return found, standing_of(url, Question(as_of), None)[0].state


def hold(url: str, as_of: dt.date) -> News:
    """Look, keep, and compare with a look at everything."""
    found = news(url, Question(as_of), keep=True)
    whole, state = anew(url, as_of)
    kept = standing_now(url)
    for part, key in (("findings", ["case", "rule"]), ("unknown", ["case", "rule"]), ("cases", ["case"])):
        assert getattr(kept, part).sort(key).equals(getattr(state, part).sort(key)), part
    assert found.coming.equals(whole.coming)
    assert (found.recorded, found.judged) == (whole.recorded, whole.judged)
    return found


def standing_now(url: str) -> SweepState:
    """What the last look kept."""
    kept = _read(url, standing_file(url))
    assert kept is not None
    return kept.state


def changed(record: Record, **fields: object) -> Record:
    """The record with other values."""
    return Record(record.code, {**record.fields, **fields}, record.steps, record.attributes, record.placements)  # type: ignore[dict-item]  # values of any column


@only_whole
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
    hold(store, later + dt.timedelta(days=1))
    assert "HS'%9" not in set(standing_now(store).cases["case"])


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
    assert found.looked_at == found.recorded
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


@only_whole
def test_what_was_foreseen_is_what_a_look_finds(file_store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On each of the days after a look, and through writes between, the answer worked out before is that of a look.

    Where nothing was written no rule is asked for it; after writes the cases written to are looked at, and no others.
    """
    monkeypatch.setattr(standings, "LEAST", 0)
    roster, whole_look, looks = open_roster(DATA / "chi-bo-nho.xlsx"), Refreshing.full, list[int]()

    def counting(self: Refreshing, *given: Any) -> SweepState:
        looks.append(self.evaluator.frames(given[0]).cases.select(pl.len()).collect().item())
        return whole_look(self, *given)

    monkeypatch.setattr(Refreshing, "full", counting)
    write(file_store, roster)
    moved, someone = 0, next(one for one in roster.records if not SETTLED & set(one.fields))
    other = next(one for one in roster.records[::-1] if "admitted_on" in one.fields)
    for start, written_after in ((DAY, None), (DAY + dt.timedelta(days=29), 1)):
        news(file_store, Question(start), keep=True)
        for days in range(DAYS + 2):
            if days == written_after:
                write(file_store, Roster(records=(changed(someone, note=f"{start}"),), units=roster.units))
                left = changed(other, left_on=start, exit_kind="resigned")
                write(file_store, Roster(records=(left,), units=roster.units))
                new = changed(someone, code="MOI'1", full_name="Người Mới")
                write(file_store, Roster(records=(Record("MOI'1", new.fields),), units=roster.units))
            elif written_after is not None and days == written_after + 1:
                undo(file_store, confirmed=True)  # the new case is gone
            as_of = start + dt.timedelta(days=days)
            looks.clear()
            quick = news(file_store, Question(as_of))
            if days <= DAYS:
                written = written_after is not None and days >= written_after
                assert looks == ([3 if days == written_after else 2] if written else []), as_of
            with monkeypatch.context() as patch:
                patch.setattr(news_room, "_read_soon", lambda *_: None)
                slow = news(file_store, Question(as_of))
            assert quick.as_json() == slow.as_json(), as_of
            assert quick.recorded == slow.recorded
            moved += quick.came.height + quick.went.height
    assert moved


CHANGES: tuple[tuple[Change, ...], ...] = (
    (Correct("HS-03", ("note=ghi thêm",)),),
    (RecordStep("HS-24", "cell_met_on", DAY),),
    (AddUnit("CB-02", (("parent", "CB-01"),)), Move("HS-03", dt.date(2024, 6, 3), to="CB-02")),
    (AddPerson((("full_name", "Lò Thị Ngân"), ("born_on", "05/06/1999"), ("sex", "Nữ"), ("unit", "CB-01"))),),
    (RemoveCase("HS-03"),),
    (RecodeCase("HS-03", "MOI-1"), RecodeCase("MOI-1", "HS-03")),
    (RecodeCase("HS-24", "A'1"), Correct("A'1", ("note=mã mới",))),
    (SetUnit("CB-01", (("place", "Sơn La"),)),),
)
"""What is done between a look and the next, of every kind that names a case, and to a unit."""


@pytest.mark.parametrize("changes", some(CHANGES), ids=lambda changes: type(changes[0]).__name__)
def test_whatever_was_written_the_answer_is_that_of_a_look(
    store: str, monkeypatch: pytest.MonkeyPatch, changes: tuple[Change, ...]
) -> None:
    """After a change of any kind, and after it was taken back, what was foreseen and a look at everything agree."""
    monkeypatch.setattr(standings, "LEAST", 0)
    write(store, open_roster(DATA / "chi-bo-nho.xlsx"))
    news(store, Question(DAY), keep=True)
    desk = Desk(store, today=DAY, user="người thử")
    for change in changes:
        assert desk.commit(desk.preview(change), confirmed=True).batch
    for days in (1, 2):
        later = Question(DAY + dt.timedelta(days=days))
        quick = news(store, later)
        assert news_room._read_soon(store, standing_file(store)) is not None
        with monkeypatch.context() as patch:
            patch.setattr(news_room, "_read_soon", lambda *_: None)
            slow = news(store, later)
        assert (quick.as_json(), quick.recorded) == (slow.as_json(), slow.recorded), days
        desk.undo(confirmed=True)


@pytest.mark.parametrize("part", first_of(["columns", "meta", "program"]))
def test_what_another_program_foresaw_is_not_answered(
    file_store: str, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """Frames with other columns, less said of them, or worked out by another program: the cases are looked at."""
    monkeypatch.setattr(standings, "LEAST", 0)
    write(file_store, open_roster(DATA / "chi-bo-nho.xlsx"))
    news(file_store, Question(DAY), keep=True)
    file, later = standing_file(file_store), Question(DAY + dt.timedelta(days=2))
    foreseen = news(file_store, later).as_json()
    assert news_room._read_soon(file_store, file) is not None
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    meta = json.loads(parts["meta.json"])
    if part == "columns":
        lacking = io.BytesIO()
        pl.read_parquet(parts["soon_findings.parquet"]).drop("due").write_parquet(lacking)
        parts["soon_findings.parquet"] = lacking.getvalue()
    elif part == "meta":
        del meta["soon"]["judged"]
    else:
        meta["soon"]["by"] = "0" * 64
    parts["meta.json"] = json.dumps(meta).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert news_room._read_soon(file_store, file) is None
    assert news(file_store, later).as_json() == foreseen


def test_who_is_forgotten_is_not_foreseen_either(file_store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was worked out for the days after a look tells of a person as long as it is kept, and goes with her."""
    monkeypatch.setattr(standings, "LEAST", 0)
    write(file_store, open_roster(DATA / "chi-bo-nho.xlsx"))
    news(file_store, Question(DAY + dt.timedelta(days=29)), keep=True)
    kept = news_room._read_soon(file_store, standing_file(file_store))
    assert kept is not None
    foreseen = kept[2].soon_findings
    assert not foreseen.is_empty(), "nothing changes on these days"
    code = foreseen["case"][0]
    assert {one["rule"] for one in remembered(file_store, [code])} >= set(foreseen.filter(case=code)["rule"])
    forget(file_store, [code])
    assert remembered(file_store, [code]) == []
    assert news_room._read_soon(file_store, standing_file(file_store)) is None
    assert code not in set(standing_now(file_store).cases["case"])
