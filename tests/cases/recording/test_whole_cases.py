"""A dossier as a whole, taken out, joined, recoded: nothing is lost unsaid, what names it follows, undo restores it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from cases.changes.joining import Left, joined
from cases.history.replay import known_after
from cases.history.undo import undo
from cases.history.verification import verify
from cases.judging.doubts import Impossible, Unconfirmed
from cases.log.batches import head, read_batches
from cases.store.connection import querying
from cases.store.reading import read_store
from cases.values.records import (
    AttributeEntry,
    Course,
    Discipline,
    Enrolment,
    Placement,
    Record,
    Roster,
    StepEntry,
    Unit,
    Value,
)
from desk.changes.values import Change, JoinCases, RecodeCase, RecordStep, RemoveCase
from desk.desk import Desk
from rules.loader.errors import BadInput, UnknownName
from tests.cases.log.test_taking_back import put

D = dt.date
TODAY = D(2026, 11, 29)
ADMITTED: dict[str, Value | None] = {"admission_decided_on": D(2023, 2, 1), "admitted_on": D(2023, 2, 15)}


def person(code: str, unit: Value | None = "CB-1", **more: Value | None) -> Record:
    """Nguyễn Thị Bưởi, born on one day whatever her code is."""
    fields: dict[str, Value | None] = {"code": code, "full_name": "Nguyễn Thị Bưởi", "born_on": D(1995, 5, 5)}
    fields |= {"unit": unit, **more}
    return Record(code, {name: value for name, value in fields.items() if value is not None})


ONE = replace(
    person("HS-1", occupation="farmer", **ADMITTED),
    steps=(StepEntry("admission_decided_on", D(2023, 2, 1), "12-QĐ"),),
)
TWO = replace(
    person("HS-2", "CB-2", ethnicity="Thái", candidate_on=D(2021, 3, 3), **ADMITTED),
    steps=(StepEntry("admission_decided_on", D(2023, 2, 1), None, None, "sổ cũ"),),
    attributes=(AttributeEntry("schooling", "primary", D(2010, 1, 1)),),
)
ROSTER = Roster(
    records=(ONE, TWO, person("HS-3", full_name="Trần Văn Anh")),
    units=(Unit("CB-1"), Unit("CB-2")),
    courses=(Course("L1", "awareness"), Course("L2", "new_member")),
    enrolments=(
        Enrolment("L1", "HS-1"),
        Enrolment("L1", "HS-2", certified_on=D(2021, 6, 1)),
        Enrolment("L2", "HS-2"),
        Enrolment("L2", "HS-3"),
    ),
    disciplines=(
        Discipline("HS-1", "reprimand", D(2024, 4, 1)),
        Discipline("HS-2", "reprimand", D(2024, 4, 1)),
        Discipline("HS-2", "warning", D(2025, 4, 1)),
    ),
)


@pytest.fixture
def kept(store: str) -> str:
    """A store in which one person has two dossiers."""
    put(store, ROSTER)
    return store


def desk(url: str) -> Desk:
    """The desk of a user."""
    return Desk(url, today=TODAY, user="Huệ")


def write(url: str, change: Change) -> None:
    """Commit a change, whatever is unusual about it confirmed."""
    desk(url).commit(desk(url).preview(change), confirmed=True)


CHANGES = (
    (RemoveCase("hs-2"), "remove"),
    (JoinCases("HS-1", "HS-2", D(2025, 1, 1)), "join"),
    (RecodeCase("HS-2", "TB-9"), "recode"),
)


def test_each_is_previewed_logged_replayed_and_taken_back(kept: str) -> None:
    """A look writes nothing; what is written the log tells, replays and takes back to the very store of before."""
    before = read_store(kept)
    for change, action in CHANGES:
        shown = desk(kept).preview(change)
        assert (read_store(kept), shown.alters) == (before, True)
        done = desk(kept).commit(shown, confirmed=True)
        assert (done.as_json()["batch"], done.as_json()["action"]) == (done.batch, action)
        after = read_store(kept)
        with querying(kept) as execute:
            last = read_batches(execute)[-1]
            assert (last.name, last.who, last.action) == (done.batch, "Huệ", action)
            assert known_after(execute, head(execute).number) == replace(after, kept=frozenset())
        assert verify(kept).holds
        undo(kept, who="Huệ")
        assert read_store(kept) == before
        assert verify(kept).holds


def test_a_dossier_goes_with_all_that_names_it(kept: str) -> None:
    """What was recorded of it is counted before it goes, and asked; a bare one goes without a question."""
    shown = desk(kept).preview(RemoveCase("HS-2"))
    (doubt,) = shown.doubts
    assert doubt.code == "removes_recorded"
    assert "3 bước, 2 học viên, 2 kỷ luật" in str(doubt)
    with pytest.raises(Unconfirmed):
        desk(kept).commit(shown)
    write(kept, RemoveCase("HS-2"))
    after = read_store(kept)
    assert [one.code for one in after.records] == ["HS-1", "HS-3"]
    assert [one.case for one in after.enrolments] == ["HS-1", "HS-3"]
    assert [one.case for one in after.disciplines] == ["HS-1"]
    put(kept, Roster(records=(person("HS-8", None),)))
    assert desk(kept).preview(RemoveCase("HS-8")).doubts == ()


def test_another_code_is_borne_everywhere(kept: str) -> None:
    """Learners' lines and measures follow; the code is free again; one taken, or that looks like one, is refused."""
    write(kept, RecodeCase("HS-2", "TB-9"))
    after = read_store(kept)
    assert [one.code for one in after.records] == ["HS-1", "TB-9", "HS-3"]
    assert [one.case for one in after.enrolments] == ["HS-1", "TB-9", "TB-9", "HS-3"]
    assert [one.case for one in after.disciplines] == ["HS-1", "TB-9", "TB-9"]
    for new, words in (("HS-3", "đã có"), ("hs-3", "trông giống"), ("TB-9", "đang mang"), ("", "không được để trống")):
        with pytest.raises(BadInput, match=words):
            desk(kept).preview(RecodeCase("TB-9", new))
    with pytest.raises(UnknownName):
        desk(kept).preview(RecodeCase("HS-2", "HS-4"))
    write(kept, RecodeCase("TB-9", "tb-9"))  # only the capitals are otherwise
    write(kept, RecordStep("tb-9", "sinh-hoat-chi-bo", D(2026, 3, 2)))
    assert verify(kept).holds


def test_two_dossiers_become_one_person_who_moved(kept: str) -> None:
    """All steps, papers, values and lines of both are there once; the stays say where the person was when."""
    write(kept, JoinCases("HS-1", "HS-2", D(2025, 1, 1)))
    after = read_store(kept)
    one = after.records[0]
    assert [record.code for record in after.records] == ["HS-1", "HS-3"]
    assert (one.fields["unit"], one.fields["ethnicity"], one.fields["candidate_on"]) == ("CB-1", "Thái", D(2021, 3, 3))
    assert one.steps == (StepEntry("admission_decided_on", D(2023, 2, 1), "12-QĐ", None, "sổ cũ"),)
    assert one.attributes == TWO.attributes
    assert one.placements == (Placement("CB-2", None, D(2024, 12, 31)), Placement("CB-1", D(2025, 1, 1)))
    assert after.enrolments == (
        Enrolment("L1", "HS-1", certified_on=D(2021, 6, 1)),
        Enrolment("L2", "HS-1"),
        Enrolment("L2", "HS-3"),
    )
    assert [(one.case, one.form) for one in after.disciplines] == [("HS-1", "reprimand"), ("HS-1", "warning")]


def test_what_two_dossiers_say_differently_is_asked(kept: str) -> None:
    """Another unit without a day, another value, another person are asked; a second ceremony is refused."""
    codes = [doubt.code for doubt in desk(kept).preview(JoinCases("HS-1", "HS-2")).doubts]
    assert codes == ["join_differs"]  # the unit
    codes = [doubt.code for doubt in desk(kept).preview(JoinCases("HS-1", "HS-3")).doubts]
    assert codes == ["not_one_person", "join_differs"]
    put(kept, Roster(records=(person("HS-7", admitted_on=D(2024, 2, 15)),)))
    shown = desk(kept).preview(JoinCases("HS-1", "HS-7"))
    assert "only_once" in {doubt.code for doubt in shown.doubts if doubt.refused}
    with pytest.raises(Impossible):
        desk(kept).commit(shown, confirmed=True)
    for wrong in (JoinCases("HS-1", "hs-1"), JoinCases("HS-1", "HS-7", D(2025, 1, 1))):
        with pytest.raises(BadInput):
            desk(kept).preview(wrong)


def test_joining_loses_nothing_unsaid() -> None:
    """Whatever only one of two dossiers says is in the one; whatever both say otherwise stands as said of the first."""
    moved = replace(TWO, fields={**TWO.fields, "moved_out_on": D(2024, 6, 1), "occupation": "student"})
    for keep, gone in ((ONE, moved), (moved, ONE)):
        both = joined(keep, gone)
        for name in ONE.fields.keys() | moved.fields.keys() - {"code", "unit"}:
            values = {record.fields[name] for record in (keep, gone) if name in record.fields}
            assert both.record.fields[name] in values, name
        occupation = (keep.fields["occupation"], gone.fields["occupation"])
        assert both.left == (Left("occupation", *occupation),)
        assert both.moved == ("CB-2", "CB-1")
        assert both.record.fields["unit"] == "CB-1"
        assert both.record.fields["moved_in_on"] == D(2024, 6, 1)
        assert both.record.placements == (Placement("CB-2", None, D(2024, 5, 31)), Placement("CB-1", D(2024, 6, 1)))
    half = person("HS-9", admitted_partly="2023", born_on=None, birth_year=1995)
    assert joined(half, ONE).record.fields == {**ONE.fields, "code": "HS-9"}
