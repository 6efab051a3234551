"""Serving: one desk on 127.0.0.1 for one user, or an office's for all who sign in; it stops when told to, cleanly."""

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
from socket import AF_INET, AF_INET6, create_server
from threading import Timer
from typing import TYPE_CHECKING, Any

import uvicorn
from filelock import FileLock, Timeout

from desk.accounts.console import utc_now
from desk.accounts.signing import has_users
from desk.keeping.feed import kept_port
from desk.source import ask_by, clear_fleeting, private_folder
from rules.loader.errors import BadInput, StoreProblem
from web.app import make_app
from web.presence import Presence
from web.sessions import Sessions

if TYPE_CHECKING:
    from starlette.applications import Starlette

LOOP = "asyncio:SelectorEventLoop"
"""Windows' own loop listens no more once a browser breaks a connection off while it is taken (python/cpython#93821)."""
HOST = "127.0.0.1"
OFFICE_PORT = 8443
"""Where an office's server listens unless told otherwise."""
SETTLED = 2.0
"""Seconds after the start when the first page is there, and the other screens are loaded."""
TAKEN = (
    "Cổng {port} của địa chỉ lịch nhắc việc đang có chương trình khác dùng, nên lần này Dubi nghe ở cổng khác và "
    "chương trình lịch chưa lấy được gì. Xem cách làm ở trang Lịch nhắc việc."
)
"""What is remarked where the port is taken that the address of the calendar names."""
FIRST_START = 20.0
"""Seconds that a second start waits for the first to say its address: it may be making the store."""


def serve(
    store: str,
    folder: Path,
    *,
    port: int | None = None,
    browser: bool = False,
    say: Callable[[str], None],
    remark: Callable[[str], None] = lambda _: None,
    today: Callable[[], dt.date],
    ready: Callable[[], None] = lambda: None,
    unlocked: Callable[[], None] = lambda: None,
    unused: float = math.inf,
    office: tuple[str, Path | None, Path | None] | None = None,
) -> None:
    """Serve a store until stopped; where a desk of this folder runs already, open that one instead.

    ``port`` 0 takes a free one. None takes at the desk of one user the one that the address of the calendar names,
    where that is switched on, for a calendar program keeps the address; else a free one, as where another program has
    taken it, which is remarked. One line is said, the address, at that desk with its start key. ``ready`` is called
    before anything is served, by the one desk that will; ``unlocked`` once somebody has typed the passphrase of an
    encrypted store. With ``unused`` it ends by itself when no page has been open for so many seconds and nothing is
    being written.

    ``office`` is where to listen, the certificate and the key: the desk is then reached from other machines, by TLS, by
    who signs in. Raises `StoreProblem` for a port in use, `BadInput` for an office that lacks something, and what
    ``ready`` raises.
    """
    private_folder(folder)
    note = folder / "web.json"
    lock = FileLock(folder / "web.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if office is not None:
            raise BadInput("Một bàn làm việc của thư mục dữ liệu này đang chạy. Tắt nó trước.") from None
        address = _address_of_first(note)
        say(address)
        if browser:
            webbrowser.open(address)
        return
    try:
        note.unlink(missing_ok=True)  # of a desk that was killed
        clear_fleeting(folder)
        ready()
        ask_by(None)  # from here on a page asks, and nobody sits at the terminal
        if office is None:
            kept = kept_port(store) if port is None else None
            _serve_one(store, note, port or 0, kept, say, remark, today, unlocked, unused, browser=browser)
        else:
            _serve_office(store, office, OFFICE_PORT if port is None else port, say, today)
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _serve_one(
    store: str,
    note: Path,
    port: int,
    kept: int | None,
    say: Callable[[str], None],
    remark: Callable[[str], None],
    today: Callable[[], dt.date],
    unlocked: Callable[[], None],
    unused: float,
    *,
    browser: bool,
) -> None:
    def opened() -> None:
        unlocked()
        ask_by(None)

    sessions, presence, listening_on = Sessions(secrets.token_urlsafe(24)), Presence(), [port]
    app = make_app(store, sessions, lambda: listening_on[0], today, presence, unlocked=opened)

    async def end_when_unused() -> None:
        if presence.gone_for(unused):
            server.should_exit = True

    try:
        listening = _listen(HOST, kept or port)
    except StoreProblem:
        if kept is None:
            raise
        remark(TAKEN.format(port=kept))
        listening = _listen(HOST, port)
    server = _server(app, callback_notify=end_when_unused, timeout_notify=1)
    with listening:
        listening_on[0] = listening.getsockname()[1]
        address = f"http://{HOST}:{listening_on[0]}/vao?khoa={sessions.start_key}"
        _leave(note, address)
        say(address)
        if browser:
            webbrowser.open(address)
        server.run(sockets=[listening])


def _serve_office(
    store: str,
    office: tuple[str, Path | None, Path | None],
    port: int,
    say: Callable[[str], None],
    today: Callable[[], dt.date],
) -> None:
    from web.tls import tls

    host, cert, key = office
    if not has_users(store):
        raise BadInput("Kho này chưa có tài khoản nào. Thêm tài khoản đầu tiên, là quản trị, bằng: dubi user add TÊN")
    shown, listening_on = tls(host, cert, key, utc_now()), [port]
    app = make_app(store, Sessions(secrets.token_urlsafe(24)), lambda: listening_on[0], today, office=shown.names)
    server = _server(app, ssl_certfile=str(shown.cert), ssl_keyfile=str(shown.key))
    with _listen(host, port) as listening:
        listening_on[0] = listening.getsockname()[1]
        name = host if host in shown.names else min(shown.names)
        say(f"https://{name}:{listening_on[0]}/vao")
        server.run(sockets=[listening])


def _server(app: Starlette, **more: Any) -> uvicorn.Server:
    later = Timer(SETTLED, app.state.rest.load)
    later.daemon = True
    later.start()
    config = uvicorn.Config(
        app,
        log_level="critical",  # failures are answered in a sentence; a traceback is nothing for a user
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,  # who asks is who is connected: no header may say otherwise
        ws="none",
        loop=LOOP,
        timeout_graceful_shutdown=3,
        **more,
    )
    return uvicorn.Server(config)


def _listen(host: str, port: int) -> Any:
    try:  # it listens from here on, so that a browser that is quicker than the server waits instead of being refused
        return create_server((host, port), family=AF_INET6 if ":" in host else AF_INET)
    except OSError:
        raise StoreProblem(
            f"Không nghe được ở {host}:{port}: cổng đang có chương trình khác dùng, hoặc địa chỉ không phải của máy "
            "này. Chọn cổng khác bằng --port."
        ) from None


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
