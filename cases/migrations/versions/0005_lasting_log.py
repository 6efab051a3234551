"""The log in its lasting form: a store with a name of its own, values behind salted digests, numbers without gaps.

Every entry of before is taken over as it stands, with a salt and a digest for whatever it says, and one entry seals
them: it keeps the hashes by which older receipts know them, and says whether the chain of before was whole.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from cases.log.batches import START, LoggedBatch, LoggedChange
from cases.log.chain import batch_hash, change_values, digest, heading_values, new_salt
from cases.log.guards import GUARDED, statements
from cases.migrations.columns import (
    KEY,
    NAME,
    NUMBERED_ONCE,
    TEXT,
    append_only,
    append_only_no_more,
    check,
    column,
    filled,
    primary,
    refers,
    unique,
)
from cases.store.writing import new_batch

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

AT_ONCE = 5_000
_ENTITIES = "'case', 'unit', 'course', 'enrolment', 'target', 'discipline', 'figure'"
_CHANGED = "before IS NOT NULL OR after IS NOT NULL"
_SAID_OR_ERASED = (
    "CASE WHEN salt IS NULL THEN key IS NULL AND before IS NULL AND after IS NULL "
    "ELSE key IS NOT NULL AND (before IS NOT NULL OR after IS NOT NULL) END"
)
_BATCHES = "SELECT id, name, made_at, who, action, source, undoes_id, size, hash FROM batches_then ORDER BY id"
_LINES = "id, batch_id, entity, item, key, before, after"
_KEPT = ("id", "name", "made_at", "who", "action", "source", "undoes_id", "size")


def upgrade() -> None:
    """Name the store and bring its log into the lasting form."""
    for table in ("changes", "batches"):
        append_only_no_more(table)
    _set_aside()
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        column("store", sa.String(32)),
        primary("identity", "id"),
        check("identity", "store_is_one", "id = 1"),
        check("identity", "store_is_named", "length(store) = 32"),
    )
    _log(lasting=True)
    _take_over()
    _numbered_on()
    for guarded in GUARDED:
        for statement in statements(guarded, op.get_bind().dialect.name).values():
            op.execute(statement)


def downgrade() -> None:
    """Chain the log as it was chained before; what was erased is not in it."""
    for guarded in GUARDED:
        _unguarded(guarded.table)
    op.drop_table("identity")
    _set_aside()
    _log(lasting=False)
    _chain_as_before()
    _numbered_on()
    append_only("batches")
    append_only("changes")


def _unguarded(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for event in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{event}")
    else:
        op.execute(f"DROP FUNCTION {table}_only_grows() CASCADE")


def _set_aside() -> None:
    """Keep the rows for as long as it takes: neither kind of database gives a table that is there new constraints."""
    for table in ("changes", "batches"):
        op.execute(f"CREATE TEMPORARY TABLE {table}_then AS SELECT * FROM {table}")  # noqa: S608  # our own words
    op.execute("CREATE INDEX lines_then ON changes_then (batch_id)")
    op.drop_index(op.f("ix_changes_batch_id"), "changes")
    op.drop_table("changes")
    op.drop_table("batches")


def _log(*, lasting: bool) -> None:
    salted = [check("changes", "salt_is_long", "length(salt) = 32")] if lasting else []
    op.create_table(
        "batches",
        column("id", sa.Integer()),
        column("name", sa.String(KEY)),
        column("made_at", sa.DateTime()),
        column("who", sa.String(NAME)),
        column("action", sa.String(20)),
        column("source", sa.String(NAME), empty=True),
        column("undoes_id", sa.Integer(), empty=True),
        column("size", sa.Integer()),
        *([column("details", sa.Text(), empty=True)] if lasting else []),
        *([column("salt", sa.String(32), empty=True), column("digest", sa.String(64))] if lasting else []),
        column("hash", sa.String(64)),
        primary("batches", "id"),
        unique("batches", "name"),
        filled("batches", "name", KEY),
        filled("batches", "who", NAME),
        filled("batches", "action", 20),
        filled("batches", "source", NAME),
        check("batches", "size_is_count", "size >= 0"),
        *([check("batches", "salt_is_long", "length(salt) = 32")] if lasting else []),
        *([check("batches", "digest_is_sha256", "length(digest) = 64")] if lasting else []),
        check("batches", "hash_is_sha256", "length(hash) = 64"),
        refers("batches", "undoes_id", "batches.id"),
        **NUMBERED_ONCE,
    )
    proof = "digest" if lasting else "hash"
    op.create_table(
        "changes",
        column("id", sa.Integer()),
        column("batch_id", sa.Integer()),
        column("entity", sa.String(10)),
        column("item", sa.Integer()),
        column("key", sa.String(TEXT), empty=lasting),
        column("before", sa.Text(), empty=True),
        column("after", sa.Text(), empty=True),
        *([column("salt", sa.String(32), empty=True)] if lasting else []),
        column(proof, sa.String(64)),
        primary("changes", "id"),
        filled("changes", "key", TEXT),
        check("changes", "something_changed", _SAID_OR_ERASED if lasting else _CHANGED),
        check("changes", "entity_is_known", f"entity IN ({_ENTITIES})"),
        *salted,
        check("changes", f"{proof}_is_sha256", f"length({proof}) = 64"),
        refers("changes", "batch_id", "batches.id"),
        **NUMBERED_ONCE,
    )
    op.create_index(op.f("ix_changes_batch_id"), "changes", ["batch_id"])


def _numbered_on() -> None:
    """Rows go on being numbered after the last one; what was set aside goes."""
    for table in ("batches", "changes"):
        op.execute(f"DROP TABLE {table}_then")
        if op.get_bind().dialect.name == "postgresql":
            last = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608  # our own words
            op.execute(f"{last} HAVING max(id) IS NOT NULL")


def _take_over() -> None:
    """Every entry of before with salts and digests in the new chain, and the entry that seals them."""
    bind = op.get_bind()
    batches = [tuple(row) for row in bind.execute(sa.text(_BATCHES))]
    if not batches:
        return  # a store that nothing was written to gets its name when it is made
    first = batches[0]
    store = hashlib.sha256(f"dubi {first[1]} {_moment(first[2]).isoformat()}".encode()).hexdigest()[:32]
    bind.execute(sa.text("INSERT INTO identity (id, store) VALUES (1, :store)"), {"store": store})
    names = {row[0]: row[1] for row in batches}
    previous, heads, old = START, {}, _OldChain()
    for row in batches:
        lines = _lines(row[0], f"{_LINES}, hash")
        batch = _heading(row, names.get(row[6]), row[7])
        heads[batch.id] = row[8]
        old.walk(batch, lines, row[8])
        previous = _insert(previous, store, batch, row[6], [LoggedChange(*line[:7]) for line in lines])
    seal = new_batch(action="seal")
    details = json.dumps({"heads": heads, "broken": old.broken}, ensure_ascii=False)
    last = LoggedBatch(batches[-1][0] + 1, seal.id, seal.made_at, seal.who, "seal", None, None, 0, details)
    _insert(previous, store, last, None, [])


def _heading(row: tuple[Any, ...], undoes: str | None, size: int) -> LoggedBatch:
    number, name, made_at, who, action, source = row[:6]
    return LoggedBatch(number, name, _moment(made_at), who, action, source, undoes, size)


def _lines(batch: int, columns: str) -> list[tuple[Any, ...]]:
    query = f"SELECT {columns} FROM changes_then WHERE batch_id = :batch ORDER BY id"  # noqa: S608  # our own words
    return [tuple(row) for row in op.get_bind().execute(sa.text(query), {"batch": batch})]


def _insert(previous: str, store: str, batch: LoggedBatch, undoes: int | None, changes: list[LoggedChange]) -> str:
    """Write an entry in the new chain; gives its hash."""
    salted = []
    for change in changes:
        salt = new_salt()
        salted.append(change._replace(salt=salt, digest=digest(salt, change_values(change))))
    salt = new_salt()
    batch = replace(batch, salt=salt, digest=digest(salt, heading_values(batch)))
    batch = replace(batch, hash=batch_hash(previous, store, batch, salted))
    row = {name: undoes if name == "undoes_id" else getattr(batch, name) for name in _KEPT}
    _put("batches", [{**row, **{name: getattr(batch, name) for name in ("details", "salt", "digest", "hash")}}])
    names = ("id", "entity", "item", "key", "before", "after", "salt", "digest")
    _put("changes", [{"batch_id": batch.id, **{name: getattr(one, name) for name in names}} for one in salted])
    return batch.hash


def _put(table: str, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        columns = (sa.column(name, sa.DateTime() if name == "made_at" else None) for name in rows[0])
        op.get_bind().execute(sa.insert(sa.table(table, *columns)), rows[start : start + AT_ONCE])


def _moment(stored: str | datetime) -> datetime:
    return datetime.fromisoformat(stored) if isinstance(stored, str) else stored


def _old_link(previous: str, parts: tuple[Any, ...]) -> str:
    """A link of the chain of before: over the values themselves."""
    said = json.dumps([previous, *parts], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def _old_heading(batch: LoggedBatch) -> tuple[Any, ...]:
    return (batch.name, batch.made_at.isoformat(), batch.who, batch.action, batch.source, batch.undoes, batch.size)


class _OldChain:
    """Follows the chain of before, and remembers the name of the first entry where it does not hold."""

    def __init__(self) -> None:
        self.last = START
        self.broken: str | None = None

    def walk(self, batch: LoggedBatch, lines: list[tuple[Any, ...]], head: str) -> None:
        self.last = _old_link(self.last, _old_heading(batch))
        whole = len(lines) == batch.size
        for line in lines:
            self.last = _old_link(self.last, line[2:7])
            whole = whole and self.last == line[7]
        if self.broken is None and not (whole and self.last == head):
            self.broken = batch.name


def _chain_as_before() -> None:
    """The entries of the lasting form without what was erased, chained over their values."""
    last = START
    query = f"SELECT {', '.join(_KEPT)} FROM batches_then ORDER BY id"  # noqa: S608  # our own words
    batches = [tuple(row) for row in op.get_bind().execute(sa.text(query))]
    names = {row[0]: row[1] for row in batches}
    for row in batches:
        lines = [line[:7] for line in _lines(row[0], f"{_LINES}, salt") if line[7] is not None]
        batch = _heading(row, names.get(row[6]), len(lines))
        last = _old_link(last, _old_heading(batch))
        rows = []
        for line in lines:
            last = _old_link(last, line[2:])
            rows.append({**dict(zip(_LINES.split(", "), line, strict=True)), "hash": last})
        _put(
            "batches",
            [{**dict(zip(_KEPT, row, strict=True)), "made_at": batch.made_at, "size": batch.size, "hash": last}],
        )
        _put("changes", rows)
