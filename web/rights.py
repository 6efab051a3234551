"""Which right a page asks for, so that who has it not is neither shown the way nor let in.

The desk asks again, and more exactly: at which unit a right holds is its to say. A test holds every address here.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from starlette.routing import compile_path

from desk.accounts.rights import WRITING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk.accounts.rights import Right
    from desk.accounts.signing import Signed

EVERYBODY: tuple[Right, ...] = ()
"""Whoever has come in."""
_READS: tuple[Right, ...] = ("read",)
_RECORDS: tuple[Right, ...] = ("record", "committee_step")
_LAW: tuple[Right, ...] = ("read", "settings")

OF_A_KIND: dict[str, tuple[Right, ...]] = {
    "figure": ("type_figures",),
    "unit-add": ("organise",),
    "unit-move": ("organise",),
    "unit-merge": ("organise",),
    "unit-close": ("organise",),
    "unit-set": ("settle", "organise"),
    "target-set": ("organise",),
}
"""For a form of a kind of change, one of these; those of people are for who records of people."""
_FORMS = ("/ghi/", "/go-do/")

LOOKS: dict[str, tuple[Right, ...]] = {
    "/": _READS,
    "/dieu-moi": _READS,
    "/nguoi": _READS,
    "/nguoi/{code}": _READS,
    "/nguoi/{code}/ghi": _RECORDS,
    "/nguoi/{code}/giay": _READS,
    "/nguoi/{code}/giay/{paper}.docx": ("print_",),
    "/giay": _READS,
    "/giay/{paper}.docx": ("print_",),
    "/so-lieu": _READS,
    "/so-lieu/tong-quan": _READS,
    "/so-lieu/{indicator}/nguoi": _READS,
    "/bieu": _READS,
    "/bieu/{form}.{kind}": ("print_",),
    "/bieu/{form}": _READS,
    "/thoi-gian": _READS,
    "/sap-toi": _READS,
    "/don-vi": _READS,
    "/lop": _READS,
    "/lop/{code}": _READS,
    "/nhat-ky": ("log",),
    "/nhat-ky/{batch}": ("log",),
    "/quy-tac": _LAW,
    "/quy-tac/doi-chieu": _LAW,
    "/quy-tac/{rule}": _LAW,
    "/nhap": ("import_",),
    "/nhap/{draft}/cot": ("import_",),
    "/nhap/{draft}/xem": ("import_",),
    "/nhap/{draft}/can-sua.xlsx": ("import_",),
    "/bat-dau": ("import_",),
    "/ghi/{kind}": WRITING,
    "/quan-tri": EVERYBODY,
    "/quan-tri/quy-dinh": _LAW,
    "/quan-tri/sao-luu": ("keep",),
    "/quan-tri/ma-hoa": ("keep",),
    "/quan-tri/lich": _READS,
    "/quan-tri/lich/tep": _READS,
    "/quan-tri/ban-giao": ("print_",),
    "/quan-tri/nguoi-dung": ("users",),
    "/quan-tri/du-lieu-ca-nhan": ("log",),
    "/quan-tri/du-lieu-ca-nhan/{paper}.docx": ("users", "keep"),
    "/tai-khoan": EVERYBODY,
    "/tai-khoan/ma": EVERYBODY,
    "/tro-giup": EVERYBODY,
    "/so-tay": EVERYBODY,
    "/so-tay/{name}": EVERYBODY,
    "/ngay": EVERYBODY,
    "/con-mo": EVERYBODY,
    "/song": ("read", "log", "keep", "settings"),
}
"""To look at an address, one of these."""

SENDS: dict[str, tuple[Right, ...]] = {
    "/dieu-moi": _READS,
    "/nguoi/{code}/ghi/xem": _RECORDS,
    "/nguoi/{code}/ghi": _RECORDS,
    "/nhat-ky/{batch}/hoan-tac": ("undo",),
    "/quy-tac/doi-chieu/{parameter}/xem": ("settings",),
    "/quy-tac/doi-chieu/{parameter}": ("settings",),
    "/nhap": ("import_",),
    "/nhap/{draft}/cot": ("import_",),
    "/nhap/{draft}/xem": ("import_",),
    "/nhap/{draft}/ghi": ("import_",),
    "/nhap/{draft}/bo": ("import_",),
    "/bat-dau": ("import_",),
    "/ghi/{kind}/xem": WRITING,
    "/ghi/{kind}": WRITING,
    "/go-do/{kind}": WRITING,
    "/go-do/{kind}/bo": WRITING,
    "/quan-tri/tat": ("keep",),
    "/quan-tri/quy-dinh": ("settings",),
    "/quan-tri/sao-luu": ("keep",),
    "/quan-tri/phuc-hoi": ("keep",),
    "/quan-tri/ma-hoa": ("keep",),
    "/quan-tri/ma-hoa/ma": ("keep",),
    "/quan-tri/ma-hoa/mat-khau": ("keep",),
    "/quan-tri/ma-hoa/not": ("keep",),
    "/quan-tri/ma-hoa/bo": ("keep",),
    "/quan-tri/lich": _READS,
    "/quan-tri/lich/tat": _READS,
    "/quan-tri/ban-giao/gui": ("print_",),
    "/quan-tri/ban-giao/khoa": ("print_",),
    "/quan-tri/nguoi-dung/them": ("users",),
    "/quan-tri/nguoi-dung/cap": ("users",),
    "/quan-tri/nguoi-dung/thu": ("users",),
    "/quan-tri/nguoi-dung/cap-lai": ("users",),
    "/quan-tri/nguoi-dung/ket-thuc": ("users",),
    "/quan-tri/du-lieu-ca-nhan/yeu-cau": ("record", "erase"),
    "/quan-tri/du-lieu-ca-nhan/yeu-cau/{number}": ("record", "erase"),
    "/quan-tri/du-lieu-ca-nhan/su-co": ("users", "keep"),
    "/hien-nhay-cam": ("read", "log"),
    "/che-nhay-cam": ("read", "log"),
    "/tai-khoan/ra": EVERYBODY,
    "/tai-khoan/mat-khau": EVERYBODY,
    "/tai-khoan/ma": EVERYBODY,
    "/tai-khoan/ma/tat": EVERYBODY,
}
"""To send something to an address, one of these."""


def asked_for(method: str, path: str) -> tuple[Right, ...]:
    """One of which rights an address asks for; none where there is no such address, which is said by others."""
    if path.startswith(_FORMS):
        return of_a_kind(path.split("/")[2])
    table = LOOKS if method in ("GET", "HEAD") else SENDS
    return next((table[template] for template, form in _forms(table is LOOKS) if form.match(path)), EVERYBODY)


def of_a_kind(kind: str) -> tuple[Right, ...]:
    """One of which rights a change of a kind asks for."""
    return OF_A_KIND.get(kind, _RECORDS)


@cache
def _forms(looks: bool) -> tuple[tuple[str, re.Pattern[str]], ...]:
    table: Mapping[str, object] = LOOKS if looks else SENDS
    return tuple((template, compile_path(template)[0]) for template in table)


def may(signed: Signed | None, rights: tuple[Right, ...]) -> bool:
    """Whether somebody has one of some rights, none of which are asked for of one user at her own desk."""
    return signed is None or not rights or not signed.granted.may.isdisjoint(rights)


def first_page(signed: Signed | None) -> str:
    """Where somebody begins: at the work list, or where she looks after the store."""
    return "/" if may(signed, LOOKS["/"]) else "/quan-tri"
