"""The tables of those who sign in. They stand beside the store, never in it: a backup that is handed on carries none.

Days and moments are UTC without a zone, as in the store. No password, code or name of a session stands here, only what
cannot be turned back into one.
"""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()

USERS = sa.Table(
    "users",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("key", sa.String(64), nullable=False, unique=True),  # the name without regard to case
    sa.Column("password", sa.String(255), nullable=False),  # argon2id, with its salt
    sa.Column("change_by", sa.DateTime),  # set where the password was given by somebody else: until then it holds
    sa.Column("totp", sa.String(64)),  # the secret of the codes; none: no codes are asked for
    sa.Column("totp_used", sa.Integer),  # the number of the last step whose code was taken: none is taken twice
    sa.Column("added_by", sa.String(200), nullable=False),
    sa.Column("added_at", sa.DateTime, nullable=False),
)

RECOVERY_CODES = sa.Table(
    "recovery_codes",
    METADATA,
    sa.Column("user_id", sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("hash", sa.String(64), primary_key=True),
)

GRANTS = sa.Table(
    "grants",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False, index=True),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("unit", sa.String(200)),  # none: the role is about the store as a whole
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("given_by", sa.String(200), nullable=False),
    sa.Column("given_at", sa.DateTime, nullable=False),
    sa.Column("taken_by", sa.String(200)),
    sa.Column("taken_at", sa.DateTime),
)

SESSIONS = sa.Table(
    "sessions",
    METADATA,
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False, index=True),
    sa.Column("begun_at", sa.DateTime, nullable=False),
    sa.Column("seen_at", sa.DateTime, nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
)

THROTTLE = sa.Table(
    "throttle",
    METADATA,
    sa.Column("key", sa.String(100), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("failed_at", sa.DateTime, nullable=False),
)

KNOWN_PLACES = sa.Table(
    "known_places",
    METADATA,
    sa.Column("user_id", sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("address", sa.String(64), primary_key=True),
)
"""From where each has signed in before: what strangers do elsewhere does not keep her waiting there."""

READINGS = sa.Table(
    "readings",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("asking", sa.String(40), nullable=False),  # what was read at once has this in common
    sa.Column("read_at", sa.DateTime, nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("said", sa.Text),  # of which case which sensitive fields, and why; no value; none once it was erased
    sa.Column("salt", sa.String(32)),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("before", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
"""Who read which sensitive values of whom and why: a chain of its own, in which each entry holds the one before it."""

REQUESTS = sa.Table(
    "requests",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("case", sa.String(200)),  # none once the person was erased
    sa.Column("received_on", sa.Date, nullable=False),
    sa.Column("note", sa.String(200)),
    sa.Column("entered_by", sa.String(200), nullable=False),
    sa.Column("entered_at", sa.DateTime, nullable=False),
    sa.Column("answered_on", sa.Date),
    sa.Column("closed_on", sa.Date),
    sa.Column("closed_by", sa.String(200)),
    sa.Column("outcome", sa.String(20)),
    sa.Column("ground", sa.String(200)),
)
"""What people have asked for about their own data, and what became of it."""
