"""Twelve months ahead: what ends, what that asks of each unit, who comes too late for a monthly meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk.answers.meetings import MONTHLY
from web.asking import a_choice, a_number, asked, desk_of, question_of
from web.pages import answer

A_PART = 100
"""So many lines of a list are shown at a time: a province has tens of thousands."""


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of a list that are shown, by the name in the address that says from which on."""

    name: str
    start: int
    number: int
    shown: Sequence[Any]

    @classmethod
    def asked_for(cls, request: Request, name: str, lines: Sequence[Any]) -> Part:
        """The part of a list that the address asks for, its beginning where there is none so far on.

        Raises `BadInput`.
        """
        start = a_number(request, name, 0)
        start = start if start < len(lines) else 0
        return cls(name, start, len(lines), lines[start : start + A_PART])

    @property
    def before(self) -> str | None:
        """From where the lines before begin; None where these are the first."""
        return str(max(0, self.start - A_PART)) if self.start else None

    @property
    def after(self) -> str | None:
        """From where the next lines begin; None where these are the last."""
        return str(self.start + A_PART) if self.start + A_PART < self.number else None


def ahead(request: Request) -> Response:
    """The months ahead; `?hop=hang-thang` asks who comes too late. Raises `UnknownName`, `BadInput`."""
    asking, desk = asked(request), desk_of(request)
    meetings = a_choice(request, "hop", MONTHLY)
    found = request.app.state.standings.of(desk).ahead(desk, question_of(desk, asking), meetings)
    late = [one for month in found.months for one in month.late or ()]
    parts = {
        "late": Part.asked_for(request, "tu-muon", late),
        "by_unit": Part.asked_for(request, "tu-don-vi", found.by_unit),
        "limits": Part.asked_for(request, "tu", found.limits),
    }
    return answer(
        request,
        found.as_json(),
        "ahead.html",
        "Mười hai tháng tới",
        screen="timings",
        asking=asking,
        found=found,
        monthly=MONTHLY[1],
        parts=parts,
    )


routes = [Route("/sap-toi", ahead)]
