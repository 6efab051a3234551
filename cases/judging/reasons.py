"""The catalogue of what can be wrong with a cell: stable codes, the reason and what to do, in plain Vietnamese.

A code of the roster catalogue keeps its name there; the words may be finer here.
"""

from __future__ import annotations

from typing import NamedTuple

from rules.loader.spelling import days


class Reason(NamedTuple):
    """Why a cell is not taken (or taken with a doubt) and what to do about it; both may hold `{details}`."""

    reason: str
    suggestion: str


CATALOGUE: dict[str, Reason] = {
    # what must be there
    "missing_code": Reason("Thiếu mã.", "Cấp mã cho dòng này; mã không được trùng với dòng khác."),
    "missing_name": Reason("Thiếu họ và tên.", "Bổ sung họ và tên rồi nhập lại."),
    "missing_value": Reason("Ô này phải có nội dung.", "Bổ sung rồi nhập lại, hoặc xoá cả dòng nếu không dùng."),
    "missing_birth_date": Reason("Thiếu ngày sinh.", "Bổ sung; chưa biết thì những quy định về tuổi chưa xét được."),
    # dates
    **{code: Reason(*words) for code, words in days.REASONS.items()},
    "day_known": Reason(
        "Ô này dành cho việc chưa rõ ngày, mà lại ghi cả ngày.",
        "Ghi ngày vào cột của ngày ấy, để trống ô này; chỉ rõ tháng thì định dạng ô là Văn bản (Text), ghi 03/2019.",
    ),
    "not_partly": Reason(
        "Không phải là năm, tháng/năm hay x.",
        "Ghi 2019, 03/2019, hoặc x khi cả năm cũng chưa rõ; năm từ 1900 đến 2100.",
    ),
    "dates_out_of_order": Reason(
        "Trước {earlier} ({earlier_on}).", "Đối chiếu quyết định gốc; nếu đúng thì để nguyên."
    ),
    "period_backwards": Reason("Trước ngày đầu kỳ ({begins_on}).", "Đổi lại hai ngày."),
    # values
    "unknown_code": Reason("Không có trong danh mục.", "{hint}"),
    "unknown_mark": Reason("Không rõ là có hay không.", "Ghi x nếu có, để trống nếu không."),
    "bad_number": Reason("Không phải là số nguyên hợp lệ.", "{hint}"),
    "bad_decimal": Reason(
        "Không phải là một số ghi được.", "Ghi số không âm, không có dấu chấm ngăn hàng nghìn, ví dụ 1234 hoặc 3,5."
    ),
    "digits_lost": Reason("Số dài đã bị Excel làm tròn.", "Lấy lại từ bản gốc và định dạng ô thành Văn bản (Text)."),
    "unreadable": Reason(
        "Có ký tự điều khiển, không phải chữ (thường do bảng mã cũ).", "Gõ lại ô này bằng tiếng Việt Unicode."
    ),
    "too_long": Reason("Dài quá {longest} ký tự.", "Viết gọn lại; phần giải thích để ở cột Ghi chú."),
    "formula_error": Reason("Công thức trong ô bị lỗi.", "Sửa công thức, hoặc gõ thẳng giá trị vào ô."),
    "formula_empty": Reason("Công thức chưa có kết quả lưu trong tệp.", "Mở bằng Excel, lưu lại rồi nhập lại."),
    # what must agree
    "duplicate_code": Reason("Mã này đã dùng ở dòng {rows}.", "Sửa một trong các dòng; mỗi mã chỉ dùng một lần."),
    "duplicate_row": Reason("Trùng với dòng {rows}.", "Giữ một dòng, xoá dòng thừa."),
    "person_mismatch": Reason(
        "Cùng mã người với dòng {rows} nhưng khác họ tên, ngày sinh hoặc giới tính.",
        "Sửa cho giống nhau nếu là một người; nếu không, sửa mã người.",
    ),
    "unit_unknown": Reason("Đơn vị không có trong sheet “Đơn vị”.", "{hint}"),
    "step_of_others": Reason(
        "Bước này do người khác ghi, tài khoản này không được ghi: để nguyên như trong kho.",
        "Việc của cấp ủy thì cấp ủy ghi hoặc nhập; việc của chi bộ thì chi bộ.",
    ),
    "unit_unlisted": Reason(
        "Kho có danh sách đơn vị nhưng chưa có đơn vị này.", "Thêm đơn vị ở sheet “Đơn vị” rồi nhập lại, hoặc sửa mã."
    ),
    "unit_circle": Reason("Đơn vị trực thuộc vòng quanh chính nó.", "Sửa ô Trực thuộc của đơn vị {units}."),
    "unit_parent_differs": Reason(
        "Nơi trực thuộc khác với dòng sau cùng của đơn vị này ở sheet “Quá trình đơn vị” (dòng {row}).",
        "Sửa cho hai sheet khớp nhau.",
    ),
    "course_unknown": Reason("Lớp không có trong sheet “Lớp”.", "{hint}"),
    "case_unknown": Reason("Hồ sơ không có trong sheet “Hồ sơ”.", "{hint}"),
    # what agrees badly, and is taken
    "certificate_differs": Reason(
        "Khác cột “{header}” của sheet “Hồ sơ” ({on}).", "Ngày ở sheet “Hồ sơ” được dùng; sửa cho khớp."
    ),
    "name_differs": Reason("Khác họ tên của hồ sơ này ở sheet “Hồ sơ”.", "Sửa cho khớp hoặc để trống ô họ tên."),
    "later_step": Reason(
        "Sheet “Bước” có lần sau của bước này, ngày {on}; lần sau được dùng.", "Sửa cột này cho khớp với lần sau."
    ),
    "column_absent": Reason("Sổ không có cột này; coi như cả cột để trống.", "Thêm cột nếu có số liệu."),
    "column_unknown": Reason("Cột không có trong mẫu; không đọc cột này.", "{hint}"),
    "sheet_unknown": Reason("Sheet không có trong mẫu; không đọc sheet này.", "Đổi tên nếu là một sheet của mẫu."),
}


def explain(code: str, **details: object) -> Reason:
    """The reason and suggestion of a code, with its details put in."""
    reason = CATALOGUE[code]
    return Reason(reason.reason.format(**details), reason.suggestion.format(**details))
