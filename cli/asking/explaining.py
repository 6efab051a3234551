"""`dubi explain`: one case, rule by rule: what was found, what was not, from which days, by which clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.arguments import SEVERITIES
from cli.screen.opening import desk_for
from cli.screen.output import note, on_screen, print_json, say, strong
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    from desk.answers.explaining import Explained
    from desk.values import Explanation, RuleSet, RuleTrace

TICKS = {True: "[đúng]", False: "[sai]", None: "[chưa rõ]"}

app = typer.Typer()


@app.command(
    "explain",
    cls=command("giai-thich"),
    help="Giải thích một hồ sơ: có phát hiện gì, theo điều khoản nào, khi nào thì hết, còn thiếu gì.",
)
def explain(
    case: Annotated[str, typer.Argument(metavar="MÃ-HỒ-SƠ", help="Mã ở cột “Mã hồ sơ”.")],
    file: arguments.FileOption = None,
    as_of: arguments.AsOf = None,
    law: arguments.Law = None,
    overlay: arguments.Overlay = None,
    known_on: arguments.KnownOn = None,
    sensitive: arguments.ShowSensitive = None,
    store: arguments.Store = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Cả những quy tắc không có gì, với mọi số liệu đã dùng.")
    ] = False,
    as_json: arguments.Json = False,
) -> None:
    """Explain one case of a workbook or of the store."""
    from desk.words.labels import heading

    desk = desk_for(file, store, sensitive)
    question = desk.ask(as_of=as_of, known_on=known_on, law=law, overlays=overlay)
    explained = desk.explain(question, case)
    if as_json:
        print_json(explained.as_json())
        return
    for line in heading(question, desk.place):
        say(strong(line))
    if everything:
        _print(explained.explanation, question.ruleset, explained.masked)
        if explained.masked:
            from desk.words.masking import HIDDEN

            note(HIDDEN)
    else:
        _print_short(explained)


def _print_short(explained: Explained) -> None:
    """What holds, what would end it, what is missing: a screenful."""
    from desk.words.labels import fact_label, in_force, label

    explanation, rules = explained.explanation, explained.question.ruleset.rules
    if not _print_head(explanation):
        return
    traces = {trace.rule: trace for trace in explanation.traces if trace.finding}
    listed = sorted((traces[found.rule] for found in explained.listed), key=_urgency)
    say(f"\n{strong(f'Có phát hiện: {len(listed)}')}")
    for trace in listed:
        assert trace.finding is not None
        say(f"\n  {strong(label('severity', trace.finding.severity) + ': ' + trace.title)}")
        say(f"    {trace.finding.message}")
        say(f"    Căn cứ: {in_force(trace.citations[0], rules[trace.rule].cites[0].parameter)}")
        if ends := explained.ends(trace.rule):
            say(f"    Hết khi: {'; '.join(ends)}.")
    missing = explained.missing
    if missing:
        say(f"\n{strong('Còn thiếu để kết luận:')} {'; '.join(fact_label(fact) for fact in missing)}.")
    silent = sum(trace.holds is False for trace in explanation.traces)
    say(f"\nĐã xét {silent} quy tắc khác, không có gì. Thêm --all để xem đủ từng điều kiện và số liệu.")


def _print_head(explanation: Explanation) -> bool:
    """Whom it is about; False where there is nothing yet to judge."""
    from desk.words.labels import label

    say(strong(f"{explanation.case} · {explanation.name} · đơn vị {explanation.unit or 'chưa ghi'}"))
    if not explanation.exists:
        say(f"Vào ngày {on_screen(explanation.as_of)} hồ sơ này chưa có bước nào, nên chưa có gì để xét.")
        return False
    say(f"Giai đoạn: {label('stage', explanation.stage)}")
    return True


def _print(explanation: Explanation, ruleset: RuleSet, masked: frozenset[str]) -> None:
    if not _print_head(explanation):
        return
    groups = (
        ("Có phát hiện", sorted((trace for trace in explanation.traces if trace.holds), key=_urgency)),
        ("Chưa xét được vì còn thiếu số liệu", [trace for trace in explanation.traces if trace.holds is None]),
        ("Đã xét, không có gì", [trace for trace in explanation.traces if trace.holds is False]),
    )
    for title, traces in groups:
        if traces:
            say(f"\n{strong(f'{title}: {len(traces)} quy tắc')}")
        for trace in traces:
            _print_trace(trace, ruleset, masked)


def _urgency(trace: RuleTrace) -> tuple[int, int]:
    found = trace.finding
    return (SEVERITIES.index(found.severity), -(found.days_late or 0)) if found else (len(SEVERITIES), 0)


def _print_trace(trace: RuleTrace, ruleset: RuleSet, masked: frozenset[str]) -> None:
    from cli.screen.table import ScreenColumn, table
    from desk.words.labels import fact_label, in_force, label
    from desk.words.masking import MASK

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
        tick = TICKS[part.holds] if not part.facts & masked else f"[{MASK[1:-1]}]"
        say(f"      {tick} {part.words}")
    say("    Số liệu đã dùng:")
    columns = (
        ScreenColumn("Dữ kiện", wraps=True),
        ScreenColumn("Giá trị", wraps=True),
        ScreenColumn("Lấy từ đâu", wraps=True),
    )
    for line in table(columns, [(fact.label, fact.value, fact.source) for fact in trace.facts], indent="      "):
        say(line)
