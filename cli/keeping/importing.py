"""`dubi import`: a workbook of our form, or a list as an office keeps it; first what would happen, then the writing."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.accounts.typing import Piped
from cli.screen import arguments
from cli.screen.opening import desk_for
from cli.screen.output import note, print_json, progress, say, strong
from cli.screen.vietnamese import command
from desk.words.remarks import remarks_in_short

if TYPE_CHECKING:
    from desk.changes.importing import ImportFile
    from desk.values import Import, Kept, Notice, RosterPreview, RowOutcome

HOW_TO_ANSWER = {
    "unit_unnamed": "Trả lời: --unit MÃ.",
    "several_sheets": "Trả lời: --sheet “TÊN TRANG”.",
    "header_ambiguous": "Trả lời, ví dụ: --column {column}=“Ngày kết nạp”; {column}= là không đọc.",
    "column_repeated": "Trả lời, ví dụ: --column {column}= để không đọc cột này.",
    "legacy_column": "Nếu đổi sai: --no-decode.",
    "legacy_undecided": "Vẫn đổi, rồi xem lại: --decode.",
    "month_first_column": "Nếu cột đúng là ngày trước tháng sau: --accept month_first_column.",
}
"""Which option answers a question."""
FEW = 20
ANSWER = "Trả lời cho mọi dòng: --take file (theo tệp) hoặc --take store (giữ như kho); cho một dòng: --row DÒNG=file."

app = typer.Typer()


@app.command("import", cls=command("nhap"), help="Nhập danh sách vào kho: xem trước, thêm --apply thì mới ghi.")
def import_(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Sổ theo dõi, hay danh sách .xlsx, .xls, .ods, .csv.")],
    apply: Annotated[bool, typer.Option("--apply", help="Ghi vào kho. Không có thì chỉ xem trước.")] = False,
    accept_good: Annotated[
        bool, typer.Option("--accept-good", help="Ghi các dòng nhận được; dòng không nhận ra tệp riêng để sửa.")
    ] = False,
    errors: Annotated[
        Path | None, typer.Option("--errors", metavar="TỆP.xlsx", help="Ghi các dòng không nhận ra tệp này để sửa.")
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="MÃ", help="Danh sách là của đơn vị nào, khi trong tệp không ghi.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="CỘT=TRƯỜNG", help="Nghĩa của một cột, ví dụ D=admitted_on; D= là không đọc."),
    ] = None,
    row: Annotated[
        list[str] | None,
        typer.Option(
            "--row",
            metavar="DÒNG=TRẢ LỜI",
            help="Dòng chờ trả lời: cùng một người (cung, same) hay người khác (khac, other); "
            "lấy theo tệp (thay, file) hay giữ như kho (giu, store).",
        ),
    ] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option("--accept", metavar="MÃ", help="Đồng ý với một đề nghị sửa cho cả tệp, ví dụ zero_lost."),
    ] = None,
    joined: arguments.Joined = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="TRANG", help="Đọc trang tính tên này, khi tệp có nhiều trang.")
    ] = None,
    header_row: arguments.HeaderRow = None,
    on_match: Annotated[
        str | None,
        typer.Option(
            "--on-match",
            metavar="CÁCH",
            help="Với người đã có trong kho: điền chỗ trống (dien), giữ nguyên kho (giu), thay theo tệp (thay).",
        ),
    ] = None,
    take: Annotated[
        str | None,
        typer.Option(
            "--take", metavar="file|store", help="Chỗ tệp và kho nói khác nhau: lấy theo tệp (file) hay giữ như kho."
        ),
    ] = None,
    pair: arguments.Pairs = None,
    all_same: arguments.AllSame = False,
    all_other: arguments.AllOther = False,
    decode: Annotated[
        bool | None,
        typer.Option("--decode/--no-decode", help="Chữ bảng mã cũ (TCVN3, VNI) không rõ phông: cứ đổi, hay để nguyên."),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", metavar="TỆP.yaml", help="Dùng lại cách đọc đã lưu cho tệp cùng loại.")
    ] = None,
    save_mapping: Annotated[
        Path | None, typer.Option("--save-mapping", metavar="TỆP.yaml", help="Lưu cách đọc tệp này để dùng lần sau.")
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option("--key", metavar="KHOÁ.khoa", help="Khoá mở tệp .kin được gửi đến; mật khẩu của khoá được hỏi."),
    ] = None,
    piped: Piped = False,
    force: arguments.Force = False,
    sensitive: arguments.ShowSensitive = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Preview an import; with `--apply`, write it."""
    if errors is None and accept_good:
        errors = file.with_name(f"{file.stem}-can-sua.xlsx")
    apply = apply or accept_good
    from desk.changes.importing import Beside, ImportFile

    if all_same and all_other:
        raise typer.BadParameter("Chỉ ghi một trong hai: --all-same hoặc --all-other.")
    change = ImportFile(
        str(file),
        unit,
        tuple(column or ()),
        tuple(row or ()),
        tuple(accept or ()),
        joined,
        sheet,
        header_row,
        on_match,
        decode,
        None if mapping is None else str(mapping),
        accept_good,
        take,
        "same" if all_same else "other" if all_other else None,
        tuple(pair or ()),
    )
    desk = desk_for(None, store, sensitive)
    with _plain(file, key, piped=piped) as book, progress("Đang nhập sổ" if apply else "Đang đọc sổ") as told:
        done, written = desk.take_in(
            replace(change, file=str(book)), apply=apply, beside=Beside(errors, save_mapping, force), progress=told
        )
    if done.preview.whole is not None:
        of_lists = {"--unit": unit, "--accept": accept, "--joined": joined, "--on-match": on_match,
                    "--column": column, "--sheet": sheet, "--header-row": header_row, "--mapping": mapping}  # fmt: skip
        if unused := ", ".join(name for name, value in of_lists.items() if value):
            note(f"Lưu ý: tệp là sổ theo mẫu, mỗi ô nói đủ nghĩa; không dùng đến {unused}.")
    for line in (*written, *(_held_back_elsewhere(done) if accept_good else ())):
        note(line)
    if as_json:
        print_json(done.as_json())
    else:
        _print(done, file)
    _end(done, change, apply=apply)
    if done.applied:
        _note_open(done)


def _plain(file: Path, key: Path | None, *, piped: bool) -> AbstractContextManager[Path]:
    """The file to be read: itself, or what a sealed one holds for the owner of the key."""
    if key is None:
        return nullcontext(file)
    from cli.accounts.typing import Secrets
    from desk.keeping.handover import received

    return received(file, key, Secrets(piped=piped).password("Mật khẩu của khoá"))


def _note_open(done: Import) -> None:
    """Name on stderr what was left as the store has it, for nobody has answered."""
    from desk.words.imports import change_line

    lines = [f"  - {change_line(one)}" for one in done.laid.open]
    if lines:
        note(f"Còn {len(lines)} chỗ chưa ai trả lời, giữ như trong kho:")
    for line in lines[:FEW]:
        note(line)
    if len(lines) > FEW:
        note(f"  … và {len(lines) - FEW} chỗ nữa; xem đủ bằng cách thêm --json.")
    if lines:
        note(ANSWER)
    if pairs := done.open_pairs:
        note(f"Còn {len(pairs)} cặp có thể là một người, chưa ai trả lời, giữ cả hai hồ sơ:")
    for one in pairs[:FEW]:
        note(f"  - {one} {one.how}")
    if len(pairs) > FEW:
        note(f"  … và {len(pairs) - FEW} cặp nữa; xem đủ bằng cách thêm --json.")


def _held_back_elsewhere(done: Import) -> list[str]:
    """What of the other sheets of a workbook was not taken: it is mended where it stands."""
    seen = done.preview
    rows = [str(why.remark) for row in seen.rows if seen.elsewhere(row) for why in row.why if why.outcome == "refused"]
    lines = [*rows, *done.left_out]
    more = [f"… và {len(lines) - FEW} chỗ nữa."] if len(lines) > FEW else []
    return [*lines[:FEW], *more, "Sửa các chỗ này trong tệp gốc rồi nhập lại cả tệp."] if lines else []


def _end(done: Import, change: ImportFile, *, apply: bool) -> None:
    """Say what was done; a refused row that was not left aside on purpose ends with the code of bad input."""
    from desk.changes.importing import require_taken

    require_taken(done, change)
    _say_what_was_done(done.batch, done.kept, apply=apply)


def _say_what_was_done(batch: str | None, kept: Kept | None, *, apply: bool) -> None:
    if kept is not None:
        cleared = f", đã xoá {kept.cleared} bản cũ" if kept.cleared else ""
        note(f"Đã sao lưu kho trước khi ghi: “{kept.path}”{cleared}.")
    if apply and batch:
        note(f"Đã ghi vào kho (lần ghi {batch}). Muốn hoàn tác: dubi undo")
    elif apply:
        note("Kho đã có đúng như trong tệp; không phải ghi gì.")
    else:
        note("Đây là xem trước: chưa ghi gì vào kho. Nếu đúng, chạy lại lệnh này và thêm --apply.")


def _print(done: Import, file: Path) -> None:
    from desk.words.imports import CASES, FOLLOWED, NOTICES, OUTCOMES, parts_of

    preview = done.preview
    said = ", ".join(f"{OUTCOMES[outcome]} {number}" for outcome, number in preview.counts.items() if number)
    say(strong(f"Tệp {file}"))
    say(f"Các dòng của sổ: {said or 'không có dòng nào'}.")
    for name, part in parts_of(done.plan):
        if part.altered or part.unchanged or name == CASES:
            say(f"  {name}: mới {part.new}, thay đổi {part.changed}, giữ nguyên {part.unchanged}")
    _print_mapping(preview)
    for weight, title in NOTICES.items():
        lines = [f"{one}{_how(one)}" for one in preview.notices if one.kind == weight]
        if lines:
            say(f"\n{strong(FOLLOWED if done.batch and weight == 'question' else title)}")
        for line in lines:
            say(f"  - {line}")
    warned = [why.remark for row in done.rows if row.outcome == "warned" for why in row.why]
    if remarks := [*done.remarks, *warned]:
        say(f"\n{strong('Cần xem lại')}")
    for line in remarks_in_short(remarks):
        say(f"  - {line}")
    _print_asked([row for row in done.rows if row.outcome == "confirm"])
    _print_pairs(done)
    _print_changes(done)


def _print_pairs(done: Import) -> None:
    """The rows that may be one person's, each with how it is answered; and what became of those that were."""
    from desk.words.imports import PAIRED, PAIRS

    waiting = [] if done.applied else [f"{one} {one.how}" for one in done.open_pairs]
    for title, lines in ((PAIRS, waiting), (PAIRED, [str(one) for one in done.pairs if one.said is not None])):
        if lines:
            say(f"\n{strong(title)}: {len(lines)} cặp")
        for line in lines[:FEW]:
            say(f"  - {line}")
        if len(lines) > FEW:
            say(f"  … và {len(lines) - FEW} cặp nữa; xem đủ bằng cách thêm --json.")


def _print_changes(done: Import) -> None:
    """Who changes, what, from what to what; what waits for an answer; who is not in the file any more."""
    from desk.words.imports import ABSENT, CHANGED, OPEN, change_line

    settled = [one for one in done.laid.changes if not one.difference.open]
    waiting = [] if done.applied else list(done.laid.open)
    for title, some in ((CHANGED, settled), (OPEN, waiting)):
        if some:
            say(f"\n{strong(title)}: {len(some)} chỗ")
        for one in some[:FEW]:
            say(f"  - {change_line(one)}")
        if len(some) > FEW:
            say(f"  … và {len(some) - FEW} chỗ nữa; xem đủ bằng cách thêm --json.")
    if waiting:
        say(ANSWER)
    if absent := done.laid.absent:
        more = f" và {len(absent) - FEW} hồ sơ nữa" if len(absent) > FEW else ""
        say(f"\n{strong(ABSENT)}: {', '.join(absent[:FEW])}{more}.")


def _print_asked(rows: list[RowOutcome]) -> None:
    """The rows that wait for an answer, each with whom it resembles."""
    from desk.words.imports import OUTCOMES

    if rows:
        say(f"\n{strong(OUTCOMES['confirm'].capitalize())}: {len(rows)} dòng")
    for row in rows[:FEW]:
        whom = f" (giống {row.whom})" if row.whom else ""
        reasons = "; ".join(f"{why.remark.reason} {why.remark.suggestion}" for why in row.why)
        say(f"  - Dòng {row.row}{whom}: {reasons}")
    if len(rows) > FEW:
        say(f"  … và {len(rows) - FEW} dòng nữa; xem đủ bằng cách thêm --json.")


def _how(one: Notice) -> str:
    how = HOW_TO_ANSWER.get(one.code, "") if one.kind == "question" else ""
    return f" {how.format(column=one.column or 'CỘT')}" if how else ""


def _print_mapping(preview: RosterPreview) -> None:
    """Which column was read as what; the unread ones by name."""
    from desk.words.imports import meaning

    if not preview.mapping:
        return
    rows = f", dòng tiêu đề {', '.join(map(str, preview.header_rows))}" if preview.header_rows else ""
    say(f"\n{strong('Cách đọc các cột')} ({f'trang {preview.sheet}' if preview.sheet else 'tệp'}{rows})")
    for one in preview.mapping:
        say(f"  {one.letter:>3}  {one.header}  →  {meaning(one)}")
