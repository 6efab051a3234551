"""`dubi rules …`: the law and its rules read, compared and checked."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.law import rules_checking
from cli.screen import arguments
from cli.screen.arguments import day
from cli.screen.opening import desk_for
from cli.screen.output import note, on_screen, print_json, say, strong
from cli.screen.vietnamese import command, group
from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desk.values import Finding
    from desk.values import Rule as JudgingRule
    from engine.comparison import Change, Standing
    from engine.proving.rulebook_text import ParameterView, RuleView

app = typer.Typer(
    name="rules",
    cls=group("quy-tac"),
    help="Xem, so sánh và kiểm tra các quy tắc và điều khoản.",
    no_args_is_help=True,
)

app.add_typer(rules_checking.app)

NOT_KNOWN = "chưa đọc được"

Rule = Annotated[str, typer.Argument(metavar="QUY-TẮC", help="Tên quy tắc, ví dụ recognition.past_cell_window.")]


@app.command("list", cls=command("danh-sach"), help="Liệt kê các quy tắc theo giai đoạn.")
def list_rules(as_json: arguments.Json = False) -> None:
    """List the rules by stage."""
    from engine.proving.rulebook_page import STAGES
    from engine.proving.rulebook_text import by_stage
    from engine.ruleset import load_ruleset

    ruleset = load_ruleset()
    if as_json:
        members = [
            {
                "rule": rule.name,
                "title": rule.title,
                "file": rule.text.file.name,
                "severities": [severity for severity, _ in rule.severities],
                "held_by": rule.held_by,
                "cites": [citation.parameter.name for citation in rule.cites],
            }
            for rule in ruleset.rules.values()
        ]
        print_json({"rules": members})
        return
    from cli.screen.table import Column, table
    from desk.words.labels import label

    columns = (Column("Quy tắc"), Column("Nội dung", wraps=True), Column("Mức độ", wraps=True))
    for stage, rules in by_stage(ruleset):
        say(strong(f"\n{STAGES.get(stage, stage)}: {len(rules)}"))
        rows = [
            (rule.name, rule.title, ", ".join(dict.fromkeys(label("severity", word) for word, _ in rule.severities)))
            for rule in rules
        ]
        for line in table(columns, rows, indent="  "):
            say(line)


@app.command(
    "show", cls=command("xem"), help="Một quy tắc bằng lời: điều kiện, điều khoản qua từng văn bản, cách tính."
)
def show(rule: Rule, as_json: arguments.Json = False) -> None:
    """Show one rule in words."""
    from engine.proving.rulebook_text import RuleTexts, examples_in_words, find_rule
    from rules.loader import examples as examplebook

    ruleset, found = find_rule(rule)
    view = RuleTexts(ruleset).rule(found)
    examples = examples_in_words(examplebook.load()).get(view.name, [])
    if as_json:
        print_json({**asdict(view), "examples": examples})
        return
    _print_rule(view)
    say(f"\n{strong('Ví dụ')}")
    for example in examples:
        say(f"  • {example}")


def _print_rule(view: RuleView) -> None:
    from engine.proving.rulebook_page import severities_in_words

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
    from cli.screen.table import Column, table

    say(f"\n{strong(heading)}")
    columns = (
        Column("Văn bản"),
        Column("Hiệu lực"),
        Column("Nội dung", wraps=True),
        Column("Mục"),
        Column("Độ chắc chắn", wraps=True),
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
    from engine.proving.rulebook_page import shipped_page

    text = shipped_page()
    if out is None:
        say(text.rstrip("\n"))
        return
    from cases.values.whole_file import whole_file

    with whole_file(out, replace=True) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")
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
    from engine.comparison import between_days, between_documents
    from rules.loader import law

    days = _days(one, two)
    if days:
        changes = between_days(law.load(), *days)
        sides = tuple(f"ngày {on_screen(found)}" for found in days)
        names: tuple[object, ...] = days
    else:
        before, after, changes = between_documents(law.load(), one, two)
        sides, names = tuple(law.load().number(document) for document in (before, after)), (before.id, after.id)
    if as_json:
        print_json({"before": names[0], "after": names[1], "changes": [_change_json(change) for change in changes]})
        return
    groups = (
        ("Nội dung đổi", [c for c in changes if c.of_value and c.known]),
        ("Chỉ biết nội dung ở một bên", [c for c in changes if c.of_value and not c.known]),
        ("Nội dung giữ nguyên, đổi mục hoặc độ chắc chắn", [c for c in changes if not c.of_value]),
    )
    say(strong(f"Từ {sides[0]} đến {sides[1]}: {len(changes)} điểm khác nhau"))
    for title, members in groups:
        _print_changes(title, members)


def _days(one: str, two: str) -> tuple[dt.date, dt.date] | None:
    """The two days, where both arguments are days; raises `BadInput` where only one is."""
    looks = [
        text[:1].isdigit() and text.count("-") + text.count("/") == 2 and "/TW" not in text.upper()
        for text in (one, two)
    ]
    if all(looks):
        return day(one), day(two)
    if any(looks):
        raise BadInput("So hai văn bản, hoặc hai ngày; không so một văn bản với một ngày.")
    return None


def _print_changes(title: str, changes: Sequence[Change]) -> None:
    if not changes:
        return
    from engine.language.law_words import amount

    say(f"\n{strong(f'{title}: {len(changes)}')}")
    for change in changes:
        unit, before, after = change.parameter.unit, change.before, change.after
        say(f"  • {change.parameter.title}")
        say(f"      {_changed(amount(before.value, unit), amount(after.value, unit))}")
        say(f"      {_changed(_place(before), _place(after))}")


def _place(standing: Standing) -> str:
    from engine.language.law_words import sureness

    if standing.value is None:
        return NOT_KNOWN
    place = f"mục {standing.clause}" if standing.clause else "chưa rõ mục"
    sure = sureness(standing.certainty, standing.basis)
    return f"{place} ({sure}{', giá trị biết gần nhất' if standing.last_known else ''})"


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "parameter": change.parameter.name,
        "title": change.parameter.title,
        "unit": change.parameter.unit,
        "value_changes": change.of_value,
        "before": _standing_json(change.before),
        "after": _standing_json(change.after),
    }


def _standing_json(standing: Standing) -> dict[str, Any]:
    value = standing.value
    return {
        "document": standing.document.id,
        "value": value if value is None or isinstance(value, bool | int | str) else str(value),
        "clause": standing.clause,
        "certainty": standing.certainty,
        "basis": standing.basis,
        "last_known": standing.last_known,
    }


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
    from cli.screen.table import Column, table
    from desk.words.labels import label, marked_citation

    if not pairs:
        return
    say(f"\n{strong(f'{title}: {len(pairs)}')}")
    columns = (
        Column("Mã"),
        Column("Họ và tên", wraps=True),
        Column("Mức độ", wraps=True),
        Column("Việc", wraps=True),
        Column("Hạn", wraps=True),
        Column("Căn cứ", wraps=True),
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
