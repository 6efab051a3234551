"""What an importer says about a roster: stable codes, each with its reason and what to do, in plain Vietnamese."""

from __future__ import annotations

from cases.judging.reasons import CATALOGUE as OF_OUR_WORKBOOK
from cases.judging.reasons import Reason
from rules.loader.spelling import days

_LEFT_EMPTY = "; ô được để trống"
_NO_LIMIT = ", chưa tính được thời hạn"


def _of_day(code: str, outcome: str = "", do: str | None = None) -> Reason:
    """The words of every door about a bad date, with what a list makes of it, and what to do where that differs."""
    reason, usual = days.REASONS[code]
    return Reason(f"{reason.removesuffix('.')}{outcome}.", do or usual)


CATALOGUE: dict[str, Reason] = {
    # names and codes
    "missing_name": Reason("Thiếu họ và tên.", "Bổ sung họ và tên rồi nhập lại."),
    "bad_name": Reason(
        "Ô họ tên không phải là tên người (có chữ số, ký hiệu hoặc chỉ một chữ cái).",
        "Sửa lại họ tên cho đủ rồi nhập lại.",
    ),
    "name_extra": Reason(
        "Ô họ tên có thêm “{extra}”; phần này không đưa vào tên.", "Chuyển phần đó sang cột riêng nếu cần giữ."
    ),
    "maybe_heading": Reason(
        "Dòng không có số thứ tự và chỉ có chữ ở cột họ tên; không rõ là người hay là dòng nhóm.",
        "Nếu là người thì ghi số thứ tự, ngày sinh; nếu là dòng nhóm thì bỏ, hoặc ghi rõ chi bộ, tình trạng.",
    ),
    "name_beside": Reason(
        "Bên cạnh họ tên có chữ ở cột không có tiêu đề; có thể là một phần của họ tên.",
        'Trả lời: --column "{letter}=Tên" nếu là tên, --column "{letter}=" nếu không phải.',
    ),
    "one_word_name": Reason("Họ tên chỉ có một chữ.", "Nếu đủ họ tên thì để nguyên; nếu thiếu họ thì bổ sung."),
    "values_differ": Reason(
        "Hai cột cùng nghĩa “{label}” ghi khác nhau ({one} và {other}); chưa lấy bên nào.",
        'Sửa cho giống nhau, hoặc bỏ một cột: --column "{letter}=".',
    ),
    "missing_code": Reason("Thiếu mã, trong khi tệp có cột mã.", "Cấp mã cho dòng này rồi nhập lại."),
    "duplicate_code": Reason("Mã này đã dùng ở dòng {rows}.", "Sửa một trong các dòng; mỗi mã chỉ dùng cho một người."),
    "person_mismatch": Reason(
        "Mã này trong kho là của “{whose}”, khác họ tên ở dòng này.",
        "Kiểm tra lại mã và họ tên; đúng là một người thì trả lời: {same}.",
    ),
    "code_ambiguous": Reason(
        "Mã này chỉ khác mã của {others} ở chữ hoa, dấu cách hoặc chữ cái trông giống nhau.",
        "Ghi đúng mã đã có, hoặc dùng một mã khác hẳn.",
    ),
    "code_of_another": Reason(
        "Mã này trong kho là của “{whose}”, và không có ngày sinh để so.",
        "Trả lời: cùng một người thì {same}, khác người thì {other}.",
    ),
    "duplicate_id": Reason("Trùng số định danh với dòng {rows}.", "Sửa một trong các dòng."),
    "match_maybe": Reason(
        "Trùng họ tên và ngày sinh với {whom}; có thể là một người.",
        "Trả lời: cùng một người thì {same}, khác người thì {other}.",
    ),
    "legacy_text": Reason(
        "Chữ bị hỏng hoặc theo bảng mã cũ, không đọc được chắc chắn.",
        "Dùng tệp có phông gốc (.VnTime, VNI-Times) hoặc gõ lại bằng Unicode; thêm --decode để vẫn đổi, --no-decode để "
        "giữ nguyên.",
    ),
    # birth and sex
    "sex_unclear": Reason("Không rõ Nam hay Nữ.", "Đánh dấu hoặc ghi năm sinh vào đúng một cột, Nam hoặc Nữ."),
    "sex_missing": Reason("Không có Nam hay Nữ.", "Bổ sung giới tính."),
    "missing_birth_date": Reason("Thiếu ngày sinh.", "Bổ sung ngày sinh."),
    "birth_date_unread": Reason(
        "Không đọc được ngày sinh; ô được để trống.", "Ghi theo dạng ngày/tháng/năm, ví dụ 03/02/1980."
    ),
    # dates: the words of every door, and where they differ because the cell is left empty and the row is taken
    **{code: _of_day(code) for code in days.REASONS},
    "year_only": _of_day("year_only", do="Bổ sung ngày, tháng; chưa biết thì để nguyên, chỉ năm được ghi lại."),
    "step_year_only": _of_day("year_only", _NO_LIMIT, do="Cần ngày đầy đủ: bổ sung ngày, tháng."),
    "month_only": _of_day("month_only", do="Bổ sung ngày; chưa biết thì để nguyên, chỉ năm được ghi lại."),
    "step_month_only": _of_day("month_only", _NO_LIMIT, do="Cần ngày đầy đủ: bổ sung ngày."),
    "day_unread": _of_day("not_a_date", _LEFT_EMPTY, do="Ghi theo dạng ngày/tháng/năm nếu cần."),
    "date_as_number": Reason(
        "Đây là một con số, có thể là ngày {example}; ô được để trống.", "Xác nhận, hoặc định dạng ô thành Ngày."
    ),
    "year_out_of_range": _of_day("year_out_of_range", _LEFT_EMPTY),
    "due_differs": Reason(
        "Hạn ghi trong tệp khác ngày hết 12 tháng dự bị tính được ({on}).", "Ngày tính được sẽ được dùng; sửa tệp."
    ),
    "joined_differs": Reason(
        "“Ngày vào Đảng” ({on}) khác ngày kết nạp; ngày kết nạp được giữ.", "Cho biết “Ngày vào Đảng” là ngày gì."
    ),
    # numbers
    "zero_lost": Reason(
        "Số có {digits} chữ số, có thể mất số 0 ở đầu; ô được để trống.",
        "Xác nhận thêm số 0, hoặc ghi lại dạng văn bản.",
    ),
    "digits_lost": Reason(
        "Số đã thành dạng {example}, mất các chữ số cuối; ô được để trống.",
        "Lấy lại từ tệp gốc và định dạng ô thành Văn bản (Text).",
    ),
    "placeholder_id": Reason("Số giả (toàn số 0 hoặc số đếm); ô được để trống.", "Để trống nếu chưa có."),
    "old_id": Reason("Số có 9 chữ số, có thể là số CMND cũ; ô được để trống.", "Xác nhận, hoặc chuyển sang cột CMND."),
    "bad_id": Reason("Không phải số định danh 12 chữ số; ô được để trống.", "Kiểm tra lại số."),
    "old_card": Reason("Có vẻ là số thẻ cũ; ô được để trống.", "Xác nhận, hoặc chuyển sang cột số thẻ cũ."),
    "many_phones": Reason("Ô có nhiều số điện thoại; ô được để trống.", "Tách mỗi số một ô."),
    "bad_number": Reason("Không phải là số; ô được để trống.", "Ghi một số nguyên."),
    # values
    "stack_count": Reason(
        "Ô có {found} giá trị, tiêu đề có {wanted} ({labels}).", "Ghi đủ mỗi giá trị một dòng trong ô, hoặc tách cột."
    ),
    "ditto": Reason(
        "Ô ghi dấu như trên (“{sign}”); ô được để trống.", "Ghi lại giá trị, hoặc xác nhận lấy giá trị dòng trên."
    ),
    **{code: OF_OUR_WORKBOOK[code] for code in ("day_known", "not_partly")},
    "unknown_mark": Reason("Không rõ là có hay không; ô được để trống.", "Ghi x nếu có, để trống nếu không."),
    "unknown_code": Reason("Không có trong danh mục; ô được để trống.", "{hint}"),
    "unknown_ethnicity": Reason("Không có trong danh mục dân tộc; giữ nguyên chữ.", "Kiểm tra lại tên dân tộc."),
    "too_long": Reason("Dài quá {longest} ký tự; ô được để trống.", "Viết gọn lại."),
    "unit_unknown": Reason("Đơn vị không có trong danh mục; ô được để trống.", "Chọn hoặc thêm đơn vị."),
    "formula_empty": Reason("Công thức chưa có kết quả lưu trong tệp.", "Mở bằng Excel, lưu lại rồi nhập lại."),
    "formula_error": Reason("Công thức trong ô bị lỗi.", "Sửa công thức, hoặc gõ thẳng giá trị vào ô."),
    # status and exit
    "status_unknown": Reason("Trạng thái lạ.", "Chọn một trong: {known}."),
    "status_differs": Reason(
        "Trạng thái “{status}” không khớp với các ngày ({what}).", "Kiểm tra trạng thái và các ngày."
    ),
    "status_undated": Reason("Có trạng thái “{status}” nhưng không có ngày.", "Bổ sung ngày."),
    "step_undated": Reason("Việc này đã có nhưng không ghi ngày.", "Bổ sung ngày, tháng, năm."),
    "official_unadmitted": Reason("Đã là đảng viên chính thức mà không có ngày kết nạp.", "Bổ sung ngày kết nạp."),
    "step_column_unread": Reason(
        "Cột này có thể là ngày kết nạp hay ngày chính thức mà chưa rõ nghĩa; người này được coi là đã kết nạp, "
        "chưa rõ ngày.",
        "Cho biết nghĩa của cột.",
    ),
    "date_remark": Reason("Ô ngày có ghi thêm; lấy ngày, phần ghi thêm đưa vào ghi chú.", "Xem lại."),
    "exit_kind_unknown": Reason("Chưa rõ hình thức ra khỏi Đảng.", "Chọn: xin ra, xoá tên, khai trừ hoặc từ trần."),
    "course_undated": Reason(
        "Đã học lớp đảng viên mới nhưng không có ngày cấp giấy chứng nhận.", "Bổ sung ngày cấp giấy chứng nhận."
    ),
    "differs_from_stored": Reason("Trong kho là {stored}; giữ ngày trong kho.", "Đối chiếu bản gốc rồi sửa bên sai."),
    # columns and the file
    "header_ambiguous": Reason("Cột có nhiều nghĩa: {meanings}; cột chưa được đọc.", "Chọn ý nghĩa của cột."),
    "column_asked": Reason(
        "Không rõ cột này là gì, mà trong cột có {holds}; cột chưa được đọc. Có thể là: {likely}.",
        'Trả lời, ví dụ: --column "{letter}={example}"; không đọc: --column "{letter}=".',
    ),
    "one_word_names": Reason("Có họ tên chỉ một chữ: dòng {rows}.", "Nếu đủ họ tên thì để nguyên."),
    "not_marked": Reason(
        "Không đánh dấu là đảng viên, cũng không có ngày nào của quần chúng; chưa rõ người này có theo dõi không.",
        "Nếu là quần chúng thì ghi ngày công nhận quần chúng ưu tú; không thì bỏ dòng này.",
    ),
    "column_unread": Reason("Không rõ cột này là gì; cột không được đọc.", "Cho biết ý nghĩa của cột nếu cần."),
    "column_repeated": Reason("Có {columns} cột cùng nghĩa “{label}”; các cột đó chưa được đọc.", "Chọn một cột."),
    "joined_meaning": Reason("Được hiểu là {meaning}.", "Đổi nếu không phải."),
    "month_first_column": Reason(
        "Cột có dấu hiệu tháng đứng trước ngày, nên chưa nhận ngày nào của cột.",
        'Tháng đứng trước thì thêm --column "{letter}=tháng/ngày", không thì --column "{letter}=ngày/tháng".',
    ),
    "months_before_days": Reason("{count} ô trong cột có tháng đứng trước ngày.", "Định dạng lại cột trong tệp gốc."),
    "legacy_font": Reason("Chữ theo phông cũ ({encoding}) đã đổi sang Unicode: {samples}.", "Xem lại vài dòng."),
    "legacy_column": Reason(
        "Cột theo bảng mã cũ ({encoding}), đã đổi sang Unicode: {samples}.", "Xem lại; nếu đổi sai, báo không đổi."
    ),
    "legacy_undecided": Reason(
        "Cột có chữ theo bảng mã cũ, chưa đổi được chắc chắn: {samples}.", "Gửi kèm tệp có phông gốc."
    ),
    "several_sheets": Reason(
        "Tệp có {count} trang có danh sách; đọc trang “{sheet}”.", "Chọn trang khác nếu cần: {others}."
    ),
    "unit_unnamed": Reason(
        "Danh sách không cho biết chi bộ; chi bộ để trống.", "Cho biết danh sách của chi bộ nào{offer}"
    ),
    "count_mismatch": Reason("Tệp ghi {declared}, đọc được {read}{where}.", "Tìm dòng thiếu hoặc thừa."),
    "numbering": Reason("Số thứ tự thiếu hoặc trùng: {rows}.", "Kiểm tra có sót dòng không."),
    "hidden_data": Reason(
        "Có dòng, cột hoặc trang ẩn: {what}.", "Kiểm tra trước khi nhập; các dòng, cột ẩn vẫn được đọc."
    ),
    "struck_rows": Reason(
        "Có dòng bị gạch ngang: {rows}.", "Gạch ngang không được hiểu là đã chuyển hay đã mất; kiểm tra lại."
    ),
    "comments_unread": Reason("Có {count} chú thích trong ô không được đọc.", "Xem lại các chú thích trong tệp."),
    "counts_from_1904": Reason(
        "Tệp đếm ngày từ năm 1904 (Excel trên máy Mac); các ngày đã được đổi.", "Xem lại vài ngày."
    ),
    "same_date": Reason("Mọi dòng có cùng một ngày ({on}).", "Có thể là ngày điền sẵn; kiểm tra lại."),
    "first_of_january": Reason("{count} dòng có ngày 01/01.", "Có thể chỉ biết năm; kiểm tra lại."),
    "form_changed": Reason("Đã chỉnh về hình thức: {what}.", "Không cần làm gì."),
    "delete_requested": Reason("Có đề nghị xoá ở dòng {rows}; không hồ sơ nào bị xoá.", "Xem xét từng người."),
    "profile_found": Reason("Nhận ra mẫu “{title}”.", "{note}"),
    "column_absent": Reason("Tệp không có cột “{header}”; mọi dòng để trống.", "Bổ sung nếu có số liệu."),
    "places_unread": Reason("Dòng nhóm là địa danh, không phải chi bộ: {names}.", "Cho biết chi bộ nếu cần."),
    "codes_given": Reason("Tệp không có cột mã; {count} người được cấp mã.", "Mã giữ nguyên khi nhập lại tệp này."),
    "kept_from_store": Reason("{count} ô khác với kho; giữ giá trị trong kho.", "Sửa từng hồ sơ nếu tệp đúng."),
}

STABLE = {
    "step_year_only": "year_only",
    "step_month_only": "month_only",
    "sex_missing": "sex_unclear",
    "birth_date_unread": "missing_birth_date",
    "month_first": "impossible_date",
    "not_a_date": "impossible_date",
    "two_dates": "stack_count",
    "formula_error": "formula_empty",
    "joined_differs": "dates_out_of_order",
    "due_differs": "dates_out_of_order",
    "differs_from_stored": "dates_out_of_order",
}
"""Finer words that are known by the code of their family."""


def explain(code: str, **details: object) -> Reason:
    """The reason and suggestion of a code, with its details put in."""
    reason = CATALOGUE[code]
    return Reason(reason.reason.format(**details), reason.suggestion.format(**details))


def ways_to_answer(row: int, block: int = 1, sheet: str | None = None) -> dict[str, str]:
    """How it is said who the person of a row is, word by word: the same as somebody, or another."""
    place = f"{f'{sheet}!' if sheet else ''}{row}{f'/{block}' if block > 1 else ''}"
    quote = '"' if " " in place else ""
    return {name: f"--row {quote}{place}={word}{quote}" for name, word in (("same", "cung"), ("other", "khac"))}


def stable(code: str) -> str:
    """The code by which programs know a reason."""
    return STABLE.get(code, code)
