"""`dubi handover`: sealed files between a cell that works by itself and the level above."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.accounts.typing import Piped, Secrets
from cli.screen import arguments
from cli.screen.opening import desk_for
from cli.screen.output import note, say
from cli.screen.vietnamese import command, group

app = typer.Typer()
handover = typer.Typer(
    name="handover",
    cls=group("ban-giao"),
    help="Gửi sổ lên cấp trên, gửi trả về, bằng tệp khoá mà chỉ nơi nhận mở được.",
    no_args_is_help=True,
)
app.add_typer(handover)


@handover.command(
    "key",
    cls=command("khoa"),
    help="Tạo cặp khoá của nơi nhận: TÊN.khoa giữ kín, TÊN.cong-khai đưa cho các chi bộ.",
)
def key(
    name: Annotated[Path, typer.Argument(metavar="TÊN", help="Tên tệp của hai khoá, không có đuôi.")],
    piped: Piped = False,
) -> None:
    """Make a pair of keys."""
    from desk.accounts.passwords import require_good
    from desk.keeping.handover import PUBLIC, SECRET, make_pair

    passphrase = Secrets(piped=piped).password("Mật khẩu của khoá", twice=True)
    require_good(passphrase, name.name)
    secret, public = (name.with_name(f"{name.name}{ending}") for ending in (SECRET, PUBLIC))
    shown = make_pair(secret, public, passphrase)
    say(f"Đã tạo khoá: “{secret}” (giữ kín, mở bằng mật khẩu vừa gõ) và “{public}” (đưa cho nơi gửi).")
    say(f"Khoá công khai: {shown}")
    note("Quên mật khẩu hay mất tệp khoá thì tệp đã gửi không mở được nữa: cất một bản ở nơi an toàn.")


@handover.command(
    "send", cls=command("gui"), help="Ghi sổ ra tệp khoá (.kin) để gửi: cả kho, hoặc một đơn vị với --unit."
)
def send(
    file: Annotated[Path, typer.Argument(metavar="TỆP.kin", help="Tệp để gửi.")],
    to: Annotated[Path, typer.Option("--to", metavar="KHOÁ.cong-khai", help="Khoá công khai của nơi nhận.")],
    unit: arguments.Unit = None,
    force: arguments.Force = False,
    store: arguments.Store = None,
) -> None:
    """Write a sealed roster."""
    cases = desk_for(None, store).hand_over(file, to, unit=unit, replace=force)
    say(f"Đã ghi {cases} hồ sơ ra tệp “{file}”; chỉ khoá của nơi nhận mở được.")
    say("Nơi nhận nhập bằng lệnh: dubi import TỆP.kin --key KHOÁ.khoa")
