"""Where the store stands, told to pages that are left open, so that they show what others or the command line wrote."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from rules.loader.errors import DubiError
from web.asking import desk_of
from web.guard import LIVE

BEAT = 0.7
"""Seconds between two looks at the log, so that a page shows a write within two."""
BEATS = 800
"""So often one answer looks; a browser asks anew by itself."""


async def events(head: Callable[[], str], beat: float = BEAT, beats: int = BEATS) -> AsyncIterator[str]:
    """Where the log stands at once, then each time it stands elsewhere; a store that cannot be read just now waits."""
    told: str | None = None
    yield "retry: 1000\n\n"
    for _ in range(beats):
        try:
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
    return StreamingResponse(events(desk.last_hash), media_type="text/event-stream")


routes = [Route(LIVE, song)]
