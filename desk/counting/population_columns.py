"""The populations of a store or a roster in columns: a million cases counted without an object for each.

Gives the same members as `desk.counting.populations`; only those that are shown become objects.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from cases.values.records import Roster
from desk.counting.belonging import MARKS, READ
from desk.counting.move_columns import CASE, STAYS, STEPS, looked_at
from desk.counting.moves import moves_of
from desk.counting.populations import OF_THE_UNIT, OF_THE_WAY, Lives, RosterSource, unit_facts
from engine.statistics.counting import Member, Run, Unit
from engine.statistics.indicators import Indicators
from engine.sweep.backends.polars_backend import PolarsBackend
from engine.sweep.days import tables_of
from engine.sweep.frames import DECIDED, LATER, POLARS_TYPES, ROW, CaseFrames, with_words_read
from engine.sweep.members import DAY, SEEN, UNIT, Columns, PlainColumns, existing
from rules.loader import populations as populations_loader
from rules.loader.spelling.days import FIRST_YEAR, LAST_YEAR

_CERTIFIED, _CLASS = "awareness_certified_on", "new_member_class_on"
_FIRST, _DECISION = dt.date(1, 1, 1), "recognition_decided_on"
READ_BESIDES = frozenset({"code", "full_name", "unit", "person_code", "born_on", "birth_year", _DECISION} | READ)
"""The recorded facts that populations are made of, whatever is counted."""


class FrameSource:
    """The members of each population, from the frames of all cases and a roster of everything else."""

    def __init__(self, frames: CaseFrames, others: Roster, indicators: Indicators, settings: Mapping[str, str]) -> None:
        self.frames, self.others, self.settings = frames, others, settings
        self.ruleset = indicators.programs["cases"].ruleset
        self.few = RosterSource(replace(others, records=()), self.ruleset, settings)
        self.raw: pl.DataFrame = frames.cases.collect()
        self.steps: pl.DataFrame = (
            pl.DataFrame(schema=STEPS) if frames.steps is None else frames.steps.select(*STEPS).collect()
        )
        self.tables = tables_of(self.ruleset.calendar)
        self.units = _units_frame(others)
        self._cases: dict[dt.date, CaseColumns] = {}
        self._stays: dict[dt.date, pl.LazyFrame | None] = {}
        tree = self.few.tree
        by_decision = settings["admission_date"] == "decision"
        named = {one.case for one in others.disciplines}
        self.looked_at = looked_at(self.raw, self.steps, frames.placements, tree, named, by_decision=by_decision)
        records = [record for _, record in self.looked_at.values()]
        self.lives = Lives(records, self.few.projector, self.ruleset, tree, settings, named)

    def members(self, population: str, run: Run) -> Iterable[Member]:
        """The members of a population that has few, one by one."""
        return self.few.members(population, run)

    def columns(self, population: str, run: Run) -> Columns:
        """The members of a population as of the run's day."""
        match population:
            case "cases":
                return self.cases(run.as_of)
            case "disciplines":
                return self._disciplines(run.as_of)
            case "moves":
                return self._moves(run.as_of)
            case "enrolments":
                return self._enrolments()
            case _:
                return self.few.columns(population, run)

    def cases(self, as_of: dt.date) -> CaseColumns:
        """The cases as of a day, each with what its classes and its unit add."""
        if as_of not in self._cases:
            self._cases[as_of] = CaseColumns(self._project(as_of), self, as_of)
        return self._cases[as_of]

    def with_unit(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with what is known of people because of their unit."""
        bare = frame.drop(name for name in OF_THE_UNIT if name in frame.columns)
        return bare.join(self.units, left_on="unit", right_on=UNIT, how="left", maintain_order="left")

    def _project(self, as_of: dt.date) -> pl.DataFrame:
        kinds, backend = self.ruleset.vocabulary.step_kinds, PolarsBackend()
        read = with_words_read(self.frames.as_of(as_of, kinds, backend), backend)
        folded: pl.DataFrame = read.collect().sort(ROW)
        there = existing(folded, self.ruleset, as_of, self.tables)
        decided = pl.col(DECIDED) if DECIDED in there.columns else pl.col(_DECISION).is_not_null()
        steps = sorted(self.ruleset.vocabulary.begun_on.intersection(there.columns))
        frame = there.with_columns(
            pl.col("unit").cast(pl.String),
            pl.lit(as_of).alias("as_of"),
            pl.when(decided).then(statement=True).alias("recognition_decision_recorded"),
            *(pl.when(pl.col(name) <= as_of).then(pl.col(name)).alias(name) for name in steps),
        )
        frame = frame.drop(name for name in (DECIDED, LATER) if name in frame.columns)
        frame = self.with_unit(frame).with_columns(pl.col("unit").alias(UNIT), *self._birth(there.columns))
        frame = self._with_first_certificate(frame, as_of)
        return self._with_classes(self._with_marks(frame, as_of), as_of)

    def _birth(self, columns: Sequence[str]) -> list[pl.Expr]:
        """The first and the last day on which somebody can have been born."""
        nothing = pl.lit(None, dtype=pl.Date)
        born = pl.col("born_on") if "born_on" in columns else nothing
        if "birth_year" not in columns:
            return [born.alias("born_not_before"), born.alias("born_not_after")]
        year = pl.col("birth_year")
        known = pl.when(year.is_between(FIRST_YEAR, LAST_YEAR)).then(year)
        return [
            pl.coalesce(born, pl.date(known, month, day)).alias(name)
            for name, month, day in (("born_not_before", 1, 1), ("born_not_after", 12, 31))
        ]

    def _with_first_certificate(self, frame: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
        if _CERTIFIED not in frame.columns:
            return frame
        on = pl.col("on")
        earlier = self.steps.filter((pl.col("kind") == _CERTIFIED) & (on <= as_of)).group_by(ROW).agg(on.min())
        first = pl.min_horizontal("on", _CERTIFIED).alias("first_certified_on")
        return frame.join(earlier, on=ROW, how="left", maintain_order="left").with_columns(first).drop("on")

    def _with_marks(self, frame: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
        """Marked: what is no event here of people who came, went or left, and who is not counted here on the day."""
        marked = [
            (self.looked_at[code][0], life.marks(number, as_of, self.lives.term_ends))
            for code, (life, number) in self.lives.by_code(as_of).items()
        ]
        columns = {name: [marks.get(name) for _, marks in marked] for name in MARKS}
        schema = {ROW: pl.UInt32, **dict.fromkeys(MARKS, pl.Boolean)}
        marks = pl.DataFrame({ROW: [row for row, _ in marked], **columns}, schema=schema)
        lives = self.lives.by_code(as_of)
        staying = [self.looked_at[code][0] for code, (life, n) in lives.items() if life.on_the_way(n, as_of)]
        there = ~pl.col(ROW).is_in(staying)
        away = [pl.when(there).then(pl.col(name)).alias(name) for name in OF_THE_WAY if name in frame.columns]
        return frame.with_columns(away).join(marks, on=ROW, how="left", maintain_order="left")

    def stays(self, as_of: dt.date) -> pl.LazyFrame | None:
        """Where people were through time; of a person with several rows, what all of them say."""
        if as_of not in self._stays:
            self._stays[as_of] = self._joined_stays(as_of)
        return self._stays[as_of]

    def _joined_stays(self, as_of: dt.date) -> pl.LazyFrame | None:
        own: pl.LazyFrame | None = self.frames.placements
        joined = [
            (self.looked_at[row.record.code][0], entry, stay.unit, stay.since)
            for life in self.lives.on(as_of)
            if len(life.rows) > 1
            for entry, stay in enumerate(life.stays(as_of))
            for row in life.rows
        ]
        if not joined:
            return own
        lines = pl.DataFrame(joined, schema=STAYS, orient="row").lazy()
        if own is None:
            return lines
        others: pl.LazyFrame = own.select(pl.col(name).cast(kind) for name, kind in STAYS.items())
        return pl.concat([others.join(lines, on=ROW, how="anti"), lines])

    def _with_classes(self, frame: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
        enrolled = self._in_classes().filter(pl.col("course_opened_on") <= as_of)
        new_member = pl.col("course_kind").cast(pl.String) == "new_member"
        open_still = pl.col("course_closed_on").is_null() | (pl.col("course_closed_on") > as_of)
        found = (
            enrolled.drop_nulls(CASE)
            .group_by(pl.col(CASE).alias(ROW))
            .agg(
                pl.col("course_opened_on").filter(new_member).max().alias(_CLASS),
                pl.when((~new_member & open_still).any()).then(statement=True).alias("awareness_class_open"),
            )
        )
        return frame.join(found, on=ROW, how="left", maintain_order="left")

    def _in_classes(self) -> pl.DataFrame:
        """The learners with what is known of their class and of the case they are."""
        learners = self.others.enrolments
        schema = {"course": pl.String, "case": pl.String, "_name": pl.String, "youth_union": pl.Boolean}
        schema |= {"trade_union": pl.Boolean, "certified_on": pl.Date}
        listed = pl.DataFrame(
            {
                "course": [learner.course for learner in learners],
                "case": [learner.case for learner in learners],
                "_name": [learner.full_name for learner in learners],
                "youth_union": [learner.youth_union for learner in learners],
                "trade_union": [learner.trade_union for learner in learners],
                "certified_on": [learner.certified_on for learner in learners],
            },
            schema=schema,
        )
        courses = pl.DataFrame(
            [
                (c.code, c.kind, c.opened_on, c.closed_on, c.audience, c.online, c.unit)
                for c in {course.code: course for course in self.others.courses}.values()
            ],
            schema={
                "course": pl.String,
                "course_kind": pl.Categorical,
                "course_opened_on": pl.Date,
                "course_closed_on": pl.Date,
                "audience": pl.String,
                "online": pl.Boolean,
                "_class_unit": pl.String,
            },
            orient="row",
        )
        own = {
            "unit": "_home",
            "person_code": "_person",
            "full_name": "_own_name",
            "recognition_decided_on": "_decided",
        }
        people = self.raw.filter(pl.col("code").is_in(listed["case"].drop_nulls().to_list())).select(
            pl.col("code").cast(pl.String).alias("case"),
            pl.col(ROW).alias(CASE),
            *(
                (pl.col(name) if name in self.raw.columns else pl.lit(None))
                .cast(pl.Date if name == _DECISION else pl.String)
                .alias(alias)
                for name, alias in own.items()
            ),
        )
        return listed.join(courses, on="course", how="left", maintain_order="left").join(
            people, on="case", how="left", maintain_order="left"
        )

    def _enrolments(self) -> Columns:
        """Learners, credited by the setting to the unit of their dossier or of the class."""
        home = pl.col("_home") if self.settings["learner_unit"] == "home_unit" else pl.lit(None, dtype=pl.String)
        place = pl.format("#{}", pl.col(ROW))
        decided = pl.col("_decided") <= pl.col("course_opened_on")
        named = pl.when(pl.col("_name").str.len_chars() > 0).then(pl.col("_name"))
        frame = self._in_classes().with_row_index(ROW)
        frame = frame.with_columns(
            pl.coalesce(home, "_class_unit").alias(UNIT),
            pl.when(pl.col(CASE).is_null()).then(place).otherwise(pl.coalesce("_person", "case")).alias("learner"),
            place.alias("place_in_class"),
            pl.coalesce(named, "_own_name", pl.lit("")).alias("full_name"),
            pl.when(decided).then(statement=True).alias("recognised_before"),
            pl.coalesce("case", "course").alias("_key"),
        )
        own = [name for name in frame.columns if not name.startswith("_") or name in (UNIT, "_key")]
        frame = frame.select(own).join(self.units, on=UNIT, how="left", maintain_order="left")
        return PlainColumns(frame, code=pl.col("_key"))

    def _disciplines(self, as_of: dt.date) -> Columns:
        measures = pl.DataFrame(
            [(n, d.case, d.form, d.on) for n, d in enumerate(self.others.disciplines)],
            schema={
                "_number": pl.Int64,
                "code": pl.String,
                "measure_form": pl.Categorical,
                "measure_taken_on": pl.Date,
            },
            orient="row",
        )
        cases = self.cases(as_of)
        elsewhere = [mark or None for mark in self.lives.measures_elsewhere(self.others.disciplines, as_of)]
        measures = measures.with_columns(pl.Series("discipline_elsewhere", elsewhere, dtype=pl.Boolean))
        people = cases.frame.filter(pl.col("code").is_in(measures["code"].to_list()))
        people = people.rename({ROW: CASE}).with_columns(pl.col("code").cast(pl.String))
        frame = measures.join(people, on="code", how="inner", maintain_order="left").with_row_index(ROW)
        numbered = pl.format("{}#{}", "code", "_number")
        return CaseEntries(frame, cases, ("measure_form", "measure_taken_on", "discipline_elsewhere"), numbered)

    def _moves(self, as_of: dt.date) -> Columns:
        scopes: dict[tuple[Unit, ...], int] = {}
        rows = [
            (
                *(self.looked_at[life.rows[move.row].record.code][0], move.kind, move.on, move.not_after, move.place),
                *(move.unit, scopes.setdefault(move.scopes, len(scopes))),
            )
            for life in self.lives.on(as_of)
            for move in moves_of(life, as_of, self.few.tree, self.few.units)
        ]
        schema = {CASE: pl.UInt32, "move": pl.Categorical, "moved_on": pl.Date, "moved_not_after": pl.Date}
        schema |= {"move_place": pl.Categorical, UNIT: pl.String, SEEN: pl.Int32}
        moved = pl.DataFrame(rows, schema=schema, orient="row")
        people = self.cases(as_of).frame.drop(UNIT).rename({ROW: CASE})
        frame = moved.join(people, on=CASE, how="left", maintain_order="left").with_row_index(ROW)
        return PlainColumns(frame, list(scopes))


class CaseColumns(PlainColumns):
    """The cases as of a day."""

    def __init__(self, frame: pl.DataFrame, source: FrameSource, as_of: dt.date) -> None:
        super().__init__(frame)
        self.source, self.as_of = source, as_of

    def on(self, days: pl.DataFrame) -> pl.DataFrame:
        """Some cases, each with the dated values and the unit of its own day."""
        frame = self.frame.join(days, on=ROW, how="inner", maintain_order="left")
        frames = self.source.frames
        dated = {name: entries for name, entries in frames.attributes.items() if name in frame.columns}
        stays = self.source.stays(self.as_of)
        if stays is not None:
            dated["unit"] = stays
        for name, entries in dated.items():
            frame = _as_on_day(frame, name, entries)
        return self.source.with_unit(frame.drop(DAY)).with_columns(pl.col("unit").alias(UNIT))


class CaseEntries(PlainColumns):
    """Entries of which a case has several, each with the facts of its case."""

    def __init__(self, frame: pl.DataFrame, cases: CaseColumns, own: Sequence[str], code: pl.Expr) -> None:
        super().__init__(frame, code=code)
        self.cases, self.own = cases, own

    def on(self, days: pl.DataFrame) -> pl.DataFrame:
        """Some entries, each with the values and the unit of its case on its own day."""
        entries = self.frame.select(ROW, CASE, *self.own).join(days, on=ROW, how="inner", maintain_order="left")
        # A case can have entries of several days: each day is asked for with a number of its own.
        pairs = entries.select(CASE, DAY).unique(maintain_order=True)
        parts = []
        for _, some in pairs.group_by(pl.int_range(pl.len()).over(CASE).alias("nth"), maintain_order=True):
            then = self.cases.on(some.rename({CASE: ROW})).rename({ROW: CASE})
            parts.append(then.join(some, on=CASE, how="left", maintain_order="left"))
        if not parts:
            return self.frame.clear()
        facts = pl.concat(parts)
        return entries.join(facts, on=[CASE, DAY], how="left", maintain_order="left").drop(DAY)


def _as_on_day(frame: pl.DataFrame, name: str, entries: Any) -> pl.DataFrame:
    """The frame with a dated value as it stood on the day of each row; absent where none had begun."""
    since, entry = pl.col("since"), pl.col("entry")
    own: pl.DataFrame = entries.join(frame.lazy().select(ROW, DAY), on=ROW, how="inner").collect()
    begun = own.filter(since.is_null() | (since <= pl.col(DAY))).with_columns(since.fill_null(_FIRST))
    begun = begun.filter(since == since.max().over(ROW)).filter(entry == entry.min().over(ROW))
    marked = own.select(ROW).unique().with_columns(pl.lit(value=True).alias("_dated"))
    then = marked.join(begun.select(ROW, pl.col("value").alias("_then")), on=ROW, how="left")
    joined = frame.join(then, on=ROW, how="left", maintain_order="left")
    value = pl.when(pl.col("_dated")).then(pl.col("_then").cast(frame.schema[name])).otherwise(pl.col(name))
    if name == "unit":
        value = pl.coalesce(pl.col("_then"), pl.col(name))
    return joined.with_columns(value.alias(name)).drop("_dated", "_then")


def _units_frame(roster: Roster) -> pl.DataFrame:
    """What each unit adds to what is known of its people and classes."""
    facts = populations_loader.load()["cases"].vocabulary.facts
    types = {name: POLARS_TYPES[str(facts[name].type)] for name in OF_THE_UNIT}
    known = {unit.code: unit_facts(unit) for unit in roster.units}
    columns = {name: [own.get(name) for own in known.values()] for name in types}
    return pl.DataFrame({UNIT: list(known), **columns}, schema={UNIT: pl.String, **types})
