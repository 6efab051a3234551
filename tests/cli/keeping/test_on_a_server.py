"""The same commands on a PostgreSQL server: nothing that a user sees depends on where the store is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Dubi
from tests.given.stamped import sheets
from tests.postgresql import SERVER, on_postgresql, own_schema


@pytest.fixture
def server() -> Iterator[str]:
    """The address of an empty schema on the server."""
    with own_schema() as url:
        yield url


@on_postgresql
def test_a_day_with_a_server(dubi: Dubi, server: str, small: Path, large: Path, tmp_path: Path) -> None:
    """Made, filled, asked, written to, taken back, backed up, restored: the same answers and sheets as with a file."""

    def both(*arguments: object) -> str:
        """Run a command on the server and on a file; the answers are the same."""
        on_server = dubi(*arguments, "--store", server)
        on_file = dubi(*arguments, "--store", "tep.sqlite")
        assert (on_server.code, on_server.out) == (0, on_file.out), on_server.err
        return on_server.out

    assert dubi("init", "--store", server).out.startswith("Đã tạo kho.")
    assert "đã có và dùng được" in dubi("init", "--store", server).out
    assert dubi("init", "--store", "tep.sqlite").code == 0
    both("import", small)
    both("import", small, "--apply")
    both("import", large, "--apply")
    both("check", "--as-of", "2025-03-01", "--json")
    both("stats", "--from", "2024-01-01", "--to", "2024-12-31", "--json")
    both("find", "nguyen van", "--all")
    both("show", "HS-03", "--as-of", "2025-03-01")
    both("record", "HS-03", "chi-bo-xet-chinh-thuc", "--on", "27/2/2025", "--as-of", "2025-03-01")
    both("move", "HS-0001", "--to", "CB-05", "--on", "3/2/2025", "--as-of", "2025-03-01", "--confirm")
    both("course", "list")
    both("list", "--as-of", "2025-03-01")
    for name, store in (("may.xlsx", server), ("tep.xlsx", "tep.sqlite")):
        assert dubi("export", name, "--store", store).code == 0
    assert sheets(tmp_path / "may.xlsx") == sheets(tmp_path / "tep.xlsx")
    assert "thay đổi; sổ đúng như nhật ký" in dubi("log", "verify", "--store", server).out
    assert dubi("backup", "sao.sqlite", "--store", server).code == 0
    for _ in range(3):
        assert dubi("undo", "--store", server).code == 0
    assert dubi("check", "--as-of", "2025-03-01", "--json", "--store", server).json["cases"] == 26
    assert dubi("restore", "sao.sqlite", "--confirm", "--store", server).code == 0
    assert dubi("export", "lai.xlsx", "--store", server).code == 0
    assert sheets(tmp_path / "lai.xlsx") == sheets(tmp_path / "may.xlsx")
    assert dubi("add", "--name", "Lê Mẫu", "--store", server).code == 0
    assert dubi("log", "verify", "--store", server).code == 0
    assert dubi("doctor", "--store", server).code in (0, 1)


@on_postgresql
def test_a_server_that_cannot_be_used(dubi: Dubi, server: str) -> None:
    """A store that is not made, a wrong account, a wrong name, no server at all: said in words, without passwords."""
    assert "dubi init" in dubi("check", "--store", server).err
    host = SERVER.partition("@")[2].rpartition("/")[0]
    for url in (
        f"postgresql://khong-co:matkhau@{host}/postgres",
        f"postgresql://dubi:matkhau@{host}/khong_co",
        "postgresql://dubi:matkhau@127.0.0.1:1/dubi",
    ):
        ran = dubi("check", "--store", url)
        assert ran.code == 4
        assert "Không nối được tới kho" in ran.err, ran.err
        assert "matkhau" not in ran.err
