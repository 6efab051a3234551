"""The page `docs/dem-ai.md`: of every counted figure, whose membership it asks, and on which day; made from the data.

What an indicator asks is read from its own condition: the marks of `belonging` that it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from desk.counting.ledgers import compiled_indicators
from engine.language.tree import facts_read
from engine.ruleset import load_ruleset
from engine.statistics.behind_a_figure import facts_behind
from engine.statistics.indicators import Indicator, Indicators
from engine.statistics.references import reference

PAGE = Path(__file__).parents[2] / "docs" / "dem-ai.md"

ASKED = {
    "elsewhere": "người được tính ở đây vào ngày tính đến",
    "admission_elsewhere": "người ở đây vào ngày kết nạp, trước đó chưa là đảng viên",
    "exit_elsewhere": "người là đảng viên ở đây ngay trước khi ra khỏi Đảng",
    "term_elsewhere": "người là đảng viên ở đây vào ngày hết 12 tháng dự bị",
    "candidate_elsewhere": "người ở đây vào ngày được công nhận quần chúng ưu tú",
    "certified_elsewhere": "người ở đây khi được cấp chứng nhận lần đầu",
    "decision_elsewhere": "người ở đây khi có quyết định kết nạp",
    "recognition_elsewhere": "người ở đây vào ngày có quyết định chính thức",
    "recognition_partly_elsewhere": "người ở đây khi được công nhận chính thức",
    "effect_elsewhere": "người ở đây vào ngày được công nhận chính thức",
    "discipline_elsewhere": "người là đảng viên ở đây vào ngày bị kỷ luật",
}
"""The marks of what is no event here, and whose membership is asked where one is read."""
_OF_THE_MOVE = "người là đảng viên ở đây trước khi đi, hoặc đã là đảng viên khi đến"
NOT_OF_MEMBERS = {
    "courses": "không xét: đếm lớp",
    "enrolments": "không xét: đếm học viên của lớp",
    "targets": "không xét: chỉ tiêu của đơn vị",
    "units": "không xét: đếm tổ chức đảng",
}


def asks(indicators: Indicators, indicator: Indicator) -> str:
    """Whose membership an indicator asks; empty where it asks nobody's although it counts people."""
    if indicator.population in NOT_OF_MEMBERS:
        return NOT_OF_MEMBERS[indicator.population]
    if indicator.population == "moves":
        return _OF_THE_MOVE
    if "moved_out_on" in facts_read(indicator.when):
        return "người đã chuyển đi khỏi đây"
    read = facts_behind(indicators, indicator)
    return "; ".join(words for mark, words in ASKED.items() if mark in read)


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Name, label, whose membership, which day: of every counted indicator."""
    indicators = compiled_indicators(load_ruleset())
    for name, text in indicators.texts.items():
        if text.counted:
            indicator = indicators.indicator(reference(name))
            facts = indicators.programs[indicator.population].ruleset.vocabulary.facts
            day = (
                facts[text.at].label
                if text.at
                else "Ngày chuyển"
                if indicator.population == "moves"
                else "Ngày tính đến"
            )
            yield name, text.label, asks(indicators, indicator), day


def page() -> str:
    """The page as the data gives it now."""
    lines = [
        "# Đếm ai, ở đâu, vào ngày nào",
        "",
        "Trang này làm từ dữ liệu bằng lệnh `make docs`. Đơn vị, thuộc tính của mỗi người lấy theo ngày ở cột “Ngày”.",
        "Các dòng của một người (cùng Mã người) là một: một bước tính một lần, ở nơi người ấy sinh hoạt vào ngày đó.",
        "Trước khi chuyển đến, sau khi chuyển đi hoặc ra khỏi Đảng thì không bước nào tính ở đây.",
        "",
        "| Chỉ tiêu | Tên | Tính người nào | Ngày |",
        "|---|---|---|---|",
        *(f"| `{name}` | {label} | {whose} | {day} |" for name, label, whose, day in rows()),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
