"""`dubi log`, `undo` and `redo`: what was written when by whom, whether it still is that, and the way back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.screen import arguments
from cli.screen.output import note, print_json, say, strong
from cli.screen.vietnamese import command, group
from desk.words.spelling import shown_moment

if TYPE_CHECKING:
    from cases.history.undo import TakenBack
    from cases.history.verification import Verdict
    from cases.log.logbook import LoggedBatch, LoggedChange

ACTIONS = {
    "import": "nhập sổ",
    "add": "thêm người",
    "record": "ghi bước",
    "correct": "sửa",
    "move": "chuyển sinh hoạt",
    "leave": "ra khỏi Đảng",
    "enrol": "ghi danh",
    "course": "lớp",
    "figure": "số nhập tay",
    "unit": "đơn vị",
    "undo": "hoàn tác",
    "redo": "làm lại",
    "restore": "phục hồi",
    "overlay": "chọn quy định riêng",
    "seal": "niêm phong nhật ký mẫu cũ",
    "erase": "xoá hẳn theo yêu cầu",
}
LINES = 40
"""As many changes of one write are shown unless all are asked for."""

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
        int, typer.Option("--number", metavar="SỐ", min=1, max=100_000, help="Xem bao nhiêu lần ghi gần nhất.")
    ] = 20,
    case: Annotated[str | None, typer.Option("--case", metavar="MÃ", help="Chỉ những lần ghi của một hồ sơ.")] = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """List the latest writes."""
    if context.invoked_subcommand is not None:
        return
    from cases.history.undo import in_force
    from cases.log.logbook import read_batches, read_changes
    from cases.store.connection import querying, store_url

    with querying(store_url(store)) as execute:
        batches = read_batches(execute)
        held = in_force(batches)
        changes: dict[int, list[LoggedChange]] = {}
        if case is not None:
            for change in read_changes(execute):
                if _is_about(change, case):
                    changes.setdefault(change.batch, []).append(change)
            batches = [batch for batch in batches if batch.id in changes]
        chosen = batches[-number:]
    if as_json:
        print_json({"batches": [_batch_json(batch, held, changes.get(batch.id)) for batch in chosen]})
        return
    for batch in reversed(chosen):
        say(_heading(batch, held))
        for change in changes.get(batch.id, ()):
            _print_change(change)
    if not chosen:
        say("Nhật ký chưa có gì." if case is None else f"Nhật ký chưa có gì về hồ sơ {case}.")
    elif len(chosen) < len(batches):
        note(f"Còn {len(batches) - len(chosen)} lần ghi trước đó; xem thêm bằng --number.")


def _is_about(change: LoggedChange, case: str) -> bool:
    """Whether a change is of a case, or of something that names it."""
    from cases.values.kinds import KINDS

    names_cases = change.entity == "case" or "case" in KINDS[change.entity].names.values()
    return names_cases and case in change.key.split(" · ")


def _heading(batch: LoggedBatch, held: dict[str, LoggedBatch]) -> str:
    from cases.history.replay import local
    from cases.values.refusals import without_numbers

    what = ACTIONS.get(batch.action, batch.action)
    if batch.undoes:
        what += f" lần {batch.undoes}"
    elif batch.source:
        what += f" “{without_numbers(batch.source)}”"
    gone = "" if batch.name in held else " (đã hoàn tác)"
    when = shown_moment(local(batch.made_at))
    return f"{batch.id:>4}  {batch.name}  {when}  {without_numbers(batch.who)}: {what}, {batch.size} thay đổi{gone}"


def _batch_json(
    batch: LoggedBatch, held: dict[str, LoggedBatch], changes: list[LoggedChange] | None = None
) -> dict[str, Any]:
    from cases.values.refusals import without_numbers

    values = {
        "number": batch.id,
        "batch": batch.name,
        "made_at": f"{batch.made_at.isoformat()}Z",
        "who": without_numbers(batch.who),
        "action": batch.action,
        "source": None if batch.source is None else without_numbers(batch.source),
        "undoes": batch.undoes,
        "in_force": batch.name in held,
        "size": batch.size,
        "hash": batch.hash,
    }
    return values if changes is None else {**values, "changes": [_change_json(change) for change in changes]}


def _change_json(change: LoggedChange) -> dict[str, Any]:
    from cases.values.refusals import without_numbers

    return {
        "id": change.id,
        "entity": change.entity,
        "key": without_numbers(change.key),
        "changes": list(_lines(change)),
    }


def _lines(change: LoggedChange) -> list[str]:
    import json

    from cases.history.telling import told

    before = json.loads(change.before) if change.before else None
    after = json.loads(change.after) if change.after else None
    return list(told(change.entity, before, after))


def _print_change(change: LoggedChange) -> None:
    from cases.values.kinds import KINDS
    from cases.values.refusals import without_numbers

    for line in _lines(change):
        say(f"        {KINDS[change.entity].label} {without_numbers(change.key)}: {line}")


@log.command("show", cls=command("xem"), help="Xem từng thay đổi của một lần ghi.")
def show_batch(
    name: Name,
    everything: Annotated[bool, typer.Option("--all", help="Xem hết, không dừng ở 40 thay đổi.")] = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Show the changes of one write."""
    from cases.history.undo import in_force
    from cases.log.logbook import known_batch, read_batches, read_changes
    from cases.store.connection import querying, store_url

    with querying(store_url(store)) as execute:
        batches = read_batches(execute)
        batch = known_batch(batches, name)
        changes = list(read_changes(execute, first=batch.id, last=batch.id))
    held = in_force(batches)
    if as_json:
        print_json(_batch_json(batch, held, changes))
        return
    say(_heading(batch, held))
    for change in changes if everything else changes[:LINES]:
        _print_change(change)
    if not everything and len(changes) > LINES:
        note(f"Còn {len(changes) - LINES} thay đổi; thêm --all để xem hết.")


@log.command(
    "verify", cls=command("kiem-chung"), help="Kiểm chứng: nhật ký còn nguyên, và sổ đúng như nhật ký. Mã 1 nếu không."
)
def verify(store: arguments.Store = None, as_json: arguments.Json = False) -> None:
    """Verify the log, and the store against it."""
    from cases.history import verification
    from cases.store.connection import store_url

    verdict = verification.verify(store_url(store))
    if as_json:
        print_json(_verdict_json(verdict))
    else:
        _print_verdict(verdict)
    if not verdict.holds:
        raise typer.Exit(1)


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    broken = verdict.broken
    return {
        "holds": verdict.holds,
        "batches": verdict.batches,
        "changes": verdict.changes,
        "head": verdict.head,
        "broken": broken and {"batch": broken.batch, "change": broken.change, "why": broken.why},
        "strayed": [{"entity": one.entity, "key": one.key, "fields": list(one.fields)} for one in verdict.strayed],
    }


def _print_verdict(verdict: Verdict) -> None:
    from cases.values.kinds import KINDS
    from cases.values.refusals import without_numbers

    if verdict.holds:
        say(f"Nhật ký còn nguyên: {verdict.batches} lần ghi, {verdict.changes} thay đổi; sổ đúng như nhật ký.")
        say(f"Dấu cuối của nhật ký: {verdict.head}")
    elif verdict.broken is not None:
        place = f"lần ghi {verdict.broken.batch}"
        if verdict.broken.change is not None:
            place += f", dòng {verdict.broken.change}"
        say(strong(f"Nhật ký đã bị can thiệp ở {place}: {verdict.broken.why}."))
        say("Lấy lại kho từ bản sao lưu trước lúc đó: dubi restore TỆP")
    else:
        say(strong(f"Sổ khác với nhật ký ở {len(verdict.strayed)} chỗ: có người đã sửa thẳng vào tệp kho."))
        for one in verdict.strayed[:LINES]:
            say(f"  {KINDS[one.entity].label} {without_numbers(one.key)}: {', '.join(one.fields)}")


@app.command("undo", cls=command("hoan-tac"), help="Hoàn tác lần ghi sau cùng, hoặc một lần ghi cả sổ nhập vào.")
def undo(name: OptionalName = None, store: arguments.Store = None, as_json: arguments.Json = False) -> None:
    """Take back a write."""
    from cases.history import undo as taking_back
    from cases.store.connection import store_url

    _print_taken(taking_back.undo(store_url(store), name), "Đã hoàn tác", "Muốn làm lại: dubi redo", as_json=as_json)


@app.command("redo", cls=command("lam-lai"), help="Làm lại lần ghi vừa hoàn tác.")
def redo(name: OptionalName = None, store: arguments.Store = None, as_json: arguments.Json = False) -> None:
    """Make again what was taken back."""
    from cases.history import undo as taking_back
    from cases.store.connection import store_url

    _print_taken(taking_back.redo(store_url(store), name), "Đã làm lại", "Muốn bỏ: dubi undo", as_json=as_json)


def _print_taken(done: TakenBack, said: str, hint: str, *, as_json: bool) -> None:
    from cases.history.replay import local
    from cases.history.undo import called

    if as_json:
        numbers = {"removed": done.removed, "altered": done.altered, "restored": done.restored}
        print_json({"undone": done.batch.name, "action": done.batch.action, "batch": done.name, **numbers})
        return
    when: dt.datetime = local(done.batch.made_at)
    what = ACTIONS.get(done.batch.action, done.batch.action)
    say(f"{said} lần ghi {done.batch.name} ({what}, {done.batch.who}, {shown_moment(when)}):")
    for words, counts in (("bỏ", done.removed), ("sửa lại", done.altered), ("thêm lại", done.restored)):
        for thing, number in called(counts):
            say(f"  {words} {number} {thing}")
    note(f"Đã ghi (lần ghi {done.name}). {hint}")
