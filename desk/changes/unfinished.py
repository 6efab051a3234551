"""What somebody has typed into a form and not written yet: kept beside the store, for its owner's eyes, a day."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from cases.store.keys.boxes import BoxDamaged, closed, open_box
from cases.store.keys.ring import raw_key
from cases.values.places import private_folder
from cases.values.whole_file import whole_file
from desk.changes.drafts import clear

_TYPED = "go-do.json"


def keep(url: str, form: str, typed: Mapping[str, str], owner: str = "") -> None:
    """Keep what was typed into a form, which is named by what it is about; nothing but blanks is let go.

    ``owner`` is who signed in; nobody does at a desk of one user.
    """
    filled = {name: text for name, text in typed.items() if text.strip()}
    if not filled:
        drop(url, form, owner)
        return
    folder = _place(url, form, owner)
    private_folder(folder)
    with whole_file(folder / _TYPED, replace=True) as made:
        text = json.dumps({"form": form, "owner": owner, "typed": filled}, ensure_ascii=False)
        made.write_bytes(closed(raw_key(url), text.encode()))


def kept(url: str, form: str, owner: str = "") -> dict[str, str]:
    """What was typed into a form and is kept; empty where nothing is."""
    clear(url)
    found = _read(url, _place(url, form, owner) / _TYPED)
    return {} if found is None else found[1]


def drop(url: str, form: str, owner: str = "") -> None:
    """Let go what was typed into a form: it is written, or nobody wants it."""
    shutil.rmtree(_place(url, form, owner), ignore_errors=True)


def about(url: str, names: Callable[[str, Mapping[str, str]], bool]) -> tuple[tuple[str, str], ...]:
    """The kept forms, with whose each is, of which ``names`` says so by the form's name and what was typed into it."""
    found = [_read(url, file) for file in clear(url).glob(f"go-do-*/{_TYPED}")]
    return tuple((form, owner) for form, typed, owner in filter(None, found) if names(form, typed))


def _read(url: str, file: Path) -> tuple[str, dict[str, str], str] | None:
    """A kept form: its name, what was typed, and whose it is; one that cannot be read is let go of at once."""
    if not file.is_file():
        return None
    try:
        said = json.loads(open_box(url, file))
        typed = {str(name): str(text) for name, text in said["typed"].items()}
        return str(said["form"]), typed, str(said.get("owner", ""))
    except (ValueError, KeyError, TypeError, AttributeError, BoxDamaged):
        shutil.rmtree(file.parent, ignore_errors=True)
        return None


def _place(url: str, form: str, owner: str) -> Path:
    named = f"{owner}\n{form}" if owner else form
    return clear(url) / f"go-do-{hashlib.sha256(named.encode()).hexdigest()[:16]}"
