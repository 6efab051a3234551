"""Merging the workbooks of several units into one roster: what is there twice, what does not agree, who moved.

Nothing is guessed: people are joined by their code, others that may be one person only where somebody says so
(`joining`), and where two workbooks disagree the one named first holds, if that was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cases.imports.joining import PairAnswers, Settled, ask, join_pairs, who_moved, without_gone
from cases.imports.renumbering import renumbered
from cases.judging.pairs import ALIKE, Pair
from cases.values.kinds import KINDS, Kind, beside_cases, roster_of
from cases.values.masking import MASK, may_show
from cases.values.records import Record, Roster
from rules.loader.spelling.days import shown_day
from rules.loader.spelling.folding import fold

HARMLESS = {"twice", "moved", "namesake", "same_steps", "kept_twice", "joined"}
"""Kinds of clashes that nobody has to settle."""

WORDS = {
    "twice": "Trùng nguyên hồ sơ",
    "moved": "Chuyển sinh hoạt",
    "namesake": "Cùng họ tên, ngày sinh",
    "same_steps": "Cùng các bước, cùng ngày",
    "kept_twice": "Một người, hai nơi cùng giữ",
    "two_people": "Một mã, hai người",
    "joined": "Một người, theo trả lời",
    "record": "Hồ sơ khác nhau",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One workbook: its name and what it holds."""

    name: str
    roster: Roster


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing that two workbooks say something about."""

    kind: str
    key: str
    first: str
    second: str
    message: str
    open: bool = False
    """Whether it is asked of a pair of rows whether they are one person's, and nobody has answered."""

    @property
    def is_error(self) -> bool:
        """Whether somebody has to settle it before the merged workbook can be relied on."""
        return self.kind not in HARMLESS

    @property
    def title(self) -> str:
        """What kind of clash it is, in words."""
        return WORDS.get(self.kind) or f"{KINDS[self.kind].label} khác nhau"


@dataclass(slots=True)
class Merged:
    """The merged roster and what was met on the way."""

    roster: Roster
    clashes: list[Clash] = field(default_factory=list)
    recoded: Mapping[str, str] = field(default_factory=dict)
    """By workbook and old code (`tệp: HS-1`): the new code of a second bearer."""


def merge(parts: Sequence[Part], *, renumber: bool = False, answers: PairAnswers | None = None) -> Merged:
    """Merge workbooks; where they disagree, the first one holds. Raises `UnknownName` for an answer about no pair.

    A code that two people bear stays the first one's: with ``renumber`` the second is given another, with her unit
    before it; without, she is not in the merged roster, which is then not to be relied on.
    """
    clashes: list[Clash] = []
    recoded: dict[str, str] = {}
    if renumber:
        apart, recoded = renumbered([(part.name, part.roster) for part in parts], _same_person)
        parts = [Part(name, roster) for name, roster in apart]
    records, renamed = _records(parts, clashes)
    joined = _of_pairs(records, answers or PairAnswers(), clashes)
    things: dict[str, Iterable[Any]] = {
        kind.name: _united(parts, kind, clashes) if _is_one(kind) else _all(parts, kind, left_out=renamed)
        for kind in beside_cases()
    }
    whole = roster_of({**things, "case": list(joined.records.values())})
    return Merged(without_gone(whole, joined.gone), clashes, recoded)


def _is_one(kind: Kind) -> bool:
    """Whether two workbooks that have a thing of the same key speak of the same thing: a unit, a target …"""
    return kind.unique and all(len(names) == 1 for names in kind.key)


Found = dict[str, tuple[str, Record]]


def _records(parts: Sequence[Part], clashes: list[Clash]) -> tuple[Found, set[tuple[str, str]]]:
    """The records by code, each with the workbook it is from, and the (workbook, code) of people left out."""
    found: Found = {}
    left_out: set[tuple[str, str]] = set()
    for part in parts:
        for record in part.roster.records:
            if record.code not in found:
                found[record.code] = part.name, record
                continue
            name, other = found[record.code]
            clash, kept = _compare(name, other, part.name, record)
            clashes.append(clash)
            found[record.code] = name, kept
            if clash.kind == "two_people":
                left_out.add((part.name, record.code))
    return found, left_out


def _compare(first: str, a: Record, second: str, b: Record) -> tuple[Clash, Record]:
    """What two records of one code are to each other, and the record that stays."""

    def clash(kind: str, message: str) -> Clash:
        return Clash(kind, a.code, first, second, message)

    who = f"{a.code} {a.fields.get('full_name', '')}"
    if a == b:
        return clash("twice", f"{who}: có nguyên trong hai tệp, tính một lần."), a
    if not _same_person(a, b):
        other = f"{b.fields.get('full_name', '')}, sinh {_day(b.fields.get('born_on'))}"
        born = _day(a.fields.get("born_on"))
        return clash("two_people", f"{who}, sinh {born} và {other} cùng mã {a.code}; đổi mã một người."), a
    if (found := who_moved(a, b)) is not None and (moved := found[0].moved) is not None:
        said = f"{who}: chuyển từ {moved[0]} đến {moved[1]}, tính một người ở hai nơi."
        return clash("moved", said), found[0].record
    names = sorted(name for name in a.fields.keys() | b.fields.keys() if a.fields.get(name) != b.fields.get(name))
    shown = "; ".join(
        f"{name}: {_day(a.fields.get(name))} / {_day(b.fields.get(name))}"
        if may_show(a.code, (name,))
        else f"{name}: {MASK}"
        for name in names[:6]
    )
    return clash("record", f"{who}: {shown or 'các bước khác nhau'}."), a


def _same_person(a: Record, b: Record) -> bool:
    names = [fold(str(record.fields.get("full_name", ""))) for record in (a, b)]
    born = [record.fields.get("born_on") for record in (a, b)]
    return names[0] == names[1] and (born[0] == born[1] or None in born)


def _day(value: object) -> str:
    if isinstance(value, date):
        return shown_day(value)
    return "trống" if value is None else str(value)


def _of_pairs(records: Found, answers: PairAnswers, clashes: list[Clash]) -> Settled:
    """The records with the answers about rows that may be one person's; what is open is asked, what is settled told."""
    part = {record.code: name for name, record in records.values()}
    joined, still_open = join_pairs((record for _, record in records.values()), part, answers)

    def clash(pair: Pair, said: str, *, open_: bool) -> Clash:
        who = f"{pair.other.fields.get('full_name')}, sinh {_day(pair.other.fields.get('born_on'))}"
        message = f"{who}: mã {pair.one.code} và {pair.other.code} {said}."
        kind = _ONE_PERSON[pair.why] if open_ else "joined"
        return Clash(kind, pair.other.code, part[pair.one.code], part[pair.other.code], message, open=open_)

    clashes += [
        clash(pair, f"({ALIKE[pair.why]}); có phải một người? {ask(pair)[:-1]}", open_=True) for pair in still_open
    ]
    clashes += [clash(pair, said, open_=False) for pair, said in joined.told]
    return joined


_ONE_PERSON = {"person_code": "kept_twice", "name_and_birth": "namesake", "steps": "same_steps"}


def _united(parts: Sequence[Part], kind: Kind, clashes: list[Clash]) -> tuple[Any, ...]:
    """The things of all workbooks by their key; a different one of the same key clashes."""
    found: dict[tuple[Any, ...], tuple[str, Any]] = {}
    for part in parts:
        for thing in kind.of(part.roster):
            name, other = found.setdefault(kind.identity_of(thing), (part.name, thing))
            if other != thing:
                values = [value for _, value in kind.identity_of(thing)]
                period = " – ".join(shown_day(value) for value in values if isinstance(value, date))
                key = " ".join([*(str(value) for value in values if not isinstance(value, date)), period]).strip()
                message = f"{key}: “{name}” và “{part.name}” ghi khác nhau."
                clashes.append(Clash(kind.name, key, name, part.name, message))
    return tuple(thing for _, thing in found.values())


def _all(parts: Sequence[Part], kind: Kind, left_out: set[tuple[str, str]]) -> tuple[Any, ...]:
    """The things of all workbooks, each that two have alike once; those of people left out are left out."""
    found: dict[Any, None] = {}
    owner = next((name for name, named in kind.names.items() if named == "case"), None)
    for part in parts:
        own: dict[Any, int] = {}
        for thing in kind.of(part.roster):
            if owner is not None and (part.name, getattr(thing, owner)) in left_out:
                continue
            # Two learners of one class may bear the same name: within one workbook both count.
            own[thing] = own.get(thing, 0) + 1
            found.setdefault((thing, own[thing]), None)
    return tuple(thing for thing, _ in found)
