"""What can be wrong with what is recorded: the impossible is refused, the unusual has to be confirmed.

One catalogue for the commands, for `docs/ghi-so.md` and for whoever asks on the web: a doubt without words is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable


class Words(NamedTuple):
    """What is said of a doubt (may hold `{details}`), and what it is called in the list of doubts."""

    said: str
    title: str


IMPOSSIBLE: dict[str, Words] = {
    "before_birth": Words("{step} {on} đứng trước ngày sinh {other}.", "Bước ghi trước ngày sinh"),
    "born_later": Words("Ngày sinh {on} chưa tới.", "Ngày sinh sau ngày hôm nay"),
    "recognition_before_ceremony": Words(
        "{step} {on} đứng trước lễ kết nạp {other}.", "Bước chuyển đảng chính thức ghi trước lễ kết nạp"
    ),
    "exit_before_ceremony": Words("{step} {on} đứng trước lễ kết nạp {other}.", "Ra khỏi Đảng trước lễ kết nạp"),
    "after_death": Words("{step} {on} đứng sau ngày từ trần {other}.", "Bước ghi sau ngày từ trần"),
    "only_once": Words(
        "{step} chỉ có một lần, nay thành: {other}. Muốn sửa ngày thì dùng: dubi correct",
        "Ghi lần thứ hai một bước chỉ có một lần (lễ kết nạp, ngày công nhận, ngày ra khỏi Đảng)",
    ),
    "closed_before_opened": Words("Ngày bế giảng {on} đứng trước ngày mở {other}.", "Lớp bế giảng trước ngày mở"),
    "stay_backwards": Words("Ngày đi {on} đứng trước ngày đến {other}.", "Rời một đơn vị trước ngày đến"),
}
UNUSUAL: dict[str, Words] = {
    "in_future": Words("{step} {on} chưa tới.", "Ngày chưa tới"),
    "out_of_order": Words("{step} {on} đứng trước “{needed}” {other}.", "Ngày đứng trước một bước thường có trước nó"),
    "needed_missing": Words("{step}: sổ chưa ghi “{needed}”.", "Bước phải có trước thì sổ chưa ghi"),
    "usually_once": Words(
        "{step} thường chỉ có một lần, nay thành: {other}.",
        "Ghi lần thứ hai một bước thường chỉ có một lần (quyết định kết nạp, quyết định công nhận)",
    ),
    "day_off": Words("{step} {on} rơi vào ngày nghỉ.", "Văn bản của cơ quan ghi ngày thứ Bảy, Chủ nhật, ngày lễ"),
    "after_exit": Words("{step} {on} đứng sau ngày ra khỏi Đảng {other}.", "Bước ghi sau ngày ra khỏi Đảng"),
    "after_departure": Words("{step} {on} đứng sau ngày chuyển đi {other}.", "Bước ghi sau ngày đã chuyển đi"),
    "very_young": Words("Sinh ngày {on}, chưa đủ 15 tuổi.", "Người thêm vào chưa đủ 15 tuổi"),
    "same_person": Words(
        "Trùng họ tên và ngày sinh với hồ sơ {other}. Nếu là người được kết nạp lại, ghi cùng Mã người.",
        "Thêm một người trùng họ tên và ngày sinh với hồ sơ đã có",
    ),
    "unit_closed": Words("Đơn vị {needed} đã kết thúc ngày {other}.", "Chuyển vào một đơn vị đã kết thúc"),
    "certified_early": Words(
        "Ngày cấp chứng nhận {on} đứng trước ngày mở lớp {other}.", "Cấp chứng nhận trước ngày mở lớp"
    ),
    "certified_anew": Words(
        "{needed} đã được cấp chứng nhận của lớp này ngày {other}.", "Cấp lại chứng nhận của cùng một lớp"
    ),
    "comes_blocked": Words("Làm phát sinh vướng mắc: {needed}", "Ghi xong thì phát sinh một vướng mắc mới"),
}
VERY_YOUNG = 15
"""Years below which a date of birth is more often a slip of the pen than a candidate; no rule of the law."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that is impossible or unusual."""

    code: str
    step: str = ""
    on: str = ""
    other: str = ""
    needed: str = ""

    @property
    def refused(self) -> bool:
        """Whether it cannot be confirmed."""
        return self.code in IMPOSSIBLE

    def __str__(self) -> str:
        words = IMPOSSIBLE.get(self.code) or UNUSUAL[self.code]
        return words.said.format(step=self.step, on=self.on, other=self.other, needed=self.needed)


class Impossible(BadInput):
    """What was to be recorded cannot be; nothing was written."""

    def __init__(self, doubts: Iterable[Doubt]) -> None:
        self.doubts = tuple(doubts)
        lines = [f"  - {doubt}" for doubt in self.doubts]
        super().__init__("\n".join(["Không ghi được; chưa có gì thay đổi.", *lines]))


class Unconfirmed(BadInput):
    """What was to be recorded is unusual, and nobody said that it is meant; nothing was written."""

    def __init__(self, doubts: Iterable[Doubt]) -> None:
        self.doubts = tuple(doubts)
        last = "Nếu đúng là như vậy, chạy lại lệnh và thêm --confirm."
        super().__init__(f"{unusual_in_words(self.doubts)}\n{last}")


def unusual_in_words(doubts: Iterable[Doubt]) -> str:
    """What is unusual, line by line, for whoever is asked whether it is meant."""
    return "\n".join(["Có điều bất thường nên chưa ghi.", *(f"  - {doubt}" for doubt in doubts)])
