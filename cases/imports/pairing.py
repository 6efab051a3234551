"""Rows of a file that may be another row's or a stored dossier's person: asked about, and settled as in merging.

What nobody has answered stays two dossiers: those that `Mã người` links are counted once, others are two people.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from cases.changes.whole_cases import completed
from cases.history.snapshots import flatten
from cases.imports.cells import cells_of
from cases.imports.comparing import settle
from cases.imports.joining import Settled, ask, who_moved, without_gone
from cases.imports.laying import Change
from cases.judging.pairs import ALIKE, pairs
from cases.values.kinds import KINDS, beside_cases
from rules.loader.errors import UnknownName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.judging.pairs import Pair
    from cases.rosters import Answers, RosterPreview, RowOutcome
    from cases.values.records import Record, Roster


@dataclass(frozen=True, slots=True)
class PairMet:
    """Two rows that may be one person's, one of which the file brings; ``said`` is what became of them."""

    pair: Pair
    row: int
    said: str | None
    """None where nobody has answered."""
    can_join: bool = True
    """Whether the file can make one dossier of them: not of two that the store has."""

    @property
    def question(self) -> str:
        """What is asked, in words."""
        names = [one.fields.get("full_name", "") for one in (self.pair.one, self.pair.other)]
        one, other = (f"{row.code} {name}" for row, name in zip((self.pair.one, self.pair.other), names, strict=True))
        return f"{one} và {other}: {ALIKE[self.pair.why]}; có phải một người?"

    @property
    def how(self) -> str:
        """How it is answered at a command."""
        both = f"{self.pair.one.code} {self.pair.other.code}"
        return ask(self.pair) if self.can_join else f"Nhập làm một: dubi case join {both}"

    def as_json(self) -> dict[str, Any]:
        """The form for programs."""
        return {
            "codes": [self.pair.one.code, self.pair.other.code],
            "why": self.pair.why,
            "row": self.row,
            "open": self.said is None,
            "said": self.said,
            "message": self.question if self.said is None else self.said,
        }

    def __str__(self) -> str:
        if self.said is not None:
            return f"Dòng {self.row}: {self.pair.one.code} và {self.pair.other.code}: {self.said}"
        return f"Dòng {self.row}: {self.question}"


@dataclass(frozen=True, slots=True)
class Paired:
    """What the store is to hold after the answers about pairs."""

    roster: Roster
    met: tuple[PairMet, ...]
    changes: tuple[Change, ...]
    """What becomes otherwise of stored dossiers by that."""


def settle_pairs(preview: RosterPreview, laid: Roster, stored: Roster, answers: Answers) -> Paired:
    """Settle what was answered of pairs; raises `UnknownName` for an answer about a pair that there is not."""
    before = {record.code: record for record in stored.records}
    after = {**before, **{record.code: record for record in laid.records}}
    row_of = {row.record.code: row for row in preview.rows if row.record is not None}
    settled = Settled(dict(after), known=before.keys())
    met = []
    for pair in pairs(after.values()):
        brought = next((row_of[one.code] for one in (pair.other, pair.one) if _brings(one, row_of, before)), None)
        if brought is None:
            continue
        can_join = not {pair.one.code, pair.other.code} <= before.keys()
        answer = _answer(pair, brought, before, answers)
        told = len(settled.told)
        if answer is not None and (can_join or answer == "other" or (answer == "same" and not _moved(pair))):
            settled.settle(pair, answer)
            said = settled.told[-1][1] if len(settled.told) > told else None if answer != "other" else "hai người"
            met.append(PairMet(pair, brought.row, said or "một người, đã nối", can_join))
        else:
            met.append(PairMet(pair, brought.row, None, can_join))
    _require_pairs(answers, met, preview)
    roster = _with_settled(laid, stored, settled)
    changes = tuple(_changes(after, before, settled, met))
    return Paired(roster, tuple(met), changes)


def _brings(one: Record, row_of: dict[str, RowOutcome], before: dict[str, Record]) -> bool:
    return one.code in row_of and before.get(one.code) != one


def _moved(pair: Pair) -> bool:
    return who_moved(pair.one, pair.other) is not None


def _answer(pair: Pair, brought: RowOutcome, before: dict[str, Record], answers: Answers) -> str | None:
    """What was said of a pair, by its codes or by the row that brings it.

    The same steps alone make nobody one person with everybody else, and rows that `Mã người` links are not taken apart
    by what is said of a row: there only an answer of their own does.
    """
    said = answers.pair(pair.one.code, pair.other.code)
    if said is not None or pair.why == "person_code" or brought.record is None or brought.record.code in before:
        return said
    person = answers.person(brought.row, brought.block)
    for_all = person == "same" and person == answers.everybody
    return None if pair.why == "steps" and for_all else person


def _require_pairs(answers: Answers, met: list[PairMet], preview: RosterPreview) -> None:
    known = {frozenset((one.pair.one.code, one.pair.other.code)) for one in met}
    for asked in answers.pairs:
        if asked not in known:
            said = " và ".join(sorted(asked))
            raise UnknownName(
                f"Không có cặp {said} nào cần trả lời trong tệp “{preview.file.name}”. "
                "Xem trước không có --pair để thấy các cặp."
            )


def _with_settled(laid: Roster, stored: Roster, settled: Settled) -> Roster:
    """The roster with the dossiers as they were settled; what named a row that is no more completes what is there."""
    own = {record.code: record for record in laid.records}
    before = {record.code: record for record in stored.records}
    records = tuple(record for code, record in settled.records.items() if code in own or before.get(code) != record)
    roster = without_gone(replace(laid, records=records), settled.gone)
    if not settled.gone:
        return roster
    heirs = set(settled.gone.values())
    things: dict[str, Any] = {}
    for kind in beside_cases():
        owner = next((name for name, named in kind.names.items() if named == "case"), None)
        if owner is None:
            continue
        there = {kind.identity_of(thing): thing for thing in kind.of(stored) if getattr(thing, owner) in heirs}
        things[kind.things] = tuple(
            completed(kind, there[kind.identity_of(thing)], thing) if kind.identity_of(thing) in there else thing
            for thing in kind.of(roster)
        )
    return replace(roster, **things)


def _changes(
    after: dict[str, Record], before: dict[str, Record], settled: Settled, met: list[PairMet]
) -> Iterator[Change]:
    """What settling made otherwise of dossiers that are stored, value by value."""
    rows = {code: one.row for one in met for code in (one.pair.one.code, one.pair.other.code)}
    kind = KINDS["case"]
    for code, record in settled.records.items():
        if code not in before or record == after[code]:
            continue
        old, new = (cells_of(flatten(one)) for one in (after[code], record))
        key = kind.identity_of(record), 1
        made = partial(Change, kind, code, str(record.fields.get("full_name", "")) or None, rows.get(code))
        for found in settle(old, new, old, "file", lambda _: True).differences:
            yield made(found, key)
