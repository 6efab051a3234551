"""Receipts: what a report was asked, what its figures rested on, and the figures themselves, as a small JSON file.

A receipt names nobody: figures, codes of cases and hashes. With the log it says later what was known when it was made.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases.history.snapshots import flatten
from cases.values.apart import apart, content_of
from cases.values.kinds import beside_cases
from cases.values.refusals import BadFile
from rules.loader.rules import HERE
from rules.loader.spelling.days import stored_day

if TYPE_CHECKING:
    from cases.values.records import Roster
    from rules.loader.overlays import Confirmation

FORM = 1
"""The form of the file; a later form gets another number."""

MOST_BYTES = 50_000_000
"""Of a receipt; one with every figure of 100,000 cases has a fifth of it."""

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: the command with everything that its figures depend on."""

    command: str
    as_of: dt.date
    known_on: dt.date | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    unit: str | None = None
    law: dt.date | None = None
    overlays: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    """The readings chosen for statistics, as `name=choice`."""
    form: str | None = None
    """The form that was filled."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the cases were from: the last write of a store with its hash, or a file with its own."""

    batch: str | None
    head: str
    file: str | None = None
    store: str | None = None
    number: int | None = None
    """The number of the last write of that store."""
    code: str | None = None
    """The code that the user's key gives to all of this; None for a file, and for a user without a key."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is kept of an answer."""

    question: Asked
    source: Source
    rules: str
    state: str
    figures: Figures
    made_at: str
    program: str


class NoReceipt(BadFile):
    """The file is no receipt of ours, or one that somebody has altered by hand."""

    problem = "không phải là biên nhận của dubi, hoặc đã bị sửa."
    advice = "Chọn tệp đã ghi bằng --receipt."


@cache
def rules_hash(overlays: tuple[Path, ...] = (), confirmed: Iterable[Confirmation] = ()) -> str:
    """The hash of the law, the rules, the indicators and what the office has read: all that an answer rests on."""
    digest = hashlib.sha256()
    files = sorted(path for path in HERE.rglob("*.yaml"))
    for path in (*files, *overlays):
        name = path.relative_to(HERE).as_posix() if path.is_relative_to(HERE) else path.name
        digest.update(f"{name}\n{len(path.read_bytes())}\n".encode())
        digest.update(path.read_bytes())
    for one in sorted(confirmed, key=lambda one: (one.parameter, one.document)):
        digest.update(f"{one.parameter}\n{one.document}\n{one.value}\n{one.clause}\n".encode())
    return digest.hexdigest()


def state_hash(roster: Roster) -> str:
    """The hash of everything a roster says."""
    state = StateHash()
    for record in roster.records:
        state.take(record)
    return state.with_beside(roster)


class StateHash:
    """The hash of everything a roster says, taken record by record, so that none has to be kept."""

    def __init__(self) -> None:
        """Begin with no record."""
        self._digest = hashlib.sha256()

    def take(self, thing: Any) -> None:
        """Let the next thing count."""
        self._digest.update(_SORTED(flatten(thing)).encode())

    def with_beside(self, roster: Roster) -> str:
        """The hash of the records that were taken, and of what a roster has beside its own."""
        for kind in beside_cases():
            if not kind.is_left_out(roster):
                self._digest.update(b"\n")
                for thing in kind.of(roster):
                    self.take(thing)
        self._digest.update(b"\n")
        return self._digest.hexdigest()


_SORTED = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


def file_hash(path: Path) -> str:
    """The hash of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def as_text(receipt: Receipt) -> str:
    """The receipt as the text of its file."""
    return json.dumps(_sealed(receipt), ensure_ascii=False, indent=1, default=str) + "\n"


def as_line(receipt: Receipt) -> str:
    """The receipt as a line of the log keeps it."""
    return json.dumps(_sealed(receipt), ensure_ascii=False, default=str)


def _sealed(receipt: Receipt) -> dict[str, Any]:
    values = {"receipt": FORM, **asdict(receipt)}
    return {**values, "seal": _seal(values)}


def _seal(values: Mapping[str, Any]) -> str:
    """A hash over the rest, so that a figure altered by hand is not taken for the answer."""
    said = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def read_receipt(path: Path) -> Receipt:
    """The receipt of a file; raises `NoReceipt`."""
    return apart(path, _read)


def _read(path: Path) -> Receipt:
    try:
        return receipt_of(content_of(path, MOST_BYTES))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise NoReceipt(path) from error


def receipt_of(text: str | bytes) -> Receipt:
    """The receipt that a text says; raises `ValueError`, `KeyError`, `TypeError` or `AttributeError` for any other."""
    values = json.loads(text)
    seal = values.pop("seal")
    if values.pop("receipt") != FORM or seal != _seal({"receipt": FORM, **values}):
        raise ValueError("not sealed")
    question = values.pop("question")
    days = {name: stored_day(question[name]) for name in ("known_on", "start", "end", "law")}
    asked = Asked(
        str(question["command"]),
        stored_day(question["as_of"]),
        days["known_on"],
        days["start"],
        days["end"],
        question["unit"],
        days["law"],
        tuple(question["overlays"]),
        tuple(question.get("settings", ())),
        question.get("form"),
    )
    return Receipt(asked, Source(**values.pop("source")), **values)
