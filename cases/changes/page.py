"""The pages `docs/ghi-so.md` and `docs/mau-thuan.md`, as far as they are made from data: doubts, doors, names of steps.

python -m cases.changes.page
"""

from __future__ import annotations

import re
from pathlib import Path

from cases.judging.doubts import CATALOGUE, DOORS
from cases.judging.steps import kinds

PAGE, TABLE = (Path(__file__).parents[2] / "docs" / name for name in ("ghi-so.md", "mau-thuan.md"))


REPEATED = "- Cùng một bước, cùng một ngày, ghi lần nữa."
"""What is refused before any record could be judged."""


def doubts() -> str:
    """The two lists of doubts."""
    said = [one for one in CATALOGUE.values() if "record" in one.doors]
    lines = ["## Không ghi được", "", REPEATED, *(f"- {one.title}." for one in said if one.impossible)]
    lines += ["", "## Phải xác nhận (`--confirm`, hoặc trả lời trên màn hình)", ""]
    lines += [f"- {one.title}." for one in said if not one.impossible]
    return "\n".join(lines)


OUTCOMES = {"refused": "không nhận", "asked": "hỏi", "told": "nhận, báo", None: "–"}


def doors() -> str:
    """The table of contradictions by doors."""
    lines = [f"| Điều mâu thuẫn | {' | '.join(DOORS.values())} | Cửa để trống: vì sao |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {one.title} | {' | '.join(OUTCOMES[one.doors.get(door)] for door in DOORS)} | {one.because or ''} |"
        for one in CATALOGUE.values()
    ]
    return "\n".join(lines)


def steps() -> str:
    """The table of steps."""
    lines = ["| Cột của sổ | Tên gọi khác | Tên tiếng Anh |", "|---|---|---|"]
    lines += [f"| {kind.label} | {', '.join(kind.names) or '–'} | `{kind.name}` |" for kind in kinds().values()]
    return "\n".join(lines)


def filled(page: str) -> str:
    """A page with its made parts made anew."""
    for name, text in (("doubts", doubts()), ("steps", steps()), ("doors", doors())):
        part = re.compile(rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
        page = part.sub(lambda match, text=text: f"{match[1]}{text}\n{match[2]}", page)  # type: ignore[misc]  # bound early
    return page


if __name__ == "__main__":
    for file in (PAGE, TABLE):
        file.write_text(filled(file.read_text(encoding="utf-8")), encoding="utf-8")
