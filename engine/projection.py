"""What was known-by-date: the recorded facts of a case as they stood on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from engine.language.tree import Scalar
from rules.loader.spelling.partly import possible_days
from rules.loader.spelling.words import load as load_words
from rules.loader.spelling.words import read_word
from rules.loader.vocabulary import Vocabulary

FREE_WORDS = load_words().keys()
"""The facts whose words are read as people write them; what cannot be read is not known."""


class Step(Protocol):
    """A dated step of a case's history."""

    @property
    def kind(self) -> str: ...
    @property
    def on(self) -> dt.date: ...


class DatedAttribute(Protocol):
    """A value of an attribute from a day on."""

    @property
    def name(self) -> str: ...
    @property
    def value(self) -> Scalar: ...
    @property
    def since(self) -> dt.date | None: ...


class Placement(Protocol):
    """A person's place in a unit from a day on, until another where that is known."""

    @property
    def unit(self) -> str: ...
    @property
    def since(self) -> dt.date | None: ...
    @property
    def until(self) -> dt.date | None: ...


class CaseRecord(Protocol):
    """A case as it is kept: its fields, and the history that one row cannot show."""

    @property
    def code(self) -> str: ...
    @property
    def fields(self) -> Mapping[str, Scalar]: ...
    @property
    def steps(self) -> Sequence[Step]: ...
    @property
    def attributes(self) -> Sequence[DatedAttribute]: ...
    @property
    def placements(self) -> Sequence[Placement]: ...


def _latest(entries: Iterable[tuple[dt.date | None, Scalar]], as_of: dt.date) -> Scalar | None:
    begun = [(since or dt.date.min, value) for since, value in entries if since is None or since <= as_of]
    return max(begun, key=lambda entry: entry[0])[1] if begun else None


class Projector:
    """Projects records on a day; knows which fields are dated steps."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.step_kinds = frozenset(vocabulary.step_kinds)
        self.partly, self.begun_on = vocabulary.partly, vocabulary.begun_on

    def project(self, record: CaseRecord, as_of: dt.date) -> dict[str, Scalar] | None:
        """The facts recorded by the day; None where all dated steps lie after it, so that there is no case yet.

        A row with no dated step at all is a case: somebody is followed, nothing has happened.
        """
        kinds, facts, later = self.begun_on, dict[str, Scalar](), False
        for name, value in self._fields(record).items():
            if name not in kinds or value <= as_of:  # type: ignore[operator]  # a step's value is a day
                facts[name] = value
            else:
                later = True
        for step in record.steps:
            if step.on > as_of:
                later = True
            elif step.on >= facts.get(step.kind, dt.date.min):  # type: ignore[operator]  # a step's value is a day
                facts[step.kind] = step.on
        if later and not kinds & facts.keys():
            return None
        if record.attributes:
            self._dated_attributes(record, as_of, facts)
        if record.placements:
            unit = _latest(((placement.since, placement.unit) for placement in record.placements), as_of)
            if unit is not None:
                facts["unit"] = unit
        for name in FREE_WORDS & facts.keys():
            word = read_word(name, str(facts[name]))
            if word is None:
                del facts[name]
            else:
                facts[name] = word
        decided = "recognition_decided_on" in record.fields
        if decided or any(step.kind == "recognition_decided_on" for step in record.steps):
            facts["recognition_decision_recorded"] = True
        facts["as_of"] = as_of
        return facts

    def _fields(self, record: CaseRecord) -> Mapping[str, Scalar]:
        """The fields, with the first and the last day of what is dated only in part."""
        fields = record.fields
        for name, (first, last) in self.partly.items():
            text = fields.get(name)
            days = possible_days(text) if isinstance(text, str) else None
            if days is not None:
                fields = {**fields, first: days[0], last: days[1]}
        return fields

    def _dated_attributes(self, record: CaseRecord, as_of: dt.date, facts: dict[str, Scalar]) -> None:
        for name in {attribute.name for attribute in record.attributes}:
            entries = ((entry.since, entry.value) for entry in record.attributes if entry.name == name)
            value = _latest(entries, as_of)
            if value is not None:
                facts[name] = value
