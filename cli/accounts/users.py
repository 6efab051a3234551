"""`dubi user`: who may sign in, and what each may do at which unit from which day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cli.accounts.typing import Piped, Secrets
from cli.screen import arguments
from cli.screen.language import meant
from cli.screen.opening import ask_for_passphrases
from cli.screen.output import note, on_screen, print_json, say, strong
from cli.screen.vietnamese import command, group
from rules.loader.errors import BadInput, UnknownName

if TYPE_CHECKING:
    from desk.accounts.grants import Grant
    from desk.accounts.office import Office

app = typer.Typer()
user = typer.Typer(
    name="user",
    cls=group("tai-khoan"),
    help="Tài khoản của kho nhiều người dùng: ai đăng nhập được, ai có quyền gì ở đơn vị nào.",
    no_args_is_help=True,
)
app.add_typer(user)

ROLES = ("secretary", "reader", "committee", "admin")
STATES = {"holds": "đang có", "later": "chưa đến ngày", "over": "hết hạn", "taken": "đã thu hồi"}

Name = Annotated[str, typer.Argument(metavar="TÊN", help="Tên tài khoản.")]
Role = Annotated[
    Literal["secretary", "reader", "committee", "admin"],
    typer.Argument(
        metavar="VAI-TRÒ",
        help="secretary (bi-thu), reader (nguoi-doc), committee (cap-uy), admin (quan-tri).",
    ),
]
Unit = Annotated[
    str | None,
    typer.Argument(metavar="MÃ-ĐƠN-VỊ", help="Đơn vị có quyền, gồm các đơn vị trực thuộc; quản trị: bỏ trống."),
]


def _office(store: str | None) -> Office:
    from desk.accounts.console import office_here
    from desk.source import store_url

    ask_for_passphrases()
    return office_here(store_url(store), arguments.today())


@user.command("add", cls=command("them"), help="Thêm một tài khoản. Tài khoản đầu tiên của kho là quản trị.")
def add(
    name: Name,
    one_time: Annotated[
        bool, typer.Option("--one-time", help="Cấp mật khẩu dùng một lần, người ấy phải đổi khi vào lần đầu.")
    ] = False,
    piped: Piped = False,
    store: arguments.Store = None,
) -> None:
    """Add a user."""
    from desk.accounts.signing import has_users

    office = _office(store)
    first = not has_users(office.url)
    office.require_store()
    password = None if one_time else Secrets(piped=piped).password(f"Mật khẩu cho {name}", twice=True)
    added, handed = office.add(name, password)
    say(f"Đã thêm tài khoản {added.name}.")
    _hand_out(handed)
    if first:
        note("Từ nay mọi lệnh và trang của kho này phải đăng nhập: dubi sign-in TÊN")
        note(
            "Tài khoản này là quản trị: quản lý tài khoản, sao lưu; không xem hồ sơ. Để xem và ghi hồ sơ thì cấp thêm: "
            f"dubi user grant {added.name} secretary MÃ-ĐƠN-VỊ"
        )
    else:
        note(f"Chưa có quyền gì; cấp bằng lệnh: dubi user grant {added.name} VAI-TRÒ MÃ-ĐƠN-VỊ")


@user.command("passwd", cls=command("mat-khau"), help="Đổi mật khẩu của mình; hoặc cấp lại cho người quên mật khẩu.")
def passwd(name: Name, piped: Piped = False, store: arguments.Store = None) -> None:
    """Change one's own password, give somebody a one-time one, or set one as the owner of the files."""
    office = _office(store)
    by = office.by
    if by is not None and by.name.casefold() == name.strip().casefold():
        secrets = Secrets(piped=piped)
        old, new = secrets.password("Mật khẩu đang dùng"), secrets.password("Mật khẩu mới", twice=True)
        office.change_my_password(old, new)
        say("Đã đổi mật khẩu. Mọi phiên đăng nhập của tài khoản này đã kết thúc; đăng nhập lại: dubi sign-in")
    elif by is not None and "users" in by.granted.may:
        _hand_out(office.reset(name))
    else:
        office.require_owner()
        office.set_on_console(name, Secrets(piped=piped).password(f"Mật khẩu mới cho {name}", twice=True))
        say(f"Đã đặt lại mật khẩu cho {name}; mã trên điện thoại, nếu có, đã tắt; mọi phiên đăng nhập đã kết thúc.")


def _hand_out(handed: str | None) -> None:
    if handed is not None:
        say(f"Mật khẩu dùng một lần, chỉ hiện lần này: {handed}")
        note("Đưa tận tay người ấy. Trong ba ngày, người ấy đăng nhập bằng mật khẩu này rồi phải đổi ngay.")


@user.command("grant", cls=command("cap-quyen"), help="Cấp một vai trò ở một đơn vị, từ một ngày, đến một ngày.")
def grant(
    name: Name,
    role: Role,
    unit: Unit = None,
    since: Annotated[
        dt.date | None,
        typer.Option("--from", metavar="NGÀY", parser=arguments.day, help="Có quyền từ ngày nào. Bỏ trống là hôm nay."),
    ] = None,
    until: Annotated[
        dt.date | None,
        typer.Option("--until", metavar="NGÀY", parser=arguments.day, help="Có quyền đến hết ngày nào. Bỏ trống: mãi."),
    ] = None,
    store: arguments.Store = None,
) -> None:
    """Give somebody a role at a unit."""
    given = _office(store).grant(name, role, unit, since, until)
    say(f"Đã cấp cho {given.user}: {_in_words(given)}.")


@user.command("revoke", cls=command("thu-hoi"), help="Thu hồi một vai trò, hoặc mọi vai trò của một người.")
def revoke(
    name: Name,
    role: Annotated[
        str | None, typer.Argument(metavar="VAI-TRÒ", help="Vai trò thu hồi; bỏ trống thì ghi --all.")
    ] = None,
    unit: Unit = None,
    everything: Annotated[bool, typer.Option("--all", help="Thu hồi mọi vai trò của người này.")] = False,
    store: arguments.Store = None,
) -> None:
    """Take a role away from somebody, or all of them."""
    if (role is None) != everything:
        raise typer.BadParameter("Ghi vai trò thu hồi, hoặc --all để thu hồi hết; chỉ một trong hai.")
    meaning = None if role is None else meant(role, ROLES)
    if role is not None and meaning is None:
        raise typer.BadParameter(f"Không có vai trò “{role}”. Ghi một trong: {', '.join(ROLES)}.")
    office = _office(store)
    found = [
        one for one in office.open_grants_of(name) if everything or (one.role == meaning and unit in (None, one.unit))
    ]
    if not found:
        raise UnknownName(f"“{name}” không có quyền như vậy. Xem bằng lệnh: dubi user list")
    if not everything and len({one.unit for one in found}) > 1:
        units = ", ".join(sorted(str(one.unit) for one in found))
        raise BadInput(f"“{name}” có vai trò này ở nhiều đơn vị: {units}. Ghi mã đơn vị.")
    for one in office.revoke([one.id for one in found]):
        say(f"Đã thu hồi của {one.user}: {_in_words(one)}.")


@user.command("list", cls=command("xem"), help="Xem các tài khoản và quyền của từng người.")
def show(
    everything: Annotated[bool, typer.Option("--all", help="Kể cả quyền đã hết hạn, đã thu hồi.")] = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """List users with their grants."""
    office = _office(store)
    accounts = office.accounts()
    if as_json:
        print_json({"users": [one.as_json(office.today) for one in accounts]})
        return
    if not accounts:
        say("Kho này chưa có tài khoản nào: một người dùng, không phải đăng nhập.")
    for account in accounts:
        marks = ["dùng mã điện thoại"] if account.user.has_codes else []
        marks += ["phải đổi mật khẩu"] if account.user.change_by is not None else []
        say(strong(account.user.name) + (f" ({', '.join(marks)})" if marks else ""))
        shown = [one for one in account.grants if everything or one.state(office.today) in ("holds", "later")]
        for one in shown:
            say(f"  {_in_words(one)} · {STATES[one.state(office.today)]}, {one.given_by} cấp")
        if not shown:
            say("  chưa có quyền gì")


def _in_words(one: Grant) -> str:
    from desk.accounts.grants import WORDS

    where = f" ở {one.unit}" if one.unit else ""
    until = f" đến hết {on_screen(one.until)}" if one.until else ""
    return f"{WORDS[one.role]}{where} từ {on_screen(one.since)}{until}"
