"""What the judge says of a row of a list: told with the row; both values stay as the list has them.

A birth that has not come yet is no birth: it stays out, as any day that cannot be read.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cases.judging.doubts import Doubt
from cases.judging.judging import doubts_about, probation_ends_on
from cases.rosters.outcome.outcome import stored_fields
from cases.rosters.rows import numbers
from cases.values.records import Record
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from cases.rosters.rows.draft import Draft

_TOLD_BY_THE_READER = frozenset({"exit_undated", "exit_formless"})
"""What the reading of a status or a form of exit has said already, with the words that stood there."""
_CARD = "card_date"
"""The column of lists for the day on which the card was given."""


def cross_check(draft: Draft) -> None:
    """Warn of values that contradict each other."""
    today = draft.context.answers.as_of or date.max
    told: set[str] = set()
    for doubt in doubts_about(_record(draft), today):
        name = _CARD if doubt.field == "card_awarded_on" and _CARD in draft.fields else doubt.field
        if doubt.at("list") != "told" or name in told or doubt.code in _TOLD_BY_THE_READER:
            continue
        if doubt.code == "place_missing" and not draft.context.header.has("moved_place", "moved_to", "moved_from"):
            continue
        told.add(name)
        draft.contradict(name, doubt.said, doubt.todo)
        if doubt.code == "born_later":
            del draft.fields["born_on"]
    _check_due(draft)
    _check_id(draft)


def _record(draft: Draft) -> Record:
    fields = stored_fields(draft.fields)
    card = draft.fields.get(_CARD)
    return Record("", {**fields, **({"card_awarded_on": card} if isinstance(card, date) else {})})


def _check_due(draft: Draft) -> None:
    """The end of the probation that somebody typed beside the ceremony."""
    admitted_on, due = draft.fields.get("admitted_on"), draft.fields.get("due_typed")
    if isinstance(admitted_on, date) and isinstance(due, date) and due != probation_ends_on(admitted_on):
        draft.warn("due_differs", "due_typed", on=shown_day(probation_ends_on(admitted_on)))


def _check_id(draft: Draft) -> None:
    """A personal id carries the birth year and the sex of its owner."""
    number, born_on = draft.fields.get("personal_id"), draft.fields.get("born_on")
    if not isinstance(number, str) or len(number) != numbers.PERSONAL_ID_DIGITS:
        return
    year = born_on.year if isinstance(born_on, date) else draft.fields.get("birth_year")
    own_year, sex = numbers.birth_year_of(number), draft.fields.get("sex")
    wrong = []
    if own_year is not None and year is not None and year != own_year:
        wrong.append("Năm sinh")
    if sex is not None and sex != numbers.sex_of(number):
        wrong.append("Giới tính")
    if wrong:
        doubt = Doubt("id_mismatch", needed=" và ".join(wrong))
        draft.contradict("personal_id", doubt.said, doubt.todo, code="id_mismatch")
