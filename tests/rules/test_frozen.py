"""Frozen values behave as the standard library's do, in whatever way they are made, read, compared or sent."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import field
from typing import Any, ClassVar

import pytest

from rules import frozen


@frozen.dataclass(frozen=True, slots=True)
class Ours:
    """Parts with defaults of all kinds, a property and a word of the class."""

    name: str
    number: int = 1
    many: tuple[int, ...] = ()
    table: dict[str, int] = field(default_factory=dict)

    @property
    def twice(self) -> int:
        """Twice the number."""
        return 2 * self.number


@dataclasses.dataclass(frozen=True, slots=True)
class Theirs:
    """The same by the standard library."""

    name: str
    number: int = 1
    many: tuple[int, ...] = ()
    table: dict[str, int] = field(default_factory=dict)

    @property
    def twice(self) -> int:
        """Twice the number."""
        return 2 * self.number


@frozen.dataclass(frozen=True, slots=True)
class Checked:
    """What is looked at when it is made, and has an order of its own."""

    number: int

    def __post_init__(self) -> None:
        if self.number < 0:
            raise ValueError("below nought")

    def __repr__(self) -> str:
        return f"<{self.number}>"

    def __hash__(self) -> int:
        return 7


@frozen.dataclass(frozen=True, slots=True)
class Nothing:
    """No parts at all."""


@frozen.dataclass(frozen=True, slots=True)
class Special:
    """Kinds of parts that the standard library is left to."""

    kept: ClassVar[int] = 3
    number: int = 0
    aside: int = field(default=0, compare=False)


MAKINGS: tuple[tuple[tuple[Any, ...], dict[str, Any]], ...] = (
    (("a",), {}),
    (("a", 2, (3,), {"b": 4}), {}),
    (("a",), {"many": (1, 2)}),
    ((), {"number": 5, "name": "z"}),
    ((), {}),
    (("a", 1, (), {}, 9), {}),
    (("a",), {"name": "b"}),
    (("a",), {"colour": 1}),
    ((), {"number": 1}),
)


def _tried(made: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any]) -> Any:
    try:
        return made(*given, **named)
    except TypeError as error:
        return type(error)


def test_they_are_made_alike() -> None:
    """The same arguments give the same parts, or are refused by both."""
    for given, named in MAKINGS:
        ours, theirs = (_tried(one, given, named) for one in (Ours, Theirs))
        if theirs is TypeError:
            assert ours is TypeError, (given, named)
            continue
        assert dataclasses.astuple(ours) == dataclasses.astuple(theirs)
        assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
        assert hash(Nothing()) == hash(())
    first, second = Ours("a"), Ours("a")
    assert first.table is not second.table, "a default that is shared"


def test_they_are_read_compared_and_sent_alike() -> None:
    """Equality, hashes, matching, copies, pickles, changed copies: as the standard library has them."""
    one, same, other = Ours("a", 2), Ours("a", 2), Ours("b", 2)
    assert one == same
    assert one != other
    assert (one.__eq__(Theirs("a", 2)), one.twice) == (NotImplemented, 4)
    plain = (Ours.__match_args__, Ours.__slots__, [part.name for part in dataclasses.fields(Ours)])
    assert plain == (Theirs.__match_args__, Theirs.__slots__, [part.name for part in dataclasses.fields(Theirs)])
    assert not hasattr(one, "__dict__")
    assert dataclasses.is_dataclass(Ours)
    assert dataclasses.replace(one, number=3) == Ours("a", 3)
    assert dataclasses.asdict(one) == dataclasses.asdict(Theirs("a", 2))
    assert copy.deepcopy(one) == pickle.loads(pickle.dumps(one)) == one  # noqa: S301  # our own
    assert hash(Checked(1)) == 7
    assert repr(Checked(1)) == "<1>"
    assert {Nothing(), Nothing()} == {Nothing()}
    with pytest.raises(TypeError):
        hash(one)  # a table has no hash: the same with both
    with pytest.raises(ValueError, match="below"):
        Checked(-1)
    match one:
        case Ours(name, number):
            assert (name, number) == ("a", 2)


def test_they_do_not_change() -> None:
    """No part is set or taken away, and none is added."""
    one = Ours("a")
    for name in ("name", "new"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(one, name, "b")
        with pytest.raises(dataclasses.FrozenInstanceError):
            delattr(one, name)
    assert one == Ours("a")


def test_other_kinds_are_the_standard_librarys() -> None:
    """Parts that are not compared, words of the class, classes below another, and those that may change."""

    @frozen.dataclass(slots=True)
    class Open:
        number: int = 0

    @frozen.dataclass(frozen=True, slots=True)
    class Below(Ours):
        more: int = 0

    opened = Open()
    opened.number = 2
    assert opened == Open(2)
    assert Special(1, aside=2) == Special(1, aside=3)
    assert Special.kept == 3
    assert Below("a", more=2).more == 2
    assert Below("a") != Ours("a")
