"""Runs the migrations over the connection that the store hands in; Alembic loads this file by its place."""

from __future__ import annotations

import sqlmodel  # noqa: F401  # a migration may name its column types
from alembic import context

from cases.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite")
with context.begin_transaction():
    context.run_migrations()
