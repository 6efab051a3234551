"""Frozen values as plain lists and back: their own annotations say what each part has to be, and nothing else is taken.

A value of a class is the list of its parts; where several classes may stand, the name of the one goes first. Of values
that stand in many places (``shared``) each is written once, and further on its number stands for it.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path, PurePosixPath
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

_AS_IT_IS = (str, int, bool, NoneType)
"""What JSON has itself."""

Read = Callable[[Any], Any]


class Foreign(ValueError):
    """What was kept is not what it has to be."""


class Form:
    """How values are written and read: in which folder files lie, what is known already, what a class has to pass."""

    def __init__(
        self,
        root: Path,
        shared: Iterable[type] = (),
        known: Iterable[object] = (),
        checks: Mapping[type, Callable[[Any], bool]] | None = None,
    ) -> None:
        self.root, self.checks = root, checks or {}
        self.seen: dict[type, list[object]] = {kind: [] for kind in shared}
        self.numbers: dict[int, int] = {}
        self.places: dict[str, Path] = {}
        for value in known:
            self._see(value)
        self._readers: dict[Any, Read] = {}

    def _see(self, value: object) -> None:
        self.numbers[id(value)] = len(self.seen[type(value)])
        self.seen[type(value)].append(value)

    def plain(self, kind: Any, value: Any) -> Any:
        """A value of a kind as JSON can have it."""
        if type(value) in _AS_IT_IS:
            return value
        origin = get_origin(kind)
        if origin in (Union, UnionType):
            of = [one for one in get_args(kind) if one not in _AS_IT_IS]
            if len(of) == 1:
                return self.plain(of[0], value)
            return [type(value).__name__, *self._parts(type(value), value)]
        if origin is tuple:
            return [self.plain(one, member) for one, member in zip(_members(kind, len(value)), value, strict=True)]
        if origin is frozenset:
            return sorted(value)
        if isinstance(value, Mapping):
            return {key: self.plain(get_args(kind)[1], member) for key, member in value.items()}
        if (number := self.numbers.get(id(value))) is not None:
            return number
        parts = self._parts(type(value), value)
        if type(value) in self.seen:
            self._see(value)
        return parts

    def _parts(self, kind: type, value: Any) -> list[Any]:
        match value:
            case dt.date():
                return [value.toordinal()]
            case Fraction():
                return [value.numerator, value.denominator]
            case Path():
                return [value.relative_to(self.root).as_posix()]
            case _:
                return [self.plain(of, getattr(value, name)) for name, of in _parts(kind)]

    def reader(self, kind: Any) -> Read:
        """What reads a value of a kind from what JSON has; it raises `Foreign` for anything else."""
        if kind not in self._readers:
            self._readers[kind] = self._made(kind)
        return self._readers[kind]

    def _made(self, kind: Any) -> Read:
        origin = get_origin(kind)
        if kind in _AS_IT_IS:
            return _exactly({kind})
        if origin is Literal:
            return _one_of(get_args(kind))
        if origin in (Union, UnionType):
            return self._one_of_kinds(get_args(kind))
        if origin is tuple:
            return self._tuple(get_args(kind))
        if origin is frozenset:
            members = self._tuple((get_args(kind)[0], ...))
            return lambda value: frozenset(members(value))
        if origin in (dict, Mapping):
            return self._mapping(get_args(kind)[1])
        if is_dataclass(kind) and isinstance(kind, type):
            return self._of_class(kind)
        return {dt.date: _day, Fraction: _fraction, Path: self._path}[kind]

    def _one_of_kinds(self, kinds: tuple[Any, ...]) -> Read:
        allowed = _natives(Union[kinds])  # noqa: UP007  # not known before
        of = [one for one in kinds if one not in allowed]
        if not of:
            return _exactly(allowed)
        if len(of) == 1:
            only = self.reader(of[0])
            return lambda value: value if type(value) in allowed else only(value)
        named, readers = {one.__name__: one for one in of}, dict[str, Read]()

        def read(value: Any) -> Any:
            if type(value) in allowed:
                return value
            if type(value) is not list or not value or value[0] not in named:
                raise Foreign
            name = value[0]
            if name not in readers:
                readers[name] = self.reader(named[name])
            return readers[name](value[1:])

        return read

    def _tuple(self, kinds: tuple[Any, ...]) -> Read:
        if kinds[-1] is ...:
            member = self.reader(kinds[0])
            return lambda value: tuple([member(one) for one in _list(value)])
        members = [self.reader(one) for one in kinds]
        return lambda value: tuple([read(one) for read, one in zip(members, _list(value), strict=True)])

    def _mapping(self, kind: Any) -> Read:
        member, natives = self.reader(kind), _natives(kind)

        def read(value: Any) -> dict[str, Any]:
            if type(value) is not dict:
                raise Foreign
            if natives.issuperset(map(type, value.values())):
                return value
            return {key: member(one) for key, one in value.items()}

        return read

    def _of_class(self, kind: type) -> Read:
        seen, check = self.seen.get(kind), self.checks.get(kind)
        known: dict[tuple[type, ...], list[tuple[int, Read]]] = {}
        alike: dict[tuple[type, ...], dict[tuple[Any, ...], Any]] = {}

        def read(value: Any) -> Any:
            if seen is not None and type(value) is int:
                if not 0 <= value < len(seen):
                    raise Foreign
                return seen[value]
            types = tuple(map(type, _list(value)))
            if types not in known:
                known[types] = self._still_to_read(kind, types)
                alike[types] = {}
            still = known[types]
            if seen is None and not still:  # a fact is named in many places: what says the same is made once
                said, before = tuple(value), alike[types]
                if said not in before:
                    before[said] = made_of(value)
                return before[said]
            for place, part in still:
                value[place] = part(value[place])
            made = made_of(value)
            if seen is not None:
                seen.append(made)
            return made

        def made_of(parts: list[Any]) -> Any:
            made = kind(*parts)
            if check is not None and not check(made):
                raise Foreign
            return made

        return read

    def _still_to_read(self, kind: type, types: tuple[type, ...]) -> list[tuple[int, Read]]:
        """The places of those parts that are not as they have to be already, where JSON gave values of these types."""
        pairs = list(zip(_parts(kind), types, strict=True))
        return [(place, self.reader(of)) for place, ((_, of), had) in enumerate(pairs) if had not in _natives(of)]

    def _path(self, value: Any) -> Path:
        (text,) = _list(value)
        if text not in self.places:
            place = PurePosixPath(text)
            if place.is_absolute() or ".." in place.parts:
                raise Foreign
            self.places[text] = self.root / place
        return self.places[text]


def _members(kind: Any, number: int) -> tuple[Any, ...]:
    members = get_args(kind)
    return (members[0],) * number if members[-1] is ... else members


@cache
def _parts(kind: Any) -> tuple[tuple[str, Any], ...]:
    """The parts of a class: their names and kinds."""
    return tuple((part.name, _meant(str(part.type), kind.__module__)) for part in fields(kind))


@cache
def _meant(annotation: str, module: str) -> Any:
    """What an annotation means where it stands; most of a module are alike, so that each is read once."""
    return eval(annotation, vars(sys.modules[module]))  # noqa: S307  # what our own modules say, never a copy


@cache
def _natives(kind: Any) -> frozenset[type]:
    """What of a kind stands as it is, so that nobody is asked to read it."""
    kinds = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    return frozenset(one for one in kinds if one in _AS_IT_IS)


def _list(value: Any) -> list[Any]:
    if type(value) is not list:
        raise Foreign
    return value


def _exactly(allowed: Collection[type]) -> Read:
    def read(value: Any) -> Any:
        if type(value) not in allowed:
            raise Foreign
        return value

    return read


def _one_of(words: tuple[Any, ...]) -> Read:
    def read(value: Any) -> Any:
        if value not in words:
            raise Foreign
        return value

    return read


def _day(value: Any) -> dt.date:
    (ordinal,) = _list(value)
    return dt.date.fromordinal(ordinal)


def _fraction(value: Any) -> Fraction:
    over, under = _list(value)
    return Fraction(over, under)
