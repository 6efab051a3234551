"""The page `docs/ghi-so.md`, as far as it is made from data: the doubts, and the names of the steps.

python -m cases.changes.page
"""

from __future__ import annotations

import re
from pathlib import Path

from cases.changes.steps import kinds
from cases.judging.doubts import IMPOSSIBLE, UNUSUAL

PAGE = Path(__file__).parents[2] / "docs" / "ghi-so.md"


REPEATED = "- Cùng một bước, cùng một ngày, ghi lần nữa."
"""What is refused before any record could be judged."""


def doubts() -> str:
    """The two lists of doubts."""
    lines = ["## Không ghi được", "", REPEATED, *(f"- {words.title}." for words in IMPOSSIBLE.values())]
    lines += ["", "## Phải xác nhận (`--confirm`, hoặc trả lời trên màn hình)", ""]
    lines += [f"- {words.title}." for words in UNUSUAL.values()]
    return "\n".join(lines)


def steps() -> str:
    """The table of steps."""
    lines = ["| Cột của sổ | Tên gọi khác | Tên tiếng Anh |", "|---|---|---|"]
    lines += [f"| {kind.label} | {', '.join(kind.names) or '–'} | `{kind.name}` |" for kind in kinds().values()]
    return "\n".join(lines)


def filled(page: str) -> str:
    """The page with its made parts made anew."""
    for name, text in (("doubts", doubts()), ("steps", steps())):
        part = re.compile(rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
        page = part.sub(lambda match, text=text: f"{match[1]}{text}\n{match[2]}", page)  # type: ignore[misc]  # bound early
    return page


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
