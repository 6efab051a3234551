"""`dubi case …`: a dossier as a whole: entered by mistake, there twice, or under a wrong code."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.arguments import day
from cli.screen.effects import Case, Confirm, Preview, show_whole, write
from cli.screen.vietnamese import command, group
from desk.changes.values import JoinCases, RecodeCase, RemoveCase

if TYPE_CHECKING:
    from desk.changes.values import Change

app = typer.Typer()
dossiers = typer.Typer(
    name="case",
    cls=group("ho-so"),
    help="Cả một hồ sơ: bỏ hồ sơ nhập nhầm, gộp hai hồ sơ của một người, đổi mã.",
    no_args_is_help=True,
)
app.add_typer(dossiers)


@dossiers.command("remove", cls=command("bo"), help="Bỏ một hồ sơ nhập nhầm, cùng lớp học và kỷ luật ghi theo nó.")
def remove(
    case: Case,
    confirm: Confirm = False,
    preview: Preview = False,
    sensitive: arguments.ShowSensitive = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Take a dossier out."""
    _write(store, RemoveCase(case), None, confirm=confirm, preview=preview, sensitive=sensitive, as_json=as_json)


@dossiers.command(
    "join",
    cls=command("gop"),
    help="Gộp hồ sơ thứ hai vào hồ sơ thứ nhất: một người ghi hai lần, hoặc đã chuyển đơn vị.",
)
def join(
    case: Case,
    other: Annotated[str, typer.Argument(metavar="MÃ-THỨ-HAI", help="Hồ sơ gộp vào hồ sơ kia; mã này không còn.")],
    on: Annotated[
        dt.date | None,
        typer.Option("--on", metavar="NGÀY", parser=day, help="Ngày chuyển từ đơn vị của hồ sơ thứ hai sang."),
    ] = None,
    as_of: arguments.AsOf = None,
    confirm: Confirm = False,
    preview: Preview = False,
    sensitive: arguments.ShowSensitive = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Join two dossiers of one person."""
    _write(
        store, JoinCases(case, other, on), as_of, confirm=confirm, preview=preview, sensitive=sensitive, as_json=as_json
    )


@dossiers.command("recode", cls=command("doi-ma"), help="Đổi mã của một hồ sơ; lớp học, kỷ luật ghi theo mã mới.")
def recode(
    case: Case,
    code: Annotated[str, typer.Argument(metavar="MÃ-MỚI", help="Mã mới của hồ sơ.")],
    confirm: Confirm = False,
    preview: Preview = False,
    sensitive: arguments.ShowSensitive = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Give a dossier another code."""
    _write(store, RecodeCase(case, code), None, confirm=confirm, preview=preview, sensitive=sensitive, as_json=as_json)


def _write(
    store: str | None,
    change: Change,
    as_of: dt.date | None,
    *,
    confirm: bool,
    preview: bool,
    sensitive: str | None,
    as_json: bool,
) -> None:
    show = partial(show_whole, preview=preview)
    write(store, change, show, as_of=as_of, confirm=confirm, preview=preview, sensitive=sensitive, as_json=as_json)
