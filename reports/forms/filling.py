"""Filling a form: its figures from the ledger, and under it all that a reader must know of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from engine.statistics import controls
from engine.statistics.behind_a_figure import settings_behind
from engine.statistics.references import Term, terms
from reports.forms import form_loader
from reports.forms.form_loader import Form, with_digits
from reports.forms.form_parts import ByUnit, ListPart, RowTable, SlotPart, SlotText
from reports.forms.model import Block, Report, Slot, Slots
from reports.forms.numbers import fixed, grouped
from reports.forms.occasion import Occasion, placed
from reports.forms.sentences import filled, filled_with_figures
from reports.forms.signing import signatures
from reports.forms.typed_notes import doubt_notes, missing_notes, target_notes, typed_notes
from reports.lists.people_lists import ListFiller, people_behind
from reports.papers.placeholders import placeholders
from reports.render.tables import cut_notes, fill_by_unit, fill_rows, wanted_by_unit, wanted_of_rows
from rules.loader import controls as controls_loader
from rules.loader import settings as settings_loader
from rules.loader.spelling.days import shown_day

MOST_INVOLVED = 20
"""More records than these name nobody whom one could look at."""
LEVELS = {"error": "Số liệu không khớp", "warning": "Cần xem lại"}


def fill(form: Form, occasion: Occasion) -> Report:
    """Fill a form for an occasion."""
    digits = occasion.ledger.settings["digits"]
    form = form if digits == "form" else with_digits(form, int(digits))
    occasion.ledger.prepare(term.reference for term in wanted(form, occasion))
    footnotes = list[str]()
    blocks = [block for part in form.parts for block in _blocks(form, part, occasion, footnotes)]
    own = _notes(form, occasion)
    body = [f"({number}) {text}" for number, text in enumerate(footnotes, start=1)]
    body += [filled(note, occasion, form.digits) for note in form.notes]
    if form.warning:
        body.insert(0, form.warning)
    notes = [*body, *(text for text, _ in own)]
    people = people_behind(occasion, list(occasion.sums.items())) if occasion.people else []
    run = occasion.ledger.run
    return Report(
        form=form.name,
        label=form.label,
        title=_lines(form.title, occasion, form.digits),
        subtitle=_lines(form.subtitle, occasion, form.digits),
        left=_heading(form, occasion),
        right=_lines(form.right, occasion, form.digits),
        corner=form.corner,
        place_line=_place_line(occasion) if form.place else None,
        blocks=tuple(blocks),
        notes=tuple(notes),
        signatures=signatures(form.signatures, occasion.profile),
        landscape=form.landscape,
        people=tuple(people),
        facts={
            "from": run.start.isoformat(),
            "to": run.end.isoformat(),
            "as_of": run.as_of.isoformat(),
            "unit": occasion.unit or "",
            **{
                name: occasion.ledger.settings[name] for name in settings_behind(occasion.ledger, occasion.references())
            },
        },
        for_ourselves=frozenset(text for text, ours in own if ours),
    )


def _heading(form: Form, occasion: Occasion) -> tuple[str, ...]:
    """What the unit has set for its papers; else its name under that of the unit above, as the form has it."""
    if occasion.profile is not None and occasion.profile.letterhead:
        return tuple(occasion.profile.letterhead.split("\n"))
    return tuple(line for line in _lines(form.left, occasion, form.digits) if line)


def _lines(texts: tuple[str, ...], occasion: Occasion, digits: int) -> tuple[str, ...]:
    return tuple(_kept_apart(filled(text, occasion, digits)) for text in texts)


def _kept_apart(text: str) -> str:
    """Room left for a hand stays room in every format."""
    return text.replace("  ", "\u00a0\u00a0")


def _place_line(occasion: Occasion) -> str:
    """The place; day and month are left to the hand that signs."""
    set_place = occasion.profile.place if occasion.profile else None
    return _kept_apart(
        f"{occasion.place or set_place or '.....'}, ngày       tháng       năm {occasion.ledger.run.as_of.year}"
    )


def _blocks(form: Form, part: object, occasion: Occasion, footnotes: list[str]) -> Iterator[Block]:
    match part:
        case RowTable():
            yield fill_rows(part, occasion, form.digits, footnotes)
        case ByUnit():
            table = fill_by_unit(part, occasion, form.digits)
            footnotes.extend(cut_notes(part, table))
            yield table
        case SlotPart():
            yield Slots(tuple(_slot(slot, occasion, form.digits) for slot in part.slots))
        case ListPart():
            filler = ListFiller(part, occasion, str(form.file))
            yield filler.fill()
            if filler.withheld:
                footnotes.append(
                    f"Để trống cột {', '.join(filler.withheld)}: "
                    "thông tin nhạy cảm chỉ in cùng tên người khi được yêu cầu."
                )


def _sentence(slot: SlotText, occasion: Occasion) -> str:
    return slot.options[occasion.ledger.settings[slot.setting]] if slot.setting else slot.sentence


def _slot(slot: SlotText, occasion: Occasion, digits: int) -> Slot:
    sentence, figures = filled_with_figures(_sentence(slot, occasion), occasion, digits)
    return Slot(slot.code, slot.asked, sentence, tuple(figures), slot.section)


def wanted(form: Form, occasion: Occasion) -> Iterator[Term]:
    """Every figure that a form will ask for, so that all can be counted at once."""
    texts = [*form.notes]
    for part in form.parts:
        match part:
            case RowTable():
                yield from wanted_of_rows(part, occasion)
                texts += [text for row in part.rows for text in (row.footnote, row.note) if text]
            case ByUnit():
                yield from wanted_by_unit(part)
            case SlotPart():
                texts += [_sentence(slot, occasion) for slot in part.slots]
            case ListPart():
                yield from (term for group in part.groups for term in placed(group.of))
    for text in texts:
        for placeholder in placeholders(text):
            if placeholder.kind != "values":
                yield from (*placeholder.above, *placeholder.below)
    for name in form.unknown:
        yield from terms(name)


def _notes(form: Form, occasion: Occasion) -> list[tuple[str, bool]]:
    """What is said of every form, and whether it is for those who make it and not for those who get it."""
    ours = [*missing_notes(occasion), *doubt_notes(occasion), *target_notes(occasion), *_failed_controls(occasion)]
    under = [*typed_notes(occasion), *_unknowns(form, occasion)]
    settings = settings_loader.load()
    depends = settings_behind(occasion.ledger, occasion.references())
    depends += ["digits"] if occasion.ledger.settings["digits"] != settings["digits"].default else []
    readings = [settings[name].words(occasion.ledger.settings[name]) for name in depends]
    if readings:
        ours.append(f"Cách tính đang dùng – {'; '.join(readings)}.")
    return [*((text, True) for text in ours), *((text, False) for text in under), (_of_what(occasion), False)]


def _unknowns(form: Form, occasion: Occasion) -> Iterator[str]:
    """What the marks mean, and whom the form could not place."""
    if occasion.without_base:
        yield "Dấu “–”: không có mẫu số hoặc chưa biết."
    for label in occasion.not_within:
        yield f"{label}: trên 100% vì tử số và mẫu số không cùng tập hợp."
    for name in form.unknown:
        value = occasion.figure(placed(name), occasion.unit).value
        if value:
            (term, *_) = terms(name)
            yield f"{_unknown_label(occasion, term)}: {grouped(int(value))}."


def _of_what(occasion: Occasion) -> str:
    """Period, day and unit, and how many people lack a fact: one number, the same under every form of the period."""
    run = occasion.ledger.run
    made_on = shown_day(occasion.made_on) if occasion.made_on else "……"
    ledger, named = occasion.ledger, [term.reference for term in _anything_unknown()]
    ledger.prepare(named)
    some = (reference for reference in named if ledger.figure(reference, occasion.unit).value)
    lacking = {member.code for reference in some for member in ledger.people(reference, occasion.unit)}
    return (
        f"Kỳ báo cáo {shown_day(run.start)} – {shown_day(run.end)}, tính đến ngày {shown_day(run.as_of)}; "
        f"đơn vị: {occasion.unit_name}; số người còn thiếu dữ kiện, tính chung mọi biểu: {grouped(len(lacking))}; "
        f"ngày tính: {made_on}."
    )


@cache
def _anything_unknown() -> tuple[Term, ...]:
    """The figures of people about whom some form lacks a fact."""
    named = dict.fromkeys(name for form in form_loader.load().values() for name in form.unknown)
    found = (term for name in named for term in terms(name))
    return tuple(term for term in found if "unknown" in term.reference.name or term.reference.restrictions)


def _unknown_label(occasion: Occasion, term: Term) -> str:
    label = occasion.ledger.indicators.known(term.reference.name).label
    return f"{label}, chưa rõ khối" if term.reference.restrictions == (("sector", ("?",)),) else label


def _failed_controls(occasion: Occasion) -> Iterator[str]:
    """The control sums that fail among those that a figure of the form has a part in."""
    names = {reference.name for reference in occasion.references()}
    chosen = {
        name: control
        for name, control in controls_loader.load().items()
        if names & {term.reference.name for side in (control.left, control.right) for term in terms(side)}
    }
    for failure in controls.failed(occasion.ledger, chosen, occasion.unit):
        left, right, difference = (_plain(value) for value in (failure.left, failure.right, failure.difference))
        text = failure.text
        sides = f"{left} {text.relation} {right}"
        codes = controls.involved(occasion.ledger, failure, occasion.unit)
        who = f" Liên quan: {', '.join(codes)}." if 0 < len(codes) <= MOST_INVOLVED else ""
        yield f"{LEVELS[text.level]} ({text.name}) – {text.say}: {sides}? Chênh lệch {difference}.{who}"


def _plain(value: object) -> str:
    from fractions import Fraction

    return grouped(value) if isinstance(value, int) else fixed(Fraction(str(value)), 2)
