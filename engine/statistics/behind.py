"""Who stands behind a figure: those counted less those taken away, and of a maximum those who reach it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.language.tree import Scalar
from engine.single.closures import Program
from engine.statistics.counting import Member, Run, having_most
from engine.statistics.indicators import Indicator
from engine.statistics.references import Reference


def added(signed: Sequence[tuple[int, Reference]], who: Mapping[str, list[Member]], population: str) -> list[Member]:
    """The members of the figures of a sum, less those of the figures taken away.

    Two learners without a dossier bear the code of their class: only cases are told apart by code.
    """
    added = [member for sign, counted in signed if sign > 0 for member in who[counted.key]]
    if population != "cases":
        return added
    taken = {member.code for sign, counted in signed if sign < 0 for member in who[counted.key]}
    found: dict[str, Member] = {}
    for member in added:
        if member.code not in taken:
            found.setdefault(member.code, member)
    return list(found.values())


def reaching(
    indicator: Indicator, program: Program, members: list[Member], settings: Mapping[str, str], run: Run
) -> list[Member]:
    """Of the members of a maximum those who reach it, of any other figure all."""
    if indicator.measure != "max":
        return members
    given: dict[str, Scalar] = {"period_from": run.start, "period_to": run.end, "as_of": run.as_of}
    return having_most(indicator, program, members, {**settings, **given})
