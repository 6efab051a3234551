"""A record as it would be: facts set to other values, nothing stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.language.tree import Scalar, folded
from engine.projection import CaseRecord, DatedAttribute, Placement, Step
from rules.loader.errors import BadInput, UnknownName
from rules.loader.spelling.days import typed_day
from rules.loader.spelling.near import did_you_mean
from rules.loader.vocabulary import Fact, Vocabulary

_YES, _NO = {"x", "có", "1", "true"}, {"", "không", "0", "false"}


@dataclass(frozen=True, slots=True)
class Supposed:
    """A record with some facts changed; the history of what was changed is left out."""

    code: str
    fields: Mapping[str, Scalar]
    steps: Sequence[Step]
    attributes: Sequence[DatedAttribute]
    placements: Sequence[Placement]


def supposed(record: CaseRecord, changes: Mapping[str, Scalar | None]) -> Supposed:
    """The record with the changes; None empties a fact."""
    kept = {name: value for name, value in record.fields.items() if name not in changes}
    return Supposed(
        code=record.code,
        fields={**kept, **{name: value for name, value in changes.items() if value is not None}},
        steps=[step for step in record.steps if step.kind not in changes],
        attributes=[attribute for attribute in record.attributes if attribute.name not in changes],
        placements=() if "unit" in changes else record.placements,
    )


def read_change(vocabulary: Vocabulary, text: str) -> tuple[str, Scalar | None]:
    """A fact and its value from `fact=value` (the fact by name or by column); an empty value empties it.

    Raises `BadInput` for what is no such pair or no value of the fact.
    """
    name, sign, value = (part.strip() for part in text.partition("="))
    if not sign or not name:
        raise BadInput(
            f"“{text}” không phải là một giả định. Ghi dạng tên=giá trị, ví dụ cell_proposed_recognition_on=2025-03-01."
        )
    fact = _fact(vocabulary, name)
    try:
        return fact.name, _value(vocabulary, fact, value)
    except ValueError as error:
        raise BadInput(f"{name}: {error}") from None


def _fact(vocabulary: Vocabulary, name: str) -> Fact:
    recorded = {fact.name: fact for fact in vocabulary.facts.values() if fact.column}
    by_column = {folded(fact.column or ""): fact for fact in recorded.values()}
    found = recorded.get(name) or by_column.get(folded(name))
    if found is not None:
        return found
    if name in vocabulary.facts:
        raise BadInput(
            f"“{vocabulary.facts[name].label}” là dữ kiện tính ra, không giả định được. Giả định ngày ghi trong sổ."
        )
    known = [*recorded, *(fact.column or "" for fact in recorded.values())]
    hint = did_you_mean(name, known, "Ghi tên dữ kiện hoặc tên cột của sổ.")
    raise UnknownName(f"Không có dữ kiện “{name}”. {hint}")


def _value(vocabulary: Vocabulary, fact: Fact, text: str) -> Scalar | None:
    if fact.type == "mark":
        if text.casefold() not in _YES | _NO:
            raise ValueError("Ghi x (có) hoặc bỏ trống (không).")
        return True if text.casefold() in _YES else None
    if not text:
        return None
    match fact.type:
        case "date":
            return typed_day(text)
        case "number":
            if not text.isascii() or not text.isdigit():
                raise ValueError("Ghi một số nguyên.")
            return int(text)
        case "code":
            return _code(vocabulary.codes[fact.codes or ""], text)
        case _:
            return text


def _code(codes: Mapping[str, str], text: str) -> str:
    known = {folded(code): code for code in codes} | {folded(label): code for code, label in codes.items()}
    if folded(text) in known:
        return known[folded(text)]
    raise ValueError(did_you_mean(text, known, f"Chọn một trong: {', '.join(codes)}.", shown=known))
