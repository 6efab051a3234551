"""The figures of a period, and the people behind one of them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases.history.receipts import Asked, Figures
from cases.values.masking import EVERYBODY, may_show
from desk.words.labels import named, slug
from engine.statistics.behind_a_figure import sensitive_behind, settings_behind
from engine.statistics.counting import Run
from engine.statistics.references import reference
from engine.statistics.results import Result, result
from rules.loader import indicators as indicators_loader
from rules.loader import settings as settings_loader
from rules.loader.errors import BadInput, UnknownName
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from cases.values.records import Unit
    from desk.counting.opening import Counted
    from desk.question import Question
    from desk.reasons.beside_check import BesideCheck
    from engine.ruleset import RuleSet
    from engine.statistics.figure import Figure
    from engine.statistics.typed import TypedEntry

GROUPS = {
    "admission": "Kết nạp đảng viên",
    "candidate": "Quần chúng ưu tú",
    "course": "Lớp bồi dưỡng",
    "recognition": "Công nhận chính thức",
    "exit": "Ra khỏi Đảng",
    "discipline": "Kỷ luật",
    "transfer": "Chuyển sinh hoạt",
    "member": "Đảng viên cuối kỳ",
    "flow": "Tăng, giảm đảng viên",
    "unit": "Tổ chức đảng",
    "rating": "Đánh giá, xếp loại",
    "role": "Cấp ủy",
    "badge": "Huy hiệu Đảng",
    "card": "Thẻ đảng viên",
    "manual": "Số liệu nhập tay khác",
}
"""What the groups of indicators are called, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of a period for a unit with all below it, and for each unit in it."""

    question: Question
    start: dt.date
    end: dt.date
    settings: Mapping[str, str]
    """The readings that were chosen."""
    result: Result
    units: Sequence[Unit]
    beside: Mapping[str, BesideCheck] = field(default_factory=dict)
    """The figures that count people whom `check` does not name under the rule of the same name."""
    withheld: frozenset[str] = frozenset()
    """The figures whose people are not named, for that would tell something sensitive of each that nobody asked for."""

    def shown(self, groups: Collection[str] = ()) -> set[str]:
        """The indicators of some groups, or single ones, or all; raises `UnknownName` for a group there is not."""
        values, groups = self.result.values, [_group(group) for group in groups]
        for group in groups:
            if not any(name == group or name.startswith(f"{group}.") for name in values):
                raise UnknownName(f"Không có nhóm chỉ tiêu “{group}”. Các nhóm: {', '.join(GROUPS)}.")
        if not groups:
            return set(values)
        return {name for name in values if any(name == one or name.startswith(f"{one}.") for one in groups)}

    def as_json(self, groups: Collection[str] = ()) -> dict[str, Any]:
        """The form that programs rely on; the figures of each unit without the zeroes."""
        found, shown = self.result, self.shown(groups)
        values: dict[str, Any] = {
            "from": found.start,
            "to": found.end,
            "as_of": found.as_of,
            "unit": found.unit,
            "settings": dict(found.ledger.settings),
            "values": {name: _figure_json(figure) for name, figure in found.values.items() if name in shown},
            "units": {
                code: {name: _figure_json(one) for name, one in figures.items() if one.value and name in shown}
                for code, figures in found.by_unit.items()
            },
        }
        if found.who:
            values["who"] = {
                name: [
                    *({"case": member.code, "name": member.name, "unit": member.unit} for member in members),
                    *map(_entry_json, found.ledger.typed_behind(name, found.unit)),
                ]
                for name, members in found.who.items()
            }
        if self.withheld:
            values["withheld"] = sorted(self.withheld)
        beside = {name: one.as_json() for name, one in self.beside.items() if name in shown}
        return {**values, **({"beside_check": beside} if beside else {}), "known_on": self.question.known_on}

    def readings(self, shown: Collection[str]) -> list[tuple[str, str, str]]:
        """The readings that figures depend on: name, choice, and what that choice means."""
        settings, chosen = settings_loader.load(), self.result.ledger.settings
        depends = settings_behind(self.result.ledger, map(reference, sorted(shown)))
        return [(name, chosen[name], settings[name].words(chosen[name])) for name in depends]

    def typed_behind(self, name: str) -> Sequence[TypedEntry]:
        """What somebody typed in, behind a figure."""
        return self.result.ledger.typed_behind(name, self.result.unit)

    def value(self, name: str) -> int | float | Fraction | None:
        """A figure, perhaps within restrictions: admission.total[sector=commune]."""
        return self.result.ledger.figure(name, self.result.unit).rounded()

    def is_typed(self, name: str) -> bool:
        """Whether a figure is one that people type in."""
        return self.result.ledger.indicators.known(reference(name).name).typed is not None

    def label(self, name: str) -> str:
        """What a figure is called, with its restrictions where it has any."""
        named = reference(name)
        label = self.result.ledger.indicators.known(named.name).label
        return label if str(named) == named.name else f"{label} ({name})"

    def asked(self) -> Asked:
        """What was asked, as a receipt keeps it."""
        asked = self.question
        pairs = tuple(f"{name}={choice}" for name, choice in sorted(self.settings.items()))
        return Asked("stats", asked.as_of, asked.known_on, self.start, self.end, asked.unit, settings=pairs)

    def figures(self) -> Figures:
        """The figures by name, ratios with what they were made from."""
        return figures_of_stats(self.result)

    def files(self) -> tuple[Path, ...]:
        """Figures rest on nothing besides the law."""
        return ()


def _group(text: str) -> str:
    """A group of indicators or a single one, by its name or by its Vietnamese words; the text where it is none."""
    group = named(text, GROUPS)
    return group if group in GROUPS else known_indicator(text)


def names_withheld(found: Statistics) -> Statistics:
    """The same without the people behind figures of which only counts are given, unless somebody asks for them."""
    ledger, who, withheld = found.result.ledger, dict(found.result.who), set[str]()
    for name, members in who.items():
        told = sensitive_behind(ledger, reference(name))
        if not all(may_show(member.code or EVERYBODY, told) for member in members):
            who[name] = []
            withheld.add(name)
    return replace(found, result=replace(found.result, who=who), withheld=frozenset(withheld))


def known_indicator(text: str) -> str:
    """An indicator by its name or by its Vietnamese words, with its restrictions; the text where it is none."""
    name, bracket, rest = text.partition("[")
    whole = {word: known for known, word in words_of_indicators().items()}
    return f"{whole.get(name) or named(name, indicator_labels())}{bracket}{rest}"


@cache
def words_of_indicators() -> dict[str, str]:
    """How each indicator can be typed in Vietnamese: by its label, and by what tells it apart where two have one."""
    words = {name: slug(label) for name, label in indicator_labels().items()}
    for told_apart in (_ratios_named, _groups_named):
        borne = Counter(words.values())
        words = {name: word if borne[word] == 1 else told_apart(name, word) for name, word in words.items()}
    return words


def _ratios_named(name: str, word: str) -> str:
    return f"ty-le-{word}" if name.endswith("ratio") else word


def _groups_named(name: str, word: str) -> str:
    return f"{word}-{slug(GROUPS[name.partition('.')[0]])}"


def _figure_json(figure: Figure) -> dict[str, Any]:
    if figure.denominator is None:
        return {"value": figure.rounded()}
    return {"value": figure.rounded(), "numerator": plain(figure.numerator), "denominator": plain(figure.denominator)}


def plain(value: int | Fraction | None) -> float | None:
    """A number as programs read it."""
    return value if value is None or isinstance(value, int) else float(value)


def _entry_json(entry: TypedEntry) -> dict[str, Any]:
    return {
        "indicator": entry.name,
        "unit": entry.unit,
        "value": entry.value if isinstance(entry.value, int) else float(entry.value),
        "author": entry.author,
        "entered_on": entry.entered_on,
        "source": entry.source,
    }


def figures_of_stats(found: Result) -> Figures:
    """The figures of a period by name, ratios with what they were made from."""
    figures: Figures = {}
    for name, figure in found.values.items():
        value = figure.rounded()
        made_of = f" ({figure.numerator}/{figure.denominator})" if figure.denominator is not None else ""
        figures[name] = f"{value}{made_of}" if made_of else value
    return figures


def named_as_rules(ruleset: RuleSet) -> list[str]:
    """The indicators of events that bear the name of a rule of `check`."""
    return sorted(indicators_loader.load().keys() & ruleset.rules.keys())


def chosen_settings(pairs: Sequence[str]) -> dict[str, str]:
    """The readings chosen as `name=choice`; raises `BadInput`, or `UnknownName` for what cannot be chosen."""
    chosen: dict[str, str] = {}
    for pair in pairs:
        name, equals, choice = pair.partition("=")
        if not equals:
            raise BadInput(f"--setting “{pair}”: ghi theo dạng TÊN=CÁCH, ví dụ admission_date=decision.")
        chosen[name.strip()] = choice.strip()
    settings_loader.chosen(chosen)
    return chosen


def require_period(start: dt.date, end: dt.date) -> None:
    """Refuse a period that ends before it begins; raises `BadInput`."""
    if end < start:
        raise BadInput(f"Ngày cuối kỳ {shown_day(end)} đứng trước ngày đầu kỳ {shown_day(start)}. Đổi lại hai ngày.")


def statistics(
    counted: Counted,
    question: Question,
    start: dt.date,
    end: dt.date,
    settings: Mapping[str, str],
    who: Sequence[str],
) -> Statistics:
    """Count the indicators of a period; ``who`` names those whose people are wanted. Raises `UnknownName`."""
    ledger = counted.ledger(Run(start, end, question.as_of), question.unit, settings)
    return Statistics(question, start, end, settings, result(ledger, question.unit, tuple(who)), counted.roster.units)


def indicator_labels() -> dict[str, str]:
    """What every indicator counts, in words."""
    return {name: text.label for name, text in indicators_loader.load().items()}
