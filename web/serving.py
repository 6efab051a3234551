"""Serving: one desk on 127.0.0.1 for one user; a second start opens the first; it stops when told to, cleanly."""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn
from filelock import FileLock, Timeout

from web.app import make_app
from web.sessions import Sessions

HOST = "127.0.0.1"


def serve(
    store: str, folder: Path, *, port: int, browser: bool, say: Callable[[str], None], today: Callable[[], dt.date]
) -> None:
    """Serve a store until stopped; where a desk of this folder runs already, open that one instead.

    ``port`` 0 takes a free one. One line is said, the address with its start key. Raises OSError for a port in use.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    note = folder / "web.json"
    lock = FileLock(folder / "web.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        address = str(json.loads(note.read_text(encoding="utf-8"))["address"])
        say(address)
        if browser:
            webbrowser.open(address)
        return
    try:
        sessions = Sessions(secrets.token_urlsafe(24))
        listening_on = [port]
        app = make_app(store, sessions, lambda: listening_on[0], today)
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
            )
        )
        listening = server.config.bind_socket()
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
    handle = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"address": address}, file)
