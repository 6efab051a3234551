"""Several users on the command line: signing in, accounts, and that no command goes past whoever is signed in."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pyotp
import pytest
import typer
from typer._click.core import Parameter

from cli import families
from desk.accounts import console
from tests.calling import Ran, call
from tests.desk.accounts.an_office import PASSWORD, hash_lightly

Command = Callable[..., Ran]
CELL = "CB-01"


@pytest.fixture
def run(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command before a filled store in its usual place; ``piped`` are the lines on its stdin."""
    assert book.exists()
    hash_lightly(monkeypatch)

    def run(*arguments: object, piped: str = "", **environment: str) -> Ran:
        ran = call(arguments, tmp_path, environment, piped=piped)
        assert "Traceback" not in ran.err
        return ran

    return run


def with_users(run: Command) -> None:
    """An administrator, who is signed in, and a secretary of the cell."""
    assert run("user", "add", "chu", "--password-stdin", piped=PASSWORD).code == 0
    assert run("sign-in", "chu", "--password-stdin", piped=PASSWORD).code == 0
    assert run("user", "add", "an", "--password-stdin", piped=PASSWORD).code == 0
    assert run("user", "grant", "an", "secretary", CELL).code == 0


def test_without_users_nothing_asks_who_is_there(run: Command) -> None:
    """A store of one user works as ever: the log names the account of the machine, nobody signs in."""
    assert run("check").code == 0
    assert "chưa có tài khoản" in run("user", "list").out
    refused = run("sign-in", "an", "--password-stdin", piped=PASSWORD)
    assert (refused.code, "không phải đăng nhập" in refused.err) == (2, True)
    assert "Chưa ai đăng nhập" in run("sign-out").out


def test_the_first_user_and_those_she_lets_in(run: Command, book: Path) -> None:
    """The first is administrator and is told what that means; from then on every command belongs to somebody."""
    first = run("user", "add", "chu", "--password-stdin", piped=f"{PASSWORD}\n")
    assert first.code == 0
    assert "quản trị" in first.err
    assert "dubi sign-in" in first.err
    refused = run("check")
    assert (refused.code, refused.out) == (2, "")
    assert "dubi sign-in" in refused.err
    assert run("user", "add", "an", "--password-stdin", piped=PASSWORD).code == 2
    wrong = run("sign-in", "chu", "--password-stdin", piped="sai mat khau roi")
    assert (wrong.code, "chưa đúng" in wrong.err) == (2, True)
    assert run("sign-in", "CHU", "--password-stdin", piped=PASSWORD).code == 0
    assert run("user", "add", "an", "--password-stdin", piped=PASSWORD).code == 0
    given = run("user", "grant", "an", "bi-thu", CELL, "--until", "31/12/2099")
    assert f"bí thư ở {CELL}" in given.out
    assert given.code == 0
    assert run("check").code == 2  # an administrator as such reads no case
    listed = run("user", "list", "--json").json["users"]
    assert [(one["name"], [grant["role"] for grant in one["grants"]]) for one in listed] == [
        ("an", ["secretary"]),
        ("chu", ["admin"]),
    ]
    assert "đang có, chu cấp" in run("user", "list").out
    assert run("dang-nhap", "an", "--password-stdin", piped=PASSWORD).code == 0
    assert run("check").code == 0
    assert run("user", "list").code == 2
    assert run("dang-xuat").code == 0
    assert run("check").code == 2
    assert book.with_name("desk.sqlite").exists()


def test_what_is_written_bears_her_name(run: Command) -> None:
    """The log names who is signed in, whatever the machine or DUBI_USER says."""
    with_users(run)
    run("sign-in", "an", "--password-stdin", piped=PASSWORD)
    code = run("check", "--json").json["findings"][0]["case"]
    done = run("correct", code, "Ghi chú=đã xem", "--confirm", DUBI_USER="nguoi khac")
    assert done.code == 0, done.err
    assert run("log", "--json").json["batches"][-1]["who"] == "an"


OPEN = {("sign-in",), ("sign-out",), ("web",), ("user", "add"), ("user", "passwd")}
"""Commands by which somebody is let in, each with a test of its own."""
LINES: dict[tuple[str, ...], list[str]] = {
    ("backup",): ["out.sqlite"],
    ("restore",): ["copy.sqlite"],
    ("export",): ["out.xlsx"],
    ("fill",): ["x.xlsx", "--out", "out.xlsx"],
    ("find",): ["x"],
    ("paper",): ["giay-moi", "x", "--out", "out.docx"],
    ("record",): ["x", "ket-nap", "--on", "2026-11-20"],
    ("correct",): ["x", "Ghi chú=đã xem"],
    ("unit", "set"): ["x", "Tên đơn vị=X"],
    ("user", "revoke"): ["x", "--all"],
    ("privacy", "breach"): ["out.docx", "--what", "x", "--since", "2026-11-18", "--detected", "2026-11-19 08:30"],
    ("privacy", "request", "add"): ["x", "--kind", "view"],
    ("privacy", "request", "close"): ["1", "--outcome", "done"],
    ("report",): ["F2", "--from", "2026-01-01", "--to", "2026-10-31"],
}
"""What is given to commands whose arguments are not made up."""


def test_no_command_goes_past_the_door(run: Command, book: Path, tmp_path: Path) -> None:
    """Every command that takes a store refuses who is not signed in, and neither reads nor writes."""
    with_users(run)
    run("sign-out")
    shutil.copyfile(book, tmp_path / "copy.sqlite")
    before, asked, past = book.read_bytes(), 0, []
    for words, command in _commands(typer.main.get_command(families.whole()), ()):
        if words in OPEN or not any("--store" in one.opts for one in command.params):
            continue
        made_up = [part for one in command.params if one.required for part in _something(one)]
        ran = run(*words, *LINES.get(words, made_up))
        asked += 1
        if (ran.code, ran.out) != (2, "") or "dubi sign-in" not in ran.err:
            past.append((words, ran.code, ran.err))
    assert not past, [str(one) for one in past]
    assert asked > 40
    assert book.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"home", "copy.sqlite"}


def _commands(group: object, words: tuple[str, ...]) -> list[tuple[tuple[str, ...], typer.core.TyperCommand]]:
    """Every command below a group, with the words that call it."""
    found = []
    for name, one in getattr(group, "commands", {}).items():
        below = _commands(one, (*words, name))
        found += below or [((*words, name), one)]
    return found


def _something(param: Parameter) -> list[str]:
    """Something of the form that a needed argument or option asks for."""
    told = f"{getattr(param, 'metavar', '')} {param.name}".casefold()
    value = next(
        (
            text
            for word, text in (("ngày", "2026-11-20"), ("năm", "2026"), ("số", "1"), ("vai", "reader"))
            if word in told
        ),
        str(param.name),
    )
    return [max(param.opts, key=len), value] if isinstance(param, typer.core.TyperOption) else [value]


def test_a_session_ends_and_is_its_owners(run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half an hour unused ends it; its file is for its owner's eyes, and one that was tampered with opens nothing."""
    with_users(run)
    run("sign-in", "an", "--password-stdin", piped=PASSWORD)
    (file,) = (tmp_path / "home").glob("phien-*")
    assert file.stat().st_mode & 0o777 == 0o600
    name = file.read_text(encoding="utf-8")
    assert name not in (tmp_path / "home" / "desk.sqlite").read_bytes().decode("latin-1")
    file.write_text(name[:-1], encoding="utf-8")
    assert run("check").code == 2
    file.write_text(name, encoding="utf-8")
    assert run("check").code == 0
    later = console.utc_now() + dt.timedelta(minutes=31)
    monkeypatch.setattr(console, "utc_now", lambda: later)
    assert run("check").code == 2


def test_a_forgotten_password(run: Command) -> None:
    """Reset by an administrator it is shown once and has to be changed; set by the owner of the files it is hers."""
    with_users(run)
    reset = run("user", "passwd", "an")
    handed = re.search(r"lần này: (\S+)", reset.out)
    assert handed is not None
    run("sign-in", "an", "--password-stdin", piped=handed[1])
    refused = run("check")
    assert (refused.code, "dubi user passwd an" in refused.err) == (2, True)
    new = "sau bay tam chin muoi"
    assert run("user", "passwd", "an", "--password-stdin", piped=f"{handed[1]}\n{new}\n").code == 0
    assert run("check").code == 2  # all her sessions have ended
    assert run("sign-in", "an", "--password-stdin", piped=new).code == 0
    assert run("check").code == 0
    run("sign-out")
    assert run("user", "passwd", "an", "--password-stdin", piped="nắng mưa gió bão lụt").code == 0  # the files are ours
    assert run("sign-in", "an", "--password-stdin", piped="nắng mưa gió bão lụt").code == 0
    assert run("user", "passwd", "khong", "--password-stdin", piped=new).code == 2


def test_roles_are_taken_away(run: Command) -> None:
    """One role, one at a unit, or all; which is meant is never guessed, the last administrator stays."""
    with_users(run)
    assert run("user", "revoke", "an").code == 2
    assert run("user", "revoke", "an", "chu-tich").code == 2
    none = run("user", "revoke", "an", "reader")
    assert (none.code, "không có quyền như vậy" in none.err) == (2, True)
    assert run("user", "revoke", "an", "secretary", CELL).code == 0
    assert run("user", "list", "--json").json["users"][0]["grants"][0]["state"] == "taken"
    last = run("user", "revoke", "chu", "--all")
    assert (last.code, "cuối cùng" in last.err) == (3, True)
    refused = run("user", "grant", "an", "reader", "CB-0l")
    assert (refused.code, "Không có đơn vị" in refused.err) == (2, True)


def test_a_password_is_never_an_argument(run: Command) -> None:
    """No option takes one; without a pipe and without anybody who types, nothing is guessed or left empty."""
    for words, command in _commands(typer.main.get_command(families.whole()), ()):
        for param in command.params:
            if any("pass" in spelling for spelling in param.opts):
                assert getattr(param, "is_flag", False), words
    for line in (("user", "add", "an"), ("user", "add", "an", "--password-stdin")):
        refused = run(*line)
        assert (refused.code, "đường ống" in refused.err.casefold()) == (3, True)
    assert "chưa có tài khoản" in run("user", "list").out
    short = run("user", "add", "an", "--password-stdin", piped="ngan qua")
    assert (short.code, "12 ký tự" in short.err) == (3, True)


def test_a_code_is_asked_for_where_it_is_switched_on(run: Command, book: Path) -> None:
    """The line after the password is the code; without it the sentence is that of a wrong password."""
    with_users(run)
    from desk.accounts.office import Office
    from desk.accounts.signing import signed_in

    url, now = f"sqlite:///{book}", console.utc_now()
    (file,) = book.parent.glob("phien-*")
    by = signed_in(url, file.read_text(encoding="utf-8"), now=now, today=now.date())
    secret = pyotp.random_base32()
    codes = pyotp.TOTP(secret)
    stamp = now.replace(tzinfo=dt.UTC)
    paper = Office(url, by, now.date(), lambda: now, "").ask_me_for_codes(secret, codes.at(stamp))
    assert run("sign-in", "chu", "--password-stdin", piped=PASSWORD).code == 2
    assert run("sign-in", "chu", "--password-stdin", piped=f"{PASSWORD}\n{paper[0]}\n").code == 0
