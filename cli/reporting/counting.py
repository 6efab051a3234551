"""`dubi stats`: the figures of a period, and the people behind one of them."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

import typer

from cli.reporting.receipts import keep_figures
from cli.reporting.reports import Settings, chosen_settings
from cli.screen import arguments
from cli.screen.arguments import day
from cli.screen.counted import open_counted
from cli.screen.output import on_screen, only_one_form, print_csv, print_json, say, strong
from cli.screen.vietnamese import command
from rules.loader.errors import BadInput, UnknownName

if TYPE_CHECKING:
    from engine.statistics.results import Figure, Result
    from engine.statistics.typed import TypedEntry

GROUPS = {
    "admission": "Kết nạp đảng viên",
    "candidate": "Quần chúng ưu tú",
    "course": "Lớp bồi dưỡng",
    "recognition": "Công nhận chính thức",
    "exit": "Ra khỏi Đảng",
    "discipline": "Kỷ luật",
    "transfer": "Chuyển sinh hoạt",
    "member": "Đảng viên cuối kỳ",
    "flow": "Tăng, giảm đảng viên",
    "unit": "Tổ chức đảng",
    "rating": "Đánh giá, xếp loại",
    "role": "Cấp ủy",
    "badge": "Huy hiệu Đảng",
    "card": "Thẻ đảng viên",
    "manual": "Số liệu nhập tay khác",
}

app = typer.Typer()


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
            "--only", metavar="NHÓM", help="Chỉ in các chỉ tiêu của nhóm này, ví dụ recognition. Ghi được nhiều lần."
        ),
    ] = None,
    setting: Settings = None,
    evaluator: arguments.Evaluator = None,
    known_on: arguments.KnownOn = None,
    receipt: arguments.Receipt = None,
    force: arguments.Force = False,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
    as_csv: arguments.Csv = False,
) -> None:
    """Count the indicators of a period."""
    only_one_form(as_json=as_json, as_csv=as_csv)
    if end < start:
        raise BadInput(f"Ngày cuối kỳ {on_screen(end)} đứng trước ngày đầu kỳ {on_screen(start)}. Đổi lại hai ngày.")
    from engine.statistics import results as statistics
    from engine.statistics.counting import Run

    chosen = chosen_settings(setting)
    opened = open_counted(evaluator, receipt, file, store, known_on)
    roster, source = opened.roster, opened.source
    ledger = opened.ledger(Run(start, end, as_of or end), unit, chosen)
    result = statistics.result(ledger, unit, (who,) if who else ())
    if receipt is not None and source is not None:
        from cases.history.receipts import Asked
        from desk.answers.receipts import figures_of_stats

        pairs = tuple(f"{name}={choice}" for name, choice in sorted(chosen.items()))
        question = Asked("stats", result.as_of, known_on, start, end, unit, settings=pairs)
        keep_figures(receipt, question, roster, source, figures_of_stats(result), (), replace=force)
    shown = _shown(result, only)
    if as_json:
        print_json({**_json(result, shown), "known_on": known_on})
        return
    if as_csv:
        _print_csv(result, who, shown)
        return
    from desk.question import Question
    from desk.source import store_url
    from desk.words.labels import heading, whom

    say(strong(f"Kỳ {on_screen(start)} – {on_screen(end)}"))
    for line in heading(Question(result.as_of, known_on), file or store_url(store), whom(unit, roster.units)):
        say(strong(line))
    if who:
        _print_people(result, who)
    else:
        _print_figures(result, shown)


def _shown(result: Result, only: list[str] | None) -> set[str]:
    """The indicators of some groups, or single ones, or all; raises `UnknownName` for a group there is not."""
    for group in only or ():
        if not any(name == group or name.startswith(f"{group}.") for name in result.values):
            raise UnknownName(f"Không có nhóm chỉ tiêu “{group}”. Các nhóm: {', '.join(GROUPS)}.")
    names = set(result.values)
    return {n for n in names if any(n == g or n.startswith(f"{g}.") for g in only)} if only else names


def _json(result: Result, shown: set[str]) -> dict[str, object]:
    """The figures in the form that programs rely on; those of each unit without the zeroes."""
    values: dict[str, object] = {
        "from": result.start,
        "to": result.end,
        "as_of": result.as_of,
        "unit": result.unit,
        "settings": dict(result.ledger.settings),
        "values": {name: _figure(figure) for name, figure in result.values.items() if name in shown},
        "units": {
            code: {name: _figure(figure) for name, figure in figures.items() if figure.value and name in shown}
            for code, figures in result.by_unit.items()
        },
    }
    if result.who:
        values["who"] = {
            name: [
                *({"case": member.code, "name": member.name, "unit": member.unit} for member in members),
                *map(_entry, result.ledger.typed_behind(name, result.unit)),
            ]
            for name, members in result.who.items()
        }
    return values


def _figure(figure: Figure) -> dict[str, object]:
    if figure.denominator is None:
        return {"value": figure.rounded()}
    return {"value": figure.rounded(), "numerator": _plain(figure.numerator), "denominator": _plain(figure.denominator)}


def _plain(value: int | Fraction | None) -> float | None:
    return value if value is None or isinstance(value, int) else float(value)


def _entry(entry: TypedEntry) -> dict[str, object]:
    """What somebody typed in, behind a figure."""
    return {
        "indicator": entry.name,
        "unit": entry.unit,
        "value": entry.value if isinstance(entry.value, int) else float(entry.value),
        "author": entry.author,
        "entered_on": entry.entered_on,
        "source": entry.source,
    }


def number(value: float | Fraction | None) -> str:
    """A number as it is printed here: dots between thousands, a decimal comma, a dash where there is none."""
    if value is None:
        return "–"
    text = f"{value:,}" if isinstance(value, int) else f"{float(value):,.2f}"
    return text.translate(str.maketrans(",.", ".,"))


def _print_figures(result: Result, shown: set[str]) -> None:
    from cli.screen.table import Column, table
    from rules.loader import indicators as indicatorbook

    texts = indicatorbook.load()
    columns = (Column("Chỉ tiêu", wraps=True), Column("Số liệu", right=True), Column("Tính từ"), Column("Mã"))
    groups: dict[str, list[tuple[str, str, str, str]]] = {}
    for name, figure in result.values.items():
        if name not in shown:
            continue
        made_of = "" if figure.denominator is None else f"{number(figure.numerator)}/{number(figure.denominator)}"
        group = name.partition(".")[0]
        groups.setdefault(group, []).append((texts[name].label, number(figure.rounded()), made_of, name))
    for group in sorted(groups, key=[*GROUPS, *groups].index):
        say(f"\n{strong(GROUPS.get(group, group))}")
        for line in table(columns, groups[group], indent="  "):
            say(line)
    _print_settings(result, shown)


def _print_settings(result: Result, shown: set[str]) -> None:
    """The readings that what is shown depends on, each as it can be chosen."""
    from engine.statistics.dependence import settings_behind
    from engine.statistics.references import reference
    from rules.loader import settings as settingbook

    settings, chosen = settingbook.load(), result.ledger.settings
    depends = settings_behind(result.ledger, map(reference, sorted(shown)))
    if depends:
        say(f"\n{strong('Cách tính đang dùng')} (chọn cách khác: --setting TÊN=CÁCH)")
    for name in depends:
        say(f"  {name}={chosen[name]}  {settings[name].words(chosen[name])}")


def _print_people(result: Result, who: str) -> None:
    from cli.screen.table import Column, table
    from reports.forms.numbers import plain

    members = result.who[who]
    say(f"\n{strong(_label(result, who))}: {number(result.ledger.figure(who, result.unit).rounded())}")
    typed = result.ledger.typed_behind(who, result.unit)
    if not typed and _is_typed(result, who):
        say(f"  Chưa ai nhập số này. Nhập bằng lệnh: dubi figure set {who} SỐ --unit MÃ --from NGÀY --to NGÀY")
    elif members or not typed:
        rows = [(member.code, member.name, member.unit or "–") for member in members]
        for line in table((Column("Mã"), Column("Tên", wraps=True), Column("Đơn vị")), rows, indent="  "):
            say(line)
    if typed:
        say("Số nhập tay:")
        entries = [(e.unit or "–", e.name, plain(e.value), e.author, on_screen(e.entered_on), e.source) for e in typed]
        head = (Column("Đơn vị"), Column("Chỉ tiêu"), Column("Số", right=True), Column("Người nhập", wraps=True))
        for line in table((*head, Column("Ngày nhập"), Column("Nguồn", wraps=True)), entries, indent="  "):
            say(line)


def _is_typed(result: Result, name: str) -> bool:
    from engine.statistics.references import reference

    return result.ledger.book.known(reference(name).name).typed is not None


def _typed_in_words(entry: TypedEntry) -> str:
    from reports.forms.numbers import plain

    return f"{plain(entry.value)}, {entry.author} nhập ngày {on_screen(entry.entered_on)}: {entry.source}"


def _label(result: Result, name: str) -> str:
    """The label of a figure, which may be asked for within restrictions: admission.total[sector=commune]."""
    from engine.statistics.references import reference

    named = reference(name)
    label = result.ledger.book.known(named.name).label
    return label if str(named) == named.name else f"{label} ({name})"


def _print_csv(result: Result, who: str | None, shown: set[str]) -> None:
    from rules.loader import indicators as indicatorbook

    texts = indicatorbook.load()
    period = (result.start, result.end, result.as_of)
    head = ("Từ ngày", "Đến ngày", "Tính đến ngày")
    if who:
        behind = [(m.code, m.name, m.unit) for m in result.who[who]]
        behind += [(e.name, _typed_in_words(e), e.unit) for e in result.ledger.typed_behind(who, result.unit)]
        rows = ((*period, who, _label(result, who), *one) for one in behind)
        print_csv((*head, "Mã chỉ tiêu", "Chỉ tiêu", "Mã", "Tên", "Đơn vị"), rows)
        return
    print_csv(
        (*head, "Đơn vị", "Mã chỉ tiêu", "Chỉ tiêu", "Số liệu", "Tử số", "Mẫu số"),
        (
            (
                *(*period, code or "", name, texts[name].label),
                *(figure.rounded(), _plain(figure.numerator), _plain(figure.denominator)),
            )
            for code, figures in ((result.unit, result.values), *result.by_unit.items())
            for name, figure in figures.items()
            if name in shown
        ),
    )
