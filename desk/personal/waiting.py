"""Which of the files that wait to be taken in hold somebody: they go with her; of who stands in the others is told."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from cases.history.traces import in_signs
from cases.values.apart import apart
from desk.changes import drafts
from desk.changes.drafts import readable
from desk.changes.json import as_json
from rules.loader.errors import DubiError

if TYPE_CHECKING:
    from cases.history.traces import Trace
    from desk.changes.drafts import ImportDraft

_MOST_BYTES = 64 * 1024 * 1024
"""More than that is not looked through: it cannot be told who stands there."""
_TAGS = re.compile(r"<[^<>]*>")
_TEXTS = (".csv", ".txt", ".tsv")


def waiting(url: str, found: Trace) -> tuple[tuple[ImportDraft, ...], tuple[ImportDraft, ...]]:
    """The files that wait and hold somebody, or may for all that can be told; and the others."""
    hers = [(draft, _holds(url, draft, found)) for draft in drafts.waiting(url)]
    return tuple(one for one, holds in hers if holds), tuple(one for one, holds in hers if not holds)


def _holds(url: str, draft: ImportDraft, found: Trace) -> bool:
    words = {*found.compact, *(in_signs(code) for code in found.codes)}
    if _says(str(as_json(draft.change)), words):
        return True
    try:
        with readable(url, draft.change) as change:
            text = apart(Path(change.file), _text_of)
    except (DubiError, OSError):
        return True
    return text is None or _says(text, words)


def _says(text: str, words: set[str]) -> bool:
    signs = in_signs(text)
    return any(word in signs for word in words if word)


def _text_of(path: Path) -> str | None:
    """All that a file says; None where that cannot be told without opening it as what it may be."""
    if path.stat().st_size > _MOST_BYTES:
        return None
    if path.suffix.lower() in _TEXTS:
        content = path.read_bytes()
        kind = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
        try:
            return content.decode(kind)
        except UnicodeDecodeError:
            return None
    if not zipfile.is_zipfile(path):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MOST_BYTES:
                return None
            parts = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return None
    return unescape("\n".join(_TAGS.sub("", part) for part in parts))
