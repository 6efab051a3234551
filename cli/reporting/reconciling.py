"""`dubi reconcile`: a form that somebody filled by hand, against the records and against itself."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.reporting.reports import AsOf, End, Settings, Start, chosen_settings
from cli.screen import arguments
from cli.screen.opening import desk_for
from cli.screen.output import on_screen, print_json, say, strong
from cli.screen.vietnamese import command
from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from cases.values.records import Roster
    from reports.forms.model import Report
    from reports.readback.reading_back import FormRead
    from reports.readback.reconciling import Difference

FOUND = 1

app = typer.Typer()


@app.command(
    "reconcile",
    cls=command("doi-chieu"),
    help="Đối chiếu một biểu đã điền tay với sổ, và kiểm tra phép cộng, tỷ lệ trong biểu; không sửa gì.",
)
def reconcile(
    filled: Annotated[Path, typer.Argument(metavar="BIỂU.xlsx", help="Biểu đã điền (.xlsx).")],
    form: Annotated[
        str | None, typer.Option("--form", metavar="BIỂU", help="Là biểu mẫu nào. Bỏ trống thì tự nhận.")
    ] = None,
    file: arguments.FileOption = None,
    start: Start = None,
    end: End = None,
    as_of: AsOf = None,
    unit: arguments.Unit = None,
    setting: Settings = None,
    arithmetic: Annotated[
        bool, typer.Option("--arithmetic", help="Chỉ kiểm tra số học trong biểu, không đối chiếu với sổ.")
    ] = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Compare a filled form with the records, and its numbers with each other."""
    from reports.forms.formbook import known_form
    from reports.readback.reading_back import read_back
    from reports.readback.reconciling import against_records, within

    read = read_back(filled, known_form(form) if form else None)
    differences = list(within(read))
    remarked = {(difference.cell, difference.kind) for difference in differences}
    period: tuple[dt.date, dt.date] | None = None
    if not arithmetic:
        period = _period(read, start, end)
        desk = desk_for(file, store)
        roster = desk.roster(desk.ask())
        found = against_records(read, _filled(read, roster, period, as_of, unit, setting))
        differences += [difference for difference in found if (difference.cell, difference.kind) not in remarked]
    if as_json:
        _print_json(read, period, differences)
    else:
        _print(read, period, differences)
    if any(difference.is_error for difference in differences):
        raise typer.Exit(FOUND)


def _period(read: FormRead, start: dt.date | None, end: dt.date | None) -> tuple[dt.date, dt.date]:
    if start and end:
        return start, end
    if read.period is None:
        raise BadInput("Biểu không ghi kỳ báo cáo. Thêm --from và --to, hoặc --arithmetic để chỉ kiểm tra số học.")
    return read.period


def _filled(
    read: FormRead,
    roster: Roster,
    period: tuple[dt.date, dt.date],
    as_of: dt.date | None,
    unit: str | None,
    setting: list[str] | None,
) -> Report:
    from desk.counting import ledgers as desk_reports
    from engine.statistics.counting import Run
    from reports.forms.filling import fill
    from reports.forms.occasion import Occasion

    run = Run(*period, as_of or read.as_of or period[1])
    chosen = unit or _unit_named(read, roster)
    ledger = desk_reports.ledger(roster, run, chosen, chosen_settings(setting), more=read.form.indicators)
    return fill(read.form, Occasion(ledger, roster.units, chosen, people=False))


def _unit_named(read: FormRead, roster: Roster) -> str | None:
    """The unit that the form itself names; None where that is the one above all others, or none of the roster's."""
    named = [unit for unit in roster.units if unit.name == read.unit]
    return named[0].code if len(named) == 1 and named[0].parent is not None else None


def _print_json(read: FormRead, period: tuple[dt.date, dt.date] | None, differences: list[Difference]) -> None:
    rows = [
        {
            "kind": d.kind,
            "error": d.is_error,
            "sheet": read.sheet,
            "cell": d.cell,
            "row": d.row,
            "label": d.label,
            "typed": d.typed,
            "expected": d.expected,
            "message": d.message,
        }
        for d in differences
    ]
    ends = {"from": period[0], "to": period[1]} if period else {"from": None, "to": None}
    print_json({"form": read.form.name, "sheet": read.sheet, **ends, "cells": len(read.cells), "differences": rows})


def _print(read: FormRead, period: tuple[dt.date, dt.date] | None, differences: list[Difference]) -> None:
    from cli.screen.table import Column, table
    from reports.readback.reconciling import WORDS

    when = f" · kỳ {on_screen(period[0])} – {on_screen(period[1])}" if period else ""
    say(strong(f"Biểu {read.form.name}, {read.form.label} · sheet {read.sheet} · {len(read.cells)} ô có số{when}"))
    errors = sum(difference.is_error for difference in differences)
    if not differences:
        say("Không thấy chỗ nào khác." if period else "Số học trong biểu khớp.")
        return
    columns = (Column("Ô"), Column("Dòng"), Column("Loại"), Column("Chi tiết", wraps=True))
    rows = [(d.cell, d.row if d.row != "*" else d.label, WORDS[d.kind], f"{d.label}: {d.message}") for d in differences]
    for line in table(columns, rows):
        say(line)
    say(f"{errors} chỗ khác, {len(differences) - errors} lưu ý. Không có gì được sửa.")
