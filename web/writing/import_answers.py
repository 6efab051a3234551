"""What a page of the import asks and what it was answered: fields of a form in, the answers of `ImportFile` out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from desk.words.imports import PROPOSALS, change_line
from web.asking import typed_number
from web.refusals import without_commands

if TYPE_CHECKING:
    from desk.changes.values import ImportFile
    from desk.values import Import, Remark, RosterPreview, RowOutcome

MOST = 100
"""So many rows are shown to be mended or answered at once; the next ones come once these are."""

CELL, WHO, WHOSE, COLUMN, ORDER, PAIR = "o:", "ai:", "lay:", "cot:", "thu-tu:", "cap:"
"""What the names of the fields begin with: a cell, who somebody is, whose value holds, what a column is, a pair."""

UNREAD = "không đọc"
_WORDS = {WHO: ("cung", "khac"), WHOSE: ("thay", "giu")}
"""How the two questions about a row are answered."""
_WHO_CODES = frozenset({"match_maybe", "code_of_another", "person_mismatch"})
"""The reasons that are answered by saying whether it is the same person."""


@dataclass(frozen=True, slots=True)
class CellToMend:
    """A cell of a row, as a field of the form."""

    name: str
    header: str
    value: str
    bad: bool
    said: tuple[str, ...] = ()
    """What is wrong with it."""


@dataclass(frozen=True, slots=True)
class RowToMend:
    """A row that is not taken: why, what can be answered, and its cells."""

    row: RowOutcome
    place: str
    """Where it stands, in words."""
    reasons: tuple[str, ...]
    who: str | None
    """The name of the field that says who it is; None where that is not the question."""
    said: str | None
    cells: tuple[CellToMend, ...] = field(default=())


def rows_to_mend(preview: RosterPreview, change: ImportFile) -> list[RowToMend]:
    """The rows that are refused or wait for an answer, and those that wait no more since somebody answered."""
    said = _said(change, WHO)
    made = []
    for row in preview.rows:
        key = f"{row.row}/{row.block}"
        if row.outcome not in ("refused", "confirm") and key not in said:
            continue
        codes = {why.remark.code for why in row.why}
        asks = key in said or bool(codes & _WHO_CODES)
        sheet = preview.elsewhere(row)
        parts = (f"Dòng {row.row}", f"trang “{sheet}”" if sheet else "", f"bảng {row.block}" if row.block > 1 else "")
        place = ", ".join(filter(None, parts))
        cells = tuple(_cells(preview, row))
        said_of_cells = {text for cell in cells for text in cell.said}
        told = (
            f"{f'{why.remark.header}: ' if why.remark.header else ''}{_in_words(why.remark)}"
            for why in row.why
            if _in_words(why.remark) not in said_of_cells
        )
        reasons = tuple(dict.fromkeys(told))
        made.append(RowToMend(row, place, reasons, f"{WHO}{key}" if asks else None, said.get(key), cells))
    return made


def _in_words(remark: Remark) -> str:
    return f"{remark.reason} {without_commands(remark.suggestion)}".strip()


def _said(change: ImportFile, begins: str) -> dict[str, str]:
    """What was answered row by row to one of the two questions, by the place of the row."""
    answered = (one.partition("=")[::2] for one in change.rows)
    return {place: said for place, said in answered if said in _WORDS[begins]}


def _cells(preview: RosterPreview, row: RowOutcome) -> Iterator[CellToMend]:
    bad: dict[str, list[str]] = {}
    for why in row.why:
        if why.remark.column:
            bad.setdefault(why.remark.column, []).append(_in_words(why.remark))
    missing = {why.remark.field for why in row.why if not why.remark.column}
    sheet = preview.elsewhere(row)
    if sheet is not None:  # of these sheets only the cells that something was said about are at hand
        headers = {why.remark.column: why.remark.header for why in row.why}
        for column, found in bad.items():
            yield CellToMend(f"{CELL}{sheet}!{column}{row.row}", headers[column] or column, "", True, tuple(found))
        return
    typed = preview.typed(row.row)
    for letter, header, fields in _columns(preview):
        name = f"{CELL}{preview.sheet or ''}!{letter}{row.row}"
        said = tuple(bad.get(letter, ()))
        yield CellToMend(name, header, typed.get(letter, ""), bool(said) or bool(missing & set(fields)), said)


def _columns(preview: RosterPreview) -> list[tuple[str, str, tuple[str, ...]]]:
    """The columns of the sheet: letter, heading, and as what each is read."""
    if preview.mapping:
        return [(one.letter, one.header, one.fields) for one in preview.mapping]
    return [(letter, header, ()) for letter, header in preview.typed(preview.header_rows[-1]).items()]


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A row about which file and store say different things."""

    name: str
    """The name of the field that says whose values hold."""
    lines: tuple[str, ...]
    said: str | None


def open_places(done: Import, change: ImportFile) -> list[OpenPlace]:
    """The conflicts and removals by row, those that were answered row by row included."""
    said = _said(change, WHOSE)
    lines: dict[str, list[str]] = {}
    for one in done.laid.changes:
        if one.row is None:
            continue
        sheet = "" if one.kind.name == "case" else f"{one.kind.sheet.name}!"
        place = f"{sheet}{one.row}/{one.block}"
        if one.difference.open or place in said:
            lines.setdefault(place, []).append(change_line(one))
    return [OpenPlace(f"{WHOSE}{place}", tuple(found), said.get(place)) for place, found in lines.items()]


@dataclass(frozen=True, slots=True)
class PairToAnswer:
    """Two dossiers that may be one person's, as a question of the form."""

    name: str
    """The name of the field that says whether they are."""
    question: str
    choices: tuple[tuple[str, str], ...]
    said: str


def pairs_to_answer(done: Import, change: ImportFile) -> list[PairToAnswer]:
    """The pairs about which nobody has answered, and those that were answered one by one."""
    given = dict(one.rpartition("=")[::2] for one in change.pairs)
    made = []
    for one in done.pairs:
        codes = one.pair.one.code, one.pair.other.code
        both = "+".join(codes)
        if one.said is not None and both not in given:
            continue
        which = tuple((code, f"Một người, giữ hồ sơ {code}") for code in codes) if one.can_join else ()
        choices = (("cung", "Một người"), ("khac", "Hai người"), *which, ("", "Chưa trả lời"))
        question = one.question if one.said is None else str(one)
        made.append(PairToAnswer(f"{PAIR}{both}", question, choices, given.get(both, "")))
    return made


def answers_about_columns(sent: Mapping[str, str], change: ImportFile) -> dict[str, Any]:
    """What the page of the columns was answered; blank leaves a column as it was understood. Raises `BadInput`."""
    told: dict[str, str] = {}
    for one in () if sent.get("lai") else change.columns:
        column, _, meaning = one.partition("=")
        told[_key(column, meaning)] = one
    for name, text in sent.items():
        if name.startswith((COLUMN, ORDER)) and text.strip():
            column, meaning = name.partition(":")[2], "" if text.strip() == UNREAD else text.strip()
            told[_key(column, meaning)] = f"{column}={meaning}"
    return {
        "unit": sent.get("don-vi", "").strip() or None,
        "sheet": sent.get("trang", "").strip() or None,
        "header_row": typed_number(sent.get("dong-tieu-de"), 0, what="số dòng") or None,
        "columns": tuple(told.values()),
        "joined": sent.get("vao-dang") or None,
        "decode": {"doi": True, "giu": False}.get(sent.get("bang-ma", "")),
        "on_match": sent.get("da-co") or None,
    }


def _key(column: str, meaning: str) -> str:
    return f"{column} {'order' if '/' in meaning and meaning in ('thang/ngay', 'ngay/thang') else ''}"


def answers_about_rows(sent: Sequence[tuple[str, str]], preview: RosterPreview, change: ImportFile) -> dict[str, Any]:
    """What the page of the rows was answered: cells typed anew, who somebody is, whose values hold."""
    rows = {begins: _said(change, begins) for begins in (WHO, WHOSE)}
    cells = dict(one.partition("=")[::2] for one in change.cells)
    pairs = dict(one.rpartition("=")[::2] for one in change.pairs)
    prefix = f"{preview.sheet or ''}!"
    standing: dict[int, dict[str, str]] = {}
    for name, text in sent:
        if name.startswith(PAIR):
            pairs[name.removeprefix(PAIR)] = text
        elif name.startswith((WHO, WHOSE)):
            begins, _, place = name.partition(":")
            rows[f"{begins}:"][place] = text
        elif name.startswith(CELL):
            place = name.removeprefix(CELL)
            if not place.startswith(prefix):
                if text.strip():  # what stands there is not shown: blank leaves it alone
                    cells[place] = text.strip()
                continue
            letter, number = re.fullmatch(r"([A-Z]+)(\d+)", place.removeprefix(prefix) or "A0").groups()  # type: ignore[union-attr]  # names that our own page made
            was = standing.setdefault(int(number), preview.typed(int(number))).get(letter, "")
            if text.strip() != was.strip():
                cells[place] = text.strip()
    given = dict(sent)
    return {
        "rows": tuple(f"{place}={said}" for some in rows.values() for place, said in some.items() if said),
        "pairs": tuple(f"{both}={said}" for both, said in pairs.items() if said),
        "cells": tuple(f"{place}={text}" for place, text in cells.items()),
        "take": given.get("tat-ca-cho-khac") or None,
        "everybody": given.get("tat-ca-nguoi-giong") or None,
        "accepted": tuple(text for name, text in sent if name == "dong-y" and text in PROPOSALS),
    }
