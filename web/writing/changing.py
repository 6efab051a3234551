"""Any change of the store from a page: one form for every kind, previewed with what goes and comes, then written.

Nobody is written over: where something was written about the same cases since the preview, both are shown with 409.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from desk.changes.asking import EMPTIED, TITLES, asked_of, made
from desk.changes.json import as_json, from_json
from desk.changes.since import Since, WrittenSince
from desk.changes.values import AddPerson, Change, ImportFile, RecodeCase, RemoveCase, cases_of
from desk.words.labels import label
from desk.words.log import action, when
from rules.loader.errors import BadInput, DubiError
from web.asking import desk_of, json_object, typed_day
from web.pages import page
from web.refusals import for_a_page
from web.writing import keeping_forms

if TYPE_CHECKING:
    from desk.values import Preview

SCREENS = {"unit": "units", "course": "courses", "enrol": "courses", "figure": "forms", "target": "units"}
"""The screen that a kind of change belongs to, by the first word of its name; people's else."""


def form(request: Request) -> Response:
    """The form of a kind of change, filled with what the address says; raises `UnknownName`."""
    kind, query = request.path_params["kind"], request.query_params
    typed = {name: "\n".join(query.getlist(name)) for name in query}
    asked_of(kind)  # a kind there is not is said before anything is looked for
    kept = keeping_forms.still_typed(request, kind, keeping_forms.about(request))
    return _form(request, kind, {**kept, **typed}, None, kept=any(name not in typed for name in kept))


def _form(
    request: Request, kind: str, typed: dict[str, str], error: DubiError | None, *, kept: bool = False
) -> Response:
    """The form; ``kept`` where something in it was typed before and not written."""
    fields = asked_of(kind)
    return page(
        request,
        "change.html",
        TITLES[kind],
        screen=screen_of(kind),
        dated=False,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        kind=kind,
        fields=fields,
        typed={one.name: typed.get(one.name, "") for one in fields},
        first=next((one.name for one in fields if not typed.get(one.name)), ""),
        emptied=EMPTIED,
        about=keeping_forms.about(request),
        about_name=keeping_forms.ABOUT,
        kept=kept,
        error=for_a_page(error) if error else "",
    )


def screen_of(kind: str) -> str:
    """The screen that a kind of change belongs to."""
    return SCREENS.get(kind.partition("-")[0], "people")


async def preview(request: Request) -> Response:
    """What the change would be and do, nothing written; what is refused or cannot be read is said in the form."""
    async with request.form() as sent:
        typed = {name: str(value).replace("\r", "") for name, value in sent.items()}
    return await run_in_threadpool(_preview, request, typed)


def _preview(request: Request, typed: dict[str, str]) -> Response:
    kind, desk = request.path_params["kind"], desk_of(request)
    asked_of(kind)
    keeping_forms.keep(request, kind, keeping_forms.about(request), typed)
    try:
        change = made(kind, typed, lambda text: typed_day(request, text))
        seen = desk.look()
        shown = desk.preview(change)
    except DubiError as error:
        return _form(request, kind, typed, error)
    return _shown(request, kind, shown, seen, typed, None)


def _shown(
    request: Request, kind: str, shown: Preview, seen: str, typed: dict[str, str], others: Since | None
) -> Response:
    """The preview; with ``others``, what somebody else wrote since it was looked at."""
    return page(
        request,
        "change_preview.html",
        "Người khác vừa ghi" if others else "Xem trước khi ghi",
        screen=screen_of(kind),
        dated=False,
        status=HTTPStatus.CONFLICT if others else HTTPStatus.OK,
        kind=kind,
        title=TITLES[kind],
        shown=shown,
        lines=lines_of(shown),
        differences=[one.listed for one in effects_of(shown)],
        stages=[(one.stage_before, one.stage_after) for one in effects_of(shown)],
        contradictions=getattr(shown, "contradictions", ()),
        refused=any(doubt.refused for doubt in shown.doubts),
        others=others,
        typed={name: value for name, value in typed.items() if value},
        about=keeping_forms.about(request),
        about_name=keeping_forms.ABOUT,
        change=json.dumps(as_json(shown.change), ensure_ascii=False),
        seen=seen,
        label=label,
        action=action,
        when=when,
        few=20,
    )


def lines_of(shown: Preview) -> list[str]:
    """What is recorded otherwise, line by line, each case by its name where there are many."""
    if hasattr(shown, "draft") and hasattr(shown.draft, "after") and not hasattr(shown, "told"):
        before, after = shown.draft.before, shown.draft.after
        return [f"{after.indicator}, {after.unit}: {'chưa ghi' if before is None else before.value} → {after.value}"]
    told = getattr(shown, "told", ())
    return [line if isinstance(line, str) else f"{line[0]} {line[1]}: {'; '.join(line[2])}" for line in told]


def effects_of(shown: Preview) -> list[Any]:
    """What comes of each case that is changed."""
    many = getattr(shown, "effects", None)
    if many is not None:
        return list(many)
    one = getattr(shown, "effect", None)
    return [one] if one is not None else []


async def write(request: Request) -> Response:
    """Write what was previewed, unless somebody wrote about the same cases since: then both are shown, 409."""
    async with request.form() as sent:
        values = {name: str(sent.get(name, "")) for name in ("change", "seen", "confirmed")}
    return await run_in_threadpool(_write, request, values)


def _write(request: Request, sent: dict[str, str]) -> Response:
    kind, desk = request.path_params["kind"], desk_of(request)
    change = read_change(sent["change"])
    if change.kind != kind:
        raise BadInput("Điều này không phải là điều đã xem trước. Quay lại trang trước rồi làm lại; chưa ghi gì.")
    now = desk.look()
    shown = desk.preview(change)
    try:
        done = desk.commit(shown, confirmed=sent["confirmed"] == "1", seen=sent["seen"])
    except WrittenSince:
        return _shown(request, kind, desk.preview(change), now, {}, desk.since(shown, sent["seen"]))
    keeping_forms.drop(request, kind, keeping_forms.about(request))
    return RedirectResponse(_after(change, shown, done.batch), HTTPStatus.SEE_OTHER)


def _after(change: Change, shown: Preview, batch: str) -> str:
    """Where one stands after a write: before the person, or before the write itself; undo is on both."""
    cases = cases_of(change)
    if isinstance(change, AddPerson | RecodeCase):
        cases = (change.code or str(shown.as_json().get("case")),)
    if isinstance(change, RemoveCase) or len(cases) != 1:
        return f"/nhat-ky/{batch}"
    return f"/nguoi/{cases[0]}?da-ghi={batch}"


def read_change(text: str) -> Change:
    """The change that a page carried from its preview; raises `BadInput` for what is none."""
    found = json_object(text)
    change = None if found is None else from_json(found)
    if change is None or isinstance(change, ImportFile):
        raise BadInput("Không đọc được điều đã xem trước. Quay lại trang trước rồi làm lại; chưa ghi gì.")
    return change


routes = [
    Route("/ghi/{kind}", form, methods=["GET"]),
    Route("/ghi/{kind}/xem", preview, methods=["POST"]),
    Route("/ghi/{kind}", write, methods=["POST"]),
]
