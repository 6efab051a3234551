"""`dubi store`: the store encrypted, made plain again, its passphrase and its recovery code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.accounts.typing import Piped, Secrets
from cli.screen import arguments
from cli.screen.effects import ask, on_a_terminal
from cli.screen.language import called, meant
from cli.screen.opening import ask_for_passphrases, desk_for
from cli.screen.output import note, print_json, say
from cli.screen.vietnamese import command, group
from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.desk import Desk
    from desk.keeping.encryption import Backups, Recast

app = typer.Typer()
store_group = typer.Typer(
    name="store",
    cls=group("kho"),
    help="Mã hoá kho trên máy này, bỏ mã hoá, đổi mật khẩu, mã khôi phục.",
    no_args_is_help=True,
)
app.add_typer(store_group)

CHOICES: tuple[Backups, ...] = ("rewrite", "remove", "keep")
_TRIES = 3


def _choice(text: str) -> str:
    found = meant(text, CHOICES)
    if found is None:
        raise typer.BadParameter(f"Không có cách “{text}”. Ghi một trong: {', '.join(called(CHOICES))}.")
    return found


OldBackups = Annotated[
    str | None,
    typer.Option(
        "--backups",
        metavar="CÁCH",
        parser=_choice,
        help="Bản sao lưu tự động đang có: rewrite ghi lại theo dạng mới của kho, remove xoá, keep để nguyên. "
        "Bỏ trống thì hỏi; không có ai để hỏi thì ghi lại.",
    ),
]


@store_group.command("encrypt", cls=command("ma-hoa"), help="Mã hoá kho cùng mọi tệp đi kèm; mở bằng mật khẩu.")
def encrypt(backups: OldBackups = None, piped: Piped = False, store: arguments.Store = None) -> None:
    """Encrypt the store; of one that is encrypted, what still lies plain beside it."""
    desk = desk_for(None, store)
    form = desk.form()
    if form.encrypted:
        note(f"Kho “{form.path}” đã mã hoá từ trước: chỉ mã hoá nốt những gì còn chưa mã hoá bên cạnh.")
        _tell(desk.finish_encrypting(backups=_backups(backups, form.otherwise)))
        return
    passphrase = _new_passphrase(piped=piped)
    chosen = _backups(backups, form.backups)
    code = _new_code(piped=piped)
    done = desk.encrypt(passphrase, code, backups=chosen)
    say(f"Đã mã hoá kho “{form.path}”.")
    _tell(done)
    note(
        "Quên cả mật khẩu lẫn mã khôi phục thì không ai mở được kho nữa. Bản sao lưu mang khoá theo, mở bằng cùng mật "
        "khẩu ấy. Bản chép tay ở nơi khác (USB, thư) từ trước vẫn chưa mã hoá: tự xoá."
    )


@store_group.command("decrypt", cls=command("giai-ma"), help="Bỏ mã hoá: ai có tệp kho, tệp đi kèm thì đọc được.")
def decrypt(backups: OldBackups = None, store: arguments.Store = None) -> None:
    """Make the store plain again."""
    desk = desk_for(None, store)
    form = desk.form()
    done = desk.decrypt(backups=_backups(backups, form.backups) if form.encrypted else "keep")
    say(f"Kho “{form.path}” không còn mã hoá.")
    _tell(done)


@store_group.command("rekey", cls=command("doi-khoa"), help="Đổi mật khẩu của kho đã mã hoá; đổi cả khoá với --raw.")
def rekey(
    new_code: Annotated[bool, typer.Option("--new-code", help="Cấp luôn mã khôi phục mới; mã cũ hết dùng.")] = False,
    raw: Annotated[
        bool,
        typer.Option("--raw", help="Đổi cả khoá, ghi lại kho và mọi bản sao lưu: khi người khác đã biết mật khẩu."),
    ] = False,
    piped: Piped = False,
    store: arguments.Store = None,
) -> None:
    """Put another passphrase on the store."""
    desk = desk_for(None, store)
    form = desk.form()  # asks for the passphrase of now
    if not form.encrypted:
        raise BadInput(f"Kho “{form.path}” không mã hoá. Mã hoá: dubi store encrypt")
    passphrase = Secrets(piped=piped).password("Mật khẩu mới của kho", twice=True)
    _require(passphrase)
    code = _new_code(piped=piped) if new_code or raw else None
    done = desk.rekey(None, passphrase, code, raw=raw)
    say(f"Đã đổi {'khoá và mật khẩu' if raw else 'mật khẩu'} của kho “{form.path}”.")
    _name("Không ghi lại được, vẫn mở bằng mật khẩu cũ", done.backups.left)
    note("Bản sao lưu chép ra nơi khác từ trước vẫn mở bằng mật khẩu cũ.")


@store_group.command(
    "key", cls=command("khoa"), help="Xem kho có mã hoá không; cấp lại mã khôi phục; lấy lại tệp khoá."
)
def key(
    new_code: Annotated[bool, typer.Option("--new-code", help="Cấp mã khôi phục mới; mã cũ hết dùng.")] = False,
    back_from: Annotated[
        Path | None,
        typer.Option("--from", metavar="TỆP", help="Lấy lại tệp khoá đã mất từ bản sao lưu hoặc tệp khoá đã chép."),
    ] = None,
    raw_to: Annotated[
        Path | None,
        typer.Option("--raw-to", metavar="TỆP", help="Ghi khoá ra tệp cho kịch bản (DUBI_KEY_FILE); giữ thật kín."),
    ] = None,
    force: arguments.Force = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Tell about the key, put it back, or give another recovery code."""
    if back_from is not None:
        _put_back(back_from, store)
        return
    desk = desk_for(None, store)
    form = desk.form()
    if new_code:
        _give_code(desk, encrypted=form.encrypted, path=form.path)
    if raw_to is not None:
        desk.write_raw_key(raw_to, replace=force)
        note(f"Đã ghi khoá ra tệp “{raw_to}”: ai có tệp này thì mở được kho mà không cần mật khẩu.")
    if as_json:
        print_json(form.as_json())
        return
    if form.encrypted:
        say(f"Kho “{form.path}” đã mã hoá, khoá {form.key}. Mở bằng mật khẩu hoặc mã khôi phục.")
        _name("Chưa mã hoá bằng khoá này (ghi lại: dubi store encrypt)", form.otherwise)
    else:
        say(f"Kho “{form.path}” không mã hoá. Mã hoá: dubi store encrypt")
        _name("Bản sao lưu vẫn mã hoá, mở bằng mật khẩu cũ", form.otherwise)


def _put_back(file: Path, store: str | None) -> None:
    """Without the key nobody can sign in: whoever knows the passphrase may do it."""
    from desk.keeping.encryption import put_key_back
    from desk.source import store_url

    ask_for_passphrases()
    put_key_back(store_url(store), file)
    say(f"Đã lấy lại tệp khoá từ “{file}”. Kho mở được như trước.")


def _give_code(desk: Desk, *, encrypted: bool, path: Path) -> None:
    if not encrypted:
        raise BadInput(f"Kho “{path}” không mã hoá nên không có mã khôi phục. Mã hoá: dubi store encrypt")
    left = desk.put_new_code(_new_code(piped=False))
    note("Mã khôi phục cũ hết dùng, trừ bản sao lưu chép ra nơi khác từ trước.")
    _name("Không ghi lại được, vẫn mở bằng mã cũ", left)


def _new_passphrase(*, piped: bool) -> str:
    from desk.keeping.encryption import passphrase_of_key_file

    typed = None if piped else passphrase_of_key_file()
    if typed is None:
        note("Chọn mật khẩu dài mà dễ nhớ, ví dụ một câu từ năm từ trở lên. Chương trình không giữ mật khẩu này.")
        typed = Secrets(piped=piped).password("Mật khẩu mới của kho", twice=True)
    _require(typed)
    return typed


def _require(passphrase: str) -> None:
    from desk.keeping.encryption import require_passphrase

    require_passphrase(passphrase)


def _new_code(*, piped: bool) -> str:
    """A recovery code, shown once; whoever sits there types it back from paper. Raises `BadInput`."""
    from desk.keeping.encryption import new_code, require_typed_back

    code = new_code()
    say(f"Mã khôi phục, chỉ hiện lần này: {code}")
    note("Ghi ra giấy, cất ở nơi khác máy này. Quên mật khẩu thì mở kho bằng mã này.")
    if piped or not on_a_terminal():
        return code
    for left in reversed(range(_TRIES)):
        try:
            require_typed_back(ask("Gõ lại mã khôi phục từ giấy:"), code)
        except BadInput as error:
            if not left:
                raise
            note(str(error))
        else:
            break
    return code


def _backups(chosen: str | None, files: Sequence[Path]) -> Backups:
    """What becomes of the automatic backups: as it was chosen, as is answered, else they are written anew."""
    if chosen is None and files and on_a_terminal():
        note(f"Có {len(files)} bản sao lưu tự động, theo dạng cũ của kho:")
        for path in files:
            note(f"  {path}")
        answer = ask("Ghi lại theo dạng mới (Enter), xoá (x), hay để nguyên (d)?").casefold()
        chosen = {"": "rewrite", "x": "remove", "d": "keep"}.get(answer)
        if chosen is None:
            raise typer.Abort
    return next(choice for choice in CHOICES if choice == (chosen or "rewrite"))


def _tell(done: Recast) -> None:
    words = {"rewrite": "Đã ghi lại bản sao lưu theo dạng mới", "remove": "Đã xoá bản sao lưu dạng cũ", "keep": ""}
    _name(words[done.what], done.backups.done)
    if done.form.encrypted:
        _name("CHƯA mã hoá, còn đọc được (xoá: dubi store encrypt --backups remove)", done.form.otherwise)
    else:
        _name("Vẫn mã hoá, mở bằng mật khẩu cũ", done.form.otherwise)


def _name(words: str, files: Sequence[Path]) -> None:
    for path in files:
        note(f"{words}: {path}")
