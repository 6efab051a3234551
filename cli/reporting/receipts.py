"""Receipts on the command line: kept beside an answer, and verified later by `dubi report verify`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer import BadParameter, Exit

from cli.screen.opening import desk_for
from cli.screen.output import note, print_json, say, strong

if TYPE_CHECKING:
    from desk.desk import Desk
    from desk.filling.receipts import Moved, Mover, Receipted, Verification
    from desk.filling.reported import AllSent, Changed, Sent

LINES = 40
"""As many figures and changes are shown."""
FEW = 5
"""As many people of one write, and figures of a remark."""


def keep(desk: Desk, answer: Receipted, path: Path, *, replace: bool) -> None:
    """Write the receipt of an answer, and say so."""
    kept = desk.keep_receipt(answer, path, replace=replace)
    note(f"Đã ghi biên nhận ra tệp “{path}”. Kiểm lại sau này: dubi report verify {path}")
    if kept.marked is not None:
        note(f"Kho đã đánh dấu là đã báo (lần ghi {kept.marked.name}); số liệu đổi về sau xem ở: dubi report sent")
    elif kept.problem is not None:
        note(f"Chưa đánh dấu được trong kho là đã báo: {kept.problem}")


def tell_sent_before(desk: Desk, answer: Receipted) -> dict[str, Any]:
    """Say on stderr where the very thing was reported with other figures; gives what programs are told of it."""
    from desk.words.receipts import report_in_words

    before = desk.sent_before(answer)
    if before is not None and not before.stands:
        told = [f"{one.in_words}{_why(one)}" for one in before.changed]
        more = f"; và {len(told) - FEW} số liệu nữa" if len(told) > FEW else ""
        note(f"Chú ý: {report_in_words(before.report)}. {'; '.join(told[:FEW])}{more}. Xem đủ: dubi report sent")
    return {"reported": before and before.as_json()}


def _why(one: Changed) -> str:
    """Because of which writes, about whom, in a few words."""
    from desk.words.log import without_numbers

    people = dict.fromkeys(without_numbers(str(person)) for cause in one.because for person in cause.people)
    writes = ", ".join(dict.fromkeys(cause.batch.name for cause in one.because))
    about = f" về {', '.join(list(people)[:FEW])}{' …' if len(people) > FEW else ''}" if people else ""
    reasons = (["quy tắc đã khác"] if one.by_rules else []) + ([f"lần ghi {writes}{about}"] if writes else [])
    return f" vì {' và '.join(reasons)}" if reasons else ""


def sent(store: str | None, *, as_json: bool) -> None:
    """List the reports that were sent, and what moved their figures since; ends with 1 where one does not stand."""
    found = desk_for(None, store).sent()
    if as_json:
        print_json(found.as_json())
    else:
        _print_sent(found)
    if not found.stands:
        raise Exit(1)


def _print_sent(found: AllSent) -> None:
    from desk.words.receipts import report_in_words

    if not found.sent:
        say("Chưa báo cáo nào được đánh dấu là đã gửi. Đánh dấu khi gửi: dubi report BIỂU … --receipt TỆP.json")
    for one in found.sent:
        say(strong(report_in_words(one.report)))
        if one.report.replaced_by:
            say(f"  Đã báo lại (lần ghi {one.report.replaced_by}).")
        elif one.stands:
            say("  Vẫn đúng như đã báo.")
        else:
            _print_changed(one)


def _print_changed(one: Sent) -> None:
    from desk.words.log import action, when, without_numbers

    if not one.same_rules:
        say("  Bộ quy tắc nay khác với khi báo.")
    if not one.traced:
        say("  Nhật ký không còn cho biết lúc ấy sổ ghi thế nào, nên chỉ so được số liệu.")
    for changed in one.changed[:LINES]:
        reasons = " vì:" if changed.because or changed.by_rules else "."
        say(f"  {changed.in_words}{reasons}")
        if changed.by_rules:
            say("    quy tắc đã khác")
        for cause in changed.because:
            batch, people = cause.batch, [without_numbers(str(person)) for person in cause.people]
            more = f" và {len(people) - FEW} người nữa" if len(people) > FEW else ""
            about = f": {', '.join(people[:FEW])}{more}" if people else ""
            say(f"    lần ghi {batch.name} ({action(batch)}, {without_numbers(batch.who)}, {when(batch)}){about}")
    if len(one.changed) > LINES:
        say(f"  … và {len(one.changed) - LINES} số liệu nữa; xem đủ bằng --json.")


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
    from desk.words.receipts import asked_in_words

    receipt, question = found.receipt, found.receipt.question
    made_at = here(dt.datetime.fromisoformat(receipt.made_at))
    say(strong(f"Biên nhận lập lúc {made_at:%H:%M ngày %d/%m/%Y}: {asked_in_words(question)}"))
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
