"""The papers of a person and the lists of a unit: which can be written now, why another cannot, each as a draft."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk.source import fleeting, home, private_folder
from web.asking import asked, desk_of, question_of, shown_day, typed_day
from web.pages import DOCX, page

TYPED = "truong."
"""Before the name of a field that is typed on the page."""
A_DAY = "_on"
"""What the name of a field ends with that is a day."""


def of_person(request: Request) -> Response:
    """All papers of a person; raises `UnknownName`, and `BadInput` where the case has not begun."""
    asking, desk = asked(request), desk_of(request)
    code = request.path_params["code"]
    return page(
        request,
        "papers.html",
        f"Giấy tờ của {code}",
        screen="people",
        asking=asking,
        code=code,
        found=desk.papers(question_of(desk, asking), code),
        typed=TYPED,
        a_day=A_DAY,
    )


def of_unit(request: Request) -> Response:
    """The lists of people that can be written for the unit of the address, or for all; raises `UnknownName`."""
    asking, desk = asked(request), desk_of(request)
    found = desk.lists(question_of(desk, asking))
    return page(
        request,
        "lists.html",
        "Danh sách để ký",
        screen="courses",
        asking=asking,
        found=found,
        typed=TYPED,
        a_day=A_DAY,
    )


def paper(request: Request) -> Response:
    """One paper as a .docx; raises `UnknownName`, and `BadInput` where it is refused or something has to be typed."""
    asking, desk = asked(request), desk_of(request)
    name = request.path_params["paper"]
    fields = {}
    for field, value in request.query_params.items():
        if field.startswith(TYPED) and value.strip():
            day = typed_day(request, value) if field.endswith(A_DAY) else None
            fields[field.removeprefix(TYPED)] = shown_day(day) if day else value.strip()
    private_folder(home())
    with fleeting(desk.url, home()) as folder:
        out = folder / "giay.docx"
        desk.paper(question_of(desk, asking), name, out, case=request.path_params.get("code"), fields=fields)
        content = out.read_bytes()
    return Response(content, media_type=DOCX, headers={"content-disposition": f'attachment; filename="{name}.docx"'})


routes = [
    Route("/nguoi/{code}/giay", of_person),
    Route("/nguoi/{code}/giay/{paper}.docx", paper),
    Route("/giay", of_unit),
    Route("/giay/{paper}.docx", paper),
]
