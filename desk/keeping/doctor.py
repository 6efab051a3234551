"""Looking a store over: the file, its form, its log, its backups, the machine, the calendar, and what it records.

What is found is a value; a store that cannot be opened at all is one more finding, with what to do about it.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from cases.history.reported import Reported, reported
from cases.history.verification import Verdict, verify
from cases.keeping.backups import damage, folder, kept
from cases.keeping.encrypting import backups_of_another_form
from cases.log.batches import read_batches
from cases.log.clock import Odd, local, odd_stamps
from cases.store.connection import SCHEMA, is_store, querying, sqlite_path
from cases.store.held.soundness import in_words
from cases.store.keys.ring import raw_key
from cases.store.problems import store_errors
from cases.store.reading import read_store
from cases.values.refusals import without_numbers
from desk.filling.reported import compared
from desk.keeping.contradictions import contradictions, pairs_met
from desk.personal.readings import readings
from desk.sweeping import engines as sweep_engines
from desk.words.receipts import report_in_words
from rules.loader import calendar, vocabulary
from rules.loader.errors import DubiError
from rules.loader.spelling.days import shown_moment

if TYPE_CHECKING:
    from cases.log.batches import LoggedBatch
    from cases.values.records import Roster

State = Literal["fine", "attention", "broken"]

LITTLE_SPACE = 200 * 2**20
"""As many bytes free are little, for a store and its backups."""
LONG_WITHOUT_BACKUP = dt.timedelta(days=30)
FEW = 5


TECHNICAL = ("durable-rules", "engines", "parts")
"""What only somebody who looks after the machine wants to read, while nothing is wrong."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at: how it is, in words, and what to do."""

    name: str
    state: State
    said: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """Everything that was looked at; personal numbers are masked."""

    as_of: dt.date
    checks: tuple[Diagnosis, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        checks = [{"check": one.name, "state": one.state, "said": one.said, "hint": one.hint} for one in self.checks]
        return {"as_of": self.as_of, "checks": checks}


def doctor(url: str, today: dt.date) -> Examined:
    """Look over a store and the machine it is on."""
    return Examined(today, tuple(replace(one, said=without_numbers(one.said)) for one in examine(url, today)))


def examine(url: str, today: dt.date) -> list[Diagnosis]:
    """Everything that is found about a store and its machine."""
    found = list(_machine(today))
    try:
        found += _file(url)
        if not any(one.state == "broken" for one in found):
            found += _inside(url, today)
            found += _reading_log(url)
    except DubiError as error:
        found.append(Diagnosis("opening", "broken", str(error), _RESTORE))
    except Exception as error:  # noqa: BLE001  # rows that were written past the program can lead anywhere
        said = f"Kho bị hỏng hoặc bị sửa thẳng: có chỗ không đọc được ({type(error).__name__})."
        found.append(Diagnosis("opening", "broken", said, _RESTORE))
    return found


def _reading_log(url: str) -> Iterator[Diagnosis]:
    log = readings(url)
    if log.broken is None:
        yield Diagnosis("readings", "fine", f"Nhật ký đọc dữ liệu nhạy cảm còn nguyên: {log.number} mục.")
        return
    said = f"Nhật ký đọc dữ liệu nhạy cảm đã bị can thiệp ở mục {log.broken}."
    yield Diagnosis("readings", "broken", said, "Xem ai đã sửa tệp cạnh kho; các mục còn lại: dubi privacy readings")


_RESTORE = "Phục hồi từ bản sao lưu gần nhất: dubi restore TỆP"


def _machine(today: dt.date) -> Iterator[Diagnosis]:
    if sweep_engines.found("durable_rules_engine"):
        said = f"durable-rules {sweep_engines.version_of('durable-rules')}: xét từng hồ sơ bằng bộ luật."
    else:
        said = "Không có durable-rules: dubi tự xét từng hồ sơ, nhiều hồ sơ thì xét theo cột, kết quả như nhau."
    yield Diagnosis("durable-rules", "fine", said)
    yield Diagnosis("engines", "fine", f"Xét hàng loạt (dubi sweep): {sweep_engines.described()}.")
    yield Diagnosis("parts", "fine", f"Các phần thêm: {sweep_engines.parts()}.")
    table = calendar.load()
    for year in (today.year, today.year + 1):
        if year > table.last_year:
            yield Diagnosis(
                "calendar",
                "attention",
                f"Chưa có lịch nghỉ lễ năm {year}: những hạn tính bằng ngày làm việc rơi vào năm đó là chưa rõ.",
                "Cài bản dubi mới, hoặc bổ sung rules/law/calendar.yaml.",
            )
        elif year in table.forecast_years and year == today.year:
            yield Diagnosis(
                "calendar",
                "attention",
                f"Lịch nghỉ lễ năm {year} mới là dự kiến.",
                "Cài bản dubi mới sau khi có thông báo nghỉ lễ của năm, hoặc sửa rules/law/calendar.yaml.",
            )
        else:
            kind = "dự kiến" if year in table.forecast_years else "đã công bố"
            yield Diagnosis("calendar", "fine", f"Lịch nghỉ lễ năm {year}: {kind}.")


def _file(url: str) -> Iterator[Diagnosis]:
    path = sqlite_path(url)
    if path is None:
        yield Diagnosis("store", "fine", "Kho ở trên máy chủ; quyền và chỗ trống do máy chủ giữ.")
        return
    if not path.exists():
        yield Diagnosis("store", "broken", f"Chưa có kho “{path}”.", "Tạo kho bằng lệnh: dubi init")
        return
    if path.is_dir():
        yield Diagnosis("store", "broken", f"“{path}” là một thư mục.", "Ghi cả tên tệp ở --store.")
        return
    yield _encryption(url)
    yield from _permissions(path)
    yield from _space(path)
    yield from _leftovers(path)
    with store_errors(url):
        form = is_store(path)
    if form is None:
        yield Diagnosis("store", "broken", f"“{path}” không phải là kho của dubi.", "Chọn tệp khác bằng --store.")
    elif form < SCHEMA:
        yield Diagnosis("migrations", "broken", "Kho theo mẫu cũ.", "Nâng cấp bằng lệnh: dubi init")
    elif form > SCHEMA:
        yield Diagnosis("migrations", "broken", "Kho do bản dubi mới hơn tạo.", "Cài bản dubi mới.")
    else:
        yield Diagnosis("migrations", "fine", f"Mẫu của kho: {form}, mới nhất.")
        with store_errors(url):
            problems = list(damage(path))
        for problem in problems:
            backups = kept(url)
            latest = f" Bản gần nhất: {backups[-1]}" if backups else ""
            yield Diagnosis("integrity", "broken", f"Kho {problem}", f"Phục hồi: dubi restore TỆP.{latest}")
        if not problems:
            yield Diagnosis("integrity", "fine", f"Tệp kho “{path}” toàn vẹn.")


def _encryption(url: str) -> Diagnosis:
    """Whether the store is encrypted, and any backup of it lies about otherwise; raises `StoreProblem`."""
    key = raw_key(url)
    otherwise = backups_of_another_form(url, key)
    if key is None:
        more = f" {len(otherwise)} bản sao lưu mã hoá mở bằng mật khẩu cũ." if otherwise else ""
        return Diagnosis("encryption", "fine", f"Kho không mã hoá.{more}")
    if otherwise:
        said = f"Kho mã hoá, nhưng {len(otherwise)} bản sao lưu chưa mã hoá bằng khoá của kho: {otherwise[0]} …"
        return Diagnosis("encryption", "attention", said, "Mã hoá nốt hoặc xoá: dubi store encrypt")
    return Diagnosis("encryption", "fine", "Kho mã hoá; bản sao lưu cũng vậy và mang khoá theo.")


def _permissions(path: Path) -> Iterator[Diagnosis]:
    if os.name == "nt":
        return
    for place, wanted in ((path, 0o600), (path.with_name(f"{path.name}.backups"), 0o700)):
        if not place.exists():
            continue
        mode = stat.S_IMODE(place.stat().st_mode)
        if mode & 0o077:
            said = f"Người khác trên máy đọc được “{place}” (quyền {mode:o})."
            yield Diagnosis("permissions", "attention", said, f"Chạy: chmod {wanted:o} '{place}'")
    if not os.access(path, os.W_OK):
        yield Diagnosis(
            "permissions", "attention", f"“{path}” chỉ đọc được, không ghi được.", "Kiểm tra quyền của tệp."
        )
    elif stat.S_IMODE(path.stat().st_mode) & 0o077 == 0:
        yield Diagnosis("permissions", "fine", "Chỉ chủ của kho đọc được.")


def _space(path: Path) -> Iterator[Diagnosis]:
    free = shutil.disk_usage(path.parent).free
    needed = max(LITTLE_SPACE, 4 * path.stat().st_size)
    said = f"Ổ đĩa còn trống {free // 2**20} MB."
    if free < needed:
        yield Diagnosis("disk", "attention", said, "Dọn bớt ổ đĩa; sao lưu ra nơi khác: dubi backup TỆP")
    else:
        yield Diagnosis("disk", "fine", said)


def _leftovers(path: Path) -> Iterator[Diagnosis]:
    """What a killed command left beside the store: never needed again."""
    patterns = (f"{path.name}.*.new*", f".{path.name}.*.restore*")
    found = sorted({other for pattern in patterns for other in path.parent.glob(pattern)})
    place = path.with_name(f"{path.name}.backups")
    found += sorted(place.glob(".*.sqlite.*")) if place.is_dir() else []
    if found:
        names = ", ".join(f"“{other}”" for other in found[:FEW])
        said = f"Có {len(found)} tệp bỏ dở của lệnh đã bị ngắt: {names}."
        yield Diagnosis("leftovers", "attention", said, "Xoá được, khi không có lệnh dubi nào đang chạy.")


def _inside(url: str, today: dt.date) -> Iterator[Diagnosis]:
    log = verify(url, kept(url))
    if log.holds:
        yield Diagnosis("log", "fine", f"Nhật ký còn nguyên: {log.batches} lần ghi, {log.changes} thay đổi.")
    else:
        state: State = "broken" if kept(url) and not log.batches else "attention"
        yield Diagnosis("log", state, "Nhật ký hoặc sổ đã bị can thiệp.", "Xem chỗ nào: dubi log verify")
    yield _anchor(log)
    with querying(url) as execute:
        batches = read_batches(execute)
    yield from _clock(odd_stamps(batches, dt.datetime.now(dt.UTC).replace(tzinfo=None)))
    yield from _backups(url, local(batches[-1].made_at) if batches else None)
    roster = read_store(url)
    yield from _reported(url, roster, reported(batches))
    yield from _missing(roster)
    yield from _contradictions(roster, today)


def _reported(url: str, roster: Roster, sent: list[Reported]) -> Iterator[Diagnosis]:
    """The reports that were sent and whose figures are otherwise now."""
    latest = [one for one in sent if one.replaced_by is None]
    otherwise = [found for found in (compared(one, roster, url) for one in latest) if not found.stands]
    for found in otherwise:
        moved = [one.in_words for one in found.changed]
        shown = "; ".join(moved[:FEW]) + (" …" if len(moved) > FEW else "")
        said = f"{report_in_words(found.report)}: {len(moved)} số liệu nay đã khác: {shown}"
        yield Diagnosis("reported", "attention", said, "Xem vì sao: dubi report sent")
    if latest and not otherwise:
        yield Diagnosis("reported", "fine", f"Số liệu đã báo vẫn đúng: {len(latest)} báo cáo.")


def _anchor(log: Verdict) -> Diagnosis:
    """Whether what is kept of the log outside the store holds it."""
    stands = log.anchored
    if stands.state == "held":
        return Diagnosis("anchor", "fine", f"Dấu giữ ngoài kho khớp với nhật ký đến lần ghi {stands.number}.")
    if stands.state == "none":
        said = "Máy này chưa giữ dấu nào của kho (kho mới, hoặc chép từ máy khác); từ lần ghi tới sẽ giữ."
        return Diagnosis("anchor", "fine", said)
    said = in_words(stands.state, stands.number, stands.place)
    return Diagnosis("anchor", "broken", said[0].upper() + said[1:] + ".", "Phục hồi: dubi restore TỆP")


def _clock(odd: Odd) -> Iterator[Diagnosis]:
    """Entries that a clock stamped wrongly: their order holds all the same, for it is that of their numbers."""
    kinds: tuple[tuple[tuple[LoggedBatch, ...], State, str], ...] = (
        (odd.to_come, "attention", "ghi ngày còn chưa tới"),
        (odd.turned_back, "fine", "ghi ngày trước lần ghi đứng trước nó"),
    )
    for found, state, words in kinds:
        if found:
            names = ", ".join(f"{one.name} ({shown_moment(local(one.made_at))})" for one in found[:FEW])
            said = f"{len(found)} lần ghi {words}: {names}{' …' if len(found) > FEW else ''}. Thứ tự ghi vẫn đúng."
            hint = "Kiểm tra đồng hồ của máy." if state == "attention" else ""
            yield Diagnosis("clock", state, said, hint)
    if not odd.to_come and not odd.turned_back:
        yield Diagnosis("clock", "fine", "Đồng hồ: ngày giờ của các lần ghi theo đúng thứ tự.")


def _backups(url: str, written: dt.datetime | None) -> Iterator[Diagnosis]:
    made = kept(url)
    if written is None:
        return
    if not made:
        yield Diagnosis("backups", "attention", "Chưa có bản sao lưu nào.", "Sao lưu: dubi backup TỆP")
        return
    latest = dt.datetime.fromtimestamp(made[-1].stat().st_mtime, dt.UTC).astimezone()
    said = f"{len(made)} bản sao lưu tự động ở “{folder(url)}”, bản mới nhất {shown_moment(latest)}."
    if written - latest > LONG_WITHOUT_BACKUP:
        yield Diagnosis("backups", "attention", said, "Đã ghi thêm nhiều từ đó; sao lưu: dubi backup TỆP")
    else:
        yield Diagnosis("backups", "fine", said)


def _missing(roster: Roster) -> Iterator[Diagnosis]:
    """The facts whose absence leaves rules undecided, each with how many cases lack it."""
    facts = [fact for fact in vocabulary.load().columns if fact.unknown]
    lacking = {
        fact.label: [record.code for record in roster.records if fact.name not in record.fields] for fact in facts
    }
    found = False
    for label, codes in lacking.items():
        if codes:
            found = True
            shown = ", ".join(codes[:FEW]) + (" …" if len(codes) > FEW else "")
            said = f"{len(codes)} hồ sơ chưa ghi {label}: {shown}"
            yield Diagnosis("missing", "attention", said, f'Bổ sung: dubi correct MÃ "{label}=…"')
    if not found:
        yield Diagnosis("missing", "fine", f"Không hồ sơ nào thiếu những mục phải có ({len(roster.records)} hồ sơ).")


def _contradictions(roster: Roster, today: dt.date) -> Iterator[Diagnosis]:
    """The cases that contradict themselves, and pairs of rows that may be one person's, kind by kind."""
    found = list(contradictions(roster, today))
    for one in found:
        yield Diagnosis(
            "steps", "attention", one.said, f"{one.todo} Xem: dubi show MÃ; sửa: dubi correct MÃ BƯỚC --on NGÀY"
        )
    if not found:
        yield Diagnosis("steps", "fine", "Các bước không mâu thuẫn nhau.")
    for one in pairs_met(roster):
        yield Diagnosis("one_person_twice", "attention", one.said, one.todo)
