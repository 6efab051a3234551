"""Forms left unfinished: what is typed is kept as it is typed, stands there again, and goes when it is written."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from desk.accounts.rights import WRITING
from desk.changes import unfinished
from web.asking import owner_of

ABOUT = "ve"
"""The name in an address and in a form of what a form was opened about, such as a case."""
SUBJECTS = ("case", "course", "unit")
"""The fields of an address that say what a form is about: of each of these one form of a kind is kept."""
A_STEP = "buoc"
"""The form of a step of one person, which has an address of its own."""


def about(request: Request) -> str:
    """What the form of a request was opened about; empty for nothing of its own."""
    query = request.query_params
    if ABOUT in query:
        return query[ABOUT]
    return next((query[name] for name in SUBJECTS if query.get(name)), "")


def still_typed(request: Request, kind: str, subject: str) -> dict[str, str]:
    """What was typed into a form and not written; empty where nothing is kept."""
    return unfinished.kept(request.app.state.store, f"{kind}:{subject}", owner_of(request, "read"))


def keep(request: Request, kind: str, subject: str, typed: Mapping[str, str]) -> None:
    """Keep what was typed."""
    unfinished.keep(request.app.state.store, f"{kind}:{subject}", typed, owner_of(request, *WRITING))


def drop(request: Request, kind: str, subject: str) -> None:
    """Let go of what was typed: it is written."""
    unfinished.drop(request.app.state.store, f"{kind}:{subject}", owner_of(request, "read"))


async def type_on(request: Request) -> Response:
    """What a page sends while somebody types."""
    async with request.form() as sent:
        typed = {name: str(value).replace("\r", "") for name, value in sent.items()}
    await run_in_threadpool(keep, request, request.path_params["kind"], about(request), typed)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def begin_anew(request: Request) -> Response:
    """Let go of what was typed, and show the form as it was before."""
    kind, subject = request.path_params["kind"], about(request)
    drop(request, kind, subject)
    to = f"/nguoi/{quote(subject, safe='')}/ghi" if kind == A_STEP else f"/ghi/{quote(kind, safe='')}"
    again = urlencode({name: value for name, value in request.query_params.items() if name in SUBJECTS})
    return RedirectResponse(f"{to}?{again}" if again else to, HTTPStatus.SEE_OTHER)


routes = [
    Route("/go-do/{kind}", type_on, methods=["POST"]),
    Route("/go-do/{kind}/bo", begin_anew, methods=["POST"]),
]
