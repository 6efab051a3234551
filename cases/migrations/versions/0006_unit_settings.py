"""What a unit has settled for its forms and its book: its letterhead, who signs, which columns it keeps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cases.migrations.columns import KEY, TEXT, column, filled, primary, refers

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "unit_settings",
        column("unit_id", sa.Integer()),
        column("name", sa.String(KEY)),
        column("value", sa.String(TEXT)),
        primary("unit_settings", "unit_id", "name"),
        filled("unit_settings", "name", KEY),
        filled("unit_settings", "value", TEXT),
        refers("unit_settings", "unit_id", "units.id"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop the table with what it holds."""
    op.drop_table("unit_settings")
