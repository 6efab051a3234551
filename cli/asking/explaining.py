"""`dubi explain`: one case, rule by rule: what was found, what was not, from which days, by which clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.arguments import SEVERITIES
from cli.screen.opening import desk_for
from cli.screen.output import on_screen, print_json, say, strong
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    from desk.values import Explanation, RuleSet, RuleTrace

TICKS = {True: "[đúng]", False: "[sai]", None: "[chưa rõ]"}

app = typer.Typer()


@app.command(
    "explain",
    cls=command("giai-thich"),
    help="Giải thích một hồ sơ: mỗi quy tắc dựa vào ngày nào, điều khoản nào, vì sao có hay không.",
)
def explain(
    case: Annotated[str, typer.Argument(metavar="MÃ-HỒ-SƠ", help="Mã ở cột “Mã hồ sơ”.")],
    file: arguments.FileOption = None,
    as_of: arguments.AsOf = None,
    law: arguments.Law = None,
    overlay: arguments.Overlay = None,
    known_on: arguments.KnownOn = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Explain one case of a workbook or of the store."""
    from desk.words.labels import heading

    desk = desk_for(file, store)
    question = desk.ask(as_of=as_of, known_on=known_on, law=law, overlays=overlay)
    explained = desk.explain(question, case)
    if as_json:
        print_json(explained.as_json())
        return
    for line in heading(question, desk.place):
        say(strong(line))
    _print(explained.explanation, question.ruleset)


def _print(explanation: Explanation, ruleset: RuleSet) -> None:
    from desk.words.labels import label

    say(strong(f"{explanation.case} · {explanation.name} · đơn vị {explanation.unit or 'chưa ghi'}"))
    if not explanation.exists:
        say(f"Vào ngày {on_screen(explanation.as_of)} hồ sơ này chưa có bước nào, nên chưa có gì để xét.")
        return
    say(f"Giai đoạn: {label('stage', explanation.stage)}")
    groups = (
        ("Có phát hiện", sorted((trace for trace in explanation.traces if trace.holds), key=_urgency)),
        ("Chưa xét được vì còn thiếu số liệu", [trace for trace in explanation.traces if trace.holds is None]),
        ("Đã xét, không có gì", [trace for trace in explanation.traces if trace.holds is False]),
    )
    for title, traces in groups:
        if traces:
            say(f"\n{strong(f'{title}: {len(traces)} quy tắc')}")
        for trace in traces:
            _print_trace(trace, ruleset)


def _urgency(trace: RuleTrace) -> tuple[int, int]:
    found = trace.finding
    return (SEVERITIES.index(found.severity), -(found.days_late or 0)) if found else (len(SEVERITIES), 0)


def _print_trace(trace: RuleTrace, ruleset: RuleSet) -> None:
    from cli.screen.table import Column, table
    from desk.words.labels import fact_label, in_force, label

    found = trace.finding
    level = f"{label('severity', found.severity)}: " if found else ""
    say(f"\n  {strong(level + trace.title)}  ({trace.rule})")
    if found:
        say(f"    {found.message}")
        if found.due:
            late = f", quá {found.days_late} ngày" if found.days_late else ""
            say(f"    Hạn: {on_screen(found.due)}{late}.")
        if found.held_by:
            say(f"    Ai đang giữ: {label('held_by', found.held_by)}.")
    if trace.missing:
        say(f"    Cần bổ sung: {'; '.join(fact_label(fact) for fact in trace.missing)}.")
    for entry, cited in zip(trace.citations, ruleset.rules[trace.rule].cites, strict=True):
        say(f"    Căn cứ: {in_force(entry, cited.parameter)}")
    if trace.silent:
        say(f"    Chỗ quy định không nói: {trace.silent}")
    say("    Điều kiện:")
    for part in trace.parts:
        say(f"      {TICKS[part.holds]} {part.words}")
    say("    Số liệu đã dùng:")
    columns = (Column("Dữ kiện", wraps=True), Column("Giá trị", wraps=True), Column("Lấy từ đâu", wraps=True))
    for line in table(columns, [(fact.label, fact.value, fact.source) for fact in trace.facts], indent="      "):
        say(line)
