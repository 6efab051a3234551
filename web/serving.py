"""Serving: one desk on 127.0.0.1 for one user; a second start opens the first; it stops when told to, cleanly."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import secrets
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn
from filelock import FileLock, Timeout

from web.app import make_app
from web.presence import Presence
from web.sessions import Sessions

HOST = "127.0.0.1"
FIRST_START = 20.0
"""Seconds that a second start waits for the first to say its address: it may be making the store."""


def serve(
    store: str,
    folder: Path,
    *,
    port: int,
    browser: bool,
    say: Callable[[str], None],
    today: Callable[[], dt.date],
    ready: Callable[[], None] = lambda: None,
    unused: float = math.inf,
) -> None:
    """Serve a store until stopped; where a desk of this folder runs already, open that one instead.

    ``port`` 0 takes a free one. One line is said, the address with its start key. ``ready`` is called before anything
    is served, by the one desk that will. With ``unused`` it ends by itself when no page has been open for so many
    seconds and nothing is being written. Raises OSError for a port in use, and what ``ready`` raises.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    note = folder / "web.json"
    lock = FileLock(folder / "web.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        address = _address_of_first(note)
        say(address)
        if browser:
            webbrowser.open(address)
        return
    try:
        note.unlink(missing_ok=True)  # of a desk that was killed
        ready()
        sessions, presence = Sessions(secrets.token_urlsafe(24)), Presence()
        listening_on = [port]
        app = make_app(store, sessions, lambda: listening_on[0], today, presence)

        async def end_when_unused() -> None:
            if presence.gone_for(unused):
                server.should_exit = True

        server = uvicorn.Server(
            uvicorn.Config(
                app,
                host=HOST,
                port=port,
                log_level="critical",  # failures are answered in a sentence; a traceback is nothing for a user
                access_log=False,
                server_header=False,
                date_header=False,
                ws="none",
                timeout_graceful_shutdown=3,
                callback_notify=end_when_unused,
                timeout_notify=1,
            )
        )
        listening = server.config.bind_socket()
        listening.listen()  # so that a browser that is quicker than the server waits instead of being refused
        listening_on[0] = listening.getsockname()[1]
        address = f"http://{HOST}:{listening_on[0]}/vao?khoa={sessions.start_key}"
        _leave(note, address)
        say(address)
        if browser:
            webbrowser.open(address)
        server.run(sockets=[listening])
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _leave(note: Path, address: str) -> None:
    """Leave the address for a second start; the owner's only, since it opens the desk."""
    draft = note.with_name(f"{note.name}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"address": address}, file)
    draft.replace(note)


def _address_of_first(note: Path) -> str:
    """The address that the first start leaves once it listens; raises OSError where it does not come."""
    until = time.monotonic() + FIRST_START
    while not note.exists() and time.monotonic() < until:
        time.sleep(0.1)
    return str(json.loads(note.read_text(encoding="utf-8"))["address"])
