"""What sheet `Kỷ luật` says of a case reaches the rules, and changes nothing that is kept."""

from __future__ import annotations

import datetime as dt

from cases.values.evaluated import evaluated
from cases.values.records import Discipline, Record, Roster
from desk.answers.checking import check
from desk.question import Question
from desk.rosters import known_case

MEMBER = Record("HS-1", {"code": "HS-1", "full_name": "Người Một", "admitted_on": dt.date(2025, 1, 10)})
OTHER = Record("HS-2", {"code": "HS-2", "full_name": "Người Hai", "admitted_on": dt.date(2025, 1, 10)})
REPRIMANDED = Discipline("HS-1", "reprimand", dt.date(2025, 3, 3))
DISMISSED = Discipline("HS-1", "dismissal", dt.date(2025, 5, 5))
ROSTER = Roster(records=(MEMBER, OTHER), disciplines=(REPRIMANDED, DISMISSED))


def found(as_of: dt.date) -> set[tuple[str, str]]:
    """The findings on discipline as of a day."""
    findings = check(ROSTER, Question(as_of)).findings
    return {(f.case, f.rule) for f in findings if "disciplin" in f.rule}


def test_a_measure_is_found_from_its_day_on() -> None:
    """A measure exists from its own day; of several the latest gives the form."""
    assert found(dt.date(2025, 3, 2)) == set()
    assert found(dt.date(2025, 3, 3)) == {("HS-1", "probation.disciplined")}
    assert found(dt.date(2025, 5, 5)) == {("HS-1", "probation.disciplined"), ("HS-1", "probation.discipline_form")}


def test_one_case_reads_the_same() -> None:
    """A case explained by itself has the measures of its own, and no other."""
    assert known_case(ROSTER, "HS-1") == evaluated(ROSTER)[0]
    assert known_case(ROSTER, "HS-2") == OTHER == evaluated(ROSTER)[1]


def test_nothing_kept_is_changed() -> None:
    """The roster itself stays as it was read."""
    assert evaluated(Roster(records=(MEMBER,))) == (MEMBER,)
    assert evaluated(ROSTER)[0] != MEMBER
    assert ROSTER.records == (MEMBER, OTHER)
