"""The sweep on DuckDB, through Narwhals: for populations that do not fit into memory, on one machine.

DuckDB has no table to gather from, so the tables of days are joined; everything else is the same lines as for Polars.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

import duckdb
import narwhals as nw

from engine.language.tree import folded
from engine.sweep.days import EPOCH, LOWEST, DayTable, DayTables
from engine.sweep.layers import Read

Frame = nw.LazyFrame[duckdb.DuckDBPyRelation]

_FIRST = dt.date(1890, 1, 1).toordinal() - EPOCH
_LAST = dt.date(2200, 12, 31).toordinal() - EPOCH
"""Recorded days lie between 1900 and 2100; a day beyond these bounds would be answered with nothing."""
_DAY, _TEXT, _OF, _PART = "_day", "_text", "_of", "_part"
_LONGER_AT_MOST = 4
"""No text is longer than so many times its folded form: folding never shortens, composing makes one of four at most."""


class DuckDBBackend:
    """DuckDB, on a connection of its own: frames are relations of that connection."""

    api = nw

    def __init__(self, connection: duckdb.DuckDBPyConnection | None = None) -> None:
        self.connection = connection or duckdb.connect()
        self._numbers = count()
        self._tables: dict[tuple[DayTable, ...], str] = {}

    def days_in(self, frame: Frame, days: Iterable[str], others: Iterable[str]) -> Frame:
        """The columns asked for, days as numbers."""
        numbers = [f"CAST({_quoted(day)} - DATE '1970-01-01' AS INTEGER) AS {_quoted(day)}" for day in days]
        return nw.from_native(frame.to_native().project(", ".join([*numbers, *map(_quoted, others)])))

    def where(self, frame: Frame, mark: str, read: Collection[str]) -> Frame:
        """The rows in which a mark is set, with the columns that are read: few columns are thought about faster."""
        rows = frame.to_native().filter(_quoted(mark))
        return nw.from_native(rows.project(", ".join(map(_quoted, sorted(read)))))

    def narrowed(self, frame: Frame, spent: Sequence[str]) -> Frame:
        """The frame without columns that are read no more."""
        return nw.from_native(frame.to_native().project(f"* EXCLUDE ({', '.join(map(_quoted, spent))})"))

    def lookup(self, frame: Frame, tables: DayTables, wanted: Mapping[str, tuple[str, DayTable]]) -> Frame:
        """The frame with new columns: for each, what a table says of the day in another column."""
        of_source: dict[str, dict[str, DayTable]] = {}
        for name, (source, table) in wanted.items():
            of_source.setdefault(source, {})[name] = table
        answers, joins = [f"{_PART}.*"], [_PART]
        for place, (source, asked) in enumerate(of_source.items()):
            side = f"_side_{place}"
            table_name = self._side_by_side(tables, tuple(asked.values()))
            answers += [f"{side}._{number} AS {_quoted(name)}" for number, name in enumerate(asked)]
            joins.append(f"LEFT JOIN {table_name} AS {side} ON {_PART}.{_quoted(source)} = {side}.{_DAY}")
        query = f"SELECT {', '.join(answers)} FROM {' '.join(joins)}"  # noqa: S608  # our own names
        joined = frame.to_native().query(_PART, query)
        assert joined is not None, "a query that only reads is a relation"
        return nw.from_native(joined)

    def _side_by_side(self, tables: DayTables, asked: tuple[DayTable, ...]) -> str:
        """The table with the answers of some tables, a row for each day."""
        made = self._tables.get(asked)
        if made is None:
            stretch = slice(_FIRST - LOWEST, _LAST - LOWEST + 1)
            answers = {f"_{place}": tables.values(table)[stretch].to_list() for place, table in enumerate(asked)}
            small = self._small({_DAY: list(range(_FIRST, _LAST + 1)), **answers}, "INTEGER")
            made = self._tables[asked] = small.to_native().alias
        return made

    def read(self, frame: Frame, wanted: Mapping[str, tuple[str, Read]], *, days: bool = False) -> Frame:
        """The frame with new columns: for each, the texts of a column read by a function, each different one once."""
        written = self._written(frame, {source: None for source, _ in wanted.values()})
        for name, (source, reading) in wanted.items():
            plain = nw.col(source).cast(nw.String)
            ways = {text: None if (said := reading(text)) is None else str(said) for text in written[source]}
            small = self._small({_TEXT: list(ways), name: list(ways.values())}, "VARCHAR")
            if days:
                small = nw.from_native(
                    small.to_native().project(f"{_TEXT}, CAST({_quoted(name)} AS DATE) AS {_quoted(name)}")
                )
            joined = frame.with_columns(plain.alias(_OF)).join(small, left_on=_OF, right_on=_TEXT, how="left")
            frame = joined.drop(_OF)
        return frame

    def alike(self, frame: Frame, wanted: Mapping[str, tuple[str, tuple[str, ...]]]) -> Frame:
        """The frame with new marks: for each, whether a text column is one of some folded texts; false where null."""
        longest: dict[str, int | None] = {}
        for source, members in wanted.values():
            longest[source] = max(longest.get(source) or 0, *(_LONGER_AT_MOST * len(member) for member in members))
        written, marks = self._written(frame, longest), []
        for name, (source, members) in wanted.items():
            ways = [text for text in written[source] if folded(text) in members]
            found = nw.col(source).cast(nw.String).is_in(ways).fill_null(value=False) if ways else nw.lit(value=False)
            marks.append(found.alias(name))
        return frame.with_columns(*marks)

    def _written(self, frame: Frame, longest: Mapping[str, int | None]) -> dict[str, list[str]]:
        """The different texts in some columns, those beyond a length left out: few, and Python folds them.

        DuckDB does not fold texts quite as Python does, in which the rules have been read.
        """
        parts = []
        for source, limit in longest.items():
            text = frame.select(nw.lit(source).alias(_OF), nw.col(source).cast(nw.String).alias(_TEXT))
            text = text.filter(~nw.col(_TEXT).is_null())
            parts.append(text if limit is None else text.filter(nw.col(_TEXT).str.len_chars() <= limit))
        found: dict[str, list[str]] = {source: [] for source in longest}
        for row in self.rows(nw.concat(parts).unique()):
            found[row[_OF]].append(row[_TEXT])
        return found

    def settle(self, frame: Frame) -> Frame:
        """The frame worked out into a temporary table, which DuckDB keeps on disk where memory is short."""
        return self.together([frame])

    def together(self, frames: Iterable[Frame], days: Sequence[str] = ()) -> Frame:
        """The rows of frames with the same columns, put into one table one after the other.

        As one query of all its parts it would be thought about far longer than it runs.
        """
        name = f"settled_{next(self._numbers)}"
        begin, dated = f"CREATE TEMP TABLE {name} AS", {_quoted(day) for day in days}
        for frame in frames:
            columns = [
                f"DATE '1970-01-01' + CAST({column} AS INTEGER) AS {column}" if column in dated else column
                for column in map(_quoted, frame.columns)
            ]
            asked = f"{begin} SELECT {', '.join(columns)} FROM {_PART}"  # noqa: S608  # our own names
            frame.to_native().query(_PART, asked)
            begin = f"INSERT INTO {name}"
        return nw.from_native(self.connection.table(name))

    def release(self, frame: Frame) -> None:
        """A settled frame is read no more: its table goes."""
        self.connection.execute(f"DROP TABLE {_quoted(frame.to_native().alias)}")

    def counts(self, frame: Frame, marks: Sequence[str]) -> dict[str, int]:
        """In how many rows each mark is set."""
        (row,) = self.rows(frame.select(*(nw.col(mark).cast(nw.Int64).sum() for mark in marks)))
        return {mark: int(row[mark] or 0) for mark in marks}

    def rows(self, frame: Frame) -> Iterator[dict[str, Any]]:
        """The rows of a frame as values."""
        relation = frame.to_native()
        names = relation.columns
        return (dict(zip(names, row, strict=True)) for row in relation.fetchall())

    def _small(self, columns: Mapping[str, Sequence[object]], kind: str) -> Frame:
        """A small table with columns of one kind."""
        name = f"small_{next(self._numbers)}"
        lists = [f"unnest(${place}::{kind}[]) AS {_quoted(column)}" for place, column in enumerate(columns, 1)]
        self.connection.execute(
            f"CREATE TEMP TABLE {name} AS SELECT {', '.join(lists)}", list(columns.values())
        )  # our own names
        return nw.from_native(self.connection.table(name))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
