"""Coming in and going: by the start key at the desk of one user, by password where a store has users."""

from __future__ import annotations

from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from desk.accounts.signing import sign_in, sign_out, signed_in
from rules.loader.errors import NotSignedIn
from web.guard import ENTRANCE
from web.refusals import refusal, wants_json
from web.rights import first_page
from web.signing.door import OWN, Door
from web.signing.page import sign_in_page

_MOST_SIGNS = 2_000
"""Of what is typed at the door."""


def enter(request: Request) -> Response:
    """The form to sign in, or the desk itself for who brings the start key where a store has no users."""
    door: Door = request.app.state.door
    if door.asks_for_users:
        here = request.scope["session"]
        if here is not None:
            return RedirectResponse(first_page(here.signed), HTTPStatus.SEE_OTHER)
        return sign_in_page(back=_back(request.query_params.get("den", "")))
    session = door.sessions.enter(request.query_params.get("khoa", ""))
    if session is None:
        return refusal(HTTPStatus.UNAUTHORIZED, dict(request.headers.raw))
    response = RedirectResponse("/", status_code=HTTPStatus.SEE_OTHER)
    _give(request, response, session.key)
    return response


async def sign(request: Request) -> Response:
    """Sign in with what was typed; raises `StoreProblem`."""
    async with request.form() as sent:
        typed = {name: str(sent.get(name, ""))[:_MOST_SIGNS] for name in ("tai-khoan", "mat-khau", "ma", "den")}
    return await run_in_threadpool(_sign, request, typed)


def _sign(request: Request, typed: dict[str, str]) -> Response:
    door: Door = request.app.state.door
    if not door.asks_for_users:
        return refusal(HTTPStatus.UNAUTHORIZED, dict(request.headers.raw))
    back, now = _back(typed["den"]), door.sessions.clock()
    address = request.client.host if request.client else ""
    try:
        key = sign_in(door.store, typed["tai-khoan"], typed["mat-khau"], typed["ma"], address=address, now=now)
    except NotSignedIn as refused:
        return _refused(request, refused, typed["tai-khoan"], back)
    signed = signed_in(door.store, key, now=now, today=door.today())
    to = OWN if signed is None or signed.must_change else back or first_page(signed)
    response = RedirectResponse(to, HTTPStatus.SEE_OTHER)
    _give(request, response, key)
    return response


def _refused(request: Request, refused: NotSignedIn, name: str, back: str) -> Response:
    status = HTTPStatus.TOO_MANY_REQUESTS if refused.wait else HTTPStatus.UNAUTHORIZED
    if wants_json(request.headers.get("accept", "")):
        answer: Response = JSONResponse({"error": str(refused), "hint": ""}, status_code=status)
    else:
        answer = sign_in_page(back=back, name=name, error=str(refused), status=status)
    if refused.wait:
        answer.headers["retry-after"] = str(refused.wait)
    return answer


def leave(request: Request) -> Response:
    """Sign out."""
    door: Door = request.app.state.door
    session = request.scope["session"]
    if session.signed is not None:
        sign_out(door.store, session.key)
    response = sign_in_page(said="Đã đăng xuất.")
    response.delete_cookie(door.cookie_name, path="/", secure=door.scheme == "https", httponly=True, samesite="strict")
    return response


def _give(request: Request, response: Response, key: str) -> None:
    secure = request.app.state.door.scheme == "https"
    response.set_cookie(
        request.app.state.door.cookie_name, key, httponly=True, samesite="strict", secure=secure, path="/"
    )


def _back(text: str) -> str:
    """An address on this desk, empty for anything that leads elsewhere or nowhere."""
    leads_away = not text.startswith("/") or text.startswith("//") or "\\" in text or not text.isprintable()
    return "" if leads_away or text.startswith(ENTRANCE) else text


routes = [
    Route(ENTRANCE, enter, methods=["GET"]),
    Route(ENTRANCE, sign, methods=["POST"]),
    Route(f"{OWN}/ra", leave, methods=["POST"]),
]
