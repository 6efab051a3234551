"""Which overlays a store is judged by: chosen once for the store, and like every write told in its log.

The choice is the latest write of that kind in the log; it holds no case and is not undone but chosen anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.log.clock import require_plausible
from cases.store.connection import querying, sqlite_path, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

ACTION = "overlay"
_LATEST = f"SELECT source FROM batches WHERE action = '{ACTION}' ORDER BY id DESC LIMIT 1"  # noqa: S608  # our own word


def chosen_overlays(url: str) -> tuple[str, ...]:
    """The names of the overlays chosen for a store; none where there is no store yet."""
    path = sqlite_path(url)
    if path is not None and not path.exists():
        return ()
    with querying(url) as execute:
        rows = list(execute(_LATEST))
    return tuple(rows[0][0].split()) if rows and rows[0][0] else ()


def choose_overlays(url: str, names: Sequence[str], *, who: str | None = None) -> None:
    """Have a store judged by these overlays from now on, or by none."""
    from cases.store.writing import new_batch, write_down

    batch = new_batch(who, " ".join(names), ACTION)
    with writing(url) as connection:
        require_plausible(connection.exec_driver_sql, batch.made_at)
        write_down(connection, [], batch)
