"""What the README shows is run: every command of its shell blocks, in order, as a reader would type them."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from cli.families import FAMILIES
from tests.calling import call
from tests.whole import only_whole

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ENGLISH, _, VIETNAMESE = README.partition("## Dành cho bí thư và chi ủy")


def shell_lines(text: str) -> list[str]:
    """The lines of the shell blocks of a text."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines()]


PRINTED = {
    "check": r"Quá hạn\b.*\n.*HS-\d{4}|Quá hạn: [1-9]",
    "stats": r"(kết nạp|recognition).* [1-9]",
    "init": r"Đã tạo kho|đã có và dùng được",
    "import": r"Hồ sơ: mới \d+, thay đổi \d+, giữ nguyên \d+",
    "units": r"CB-04 .* [1-9]",
    "explain": r"Có phát hiện: [1-9]",
    "due": r"Sắp đến hạn trong 90 ngày .*: [1-9]",
    "timings": r"Mỗi bước mất bao nhiêu ngày|HS-\d{4}  .* [1-9]",
    "ahead": r"(?m)^  \d\d/\d{4} +[1-9]",
    "export": r"[1-9]\d* hồ sơ ra tệp",
    "find": r"HS-0404  Nguyễn Văn Hải",
    "show": r"Ngày kết nạp",
    "steps": r"chi-bo-xet-chinh-thuc",
    "record": r": ghi \d\d/\d\d/\d{4}",
    "correct": r" → ",
    "add": r"thêm hồ sơ",
    "move": r"Mã đơn vị: CB-0\d → CB-0\d",
    "leave": r"Ngày ra khỏi Đảng: ghi",
    "submit": r"Nộp hồ sơ đến: trống → DU",
    "return": r"Lý do trả lại hồ sơ: trống → Thiếu",
    "course": r"Lớp NT-2027-\d",
    "enrol": r"thêm học viên",
    "case": r"bỏ hồ sơ|Mã hồ sơ: HS-0006 →|HS-0005: ",
    "unit": r"thêm đơn vị|trống → |Trực thuộc: |nhập vào CB-03|Ngày kết thúc|trực thuộc DU",
    "target": r"CB-\d\d · 2026: .*[1-9]",
    "log": r"root|Nhật ký còn nguyên: [1-9]|\d{8}-\d{6}",
    "undo": r"Đã hoàn tác lần ghi",
    "redo": r"Đã làm lại lần ghi",
    "backup": r"đã kiểm tra toàn vẹn",
    "restore": r"Đã phục hồi kho .*: [1-9]",
    "person": r"[1-9]\d* mục trong sổ|Hồ sơ sẽ xoá: HS-000",
    "privacy": r"hồ sơ HS-0138|Giữ hồ sơ người đã ra khỏi Đảng: [1-9]|Đã ghi ra tệp",
    "report": r"đúng như biên nhận|Vẫn đúng như đã báo|F2 +|Đã ghi bieu-2",
    "list": r"Đã ghi [1-9]\d* việc",
    "remind": r"Đã ghi [1-9]\d* hạn",
    "news": r"(Mới|Đang) có, quá hạn: [1-9]",
    "figure": r"Văn bản đã ban hành",
    "reconcile": r"[1-9]\d* ô có số",
    "paper": r"nghi-quyet|Đã ghi",
    "plan": r"Cấp có thẩm quyền quyết định công nhận",
    "what-if": r"Không còn: [1-9]",
    "rules": r"chậm xét công nhận|[1-9]\d* điểm khác nhau|Phải sửa: 0|quy định của ngày|, 0 không như|chưa đối chiếu",
    "overlay": r"ha-noi-2025",
    "sweep": r"Số hồ sơ: [1-9]",
    "template": r"Đã ghi sổ trống",
}
"""What each command of the README prints that a reader can see its use by, on the shipped roster."""
NOTHING = ("không phải ghi gì", "chưa có gì để xét", "Không còn bước nào", "Không có gì", "Không tìm thấy")
"""Sentences that say there is nothing to be seen; a file taken in a second time says the first one, and is to."""


def by_name() -> dict[str, str]:
    """The English name of every command, by either name."""
    pairs = (words for words in FAMILIES.values())
    return {name: words[place - place % 2] for words in pairs for place, name in enumerate(words)}


@only_whole
@pytest.mark.parametrize("part", [ENGLISH, VIETNAMESE], ids=["English", "Vietnamese"])
def test_every_command_works(part: str, tmp_path: Path) -> None:
    """Each `dubi` line runs from an empty store to its end without complaint, and shows what the command is for.

    Each part of the README stands for itself.
    """
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    commands = [shlex.split(line) for line in shell_lines(part) if line.startswith("dubi ")]
    assert len(commands) > 50
    english = by_name()
    for command in commands:
        ran = call(command[1:], tmp_path)
        assert ran.code == 0, f"{command}: {ran.err}"
        name, said = english[command[1]], ran.out + ran.err
        if "--json" not in command:
            assert re.search(PRINTED[name], said), f"{command}: {said}"
        again = name == "import" and command[-1] == "--apply"
        assert again or not [sentence for sentence in NOTHING if sentence in said], f"{command}: {said}"


def test_every_sight_is_of_a_command() -> None:
    """What a command prints is looked for where the README shows the command, and nowhere else."""
    english = by_name()
    shown = {english[line.split()[1]] for line in shell_lines(README) if line.startswith("dubi ")}
    assert PRINTED.keys() == shown


def test_every_make_target_exists() -> None:
    """Each `make` line names a target that there is."""
    targets = set(re.findall(r"^\.PHONY: (\S+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    shown = {line.split()[1] for line in shell_lines(README) if line.startswith("make ")}
    assert shown
    assert shown <= targets


def test_every_command_is_shown() -> None:
    """A reader of either part of the README meets every command that `dubi --help` lists."""
    listed = re.findall(r"^ {2,4}([a-z][a-z-]+)\b", call(["--help"], ROOT).out, re.MULTILINE)
    assert len(listed) > 5
    assert [name for name in listed if not re.search(rf"\bdubi {name}\b", ENGLISH)] == []
    own = {words[place]: words[place + 1] for words in FAMILIES.values() for place in range(0, len(words), 2)}
    assert [own[name] for name in listed if not re.search(rf"\bdubi {own[name]}\b", VIETNAMESE)] == []


def test_every_link_leads_somewhere() -> None:
    """The files that the README and ARCHITECTURE link to are there."""
    for page in ("README.md", "ARCHITECTURE.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), f"{page}: {target}"
