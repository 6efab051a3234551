"""The reading log: who was shown which sensitive fields of whom, when and why. It holds no value and no name.

It stands beside the store, with the accounts. Each entry holds the hash of the one before it. What an entry says of a
case enters the chain through a salted digest: where the person is erased it goes with its salt, and the chain holds.
"""

from __future__ import annotations

import datetime as dt
import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cases.log.batches import START
from cases.log.chain import digest, new_salt
from cases.values.masking import EVERYBODY, asking, left_out, may_show
from cases.values.masking import Asking as Asking
from cases.values.masking import asked as asked
from rules.loader.errors import BadInput, StoreProblem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import Connection

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """One case of which sensitive fields were shown at one asking."""

    id: int
    asking: str
    read_at: dt.datetime
    """UTC, without a zone."""
    who: str
    case: str | None
    """None: of everybody, as a file for others holds them; or nobody can tell any more."""
    fields: tuple[str, ...]
    why: str
    erased: bool = False
    """Whether the person was erased since: of whom what was read is not known any more."""
    let_go: int = 0
    """How many entries before the kept ones were let go, where the entry says that."""

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return {
            "number": self.id,
            "asking": self.asking,
            "at": f"{self.read_at.isoformat()}Z",
            "who": self.who,
            "case": self.case,
            "fields": list(self.fields),
            "why": self.why,
            "erased": self.erased,
            **({"let_go": self.let_go} if self.let_go else {}),
        }


@dataclass(frozen=True, slots=True)
class ReadingLog:
    """The readings of a time, and whether the chain of all of them holds."""

    readings: tuple[Reading, ...]
    number: int
    """How many entries there are altogether."""
    broken: int | None
    """The first entry that is not what was written; None where all are."""

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return {
            "holds": self.broken is None,
            "entries": self.number,
            "broken": self.broken,
            "readings": [one.as_json() for one in self.readings],
        }


def asking_for(place: str, why: str, who: str | None = None) -> Asking:
    """An asking for sensitive values of a store; raises `BadInput` for no reason, or one that is no reason any more."""
    said = " ".join(why.split())
    if not said or len(said) > LONGEST_REASON:
        raise BadInput(
            f"Muốn xem dữ liệu nhạy cảm thì ghi lý do, không quá {LONGEST_REASON} chữ, ví dụ “xét kết nạp, họp 12/3”. "
            "Đừng ghi họ tên ai: lý do ở lại trong nhật ký đọc."
        )
    return Asking(place, said, who)


@contextmanager
def reading(place: str, why: str, who: str | None = None) -> Iterator[Asking]:
    """Show sensitive values of a store until the block ends; all that was shown is written down. Raises `BadInput`."""
    one = asking_for(place, why, who)
    try:
        with asked(one):
            yield one
    finally:
        settle(one)


def left_out_of_files() -> frozenset[str]:
    """The facts that stay out of a file for others; none where somebody asks, which is written down before the file is.

    Raises `StoreProblem`.
    """
    hidden = left_out()
    if (one := asking()) is not None:
        settle(one)
    return hidden


def workbook_goes_out(place: str, name: str, who: str | None) -> bool:
    """Write down that the whole store goes out as a workbook; False beside a store that can only be read."""
    try:
        goes_out(place, asking_of_a_file(name), who)
    except StoreProblem:
        return False
    return True


def asking_of_a_file(name: str) -> str:
    """Why a workbook goes out, where somebody asks with a reason that one, else that it is the store's own form."""
    one = asking()
    return one.why if one is not None else f"xuất sổ theo dõi, tệp “{name}”"


def goes_out(place: str, why: str, who: str | None, case: str = EVERYBODY, facts: Iterable[str] = ()) -> None:
    """Write down that something goes out whole, as is its purpose: all that is sensitive of it, or some facts.

    Raises `StoreProblem`.
    """
    one = Asking(place, why, who)
    with asked(one):
        if told := set(facts):
            may_show(case, told)
        else:
            left_out(case)
    settle(one)


def settle(one: Asking) -> None:
    """Write down what was shown and is not written down yet; raises `StoreProblem`, and then it must not be shown."""
    if not one.pending:
        return
    from cases.store.writing import new_batch
    from desk.accounts.opening import writing

    now = new_batch(one.who)
    one.name = one.name or now.id
    lines = [{"case": case, "fields": sorted(facts), "why": one.why} for case, facts in sorted(one.pending.items())]
    with writing(one.place) as connection:
        _append(connection, one.name, now.made_at, now.who, lines)
    for case, facts in one.pending.items():
        one.written.setdefault(case, set()).update(facts)
    one.pending.clear()


def readings(
    place: str, case: str | None = None, since: dt.datetime | None = None, until: dt.datetime | None = None
) -> ReadingLog:
    """The readings from one moment (UTC) until before another, of one case or all; raises `StoreProblem`.

    Readings of everybody are of each case too.
    """
    rows = _rows(place)
    found = [_reading(row) for row in rows]
    shown = tuple(
        one
        for one in found
        if (case is None or one.case == case or (one.case is None and not one.erased and not one.let_go))
        and (since is None or one.read_at >= since)
        and (until is None or one.read_at < until)
    )
    return ReadingLog(shown, len(rows), _first_break(rows))


def let_go(place: str, before: dt.datetime, who: str | None) -> int:
    """Let go of the readings before a moment (UTC), and say so in the log; gives how many. Raises `StoreProblem`."""
    import sqlalchemy as sa

    from cases.store.writing import new_batch
    from desk.accounts.opening import writing
    from desk.accounts.tables import READINGS as TABLE

    rows = _rows(place)
    first_kept = next((number for number, row in enumerate(rows) if row.read_at >= before), len(rows))
    gone = rows[:first_kept]
    if not gone:
        return 0
    now = new_batch(who)
    with writing(place) as connection:
        said = {"let_go": len(gone), "hash": gone[-1].hash}
        _append(connection, now.id, now.made_at, now.who, [said])
        connection.execute(sa.delete(TABLE).where(TABLE.c.id <= gone[-1].id))
    return len(gone)


def erase_from(place: str, codes: Collection[str], compact: Collection[str]) -> int:
    """Let go of what entries say of a person, and of reasons that name her; gives how many. Raises `StoreProblem`."""
    import sqlalchemy as sa

    from cases.history.traces import in_signs
    from desk.accounts.opening import writing
    from desk.accounts.tables import READINGS as TABLE

    hers = [
        row.id
        for row in _rows(place)
        if row.said is not None
        and ((said := json.loads(row.said)).get("case") in codes or any(n in in_signs(row.said) for n in compact))
        and "let_go" not in said
    ]
    if hers:
        with writing(place) as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
            for number in hers:
                connection.execute(sa.update(TABLE).where(TABLE.c.id == number).values(said=None, salt=None))
    return len(hers)


def _rows(place: str) -> list[Any]:
    import sqlalchemy as sa

    from desk.accounts.opening import reading as opened
    from desk.accounts.tables import READINGS as TABLE

    with opened(place, TABLE.name) as connection:
        return [] if connection is None else list(connection.execute(sa.select(TABLE).order_by(TABLE.c.id)))


def _append(connection: Connection, asking: str, at: dt.datetime, who: str, lines: Iterable[dict[str, Any]]) -> None:
    import sqlalchemy as sa

    from desk.accounts.tables import READINGS as TABLE

    last = connection.execute(sa.select(TABLE.c.id, TABLE.c.hash).order_by(TABLE.c.id.desc()).limit(1)).first()
    number, before = (0, START) if last is None else (last.id, last.hash)
    rows = []
    for line in lines:
        number += 1
        salt, said = new_salt(), json.dumps(line, ensure_ascii=False)
        row = {"id": number, "asking": asking, "read_at": at, "who": who, "said": said, "salt": salt}
        row |= {"digest": digest(salt, (said,)), "before": before}
        row["hash"] = before = _hash(row)
        rows.append(row)
    connection.execute(sa.insert(TABLE), rows)


def _hash(row: dict[str, Any]) -> str:
    return digest(row["before"], (row["id"], row["asking"], row["read_at"].isoformat(), row["who"], row["digest"]))


def _reading(row: Any) -> Reading:
    said = json.loads(row.said) if row.said else {}
    case = said.get("case")
    return Reading(
        row.id,
        row.asking,
        row.read_at,
        row.who,
        None if case == EVERYBODY else case,
        tuple(said.get("fields", ())),
        said.get("why", ""),
        erased=row.said is None,
        let_go=said.get("let_go", 0),
    )


def _first_break(rows: list[Any]) -> int | None:
    """The first entry that is not what was written, or before which one is gone that nobody let go."""
    if not rows:
        return None
    before = START
    if rows[0].before != START:
        said = (json.loads(row.said) for row in rows if row.said)
        if rows[0].before not in {one["hash"] for one in said if "let_go" in one}:
            return int(rows[0].id)
        before = rows[0].before
    for row in rows:
        kept = row.said is not None
        if row.before != before or (kept and digest(row.salt, (row.said,)) != row.digest):
            return int(row.id)
        before = _hash(row._asdict())
        if before != row.hash:
            return int(row.id)
    return None
