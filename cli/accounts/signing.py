"""`dubi sign-in` and `sign-out`: on a store that has users every command belongs to somebody."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.accounts.typing import Piped, Secrets
from cli.screen import arguments
from cli.screen.opening import ask_for_passphrases
from cli.screen.output import note, say
from cli.screen.vietnamese import command

app = typer.Typer()


@app.command("sign-in", cls=command("dang-nhap"), help="Đăng nhập vào kho có nhiều người dùng, cho các lệnh tiếp theo.")
def sign_in(
    name: Annotated[str, typer.Argument(metavar="TÊN", help="Tên tài khoản.")],
    piped: Piped = False,
    store: arguments.Store = None,
) -> None:
    """Sign in for the commands that follow."""
    from desk.accounts import console, signing
    from desk.source import store_url

    ask_for_passphrases()
    url = store_url(store)
    if not signing.has_users(url):
        raise typer.BadParameter(
            "Kho này chưa có tài khoản nào, không phải đăng nhập. Thêm tài khoản: dubi user add TÊN"
        )
    secrets = Secrets(piped=piped)
    password, code = secrets.password("Mật khẩu"), secrets.code()
    session = signing.sign_in(url, name, password, code, address=console.HERE, now=console.utc_now())
    console.keep(url, session)
    here = console.who_is_here(url, arguments.today())
    assert here is not None
    say(f"Đã đăng nhập: {here.name}. Không dùng 30 phút, hoặc sau 12 giờ, thì phải đăng nhập lại.")
    if here.must_change:
        note(f"Mật khẩu này do người khác cấp: đổi ngay bằng lệnh: dubi user passwd {here.name}")


@app.command("sign-out", cls=command("dang-xuat"), help="Đăng xuất khỏi kho.")
def sign_out(store: arguments.Store = None) -> None:
    """Sign out."""
    from desk.accounts.console import leave
    from desk.source import store_url

    ask_for_passphrases()
    say("Đã đăng xuất." if leave(store_url(store)) else "Chưa ai đăng nhập ở đây.")
