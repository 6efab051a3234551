"""Filling a paper for a case or a unit; a field that is not known is an error that names it, never a blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from cases.values.apart import apart, content_of
from cases.values.refusals import TooLarge
from cases.values.whole_file import whole_file
from reports.papers.template_words import PEOPLE, environment
from reports.render.docx import same_bytes
from rules.loader import vocabulary
from rules.loader.errors import BadInput
from rules.loader.spelling.folding import fold
from rules.loader.spelling.near import did_you_mean

Fields = Mapping[str, str]

MOST_BYTES, MOST_UNPACKED = 20_000_000, 100_000_000
"""Of a template as a file and unpacked; one with a large seal on it has half a megabyte."""

ASKED = {
    "to": "người được mời",
    "meeting_on": "ngày họp",
    "meeting_place": "nơi họp",
    "remedy": "biện pháp khắc phục",
    "course_on": "ngày mở lớp",
    "course_place": "nơi mở lớp",
    "place": "địa danh",
    "day_in_words": "ngày ký",
    "parent_name": "tên cấp trên trực tiếp",
    "unit_name": "tên đơn vị",
    "cell_window_law": "căn cứ của hạn chi bộ xét",
    "days_late": "số ngày quá hạn",
    "people": "người trong danh sách",
    "move_reason": "lý do chuyển sinh hoạt",
    "consent_reasons": "điều phải xin ý kiến",
    "heading_above": "dòng trên của tiêu đề",
    "heading_own": "dòng dưới của tiêu đề",
    "signer_name": "người ký",
}
"""Fields that are no facts of a case, as a message names them."""


def fill_paper(
    template: Path,
    fields: Fields,
    people: Sequence[Fields],
    path: Path,
    *,
    typed: Fields | None = None,
    replace: bool = False,
) -> None:
    """Fill a template, with what was ``typed`` for it by the names of fields or by their Vietnamese words.

    Raises `BadInput` with every field that is missing or that the template does not have, or where it cannot be read.
    """
    filled = apart(template, _filled, dict(fields), [dict(person) for person in people], dict(typed or {}))
    with whole_file(path, suffix=".docx", replace=replace) as draft:
        draft.write_bytes(filled)


def _filled(template: Path, fields: Fields, people: Sequence[Fields], typed: Fields) -> bytes:
    document = _opened(template)
    asked = _asked(document)
    context: dict[str, Any] = {**fields, **{_known(name, asked): value for name, value in typed.items()}}
    if people:
        context[PEOPLE] = list(people)
    missing = [in_words(name) for name in sorted(asked - context.keys())]
    if missing:
        raise BadInput(f"Thiếu {', '.join(missing)}. Bổ sung vào sổ, hoặc thêm --field TÊN=GIÁ-TRỊ.")
    _render(document, context, template)
    return same_bytes(document)


@cache
def fields_asked(template: Path) -> frozenset[str]:
    """The fields of a template of our own."""
    return frozenset(_asked(_opened(template)))


def _opened(template: Path) -> Any:
    from docxtpl import DocxTemplate

    try:
        content = content_of(template, MOST_BYTES)
        with ZipFile(BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise TooLarge(template, "lớn quá mức của một tệp mẫu.", "Bỏ bớt hình trong tệp mẫu rồi lưu lại.")
        document = DocxTemplate(BytesIO(content))
        document.init_docx()
    except (OSError, BadZipFile, LookupError, ValueError) as error:
        raise BadInput(f"Không đọc được tệp mẫu “{template}”. Kiểm tra tệp có phải .docx không.") from error
    return document


def _asked(document: Any) -> set[str]:
    """The fields of a template."""
    from jinja2 import TemplateError

    try:
        return set(document.get_undeclared_template_variables(environment()))
    except TemplateError as error:
        raise BadInput(f"Mẫu có chỗ điền viết sai: {error}. Sửa trong tệp mẫu.") from error


def _known(name: str, asked: set[str]) -> str:
    """The field of a template that a name means, by itself or by its Vietnamese words; raises `BadInput`."""
    if name in asked:
        return name
    words = {_spelt(_label(field) or field): field for field in sorted(asked - {PEOPLE})}
    if _spelt(name) in words:
        return words[_spelt(name)]
    known = [(_label(field) or field).lower() for field in words.values()]
    hint = did_you_mean(name, known, f"Các chỗ điền: {'; '.join(known)}.")
    raise BadInput(f"Mẫu này không có chỗ điền “{name}”. {hint}")


def _spelt(text: str) -> str:
    return " ".join(fold(text.replace("-", " ").replace("_", " ")).split())


def _label(field: str) -> str | None:
    facts = vocabulary.load().facts
    return facts[field].label if field in facts else ASKED.get(field)


def words_of(field: str) -> str:
    """What a field is called in Vietnamese, else its name."""
    return _label(field) or field


def in_words(field: str) -> str:
    """A field as a message names it: its meaning, and its name in the template."""
    label = _label(field)
    return f"{label} ({field})" if label else field


def _render(document: Any, context: Mapping[str, Any], template: Path) -> None:
    from jinja2 import TemplateError, UndefinedError

    try:
        document.render(context, environment(), autoescape=True)
    except UndefinedError as error:
        raise BadInput(f"Thiếu số liệu của một người trong danh sách: {error}. Bổ sung vào sổ.") from error
    except TemplateError as error:
        raise BadInput(f"Mẫu “{template.name}” có chỗ điền viết sai: {error}. Sửa trong tệp mẫu.") from error
