"""The manual page `man dubi`, made from the commands themselves: `make docs` writes docs/dubi.1 anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from cli.families import whole

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "dubi.1"
WIDTH = 76
"""Columns of a terminal of 80 that a manual page leaves."""

HEAD = r""".\" -*- mode: troff; coding: utf-8 -*-
.\" Made by `make docs` from the commands; change their help instead.
.TH DUBI 1 "" Dubi "Hướng dẫn lệnh Dubi"
.SH TÊN
dubi \- ai quá hạn trên đường vào Đảng, vì sao, theo điều nào, và số liệu báo cáo
"""
TAIL = r""".SH BIẾN MÔI TRƯỜNG
.TP
DUBI_HOME
Thư mục giữ kho và bản sao lưu, thay cho thư mục dữ liệu của người dùng.
.TP
DUBI_STORE
Kho thường dùng: tên tệp hoặc địa chỉ, như \-\-store.
.TP
DUBI_USER
Tên ghi vào nhật ký. Bỏ trống là tên người đăng nhập máy.
.TP
DUBI_WAIT
Số giây đợi một lệnh khác đang ghi (10).
.SH MÃ KẾT THÚC
0 xong \(bu 1 có điều mà lệnh được dặn phải báo \(bu 2 gõ sai lệnh hoặc tên \(bu 3 tệp bị từ chối, chưa lưu gì \(bu
4 kho hoặc máy không dùng được
"""


def pages(command: Any, name: str, parent: Any = None) -> Iterator[tuple[str, str]]:
    """The help page of a command and of every command below it, each by the name it is called with."""
    context = command.context_class(
        command, info_name=name, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH
    )
    yield context.command_path, command.get_help(context)
    for below in getattr(command, "commands", {}).values():
        yield from pages(below, below.name, context)


def escaped(text: str) -> str:
    """Text as troff shows it unchanged."""
    lines = text.replace("\\", r"\e").replace("-", r"\-").splitlines()
    return "\n".join(rf"\&{line}" if line.startswith((".", "'")) else line for line in lines)


def manual() -> str:
    """The whole page."""
    parts = [HEAD]
    for name, text in pages(typer.main.get_command(whole()), "dubi"):
        parts.append(f".SH {escaped(name.upper())}\n.nf\n{escaped(text)}\n.fi\n")
    return "".join([*parts, TAIL])


if __name__ == "__main__":
    PAGE.write_text(manual(), encoding="utf-8")
