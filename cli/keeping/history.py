"""`dubi log`, `undo` and `redo`: what was written when by whom, whether it still is that, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.effects import Confirm, ask, on_a_terminal
from cli.screen.opening import desk_for
from cli.screen.output import note, print_json, say, strong
from cli.screen.vietnamese import command, group
from desk.question import MOST_WRITES

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk.keeping.log import Taken, Written
    from desk.values import LoggedChange, Verdict

PEOPLE, LINES = 3, 40
"""As many people of one write are named, and as many of its changes shown unless all are asked for."""

app = typer.Typer()
log = typer.Typer(
    name="log",
    cls=group("nhat-ky"),
    help="Nhật ký ghi sổ: ai ghi gì, lúc nào; kiểm chứng nhật ký còn nguyên.",
    invoke_without_command=True,
)
app.add_typer(log)

Name = Annotated[str, typer.Argument(metavar="LẦN-GHI", help="Tên lần ghi, số thứ tự, hoặc phần cuối của tên.")]
OptionalName = Annotated[
    str | None,
    typer.Argument(metavar="LẦN-GHI", help="Tên lần ghi, số thứ tự, hoặc phần cuối của tên. Bỏ trống là lần sau cùng."),
]


@log.callback()
def show_log(
    context: typer.Context,
    number: Annotated[
        int, typer.Option("--number", metavar="SỐ", min=1, max=MOST_WRITES, help="Xem bao nhiêu lần ghi gần nhất.")
    ] = 20,
    case: Annotated[str | None, typer.Option("--case", metavar="MÃ", help="Chỉ những lần ghi của một hồ sơ.")] = None,
    sensitive: arguments.ShowSensitive = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """List the latest writes."""
    if context.invoked_subcommand is not None:
        return
    found = desk_for(None, store, sensitive).log(number, case)
    if as_json:
        print_json(found.as_json())
        return
    for write in reversed(found.writes):
        say(_heading(write))
        for change in write.changes or ():
            _print_change(change)
    if not found.writes:
        say("Nhật ký chưa có gì." if case is None else f"Nhật ký chưa có gì về hồ sơ {case}.")
    elif len(found.writes) < found.number:
        note(f"Còn {found.number - len(found.writes)} lần ghi trước đó; xem thêm bằng --number.")


def _heading(write: Written) -> str:
    from desk.words.log import action, when, without_numbers

    batch, what = write.batch, action(write.batch)
    if batch.undoes:
        what += f" lần {batch.undoes}"
    elif batch.source:
        what += f" “{without_numbers(batch.source)}”"
    gone = "" if write.in_force else " (đã hoàn tác)"
    who, whom = without_numbers(batch.who), write.whom.first(PEOPLE)
    about = f" ({without_numbers(str(whom))})" if whom.people else ""
    return f"{batch.id:>4}  {batch.name}  {when(batch)}  {who}: {what}, {batch.size} thay đổi{about}{gone}"


def _print_change(change: LoggedChange, name: str = "") -> None:
    from desk.words.log import lines_of

    for line in lines_of(change, name):
        say(f"        {line}")


@log.command("show", cls=command("xem"), help="Xem từng thay đổi của một lần ghi.")
def show_batch(
    name: Name,
    everything: Annotated[bool, typer.Option("--all", help="Xem hết, không dừng ở 40 thay đổi.")] = False,
    sensitive: arguments.ShowSensitive = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Show the changes of one write."""
    write = desk_for(None, store, sensitive).write(name)
    if as_json:
        print_json(write.as_json())
        return
    say(_heading(write))
    changes = write.changes or ()
    names = {one.code: one.name for one in write.whom.people}
    for change in changes if everything else changes[:LINES]:
        _print_change(change, names.get(change.key, ""))
    for lost in write.lost:
        say(f"        đã bỏ lần ghi {lost['number']}: {lost['name']}, {lost['who']}, {lost['size']} thay đổi")
    if not everything and len(changes) > LINES:
        note(f"Còn {len(changes) - LINES} thay đổi; thêm --all để xem hết.")


@log.command(
    "verify", cls=command("kiem-chung"), help="Kiểm chứng: nhật ký còn nguyên, và sổ đúng như nhật ký. Mã 1 nếu không."
)
def verify(store: arguments.Store = None, as_json: arguments.Json = False) -> None:
    """Verify the log, and the store against it."""
    found = desk_for(None, store).verify_log()
    if as_json:
        print_json(found.as_json())
    else:
        _print_verdict(found.verdict)
    if not found.verdict.holds:
        raise typer.Exit(1)


def _print_verdict(verdict: Verdict) -> None:
    from desk.words.log import said_of_anchor, thing

    if verdict.holds:
        say(f"Nhật ký còn nguyên: {verdict.batches} lần ghi, {verdict.changes} thay đổi; sổ đúng như nhật ký.")
        say(f"Dấu cuối của nhật ký: {verdict.head}")
        say(said_of_anchor(verdict))
    elif verdict.broken is not None:
        place = f"lần ghi {verdict.broken.batch}"
        if verdict.broken.change is not None:
            place += f", dòng {verdict.broken.change}"
        say(strong(f"Nhật ký đã bị can thiệp ở {place}: {verdict.broken.why}."))
        say("Lấy lại kho từ bản sao lưu trước lúc đó: dubi restore TỆP")
    elif verdict.strayed:
        say(strong(f"Sổ khác với nhật ký ở {len(verdict.strayed)} chỗ: có người đã sửa thẳng vào tệp kho."))
        for one in verdict.strayed[:LINES]:
            say(f"  {thing(one.entity, one.key)}: {', '.join(one.fields)}")
    if verdict.unguarded:
        say(strong(f"Chốt giữ nhật ký đã bị tháo, sửa hay thêm: {', '.join(verdict.unguarded)}."))
    if verdict.misfiled:
        say(strong(f"{len(verdict.misfiled)} hồ sơ có tên dùng để tìm không khớp với họ tên: có người đã sửa thẳng."))
        for code in verdict.misfiled[:LINES]:
            say(f"  {thing('case', code)}")
    if verdict.odd:
        say(strong(f"Kho khác với kho do dubi lập ở {len(verdict.odd)} chỗ:"))
        for odd in verdict.odd[:LINES]:
            say(f"  {odd}")
    if not verdict.anchored.holds:
        say(strong(said_of_anchor(verdict)))


@app.command("undo", cls=command("hoan-tac"), help="Hoàn tác lần ghi sau cùng, hoặc một lần ghi cả sổ nhập vào.")
def undo(
    name: OptionalName = None, confirm: Confirm = False, store: arguments.Store = None, as_json: arguments.Json = False
) -> None:
    """Take back a write."""
    done = desk_for(None, store).undo(name, confirmed=confirm, agrees=_agrees(as_json=as_json))
    _print_taken(done, "Đã hoàn tác", "Muốn làm lại: dubi redo", as_json=as_json)


@app.command("redo", cls=command("lam-lai"), help="Làm lại lần ghi vừa hoàn tác.")
def redo(
    name: OptionalName = None, confirm: Confirm = False, store: arguments.Store = None, as_json: arguments.Json = False
) -> None:
    """Make again what was taken back."""
    done = desk_for(None, store).redo(name, confirmed=confirm, agrees=_agrees(as_json=as_json))
    _print_taken(done, "Đã làm lại", "Muốn bỏ: dubi undo", as_json=as_json)


def _agrees(*, as_json: bool) -> Callable[[str], bool] | None:
    """What asks whoever sits there about a write of somebody else; nobody is asked where a program reads."""

    def agrees(question: str) -> bool:
        note(question)
        if ask("Vẫn làm? (c = có, Enter = không)").casefold() not in ("c", "có", "co"):
            raise typer.Abort
        return True

    return None if as_json or not on_a_terminal() else agrees


def _print_taken(taken: Taken, said: str, hint: str, *, as_json: bool) -> None:
    from desk.words.log import action, when

    if as_json:
        print_json(taken.as_json())
        return
    batch = taken.done.batch
    say(f"{said} lần ghi {batch.name} ({action(batch)}, {batch.who}, {when(batch)}):")
    for line in taken.told:
        say(f"  {line}")
    note(f"Đã ghi (lần ghi {taken.done.name}). {hint}")
