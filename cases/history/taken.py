"""What was taken of a file from another store, kept in the heading of its import: the next such file begins there."""

from __future__ import annotations

import base64
import json
import zlib
from typing import TYPE_CHECKING, Any

from cases.history.snapshots import FlatText
from cases.log.execute import in_parts
from cases.values.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cases.history.snapshots import Flat
    from cases.log.batches import LoggedBatch

SAID = FlatText()
"""The form in which a thing that was taken is kept."""
_AT_ONCE = 1_000
_LEVEL = 3
"""How hard zlib tries: a fifth larger than by its own choice, in less than half the time."""


def taken_of(batch: LoggedBatch) -> dict[str, Any] | None:
    """What the heading of an import says of the store that its file was from."""
    found: dict[str, Any] | None = json.loads(batch.details or "{}").get("taken")
    return found


def packed(content: Iterable[tuple[str, Iterable[str]]]) -> str:
    """What was taken of each kind, each thing as `SAID` has it, small enough to be kept in a heading.

    Neither is it ever whole in memory.
    """
    press, parts = zlib.compressobj(_LEVEL), list[bytes]()
    for texts in in_parts(_written(content), _AT_ONCE):
        parts.append(press.compress("".join(texts).encode()))
    return base64.b64encode(b"".join((*parts, press.flush()))).decode()


def _written(content: Iterable[tuple[str, Iterable[str]]]) -> Iterator[str]:
    """The content as JSON, thing by thing."""
    before_kind = "{"
    for name, things in content:
        yield f"{before_kind}{json.dumps(name)}: ["
        before_kind, before = ", ", ""
        for thing in things:
            yield before + thing
            before = ", "
        yield "]"
    yield "}" if before_kind != "{" else "{}"


def unpacked(content: str) -> dict[str, list[Flat]]:
    """What was taken."""
    found: dict[str, list[Flat]] = {name: [] for name in KINDS}
    return {**found, **json.loads(zlib.decompress(base64.b64decode(content)))}
