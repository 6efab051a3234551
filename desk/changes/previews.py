"""What a change would be, shown before it is written; and what was written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from cases.changes import courses, saving, standings, together, typing_figures, whole_cases
from cases.history.telling import told_measure, told_plan, told_record
from cases.judging.doubts import Doubt
from cases.judging.doubts import in_words as in_words
from cases.judging.doubts import unusual_in_words as unusual_in_words
from cases.store.connection import querying
from cases.store.reading import said_beside
from cases.store.wall.guard import require_allowed
from desk.changes.effects import Effect, blocks, doubts_json, effect
from desk.changes.making import (
    ACTIONS,
    case_draft,
    course_draft,
    figure_draft,
    together_draft,
    unit_doubts,
    unit_plan,
    whole_draft,
)
from desk.changes.since import require_nothing_since
from desk.changes.together import TogetherPreview, preview_together
from desk.changes.values import CaseChange, Change, CourseChange, SetFigure, Together, UnitChange, WholeChange
from desk.counting import typed_figures

if TYPE_CHECKING:
    from collections.abc import Callable

    from cases.store.reading import Execute
    from cases.values.records import Roster
    from desk.question import Question
    from engine.statistics.typed import Contradiction


Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class CasePreview:
    """A change of a case: what is recorded otherwise, what comes of it, and what is doubtful about it."""

    change: CaseChange
    question: Question
    draft: saving.Draft
    effect: Effect
    doubts: tuple[Doubt, ...]

    @property
    def alters(self) -> bool:
        """Whether there is anything to write."""
        return self.draft.before != self.draft.after or bool(self.draft.added)

    @property
    def told(self) -> list[str]:
        """What is recorded otherwise, line by line."""
        return told_record(self.draft.before, self.draft.after)

    @property
    def measures(self) -> list[str]:
        """The disciplinary measures that are recorded besides, line by line."""
        return [told_measure(one) for one in self.draft.added]

    def as_json(self, batch: str | None = None) -> dict[str, Any]:
        """The form that programs rely on; ``batch`` is the write it has become."""
        return {
            "as_of": self.effect.as_of,
            "action": ACTIONS[type(self.change)],
            "case": self.draft.after.code,
            "name": self.draft.after.fields.get("full_name"),
            "batch": batch,
            "changes": self.told,
            "doubts": doubts_json(self.doubts),
            **self.effect.as_json(),
        }


@dataclass(frozen=True, slots=True)
class WholePreview:
    """A dossier taken out, joined with another or under another code; and what comes of the one that stays."""

    change: WholeChange
    question: Question
    draft: whole_cases.WholeDraft
    effect: Effect | None
    """None where no dossier stays."""
    doubts: tuple[Doubt, ...]

    @property
    def alters(self) -> bool:
        """Whether there is anything to write."""
        return self.draft.plan.alters

    @property
    def told(self) -> list[str]:
        """What is recorded otherwise, line by line."""
        return told_plan(self.draft.plan)

    def as_json(self, batch: str | None = None) -> dict[str, Any]:
        """The form that programs rely on; ``batch`` is the write it has become."""
        return {
            "as_of": self.question.as_of,
            "action": ACTIONS[type(self.change)],
            "case": self.draft.code,
            "name": self.draft.before.fields.get("full_name"),
            "batch": batch,
            "changes": self.told,
            "doubts": doubts_json(self.doubts),
            **(self.effect.as_json() if self.effect else {}),
        }


@dataclass(frozen=True, slots=True)
class CoursePreview:
    """A change of classes, or of who learns in them."""

    change: CourseChange
    question: Question
    draft: courses.CourseDraft

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What is doubtful about it."""
        return tuple(self.draft.doubts)

    @property
    def alters(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.draft.plan.alters)

    @property
    def told(self) -> list[str]:
        """What is recorded otherwise, line by line."""
        return told_plan(self.draft.plan)

    def as_json(self, batch: str | None = None) -> dict[str, Any]:
        """The form that programs rely on; ``batch`` is the write it has become."""
        action = ACTIONS.get(type(self.change), "course")
        values = {"action": action, "course": self.draft.course.code, "batch": batch, "changes": self.told}
        return {**values, "doubts": doubts_json(self.doubts)}


@dataclass(frozen=True, slots=True)
class UnitPreview:
    """What becomes of units and of their targets."""

    change: UnitChange
    question: Question
    told: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()
    alters: bool = True

    def as_json(self, batch: str | None = None) -> dict[str, Any]:
        """The form that programs rely on; ``batch`` is the write it has become."""
        values = {"action": ACTIONS.get(type(self.change), "unit"), "batch": batch, "changes": list(self.told)}
        return {**values, "doubts": doubts_json(self.doubts)}


@dataclass(frozen=True, slots=True)
class FigurePreview:
    """A typed figure, and where units then contradict each other."""

    change: SetFigure
    question: Question
    draft: typing_figures.FigureDraft
    contradictions: tuple[Contradiction, ...]
    doubts: tuple[Doubt, ...] = ()

    @property
    def alters(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.draft.plan.alters)

    def as_json(self, batch: str | None = None) -> dict[str, Any]:
        """The form that programs rely on; ``batch`` is the write it has become."""
        before, after = self.draft.before, self.draft.after
        return {
            "indicator": after.indicator,
            "unit": after.unit,
            "from": after.begins_on,
            "to": after.ends_on,
            "value": typed_figures.number(after.value),
            "source": after.source,
            "before": None if before is None else typed_figures.number(before.value),
            "batch": batch,
            "contradictions": typed_figures.contradictions_json(self.contradictions),
        }


Preview = CasePreview | TogetherPreview | WholePreview | CoursePreview | UnitPreview | FigurePreview


@dataclass(frozen=True, slots=True)
class Done:
    """A change that was written."""

    preview: Preview
    batch: str
    """The name of the write."""

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return self.preview.as_json(self.batch)


def preview(url: str, change: Change, question: Question, now: dt.date) -> Preview:
    """What a change would be by the rules of a question, nothing written.

    Raises what `desk.changes.making` raises, and `NotAllowed` for what whoever asks may not write.
    """
    with querying(url) as execute:
        if isinstance(change, CaseChange):
            draft = case_draft(change, execute, now)
            require_allowed(execute, draft.plan)
            beside = said_beside(execute, draft.after.code)
            found = effect(draft, beside, question)
            newly = blocks(draft, found, beside, question)
            return CasePreview(change, question, draft, found, (*draft.doubts, *newly))
        if isinstance(change, Together):
            return preview_together(change, execute, question, now)
        if isinstance(change, WholeChange):
            return _whole(change, execute, question, now)
        if isinstance(change, CourseChange):
            course = course_draft(change, execute, now)
            require_allowed(execute, course.plan)
            return CoursePreview(change, question, course)
        if isinstance(change, SetFigure):
            typed = figure_draft(change, execute)
            require_allowed(execute, typed.plan)
        else:
            plan = unit_plan(change, execute)
            require_allowed(execute, plan)
            return UnitPreview(
                change, question, tuple(told_plan(plan)), tuple(unit_doubts(change, execute)), plan.alters
            )
    return FigurePreview(change, question, typed, ())


def _whole(change: WholeChange, execute: Execute, question: Question, now: dt.date) -> WholePreview:
    made = whole_draft(change, execute, now)
    require_allowed(execute, made.plan)
    if made.after is None:
        return WholePreview(change, question, made, None, made.doubts)
    measures = tuple(one.after for one in made.plan.of("discipline").altered)
    one = saving.Draft(made.before, made.after, made.doubts, added=measures)
    beside = said_beside(execute, made.before.code)
    found = effect(one, beside, question)
    return WholePreview(change, question, made, found, (*made.doubts, *blocks(one, found, beside, question)))


def with_contradictions(shown: FigurePreview, roster: Roster) -> FigurePreview:
    """The preview with what units contradict once the figure is typed in."""
    new, before = shown.draft.after, shown.draft.before
    figures_then = (*(one for one in roster.figures if one != before), new)
    period = (new.begins_on, new.ends_on)
    found = typed_figures.contradictions(replace(roster, figures=figures_then), period, None)
    return replace(shown, contradictions=tuple(one for one in found if one.own.name == new.indicator))


def drafts_of(shown: Preview) -> tuple[saving.Draft, ...]:
    """What a change does to each case by itself; nothing where it is of another kind."""
    match shown:
        case CasePreview():
            return (shown.draft,)
        case TogetherPreview():
            return shown.draft.drafts
    return ()


def commit(
    url: str, shown: Preview, now: dt.date, who: str | None, *, confirmed: bool, seen: str | None = None
) -> Done:
    """Make a change anew within one transaction and write it; ``seen`` is where the store stood when it was looked at.

    Raises `Impossible`, `Unconfirmed` for a doubt that was shown and is not confirmed, or has come up since, and
    `WrittenSince` where somebody wrote about the same things after the look.
    """
    saving.allow(shown.doubts, confirmed=confirmed)

    def still(make: Callable[[Execute], Made]) -> Callable[[Execute], Made]:
        def made(execute: Execute) -> Made:
            if seen is not None:
                require_nothing_since(execute, shown.change, seen)
            return make(execute)

        return made

    match shown:
        case CasePreview(of_case):
            made = still(partial(case_draft, of_case, now=now))
            batch = saving.save(url, made, ACTIONS[type(of_case)], accepted=shown.doubts, who=who)
        case TogetherPreview(of_many):
            many = still(partial(together_draft, of_many, now=now))
            batch = together.save_together(url, many, shown.action, accepted=shown.doubts, who=who)
        case WholePreview(of_whole):
            whole = still(partial(whole_draft, of_whole, now=now))
            batch = whole_cases.save_whole(url, whole, ACTIONS[type(of_whole)], accepted=shown.doubts, who=who)
        case CoursePreview(of_course):
            action = ACTIONS.get(type(of_course), "course")
            batch = courses.save_course(
                url, still(partial(course_draft, of_course, now=now)), action, accepted=shown.doubts, who=who
            )
        case FigurePreview(of_figure):
            batch = typing_figures.save_figure(url, still(partial(figure_draft, of_figure)), who=who)
        case UnitPreview(of_units):
            asked = partial(unit_doubts, of_units)
            action = ACTIONS.get(type(of_units), "unit")
            batch = standings.save(
                url, still(partial(unit_plan, of_units)), who, action=action, doubts=asked, accepted=shown.doubts
            )
    return Done(shown, batch)
