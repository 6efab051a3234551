"""What differs: the law between two documents or two days, and the findings between two evaluations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from engine.findings import Finding
from rules.loader.errors import BadInput, UnknownName
from rules.loader.law import Document, Law, Parameter, Value, require_day
from rules.loader.spelling.near import did_you_mean


@dataclass(frozen=True, slots=True)
class ValueInForce:
    """What holds of a parameter on one of the two sides; `value` None = nothing is known."""

    document: Document
    value: Value | None
    clause: str | None
    certainty: str
    basis: str | None
    last_known: bool = False
    """The document in force says nothing known; the value is a neighbour's."""

    @property
    def said(self) -> tuple[object, ...]:
        """What counts as a difference."""
        return (self.value, self.clause, self.certainty, self.basis)


@dataclass(frozen=True, slots=True)
class Change:
    """A parameter that stands differently on the two sides."""

    parameter: Parameter
    before: ValueInForce
    after: ValueInForce

    @property
    def of_value(self) -> bool:
        """Whether what has to be done changes, and not only where it is written or how sure it is."""
        return self.before.value != self.after.value

    @property
    def known(self) -> bool:
        """Whether something is known on both sides."""
        return self.before.value is not None and self.after.value is not None


def known_document(law: Law, name: str) -> Document:
    """The document of that id, or the only one of that number (294 for 294-QĐ/TW); raises `UnknownName`."""
    if name in law.documents:
        return law.documents[name]
    asked = name.casefold()
    numbered = [d for d in law.documents.values() if asked in (d.number.casefold(), d.number.casefold().split("-")[0])]
    if len(numbered) == 1:
        return numbered[0]
    if numbered:
        raise UnknownName(f"Có {len(numbered)} văn bản số “{name}”: ghi mã, {', '.join(d.id for d in numbered)}.")
    hint = did_you_mean(name, law.documents, f"Ví dụ: {', '.join(d.id for d in law.series('regulation')[-3:])}.")
    raise UnknownName(f"Không có văn bản “{name}”. {hint}")


def between_documents(law: Law, one: str, two: str) -> tuple[Document, Document, list[Change]]:
    """Every parameter of a series that two of its documents word differently, changed values first.

    Raises `BadInput` for documents of two series.
    """
    before, after = known_document(law, one), known_document(law, two)
    if before.series != after.series:
        raise BadInput(
            f"“{before.id}” và “{after.id}” thuộc hai chuỗi văn bản khác nhau, không so được từng điều. "
            "Chọn hai văn bản nối tiếp nhau, hoặc so hai ngày."
        )
    inside = [parameter for parameter in law.parameters.values() if parameter.series == before.series]
    changes = [Change(p, _by_document(p, before), _by_document(p, after)) for p in inside]
    return before, after, _differing(changes)


def between_days(law: Law, one: dt.date, two: dt.date) -> list[Change]:
    """Every parameter that stands differently on two days, changed values first; raises `BadQuestion`."""
    for day in (one, two):
        require_day(law, day)
    return _differing([Change(p, _on_day(p, one), _on_day(p, two)) for p in law.parameters.values()])


def _differing(changes: list[Change]) -> list[Change]:
    return sorted(
        (change for change in changes if change.before.said != change.after.said), key=lambda c: not c.of_value
    )


def _by_document(parameter: Parameter, document: Document) -> ValueInForce:
    for version in parameter.versions:
        if version.document.id == document.id:
            return ValueInForce(document, version.value, version.clause, version.certainty, version.basis)
    return ValueInForce(document, None, None, "unconfirmed", "unknown")


def _on_day(parameter: Parameter, day: dt.date) -> ValueInForce:
    entry = parameter.at(day)
    version = entry.version
    basis = version.basis if entry.certainty == version.certainty else None
    return ValueInForce(entry.document, entry.value, version.clause, entry.certainty, basis, entry.last_known)


@dataclass(frozen=True, slots=True)
class Difference:
    """How the findings of two evaluations differ; each list in the order of case, then rule."""

    gone: tuple[Finding, ...]
    come: tuple[Finding, ...]
    changed: tuple[tuple[Finding, Finding], ...]
    """The same rule about the same case with another day, severity, clause or certainty."""
    same: tuple[Finding, ...]

    @property
    def moved(self) -> tuple[tuple[Finding, Finding], ...]:
        """Those of the changed whose day, severity or holder is another, not only their clause or wording."""
        return tuple((one, two) for one, two in self.changed if _weight(one) != _weight(two))


def _weight(finding: Finding) -> tuple[object, ...]:
    return (finding.due, finding.severity, finding.held_by)


def compare_findings(before: Sequence[Finding], after: Sequence[Finding]) -> Difference:
    """The findings that go, come, change and stay."""
    old = {(finding.case, finding.rule): finding for finding in before}
    new = {(finding.case, finding.rule): finding for finding in after}
    both = [(old[key], new[key]) for key in sorted(old.keys() & new.keys())]
    return Difference(
        gone=tuple(old[key] for key in sorted(old.keys() - new.keys())),
        come=tuple(new[key] for key in sorted(new.keys() - old.keys())),
        changed=tuple((one, two) for one, two in both if one != two),
        same=tuple(two for one, two in both if one == two),
    )
