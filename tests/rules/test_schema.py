"""The JSON Schemas that editors use: they take every shipped file, and know exactly the keys that the loaders know."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from rules.loader import law, vocabulary
from rules.loader.errors import LawFileError
from rules.loader.rules import read_rule
from rules.loader.yaml_nodes import Node

ROOT = Path(__file__).parent.parent.parent
RULES = ROOT / "rules"
SCHEMAS = sorted((RULES / "schema").glob("*.json"))
FILES = sorted(RULES.rglob("*.yaml"))
BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))

KNOWN = {
    *("$schema", "title", "description", "type", "enum", "pattern", "minLength"),
    *("items", "minItems", "required", "properties", "additionalProperties", "anyOf"),
}
"""The words of JSON Schema that the small check below knows; the schemas may use no others."""
TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}


class Plain(yaml.CSafeLoader):
    """YAML as editors read it: days are texts, and only true and false are marks."""


Plain.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), ["t", "f"])


def loaded(file: Path) -> Any:
    """What an editor makes of a file."""
    return Plain(file.read_text(encoding="utf-8")).get_single_data()


def faults(schema: dict[str, Any], value: Any, place: str = "") -> Iterator[str]:
    """Where a value does not fit a schema."""
    if "anyOf" in schema:
        ways = [list(faults(way, value, place)) for way in schema["anyOf"]]
        if all(ways):
            yield from min(ways, key=len)
        return
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    fits = any(isinstance(value, TYPES[k]) and (k == "boolean" or not isinstance(value, bool)) for k in kinds)
    if kinds and not fits:
        yield f"{place}: not {kinds}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place}: {value!r} is none of {schema['enum']}"
        return
    if isinstance(value, str):
        if len(value) < schema.get("minLength", 0) or not re.search(schema.get("pattern", ""), value):
            yield f"{place}: {value!r} has not the form"
    elif isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield f"{place}: too short"
        for number, member in enumerate(value):
            yield from faults(schema["items"], member, f"{place}[{number}]")
    elif isinstance(value, dict):
        yield from _object_faults(schema, value, place)


def _object_faults(schema: dict[str, Any], value: dict[str, Any], place: str) -> Iterator[str]:
    properties, rest = schema.get("properties", {}), schema["additionalProperties"]
    for key in schema.get("required", []):
        if key not in value:
            yield f"{place}: {key} is missing"
    for key, member in value.items():
        if key in properties:
            yield from faults(properties[key], member, f"{place}.{key}")
        elif rest is False:
            yield f"{place}: {key} is not known"
        else:
            yield from faults(rest, member, f"{place}.{key}")


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """A schema and every schema within it."""
    yield schema
    rest = schema.get("additionalProperties")
    within = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    within += [member for member in (schema.get("items"), rest) if isinstance(member, dict)]
    for member in within:
        yield from objects(member)


def read(path: Path) -> Any:
    """A schema."""
    return json.loads(path.read_text(encoding="utf-8"))


def mapping() -> dict[str, list[str]]:
    """The files of each schema, as the editor's settings give them."""
    settings = read(ROOT / ".vscode" / "settings.json")["yaml.schemas"]
    return {name.removeprefix("./"): patterns for name, patterns in settings.items()}


def schema_of(file: Path) -> Path:
    """The one schema that the editor's settings give a file."""
    name = file.relative_to(ROOT).as_posix()
    found = [schema for schema, patterns in mapping().items() if any(fnmatch(name, pattern) for pattern in patterns)]
    assert len(found) == 1, f"{name}: {found}"
    return ROOT / found[0]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(RULES).as_posix())
def test_shipped_file_fits(file: Path) -> None:
    """Every file of the rules has one schema in the editor's settings, and fits it."""
    assert list(faults(read(schema_of(file)), loaded(file))) == []


def test_every_schema_is_used() -> None:
    """No schema stands about for files that are not there."""
    assert {schema_of(file) for file in FILES} == set(SCHEMAS)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_schema_is_closed_and_explained(path: Path) -> None:
    """Every key has a word of explanation, no key is taken that is not listed, and the check above knows every word."""
    for schema in objects(read(path)):
        assert set(schema) <= KNOWN
        for key, member in schema.get("properties", {}).items():
            assert member.get("description") or member.get("type") == "object" or "anyOf" in member, key
        if schema.get("type") == "object":
            assert "additionalProperties" in schema


def loader_keys() -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    """The keys that each loader asks for and allows, read from its source."""
    for path in [*sorted(RULES.glob("*.py")), ROOT / "engine" / "coming_up.py"]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "mapping":
                words = [_words(argument) for argument in node.args]
                if words and all(words_ is not None for words_ in words):
                    required, allowed = words[0], [word for words_ in words for word in words_ or ()]
                    yield f"{path.name}:{node.lineno}", frozenset(required or ()), frozenset(allowed)


def _words(node: ast.expr) -> list[str] | None:
    """The words of a list that is written out; None for one that is put together elsewhere."""
    if isinstance(node, ast.List) and all(isinstance(element, ast.Constant) for element in node.elts):
        return [str(element.value) for element in node.elts if isinstance(element, ast.Constant)]
    return None


def named_keys() -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    """The keys that loaders keep under a name."""
    for module in (law, vocabulary):
        for name, (required, optional) in _constants(module):
            yield f"{module.__name__}.{name}", frozenset(required), frozenset((*required, *optional))


def _constants(module: ModuleType) -> Iterator[tuple[str, tuple[tuple[str, ...], tuple[str, ...]]]]:
    return ((name, value) for name, value in vars(module).items() if name.endswith("_KEYS"))


LOADERS = [*loader_keys(), *named_keys()]


@pytest.mark.parametrize(("required", "allowed"), [keys[1:] for keys in LOADERS], ids=[keys[0] for keys in LOADERS])
def test_loader_keys_are_in_a_schema(required: frozenset[str], allowed: frozenset[str]) -> None:
    """Whatever keys a loader asks for and allows, some schema asks for and allows the same."""
    known = {
        (frozenset(schema.get("required", [])), frozenset(schema["properties"]))
        for path in SCHEMAS
        for schema in objects(read(path))
        if "properties" in schema
    }
    assert (required, allowed) in known


@pytest.mark.parametrize("overlay", [None, "ha-noi-2025"])
def test_keys_of_a_rule(overlay: str | None) -> None:
    """A rule takes the keys that its schema lists, whose list differs between the national rules and an overlay."""
    entry = {"rule": "a.b", "title": "A", "when": "a", "severity": "due", "say": "A.", "xyzxyz": "1"}
    content = {key: Node(Path("x"), 1, value) for key, value in entry.items()}
    with pytest.raises(LawFileError) as refusal:
        read_rule(Node(Path("x"), 1, content), overlay)
    listed = refusal.value.hint.removeprefix("Các khoá được dùng: ").removesuffix(".").split(", ")
    schema = read(RULES / "schema" / ("overlay.json" if overlay else "rules.json"))
    rule = schema["properties"]["rules"]["items"] if overlay else schema["items"]
    assert set(rule["properties"]) == set(listed)


WRONG_KEYS = [file for file in BROKEN if file.stem.endswith(("__unknown_key", "__missing_key", "_missing_citation"))]


@pytest.mark.parametrize("file", WRONG_KEYS, ids=lambda file: file.stem)
def test_wrong_keys_are_marked(file: Path) -> None:
    """A key too many or too few, which the loader refuses, is marked by the schema as well."""
    schema = read(RULES / "schema" / f"{file.stem.partition('__')[0]}.json")
    assert list(faults(schema, loaded(file))) != []
