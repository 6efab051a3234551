"""Recording a step of a person: typed, previewed with what goes and comes, confirmed where unusual, then written."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from desk.changes.fields import step_kinds
from desk.changes.json import as_json, from_json
from desk.changes.since import WrittenSince
from desk.changes.values import RecordStep
from desk.words.labels import citation, label
from desk.words.log import action, when
from rules.loader.errors import BadInput, DubiError
from web.asking import asked, desk_of, json_object, question_of, typed_day
from web.pages import page
from web.refusals import for_a_page
from web.writing import keeping_forms

TYPED = ("step", "on", "document", "stored_at", "result", "note")
"""The fields of the form, by the names that the change has for them."""


def form(request: Request) -> Response:
    """The form for a step of a person; raises `UnknownName`."""
    typed = {"step": step} if (step := request.query_params.get("buoc")) else {}
    kept = keeping_forms.still_typed(request, keeping_forms.A_STEP, request.path_params["code"])
    return _form(request, {**kept, **typed}, None, kept=any(name not in typed for name in kept))


async def preview(request: Request) -> Response:
    """What the step would be and do, nothing written; what is refused or cannot be read is said in the form."""
    async with request.form() as sent:
        typed = {name: str(sent.get(name, "")).strip() for name in TYPED}
    return await run_in_threadpool(_preview, request, typed)


def _preview(request: Request, typed: dict[str, str]) -> Response:
    code, desk = request.path_params["code"], desk_of(request)
    keeping_forms.keep(request, keeping_forms.A_STEP, code, typed)
    try:
        seen = desk.look()
        on = typed_day(request, typed["on"])
        if on is None:
            raise BadInput("Chưa ghi ngày của bước. Ghi ngày, ví dụ 28/11/2026.")
        if not typed["step"]:
            raise BadInput("Chưa chọn bước. Chọn một bước trong danh sách.")
        papers = {name: typed[name] or None for name in TYPED[2:]}
        shown = desk.preview(RecordStep(code, typed["step"], on, **papers))
    except DubiError as error:
        return _form(request, typed, error)
    refused = any(doubt.refused for doubt in shown.doubts)
    return page(
        request,
        "record_preview.html",
        "Xem trước khi ghi",
        screen="people",
        dated=False,
        code=code,
        shown=shown,
        refused=refused,
        typed=typed,
        change=json.dumps(as_json(shown.change), ensure_ascii=False),
        seen=seen,
        label=label,
        citation=citation,
    )


async def write(request: Request) -> Response:
    """Write the step that was previewed, unless somebody else wrote to the case since; then both are told, 409."""
    async with request.form() as sent:
        values = {name: str(sent.get(name, "")) for name in ("change", "seen", "confirmed")}
    return await run_in_threadpool(_write, request, values)


def _write(request: Request, sent: dict[str, str]) -> Response:
    code, desk = request.path_params["code"], desk_of(request)
    change = from_json(_object(sent["change"]))
    if not isinstance(change, RecordStep) or change.case != code:
        raise BadInput("Bước này không phải của hồ sơ đang mở. Mở lại hồ sơ rồi ghi lại.")
    now = desk.look()
    shown = desk.preview(change)
    try:
        done = desk.commit(shown, confirmed=sent["confirmed"] == "1", seen=sent["seen"])
    except WrittenSince:
        shown = desk.preview(change)
        return page(
            request,
            "record_conflict.html",
            "Người khác vừa ghi hồ sơ này",
            screen="people",
            dated=False,
            status=HTTPStatus.CONFLICT,
            code=code,
            shown=shown,
            change=sent["change"],
            seen=now,
            others=desk.since(shown, sent["seen"]),
            step=change.step,
            label=label,
            action=action,
            when=when,
        )
    keeping_forms.drop(request, keeping_forms.A_STEP, code)
    return RedirectResponse(asked(request).link(f"/nguoi/{code}", da_ghi=done.batch), HTTPStatus.SEE_OTHER)


def _object(text: str) -> dict[str, Any]:
    found = json_object(text)
    if found is None:
        raise BadInput("Không đọc được bước đã xem trước. Mở lại hồ sơ rồi ghi lại.")
    return found


def _form(request: Request, typed: dict[str, str], error: DubiError | None, *, kept: bool = False) -> Response:
    asking, desk = asked(request), desk_of(request)
    code = request.path_params["code"]
    found = desk.person(question_of(desk, asking), code)
    return page(
        request,
        "record.html",
        "Ghi một bước",
        screen="people",
        asking=asking,
        dated=False,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        code=code,
        found=found,
        steps=[(field, header) for _, header, field in step_kinds()],
        typed={name: typed.get(name, "") for name in TYPED},
        error=for_a_page(error) if error else "",
        kept=kept,
        saved=f"/go-do/{keeping_forms.A_STEP}",
        about=code,
        about_name=keeping_forms.ABOUT,
        label=label,
    )


routes = [
    Route("/nguoi/{code}/ghi", form, methods=["GET"]),
    Route("/nguoi/{code}/ghi/xem", preview, methods=["POST"]),
    Route("/nguoi/{code}/ghi", write, methods=["POST"]),
]
