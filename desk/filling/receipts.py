"""The desk's memory: an answer with its receipt, the same answer given again later, and what has moved it since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from cases.history.receipts import Asked, Figures, Receipt, as_text, file_hash, rules_hash, state_hash
from cases.history.receipts import read_receipt as read_receipt
from cases.history.replay import State, replayed
from cases.history.reported import mark
from cases.log.batches import START, Head, LoggedBatch, LoggedChange, earlier_heads, read_batches, read_changes
from cases.store.connection import querying
from cases.store.held.anchoring import code
from cases.store.overlay_choice import confirmations
from cases.values.records import Roster
from cases.values.whole_file import whole_file
from desk.answers.checking import check, figures_of_check
from desk.counting.ledgers import statistics
from desk.counting.statistics import figures_of_stats
from desk.filling.forms import figures_again
from desk.question import Question, overlay_files
from desk.source import Opened, Place, open_roster
from reports.forms import form_loader
from rules.loader.errors import BadQuestion, DubiError, StoreProblem
from rules.loader.overlays import Confirmation

SENT = ("stats", "report")
"""The commands whose figures are those of a period, which is what a unit reports."""
MOST_EVALUATIONS = 120
"""As often a question is asked again while looking for the changes that moved its figures."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure that is not what it was."""

    name: str
    then: object
    now: object


@dataclass(frozen=True, slots=True)
class Mover:
    """A recorded change that moved figures; a run of changes, from ``batch`` on, where there are too many to tell."""

    batch: LoggedBatch
    changes: tuple[LoggedChange, ...]
    figures: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """What has become of an answer."""

    receipt: Receipt
    same_rules: bool
    found: bool
    """Whether the state that the receipt names can still be shown: the file, or the write in the log."""
    not_reproduced: tuple[Moved, ...] = ()
    """Figures that come out otherwise from what was known then."""
    moved: tuple[Moved, ...] = ()
    """Figures that come out otherwise from what is known now."""
    movers: tuple[Mover, ...] = field(default=())
    marked_here: bool | None = None
    """Whether the code of the receipt is of this user's key; None where there is no code, or no key to tell by."""

    @property
    def holds(self) -> bool:
        """Whether the answer can be given again, and is today's answer too."""
        return self.found and not self.not_reproduced and not self.moved

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        receipt = self.receipt
        return {
            "holds": self.holds,
            "found": self.found,
            "marked_here": self.marked_here,
            "same_rules": self.same_rules,
            "command": receipt.question.command,
            "as_of": receipt.question.as_of,
            "made_at": receipt.made_at,
            "not_reproduced": [_moved_json(one) for one in self.not_reproduced],
            "moved": [_moved_json(one) for one in self.moved],
            "movers": [
                {
                    "batch": mover.batch.name,
                    "who": mover.batch.who,
                    "action": mover.batch.action,
                    "keys": [change.key for change in mover.changes],
                    "figures": [_moved_json(one) for one in mover.figures],
                }
                for mover in self.movers
            ],
        }


def _moved_json(one: Moved) -> dict[str, Any]:
    return {"figure": one.name, "then": one.then, "now": one.now}


def answer(asked: Asked, roster: Roster, confirmed: tuple[Confirmation, ...] = ()) -> Figures:
    """The figures of what was asked about a roster, by what of the law the office had read."""
    if asked.command == "report":
        return figures_again(asked, roster)
    if asked.command == "check":
        question = Question(asked.as_of, law=asked.law, unit=asked.unit, overlays=asked.overlays, confirmed=confirmed)
        return figures_of_check(check(roster, question))
    assert asked.start is not None
    assert asked.end is not None
    period = asked.start, asked.end, asked.as_of
    chosen = dict(pair.split("=", 1) for pair in asked.settings)
    return figures_of_stats(statistics(roster, *period, asked.unit, settings=chosen))


class Receipted(Protocol):
    """An answer that a receipt can be given for."""

    @property
    def question(self) -> Question:
        """What was asked."""

    def asked(self) -> Asked:
        """What was asked, with everything that the figures depend on."""

    def figures(self) -> Figures:
        """The figures, each by its name."""

    def files(self) -> tuple[Path, ...]:
        """The files that they rest on besides the law."""


def make(answer: Receipted, opened: Opened, place: Place) -> Receipt:
    """The receipt of an answer about what was opened."""
    made_at = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    rules = rules_hash(answer.files(), answer.question.confirmed)
    state = state_hash(opened.roster)
    return Receipt(answer.asked(), opened.source(place), rules, state, answer.figures(), made_at, version("dubi"))


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """What became of a receipt beside its file: the line of the log that marks the report as sent."""

    marked: LoggedBatch | None
    problem: str | None = None
    """Why it could not be marked, where it is a report of a store."""


def keep(receipt: Receipt, path: Path, place: Place, who: str | None, *, replace: bool) -> KeptReceipt:
    """Write a receipt for its owner's eyes only, and mark in the store that figures of a period were sent.

    A store that can only be read is not marked, and says so. Raises `BadInput` where the file is there already, and
    `ClockDoubted`.
    """
    kept = KeptReceipt(None)
    with whole_file(path, suffix=".json", replace=replace) as draft:
        draft.write_text(as_text(receipt), encoding="utf-8", newline="\n")
        if not isinstance(place, Path) and receipt.question.command in SENT:
            try:
                kept = KeptReceipt(mark(place, receipt, who))
            except StoreProblem as error:
                kept = KeptReceipt(None, str(error))
    return kept


def files_behind(asked: Asked) -> tuple[Path, ...]:
    """The files that an answer rests on besides the law: those of its overlays, that of its form."""
    form = (form_loader.known_form(asked.form).file,) if asked.form else ()
    return (*overlay_files(asked.overlays), *form)


def verify(receipt: Receipt, *, beside: Path, place: Place) -> Verification:
    """Give the answer of a receipt again, from what was known then and from what is known now.

    A workbook is looked for ``beside`` the receipt, then where we are. Raises `UnknownName`, `StoreProblem`.
    """
    read = () if isinstance(place, Path) or receipt.source.file is not None else confirmations(place)
    same_rules = rules_hash(files_behind(receipt.question), read) == receipt.rules
    if receipt.source.file is not None:
        file = next((one for one in (beside / receipt.source.file, Path(receipt.source.file)) if one.is_file()), None)
        return _verify_file(receipt, file, same_rules=same_rules)
    if isinstance(place, Path):
        raise BadQuestion("Biên nhận này lập từ kho: kiểm lại với kho.")
    with querying(place) as execute:
        batches = read_batches(execute)
        changes = list(read_changes(execute))
    marked = _marked_here(receipt)
    known = next((one for one in batches if one.name == receipt.source.batch), None)
    heads = {START} if known is None else {known.hash, earlier_heads(batches).get(known.id)}
    if receipt.source.head not in heads:
        return Verification(receipt, same_rules, found=False, marked_here=marked)
    number = known.id if known else 0
    then_read = confirmations(place, number)
    earlier = [change for change in changes if change.batch <= number]
    later = [change for change in changes if change.batch > number]

    def ask(roster: Roster) -> Figures:
        try:
            return answer(receipt.question, roster, then_read)
        except DubiError as error:  # a unit that is not there yet, or not any more
            return {"error": str(error)}

    then = replayed(earlier)
    if state_hash(then.roster()) != receipt.state:
        return Verification(receipt, same_rules, found=False, marked_here=marked)
    again = ask(then.roster())
    now = ask(replayed(changes).roster()) if later else again
    search = _Search(ask, {batch.id: batch for batch in batches})
    movers = search.movers(then, later, again, now) if again != now else []
    return Verification(
        receipt, same_rules, True, differing(receipt.figures, again), differing(again, now), tuple(movers), marked
    )


def _marked_here(receipt: Receipt) -> bool | None:
    """Whether where the log stood was written down by this user's program, as far as this machine can tell."""
    source = receipt.source
    if source.code is None or source.store is None or source.number is None:
        return None
    mine = code(Head(source.store, source.number, source.head))
    return None if mine is None else mine == source.code


def _verify_file(receipt: Receipt, file: Path | None, *, same_rules: bool) -> Verification:
    if file is None or not file.exists() or file_hash(file) != receipt.source.head:
        return Verification(receipt, same_rules, found=False)
    again = answer(receipt.question, open_roster(file))
    return Verification(receipt, same_rules, True, differing(receipt.figures, again))


def differing(then: Figures, now: Figures) -> tuple[Moved, ...]:
    """The figures that differ; a figure that is not there is None."""
    names = dict.fromkeys([*then, *now])
    return tuple(Moved(name, then.get(name), now.get(name)) for name in names if then.get(name) != now.get(name))


class _Search:
    """Looks for the changes that moved figures by halves: a run of changes that moved nothing is not looked into."""

    def __init__(self, ask: Callable[[Roster], Figures], batches: dict[int, LoggedBatch]) -> None:
        self.ask, self.batches = ask, batches
        self.left = MOST_EVALUATIONS

    def movers(self, state: State, changes: Sequence[LoggedChange], before: Figures, after: Figures) -> list[Mover]:
        """The changes among these that moved figures, in their order; ``state`` is as before the first of them."""
        moved = differing(before, after)
        if not moved:
            return []
        if len(changes) == 1 or self.left <= 0:
            return [Mover(self.batches[changes[0].batch], tuple(changes), moved)]
        middle = self._middle(changes)
        half = state.copy()
        for change in changes[:middle]:
            half.take(change)
        between = self.ask(half.roster())
        self.left -= 1
        return [
            *self.movers(state, changes[:middle], before, between),
            *self.movers(half, changes[middle:], between, after),
        ]

    def _middle(self, changes: Sequence[LoggedChange]) -> int:
        """Where to cut: between two writes where there are several, else in the middle of the one."""
        middle = len(changes) // 2
        if changes[0].batch == changes[-1].batch:
            return middle
        cuts = [place for place in range(1, len(changes)) if changes[place - 1].batch != changes[place].batch]
        return min(cuts, key=lambda place: abs(place - middle))
