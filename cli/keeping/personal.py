"""`dubi person`: all that is kept of one person in a file for her, and erasing it for ever."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.effects import Case, Preview, ask, on_a_terminal
from cli.screen.opening import desk_for
from cli.screen.output import note, print_json, say, strong
from cli.screen.vietnamese import command, group

if TYPE_CHECKING:
    from desk.personal.erasing import ErasedFor

app = typer.Typer()
person = typer.Typer(
    name="person",
    cls=group("ca-nhan"),
    help="Dữ liệu của một người: xuất hết ra một tệp, hoặc xoá hẳn theo yêu cầu.",
    no_args_is_help=True,
)
app.add_typer(person)


@person.command(
    "export", cls=command("xuat"), help="Ghi ra một tệp mọi điều kho, nhật ký, bản sao lưu giữ về một người."
)
def export(
    case: Case,
    file: Annotated[
        Path,
        typer.Argument(metavar="TỆP", help="Tệp sẽ ghi ra: .docx để đọc, .json cho chương trình khác."),
    ],
    force: arguments.Force = False,
    store: arguments.Store = None,
) -> None:
    """Write all about one person to a file."""
    found = desk_for(None, store).about_one(case)
    found.write(file, replace=force)
    say(f"Đã ghi ra tệp “{file}”: {len(found.things)} mục trong sổ, {len(found.writes)} lần ghi trong nhật ký.")
    for one in found.backups:
        say(f"Bản sao lưu còn giữ người này: {one.path}")
    note("Tệp này có mọi dữ liệu của một người, không che gì: chỉ giao cho chính người ấy hoặc người được phép.")


@person.command(
    "erase", cls=command("xoa-han"), help="Xoá hẳn một người khỏi kho, nhật ký, bản sao lưu; không lấy lại được."
)
def erase(
    case: Case,
    ground: Annotated[
        str, typer.Option("--ground", metavar="CĂN-CỨ", help="Số, ngày của văn bản hoặc đơn; ở lại mãi trong nhật ký.")
    ] = "",
    learners: Annotated[
        bool | None,
        typer.Option(
            "--learners/--no-learners", help="Học viên trùng họ tên, không có hồ sơ: là người này, hay không."
        ),
    ] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="Đã xem những gì sẽ mất và vẫn xoá hẳn.")] = False,
    preview: Preview = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Erase a person for ever, or show what that would do."""
    desk = desk_for(None, store)
    shown = desk.erasing(case)
    if not as_json:
        say(strong(f"Xoá hẳn người có hồ sơ {case}"))
        for line in shown.told:
            say(f"  {line}")
    done = None
    if not preview and (confirm or _agreed(case, may_ask=not as_json)):
        done = desk.erase(shown, ground, learners=learners)
    if as_json:
        print_json({**shown.as_json(), "done": done and done.as_json()})
    if done is None:
        note("Đây là xem trước: chưa xoá gì. Muốn xoá hẳn thì ghi --ground CĂN-CỨ và --confirm; không hoàn tác được.")
    else:
        _tell(done)


def _agreed(case: str, *, may_ask: bool) -> bool:
    """Whether somebody who sits there types the code once more; raises `Abort` for anything else."""
    if not may_ask or not on_a_terminal():
        return False
    if ask(f"Không lấy lại được. Gõ lại mã hồ sơ “{case}” để xoá hẳn (Enter = thôi)") != case:
        raise typer.Abort
    return True


def _tell(done: ErasedFor) -> None:
    erased = done.erased
    note(f"Đã xoá hẳn {erased.cases} hồ sơ, {erased.lines} dòng nhật ký (lần ghi {erased.batch}).")
    for path in done.rewritten:
        note(f"Đã ghi lại bản sao lưu không còn người này: {path}")
    for path in done.left:
        note(f"Bản sao lưu này VẪN CÒN giữ người ấy, chưa ghi lại được; tự xoá tệp: {path}")
    if not erased.clean:
        note("Kho đang mở ở nơi khác, tệp kho chưa dọn hết: đóng mọi cửa sổ dubi rồi chạy: dubi person tidy")


@person.command("tidy", cls=command("don-kho"), help="Dọn nốt tệp kho sau một lần xoá hẳn khi kho đang mở ở nơi khác.")
def tidy(store: arguments.Store = None) -> None:
    """Write the store's file anew, without what was let go."""
    if not desk_for(None, store).tidy():
        note("Kho vẫn đang mở ở nơi khác. Đóng mọi cửa sổ dubi rồi chạy lại.")
        raise typer.Exit(4)
    say("Đã dọn tệp kho: không còn chỗ nào giữ nội dung cũ.")
