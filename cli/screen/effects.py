"""Recording on the screen: what a change would be and do is shown, what is unusual asked about, then it is written."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.screen.opening import desk_for
from cli.screen.output import note, on_screen, print_json, say, strong
from cli.screen.output import on_a_terminal as on_a_terminal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from desk.changes.effects import Effect
    from desk.changes.previews import CasePreview, CoursePreview, WholePreview
    from desk.changes.together import TogetherPreview
    from desk.changes.values import Change
    from desk.values import Doubt, Finding

Confirm = Annotated[bool, typer.Option("--confirm", help="Đã xem những điều bất thường và vẫn ghi.")]
Preview = Annotated[bool, typer.Option("--preview", help="Chỉ xem trước, không ghi vào kho.")]
Document = Annotated[str | None, typer.Option("--document", metavar="SỐ", help="Số văn bản.")]
StoredAt = Annotated[
    str | None, typer.Option("--stored-at", metavar="NƠI", help="Văn bản cất ở đâu, ví dụ: tủ chi ủy, cặp 3.")
]
Case = Annotated[str, typer.Argument(metavar="MÃ-HỒ-SƠ", help="Mã ở cột “Mã hồ sơ”.")]


def ask(question: str) -> str:
    """The answer typed to a question; the question stands on stderr, for stdout is the answer of the command."""
    sys.stdout.flush()
    sys.stderr.write(f"{question} ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise typer.Abort
    return line.strip()


def write(
    store: str | None,
    change: Change,
    show: Callable[[Any], None],
    *,
    as_of: dt.date | None = None,
    confirm: bool = False,
    preview: bool,
    sensitive: str | None = None,
    as_json: bool,
) -> None:
    """Show what a change would be, and write it unless it is refused, unusual and not confirmed, or only looked at."""
    desk = desk_for(None, store, sensitive)
    shown = desk.preview(change, as_of=as_of)
    if not as_json:
        show(shown)
    batch = None
    try:
        if not preview and shown.alters:
            confirmed = confirm or _confirmed(shown.doubts, may_ask=not as_json)
            batch = desk.commit(shown, confirmed=confirmed).batch
    finally:
        if as_json:
            print_json(shown.as_json(batch))
    _say_what_was_done(shown.doubts, batch, nothing=not shown.alters)


def show_case(shown: CasePreview, *, preview: bool) -> None:
    """What would be recorded of a case otherwise, and what would come of it unless it is refused."""
    _print_case(shown)
    if preview or not any(doubt.refused for doubt in shown.doubts):
        _print(shown.effect)


def show_together(shown: TogetherPreview) -> None:
    """What would be recorded of each of many cases, and what is newly found of them."""
    for code, name, lines in shown.told:
        say(strong(f"{code} · {name}"))
        for line in lines or ("không đổi",):
            say(f"  {line}")
    gone = sum(len(one.findings.gone) for one in shown.effects)
    come = [finding for one in shown.effects for finding in one.findings.come]
    say(f"Tính đến ngày {on_screen(shown.question.as_of)}: {len(shown.told)} hồ sơ, không còn {gone} việc")
    for finding in come:
        say(f"  Mới có: {finding.case}: {finding.message}")


def show_whole(shown: WholePreview, *, preview: bool) -> None:
    """What becomes of a dossier as a whole, and what comes of the one that stays unless it is refused."""
    say(strong(f"{shown.draft.before.code} · {shown.draft.before.fields.get('full_name', '–')}"))
    for line in shown.told:
        say(f"  {line}")
    if shown.effect and (preview or not any(doubt.refused for doubt in shown.doubts)):
        _print(shown.effect)


def show_course(shown: CoursePreview) -> None:
    """What would be recorded of a class otherwise."""
    say(strong(f"Lớp {shown.draft.course.code}"))
    for line in shown.told:
        say(f"  {line}")


def _confirmed(doubts: Sequence[Doubt], *, may_ask: bool) -> bool:
    """Whether somebody who sits there accepts what is unusual; raises `Abort` where it is not wanted after all."""
    if not doubts or any(doubt.refused for doubt in doubts) or not may_ask or not on_a_terminal():
        return False
    from desk.changes.previews import unusual_in_words

    note(unusual_in_words(doubts))
    if ask("Vẫn ghi? (c = có, Enter = không)").casefold() not in ("c", "có", "co"):
        raise typer.Abort
    return True


def _say_what_was_done(doubts: Sequence[Doubt], batch: str | None, *, nothing: bool) -> None:
    from desk.changes.previews import in_words

    if batch is not None:
        note(f"Đã ghi (lần ghi {batch}). Muốn hoàn tác: dubi undo")
    elif nothing:
        note("Sổ đã đúng như vậy; không phải ghi gì.")
    else:
        if doubts:
            note("Nếu ghi thì phải xem lại:")
        for refused in (True, False):
            for line in in_words(doubt for doubt in doubts if doubt.refused is refused):
                note(f"  - {line}{' (không ghi được)' if refused else ''}")
        note("Đây là xem trước: chưa ghi gì vào kho.")


def _print_case(shown: CasePreview) -> None:

    after = shown.draft.after
    fields = after.fields
    say(strong(f"{after.code} · {fields.get('full_name', '–')} · đơn vị {fields.get('unit', 'chưa ghi')}"))
    for line in shown.told:
        say(f"  {line}")
    for line in shown.measures:
        say(f"  {line}")


def _print(effect: Effect) -> None:
    from desk.words.labels import label

    say(f"Tính đến ngày {on_screen(effect.as_of)}")
    if effect.stage_before != effect.stage_after:
        before = label("stage", effect.stage_before) if effect.stage_before else "chưa có hồ sơ"
        say(f"  Giai đoạn: {before} → {label('stage', effect.stage_after)}")
    findings = effect.listed
    _print_findings("Không còn", findings.gone)
    _print_findings("Mới có", findings.come)
    _print_findings("Thay đổi", [two for _, two in findings.changed])
    if not (findings.gone or findings.come or findings.changed):
        say("  Các việc quá hạn, vướng, đến hạn của hồ sơ không đổi.")
    if effect.unknown:
        from desk.words.labels import fact_label

        missing = sorted({fact for entry in effect.unknown for fact in entry.missing})
        say(f"  Chưa xét được {len(effect.unknown)} quy tắc, thiếu: {'; '.join(map(fact_label, missing))}")


def _print_findings(title: str, findings: Sequence[Finding]) -> None:
    from desk.words.labels import label

    if findings:
        say(f"  {title}: {len(findings)}")
    for finding in findings:
        say(f"    {label('severity', finding.severity)}: {finding.message}")
