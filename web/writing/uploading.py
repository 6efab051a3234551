"""A file that a browser sends, read without being put down where other users of the machine could see it."""

from __future__ import annotations

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from rules.loader.errors import BadInput
from web.guard import MOST_BYTES

_MOST_FIELDS = 20


async def sent_file(request: Request, field: str) -> tuple[str, bytes, dict[str, str]]:
    """The name and the bytes of the file in a field of a form, and its other fields; raises `BadInput` for none.

    The parts are held in memory, whose size the guard bounds: a roster never touches the folder that all users share.
    """
    parser = MultiPartParser(request.headers, request.stream(), max_files=1, max_fields=_MOST_FIELDS)
    parser.spool_max_size = MOST_BYTES
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise BadInput("Tệp gửi lên bị đứt giữa chừng. Chọn lại tệp rồi gửi lại.") from error
    try:
        sent = form.get(field)
        if not isinstance(sent, UploadFile) or not sent.filename:
            raise BadInput("Chưa chọn tệp. Bấm vào ô chọn tệp, hoặc kéo thả tệp vào đó.")
        content = await sent.read()
        if not content:
            raise BadInput(f"Tệp “{sent.filename}” trống. Chọn lại tệp.")
        return sent.filename, content, {name: value for name, value in form.items() if isinstance(value, str)}
    finally:
        await form.close()
