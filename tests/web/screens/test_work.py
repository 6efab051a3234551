"""The work list: the same findings as the command, one entry a person."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

from starlette.testclient import TestClient

from desk.answers.work import PRESSING, Entry, work
from desk.changes.values import RecordStep
from desk.desk import Desk
from desk.question import Question
from tests.web.conftest import TODAY, Own
from tests.whole import WHOLE
from web.pages import shown_number
from web.screens.work import A_PAGE, STAGES

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


def test_a_large_store_lists_the_same_work(store: str) -> None:
    """Page by page from the columns of a store as from its records: entries, sentences, numbers of people, units."""
    for as_of in (TODAY, dt.date(2024, 10, 31)):
        desk = Desk(store, today=TODAY)
        question = desk.ask(as_of=as_of)
        columns = desk.work_of_all(question)
        for unit in (None, "CB-04"):
            checked = desk.check(replace(question, unit=unit))
            findings, rules = checked.evaluation.findings, checked.question.ruleset.rules
            for severities in (PRESSING[:4], ("overdue",)):
                for holder in (None, "upper"):
                    whole = work(findings, rules, severities, held_by=holder)
                    found, number = columns.page(unit, severities, holder, 0, 10_000)
                    assert found == whole
                    assert number == len(whole.entries)
        part, number = columns.page(None, PRESSING[:4], None, 7, 3)
        assert list(part.entries) == list(work_of(desk, question)[7:10])


def test_the_list_is_of_one_stage(browser: TestClient, store: str) -> None:
    """Chosen, each stage lists its own, in a large store as in a small one; together they are the whole list."""
    desk = Desk(store, today=TODAY)
    question = desk.ask()
    checked, columns, stages = desk.check(question), desk.work_of_all(question), desk.stages_of_all(question)
    assert {name: number for name, number in checked.evaluation.stages.items() if number} == Counter(
        stage for stage in stages.values() if stage is not None
    )
    whole, listed = work_of(desk, question), 0
    for stage in STAGES:
        meant = [entry for entry in whole if stages[entry.case] == stage]
        found, number = columns.page(None, PRESSING[:4], None, 0, 10_000, stage)
        assert (list(found.entries), number) == (meant, len(meant))
        page = browser.get("/", params={"gd": stage}).text
        assert f"<p>{shown_number(len(meant))} người" in page
        assert re.findall(r'name="cases" value="([^"]+)"', page) == [entry.case for entry in meant[:A_PAGE]]
        listed += len(meant)
    assert listed == sum(stages[entry.case] in STAGES for entry in whole) > 50


def work_of(desk: Desk, question: Question) -> tuple[Entry, ...]:
    """The entries of the whole list."""
    checked = desk.check(question)
    return work(checked.evaluation.findings, checked.question.ruleset.rules, PRESSING[:4]).entries


def test_what_stands_is_brought_up_to_date(own: Own) -> None:
    """After a write, and on a later day, a large store stands as if it had been looked at anew."""
    desk = Desk(own.store, today=TODAY)
    earlier = desk.work_of_all(desk.ask(as_of=dt.date(2024, 10, 31)))
    stages = earlier.stages
    code = next(one.case for one in work_of(desk, desk.ask()) if stages[one.case] == "probationary")
    desk.commit(desk.preview(RecordStep(code, "left_on", on=TODAY)), confirmed=True)
    for as_of in (dt.date(2024, 10, 31), TODAY) if WHOLE else (TODAY,):
        question = desk.ask(as_of=as_of)
        on, anew = desk.work_of_all(question, earlier), desk.work_of_all(question)
        assert on.stages == anew.stages
        assert on.page(None, PRESSING, None, 0, 10_000) == anew.page(None, PRESSING, None, 0, 10_000)
    assert on.stages[code] == "left"


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


FIRST_PAGE = """
import datetime as dt, sys
from starlette.testclient import TestClient
from web.app import make_app
from web.serving import serve
from web.sessions import Sessions
app = make_app(sys.argv[1], Sessions("k"), lambda: 8123, lambda: dt.date(2026, 11, 20))
browser = TestClient(app, base_url="http://127.0.0.1:8123")
assert "data-row" in browser.get("/vao", params={"khoa": "k"}).text
large = {"polars", "sqlalchemy", "alembic", "openpyxl", "xlsxwriter", "docx", "holidays", "argon2"}
print(*sorted(large & set(sys.modules)))
"""


def test_the_first_page_of_a_small_store_loads_nothing_large(store: str) -> None:
    """Whoever opens the desk waits for the work list alone: libraries that it does without come with other pages."""
    command = [sys.executable, "-c", FIRST_PAGE, store]
    ran = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
