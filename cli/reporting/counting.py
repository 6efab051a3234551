"""`dubi stats`: the figures of a period, and the people behind one of them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from cli.reporting.receipts import keep, tell_sent_before
from cli.reporting.reports import Settings
from cli.screen import arguments
from cli.screen.arguments import day
from cli.screen.language import in_vietnamese
from cli.screen.opening import desk_for
from cli.screen.output import note, on_screen, only_one_form, print_csv, print_json, say, strong
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    from desk.counting.statistics import Statistics
    from desk.reasons.beside_check import BesideCheck
    from desk.values import TypedEntry

app = typer.Typer()

FEW_NAMED = 5
"""As many people are named of those whom `check` does not name."""


@app.command(
    "stats",
    cls=command("thong-ke"),
    help="Số liệu của một kỳ báo cáo: kết nạp, lớp bồi dưỡng, công nhận chính thức, đảng viên.",
)
def stats(
    start: Annotated[dt.date, typer.Option("--from", metavar="NGÀY", parser=day, help="Ngày đầu kỳ, tính cả ngày đó.")],
    end: Annotated[dt.date, typer.Option("--to", metavar="NGÀY", parser=day, help="Ngày cuối kỳ, tính cả ngày đó.")],
    file: arguments.OptionalFile = None,
    as_of: Annotated[
        dt.date | None,
        typer.Option("--as-of", metavar="NGÀY", parser=day, help="Tính đến ngày nào. Bỏ trống là ngày cuối kỳ."),
    ] = None,
    unit: arguments.Unit = None,
    who: Annotated[
        str | None, typer.Option("--who", metavar="CHỈ-TIÊU", help="Liệt kê những người đứng sau một số liệu.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="NHÓM", help="Chỉ in các chỉ tiêu của nhóm này, ví dụ ket-nap. Ghi được nhiều lần."
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="In cả những chỉ tiêu bằng 0 và chưa có số liệu.")] = False,
    setting: Settings = None,
    evaluator: arguments.Evaluator = None,
    known_on: arguments.KnownOn = None,
    receipt: arguments.Receipt = None,
    sensitive: arguments.ShowSensitive = None,
    force: arguments.Force = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
    as_csv: arguments.Csv = False,
) -> None:
    """Count the indicators of a period."""
    only_one_form(as_json=as_json, as_csv=as_csv)
    if who:
        from desk.counting.statistics import known_indicator

        who = known_indicator(who)
    desk = desk_for(file, store, sensitive)
    question = desk.ask(as_of=as_of or end, known_on=known_on, unit=unit, by=evaluator, one_moment=receipt is not None)
    beside = as_json or not (as_csv or who)
    found = desk.stats(question, start, end, setting or (), (who,) if who else (), beside=beside)
    reported = tell_sent_before(desk, found)
    if receipt is not None:
        keep(desk, found, receipt, replace=force)
    if as_json:
        print_json(found.as_json(only or ()) | reported)
        return
    shown = found.shown(only or ())
    if as_csv:
        _print_csv(found, who, shown)
        return
    from desk.words.labels import heading, whom

    say(strong(f"Kỳ {on_screen(start)} – {on_screen(end)}"))
    for line in heading(question, desk.place, whom(unit, found.units)):
        say(strong(line))
    if who:
        _print_people(found, who)
        if found.withheld:
            from desk.words.masking import HIDDEN

            note(f"Tên người trong số này cho biết dữ liệu nhạy cảm của họ. {HIDDEN}")
    else:
        _print_figures(found, shown, everything=everything)


def _print_figures(found: Statistics, shown: set[str], *, everything: bool) -> None:
    from cli.screen.table import ScreenColumn, table
    from desk.counting.statistics import GROUPS, words_of_indicators
    from desk.words.labels import indicator_label
    from desk.words.numbers import number

    columns = (
        ScreenColumn("Chỉ tiêu", wraps=True),
        ScreenColumn("Số liệu", right=True),
        ScreenColumn("Tính từ"),
        ScreenColumn("Mã"),
    )
    values = {name: figure for name, figure in found.result.values.items() if name in shown}
    listed = {name: figure for name, figure in values.items() if everything or figure.value}
    called = words_of_indicators() if in_vietnamese() else {name: name for name in listed}
    groups: dict[str, list[tuple[str, str, str, str]]] = {}
    for name, figure in listed.items():
        made_of = "" if figure.denominator is None else f"{number(figure.numerator)}/{number(figure.denominator)}"
        group = name.partition(".")[0]
        groups.setdefault(group, []).append((indicator_label(name), number(figure.rounded()), made_of, called[name]))
    for group in sorted(groups, key=[*GROUPS, *groups].index):
        say(f"\n{strong(GROUPS.get(group, group))}")
        for line in table(columns, groups[group], indent="  "):
            say(line)
    if len(listed) < len(values):
        say(f"\nKhông in {len(values) - len(listed)} chỉ tiêu bằng 0 hoặc chưa có số liệu. Thêm --all để xem hết.")
    for name, beside in found.beside.items():
        if name in listed:
            say(f"\n{_beside(indicator_label(name), beside)}")
    readings = found.readings(listed)
    if readings:
        say(f"\n{strong('Cách tính đang dùng')} (chọn cách khác: --setting TÊN=CÁCH)")
    for name, choice, words in readings:
        say(f"  {name}={choice}  {words}")


def _beside(label: str, beside: BesideCheck) -> str:
    """Why `check` names fewer people than a figure counts."""
    shown = "; ".join(f"{one.case} {one.name} ({one.why})" for one in beside.unnamed[:FEW_NAMED])
    more = f"; và {len(beside.unnamed) - FEW_NAMED} người nữa" if beside.unnamed[FEW_NAMED:] else ""
    return f"{label}: {beside.people} người, trong đó dubi check nêu {beside.found}. Không nêu: {shown}{more}."


def _print_people(found: Statistics, who: str) -> None:
    from cli.screen.table import ScreenColumn, table
    from desk.words.masking import MASK
    from desk.words.numbers import number, plain

    members = found.result.who[who]
    say(f"\n{strong(found.label(who))}: {number(found.value(who))}")
    typed = found.typed_behind(who)
    if found.withheld:
        say(f"  {MASK}")
    elif not typed and found.is_typed(who):
        say(f"  Chưa ai nhập số này. Nhập bằng lệnh: dubi figure set {who} SỐ --unit MÃ --from NGÀY --to NGÀY")
    elif members or not typed:
        rows = [(member.code, member.name, member.unit or "–") for member in members]
        for line in table(
            (ScreenColumn("Mã"), ScreenColumn("Tên", wraps=True), ScreenColumn("Đơn vị")), rows, indent="  "
        ):
            say(line)
    if typed:
        say("Số nhập tay:")
        entries = [(e.unit or "–", e.name, plain(e.value), e.author, on_screen(e.entered_on), e.source) for e in typed]
        head = (
            ScreenColumn("Đơn vị"),
            ScreenColumn("Chỉ tiêu"),
            ScreenColumn("Số", right=True),
            ScreenColumn("Người nhập", wraps=True),
        )
        for line in table((*head, ScreenColumn("Ngày nhập"), ScreenColumn("Nguồn", wraps=True)), entries, indent="  "):
            say(line)


def _typed_in_words(entry: TypedEntry) -> str:
    from desk.words.numbers import plain

    return f"{plain(entry.value)}, {entry.author} nhập ngày {on_screen(entry.entered_on)}: {entry.source}"


def _print_csv(found: Statistics, who: str | None, shown: set[str]) -> None:
    from desk.counting.statistics import plain
    from desk.words.labels import indicator_label

    result = found.result
    period = (result.start, result.end, result.as_of)
    head = ("Từ ngày", "Đến ngày", "Tính đến ngày")
    if who:
        behind = [(m.code, m.name, m.unit) for m in result.who[who]]
        behind += [(e.name, _typed_in_words(e), e.unit) for e in found.typed_behind(who)]
        rows = ((*period, who, found.label(who), *one) for one in behind)
        print_csv((*head, "Mã chỉ tiêu", "Chỉ tiêu", "Mã", "Tên", "Đơn vị"), rows)
        return
    print_csv(
        (*head, "Đơn vị", "Mã chỉ tiêu", "Chỉ tiêu", "Số liệu", "Tử số", "Mẫu số"),
        (
            (
                *(*period, code or "", name, indicator_label(name)),
                *(figure.rounded(), plain(figure.numerator), plain(figure.denominator)),
            )
            for code, figures in ((result.unit, result.values), *result.by_unit.items())
            for name, figure in figures.items()
            if name in shown
        ),
    )
