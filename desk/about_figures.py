"""Questions about figures: statistics, forms, pictures, papers, and receipts of answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.door import needs
from desk.question import Question, require_taken
from desk.sitting import Sitting

if TYPE_CHECKING:
    from cases.values.records import Record, Roster
    from desk.counting.opening import Counted
    from desk.counting.statistics import Statistics
    from desk.counting.timings import Timings
    from desk.counting.typed_figures import FiguresTyped
    from desk.filling.forms import FilledForm, Pictures, Reconciled, Wishes
    from desk.filling.papers import PaperOffered
    from desk.filling.receipts import KeptReceipt, Receipted, Verification
    from desk.filling.reported import AllSent, Sent
    from desk.sweeping.looked import Looked
    from rules.loader.indicators import IndicatorText


class AboutFigures(Sitting):
    """Answers that count, and what is filled from them."""

    @needs("read")
    def stats(
        self,
        question: Question,
        start: dt.date,
        end: dt.date,
        settings: Sequence[str] = (),
        who: Sequence[str] = (),
        *,
        beside: bool = True,
    ) -> Statistics:
        """The figures of a period, by readings chosen as `name=choice`, with the people behind some of them.

        ``beside``: it is told as well whom of the people behind a figure `check` does not name, and why. Raises
        `UnknownName`, and `BadInput` for a period that ends before it begins.
        """
        from desk.counting.statistics import (
            chosen_settings,
            named_as_rules,
            names_withheld,
            require_period,
            statistics,
        )

        require_taken("stats", question)
        require_period(start, end)
        chosen = chosen_settings(settings)
        counted = self._counted(question)
        if not beside:
            return names_withheld(statistics(counted, question, start, end, chosen, who))
        from desk.reasons.beside_check import beside_check

        named = named_as_rules(question.ruleset)
        found = statistics(counted, question, start, end, chosen, (*who, *named))
        behind = {name: [one.code for one in found.result.who[name]] for name in named}
        asked_for = {name: found.result.who[name] for name in who}
        shown = names_withheld(replace(found, result=replace(found.result, who=asked_for)))
        return replace(shown, beside=beside_check(behind, self._records(question, behind.values()), question))

    def _records(self, question: Question, some: Iterable[Iterable[str]]) -> Iterable[Record]:
        """The records that hold those of some people; of a large store theirs alone, some at a time."""
        from cases.values.evaluated import evaluated

        if not question.in_batches:
            return evaluated(self.roster(question))
        from desk.answers.finding import some_stored_cases

        return (record for roster in some_stored_cases(self.url, chain(*some)) for record in evaluated(roster))

    @needs("read")
    def report(
        self,
        question: Question,
        form: str,
        start: dt.date,
        end: dt.date,
        settings: Sequence[str] = (),
        wishes: Wishes | None = None,
    ) -> FilledForm:
        """A form filled for a period; raises `UnknownName`, and `BadInput` for a period that ends before it begins."""
        from desk.counting.statistics import chosen_settings, require_period
        from desk.filling.forms import Wishes, filled, known_form, needed
        from desk.personal.readings import left_out_of_files

        require_taken("report", question)
        require_period(start, end)
        known, chosen = known_form(form), chosen_settings(settings)
        counted = self._counted(question, needed(known), known.indicators)
        wishes = wishes or Wishes()
        if wishes.sensitive:
            wishes = replace(wishes, sensitive=not left_out_of_files())
        return filled(counted, question, known, start, end, chosen, wishes, self._mark(question))

    def _mark(self, question: Question) -> str | None:
        """The state of the store that is asked, as a report prints it; None for a file."""
        from desk.source import stands_at
        from desk.words.receipts import mark

        if isinstance(self.place, Path):
            return None
        stands = stands_at(self.place) if question.in_batches else self.opened(question).stands
        return None if stands is None else mark(stands)

    def _counted(
        self, question: Question, facts: Iterable[str] = (), more: Mapping[str, IndicatorText] | None = None
    ) -> Counted:
        from desk.counting.opening import counted_of_roster, counted_of_store

        if question.in_batches:
            return counted_of_store(self.url, facts, more)
        return counted_of_roster(self.roster(question), question)

    @needs("read")
    def timings(self, question: Question, start: dt.date, end: dt.date, kept: Looked | None = None) -> Timings:
        """Where the time goes in a period, of a large store as `looked` gave it.

        Raises `UnknownName`, and `BadInput` for a period that ends before it begins.
        """
        from desk.counting.statistics import require_period
        from desk.counting.timings import timings, timings_in_store

        require_taken("timings", question)
        require_period(start, end)
        if question.in_batches:
            return timings_in_store(self.url, question, start, end, kept)
        return timings(self.roster(question), question, start, end)

    @needs("read")
    def overview(self, question: Question, start: dt.date, end: dt.date, settings: Sequence[str] = ()) -> Pictures:
        """The pictures of a period; raises `UnknownName`, and `BadInput` for a period that ends before it begins."""
        from desk.counting.statistics import chosen_settings, require_period
        from desk.filling.forms import pictures

        require_taken("overview", question)
        require_period(start, end)
        return pictures(self.roster(question), question, start, end, chosen_settings(settings))

    @needs("read")
    def figures(self, question: Question, period: tuple[dt.date, dt.date] | None = None) -> FiguresTyped:
        """The typed figures, and for a period those that forms still ask for; raises `UnknownName`."""
        from desk.counting.typed_figures import typed_figures

        require_taken("figures", question)
        return typed_figures(self.roster(question), question, period)

    @needs("read")
    def reconcile(
        self,
        path: Path,
        *,
        form: str | None = None,
        period: tuple[dt.date, dt.date] | None = None,
        as_of: dt.date | None = None,
        unit: str | None = None,
        settings: Sequence[str] = (),
        arithmetic: bool = False,
    ) -> Reconciled:
        """A form filled by hand held against itself and, unless only its ``arithmetic`` is wanted, against the records.

        Raises `UnknownName`, `BadInput`, and what opening the source raises.
        """
        from desk.counting.statistics import chosen_settings
        from desk.filling.forms import period_of, read_form, reconcile

        read = read_form(path, form)
        if arithmetic:
            return reconcile(read, None, Question(as_of or self.today), None, {})
        period = period or period_of(read)
        question = self.ask(as_of=as_of or read.as_of or period[1], unit=unit)
        return reconcile(read, self.roster(question), question, period, chosen_settings(settings))

    @needs("print_")
    def paper(
        self,
        question: Question,
        name: str,
        out: Path,
        *,
        case: str | None = None,
        fields: Mapping[str, str] | None = None,
        template: Path | None = None,
        replace: bool = False,
    ) -> list[str]:
        """Write a paper of the cell, for one case or for a unit, and say why its step may not be taken yet.

        Raises `UnknownName`, `BadInput`, `BadQuestion`.
        """
        from desk.filling.papers import known_paper, sensitive_asked, write_paper
        from desk.personal.readings import goes_out

        require_taken("paper", question)
        roster = None
        if case is not None and known_paper(name).of_case:
            roster, case = self._with_units(question, case)
            if not isinstance(self.place, Path) and (told := sensitive_asked(name, template)):
                goes_out(self.place, f"giấy tờ “{name}”", self.user, case, told)
        return write_paper(
            roster or self.roster(question), question, name, case, fields or {}, template, out, replace=replace
        )

    @needs("read")
    def papers(self, question: Question, case: str) -> tuple[PaperOffered, ...]:
        """The papers of one case, why one is refused or what is to be typed; raises `UnknownName`, `BadInput`."""
        from desk.filling.papers import papers_of_case

        require_taken("paper", question)
        roster, known = self._with_units(question, case)
        return papers_of_case(roster, question, known)

    @needs("read")
    def lists(self, question: Question) -> tuple[PaperOffered, ...]:
        """The lists of the question's unit, or of all, with what is to be typed for each; raises `UnknownName`."""
        from desk.answers.units import units_alone
        from desk.filling.papers import papers_of_unit

        require_taken("paper", question)
        alone = not isinstance(self.place, Path) and question.known_on is None
        return papers_of_unit(units_alone(self.url) if alone else self.roster(question), question)

    def _with_units(self, question: Question, case: str) -> tuple[Roster, str]:
        """What a paper of a case is filled from, and the case's code as it is written there."""
        if isinstance(self.place, Path) or question.known_on is not None:
            return self.roster(question), case
        from desk.answers.finding import stored_case

        alone = stored_case(self.place, case, units=True)
        return alone, alone.records[0].code

    @needs("print_")
    def keep_receipt(self, answer: Receipted, path: Path, *, replace: bool) -> KeptReceipt:
        """Write the receipt of an answer whose question was asked with ``one_moment``; figures of a period are marked.

        Raises `BadInput`, `ClockDoubted`.
        """
        from desk.filling.receipts import keep, make

        receipt = make(answer, self.opened(answer.question), self.place)
        return keep(receipt, path, self.place, self.user, replace=replace)

    @needs("read")
    def sent(self) -> AllSent:
        """The reports that were sent, and what moved their figures since; raises `StoreProblem`, `BadQuestion`."""
        from desk.filling.reported import all_sent

        return all_sent(self.url)

    @needs("read")
    def sent_before(self, answer: Receipted) -> Sent | None:
        """What was last reported of what an answer gives, beside its figures; None for a file, or where nothing was."""
        from desk.filling.reported import sent_before

        return None if isinstance(self.place, Path) else sent_before(self.place, answer)

    @needs("read")
    def reported_json(self, answer: Receipted) -> dict[str, Any] | None:
        """The same in the form for programs."""
        before = self.sent_before(answer)
        return None if before is None else before.as_json()

    @needs("read")
    def verify(self, path: Path) -> Verification:
        """What has become of the answer of a receipt; raises `NoReceipt`, `StoreProblem`."""
        from desk.filling.receipts import read_receipt, verify

        return verify(read_receipt(path), beside=path.parent, place=self.place)
