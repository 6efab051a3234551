"""The work of a large store, from what stands about it: grouped once, and sentences written only for those shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from cases.store.connection import querying
from cases.store.reading import every_unit, kept_facts_now, measures_of, records_of
from cases.store.search import numbers_with
from cases.store.sight import seeing, sight
from cases.values.evaluated import evaluated
from cases.values.records import Roster, Unit
from desk.answers.matters import grave
from desk.answers.work import PRESSING, Work, entry_of
from desk.question import Question
from desk.rosters import known_unit, unit_tree
from desk.sweeping.standing import Standing
from engine.findings import Describer, Finding, noted
from engine.projection import Projector
from engine.ruleset import RuleSet
from engine.single.closures import program_of

MOST_CHOSEN = 16
"""So many choices of the list are kept with their order: who turns pages has it worked out once."""

Chosen = tuple[str | None, frozenset[str], str | None, str | None]
"""What of the list is asked for: unit, severities, who holds it, stage."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """All entries of a choice in their order, how many people a severity has, and how many a unit."""

    cases: pl.DataFrame
    people: Mapping[str, int]
    units: Mapping[str, int]


class StoreWork:
    """Who has something to do, as it stands on a day; asked for page by page."""

    def __init__(self, url: str, question: Question, standing: Standing) -> None:
        """Group what stands by person; raises `StoreProblem`."""
        self.question, self.standing = question, standing
        self._url, self.eyes = url, sight()
        with querying(url) as execute:
            every = list(every_unit(execute))
        self.units: Sequence[Unit] = tuple(unit for _, unit, declared in every if declared)
        self._known = Roster(units=tuple(unit for _, unit, _ in every))
        self._findings = standing.state.findings
        self._first = _first_of_each_case(self._findings, question.ruleset)
        stages = standing.state.cases.select("case", pl.col("stage").cast(pl.String)).iter_rows()
        self.stages: Mapping[str, str | None] = dict(stages)
        self._program = program_of(question.ruleset)
        self._chosen: dict[Chosen, _Listed] = {}

    def page(
        self,
        unit: str | None,
        severities: Collection[str],
        held_by: str | None,
        start: int,
        size: int,
        stage: str | None = None,
    ) -> tuple[Work, int]:
        """The entries of one page with the numbers of people, and how many entries there are; raises `UnknownName`."""
        asked = (unit, frozenset(severities), held_by, stage)
        if asked not in self._chosen:
            made = self._listed(*asked)
            while len(self._chosen) >= MOST_CHOSEN:
                self._chosen.pop(next(iter(self._chosen)), None)
            self._chosen[asked] = made
        listed = self._chosen[asked]
        codes = listed.cases["case"].slice(start, size).to_list()
        found = self._told(codes)
        entries = tuple(entry_of(found[code], self.question.ruleset.rules) for code in codes)
        return Work(entries, listed.people, listed.units), listed.cases.height

    def _listed(self, unit: str | None, severities: frozenset[str], held_by: str | None, stage: str | None) -> _Listed:
        """The entries of all pages of a choice; raises `UnknownName`."""
        findings = self._findings
        if known_unit(self._known, unit) is not None:
            tree = unit_tree(self._known).on(self.question.as_of)
            within = [one.code for one in self._known.units if tree.holds(unit, one.code)]
            findings = findings.filter(pl.col("unit").cast(pl.String).is_in(within))
        people = dict(findings.group_by(pl.col("severity").cast(pl.String)).agg(pl.col("case").n_unique()).iter_rows())
        meant = findings.filter(pl.col("severity").cast(pl.String).is_in(list(severities)))
        if held_by is not None:
            meant = meant.filter(pl.col("held_by").cast(pl.String) == held_by)
        chosen = self._first.join(meant.select("case").unique(), on="case", how="semi", maintain_order="left")
        if stage is not None:
            there = self.standing.state.cases.filter(pl.col("stage").cast(pl.String) == stage)
            chosen = chosen.join(there.select("case"), on="case", how="semi", maintain_order="left")
        units = chosen.group_by(pl.col("unit").cast(pl.String).fill_null("")).len()
        return _Listed(chosen, people, dict(units.iter_rows()))

    def _told(self, codes: Sequence[str]) -> dict[str, list[Finding]]:
        """The findings about some cases with their sentences."""
        ruleset, as_of = self.question.ruleset, self.question.as_of
        with seeing(self.eyes), querying(self._url) as execute:
            records = records_of(execute, numbers_with(execute, codes))
            measures = tuple(one for code in codes for one in measures_of(execute, code))
            roster = Roster(records=tuple(records), disciplines=measures, kept=kept_facts_now(execute))
        program, projector = self._program, Projector(ruleset.vocabulary)
        describer = Describer(program)
        situations = {}
        for record in evaluated(roster):
            recorded = projector.project(record, as_of)
            if recorded is not None:
                situations[record.code] = program.situation({**recorded, "as_of": as_of})
        found: dict[str, list[Finding]] = {code: [] for code in codes}
        for row in self._findings.filter(pl.col("case").is_in(codes)).sort("case", "rule").iter_rows(named=True):
            told = describer.message(ruleset.rules[row["rule"]], situations[row["case"]], row["due"], row["days_late"])
            message = noted(told, row["certainty"], later=row["later"], forecast=row["forecast"])
            found[row["case"]].append(Finding(**{**row, "name": row["name"] or "", "message": message}))
        return found


def _first_of_each_case(findings: pl.DataFrame, ruleset: RuleSet) -> pl.DataFrame:
    """`case` and `unit` in the order of the work list: by the finding that each entry is listed by."""
    matters = {name: rule.text.matter or name for name, rule in ruleset.rules.items()}
    rule, severity = pl.col("rule").cast(pl.String), pl.col("severity").cast(pl.String)
    pressing = {name: place for place, name in enumerate(PRESSING)}
    ranked = findings.select(
        "case",
        pl.col("unit").cast(pl.String),
        rule.alias("rule"),
        rule.replace_strict(matters).alias("matter"),
        severity.replace_strict({name: grave(name) for name in PRESSING}, return_dtype=pl.Int32).alias("grave"),
        severity.replace_strict(pressing, return_dtype=pl.Int32).alias("press"),
        (-pl.col("days_late").fill_null(0)).alias("late"),
    )
    listed = ranked.sort("case", "grave", "rule").unique(["case", "matter"], keep="first", maintain_order=True)
    order = listed.sort("press", "late", "rule").unique("case", keep="first", maintain_order=True)
    return order.sort("press", "late", "case").select("case", "unit")
