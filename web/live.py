"""Where the store stands, told to pages that are left open, so that they show what others or the command line wrote."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Hashable
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from desk.source import last_hash
from rules.loader.errors import DubiError
from web.asking import desk_of
from web.guard import LIVE
from web.standing import MOST_EYES

if TYPE_CHECKING:
    from desk.desk import Desk

BEAT = 0.7
"""Seconds between two looks at the log, so that a page shows a write within two."""
BEATS = 800
"""So often one answer looks; a browser asks anew by itself."""


CHECKED = 10
"""After so many beats it is asked whether whoever listens is still signed in."""


class Watch:
    """Where the log stands: looked at once a beat for all pages that listen, and told to each as she may see it."""

    def __init__(self, store: str, look: Callable[[str], str] = last_hash) -> None:
        self._store, self._look = store, look
        self._lock = Lock()
        self._looked_at, self._stands = -BEAT, ""
        self._told: dict[Hashable, tuple[str, str]] = {}

    def head(self, desk: Desk) -> str:
        """Where the log stands in somebody's eyes; raises `DubiError`."""
        with self._lock:
            if time.monotonic() - self._looked_at >= BEAT / 2:
                self._stands = self._look(self._store)
                self._looked_at = time.monotonic()
            stands, told = self._stands, self._told.get((desk.eyes, desk.may))
        if told is None or told[0] != stands:
            told = (stands, desk.last_hash())
            with self._lock:
                if len(self._told) > MOST_EYES:
                    self._told.clear()
                self._told[desk.eyes, desk.may] = told
        return told[1]


async def events(
    head: Callable[[], str], beat: float = BEAT, beats: int = BEATS, may_stay: Callable[[], bool] = lambda: True
) -> AsyncIterator[str]:
    """Where the log stands at once, then each time it stands elsewhere; a store that cannot be read just now waits.

    It ends when whoever listens may not stay.
    """
    told: str | None = None
    yield "retry: 1000\n\n"
    for number in range(beats):
        try:
            if number % CHECKED == CHECKED - 1 and not await run_in_threadpool(may_stay):
                return
            stands: str | None = await run_in_threadpool(head)
        except DubiError:
            stands = told
        if stands != told:
            told = stands
            yield f"event: so\ndata: {stands}\n\n"
        await asyncio.sleep(beat)


async def song(request: Request) -> Response:
    """The writes of the store as they happen."""
    desk = await run_in_threadpool(desk_of, request)
    stay = partial(request.app.state.door.is_still_in, request.scope["session"])
    told = events(partial(request.app.state.watch.head, desk), may_stay=stay)
    return StreamingResponse(told, media_type="text/event-stream")


routes = [Route(LIVE, song)]
