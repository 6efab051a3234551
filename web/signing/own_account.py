"""One's own account: what one may do, the sessions that last, another password, codes of a phone."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from desk.accounts import second_factor
from desk.accounts.grants import WORDS
from desk.accounts.office import Office
from desk.accounts.signing import TO_CHANGE
from rules.loader.errors import BadInput, DubiError, NotSignedIn
from web.pages import page
from web.refusals import for_a_page
from web.signing.door import OWN, Door
from web.signing.page import sign_in_page

CODES = f"{OWN}/ma"


def office_of(request: Request) -> Office:
    """The accounts of the store before who is signed in; raises `NotSignedIn` at the desk of one user."""
    door: Door = request.app.state.door
    signed = request.scope["session"].signed
    if signed is None:
        raise NotSignedIn("Bàn làm việc này một người dùng, không có tài khoản.")
    return Office(door.store, signed, door.today(), door.sessions.clock, request.app.state.user)


def own(request: Request) -> Response:
    """The page of one's own account."""
    return _page(request)


def _page(request: Request, error: str = "", paper: tuple[str, ...] = ()) -> Response:
    office = office_of(request)
    account = office.mine()
    return page(
        request,
        "own_account.html",
        "Tài khoản của tôi",
        screen="own",
        dated=False,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        account=account,
        error=error,
        paper=paper,
        roles=WORDS,
        held=[one for one in account.grants if one.state(office.today) == "holds"],
        now=office.clock(),
        to_change=TO_CHANGE,
    )


async def change_password(request: Request) -> Response:
    """Change the password; all sessions end, this one too."""
    typed = await sent(request)
    return await run_in_threadpool(_change_password, request, typed)


def _change_password(request: Request, typed: Mapping[str, str]) -> Response:
    office = office_of(request)
    try:
        if typed.get("moi", "") != typed.get("moi-lai", ""):
            raise BadInput("Hai lần gõ mật khẩu mới không giống nhau. Gõ lại.")
        office.change_my_password(typed.get("cu", ""), typed.get("moi", ""))
    except DubiError as error:
        return _page(request, for_a_page(error))
    assert office.by is not None
    said = "Đã đổi mật khẩu, mọi phiên đăng nhập đã kết thúc. Đăng nhập lại bằng mật khẩu mới."
    return sign_in_page(name=office.by.name, said=said)


def codes(request: Request) -> Response:
    """The picture for a phone, and where the code that it shows is typed."""
    return _codes(request, second_factor.new_secret(), "")


def _codes(request: Request, secret: str, error: str) -> Response:
    signed = office_of(request).by
    assert signed is not None
    return page(
        request,
        "own_codes.html",
        "Mã trên điện thoại",
        screen="own",
        dated=False,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        secret=secret,
        picture=Markup(second_factor.picture_of(secret, signed.name)),  # noqa: S704  # made by us, of our own words
        error=error,
    )


async def switch_codes_on(request: Request) -> Response:
    """Ask for codes from now on; those for paper are shown once."""
    typed = await sent(request)
    return await run_in_threadpool(_switch_codes_on, request, typed)


def _switch_codes_on(request: Request, typed: Mapping[str, str]) -> Response:
    secret = typed.get("khoa", "")
    if not second_factor.is_secret(secret):
        return RedirectResponse(CODES, HTTPStatus.SEE_OTHER)
    try:
        paper = office_of(request).ask_me_for_codes(secret, typed.get("ma", ""))
    except BadInput as error:
        return _codes(request, secret, for_a_page(error))
    return _page(request, paper=paper)


async def switch_codes_off(request: Request) -> Response:
    """Ask for no codes any more."""
    typed = await sent(request)
    return await run_in_threadpool(_switch_codes_off, request, typed)


def _switch_codes_off(request: Request, typed: Mapping[str, str]) -> Response:
    try:
        office_of(request).ask_me_for_no_codes(typed.get("cu", ""))
    except BadInput as error:
        return _page(request, for_a_page(error))
    return RedirectResponse(OWN, HTTPStatus.SEE_OTHER)


async def sent(request: Request) -> dict[str, str]:
    """The fields of a form."""
    async with request.form() as form:
        fields: dict[str, Any] = dict(form)
        return {name: str(value) for name, value in fields.items()}


routes = [
    Route(OWN, own, methods=["GET"]),
    Route(f"{OWN}/mat-khau", change_password, methods=["POST"]),
    Route(CODES, codes, methods=["GET"]),
    Route(CODES, switch_codes_on, methods=["POST"]),
    Route(f"{CODES}/tat", switch_codes_off, methods=["POST"]),
]
