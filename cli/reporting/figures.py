"""`dubi figure`: figures that no record gives, typed in for a unit and a period, and those still to be typed in."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.screen import arguments
from cli.screen.arguments import day
from cli.screen.effects import Preview
from cli.screen.opening import desk_for
from cli.screen.output import note, on_screen, print_json, say, strong
from cli.screen.vietnamese import command, group
from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from cases.changes.figures import FigureDraft
    from cases.store.reading import Execute
    from cases.values.records import Roster
    from desk.counting.typed_figures import Listed
    from engine.statistics.typed import Contradiction

Period = tuple[dt.date, dt.date]
Missing = dict[str, list[str]]
"""The forms that ask for each figure that nobody has typed in."""

app = typer.Typer()
figures = typer.Typer(
    name="figure",
    cls=group("so-nhap-tay"),
    help="Số liệu mà sổ không tính ra được: nhập cho một đơn vị và một kỳ, xem đã nhập gì, biểu nào còn thiếu gì.",
    no_args_is_help=True,
)
app.add_typer(figures)

Start = Annotated[
    dt.date | None, typer.Option("--from", metavar="NGÀY", parser=day, help="Ngày đầu kỳ, tính cả ngày đó.")
]
End = Annotated[dt.date | None, typer.Option("--to", metavar="NGÀY", parser=day, help="Ngày cuối kỳ, tính cả ngày đó.")]


@figures.command("set", cls=command("nhap"), help="Nhập một số cho một đơn vị và một kỳ; nhập lại thì thay số cũ.")
def set_figure(
    name: Annotated[str, typer.Argument(metavar="MÃ", help="Mã chỉ tiêu, ví dụ manual.documents.")],
    value: Annotated[str, typer.Argument(metavar="SỐ", help="Con số, ví dụ 12 hoặc 3,5.")],
    unit: Annotated[str, typer.Option("--unit", metavar="MÃ", help="Số của đơn vị nào, gồm cả các đơn vị trực thuộc.")],
    start: Start = None,
    end: End = None,
    on: Annotated[
        dt.date | None,
        typer.Option(
            "--on", metavar="NGÀY", parser=day, help="Ngày của số tính đến một ngày, thay cho --from và --to."
        ),
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="CHỮ", help="Lấy từ đâu, ví dụ “Sổ văn bản đi”.")
    ] = None,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Type a figure in."""
    from cases.changes import figures as recording
    from cases.store.connection import querying, store_url

    if on is not None and (start is not None or end is not None):
        raise typer.BadParameter("Ghi --on, hoặc --from và --to, không ghi cả hai.")
    new = recording.figure(name, unit, on or (start, end), value, source)

    def made(execute: Execute) -> FigureDraft:
        return recording.typed(execute, new)

    url = store_url(store)
    with querying(url) as execute:
        draft = made(execute)
    batch = None
    if not preview and draft.plan.alters:
        batch = recording.save_figure(url, made)
    desk = desk_for(None, store)
    roster = desk.roster(desk.ask())
    conflicts = [one for one in _contradictions(roster, (new.begins_on, new.ends_on)) if one.own.name == new.indicator]
    if as_json:
        before = None if draft.before is None else _number(draft.before.value)
        done = {"before": before, "batch": batch, "contradictions": _conflicts_json(conflicts)}
        print_json({**_figure_json(draft), **done})
    else:
        _print_draft(draft)
    for one in conflicts:
        note(f"Cần xem lại: {_conflict(one)}")
    if batch is not None:
        note(f"Đã ghi (lần ghi {batch}). Muốn hoàn tác: dubi undo")
    elif draft.plan.alters:
        note("Đây là xem trước: chưa ghi gì vào kho.")
    else:
        note("Sổ đã đúng như vậy; không phải ghi gì.")


@figures.command(
    "list",
    cls=command("danh-sach"),
    help="Các số đã nhập; có --from và --to thì cả các số mà biểu mẫu cần và chưa ai nhập.",
)
def list_figures(
    file: arguments.FileOption = None,
    unit: arguments.Unit = None,
    start: Start = None,
    end: End = None,
    known_on: arguments.KnownOn = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """List the typed figures, and what forms still ask for."""
    from desk.counting import typed_figures as desk_figures

    period = _period(start, end)
    desk = desk_for(file, store)
    roster = desk.roster(desk.ask(known_on=known_on))
    found = desk_figures.listed(roster, unit, period)
    missing = _missing(roster, period, unit) if period else None
    conflicts = _contradictions(roster, period, unit) if period else []
    if as_json:
        print_json(
            {
                "from": period[0] if period else None,
                "to": period[1] if period else None,
                "unit": unit,
                "figures": [_listed_json(one) for one in found],
                "missing": None if missing is None else [_missing_json(*one) for one in missing.items()],
                "contradictions": _conflicts_json(conflicts),
            }
        )
        return
    _print_listed(found)
    for one in conflicts:
        say(f"Cần xem lại: {_conflict(one)}")
    if period is None or missing is None:
        say("\nThêm --from và --to để xem biểu mẫu nào còn thiếu số nào.")
    else:
        _print_missing(missing, period, unit or _top(roster))


def _period(start: dt.date | None, end: dt.date | None) -> Period | None:
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise typer.BadParameter("Ghi cả --from và --to, hoặc bỏ cả hai.")
    if end < start:
        raise BadInput(f"Ngày cuối kỳ {on_screen(end)} đứng trước ngày đầu kỳ {on_screen(start)}. Đổi lại hai ngày.")
    return start, end


def _missing(roster: Roster, period: Period, unit: str | None) -> Missing:
    """The figures that forms ask for and nobody has typed in for the unit and the period."""
    from desk.counting import typed_figures as desk_figures
    from reports.forms import formbook
    from reports.forms.asking import missing_figures
    from reports.forms.occasion import Occasion

    found: Missing = {}
    for form in formbook.load().values():
        ledger = desk_figures.ledger_for(roster, period, unit, form.indicators)
        for name in missing_figures(form, Occasion(ledger, roster.units, unit, people=False)):
            found.setdefault(name, []).append(form.name)
    return found


def _contradictions(roster: Roster, period: Period, unit: str | None = None) -> list[Contradiction]:
    from desk.counting import typed_figures as desk_figures

    return desk_figures.contradictions(roster, period, unit)


def _top(roster: Roster) -> str:
    """The unit above all others, where there is one."""
    known = {unit.code for unit in roster.units}
    tops = [unit.code for unit in roster.units if unit.parent not in known]
    return tops[0] if len(tops) == 1 else "MÃ-ĐƠN-VỊ"


def _when(start: dt.date, end: dt.date) -> str:
    return f"ngày {on_screen(end)}" if start == end else f"{on_screen(start)} – {on_screen(end)}"


def _print_draft(draft: FigureDraft) -> None:
    from rules.loader import indicators as indicatorbook

    after, before = draft.after, draft.before
    say(strong(f"{indicatorbook.load()[after.indicator].label} ({after.indicator})"))
    was = f"{_written(before.value)} → " if before is not None and before.value != after.value else ""
    source = f" · nguồn: {after.source}" if after.source else ""
    say(f"  Đơn vị {after.unit} · {_when(after.begins_on, after.ends_on)}: {was}{_written(after.value)}{source}")


def _written(value: str) -> str:
    return value.replace(".", ",")


def _conflict(one: Contradiction) -> str:
    from reports.forms.numbers import plain
    from rules.loader import indicators as indicatorbook

    below = ", ".join(f"{entry.unit} {plain(entry.value)}" for entry in one.below)
    return (
        f"{indicatorbook.load()[one.own.name].label}: {one.own.unit} nhập {plain(one.own.value)}, các đơn vị bên dưới "
        f"cộng lại {plain(one.added)} ({below}); số của {one.own.unit} được dùng."
    )


def _print_listed(found: list[Listed]) -> None:
    from cli.screen.table import Column, table

    if not found:
        say("Chưa nhập số nào.")
        return
    columns = (
        *(Column("Chỉ tiêu", wraps=True), Column("Đơn vị"), Column("Kỳ"), Column("Số", right=True)),
        *(Column("Nguồn", wraps=True), Column("Người nhập", wraps=True), Column("Mã")),
    )
    rows = []
    for one in found:
        figure = one.figure
        when = _when(figure.begins_on, figure.ends_on) + (" (kỳ khác)" if one.holds is False else "")
        who = f"{figure.author or '–'}, {on_screen(figure.entered_on)}"
        rows.append((one.label, figure.unit, when, _written(figure.value), figure.source or "–", who, figure.indicator))
    for line in table(columns, rows):
        say(line)


def _print_missing(missing: Missing, period: Period, unit: str) -> None:
    from cli.screen.table import Column, table
    from rules.loader import indicators as indicatorbook

    if not missing:
        say("\nKhông biểu mẫu nào còn thiếu số nhập tay của kỳ này.")
        return
    texts = indicatorbook.load()
    say(f"\n{strong(f'Chưa nhập, mà biểu mẫu cần: {len(missing)} số')}")
    columns = (Column("Chỉ tiêu", wraps=True), Column("Là số"), Column("Biểu"), Column("Mã"))
    kinds = {"period": "của kỳ", "day": "đến ngày"}
    rows = [
        (texts[name].label, kinds[str(texts[name].typed)], ", ".join(forms), name) for name, forms in missing.items()
    ]
    for line in table(columns, rows, indent="  "):
        say(line)
    say(
        f"Nhập từng số: dubi figure set MÃ SỐ --unit {unit} "
        f"--from {on_screen(period[0])} --to {on_screen(period[1])} --source “lấy từ đâu”"
    )


def _figure_json(draft: FigureDraft) -> dict[str, Any]:
    after = draft.after
    return {
        "indicator": after.indicator,
        "unit": after.unit,
        "from": after.begins_on,
        "to": after.ends_on,
        "value": _number(after.value),
        "source": after.source,
    }


def _number(value: str) -> int | float:
    return int(value) if value.isdecimal() else float(value)


def _rounded(value: int | Fraction) -> int | float:
    return value if isinstance(value, int) else float(value)


def _listed_json(one: Listed) -> dict[str, Any]:
    figure = one.figure
    return {
        "indicator": figure.indicator,
        "label": one.label,
        "unit": figure.unit,
        "from": figure.begins_on,
        "to": figure.ends_on,
        "value": _number(figure.value),
        "source": figure.source,
        "author": figure.author,
        "entered_on": figure.entered_on,
        "holds": one.holds,
    }


def _missing_json(name: str, forms: list[str]) -> dict[str, Any]:
    from rules.loader import indicators as indicatorbook

    text = indicatorbook.load()[name]
    return {"indicator": name, "label": text.label, "kind": text.typed, "forms": forms}


def _conflicts_json(found: list[Contradiction]) -> list[dict[str, Any]]:
    return [
        {
            "indicator": one.own.name,
            "unit": one.own.unit,
            "value": _rounded(one.own.value),
            "below": {str(entry.unit): _rounded(entry.value) for entry in one.below},
        }
        for one in found
    ]
