"""The rows of a sheet in little room: some hundreds are packed together, and unpacked while somebody looks at them."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cases.files.xlsx_reading import RawCell

_AT_ONCE = 500
_SHARED = frozenset({str, date, datetime})
"""The types of cells that are kept once where they are equal; of numbers 1, 1.0 and True are equal."""

Look = Callable[[int, "Sequence[list[RawCell]]", int], None]
"""Shown some rows, with the number of the first from 0 and the length of the longest text up to their end."""


class PackedRows(Sequence["list[RawCell]"]):
    """Rows that stay as they are; gone through in order each is unpacked once."""

    __slots__ = ("_height", "_number", "_open", "_parts")

    def __init__(self, parts: list[bytes], height: int) -> None:
        """Of parts that `packed` has made."""
        self._parts, self._height = parts, height
        self._number, self._open = -1, list[Any]()

    def __reduce__(self) -> tuple[type[PackedRows], tuple[list[bytes], int]]:
        return PackedRows, (self._parts, self._height)

    def __len__(self) -> int:
        return self._height

    @overload
    def __getitem__(self, index: int) -> list[RawCell]: ...
    @overload
    def __getitem__(self, index: slice) -> list[list[RawCell]]: ...
    def __getitem__(self, index: int | slice) -> list[RawCell] | list[list[RawCell]]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(self._height))]
        number, place = divmod(range(self._height)[index], _AT_ONCE)
        if number != self._number:
            self._number, self._open = number, _unpacked(self._parts[number])
        row: list[RawCell] = self._open[place]
        return row

    def __iter__(self) -> Iterator[list[RawCell]]:
        for part in self._parts:
            yield from _unpacked(part)


class _Kept(dict[Any, Any]):
    """Every cell that was seen, by itself."""

    longest = 0

    def __missing__(self, cell: Any) -> Any:
        self[cell] = cell
        if type(cell) is str:
            self.longest = max(self.longest, len(cell))
        return cell


def packed(rows: Iterable[list[RawCell]], look: Look) -> PackedRows:
    """Rows packed as they come; raises what ``look`` raises."""
    parts, height, rest, kept = list[bytes](), 0, iter(rows), _Kept()
    while some := list(islice(rest, _AT_ONCE)):
        shared = [[kept[cell] if type(cell) in _SHARED else cell for cell in row] for row in some]
        look(height, shared, kept.longest)
        height += len(some)
        parts.append(pickle.dumps(shared, pickle.HIGHEST_PROTOCOL))
    return PackedRows(parts, height)


def _unpacked(part: bytes) -> list[list[RawCell]]:
    rows: list[list[RawCell]] = pickle.loads(part)  # noqa: S301  # what we packed ourselves, or our own child
    return rows
