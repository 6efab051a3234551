"""Where the document of a step is kept, beside its number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cases.migrations.columns import KEY, TEXT, column, day, filled, primary, refers

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OLD = "case_id, kind, happened_on, document, result, note"


def upgrade() -> None:
    """Give steps the column; every row stays."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuilt(with_place=True)
        return
    op.add_column("steps", column("stored_at", sa.String(TEXT), empty=True))
    condition = f"length(stored_at) BETWEEN 1 AND {TEXT} AND trim(stored_at) = stored_at"
    op.create_check_constraint(op.f("ck_steps_stored_at_is_text"), "steps", condition)


def downgrade() -> None:
    """Take the column away with what it holds."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuilt(with_place=False)
        return
    op.drop_constraint(op.f("ck_steps_stored_at_is_text"), "steps")
    op.drop_column("steps", "stored_at")


def _rebuilt(*, with_place: bool) -> None:
    """SQLite adds a column with its CHECK to no table without row numbers as the models write it: it is made anew."""
    op.rename_table("steps", "steps_before")
    op.create_table(
        "steps",
        column("case_id", sa.Integer()),
        column("kind", sa.String(KEY)),
        column("happened_on", sa.Date()),
        column("document", sa.String(TEXT), empty=True),
        column("result", sa.String(TEXT), empty=True),
        column("note", sa.String(TEXT), empty=True),
        *([column("stored_at", sa.String(TEXT), empty=True)] if with_place else []),
        primary("steps", "case_id", "kind", "happened_on"),
        *day("steps", "happened_on"),
        filled("steps", "document", TEXT),
        filled("steps", "result", TEXT),
        filled("steps", "note", TEXT),
        *([filled("steps", "stored_at", TEXT)] if with_place else []),
        refers("steps", "case_id", "cases.id"),
        refers("steps", "kind", "step_kinds.name"),
        sqlite_with_rowid=False,
    )
    op.execute(f"INSERT INTO steps ({_OLD}) SELECT {_OLD} FROM steps_before")  # noqa: S608  # our own words
    op.drop_table("steps_before")
