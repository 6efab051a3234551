"""A day as somebody types it, read by the server: the weekday beside a field is never the browser's guess."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rules.loader.errors import BadInput
from web.asking import a_day, shown_day
from web.pages import as_json


def day(request: Request) -> Response:
    """The day that a text is, with its weekday (0 = Sunday); what is no day yet, while it is typed, says why."""
    try:
        found = a_day(request, "viet")
    except BadInput as error:
        return as_json({"day": None, "error": str(error)})
    if found is None:
        return as_json({"day": None, "error": ""})
    return as_json({"day": found, "text": shown_day(found), "weekday": found.isoweekday() % 7})


routes = [Route("/ngay", day)]
