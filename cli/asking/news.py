"""`dubi news`: what came and what went since the last look, and on which days ahead cases change by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.arguments import SEVERITIES
from cli.screen.opening import desk_for
from cli.screen.output import note, on_screen, print_json, say, strong
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    import polars as pl

    from desk.answers.news import News

FEW_DAYS = 7
"""So many of the days ahead are shown."""
UNLISTED = "inform"
"""The severity that is only counted without `--all`."""

app = typer.Typer()


@app.command(
    "news",
    cls=command("dieu-moi"),
    help="Điều gì mới từ lần xem trước: việc nào mới có, việc nào đã hết, sắp tới ngày nào có thay đổi.",
)
def show_news(
    as_of: arguments.AsOf = None,
    overlay: arguments.Overlay = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Ghi nhớ lần xem này, để lần sau so với nó. Không ghi gì vào kho.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="Liệt kê cả những việc chỉ để biết.")] = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Tell what is new about a store."""
    desk = desk_for(None, store)
    found = desk.news(desk.ask(as_of=as_of, overlays=overlay), keep=keep)
    if as_json:
        print_json(found.as_json())
    else:
        _print(found, everything=everything)
    if keep:
        note(f"Đã ghi nhớ lần xem này trong tệp “{found.file}”.")
    elif found.since is None:
        note("Chưa có lần xem nào được ghi nhớ để so. Ghi nhớ lần này bằng lệnh: dubi news --keep")


def _print(found: News, *, everything: bool) -> None:
    as_of = on_screen(found.question.as_of)
    since = "chưa có lần xem trước" if found.since is None else f"so với lần xem tính đến ngày {on_screen(found.since)}"
    say(strong(f"Tính đến ngày {as_of} · kho · {since}"))
    say(f"\nXét lại {found.looked_at} hồ sơ trong số {found.recorded}; số còn lại không thể đã khác đi.")
    if found.since is None:
        _print_came(found, found.standing, "Đang có", everything=everything)
    else:
        _print_came(found, found.came, "Mới có", everything=everything)
        _print_went(found, found.went, everything=everything)
    _print_coming(found)


def _print_came(found: News, came: pl.DataFrame, heading: str, *, everything: bool) -> None:
    from cli.screen.table import ScreenColumn, table
    from desk.words.labels import label, marked_citation, rule_titles

    if came.is_empty():
        say("\nKhông có việc mới." if heading == "Mới có" else "\nKhông có việc nào.")
    titles, again = rule_titles(found.question), "severity_before" in came.columns
    listed = found.listed(came)
    for severity in SEVERITIES:
        rows = [row for row in listed if row["severity"] == severity]
        if not rows:
            continue
        title = label("severity", severity).lower()
        say(f"\n{strong(f'{heading}, {title}: {len(rows)}')}")
        if severity == UNLISTED and not everything:
            say("  Thêm --all để xem từng việc.")
            continue
        columns = (
            *(
                ScreenColumn("Mã"),
                ScreenColumn("Họ và tên", wraps=True),
                ScreenColumn("Đơn vị"),
                ScreenColumn("Việc", wraps=True),
            ),
            *(ScreenColumn("Hạn"), *([ScreenColumn("Trước đó")] if again else []), ScreenColumn("Căn cứ", wraps=True)),
        )
        cells = [
            (
                *(row["case"], row["name"] or "–", row["unit"] or "–", titles[row["rule"]], on_screen(row["due"])),
                *([label("severity", row["severity_before"])] if again else []),
                marked_citation(row["document"], row["clause"], row["certainty"]),
            )
            for row in rows
        ]
        for line in table(columns, cells, indent="  "):
            say(line)


def _print_went(found: News, went: pl.DataFrame, *, everything: bool) -> None:
    from cli.screen.table import ScreenColumn, table
    from desk.words.labels import label, rule_titles

    if went.is_empty():
        return
    titles, listed = rule_titles(found.question), found.listed(went)
    rows = [row for row in listed if everything or row["severity"] != UNLISTED]
    say(f"\n{strong(f'Không còn nữa: {len(listed)}')}")
    columns = (
        *(ScreenColumn("Mã"), ScreenColumn("Họ và tên", wraps=True), ScreenColumn("Đơn vị")),
        *(ScreenColumn("Việc", wraps=True), ScreenColumn("Trước đó")),
    )
    cells = [
        (
            *(row["case"], row["name"] or "–", row["unit"] or "–"),
            *(titles.get(row["rule"], row["rule"]), label("severity", row["severity"])),
        )
        for row in rows
    ]
    for line in table(columns, cells, indent="  ") if cells else ():
        say(line)
    if len(rows) < len(listed):
        say(f"  Ngoài ra {len(listed) - len(rows)} việc chỉ để biết. Thêm --all để xem.")


def _print_coming(found: News) -> None:
    if found.coming.is_empty():
        return
    say(f"\n{strong('Nếu không ghi gì thêm, sắp tới có hồ sơ tự thay đổi vào các ngày')}")
    for day, number in found.coming.head(FEW_DAYS).iter_rows():
        say(f"  {on_screen(day)}: {number} hồ sơ")
