"""`dubi rules confirm`: the values that nobody has read in the text yet, confirmed one after the other by a person."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.opening import desk_for
from cli.screen.output import note, print_json, say, strong
from cli.screen.vietnamese import command
from rules.loader.errors import BadQuestion

if TYPE_CHECKING:
    from desk.desk import Desk
    from desk.law.confirming import Confirming, Unconfirmed

app = typer.Typer()
NAMED = 20
"""So many of the cases whose findings change are named."""


@app.command(
    "confirm",
    cls=command("doi-chieu"),
    help="Ghi một giá trị của luật đã đọc ở văn bản chính thức. Không ghi gì thì liệt kê giá trị chưa đối chiếu.",
)
def confirm(
    parameter: Annotated[str | None, typer.Argument(metavar="GIÁ-TRỊ", help="Tên giá trị.")] = None,
    value: Annotated[str | None, typer.Option("--value", metavar="SỐ", help="Giá trị đọc được trong văn bản.")] = None,
    clause: Annotated[str | None, typer.Option("--clause", metavar="MỤC", help="Mục của văn bản.")] = None,
    seen_at: Annotated[
        str | None,
        typer.Option("--seen-at", metavar="NƠI", help="Đọc văn bản ở đâu, ví dụ trang thông tin chính thức."),
    ] = None,
    as_of: arguments.AsOf = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """List what is not confirmed, or confirm one value."""
    desk = desk_for(None, store)
    if parameter is None:
        if value or clause or seen_at:
            raise BadQuestion("Ghi tên giá trị trước --value, --clause, --seen-at. Xem tên: dubi rules confirm.")
        found = desk.unconfirmed(desk.ask(as_of=as_of))
        if as_json:
            from dataclasses import asdict

            print_json({"unconfirmed": [asdict(one) for one in found]})
        elif sys.stdin.isatty() and sys.stdout.isatty():
            _one_by_one(desk, found)
        else:
            for one in found:
                _print(one)
        return
    if not (value and clause and seen_at):
        raise BadQuestion("Phải ghi đủ --value, --clause và --seen-at: giá trị, mục, và đọc văn bản ở đâu.")
    _confirm(desk, parameter, value, clause, seen_at, as_json=as_json)


def _print(one: Unconfirmed) -> None:
    say(f"\n{strong(one.title)}  ({one.parameter})")
    say(f"  Văn bản {one.document}{f', mục {one.clause}' if one.clause else ''}: {one.words}, chưa đối chiếu văn bản.")
    say(f"  Quy tắc dựa vào: {', '.join(one.rules) or 'không có'}. Phát hiện đang dựa vào: {one.findings}.")


def _one_by_one(desk: Desk, found: list[Unconfirmed]) -> None:
    """Ask for each value; an empty answer goes on to the next."""
    note("Ghi giá trị đọc trong văn bản chính thức; để trống thì sang giá trị sau, Ctrl-C thì thôi.")
    for one in found:
        _print(one)
        value = typer.prompt("  Giá trị trong văn bản", default="", show_default=False).strip()
        if not value:
            continue
        clause = typer.prompt("  Mục").strip()
        seen_at = typer.prompt("  Đọc văn bản ở đâu").strip()
        _confirm(desk, one.parameter, value, clause, seen_at, as_json=False, ask=True)


def _confirm(
    desk: Desk, parameter: str, value: str, clause: str, seen_at: str, *, as_json: bool, ask: bool = False
) -> None:
    draft = desk.confirming(desk.ask(), parameter, value, clause, seen_at)
    if not as_json:
        _print_draft(draft)
    if ask and not typer.confirm("  Ghi?"):
        return
    desk.confirm(draft)
    if as_json:
        print_json(draft.as_json())
    else:
        note("Đã ghi. Giá trị kèm theo chương trình vẫn được giữ bên cạnh; bản cập nhật không xoá giá trị này.")


def _print_draft(draft: Confirming) -> None:
    one = draft.confirmation
    said = f"kèm theo chương trình {draft.shipped}; đối chiếu {one.value}, mục {one.clause}"
    say(f"{one.parameter}, {one.document}: {said}.")
    cases = draft.cases
    if not cases:
        say("Không hồ sơ nào có phát hiện khác đi.")
        return
    more = f" và {len(cases) - NAMED} hồ sơ nữa" if len(cases) > NAMED else ""
    say(f"Phát hiện khác đi ở {len(cases)} hồ sơ: {', '.join(cases[:NAMED])}{more}.")
