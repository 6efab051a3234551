"""What a condition may name: facts with their types and code lists, parameters of the law, and rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.language.tree import Type
from rules.loader.law import Parameter

BETWEEN_DAYS = ("full_years", "calendar_years", "days_between", "working_days")
"""What can be asked about two days."""
RESERVED = {
    *("and", "or", "not", "is", "in", "missing", "on", "after", "before", "at", "if", "then", "else"),
    *("first", "earliest", "latest", *BETWEEN_DAYS, "found", "true", "false"),
}
"""The words of the conditions themselves: no fact bears such a name."""


@dataclass(frozen=True)
class Scope:
    """What a condition may name: facts with their types and code lists, parameters, rules."""

    types: Mapping[str, Type]
    codes: Mapping[str, Mapping[str, str] | None]
    parameters: Mapping[str, Parameter]
    rules: Iterable[str] = ()
