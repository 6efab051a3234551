"""The cases of the law: what the clauses ask for in each is found, and what they do not ask for is not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from cases.workbook.read import read_workbook
from desk.answers.checking import check
from desk.question import Question
from engine.ruleset import load_ruleset
from rules.loader import vocabulary
from rules.loader.errors import BadInput

FILE = Path(__file__).parent.parent / "data" / "law" / "cases.yaml"
CASES: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
ASKED = "X001"
OTHER = {
    "code": "X002",
    "full_name": "Lê Thị Bưởi",
    "born_on": dt.date(1980, 1, 1),
    "candidate_on": dt.date(2020, 1, 1),
}
OTHER |= {"ethnicity": "Kinh", "religion": "Không", "schooling": "upper_secondary", "admitted_on": dt.date(2021, 12, 1)}
"""Somebody beside the person asked about, who fills the columns that the office keeps."""


def cell(value: object) -> object:
    """A fact as it stands in a cell."""
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        return dt.date.fromisoformat(value)
    return "x" if value is True else value


def workbook(facts: dict[str, Any], file: Path) -> None:
    """A workbook with one row about the person, and one that fills the columns that are empty there."""
    columns = vocabulary.load().facts
    person = {"code": ASKED, "full_name": "Nguyễn Văn An", "admitted_on": None, **facts}
    book = openpyxl.Workbook()
    book.active.title = "Hồ sơ"
    book.active.append([columns[name].column for name in person])
    book.active.append([cell(value) for value in person.values()])
    empty = [name for name, value in facts.items() if value is None]
    if empty:
        other = OTHER | {n: dt.date(2022, 3, 3) if n.endswith("_on") else "Trần Văn Bảo" for n in empty}
        book.active.append([other.get(name) for name in person])
    book.save(file)


def found(case: dict[str, Any], file: Path) -> set[str]:
    """The findings about the person, by rule and by rule with severity; or that the workbook was refused."""
    workbook(case["facts"], file)
    try:
        roster = read_workbook(file).roster
    except BadInput:
        return {"!refused"}
    findings = check(roster, Question(dt.date.fromisoformat(case["as_of"]))).findings
    mine = [finding for finding in findings if finding.case == ASKED]
    return {finding.rule for finding in mine} | {f"{finding.rule}:{finding.severity}" for finding in mine}


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    """What must be found is found, and what must not is not."""
    findings = found(case, tmp_path / "case.xlsx")
    assert set(case.get("must", [])) <= findings, case["why"]
    assert findings.isdisjoint(case.get("must_not", [])), case["why"]
    assert not case.get("must_any") or findings & set(case["must_any"]), case["why"]


def test_cases_name_rules_there_are() -> None:
    """A case about a rule that was renamed is found."""
    named = {name for case in CASES for key in ("must", "must_not", "must_any") for name in case.get(key, [])}
    assert {name.partition(":")[0] for name in named} - {"!refused"} <= set(load_ruleset().rules)
