"""A file that a browser sends, read without being put down where other users of the machine could see it."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from rules.loader.errors import BadInput
from web.guard import MOST_BYTES

_MOST_FIELDS = 20


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that came, the fields beside it, and a second file where one came too."""

    name: str
    content: bytes
    fields: dict[str, str]
    beside: tuple[str, bytes] | None = None


async def sent_file(request: Request, field: str, beside: str | None = None) -> Sent:
    """The file in a field of a form, with another in the field ``beside``; raises `BadInput` where there is none.

    The parts are held in memory, whose size the guard bounds: a roster never touches the folder that all users share.
    """
    parser = MultiPartParser(
        request.headers, request.stream(), max_files=1 if beside is None else 2, max_fields=_MOST_FIELDS
    )
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
        other = form.get(beside) if beside is not None else None
        named = other.filename if isinstance(other, UploadFile) else None
        with_it = (named, await other.read()) if isinstance(other, UploadFile) and named else None
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        return Sent(sent.filename, content, fields, with_it)
    finally:
        await form.close()
