"""The lines of one entry of the log until they are written: there may be a hundred thousand, each of some length."""

from __future__ import annotations

import pickle
import zlib
from typing import TYPE_CHECKING, Any

from cases.log.chain import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cases.log.batches import LoggedChange

COLUMNS = ("batch_id", "entity", "item", "key", "before", "after", "salt", "digest")
"""The columns of a line that is written; its number is given by the table."""
_AT_ONCE = 1_000


class LogLines:
    """The lines of an entry in their order, kept packed but for the last ones."""

    def __init__(self, changes: Iterable[LoggedChange]) -> None:
        """Go through the changes, and keep what is to be written of them."""
        self._packed: list[bytes] = []
        self._last: list[tuple[Any, ...]] = []
        for one in changes:
            said = (one.batch, one.entity, one.item, one.key, one.before, one.after, one.salt, one.digest)
            self._last.append(said)
            if len(self._last) == _AT_ONCE:
                self._packed.append(zlib.compress(pickle.dumps(self._last, pickle.HIGHEST_PROTOCOL), 1))
                self._last = []

    def __len__(self) -> int:
        return len(self._packed) * _AT_ONCE + len(self._last)

    def rows(self) -> Iterator[list[tuple[Any, ...]]]:
        """The rows to write, some at a time."""
        for part in self._packed:
            yield pickle.loads(zlib.decompress(part))  # noqa: S301  # what was packed above
        yield self._last

    def chained(self) -> Iterator[Line]:
        """What the chain needs of each line."""
        for some in self.rows():
            for batch, entity, item, *_, digest in some:
                yield Line(0, batch, entity, item, digest, holds=True)
