"""The first start: her unit, her file, where a backup goes; from here the import leads to the first overdue list."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from desk.changes import drafts
from desk.changes.values import AddUnit
from desk.desk import Desk
from rules.loader.errors import BadInput, BadQuestion, DubiError
from web.asking import desk_of
from web.pages import page
from web.refusals import for_a_page
from web.writing.encrypting import PLACE
from web.writing.uploading import sent_file


def start(request: Request) -> Response:
    """What is asked at the first start, on one page."""
    return _page(request, {}, "")


def _page(request: Request, typed: dict[str, str], error: str) -> Response:
    return page(
        request,
        "start.html",
        "Bắt đầu với Dubi",
        screen="import",
        dated=False,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        asks_to_encrypt=_asks_to_encrypt(desk_of(request)),
        typed={name: typed.get(name, "") for name in ("ma", "ten")},
        error=error,
    )


async def begin(request: Request) -> Response:
    """Take the unit and the file, and go on to the columns of the file."""
    try:
        sent = await sent_file(request, "tep")
    except BadInput as error:
        return await run_in_threadpool(_page, request, {}, for_a_page(error))
    return await run_in_threadpool(_begin, request, sent.name, sent.content, sent.fields)


def _begin(request: Request, name: str, content: bytes, typed: dict[str, str]) -> Response:
    desk, code, called = desk_of(request), typed.get("ma", "").strip(), typed.get("ten", "").strip()
    try:
        if code and code not in {unit.code for unit in desk.roster(desk.ask()).units}:
            desk.commit(desk.preview(AddUnit(code, (("name", called),) if called else ())), confirmed=True)
    except DubiError as error:
        return _page(request, typed, for_a_page(error))
    desk.require("import_")
    draft = drafts.begin(desk.url, name, content, desk.owner)
    if code:
        draft = draft.answered(unit=code)
    onward = f"/nhap/{draft.name}/cot"
    if typed.get("ma-hoa") == "co" and _asks_to_encrypt(desk):
        onward = f"{PLACE}?den={onward}"
    return RedirectResponse(onward, HTTPStatus.SEE_OTHER)


def _asks_to_encrypt(desk: Desk) -> bool:
    """Whether the store is a plain file, and whoever asks may encrypt it."""
    if desk.may is not None and "keep" not in desk.may:
        return False
    with suppress(BadQuestion):  # on a server
        return not desk.form().encrypted
    return False


routes = [Route("/bat-dau", start, methods=["GET"]), Route("/bat-dau", begin, methods=["POST"])]
