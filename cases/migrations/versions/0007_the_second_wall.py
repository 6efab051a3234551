"""Row-level security: a transaction on a server sees the rows of the units that it was told of, and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa
from alembic import op

from cases.store.wall.before_postgresql import raised, taken_down

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Raise the wall on PostgreSQL; a SQLite file belongs to whoever can open it, and has its wall in the program."""
    _run(raised)


def downgrade() -> None:
    """Take the wall away."""
    _run(taken_down)


def _run(statements: Callable[[str], Iterator[str]]) -> None:
    if op.get_bind().dialect.name != "sqlite":
        schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
        for statement in statements(str(schema)):
            op.get_bind().exec_driver_sql(statement)
