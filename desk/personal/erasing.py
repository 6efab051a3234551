"""Erasing a person for ever: what would go is shown, then it goes from store, log, backups and remembered findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from cases.history.erasing import Erased, erase, require_ground, require_told
from cases.history.traces import Trace, in_signs, trace
from cases.keeping.erased_backups import Holding, holding, rewrite
from cases.store.connection import querying, sqlite_path
from cases.values.places import desk_file
from desk.accounts.opening import written_anew as written_anew_beside
from desk.answers.news import forget, remembered
from desk.changes import unfinished
from desk.personal import readings, requests
from desk.personal.waiting import waiting
from rules.loader.errors import DubiError


@dataclass(frozen=True, slots=True)
class Erasing:
    """What would go for ever; nothing is erased yet."""

    code: str
    trace: Trace
    backups: tuple[Holding, ...]
    remembered: bool
    """Whether the findings of the last look name one of her cases."""
    on_server: bool
    unfinished: tuple[tuple[str, str], ...] = ()
    """The forms left unfinished that are about her or name her, each with whose it is."""
    waiting: tuple[Path, ...] = ()
    """Files that wait to be taken in and do not name her."""
    dropped: tuple[Path, ...] = ()
    """Files that wait to be taken in and name her, or cannot be looked through: they go too."""

    @property
    def bare(self) -> Erasing:
        """The same with nothing that names anybody but the code that was asked about."""
        found = self.trace
        numbers = dict.fromkeys(found.cases, self.code)
        bare = replace(found, cases=numbers, gone={}, codes=frozenset({self.code}), names=frozenset(), alike=())
        return replace(
            self,
            trace=replace(bare, spelt=frozenset()),
            unfinished=tuple(("", "") for _ in self.unfinished),
            waiting=(),
            dropped=tuple(Path("…") for _ in self.dropped),
        )

    @property
    def told(self) -> list[str]:
        """What would go, what would stay, line by line."""
        found = self.trace
        lines = [f"Hồ sơ sẽ xoá: {', '.join(found.cases.values()) or 'không còn trong sổ'}"]
        if found.gone:
            lines.append(f"Hồ sơ cũ chỉ còn trong nhật ký: {', '.join(sorted(set(found.gone.values())))}")
        lines.append(
            f"Nhật ký: {len(found.lines)} dòng và {len(found.headings)} phần đầu sẽ trống, dấu kiểm chứng còn."
        )
        if found.learners:
            lines.append(f"Học viên trùng họ tên, không có hồ sơ: {len(found.learners)} (--learners thì xoá cả)")
        if found.alike:
            lines.append(f"Hồ sơ khác trùng họ tên, không xoá: {', '.join(found.alike)}")
        if self.remembered:
            lines.append("Các việc đã nhớ của lần xem trước (dubi news): bỏ phần của hồ sơ này.")
        if self.unfinished:
            lines.append(f"Điều gõ dở về người này, chưa ghi: bỏ ({len(self.unfinished)}).")
        lines += [f"Tệp đang chờ nhập có người này, hoặc không dò được: bỏ: {file.name}" for file in self.dropped]
        lines += [
            f"Tệp đang chờ nhập, không thấy tên người này, tự xoá sau 24 giờ; bỏ ngay ở trang Nhập: {file.name}"
            for file in self.waiting
        ]
        lines += [
            f"Bản sao lưu hỏng, không bỏ riêng được, phải tự xoá: {one.path}"
            if one.damaged
            else f"Bản sao lưu sẽ ghi lại, không còn người này: {one.path}"
            for one in self.backups
        ]
        return [*lines, *self.out_of_reach]

    @property
    def out_of_reach(self) -> list[str]:
        """What the program cannot reach."""
        lines = ["Tệp đã xuất, đã in, bản sao lưu chép ra nơi khác: dubi không biết ở đâu, phải tự xoá."]
        if self.on_server:
            lines.append("Nhật ký riêng và bản sao lưu của máy chủ PostgreSQL: người quản trị máy chủ phải xoá.")
        return lines

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        found = self.trace
        return {
            "case": self.code,
            "cases": sorted(found.cases.values()),
            "only_in_log": sorted(set(found.gone.values())),
            "lines": len(found.lines),
            "headings": len(found.headings),
            "learners": len(found.learners),
            "alike": list(found.alike),
            "remembered": self.remembered,
            "unfinished": len(self.unfinished),
            "waiting": [file.name for file in self.waiting],
            "dropped": [file.name for file in self.dropped],
            "backups": [{"file": str(one.path), "damaged": one.damaged} for one in self.backups],
        }


@dataclass(frozen=True, slots=True)
class ErasedFor:
    """What went for ever, and what is left to be done by hand."""

    erased: Erased
    rewritten: tuple[Path, ...]
    left: tuple[Path, ...]
    """Backups that still hold her: damaged, or not to be written."""

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return {
            "batch": self.erased.batch,
            "cases": self.erased.cases,
            "lines": self.erased.lines,
            "clean": self.erased.clean,
            "rewritten": [str(path) for path in self.rewritten],
            "left": [str(path) for path in self.left],
        }


def erasing(url: str, code: str) -> Erasing:
    """What erasing a person would do; raises `UnknownName`, `StoreProblem`."""
    with querying(url) as execute:
        found = trace(execute, code)
    kept = remembered(url, found.codes)
    backups, on_server = tuple(holding(url, found)), sqlite_path(url) is None
    hers, others = (tuple(one.file for one in some) for some in waiting(url, found))
    forms = unfinished.about(url, partial(_names, found))
    return Erasing(code, found, backups, bool(kept), on_server, forms, others, hers)


def carry_out(url: str, shown: Erasing, ground: str, who: str | None, *, learners: bool | None) -> ErasedFor:
    """Erase whoever was shown; raises `BadInput`, `UnknownName`, `StoreProblem`, and then nothing has changed.

    The store goes first, in one transaction. A backup that cannot be written then is named as one that is left.
    """
    require_ground(ground)
    with querying(url) as execute:
        found = trace(execute, shown.code)
    require_told(found, ground, learners)
    done = erase(url, shown.code, ground, who=who, learners=learners)
    forget(url, found.codes)
    for form, owner in unfinished.about(url, partial(_names, found)):
        unfinished.drop(url, form, owner)
    for draft in waiting(url, found)[0]:
        draft.discard()
    rewritten: list[Path] = []
    left: list[Path] = []
    clean = done.clean
    try:
        readings.erase_from(url, found.codes, found.compact)
        requests.erase_from(url, found.codes)
        clean = written_anew_beside(url) and clean
    except DubiError:
        left += [file for file in (desk_file(url),) if file is not None]
    for one in holding(url, found):
        try:
            if one.damaged:
                left.append(one.path)
            else:
                rewrite(one.path, found, ground, who, learners=bool(learners))
                rewritten.append(one.path)
        except DubiError:
            left.append(one.path)
    return ErasedFor(replace(done, clean=clean), tuple(rewritten), tuple(left))


def _names(found: Trace, form: str, typed: Mapping[str, str]) -> bool:
    """Whether a form is about her or names her."""
    said = in_signs("".join(typed.values()))
    words = {form.partition(":")[2], *(word for text in typed.values() for word in text.split())}
    return bool(words & found.codes) or any(name in said for name in found.compact)
