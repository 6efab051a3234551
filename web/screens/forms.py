"""Report forms as they will print, and as files to hand in."""

from __future__ import annotations

from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk.desk import Desk
from desk.filling.forms import forms as all_forms
from desk.question import Question
from desk.source import fleeting, home, private_folder
from rules.loader.errors import UnknownName
from web.asking import AS_OF, Asked, asked, desk_of, question_of, shown_day
from web.pages import DOCX, answer, page
from web.periods import Period, choices, counted_as_of, period_of

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": DOCX,
    "pdf": "application/pdf",
}


def forms(request: Request) -> Response:
    """All forms, to choose one."""
    asking = asked(request)
    return page(request, "forms.html", "Biểu báo cáo", screen="forms", asking=asking, forms=all_forms())


def form(request: Request) -> Response:
    """One form filled for a period, as of its end where the address names no day; raises `UnknownName`."""
    asking, desk = asked(request), desk_of(request)
    period = period_of(request, asking)
    name = request.path_params["form"]
    question, dated = _question(request, desk, asking, period), bool(request.query_params.get(AS_OF))
    filled = desk.report(question, name, period.start, period.end)
    known = asking.known_on if not dated else None  # else the bar says it
    return answer(
        request,
        {**filled.as_json(), "reported": desk.reported_json(filled)},
        "form.html",
        f"Biểu {filled.form.name}",
        screen="forms",
        asking=asking,
        dated=dated,
        remarks=[f"Theo những gì đã ghi đến hết {shown_day(known)}."] if known else [],
        period=period,
        choices=choices(asking),
        filled=filled,
        kinds=list(KINDS),
    )


async def file(request: Request) -> Response:
    """One form as a file of a kind; raises `UnknownName` for a form or a kind there is not."""
    asking, desk = asked(request), desk_of(request)
    period = period_of(request, asking)
    name, kind = request.path_params["form"], request.path_params["kind"]
    if kind not in KINDS:
        raise UnknownName(f"Không có tệp loại “.{kind}”. Các loại: {', '.join(f'.{one}' for one in KINDS)}.")
    content = await run_in_threadpool(_written, desk, _question(request, desk, asking, period), name, kind, period)
    said = f"{name}-{period.start:%Y%m%d}-{period.end:%Y%m%d}.{kind}"
    return Response(content, media_type=KINDS[kind], headers={"content-disposition": f'attachment; filename="{said}"'})


def _question(request: Request, desk: Desk, asking: Asked, period: Period) -> Question:
    return replace(question_of(desk, asking), as_of=counted_as_of(request, asking, period.end))


def _written(desk: Desk, question: Question, name: str, kind: str, period: Period) -> bytes:
    """The bytes of a form, written in the desk's own folder and never in that of all users."""
    filled = desk.report(question, name, period.start, period.end)
    private_folder(home())
    with fleeting(desk.url, home()) as folder:
        path = folder / f"bieu.{kind}"
        filled.write(kind, path, stacked=False, replace=False)
        return path.read_bytes()


routes = [
    Route("/bieu", forms),
    Route("/bieu/{form}.{kind}", file),
    Route("/bieu/{form}", form),
]
