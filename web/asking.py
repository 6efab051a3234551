"""What a request asks: the days in its address, the unit, and the desk that will answer it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request

from desk.desk import Desk
from desk.question import Question
from desk.words.spelling import shown_day
from desk.words.typing import NotADay, said_day
from rules.loader.errors import BadInput, DubiError

if TYPE_CHECKING:
    from desk.accounts.rights import Right

AS_OF, KNOWN_ON, UNIT = "ngay", "biet", "don-vi"
"""The names in an address: the day as of which, the day by which things are known, and a unit with all below it."""

_EXAMPLE = 50
"""A number that may stand where one is typed."""
_SHOWN = 40
"""So many signs of what cannot be read are shown."""

CARRIED = (AS_OF, KNOWN_ON, UNIT)
"""What goes with every link, so that a link is an answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The part of a request that every page of answers reads the same way."""

    today: dt.date
    as_of: dt.date
    known_on: dt.date | None
    unit: str | None
    carried: tuple[tuple[str, str], ...]

    def link(self, path: str, **more: str | None) -> str:
        """An address that keeps the days and the unit; ``more`` adds to it or, being None, takes away."""
        values = {**dict(self.carried), **{name.replace("_", "-"): value for name, value in more.items()}}
        query = urlencode([(name, value) for name, value in values.items() if value])
        return f"{path}{'&' if '?' in path else '?'}{query}" if query else path


def asked(request: Request) -> Asked:
    """Read the days and the unit of a request; raises `BadInput` for a day that cannot be read."""
    today: dt.date = request.app.state.today()
    query = request.query_params
    as_of = _day(query.get(AS_OF), today) or today
    known_on = _day(query.get(KNOWN_ON), today)
    if known_on is not None and known_on >= today:
        known_on = None
    unit = query.get(UNIT) or None
    carried = [
        (AS_OF, as_of.isoformat() if as_of != today else ""),
        (KNOWN_ON, known_on.isoformat() if known_on else ""),
        (UNIT, unit or ""),
    ]
    return Asked(today, as_of, known_on, unit, tuple((name, value) for name, value in carried if value))


def _day(text: str | None, today: dt.date) -> dt.date | None:
    if text is None or not text.strip():
        return None
    try:
        return said_day(text, today)
    except NotADay as error:
        raise BadInput(str(error)) from error


def a_day(request: Request, name: str) -> dt.date | None:
    """A day of the query by its name, None where none is given; raises `BadInput`."""
    return typed_day(request, request.query_params.get(name))


def typed_day(request: Request, text: str | None) -> dt.date | None:
    """A day as it was typed on a page, None where nothing was; raises `BadInput`."""
    return _day(text, request.app.state.today())


_MOST_DIGITS = 9
"""Of a number that is typed: nothing here is counted in thousands of millions."""


def typed_number(text: str | None, otherwise: int, *, what: str = "số", least: int = 0, most: int | None = None) -> int:
    """A whole number as it was typed, ``otherwise`` where nothing was; raises `BadInput`, which says ``what`` it is."""
    text = (text or "").strip()
    if not text:
        return otherwise
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else -1
    if number < least or (most is not None and number > most):
        span = f"từ {least} đến {most}" if most is not None else f"từ {least} trở lên"
        raise BadInput(
            f"“{_short(text)}” không phải {what} dùng được ở đây. Ghi một số {span}, ví dụ {otherwise or _EXAMPLE}."
        )
    return number


def a_number(request: Request, name: str, otherwise: int, *, least: int = 0, most: int | None = None) -> int:
    """A whole number of the address by its name, ``otherwise`` where none is given; raises `BadInput`."""
    return typed_number(request.query_params.get(name), otherwise, least=least, most=most)


def a_choice(request: Request, name: str, choices: Sequence[str]) -> str | None:
    """One of some words of the address by its name, None where none is given; raises `BadInput`."""
    text = request.query_params.get(name) or None
    if text is not None and text not in choices:
        raise BadInput(f"Không có {name}={_short(text)}. Dùng một trong: {', '.join(choices)}; hoặc bỏ đi.")
    return text


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def seat_of(request: Request) -> Desk:
    """The desk of whoever asks, before anything is read: the application knows who that is; raises `NotAllowed`."""
    seat: Desk = request.app.state.seat(request)
    return seat


def owner_of(request: Request, *rights: Right) -> str:
    """Whose the drafts of a request are, who has to have one of these rights; raises `NotAllowed`."""
    seat = seat_of(request)
    seat.require(*rights)
    return seat.owner


def desk_of(request: Request) -> Desk:
    """The desk for one request: what it reads is read once; where the store stood before is told to the page."""
    desk = seat_of(request)
    with suppress(DubiError):  # a store that cannot be read is told by what is asked of it
        request.state.head = desk.last_hash()
    return desk


def question_of(desk: Desk, asking: Asked, **more: object) -> Question:
    """The desk's question of a request; raises what `Desk.ask` raises."""
    return desk.ask(as_of=asking.as_of, known_on=asking.known_on, unit=asking.unit, **more)  # type: ignore[arg-type]  # the keywords of ask


__all__ = [
    "AS_OF",
    "CARRIED",
    "KNOWN_ON",
    "UNIT",
    "Asked",
    "a_choice",
    "a_day",
    "a_number",
    "asked",
    "desk_of",
    "owner_of",
    "question_of",
    "seat_of",
    "shown_day",
    "typed_day",
    "typed_number",
]


def json_object(text: str) -> dict[str, Any] | None:
    """The object that a page carried as JSON; None for anything else, also for one that is nested without end."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
