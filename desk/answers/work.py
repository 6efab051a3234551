"""The work as somebody goes through it: one entry a person, the most pressing first, all about them in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from desk.answers.matters import one_a_matter
from engine.findings import Finding
from engine.ruleset import Rule

PRESSING = ("overdue", "blocked", "due", "confirm", "inform")
"""The severities, the most pressing first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One person with everything that is to be done, the most pressing first."""

    case: str
    name: str
    unit: str | None
    findings: tuple[Finding, ...]
    """One a matter."""

    @property
    def first(self) -> Finding:
        """The most pressing finding, which the entry is listed by."""
        return self.findings[0]


@dataclass(frozen=True, slots=True)
class Work:
    """The entries that were asked for, and how many people each severity, holder and unit concerns."""

    entries: tuple[Entry, ...]
    people: Mapping[str, int]
    """For each severity the people with at least one finding of it, whatever was asked for."""
    units: Mapping[str, int]
    """For each unit the people among those listed; a person without a unit stands under an empty code."""


def work(
    findings: Iterable[Finding],
    rules: Mapping[str, Rule],
    severities: Collection[str] = PRESSING,
    *,
    held_by: str | None = None,
    only: Collection[str] | None = None,
) -> Work:
    """Group findings by person: those with a finding of the severities, held by somebody, among the codes ``only``."""
    by_case: dict[str, list[Finding]] = {}
    for finding in findings:
        by_case.setdefault(finding.case, []).append(finding)
    people = Counter(severity for found in by_case.values() for severity in {one.severity for one in found})
    chosen = [
        entry_of(found, rules)
        for case, found in by_case.items()
        if any(one.severity in severities and held_by in (None, one.held_by) for one in found)
        and (only is None or case in only)
    ]
    chosen.sort(key=lambda entry: (*_pressing(entry.first), entry.case))
    return Work(tuple(chosen), people, Counter(entry.unit or "" for entry in chosen))


def entry_of(found: Sequence[Finding], rules: Mapping[str, Rule]) -> Entry:
    """The entry of a person, from everything found about her."""
    ordered = sorted(one_a_matter(found, rules), key=lambda one: (*_pressing(one), one.rule))
    first = ordered[0]
    return Entry(first.case, first.name, first.unit, tuple(ordered))


def _pressing(finding: Finding) -> tuple[int, int]:
    return PRESSING.index(finding.severity), -(finding.days_late or 0)
