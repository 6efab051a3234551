"""What is said when a request cannot be answered: a page that needs nothing else, or JSON where that was asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import HTMLResponse, JSONResponse, Response

SAID = {
    HTTPStatus.BAD_REQUEST: ("Địa chỉ này chưa đúng.", "Quay lại trang trước rồi thử lại."),
    HTTPStatus.UNAUTHORIZED: (
        "Trang này chưa được mở từ Dubi.",
        "Bấm biểu tượng Dubi (hoặc chạy lệnh dubi web) để mở lại; không chép địa chỉ từ máy khác.",
    ),
    HTTPStatus.FORBIDDEN: (
        "Yêu cầu không đến từ trang của Dubi, nên không làm.",
        "Mở lại trang từ Dubi rồi làm lại; chưa có gì được ghi.",
    ),
    HTTPStatus.NOT_FOUND: ("Không có trang này.", "Về trang Việc phải làm rồi chọn lại."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("Trang này không nhận yêu cầu như vậy.", "Quay lại trang trước rồi thử lại."),
    HTTPStatus.CONFLICT: ("Người khác vừa ghi hồ sơ này.", "Xem lại bản mới rồi quyết định; chưa có gì bị ghi đè."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "Tệp lớn quá 64 MB, Dubi không nhận.",
        "Tách tệp thành nhiều tệp nhỏ hơn, hoặc dùng lệnh dubi import.",
    ),
    HTTPStatus.MISDIRECTED_REQUEST: (
        "Yêu cầu không gửi tới Dubi trên máy này.",
        "Mở trang bằng địa chỉ 127.0.0.1 mà Dubi đã mở.",
    ),
    HTTPStatus.TOO_MANY_REQUESTS: ("Có quá nhiều yêu cầu cùng lúc.", "Đợi mười giây rồi thử lại."),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "Lỗi của chương trình, không phải của số liệu. Chưa làm xong việc này.",
        "Thử lại; nếu vẫn vậy, xem trang Sức khoẻ của kho.",
    ),
}
"""What is wrong and what to do, by the status of the answer."""


def refusal(status: HTTPStatus, headers: Mapping[bytes, bytes], error: str = "", hint: str = "") -> Response:
    """The answer that says why nothing was done: `{"error", "hint"}` as JSON, or a page of its own."""
    said, todo = SAID.get(status, SAID[HTTPStatus.INTERNAL_SERVER_ERROR])
    whole, error = error, for_a_page(error)
    hint = hint or (todo if error == "" or error != whole else "")
    error = error or said
    if wants_json(headers.get(b"accept", b"").decode("latin-1")):
        return JSONResponse({"error": whole or said, "hint": "" if whole else hint}, status_code=status)
    outside = status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.MISDIRECTED_REQUEST)  # nothing else would be answered
    look = "" if outside else '<link rel="icon" href="data:,"><link rel="stylesheet" href="/tinh/dubi.css">'
    page = (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Dubi</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{look}</head>'
        f'<body><main><h1 class="problem">{_plain(error)}</h1><p>{_plain(hint)}</p>'
        '<p><a class="button" href="/">Việc phải làm</a></p></main></body></html>'
    )
    return HTMLResponse(page, status_code=status)


_OPTION = re.compile(r"[^.;:]*--[a-z][^.;]*[.;]?")
_COMMAND = re.compile(r"[^.?!;]*\bdubi [a-z][^.?!;]*[.;]?")


def without_commands(text: str) -> str:
    """What is said without what only a command can be told."""
    lines = (_COMMAND.sub("", _OPTION.sub("", line)).strip() for line in text.splitlines())
    return "\n".join(filter(None, lines))


def for_a_page(said: object) -> str:
    """A failure without what only a command can be told; all of it where nothing else would be left."""
    return without_commands(str(said)) or str(said)


def wants_json(accept: str) -> bool:
    """Whether an answer is asked for as JSON and not as a page."""
    return "application/json" in accept and "text/html" not in accept


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
