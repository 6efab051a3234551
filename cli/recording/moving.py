"""`dubi move` and `leave`: to another unit, to or from another place, out of the Party."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.arguments import day
from cli.screen.effects import Case, Confirm, Document, Preview, StoredAt, make_and_save
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    from cases.changes.saving import Draft
    from cases.store.reading import Execute

app = typer.Typer()

On = Annotated[dt.date, typer.Option("--on", metavar="NGÀY", parser=day, help="Ngày chuyển, ngày ra.")]


@app.command(
    "move",
    cls=command("chuyen"),
    help="Chuyển sinh hoạt: sang đơn vị khác trong sổ, chuyển đi nơi khác (--to), hoặc từ nơi khác đến (--from).",
)
def move(
    case: Case,
    on: On,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="NƠI", help="Mã đơn vị trong sổ, trong-tinh, ngoai-tinh, hoặc tên nơi đến."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="NƠI", help="Từ nơi khác đến: trong-tinh, ngoai-tinh, hoặc tên nơi cũ."),
    ] = None,
    document: Document = None,
    stored_at: StoredAt = None,
    as_of: arguments.AsOf = None,
    confirm: Confirm = False,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Move a case to another unit or place."""
    if to is None and source is None:
        raise typer.BadParameter("Ghi chuyển đi đâu (--to) hoặc từ đâu đến (--from).")

    def made(execute: Execute, now: dt.date) -> Draft:
        from cases.changes import moving, saving
        from cases.changes.values import read_papers

        papers = read_papers(document, stored_at=stored_at)
        change = moving.transfer(moving.known_units(execute), on, to, source, papers)
        return saving.draft(execute, case, change, now)

    make_and_save(store, made, "move", as_of=as_of, confirm=confirm, preview=preview, as_json=as_json)


@app.command(
    "leave", cls=command("ra-khoi-dang"), help="Ghi một người ra khỏi Đảng: xin ra, xoá tên, khai trừ, từ trần."
)
def leave(
    case: Case,
    on: On,
    kind: Annotated[str, typer.Option("--kind", metavar="HÌNH-THỨC", help="xin-ra, xoa-ten, khai-tru hoặc tu-tran.")],
    document: Document = None,
    stored_at: StoredAt = None,
    as_of: arguments.AsOf = None,
    confirm: Confirm = False,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Record that somebody has left the Party."""
    from cases.changes.values import read_code

    exit_kind = read_code(kind, "exit_kind", "Hình thức ra khỏi Đảng")

    def made(execute: Execute, now: dt.date) -> Draft:
        from cases.changes import saving
        from cases.changes.changing import exited
        from cases.changes.values import read_papers
        from cases.values.records import StepEntry

        entry = StepEntry("left_on", on, **read_papers(document, stored_at=stored_at))
        return saving.draft(execute, case, lambda record: exited(record, exit_kind, entry), now)

    make_and_save(store, made, "leave", as_of=as_of, confirm=confirm, preview=preview, as_json=as_json)
