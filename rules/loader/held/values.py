"""The law's values and days as they are written a second time (`values/`), to be held against the first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from rules.loader.law import Document, Parameter, Value
from rules.loader.rules import HERE
from rules.loader.yaml_nodes import Node, entries

PARAMETERS, DOCUMENTS = HERE / "values" / "parameters.yaml", HERE / "values" / "documents.yaml"
ANY = "*"
"""Stands for a text: words are not held against each other."""
_NOTHING = "không ghi"


@dataclass(frozen=True, slots=True)
class Second:
    """What is written a second time of a parameter or a document: each thing by its name, and where."""

    says: Mapping[str, str]
    node: Node


def written(value: Value) -> str:
    """A value as it is written there."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return str(value)


def of_parameter(parameter: Parameter) -> dict[str, str]:
    """What is said of a parameter, as it is written there: its unit, its start, and what each document says."""
    found = {"unit": parameter.unit, **({"from_event": parameter.from_event} if parameter.from_event else {})}
    for version in parameter.versions:
        if version.value is not None:
            value = ANY if parameter.unit == "text" else written(version.value)
            sure = f"{version.certainty}/{version.basis}" if version.basis else version.certainty
            found[version.document.id] = f"{value} · {version.clause or '-'} · {sure}"
    return found


def of_document(document: Document) -> dict[str, str]:
    """The days on which a document is in force."""
    days = {"from": document.begins.isoformat()}
    return days | ({"to": document.ends.isoformat()} if document.ends else {})


@cache
def second_parameters(file: Path = PARAMETERS) -> dict[str, Second]:
    """The second writing of the values; raises `LawFileError` with file and line."""
    found = {}
    for node in entries(file):
        keys = node.mapping(["parameter", "unit", "says"], ["from_event"])
        says: dict[str, str] = {key: said.text() for key, said in keys.items() if key in ("unit", "from_event")}
        says |= {document: said.text() for document, said in keys["says"].pairs().items()}
        found[keys["parameter"].text()] = Second(says, node)
    return found


@cache
def second_documents(file: Path = DOCUMENTS) -> dict[str, Second]:
    """The second writing of the days; raises `LawFileError` with file and line."""
    found = {}
    for node in entries(file):
        keys = node.mapping(["document", "from"], ["to"])
        says: dict[str, str] = {key: day.date().isoformat() for key, day in keys.items() if key in ("from", "to")}
        found[keys["document"].text()] = Second(says, node)
    return found


def differences(
    parameters: Mapping[str, Parameter], documents: Mapping[str, Document]
) -> Iterator[tuple[Path, int, str]]:
    """Where the two writings differ: the second one's place, and what differs; raises `LawFileError`."""
    firsts = {name: of_parameter(parameter) for name, parameter in parameters.items()}
    yield from _differing(firsts, second_parameters(), PARAMETERS)
    yield from _differing(
        {name: of_document(document) for name, document in documents.items()}, second_documents(), DOCUMENTS
    )


def _differing(
    firsts: Mapping[str, Mapping[str, str]], seconds: Mapping[str, Second], file: Path
) -> Iterator[tuple[Path, int, str]]:
    for name in dict.fromkeys([*firsts, *seconds]):
        if name not in seconds:
            yield file, 1, f"{name}: chưa viết lần thứ hai"
            continue
        first, second = firsts.get(name, {}), seconds[name]
        for what in dict.fromkeys([*second.says, *first]):
            wanted, found = second.says.get(what, _NOTHING), first.get(what, _NOTHING)
            if wanted != found:
                yield file, second.node.line, f"{name}, {what}: phải là {wanted}, nhưng là {found}"
