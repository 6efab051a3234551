"""Taking a file in, in four steps: the file, its columns, its rows with what would come of them, and the writing.

Until the last button nothing is in the store: the file and the answers wait beside it (`desk.changes.drafts`).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from desk.changes import drafts
from desk.changes.importing import Beside, WrittenSince
from desk.keeping.handover import ENDING, is_sealed, opened
from desk.source import fleeting
from desk.words.imports import CASES, NOTICES, OUTCOMES, change_line, field_labels, meaning, parts_of, proposals
from desk.words.labels import label
from desk.words.remarks import remarks_in_short
from rules.loader.errors import BadInput, DubiError, UnknownName
from web.asking import desk_of, owner_of
from web.pages import answer, page
from web.refusals import without_commands
from web.screens.forms import KINDS
from web.writing.import_answers import (
    COLUMN,
    MOST,
    ORDER,
    UNREAD,
    answers_about_columns,
    answers_about_rows,
    open_places,
    pairs_to_answer,
    rows_to_mend,
)
from web.writing.uploading import Sent, sent_file

if TYPE_CHECKING:
    from desk.changes.drafts import ImportDraft
    from desk.values import Import

FEW = 20
_MOST_FIELDS = 20_000


def start(request: Request) -> Response:
    """The first step: choose a file; and the files that wait since the last day."""
    return _start(request, None)


def _start(request: Request, error: DubiError | None) -> Response:
    return page(
        request,
        "import_file.html",
        "Nhập sổ",
        screen="import",
        dated=False,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        error=str(error) if error else "",
        step=1,
        waiting=drafts.waiting(request.app.state.store, owner_of(request, "import_")),
    )


async def upload(request: Request) -> Response:
    """Keep the file that was sent, and go on to its columns."""
    owner = await run_in_threadpool(owner_of, request, "import_")
    try:
        sent = await sent_file(request, "tep", "khoa")
        name, content = await run_in_threadpool(_opened, sent)
    except BadInput as error:
        return await run_in_threadpool(_start, request, error)
    draft = await run_in_threadpool(drafts.begin, request.app.state.store, name, content, owner)
    return RedirectResponse(f"/nhap/{draft.name}/cot", HTTPStatus.SEE_OTHER)


def _opened(sent: Sent) -> tuple[str, bytes]:
    """The name and the bytes of a file that came, opened by the key beside it where it is sealed; raises `BadInput`."""
    if not is_sealed(sent.content):
        return sent.name, sent.content
    if sent.beside is None or not sent.fields.get("mat-khau"):
        raise BadInput(
            f"“{sent.name}” là tệp khoá. Chọn lại tệp, mở phần “Tệp khoá do nơi khác gửi”, chọn tệp khoá của mình "
            "(.khoa) và gõ mật khẩu của khoá."
        )
    key_name, key = sent.beside
    return sent.name.removesuffix(ENDING), opened(sent.name, sent.content, key_name, key, sent.fields["mat-khau"])


def columns(request: Request) -> Response:
    """The second step: as what each column is read, and what is asked about the file."""
    draft = _draft(request)
    try:
        done, _ = desk_of(request).take_in(draft.change)
    except DubiError as error:
        return _columns(request, draft, None, _said(draft, error))
    return _columns(request, draft, done, "")


def _columns(request: Request, draft: ImportDraft, done: Import | None, error: str) -> Response:
    preview = None if done is None else done.preview
    codes = {one.code for one in preview.notices} if preview is not None else set()
    asked = {one.column: one for one in preview.notices if one.kind == "question" and one.column} if preview else {}
    return page(
        request,
        "import_columns.html",
        f"Nhập sổ: các cột của “{draft.file.name}”",
        screen="import",
        dated=False,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        error=error,
        step=2,
        draft=draft,
        preview=preview,
        asked=asked,
        codes=codes,
        general=[one for one in (preview.notices if preview else ()) if not one.column],
        labels=field_labels(),
        units=sorted((unit.code, unit.name or "") for unit in done.stored.units) if done else [],
        meaning=meaning,
        notices=NOTICES,
        plain=without_commands,
        names={"column": COLUMN, "order": ORDER, "unread": UNREAD},
    )


async def answer_columns(request: Request) -> Response:
    """Keep what was said of the columns; go on to the rows, or look at the columns again."""
    async with request.form(max_fields=_MOST_FIELDS) as form:
        sent = {name: str(value) for name, value in form.items()}
    return await run_in_threadpool(_answer_columns, request, sent)


def _answer_columns(request: Request, sent: dict[str, str]) -> Response:
    draft = _draft(request)
    kept = draft.answered(**answers_about_columns(sent, draft.change))
    try:
        desk_of(request).take_in(kept.change)
    except DubiError as error:
        if isinstance(error, UnknownName):  # an answer that names nothing is not kept
            kept = kept.answered(columns=draft.change.columns)
        return _columns(request, kept, None, _said(kept, error))
    return RedirectResponse(f"/nhap/{draft.name}/{'cot' if sent.get('xem-lai') else 'xem'}", HTTPStatus.SEE_OTHER)


def rows(request: Request) -> Response:
    """The third step: what becomes of each row, what changes, and the findings that would come and go."""
    draft, desk = _draft(request), desk_of(request)
    seen = desk.last_hash()
    try:
        try:
            done, _ = desk.take_in(draft.change)
        except UnknownName:  # a pair is none any more once a cell of it was mended
            if not draft.change.pairs:
                raise
            draft = draft.answered(pairs=())
            done, _ = desk.take_in(draft.change)
    except DubiError as error:
        return _columns(request, draft, None, _said(draft, error))
    mended = rows_to_mend(done.preview, draft.change)
    unnamed = next((one for one in done.preview.notices if one.code == "unit_unnamed"), None)
    return answer(
        request,
        done.as_json(),
        "import_rows.html",
        f"Nhập sổ: xem trước “{draft.file.name}”",
        screen="import",
        dated=False,
        step=3,
        draft=draft,
        done=done,
        seen=seen,
        counts=[(words, done.preview.counts.get(name, 0)) for name, words in OUTCOMES.items()],
        parts=[(name, part) for name, part in parts_of(done.plan) if part.altered or part.unchanged or name == CASES],
        mended=mended[:MOST],
        more=len(mended) - MOST,
        refused=len({(row.row, row.block) for row in done.rows if row.outcome == "refused"}),
        asked=sum(row.outcome == "confirm" for row in done.rows),
        places=open_places(done, draft.change)[:MOST],
        pairs=pairs_to_answer(done, draft.change)[:MOST],
        changes=[change_line(one) for one in done.laid.changes if not one.difference.open],
        warned=remarks_in_short(
            [*done.remarks, *(why.remark for row in done.rows if row.outcome == "warned" for why in row.why)]
        ),
        proposals=proposals(done.preview),
        outlook=desk.outlook(done),
        unnamed=unnamed,
        label=label,
        plain=without_commands,
        few=FEW,
    )


async def answer_rows(request: Request) -> Response:
    """Keep what was typed and said about the rows, and look again."""
    async with request.form(max_fields=_MOST_FIELDS) as form:
        sent = [(name, str(value)) for name, value in form.multi_items()]
    return await run_in_threadpool(_answer_rows, request, sent)


def _answer_rows(request: Request, sent: list[tuple[str, str]]) -> Response:
    draft = _draft(request)
    done, _ = desk_of(request).take_in(draft.change)
    draft.answered(**answers_about_rows(sent, done.preview, draft.change))
    return RedirectResponse(f"/nhap/{draft.name}/xem", HTTPStatus.SEE_OTHER)


async def write(request: Request) -> Response:
    """The fourth step: write what is taken, in one transaction, unless somebody wrote since the preview."""
    async with request.form() as form:
        sent = {name: str(value) for name, value in form.items()}
    return await run_in_threadpool(_write, request, sent)


def _write(request: Request, sent: dict[str, str]) -> Response:
    draft, desk = _draft(request), desk_of(request)
    change = draft.answered(accept_good=sent.get("dong-tot") == "1").change
    try:
        done, _ = desk.take_in(change, apply=True, seen=sent.get("da-xem", ""))
    except WrittenSince as error:
        return _refused(request, draft, str(error), HTTPStatus.CONFLICT)
    except BadInput as error:
        return _refused(request, draft, _said(draft, error), HTTPStatus.UNPROCESSABLE_ENTITY)
    if done.refused and not change.accept_good:
        said = "Còn dòng không nhận được. Sửa các dòng ấy, hoặc chọn ghi các dòng nhận được."
        return _refused(request, draft, said, HTTPStatus.UNPROCESSABLE_ENTITY)
    left = any(row.outcome in ("refused", "confirm") for row in done.rows)
    if not left:
        draft.discard()
    return page(
        request,
        "import_done.html",
        "Đã nhập sổ" if done.batch else "Kho đã có đúng như trong tệp",
        screen="import",
        dated=False,
        step=4,
        draft=draft if left else None,
        done=done,
        parts=[(name, part) for name, part in parts_of(done.plan) if part.altered],
        open=[*(change_line(one) for one in done.laid.open), *map(str, done.open_pairs)],
    )


def _refused(request: Request, draft: ImportDraft, said: str, status: HTTPStatus) -> Response:
    return page(
        request,
        "import_refused.html",
        "Chưa ghi gì vào kho",
        screen="import",
        dated=False,
        status=status,
        step=4,
        draft=draft,
        said=said,
    )


async def not_taken(request: Request) -> Response:
    """The rows that are not taken, as a workbook to be mended and taken in again; raises `UnknownName` for none."""
    content = await run_in_threadpool(_not_taken, request)
    headers = {"content-disposition": 'attachment; filename="can-sua.xlsx"'}
    return Response(content, media_type=KINDS["xlsx"], headers=headers)


def _not_taken(request: Request) -> bytes:
    draft = _draft(request)
    with fleeting(draft.url, draft.folder) as folder:
        path = folder / "can-sua.xlsx"
        desk_of(request).take_in(draft.change, beside=Beside(errors=path))
        if not path.exists():
            raise UnknownName("Mọi dòng đều nhận được; không có dòng nào phải sửa.")
        return path.read_bytes()


def discard(request: Request) -> Response:
    """Take a file that waits away."""
    _draft(request).discard()
    return RedirectResponse("/nhap", HTTPStatus.SEE_OTHER)


def _draft(request: Request) -> ImportDraft:
    return drafts.find(request.app.state.store, request.path_params["draft"], owner_of(request, "import_"))


def _said(draft: ImportDraft, error: DubiError) -> str:
    """A failure in words of the page: the file by its own name, nothing that only a command can be told."""
    return without_commands(str(error).replace(str(draft.file), draft.file.name))


routes = [
    Route("/nhap", start, methods=["GET"]),
    Route("/nhap", upload, methods=["POST"]),
    Route("/nhap/{draft}/cot", columns, methods=["GET"]),
    Route("/nhap/{draft}/cot", answer_columns, methods=["POST"]),
    Route("/nhap/{draft}/xem", rows, methods=["GET"]),
    Route("/nhap/{draft}/xem", answer_rows, methods=["POST"]),
    Route("/nhap/{draft}/ghi", write, methods=["POST"]),
    Route("/nhap/{draft}/bo", discard, methods=["POST"]),
    Route("/nhap/{draft}/can-sua.xlsx", not_taken),
]
