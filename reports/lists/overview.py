"""The overview of a period as data: what the pictures show, counted from the same ledger and findings as the forms."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.language.tree import Scalar
from engine.statistics.ledger import Ledger
from reports.forms.occasion import Occasion
from rules.loader import vocabulary
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from engine.findings import Finding

LONGEST_BY_MONTH = 30
"""A longer period is drawn by quarters."""
MOST_UNITS = 20
"""So many units are drawn; the rest is joined."""
NOBODY = "Chưa rõ ai giữ"


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers of one kind along one axis."""

    name: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: bars over labels, side by side or stacked, with marks where something was aimed at."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    stacked: bool = False
    across: bool = False
    """Whether the bars lie: for labels that are names."""
    aims: tuple[int | None, ...] = ()
    note: str | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for series in self.series for value in series.values)


@dataclass(frozen=True, slots=True)
class Overview:
    """All pictures of a period, with the few numbers that stand above them."""

    title: str
    subtitle: str
    numbers: tuple[tuple[str, str], ...]
    pictures: tuple[Picture, ...]
    note: str


def overview(occasion: Occasion, findings: Sequence[Finding]) -> Overview:
    """What there is to see of a period; `findings` are those of the same unit and day."""
    from reports.forms.numbers import in_table
    from reports.forms.occasion import placed

    ledger, run = occasion.ledger, occasion.ledger.run
    heads = ("admission.total", "admission.target_ratio", "recognition.recognised", "recognition.ended_not_recognised")
    ledger.prepare(heads)
    numbers = []
    for name in (*heads, "recognition.past_cell_window", "member.total"):
        number = occasion.number(placed(name), occasion.unit, 2)
        numbers.append((ledger.indicators.known(name).label, in_table(number)))
    return Overview(
        title=f"TỔNG QUAN KẾT NẠP VÀ CÔNG NHẬN ĐẢNG VIÊN – {occasion.unit_name.upper()}",
        subtitle=f"Từ {shown_day(run.start)} đến {shown_day(run.end)}, tính đến ngày {shown_day(run.as_of)}",
        numbers=tuple(numbers),
        pictures=(
            _by_month(ledger, occasion.unit),
            _overdue(occasion, findings),
            _progress(occasion),
            _ages(ledger, occasion.unit),
            _occupations(ledger, occasion.unit),
        ),
        note="Quá hạn như danh sách quá hạn cùng ngày; số kết nạp, công nhận như các biểu mẫu của kỳ.",
    )


def _days(ledger: Ledger, name: str, fact: str, unit: str | None) -> list[dt.date]:
    """The days of the events behind a figure."""
    program, run = ledger.indicators.programs["cases"], ledger.run
    given: dict[str, Scalar] = {"period_from": run.start, "period_to": run.end, "as_of": run.as_of, **ledger.settings}
    found = (program.situation({**m.recorded, **given}).value(fact) for m in ledger.people(name, unit))
    return [day for day in found if isinstance(day, dt.date)]


def _by_month(ledger: Ledger, unit: str | None) -> Picture:
    run = ledger.run
    months = 12 * (run.end.year - run.start.year) + run.end.month - run.start.month + 1
    step = 1 if months <= LONGEST_BY_MONTH else 3

    def place(day: dt.date) -> tuple[int, int]:
        return day.year, (day.month - 1) // step

    stretches = list(
        dict.fromkeys(
            place(dt.date(run.start.year + m // 12, m % 12 + 1, 1)) for m in _month_numbers(run.start, months)
        )
    )
    series = []
    for label, name, fact in (
        ("Kết nạp", "admission.total", "admission_counted_on"),
        ("Công nhận chính thức", "recognition.recognised", "recognition_counted_on"),
    ):
        counted = Counter(place(day) for day in _days(ledger, name, fact, unit))
        series.append(Series(label, tuple(counted[stretch] for stretch in stretches)))
    words = "tháng" if step == 1 else "quý"
    labels = [f"{part + 1}/{year}" if step == 1 else f"Q{part + 1}/{year}" for year, part in stretches]
    return Picture(f"Kết nạp và công nhận chính thức theo {words}", tuple(labels), tuple(series))


def _month_numbers(start: dt.date, months: int) -> range:
    first = start.month - 1
    return range(first, first + months)


def _overdue(occasion: Occasion, findings: Sequence[Finding]) -> Picture:
    """Overdue findings by unit, each bar cut by who holds them up."""
    holders = vocabulary.load().codes["held_by"]
    overdue = [finding for finding in findings if finding.severity == "overdue"]
    per_unit = Counter(occasion.name_of(finding.unit) or "Chưa rõ đơn vị" for finding in overdue)
    shown = [name for name, _ in per_unit.most_common(MOST_UNITS)]
    labels = [*shown, *(["Các đơn vị khác"] if len(per_unit) > len(shown) else [])]
    series = []
    for code, label in (*holders.items(), (None, NOBODY)):
        counted: Counter[str] = Counter()
        for finding in overdue:
            if finding.held_by == code:
                name = occasion.name_of(finding.unit) or "Chưa rõ đơn vị"
                counted[name if name in shown else "Các đơn vị khác"] += 1
        if counted:
            series.append(Series(label, tuple(counted[name] for name in labels)))
    title = "Việc quá hạn theo đơn vị và theo nơi đang giữ"
    return Picture(title, tuple(labels), tuple(series), stacked=True, across=True)


def _progress(occasion: Occasion) -> Picture:
    """Admissions against the target, unit by unit."""
    ledger = occasion.ledger
    units = ledger.tree.below.get(occasion.top, []) or ([occasion.top] if occasion.top else [])
    rows = []
    for unit in units:
        admitted, target = (ledger.figure(name, unit).value for name in ("admission.total", "admission.target"))
        if admitted or target:
            rows.append((occasion.name_of(unit), int(admitted or 0), int(target or 0)))
    rows.sort(key=lambda row: Fraction(row[1], row[2]) if row[2] else Fraction(10**6), reverse=True)
    left_out = len(rows) - MOST_UNITS
    note = f"Không vẽ {left_out} đơn vị có tỷ lệ thấp hơn; xem biểu F5." if left_out > 0 else None
    rows = rows[:MOST_UNITS]
    return Picture(
        "Kết nạp so với chỉ tiêu được giao (vạch: chỉ tiêu)",
        tuple(name for name, _, _ in rows),
        (Series("Kết nạp", tuple(admitted for _, admitted, _ in rows)),),
        across=True,
        aims=tuple(target or None for _, _, target in rows),
        note=note,
    )


def _ages(ledger: Ledger, unit: str | None) -> Picture:
    ages, mean = "admission.age.", "admission.age.mean"
    names = [name for name in ledger.indicators.texts if name.startswith(ages) and not name.startswith(mean)]
    return _classes(ledger, unit, "Tuổi khi kết nạp", names, across=False)


def _occupations(ledger: Ledger, unit: str | None) -> Picture:
    names = [f"admission.occupation.{code}" for code in vocabulary.load().codes["occupation"]]
    return _classes(
        ledger, unit, "Nghề nghiệp của đảng viên mới", [*names, "admission.occupation.unknown"], across=True
    )


def _classes(ledger: Ledger, unit: str | None, title: str, names: list[str], *, across: bool) -> Picture:
    """The classes of a breakdown; those with nobody in them only where they lie between others."""
    ledger.prepare(names)
    found = [(ledger.indicators.known(name).label, int(ledger.figure(name, unit).value or 0)) for name in names]
    kept = [entry for entry in found if entry[1]] if across else _without_ends(found)
    if across:
        kept.sort(key=lambda entry: -entry[1])
    labels, values = tuple(label for label, _ in kept), tuple(value for _, value in kept)
    return Picture(title, labels, (Series("Đảng viên mới", values),), across=across)


def _without_ends(found: list[tuple[str, int]]) -> list[tuple[str, int]]:
    filled = [place for place, (_, value) in enumerate(found) if value]
    return found[filled[0] : filled[-1] + 1] if filled else []
