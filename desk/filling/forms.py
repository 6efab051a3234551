"""Report forms filled from the records, the pictures of a period, and a form filled by hand held against them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases.history.receipts import Asked, Figures
from desk.answers.checking import check
from desk.counting.ledgers import compiled_indicators, ledger
from engine.ruleset import load_ruleset
from engine.statistics.counting import Run
from reports.forms import form_loader
from reports.forms.figures_of import figures_of
from reports.forms.filling import fill
from reports.forms.form_loader import known_form as known_form
from reports.forms.model import Report as Report
from reports.forms.model import Slots as Slots
from reports.forms.model import Table as Table
from reports.forms.occasion import Occasion
from reports.lists.people_lists import facts_listed
from reports.readback.reconciling import WORDS as WORDS
from rules.loader.errors import BadInput
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from cases.values.records import Roster
    from desk.counting.opening import Counted
    from desk.question import Question
    from reports.forms.form_loader import Form
    from reports.lists.overview import Overview
    from reports.readback.reading_back import FormRead
    from reports.readback.reconciling import Difference


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a form is to be filled."""

    people: bool = True
    """Whether the lists behind the figures are given."""
    sensitive: bool = False
    """Whether names may stand where they tell something sensitive."""
    place: str | None = None
    made_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form filled for a unit and a period."""

    question: Question
    form: Form
    start: dt.date
    end: dt.date
    settings: Mapping[str, str]
    report: Report

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        from reports.render.json import values

        return values(self.report)

    def as_csv(self) -> str:
        """The form as CSV that Excel opens."""
        from reports.render.csv import text

        return text(self.report)

    def as_part_of_a_page(self) -> str:
        """The form as HTML to be shown within a page: escaped, without style of its own."""
        from reports.render.html import body

        return body(self.report, within=True)

    def write(self, suffix: str, path: Path, *, stacked: bool, replace: bool) -> None:
        """Write the form as a file of a kind (xlsx, docx, pdf, html); raises `BadInput` where it is there already."""
        import_module(f"reports.render.{suffix}").write(
            self._stacked() if stacked else self.report, path, replace=replace
        )

    def fill_template(self, template: Path, path: Path, *, replace: bool) -> int:
        """Write a copy of somebody's own form, filled; gives the number of cells. Raises `BadInput`."""
        from reports.render.template import fill_template

        return fill_template(self.report, template, path, replace=replace)

    def _stacked(self) -> Report:
        from reports.forms.stacking import stacked

        return stacked(self.report)

    def asked(self) -> Asked:
        """What was asked, as a receipt keeps it."""
        asked = self.question
        pairs = tuple(f"{name}={choice}" for name, choice in sorted(self.settings.items()))
        return Asked(
            "report",
            asked.as_of,
            asked.known_on,
            self.start,
            self.end,
            asked.unit,
            settings=pairs,
            form=self.form.name,
        )

    def figures(self) -> Figures:
        """The figures of the form by their place."""
        return dict(figures_of(self.report))

    def files(self) -> tuple[Path, ...]:
        """The form's own file."""
        return (self.form.file,)


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures of a period."""

    question: Question
    drawn: Overview

    def as_part_of_a_page(self) -> str:
        """Them as HTML to be shown within a page: escaped, without style of its own."""
        from reports.lists.overview_paper import body

        return body(self.drawn, within=True)

    def write(self, suffix: str, path: Path, *, replace: bool) -> None:
        """Write them as a page (html) or as a PDF (pdf); raises `BadInput` where the file is there already."""
        from reports.lists.overview_paper import write_html, write_pdf

        write = write_pdf if suffix == "pdf" else write_html
        write(self.drawn, path, replace=replace)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A form that somebody filled, with what in it differs from itself or from the records."""

    read: FormRead
    period: tuple[dt.date, dt.date] | None
    """None where only its own arithmetic was looked at."""
    differences: tuple[Difference, ...]

    @property
    def errors(self) -> int:
        """How many differences are errors; the others are remarks."""
        return sum(one.is_error for one in self.differences)

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        read = self.read
        start, end = self.period or (None, None)
        rows = [
            {
                "kind": one.kind,
                "error": one.is_error,
                "sheet": read.sheet,
                "cell": one.cell,
                "row": one.row,
                "label": one.label,
                "typed": one.typed,
                "expected": one.expected,
                "message": one.message,
            }
            for one in self.differences
        ]
        values = {"form": read.form.name, "sheet": read.sheet, "from": start, "to": end}
        return {**values, "cells": len(read.cells), "differences": rows}


def needed(form: Form) -> set[str]:
    """The facts of people that the lists of a form show."""
    return set(facts_listed(form, compiled_indicators(load_ruleset())))


def filled(
    counted: Counted,
    question: Question,
    form: Form,
    start: dt.date,
    end: dt.date,
    settings: Mapping[str, str],
    wishes: Wishes,
    mark: str | None = None,
) -> FilledForm:
    """Fill a form; ``mark`` says from which state of which store. Raises `UnknownName`."""
    run = Run(start, end, question.as_of)
    figures = counted.ledger(run, question.unit, settings, form.indicators)
    occasion = Occasion(
        figures, counted.roster.units, question.unit, wishes.people, wishes.sensitive, wishes.place, wishes.made_on
    )
    report = _as_known(fill(form, occasion), question.known_on)
    return FilledForm(question, form, start, end, settings, replace(report, mark=mark))


def _as_known(report: Report, known_on: dt.date | None) -> Report:
    """The form with the day by which what it says was recorded, where one was asked for."""
    if known_on is None:
        return report
    line = f"Chỉ dựa vào những gì đã ghi vào kho đến hết ngày {shown_day(known_on)}."
    facts = {**report.facts, "known_on": known_on.isoformat()}
    return replace(report, notes=(*report.notes, line), facts=facts)


def figures_again(asked: Asked, roster: Roster) -> Figures:
    """The figures of the form of a receipt, filled once more; raises `UnknownName`."""
    assert asked.form is not None
    assert asked.start is not None
    assert asked.end is not None
    form = known_form(asked.form)
    run = Run(asked.start, asked.end, asked.as_of)
    settings = dict(pair.split("=", 1) for pair in asked.settings)
    figures = ledger(roster, run, asked.unit, settings, more=form.indicators)
    return dict(figures_of(fill(form, Occasion(figures, roster.units, asked.unit, people=False))))


def pictures(roster: Roster, question: Question, start: dt.date, end: dt.date, settings: Mapping[str, str]) -> Pictures:
    """Draw the pictures of a period; raises `UnknownName`."""
    from reports.lists.overview import overview

    figures = ledger(roster, Run(start, end, question.as_of), question.unit, settings)
    findings = check(roster, question).findings
    return Pictures(question, overview(Occasion(figures, roster.units, question.unit, people=False), findings))


def read_form(path: Path, form: str | None) -> FormRead:
    """Read a form that somebody filled; raises `UnknownName`, `BadInput`."""
    from reports.readback.reading_back import read_back

    return read_back(path, known_form(form) if form else None)


def reconcile(
    read: FormRead,
    roster: Roster | None,
    question: Question,
    period: tuple[dt.date, dt.date] | None,
    settings: Mapping[str, str],
) -> Reconciled:
    """Hold a filled form against itself, and against the records where they are given; raises `UnknownName`."""
    from reports.readback.reconciling import against_records, within

    differences = list(within(read))
    if roster is None or period is None:
        return Reconciled(read, None, tuple(differences))
    remarked = {(one.cell, one.kind) for one in differences}
    unit = question.unit or _unit_named(read, roster)
    figures = ledger(roster, Run(*period, question.as_of), unit, settings, more=read.form.indicators)
    right = fill(read.form, Occasion(figures, roster.units, unit, people=False))
    found = (one for one in against_records(read, right) if (one.cell, one.kind) not in remarked)
    return Reconciled(read, period, (*differences, *found))


def period_of(read: FormRead) -> tuple[dt.date, dt.date]:
    """The period that a form names; raises `BadInput` where it names none."""
    if read.period is None:
        raise BadInput("Biểu không ghi kỳ báo cáo. Thêm --from và --to, hoặc --arithmetic để chỉ kiểm tra số học.")
    return read.period


def _unit_named(read: FormRead, roster: Roster) -> str | None:
    """The unit that the form itself names; None where that is the one above all others, or none of the roster's."""
    named = [unit for unit in roster.units if unit.name == read.unit]
    return named[0].code if len(named) == 1 and named[0].parent is not None else None


def forms() -> Sequence[Form]:
    """All forms there are."""
    return tuple(form_loader.load().values())


def forms_json() -> dict[str, Any]:
    """The forms in the form that programs rely on."""
    return {
        "forms": [{"form": one.name, "name": one.slug, "label": one.label, "source": one.source} for one in forms()]
    }
