"""What findings and cases are called on the screen: labels from the code lists, and how a citation is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cli.screen.output import on_screen
from reports.lists.citing import citation
from rules.loader import vocabulary

if TYPE_CHECKING:
    from cases.values.records import Unit
    from engine.findings import Finding

CALENDAR = "lịch nghỉ lễ của những năm chưa công bố"
DOUBTS = {"unconfirmed": "*", "secondary": "°"}
"""The marks of what does not rest on a text that was read."""


def label(codes: str, code: str | None) -> str:
    """The Vietnamese word for a code of a list; a dash where there is none."""
    return "–" if code is None else vocabulary.load().codes[codes].get(code, code)


def fact_label(name: str) -> str:
    """The Vietnamese name of a fact, or of the calendar where that is what is missing."""
    facts = vocabulary.load().facts
    return facts[name].label if name in facts else CALENDAR


def marked_citation(document: str, clause: str | None, certainty: str) -> str:
    """Document and clause, marked where they are not sure."""
    return citation(document, clause) + DOUBTS.get(certainty, "")


def doubts(certainties: set[str]) -> list[str]:
    """What the marks mean, for those that occur."""
    return [f"{mark} {label('certainty', certainty)}" for certainty, mark in DOUBTS.items() if certainty in certainties]


def whom(unit: str | None, units: Iterable[Unit]) -> str:
    """The unit that was asked for, with its name."""
    if unit is None:
        return "tất cả đơn vị"
    names = {known.code: known.name for known in units}
    return " ".join(filter(None, [unit, names.get(unit)]))


def heading(
    as_of: dt.date,
    law: dt.date | None,
    file: Path | None,
    about: str | None = None,
    overlays: Iterable[Path] = (),
    known_on: dt.date | None = None,
) -> list[str]:
    """The lines above every answer: the day, where the cases are from, what it is about, and the law asked for."""
    parts = [f"Tính đến ngày {on_screen(as_of)}", f"tệp {file}" if file else "kho", about]
    lines = [" · ".join(filter(None, parts))]
    if known_on is not None:
        lines.append(f"Chỉ dựa vào những gì đã ghi vào kho đến hết ngày {on_screen(known_on)}.")
    if law is not None:
        lines.append(f"Xét theo quy định có hiệu lực ngày {on_screen(law)}, không theo ngày của từng bước.")
    lines += [f"Có xét thêm quy định riêng: {overlay.stem}." for overlay in overlays]
    return lines


def by_urgency(findings: Sequence[Finding]) -> list[Finding]:
    """Findings in the order in which somebody works through them: unit by unit, the latest first."""
    return sorted(findings, key=lambda found: (found.unit or "", -(found.days_late or 0), found.case, found.rule))
