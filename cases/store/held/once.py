"""One reading for one question: what asks a store several times while it answers opens it once, and sees one state.

Only for what does not write in between: what is held open goes on seeing the store as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from functools import wraps
from threading import get_ident
from typing import TYPE_CHECKING, Any

from cases.store.problems import store_errors
from cases.store.sight import sight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.store.sight import Sight

Execute = Callable[[str], Iterable[Any]]
Opens = Callable[[str], AbstractContextManager[Execute]]

_HELD: ContextVar[tuple[dict[tuple[str, Sight | None], Execute], ExitStack, int] | None] = ContextVar(
    "held", default=None
)
"""The readings that are held open, what closes them, and the thread whose they are: no other may use them."""


@contextmanager
def reading_once() -> Iterator[None]:
    """Until the block ends each store is opened once at most for each pair of eyes; nothing may be written."""
    with ExitStack() as stack:
        token = _HELD.set(({}, stack, get_ident()))
        try:
            yield
        finally:
            _HELD.reset(token)


def held(opens: Opens) -> Opens:
    """Have what opens a store to read take the one that is held open, where one is; one that failed is let go of."""

    @wraps(opens)
    @contextmanager
    def opened(url: str) -> Iterator[Execute]:
        now = _HELD.get()
        if now is None or now[2] != get_ident():
            with opens(url) as execute:
                yield execute
            return
        readings, stack, _ = now
        key = (url, sight())
        if key not in readings:
            readings[key] = stack.enter_context(opens(url))
        try:
            with store_errors(url):
                yield readings[key]
        except BaseException:
            readings.pop(key, None)
            raise

    return opened
