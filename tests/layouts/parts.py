"""The parts that headings and people of made-up lists are put together from."""

from __future__ import annotations

import random
from collections.abc import Callable

FAMILIES = ["Nguyễn", "Trần", "Lê", "Phạm", "Lò", "Vừ", "Hoàng", "Đặng", "Quàng", "Bùi", "Đỗ", "Ngô", "Dương"]
MIDDLES = ["Văn", "Thị", "Quốc", "Thuỳ", "Đình", "Hữu", "Mạnh", "Ngọc", "Thanh", "Minh"]
GIVEN = ["An", "Bình", "Hạnh", "Kiên", "Mận", "Toản", "Lụa", "Loan", "Hùng", "Tủa", "Nghĩa", "Dũng", "Hoà", "Ân"]
UNITS = ["Chi bộ Thôn 1", "Chi bộ Thôn 2", "Chi bộ Trường Tiểu học", "Chi bộ Cơ quan"]

DAY = ["Ngày", "Ngày", "Ngày", "Ngày tháng năm", "Ngày, tháng, năm"]
COURSES = ["nhận thức về Đảng", "cảm tình Đảng", "đối tượng Đảng", "ĐTĐ", "bồi dưỡng nhận thức về Đảng"]
PARTY = ["", "", " Đảng", " vào Đảng"]
HEADINGS: dict[str, list[Callable[[random.Random], str]]] = {
    "code": [
        lambda r: f"Mã {r.choice(['hồ sơ', 'học viên', 'cán bộ', 'sinh viên', 'nhân viên', 'số', 'viên chức'])}",
    ],
    "born_on": [
        lambda r: r.choice(["Ngày sinh", "Sinh ngày", "Ngày tháng năm sinh", "Ngày, tháng, năm sinh", "NTNS"]),
    ],
    "sex": [lambda r: r.choice(["Giới tính", "Nam/Nữ", "Giới", "Nam, nữ"])],
    "unit": [lambda r: r.choice(["Chi bộ", "Tên chi bộ", "Chi bộ sinh hoạt", "Tổ chức Đảng đang sinh hoạt"])],
    "ethnicity": [lambda r: r.choice(["Dân tộc"])],
    "candidate_on": [
        lambda r: f"{r.choice(DAY)} {r.choice(['', 'chi bộ '])}công nhận {r.choice(['quần chúng ưu tú', 'QCƯT'])}",
        lambda r: f"{r.choice(DAY)} được công nhận là quần chúng ưu tú",
    ],
    "awareness_certified_on": [
        lambda r: (
            f"{r.choice(DAY)} {r.choice(['cấp', 'được cấp', 'nhận'])} {r.choice(['GCN', 'giấy chứng nhận'])} "
            f"{r.choice(['', 'lớp ', 'học lớp '])}{r.choice(COURSES)}"
        ),
    ],
    "admitted_on": [
        lambda r: f"{r.choice(DAY)} {r.choice(['', 'được ', 'tổ chức ', 'làm lễ ', 'lễ '])}kết nạp{r.choice(PARTY)}",
        lambda r: f"{r.choice(DAY)} kết nạp đảng viên",
        lambda r: r.choice(["Ngày vào Đảng", "Ngày vào Đảng (dự bị)", "Ngày KN", "Vào Đảng", "Ngày vào ĐCSVN"]),
    ],
    "recognised_from": [
        lambda r: f"{r.choice(DAY)} {r.choice(['', 'công nhận ', 'chuyển ', 'được công nhận '])}chính thức",
        lambda r: f"{r.choice(DAY)} công nhận {r.choice(['đảng viên chính thức', 'ĐVCT'])}",
        lambda r: r.choice(["Ngày CT", "Ngày vào Đảng chính thức", "Ngày vào Đảng (chính thức)", "Chính thức"]),
    ],
    "due_typed": [
        lambda r: (
            f"{r.choice(['Ngày hết', 'Hạn', 'Ngày đến hạn', 'Ngày hết hạn', 'Ngày hết thời gian'])} "
            f"{r.choice(['dự bị', 'đảng viên dự bị'])}"
        ),
        lambda r: f"Hạn công nhận {r.choice(['chính thức', 'đảng viên chính thức'])}",
    ],
    "helper": [
        lambda r: r.choice(
            [
                "Đảng viên giúp đỡ",
                "Người giúp đỡ",
                "Đảng viên được phân công giúp đỡ",
                "ĐV hướng dẫn",
                "Người hướng dẫn",
            ]
        ),
    ],
}
NAMES = ["Họ và tên", "Họ tên", "Họ và tên đảng viên", "Họ và tên người vào Đảng", "Họ tên đảng viên dự bị"]
CHECKED = [*HEADINGS, "full_name"]
"""The facts that are held against the truth."""
