"""`dubi explain`: one case, rule by rule: what was found, what was not, from which days, by which clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.arguments import SEVERITIES, today
from cli.screen.opening import open_roster
from cli.screen.output import on_screen, print_json, say, strong
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    import datetime as dt

    from engine.explanation import Explanation, RuleTrace
    from engine.ruleset import RuleSet
    from rules.loader.law import InForce, Parameter

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
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Explain one case of a workbook or of the store."""
    from desk import desk

    roster = open_roster(file, store)
    overlays = arguments.overlay_files(arguments.overlays_for(overlay, file, store))
    explanation = desk.explain(roster, case, as_of or today(), law, overlays)
    if as_json:
        print_json(_json(explanation, law))
        return
    from cli.screen.wording import heading
    from engine.ruleset import load_ruleset

    for line in heading(explanation.as_of, law, file, None, overlays):
        say(strong(line))
    _print(explanation, load_ruleset(law, overlays))


def _json(explanation: Explanation, law: dt.date | None) -> dict[str, object]:
    return {
        "as_of": explanation.as_of,
        "law": law,
        "case": explanation.case,
        "name": explanation.name,
        "unit": explanation.unit,
        "exists": explanation.exists,
        "stage": explanation.stage or None,
        "rules": [_trace_json(trace) for trace in explanation.traces],
    }


def _trace_json(trace: RuleTrace) -> dict[str, object]:
    found = trace.finding
    return {
        "rule": trace.rule,
        "title": trace.title,
        "holds": trace.holds,
        "severity": found and found.severity,
        "due": found and found.due,
        "days_late": found and found.days_late,
        "held_by": found and found.held_by,
        "certainty": found and found.certainty,
        "message": found and found.message,
        "missing": list(trace.missing),
        "conditions": [{"words": part.words, "holds": part.holds} for part in trace.parts],
        "facts": [
            {"fact": f.name, "label": f.label, "value": f.value, "recorded": f.recorded, "source": f.source}
            for f in trace.facts
        ],
        "citations": [
            {
                "document": entry.version.document.id,
                "clause": entry.version.clause,
                "certainty": entry.certainty,
                "in_force": entry.document.id,
            }
            for entry in trace.citations
        ],
        "silent": trace.silent,
    }


def _print(explanation: Explanation, ruleset: RuleSet) -> None:
    from cli.screen.wording import label

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
    from cli.screen.wording import fact_label, label

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
        say(f"    Căn cứ: {_citation(entry, cited.parameter)}")
    if trace.silent:
        say(f"    Chỗ quy định không nói: {trace.silent}")
    say("    Điều kiện:")
    for part in trace.parts:
        say(f"      {TICKS[part.holds]} {part.words}")
    say("    Số liệu đã dùng:")
    columns = (Column("Dữ kiện", wraps=True), Column("Giá trị", wraps=True), Column("Lấy từ đâu", wraps=True))
    for line in table(columns, [(fact.label, fact.value, fact.source) for fact in trace.facts], indent="      "):
        say(line)


def _citation(entry: InForce, parameter: Parameter) -> str:
    """What the clause says, where it stands and how sure that is."""
    from cli.screen.wording import label
    from reports.lists.citing import citation, document_number

    place = citation(entry.version.document.id, entry.version.clause)
    sure = label("certainty", entry.certainty)
    if entry.last_known:
        sure += f"; {document_number(entry.document.id)} đang có hiệu lực nhưng chưa rõ quy định, dùng giá trị gần nhất"
    return f"{parameter.title}{_amount(entry, parameter)} — {place} ({sure})"


def _amount(entry: InForce, parameter: Parameter) -> str:
    from engine.language.law_words import amount

    return f": {amount(entry.value, parameter.unit)}"
