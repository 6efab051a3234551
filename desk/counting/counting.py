"""The desk's counting side in columns: the ledger of a store, read into frames, or of a roster put into them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from cases.store.connection import querying
from cases.store.frames import StoredCases, stored_cases
from cases.store.reading import all_but_cases, every_unit
from cases.values.evaluated import marked
from cases.values.records import Roster, Unit
from cases.values.typed_figures import ManualFigure, ManualFigures, typed_figures
from desk.counting.ledgers import compiled_indicators, ruleset_of
from desk.counting.population_columns import READ_BESIDES, FrameSource
from desk.rosters import known_unit, unit_tree
from engine.ruleset import load_ruleset
from engine.statistics.behind_a_figure import facts_behind
from engine.statistics.counting import Run
from engine.statistics.indicators import Indicators
from engine.statistics.ledger import Ledger
from engine.statistics.references import reference
from engine.sweep.counting import ColumnCounter
from engine.sweep.frames import CaseFrames
from rules.loader import populations as populations_loader
from rules.loader import settings as settings_loader
from rules.loader.indicators import IndicatorText
from rules.loader.populations import Dimension


@dataclass(frozen=True)
class InFrames:
    """Everything that is counted: the cases in frames, all else as values."""

    cases: CaseFrames
    others: Roster
    named: tuple[Unit, ...]
    """Every unit there is, those that nobody declared included."""


def of_roster(roster: Roster) -> InFrames:
    """A roster put into frames."""
    frames = CaseFrames.of_records(marked(roster), load_ruleset().vocabulary)
    declared = {unit.code for unit in roster.units}
    named = {str(record.fields["unit"]) for record in roster.records if "unit" in record.fields}
    return InFrames(frames, roster, (*roster.units, *map(Unit, sorted(named - declared))))


def of_store(url: str, facts: Iterable[str]) -> InFrames:
    """A store read into frames with the columns of some facts; raises `StoreProblem`."""
    wanted = {*facts, *READ_BESIDES}
    while True:
        with querying(url) as execute:
            ((before,),) = execute("SELECT max(id) FROM batches")
            others, units = all_but_cases(execute), tuple(unit for _, unit, _ in every_unit(execute))
        batches = list(stored_cases(url, wanted, measures=False))
        with querying(url) as execute:
            ((after,),) = execute("SELECT max(id) FROM batches")
        if before == after:
            return InFrames(_together(batches), others, units)


def _together(batches: Sequence[StoredCases]) -> CaseFrames:
    """The batches of a store as one."""
    if not batches:
        return CaseFrames.of_records((), load_ruleset().vocabulary)
    attributes: dict[str, list[pl.DataFrame]] = {}
    for batch in batches:
        for name, entries in batch.attributes.items():
            attributes.setdefault(name, []).append(entries)
    steps = [batch.steps for batch in batches if batch.steps is not None]
    stays = [batch.placements for batch in batches if batch.placements is not None]
    return CaseFrames(
        pl.concat([batch.cases for batch in batches]).lazy(),
        pl.concat(steps).lazy() if steps else None,
        {name: pl.concat(entries).lazy() for name, entries in attributes.items()},
        pl.concat(stays).lazy() if stays else None,
    )


def facts_counted(more: Mapping[str, IndicatorText] | None = None) -> set[str]:
    """The facts that all counted indicators rest on, those restrictions ask for included; `more` besides."""
    indicators, found = _book(more), set[str]()
    for name, text in indicators.texts.items():
        if text.population is not None:
            found |= facts_behind(indicators, indicators.indicator(reference(name)))
    return found | {name for dimension in populations_loader.dimensions().values() for name in _facts_of(dimension)}


def _facts_of(dimension: Dimension) -> Iterator[str]:
    """The facts that the conditions of a dimension may name."""
    known = populations_loader.load()["cases"].vocabulary.facts
    for text in (dimension.any_value, dimension.unknown, *dimension.values.values()):
        yield from known.keys() & set((text or "").split())


def _book(more: Mapping[str, IndicatorText] | None, settings: Mapping[str, str] | None = None) -> Indicators:
    indicators = compiled_indicators(ruleset_of(settings) if settings else load_ruleset())
    return indicators.extended(more) if more else indicators


def ledger(
    frames: InFrames,
    run: Run,
    unit: str | None = None,
    settings: Mapping[str, str] | None = None,
    typed: Iterable[ManualFigure] = (),
    more: Mapping[str, IndicatorText] | None = None,
) -> Ledger:
    """The ledger of what stands in frames, for a period; raises `UnknownName`."""
    tree, chosen = unit_tree(frames.others), settings_loader.chosen(settings)
    indicators = _book(more, chosen)
    source = FrameSource(frames.cases, frames.others, indicators, chosen)
    return Ledger(
        indicators,
        ColumnCounter(indicators, source, tree, chosen),
        ManualFigures([*typed_figures(frames.others), *typed]),
        tree.on(run.as_of),
        chosen,
        run,
        known_unit(Roster(units=frames.named), unit),
    )
