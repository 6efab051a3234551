"""The rows of a sheet that is to be written, kept by columns: many rows in little room."""

from __future__ import annotations

from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Table:
    """Rows of a sheet by the fields of its columns; a field without a value is absent or None."""

    def __init__(self, rows: Iterable[Mapping[str, Any]] = ()) -> None:
        """Begin with some rows."""
        self.height = 0
        self._columns: dict[str, list[Any]] = {}
        self._texts: dict[str, str] = {}
        for row in rows:
            self.add(row)

    def add(self, row: Mapping[str, Any]) -> None:
        """Put a row below the others."""
        height, columns, kept = self.height, self._columns, self._texts.setdefault
        for name, value in row.items():
            if value is None:
                continue
            column = columns.get(name)
            if column is None:
                column = columns[name] = []
            if len(column) < height:
                column.extend(repeat(None, height - len(column)))
            column.append(kept(value, value) if type(value) is str else value)
        self.height += 1

    @property
    def fields(self) -> Iterable[str]:
        """The fields that some row has a value for."""
        return self._columns.keys()

    def column(self, name: str) -> Iterator[Any]:
        """The values of a field from the first row to the last."""
        values = self._columns.get(name, [])
        return chain(values, repeat(None, self.height - len(values)))
