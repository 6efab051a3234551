"""What stands under a form about typed figures: what is missing and how to type it, who typed what, what disagrees."""

from __future__ import annotations

from collections.abc import Iterator

from engine.dependence import typed_behind
from engine.typed import TypedEntry
from reports.numbers import TYPED_MARK, plain, short_day
from reports.occasion import Occasion

FEW = 5
"""So many entries of one figure are told one by one."""


def typed_notes(occasion: Occasion) -> Iterator[str]:
    """The lines about typed figures."""
    if occasion.missing:
        yield from _missing(occasion)
    texts = occasion.ledger.book.texts
    for name in typed_behind(occasion.ledger.book, occasion.references()):
        entries = occasion.ledger.typed_behind(name, occasion.unit)
        if entries:
            told = [_told(entry) for entry in entries[:FEW]]
            more = [f"và {len(entries) - FEW} đơn vị khác"] if len(entries) > FEW else []
            yield f"({TYPED_MARK}) Số nhập tay – {texts[name].label}: {'; '.join([*told, *more])}."
        for one in occasion.ledger.contradictions(name, occasion.unit):
            below = ", ".join(f"{entry.unit} {plain(entry.value)}" for entry in one.below[:FEW])
            yield (
                f"Cần xem lại – {texts[name].label}: {one.own.unit} nhập {plain(one.own.value)}, các đơn vị bên dưới "
                f"cộng lại {plain(one.added)} ({below}); số của {one.own.unit} được dùng."
            )


def _missing(occasion: Occasion) -> Iterator[str]:
    texts = occasion.ledger.book.texts
    labels = ", ".join(f"{texts[name].label} ({name})" for name in occasion.missing)
    run = occasion.ledger.run
    unit = occasion.top or "MÃ-ĐƠN-VỊ"
    yield f"Chưa nhập số: {labels}."
    yield (
        f"Nhập từng số bằng lệnh: dubi figure set MÃ SỐ --unit {unit} "
        f"--from {short_day(run.start)} --to {short_day(run.end)}"
    )


def _told(entry: TypedEntry) -> str:
    day = f", {short_day(entry.entered_on)}" if entry.entered_on else ""
    of = f"{entry.unit}: " if entry.unit else ""
    return f"{of}{plain(entry.value)}, {entry.source} ({entry.author}{day})"
