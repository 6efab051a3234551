"""The work list: the same findings as the command, one entry a person."""

from __future__ import annotations

import datetime as dt

from starlette.testclient import TestClient

from desk.answers.work import work
from desk.desk import Desk
from tests.web.conftest import TODAY

JSON = {"accept": "application/json"}


def test_json_is_what_the_command_prints(browser: TestClient, store: str) -> None:
    """The page's JSON is the answer of `check`, on today and on another day, whole and for a unit."""
    for as_of in (TODAY, dt.date(2024, 10, 31)):
        for unit in (None, "CB-04"):
            desk = Desk(store, today=TODAY)
            expected = desk.check(desk.ask(as_of=as_of, unit=unit)).as_json()
            query = {"ngay": as_of.isoformat(), **({"don-vi": unit} if unit else {})}
            answered = browser.get("/", params=query, headers=JSON).json()
            assert answered["stages"] == expected["stages"]
            assert len(answered["findings"]) == len(expected["findings"]) > 0


def test_one_person_is_one_entry(store: str) -> None:
    """Each person with something to do is listed once, under the most pressing of what there is."""
    desk = Desk(store, today=TODAY)
    checked = desk.check(desk.ask())
    findings, rules = checked.evaluation.findings, checked.question.ruleset.rules
    listed = work(findings, rules)
    pressing = {found.case for found in findings if found.severity != "inform"}
    assert {entry.case for entry in listed.entries} >= pressing
    assert len({entry.case for entry in listed.entries}) == len(listed.entries) > 50
    assert sum(len(entry.findings) for entry in work(findings, rules, ("overdue",)).entries) < len(findings)
    late = [entry.first.days_late for entry in work(findings, rules, ("overdue",)).entries]
    assert late == sorted(late, key=lambda days: -(days or 0))


def test_a_day_is_read_as_people_type_it(browser: TestClient) -> None:
    """Short forms are understood and shown with their weekday; what is no day says why."""
    said = {
        "5/6/98": "05/06/1998",
        "05062024": "05/06/2024",
        "nay": "20/11/2026",
        "hôm qua": "19/11/2026",
        "28/11": "28/11/2025",
        "1/1/27": "01/01/2027",
        "2024-02-29": "29/02/2024",
    }
    for typed, meant in said.items():
        answer = browser.get("/ngay", params={"viet": typed}).json()
        assert answer["text"] == meant, typed
        day = dt.date.fromisoformat(answer["day"])
        assert answer["weekday"] == day.isoweekday() % 7
    for typed in ("29/02/2025", "31062024", "mấy hôm", "1"):
        answer = browser.get("/ngay", params={"viet": typed}).json()
        assert answer["day"] is None
        assert "không" in answer["error"]
