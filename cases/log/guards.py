"""The triggers that keep the log as it was written: nothing is altered or taken out, only erased for ever.

They are written here once for SQLite and PostgreSQL; the migration sets them up, and whoever checks a store finds out
whether they still stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.log.execute import Execute


class Guarded(NamedTuple):
    """A table of the log: its columns that always stay, and those that may go, all of them at once."""

    table: str
    stays: tuple[str, ...]
    goes: tuple[str, ...] = ()


GUARDED = (
    Guarded("identity", ("id", "store")),
    Guarded(
        "batches",
        ("id", "name", "made_at", "who", "action", "undoes_id", "size", "digest", "hash"),
        ("source", "details", "salt"),
    ),
    Guarded("changes", ("id", "batch_id", "entity", "item", "digest"), ("key", "before", "after", "salt")),
)


def statements(guarded: Guarded, dialect: str) -> dict[str, str]:
    """The statements that set up the guard of a table, by the name of what each of them makes."""
    return dict(_of_sqlite(guarded) if dialect == "sqlite" else _of_postgresql(guarded))


def _of_sqlite(guarded: Guarded) -> Iterator[tuple[str, str]]:
    table = guarded.table
    refusal = f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
    for event in ("UPDATE", "DELETE"):
        name = f"{table}_no_{event.lower()}"
        kept = [f"NEW.{column} IS OLD.{column}" for column in guarded.stays]
        gone = [f"NEW.{column} IS NULL" for column in guarded.goes]
        when = f"WHEN NOT ({' AND '.join([*kept, *gone])}) " if event == "UPDATE" and gone else ""
        yield name, f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}{refusal}"


def _of_postgresql(guarded: Guarded) -> Iterator[tuple[str, str]]:
    table, function = guarded.table, f"{guarded.table}_only_grows"
    kept = [f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in guarded.stays]
    gone = [f"NEW.{column} IS NULL" for column in guarded.goes]
    forgets = f"IF TG_OP = 'UPDATE' THEN IF {' AND '.join([*kept, *gone])} THEN RETURN NEW; END IF; END IF; "
    body = f"BEGIN {forgets if gone else ''}RAISE EXCEPTION '{table} only grows'; END"
    yield function, f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
    for event, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        name = f"{table}_no_{event.lower()}"
        yield name, f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"


def standing(execute: Execute, dialect: str) -> dict[str, str]:
    """What guards there are in a store, each by its name as the database itself tells it."""
    if dialect == "sqlite":
        return {
            str(name): str(sql) for name, sql in execute("SELECT name, sql FROM sqlite_master WHERE type='trigger'")
        }
    triggers = execute(
        "SELECT tgname, pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE NOT tgisinternal "
        "AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace)"
    )
    functions = execute(
        "SELECT proname, prosrc FROM pg_proc WHERE prorettype = 'trigger'::regtype "
        "AND pronamespace = current_schema()::regnamespace"
    )
    found = {str(name): f"{says} {enabled}" for name, says, enabled in triggers}
    return found | {str(name): str(source) for name, source in functions}


def dialect_of(execute: Execute) -> str:
    """The kind of database behind a connection: of the two only SQLite takes small letters for capitals in LIKE."""
    ((said,),) = execute("SELECT CASE WHEN 'a' LIKE 'A' THEN 'sqlite' ELSE 'postgresql' END")
    return str(said)


def unguarded(execute: Execute) -> Iterator[str]:
    """The names of guards that are not those that a store is made with; a server's are held to their names."""
    dialect = dialect_of(execute)
    found = standing(execute, dialect)
    wanted = {name: sql for one in GUARDED for name, sql in statements(one, dialect).items()}
    for name in sorted(found.keys() | wanted.keys()):
        there = found.get(name)
        if there is None or name not in wanted or (dialect == "sqlite" and there != wanted[name]):
            yield name
        elif dialect != "sqlite" and there.startswith("CREATE TRIGGER") and not there.endswith(" O"):
            yield name  # switched off
