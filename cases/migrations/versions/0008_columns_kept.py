"""Whether anybody has a fact that rules ask after only where it is kept is found by an index, not in every row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ASKED = (
    "'recognition_decided_on', 'helper', 'awareness_certified_on', 'member_cv_on', 'youth_age', 'verification_on', "
    "'union_resolution_on', 'announced_on', 'card_awarded_on', 'file_forwarded_on', 'introduction_presented_on', "
    "'submitted_on', 'complaint_answered_on'"
)
_INDEXES = {"steps": "kind", "attributes": "name", "dated_attributes": "name"}


def upgrade() -> None:
    """Make the indexes."""
    for table, column in _INDEXES.items():
        asked = sa.text(f"{column} IN ({_ASKED})")
        op.create_index(f"ix_{table}_asked", table, [column], sqlite_where=asked, postgresql_where=asked)


def downgrade() -> None:
    """Drop them."""
    for table in _INDEXES:
        op.drop_index(f"ix_{table}_asked", table)
