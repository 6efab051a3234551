"""Answers about an office's files, kept in a YAML file and used again for the next file of the same kind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import yaml

from cases.rosters.columns import labels
from cases.rosters.outcome.answers import Answers
from cases.values.apart import apart
from cases.values.whole_file import whole_file
from cases.workbook.office_words import CODED
from cases.workbook.schema import choices

if TYPE_CHECKING:
    from pathlib import Path

    from cases.rosters.outcome.outcome import RosterPreview
    from rules.loader.yaml_nodes import Node

_KEYS = ("sheet", "header_row", "columns", "joined", "decode", "accepted", "on_match", "profile", "words", "day_first")


def save_mapping(path: Path, preview: RosterPreview, answers: Answers) -> None:
    """Keep how a file was read: every column with its field, and the answers that hold for files of its kind.

    Units, rows and days are of one file only and are not kept.
    """
    columns = {
        column.header: column.fields[0] if column.fields else ""
        for column in preview.mapping
        if len(column.fields) < 2 and (not column.fields or column.fields[0] in labels.load().fields)
    }
    kept: dict[str, Any] = {
        "columns": {**columns, **answers.columns},
        "joined": answers.joined,
        **({"on_match": answers.on_match} if answers.on_match else {}),
    }
    if answers.decode is not None:
        kept["decode"] = answers.decode
    if answers.header_row is not None:
        kept["header_row"] = answers.header_row
    if answers.accepted:
        kept["accepted"] = sorted(answers.accepted)
    if answers.profile or preview.profile:
        kept["profile"] = answers.profile or preview.profile
    if answers.words:
        kept["words"] = {name: dict(table) for name, table in answers.words.items()}
    text = "# Cách đọc tệp này; sửa được bằng tay / how files of this kind are read.\n" + yaml.safe_dump(
        kept, allow_unicode=True, sort_keys=False, width=10_000
    )
    with whole_file(path, replace=True) as draft:
        draft.write_text(text, encoding="utf-8")


def load_mapping(path: Path, answers: Answers | None = None) -> Answers:
    """The answers of a mapping, those given now on top; raises `LawFileError` with file and line."""
    return apart(path, _read, answers or Answers())


def _read(path: Path, given: Answers) -> Answers:
    from rules.loader.yaml_nodes import read_yaml

    kept = read_yaml(path).mapping([], _KEYS)
    known = labels.load().fields
    read: dict[str, Any] = {}
    if "columns" in kept:
        columns = {
            header: node.one_of(known) if node.content else "" for header, node in kept["columns"].pairs().items()
        }
        read["columns"] = {**columns, **given.columns}
    if "header_row" in kept:
        read["header_row"] = given.header_row or kept["header_row"].integer()
    if "sheet" in kept:
        read["sheet"] = given.sheet or kept["sheet"].text()
    if "joined" in kept:
        read["joined"] = kept["joined"].one_of(("ceremony", "decision"))
    if "on_match" in kept:
        read["on_match"] = kept["on_match"].one_of(("fill", "keep", "replace"))
    if "decode" in kept:
        read["decode"] = kept["decode"].flag() if given.decode is None else given.decode
    for name in ("accepted", "day_first"):
        if name in kept:
            read[name] = getattr(given, name) | {one.text() for one in kept[name].items()}
    if "profile" in kept:
        read["profile"] = given.profile or kept["profile"].text()
    if "words" in kept:
        read["words"] = {**_words(kept["words"]), **given.words}
    return replace(given, **read)


def _words(node: Node) -> dict[str, dict[str, str]]:
    tables = node.mapping([], CODED)
    return {
        name: {word: code.one_of(choices(name)) for word, code in table.pairs().items()}
        for name, table in tables.items()
    }
