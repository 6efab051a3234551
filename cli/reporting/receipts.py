"""Receipts on the command line: kept beside an answer, and verified later by `dubi report verify`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer import BadParameter, Exit

from cli.screen.output import note, on_screen, print_json, say, strong
from desk.words.spelling import shown_moment, stored_day

if TYPE_CHECKING:
    from cases.history.receipts import Asked, Figures, Receipt, Source
    from cases.values.records import Roster
    from desk.answers.receipts import Moved, Mover, Receipted, Verification
    from desk.desk import Desk

LINES = 40
"""As many figures and changes are shown."""


def open_for(file: Path | None, store: str | None, known_on: dt.date | None) -> tuple[Roster, Source]:
    """The roster a question is asked about, and where exactly it is from."""
    from cli.screen.opening import desk_for

    desk = desk_for(file, store)
    opened = desk.opened(desk.ask(known_on=known_on, one_moment=True))
    return opened.roster, opened.source(desk.place)


def keep(desk: Desk, answer: Receipted, path: Path, *, replace: bool) -> None:
    """Write the receipt of an answer, and say so."""
    desk.keep_receipt(answer, path, replace=replace)
    _say_kept(path)


def _say_kept(path: Path) -> None:
    note(f"Đã ghi biên nhận ra tệp “{path}”. Kiểm lại sau này: dubi report verify {path}")


def keep_figures(
    path: Path,
    asked: Asked,
    roster: Roster,
    source: Source,
    figures: Figures,
    files: tuple[Path, ...],
    *,
    replace: bool,
) -> None:
    """Write the receipt of figures, and say so."""
    from desk.answers.receipts import receipt_of, write

    write(receipt_of(asked, roster, source, figures, files), path, replace=replace)
    _say_kept(path)


def verify(path: Path | None, store: str | None, *, as_json: bool) -> None:
    """Show whether the answer of a receipt still stands, and what has moved it; ends with 1 where it does not."""
    if path is None:
        raise BadParameter("Thiếu tệp biên nhận: dubi report verify TỆP.json")
    from cases.history.receipts import read_receipt
    from desk.answers import receipts as desk_receipts

    receipt = read_receipt(path)
    found = desk_receipts.verify(
        receipt, file=_file_of(receipt, path), store=store, files=_files_behind, filled=_form_filled
    )
    if as_json:
        print_json(_json(found))
    else:
        _print(found)
    if not found.holds:
        raise Exit(1)


def _files_behind(question: Asked) -> tuple[Path, ...]:
    """The files of the overlays and of the form that an answer rests on."""
    from desk.question import overlay_files
    from reports.forms import formbook

    form = (formbook.known_form(question.form).file,) if question.form else ()
    return (*overlay_files(question.overlays), *form)


def _form_filled(question: Asked, roster: Roster) -> Figures:
    """The figures of the form of a receipt, filled once more."""
    from desk.counting import ledgers as desk_reports
    from engine.statistics.counting import Run
    from reports.forms import formbook
    from reports.forms.figures_of import figures_of
    from reports.forms.filling import fill
    from reports.forms.occasion import Occasion

    assert question.form is not None
    assert question.start is not None
    assert question.end is not None
    form = formbook.known_form(question.form)
    run = Run(question.start, question.end, question.as_of)
    settings = dict(pair.split("=", 1) for pair in question.settings)
    ledger = desk_reports.ledger(roster, run, question.unit, settings, more=form.indicators)
    return dict(figures_of(fill(form, Occasion(ledger, roster.units, question.unit, people=False))))


def _file_of(receipt: Receipt, path: Path) -> Path | None:
    """The workbook that a receipt was made of, beside the receipt or where we are."""
    name = receipt.source.file
    if name is None:
        return None
    return next((place for place in (path.parent / name, Path(name)) if place.is_file()), None)


def _json(found: Verification) -> dict[str, Any]:
    receipt = found.receipt
    return {
        "holds": found.holds,
        "found": found.found,
        "same_rules": found.same_rules,
        "command": receipt.question.command,
        "as_of": receipt.question.as_of,
        "made_at": receipt.made_at,
        "not_reproduced": [_moved_json(one) for one in found.not_reproduced],
        "moved": [_moved_json(one) for one in found.moved],
        "movers": [
            {
                "batch": mover.batch.name,
                "who": mover.batch.who,
                "action": mover.batch.action,
                "keys": [change.key for change in mover.changes],
                "figures": [_moved_json(one) for one in mover.figures],
            }
            for mover in found.movers
        ],
    }


def _moved_json(one: Moved) -> dict[str, Any]:
    return {"figure": one.name, "then": one.then, "now": one.now}


def _print(found: Verification) -> None:
    from cases.history.replay import local

    receipt, question = found.receipt, found.receipt.question
    made_at = local(dt.datetime.fromisoformat(receipt.made_at).replace(tzinfo=None))
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
    for one in moved[:LINES]:
        say(f"  {_label(one.name)}: {_value(one.then)} → {_value(one.now)}")
    if len(moved) > LINES:
        say(f"  … và {len(moved) - LINES} số liệu nữa; xem đủ bằng --json.")


def _value(value: object) -> str:
    """A figure, or a finding with its day, as it is read."""
    from desk.words.labels import label
    from rules.loader import vocabulary

    severity, _, due = str(value).partition(" ")
    if severity in vocabulary.load().codes["severity"]:
        return label("severity", severity) + ("" if due == "–" else f", hạn {on_screen(stored_day(due))}")
    return "không có" if value is None else str(value)


def _label(name: str) -> str:
    """A figure in words."""
    from desk.words.labels import label
    from rules.loader import indicators as indicatorbook

    kind, _, rest = name.partition(".")
    if kind == "stage":
        return label("stage", rest)
    if kind == "severity":
        return label("severity", rest)
    if kind == "finding":
        case, _, rule = rest.partition(".")
        return f"{case}, {rule}"
    if "|" in name:
        words = ("mục", "dòng", "cột")
        return ", ".join(f"{word} {part}" for word, part in zip(words, name.split("|"), strict=False)).capitalize()
    if name == "cases":
        return "Số hồ sơ"
    if name == "undecided":
        return "Chưa xét được"
    texts = indicatorbook.load()
    return f"{texts[name].label} ({name})" if name in texts else rest or name


def _print_mover(mover: Mover) -> None:
    import json

    from cases.history.replay import local
    from cases.history.telling import ENTITIES, told
    from cases.values.refusals import without_numbers
    from cli.keeping.history import ACTIONS

    batch = mover.batch
    when = shown_moment(local(batch.made_at))
    say(f"  Lần ghi {batch.name} ({ACTIONS.get(batch.action, batch.action)}, {batch.who}, {when})")
    for change in mover.changes[:3]:
        before = json.loads(change.before) if change.before else None
        after = json.loads(change.after) if change.after else None
        for line in told(change.entity, before, after):
            say(f"    {ENTITIES[change.entity]} {without_numbers(change.key)}: {line}")
    if len(mover.changes) > 3:
        say(f"    … và {len(mover.changes) - 3} thay đổi nữa")
    for one in mover.figures[:5]:
        say(f"      {_label(one.name)}: {_value(one.then)} → {_value(one.now)}")
    if len(mover.figures) > 5:
        say(f"      … và {len(mover.figures) - 5} số liệu nữa")
