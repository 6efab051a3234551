"""The facts that rules ask after only where an office keeps them: indexes of their own tell whether anybody has one."""

from __future__ import annotations

ASKED_AFTER = (
    *("recognition_decided_on", "helper", "awareness_certified_on", "member_cv_on", "youth_age", "verification_on"),
    *("union_resolution_on", "announced_on", "card_awarded_on", "file_forwarded_on", "introduction_presented_on"),
    *("submitted_on", "complaint_answered_on"),
)
"""Facts that rules ask after only where they are kept, in the order that the indexes of the tables name them in."""
ASKED_IN = {"steps": "kind", "attributes": "name", "dated_attributes": "name"}
"""The tables that hold facts, with the column that names them."""


def asked_after(column: str) -> str:
    """The condition of the rows that those indexes hold; a database takes one only where a query says the very same.

    No list after IN: in the condition of an index SQLite makes one anew for every row that is written.
    """
    return " OR ".join(f"{column} = '{fact}'" for fact in ASKED_AFTER)
