"""What contradicts itself in all the records of a source, kind by kind: told by `check` and `doctor` alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from cases.judging.doubts import CATALOGUE
from cases.judging.judging import doubts_about, doubts_about_course, doubts_about_unit
from cases.judging.pairs import ALIKE, pairs

if TYPE_CHECKING:
    import datetime as dt

    from cases.values.records import Roster

ONE_PERSON = (
    "Là hai người thì để nguyên. Là một người: ghi cùng Mã người cho cả hai, nơi cũ ghi ngày chuyển đi; "
    "hoặc nhập làm một: dubi case join MÃ MÃ"
)
"""What to do about two rows that may be one person's."""
_FEW = 5


class Met(NamedTuple):
    """One kind of contradiction: what is wrong, in which cases, and what to do."""

    said: str
    todo: str


def contradictions(roster: Roster, today: dt.date) -> Iterator[Met]:
    """The cases that contradict themselves, in the words of the one catalogue and in its order."""
    units = {unit.code: unit for unit in roster.units}
    found: dict[str, list[str]] = {}
    for record in roster.records:
        for code in dict.fromkeys(one.code for one in doubts_about(record, today, units) if one.at("doctor")):
            found.setdefault(code, []).append(record.code)
    for course in roster.courses:
        for doubt in doubts_about_course(course):
            found.setdefault(doubt.code, []).append(course.code)
    for unit in roster.units:
        for doubt in doubts_about_unit(unit):
            found.setdefault(doubt.code, []).append(unit.code)
    if not any(record.fields.keys() & {"moved_to", "moved_from"} for record in roster.records):
        found.pop("place_missing", None)  # nobody here keeps the places of moves
    for code, words in CATALOGUE.items():
        if codes := found.get(code):
            yield Met(f"{words.title}: {len(codes)} hồ sơ: {_few(codes, ', ')}", words.todo)


def pairs_met(roster: Roster) -> Iterator[Met]:
    """Pairs of rows that may be one person's, by what they have in common."""
    found = list(pairs(roster.records))
    for why, words in ALIKE.items():
        of_kind = [f"{pair.one.code} và {pair.other.code}" for pair in found if pair.why == why]
        if of_kind:
            said = f"Có thể một người ở hai hồ sơ ({words}): {len(of_kind)} cặp: {_few(of_kind, '; ')}"
            yield Met(said, ONE_PERSON)


def _few(names: list[str], between: str) -> str:
    return between.join(names[:_FEW]) + (" …" if len(names) > _FEW else "")
