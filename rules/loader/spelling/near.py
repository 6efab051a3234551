"""What was probably meant by a name that nothing bears: “Có phải …?”, asked in the same words at every door."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from rules.loader.spelling.folding import fold


def nearest(word: str, known: Iterable[str], *, alike: float = 0.6) -> str | None:
    """The known spelling that is nearly the word, without regard to case and diacritics; None where none is near.

    `alike` is the least likeness, from 0 to 1.
    """
    folded = {fold(spelling): spelling for spelling in reversed(list(known))}
    near = difflib.get_close_matches(fold(word), folded, 1, alike)
    return folded[near[0]] if near else None


def did_you_mean(
    word: str, known: Iterable[str], otherwise: str = "", *, shown: Mapping[str, str] | None = None
) -> str:
    """The question for what is nearly the word, else what to do otherwise.

    `shown` gives the words by which a known spelling is asked for, where those are others.
    """
    near = nearest(word, known)
    if near is None:
        return otherwise
    return f"Có phải “{(shown or {}).get(near, near)}”?"
