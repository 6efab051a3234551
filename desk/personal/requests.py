"""What people ask for about their own data: each request with the day it came, its limits, and what became of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desk.personal.limits import Limit, limit
from rules.loader.errors import BadInput, UnknownName
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from collections.abc import Collection

    from rules.loader.law import Law

KINDS = {
    "view": ("xem dữ liệu của mình", "data.view_limit"),
    "provide": ("được cung cấp dữ liệu của mình", "data.view_limit"),
    "correct": ("sửa dữ liệu", "data.view_limit"),
    "withdraw": ("rút sự đồng ý", "data.withdraw_limit"),
    "restrict": ("hạn chế xử lý", "data.withdraw_limit"),
    "object": ("phản đối xử lý", "data.withdraw_limit"),
    "erase": ("xoá dữ liệu", "data.delete_limit"),
}
"""What can be asked for, with the limit of the law for it."""
ANSWER = "data.request_answer"
OUTCOMES = {"done": "đã làm", "refused": "từ chối", "withdrawn": "người yêu cầu rút lại"}
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Request:
    """One request; its limits are those of the law on the day it came."""

    number: int
    kind: str
    case: str | None
    """None where the person was erased since."""
    received_on: dt.date
    note: str | None
    entered_by: str
    answer: Limit
    done: Limit
    today: dt.date
    """The day on which it is looked at."""
    answered_on: dt.date | None = None
    closed_on: dt.date | None = None
    outcome: str | None = None
    ground: str | None = None

    @property
    def words(self) -> str:
        """What is asked for."""
        return KINDS[self.kind][0]

    @property
    def state(self) -> str:
        """Whether it is closed, open, or open although a limit is over."""
        if self.closed_on is not None:
            return "closed"
        late = self.done.last is not None and self.done.last < self.today
        unanswered = self.answered_on is None and self.answer.last is not None and self.answer.last < self.today
        return "overdue" if late or unanswered else "open"

    @property
    def told(self) -> list[str]:
        """The request line by line."""
        whose = f"hồ sơ {self.case}" if self.case else "người đã xoá"
        lines = [f"Yêu cầu {self.number}, {whose}: {self.words}; nhận ngày {shown_day(self.received_on)}"]
        if self.closed_on is not None:
            why = f": {self.ground}" if self.ground else ""
            return [*lines, f"Đã đóng ngày {shown_day(self.closed_on)}, {OUTCOMES[self.outcome or 'done']}{why}"]
        answered = f"; đã trả lời ngày {shown_day(self.answered_on)}" if self.answered_on else ""
        lines += [f"{self.answer.told}{answered}", self.done.told]
        return [*lines, "QUÁ HẠN"] if self.state == "overdue" else lines

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return {
            "number": self.number,
            "kind": self.kind,
            "case": self.case,
            "received_on": self.received_on,
            "answer_by": self.answer.last,
            "do_by": self.done.last,
            "answered_on": self.answered_on,
            "closed_on": self.closed_on,
            "outcome": self.outcome,
            "ground": self.ground,
            "note": self.note,
            "state": self.state,
            "certainty": "unconfirmed",
        }


def requests(place: str, law: Law, today: dt.date, *, closed: bool = False) -> list[Request]:
    """The open requests, those that came first before the others, or all; raises `StoreProblem`."""
    import sqlalchemy as sa

    from desk.accounts.opening import reading
    from desk.accounts.tables import REQUESTS as TABLE

    with reading(place, TABLE.name) as connection:
        if connection is None:
            return []
        query = sa.select(TABLE).order_by(TABLE.c.received_on, TABLE.c.id)
        rows = connection.execute(query if closed else query.where(TABLE.c.closed_on.is_(None)))
        return [_request(row, law, today) for row in rows]


def add(
    place: str,
    law: Law,
    today: dt.date,
    kind: str,
    case: str,
    received_on: dt.date,
    note: str | None,
    who: str | None,
) -> Request:
    """Record a request; raises `BadInput`, `StoreProblem`."""
    import sqlalchemy as sa

    from cases.store.writing import new_batch
    from desk.accounts.opening import writing
    from desk.accounts.tables import REQUESTS as TABLE

    if kind not in KINDS:
        said = ", ".join(f"{name} ({words})" for name, (words, _) in KINDS.items())
        raise BadInput(f"Không có loại yêu cầu “{kind}”. Dùng một trong: {said}.")
    now = new_batch(who)
    if received_on > today:
        raise BadInput(f"Ngày nhận {shown_day(received_on)} chưa đến. Ghi ngày đã nhận yêu cầu.")
    values = {
        "kind": kind,
        "case": case,
        "received_on": received_on,
        "note": _short(note),
        "entered_by": now.who,
        "entered_at": now.made_at,
    }
    with writing(place) as connection:
        number = connection.execute(sa.insert(TABLE).values(**values)).inserted_primary_key[0]  # type: ignore[index]  # one key
        row = connection.execute(sa.select(TABLE).where(TABLE.c.id == number)).one()
    return _request(row, law, today)


def settle(
    place: str,
    law: Law,
    today: dt.date,
    number: int,
    *,
    answered_on: dt.date | None = None,
    closed_on: dt.date | None = None,
    outcome: str | None = None,
    ground: str | None = None,
    who: str | None = None,
) -> Request:
    """Record that a request was answered, or closed; raises `UnknownName`, `BadInput`, `StoreProblem`."""
    import sqlalchemy as sa

    from cases.store.writing import new_batch
    from desk.accounts.opening import writing
    from desk.accounts.tables import REQUESTS as TABLE

    if outcome is not None and outcome not in OUTCOMES:
        raise BadInput(f"Không có kết quả “{outcome}”. Dùng một trong: {', '.join(OUTCOMES)}.")
    if outcome == "refused" and not (ground or "").strip():
        raise BadInput("Từ chối thì phải ghi căn cứ: --ground CĂN-CỨ.")
    open_ = {one.number: one for one in requests(place, law, today)}
    if number not in open_:
        raise UnknownName(f"Không có yêu cầu nào đang mở mang số {number}. Xem: dubi privacy request list")
    on = closed_on or answered_on
    if on is not None and on < open_[number].received_on:
        raise BadInput(f"Ngày {shown_day(on)} trước ngày nhận {shown_day(open_[number].received_on)}. Ghi lại ngày.")
    values = {
        "answered_on": answered_on or open_[number].answered_on or closed_on,
        "closed_on": closed_on,
        "closed_by": new_batch(who).who if closed_on else None,
        "outcome": outcome,
        "ground": _short(ground),
    }
    with writing(place) as connection:
        connection.execute(sa.update(TABLE).where(TABLE.c.id == number).values(**values))
        row = connection.execute(sa.select(TABLE).where(TABLE.c.id == number)).one()
    return _request(row, law, today)


def erase_from(place: str, codes: Collection[str]) -> int:
    """Let go of whom requests were of; what was asked for and done stays. Raises `StoreProblem`."""
    import sqlalchemy as sa

    from desk.accounts.opening import reading, writing
    from desk.accounts.tables import REQUESTS as TABLE

    with reading(place, TABLE.name) as connection:
        if connection is None or not codes:
            return 0
    with writing(place) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
        hers = TABLE.c.case.in_(sorted(codes))
        return connection.execute(sa.update(TABLE).where(hers).values(case=None, note=None, ground=None)).rowcount


def _short(text: str | None) -> str | None:
    said = " ".join((text or "").split())
    if len(said) > LONGEST:
        raise BadInput(f"Ghi chú dài quá {LONGEST} chữ. Ghi ngắn lại.")
    return said or None


def _request(row: Any, law: Law, today: dt.date) -> Request:
    on = row.received_on
    return Request(
        row.id,
        row.kind,
        row.case,
        on,
        row.note,
        row.entered_by,
        limit(law, ANSWER, on),
        limit(law, KINDS[row.kind][1], on),
        today,
        row.answered_on,
        row.closed_on,
        row.outcome,
        row.ground,
    )
