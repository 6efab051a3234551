"""`dubi move` and `leave`: to another unit, to or from another place, out of the Party."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Annotated

import typer

from cli.screen import arguments
from cli.screen.arguments import day
from cli.screen.effects import Case, Confirm, Document, Preview, StoredAt, show_case, write
from cli.screen.vietnamese import command
from desk.changes.values import Leave, Move

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
    sensitive: arguments.ShowSensitive = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Move a case to another unit or place."""
    change = Move(case, on, to, source, document, stored_at)
    show = partial(show_case, preview=preview)
    write(store, change, show, as_of=as_of, confirm=confirm, preview=preview, sensitive=sensitive, as_json=as_json)


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
    sensitive: arguments.ShowSensitive = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Record that somebody has left the Party."""
    change = Leave(case, on, kind, document, stored_at)
    show = partial(show_case, preview=preview)
    write(store, change, show, as_of=as_of, confirm=confirm, preview=preview, sensitive=sensitive, as_json=as_json)
