"""What an import would do to the findings, before it is written: which would come and which would go."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cases.values.evaluated import kept_facts
from cases.values.kinds import KINDS
from desk.answers.checking import check
from desk.answers.matters import listed
from engine.comparison import Difference, compare_findings

if TYPE_CHECKING:
    from cases.imports.importing import Import
    from cases.log.write_plan import WritePlan
    from cases.values.records import Roster
    from desk.question import Question


@dataclass(frozen=True, slots=True)
class Outlook:
    """The findings that would go, come and change on a day."""

    as_of: dt.date
    findings: Difference
    listed: Difference
    """The same as a screen lists it, one line a matter."""


def outlook(done: Import, question: Question) -> Outlook:
    """Compare the findings as they are with those after the write; only cases that it touches are judged.

    Where the office begins to keep a column, something else may be found about everybody: then everybody is judged.
    """
    before = done.stored
    after = done.plan.laid_over(before)
    whole = done.preview.whole
    if whole is not None:
        after = replace(after, kept=after.kept | whole.kept)
    kept = kept_facts(before), kept_facts(after)
    if kept[0] == kept[1]:
        touched = _touched(done.plan)
        before, after = _only(before, touched), _only(after, touched)
    before, after = replace(before, kept=kept[0]), replace(after, kept=kept[1])
    found = compare_findings(check(before, question).findings, check(after, question).findings)
    return Outlook(question.as_of, found, listed(found, question.ruleset.rules))


def _touched(plan: WritePlan) -> frozenset[str]:
    """The cases that are written, and those named by something that is."""
    codes = {one.key for one in plan.cases.altered}
    for kind in KINDS.values():
        for name, named in kind.names.items():
            if named == "case" and kind.name != "case":
                codes |= {str(getattr(one.after, name)) for one in plan.of(kind.name).altered}
    return frozenset(codes)


def _only(roster: Roster, codes: frozenset[str]) -> Roster:
    return replace(roster, records=tuple(record for record in roster.records if record.code in codes))
