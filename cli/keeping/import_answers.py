"""The answers about a list that are given on the command line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.loader.errors import BadInput
from rules.loader.spelling.folding import fold

if TYPE_CHECKING:
    from pathlib import Path

    from cases.rosters import Answers
    from cases.rosters.outcome.answers import Joined, OnMatch

ORDERS = {"thang/ngay": "month", "ngay/thang": "day"}
"""What is said of a column in which the month may stand first."""
PERSONS = {"cung": "same", "khac": "other"}
ON_MATCH: dict[str, OnMatch] = {"dien": "fill", "giu": "keep", "thay": "replace"}
JOINED: dict[str, Joined] = {"ket-nap": "ceremony", "quyet-dinh": "decision"}


def answers_of(
    unit: str | None,
    column: list[str] | None,
    row: list[str] | None,
    accept: list[str] | None,
    joined: str | None,
    mapping: Path | None,
) -> Answers:
    """The answers given on the command line, over those of a saved mapping."""
    from cases.rosters import Answers, known_field, load_mapping

    answers = load_mapping(mapping) if mapping else Answers()
    if joined is not None and joined not in JOINED:
        raise BadInput(f"“{joined}” không dùng được cho --joined. Ghi ket-nap (ngày làm lễ) hoặc quyet-dinh.")
    persons: dict[int | tuple[int, int], str] = {}
    for place, word in _pairs(row, "--row"):
        number, _, block = place.rpartition("!")[2].partition("/")
        if not number.isdigit() or not (block or "1").isdigit() or word not in PERSONS:
            raise BadInput(f"“{place}={word}” không dùng được cho --row. Ghi ví dụ 12=cung hoặc 12=khac.")
        persons[(int(number), int(block)) if block else int(number)] = PERSONS[word]
    orders = {key: ORDERS[fold(name)] for key, name in _pairs(column, "--column") if fold(name) in ORDERS}
    return replace(
        answers,
        unit=unit or answers.unit,
        columns={
            **answers.columns,
            **{
                key: name and known_field(key, name).name
                for key, name in _pairs(column, "--column")
                if key not in orders
            },
        },
        month_first=answers.month_first | {key for key, order in orders.items() if order == "month"},
        day_first=answers.day_first | {key for key, order in orders.items() if order == "day"},
        persons=persons,
        accepted=answers.accepted | frozenset(accept or ()),
        joined=JOINED[joined] if joined else answers.joined,
    )


def with_file(
    answers: Answers, sheet: str | None, header_row: int | None, on_match: str | None, *, decode: bool | None
) -> Answers:
    """The answers with what was said of the file as a whole."""
    if on_match is not None and on_match not in ON_MATCH:
        raise BadInput(f"“{on_match}” không dùng được cho --on-match. Ghi dien, giu hoặc thay.")
    vouched: frozenset[str] = frozenset()
    if "month_first_column" in answers.accepted:
        from cases.rosters.columns.kinds import BIRTH_KINDS, DATE_KINDS
        from cases.rosters.columns.labels import load

        vouched = frozenset(name for name, field in load().fields.items() if field.kind in BIRTH_KINDS | DATE_KINDS)
    return replace(
        answers,
        sheet=sheet or answers.sheet,
        header_row=header_row or answers.header_row,
        on_match=ON_MATCH[on_match] if on_match else answers.on_match,
        decode=answers.decode if decode is None else decode,
        day_first=answers.day_first | vouched,
    )


def _pairs(texts: list[str] | None, option: str) -> list[tuple[str, str]]:
    pairs = []
    for text in texts or ():
        name, sign, value = text.partition("=")
        if not sign:
            raise BadInput(f"“{text}” không dùng được cho {option}. Ghi hai vế nối bằng dấu =.")
        pairs.append((name.strip(), value.strip()))
    return pairs
