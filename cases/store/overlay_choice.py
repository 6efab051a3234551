"""Which overlays a store is judged by, and what the office has read of the law itself: like every write, in the log.

The choice is the latest write of that kind; of what was read, the latest of each value. They hold no case and are not
undone but chosen, or confirmed, anew.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from cases.log.clock import require_plausible
from cases.store.connection import querying, sqlite_path, writing
from rules.loader.spelling.days import stored_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.loader.overlays import Confirmation

ACTION, CONFIRMED = "overlay", "confirm"
_LATEST = f"SELECT source FROM batches WHERE action = '{ACTION}' ORDER BY id DESC LIMIT 1"  # noqa: S608  # our own word


_CONFIRMED = f"SELECT id, details FROM batches WHERE action = '{CONFIRMED}' AND details IS NOT NULL ORDER BY id"  # noqa: S608  # our own word


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
    with writing(url) as store:
        require_plausible(store.execute, batch.made_at)
        write_down(store, [], batch)


def confirmations(url: str, by: int | None = None) -> tuple[Confirmation, ...]:
    """What the office has read of the law, the latest of each value; nothing where there is no store yet.

    Only what was written up to the entry ``by`` of the log where one is given.
    """
    path = sqlite_path(url)
    if path is not None and not path.exists():
        return ()
    with querying(url) as execute:
        rows = [details for number, details in execute(_CONFIRMED) if by is None or number <= by]
    if not rows:
        return ()
    from rules.loader.overlays import Confirmation

    found: dict[tuple[str, str], Confirmation] = {}
    for details in rows:
        said = json.loads(details)
        found[said["parameter"], said["document"]] = Confirmation(**{**said, "on": stored_day(said["on"])})
    return tuple(found.values())


def confirm(url: str, confirmation: Confirmation) -> None:
    """Keep what somebody has read of the law."""
    from cases.store.writing import new_batch, write_down

    details = json.dumps({**asdict(confirmation), "on": confirmation.on.isoformat()}, ensure_ascii=False)
    batch = replace(new_batch(confirmation.who, confirmation.parameter, CONFIRMED), details=details)
    with writing(url) as store:
        require_plausible(store.execute, batch.made_at)
        write_down(store, [], batch)
