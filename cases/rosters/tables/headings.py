"""Rows that head the rows below them: an organisation, a status, or only a place or another word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cases.rosters.columns import words
from rules.loader.spelling.folding import fold

NUMBERING = re.compile(
    r"\s*(?:[IVXLC]+|[A-ZĐ]|\d{1,3}(?:\.\d{1,2})*)\s*[.)\-/:](?!\d)\s*|\s*[IVXLC]+\s+(?=(?:chi|đảng)\s)", re.IGNORECASE
)
ONLY_NUMBERING = re.compile(r"(?:[IVXLC]+|[A-ZĐ]|\d{1,3}\.\d{1,2})\s*[.)/]?")
COUNT = re.compile(
    r"[:(\-–]?\s*(?:có |gồm )?(\d{1,5})\s*(?:đồng chí|đ/c|đc|đảng viên|đv|người|dv|dong chi)\b", re.IGNORECASE
)
ORGANISATION = re.compile(r"\b(chi bo|dang bo|dang uy|to dang|cb|db)\b")
# with their marks: Bàn, Xa and Quản are family names
PLACE = re.compile(
    r"(xã|phường|thị trấn|tỉnh|huyện|quận|thành phố|tp|thôn|bản|ấp|khu phố|khóm|buôn|tổ dân phố|khu)\b", re.IGNORECASE
)
BODY = re.compile(
    r"(trường|công ty|trạm|phòng|văn phòng|hội|ban|cơ quan|xí nghiệp|hợp tác xã|bệnh viện|u[ỷy] ban|ủy ban|khối|đội|tổ|"
    r"nhà máy|doanh nghiệp|trung tâm|chi nhánh|phân xưởng|bộ môn|khoa|lớp|viện|sở|chi cục)\s",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[:;(),]|\s[–—-]\s|[–—]")
_NUMBERS = re.compile(r"\b\d{1,5}\b")


@dataclass(frozen=True, slots=True)
class Group:
    """A heading; perhaps with how many there are below it."""

    row: int
    name: str
    is_unit: bool
    declared: int | None
    status: str | None = None
    """What it says of those below it, as a word in a column of status would: `official`, `moved`, `died` …"""


def group_name(texts: list[str]) -> str:
    """The name in a group row without its numbering and count."""
    found = [text for text in texts if not ONLY_NUMBERING.fullmatch(text)]
    if not found:
        return ""
    text = NUMBERING.sub("", found[0], count=1) if NUMBERING.match(found[0]) else found[0]
    text = re.split(r"\s*[:(]|\s+[–—-]\s+(?=\d)", text, maxsplit=1)[0]
    return COUNT.sub("", text).strip(" .:,;-–")


def unit_and_status(texts: list[str]) -> tuple[str, bool, str | None]:
    """The name of a heading, whether it is an organisation, and the status that it tells.

    “Chi bộ 1 – đảng viên dự bị” is both: the organisation is then the name.
    """
    name = group_name(texts)
    status = status_of(" ".join(texts))
    if status is not None:
        return name, False, status
    is_unit = bool(ORGANISATION.search(fold(name))) or BODY.match(name) is not None
    if is_unit:
        parts = [part.strip(" .") for text in texts for part in _PARTS.split(text) if part.strip(" .")]
        status = next((found for part in parts if (found := status_of(part)) is not None), None)
        if status is not None:
            name = next(
                (part for part in _PARTS.split(name) if ORGANISATION.search(fold(part)) or BODY.match(part)), name
            ).strip()
    return name, is_unit, status


@lru_cache(maxsize=4096)
def status_of(text: str) -> str | None:
    """The status that a heading tells, where every word of it speaks of that status; None for anything else."""
    bare = NUMBERING.sub("", text, count=1) if NUMBERING.match(text) else text
    rest = _NUMBERS.sub(" ", re.sub(r"[^\w\s/]", " ", fold(COUNT.sub(" ", bare))))
    rest = f" {' '.join(rest.split())} "
    tables = words.load()
    found: list[str] = []
    for phrase, effect in tables.status_phrases:
        if f" {phrase} " in rest:
            rest = rest.replace(f" {phrase} ", " | ")
            found.append(effect)
    left = [word for word in rest.split() if word != "|" and word not in tables.status_fillers]
    telling = {effect for effect in found if effect != "member"} or set(found)
    return next(iter(telling)) if len(telling) == 1 and not left else None
