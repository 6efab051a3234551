"""The calendar by a secret address: switched on, made anew, switched off; fetched; or taken along as a file."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from desk.keeping.feed import Feed, kept_port, opened_by, switch_off, switch_on, switched_on
from desk.question import CALENDAR_DAYS, MOST_DAYS
from rules.loader.errors import DubiError, NotAllowed
from web.asking import desk_of, seat_of, typed_number
from web.guard import FEED
from web.pages import page
from web.refusals import for_a_page, refusal

PLACE = "/quan-tri/lich"


def calendar(request: Request) -> Response:
    """The page on which the calendar is switched on and off."""
    return _page(request)


def _page(request: Request, *, address: str = "", error: str = "") -> Response:
    feed = None
    try:
        feed = None if seat_of(request).owner else switched_on(_own_store(request))
    except DubiError as damaged:
        error = error or for_a_page(damaged)
    return page(
        request,
        "feed.html",
        "Lịch nhắc việc",
        screen="keeping",
        dated=False,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        feed=feed,
        listens=request.app.state.port(),
        elsewhere=leads_elsewhere(request),
        address=address,
        error=error,
        days=CALENDAR_DAYS,
        most_days=MOST_DAYS,
    )


def leads_elsewhere(request: Request) -> int | None:
    """The port that the address of the calendar names, where the desk does not listen there this time."""
    seat = seat_of(request)
    port = None if seat.owner else kept_port(seat.url)
    return None if port == request.app.state.port() else port


async def switch(request: Request) -> Response:
    """Switch the calendar on, or have it opened by another address; that is shown once."""
    async with request.form() as sent:
        typed = {name: str(value) for name, value in sent.items()}
    return await run_in_threadpool(_switch, request, typed)


def _switch(request: Request, typed: Mapping[str, str]) -> Response:
    try:
        feed = _read(typed)
        _told(request, feed)  # a unit that there is not is refused before anything is kept
    except DubiError as refused:
        return _page(request, error=for_a_page(refused))
    secret = switch_on(_own_store(request), feed, request.app.state.port())
    return _page(request, address=f"{request.url.scheme}://{request.url.netloc}{FEED}{secret}.ics")


def off(request: Request) -> Response:
    """Let no address open the calendar any more."""
    switch_off(_own_store(request))
    return RedirectResponse(PLACE, HTTPStatus.SEE_OTHER)


def fetch(request: Request) -> Response:
    """The calendar, to who brings the secret; anybody else hears what a stranger hears."""
    try:
        feed = opened_by(_own_store(request), request.path_params["secret"])
    except NotAllowed:
        feed = None
    if feed is None:
        return refusal(HTTPStatus.UNAUTHORIZED, dict(request.headers.raw))
    return Response(_told(request, feed), media_type="text/calendar; charset=utf-8")


def file(request: Request) -> Response:
    """The same calendar as a file to take along; raises `BadInput`, `UnknownName`."""
    content = _told(request, _read(request.query_params))
    headers = {"content-disposition": 'attachment; filename="nhac-viec.ics"'}
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


def _own_store(request: Request) -> str:
    """The store at a desk of one user: an address without sign-in opens nothing of a store that several share."""
    seat = seat_of(request)
    if seat.owner:
        raise NotAllowed("Lịch theo địa chỉ bí mật chỉ có ở bàn làm việc một người. Tải lịch thành tệp .ics để dùng.")
    return seat.url


def _told(request: Request, feed: Feed) -> bytes:
    desk = desk_of(request)
    shelf = request.app.state.standings.of(desk)
    return shelf.calendar(desk, desk.ask(unit=feed.unit), feed.within, names=feed.names)  # type: ignore[no-any-return]  # the application's state has no types


def _read(typed: Mapping[str, str]) -> Feed:
    days = typed_number(typed.get("trong"), CALENDAR_DAYS, what="số ngày", least=1, most=MOST_DAYS)
    return Feed(typed.get("don-vi", "").strip() or None, days, bool(typed.get("ten")))


routes = [
    Route(PLACE, calendar, methods=["GET"]),
    Route(PLACE, switch, methods=["POST"]),
    Route(f"{PLACE}/tat", off, methods=["POST"]),
    Route(f"{PLACE}/tep", file),
    Route(f"{FEED}{{secret}}.ics", fetch),
]
