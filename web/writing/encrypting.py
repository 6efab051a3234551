"""Encryption from the page: the store encrypted, made plain, its passphrase changed, another recovery code.

A recovery code is shown once and typed back from paper before anything is written; until then it waits in memory, with
the passphrase, for whoever's page it is.
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from desk.keeping.encryption import Backups, Recast, new_code, require_passphrase, require_typed_back
from desk.source import open_store
from rules.loader.errors import BadInput, DubiError
from web.asking import desk_of
from web.pages import page
from web.refusals import for_a_page

PLACE = "/quan-tri/ma-hoa"
FIELDS = ("mat-khau", "moi", "lai", "ma", "ban-sao", "den")
_CHOICES: dict[str, Backups] = {"ghi-lai": "rewrite", "xoa": "remove", "de-nguyen": "keep"}
_MOST_SIGNS = 2_000

Waiting = dict[str, tuple[str, str]]
"""By session: a passphrase (empty where it stays) and a recovery code that are not written yet."""


def look(request: Request) -> Response:
    """Whether the store is encrypted, and what can be done about it."""
    return _page(request, _onward(request.query_params.get("den", "")))


def _page(request: Request, onward: str = "", *, said: str = "", error: str = "", code: str = "") -> Response:
    """``code`` is the recovery code that has to be typed back; ``onward`` where to go when all is done."""
    return page(
        request,
        "encryption.html",
        "Mã hoá kho",
        screen="keeping",
        dated=False,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        form=desk_of(request).form(),
        said=said,
        error=error,
        code=code,
        onward=onward,
    )


async def _sent(request: Request) -> dict[str, str]:
    async with request.form() as sent:
        return {name: str(sent.get(name, ""))[:_MOST_SIGNS] for name in FIELDS}


async def prepare(request: Request) -> Response:
    """Show a recovery code: for a new passphrase of a plain store, or for an encrypted one; nothing is written."""
    return await run_in_threadpool(_prepare, request, await _sent(request))


def _prepare(request: Request, typed: dict[str, str]) -> Response:
    onward, passphrase = _onward(typed["den"]), ""
    try:
        if not desk_of(request).form().encrypted:
            passphrase = _new(typed)
    except DubiError as error:
        return _page(request, onward, error=for_a_page(error))
    code = new_code()
    _waiting(request)[_whose(request)] = (passphrase, code)
    return _page(request, onward, code=code)


async def write(request: Request) -> Response:
    """Encrypt the store, or put the new recovery code on it, once the code was typed back."""
    return await run_in_threadpool(_write, request, await _sent(request))


def _write(request: Request, typed: dict[str, str]) -> Response:
    desk, onward = desk_of(request), _onward(typed["den"])
    passphrase, code = _waiting(request).get(_whose(request), ("", ""))
    if not code:
        return _page(request, onward, error="Mã khôi phục này không còn chờ. Làm lại từ đầu.")
    try:
        require_typed_back(typed["ma"], code)
    except BadInput as error:
        return _page(request, onward, error=for_a_page(error), code=code)
    try:
        if passphrase:
            said = f"Đã mã hoá kho. {_told(desk.encrypt(passphrase, code, backups=_choice(typed)))}"
        else:
            left = desk.put_new_code(code)
            said = "Mã khôi phục mới đã có hiệu lực, mã cũ hết dùng." + _named("Vẫn mở bằng mã cũ", left)
    except DubiError as error:
        return _page(request, onward, error=for_a_page(error))
    del _waiting(request)[_whose(request)]
    return RedirectResponse(onward, HTTPStatus.SEE_OTHER) if onward else _page(request, said=said)


async def change(request: Request) -> Response:
    """Put another passphrase on the store, for who types the one of now."""
    return await run_in_threadpool(_change, request, await _sent(request))


def _change(request: Request, typed: dict[str, str]) -> Response:
    try:
        done = desk_of(request).rekey(typed["mat-khau"], _new(typed))
    except DubiError as error:
        return _page(request, error=for_a_page(error))
    return _page(request, said=f"Đã đổi mật khẩu.{_named('Vẫn mở bằng mật khẩu cũ', done.backups.left)}")


async def finish(request: Request) -> Response:
    """Encrypt the backups that still lie plain beside an encrypted store, or delete them."""
    typed = await _sent(request)
    return await run_in_threadpool(lambda: _recast(request, typed, "Kho đã mã hoá."))


async def make_plain(request: Request) -> Response:
    """Make the store plain again, for who types the passphrase."""
    typed = await _sent(request)
    return await run_in_threadpool(lambda: _recast(request, typed, "Kho không còn mã hoá."))


def _recast(request: Request, typed: dict[str, str], said: str) -> Response:
    desk = desk_of(request)
    try:
        if request.url.path.endswith("/bo"):
            open_store(desk.url, typed["mat-khau"])
            done = desk.decrypt(backups=_choice(typed))
        else:
            done = desk.finish_encrypting(backups=_choice(typed))
    except DubiError as error:
        return _page(request, error=for_a_page(error))
    return _page(request, said=f"{said} {_told(done)}")


def _told(done: Recast) -> str:
    words = {"rewrite": "Bản sao lưu đã ghi lại", "remove": "Bản sao lưu đã xoá", "keep": ""}
    return _named(words[done.what], done.backups.done).strip()


def _named(words: str, files: tuple[object, ...]) -> str:
    return f" {words}: {', '.join(map(str, files))}." if files else ""


def _new(typed: dict[str, str]) -> str:
    """The new passphrase, typed twice; raises `BadInput`."""
    require_passphrase(typed["moi"])
    if typed["moi"] != typed["lai"]:
        raise BadInput("Hai lần gõ mật khẩu không giống nhau. Gõ lại.")
    return typed["moi"]


def _choice(typed: dict[str, str]) -> Backups:
    return _CHOICES.get(typed["ban-sao"], "rewrite")


def _waiting(request: Request) -> Waiting:
    waiting: Waiting = request.app.state.codes
    return waiting


def _whose(request: Request) -> str:
    return str(request.scope["session"].key)


def _onward(text: str) -> str:
    """Where an import waits that began before; empty for any other address."""
    return text if text.startswith("/nhap/") and text.isascii() and "\\" not in text and "//" not in text else ""


routes = [
    Route(PLACE, look, methods=["GET"]),
    Route(f"{PLACE}/ma", prepare, methods=["POST"]),
    Route(PLACE, write, methods=["POST"]),
    Route(f"{PLACE}/mat-khau", change, methods=["POST"]),
    Route(f"{PLACE}/not", finish, methods=["POST"]),
    Route(f"{PLACE}/bo", make_plain, methods=["POST"]),
]
