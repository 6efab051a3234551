"""Figures that people type in because no record gives them; the log takes them too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cases.migrations.columns import (
    KEY,
    NAME,
    NUMBERED_ONCE,
    TEXT,
    append_only,
    append_only_no_more,
    check,
    column,
    day,
    decimal,
    filled,
    primary,
    refers,
    unique,
)

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BEFORE = "'case', 'unit', 'course', 'enrolment', 'target', 'discipline'"
AFTER = f"{BEFORE}, 'figure'"


def upgrade() -> None:
    """Make the table, and let the log name what is in it."""
    op.create_table(
        "figures",
        column("id", sa.Integer()),
        column("unit_id", sa.Integer()),
        column("indicator", sa.String(KEY)),
        column("begins_on", sa.Date()),
        column("ends_on", sa.Date()),
        column("value", sa.String(20)),
        column("source", sa.String(TEXT), empty=True),
        column("author", sa.String(NAME), empty=True),
        column("entered_on", sa.Date(), empty=True),
        primary("figures", "id"),
        unique("figures", "unit_id", "indicator", "begins_on", "ends_on"),
        filled("figures", "indicator", KEY),
        *day("figures", "begins_on"),
        *day("figures", "ends_on"),
        check("figures", "period_has_days", "begins_on <= ends_on"),
        *decimal("figures", "value"),
        filled("figures", "source", TEXT),
        filled("figures", "author", NAME),
        *day("figures", "entered_on"),
        refers("figures", "unit_id", "units.id"),
        **NUMBERED_ONCE,
    )
    _log_of(AFTER)


def downgrade() -> None:
    """Drop the table, and what the older log cannot name with it."""
    op.drop_table("figures")
    _log_of(BEFORE)


def _log_of(entities: str) -> None:
    """Have the log hold changes of these things only; going back, those of typed figures leave it with their table."""
    append_only_no_more("changes")
    op.execute(f"DELETE FROM changes WHERE entity NOT IN ({entities})")  # noqa: S608  # our own words
    known = check("changes", "entity_is_known", f"entity IN ({entities})")
    if op.get_bind().dialect.name == "sqlite":
        _rebuilt(known)
    else:
        op.drop_constraint(op.f("ck_changes_entity_is_known"), "changes")
        op.create_check_constraint(op.f("ck_changes_entity_is_known"), "changes", f"entity IN ({entities})")
    append_only("changes")


def _rebuilt(known: sa.CheckConstraint) -> None:
    """SQLite alters no CHECK: the rows go into a table made anew."""
    op.drop_index(op.f("ix_changes_batch_id"), "changes")
    op.rename_table("changes", "changes_before")
    op.create_table(
        "changes",
        column("id", sa.Integer()),
        column("batch_id", sa.Integer()),
        column("entity", sa.String(10)),
        column("item", sa.Integer()),
        column("key", sa.String(TEXT)),
        column("before", sa.Text(), empty=True),
        column("after", sa.Text(), empty=True),
        column("hash", sa.String(64)),
        primary("changes", "id"),
        filled("changes", "key", TEXT),
        check("changes", "something_changed", "before IS NOT NULL OR after IS NOT NULL"),
        known,
        check("changes", "hash_is_sha256", "length(hash) = 64"),
        refers("changes", "batch_id", "batches.id"),
        **NUMBERED_ONCE,
    )
    op.execute("INSERT INTO changes SELECT * FROM changes_before ORDER BY id")
    op.drop_table("changes_before")
    op.create_index(op.f("ix_changes_batch_id"), "changes", ["batch_id"])
