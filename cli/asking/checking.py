"""`dubi check`: who is overdue or blocked, by which clause, and what is missing to decide."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.arguments import SEVERITIES
from cli.screen.opening import desk_for
from cli.screen.output import note, on_screen, only_one_form, print_csv, print_json, say, strong
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from desk.answers.checking import Checked
    from desk.values import Evaluation, Finding, Rule

ALWAYS_LISTED = ("overdue", "blocked")
FEW = 20
"""As many lines of what is missing are shown without `--all`."""

FEW_NAMED = 5
"""As many cases that do not exist yet are named."""

app = typer.Typer()


@app.command(
    "check",
    cls=command("kiem-tra"),
    help="Xét mọi hồ sơ: ai quá hạn, ai vướng, ai đang giữ, theo điều khoản nào.",
)
def check(
    file: arguments.OptionalFile = None,
    as_of: arguments.AsOf = None,
    unit: arguments.Unit = None,
    law: arguments.Law = None,
    overlay: arguments.Overlay = None,
    evaluator: arguments.Evaluator = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="MỨC",
            parser=arguments.severity,
            help="Chỉ xét những việc ở mức này: qua-han, vuong, den-han, can-xac-nhan, de-biet. Ghi được nhiều lần.",
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Liệt kê cả những việc đến hạn, cần xác nhận và để biết.")
    ] = False,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="TỆP.xlsx", help="Ghi danh sách quá hạn và vướng ra tệp Excel.")
    ] = None,
    force: arguments.Force = False,
    fail_on: Annotated[
        arguments.Severity | None,
        typer.Option(
            "--fail-on",
            metavar="MỨC",
            help="Kết thúc với mã 1 nếu có việc từ mức này trở lên: qua-han, vuong, den-han, can-xac-nhan, de-biet.",
        ),
    ] = None,
    known_on: arguments.KnownOn = None,
    receipt: arguments.Receipt = None,
    store: arguments.Store = None,
    as_json: arguments.Json = False,
    as_csv: arguments.Csv = False,
) -> None:
    """Evaluate every case of a workbook or of the store."""
    only_one_form(as_json=as_json, as_csv=as_csv)
    if receipt is not None and only:
        raise typer.BadParameter(
            "Biên nhận ghi lại cả kết quả, nên không dùng --receipt cùng với --only. Bỏ một trong hai."
        )
    desk = desk_for(file, store)
    question = desk.ask(
        as_of=as_of,
        known_on=known_on,
        law=law,
        unit=unit,
        overlays=overlay,
        severities=only or None,
        by=evaluator,
        one_moment=receipt is not None,
    )
    checked = desk.check(question, None if everything or as_json or as_csv else only or ALWAYS_LISTED)
    evaluation = checked.evaluation
    if receipt is not None:
        from cli.reporting.receipts import keep

        keep(desk, checked, receipt, replace=force)
    if xlsx is not None:
        checked.write_overdue(xlsx, replace=force)
        note(f"Đã ghi danh sách quá hạn và vướng ra tệp “{xlsx}”.")
    if as_json:
        print_json(checked.as_json())
    elif as_csv:
        _print_csv(evaluation)
    else:
        from desk.words.labels import heading, whom

        for line in heading(question, desk.place, whom(unit, checked.units)):
            say(strong(line))
        _print_stages(evaluation)
        _print_not_yet(checked)
        _print_all_findings(checked, question.ruleset.rules, only, everything=everything)
        _print_missing(checked, everything=everything)
    if fail_on and any(checked.numbers.get(word) for word in SEVERITIES[: SEVERITIES.index(fail_on) + 1]):
        raise typer.Exit(1)


def _print_csv(evaluation: Evaluation) -> None:
    from desk.words.labels import by_urgency, citation, label

    header = (
        *("Tính đến ngày", "Mức độ", "Mã hồ sơ", "Họ và tên", "Đơn vị", "Nội dung", "Hạn", "Số ngày quá hạn"),
        *("Ai đang giữ", "Căn cứ", "Độ chắc chắn", "Quy tắc"),
    )
    print_csv(
        header,
        (
            (
                *(evaluation.as_of, label("severity", found.severity), found.case, found.name, found.unit),
                *(found.message, found.due, found.days_late, found.held_by and label("held_by", found.held_by)),
                *(citation(found.document, found.clause), label("certainty", found.certainty), found.rule),
            )
            for severity in SEVERITIES
            for found in by_urgency([found for found in evaluation.findings if found.severity == severity])
        ),
    )


def _print_not_yet(checked: Checked) -> None:
    later = checked.not_yet
    if later:
        shown = ", ".join(f"{one.case} ({on_screen(one.first_on)})" for one in later[:FEW_NAMED])
        more = f" và {len(later) - FEW_NAMED} hồ sơ nữa" if later[FEW_NAMED:] else ""
        say(f"  Chưa tính {len(later)} hồ sơ mà mọi bước đều ghi sau ngày này: {shown}{more}. Kiểm tra lại năm.")


def _print_stages(evaluation: Evaluation) -> None:
    from desk.words.labels import label

    say(f"\n{strong(f'Số hồ sơ: {evaluation.cases}')}")
    widest = max(len(label("stage", stage)) for stage in evaluation.stages)
    for stage, number in evaluation.stages.items():
        say(f"  {label('stage', stage):{widest}}  {number:>6}")


def _print_all_findings(
    checked: Checked, rules: Mapping[str, Rule], only: Collection[str] | None, *, everything: bool
) -> None:
    from desk.words.labels import doubts, label

    wanted = SEVERITIES if everything else only or ALWAYS_LISTED
    shown = [one for one in checked.listed if one.severity in wanted]
    of_case: dict[str, list[Finding]] = {}
    for found in sorted(shown, key=_worst_first):
        of_case.setdefault(found.case, []).append(found)
    unlisted: list[str] = []
    for severity in SEVERITIES:
        number = checked.numbers.get(severity, 0)
        if severity in wanted and (number or not everything):
            people = [findings for findings in of_case.values() if findings[0].severity == severity]
            _print_people(severity, sum(one.severity == severity for one in shown), people, rules)
        elif number:
            unlisted.append(f"{label('severity', severity).lower()} {number}")
    if unlisted:
        say(f"\nNgoài ra: {', '.join(unlisted)}. Thêm --all để xem từng việc.")
    for line in doubts({found.certainty for found in shown}):
        say(line)


def _worst_first(found: Finding) -> tuple[object, ...]:
    return (SEVERITIES.index(found.severity), -(found.days_late or 0), found.unit or "", found.case, found.rule)


def _print_people(severity: str, number: int, people: list[list[Finding]], rules: Mapping[str, Rule]) -> None:
    """Everybody whose worst finding is of a severity, once, the worst first; what else there is stands under it."""
    from cli.screen.table import ScreenColumn, table
    from desk.words.labels import label, marked_citation

    own = sum(found.severity == severity for findings in people for found in findings)
    above = f" ({number - own} việc đã ghi ở trên, dưới tên người)" if own < number else ""
    title = f"{label('severity', severity)}: {number}"
    say(f"\n{strong(title)}{above}")
    columns = (
        ScreenColumn("Mã"),
        ScreenColumn("Họ và tên", wraps=True),
        ScreenColumn("Đơn vị"),
        ScreenColumn("Việc", wraps=True),
        ScreenColumn("Hạn"),
        ScreenColumn("Quá (ngày)", right=True),
        ScreenColumn("Ai đang giữ", wraps=True),
        ScreenColumn("Căn cứ", wraps=True),
    )
    rows = []
    for findings in people:
        for place, found in enumerate(findings):
            other = "" if found.severity == severity else f"{label('severity', found.severity)}: "
            rows.append(
                (
                    *((found.case, found.name, found.unit or "–") if not place else ("", "", "")),
                    ("+ " if place else "") + other + rules[found.rule].title,
                    on_screen(found.due),
                    "–" if found.days_late is None else str(found.days_late),
                    label("held_by", found.held_by),
                    marked_citation(found.document, found.clause, found.certainty),
                )
            )
    for line in table(columns, rows, indent="  "):
        say(line)


def _print_missing(checked: Checked, *, everything: bool) -> None:
    """Who lacks facts that would decide something: neither cleared nor blocked, so it is asked for."""
    unknown, people = checked.evaluation.unknown, checked.undecided
    if not unknown:
        return
    from cli.screen.table import ScreenColumn, table
    from desk.words.labels import fact_label

    missing: dict[str, set[str]] = {}
    undecided: dict[str, int] = {}
    for entry in unknown:
        missing.setdefault(entry.case, set()).update(entry.missing)
        undecided[entry.case] = undecided.get(entry.case, 0) + 1
    cases = sorted(missing, key=lambda case: (people[case][1] or "", case))
    say(f"\n{strong(f'Cần bổ sung: {len(cases)} hồ sơ')} (thiếu thì chưa xét được hết các quy tắc)")
    columns = (
        ScreenColumn("Mã"),
        ScreenColumn("Họ và tên", wraps=True),
        ScreenColumn("Đơn vị"),
        ScreenColumn("Còn thiếu", wraps=True),
        ScreenColumn("Chưa xét được", right=True),
    )
    rows = [
        (
            case,
            people[case][0] or "–",
            people[case][1] or "–",
            _listed(fact_label(fact) for fact in sorted(missing[case])),
            f"{undecided[case]} quy tắc",
        )
        for case in (cases if everything else cases[:FEW])
    ]
    for line in table(columns, rows, indent="  "):
        say(line)
    if len(rows) < len(cases):
        say(f"  … và {len(cases) - len(rows)} hồ sơ nữa. Thêm --all để xem hết.")


def _listed(labels: Iterable[str]) -> str:
    return "; ".join(labels)
