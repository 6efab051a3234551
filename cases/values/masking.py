"""Sensitive values: hidden wherever they would be shown, until somebody asks for them and says why.

Which facts these are stands in the vocabulary. Whoever shows a value asks here; what was shown is noted, so that it can
be written down before it leaves.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as Collection

    from cases.values.records import Record, Roster

MASK = "(đã che)"
EVERYBODY = ""
"""In the place of the code of a case: all that were asked about."""

MEASURE = "discipline"
_OF_A_MEASURE = {"form": "discipline_form", "on": "disciplined_on"}
"""What of a disciplinary measure is which fact of the case that it is kept beside."""


@dataclass(slots=True)
class Asking:
    """Somebody asks for sensitive values: of which store, why; and what of whom was shown, not written down yet."""

    place: str
    why: str
    who: str | None = None
    pending: dict[str, set[str]] = field(default_factory=dict)
    """By the code of the case: facts."""
    written: dict[str, set[str]] = field(default_factory=dict)
    name: str | None = None
    """What the readings of one asking have in common, once some are written down."""

    def note(self, case: str, facts: Iterable[str]) -> None:
        """Note what is shown of somebody."""
        if new := set(facts) - self.written.get(case, set()):
            self.pending.setdefault(case, set()).update(new)


_ASKING: ContextVar[Asking | None] = ContextVar("asking", default=None)


def asking() -> Asking | None:
    """Who asks for sensitive values now; None: they are hidden."""
    return _ASKING.get()


@contextmanager
def asked(one: Asking | None) -> Iterator[Asking | None]:
    """Show sensitive values until the block ends; None hides them again."""
    token = _ASKING.set(one)
    try:
        yield one
    finally:
        _ASKING.reset(token)


@cache
def sensitive() -> frozenset[str]:
    """The facts whose values are hidden until somebody asks for them."""
    from rules.loader import vocabulary

    return vocabulary.load().sensitive


@cache
def _recorded() -> frozenset[str]:
    """Those of them that are recorded and not computed."""
    from rules.loader import vocabulary

    facts = vocabulary.load().facts
    return frozenset(name for name in sensitive() if facts[name].kind != "computed")


def fact_of(entity: str, name: str) -> str:
    """The fact of a case that a field of a thing tells."""
    return _OF_A_MEASURE.get(name, name) if entity == MEASURE else name


def facts_of_key(entity: str) -> frozenset[str]:
    """The facts of a case that the key of a thing tells besides the case."""
    return frozenset(_OF_A_MEASURE.values()) if entity == MEASURE else frozenset()


def may_show(case: str, facts: Iterable[str]) -> bool:
    """Whether these facts of a case may be shown; what is sensitive among them is noted as shown."""
    hidden = sensitive().intersection(facts)
    one = _ASKING.get()
    if hidden and one is not None:
        one.note(case, hidden)
    return not hidden or one is not None


def without_facts(record: Record, names: Collection[str]) -> Record:
    """A record without some of its facts, now and at any time."""
    fields = {name: value for name, value in record.fields.items() if name not in names}
    steps = tuple(one for one in record.steps if one.kind not in names)
    attributes = tuple(one for one in record.attributes if one.name not in names)
    return replace(record, fields=fields, steps=steps, attributes=attributes)


def without(roster: Roster, names: Collection[str]) -> Roster:
    """A roster without some facts of its cases, those that are kept beside them too."""
    if not names:
        return roster
    records = tuple(without_facts(record, names) for record in roster.records)
    disciplines = () if names & set(_OF_A_MEASURE.values()) else roster.disciplines
    return replace(roster, records=records, disciplines=disciplines)


def left_out(case: str = EVERYBODY) -> frozenset[str]:
    """The facts that do not go into a file, all sensitive ones unless somebody asks for them."""
    return frozenset() if may_show(case, _recorded()) else sensitive()
