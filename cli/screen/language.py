"""The language in which a command was typed: hints name commands in it, and values may be given by their words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar

_SPOKEN: ContextVar[Mapping[str, str] | None] = ContextVar("spoken", default=None)
"""Where a Vietnamese name was typed: every command as it is called in English, and in Vietnamese."""

_NAMED = re.compile(r"\bdubi ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?")


def speak(names: Mapping[str, str]) -> None:
    """From now on name commands as they are called there; nothing to name them in English."""
    _SPOKEN.set(names)


def in_vietnamese() -> bool:
    """Whether the command was typed by its Vietnamese name."""
    return bool(_SPOKEN.get())


def spoken(text: str) -> str:
    """A text whose hints name commands in the language that was typed."""
    names = _SPOKEN.get() or {}

    def named(match: re.Match[str]) -> str:
        first, second = match.groups()
        whole = f"{first} {second}"
        if second and whole in names:
            return f"dubi {names[whole]}"
        return match.group().replace(f"dubi {first}", f"dubi {names.get(first, first)}")

    return _NAMED.sub(named, text) if names else text


WORDS: dict[str, str] = {
    "overdue": "qua-han",
    "blocked": "vuong",
    "due": "den-han",
    "confirm": "can-xac-nhan",
    "inform": "de-biet",
    "live": "tung-ho-so",
    "sweep": "mot-luot",
}
"""What options take, and how it is said."""


def meant(value: str, choices: Iterable[str]) -> str | None:
    """The choice that a value names, in English or in Vietnamese; None where it names none."""
    return next((choice for choice in choices if value in (choice, WORDS.get(choice))), None)


def called(choices: Iterable[str]) -> list[str]:
    """Choices as they are offered: in the language that was typed."""
    return [WORDS.get(choice, choice) if in_vietnamese() else choice for choice in choices]
