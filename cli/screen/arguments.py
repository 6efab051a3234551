"""The arguments and options that several commands share, each worded once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal, get_args

import typer

from cli.screen.language import called, meant
from desk.words.spelling import NotADay, on_screen, typed_day
from desk.words.typing import said_moment
from rules.loader.errors import BadInput


def day(text: str) -> dt.date:
    """The day that a text of the form dd/mm/yyyy or yyyy-mm-dd names; raises `BadInput`."""
    try:
        return typed_day(text)
    except NotADay as error:
        raise BadInput(str(error)) from None


def moment(text: str) -> dt.datetime:
    """The moment that a day with hour and minute names, 00:00 where they are lacking; raises `BadInput`."""
    try:
        return said_moment(text, today())
    except NotADay as error:
        raise BadInput(f"{error} Giờ ghi sau ngày, ví dụ 2026-11-30 14:30.") from None


def today() -> dt.date:
    """The day that `--as-of` defaults to, the one default there is."""
    return dt.date.today()


def whole_period(start: dt.date | None, end: dt.date | None) -> tuple[dt.date, dt.date]:
    """A period with both its ends; raises `BadParameter` where one is lacking, `BadInput` where they are reversed."""
    if start is None or end is None:
        raise typer.BadParameter("Thiếu một đầu của kỳ: ghi cả --from và --to.")
    if end < start:
        raise BadInput(f"Ngày cuối kỳ {on_screen(end)} đứng trước ngày đầu kỳ {on_screen(start)}. Đổi lại hai ngày.")
    return start, end


Severity = Literal["overdue", "blocked", "due", "confirm", "inform"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""From the worst to the mildest."""


def severity(text: str) -> str:
    """One of the severities; raises `BadParameter`."""
    found = meant(text, SEVERITIES)
    if found is None:
        raise typer.BadParameter(f"Không có mức “{text}”. Ghi một trong: {', '.join(called(SEVERITIES))}.")
    return found


OptionalFile = Annotated[
    Path | None,
    typer.Argument(metavar="TỆP", help="Sổ theo dõi (.xlsx), chỉ đọc, không ghi vào kho. Bỏ trống thì lấy từ kho."),
]
File = Annotated[Path, typer.Argument(metavar="TỆP", help="Sổ theo dõi (.xlsx).")]
NewWorkbook = Annotated[Path, typer.Argument(metavar="TỆP.xlsx", help="Tệp sẽ ghi ra.")]
FileOption = Annotated[
    Path | None,
    typer.Option("--file", metavar="TỆP", help="Sổ theo dõi (.xlsx), chỉ đọc. Bỏ trống thì lấy từ kho."),
]
AsOf = Annotated[
    dt.date | None,
    typer.Option("--as-of", metavar="NGÀY", parser=day, help="Tính đến ngày nào. Bỏ trống là hôm nay."),
]
Unit = Annotated[str | None, typer.Option("--unit", metavar="MÃ", help="Chỉ lấy một đơn vị và các đơn vị trực thuộc.")]
Law = Annotated[
    dt.date | None,
    typer.Option("--law", metavar="NGÀY", parser=day, help="Xét theo quy định có hiệu lực vào ngày này."),
]
Overlay = Annotated[
    list[str] | None,
    typer.Option(
        "--overlay",
        metavar="TÊN",
        help="Xét thêm quy định riêng của địa phương, ví dụ ha-noi-2025. Ghi được nhiều lần.",
    ),
]
Evaluator = Annotated[
    Literal["live", "sweep"] | None,
    typer.Option(
        "--evaluator",
        metavar="CÁCH",
        help="Cách xét: live từng hồ sơ, sweep mọi hồ sơ một lượt. Bỏ trống thì tuỳ số hồ sơ. Kết quả như nhau.",
    ),
]
Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="KHO",
        help="Dùng kho khác: ghi tên tệp, hoặc địa chỉ sqlite:///… hay postgresql://…, thay cho kho thường dùng.",
    ),
]
KnownOn = Annotated[
    dt.date | None,
    typer.Option(
        "--known-on", metavar="NGÀY", parser=day, help="Chỉ dựa vào những gì đã ghi vào kho đến hết ngày này."
    ),
]
Receipt = Annotated[
    Path | None,
    typer.Option(
        "--receipt", metavar="TỆP.json", help="Ghi biên nhận của kết quả, để sau này kiểm lại: dubi report verify."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="In JSON cho chương trình khác đọc.")]
Csv = Annotated[bool, typer.Option("--csv", help="In CSV để mở bằng Excel.")]
ShowSensitive = Annotated[
    str | None,
    typer.Option(
        "--show-sensitive",
        metavar="LÝ-DO",
        help="Hiện cả dữ liệu nhạy cảm, với lý do; việc xem được ghi vào nhật ký đọc. Đừng ghi họ tên trong lý do.",
    ),
]
WithSensitive = Annotated[
    str | None,
    typer.Option(
        "--with-sensitive",
        metavar="LÝ-DO",
        help="Ghi ra cả dữ liệu nhạy cảm, với lý do; ghi vào nhật ký đọc. Đừng ghi họ tên trong lý do.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Ghi đè khi tệp đã có.")]
Joined = Annotated[
    str | None,
    typer.Option(
        "--joined", metavar="NGHĨA", help="“Ngày vào Đảng” là ngày kết nạp (ket-nap) hay quyết định (quyet-dinh)."
    ),
]
HeaderRow = Annotated[
    int | None, typer.Option("--header-row", metavar="DÒNG", min=1, help="Dòng tiêu đề bắt đầu ở dòng số mấy.")
]
Pairs = Annotated[
    list[str] | None,
    typer.Option(
        "--pair",
        metavar="MÃ+MÃ=TRẢ LỜI",
        help="Hai hồ sơ có thể của một người: cung (một người), khac (hai người), hay mã của hồ sơ được giữ.",
    ),
]
AllSame = Annotated[bool, typer.Option("--all-same", help="Mọi dòng giống một người đã có trong kho: cùng một người.")]
AllOther = Annotated[bool, typer.Option("--all-other", help="Mọi dòng giống một người đã có trong kho: là người khác.")]
