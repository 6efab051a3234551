"""The law data says, on given days, what the tables of the regulations say: value, clause, certainty and basis."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import pytest

from rules.loader.law import Law, Value, load
from tests.rules.law_tables import PERIODS, TABLES

SHORT = {
    "DL": "dieu-le-2011",
    "45": "qd-45-2011",
    "29": "qd-29-2016",
    "24": "qd-24-2021",
    "232": "qd-232-2025",
    "294": "qd-294-2025",
    "20": "qd-20-2026",
    "208": "qd-208-2026",
    "H12": "hd-01-2012",
    "H16": "hd-01-2016",
    "H21": "hd-01-2021",
    "H06": "hd-06-2025",
    "H26": "hd-01-2026",
}
STILL_IN_FORCE = dt.date(2026, 11, 30)
"""The day at which a document without an end is looked at."""


def periods() -> dict[str, tuple[dt.date, dt.date | None]]:
    """First and last day of each document, as the reference gives them."""
    found = {}
    for line in PERIODS.split("\n"):
        if line:
            name, begins, ends = line.split()
            found[name] = (dt.date.fromisoformat(begins), None if ends == "-" else dt.date.fromisoformat(ends))
    return found


@dataclass(frozen=True)
class Cell:
    """One cell of a table: what a document says of a parameter, or that it says nothing known."""

    parameter: str
    document: str
    value: str
    known: bool
    clause: str | None
    certainty: str
    basis: str | None


def cells() -> Iterator[Cell]:
    """Every cell of every table."""
    for table in TABLES:
        parameter = ""
        for line in table.split("\n"):
            if line and not line.startswith(" "):
                parameter = line.split()[1]
            elif line:
                for text in line.split(" | "):
                    yield _cell(parameter, text.split())


def _cell(parameter: str, words: list[str]) -> Cell:
    document = SHORT.get(words[0], words[0])
    if words[1].startswith("?"):
        return Cell(parameter, document, words[1][1:], False, None, "unconfirmed", None)
    _, value, clause, certainty = words
    certainty, _, basis = certainty.partition("/")
    return Cell(parameter, document, value, True, None if clause == "-" else clause, certainty, basis or None)


def shown(value: Value) -> str:
    """A value as the tables write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return str(value)


@pytest.fixture(scope="module")
def law() -> Law:
    """The shipped law."""
    return load()


@pytest.mark.parametrize("edge", ["first", "last"])
@pytest.mark.parametrize("cell", list(cells()), ids=lambda cell: f"{cell.parameter}-{cell.document}")
def test_cell(law: Law, cell: Cell, edge: str) -> None:
    """On the first and on the last day of a document its cell of the table is what applies."""
    begins, ends = periods()[cell.document]
    day = begins if edge == "first" else ends or STILL_IN_FORCE
    applies = law.parameters[cell.parameter].at(day)
    assert applies.document.id == cell.document
    assert applies.certainty == cell.certainty
    assert cell.value in ("*", shown(applies.value))
    assert applies.last_known is not cell.known
    if cell.known:
        clause = applies.version.clause
        assert (clause and clause.replace(", ", ",")) == cell.clause
        assert applies.version.basis == cell.basis


@pytest.mark.parametrize("document", list(periods()))
def test_period(law: Law, document: str) -> None:
    """Each document is in force from and to the days of the reference."""
    found = law.documents[document]
    assert (found.begins, found.ends) == periods()[document]


@pytest.mark.parametrize(
    ("parameter", "day", "value", "certainty"),
    [
        ("admission.decision_limit", "2025-06-12", 60, "quoted"),  # straddling: the clock starts under 232
        ("admission.decision_limit", "2025-06-30", 60, "quoted"),
        ("admission.decision_limit", "2025-07-01", 45, "read"),
        ("admission.decision_limit", "2026-05-01", 45, "unconfirmed"),
        ("admission.decision_limit", "2026-08-03", 45, "unconfirmed"),
        ("admission.decision_limit", "2009-05-01", 60, "unconfirmed"),  # before every document: the first known
        ("recognition.cell_window", "2025-06-20", 30, "unconfirmed"),  # 232 inferred
        ("recognition.cell_window", "2025-10-10", 30, "read"),
        ("recognition.cell_window", "2026-10-20", 30, "unconfirmed"),  # 208 not read
        ("recognition.decision_limit", "2025-07-15", 30, "read"),
        ("recognition.decision_extension", "2025-11-05", 15, "read"),
        ("admission.awareness_validity", "2020-08-20", 60, "secondary"),
        ("admission.papers_validity", "2024-08-31", 12, "unconfirmed"),
        ("admission.ceremony_clock", "2026-07-25", "received", "unconfirmed"),
        ("admission.ceremony_clock", "2026-08-03", "issued", "unconfirmed"),
        ("special.readmission_wait", "2023-04-15", 36, "read"),
        ("special.readmission_wait_after_conviction", "2021-06-10", 60, "secondary"),
        ("special.population_wait_third", "2018-08-27", 60, "secondary"),
        ("special.population_wait_third", "2018-08-28", 24, "quoted"),
        ("probation.length", "2005-01-01", 12, "quoted"),
    ],
)
def test_worked_days(law: Law, parameter: str, day: str, value: Value, certainty: str) -> None:
    """The days of the worked examples, and those around a change of documents, find the right generation."""
    applies = law.parameters[parameter].at(dt.date.fromisoformat(day))
    assert (applies.value, applies.certainty) == (value, certainty)


def test_every_document_has_its_row(law: Law) -> None:
    """A parameter speaks of every document of its series, if only to say that nothing is known."""
    for parameter in law.parameters.values():
        stated = [version.document.id for version in parameter.versions]
        assert stated == [document.id for document in law.series(parameter.series)], parameter.name


def test_unknown_rows_say_so(law: Law) -> None:
    """A row without a value is unconfirmed because unknown; nothing of 20-QĐ/TW is claimed at all."""
    for parameter in law.parameters.values():
        for version in parameter.versions:
            assert (version.value is not None) or version.basis == "unknown", parameter.name
            assert version.document.id != "qd-20-2026" or version.value is None, parameter.name


def test_unread_documents_are_unconfirmed(law: Law) -> None:
    """What is shown of 208-QĐ/TW and of the guideline of 2026 rests on no reading of theirs."""
    for parameter in law.parameters.values():
        for version in parameter.versions:
            if version.document.id in ("qd-208-2026", "hd-01-2026"):
                assert version.certainty == "unconfirmed", parameter.name


def test_regulations_and_guidelines_leave_no_gap(law: Law) -> None:
    """Each regulation and guideline ends on the day before the next begins."""
    for name in ("regulation", "guideline"):
        chain = law.series(name)
        for before, after in itertools.pairwise(chain):
            assert before.ends == after.begins - dt.timedelta(days=1)
        assert chain[-1].ends is None
