"""What contradicts what in a record: one catalogue for every door through which records come in, and for `doctor`.

Each contradiction says what is wrong and what to do, and what each door makes of it. A door that lets one pass says
why; `docs/mau-thuan.md` shows the whole table, made from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from rules.loader.errors import BadInput

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

Door = Literal["record", "book", "list", "doctor"]
DOORS: dict[Door, str] = {
    "record": "Ghi sổ hằng ngày",
    "book": "Nhập, kiểm tra sổ theo mẫu",
    "list": "Nhập danh sách",
    "doctor": "Khám kho",
}
Outcome = Literal["refused", "asked", "told"]
"""What a door does about a contradiction: it takes nothing, asks first, or takes it and says so."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One kind of contradiction: its words, and what each door makes of it."""

    said: str
    """May hold {step}, {on}, {other}, {needed}."""
    todo: str
    title: str
    doors: Mapping[Door, Outcome] = field(default_factory=dict)
    because: str = ""
    """Why the doors that are not named let it pass."""
    book_code: str = ""
    """The reason code of a workbook's remark, where programs know it by another name."""

    @property
    def impossible(self) -> bool:
        """Whether nobody can confirm it."""
        return self.doors.get("record") == "refused"


_COMPARE = "Đối chiếu hai ngày với bản gốc rồi sửa ngày sai."
_TOLD: dict[Door, Outcome] = {"record": "asked", "book": "told", "list": "told", "doctor": "told"}
_WRONG: dict[Door, Outcome] = {**_TOLD, "record": "refused"}
_REFUSED: dict[Door, Outcome] = {**_WRONG, "book": "refused"}
_RECORD: dict[Door, Outcome] = {"record": "asked"}
_NO_STAYS = "Danh sách không có nơi sinh hoạt theo thời gian."
_OLD_BOOKS = "Sổ cũ thường không ghi đủ; chỉ hỏi khi ghi mới."
_ONE_DAY = "Danh sách chỉ có một ngày cho mỗi bước."

CATALOGUE: dict[str, Contradiction] = {
    "before_birth": Contradiction(
        "{step} {on} đứng trước ngày sinh {other}.", _COMPARE, "Bước ghi trước ngày sinh", _REFUSED,
        book_code="date_before_birth",
    ),
    "born_later": Contradiction(
        "Ngày sinh {on} chưa tới.", "Sửa ngày sinh theo bản gốc.", "Ngày sinh sau ngày hôm nay", _REFUSED
    ),
    "recognition_before_ceremony": Contradiction(
        "{step} {on} đứng trước lễ kết nạp {other}.", _COMPARE, "Bước chuyển đảng chính thức ghi trước lễ kết nạp",
        _REFUSED, book_code="recognition_before_admission",
    ),
    "exit_before_ceremony": Contradiction(
        "{step} {on} đứng trước lễ kết nạp {other}.", _COMPARE, "Ra khỏi Đảng trước lễ kết nạp", _WRONG,
        book_code="dates_out_of_order",
    ),
    "after_death": Contradiction(
        "{step} {on} đứng sau ngày từ trần {other}.", _COMPARE, "Bước ghi sau ngày từ trần", _WRONG
    ),
    "only_once": Contradiction(
        "{step} chỉ có một lần, nay thành: {other}.", "Muốn sửa ngày thì dùng: dubi correct",
        "Ghi lần thứ hai một bước chỉ có một lần (lễ kết nạp, ngày công nhận, ngày ra khỏi Đảng)",
        {"record": "refused", "book": "told", "doctor": "told"}, _ONE_DAY,
    ),
    "closed_before_opened": Contradiction(
        "Ngày bế giảng {on} đứng trước ngày mở {other}.", "Đổi lại hai ngày.", "Lớp bế giảng trước ngày mở",
        {"record": "refused", "book": "told", "doctor": "told"}, "Danh sách không có lớp.",
        book_code="dates_out_of_order",
    ),
    "unit_backwards": Contradiction(
        "Ngày kết thúc {on} của đơn vị {needed} đứng trước ngày thành lập {other}.", "Đổi lại hai ngày.",
        "Đơn vị kết thúc trước ngày thành lập", {"record": "refused", "book": "told", "doctor": "told"},
        "Danh sách không có ngày của đơn vị.", book_code="dates_out_of_order",
    ),
    "stay_backwards": Contradiction(
        "Ngày đi {on} đứng trước ngày đến {other} ở đơn vị {needed}.", "Đổi lại hai ngày.",
        "Rời một đơn vị trước ngày đến", {"record": "refused", "book": "told", "doctor": "told"}, _NO_STAYS,
        book_code="dates_out_of_order",
    ),
    "in_future": Contradiction(
        "{step} {on} chưa tới.", "Bước chưa tới thì chưa được tính; kiểm tra lại năm.", "Ngày chưa tới", _TOLD,
        book_code="date_in_future",
    ),
    "out_of_order": Contradiction(
        "{step} {on} đứng trước “{needed}” {other}.", "Đối chiếu văn bản gốc; nếu đúng thì để nguyên.",
        "Ngày đứng trước một bước thường có trước nó", _TOLD, book_code="dates_out_of_order",
    ),
    "needed_missing": Contradiction(
        "{step}: sổ chưa ghi “{needed}”.", "Ghi bước ấy trước, nếu đã làm.",
        "Bước phải có trước thì sổ chưa ghi (công nhận chính thức thì phải có quyết định)", _RECORD, _OLD_BOOKS,
    ),
    "recorded_again": Contradiction(
        "{step} đã ghi ngày {other}, nay ghi thêm ngày {on}: lần nào có hiệu lực?",
        "Lần mới có hiệu lực thì xác nhận: hạn tính theo lần mới, lần cũ vẫn còn trong hồ sơ. "
        "Lần cũ có hiệu lực thì không ghi. Ghi nhầm ngày thì dùng: dubi correct",
        "Ghi lần nữa một bước thường chỉ có một lần: hỏi lần nào có hiệu lực, lần cũ vẫn giữ", _RECORD,
        "Quá trình nhiều lần của sổ cũ được giữ nguyên.",
    ),
    "day_off": Contradiction(
        "{step} {on} rơi vào ngày nghỉ.", "Đối chiếu ngày của văn bản.",
        "Văn bản của cơ quan ghi ngày thứ Bảy, Chủ nhật, ngày lễ", _RECORD, _OLD_BOOKS,
    ),
    "after_exit": Contradiction(
        "{step} {on} đứng sau ngày ra khỏi Đảng {other}.", _COMPARE, "Bước ghi sau ngày ra khỏi Đảng", _TOLD
    ),
    "after_departure": Contradiction(
        "{step} {on} đứng sau ngày chuyển đi {other}.", "Bước ấy thuộc nơi mới; ghi ngày chuyển đến nếu đã về lại.",
        "Bước ghi sau ngày đã chuyển đi, kể cả chuyển đi lần nữa", _TOLD,
    ),
    "official_day_differs": Contradiction(
        "{step} {on} khác ngày kết nạp cộng thời gian dự bị ({other}).", "Đối chiếu quyết định công nhận.",
        "Ngày chính thức không phải là ngày hết thời gian dự bị",
        {"record": "asked", "book": "told", "list": "told"}, "Quyết định có thể ghi ngày khác.",
    ),
    "recognised_early": Contradiction(
        "{step} {on} khi chưa hết thời gian dự bị ({other}).", "Đối chiếu ngày của văn bản.",
        "Bước công nhận chính thức khi chưa hết thời gian dự bị", {"record": "asked", "list": "told"},
        "Quy tắc recognition.early_step nêu từng người mỗi lần kiểm tra.",
    ),
    "age_at_admission": Contradiction(
        "{needed} tuổi khi kết nạp ngày {on}.", "Kiểm tra lại ngày sinh và ngày kết nạp.",
        "Tuổi khi kết nạp nằm ngoài khoảng của Điều lệ",
        {"record": "asked", "book": "told", "list": "told"}, "Trường hợp đặc biệt vẫn có.",
    ),
    "very_young": Contradiction(
        "Sinh ngày {on}, chưa đủ 15 tuổi.", "Kiểm tra lại năm sinh.", "Người chưa đủ 15 tuổi", _TOLD
    ),
    "id_mismatch": Contradiction(
        "{needed} không khớp với số định danh.", "Kiểm tra cả hai; chưa bên nào được sửa.",
        "Năm sinh, giới tính không khớp với số định danh", {"list": "told"}, "Sổ và kho không giữ số định danh.",
    ),
    "exit_undated": Contradiction(
        "Có hình thức ra khỏi Đảng nhưng chưa có ngày; người này vẫn đang được tính.",
        "Bổ sung ngày ra khỏi Đảng, hoặc xoá hình thức.", "Có hình thức ra khỏi Đảng mà không có ngày", _TOLD,
    ),
    "exit_formless": Contradiction(
        "{step} {on} chưa ghi hình thức.", "Ghi hình thức: xin ra, xoá tên, khai trừ hoặc từ trần.",
        "Có ngày ra khỏi Đảng mà không có hình thức", _TOLD,
    ),
    "place_undated": Contradiction(
        "Có “{needed}” nhưng chưa có “{step}”; người này vẫn được tính ở nơi cũ.",
        "Bổ sung ngày, hoặc xoá nơi.", "Có nơi chuyển mà không có ngày", _TOLD,
    ),
    "place_missing": Contradiction(
        "{step} {on} chưa ghi “{needed}”.", "Ghi nơi: mã đơn vị, trong tỉnh, ngoài tỉnh, hoặc tên nơi ấy.",
        "Có ngày chuyển mà không ghi nơi (khi sổ, kho có dùng cột ấy)", _TOLD,
    ),
    "stays_overlap": Contradiction(
        "Cùng lúc ở hai đơn vị: {needed}, từ ngày {on} đến {other}.", "Sửa ngày đến, ngày đi của một nơi.",
        "Hai nơi sinh hoạt trùng ngày", {"record": "asked", "book": "told", "doctor": "told"}, _NO_STAYS,
    ),
    "unit_closed": Contradiction(
        "Đơn vị {needed} đã kết thúc ngày {other}.", "Chọn đơn vị khác, hoặc ghi đơn vị nhập vào đâu: dubi unit merge",
        "Ở trong một đơn vị đã kết thúc mà không nhập vào đâu", {"record": "asked", "book": "told", "doctor": "told"},
        "Đơn vị của danh sách được xét khi đối chiếu với kho.",
    ),
    "same_person": Contradiction(
        "Trùng họ tên và ngày sinh với hồ sơ {other}.", "Nếu là người được kết nạp lại, ghi cùng Mã người.",
        "Thêm một người trùng họ tên và ngày sinh với hồ sơ đã có", {"record": "asked", "list": "asked"},
        "Xét khi đối chiếu với kho.",
    ),
    "person_kept_twice": Contradiction(
        "Cùng Mã người với hồ sơ {other}, và cả hai đều ghi là đang ở đơn vị mình.",
        "Ghi ngày chuyển đi ở nơi cũ trước; hoặc nối hai hồ sơ: dubi case join.",
        "Thêm hồ sơ thứ hai của một người đang ở nơi khác", {"record": "asked"},
        "Nhập tệp hỏi từng cặp; khám kho nêu các cặp.",
    ),
    "same_steps": Contradiction(
        "Cùng họ tên, các bước cùng ngày với hồ sơ {other}.",
        "Nếu là một người, sửa hồ sơ đã có (dubi correct), không thêm mới.",
        "Thêm một người cùng họ tên, các bước cùng ngày với hồ sơ đã có", {"record": "asked"},
        "Nhập tệp hỏi từng cặp; khám kho nêu các cặp.",
    ),
    "certified_early": Contradiction(
        "Ngày cấp chứng nhận {on} đứng trước ngày mở lớp {other}.", _COMPARE, "Cấp chứng nhận trước ngày mở lớp",
        {"record": "asked", "book": "told"}, "Danh sách không có lớp; kho giữ đúng như đã nhập.",
        book_code="dates_out_of_order",
    ),
    "certified_anew": Contradiction(
        "{needed} đã được cấp chứng nhận của lớp này ngày {other}.", "Giữ một ngày.",
        "Cấp lại chứng nhận của cùng một lớp", _RECORD, "Mỗi học viên chỉ có một dòng.",
    ),
    "ceremony_late": Contradiction(
        "{step} {on} quá hạn làm lễ {other} mà sổ chưa ghi văn bản đồng ý làm lễ chậm.",
        "Ghi “Ngày đồng ý làm lễ chậm” trước, nếu có.", "Lễ kết nạp quá hạn, không có đồng ý của cấp trên", _RECORD,
        "Quy tắc về lễ chậm nêu khi kiểm tra.",
    ),
    "people_inside": Contradiction(
        "Ngày {on} đơn vị {needed} còn {other} người: {step}.",
        "Chuyển họ đi trước (dubi move), hoặc ghi đơn vị nhập vào đâu: dubi unit merge",
        "Đơn vị kết thúc khi còn người", _RECORD, "Khám kho nêu người ở trong đơn vị đã kết thúc.",
    ),
    "removes_recorded": Contradiction(
        "Hồ sơ {needed} đã ghi {other}; bỏ hồ sơ là bỏ cả.",
        "Chỉ bỏ hồ sơ nhập nhầm. Ra khỏi Đảng: dubi leave; chuyển đi: dubi move; một người hai hồ sơ: dubi case join.",
        "Bỏ một hồ sơ đã có bước, lớp, kỷ luật", _RECORD, "Không cửa nào khác bỏ một hồ sơ.",
    ),
    "not_one_person": Contradiction(
        "{needed} và {other} khác họ tên hoặc ngày sinh.", "Sửa chỗ sai trước nếu là một người: dubi correct",
        "Nối hay gộp hai hồ sơ khác họ tên, ngày sinh", _RECORD, "Xét khi đối chiếu với kho.",
    ),
    "join_differs": Contradiction(
        "{step}: hai hồ sơ ghi khác nhau, lấy “{needed}”, không lấy “{other}”.",
        "Muốn lấy bên kia thì đổi thứ tự hai mã, hoặc sửa bằng dubi correct. Đã chuyển đơn vị thì thêm --on NGÀY.",
        "Gộp hai hồ sơ ghi khác nhau", _RECORD, "Nhập lại tệp hỏi từng chỗ khác nhau.",
    ),
    "units_unlisted": Contradiction(
        "Sổ chưa có danh sách đơn vị; khi có đơn vị {needed}, {other} đơn vị chỉ mới được nhắc tên ({step}) "
        "là ngoài danh sách, không ghi thêm người vào được.",
        "Thêm cả các đơn vị ấy (dubi unit add) rồi hãy ghi tiếp.",
        "Lập danh sách đơn vị khi còn đơn vị chỉ được nhắc tên", _RECORD,
        "Nhập sổ nêu từng đơn vị ngoài danh sách.",
    ),
    "held_back": Contradiction(
        "Đang vướng: {needed}", "Giải quyết điều vướng trước.",
        "Ghi một bước quyết định trong khi hồ sơ đang vướng", _RECORD, "Kiểm tra (dubi check) nêu điều vướng.",
    ),
    "comes_blocked": Contradiction(
        "Làm phát sinh vướng mắc: {needed}", "", "Ghi xong thì phát sinh một vướng mắc mới", _RECORD,
        "Kiểm tra (dubi check) nêu điều vướng.",
    ),
    "goes_back": Contradiction(
        "Hồ sơ trở lại từ “{other}” thành “{needed}”.", "Chỉ sửa khi bước đã ghi là ghi nhầm.",
        "Sửa làm một người lùi lại giai đoạn trước", _RECORD, "Chỉ có khi sửa.",
    ),
}  # fmt: skip
_FEW = 5
VERY_YOUNG = 15
"""Years below which a date of birth is more often a slip of the pen than a candidate; no rule of the law."""


class Doubt(NamedTuple):
    """One contradiction met in one record; ``field`` and ``day`` say where it stands."""

    code: str
    step: str = ""
    on: str = ""
    other: str = ""
    needed: str = ""
    field: str = ""
    day: dt.date | None = None
    whose: str = ""
    """The code of the case, where many are changed at once."""

    @property
    def refused(self) -> bool:
        """Whether it cannot be confirmed."""
        return CATALOGUE[self.code].impossible

    def at(self, door: Door) -> Outcome | None:
        """What a door makes of it; None where it lets it pass."""
        return CATALOGUE[self.code].doors.get(door)

    @property
    def said(self) -> str:
        """What is wrong."""
        words = CATALOGUE[self.code].said
        return words.format(step=self.step, on=self.on, other=self.other, needed=self.needed)

    @property
    def todo(self) -> str:
        """What to do about it."""
        return CATALOGUE[self.code].todo

    def __str__(self) -> str:
        return f"{self.said} {self.todo}".strip()


class Impossible(BadInput):
    """What was to be recorded cannot be; nothing was written."""

    def __init__(self, doubts: Iterable[Doubt]) -> None:
        self.doubts = tuple(doubts)
        lines = [f"  - {line}" for line in in_words(self.doubts)]
        super().__init__("\n".join(["Không ghi được; chưa có gì thay đổi.", *lines]))


class Unconfirmed(BadInput):
    """What was to be recorded is unusual, and nobody said that it is meant; nothing was written."""

    def __init__(self, doubts: Iterable[Doubt]) -> None:
        self.doubts = tuple(doubts)
        last = "Nếu đúng là như vậy, chạy lại lệnh và thêm --confirm."
        super().__init__(f"{unusual_in_words(self.doubts)}\n{last}")


def unusual_in_words(doubts: Iterable[Doubt]) -> str:
    """What is unusual, line by line, for whoever is asked whether it is meant."""
    return "\n".join(["Có điều bất thường nên chưa ghi.", *(f"  - {line}" for line in in_words(doubts))])


def in_words(doubts: Iterable[Doubt]) -> list[str]:
    """Doubts line by line; one that many cases share stands once, with their codes."""
    whose: dict[str, list[str]] = {}
    for doubt in doubts:
        whose.setdefault(str(doubt), []).append(doubt.whose)
    lines = []
    for said, codes in whose.items():
        shown = ", ".join(codes[:_FEW]) + (f" và {len(codes) - _FEW} hồ sơ nữa" if codes[_FEW:] else "")
        lines.append(f"{said} ({shown})" if shown else said)
    return lines
