"""The ledger of one report: every figure it asks for, at its own time and within its restrictions, counted once.

What is to be counted is collected first, by population and run, and counted in one pass each; sums, ratios and
averages are worked out from the exact counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Protocol

from engine.language.tree import Expr, facts_read
from engine.statistics.behind import added, reaching
from engine.statistics.counting import Counts, Listing, Member, Run, Unit
from engine.statistics.figure import Figure, Number, exact, share
from engine.statistics.indicators import Indicator, Indicators
from engine.statistics.periods import full_years_of, months, shifted, within_year, years
from engine.statistics.references import Reference, Restriction, Term, reference, terms
from engine.statistics.typed import Contradiction, Entries, TypedEntry, contradictions, making_up, not_typed
from engine.units import UnitTree
from rules.loader.errors import BadInput
from rules.loader.indicators import IndicatorText

_AT_ONCE = 50_000
"""So many people, or a few more, are found behind sums at a time."""


class Counter(Protocol):
    """Whatever counts: one member at a time, or over columns."""

    def count(
        self,
        population: str,
        indicators: Sequence[Indicator],
        run: Run,
        figures: Mapping[str, Mapping[Unit, int]],
        within: Unit,
        who: Iterable[str],
    ) -> Counts:
        """Count indicators of one population; `figures` are facts of its members that rest on other counts."""

    def listing(
        self, population: str, indicator: Indicator, run: Run, within: Unit, columns: Mapping[str, Expr]
    ) -> Listing:
        """The members behind an indicator with the values of some expressions."""


class TypedFigures(Protocol):
    """The figures that people have typed in."""

    def entries(self, name: str, run: Run) -> Entries:
        """The entries of one figure by unit for exactly this period or day."""


class Ledger:
    """The figures of one period, for any unit."""

    def __init__(
        self,
        indicators: Indicators,
        counter: Counter,
        typed: TypedFigures,
        tree: UnitTree,
        settings: Mapping[str, str],
        run: Run,
        within: Unit = None,
    ) -> None:
        self.indicators, self.counter, self.typed, self.tree = indicators, counter, typed, tree
        self.settings, self.run, self.within = settings, run, within
        self._counts: dict[tuple[str, Run], Counts] = {}

    def prepare(self, wanted: Iterable[str | Reference]) -> None:
        """Count at once what some figures rest on; a figure that is asked for unprepared costs a pass of its own."""
        passes: dict[tuple[str, Run], dict[str, Reference]] = {}
        for text in wanted:
            for counted, run in self.rests_on(text):
                population = self.indicators.texts[counted.name].population
                assert population is not None
                passes.setdefault((population, run), {})[counted.key] = counted
        # Populations that ask for figures of their units come last.
        order = sorted(passes, key=lambda place: bool(self.indicators.populations[place[0]].figures))
        for population, run in order:
            self._count(population, run, passes[population, run].values())

    def figure(self, text: str | Reference, unit: Unit = None) -> Figure:
        """One figure of a unit with all below it; raises `UnknownName` or `BadInput`."""
        return self._figure(_as_reference(text), self.run, unit)

    def total(self, references: Iterable[Term], unit: Unit = None) -> Figure:
        """The value of a sum of figures."""
        return self._sum(references, (), self.run, unit)

    def rests_on(self, text: str | Reference) -> Iterator[tuple[Reference, Run]]:
        """The counted indicators that a figure rests on, each with the run it is counted in."""
        return self._rests_on(_as_reference(text), self.run)

    def people(self, text: str | Reference, unit: Unit = None) -> list[Member]:
        """The members behind a figure: those counted, less those taken away; for a ratio those above the line.

        Of a maximum only those who reach it.
        """
        return self.people_of([Term(1, _as_reference(text))], unit)

    def people_of(self, parts: Iterable[Term], unit: Unit = None) -> list[Member]:
        """The members behind a sum."""
        return next(self._people_of([parts], unit))

    def people_of_each(self, sums: Iterable[Iterable[Term]], unit: Unit = None) -> Iterator[list[Member]]:
        """The members behind each of several sums: many sums in one pass, of a large store fewer at a time."""
        together: list[list[Term]] = []
        number = 0
        for parts in sums:
            together.append(list(parts))
            figures = (self.total([term], unit) for term in together[-1])
            number += sum(int(figure.numerator or figure.value or 0) for figure in figures)
            if number > _AT_ONCE:
                yield from self._people_of(together, unit)
                together, number = [], 0
        yield from self._people_of(together, unit)

    def _people_of(self, sums: Iterable[Iterable[Term]], unit: Unit) -> Iterator[list[Member]]:
        passes: dict[tuple[str, Run], dict[str, Reference]] = {}
        behind: list[dict[tuple[str, Run], list[tuple[int, Reference]]]] = []
        for parts in sums:
            behind.append({})
            for term in parts:
                for sign, counted, run in self._behind(term.reference, self.run, term.sign):
                    population = self.indicators.texts[counted.name].population
                    assert population is not None
                    passes.setdefault((population, run), {})[counted.key] = counted
                    behind[-1].setdefault((population, run), []).append((sign, counted))
        who: dict[tuple[str, Run], dict[str, list[Member]]] = {}
        for (population, run), wanted in passes.items():
            found = self._pass(population, run, list(wanted.values()), unit, who=True).who
            program = self.indicators.programs[population]
            who[population, run] = {
                key: reaching(self.indicators.indicator(counted), program, found[key], self.settings, run)
                for key, counted in wanted.items()
            }
        for of_sum in behind:
            yield [member for place, signed in of_sum.items() for member in added(signed, who[place], place[0])]

    def weighed(self, parts: Iterable[Term], unit: Unit = None) -> Iterator[tuple[int, Member]]:
        """Everybody whom the figures of a sum count, as often as they do, each with the sign of the figure."""
        for term in parts:
            for sign, counted, run in self._behind(term.reference, self.run, term.sign):
                population = self.indicators.texts[counted.name].population
                assert population is not None
                counts = self._pass(population, run, [counted], unit, who=True)
                yield from ((sign, member) for member in counts.who[counted.key])

    def listing(self, text: str | Reference, unit: Unit, columns: Mapping[str, Expr]) -> Listing:
        """The cases behind a counted figure, with the values of some expressions of each."""
        placed = self._placed(_as_reference(text), self.run)
        if placed is None:
            return Listing((), (), (), dict.fromkeys(columns, ()))
        counted, run = placed
        return self.counter.listing("cases", self.indicators.indicator(counted), run, unit, columns)

    def typed_behind(self, text: str | Reference, unit: Unit = None) -> list[TypedEntry]:
        """What people have typed in that a figure rests on."""
        return list(self._typed_behind(_as_reference(text), self.run, unit))

    def not_typed(self, name: str, unit: Unit = None) -> list[str]:
        """The units within a unit for which nobody has typed a figure of the period while others have."""
        return not_typed(self.typed.entries(name, self.run), self.tree, unit)

    def contradictions(self, name: str, unit: Unit = None) -> list[Contradiction]:
        """Where the units within a unit contradict each other about a typed figure of the period."""
        return contradictions(self.typed.entries(name, self.run), self.tree, unit)

    def sum_of_parts(self, ref: Reference) -> int:
        """The sum of a count over the units that have none above them, those that no list names included."""
        population = self.indicators.known(ref.name).population
        assert population is not None
        run = shifted(self.run, ref.shift)
        self._count(population, run, [ref])
        tallies = self._counts[population, run].tallies[ref.key]
        return sum(tally.total for unit, tally in tallies.items() if len(self.tree.with_above(unit)) == 1)

    def _behind(self, ref: Reference, run: Run, sign: int) -> Iterator[tuple[int, Reference, Run]]:
        """The counted indicators whose members stand behind a figure, or are taken away from it."""
        text, placed = self.indicators.known(ref.name), self._placed(ref, run)
        if placed is None:
            return
        inner, run = placed
        if text.population is not None:
            yield sign, inner, run
            return
        formulas = self._formulas(text, run)
        for formula, when in formulas[:1] if text.ratio else formulas:
            for term in terms(formula):
                yield from self._behind(term.reference.restricted(inner.restrictions), when, sign * term.sign)

    def _placed(self, ref: Reference, run: Run) -> tuple[Reference, Run] | None:
        """The figure without its shift and its year, and the run these name; None where the year lies outside."""
        run = shifted(run, ref.shift)
        rest: list[Restriction] = []
        for name, values in ref.restrictions:
            if name != "year":
                rest.append((name, values))
                continue
            if len(values) != 1 or not values[0].isdecimal():
                raise BadInput(f"“{ref}”: year nhận một năm, ví dụ [year=2023].")
            run = within_year(run, int(values[0]))
            if run.end < run.start:
                return None
        return Reference(ref.name, tuple(rest)), run

    def _rests_on(self, ref: Reference, run: Run) -> Iterator[tuple[Reference, Run]]:
        """The counted indicators that a figure rests on, each with the run it is counted in."""
        text = self.indicators.known(ref.name)
        placed = self._placed(ref, run)
        if placed is None:
            return
        ref, run = placed
        if text.population is not None:
            read = facts_read(self.indicators.indicator(ref).when)
            for fact, needed in self.indicators.populations[text.population].figures.items():
                if fact in read:
                    yield from self._rests_on(reference(needed), run)
            yield ref, run
            return
        for formula, inner in self._formulas(text, run):
            for term in terms(formula):
                yield from self._rests_on(term.reference.restricted(ref.restrictions), inner)

    def _formulas(self, text: IndicatorText, run: Run) -> list[tuple[str, Run]]:
        """The sums that a derived indicator is made of, with the runs they are asked in."""
        if text.formula:
            return [(text.formula, run)]
        if text.per_year:
            return [(text.per_year, run)]
        if text.choice:
            return [(text.choice.figures[self.settings[text.choice.setting]], run)]
        if text.ratio:
            return [(formula, run) for formula in text.ratio]
        if text.mean_of_years:
            return [(text.mean_of_years, within_year(run, year)) for year in full_years_of(run)]
        return []

    def _count(self, population: str, run: Run, references: Iterable[Reference]) -> None:
        known = self._counts.setdefault((population, run), Counts())
        missing = [ref for ref in references if ref.key not in known.tallies]
        if missing:
            known.tallies.update(self._pass(population, run, missing, self.within).tallies)

    def _pass(
        self, population: str, run: Run, references: Sequence[Reference], within: Unit, *, who: bool = False
    ) -> Counts:
        facts: dict[str, Mapping[Unit, int]] = {}
        for fact, needed in self.indicators.populations[population].figures.items():
            ref = reference(needed)
            source = self.indicators.texts[ref.name].population
            assert source is not None
            self._count(source, run, [ref])
            tallies = self._counts[source, run].tallies[ref.key]
            facts[fact] = {unit: tally.total for unit, tally in tallies.items()}
        indicators = [self.indicators.indicator(ref) for ref in references]
        return self.counter.count(
            population, indicators, run, facts, within, [i.key for i in indicators] if who else ()
        )

    def _figure(self, ref: Reference, run: Run, unit: Unit) -> Figure:
        text = self.indicators.known(ref.name)
        placed = self._placed(ref, run)
        if placed is None:
            return Figure(0) if text.population and not text.mean else Figure(None)
        ref, run = placed
        if text.population is not None:
            return self._counted(text, ref, run, unit)
        if text.typed:
            return self._typed(text, ref, run, unit)
        if text.ratio:
            part, whole = (self._sum(terms(formula), ref.restrictions, run, unit) for formula in text.ratio)
            if bool(part.partial) != bool(whole.partial):  # some units' figure is no base for that of all
                return Figure(None, left_out=part.partial + whole.partial)
            return share(part.value, whole.value, part.left_out + whole.left_out)
        if text.per_year:
            total = _whole(self._sum(terms(text.per_year), ref.restrictions, run, unit))
            stretch = months(run) if self.settings["year_count"] == "exact_months" else 12 * len(years(run))
            return Figure(Fraction(12 * total, stretch) if total is not None else None, total, stretch)
        if text.mean_of_years:
            return self._mean_of_years(text.mean_of_years, ref, run, unit)
        ((formula, run),) = self._formulas(text, run)
        return self._sum(terms(formula), ref.restrictions, run, unit)

    def _counted(self, text: IndicatorText, ref: Reference, run: Run, unit: Unit) -> Figure:
        assert text.population is not None
        self._count(text.population, run, [ref])
        tally = self._counts[text.population, run].tally(ref.key, unit)
        if text.mean:
            total = exact(tally.total, text.per)
            return Figure(Fraction(total) / tally.count if tally.count else None, total, tally.count)
        if text.max and not tally.count:
            return Figure(None)
        return Figure(exact(tally.total, text.per))

    def _typed(self, text: IndicatorText, ref: Reference, run: Run, unit: Unit) -> Figure:
        entries = list(self._typed_behind(ref, run, unit))
        if not entries:
            return Figure(None, left_out=(text.name,))
        partial = not_typed(self.typed.entries(text.name, run), self.tree, unit)
        return Figure(sum((entry.value for entry in entries), start=0), partial=(text.name,) if partial else ())

    def _typed_behind(self, ref: Reference, run: Run, unit: Unit) -> Iterator[TypedEntry]:
        text, placed = self.indicators.known(ref.name), self._placed(ref, run)
        if placed is None:
            return
        inner, run = placed
        if text.typed and not inner.restrictions:
            yield from making_up(self.typed.entries(text.name, run), self.tree, unit)
        for formula, when in self._formulas(text, run):
            for term in terms(formula):
                yield from self._typed_behind(term.reference.restricted(inner.restrictions), when, unit)

    def _sum(self, parts: Iterable[Term], outer: tuple[Restriction, ...], run: Run, unit: Unit) -> Figure:
        total: Number = 0
        left_out, partial = list[str](), list[str]()
        parts = tuple(parts)
        if len(parts) == 1 and parts[0].sign > 0 and not parts[0].optional:
            return self._figure(parts[0].reference.restricted(outer), run, unit)
        for term in parts:
            figure = self._figure(term.reference.restricted(outer), run, unit)
            if figure.value is None:
                if not term.optional:
                    return Figure(None, left_out=figure.left_out)
                left_out.append(term.reference.name)
                continue
            total += term.sign * figure.value
            left_out.extend(figure.left_out)
            partial.extend(figure.partial)
        return Figure(total, left_out=tuple(left_out), partial=tuple(partial))

    def _mean_of_years(self, ratio: str, outer: Reference, run: Run, unit: Unit) -> Figure:
        inner = [within_year(run, year) for year in full_years_of(run)]
        rates = [self._figure(reference(ratio).restricted(outer.restrictions), year, unit).value for year in inner]
        known = [rate for rate in rates if rate is not None]
        return Figure(Fraction(sum(known), len(known)) if known else None)


def _as_reference(text: str | Reference) -> Reference:
    return text if isinstance(text, Reference) else reference(text)


def _whole(figure: Figure) -> int | None:
    """The value of a sum of counts."""
    return figure.value if isinstance(figure.value, int) else None
