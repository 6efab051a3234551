"""The one door through which the store changes: a plan goes in whole, in one transaction, each change written down.

``who`` is the name the caller gives, else DUBI_USER, else the name that the machine knows its user by. The log
repeats nothing that the store does not hold in its tables already.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cases.log.batches import LoggedBatch, head
from cases.log.chain import digest, entry_hash, heading_values, new_salt, new_salts
from cases.log.clock import local, require_plausible
from cases.log.signing import signed
from cases.log.write_plan import WritePlan, compare
from cases.store.reading import roster_from
from cases.store.rows.log_lines import COLUMNS, LogLines, LogRow
from cases.store.rows.row_writing import Written, carry_out
from cases.store.rows.statements import insert, insert_values
from cases.store.wall.guard import require_allowed
from rules.loader.spelling.folding import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.store.drivers.transaction import Transaction
    from cases.store.rows.row_writing import Progress
    from cases.values.records import Roster


@dataclass(frozen=True, slots=True)
class Batch:
    """What every change of one write has in common; ``undoes`` names the write that it takes back."""

    id: str
    who: str
    made_at: datetime
    source: str | None = None
    action: str = "import"
    undoes: LoggedBatch | None = None
    details: str | None = None
    """What else the log is to say of it, as JSON."""


def new_batch(
    who: str | None = None,
    source: str | None = None,
    action: str = "import",
    *,
    undoes: LoggedBatch | None = None,
    now: datetime | None = None,
) -> Batch:
    """A batch made now (UTC), in the name of ``who`` or of the machine's user."""
    now = (now or datetime.now(UTC)).replace(tzinfo=None, microsecond=0)
    source = plain(source)[:200].strip() if source else None
    return Batch(f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}", signed(who), now, source or None, action, undoes)


def apply_roster(store: Transaction, roster: Roster, batch: Batch) -> WritePlan:
    """Put the things of a roster into the store within the caller's transaction, and say what was done."""
    plan = compare(roster_from(store.execute), roster)
    apply_plan(store, plan, batch)
    return plan


def apply_plan(store: Transaction, plan: WritePlan, batch: Batch, progress: Progress | None = None) -> None:
    """Carry out a plan in the caller's transaction and write it down; one that alters nothing leaves no trace."""
    if plan.alters:
        require_allowed(store.execute, plan)
        require_plausible(store.execute, batch.made_at)
        write_down(store, carry_out(store, _signed(plan, batch), progress), batch)


def _signed(plan: WritePlan, batch: Batch) -> WritePlan:
    """The plan, its typed figures in the name of the one who writes them where nobody else is named."""
    day = local(batch.made_at).date()
    signed = tuple(
        one if one.after.author else replace(one, after=replace(one.after, author=batch.who, entered_on=day))
        for one in plan.of("figure").altered
    )
    return replace(plan, parts={**plan.parts, "figure": replace(plan.of("figure"), altered=signed)})


def write_down(store: Transaction, changes: Iterable[Written], batch: Batch) -> LoggedBatch:
    """Append an entry with its lines to the log, numbered after the last one whatever the clock says."""
    last = head(store.execute)
    number = last.number + 1
    lines = LogLines(_line(number, salt, one) for salt, one in zip(new_salts(), changes, strict=False))
    undoes = batch.undoes.name if batch.undoes else None
    salt = new_salt()
    heading = LoggedBatch(
        number,
        batch.id,
        batch.made_at,
        batch.who,
        batch.action,
        batch.source,
        undoes,
        len(lines),
        batch.details,
        salt,
    )
    heading = replace(heading, digest=digest(salt, heading_values(heading)))
    heading = replace(heading, hash=entry_hash(last.hash, last.store, heading, [lines.links]))
    taken = batch.undoes.id if batch.undoes else None
    rest = ("id", "name", "made_at", "who", "action", "source", "size", "details", "salt", "digest", "hash")
    values = {name: getattr(heading, name) for name in rest}
    insert(store, "batches", [{"undoes_id": taken, **values}])
    for some in lines.rows():
        insert_values(store, "changes", COLUMNS, some)
    return heading


def _line(batch: int, salt: str, one: Written) -> LogRow:
    said = (one.entity, one.item, one.key, one.before, one.after)
    return (batch, *said, salt, digest(salt, said))
