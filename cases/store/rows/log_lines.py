"""The lines of one entry of the log until they are written: there may be a hundred thousand, each of some length."""

from __future__ import annotations

import pickle
import zlib
from typing import TYPE_CHECKING

from cases.log.chain import link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COLUMNS = ("batch_id", "entity", "item", "key", "before", "after", "salt", "digest")
"""The columns of a line that is written; its number is given by the table."""
LogRow = tuple[int, str, int, str, str | None, str | None, str, str]
_AT_ONCE = 1_000


class LogLines:
    """The lines of an entry in their order, kept packed but for the last ones."""

    def __init__(self, lines: Iterable[LogRow]) -> None:
        """Go through the lines and keep them."""
        self._packed: list[bytes] = []
        self._last: list[LogRow] = []
        self.links = bytearray()
        """What the lines add to the chain."""
        for line in lines:
            self._last.append(line)
            _, entity, item, *_, digest = line
            self.links += link(entity, item, digest)
            if len(self._last) == _AT_ONCE:
                self._packed.append(zlib.compress(pickle.dumps(self._last, pickle.HIGHEST_PROTOCOL), 1))
                self._last = []

    def __len__(self) -> int:
        return len(self._packed) * _AT_ONCE + len(self._last)

    def rows(self) -> Iterator[list[LogRow]]:
        """The rows to write, some at a time."""
        for part in self._packed:
            yield pickle.loads(zlib.decompress(part))  # noqa: S301  # what was packed above
        yield self._last
