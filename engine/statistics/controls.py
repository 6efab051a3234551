"""Control sums: whether the figures of a report agree with each other, and by how much they do not."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from engine.statistics.counting import Unit
from engine.statistics.ledger import Ledger
from engine.statistics.periods import years
from engine.statistics.references import ANY, UNKNOWN, Reference, Term, terms
from rules.loader import populations as populations_loader
from rules.loader.controls import ControlText

_HOLDS: dict[str, Callable[[int | Fraction, int | Fraction], bool]] = {
    "=": operator.eq,
    "<=": operator.le,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class FailedControl:
    """Two sides that do not stand to each other as they must."""

    text: ControlText
    left: int | Fraction
    right: int | Fraction
    terms: tuple[tuple[Term, ...], tuple[Term, ...]] = ((), ())
    """What the two sides are made of."""

    @property
    def difference(self) -> int | Fraction:
        """Left less right."""
        return self.left - self.right


def failed(ledger: Ledger, controls: Mapping[str, ControlText], unit: Unit = None) -> list[FailedControl]:
    """The controls that fail for a unit; one with a figure that is not known is left out."""
    chosen = [
        control
        for control in controls.values()
        if all(ledger.settings[name] == choice for name, choice in control.settings.items())
        and not (control.whole and (unit or ledger.within))
    ]
    sides = {text: list(_expanded(terms(text), ledger)) for c in chosen for text in (c.left, c.right)}
    ledger.prepare(term.reference for side in sides.values() for term in side if not _by_unit(term.reference))
    found = []
    for control in chosen:
        left, right = (_value(sides[text], ledger, unit) for text in (control.left, control.right))
        if left is not None and right is not None and not _HOLDS[control.relation](left, right):
            found.append(FailedControl(control, left, right, (tuple(sides[control.left]), tuple(sides[control.right]))))
    return found


def involved(ledger: Ledger, failure: FailedControl, unit: Unit = None) -> list[str]:
    """The codes of the records that make the difference: those that weigh more on one side than on the other.

    The rows of one person weigh together. None where a side counts no people.
    """
    weight: Counter[str] = Counter()
    codes: dict[str, set[str]] = {}
    for side, terms_of in zip((1, -1), failure.terms, strict=True):
        for term in terms_of:
            if _by_unit(term.reference):
                return []
            for sign, member in ledger.weighed([term], unit):
                code = member.code.partition("#")[0]
                person = str(member.recorded.get("person_code", code))
                weight[person] += side * sign
                codes.setdefault(person, set()).add(code)
    return sorted(code for person, balance in weight.items() if balance for code in codes[person])


def _expanded(side: Iterable[Term], ledger: Ledger) -> Iterator[Term]:
    """The terms of a side, a ``*`` of a dimension spelt out; that of the units is left to `_value`."""
    for term in side:
        star = next((name for name, values in term.reference.restrictions if values == (ANY,) and name != "unit"), None)
        if star is None:
            yield term
            continue
        for value in _values(star, ledger):
            restrictions = tuple(
                (name, (value,)) if name == star else (name, values) for name, values in term.reference.restrictions
            )
            yield replace(term, reference=replace(term.reference, restrictions=restrictions))


def _values(dimension: str, ledger: Ledger) -> list[str]:
    if dimension == "year":
        return [str(year) for year in years(ledger.run)]
    codes = populations_loader.dimensions()[dimension].codes
    assert codes is not None
    return [*populations_loader.load()["cases"].vocabulary.codes[codes], UNKNOWN]


def _by_unit(reference: Reference) -> bool:
    return any(name == "unit" for name, _ in reference.restrictions)


def _value(side: Iterable[Term], ledger: Ledger, unit: Unit) -> int | Fraction | None:
    total: int | Fraction = 0
    for term in side:
        if _by_unit(term.reference):
            if unit is not None:
                return None
            bare = Reference(term.reference.name, shift=term.reference.shift)
            total += term.sign * ledger.sum_of_parts(bare)
            continue
        value = ledger.figure(term.reference, unit).value
        if value is None:
            if not term.optional:
                return None
            continue
        total += term.sign * value
    return total
