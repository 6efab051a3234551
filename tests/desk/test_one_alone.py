"""One person asked about alone is judged as among all: by `show`, the page, `plan`, and before a change is written."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cases.imports.importing import import_file
from cases.store.connection import initialise, querying
from cases.store.reading import stamped_facts
from cases.values.records import Roster
from cases.workbook.read import read_workbook
from desk.answers.checking import check
from desk.answers.matters import one_a_matter
from desk.changes.values import RecordStep
from desk.desk import Desk

DATA = Path(__file__).parents[1] / "data" / "rosters"
TODAY = dt.date(2025, 3, 1)
NEVER = ("probation.member_cv_missing", "recognition.not_announced")
"""Rules that ask for what was never done, where the column is kept."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk before a small cell's store, in which one person has what the office then keeps of all."""
    url = f"sqlite:///{tmp_path_factory.mktemp('alone') / 'dubi.sqlite'}"
    initialise(url)
    assert import_file(url, DATA / "chi-bo-nho.xlsx", apply=True, who="thử").batch
    made = Desk(url, today=TODAY)
    for kind in ("member_cv_on", "announced_on"):
        shown = made.preview(RecordStep("HS-03", kind, dt.date(2023, 1, 9)))
        made.commit(shown, confirmed=True)
    return made


def test_found_alone_as_among_all(desk: Desk) -> None:
    """What `check` finds about each case is what its page says, also where it is for want of a column that is kept."""
    question = desk.ask()
    among_all = one_a_matter(desk.check(question).evaluation.findings, question.ruleset.rules)
    wanting = 0
    for code in sorted({record.code for record in desk.roster(question).records}):
        expected = {(one.rule, one.severity, one.message) for one in among_all if one.case == code}
        try:
            person = Desk(desk.place, today=TODAY).person(question, code)
        except LookupError:
            continue
        assert {(one.rule, one.severity, one.message) for one in person.findings} == expected, code
        assert {one.rule for one in person.findings} <= set(person.days), code
        wanting += any(rule in NEVER for rule, _, _ in expected)
    assert wanting > 1


def test_a_preview_starts_from_what_check_says(desk: Desk) -> None:
    """Nothing comes or goes by a change that does not touch it: what was found before is what `check` finds."""
    question = desk.ask()
    among_all = desk.check(question).evaluation.findings
    for code in ("HS-01", "HS-02", "HS-04"):
        shown = desk.preview(RecordStep(code, "complaint_answered_on", dt.date(2025, 2, 3)))
        effect = shown.effect.findings  # type: ignore[union-attr]  # a step is of a case
        before = {one.rule for one in (*effect.same, *effect.gone, *(one for one, _ in effect.changed))}
        assert before == {one.rule for one in among_all if one.case == code}, code


def test_a_column_is_kept_because_a_stamp_says_so(desk: Desk, tmp_path: Path) -> None:
    """What a store keeps travels with its workbook: of one person alone, and of another store that took the file in."""
    file, url = tmp_path / "so.xlsx", f"sqlite:///{tmp_path / 'khac.sqlite'}"
    desk.export(file)
    roster = read_workbook(file).roster
    other = next(one for one in roster.records if one.code == "HS-01")
    for said in (roster, Roster(records=(other,), kept=roster.kept)):
        found = check(said, Desk(file, today=TODAY).ask())
        assert {one.case for one in found.findings if one.rule == NEVER[0]} >= {"HS-01"}
    initialise(url)
    assert import_file(url, file, apply=True, who="thử").batch
    with querying(url) as execute:
        assert "member_cv_on" in stamped_facts(execute)
