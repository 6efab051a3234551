"""A store filled with a population in one go, past the door that writes single changes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import polars as pl

from bench.population import population
from cases.store.connection import initialise
from rules.loader import vocabulary
from rules.loader.spelling.folding import fold

_OWN = ("code", "person_code", "full_name", "born_on", "sex", "unit")


def fill(path: Path, size: int) -> None:
    """Make a store of so many cases at a place where there is none."""
    initialise(f"sqlite:///{path}")
    frame = population(size).with_columns(
        pl.int_range(1, pl.len() + 1).alias("id"), pl.col("unit").rank("dense").cast(pl.Int64).alias("unit_id")
    )
    connection = sqlite3.connect(path)
    for pragma in ("synchronous = OFF", "journal_mode = MEMORY", "foreign_keys = OFF", "ignore_check_constraints = ON"):
        connection.execute(f"PRAGMA {pragma}")
    with connection:
        units = frame.select("unit_id", "unit").unique().sort("unit_id")
        connection.executemany(
            "INSERT INTO units (id, code, no_masses_left, few_members, declared) VALUES (?, ?, 0, 0, 1)", units.rows()
        )
        folded = {name: fold(name) for name in frame["full_name"].unique().to_list()}
        people = frame.select(
            "id",
            "full_name",
            pl.col("full_name").replace_strict(folded).alias("folded"),
            pl.col("born_on").cast(pl.String),
            pl.col("sex").cast(pl.String),
        )
        connection.executemany(
            "INSERT INTO persons (id, full_name, folded_name, born_on, sex) VALUES (?, ?, ?, ?, ?)", people.iter_rows()
        )
        connection.executemany(
            "INSERT INTO cases (id, code, person_id, unit_id) VALUES (?, ?, ?, ?)",
            frame.select("id", "code", pl.col("id").alias("person"), "unit_id").iter_rows(),
        )
        _long(connection, frame)
    connection.close()


def copy_to_server(path: Path, url: str, keeper: str) -> None:
    """Put what `fill` made into a new store on a server, past the door that writes single changes.

    ``keeper`` is the same database for an account that no wall stands before.
    """
    import psycopg

    initialise(url)
    with psycopg.connect(keeper) as server, sqlite3.connect(path) as store:
        server.execute("SET session_replication_role = replica")  # what holds there held here
        for table in ("units", "persons", "cases", "steps", "attributes"):
            rows = store.execute(f"SELECT * FROM {table}")  # noqa: S608  # our own names
            columns = ", ".join(name for name, *_ in rows.description)
            with server.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as into:
                for row in rows:
                    into.write_row(row)
        server.execute("SET session_replication_role = origin")
        server.commit()
        server.autocommit = True
        server.execute("ANALYZE")
    store.close()


def _long(connection: sqlite3.Connection, frame: pl.DataFrame) -> None:
    """Steps and attributes, in the order of their keys."""
    facts = vocabulary.load().facts
    steps = [name for name in frame.columns if name in facts and facts[name].kind == "step"]
    others = [name for name in frame.columns if name in facts and facts[name].kind != "step" and name not in _OWN]
    for start in range(0, frame.height, 100_000):
        part = frame.slice(start, 100_000)
        rows = part.select("id", *steps).unpivot(index="id", variable_name="kind", value_name="on").drop_nulls()
        rows = rows.with_columns(pl.col("on").cast(pl.String)).sort("id", "kind", "on")
        connection.executemany("INSERT INTO steps (case_id, kind, happened_on) VALUES (?, ?, ?)", rows.iter_rows())
        texts = [
            pl.when(pl.col(name)).then(pl.lit("1")).alias(name)
            if facts[name].type == "mark"
            else pl.col(name).cast(pl.String)
            for name in others
        ]
        kinds = {name: str(facts[name].type) for name in others}
        lists = {name: facts[name].codes for name in others if facts[name].type == "code"}
        rows = part.select("id", *texts).unpivot(index="id", variable_name="name", value_name="value").drop_nulls()
        rows = rows.select(
            "id",
            "name",
            pl.col("name").replace_strict(kinds).alias("type"),
            pl.col("name").replace_strict(lists, default=None).alias("list"),
            "value",
        ).sort("id", "name")
        connection.executemany(
            "INSERT INTO attributes (case_id, name, type, code_list, value) VALUES (?, ?, ?, ?, ?)", rows.iter_rows()
        )
