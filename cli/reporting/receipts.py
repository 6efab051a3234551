"""Receipts on the command line: kept beside an answer, and verified later by `dubi report verify`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from typer import BadParameter, Exit

from cli.screen.opening import desk_for
from cli.screen.output import note, on_screen, print_json, say, strong

if TYPE_CHECKING:
    from desk.desk import Desk
    from desk.filling.receipts import Moved, Mover, Receipted, Verification

LINES = 40
"""As many figures and changes are shown."""


def keep(desk: Desk, answer: Receipted, path: Path, *, replace: bool) -> None:
    """Write the receipt of an answer, and say so."""
    desk.keep_receipt(answer, path, replace=replace)
    note(f"Đã ghi biên nhận ra tệp “{path}”. Kiểm lại sau này: dubi report verify {path}")


def verify(path: Path | None, store: str | None, *, as_json: bool) -> None:
    """Show whether the answer of a receipt still stands, and what has moved it; ends with 1 where it does not."""
    if path is None:
        raise BadParameter("Thiếu tệp biên nhận: dubi report verify TỆP.json")
    found = desk_for(None, store).verify(path)
    if as_json:
        print_json(found.as_json())
    else:
        _print(found)
    if not found.holds:
        raise Exit(1)


def _print(found: Verification) -> None:
    from desk.words.log import here

    receipt, question = found.receipt, found.receipt.question
    made_at = here(dt.datetime.fromisoformat(receipt.made_at))
    asked = f"dubi {question.command}{f' {question.form}' if question.form else ''}"
    asked += f", tính đến ngày {on_screen(question.as_of)}"
    if question.start:
        asked += f", kỳ {on_screen(question.start)} – {on_screen(question.end)}"
    say(strong(f"Biên nhận lập lúc {made_at:%H:%M ngày %d/%m/%Y}: {asked}"))
    if not found.same_rules:
        say("Bộ quy tắc nay khác với khi lập biên nhận.")
    if not found.found:
        if receipt.source.file is not None:
            say(f"Không có tệp “{receipt.source.file}” đúng như khi lập biên nhận, nên không kiểm lại được.")
        else:
            say("Nhật ký của kho này không có lần ghi mà biên nhận dựa vào: kho khác, hoặc nhật ký đã bị sửa.")
        return
    if found.not_reproduced:
        say(f"Tính lại từ những gì đã biết lúc đó, {len(found.not_reproduced)} số liệu ra khác:")
        _print_moved(found.not_reproduced)
    else:
        say("Tính lại từ những gì đã biết lúc đó: đúng như biên nhận.")
    if receipt.source.file is None:
        _print_now(found)


def _print_now(found: Verification) -> None:
    if not found.moved:
        say("Tính từ những gì biết hôm nay: vẫn như vậy.")
        return
    say(f"Tính từ những gì biết hôm nay, {len(found.moved)} số liệu đã khác:")
    _print_moved(found.moved)
    say(f"\n{strong('Những thay đổi đã ghi làm số liệu khác đi')}")
    for mover in found.movers[:LINES]:
        _print_mover(mover)
    if len(found.movers) > LINES:
        say(f"  … và {len(found.movers) - LINES} thay đổi nữa; xem đủ bằng --json.")


def _print_moved(moved: tuple[Moved, ...]) -> None:
    from desk.words.receipts import figure_label, figure_value

    for one in moved[:LINES]:
        say(f"  {figure_label(one.name)}: {figure_value(one.then)} → {figure_value(one.now)}")
    if len(moved) > LINES:
        say(f"  … và {len(moved) - LINES} số liệu nữa; xem đủ bằng --json.")


def _print_mover(mover: Mover) -> None:
    from desk.words.log import action, lines_of, when
    from desk.words.receipts import figure_label, figure_value

    batch = mover.batch
    say(f"  Lần ghi {batch.name} ({action(batch)}, {batch.who}, {when(batch)})")
    for change in mover.changes[:3]:
        for line in lines_of(change):
            say(f"    {line}")
    if len(mover.changes) > 3:
        say(f"    … và {len(mover.changes) - 3} thay đổi nữa")
    for one in mover.figures[:5]:
        say(f"      {figure_label(one.name)}: {figure_value(one.then)} → {figure_value(one.now)}")
    if len(mover.figures) > 5:
        say(f"      … và {len(mover.figures) - 5} số liệu nữa")
