"""What differs between two documents, two days, two evaluations."""

from __future__ import annotations

import pytest

from engine.comparison import between_days, between_documents, compare_findings, known_document
from engine.findings import Finding
from rules.loader.errors import BadInput, UnknownName
from rules.loader.law import load
from tests.engine.situations import day


def test_what_294_changed() -> None:
    """From 232 to 294 the admission decision went from 60 to 45 working days; changed values stand first."""
    before, after, changes = between_documents(load(), "qd-232-2025", "qd-294-2025")
    assert (before.id, after.id) == ("qd-232-2025", "qd-294-2025")
    by_name = {change.parameter.name: change for change in changes}
    decision = by_name["admission.decision_limit"]
    assert (decision.before.value, decision.after.value, decision.of_value) == (60, 45, True)
    assert (decision.before.certainty, decision.after.certainty) == ("quoted", "read")
    window = by_name["recognition.cell_window"]
    assert (window.before.value, window.after.value, window.of_value) == (30, 30, False)
    assert (window.before.basis, window.after.basis) == ("inferred", None)
    order = [change.of_value for change in changes]
    assert order == sorted(order, reverse=True)
    assert all(change.parameter.series == "regulation" for change in changes)


def test_a_document_against_itself() -> None:
    """Nothing differs between a document and itself."""
    assert between_documents(load(), "qd-294-2025", "qd-294-2025")[2] == []


def test_what_is_not_known_is_a_difference() -> None:
    """A document whose text was not read stands with no value, not with its predecessor's."""
    _, _, changes = between_documents(load(), "qd-294-2025", "qd-20-2026")
    decision = next(change for change in changes if change.parameter.name == "admission.decision_limit")
    assert (decision.before.value, decision.after.value) == (45, None)


def test_two_series_cannot_be_compared() -> None:
    """A regulation and a guideline say different things, not the same thing differently."""
    with pytest.raises(BadInput, match="hai chuỗi"):
        between_documents(load(), "qd-294-2025", "hd-06-2025")


@pytest.mark.parametrize(
    ("name", "words"),
    [("qd-294-2024", "Có phải “qd-294-2025”"), ("xyz", "Ví dụ: "), ("01-HD/TW", "hd-01-2012, hd-01-2016")],
)
def test_unknown_document(name: str, words: str) -> None:
    """A document that is not there, or a number that several bear, is refused with the ids there are."""
    with pytest.raises(UnknownName, match=words):
        known_document(load(), name)


def test_document_by_its_number() -> None:
    """A number borne by one document alone names it."""
    assert known_document(load(), "294-qđ/tw").id == "qd-294-2025"


def test_between_days() -> None:
    """Between two days everything counts that stands differently, of every series, last known values marked."""
    changes = {change.parameter.name: change for change in between_days(load(), day("2025-06-30"), day("2026-05-01"))}
    decision = changes["admission.decision_limit"]
    assert (decision.before.value, decision.after.value) == (60, 45)
    assert (decision.after.certainty, decision.after.last_known, decision.after.basis) == ("unconfirmed", True, None)
    assert decision.after.document.id == "qd-20-2026"
    assert {change.parameter.series for change in changes.values()} >= {"regulation"}
    assert between_days(load(), day("2025-08-01"), day("2025-08-02")) == []


def finding(case: str, rule: str, due: str | None = None) -> Finding:
    """A finding of which only case, rule and day matter."""
    return Finding(case, "", None, rule, "due", day(due) if due else None, None, None, "d", None, "read", "")


def test_findings() -> None:
    """Findings go, come, change and stay by case and rule."""
    before = [finding("2", "b"), finding("1", "a"), finding("1", "c", "2025-01-01"), finding("1", "d")]
    after = [finding("1", "d"), finding("3", "a"), finding("1", "c", "2025-01-02")]
    found = compare_findings(before, after)
    assert [(f.case, f.rule) for f in found.gone] == [("1", "a"), ("2", "b")]
    assert [(f.case, f.rule) for f in found.come] == [("3", "a")]
    assert [(one.due, two.due) for one, two in found.changed] == [(day("2025-01-01"), day("2025-01-02"))]
    assert [(f.case, f.rule) for f in found.same] == [("1", "d")]
