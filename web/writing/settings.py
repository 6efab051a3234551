"""What of the law nobody has read yet, a value confirmed from the page, and which local rules the store follows."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from desk.words.labels import label, rule_titles
from rules.loader.errors import BadInput, DubiError
from web.asking import asked, desk_of, question_of
from web.pages import answer, page
from web.refusals import for_a_page

TYPED = {"gia-tri": "giá trị đọc trong văn bản", "muc": "mục của văn bản", "doc-o": "đọc văn bản ở đâu"}
"""What is typed of a value that somebody has read, with its words."""
NAMED = 50
"""So many of the people whose findings change are named."""


def unconfirmed(request: Request) -> Response:
    """The values in force on the day that nobody has read, each with a form to say that it was."""
    asking, desk = asked(request), desk_of(request)
    question = question_of(desk, asking)
    found = desk.unconfirmed(question)
    return answer(
        request,
        {"unconfirmed": [asdict(one) for one in found]},
        "unconfirmed.html",
        "Giá trị của luật chưa đối chiếu",
        screen="law",
        asking=asking,
        found=found,
        asks=TYPED,
        titles=rule_titles(question),
    )


async def preview(request: Request) -> Response:
    """Whose findings change by a value that was read; nothing is written."""
    return await run_in_threadpool(_confirming, request, await _sent(request), write=False)


async def confirm(request: Request) -> Response:
    """Keep a value that was read, in the log of the store; raises `UnknownName`, `LawFileError`."""
    return await run_in_threadpool(_confirming, request, await _sent(request), write=True)


async def _sent(request: Request) -> dict[str, str]:
    async with request.form() as sent:
        return {name: str(sent.get(name, "")).strip() for name in TYPED}


def _confirming(request: Request, typed: dict[str, str], *, write: bool) -> Response:
    desk, parameter = desk_of(request), request.path_params["parameter"]
    draft, error = None, ""
    try:
        lacking = [words for name, words in TYPED.items() if not typed[name]]
        if lacking:
            raise BadInput(f"Chưa ghi: {'; '.join(lacking)}. Ghi rồi xem trước lại.")
        draft = desk.confirming(desk.ask(), parameter, *typed.values())
        if write:
            desk.confirm(draft)
            return RedirectResponse("/quy-tac/doi-chieu", HTTPStatus.SEE_OTHER)
    except DubiError as refused:
        error = for_a_page(refused)
    return page(
        request,
        "confirming.html",
        "Đối chiếu một giá trị của luật",
        screen="law",
        dated=False,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        parameter=parameter,
        error=error,
        draft=draft,
        typed=typed,
        asks=TYPED,
        label=label,
        named=NAMED,
    )


def overlays(request: Request) -> Response:
    """Which local rules the store is judged by, and which others there are."""
    found = desk_of(request).overlays()
    return page(request, "overlays.html", "Quy định riêng", screen="keeping", dated=False, found=found)


async def choose(request: Request) -> Response:
    """Have the store judged by the local rules that are marked, or by none; raises `UnknownName`."""
    async with request.form() as sent:
        names = [str(name) for name in sent.getlist("ten")]
    await run_in_threadpool(lambda: desk_of(request).choose_overlays(names))
    return RedirectResponse("/quan-tri/quy-dinh", HTTPStatus.SEE_OTHER)


routes = [
    Route("/quy-tac/doi-chieu", unconfirmed),
    Route("/quy-tac/doi-chieu/{parameter}/xem", preview, methods=["POST"]),
    Route("/quy-tac/doi-chieu/{parameter}", confirm, methods=["POST"]),
    Route("/quan-tri/quy-dinh", overlays, methods=["GET"]),
    Route("/quan-tri/quy-dinh", choose, methods=["POST"]),
]
