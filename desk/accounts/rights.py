"""What somebody may do with a store, by her role at a unit; the sentence that refuses her what she may not.

A right holds at the unit of the grant and all below it. At a desk of one user, where nobody signs in, all is allowed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from cases.store.sight import Sight
from cases.values.kinds import Deed
from rules.loader.errors import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Role = Literal["secretary", "reader", "committee", "admin"]

Right = Literal[
    "read",
    "log",
    "print_",
    "record",
    "committee_step",
    "import_",
    "undo",
    "undo_others",
    "type_figures",
    "organise",
    "settle",
    "settings",
    "keep",
    "erase",
    "users",
]

WORDS: dict[Right, str] = {
    "read": "xem",
    "log": "xem nhật ký",
    "print_": "in, xuất ra tệp",
    "record": "ghi việc của chi bộ vào hồ sơ",
    "committee_step": "ghi việc của cấp ủy vào hồ sơ",
    "import_": "nhập sổ",
    "undo": "hoàn tác",
    "undo_others": "hoàn tác lần ghi của người khác",
    "type_figures": "ghi số nhập tay",
    "organise": "thêm, chuyển, gộp, đóng đơn vị, đặt chỉ tiêu",
    "settle": "sửa thông tin đơn vị",
    "settings": "chọn quy định riêng, xác nhận quy định",
    "keep": "sao lưu, khôi phục, nâng cấp, mã hoá, khám kho",
    "erase": "xoá hẳn dữ liệu cá nhân",
    "users": "quản lý tài khoản",
}
"""Every right, with what it lets somebody do."""

_READS: frozenset[Right] = frozenset({"read", "log", "print_"})

RIGHTS: dict[Role, frozenset[Right]] = {
    "secretary": _READS | {"record", "import_", "undo", "undo_others", "type_figures", "settle"},
    "reader": _READS,
    "committee": _READS | {"committee_step", "undo", "type_figures", "organise", "settle"},
    "admin": frozenset({"log", "keep", "settings", "erase", "users"}),
}
"""What each role may do. A form of a cell is not filled without its typed figures, so its secretary types them too."""

WRITING: tuple[Deed, ...] = ("record", "committee_step", "type_figures", "organise", "settle")
"""The rights of which a change needs one; which of them, the change itself says."""

ALL_RIGHTS: frozenset[Right] = frozenset(get_args(Right))


class Granted(NamedTuple):
    """What grants amount to together: what is seen, what may be done, and at which units, with all below them."""

    sight: Sight
    may: frozenset[Right]
    held: Mapping[Right, frozenset[str]]


def granted(grants: Iterable[tuple[Role, str]]) -> Granted:
    """What roles at units amount to, the grants of one day; an administrator as such sees no case."""
    seen: set[str] = set()
    held: dict[Right, set[str]] = {}
    for role, unit in grants:
        if "read" in RIGHTS[role]:
            seen.add(unit)
        for right in RIGHTS[role]:
            held.setdefault(right, set()).add(unit)
    return Granted(Sight(frozenset(seen)), frozenset(held), {right: frozenset(units) for right, units in held.items()})


def require(may: frozenset[Right] | None, *rights: Right) -> None:
    """Refuse what somebody may not do, who holds none of the rights that would allow it; raises `NotAllowed`."""
    if may is not None and may.isdisjoint(rights):
        words = " hoặc ".join(WORDS[right] for right in rights)
        raise NotAllowed(f"Tài khoản này không có quyền {words}. Nhờ người có quyền làm, hoặc nhờ quản trị cấp quyền.")
