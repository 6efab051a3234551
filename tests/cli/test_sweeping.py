"""`dubi sweep` and `dubi export … .parquet` as commands, and the program on a machine that lacks optional parts."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from tests.cli.conftest import Dubi
from tests.whole import WHOLE, some


@pytest.fixture
def without(tmp_path: Path) -> str:
    """A `PYTHONPATH` by which a process starts without durable-rules, DuckDB and Spark."""
    place = tmp_path / "path"
    place.mkdir()
    barred = ["durable", "durable_rules_engine", "duckdb", "pyspark"]
    (place / "sitecustomize.py").write_text(
        f"import sys\nsys.modules.update(dict.fromkeys({barred}))\n", encoding="utf-8"
    )
    return os.pathsep.join(filter(None, [str(place), os.environ.get("PYTHONPATH")]))


def test_from_the_store_and_from_its_export(dubi: Dubi, book: Path, tmp_path: Path) -> None:
    """A store, its export by Polars and (in the whole run) the export by DuckDB give the figures of `dubi check`."""
    day = ("--as-of", "2025-03-01")
    checked = dubi("check", *day, "--json").json
    ran = dubi("export", "kho.parquet", *day, "--with-sensitive", "so với kho")
    assert (ran.code, ran.out) == (0, "Tính đến ngày 01/03/2025: đã xuất 26 hồ sơ ra tệp “kho.parquet”.\n")
    assert "không được mã hoá" in ran.err
    places = (("a",), ("b", "--input", "kho.parquet"), ("c", "--input", "kho.parquet", "--engine", "duckdb"))
    for place, *source in places if WHOLE else places[:2]:
        shown = dubi("sweep", "--output", place, *source, *day, "--json").json
        assert (shown["as_of"], shown["cases"]) == ("2025-03-01", checked["cases"])
        assert shown["stages"] == checked["stages"]
        assert sum(shown["findings"].values()) == len(checked["findings"])
        assert shown["unknown"] == len(checked["unknown"])
        rows = pl.read_parquet(tmp_path / place / "findings" / "*.parquet").sort("case", "rule")
        assert rows["rule"].to_list() == [found["rule"] for found in checked["findings"]]
        assert rows["due"].cast(pl.String).to_list() == [found["due"] for found in checked["findings"]]
    assert book.exists()


@pytest.mark.usefixtures("book")
def test_what_is_said(dubi: Dubi) -> None:
    """The day, the cases, the stages and the findings on stdout; where they were written on stderr."""
    ran = dubi("xet-loat", "--output", "ket-qua", "--as-of", "01/03/2025")
    assert ran.code == 0
    assert ran.out.startswith("Tính đến ngày 01/03/2025 · kho · polars\n\nSố hồ sơ: 26\n")
    assert "Quá hạn" in ran.out
    assert " giây." in ran.out
    assert ran.err == "Đã ghi kết quả vào thư mục “ket-qua”.\n"
    again = dubi("sweep", "--output", "ket-qua", "--as-of", "01/03/2025")
    assert again.code == 3
    assert "--force" in again.err
    assert dubi("sweep", "--output", "ket-qua", "--as-of", "01/03/2025", "--force").code == 0
    assert dubi("sweep", "--output", "ket-qua-2").out.startswith("Tính đến ngày ")


@pytest.mark.usefixtures("book")
def test_what_is_refused(dubi: Dubi, tmp_path: Path) -> None:
    """Wrong usage ends with 2, files that cannot be taken with 3, and each says what to do."""
    for arguments, words in (
        (("sweep", "--output", "o", "--engine", "duckdb"), "dubi export kho.parquet"),
        (("sweep", "--output", "o", "--input", "x.parquet", "--store", "y"), "Chỉ chọn một"),
        (("export", "so.xlsx", "--as-of", "2025-03-01"), "chỉ dùng khi xuất ra tệp .parquet"),
    ):
        ran = dubi(*arguments)
        assert ran.code == 2, ran.err
        assert words in ran.err
    pl.DataFrame({"code": ["A"], "luong": [1]}).write_parquet(tmp_path / "x.parquet")
    ran = dubi("sweep", "--input", "x.parquet", "--output", "o")
    assert (ran.code, ran.out) == (3, "")
    assert "“x.parquet”: không nhận được cột “luong”" in ran.err
    dubi("export", "kho.parquet")
    assert "--force" in dubi("export", "kho.parquet").err
    assert not (tmp_path / "o").exists()


def test_an_engine_that_is_not_installed(dubi_process: Dubi, without: str, tmp_path: Path) -> None:
    """It is an error of the machine, in plain words that say what to do, and nothing is written."""
    pl.DataFrame({"code": ["A"]}).write_parquet(tmp_path / "x.parquet")
    for engine in ("duckdb", "spark"):
        ran = dubi_process("sweep", "--input", "x.parquet", "--output", "o", "--engine", engine, PYTHONPATH=without)
        assert ran.code == 4
        assert f"Máy này chưa có {engine}. Dùng --engine polars (có sẵn)" in ran.err
    assert not (tmp_path / "o").exists()


@pytest.mark.usefixtures("book")
def test_without_durable_rules(dubi: Dubi, dubi_process: Dubi, without: str, small: Path) -> None:
    """The doctor says which way is used, and every answer is the same, from the store and from a file."""
    here, there = (
        dubi("doctor", "--json").json["checks"],
        dubi_process("doctor", "--json", PYTHONPATH=without).json["checks"],
    )
    said = [{one["check"]: one["said"] for one in checks} for checks in (here, there)]
    assert said[0]["durable-rules"].startswith("durable-rules 2.0.28: xét từng hồ sơ")
    assert said[1]["durable-rules"].startswith("Không có durable-rules: dubi tự xét từng hồ sơ")
    assert "duckdb 2" in said[0]["engines"] or "duckdb 1" in said[0]["engines"]
    assert "chưa cài: duckdb (pip install 'dubi[duckdb]'), spark (pip install 'dubi[spark]')" in said[1]["engines"]
    questions = (
        ("check", "--as-of", "2025-03-01", "--json"),
        ("check", small, "--as-of", "2024-10-31", "--all"),
        ("check", small, "--as-of", "2024-10-31", "--json", "--evaluator", "sweep"),
        ("explain", "HS-03", "--as-of", "2025-03-01"),
        ("due", "--as-of", "2025-03-01", "--within", "90", "--json"),
        ("units", "--as-of", "2025-03-01"),
    )
    for question in some(questions):
        one, two = dubi(*question), dubi_process(*question, PYTHONPATH=without)
        assert (two.code, two.out) == (one.code, one.out), question
        assert len(one.out) > 100
