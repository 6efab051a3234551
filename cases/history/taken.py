"""What was taken of a file from another store, kept in the heading of its import: the next such file begins there."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cases.values.kinds import KINDS

if TYPE_CHECKING:
    from cases.history.snapshots import Flat
    from cases.log.batches import LoggedBatch


def taken_of(batch: LoggedBatch) -> dict[str, Any] | None:
    """What the heading of an import says of the store that its file was from."""
    found: dict[str, Any] | None = json.loads(batch.details or "{}").get("taken")
    return found


def packed(content: Mapping[str, Any]) -> str:
    """What was taken, small enough to be kept in a heading."""
    return base64.b64encode(zlib.compress(json.dumps(content, ensure_ascii=False).encode())).decode()


def unpacked(content: str) -> dict[str, list[Flat]]:
    """What was taken."""
    found: dict[str, list[Flat]] = {name: [] for name in KINDS}
    return {**found, **json.loads(zlib.decompress(base64.b64decode(content)))}
