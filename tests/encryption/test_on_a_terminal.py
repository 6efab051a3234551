"""What is asked of whoever sits at a terminal: passphrases without being seen, the recovery code back from paper."""

from __future__ import annotations

import os
import re
import select
import sys
from pathlib import Path

import pytest

from cases.store.connection import sqlite_path
from cases.store.keys import ring
from tests.calling import DUBI
from tests.encryption.conftest import PASSPHRASE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
PATIENCE = 60.0


def at_a_terminal(words: list[str], answers: list[tuple[str, str]], home: Path) -> tuple[int, str]:
    """Run the command at a terminal of its own, answering each question when it comes; its exit code and the screen.

    `CODE` in an answer is the recovery code that the screen shows.
    """
    import pty

    child, terminal = pty.fork()
    if not child:
        os.execve(DUBI, [str(DUBI), *words], {**os.environ, "DUBI_HOME": str(home)})  # noqa: S606  # our own program
    screen, seen, waiting = "", 0, list(answers)
    while True:
        ready, _, _ = select.select([terminal], [], [], PATIENCE)
        assert ready, f"nothing comes after: {screen}"
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # the other side has closed it
            break
        if not piece:
            break
        screen += piece.decode(errors="replace")
        while waiting and re.search(waiting[0][0], screen[seen:]):
            _, answer = waiting.pop(0)
            seen = len(screen)
            code = re.search(r"[A-Z0-9]{4}(?:-[A-Z0-9]{4}){6}", screen)
            os.write(terminal, (answer.replace("CODE", code[0] if code else "") + "\n").encode())
    os.close(terminal)
    _, status = os.waitpid(child, 0)
    assert waiting == [], screen
    return os.waitstatus_to_exitcode(status), screen


def test_asked_and_typed_back(filled: str, tmp_path: Path) -> None:
    """Two passphrases that differ, a code that is mistyped, then all is well; after that each command asks once."""
    home, store = tmp_path / "home", str(sqlite_path(filled))
    encrypt, new = ["store", "encrypt", "--store", store], "Mật khẩu mới của kho: "
    code, screen = at_a_terminal(encrypt, [(new, PASSPHRASE), ("Gõ lại lần nữa", "khác hẳn câu ấy")], home)
    assert (code, "không giống nhau" in screen) == (3, True)
    answers = [
        (new, PASSPHRASE),
        ("Gõ lại lần nữa", PASSPHRASE),
        ("để nguyên", ""),
        ("từ giấy", "nhầm"),
        ("từ giấy", "CODE"),
    ]
    code, screen = at_a_terminal(encrypt, answers, home)
    assert (code, "Đã mã hoá kho" in screen) == (0, True)
    assert "bản sao lưu tự động" in screen
    assert PASSPHRASE not in screen
    code, screen = at_a_terminal(
        ["show", "HS-03", "--store", store], [("Mật khẩu .* của kho", "sai"), ("còn 2 lần", PASSPHRASE)], home
    )
    assert (code, "Nguyễn Bích Bình" in screen) == (0, True)
    again = "một câu khác cũng đủ dài"
    asked = [("Mật khẩu .* của kho", PASSPHRASE), (new, again), ("Gõ lại lần nữa", again)]
    assert at_a_terminal(["store", "rekey", "--store", store], asked, home)[0] == 0
    code, screen = at_a_terminal(
        ["store", "decrypt", "--store", store], [("Mật khẩu .* của kho", again), ("để nguyên", "d")], home
    )
    assert (code, "Vẫn mã hoá" in screen) == (0, True)
    ring._opened.clear()
    assert Path(store).read_bytes().startswith(b"SQLite")
