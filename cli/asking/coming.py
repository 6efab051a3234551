"""`dubi due`: the limits that come up in the days ahead."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.arguments import today
from cli.screen.opening import open_roster
from cli.screen.output import on_screen, only_one_form, print_csv, print_json, say, strong
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    from engine.deadlines import Coming

MOST_DAYS = 3660

app = typer.Typer()


@app.command("due", cls=command("den-han"), help="Những hạn sắp đến: việc gì, của ai, ngày nào, theo điều khoản nào.")
def due(
    file: arguments.OptionalFile = None,
    within: Annotated[
        int, typer.Option("--within", metavar="SỐ-NGÀY", min=1, max=MOST_DAYS, help="Trong bao nhiêu ngày tới.")
    ] = 90,
    as_of: arguments.AsOf = None,
    unit: arguments.Unit = None,
    law: arguments.Law = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
    as_csv: arguments.Csv = False,
) -> None:
    """List the limits that lie ahead."""
    only_one_form(as_json=as_json, as_csv=as_csv)
    from cli.screen.wording import doubts, heading, whom
    from desk import desk

    as_of = as_of or today()
    roster = open_roster(file, store)
    coming = desk.coming(roster, as_of, within, unit, law)
    if as_json:
        values = {"as_of": as_of, "within": within, "unit": unit, "law": law}
        print_json({**values, "coming": [_json(entry, as_of) for entry in coming]})
        return
    if as_csv:
        _print_csv(coming, as_of)
        return
    for line in heading(as_of, law, file, whom(unit, roster.units)):
        say(strong(line))
    last = as_of + dt.timedelta(days=within)
    say(f"\n{strong(f'Sắp đến hạn trong {within} ngày (đến hết {on_screen(last)}): {len(coming)}')}")
    _print_table(coming, as_of)
    for line in doubts({entry.certainty for entry in coming}):
        say(line)


def _json(entry: Coming, as_of: dt.date) -> dict[str, object]:
    return {
        "case": entry.case,
        "name": entry.name,
        "unit": entry.unit,
        "due": entry.day,
        "days_left": (entry.day - as_of).days,
        "deadline": entry.deadline,
        "label": entry.label,
        "document": entry.document,
        "clause": entry.clause,
        "certainty": entry.certainty,
    }


def _print_csv(coming: list[Coming], as_of: dt.date) -> None:
    from cli.screen.wording import label
    from reports.lists.citing import citation

    print_csv(
        (
            *("Tính đến ngày", "Hạn", "Còn (ngày)", "Mã hồ sơ", "Họ và tên", "Đơn vị", "Việc"),
            *("Căn cứ", "Độ chắc chắn"),
        ),
        (
            (
                *(as_of, entry.day, (entry.day - as_of).days, entry.case, entry.name, entry.unit, entry.label),
                *(citation(entry.document, entry.clause), label("certainty", entry.certainty)),
            )
            for entry in coming
        ),
    )


def _print_table(coming: list[Coming], as_of: dt.date) -> None:
    from cli.screen.table import Column, table
    from cli.screen.wording import marked_citation

    columns = (
        Column("Hạn"),
        Column("Còn (ngày)", right=True),
        Column("Mã"),
        Column("Họ và tên", wraps=True),
        Column("Đơn vị"),
        Column("Việc", wraps=True),
        Column("Căn cứ", wraps=True),
    )
    rows = [
        (
            on_screen(entry.day),
            str((entry.day - as_of).days),
            entry.case,
            entry.name,
            entry.unit or "–",
            entry.label,
            marked_citation(entry.document, entry.clause, entry.certainty),
        )
        for entry in coming
    ]
    for line in table(columns, rows, indent="  "):
        say(line)
