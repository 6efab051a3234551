"""Erasing a person for ever: out of the tables, and with every salt out of the log, whose chain holds all the same.

What is left are digests without their salts, from which nothing can be found by trying, and one entry that says that
somebody was erased, on what ground, and which lines were emptied. Backups: see `cases.keeping.erased_backups`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cases.history.replay import State, stored_state
from cases.history.traces import OF_A_CASE, Trace, in_signs, trace, trace_of
from cases.history.undo import plan_between
from cases.log.batches import ERASE, RESTORE, broken_before, read_batches, read_changes
from cases.log.clock import require_plausible
from cases.store.columns.beside import drop_columns
from cases.store.connection import sqlite_path, wait_seconds, writing
from cases.store.drivers.transaction import opened
from cases.store.problems import driver_errors
from cases.store.rows.row_writing import carry_out
from cases.store.rows.statements import update
from cases.store.rows.written_tables import TABLES
from cases.store.writing import new_batch, write_down
from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from cases.log.batches import LoggedBatch
    from cases.store.drivers.transaction import Transaction
    from cases.store.reading import Execute


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: the name of the entry that says so, how many cases, and how many lines of the log."""

    batch: str
    cases: int
    lines: int
    clean: bool = True
    """Whether the file was written anew without what it held; else somebody else has it open and it follows then."""


def erase(url: str, code: str, ground: str, *, who: str | None = None, learners: bool | None = None) -> Erased:
    """Erase the person behind a case, with all her cases, also where only the log knows them still.

    ``learners`` says whether learners of her name without a dossier are she. Raises `UnknownName`, and `BadInput`
    without a ground, for a ground that names her, and where nobody said who the learners are.
    """
    require_ground(ground)
    drop_columns(url)
    with writing(url) as store:
        found = trace(store.execute, code)
        require_told(found, ground, learners)
        done = _erase(store, found, ground, who, learners=bool(learners))
    drop_columns(url)  # once more: somebody may have read in between
    return replace(done, clean=written_anew(url))


def erase_in_copy(url: str, seeds: Collection[int], ground: str, *, who: str | None, learners: bool) -> None:
    """Erase in a copy of a store whoever is behind these numbers of cases; its anchors stay as they are."""
    with writing(url, lasting=False) as store:
        found = trace_of(store.execute, seeds)
        _erase(store, found, ground, who, learners=learners)
    written_anew(url)


def require_ground(ground: str) -> None:
    """Refuse an erasure without its ground; raises `BadInput`."""
    if not ground.strip():
        raise BadInput("Xoá hẳn thì phải ghi căn cứ: số văn bản hoặc đơn yêu cầu, ngày tháng.")


def require_told(found: Trace, ground: str, learners: bool | None) -> None:
    """Refuse a ground that would keep the name for ever, and learners of whom nobody said who they are."""
    said = in_signs(ground)
    if any(name in said for name in found.compact):
        raise BadInput("Căn cứ ở lại mãi trong nhật ký: đừng ghi họ tên, ghi số và ngày của văn bản hoặc đơn.")
    if found.learner_lines and learners is None:
        raise BadInput(
            f"Có {len(found.learners)} học viên trùng họ tên mà không có hồ sơ. Nếu là người này thì thêm --learners "
            "để xoá cả; nếu là người khác thì thêm --no-learners."
        )


def erased_lines(execute: Execute) -> frozenset[str]:
    """The digests of the lines that a log has let go: a copy of the store knows its own lines by them."""
    return frozenset(str(digest) for (digest,) in execute("SELECT digest FROM changes WHERE salt IS NULL"))


def still_kept(execute: Execute, digests: Collection[str]) -> set[int]:
    """The numbers of the cases of which a copy still has lines that the store has let go."""
    rows = execute("SELECT item, digest FROM changes WHERE entity = 'case' AND salt IS NOT NULL")
    return {int(item) for item, digest in rows if digest in digests}


def _erase(store: Transaction, found: Trace, ground: str, who: str | None, *, learners: bool) -> Erased:
    execute = store.execute
    if store.dialect == "sqlite":
        execute("PRAGMA secure_delete=ON")
    before, batches = stored_state(execute), read_batches(execute)
    gone = set(found.learners) if learners else set[int]()
    plan, _ = plan_between(before, _without(before, found.cases, gone))
    lines = sorted({*found.lines, *(found.learner_lines if learners else ())})
    told: dict[str, object] = {
        "ground": ground.strip(),
        "lines": lines,
        "headings": list(found.headings),
        "broken": broken_before(batches),
    }
    if hashes := _taken_back(one for one in batches if one.id in set(found.headings)):
        told["taken_back"] = hashes
    batch = replace(new_batch(who, None, ERASE), details=json.dumps(told, ensure_ascii=False))
    require_plausible(execute, batch.made_at)
    entry = write_down(store, carry_out(store, plan), batch)
    _empty(store, [*lines, *(line.id for line in read_changes(execute, first=entry.id))], list(found.headings))
    return Erased(batch.id, len(found.cases) + len(found.gone), len(lines))


def _taken_back(headings: Iterable[LoggedBatch]) -> list[str]:
    """The hashes of writes that a restore took back, from headings that go: anchors of backups are held to them."""
    told = [json.loads(one.details) for one in headings if one.action == RESTORE and one.details]
    return [
        str(said) for one in told for said in (*(entry["hash"] for entry in one["lost"]), *one.get("taken_back", ()))
    ]


def _without(state: State, cases: dict[int, str], learners: set[int]) -> State:
    after = state.copy()
    for number in cases:
        del after.things["case"][number]
    for entity in OF_A_CASE:
        of_others = {
            item: flat for item, flat in state.things[entity].items() if flat.get("case") not in cases.values()
        }
        after.things[entity] = of_others
    for number in learners:
        after.things["enrolment"].pop(number, None)
    return after


def _empty(store: Transaction, lines: list[int], headings: list[int]) -> None:
    """Let go what lines and headings say, with their salts: all that the triggers allow to happen to them."""
    for name, gone, numbers in (
        ("changes", ("key", "before", "after", "salt"), lines),
        ("batches", ("source", "details", "salt"), headings),
    ):
        update(store, name, [{"id": number, **dict.fromkeys(gone)} for number in numbers])


def written_anew(url: str) -> bool:
    """Have the database write its tables anew without what was let go, and SQLite empty its journal.

    False where somebody else uses the store just then: SQLite's journal stays until the last one closes the file.
    """
    try:
        with opened(url) as store:
            if sqlite_path(url) is None:
                store.execute(f"SET lock_timeout = {max(1, wait_seconds() * 1000)}")
                for name in sorted(TABLES):
                    store.execute(f"VACUUM (FULL) {name}")
                return True
            store.execute("VACUUM")
            ((busy, _, _),) = store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return not busy
    except driver_errors("OperationalError"):  # somebody else reads or writes, or the database is out of reach by now
        return False
