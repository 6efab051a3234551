"""Handing the roster up as a sealed file, or back; and the pair of keys of whoever takes such files in."""

from __future__ import annotations

import io
import zipfile
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk.accounts.passwords import require_good
from desk.keeping.handover import ENDING, PUBLIC, SECRET, in_memory, make_pair
from rules.loader.errors import BadInput, DubiError
from web.asking import desk_of
from web.pages import page
from web.refusals import for_a_page
from web.writing.uploading import Sent, sent_file

PLACE = "/quan-tri/ban-giao"
OWN = "khoa-nhan-so"
"""What the two files of a new pair are called."""


def handing(request: Request) -> Response:
    """The page on which a roster is handed up, and keys are made."""
    return _page(request)


def _page(request: Request, error: str = "") -> Response:
    return page(
        request,
        "handing.html",
        "Gửi sổ giữa hai cấp",
        screen="keeping",
        dated=False,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        error=error,
        endings=(SECRET, PUBLIC, ENDING),
    )


async def send(request: Request) -> Response:
    """Give the sealed roster as a file to be taken along."""
    try:
        sent = await sent_file(request, "khoa")
    except BadInput as error:
        return await run_in_threadpool(_page, request, for_a_page(error))
    return await run_in_threadpool(_send, request, sent)


def _send(request: Request, sent: Sent) -> Response:
    desk, unit = desk_of(request), sent.fields.get("don-vi", "").strip() or None
    with in_memory() as folder:
        public, out = folder / f"nhan{PUBLIC}", folder / f"so-{unit or 'theo-doi'}.xlsx{ENDING}"
        public.write_bytes(sent.content)
        try:
            desk.hand_over(out, public, unit=unit)
        except DubiError as error:
            return _page(request, for_a_page(error).replace(str(public), sent.name))
        return _file(out.name, out.read_bytes())


async def keys(request: Request) -> Response:
    """Give a new pair of keys, its two files in one."""
    async with request.form() as form:
        typed = {name: str(value) for name, value in form.items()}
    return await run_in_threadpool(_keys, request, typed)


def _keys(request: Request, typed: dict[str, str]) -> Response:
    phrase = typed.get("moi", "")
    try:
        require_good(phrase, OWN)
    except BadInput as error:
        return _page(request, for_a_page(error))
    if phrase != typed.get("lai", ""):
        return _page(request, "Hai lần gõ không giống nhau. Gõ lại.")
    made = io.BytesIO()
    with in_memory() as folder:
        secret, public = folder / f"{OWN}{SECRET}", folder / f"{OWN}{PUBLIC}"
        make_pair(secret, public, phrase)
        with zipfile.ZipFile(made, "w") as both:
            for one in (secret, public):
                both.writestr(one.name, one.read_bytes())
    return _file(f"{OWN}.zip", made.getvalue())


def _file(name: str, content: bytes) -> Response:
    told = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/octet-stream", headers=told)


routes = [
    Route(PLACE, handing),
    Route(f"{PLACE}/gui", send, methods=["POST"]),
    Route(f"{PLACE}/khoa", keys, methods=["POST"]),
]
