"""Every change from a page: what the form makes is what the command makes, nothing before the last button, undone."""

from __future__ import annotations

import datetime as dt
import html
import re
import shutil
from pathlib import Path

import pytest

from cases.imports import importing
from cases.store import connection
from cases.values.records import Roster
from desk.changes.asking import TITLES, asked_of
from desk.changes.json import KINDS
from desk.changes.values import (
    AddCourse,
    AddPerson,
    AddUnit,
    Certify,
    Change,
    CloseUnit,
    Correct,
    CorrectCourse,
    Enrol,
    GiveBack,
    HandUp,
    JoinCases,
    Leave,
    MergeUnits,
    Move,
    MoveUnit,
    RecodeCase,
    RecordStep,
    RemoveCase,
    SetFigure,
    SetTarget,
    SetUnit,
    Together,
)
from desk.desk import Desk
from tests.web.conftest import DATA, TODAY, Own
from tests.web.writing.test_recording import hidden, writes
from tests.whole import some

DAY = dt.date(2026, 11, 10)
DAY_TYPED = {"on": "10/11/2026"}
_STEP = ("cell_proposed_recognition_on", DAY, "12-NQ/CB")

SAMPLES: dict[str, tuple[dict[str, str], Change]] = {
    "add": (
        {"cot.full_name": "Lò Thị Ngân", "cot.born_on": "05061999", "cot.sex": "Nữ", "cot.unit": "CB-01"},
        AddPerson((("full_name", "Lò Thị Ngân"), ("born_on", "05/06/1999"), ("sex", "Nữ"), ("unit", "CB-01"))),
    ),
    "record": ({"case": "HS-05", "step": _STEP[0], "document": _STEP[2], **DAY_TYPED}, RecordStep("HS-05", *_STEP)),
    "correct": (
        {"case": "HS-05", "column": "ethnicity", "value": "Thái"},
        Correct("HS-05", ("ethnicity=Thái",)),
    ),
    "move": ({"case": "HS-05", "to": "CB-02", **DAY_TYPED}, Move("HS-05", DAY, to="CB-02")),
    "submit": (
        {"case": "HS-05", "to": "CB-02", "document": "3-TTr/CB", **DAY_TYPED},
        HandUp("HS-05", DAY, "CB-02", "3-TTr/CB"),
    ),
    "return": (
        {"case": "HS-05", "reason": "Thiếu nhận xét nơi cư trú", **DAY_TYPED},
        GiveBack("HS-05", DAY, "Thiếu nhận xét nơi cư trú"),
    ),
    "leave": ({"case": "HS-05", "how": "resigned", **DAY_TYPED}, Leave("HS-05", DAY, "resigned")),
    "together": (
        {"cases": "HS-05\nHS-06, HS-07", "step": _STEP[0], "document": _STEP[2], **DAY_TYPED},
        Together(tuple(RecordStep(code, *_STEP) for code in ("HS-05", "HS-06", "HS-07"))),
    ),
    "case-remove": ({"case": "HS-26"}, RemoveCase("HS-26")),
    "case-join": ({"case": "HS-05", "other": "HS-90"}, JoinCases("HS-05", "HS-90")),
    "case-recode": ({"case": "HS-05", "code": "HS-500"}, RecodeCase("HS-05", "HS-500")),
    "enrol": ({"course": "NT-2023-1", "cases": "HS-90"}, Enrol("NT-2023-1", ("HS-90",))),
    "course-add": (
        {"course": "L-1", "of": "new_member", "opened": "1/10/2026", "online": "1"},
        AddCourse("L-1", "new_member", opened=dt.date(2026, 10, 1), online=True),
    ),
    "course-correct": ({"course": "NT-2023-1", "online": "co"}, CorrectCourse("NT-2023-1", online=True)),
    "course-certify": (
        {"course": "NT-2024-1", "cases": "", "on": "20/5/2024"},
        Certify("NT-2024-1", dt.date(2024, 5, 20)),
    ),
    "unit-add": (
        {"unit": "CB-03", "cot.name": "Chi bộ thôn Tây", "cot.opened_on": "1/2/2020"},
        AddUnit("CB-03", (("name", "Chi bộ thôn Tây"), ("opened_on", "01/02/2020"))),
    ),
    "unit-set": ({"unit": "CB-01", "cot.place": "Sơn La"}, SetUnit("CB-01", (("place", "Sơn La"),))),
    "unit-move": ({"unit": "CB-02", "to": "CB-01", **DAY_TYPED}, MoveUnit("CB-02", "CB-01", DAY)),
    "unit-merge": ({"units": "CB-02", "into": "CB-01", **DAY_TYPED}, MergeUnits(("CB-02",), "CB-01", DAY)),
    "unit-close": ({"unit": "CB-02", **DAY_TYPED}, CloseUnit("CB-02", DAY)),
    "target-set": ({"unit": "CB-01", "year": "2026", "value": "7"}, SetTarget("CB-01", "2026", "7")),
}


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of a small cell, with a second unit and somebody entered twice."""
    home = tmp_path_factory.mktemp("changing")
    url = f"sqlite:///{home / 'dubi.sqlite'}"
    connection.initialise(url)
    importing.import_file(url, DATA / "chi-bo-nho.xlsx", apply=True, who="thử")
    desk = Desk(url, today=TODAY)
    twice = {name: str(value) for name, value in _fields(desk, "HS-05").items() if name in ("full_name", "sex", "unit")}
    born = _fields(desk, "HS-05")["born_on"]
    assert isinstance(born, dt.date)
    for change in (
        AddUnit("CB-02", (("name", "Chi bộ thôn Bắc"),)),
        AddPerson((*twice.items(), ("born_on", f"{born:%d/%m/%Y}")), code="HS-90"),
        Enrol("NT-2024-1", ("HS-90",)),
    ):
        desk.commit(desk.preview(change), confirmed=True)
    return home / "dubi.sqlite"


def _fields(desk: Desk, code: str) -> dict[str, object]:
    (found,) = (one.fields for one in desk.roster(desk.ask()).records if one.code == code)
    return dict(found)


@pytest.fixture
def mine(begun: Path, tmp_path: Path) -> Own:
    """A browser before that store."""
    shutil.copyfile(begun, tmp_path / "mine.sqlite")
    return Own(f"sqlite:///{tmp_path / 'mine.sqlite'}")


def stored(url: str) -> Roster:
    """All that the store holds."""
    desk = Desk(url, today=TODAY)
    return desk.roster(desk.ask())


def sample(kind: str) -> tuple[dict[str, str], Change]:
    """What is typed for a kind, and the change that it stands for."""
    if kind != "figure":
        return SAMPLES[kind]
    name = next(one for one in asked_of("figure") if one.name == "indicator").choices[0][0]
    typed = {"indicator": name, "unit": "CB-01", "value": "3", "start": "1/1/2026", "end": "30/6/2026"}
    return typed, SetFigure(name, "3", "CB-01", dt.date(2026, 1, 1), dt.date(2026, 6, 30))


def said_on(page: str) -> list[str]:
    """What a page says is wrong."""
    return re.findall(r'class="(?:problem|remark)"[^>]*>([^<]*)', html.unescape(page)) or [page[:300]]


def test_every_kind_of_change_has_its_form(mine: Own, begun: Path, tmp_path: Path) -> None:
    """Of every kind: the form opens, the preview writes nothing, the write is what the change itself writes, and undo
    leaves the store as it was."""
    assert set(TITLES) == set(KINDS) - {"import"}
    before = stored(mine.store)
    for kind in some(TITLES):
        typed, meant = sample(kind)
        opened = mine.client.get(f"/ghi/{kind}", params=typed)
        assert opened.status_code == 200, kind
        number = writes(mine)
        shown = mine.post(f"/ghi/{kind}/xem", typed)
        assert shown.status_code == 200, (kind, said_on(shown.text))
        assert writes(mine) == number, kind
        assert 'name="change"' in shown.text, (kind, said_on(shown.text))
        sent = {"change": hidden(shown.text, "change"), "seen": hidden(shown.text, "seen"), "confirmed": "1"}
        done = mine.post(f"/ghi/{kind}", sent)
        assert done.status_code == 303, (kind, said_on(done.text))
        twin = tmp_path / f"{kind}.sqlite"
        shutil.copyfile(begun, twin)
        desk = Desk(f"sqlite:///{twin}", today=TODAY)
        desk.commit(desk.preview(meant), confirmed=True)
        assert _plain(stored(mine.store)) == _plain(stored(desk.url)), kind
        batch = re.findall(r"[^/=]+$", done.headers["location"])[0]
        assert mine.post(f"/nhat-ky/{batch}/hoan-tac", {}).status_code == 303, kind
        assert stored(mine.store) == before, kind


def _plain(roster: Roster) -> Roster:
    """A roster without who typed a figure."""
    from dataclasses import replace

    return replace(roster, figures=tuple(replace(one, author=None, entered_on=None) for one in roster.figures))


def test_what_is_missing_or_unknown_is_said_in_the_form(mine: Own) -> None:
    """Of every kind: a needed field that is blank is named and what was typed is kept; nothing is written."""
    number = writes(mine)
    for kind in TITLES:
        typed, _ = sample(kind)
        for one in asked_of(kind):
            if one.needed:
                answer = mine.post(f"/ghi/{kind}/xem", {**typed, one.name: " "})
                assert answer.status_code == 422, (kind, one.name)
                assert one.label in html.unescape(answer.text)
    assert mine.post("/ghi/unit-set/xem", {"unit": "CB-99", "cot.place": "x"}).status_code == 422
    assert mine.client.get("/ghi/mua-xe").status_code == 404
    assert (
        mine.post("/ghi/record", {"change": '{"change": "case-remove", "case": "HS-05"}', "seen": ""}).status_code
        == 422
    )
    assert writes(mine) == number


def overtaken(mine: Own, theirs: str) -> tuple[dict[str, str], int]:
    """What a previewed correction sends, after somebody else corrected the same case; and the number of writes."""
    shown = mine.post("/ghi/correct/xem", {"case": "HS-05", "column": "helper", "value": "Lò Văn Thử"})
    sent = {"change": hidden(shown.text, "change"), "seen": hidden(shown.text, "seen"), "confirmed": "1"}
    other = Desk(mine.store, today=TODAY, user="chị Lan")
    other.commit(other.preview(Correct("HS-05", (theirs,))), confirmed=True)
    return sent, writes(mine)


def test_two_people_at_one_case_see_both(mine: Own) -> None:
    """A write about the same case since the preview is shown beside one's own with 409; laid on top, both stand."""
    sent, number = overtaken(mine, "sex=Nữ")
    both = mine.post("/ghi/correct", sent)
    assert both.status_code == 409
    page = html.unescape(both.text)
    assert "chị Lan" in page
    assert "Lò Văn Thử" in page
    assert writes(mine) == number
    for said in ("Giới tính", "Nữ"):
        assert said in page.partition("Người khác vừa ghi")[2]
    again = {**sent, "seen": hidden(both.text, "seen")}
    assert mine.post("/ghi/correct", again).status_code == 303
    fields = _fields(Desk(mine.store, today=TODAY), "HS-05")
    assert [fields["sex"], fields["helper"]] == ["Nữ", "Lò Văn Thử"]


def test_one_field_of_two_is_not_laid_on_top(mine: Own) -> None:
    """Where both wrote the same field both values are shown, and no button writes one over the other."""
    sent, number = overtaken(mine, "helper=Lò Mẫu")
    both = mine.post("/ghi/correct", sent)
    assert both.status_code == 409
    assert "Lò Mẫu → Lò Văn Thử" in html.unescape(both.text)
    assert 'name="change"' not in both.text
    assert writes(mine) == number


def test_chosen_rows_are_written_together(mine: Own) -> None:
    """The boxes of a list lead to one form with all the people that were chosen, and one preview."""
    page = mine.client.get("/nguoi", params={"q": "HS-0"}).text
    codes = re.findall(r'class="pick" form="da-chon" name="cases" value="([^"]+)"', page)[:3]
    assert len(codes) == 3
    form = mine.client.get("/ghi/together", params={"cases": codes}).text
    assert "\n".join(codes) in form
