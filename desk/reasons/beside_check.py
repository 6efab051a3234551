"""People whom a figure of a period counts and `check` does not name under the rule of the same name: why not.

A figure of events keeps whoever has left since; a finding is about those who are here on the day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desk.rosters import evaluator
from rules.loader import vocabulary
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from cases.values.records import Record
    from desk.question import Question
    from engine.single.closures import Situation

_ENDS = {"left": "left_on", "moved_out": "moved_out_on"}


@dataclass(frozen=True, slots=True)
class Unnamed:
    """Somebody behind a figure whom `check` does not name, and why."""

    case: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class BesideCheck:
    """A figure beside the findings of the rule of its name: how many people each has."""

    people: int
    found: int
    unnamed: tuple[Unnamed, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        unnamed = [{"case": one.case, "name": one.name, "why": one.why} for one in self.unnamed]
        return {"people": self.people, "check": self.found, "not_in_check": unnamed}


def beside_check(
    who: Mapping[str, Iterable[str]], records: Iterable[Record], question: Question
) -> dict[str, BesideCheck]:
    """Of each figure, by the codes of the people behind it, where `check` names fewer of them.

    ``records`` holds those of all of these people, and may hold others.
    """
    people = {rule: list(dict.fromkeys(codes)) for rule, codes in who.items()}
    asked = defaultdict[str, list[str]](list)
    for rule, codes in people.items():
        for code in codes:
            asked[code].append(rule)
    decide, unnamed = evaluator(question.ruleset), defaultdict[str, dict[str, Unnamed]](dict)
    for record in records:
        if record.code not in asked:
            continue
        situation = decide.situation(record, question.as_of)
        for rule in asked[record.code]:
            if situation is None or decide.program.rules[rule](situation) is not True:
                name = str(record.fields.get("full_name", ""))
                unnamed[rule][record.code] = Unnamed(record.code, name, _why(situation, question))
    found = {}
    for rule, codes in people.items():
        if others := tuple(unnamed[rule][code] for code in codes if code in unnamed[rule]):
            found[rule] = BesideCheck(len(codes), len(codes) - len(others), others)
    return found


def _why(situation: Situation | None, question: Question) -> str:
    if situation is None:
        return f"chưa có hồ sơ tới ngày {shown_day(question.as_of)}"
    stage = str(situation.value("stage"))
    label = vocabulary.load().codes["stage"].get(stage, stage)
    day = situation.recorded.get(_ENDS.get(stage, ""))
    since = f" từ ngày {shown_day(day)}" if day is not None else ""  # type: ignore[arg-type]  # a step's value is a day
    return f"tính đến ngày {shown_day(question.as_of)}: {label.lower()}{since}"
