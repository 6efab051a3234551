"""Roles and rights: every method of the desk asks for one, and a role may do what it is for and nothing else."""

from __future__ import annotations

import datetime as dt
import inspect
from pathlib import Path

import pytest

from desk.accounts.rights import ALL_RIGHTS, RIGHTS, WORDS, granted
from desk.changes.values import RecordStep
from desk.desk import Desk
from rules.loader.errors import NotAllowed

TODAY = dt.date(2026, 11, 30)
NO_QUESTION = {"tell", "require"}
"""What is called beside a question and answers none: somebody is told something, or refused."""


def public_methods() -> dict[str, object]:
    """Every method that a face of the program can call."""
    found = inspect.getmembers(Desk, inspect.isfunction)
    return {name: method for name, method in found if not name.startswith("_")}


def test_every_method_of_the_desk_asks_for_a_right() -> None:
    """No question and no change is answered before somebody has said what right it needs."""
    methods = public_methods()
    assert len(methods) > 70, "the methods of the desk are not where they are looked for"
    silent = {name for name, method in methods.items() if not getattr(method, "needs", ())}
    assert silent == NO_QUESTION
    asked = {right for method in methods.values() for right in getattr(method, "needs", ())}
    assert asked <= ALL_RIGHTS
    assert WORDS.keys() == ALL_RIGHTS


def test_who_has_no_right_at_all_is_refused_everywhere() -> None:
    """A desk of somebody without rights refuses each method by its sentence, before anything is opened."""
    desk = Desk(Path("/nowhere"), today=TODAY, may=frozenset())
    for name, method in public_methods().items():
        if name in NO_QUESTION:
            continue
        parameters = list(inspect.signature(method).parameters.values())[1:]  # type: ignore[arg-type]  # functions all
        given = [None for one in parameters if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD]
        named = {one.name: None for one in parameters if one.default is one.empty and one.kind is one.KEYWORD_ONLY}
        with pytest.raises(NotAllowed, match="không có quyền"):
            getattr(desk, name)(*given, **named)


@pytest.mark.parametrize("role", ["reader", "admin"])
def test_who_only_reads_records_nothing(role: str) -> None:
    """Neither a reader nor an administrator as such may change a case, import, or take back."""
    may = granted([(role, "CB-1")]).may  # type: ignore[list-item]  # a role by its name
    desk = Desk("sqlite:////nowhere.sqlite", today=TODAY, may=may)
    doors = (
        lambda: desk.preview(RecordStep("HS-1", "ket-nap", TODAY)),
        lambda: desk.take_in(None),  # type: ignore[arg-type]  # refused before it is looked at
        desk.undo,
        desk.redo,
    )
    for door in doors:
        with pytest.raises(NotAllowed):
            door()


def test_grants_amount_to_their_units_and_rights() -> None:
    """A secretary here who reads there sees both and records only here; an administrator sees no case."""
    both = granted([("secretary", "CB-1"), ("reader", "CB-2")])
    assert both.sight.roots == {"CB-1", "CB-2"}
    assert both.may == RIGHTS["secretary"]
    assert both.held["record"] == {"CB-1"}
    assert both.held["read"] == {"CB-1", "CB-2"}
    admin = granted([("admin", "DU")])
    assert admin.sight.roots == frozenset()
    assert "users" in admin.may
    assert "read" not in admin.may
