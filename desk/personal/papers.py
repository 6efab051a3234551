"""Papers on the protection of data, made from what really is: its impact, who has access, what happened in a breach.

Nobody of the office has read the texts of the law, so no paper names an article; each says so.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.keeping.backups import kept
from cases.store.connection import querying, sqlite_path
from cases.store.opening import form_of
from cases.values.kinds import beside_cases
from cases.values.whole_file import whole_file
from desk.accounts.grants import WORDS as ROLES
from desk.accounts.rights import RIGHTS
from desk.accounts.rights import WORDS as MAY
from desk.personal.limits import UNREAD, hours, limit
from desk.personal.readings import readings
from desk.personal.requests import ANSWER, KINDS, requests
from desk.personal.retention import LIMITS
from desk.words.readings import line_of
from reports.lists.person_paper import PersonPaper, Section, document
from rules.loader import vocabulary
from rules.loader.errors import BadInput
from rules.loader.spelling.days import shown_day, shown_moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desk.accounts.grants import Grant
    from desk.question import Question
    from rules.loader.law import Law

TO_FILL = "…………………………………………………………………………"
_SAID = f"Dubi lập từ những gì đang có trong kho. Thời hạn của luật ở đây {UNREAD}, nên không ghi số điều."


@dataclass(frozen=True, slots=True)
class Breach:
    """What is known of a breach of people's data."""

    what: str
    since: dt.datetime
    """From when data may have been open to others: local time."""
    detected: dt.datetime
    """When that was noticed: the hours of the report are counted from here."""
    end_sessions: bool = False


def impact_file(url: str, question: Question, path: Path, *, replace: bool) -> Path:
    """Write what is kept of whom, why, how long, and how it is protected; raises `BadInput`, `StoreProblem`."""
    law, today = question.ruleset.law, question.as_of
    sections = (
        Section("Thời hạn lập", [limit(law, name, today).told for name in ("data.impact_file", "data.impact_update")]),
        Section("Đơn vị, người chịu trách nhiệm (đơn vị ghi)", [TO_FILL, TO_FILL]),
        Section("Mục đích và căn cứ xử lý (đơn vị ghi)", [TO_FILL, TO_FILL]),
        Section("Dữ liệu được giữ", list(_data(url))),
        Section("Dữ liệu đi đâu", list(_flow(url))),
        Section("Giữ bao lâu", [limit(law, name, today).told for name in LIMITS]),
        Section("Biện pháp đang có", list(_measures(url, today))),
        Section("Yêu cầu của cá nhân", list(_asked(url, law, today))),
        Section("Đánh giá rủi ro, người ký (đơn vị ghi)", [TO_FILL, TO_FILL]),
    )
    return _write(path, "Hồ sơ đánh giá tác động xử lý dữ liệu cá nhân", today, sections, replace=replace)


def access_rules(url: str, question: Question, path: Path, *, replace: bool) -> Path:
    """Write who has access to what by the grants of the day; raises `BadInput`, `StoreProblem`."""
    today = question.as_of
    held = _grants(url)
    later = [_granted(one) for one in held if one.state(today) == "later"]
    sections = (
        Section("Ai được vào, từ ngày nào", _holding(url, today)),
        Section(
            "Đã được cấp, chưa đến ngày",
            later or ["Không có."],
        ),
        Section(
            "Mỗi vai trò được làm gì",
            [
                f"{words}: {', '.join(MAY[right] for right in MAY if right in RIGHTS[role])}"
                for role, words in ROLES.items()
            ],
        ),
        Section(
            "Ai thấy hồ sơ nào",
            [
                "Đơn vị đang giữ hồ sơ và các cấp trên của nó, theo cây đơn vị của hôm nay, thấy với toàn bộ lịch sử.",
                "Người đã chuyển sang đơn vị khác thì đơn vị cũ không còn thấy hồ sơ.",
            ],
        ),
        Section(
            "Dữ liệu nhạy cảm",
            [
                f"Gồm: {', '.join(_sensitive())}.",
                "Che trên màn hình và không ghi ra tệp cho đến khi người dùng hỏi và ghi lý do.",
                "Mỗi lần hỏi vào nhật ký đọc: ai, lúc nào, hồ sơ nào, những mục nào, vì sao; không ghi giá trị.",
                "Giấy tờ, tệp “mọi điều về một người”, tệp niêm phong giao cấp trên ghi đủ, và cũng vào nhật ký đọc.",
            ],
        ),
        Section("Người ban hành (đơn vị ghi)", [TO_FILL]),
    )
    return _write(path, "Quy chế truy cập dữ liệu đảng viên", today, sections, replace=replace)


def breach_paper(url: str, question: Question, path: Path, happened: Breach, *, replace: bool) -> Path:
    """Write what happened, who read and wrote what since, and by when it is to be reported.

    Ends all sessions where that is wanted. Raises `BadInput`, `StoreProblem`.
    """
    if happened.detected < happened.since:
        raise BadInput("Lúc phát hiện đứng trước lúc bắt đầu. Ghi lại hai thời điểm.")
    law, zone = question.ruleset.law, dt.UTC
    since = happened.since.astimezone(zone).replace(tzinfo=None)
    number = hours(law, "data.breach_hours", happened.detected.date())
    until = (happened.detected.astimezone(zone) + dt.timedelta(hours=number)).astimezone()
    ended = _end_sessions(url) if happened.end_sessions else None
    sections = (
        Section("Việc đã xảy ra", [happened.what]),
        Section(
            "Thời gian",
            [
                f"Có thể bắt đầu từ: {shown_moment(happened.since)}",
                f"Phát hiện lúc: {shown_moment(happened.detected)}",
                f"Phải báo cáo chậm nhất: {shown_moment(until)}, {number} giờ kể từ lúc phát hiện ({UNREAD})",
            ],
        ),
        Section(
            "Ai đã xem dữ liệu nhạy cảm từ lúc ấy", list(_read_since(url, since)) or ["Nhật ký đọc không có mục nào."]
        ),
        Section(
            "Ai đã ghi vào kho từ lúc ấy", list(_written_since(url, since)) or ["Nhật ký ghi sổ không có lần nào."]
        ),
        Section(
            "Ai đang được vào",
            _holding(url, question.as_of),
        ),
        Section(
            "Việc đã làm ngay",
            [
                "Chưa kết thúc phiên làm việc nào."
                if ended is None
                else f"Đã kết thúc mọi phiên làm việc: {ended} phiên."
            ],
        ),
        Section("Hậu quả, biện pháp khắc phục, người lập (đơn vị ghi)", [TO_FILL, TO_FILL, TO_FILL]),
    )
    return _write(path, "Biên bản về việc lộ dữ liệu cá nhân", question.as_of, sections, replace=replace)


def _write(path: Path, title: str, day: dt.date, sections: tuple[Section, ...], *, replace: bool) -> Path:
    if path.suffix.lower() != ".docx":
        raise BadInput(f"Tên tệp “{path}” phải kết thúc bằng .docx. Ghi lại tên tệp.")
    with whole_file(path, suffix=".docx", replace=replace) as draft:
        draft.write_bytes(document(PersonPaper(title, f"Lập ngày {shown_day(day)}. {_SAID}", sections)))
    return path


def _sensitive() -> list[str]:
    facts = vocabulary.load().facts.values()
    return [fact.column or fact.label for fact in facts if fact.sensitive and fact.kind != "computed"]


def _data(url: str) -> Iterator[str]:
    with querying(url) as execute:
        ((cases,),) = execute("SELECT count(*) FROM cases")
    yield f"Số hồ sơ trong kho: {cases}"
    basic = [fact.column for fact in vocabulary.load().columns if fact.column and not fact.sensitive]
    yield f"Dữ liệu cơ bản ({len(basic)} mục): {', '.join(basic)}"
    sensitive = _sensitive()
    yield f"Dữ liệu nhạy cảm ({len(sensitive)} mục): {', '.join(sensitive)}"
    yield f"Kèm theo hồ sơ: {', '.join(kind.label for kind in beside_cases())}; nhật ký mọi lần ghi"


def _flow(url: str) -> Iterator[str]:
    path = sqlite_path(url)
    yield "Vào: người dùng nhập sổ hoặc ghi từng bước."
    yield "Ở: một tệp trên máy này." if path is not None else "Ở: máy chủ PostgreSQL của đơn vị."
    yield "Ra: biểu, giấy tờ, danh sách, sổ xuất ra tệp, tệp niêm phong giao cấp trên; do người dùng làm."
    yield "Không tự gửi đi đâu, không dùng dịch vụ ngoài, không ra nước ngoài."


def _measures(url: str, today: dt.date) -> Iterator[str]:
    path = sqlite_path(url)
    if path is None:
        yield "Mã hoá kho: do máy chủ PostgreSQL và ổ đĩa của máy chủ."
    else:
        yield f"Mã hoá kho: {_encrypted(path)}"
    copies = kept(url)
    plain = sum(_encrypted(one) == _NO for one in copies)
    yield (
        f"Bản sao lưu tự động: {len(copies)}, trong đó chưa mã hoá {plain}"
        if copies
        else "Bản sao lưu tự động: chưa có"
    )
    held = Counter(one.role for one in _grants(url) if one.state(today) == "holds")
    yield "Người dùng và quyền: " + ("; ".join(f"{ROLES[role]} {n}" for role, n in held.items()) or _alone())
    log = readings(url)
    whole = "nguyên vẹn" if log.broken is None else f"BỊ SỬA từ mục {log.broken}"
    yield f"Nhật ký đọc dữ liệu nhạy cảm: {log.number} mục, chuỗi {whole}"
    yield "Nhật ký ghi sổ: mọi lần ghi, nối chuỗi, kiểm chứng bằng dubi log verify."
    yield "Dữ liệu nhạy cảm che trên màn hình và không ghi ra tệp cho đến khi có người hỏi và ghi lý do."


_NO, _YES = "CHƯA", "có"


def _encrypted(path: Path) -> str:
    """Whether a file is encrypted; to look at its first bytes would take other threads' locks away from it."""
    return _NO if form_of(path)[0] is None else _YES


def _asked(url: str, law: Law, today: dt.date) -> Iterator[str]:
    yield limit(law, ANSWER, today).told
    for words, name in dict.fromkeys(KINDS.values()):
        yield f"{words}: {limit(law, name, today).words}"
    found = requests(url, law, today)
    late = sum(one.state == "overdue" for one in found)
    yield f"Đang mở: {len(found)} yêu cầu, quá hạn {late}."


def _grants(url: str) -> list[Grant]:
    from desk.accounts import grants
    from desk.accounts.opening import reading

    with reading(url) as connection:
        return [] if connection is None else list(grants.everyones(connection))


def _granted(one: Grant) -> str:
    where = f" ở {one.unit}" if one.unit else ""
    until = f" đến {shown_day(one.until)}" if one.until else ""
    return f"{one.user}: {ROLES[one.role]}{where}, từ {shown_day(one.since)}{until}, do {one.given_by} cấp"


def _holding(url: str, day: dt.date) -> list[str]:
    """Who has access on a day."""
    return [_granted(one) for one in _grants(url) if one.state(day) == "holds"] or [_alone()]


def _alone() -> str:
    from cases.store.writing import new_batch

    return f"Kho một người dùng trên máy này, không có tài khoản: {new_batch().who}."


def _read_since(url: str, since: dt.datetime) -> Iterator[str]:
    return map(line_of, readings(url, since=since).readings)


def _written_since(url: str, since: dt.datetime) -> Iterator[str]:
    from cases.log.batches import read_batches
    from desk.words.log import action, when

    with querying(url) as execute:
        batches = [batch for batch in read_batches(execute) if batch.made_at >= since]
    for batch in batches:
        yield f"{when(batch)} · {batch.who} · {action(batch)} · {batch.size} thay đổi"


def _end_sessions(url: str) -> int:
    import sqlalchemy as sa

    from desk.accounts.opening import reading, writing
    from desk.accounts.tables import SESSIONS

    with reading(url, SESSIONS.name) as connection:
        if connection is None:
            return 0
    with writing(url) as connection:
        return connection.execute(sa.delete(SESSIONS)).rowcount
