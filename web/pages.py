"""Pages: templates filled with what a page has to show, or the same answer as JSON where that was asked for."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from desk.words.masking import MASK
from desk.words.masking import asking as sensitive_asked
from web.asking import CARRIED, UNIT, Asked, asked, shown_day
from web.refusals import wants_json
from web.rights import LOOKS, first_page, may, of_a_kind

HERE = Path(__file__).parent
STATIC = HERE / "static"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WEEKDAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the navigation: where it leads, what it is called, and the key that opens it."""

    screen: str
    path: str
    label: str
    key: str


NAVIGATION = (
    Item("work", "/", "Việc phải làm", "1"),
    Item("people", "/nguoi", "Hồ sơ", "2"),
    Item("figures", "/so-lieu", "Số liệu", "3"),
    Item("forms", "/bieu", "Biểu", "4"),
    Item("timings", "/thoi-gian", "Thời gian", "5"),
    Item("units", "/don-vi", "Đơn vị", "6"),
    Item("courses", "/lop", "Lớp", "7"),
    Item("log", "/nhat-ky", "Nhật ký", "8"),
    Item("law", "/quy-tac", "Quy tắc", "9"),
    Item("keeping", "/quan-tri", "Quản trị", "0"),
    Item("import", "/nhap", "Nhập", "n"),
)

KEYS = (
    ("1 … 9, 0", "mở các màn hình theo thứ tự trên thanh trên cùng"),
    ("n", "nhập sổ"),
    ("/", "tìm người"),
    ("j  k", "xuống, lên một dòng"),
    ("Enter", "mở dòng đang chọn"),
    ("x", "ở danh sách: chọn, bỏ chọn một dòng để ghi nhiều người một lần"),
    ("[  ]", "lùi, tiến một ngày"),
    ("m", "ở Việc phải làm: điều mới từ lần xem trước"),
    ("g", "ở hồ sơ: ghi một bước"),
    ("h", "ở hồ sơ: lịch sử"),
    ("p", "ở hồ sơ: giấy tờ"),
    ("u", "sau khi ghi: hoàn tác"),
    ("?", "bảng phím tắt này"),
)


@cache
def _versions() -> dict[str, str]:
    """A short hash of each static file, so that a browser keeps what it has and takes what is new."""
    return {
        path.relative_to(STATIC).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:10]
        for path in STATIC.rglob("*")
        if path.is_file()
    }


def static(name: str) -> str:
    """The address of a file of our own."""
    return f"/tinh/{name}?v={_versions()[name]}"


@cache
def environment() -> Environment:
    """The templates; a name that a page does not give is an error, never a blank."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(static=static, keys=KEYS, mask=MASK)
    made.filters["day"] = lambda day: "–" if day is None else shown_day(day)
    made.filters["number"] = shown_number
    return made


def shown_number(value: object) -> str:
    """A number as it is written here: 1.618, 38,87."""
    if value is None:
        return "–"
    if isinstance(value, float):
        whole, _, rest = f"{value:,.2f}".partition(".")
        return whole.replace(",", ".") + "," + rest
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else str(value)


def page(
    request: Request,
    template: str,
    heading: str,
    *,
    screen: str,
    asking: Asked | None = None,
    dated: bool = True,
    status: int = 200,
    **values: Any,
) -> Response:
    """A page of the desk, with the frame that all pages share; raises `BadInput` for a day that cannot be read."""
    asking = asking or asked(request)
    session = request.scope["session"]
    signed = session.signed
    path = request.url.path
    others = [(name, value) for name, value in request.query_params.multi_items() if name not in CARRIED[:2] and value]
    frame: dict[str, Any] = {
        "heading": heading,
        "screen": screen,
        "path": path,
        "head": getattr(request.state, "head", "") if request.method == "GET" else "",
        "token": session.token,
        "signed": signed,
        "may": lambda *rights: may(signed, rights),
        "may_make": lambda kind: may(signed, of_a_kind(kind)),
        "navigation": tuple(item for item in NAVIGATION if may(signed, LOOKS[item.path])),
        "first_page": first_page(signed),
        "on_this_machine": request.app.state.door.scheme == "http",
        "link": asking.link,
        "dated": dated,
        "is_today": asking.as_of == asking.today and asking.known_on is None,
        "as_of": asking.as_of,
        "as_of_text": shown_day(asking.as_of),
        "known_on_text": shown_day(asking.known_on) if asking.known_on else "",
        "weekday": WEEKDAYS[asking.as_of.weekday()],
        "day_before": _other_day(request, asking, -1),
        "day_after": _other_day(request, asking, 1),
        "today_link": _with(request, ngay=None, biet=None),
        "other_fields": others,
        "carried_fields": lambda without_unit=False: _hidden(
            [field for field in asking.carried if not without_unit or field[0] != UNIT]
        ),
        "unit": asking.unit,
        "searched": "",
        "remarks": (),
        "shown_because": one.why if (one := sensitive_asked()) else "",
        "here": path + (f"?{request.url.query}" if request.url.query else ""),
        "unit_name": "",
    }
    text = environment().get_template(template).render({**frame, **values})
    return HTMLResponse(text, status_code=status)


def answer(request: Request, form: Mapping[str, Any], template: str, heading: str, **values: Any) -> Response:
    """The answer as a page, or the JSON that the command of the same meaning prints, where that was asked for."""
    if wants_json(request.headers.get("accept", "")):
        return as_json(form)
    return page(request, template, heading, **values)


def as_json(form: object, status: int = 200) -> Response:
    """JSON as the commands print it: days as yyyy-mm-dd."""
    text = json.dumps(form, ensure_ascii=False, indent=2, default=_day_as_text)
    return Response(text, status_code=status, media_type="application/json; charset=utf-8")


def _day_as_text(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _hidden(fields: Sequence[tuple[str, str]]) -> Markup:
    return Markup("").join(Markup('<input type="hidden" name="{}" value="{}">').format(*field) for field in fields)


def _other_day(request: Request, asking: Asked, days: int) -> str:
    return _with(request, ngay=(asking.as_of + dt.timedelta(days)).isoformat())


def _with(request: Request, **changed: str | None) -> str:
    """This page's address with parts of its query changed, or taken away where None."""
    url = request.url.include_query_params(**{name: value for name, value in changed.items() if value is not None})
    for name in (name for name, value in changed.items() if value is None):
        url = url.remove_query_params(name)
    return url.path + (f"?{url.query}" if url.query else "")
