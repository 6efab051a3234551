"""Changes as values: written down and read back, previewed, and committed with what was shown."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from cases.imports.importing import import_file
from cases.judging.doubts import Impossible, Unconfirmed
from cases.store.connection import initialise
from desk.changes.json import KINDS, as_json, from_json
from desk.changes.values import (
    AddCourse,
    AddPerson,
    CloseUnit,
    Correct,
    Enrol,
    Leave,
    Move,
    OneCase,
    RecordStep,
    SetFigure,
)
from desk.desk import Desk
from rules.loader.errors import BadInput, BadQuestion, UnknownName
from tests.conftest import DATA

TODAY = dt.date(2026, 11, 29)
DAY = dt.date(2024, 10, 28)
SAMPLES: dict[Any, Any] = {str: "chữ", bool: True, int: 7, dt.date: DAY}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The desk before a store with a small cell, for a user of a name of his own."""
    url = f"sqlite:///{tmp_path / 'dubi.sqlite'}"
    initialise(url)
    import_file(url, DATA / "rosters" / "chi-bo-nho.xlsx", apply=True, who="Lan")
    return Desk(url, today=TODAY, user="Huệ")


def sample(hint: Any) -> Any:
    """A value of a field."""
    choices = [one for one in get_args(hint) or (hint,) if one is not type(None)]
    if hint == tuple[tuple[str, str], ...]:
        return (("full_name", "Bưởi"), ("Dân tộc", "Thái"))
    if hint == tuple[str, ...]:
        return ("một", "hai")
    if hint == tuple[OneCase, ...]:
        return (RecordStep("HS-1", "ket-nap", DAY, note="chữ"), Correct("HS-2", ("Ngày sinh=05/06/1998",), old=DAY))
    return SAMPLES[choices[0]]


def test_every_change_survives_json() -> None:
    """Of every kind a change with all its fields, and one with only those it must have, come back the same value."""
    for kind in KINDS.values():
        hints = get_type_hints(kind)
        whole = kind(**{one.name: sample(hints[one.name]) for one in fields(kind)})
        bare = kind(**{one.name: sample(hints[one.name]) for one in fields(kind) if one.default is MISSING})
        for change in (whole, bare):
            assert from_json(json.loads(json.dumps(as_json(change)))) == change


def test_what_is_no_change_is_refused() -> None:
    """Another kind, a field there is not, one that is lacking, and a value of another type are refused in words."""
    for kind in KINDS.values():
        hints = get_type_hints(kind)
        good = as_json(kind(**{one.name: sample(hints[one.name]) for one in fields(kind)}))
        needed = next(one.name for one in fields(kind) if one.default is MISSING)
        for bad in (
            {**good, "change": "xoá hết"},
            {**good, "thêm": 1},
            {name: value for name, value in good.items() if name != needed},
            {**good, needed: 1.5},
        ):
            with pytest.raises(BadInput):
                from_json(bad)


def test_a_preview_writes_nothing_and_a_commit_what_it_showed(desk: Desk) -> None:
    """What a preview shows is what stands after the commit, signed by the desk's user; before that nothing does."""
    for change in (
        AddPerson((("full_name", "Nguyễn Thị Bưởi"), ("born_on", "05/06/1998"))),
        AddCourse("NT-1", "nhan-thuc", opened=DAY),
        Enrol("NT-1", ("HS-01",)),
        SetFigure("manual.documents", "12", "CB-01", dt.date(2024, 1, 1), dt.date(2024, 12, 31)),
    ):
        before = desk.log(100).number
        shown = desk.preview(change)
        assert (shown.alters, desk.log(100).number) == (True, before)
        done = desk.commit(shown, confirmed=True)
        newest = desk.log(1).writes[0].batch
        assert (newest.name, newest.who, desk.log(100).number) == (done.batch, "Huệ", before + 1)
        assert done.as_json()["batch"] == done.batch


def test_doubts_that_were_not_confirmed_are_asked_about(desk: Desk) -> None:
    """The unusual is written only when it is confirmed, the impossible never, and neither leaves a trace."""
    number = desk.log(100).number
    unusual = desk.preview(RecordStep("HS-03", "chi-bo-xet-chinh-thuc", TODAY + dt.timedelta(days=30)))
    assert unusual.doubts
    with pytest.raises(Unconfirmed):
        desk.commit(unusual)
    impossible = desk.preview(Correct("HS-03", ("Ngày sinh=05/06/2050",)))
    with pytest.raises(Impossible):
        desk.commit(impossible, confirmed=True)
    assert desk.log(100).number == number
    assert desk.commit(unusual, confirmed=True).batch


def test_a_doubt_that_has_come_up_since_is_asked_about_again(desk: Desk) -> None:
    """Between preview and commit the store was written to: what that makes unusual was never confirmed."""
    shown = desk.preview(RecordStep("HS-04", "chi-bo-xet-chinh-thuc", DAY))
    other = Desk(desk.place, today=TODAY, user="An")
    other.commit(other.preview(Leave("HS-04", DAY - dt.timedelta(days=9), "xin-ra")), confirmed=True)
    with pytest.raises(Unconfirmed):
        desk.commit(shown, confirmed=True)


def test_a_change_that_cannot_be_made_is_refused_when_it_is_shown(desk: Desk) -> None:
    """A case, a unit, a class there is not, and a change that says nothing are refused before anything is written."""
    for change, failure in (
        (RecordStep("HS-999", "ket-nap", DAY), UnknownName),
        (Move("HS-03", DAY), BadQuestion),
        (Enrol("NT-9", ("HS-01",)), UnknownName),
        (CloseUnit("CB-99", DAY), UnknownName),
        (AddPerson((("born_on", "05/06/1998"),)), BadQuestion),
    ):
        with pytest.raises(failure):
            desk.preview(change)


def test_a_file_is_not_written_to() -> None:
    """Before a workbook every change is refused: it is only read."""
    with pytest.raises(BadQuestion):
        Desk(DATA / "rosters" / "chi-bo-nho.xlsx", today=TODAY).preview(RecordStep("HS-03", "ket-nap", DAY))
