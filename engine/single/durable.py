"""The one narrow door to durable-rules' C engine: one flat fact at a time, one state, one pattern a rule, no threads.

The engine decides which of a set of named conditions hold for one case; nothing else of it is used. The guards below
answer faults of release 2.0.28 that kill the process or give wrong answers:

- a comparison with a field that is not there reads stray memory: a presence test stands before each one;
- facts are told apart by a 32-bit hash: never more than one is inside, it bears a fixed id and is taken back;
- a rule that begins with a negative test can fire for ever: each begins with a positive test of our own field `_g`;
- more than 64 conditions pending at once is an error: rules are dealt out in shards by the value of `_g`;
- numbers beyond 64 bits, exponents, long strings and mixed types are answered wrongly: only whole numbers, texts of
  limited length and true/false are let in.
"""

from __future__ import annotations

import json
import math
import threading
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

import durable_rules_engine as dre

Field = int | bool | str
Condition = dict[str, object]
"""A condition in the engine's own JSON form, made only by the functions below."""

_LONGEST_TEXT = 4000
_SHARD_LOAD = 40
_MOST_SHARDS = 20
_MOST_GROUPS = 13
_MOST_FIRINGS = 100


_as_text = json.JSONEncoder(ensure_ascii=False).encode


class EngineFault(RuntimeError):
    """The C engine answered with an error or an incomplete run: a fault of the program, not of the data."""


class Pattern(NamedTuple):
    """A condition with what it costs: leaves, groups, and how often it can fire for one fact."""

    condition: Condition
    leaves: int = 1
    groups: int = 0
    firings: int = 1

    @property
    def cost(self) -> int:
        """What it takes up of an engine."""
        return self.leaves + self.groups


def present(field: str) -> Pattern:
    """The field was given."""
    return Pattern({"$ex": {field: 1}})


def absent(field: str) -> Pattern:
    """The field was not given."""
    return Pattern({"$nex": {field: 1}})


_ENGINE_OPERATORS = {"ne": "$neq", "lt": "$lt", "le": "$lte", "gt": "$gt", "ge": "$gte"}


def compare(op: str, field: str, literal: Field) -> Pattern:
    """The field was given and stands so to a value."""
    value = encoded(literal)
    return Pattern({field: value} if op == "eq" else {_ENGINE_OPERATORS[op]: {field: value}})


def compare_fields(op: str, left: str, right: str) -> Pattern:
    """Both fields were given and stand so to each other."""
    other = {"$m": right}
    test: Condition = {left: other} if op == "eq" else {_ENGINE_OPERATORS[op]: {left: other}}
    return Pattern({"$and": [{"$ex": {right: 1}}, test]}, leaves=2, groups=1)


def both(patterns: Iterable[Pattern]) -> Pattern:
    """All hold."""
    return _group("$and", list(patterns))


def either(patterns: Iterable[Pattern]) -> Pattern:
    """At least one holds."""
    return _group("$or", list(patterns))


def _group(kind: str, parts: list[Pattern]) -> Pattern:
    if len(parts) == 1:
        return parts[0]
    counts = [part.firings for part in parts]
    return Pattern(
        {kind: [part.condition for part in parts]},
        leaves=sum(part.leaves for part in parts),
        groups=1 + sum(part.groups for part in parts),
        firings=math.prod(counts) if kind == "$and" else sum(counts),
    )


def encoded(value: Field) -> Field:
    """The only way a value gets into the engine.

    Raises `EngineFault` for a number or a text beyond what it keeps whole, and for what is neither.
    """
    if isinstance(value, str):
        return _encoded_text(value)
    if not isinstance(value, int):
        raise EngineFault(f"{type(value).__name__} cannot be compared by the engine")
    if not -(2**63) < value < 2**63:
        raise EngineFault("a number is too large for the engine")
    return value


@lru_cache(maxsize=4096)
def _encoded_text(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    if len(text) > _LONGEST_TEXT:
        raise EngineFault("a text is too long for the engine")
    text.encode()
    return text


def engines(patterns: Mapping[str, Pattern]) -> list[DurableRules]:
    """As many engines as the patterns need; each may leave a part of every shard empty."""
    shares: list[dict[str, Pattern]] = [{}]
    shards, load = 1, 0
    for name, pattern in patterns.items():
        load += pattern.cost
        if load > _SHARD_LOAD:
            shards, load = shards + 1, pattern.cost
        if shards > _MOST_SHARDS:
            shares.append({})
            shards = 1
        shares[-1][name] = pattern
    return [DurableRules(share) for share in shares]


def holding(asked: Iterable[DurableRules], fact: Mapping[str, Field]) -> set[str]:
    """The names of the patterns of several engines that hold for a fact, which is written down once for all of them.

    Raises `EngineFault` when a run was not complete.
    """
    message = _message(fact)
    return {name for engine in asked for name in engine.fired_by(message)}


def _message(fact: Mapping[str, Field]) -> str:
    """A fact in the engine's own JSON form."""
    return _as_text({"id": "c", "_g": 0, **{field: encoded(value) for field, value in fact.items()}})


class DurableRules:
    """A set of named patterns in the C engine; `holding` says which of them hold for one fact."""

    def __init__(self, patterns: Mapping[str, Pattern]) -> None:
        self._lock = threading.Lock()
        self._handle: int | None = None
        self._most = 1
        self._names = list(patterns)
        definition: dict[str, object] = {}
        shard = load = 0
        for number, (name, pattern) in enumerate(patterns.items()):
            cost = pattern.cost
            if cost > _SHARD_LOAD or pattern.groups > _MOST_GROUPS or pattern.firings > _MOST_FIRINGS:
                raise EngineFault(f"{name}: condition too large for the engine, split the rule")
            self._most += pattern.firings
            if load + cost > _SHARD_LOAD:
                shard, load = shard + 1, 0
            load += cost
            guard: Condition = {"$gt": {"_g": -1 - shard}}
            definition[f"r{number}"] = {"all": [{"m": {"$and": [guard, pattern.condition]}}]}
        if shard > _MOST_SHARDS:
            raise EngineFault("too many rules for one engine")
        definition["_end"] = {"pri": 60000, "all": [{"m": {"_g": 0}}]}
        self._text = json.dumps(definition, ensure_ascii=False)

    def holding(self, fact: Mapping[str, Field]) -> set[str]:
        """The names of the patterns that hold for a fact; raises `EngineFault` when the run was not complete."""
        return self.fired_by(_message(fact))

    def fired_by(self, message: str) -> set[str]:
        """The names of the patterns that hold for a fact as it is written down.

        Raises `EngineFault` when the run was not complete.
        """
        fired: set[str] = set()
        with self._lock:
            # Put back only after a clean run: an engine that failed half-way is thrown away.
            handle, self._handle = self._handle, None
            if handle is None:
                handle = dre.create_ruleset("rules", self._text)
            code, state = dre.assert_fact(handle, message)
            if code:
                raise EngineFault(f"the engine answered {code}")
            first = dre.start_action_for_state(handle, state)
            action, steps = first and first[1], 0
            while action:
                fired.add(action[2 : action.index('"', 2)])
                steps += 1
                if steps > self._most:
                    raise EngineFault("a rule fires for ever")
                action = dre.complete_and_start_action(handle, state)
            if dre.retract_fact(handle, '{"id":"c"}')[0] or "_end" not in fired:
                raise EngineFault("the run was not complete")
            self._handle = handle
        fired.discard("_end")
        return {self._names[int(name[1:])] for name in fired}

    def close(self) -> None:
        """Give the engine's memory back; in this order, or the state leaks."""
        with self._lock:
            handle, self._handle = self._handle, None
            if handle is not None:
                dre.delete_state(handle, None)
                dre.delete_ruleset(handle)
