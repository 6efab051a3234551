"""Passwords on the command line: typed without being seen, or read from a pipe by an option; never an argument."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from cli.screen.effects import ask, on_a_terminal
from rules.loader.errors import BadInput

Piped = Annotated[
    bool,
    typer.Option(
        "--password-stdin",
        help="Đọc mật khẩu từ đường ống (stdin), mỗi dòng một mục, thay vì gõ. Không bao giờ ghi mật khẩu vào lệnh.",
    ),
]
_MOST_BYTES = 8192


class Secrets:
    """What is asked for one after the other: typed by somebody who sits there, or the lines of a pipe."""

    def __init__(self, *, piped: bool) -> None:
        self._lines: list[str] | None = None
        if piped:
            try:
                self._lines = sys.stdin.buffer.read(_MOST_BYTES).decode("utf-8").splitlines()
            except UnicodeDecodeError:
                raise BadInput("Mật khẩu trong đường ống không phải chữ UTF-8. Ghi lại tệp bằng UTF-8.") from None
        elif not on_a_terminal():
            raise BadInput(
                "Phải có người ngồi gõ mật khẩu. Chạy lệnh trong cửa sổ dòng lệnh, hoặc thêm --password-stdin để đọc "
                "từ đường ống."
            )

    def password(self, question: str, *, twice: bool = False) -> str:
        """One password; ``twice`` typed once more, since nobody sees what is typed. Raises `BadInput`."""
        if self._lines is not None:
            if not self._lines:
                raise BadInput(f"Đường ống không có dòng cho: {question}. Mỗi mục một dòng.")
            return self._lines.pop(0)
        import getpass

        typed = getpass.getpass(f"{question}: ", stream=sys.stderr)
        if twice and getpass.getpass("Gõ lại lần nữa: ", stream=sys.stderr) != typed:
            raise BadInput("Hai lần gõ không giống nhau. Làm lại.")
        return typed

    def code(self) -> str:
        """The code of a phone, empty for none."""
        if self._lines is not None:
            return self._lines.pop(0) if self._lines else ""
        return ask("Mã trên điện thoại (Enter nếu tài khoản không dùng mã):")
