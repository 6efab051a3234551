"""Erasing a person for ever: out of the tables, and with every salt out of the log, whose chain holds all the same.

What is left are digests without their salts, from which nothing can be found by trying, and one entry that says that
somebody was erased, on what ground, and which lines were emptied. Backups and files made earlier are not reached.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from cases.history.replay import State, stored_state
from cases.history.taken import taken_of, unpacked
from cases.history.undo import plan_between
from cases.log.batches import ERASE, SEAL, broken_before, read_batches, read_changes
from cases.log.clock import require_plausible
from cases.store.connection import engine, sqlite_path, writing
from cases.store.row_writing import carry_out
from cases.store.tables import metadata
from cases.store.writing import new_batch, write_down
from rules.loader.errors import BadInput, UnknownName
from rules.loader.spelling.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from cases.log.batches import LoggedBatch, LoggedChange
    from cases.store.reading import Execute

AT_ONCE = 500
_OF_A_CASE = ("enrolment", "discipline")


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: the name of the entry that says so, how many cases, and how many lines of the log."""

    batch: str
    cases: int
    lines: int


def erase(url: str, code: str, ground: str, *, who: str | None = None) -> Erased:
    """Erase the person behind a case, with all her cases; raises `UnknownName`, and `BadInput` without a ground."""
    if not ground.strip():
        raise BadInput("Xoá hẳn thì phải ghi căn cứ: số văn bản hoặc đơn yêu cầu, ngày tháng.")
    with writing(url) as connection:
        execute = connection.exec_driver_sql
        if sqlite_path(url) is not None:
            execute("PRAGMA secure_delete=ON")
        cases, name = _cases_of(execute, code)
        before, batches = stored_state(execute), read_batches(execute)
        plan, _ = plan_between(before, _without(before, cases))
        lines = sorted(_lines_about(read_changes(execute), set(cases)))
        headings = [
            one.id
            for one in batches
            if not one.erased and (one.action == SEAL or _names(one, name, set(cases.values())))
        ]
        told = {"ground": ground.strip(), "lines": lines, "headings": headings, "broken": broken_before(batches)}
        batch = replace(new_batch(who, None, ERASE), details=json.dumps(told, ensure_ascii=False))
        require_plausible(execute, batch.made_at)
        entry = write_down(connection, carry_out(connection, plan), batch)
        _empty(connection, [*lines, *(line.id for line in read_changes(execute, first=entry.id))], headings)
    _empty_the_journal(url)
    return Erased(batch.id, len(cases), len(lines))


def _cases_of(execute: Execute, code: str) -> tuple[dict[int, str], str]:
    """The numbers and codes of all cases of the person behind one, and her folded name."""
    people = list(
        execute("SELECT cases.id, cases.code, person_id, folded_name FROM cases JOIN persons ON persons.id = person_id")
    )
    for _, known, person, name in people:
        if known == code:
            return {number: own for number, own, other, _ in people if other == person}, str(name)
    raise UnknownName(f"Không có hồ sơ “{code}”. Tìm mã bằng lệnh: dubi find")


def _without(state: State, cases: dict[int, str]) -> State:
    after = state.copy()
    for number in cases:
        del after.things["case"][number]
    for entity in _OF_A_CASE:
        of_others = {
            item: flat for item, flat in state.things[entity].items() if flat.get("case") not in cases.values()
        }
        after.things[entity] = of_others
    return after


def _lines_about(changes: Iterable[LoggedChange], cases: set[int]) -> Iterator[int]:
    """The lines that tell of these cases, of their courses and disciplines: by the codes that they bore at the time."""
    bearer: dict[str, int] = {}
    for change in changes:
        sides = [json.loads(side) for side in (change.before, change.after) if side]
        codes = [flat.get("code" if change.entity == "case" else "case") for flat in sides]
        if change.entity == "case":
            if change.item in cases:
                yield change.id
            bearer |= {str(code): change.item for code in codes if code}
        elif change.entity in _OF_A_CASE and (
            any(bearer.get(str(code)) in cases for code in codes if code)
            or any(bearer.get(part) in cases for part in change.key.split(" · "))
        ):
            yield change.id


def _names(batch: LoggedBatch, name: str, codes: set[str]) -> bool:
    """Whether the file of an entry is called by somebody's name, or the entry keeps what such a file said of cases."""
    taken = taken_of(batch)
    if taken is not None and codes & {flat["code"] for flat in unpacked(taken["content"])["case"]}:
        return True
    return name.replace(" ", "") in "".join(filter(str.isalnum, fold(batch.source or "")))


def _empty(connection: Connection, lines: list[int], headings: list[int]) -> None:
    """Let go what lines and headings say, with their salts: all that the triggers allow to happen to them."""
    for name, gone, numbers in (
        ("changes", ("key", "before", "after", "salt"), lines),
        ("batches", ("source", "details", "salt"), headings),
    ):
        table = metadata.tables[name]
        for start in range(0, len(numbers), AT_ONCE):
            chosen = table.c.id.in_(numbers[start : start + AT_ONCE])
            connection.execute(sa.update(table).where(chosen).values(dict.fromkeys(gone)))


def _empty_the_journal(url: str) -> None:
    """Have SQLite write its pages home and empty its journal, which still holds them as they were."""
    if sqlite_path(url) is not None:
        with engine(url) as database, database.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
