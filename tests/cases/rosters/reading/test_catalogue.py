"""The catalogue of reasons, and the tables that rosters are read by."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cases.rosters.columns import labels, roster_header
from cases.rosters.outcome import messages
from cases.rosters.outcome.answers import Answers
from cases.workbook import office_words
from cases.workbook.schema import choices
from rules.loader import vocabulary
from rules.loader.spelling import days
from tests.cases.rosters.sheets import preview

CASES = Path(roster_header.__file__).parents[2]
SOURCES = sorted([*(CASES / "rosters").rglob("*.py"), *(CASES / "judging").glob("*.py")])
_OUTCOMES = {"note", "question", "warning", "refused", "warned", "confirm"}
_NAMED = r"(?:refuse|warn|say|notice)\(\s*(?:\"[a-z]+\",\s*)?\"([a-z_0-9]+)\""


def test_every_reason_has_words() -> None:
    """Every code that a module names is in the catalogue, and every one there has a reason and a suggestion."""
    named = {code for source in SOURCES for code in re.findall(_NAMED, source.read_text("utf-8"))} - _OUTCOMES
    assert len(named) > 30
    assert named <= messages.CATALOGUE.keys()
    for code, reason in messages.CATALOGUE.items():
        assert reason.reason, code
        assert reason.suggestion, code


def test_no_reason_is_idle() -> None:
    """Every code of the catalogue is named by some module."""
    text = "\n".join(source.read_text("utf-8") for source in SOURCES if source.name != "messages.py")
    idle = {code for code in messages.CATALOGUE if f'"{code}"' not in text}
    assert idle - days.REASONS.keys() == set()


def test_fields_that_the_store_knows_are_spelt_as_there() -> None:
    """A field of the labels that is meant to be stored bears the vocabulary's name, and dates are dates."""
    facts = {fact.name: fact for fact in vocabulary.load().columns}
    known = labels.load().fields
    steps = {name for name, field in known.items() if field.kind in ("step", "course_step")}
    assert steps <= facts.keys()
    assert {facts[name].type for name in steps} == {"date"}
    marks = {name for name, field in known.items() if field.kind == "mark"}
    assert {facts[name].type for name in marks} == {"mark"}


def test_every_column_of_the_store_can_come_from_a_roster() -> None:
    """The canonical header of each fact is a known label."""
    known = labels.load()
    missing = [fact.column for fact in vocabulary.load().columns if fact.column and known.find(fact.column) is None]
    assert missing == []


@pytest.mark.parametrize("field", sorted(office_words.CODED))
def test_labels_of_codes_are_words(field: str) -> None:
    """The label of every code is one of its words."""
    for code, label in choices(field).items():
        assert office_words.load().code(field, label) == code


def test_progress_is_told() -> None:
    """A long reading says how far it is."""
    from cases.files.grids import Grid, SpreadFile
    from cases.rosters.rows.reader import read_opened

    rows = [["Họ và tên", "Ngày sinh", "Giới tính"]]
    rows += [
        [f"Nguyễn Văn {'ABCDEGHIKLMNOPQRSTUVXY'[place % 22]}", f"{1900 + place % 100}", "Nam"] for place in range(1200)
    ]
    told: list[tuple[int, int]] = []
    book = SpreadFile(Path("ds.xlsx"), "xlsx", (Grid("S", [list(row) for row in rows]),))
    read_opened(book, Answers(unit="CB"), progress=lambda done, total: told.append((done, total)))
    assert told == [(500, 1200), (1000, 1200)]
    assert len(preview(rows).rows) == 1200
