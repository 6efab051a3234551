"""Where each unit stood through time: below which parent, or merged into which other unit, from which day on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cases.migrations.columns import check, column, day, primary, refers, unique

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "unit_standings",
        column("id", sa.Integer()),
        column("unit_id", sa.Integer()),
        column("parent_id", sa.Integer(), empty=True),
        column("since", sa.Date(), empty=True),
        column("merged_into_id", sa.Integer(), empty=True),
        primary("unit_standings", "id"),
        unique("unit_standings", "unit_id", "since"),
        check("unit_standings", "parent_is_another", "parent_id <> unit_id"),
        check("unit_standings", "heir_is_another", "merged_into_id <> unit_id"),
        *day("unit_standings", "since"),
        refers("unit_standings", "unit_id", "units.id"),
        refers("unit_standings", "parent_id", "units.id"),
        refers("unit_standings", "merged_into_id", "units.id"),
    )


def downgrade() -> None:
    """Drop the table with what it holds."""
    op.drop_table("unit_standings")
