"""Whose readings and requests are told to whom, in whose name they are kept, and who may erase, in an office."""

from __future__ import annotations

import datetime as dt
from datetime import date
from pathlib import Path

import pytest

from cases.store.connection import initialise
from cases.values.records import Record, Roster, Unit
from desk.accounts.rights import Role, granted
from desk.desk import Desk
from desk.personal.readings import reading
from rules.loader.errors import NotAllowed, UnknownName
from tests.cases.log.test_taking_back import put

TODAY = dt.date(2026, 11, 30)


@pytest.fixture
def office(tmp_path: Path) -> str:
    """Two cells with somebody in each."""
    url = f"sqlite:///{tmp_path / 'dubi.sqlite'}"
    initialise(url)
    units = (Unit("A", "Chi bộ A", "cell", "commune"), Unit("B", "Chi bộ B", "cell", "commune"))
    people = tuple(
        Record(f"HS-{own}", {"code": f"HS-{own}", "full_name": f"Người {own}", "unit": own, "religion": "Đạo Hiếm",
                             "candidate_on": date(2025, 1, 5)})
        for own in ("A", "B")
    )  # fmt: skip
    put(url, Roster(people, units))
    return url


def sits(url: str, name: str, role: Role, unit: str = "A") -> Desk:
    """Somebody with a role at a unit."""
    given = granted([(role, unit)])
    return Desk(url, today=TODAY, user=name, sight=given.sight, may=given.may, held=given.held)


def test_each_reads_of_whom_she_sees(office: str) -> None:
    """A reading bears the name of who was signed in; her secretary reads what is of her cell, an administrator all."""
    for name, unit in (("an", "A"), ("binh", "B")):
        with reading(office, "thử"):
            desk = sits(office, name, "secretary", unit)
            assert "Đạo Hiếm" in str(desk.case(desk.ask(), f"HS-{unit}").as_json())
    assert [(one.case, one.who) for one in sits(office, "qt", "admin").readings().readings] == [
        ("HS-A", "an"),
        ("HS-B", "binh"),
    ]
    assert [one.case for one in sits(office, "an", "secretary").readings().readings] == ["HS-A"]
    with reading(office, "thử"):
        desk = sits(office, "an", "secretary")
        question = desk.ask()
        with pytest.raises(UnknownName):
            desk.case(question, "HS-B")
    assert sits(office, "qt", "admin").readings().number == 2, "what was not shown is not written down"


def test_requests_are_of_whom_one_sees(office: str) -> None:
    """A secretary takes in what people of her cell ask; an administrator sees all of it; a reader records none."""
    sits(office, "an", "secretary").add_request("view", "HS-A", TODAY)
    with pytest.raises(UnknownName):
        sits(office, "an", "secretary").add_request("view", "HS-B", TODAY)
    sits(office, "binh", "secretary", "B").add_request("erase", "HS-B", TODAY)
    with pytest.raises(UnknownName):
        sits(office, "an", "secretary").close_request(2, TODAY, "done")
    assert [one.case for one in sits(office, "an", "secretary").requests()] == ["HS-A"]
    assert [one.case for one in sits(office, "qt", "admin").requests()] == ["HS-A", "HS-B"]
    with pytest.raises(NotAllowed):
        sits(office, "doc", "reader").add_request("view", "HS-A", TODAY)


def test_papers_are_an_administrators(office: str, tmp_path: Path) -> None:
    """Who has access, and what came of a breach, is written by an administrator; nobody else may."""
    sits(office, "qt", "admin").privacy_file(tmp_path / "a.docx")
    sits(office, "qt", "admin").access_rules(tmp_path / "b.docx")
    for role in ("secretary", "reader", "committee"):
        with pytest.raises(NotAllowed):
            sits(office, "an", role).access_rules(tmp_path / f"{role}.docx")


def test_an_administrator_erases_on_her_ground(office: str) -> None:
    """She sees no case and erases by the code and the ground that she states; a secretary may not."""
    desk = sits(office, "qt", "admin")
    done = desk.erase(desk.erasing("HS-A"), "Đơn số 5", learners=None)
    assert done.erased.cases == 1
    assert Desk(office, today=TODAY).verify_log().verdict.holds
    with pytest.raises(NotAllowed):
        sits(office, "an", "secretary").erasing("HS-B")
