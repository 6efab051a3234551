"""Files that wait to be taken in: each with what was answered about it, beside the store, for its owner's eyes, a day.

Nothing of them is in the store. A draft older than a day is gone the next time that anybody asks for one.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from cases.store.keys.boxes import BoxDamaged, closed, fleeting, open_box
from cases.store.keys.ring import raw_key
from cases.values.places import beside, private_folder
from cases.values.whole_file import whole_file
from desk.changes.json import as_json, from_json
from desk.changes.values import ImportFile
from rules.loader.errors import DubiError, UnknownName
from rules.loader.spelling.folding import plain

KEPT_SECONDS = 24 * 60 * 60
_ANSWERS = "tra-loi.json"
CLOSED = "kin"
"""What a file is called that waits beside an encrypted store: its own name may name people."""
_ID = re.compile(r"[A-Za-z0-9_-]{16}")
_NOT_IN_A_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_LONGEST_NAME = 180
"""Bytes: systems take 255 of them, and something is put before and after."""


@dataclass(frozen=True, slots=True)
class ImportDraft:
    """A file that waits, and what was answered about it so far."""

    name: str
    """What it is known by in addresses; nobody can guess it."""
    folder: Path
    change: ImportFile
    url: str
    owner: str = ""
    """Who signed in and brought it; nobody does at a desk of one user."""

    @property
    def file(self) -> Path:
        """The file, under the name with which it came."""
        return Path(self.change.file)

    def answered(self, **answers: object) -> ImportDraft:
        """The draft with some of its answers changed, kept."""
        changed = replace(self, change=replace(self.change, **answers))  # type: ignore[arg-type]  # fields of ImportFile
        _keep(changed)
        return changed

    def discard(self) -> None:
        """Take the draft away, the file included."""
        shutil.rmtree(self.folder, ignore_errors=True)


def drafts_folder(url: str) -> Path:
    """Where the drafts of a store are: beside it, or in the user's folder for a server's."""
    return beside(url, "nhap-do")


def begin(url: str, name: str, content: bytes, owner: str = "") -> ImportDraft:
    """Keep a file that came in, unread; raises what `whole_file` raises, and nothing is left of it then."""
    place = clear(url)
    own = secrets.token_urlsafe(12)
    folder = place / own
    called = _NOT_IN_A_NAME.sub("_", plain(name)).encode()[-_LONGEST_NAME:].decode(errors="ignore")
    file = folder / "tep" / (called.strip(" .") or "so")
    draft = ImportDraft(own, folder, ImportFile(str(file)), url, owner)
    try:
        private_folder(file.parent)
        _put_down(file, raw_key(url), content)
        _keep(draft)
    except BaseException:
        draft.discard()
        raise
    return draft


def find(url: str, name: str, owner: str = "") -> ImportDraft:
    """The draft of that name and owner; raises `UnknownName` for one that is gone or another's."""
    place = clear(url)
    kept = place / name / _ANSWERS
    found = _read(url, kept) if _ID.fullmatch(name) and kept.is_file() else None
    if found is None or found.owner != owner:
        raise UnknownName("Tệp này không còn chờ nhập: đã nhập xong, đã bỏ, hoặc để quá 24 giờ. Chọn lại tệp để nhập.")
    return found


def waiting(url: str, owner: str | None = None) -> tuple[ImportDraft, ...]:
    """The drafts of an owner, or of all, that wait; the latest first."""
    place = clear(url)
    kept = sorted(place.glob(f"*/{_ANSWERS}"), key=lambda path: path.stat().st_mtime, reverse=True)
    found = filter(None, (_read(url, file) for file in kept))
    return tuple(one for one in found if owner is None or one.owner == owner)


def _read(url: str, kept: Path) -> ImportDraft | None:
    """A draft that waits; None for one that was closed with a key that is not the store's any more."""
    try:
        said = json.loads(open_box(url, kept))
    except BoxDamaged:
        return None
    owner = str(said.pop("owner", ""))
    change = from_json(said)
    assert isinstance(change, ImportFile)
    return ImportDraft(kept.parent.name, kept.parent, change, url, owner)


def _keep(draft: ImportDraft) -> None:
    text = json.dumps({**as_json(draft.change), "owner": draft.owner}, ensure_ascii=False)
    with whole_file(draft.folder / _ANSWERS, replace=True) as made:
        made.write_bytes(closed(raw_key(draft.url), text.encode()))


def _put_down(file: Path, raw: bytes | None, content: bytes) -> None:
    """Put the bytes of a file down under its name, closed under one that tells nothing."""
    place = file if raw is None else file.with_name(CLOSED)
    with whole_file(place, replace=True, as_it_came=True) as made:
        made.write_bytes(closed(raw, content))


@contextmanager
def readable(url: str, change: ImportFile) -> Iterator[ImportFile]:
    """A file to be taken in as it can be read: one that waits closed is opened for as long as the block runs.

    It stands in memory then where the machine has files there; raises `BoxDamaged`, `OSError`.
    """
    put = Path(change.file).with_name(CLOSED)
    if not put.is_file() or Path(change.file).exists():
        yield change
        return
    with fleeting(url, put.parent) as folder:
        file = folder / Path(change.file).name
        with whole_file(file, replace=False, as_it_came=True) as made:
            made.write_bytes(open_box(url, put))
        try:
            yield replace(change, file=str(file))
        except DubiError as error:  # what is said of it names the file that waits
            error.args = tuple(str(said).replace(str(file), change.file) for said in error.args)
            raise


def reclose(url: str, raw: bytes | None) -> None:
    """Close with another key whatever waits beside a store, or open it: files, answers, forms; raises `OSError`."""
    for answers in clear(url).glob(f"*/{_ANSWERS}"):
        draft = _read(url, answers)
        if draft is None:
            continue
        put = [file for file in (draft.file, draft.file.with_name(CLOSED)) if file.is_file()]
        for file in put:
            _put_down(draft.file, raw, open_box(url, file))
            if file.name != (CLOSED if raw else draft.file.name):
                file.unlink()
    for kept in clear(url).glob("*/*.json"):
        with suppress(BoxDamaged):  # nobody can read it, whatever the store's key
            content = open_box(url, kept)
            with whole_file(kept, replace=True) as made:
                made.write_bytes(closed(raw, content))


def clear(url: str) -> Path:
    """Take away what has waited for more than a day, counted from when it came in; gives the folder of drafts."""
    place = drafts_folder(url)
    for folder in place.glob("*"):
        came = folder / "tep"
        since = (came if came.is_dir() else folder).stat().st_mtime
        if time.time() - since > KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
    return place
