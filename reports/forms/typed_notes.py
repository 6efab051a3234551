"""What stands under a form about typed figures: what is missing and how to type it, who typed what, what disagrees."""

from __future__ import annotations

from collections.abc import Iterator

from engine.statistics.behind_a_figure import typed_behind
from engine.statistics.typed import TypedEntry
from reports.forms.numbers import TYPED_MARK, plain
from reports.forms.occasion import Occasion
from rules.loader.spelling.days import shown_day

FEW = 5
"""So many entries of one figure are told one by one, and so many missing figures with their names."""


def typed_notes(occasion: Occasion) -> Iterator[str]:
    """Who typed what, from which source."""
    ledger, texts = occasion.ledger, occasion.ledger.indicators.texts
    told: dict[str, list[str]] = {}
    for name in typed_behind(ledger.indicators, occasion.references()):
        entries = ledger.typed_behind(name, occasion.unit)
        for entry in entries[:FEW]:
            of = f" ({entry.unit})" if entry.unit not in (None, occasion.top) else ""
            told.setdefault(_from(entry), []).append(f"{texts[name].label}: {plain(entry.value)}{of}")
        if len(entries) > FEW:
            told[_from(entries[0])].append(f"và {len(entries) - FEW} đơn vị khác")
    for source, figures in told.items():
        yield f"({TYPED_MARK}) Số nhập tay, {source} – {'; '.join(figures)}."


def doubt_notes(occasion: Occasion) -> Iterator[str]:
    """Units that have typed nothing where others have, and units that contradict those below them."""
    ledger = occasion.ledger
    for name in typed_behind(ledger.indicators, occasion.references()):
        yield from _doubts(occasion, name, ledger.indicators.texts[name].label)


def _doubts(occasion: Occasion, name: str, label: str) -> Iterator[str]:
    start = occasion.ledger.run.start
    silent = [code for code in occasion.ledger.not_typed(name, occasion.unit) if occasion.open_on(code, start)]
    if silent:
        more = f" và {len(silent) - FEW} đơn vị khác" if len(silent) > FEW else ""
        yield f"Cần xem lại – {label}: mới cộng các đơn vị đã nhập; chưa nhập: {', '.join(silent[:FEW])}{more}."
    for one in occasion.ledger.contradictions(name, occasion.unit):
        below = ", ".join(f"{entry.unit} {plain(entry.value)}" for entry in one.below[:FEW])
        yield (
            f"Cần xem lại – {label}: {one.own.unit} nhập {plain(one.own.value)}, các đơn vị bên dưới "
            f"cộng lại {plain(one.added)} ({below}); số của {one.own.unit} được dùng."
        )


def target_notes(occasion: Occasion) -> Iterator[str]:
    """Where a unit's own target is not what those of the units below it add up to; its own is the one that counts."""
    ledger = occasion.ledger
    if not any(reference.name.startswith("admission.target") for reference in occasion.references()):
        return
    for unit, below in ledger.tree.below.items():
        if unit is None or not ledger.tree.holds(occasion.unit, unit):
            continue
        own = ledger.figure("admission.target", unit).value
        added = sum((ledger.figure("admission.target", part).value or 0 for part in below), start=0)
        if own is not None and added and own != added:
            yield (
                f"Cần xem lại – chỉ tiêu kết nạp: {occasion.name_of(unit)} được giao {plain(own)}, "
                f"các đơn vị trực thuộc cộng lại {plain(added)}; lấy số {plain(own)}."
            )


def missing_notes(occasion: Occasion) -> Iterator[str]:
    """What nobody has typed in for the period, and what only for another time that a column asks for."""
    if not occasion.missing:
        return
    texts, run = occasion.ledger.indicators.texts, occasion.ledger.run
    now = [name for name in occasion.missing if not occasion.ledger.typed_behind(name, occasion.unit)]
    partly = {name for name in occasion.missing if occasion.ledger.not_typed(name, occasion.unit)}
    other = [texts[name].label for name in occasion.missing if name not in now and name not in partly]
    if now:
        unit, many = occasion.top or "MÃ-ĐƠN-VỊ", len(now) > FEW
        labels = [texts[name].label + ("" if many else f" ({name})") for name in now]
        period = f"--from {shown_day(run.start)} --to {shown_day(run.end)}"
        yield f"Chưa nhập {len(labels)} số: {'; '.join(labels)}."
        known = f"; mã của từng số: dubi figure list --unit {unit} {period}" if many else ""
        yield f"Nhập từng số bằng lệnh: dubi figure set MÃ SỐ --unit {unit} {period}{known}"
    if other:
        yield f"Đã nhập cho kỳ này, chưa nhập cho kỳ khác có trong biểu: {'; '.join(other)}."


def _from(entry: TypedEntry) -> str:
    day = f", {shown_day(entry.entered_on)}" if entry.entered_on else ""
    return f"{entry.source} ({entry.author}{day})"
