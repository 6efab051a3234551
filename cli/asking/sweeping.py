"""`dubi sweep`: a province or the country at once, from Parquet or the store, the answer written as Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from typer import BadParameter

from cli.screen import arguments
from cli.screen.opening import desk_for
from cli.screen.output import note, on_screen, print_json, say, strong
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    from desk.sweeping.everything import SweptEverything

app = typer.Typer()


@app.command(
    "sweep",
    cls=command("xet-loat"),
    help="Xét hàng triệu hồ sơ một lượt, từ tệp Parquet hoặc từ kho, và ghi kết quả ra tệp Parquet.",
)
def sweep(
    output: Annotated[str, typer.Option("--output", metavar="THƯ-MỤC", help="Thư mục sẽ ghi kết quả, chưa có sẵn.")],
    source: Annotated[
        str | None,
        typer.Option(
            "--input",
            metavar="TỆP",
            help="Tệp Parquet, mỗi hồ sơ một dòng: tên tệp, thư mục, 'thư-mục/*.parquet' hay địa chỉ. Bỏ trống là kho.",
        ),
    ] = None,
    engine: Annotated[
        Literal["polars", "duckdb", "spark"],
        typer.Option(
            "--engine",
            metavar="BỘ-MÁY",
            help="polars (có sẵn), duckdb (lớn hơn bộ nhớ), spark (nhiều máy). Kết quả như nhau.",
        ),
    ] = "polars",
    as_of: arguments.AsOf = None,
    law: arguments.Law = None,
    overlay: arguments.Overlay = None,
    force: Annotated[bool, typer.Option("--force", help="Thay kết quả cũ trong thư mục ấy.")] = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Sweep everything and write what was found."""
    if source is None and engine != "polars":
        raise BadParameter(
            f"--engine {engine} đọc tệp Parquet, không đọc kho. Xuất kho ra trước: dubi export kho.parquet, "
            "rồi thêm --input kho.parquet."
        )
    if source is not None and store is not None:
        raise BadParameter("Chỉ chọn một trong hai: --input hoặc --store.")
    desk = desk_for(None if source is None else Path(source), store)
    question = desk.ask(as_of=as_of, law=law, overlays=overlay, by="sweep")
    swept = desk.sweep(question, source, output, engine, replace=force)
    if as_json:
        print_json(swept.as_json())
    else:
        say(strong(f"Tính đến ngày {on_screen(question.as_of)} · {source or 'kho'} · {engine}"))
        if law is not None:
            say(f"Xét theo quy định có hiệu lực ngày {on_screen(law)}, không theo ngày của từng bước.")
        _print(swept)
    note(f"Đã ghi kết quả vào thư mục “{output}”.")


def _print(swept: SweptEverything) -> None:
    from desk.words.labels import label

    lines = [(label("stage", stage), number) for stage, number in swept.stages.items()]
    found = [(label("severity", severity), number) for severity, number in swept.findings.items()]
    undecided = ("Chưa xét được vì thiếu dữ kiện", swept.undecided)
    widest = max(len(words) for words, _ in [*lines, *found, undecided])
    for title, table in ((f"Số hồ sơ: {_grouped(swept.cases)}", lines), ("Kết quả (số việc)", [*found, undecided])):
        say(f"\n{strong(title)}")
        for words, number in table:
            say(f"  {words:{widest}}  {_grouped(number):>13}")
    say(f"\nXét trong {swept.seconds:.1f} giây.".replace(".", ",", 1))


def _grouped(number: int) -> str:
    """A number as it is written here."""
    return f"{number:,}".replace(",", ".")
