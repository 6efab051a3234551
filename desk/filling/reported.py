"""Reported is reported: the figures that were sent, what is otherwise now, and which writes about whom did it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cases.history.people import Person, concerned
from cases.history.receipts import Figures, rules_hash, state_hash
from cases.history.reported import Reported, reports, same_report
from cases.log.batches import LoggedBatch, LoggedChange
from cases.store.connection import querying
from cases.store.overlay_choice import confirmations
from cases.values.records import Roster
from desk.filling.receipts import Moved, Mover, Receipted, answer, differing, files_behind, verify
from desk.source import open_roster
from desk.words.log import without_numbers
from desk.words.receipts import figure_label, figure_value
from rules.loader.errors import DubiError

EVERYBODY = 1_000
"""As many people of one write are looked up by name."""
MOST_CHANGES = 5_000
"""So many changes since are looked through beside an answer; for more, `dubi report sent` takes its time."""


@dataclass(frozen=True, slots=True)
class Because:
    """A write that moved a figure: what it changed about whom, and the figure before and after it."""

    batch: LoggedBatch
    changes: tuple[LoggedChange, ...]
    people: tuple[Person, ...]
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that was reported and is otherwise now."""

    name: str
    then: object
    now: object
    because: tuple[Because, ...] = ()
    by_rules: bool = False
    """What was known then gives another figure now: the rules are others."""

    @property
    def in_words(self) -> str:
        """The figure, what was reported and what it is now."""
        return f"{figure_label(self.name)}: đã báo {figure_value(self.then)}, nay {figure_value(self.now)}"

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return {
            "figure": self.name,
            "label": figure_label(self.name),
            "then": self.then,
            "now": self.now,
            "by_rules": self.by_rules,
            "because": [
                {
                    "batch": one.batch.name,
                    "who": without_numbers(one.batch.who),
                    "made_at": f"{one.batch.made_at.isoformat()}Z",
                    "action": one.batch.action,
                    "people": [{"code": without_numbers(p.code), "name": without_numbers(p.name)} for p in one.people],
                    "before": one.before,
                    "after": one.after,
                }
                for one in self.because
            ],
        }


@dataclass(frozen=True, slots=True)
class Sent:
    """A report that was sent, and what has become of it; one that was reported anew is not looked at again."""

    report: Reported
    changed: tuple[Changed, ...] = ()
    same_rules: bool = True
    traced: bool = True
    """Whether the log still shows what was known then; else only the figures themselves are compared."""

    @property
    def stands(self) -> bool:
        """Whether every figure is what was reported."""
        return not self.changed

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        batch, asked = self.report.batch, self.report.receipt.question
        return {
            "batch": batch.name,
            "who": without_numbers(batch.who),
            "made_at": f"{batch.made_at.isoformat()}Z",
            "command": asked.command,
            "form": asked.form,
            "from": asked.start,
            "to": asked.end,
            "as_of": asked.as_of,
            "known_on": asked.known_on,
            "unit": asked.unit,
            "settings": list(asked.settings),
            "replaced_by": self.report.replaced_by,
            "stands": None if self.report.replaced_by else self.stands,
            "same_rules": self.same_rules,
            "traced": self.traced,
            "changed": [one.as_json() for one in self.changed],
        }


@dataclass(frozen=True, slots=True)
class AllSent:
    """Every report that was sent, the earliest first."""

    sent: tuple[Sent, ...]

    @property
    def stands(self) -> bool:
        """Whether all that was not reported anew stands."""
        return all(one.stands for one in self.sent)

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return {"reported": [one.as_json() for one in self.sent]}


def all_sent(url: str) -> AllSent:
    """Every report that was sent with what moved its figures since; raises `StoreProblem`."""
    return AllSent(tuple(Sent(one) if one.replaced_by else _traced(url, one) for one in reports(url)))


def _traced(url: str, report: Reported) -> Sent:
    receipt = report.receipt
    found = verify(receipt, beside=Path(), place=url)
    if not found.found:
        return compared(report, open_roster(url), url)
    changed = {one.name: one for one in (*found.not_reproduced, *found.moved)}
    by_rules = {one.name for one in found.not_reproduced}
    figures = [
        Changed(
            one.name,
            receipt.figures.get(one.name),
            one.now,
            tuple(_because(url, one.name, found.movers)),
            one.name in by_rules,
        )
        for one in changed.values()
        if receipt.figures.get(one.name) != one.now
    ]
    return Sent(report, tuple(figures), found.same_rules)


def _because(url: str, figure: str, movers: Sequence[Mover]) -> list[Because]:
    found = []
    for mover in movers:
        for moved in mover.figures:
            if moved.name == figure:
                people = _people(url, mover)
                found.append(Because(mover.batch, mover.changes, people, moved.then, moved.now))
    return found


def _people(url: str, mover: Mover) -> tuple[Person, ...]:
    """The people behind the changes of a mover: their codes stand in the keys of what was changed."""
    codes = {part for change in mover.changes for part in change.key.split(" · ")}
    with querying(url) as execute:
        whom = concerned(execute, [mover.batch.id], EVERYBODY)[mover.batch.id]
    return tuple(one for one in whom.people if one.code in codes)


def compared(report: Reported, roster: Roster, url: str) -> Sent:
    """A report beside the figures of today alone: what is otherwise, not why."""
    receipt, read = report.receipt, confirmations(url)
    same_rules = rules_hash(files_behind(receipt.question), read) == receipt.rules
    if same_rules and state_hash(roster) == receipt.state:
        return Sent(report, traced=False)
    try:
        now: Figures = answer(receipt.question, roster, read)
    except DubiError as error:  # a unit that is not there any more
        now = {"error": str(error)}
    moved = tuple(_plain(one) for one in differing(receipt.figures, now))
    return Sent(report, moved, same_rules, traced=False)


def _plain(one: Moved) -> Changed:
    return Changed(one.name, one.then, one.now)


def sent_before(url: str, given: Receipted) -> Sent | None:
    """What was last reported of the very thing that an answer gives, beside its figures; None where nothing was."""
    what = same_report(given.asked())
    last = [one for one in reports(url) if same_report(one.receipt.question) == what and one.replaced_by is None]
    if not last:
        return None
    moved = differing(last[0].receipt.figures, given.figures())
    if not moved or _changes_since(url, last[0]) > MOST_CHANGES:
        return Sent(last[0], tuple(_plain(one) for one in moved), traced=False)
    traced = _traced(url, last[0])
    why = {one.name: one for one in traced.changed}
    changed = tuple(
        replace(why[one.name], then=one.then, now=one.now) if one.name in why else _plain(one) for one in moved
    )
    return Sent(last[0], changed, traced.same_rules, traced.traced)


def _changes_since(url: str, report: Reported) -> int:
    with querying(url) as execute:
        ((number,),) = execute(f"SELECT count(*) FROM changes WHERE batch_id > {report.batch.id}")  # noqa: S608  # a number
    return int(number)
