"""One matter is one line: of several findings of a case about one thing, a screen tells the gravest.

Which findings are about one matter is said by their rules (`matter:`). Programs get every finding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from rules.loader.rules import SEVERITIES

if TYPE_CHECKING:
    from engine.comparison import Difference
    from engine.findings import Finding
    from engine.ruleset import Rule

Told = TypeVar("Told")
_LAST = len(SEVERITIES)


def _of_finding(found: Finding) -> tuple[str, str, str]:
    return found.case, found.rule, found.severity


def grave(severity: str) -> int:
    """The place of a severity, the gravest first; what is only coming up stands after all of them."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else _LAST


def one_a_matter(findings: Sequence[Finding], rules: Mapping[str, Rule]) -> list[Finding]:
    """The findings as a screen lists them, in their order: of several about one matter the gravest, then the first."""
    return first_of_each(findings, rules, _of_finding)


def first_of_each(
    told: Sequence[Told], rules: Mapping[str, Rule], of: Callable[[Told], tuple[str, str, str]]
) -> list[Told]:
    """The same of anything that has a case, a rule and a severity; what no rule tells is a matter of its own."""
    gravest: dict[tuple[str, str], int] = {}
    for place in sorted(range(len(told)), key=lambda place: grave(of(told[place])[2])):
        case, rule, _ = of(told[place])
        matter = rules[rule].text.matter if rule in rules else None
        gravest.setdefault((case, matter or rule), place)
    return [told[place] for place in sorted(gravest.values())]


def listed(difference: Difference, rules: Mapping[str, Rule]) -> Difference:
    """A difference as a screen lists it: in what goes, comes, changes and stays one line a matter."""
    return replace(
        difference,
        gone=tuple(one_a_matter(difference.gone, rules)),
        come=tuple(one_a_matter(difference.come, rules)),
        changed=tuple(first_of_each(difference.changed, rules, lambda pair: _of_finding(pair[1]))),
        same=tuple(one_a_matter(difference.same, rules)),
    )
