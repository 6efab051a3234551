"""`dubi overlay`: the province's own rules that the store is judged by, beside the national law."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.screen import arguments
from cli.screen.opening import desk_for
from cli.screen.output import say
from cli.screen.vietnamese import command
from rules.loader.errors import BadInput

app = typer.Typer()


@app.command(
    "overlay",
    cls=command("quy-dinh-rieng"),
    help="Chọn quy định riêng của địa phương cho kho này. Không ghi tên thì cho biết đang chọn gì.",
)
def overlay(
    names: Annotated[list[str] | None, typer.Argument(metavar="TÊN…", help="Tên quy định, ví dụ ha-noi-2025.")] = None,
    none: Annotated[bool, typer.Option("--none", help="Thôi không dùng quy định riêng nào.")] = False,
    store: arguments.Store = None,
) -> None:
    """Show or choose the overlays of a store."""
    if names and none:
        raise BadInput("Ghi tên quy định hoặc --none, không ghi cả hai.")
    desk = desk_for(None, store)
    if names or none:
        desk.choose_overlays(names or ())
    found = desk.overlays()
    chosen = ", ".join(found.chosen)
    say(f"Kho này xét thêm theo: {chosen}." if chosen else "Kho này chỉ xét theo quy định của Trung ương.")
    if found.others:
        say(f"Có thể chọn: {', '.join(found.others)}.")
