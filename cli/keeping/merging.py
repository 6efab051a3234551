"""`dubi merge`: the workbooks of several units as one, with what is there twice and what does not agree."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.reporting.reports import End, Start
from cli.screen import arguments
from cli.screen.opening import ask_for_sensitive, desk_for
from cli.screen.output import note, on_screen, print_json, say, strong
from cli.screen.vietnamese import command
from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from desk.keeping.store import Together
    from desk.values import Roster

app = typer.Typer()


@app.command(
    "merge",
    cls=command("gop"),
    help="Gộp sổ của nhiều đơn vị thành một: xem trước chỗ trùng, chỗ khác nhau; --out mới ghi ra tệp.",
)
def merge(
    files: Annotated[list[Path], typer.Argument(metavar="TỆP…", help="Các sổ theo dõi (.xlsx), từ hai tệp trở lên.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="TỆP.xlsx", help="Ghi sổ đã gộp ra tệp này.")] = None,
    keep_first: Annotated[
        bool, typer.Option("--keep-first", help="Chỗ khác nhau lấy theo tệp đứng trước, rồi vẫn ghi.")
    ] = False,
    renumber: Annotated[
        bool,
        typer.Option("--renumber", help="Một mã hai người mang: người thứ hai nhận mã mới, mã đơn vị đứng trước."),
    ] = False,
    pair: arguments.Pairs = None,
    all_same: Annotated[bool, typer.Option("--all-same", help="Mọi cặp như vậy là một người.")] = False,
    all_other: Annotated[bool, typer.Option("--all-other", help="Mọi cặp như vậy là hai người.")] = False,
    start: Start = None,
    end: End = None,
    force: arguments.Force = False,
    sensitive: arguments.ShowSensitive = None,
    as_json: arguments.Json = False,
) -> None:
    """Merge workbooks, or show what would come of it."""
    if len(files) < 2:
        raise BadInput("Cần ít nhất hai tệp để gộp.")
    if (start is None) != (end is None):
        raise typer.BadParameter("So số liệu theo kỳ thì ghi cả --from và --to.")
    if all_same and all_other:
        raise typer.BadParameter("Chỉ ghi một trong hai: --all-same hoặc --all-other.")
    from desk.keeping.store import pair_answers, together

    ask_for_sensitive(sensitive, None)
    period = (start, end) if start and end else None
    answers = pair_answers(pair or (), "same" if all_same else "other" if all_other else None)
    parts = [(_name(file, files), _read(file)) for file in files]
    found = together(parts, period, renumber=renumber, answers=answers)
    if as_json:
        print_json(found.as_json(out))
    else:
        _print(found, (start, end))
    if asked := sum(clash.open for clash in found.merged.clashes):
        note(
            f"Còn {asked} cặp hồ sơ có thể của một người, chưa ai trả lời: cặp cùng Mã người tính một lần, cặp khác "
            "tính là hai người. Trả lời: --pair MÃ+MÃ=cung, =khac hoặc =MÃ; cho mọi cặp: --all-same, --all-other."
        )
    if out is None:
        return
    found.write(out, replace=force, keep_first=keep_first)
    whole = found.merged.roster
    note(f"Đã ghi {out}: {len(whole.records)} hồ sơ của {len(whole.units)} đơn vị.")


def _read(file: Path) -> Roster:
    desk = desk_for(file, None)
    return desk.roster(desk.ask())


def _name(file: Path, files: list[Path]) -> str:
    """The name of a file; with its folder where two bear the same."""
    return file.name if sum(other.name == file.name for other in files) == 1 else str(file)


def _print(found: Together, period: tuple[dt.date | None, dt.date | None]) -> None:
    from cli.screen.table import ScreenColumn, table

    parts, merged = found.parts, found.merged
    rows = [(part.name, str(len(part.roster.records)), str(len(part.roster.units))) for part in parts]
    rows.append(("Gộp lại", str(len(merged.roster.records)), str(len(merged.roster.units))))
    for line in table(
        (ScreenColumn("Tệp"), ScreenColumn("Hồ sơ", right=True), ScreenColumn("Đơn vị", right=True)), rows
    ):
        say(line)
    if merged.recoded:
        say(f"\n{strong('Cấp mã mới')}")
        for old, new in merged.recoded.items():
            say(f"  {old} → {new}")
    if merged.clashes:
        say(f"\n{strong('Chỗ trùng, chỗ khác nhau')}")
        columns = (ScreenColumn("Loại"), ScreenColumn("Tệp"), ScreenColumn("Chi tiết", wraps=True))
        for line in table(columns, [(c.title, f"{c.first}, {c.second}", c.message) for c in merged.clashes]):
            say(line)
    if period[0] is None:
        return
    say(f"\n{strong(f'Kỳ {on_screen(period[0])} – {on_screen(period[1])}: tổng của các phần và số đã gộp')}")
    head = (ScreenColumn("Chỉ tiêu", wraps=True), *(ScreenColumn(part.name, right=True) for part in parts))
    wide = (*head, ScreenColumn("Cộng", right=True), ScreenColumn("Gộp", right=True), ScreenColumn("Chênh", right=True))
    shown = [
        (f.label, *(str(n) for n in f.parts), str(f.added), str(f.whole), str(f.difference) if f.difference else "")
        for f in found.figures
        if f.added or f.whole
    ]
    for line in table(wide, shown):
        say(line)
