"""Which rows of lists without codes were taken in before, and the codes that their people bear now.

The heading of such an import says that everybody new was given a code; who the rows were of stands in the lines of the
log alone, so that a person who is erased is not remembered here.
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from cases.history.snapshots import rebuild
from cases.log.batches import read_batches
from cases.rosters import Remembered, row_says
from cases.store.wall.beyond import is_taken

if TYPE_CHECKING:
    from cases.rosters.outcome.giving import Given
    from cases.store.reading import Execute

_GAVE = "gave_codes"
_MADE = """
    SELECT item, batch_id, after FROM changes
    WHERE entity = 'case' AND before IS NULL AND after IS NOT NULL AND (batch_id IN ({given}) OR key LIKE 'HS-_______')
    ORDER BY id"""
_GIVEN_ONCE = re.compile("HS-[0-9A-HJKMNP-TV-Z]{7}")
"""How the codes looked that earlier versions gave."""


def given_codes(*, given: bool) -> str | None:
    """What the heading of an import is to keep where people were given codes, as JSON."""
    return json.dumps({_GAVE: True}) if given else None


def remembered(execute: Execute) -> Remembered:
    """What a list is read with beside the records: codes that its rows may have borne, and those that are taken."""
    return Remembered(partial(remembered_rows, execute), partial(is_taken, execute))


def remembered_rows(execute: Execute) -> Given:
    """By what a row says: the codes that the people of such rows bear, in the order in which they were taken in."""
    giving = {batch.id for batch in read_batches(execute) if _GAVE in (batch.details or "")}
    bears = {int(item): str(code) for item, code in execute("SELECT id, code FROM cases")}
    found: dict[tuple[str, ...], dict[str, None]] = {}
    for item, batch, after in execute(_MADE.format(given=", ".join(map(str, sorted(giving))) or "NULL")):
        if item not in bears:
            continue
        flat: dict[str, Any] = json.loads(after)
        if batch in giving or _GIVEN_ONCE.fullmatch(str(flat.get("code"))):
            found.setdefault(row_says(rebuild("case", flat).fields), {})[bears[item]] = None
    return {says: tuple(codes) for says, codes in found.items()}
