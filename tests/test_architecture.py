"""The arrows between the packages, and the form every module keeps, read from the source itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("cases", "cli", "desk", "engine", "reports", "rules", "web")

ARROWS = {
    "rules": set[str](),
    "engine": {"rules"},
    "cases": {"rules"},
    "reports": {"cases.values", "engine", "rules"},
    "desk": {"cases", "engine", "reports", "rules"},
    "cli": {"desk", "rules.loader.errors"},
    "web": {"desk", "rules.loader.errors"},
}
"""Which of our packages a package may import besides itself."""

NOT_IN_ENGINE = {
    "alembic": "a database",
    "csv": "a file format",
    "holidays": "the calendar is data",
    "json": "a file format",
    "logging": "output",
    "openpyxl": "a file format",
    "os": "the machine",
    "platformdirs": "the machine",
    "psycopg": "a database",
    "python_calamine": "a file format",
    "random": "the same facts give the same findings",
    "rich": "output",
    "socket": "the machine",
    "sqlalchemy": "a database",
    "sqlite3": "a database",
    "sqlmodel": "a database",
    "subprocess": "the machine",
    "time": "a clock",
    "typer": "output",
    "xlsxwriter": "a file format",
    "yaml": "a file format; rules.loader.yaml_nodes reads it",
}
ENGINE_MAY = {"engine.single.durable": {"json"}}
"""durable-rules takes its rules and facts as JSON text."""

DRAWER_NAMES = {"common", "helper", "helpers", "manager", "managers", "misc", "tools", "util", "utils"}
LONGEST_MODULE = 350
MOST_MODULES = 14


def modules() -> list[Path]:
    """Every module of the program."""
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def dotted(path: Path) -> str:
    """The name a module is imported by."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    """The module, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything that a module says."""
    return tuple(ast.walk(tree(path)))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Every module that a module imports, wherever the import stands; `from a import b` gives `a.b`."""
    found = []
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return tuple(found)


def within(name: str, prefixes: set[str]) -> bool:
    """Whether a dotted name is one of the given modules or lies below one."""
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


def of_package(package: str) -> list[Path]:
    """The modules of one package, at least one."""
    found = [path for path in modules() if dotted(path).split(".")[0] == package]
    assert found, f"{package} has no modules"
    return found


def test_arrows() -> None:
    """A module imports of ours only what stands behind it: cli, web → desk → reports, cases, engine → rules."""
    against = {}
    for path in modules():
        package = dotted(path).split(".")[0]
        allowed = {package} | ARROWS[package]
        ours = [imported for imported in imports(path) if imported.split(".")[0] in PACKAGES]
        against[dotted(path)] = [imported for imported in ours if not within(imported, allowed)]
    assert len(against) > 250, "the modules are not where they are looked for"
    assert {name: wrong for name, wrong in against.items() if wrong} == {}


def test_no_circles() -> None:
    """No module imports, by whatever way and wherever the import stands, a module that imports it."""
    known = {dotted(path) for path in modules()}
    behind: dict[str, set[str]] = {}
    for path in modules():
        found = {next((n for n in (name, name.rpartition(".")[0]) if n in known), "") for name in imports(path)}
        behind[dotted(path)] = found - {"", dotted(path)}
    while bare := {name for name, ours in behind.items() if not ours & behind.keys()}:
        behind = {name: ours for name, ours in behind.items() if name not in bare}
    assert sorted(behind) == [], "modules in circles, and those that import them"


def test_folders_are_small() -> None:
    """A room holds no more modules than a reader takes in at a glance, a room of tests either."""
    every = [*modules(), *(ROOT / "tests").rglob("*.py")]
    rooms = Counter(path.parent for path in every if path.name != "__init__.py" and "migrations" not in path.parts)
    assert {str(room.relative_to(ROOT)): count for room, count in rooms.items() if count > MOST_MODULES} == {}


def test_engine_is_pure() -> None:
    """The engine knows no database, file format, output, machine or clock: what it needs it is given."""
    for path in of_package("engine"):
        allowed = ENGINE_MAY.get(dotted(path), set())
        foreign = {imported.split(".")[0] for imported in imports(path)} - allowed
        assert {name: NOT_IN_ENGINE[name] for name in foreign & NOT_IN_ENGINE.keys()} == {}, path


@pytest.mark.parametrize("package", ["engine", "rules", "reports"])
def test_no_module_reads_the_clock(package: str) -> None:
    """Today is an argument: no module of the core asks the machine what day it is."""
    for path in of_package(package):
        for node in nodes(path):
            if isinstance(node, ast.Attribute):
                assert node.attr not in {"today", "now", "utcnow"}, f"{path}:{node.lineno}"


def test_whoever_writes_into_the_log_asks_the_clock_first() -> None:
    """Every function that writes an entry down holds the clock against the last one before it; only one appends."""
    doors, appends = {}, []
    for path in modules():
        appends += [dotted(path) for node in nodes(path) if _call(node).startswith("insert(store, 'batches'")]
        for function in nodes(path):
            if isinstance(function, ast.FunctionDef):
                called = [(_call(node).partition("(")[0], node.lineno) for node in _calls(function)]
                guards = [line for name, line in called if name in ("require_plausible", "require_near")]
                written = [line for name, line in called if name == "write_down"]
                if written:
                    doors[f"{dotted(path)}.{function.name}"] = bool(guards) and min(guards) < min(written)
    assert len(doors) > 4, "the callers of write_down are not where they are looked for"
    assert [name for name, asks in doors.items() if not asks] == []
    assert appends == ["cases.store.writing"]


def _calls(function: ast.FunctionDef) -> list[ast.Call]:
    return [node for node in ast.walk(function) if isinstance(node, ast.Call)]


@cache
def _call(node: ast.AST) -> str:
    return ast.unparse(node) if isinstance(node, ast.Call) else ""


def test_folders_that_are_made_are_private() -> None:
    """Whatever is missing above a folder is made by the one function that lets nobody else look into it."""
    makers = {
        dotted(path)
        for path in modules()
        for node in nodes(path)
        if isinstance(node, ast.Call) and "parents" in {one.arg for one in node.keywords}
    }
    assert makers == set(), "rules.loader.kept.place.private_folder makes them"


def test_engine_neither_prints_nor_opens_files() -> None:
    """Findings are values; columns come and go as frames, never as files."""
    for path in of_package("engine"):
        for node in nodes(path):
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Name):
                assert node.func.id not in {"print", "open", "input"}, f"{path}:{node.lineno}"
            elif isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
                of_files = node.func.attr.startswith(("read_", "scan_", "write_", "sink_"))
                assert not (of_files and node.func.value.id in {"pl", "polars", "nw", "narwhals"}), (
                    f"{path}:{node.lineno}"
                )


def test_the_program_opens_no_connection() -> None:
    """Rosters stay on the machine: no module of ours imports anything that asks something of a network.

    The names of answers, the spelling of addresses and the place where the web face listens are no network: it serves,
    and asks nothing.
    """
    network = {"ftplib", "http", "httpx", "httpx2", "requests", "smtplib", "socket", "ssl", "urllib", "xmlrpc"}
    words = {"http.HTTPStatus", "http.cookies", "urllib.parse"} | {
        f"socket.{name}" for name in ("create_server", "AF_INET", "AF_INET6")
    }
    for path in modules():
        asking = {name for name in imports(path) if within(name, network) and not within(name, words)}
        assert asking == set(), path


def test_one_function_opens_a_database() -> None:
    """Every door opens a SQLite file through `cases.store.opening` and a server through `cases.store.drivers.server`;
    every engine is made in one place over them."""
    openers = {"sqlite3.connect", "sqlite3.dbapi2.connect", "sqlite3.Connection"}
    opening, making = set[str](), set[str]()
    for path in modules():
        called = {ast.unparse(node.func) for node in nodes(path) if isinstance(node, ast.Call)}
        if openers & (called | set(imports(path)) - {"sqlite3.Connection"}):
            opening.add(dotted(path))
        if any(name.rpartition(".")[2] in {"create_engine", "engine_from_config"} for name in called):
            making.add(dotted(path))
        if within("sqlcipher3", {name.partition(".")[0] for name in imports(path)}):
            opening.add(dotted(path))
    assert (opening, making) == ({"cases.store.opening"}, {"cases.store.drivers.engines"})
    assert {dotted(path) for path in modules() if "psycopg" in set(imports(path))} == {"cases.store.drivers.server"}


def test_modules_say_what_they_are_for() -> None:
    """The first line of every module is a sentence of its own, and its name is not a drawer's."""
    first_lines = {dotted(path): (ast.get_docstring(tree(path)) or "").partition("\n")[0] for path in modules()}
    assert [name for name, line in first_lines.items() if len(line) < 20] == []
    assert [name for name in first_lines if DRAWER_NAMES & set(name.rpartition(".")[2].split("_"))] == []


def test_modules_have_one_job() -> None:
    """No module grows beyond what a reader holds in mind."""
    lengths = {dotted(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def imported_by(module: str) -> set[str]:
    """The top-level names that importing a module brings into a fresh interpreter."""
    script = f"import sys, {module}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(run.stdout.split())


@pytest.mark.parametrize("module", ["cases.workbook.read", "cases.store.writing", "desk.desk", "cli.main"])
def test_daily_work_imports_no_table_models(module: str) -> None:
    """Whoever reads or writes waits neither for SQLAlchemy and the table models, nor for what writes workbooks or knows
    holidays."""
    heavy = {"alembic", "holidays", "openpyxl", "pydantic", "sqlalchemy", "sqlmodel", "xlsxwriter"}
    assert imported_by(module) & heavy == set()


def test_the_command_starts_light() -> None:
    """`dubi --help` waits for none of the parts that do the work."""
    heavy = {"alembic", "durable_rules_engine", "narwhals", "polars", "python_calamine", "sqlalchemy", "yaml"}
    assert imported_by("cli.main") & heavy == set()
