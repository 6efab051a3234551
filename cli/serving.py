"""`dubi web`: the desk in a browser, for the user of this machine or, as an office's server, for all who sign in."""

from __future__ import annotations

import datetime as dt
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer

from cli.screen import arguments
from cli.screen.opening import ask_for_passphrases, desk_for
from cli.screen.output import note, say
from cli.screen.vietnamese import command

app = typer.Typer()

FACES = "dubi.faces"
"""The group of entry points under which the other faces of the program say where they are started."""


def minutes(text: str) -> float:
    """Minutes as typed; raises `BadParameter`."""
    try:
        typed = float(text.replace(",", "."))
    except ValueError:
        typed = 0.0
    if not 0 < typed < 1e6:
        raise typer.BadParameter(f"“{text}” không phải số phút. Ghi một số lớn hơn 0, ví dụ 15.")
    return typed


@app.command(
    "web",
    cls=command("mo-ban-lam-viec"),
    help="Mở bàn làm việc trong trình duyệt, chỉ trên máy này; với --office thì cho cả cơ quan.",
)
def web(
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            metavar="CỔNG",
            min=0,
            max=65535,
            help="Cổng để nghe; 0 là một cổng còn trống. Bỏ trống: cổng của lịch nhắc việc nếu đang bật, không thì "
            "cổng còn trống; với --office là 8443.",
        ),
    ] = None,
    office: Annotated[
        bool,
        typer.Option(
            "--office", help="Máy chủ của cơ quan: nhiều người đăng nhập từ máy khác, có TLS; cần --cert, --key."
        ),
    ] = False,
    host: Annotated[
        str | None,
        typer.Option(
            "--host", metavar="ĐỊA-CHỈ", help="Với --office: tên hay địa chỉ để nghe; bỏ trống là mọi địa chỉ của máy."
        ),
    ] = None,
    cert: Annotated[
        Path | None, typer.Option("--cert", metavar="TỆP.pem", help="Với --office: chứng thư của máy chủ.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="TỆP.pem", help="Với --office: khoá của chứng thư, không mật khẩu.")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Không tự mở trình duyệt; chỉ in địa chỉ.")] = False,
    close_after: Annotated[
        float | None,
        typer.Option(
            "--close-after",
            metavar="PHÚT",
            parser=minutes,
            help="Tự tắt khi không còn trang nào mở trong bấy nhiêu phút và không có gì đang ghi. Bỏ trống là không.",
        ),
    ] = None,
    make_store: Annotated[
        bool,
        typer.Option("--make-store", help="Tạo kho nếu chưa có; kho cũ thì sao lưu, nâng cấp, rồi mới mở."),
    ] = False,
    store: arguments.Store = None,
) -> None:
    """Serve the desk until Ctrl+C; a second start opens the first."""
    from desk.source import home, is_locked, last_hash, store_url

    if not office and (host, cert, key) != (None, None, None):
        raise typer.BadParameter("--host, --cert, --key chỉ dùng với --office.")
    if office and (close_after is not None or make_store):
        raise typer.BadParameter("--close-after, --make-store không dùng với --office: tạo kho trước bằng dubi init.")

    def unlocked() -> None:
        if make_store:
            desk_for(None, store).make_store()

    def ready() -> None:
        if not is_locked(store_url(store)):
            unlocked()
        if office:
            ask_for_passphrases()
            last_hash(store_url(store))  # a store that is not there is said before anybody comes

    def started(address: str) -> None:
        say(address)
        note("Bàn làm việc đang mở; bấm Ctrl+C để tắt.")  # after it, for a note sends on what was said before

    (face,) = entry_points(group=FACES, name="web")
    face.load()(
        store_url(store),
        home(),
        port=port,
        browser=not no_browser and not office,
        say=started,
        remark=note,
        today=dt.date.today,
        ready=ready,
        unlocked=unlocked,
        **({} if close_after is None else {"unused": close_after * 60}),
        **({"office": (host or "0.0.0.0", cert, key)} if office else {}),  # noqa: S104  # other machines are meant
    )
