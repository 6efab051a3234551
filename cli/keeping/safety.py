"""`dubi backup`, `restore` and `doctor`: nothing lost, and told in time when something might be."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.screen import arguments
from cli.screen.effects import Confirm, ask, on_a_terminal
from cli.screen.opening import desk_for
from cli.screen.output import note, print_json, say, strong
from cli.screen.vietnamese import command

app = typer.Typer()

MARKS = {"fine": "tốt", "attention": "xem lại", "broken": "hỏng"}


@app.command("backup", cls=command("sao-luu"), help="Sao lưu kho ra một tệp, đã kiểm tra toàn vẹn.")
def backup(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp sẽ ghi ra, hoặc thư mục (tên tệp sẽ có ngày giờ).")],
    force: arguments.Force = False,
    store: arguments.Store = None,
) -> None:
    """Copy the store to a file."""
    from desk.keeping.store import carries_key

    made = desk_for(None, store).backup(file, replace=force)
    say(f"Đã sao lưu kho ra tệp “{made}” ({made.stat().st_size // 1024} KB), đã kiểm tra toàn vẹn.")
    if carries_key(made):
        note("Tệp này mã hoá như kho và mang khoá theo: mở ở máy nào cũng bằng mật khẩu hoặc mã khôi phục của kho.")
    else:
        note("Tệp này chứa hồ sơ đảng viên, không được mã hoá: giữ ở nơi quy định cho phép.")


@app.command("restore", cls=command("phuc-hoi"), help="Phục hồi kho từ một bản sao lưu; kho đang dùng được cất lại.")
def restore(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Bản sao lưu.")],
    confirm: Confirm = False,
    store: arguments.Store = None,
) -> None:
    """Put a backup in the place of the store."""
    done = desk_for(None, store).restore(file, confirmed=confirm, agrees=_agrees if on_a_terminal() else None)
    say(f"Đã phục hồi kho từ tệp “{file}”: {done.verdict.batches} lần ghi, {done.verdict.changes} thay đổi.")
    if done.lost.writes:
        say(f"Đã bỏ {len(done.lost.writes)} lần ghi mà bản sao lưu không có; nhật ký giữ một dòng kể rõ (dubi log).")
    if done.lost.erased_again:
        note(f"Bản sao lưu còn {done.lost.erased_again} hồ sơ đã xoá hẳn theo yêu cầu: đã xoá lại, không phục hồi.")
    if done.aside is not None:
        note(f"Kho trước khi phục hồi đã cất ở “{done.aside}”.")


def _agrees(question: str) -> bool:
    """Whether whoever sits there wants it all the same; raises `Abort` where not."""
    note(question)
    if ask("Vẫn phục hồi? (c = có, Enter = không)").casefold() not in ("c", "có", "co"):
        raise typer.Abort
    return True


@app.command(
    "doctor",
    cls=command("kham"),
    help="Khám kho và máy: tệp, nhật ký, sao lưu, lịch, số liệu thiếu hay mâu thuẫn. Mã 1 khi có điều phải xem lại.",
)
def doctor(
    store: arguments.Store = None,
    as_of: arguments.AsOf = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Kể cả phần mềm đi kèm: bản nào, thiếu gì, cách cài.")
    ] = False,
    as_json: arguments.Json = False,
) -> None:
    """Look the store and the machine over."""
    found = desk_for(None, store).doctor(as_of)
    if as_json:
        print_json(found.as_json())
    else:
        from desk.keeping.doctor import TECHNICAL

        for one in found.checks:
            if one.name in TECHNICAL and one.state == "fine" and not everything:
                continue
            mark = f"[{MARKS[one.state]}]"
            say(f"{mark if one.state == 'fine' else strong(mark):9} {one.said}")
            if one.hint:
                say(f"{'':9} {one.hint}")
    states = {one.state for one in found.checks}
    if "broken" in states:
        raise typer.Exit(4)
    if "attention" in states:
        raise typer.Exit(1)
