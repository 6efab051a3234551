"""Two rows of different workbooks that may be one person's: asked about, and settled as somebody has answered.

One person who moved becomes one record with a stay in each unit; one of whom no move is written stays in two rows that
`Mã người` links, and is counted once; or one row stands and takes in what only the other has. Nothing is joined
unasked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cases.changes.joining import Joined as OneDossier
from cases.changes.joining import joined, move_between, stayed
from cases.imports.renumbering import recoded
from cases.judging.pairs import pairs
from cases.values.kinds import beside_cases
from cases.values.records import Record, Roster
from rules.loader import vocabulary
from rules.loader.errors import UnknownName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.judging.pairs import Pair


@dataclass(frozen=True, slots=True)
class PairAnswers:
    """What somebody has said of pairs of rows: `same`, `other`, or the code of the row that stands."""

    of: Mapping[frozenset[str], str] = field(default_factory=dict)
    everybody: str | None = None
    """`same` or `other`, for every pair about which nothing else was said."""

    def said(self, pair: Pair) -> str | None:
        """What was said of a pair; None where nobody said anything."""
        return self.of.get(frozenset((pair.one.code, pair.other.code)), self.everybody)


def ask(pair: Pair) -> str:
    """How a pair is answered."""
    both = f"{pair.one.code}+{pair.other.code}"
    quoted = f'"{both}' if " " in both else both
    end = '"' if " " in both else ""
    return (
        f"Một người: --pair {quoted}=cung{end}; hai người: --pair {quoted}=khac{end}; "
        f"giữ một hồ sơ: --pair {quoted}={pair.one.code}{end}."
    )


@dataclass(slots=True)
class Settled:
    """The records after the answers."""

    records: dict[str, Record]
    gone: dict[str, str] = field(default_factory=dict)
    """By the code of a row that is there no more: the code of the one it went into."""
    told: list[tuple[Pair, str]] = field(default_factory=list)
    """The pairs that were settled, each with what became of it."""
    known: Collection[str] = frozenset()
    """The codes that a store has: of two rows made one, theirs stays, whichever row stands."""

    def settle(self, pair: Pair, answer: str) -> None:
        """Join a pair, or let one of its rows stand."""
        one, other = (self.records[self._stands(each.code)] for each in (pair.one, pair.other))
        if one is other:
            return
        if answer == "other":
            self._part(one, other)
            return
        if answer != "same":
            keep, gone = (one, other) if answer == one.code else (other, one)
            self._put(pair, joined(keep, gone), gone.code, f"một người, giữ hồ sơ {answer}")
        elif (found := who_moved(one, other)) is not None:
            dossier, left = found
            source, target = dossier.moved or (self.records[left].fields["unit"], dossier.record.fields["unit"])
            kept = left if left in self.known else dossier.record.code
            said = f"một người chuyển từ {source} đến {target}, thành một hồ sơ {kept}"
            self._put(pair, dossier, left, said)
        else:
            self._link(one, other)
            self.told.append((pair, "một người, hai dòng nối bằng Mã người, tính một lần"))

    def _put(self, pair: Pair, dossier: OneDossier, gone: str, said: str) -> None:
        """One dossier in the place of two; what the second says differently is told, and is not in it."""
        record = dossier.record
        if gone in self.known:
            gone, record = record.code, replace(record, code=gone, fields={**record.fields, "code": gone})
        del self.records[gone]
        self.records[record.code] = record
        self.gone[gone] = record.code
        named = vocabulary.load().facts
        differ = ", ".join(dict.fromkeys(named[one.field].label for one in dossier.left if one.field in named))
        self.told.append((pair, f"{said}{f'; khác nhau, lấy theo hồ sơ giữ lại: {differ}' if differ else ''}"))

    def _stands(self, code: str) -> str:
        while code in self.gone:
            code = self.gone[code]
        return code

    def _part(self, one: Record, other: Record) -> None:
        """Two people: what linked them goes."""
        if one.fields.get("person_code", one.code) == other.fields.get("person_code", other.code):
            linked = one if "person_code" in one.fields and one.fields["person_code"] == other.code else other
            fields = {name: value for name, value in linked.fields.items() if name != "person_code"}
            self.records[linked.code] = replace(linked, fields=fields)

    def _link(self, one: Record, other: Record) -> None:
        person = one.fields.get("person_code") or other.fields.get("person_code") or one.code
        for record in (one, other):
            self.records[record.code] = replace(record, fields={**record.fields, "person_code": person})


def join_pairs(
    records: Iterable[Record], across: Mapping[str, str], answers: PairAnswers
) -> tuple[Settled, list[Pair]]:
    """Settle what was answered of the rows of different workbooks; gives the pairs that are still open.

    ``across`` says from which workbook each code is. Raises `UnknownName` for a pair that there is not.
    """
    settled = Settled({record.code: record for record in records})
    found = [one for one in pairs(settled.records.values()) if across[one.one.code] != across[one.other.code]]
    known = {frozenset((pair.one.code, pair.other.code)) for pair in found}
    for asked in answers.of:
        if asked not in known:
            said = " và ".join(sorted(asked))
            raise UnknownName(f"Không có cặp {said} nào cần trả lời. Chạy dubi merge không có --pair để xem các cặp.")
    still_open = []
    for pair in found:
        answer = answers.said(pair)
        if answer is None:
            still_open.append(pair)
        else:
            settled.settle(pair, answer)
    return settled, still_open


def without_gone(roster: Roster, gone: Mapping[str, str]) -> Roster:
    """A roster in which all that named a row that is there no more names the one it went into, each thing once."""
    if not gone:
        return roster
    known = {code: _last(code, gone) for code in gone}
    named = recoded(roster, known)
    once: dict[str, Any] = {
        kind.things: tuple(dict.fromkeys(kind.of(named))) for kind in beside_cases() if "case" in kind.names.values()
    }
    return replace(named, **once)


def _last(code: str, gone: Mapping[str, str]) -> str:
    while code in gone:
        code = gone[code]
    return code


def who_moved(one: Record, other: Record) -> tuple[OneDossier, str] | None:
    """One dossier for somebody who left the unit of one row and came to that of the other, and which code is gone.

    One of the two may have both stays already.
    """
    for keep, gone in ((other, one), (one, other)):
        if stayed(keep, gone.fields.get("unit")) or move_between(gone, keep) is not None:
            return joined(keep, gone), gone.code
    return None
