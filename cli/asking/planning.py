"""`dubi plan` and `dubi what-if`: what comes next for a case, and what would be if something were otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.screen import arguments
from cli.screen.opening import desk_for
from cli.screen.output import note, on_screen, print_json, say, strong
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from desk.answers.planning import Supposed
    from desk.values import Bound, ComingStep, Finding, Plan, RuleSet, WhatIf

app = typer.Typer()

Case = Annotated[str, typer.Argument(metavar="MÃ-HỒ-SƠ", help="Mã ở cột “Mã hồ sơ”.")]


@app.command(
    "plan", cls=command("ke-hoach"), help="Các bước sắp tới của một hồ sơ: sớm nhất, muộn nhất ngày nào, ai làm."
)
def plan(
    case: Case,
    file: arguments.FileOption = None,
    as_of: arguments.AsOf = None,
    law: arguments.Law = None,
    overlay: arguments.Overlay = None,
    known_on: arguments.KnownOn = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Show the coming steps of one case."""
    from desk.words.labels import heading

    desk = desk_for(file, store)
    question = desk.ask(as_of=as_of, known_on=known_on, law=law, overlays=overlay)
    planned = desk.plan(question, case)
    if as_json:
        print_json(planned.as_json())
        return
    for line in heading(question, desk.place):
        say(strong(line))
    _print_case(planned.plan)
    if planned.plan.exists:
        print_steps("Các bước sắp tới", planned.plan, question.ruleset)


@app.command("what-if", cls=command("gia-su"), help="Giả sử sổ ghi khác đi thì hồ sơ ra sao. Không ghi gì vào kho.")
def what_if(
    case: Case,
    settings: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="TÊN=GIÁ-TRỊ",
            help="Dữ kiện hoặc tên cột và giá trị giả sử, ví dụ cell_proposed_recognition_on=2025-03-01; "
            "bỏ trống giá trị là xoá.",
        ),
    ],
    file: arguments.FileOption = None,
    as_of: arguments.AsOf = None,
    law: arguments.Law = None,
    overlay: arguments.Overlay = None,
    known_on: arguments.KnownOn = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
) -> None:
    """Compare one case with what it would be."""
    from desk.words.labels import heading

    desk = desk_for(file, store)
    question = desk.ask(as_of=as_of, known_on=known_on, law=law, overlays=overlay)
    supposed = desk.what_if(question, case, settings)
    found = supposed.found
    if found.ignored:
        _note_ignored(found)
    if as_json:
        print_json(supposed.as_json())
        return
    for line in heading(question, desk.place):
        say(strong(line))
    _print_case(found.before)
    _print_what_if(supposed)


def _print_case(plan: Plan) -> None:
    from desk.words.labels import label

    say(strong(f"{plan.case} · {plan.name} · đơn vị {plan.unit or 'chưa ghi'}"))
    if plan.exists:
        say(f"Giai đoạn: {label('stage', plan.stage)}")
    else:
        say(f"Vào ngày {on_screen(plan.as_of)} hồ sơ này chưa có bước nào, nên chưa có gì để xét.")


def _day(bound: Bound) -> str:
    from desk.words.labels import fact_label

    if bound.missing:
        return f"chưa rõ, thiếu: {'; '.join(fact_label(fact) for fact in bound.missing)}"
    return on_screen(bound.day)


def _earliest(step: ComingStep) -> str:
    """From when a step may be taken: now, from a day on, or not before what stands in its way is gone."""
    if step.state == "open":
        return "làm được ngay"
    return _day(step.earliest) if step.state == "later" else "chưa làm được"


def _left(step: ComingStep, as_of: dt.date) -> str:
    if step.latest.day is None:
        return "–"
    return f"quá {step.days_late}" if step.days_late else f"còn {(step.latest.day - as_of).days}"


def print_steps(title: str, plan: Plan, ruleset: RuleSet) -> None:
    """Show the coming steps of a plan as a table, below it what stands in the way of those held back."""
    from cli.screen.table import ScreenColumn, table
    from desk.answers.planning import in_the_way
    from desk.words.labels import doubts, label, marked_citation

    say(f"\n{strong(title)}")
    if not plan.steps:
        say("  Không còn bước nào phải làm.")
        return
    columns = (
        ScreenColumn("Bước", wraps=True),
        ScreenColumn("Sớm nhất", wraps=True),
        ScreenColumn("Muộn nhất", wraps=True),
        ScreenColumn("Ngày", right=True),
        ScreenColumn("Ai làm", wraps=True),
        ScreenColumn("Căn cứ", wraps=True),
    )
    rows = [
        (
            step.label,
            _earliest(step),
            _day(step.latest),
            _left(step, plan.as_of),
            label("held_by", step.held_by),
            marked_citation(step.document, step.clause, step.certainty),
        )
        for step in plan.steps
    ]
    for line in table(columns, rows, indent="  "):
        say(line)
    for step in plan.steps:
        if step.state == "held_back":
            after = step.earliest.day
            day = f"; sớm nhất từ ngày {on_screen(after)}" if after and after > plan.as_of else ""
            say(f"  • {step.label}: chưa làm được{day}.")
            for sentence in in_the_way(step, ruleset):
                say(f"      {sentence}")
        if step.note:
            say(f"  • {step.label}: {step.note[:1].lower()}{step.note[1:]}")
    for line in doubts({step.certainty for step in plan.steps}):
        say(line)


def _note_ignored(found: WhatIf) -> None:
    from desk.words.labels import fact_label

    note(
        f"Chú ý: {'; '.join(fact_label(name) for name in found.ignored)} ghi sau ngày tính đến "
        f"{on_screen(found.before.as_of)} nên các việc quá hạn, vướng chưa tính đến; các bước sắp tới thì có. "
        f"Muốn xét vào ngày ấy thì thêm --as-of {found.after.as_of}."
    )


def _print_what_if(supposed: Supposed) -> None:
    from desk.words.labels import fact_label, label

    found = supposed.found
    say(f"\n{strong('Giả sử (không ghi vào kho)')}")
    for name, value in found.changes.items():
        say(f"  {fact_label(name)}: {_shown(name, found.was.get(name))} → {_shown(name, value)}")
    if found.after.stage != found.before.stage:
        say(f"  Giai đoạn: {label('stage', found.before.stage)} → {label('stage', found.after.stage)}")
    difference = supposed.listed
    _print_findings("Không còn", difference.gone)
    _print_findings("Mới có", difference.come)
    _print_findings("Thay đổi", [two for _, two in difference.changed])
    _print_findings("Giữ nguyên", difference.same)
    if found.unknown:
        missing = sorted({fact for entry in found.unknown for fact in entry.missing})
        listed = "; ".join(fact_label(fact) for fact in missing)
        say(f"\n{strong(f'Chưa xét được: {len(found.unknown)} quy tắc')}, thiếu: {listed}")
    if found.after.exists:
        later = f", tính đến ngày {on_screen(found.after.as_of)}" if found.ignored else ""
        print_steps(f"Các bước sắp tới nếu như vậy{later}", found.after, supposed.question.ruleset)


def _shown(name: str, value: Any) -> str:
    from desk.words.labels import fact_value

    return fact_value(name, value)


def _print_findings(title: str, findings: Sequence[Finding]) -> None:
    from desk.words.labels import label

    say(f"\n{strong(f'{title}: {len(findings)}')}")
    for finding in findings:
        say(f"  {label('severity', finding.severity)} ({finding.rule}): {finding.message}")
