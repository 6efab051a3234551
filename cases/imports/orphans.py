"""What of a workbook cannot be stored because the row that it names was not taken: it stays out, and is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cases.workbook import schema as layout

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.values.records import Roster
    from cases.workbook.schema import Sheet


def without_orphans(roster: Roster, stored: Roster) -> tuple[Roster, tuple[str, ...]]:
    """The roster without what names a case or a class that is neither in it nor stored, and a line for each."""
    cases = {record.code for record in (*stored.records, *roster.records)}
    courses = {course.code for course in (*stored.courses, *roster.courses)}

    def missing(course: str | None, case: str | None) -> str | None:
        if course is not None and course not in courses:
            return f"lớp {course}"
        return None if case is None or case in cases else f"hồ sơ {case}"

    lacking = [(one, missing(one.course, one.case)) for one in roster.enrolments]
    measures = [(one, missing(None, one.case)) for one in roster.disciplines]
    kept = replace(
        roster,
        enrolments=tuple(one for one, what in lacking if what is None),
        disciplines=tuple(one for one, what in measures if what is None),
    )
    names = [what for _, what in lacking], [what for _, what in measures]
    return kept, (*_told(layout.ENROLMENTS, names[0]), *_told(layout.DISCIPLINES, names[1]))


def _told(sheet: Sheet, missing: Iterable[str | None]) -> list[str]:
    return [f"Sheet “{sheet.name}”: chưa nhập dòng của {what}, vì {what} chưa vào kho." for what in missing if what]
