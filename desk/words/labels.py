"""What findings and cases are called: labels from the code lists, and how a citation is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desk.words.spelling import on_screen
from reports.lists.citing import citation as citation
from reports.lists.citing import document_number
from reports.lists.citing import title_of as title_of
from rules.loader import vocabulary
from rules.loader.spelling.folding import fold

if TYPE_CHECKING:
    from cases.values.records import Unit
    from desk.question import Question
    from desk.source import Place
    from engine.findings import Finding
    from engine.language.tree import Scalar
    from rules.loader.law import InForce, Parameter

CALENDAR = "lịch nghỉ lễ của những năm chưa công bố"
DOUBTS = {"unconfirmed": "*", "secondary": "°"}
"""The marks of what does not rest on a text that was read."""


def label(codes: str, code: str | None) -> str:
    """The Vietnamese word for a code of a list; a dash where there is none."""
    return "–" if code is None else vocabulary.load().codes[codes].get(code, code)


def slug(text: str) -> str:
    """Words as they are typed in a command: small letters without diacritics, joined by hyphens."""
    return "-".join(re.findall("[a-z0-9]+", fold(text)))


def named(text: str, labels: Mapping[str, str]) -> str:
    """The code that a text names by itself or by the words of its label, where only one has these; else the text."""
    if text in labels:
        return text
    meant = [code for code, label in labels.items() if slug(label) == text]
    meant = meant or [code for code, label in labels.items() if slug(label).startswith(f"{text}-")]
    return meant[0] if len(meant) == 1 else text


def fact_label(name: str) -> str:
    """The Vietnamese name of a fact, or of the calendar where that is what is missing."""
    facts = vocabulary.load().facts
    return facts[name].label if name in facts else CALENDAR


def fact_value(name: str, value: Scalar | None) -> str:
    """The value of a fact as people read it."""
    from engine.findings import show

    known = vocabulary.load()
    codes = known.facts[name].codes
    return show(value, known.codes[codes] if codes else None)


def indicator_label(name: str) -> str:
    """What an indicator counts, in words; raises `KeyError` for one that nobody knows."""
    from rules.loader import indicators  # a list of work is shown without them

    return indicators.load()[name].label


def indicator_time(name: str) -> str | None:
    """Whether an indicator that is typed in is of a period or of a day; None where it is counted."""
    from rules.loader import indicators

    return indicators.load()[name].typed


def rule_titles(question: Question) -> dict[str, str]:
    """The title of each rule that a question is judged by, those of its overlays included."""
    return {name: rule.title for name, rule in question.ruleset.rules.items()}


def marked_citation(document: str, clause: str | None, certainty: str) -> str:
    """Document and clause, marked where they are not sure."""
    return citation(document, clause) + DOUBTS.get(certainty, "")


def in_force(entry: InForce, parameter: Parameter) -> str:
    """What a clause says, where it stands and how sure that is."""
    from engine.language.law_words import amount

    place = citation(entry.version.document.id, entry.version.clause)
    sure = label("certainty", entry.certainty)
    if entry.last_known:
        sure += f"; {document_number(entry.document.id)} đang có hiệu lực nhưng chưa rõ quy định, dùng giá trị gần nhất"
    return f"{parameter.title}: {amount(entry.value, parameter.unit)} — {place} ({sure})"


def doubts(certainties: set[str]) -> list[str]:
    """What the marks mean, for those that occur."""
    return [f"{mark} {label('certainty', certainty)}" for certainty, mark in DOUBTS.items() if certainty in certainties]


def whom(unit: str | None, units: Iterable[Unit]) -> str:
    """The unit that was asked for, with its name."""
    if unit is None:
        return "tất cả đơn vị"
    names = {known.code: known.name for known in units}
    return " ".join(filter(None, [unit, names.get(unit)]))


def heading(question: Question, place: Place, about: str | None = None) -> list[str]:
    """The lines above every answer: the day, where the cases are from, what it is about, and the law asked for."""
    source = f"tệp {place}" if isinstance(place, Path) else "kho"
    lines = [" · ".join(filter(None, [f"Tính đến ngày {on_screen(question.as_of)}", source, about]))]
    if question.known_on is not None:
        lines.append(f"Chỉ dựa vào những gì đã ghi vào kho đến hết ngày {on_screen(question.known_on)}.")
    if question.law is not None:
        lines.append(f"Xét theo quy định có hiệu lực ngày {on_screen(question.law)}, không theo ngày của từng bước.")
    lines += [f"Có xét thêm quy định riêng: {name}." for name in dict.fromkeys(question.overlays)]
    return lines


def by_urgency(findings: Sequence[Finding]) -> list[Finding]:
    """Findings in the order in which somebody works through them: unit by unit, the latest first."""
    return sorted(findings, key=lambda found: (found.unit or "", -(found.days_late or 0), found.case, found.rule))
