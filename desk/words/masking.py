"""What is shown of a person: of her numbers the last three digits, and nothing sensitive that is not written down."""

from __future__ import annotations

from cases.values.masking import MASK as MASK
from cases.values.masking import asking as asking
from cases.values.refusals import without_numbers as without_numbers

HIDDEN = 'Dữ liệu nhạy cảm đã che. Cần xem thì thêm --show-sensitive "LÝ DO"; việc xem được ghi vào nhật ký đọc.'


def before_it_is_shown() -> None:
    """Have what was shown of anybody stand in the reading log before it leaves; raises `StoreProblem`."""
    one = asking()
    if one is not None and one.pending:
        from desk.personal.readings import settle

        settle(one)
