"""`dubi overlay`: the province's own rules that the store is judged by, beside the national law."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.screen import arguments
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
    from cases.store.connection import store_url
    from cases.store.overlay_choice import choose_overlays, chosen_overlays
    from desk.question import overlay_files
    from rules.loader import overlays as overlaybook

    if names and none:
        raise BadInput("Ghi tên quy định hoặc --none, không ghi cả hai.")
    url = store_url(store)
    if names or none:
        wanted = list(dict.fromkeys(names or ()))
        overlay_files(tuple(wanted))
        choose_overlays(url, wanted)
    chosen = chosen_overlays(url)
    say(f"Kho này xét thêm theo: {', '.join(chosen)}." if chosen else "Kho này chỉ xét theo quy định của Trung ương.")
    others = [name for name in overlaybook.names() if name not in chosen]
    if others:
        say(f"Có thể chọn: {', '.join(others)}.")
