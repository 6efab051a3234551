"""`dubi rules …`: the law and its rules read, compared and checked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.law import confirming, rules_checking
from cli.screen import arguments
from cli.screen.arguments import day
from cli.screen.opening import desk_for
from cli.screen.output import note, on_screen, print_json, say, strong
from cli.screen.vietnamese import command, group

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desk.law.differing import Change
    from desk.law.rulebook import ParameterView, RuleView
    from desk.values import Finding
    from desk.values import Rule as JudgingRule

app = typer.Typer(
    name="rules",
    cls=group("quy-tac"),
    help="Xem, so sánh và kiểm tra các quy tắc và điều khoản.",
    no_args_is_help=True,
)

app.add_typer(rules_checking.app)
app.add_typer(confirming.app)

Rule = Annotated[str, typer.Argument(metavar="QUY-TẮC", help="Tên quy tắc, ví dụ recognition.past_cell_window.")]


@app.command("list", cls=command("danh-sach"), help="Liệt kê các quy tắc theo giai đoạn.")
def list_rules(as_json: arguments.Json = False) -> None:
    """List the rules by stage."""
    from desk.law.rulebook import rules, severities_of

    found = rules()
    if as_json:
        print_json(found.as_json())
        return
    from cli.screen.table import ScreenColumn, table

    columns = (ScreenColumn("Quy tắc"), ScreenColumn("Nội dung", wraps=True), ScreenColumn("Mức độ", wraps=True))
    for stage, members in found.stages:
        say(strong(f"\n{stage}: {len(members)}"))
        rows = [(rule.name, rule.title, severities_of(rule)) for rule in members]
        for line in table(columns, rows, indent="  "):
            say(line)


@app.command(
    "show", cls=command("xem"), help="Một quy tắc bằng lời: điều kiện, điều khoản qua từng văn bản, cách tính."
)
def show(rule: Rule, as_json: arguments.Json = False) -> None:
    """Show one rule in words."""
    from desk.law import rulebook

    found = rulebook.rule(rule)
    if as_json:
        print_json(found.as_json())
        return
    _print_rule(found.view)
    say(f"\n{strong('Ví dụ')}")
    for example in found.examples:
        say(f"  • {example}")


def _print_rule(view: RuleView) -> None:
    from desk.law.rulebook import severities_in_words

    say(strong(view.title))
    say(f"({view.name}{f'; quy định riêng: {view.overlay}' if view.overlay else ''})")
    say(f"\n{strong('Khi nào')} (mọi điều sau cùng đúng)")
    for condition in view.conditions:
        say(f"  • {condition}")
    say(f"{strong('Mức độ:')} {severities_in_words(view)}")
    for title, words in (("Hạn", view.due), ("Chậm tính đến", view.late_on), ("Ai đang giữ", view.held_by)):
        if words:
            say(f"{strong(f'{title}:')} {words}")
    say(f"{strong('Thông báo:')} {view.message}")
    if view.rests_on:
        say(f"{strong('Dựa vào quy tắc:')} {', '.join(view.rests_on)}")
    for cited in view.cites:
        _print_parameter(f"Căn cứ: {cited.title}, bản có hiệu lực vào {cited.on}", cited)
    for value in view.values:
        _print_parameter(f"Giá trị dùng để tính: {value.title}", value)
    for value in view.see:
        _print_parameter(f"Xem thêm: {value.title}", value)
    if view.facts:
        say(f"\n{strong('Cách tính')}")
        for fact in view.facts:
            say(f"  • {fact.label}: {fact.words}")
    if view.silent:
        say(f"\n{strong('Chỗ quy định không nói:')} {view.silent}")


def _print_parameter(heading: str, view: ParameterView) -> None:
    from cli.screen.table import ScreenColumn, table

    say(f"\n{strong(heading)}")
    columns = (
        ScreenColumn("Văn bản"),
        ScreenColumn("Hiệu lực"),
        ScreenColumn("Nội dung", wraps=True),
        ScreenColumn("Mục"),
        ScreenColumn("Độ chắc chắn", wraps=True),
    )
    rows = [(v.number, v.period, v.value, v.clause or "–", v.certainty if v.known else "–") for v in view.versions]
    for line in table(columns, rows, indent="  "):
        say(line)
    for remark in dict.fromkeys([view.note, *(f"{v.number}: {v.note}" for v in view.versions if v.note)]):
        if remark:
            say(f"  {remark}")


@app.command("docs", cls=command("tai-lieu"), help="Sinh trang đối chiếu điều khoản với cách ghi của chương trình.")
def docs(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="TỆP", help="Ghi ra tệp này, đè tệp cũ. Bỏ trống thì in ra.")
    ] = None,
) -> None:
    """Write the page of rules and clauses."""
    from desk.law.rulebook import page, write_page

    if out is None:
        say(page().rstrip("\n"))
        return
    write_page(out)
    note(f"Đã ghi “{out}”.")


@app.command("diff", cls=command("so-sanh"), help="Hai văn bản, hoặc luật vào hai ngày, khác nhau ở điểm nào.")
def diff(
    one: Annotated[str, typer.Argument(metavar="VĂN-BẢN-1", help="Mã văn bản, ví dụ qd-232-2025, hoặc một ngày.")],
    two: Annotated[
        str, typer.Argument(metavar="VĂN-BẢN-2", help="Mã văn bản nối sau, ví dụ qd-294-2025, hoặc một ngày.")
    ],
    as_json: arguments.Json = False,
) -> None:
    """Show what differs between two documents of a series, or between two days."""
    from desk.law.differing import differing

    found = differing(one, two)
    if as_json:
        print_json(found.as_json())
        return
    say(strong(f"Từ {found.sides[0]} đến {found.sides[1]}: {len(found.changes)} điểm khác nhau"))
    for title, members in found.in_groups():
        _print_changes(title, members)


def _print_changes(title: str, changes: Sequence[Change]) -> None:
    if not changes:
        return
    from desk.law.differing import amounts, places

    say(f"\n{strong(f'{title}: {len(changes)}')}")
    for change in changes:
        say(f"  • {change.parameter.title}")
        say(f"      {_changed(*amounts(change))}")
        say(f"      {_changed(*places(change))}")


@app.command("impact", cls=command("anh-huong"), help="Đổi quy định thì hồ sơ nào thêm, bớt hoặc đổi phát hiện.")
def impact(
    start: Annotated[
        dt.date, typer.Option("--from", metavar="NGÀY", parser=day, help="Xét theo quy định của ngày này.")
    ],
    end: Annotated[dt.date, typer.Option("--to", metavar="NGÀY", parser=day, help="So với quy định của ngày này.")],
    file: arguments.OptionalFile = None,
    as_of: arguments.AsOf = None,
    unit: arguments.Unit = None,
    overlay: arguments.Overlay = None,
    known_on: arguments.KnownOn = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """List the cases whose findings differ between the law of two days."""
    from desk.words.labels import heading, whom

    desk = desk_for(file, store)
    question = desk.ask(as_of=as_of, known_on=known_on, unit=unit, overlays=overlay)
    found = desk.impact(question, start, end)
    difference = found.difference
    if as_json:
        print_json(found.as_json())
        return
    for line in heading(question, desk.place, whom(unit, found.units)):
        say(strong(line))
    say(f"Từ quy định của ngày {on_screen(start)} sang quy định của ngày {on_screen(end)}")
    moved = difference.moved
    touched = {f.case for f in (*difference.gone, *difference.come, *(after for _, after in moved))}
    say(f"\n{strong(f'{len(touched)} trong {found.before.cases} hồ sơ có phát hiện khác đi')}")
    rules = question.ruleset.rules
    _print_impact("Không còn", [(finding, None) for finding in difference.gone], rules)
    _print_impact("Mới có", [(finding, None) for finding in difference.come], rules)
    _print_impact("Đổi hạn hoặc mức độ", [(after, before) for before, after in moved], rules)
    cited = len(difference.changed) - len(moved)
    say(f"\nCòn lại: {cited} phát hiện chỉ đổi căn cứ hoặc lời, {len(difference.same)} phát hiện giữ nguyên.")


def _print_impact(
    title: str, pairs: Sequence[tuple[Finding, Finding | None]], rules: Mapping[str, JudgingRule]
) -> None:
    """The findings, each with what it was before where it was there before."""
    from cli.screen.table import ScreenColumn, table
    from desk.words.labels import label, marked_citation

    if not pairs:
        return
    say(f"\n{strong(f'{title}: {len(pairs)}')}")
    columns = (
        ScreenColumn("Mã"),
        ScreenColumn("Họ và tên", wraps=True),
        ScreenColumn("Mức độ", wraps=True),
        ScreenColumn("Việc", wraps=True),
        ScreenColumn("Hạn", wraps=True),
        ScreenColumn("Căn cứ", wraps=True),
    )

    def cited(finding: Finding) -> str:
        return marked_citation(finding.document, finding.clause, finding.certainty)

    rows = [
        (
            now.case,
            now.name,
            _changed(label("severity", before.severity) if before else None, label("severity", now.severity)),
            rules[now.rule].title,
            _changed(on_screen(before.due) if before else None, on_screen(now.due)),
            _changed(cited(before) if before else None, cited(now)),
        )
        for now, before in pairs
    ]
    for line in table(columns, rows, indent="  "):
        say(line)


def _changed(before: str | None, now: str) -> str:
    return now if before is None or before == now else f"{before} → {now}"
