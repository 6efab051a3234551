"""The protection of people's data on a page: who read what, what people ask, whose time is over, and the papers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from desk.desk import Desk
from desk.personal.papers import Breach
from desk.personal.requests import KINDS, OUTCOMES
from desk.source import home, private_folder
from desk.words.readings import line_of
from desk.words.typing import NotADay, said_moment
from rules.loader.errors import BadInput, UnknownName
from web.asking import a_day, asked, desk_of, question_of, typed_day, typed_number
from web.pages import DOCX, answer

PLACE = "/quan-tri/du-lieu-ca-nhan"
MOST = 200
"""As many entries of the reading log are shown, the latest, and as many whose time of keeping is over."""
PAPERS: dict[str, Callable[[Desk, Path], Path]] = {
    "danh-gia-tac-dong": lambda desk, path: desk.privacy_file(path),
    "quy-che-truy-cap": lambda desk, path: desk.access_rules(path),
}
"""The papers that are written without anything typed, by the name of the file."""


def overview(request: Request) -> Response:
    """The reading log, the open requests and whose time of keeping is over; raises `BadInput`."""
    asking, desk = asked(request), desk_of(request)
    case = request.query_params.get("ho-so") or None
    found = desk.readings(case, a_day(request, "tu"), a_day(request, "den"))
    held = desk.requests()
    over = desk.retention(question_of(desk, asking)).told if request.query_params.get("giu") else []
    return answer(
        request,
        {**found.as_json(), "requests": [one.as_json() for one in held]},
        "privacy.html",
        "Dữ liệu cá nhân",
        screen="keeping",
        dated=False,
        found=found,
        lines=[line_of(one) for one in reversed(found.readings[-MOST:])],
        case=case or "",
        held=[(one.number, one.told, one.state) for one in held],
        kinds=[(name, words) for name, (words, _) in KINDS.items()],
        outcomes=list(OUTCOMES.items()),
        over=over[:MOST],
        more=max(0, len(over) - MOST),
        today=desk.today,
        papers=PAPERS,
    )


async def add(request: Request) -> Response:
    """Record what somebody asks for about her own data; raises `UnknownName`, `BadInput`."""
    sent = await _sent(request, "ho-so", "loai", "ngay", "ghi-chu")
    return await run_in_threadpool(_add, request, sent)


def _add(request: Request, sent: dict[str, str]) -> Response:
    desk = desk_of(request)
    on = typed_day(request, sent["ngay"]) or desk.today
    desk.add_request(sent["loai"], sent["ho-so"], on, sent["ghi-chu"])
    return RedirectResponse(f"{PLACE}#yeu-cau", HTTPStatus.SEE_OTHER)


async def settle(request: Request) -> Response:
    """Record that a request was answered, or what became of it; raises `UnknownName`, `BadInput`."""
    sent = await _sent(request, "ket-qua", "ngay", "can-cu")
    return await run_in_threadpool(_settle, request, sent)


def _settle(request: Request, sent: dict[str, str]) -> Response:
    desk, number = desk_of(request), typed_number(request.path_params["number"], 0, what="số của yêu cầu", least=1)
    on = typed_day(request, sent["ngay"]) or desk.today
    if sent["ket-qua"] == "answered":
        desk.answer_request(number, on)
    else:
        desk.close_request(number, on, sent["ket-qua"], sent["can-cu"])
    return RedirectResponse(f"{PLACE}#yeu-cau", HTTPStatus.SEE_OTHER)


def paper(request: Request) -> Response:
    """One of the papers; raises `UnknownName`."""
    name = request.path_params["paper"]
    if name not in PAPERS:
        raise UnknownName(f"Không có giấy “{name}”. Các giấy: {', '.join(PAPERS)}.")
    return _as_file(name, lambda path: PAPERS[name](desk_of(request), path))


async def breach(request: Request) -> Response:
    """The paper of a breach; ends all sessions where that is wanted. Raises `BadInput`."""
    sent = await _sent(request, "viec", "tu", "phat-hien", "ket-thuc")
    return await run_in_threadpool(_breach, request, sent)


def _breach(request: Request, sent: dict[str, str]) -> Response:
    desk = desk_of(request)
    if not sent["viec"]:
        raise BadInput("Chưa ghi việc đã xảy ra. Ghi một câu rồi làm lại.")
    try:
        since, detected = (said_moment(sent[name], desk.today) for name in ("tu", "phat-hien"))
    except NotADay as error:
        raise BadInput(str(error)) from error
    happened = Breach(sent["viec"], since, detected, bool(sent["ket-thuc"]))
    return _as_file("bien-ban-lo-du-lieu", lambda path: desk.breach(path, happened))


def _as_file(name: str, write: Callable[[Path], Path]) -> Response:
    """A paper as a file to save, written in the desk's own folder."""
    private_folder(home())
    with tempfile.TemporaryDirectory(dir=home()) as folder:
        content = write(Path(folder) / "giay.docx").read_bytes()
    return Response(content, media_type=DOCX, headers={"content-disposition": f'attachment; filename="{name}.docx"'})


async def _sent(request: Request, *names: str) -> dict[str, str]:
    async with request.form() as sent:
        return {name: str(sent.get(name, "")).strip() for name in names}


routes = [
    Route(PLACE, overview),
    Route(f"{PLACE}/yeu-cau", add, methods=["POST"]),
    Route(f"{PLACE}/yeu-cau/{{number}}", settle, methods=["POST"]),
    Route(f"{PLACE}/su-co", breach, methods=["POST"]),
    Route(f"{PLACE}/{{paper}}.docx", paper),
]
