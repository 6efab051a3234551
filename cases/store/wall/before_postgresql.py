"""The wall before a store on PostgreSQL: row-level security on its tables, before two of them views that mask columns.

What a transaction may see is in its own settings: with none of them set there are no rows at all, and at its end they
are gone. The migration raises the wall; the program says at the beginning of each transaction whose eyes it reads with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.store.wall.scope import scope_of
from cases.store.wall.views import FOR_ALL, Sets, rows_of, views
from rules.loader.errors import StoreProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.log.execute import Execute
    from cases.store.sight import Sight

EVERYTHING = "*"
SEEN = "_seen"
"""The ending of the schema with the views, which is searched before that of the tables."""
BEYOND = {
    "codes_of_cases": ("code text", "SELECT code::text FROM {}.cases"),
    "codes_of_persons": ("code text", "SELECT code::text FROM {}.persons WHERE persons.code IS NOT NULL"),
    "codes_of_courses": ("code text", "SELECT code::text FROM {}.courses"),
    "codes_of_units": ("id int, code text", "SELECT units.id, units.code::text FROM {}.units"),
    "persons_of_cases": ("id int, person_id int", "SELECT cases.id, cases.person_id FROM {}.cases"),
    "chain": (
        "id int, made_at timestamp, hash text",
        "SELECT batches.id, batches.made_at, batches.hash::text FROM {}.batches",
    ),
}
"""What is asked past the wall: codes, which are one's alone in the whole store, and where the log stands."""
_INSERTED_FREELY = ("persons", "enrolments", "units", "batches", "changes")
"""Rows that are written before what they belong to is there, or that tell of it; the guard looks at them."""


def _all() -> str:
    return f"current_setting('dubi.units', true) = '{EVERYTHING}'"


def _among(setting: str, column: str) -> str:
    held = f"string_to_array(nullif(current_setting('dubi.{setting}', true), '{EVERYTHING}'), ',')::int[]"
    return f"{column} = ANY ((SELECT {held})::int[])"


_SETS = Sets(
    lambda column: _among("units", column),
    lambda column: (
        f"EXISTS (SELECT 1 FROM cases AS case_ WHERE case_.id = {column} AND {_among('units', 'case_.unit_id')})"
    ),
    lambda column: (
        f"EXISTS (SELECT 1 FROM cases AS case_ WHERE case_.person_id = {column} AND {_among('units', 'case_.unit_id')})"
    ),
    lambda kind, number: (
        f"{kind} || ':' || {number} = ANY ((SELECT string_to_array(current_setting('dubi.gone', true), ','))::text[])"
    ),
)
_PAIRS = "unnest(string_to_array(nullif(current_setting('dubi.batches', true), ''), ',')) AS pair"
_BATCHES = f"SELECT split_part(pair, ':', 1)::int AS id, split_part(pair, ':', 2)::int AS size FROM {_PAIRS}"


def _held(setting: str) -> str:
    return f"SELECT unnest(string_to_array(nullif(current_setting('dubi.{setting}', true), ''), ','))::int AS id"


def _rows() -> dict[str, str]:
    """The condition of the rows that are seen, by table."""
    found = {**rows_of(str, _SETS), "cases": _among("units", "own.unit_id")}
    found["unit_standings"] = f"{_among('units', 'own.unit_id')} OR {_among('above', 'own.unit_id')}"
    found["units"] = " OR ".join(_among(setting, "own.id") for setting in ("units", "above", "named"))
    for_all = ", ".join(f"'{action}'" for action in FOR_ALL)
    found["batches"] = f"own.action IN ({for_all}) OR own.id IN (SELECT id FROM ({_BATCHES}) AS told)"
    held = _among("held", "own.course_id")  # a condition of classes asks who learns there: asked of both it has no end
    found["enrolments"] = f"{_SETS.cases('own.case_id')} OR (own.case_id IS NULL AND {held})"
    return {table: condition.replace("own.", f"{table}.") for table, condition in found.items()}


def raised(schema: str) -> Iterator[str]:
    """The statements that raise the wall before the tables of a schema."""
    for name, (columns, query) in BEYOND.items():
        body = (
            "DECLARE eyes text := coalesce(current_setting('dubi.units', true), ''); "
            f"BEGIN PERFORM set_config('dubi.units', '{EVERYTHING}', true); RETURN QUERY {query.format(schema)}; "
            "PERFORM set_config('dubi.units', eyes, true); END"
        )
        gives = f"RETURNS TABLE ({columns}) LANGUAGE plpgsql"
        yield f"CREATE FUNCTION {name}() {gives} AS $$ #variable_conflict use_column\n{body} $$"
    for table, condition in _rows().items():
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
        seen = f"{_all()} OR {condition}"
        own = f"{_all()} OR {_among('units', 'units.id')}" if table == "units" else seen
        written = "true" if table in _INSERTED_FREELY else own
        yield f"CREATE POLICY seen ON {table} FOR SELECT USING ({seen})"
        yield f"CREATE POLICY made ON {table} FOR INSERT WITH CHECK ({written})"
        yield f"CREATE POLICY altered ON {table} FOR UPDATE USING ({own}) WITH CHECK ({own})"
        yield f"CREATE POLICY gone ON {table} FOR DELETE USING ({own})"
    yield f"CREATE SCHEMA {beside(schema)}"
    for name, query in _views(schema).items():
        yield f"CREATE VIEW {beside(schema)}.{name} WITH (security_invoker = true) AS {query}"


def _views(schema: str) -> dict[str, str]:
    columns = "own.name, chained.made_at, own.who, own.action, own.source, own.undoes_id, own.size, own.details"
    whole = (
        f"(SELECT chained.id, {columns}, own.salt, own.digest, chained.hash FROM {schema}.chain() AS chained "
        f"LEFT JOIN {schema}.batches AS own ON own.id = chained.id)"
    )
    made = views(
        lambda table: whole if table == "batches" else f"{schema}.{table}",
        _SETS,
        _held("above"),
        _held("named"),
        _BATCHES,
    )
    return {name: made[name] for name in ("units", "batches")}


def taken_down(schema: str) -> Iterator[str]:
    """The statements that take the wall away."""
    yield f"DROP SCHEMA {beside(schema)} CASCADE"
    for table in _rows():
        for policy in ("seen", "made", "altered", "gone"):
            yield f"DROP POLICY {policy} ON {table}"
        yield f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
    for name in BEYOND:
        yield f"DROP FUNCTION {name}()"


def see_everything(execute: Execute) -> None:
    """Have a transaction that has begun see everything."""
    execute(f"SELECT set_config('dubi.units', '{EVERYTHING}', true)")


def stand_before(execute: Execute, eyes: Sight) -> str:
    """Have a transaction find only what these eyes see, from now on to its end; gives the schema of the tables.

    It is given as a statement names it.
    """
    scope = scope_of(execute, eyes)
    ((quoted,),) = execute("SELECT quote_ident(current_schema())")
    if scope.whole:
        return str(quoted)
    passes = "SELECT 1 FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)"
    if any(True for _ in execute(passes)):
        raise StoreProblem(
            "Tài khoản của kho trên máy chủ là superuser hoặc có BYPASSRLS, nên máy chủ không giữ được ai thấy gì. "
            "Nhờ người quản trị máy chủ đổi: ALTER ROLE … NOSUPERUSER NOBYPASSRLS"
        )
    held = {
        "above": ",".join(map(str, scope.above)),
        "named": ",".join(map(str, scope.named)),
        "batches": ",".join(f"{number}:{size}" for number, size in scope.batches),
        "gone": ",".join(f"{entity}:{item}" for entity, item in scope.gone),
        "units": ",".join(map(str, scope.units)),
    }
    units = ", ".join(map(str, scope.units)) or "NULL"
    held["held"] = ",".join(str(number) for (number,) in execute(f"SELECT id FROM courses WHERE unit_id IN ({units})"))
    for name, numbers in held.items():
        execute(f"SELECT set_config('dubi.{name}', '{numbers}', true)")
    execute(f"SELECT set_config('search_path', '{beside(quoted)}, {quoted}', true)")
    return str(quoted)


def beside(schema: str) -> str:
    """The schema with the views of a schema; both are named as a statement names them."""
    return f'{schema[:-1]}{SEEN}"' if schema.endswith('"') else f"{schema}{SEEN}"
