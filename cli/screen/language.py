"""The language in which a command was typed: hints name commands in it, and values may be given by their words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar

Names = Callable[[], Mapping[str, str]]
"""Gives every command as it is called in English, and in Vietnamese."""

_SPOKEN: ContextVar[Names | None] = ContextVar("spoken", default=None)
"""Set where a Vietnamese name was typed; asked only where something names a command, for then all must be loaded."""

_NAMED = re.compile(r"\bdubi ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?")


def speak(names: Names | None) -> None:
    """From now on name commands as they are called there; None to name them in English."""
    _SPOKEN.set(names)


def in_vietnamese() -> bool:
    """Whether the command was typed by its Vietnamese name."""
    return _SPOKEN.get() is not None


def spoken(text: str) -> str:
    """A text whose hints name commands in the language that was typed."""
    called = _SPOKEN.get()
    if called is None or not _NAMED.search(text):
        return text
    names = called()

    def named(match: re.Match[str]) -> str:
        first, second = match.groups()
        whole = f"{first} {second}"
        if second and whole in names:
            return f"dubi {names[whole]}"
        return match.group().replace(f"dubi {first}", f"dubi {names.get(first, first)}")

    return _NAMED.sub(named, text)


WORDS: dict[str, str] = {
    "overdue": "qua-han",
    "blocked": "vuong",
    "due": "den-han",
    "confirm": "can-xac-nhan",
    "inform": "de-biet",
    "live": "tung-ho-so",
    "sweep": "mot-luot",
    "secretary": "bi-thu",
    "reader": "nguoi-doc",
    "committee": "cap-uy",
    "admin": "quan-tri",
    "view": "duoc-xem",
    "provide": "duoc-cung-cap",
    "correct": "sua-lai",
    "withdraw": "rut-dong-y",
    "restrict": "han-che",
    "object": "phan-doi",
    "erase": "xoa-bo",
    "done": "da-lam",
    "refused": "tu-choi",
    "withdrawn": "rut-lai",
    "rewrite": "ghi-lai",
    "remove": "xoa",
    "keep": "de-nguyen",
}
"""What options take, and how it is said."""


def meant(value: str, choices: Iterable[str]) -> str | None:
    """The choice that a value names, in English or in Vietnamese; None where it names none."""
    return next((choice for choice in choices if value in (choice, WORDS.get(choice))), None)


def called(choices: Iterable[str]) -> list[str]:
    """Choices as they are offered: in the language that was typed."""
    return [WORDS.get(choice, choice) if in_vietnamese() else choice for choice in choices]
