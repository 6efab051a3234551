"""What has to be right before a store takes a write: the file, the guards of its log, its anchor, its rows by number.

It is a quick look; whether every value is what the log says is found by `dubi log verify`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.log.batches import head
from cases.log.guards import dialect_of, unguarded
from cases.store.held.anchoring import anchored
from cases.store.problems import without_password
from cases.values.kinds import KINDS
from cases.values.places import sqlite_path
from rules.loader.errors import StoreProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cases.log.execute import Execute

_HOLDS = (
    "SELECT entity, count(*) FROM (SELECT entity, item, max(id), after FROM changes GROUP BY entity, item) "
    "WHERE after IS NOT NULL GROUP BY entity"
)
"""How many things of each kind there are by the last line about each; of SQLite, where ``after`` is that line's."""


_QUICK = 32_000_000
"""Bytes that are gone through before every write: some hundredths of a second."""


def is_long(url: str) -> bool:
    """Whether going through a store would keep a writer waiting; `dubi log verify` does it whole."""
    path = sqlite_path(url)
    return path is not None and path.exists() and path.stat().st_size > _QUICK


def require_sound(url: str, execute: Execute) -> None:
    """Refuse to write into a store that is damaged or was tampered with; raises `StoreProblem`."""
    for why in faults(url, execute):
        raise StoreProblem(
            f"Kho “{without_password(url)}” bị hỏng hoặc đã bị can thiệp: {why}. Chưa ghi gì. "
            "Xem: dubi log verify; phục hồi: dubi restore TỆP"
        )


def faults(url: str, execute: Execute) -> Iterator[str]:
    """What speaks against writing, in words; pages and rows are gone through where that takes no time."""
    dialect, looks = dialect_of(execute), not is_long(url)
    if dialect == "sqlite" and looks and [row[0] for row in execute("PRAGMA quick_check(1)")] != ["ok"]:
        yield "tệp kho không còn toàn vẹn"
        return
    found = anchored(url, execute)
    if not found.holds:
        yield in_words(found.state, found.number, found.place)
        return
    if not looks:
        wanted: Mapping[str, int] = {}
    elif found.rows and head(execute).number == found.number:
        wanted = found.rows
    elif dialect == "sqlite":
        by_log = {str(entity): int(number) for entity, number in execute(_HOLDS)}
        wanted = {kind.table: by_log.get(kind.name, 0) for kind in KINDS.values()}
    else:
        wanted = {}
    for table, rows in rows_of(execute, wanted).items():
        if rows != wanted[table]:
            yield f"bảng {table} có {rows} dòng, phải có {wanted[table]}"
    if loose := list(unguarded(execute)):
        yield f"chốt giữ nhật ký bị tháo, sửa hay thêm ({', '.join(loose)})"


def rows_of(execute: Execute, tables: Iterable[str]) -> dict[str, int]:
    """How many rows these tables have."""
    found = {}
    for table in tables:
        ((found[table],),) = execute(f"SELECT count(*) FROM {table}")  # noqa: S608  # names of our own
    return found


def in_words(state: str, number: int, place: str) -> str:
    """An anchor that does not hold, in words."""
    if state == "forged":
        return f"dấu của nhật ký giữ ngoài kho đã bị sửa (“{place}”)"
    return f"nhật ký không còn lần ghi số {number} như dấu đã giữ ngoài kho (“{place}”): đã bị viết lại hay cắt bớt"
