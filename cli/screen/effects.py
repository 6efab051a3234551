"""Recording on the screen: what a change would be and do is shown, what is unusual asked about, then it is written."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.screen.output import note, on_screen, print_json, say, strong

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cases.changes.courses import CourseDraft
    from cases.changes.saving import Draft
    from cases.judging.doubts import Doubt
    from cases.store.reading import Execute
    from desk.answers.recording import Effect
    from engine.findings import Finding

Confirm = Annotated[bool, typer.Option("--confirm", help="Đã xem những điều bất thường và vẫn ghi.")]
Preview = Annotated[bool, typer.Option("--preview", help="Chỉ xem trước, không ghi vào kho.")]
Document = Annotated[str | None, typer.Option("--document", metavar="SỐ", help="Số văn bản.")]
StoredAt = Annotated[
    str | None, typer.Option("--stored-at", metavar="NƠI", help="Văn bản cất ở đâu, ví dụ: tủ chi ủy, cặp 3.")
]
Case = Annotated[str, typer.Argument(metavar="MÃ-HỒ-SƠ", help="Mã ở cột “Mã hồ sơ”.")]


def on_a_terminal() -> bool:
    """Whether somebody sits there who can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str) -> str:
    """The answer typed to a question; the question stands on stderr, for stdout is the answer of the command."""
    sys.stdout.flush()
    sys.stderr.write(f"{question} ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise typer.Abort
    return line.strip()


def make_and_save(
    store: str | None,
    made: Callable[[Execute, dt.date], Draft],
    action: str,
    *,
    as_of: dt.date | None,
    confirm: bool,
    preview: bool,
    as_json: bool,
) -> None:
    """Show what a change would be, and write it unless it is refused, unusual and not confirmed, or only looked at."""
    from cases.changes.saving import save
    from cases.store.connection import querying, store_url
    from cli.screen.arguments import today
    from cli.screen.opening import desk_for
    from desk.answers import recording as desk_recording

    url = store_url(store)
    question = desk_for(None, store).ask(as_of=as_of)
    now = max(question.as_of, today())
    with querying(url) as execute:
        draft = made(execute, now)
    effect = desk_recording.effect(draft.before, draft.after, question)
    draft = desk_recording.with_blocks(draft, effect)
    if not as_json:
        _print_case(draft)
        if preview or not any(doubt.refused for doubt in draft.doubts):
            _print(effect)
    nothing = draft.before == draft.after and not draft.added
    batch = None
    try:
        if not preview and not nothing:
            _allow(draft, confirm=confirm, may_ask=not as_json)
            batch = save(url, lambda execute: made(execute, now), action, accepted=draft.doubts, confirmed=confirm)
    finally:
        if as_json:
            print_json(_json(draft, effect, action, batch))
    _say_what_was_done(draft.doubts, batch, nothing=nothing)


def write_course(
    store: str | None,
    made: Callable[[Execute], CourseDraft],
    action: str,
    *,
    confirm: bool,
    preview: bool,
    as_json: bool,
) -> None:
    """Show what a change of a class would be, and write it as `make_and_save` writes one of a case."""
    from cases.changes.courses import save_course
    from cases.history.telling import told_plan
    from cases.store.connection import querying, store_url

    url = store_url(store)
    with querying(url) as execute:
        draft = made(execute)
    lines = told_plan(draft.plan)
    if not as_json:
        say(strong(f"Lớp {draft.course.code}"))
        for line in lines:
            say(f"  {line}")
    batch = None
    try:
        if not preview and draft.plan.alters:
            _allow(draft, confirm=confirm, may_ask=not as_json)
            batch = save_course(url, made, action, accepted=draft.doubts, confirmed=confirm)
    finally:
        if as_json:
            doubts = [{"code": one.code, "refused": one.refused, "message": str(one)} for one in draft.doubts]
            values = {"action": action, "course": draft.course.code, "batch": batch, "changes": lines}
            print_json({**values, "doubts": doubts})
    _say_what_was_done(draft.doubts, batch, nothing=not draft.plan.alters)


def _allow(draft: Draft | CourseDraft, *, confirm: bool, may_ask: bool) -> None:
    """Let a draft through, after asking where somebody sits there; raises what the draft raises, and `Abort`."""
    from cases.judging.doubts import Unconfirmed

    try:
        draft.allow(confirmed=confirm)
    except Unconfirmed as unusual:
        if not may_ask or not on_a_terminal():
            raise
        note(str(unusual).rpartition("\n")[0])
        if ask("Vẫn ghi? (c = có, Enter = không)").casefold() not in ("c", "có", "co"):
            raise typer.Abort from None


def _say_what_was_done(doubts: Sequence[Doubt], batch: str | None, *, nothing: bool) -> None:
    if batch is not None:
        note(f"Đã ghi (lần ghi {batch}). Muốn hoàn tác: dubi undo")
    elif nothing:
        note("Sổ đã đúng như vậy; không phải ghi gì.")
    else:
        if doubts:
            note("Nếu ghi thì phải xem lại:")
        for doubt in doubts:
            note(f"  - {doubt}{' (không ghi được)' if doubt.refused else ''}")
        note("Đây là xem trước: chưa ghi gì vào kho.")


def _json(draft: Draft, effect: Effect, action: str, batch: str | None) -> dict[str, Any]:
    from cases.history.telling import told_record

    findings = effect.findings
    return {
        "as_of": effect.as_of,
        "action": action,
        "case": draft.after.code,
        "name": draft.after.fields.get("full_name"),
        "batch": batch,
        "changes": told_record(draft.before, draft.after),
        "stage_before": effect.stage_before,
        "stage": effect.stage_after,
        "doubts": [{"code": one.code, "refused": one.refused, "message": str(one)} for one in draft.doubts],
        "gone": [asdict(finding) for finding in findings.gone],
        "come": [asdict(finding) for finding in findings.come],
        "changed": [{"before": asdict(one), "after": asdict(two)} for one, two in findings.changed],
        "unknown": [{"rule": entry.rule, "missing": list(entry.missing)} for entry in effect.unknown],
    }


def _print_case(draft: Draft) -> None:
    from cases.history.telling import told_record
    from desk.words.labels import label

    fields = draft.after.fields
    say(strong(f"{draft.after.code} · {fields.get('full_name', '–')} · đơn vị {fields.get('unit', 'chưa ghi')}"))
    for line in told_record(draft.before, draft.after):
        say(f"  {line}")
    for discipline in draft.added:
        say(f"  Kỷ luật: {label('discipline_form', discipline.form)} ngày {on_screen(discipline.on)}")


def _print(effect: Effect) -> None:
    from desk.words.labels import label

    say(f"Tính đến ngày {on_screen(effect.as_of)}")
    if effect.stage_before != effect.stage_after:
        before = label("stage", effect.stage_before) if effect.stage_before else "chưa có hồ sơ"
        say(f"  Giai đoạn: {before} → {label('stage', effect.stage_after)}")
    findings = effect.findings
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
