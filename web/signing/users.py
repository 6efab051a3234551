"""The accounts of a store, for its administrators: added, given roles and relieved of them, reset, sessions ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from desk.accounts.grants import ROLES, WORDS, units_of
from desk.accounts.office import Office
from rules.loader.errors import BadInput, DubiError
from web.asking import typed_day, typed_number
from web.pages import as_json, page
from web.refusals import for_a_page, wants_json
from web.signing.own_account import office_of, sent

PLACE = "/quan-tri/nguoi-dung"
STATES = {"holds": "đang có", "later": "chưa đến ngày", "over": "hết hạn", "taken": "đã thu hồi"}
"""What is said of how a grant stands."""
MOST_UNITS = 300
"""So many units are offered to choose from; any other is typed by its code."""


def accounts(request: Request) -> Response:
    """All accounts with their grants; raises `NotAllowed`."""
    office = office_of(request)
    if wants_json(request.headers.get("accept", "")):
        return as_json({"users": [one.as_json(office.today) for one in office.accounts()]})
    return _page(request, office)


def _page(
    request: Request, office: Office, *, error: str = "", handed: tuple[str, str] | None = None, typed: object = None
) -> Response:
    """``handed`` is a name with the one-time password that was made for it, shown on this page and never again."""
    return page(
        request,
        "users.html",
        "Người dùng",
        screen="keeping",
        dated=False,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        accounts=office.accounts(),
        today=office.today,
        error=error,
        handed=handed,
        roles=WORDS,
        states=STATES,
        units=list(units_of(office.url).items())[:MOST_UNITS],
        typed=typed if isinstance(typed, Mapping) else {},
    )


def _add(request: Request, office: Office, typed: Mapping[str, str]) -> Response:
    user, handed = office.add(typed.get("ten", ""), None)
    return _page(request, office, handed=(user.name, handed or ""))


def _reset(request: Request, office: Office, typed: Mapping[str, str]) -> Response:
    handed = office.reset(typed.get("ten", ""))
    return _page(request, office, handed=(typed.get("ten", ""), handed))


def _grant(request: Request, office: Office, typed: Mapping[str, str]) -> Response:
    role = typed.get("vai-tro", "")
    if role not in ROLES:
        raise BadInput("Chưa chọn vai trò. Chọn một vai trò rồi làm lại.")
    since, until = (typed_day(request, typed.get(name)) for name in ("tu", "den"))
    office.grant(typed.get("ten", ""), role, typed.get("don-vi", "").strip() or None, since, until)
    return RedirectResponse(PLACE, HTTPStatus.SEE_OTHER)


def _revoke(_: Request, office: Office, typed: Mapping[str, str]) -> Response:
    office.revoke([typed_number(typed.get("so"), 0, what="số của một quyền", least=1)])
    return RedirectResponse(PLACE, HTTPStatus.SEE_OTHER)


def _end(_: Request, office: Office, typed: Mapping[str, str]) -> Response:
    office.end_sessions(typed.get("ten", ""))
    return RedirectResponse(PLACE, HTTPStatus.SEE_OTHER)


def _doing(act: Callable[[Request, Office, Mapping[str, str]], Response]) -> Callable[[Request], object]:
    """What a form does; what cannot be done is said on the page of the accounts, with what was typed."""

    def do(request: Request, typed: Mapping[str, str]) -> Response:
        office = office_of(request)
        try:
            return act(request, office, typed)
        except DubiError as error:
            return _page(request, office, error=for_a_page(error), typed=typed)

    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(do, request, await sent(request))

    return endpoint


routes = [
    Route(PLACE, accounts, methods=["GET"]),
    Route(f"{PLACE}/them", _doing(_add), methods=["POST"]),
    Route(f"{PLACE}/cap", _doing(_grant), methods=["POST"]),
    Route(f"{PLACE}/thu", _doing(_revoke), methods=["POST"]),
    Route(f"{PLACE}/cap-lai", _doing(_reset), methods=["POST"]),
    Route(f"{PLACE}/ket-thuc", _doing(_end), methods=["POST"]),
]
