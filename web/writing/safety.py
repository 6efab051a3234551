"""A backup made from the page and put back from it; what has to be confirmed is asked first, in full."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk.keeping.store import ToConfirm, carries_key, open_copy
from rules.loader.errors import BadInput, DubiError
from web.asking import desk_of
from web.pages import page
from web.refusals import for_a_page


def backups(request: Request) -> Response:
    """The page on which a backup is made or put back."""
    return _page(request)


def _page(
    request: Request, *, said: str = "", error: str = "", asks: str = "", typed: tuple[str, ...] = ()
) -> Response:
    """``asks`` is what has to be agreed to before the backup of ``typed`` is put back, after all that was before."""
    status = HTTPStatus.CONFLICT if asks else HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return page(
        request,
        "backups.html",
        "Sao lưu và phục hồi",
        screen="keeping",
        dated=False,
        status=status,
        said=said,
        error=error,
        asks=asks,
        file=typed[0] if typed else "",
        agreed=typed[1:],
    )


async def make(request: Request) -> Response:
    """Copy the store into a folder or a file that somebody names, and check the copy."""
    async with request.form() as sent:
        place = str(sent.get("noi", "")).strip()
    return await run_in_threadpool(_make, request, place)


def _make(request: Request, place: str) -> Response:
    try:
        made = desk_of(request).backup(_named(place))
    except DubiError as error:
        return _page(request, error=for_a_page(error))
    size = max(1, made.stat().st_size // 1024)
    closed = "Tệp mã hoá như kho, mang khoá theo." if carries_key(made) else "Tệp không được mã hoá."
    return _page(request, said=f"Đã sao lưu ra “{made}” ({size} KB), đã kiểm tra toàn vẹn. {closed}")


async def put_back(request: Request) -> Response:
    """Put a backup in the place of the store; the store as it was is laid aside."""
    async with request.form() as sent:
        place, typed = str(sent.get("tep", "")).strip(), str(sent.get("mat-khau", ""))
        agreed = tuple(str(value) for value in sent.getlist("da-dong-y"))
    return await run_in_threadpool(_put_back, request, place, agreed, typed)


def _put_back(request: Request, place: str, agreed: tuple[str, ...], typed: str) -> Response:
    try:
        if typed:
            open_copy(_named(place), typed)
        done = desk_of(request).restore(_named(place), agrees=lambda question: question in agreed)
    except ToConfirm as asked:
        return _page(request, asks=str(asked), typed=(place, *agreed))
    except DubiError as error:
        return _page(request, error=for_a_page(error))
    aside = f" Kho trước khi phục hồi đã cất ở “{done.aside}”." if done.aside is not None else ""
    verdict = done.verdict
    return _page(request, said=f"Đã phục hồi: {verdict.batches} lần ghi, {verdict.changes} thay đổi.{aside}")


def _named(place: str) -> Path:
    """The place that was typed; raises `BadInput` for one that is not whole."""
    path = Path(place).expanduser()
    if not place or not path.is_absolute():
        raise BadInput("Ghi đủ đường dẫn, ví dụ E:\\sao-luu (ổ USB) hoặc /media/usb/sao-luu.")
    return path


routes = [
    Route("/quan-tri/sao-luu", backups, methods=["GET"]),
    Route("/quan-tri/sao-luu", make, methods=["POST"]),
    Route("/quan-tri/phuc-hoi", put_back, methods=["POST"]),
]
