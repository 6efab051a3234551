"""Twelve months ahead: what ends, what that asks of each unit, who comes too late for a monthly meeting."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk.answers.meetings import MONTHLY
from rules.loader.errors import BadInput
from web.asking import asked, desk_of, question_of
from web.pages import answer


def ahead(request: Request) -> Response:
    """The months ahead; `?hop=hang-thang` asks who comes too late. Raises `UnknownName`, `BadInput`."""
    asking, desk = asked(request), desk_of(request)
    meetings = request.query_params.get("hop") or None
    if meetings is not None and meetings not in MONTHLY:
        raise BadInput(f"Không có cách họp “{meetings}”. Ghi hop=hang-thang, hoặc bỏ đi.")
    found = desk.ahead(question_of(desk, asking), meetings)
    return answer(
        request,
        found.as_json(),
        "ahead.html",
        "Mười hai tháng tới",
        screen="timings",
        asking=asking,
        found=found,
        monthly=MONTHLY[1],
    )


routes = [Route("/sap-toi", ahead)]
