"""What those indexes hold is said one by one: SQLite makes a list after IN anew for every row that is written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ASKED = (
    *("recognition_decided_on", "helper", "awareness_certified_on", "member_cv_on", "youth_age", "verification_on"),
    *("union_resolution_on", "announced_on", "card_awarded_on", "file_forwarded_on", "introduction_presented_on"),
    *("submitted_on", "complaint_answered_on"),
)
_INDEXES = {"steps": "kind", "attributes": "name", "dated_attributes": "name"}


def upgrade() -> None:
    """Make the indexes anew."""
    for table, column in _INDEXES.items():
        _make_anew(table, column, " OR ".join(f"{column} = '{fact}'" for fact in _ASKED))


def downgrade() -> None:
    """Make them as they were."""
    listed = ", ".join(f"'{fact}'" for fact in _ASKED)
    for table, column in _INDEXES.items():
        _make_anew(table, column, f"{column} IN ({listed})")


def _make_anew(table: str, column: str, held: str) -> None:
    op.drop_index(f"ix_{table}_asked", table)
    asked = sa.text(held)
    op.create_index(f"ix_{table}_asked", table, [column], sqlite_where=asked, postgresql_where=asked)
