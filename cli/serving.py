"""`dubi web`: the desk in a browser, for the user of this machine."""

from __future__ import annotations

import datetime as dt
from importlib.metadata import entry_points
from typing import Annotated

import typer

from cli.screen import arguments
from cli.screen.output import note, say
from cli.screen.vietnamese import command

app = typer.Typer()

FACES = "dubi.faces"
"""The group of entry points under which the other faces of the program say where they are started."""


@app.command("web", cls=command("mo-ban-lam-viec"), help="Mở bàn làm việc trong trình duyệt, chỉ trên máy này.")
def web(
    port: Annotated[
        int, typer.Option("--port", metavar="CỔNG", min=0, max=65535, help="Cổng để nghe; 0 là một cổng còn trống.")
    ] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Không tự mở trình duyệt; chỉ in địa chỉ.")] = False,
    store: arguments.Store = None,
) -> None:
    """Serve the desk until Ctrl+C; a second start opens the first."""
    from desk.source import home, store_url

    (face,) = entry_points(group=FACES, name="web")
    note("Bàn làm việc đang mở; bấm Ctrl+C để tắt.")
    face.load()(store_url(store), home(), port=port, browser=not no_browser, say=say, today=dt.date.today)
