"""A page that is only looked at opens the store once, however often it asks it while it is made."""

from __future__ import annotations

from functools import wraps
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute, Route

from desk.source import reading_once

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


def reads_once(route: BaseRoute) -> BaseRoute:
    """The route with a page that opens the store once; what is sent to an address may write, and is left as it is."""
    if not isinstance(route, Route) or "GET" not in (route.methods or ()) or iscoroutinefunction(route.endpoint):
        return route
    endpoint = route.endpoint

    @wraps(endpoint)
    def once(request: Request) -> Response:
        with reading_once():
            answer: Response = endpoint(request)
            return answer

    return Route(route.path, once, methods=["GET"])
