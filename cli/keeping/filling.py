"""`dubi fill`: an official sheet that came in, written out again with what the store knows better, marked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.opening import desk_for
from cli.screen.output import note, print_json, say, strong
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    from desk.filling.official_sheets import SheetFilled

FEW = 20

app = typer.Typer()


@app.command(
    "fill",
    cls=command("dien-bieu"),
    help="Điền điều kho biết rõ hơn vào biểu rà soát, DS_DANGVIEN của cấp trên, ghi ra tệp khác; ô đã điền đỏ đậm.",
)
def fill(
    file: Annotated[Path, typer.Argument(metavar="TỆP.xlsx", help="Biểu rà soát (28, 31, 33 cột) hay DS_DANGVIEN.")],
    out: Annotated[Path, typer.Option("--out", metavar="TỆP.xlsx", help="Ghi ra tệp này; tệp gốc giữ nguyên.")],
    row: Annotated[
        list[str] | None,
        typer.Option(
            "--row",
            metavar="DÒNG=TRẢ LỜI",
            help="Dòng chờ trả lời: cùng một người (cung) hay người khác (khac); "
            "chỗ khác nhau lấy theo kho (giu, store) hay để như tệp (thay, file).",
        ),
    ] = None,
    take: Annotated[
        str | None,
        typer.Option("--take", metavar="file|store", help="Chỗ tệp và kho khác nhau: để như tệp hay điền theo kho."),
    ] = None,
    all_same: arguments.AllSame = False,
    all_other: arguments.AllOther = False,
    column: Annotated[
        list[str] | None, typer.Option("--column", metavar="CỘT=TRƯỜNG", help="Nghĩa của một cột, như ở dubi import.")
    ] = None,
    joined: arguments.Joined = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="TRANG", help="Trang của biểu, khi tệp có nhiều trang danh sách.")
    ] = None,
    header_row: arguments.HeaderRow = None,
    force: arguments.Force = False,
    sensitive: arguments.WithSensitive = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Write an official sheet out again, filled from the store."""
    from desk.changes.importing import ImportFile

    if all_same and all_other:
        raise typer.BadParameter("Chỉ ghi một trong hai: --all-same hoặc --all-other.")
    change = ImportFile(
        str(file),
        columns=tuple(column or ()),
        rows=tuple(row or ()),
        joined=joined,
        sheet=sheet,
        header_row=header_row,
        take=take,
        everybody="same" if all_same else "other" if all_other else None,
    )
    done = desk_for(None, store, sensitive).fill_sheet(change, out, replace=force)
    if as_json:
        print_json(done.as_json())
    else:
        _print(done)
    note(f"Đã ghi “{done.out}”; tệp “{file}” giữ nguyên.")


def _print(done: SheetFilled) -> None:
    from desk.filling.official_sheets import line_of

    found = done.found
    say(strong(f"Tệp {done.preview.file}, trang {done.preview.sheet}"))
    _list("Đã điền từ kho (chữ đỏ đậm)", [line_of(one) for one in found.filled], "ô")
    _list("Để nguyên, cần xem lại", [line_of(one) for one in found.left], "ô")
    if any(one.left == "differs" for one in found.left):
        say("Điền theo kho: --take store cho mọi dòng, --row DÒNG=store cho một dòng.")
    asked = [f"Dòng {row.row}: {why.remark.reason} {why.remark.suggestion}" for row in found.asked for why in row.why]
    _list("Chưa rõ là ai, chưa điền", asked, "điều")
    unread = [str(why.remark) for row in found.unread for why in row.why if why.outcome == "refused"]
    _list("Không đọc được, không điền", unread, "điều")
    _list("Không có trong kho", [f"Dòng {row}" for row in found.unknown], "người")
    lacking = [
        f"Cột {one.letter} “{one.header}”: dòng {', '.join(map(str, one.rows[:FEW]))}"
        f"{' …' if len(one.rows) > FEW else ''}"
        for one in found.lacking
    ]
    _list("Cột bắt buộc còn trống, kho cũng chưa biết", lacking, "cột")
    _list("Lưu ý về tệp", [str(one) for one in done.notices], "điều")


def _list(title: str, lines: list[str], counted: str) -> None:
    """Some lines under a title with their number."""
    if lines:
        say(f"\n{strong(title)}: {len(lines)} {counted}")
    for line in lines[:FEW]:
        say(f"  - {line}")
    if len(lines) > FEW:
        say(f"  … và {len(lines) - FEW} {counted} nữa; xem đủ bằng cách thêm --json.")
