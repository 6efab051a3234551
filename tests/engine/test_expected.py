"""The shipped rosters give what a separate, plain evaluation of the contract gives."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cases.values.records import Roster
from cases.workbook.read import read_workbook
from desk.answers.checking import check
from desk.question import Question
from engine.findings import Evaluation, Finding

DATA = Path(__file__).parent.parent / "data"
FILES = sorted((DATA / "expected").glob("*.check.json"))
Key = tuple[str, str, str | None]


@cache
def expected(file: Path) -> dict[str, Any]:
    """What the other evaluation found."""
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


@cache
def roster(name: str) -> Roster:
    """A shipped roster."""
    return read_workbook(DATA / "rosters" / f"{name}.xlsx").roster


@cache
def ours(file: Path) -> Evaluation:
    """What we find in the same roster as of the same day."""
    name, day, *_ = file.name.split(".")
    return check(roster(name), Question(dt.date.fromisoformat(day)))


def rules_of(part: str) -> set[str]:
    """All rules that the other evaluation knows in that part of its results."""
    return {entry["rule"] for file in FILES for entry in expected(file)[part]}


def keys(entries: list[dict[str, Any]]) -> set[Key]:
    """Findings as they are compared: case, rule, due."""
    return {(entry["case"], entry["rule"], entry["due"]) for entry in entries}


def key(finding: Finding) -> Key:
    """One of our findings in the same form."""
    return finding.case, finding.rule, finding.due.isoformat() if finding.due else None


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
@pytest.mark.parametrize("part", ["findings", "soft"])
def test_findings(file: Path, part: str) -> None:
    """The same rules of the contract fire for the same people with the same due days."""
    rules = rules_of(part)
    assert rules
    assert {key(finding) for finding in ours(file).findings if finding.rule in rules} == keys(expected(file)[part])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_severities(file: Path) -> None:
    """The severities are the contract's; nobody is ever blocked for reasons of population policy."""
    severities = {key(finding): finding.severity for finding in ours(file).findings}
    for part in ("findings", "soft"):
        for entry in expected(file)[part]:
            never_blocked = entry["rule"] == "special.population_policy"
            severity = "confirm" if never_blocked else entry["severity"]
            assert severities[entry["case"], entry["rule"], entry["due"]] == severity


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_stages(file: Path) -> None:
    """The same number of cases stand in each stage."""
    assert (ours(file).cases, ours(file).stages) == (expected(file)["cases"], expected(file)["stages"])
