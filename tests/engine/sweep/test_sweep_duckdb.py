"""The sweep on DuckDB finds what the sweep on Polars finds, whatever is folded, joined or kept in tables."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import duckdb
import narwhals as nw
import polars as pl
import pytest

from cases.workbook.read import read_workbook
from engine.language.tree import folded
from engine.sweep.backends.duckdb_backend import DuckDBBackend, Frame
from engine.sweep.backends.polars_backend import PolarsBackend
from engine.sweep.evaluator import SweepEvaluator
from engine.sweep.frames import CaseFrames, with_possible_days
from rules.loader.spelling.partly import possible_days
from tests.engine.situations import day, ruleset
from tests.equality import alike, pair
from tests.whole import only_whole

pytestmark = only_whole

ROSTERS = sorted((Path(__file__).parents[2] / "data" / "rosters").glob("*.xlsx"))
ODD = [
    "ß",
    "ẞ",
    "SS",
    "ﬃ",
    "ΜΆΪΟΣ",
    "ς",
    "σ",
    "İstanbul",
    "ı",
    "ſ",
    "Ǆ",
    "ᾂ",
    "Ⅷ",
    "ꭰ",
    "Ꭰ",
    "K",
    "Å",
    "ʼn",
    "",
    " ",
    "a\u0301",
]
"""Capitals that grow when folded, two small forms of one letter, signs that are composed, and nothing at all."""
VIETNAMESE = ["Phật giáo", "PHẬT GIÁO", "không", "Không ", "ĐẶNG", "đặng", "Tin Lành", "CÔNG GIÁO", "Hoa", "HOA"]


@pytest.fixture
def backend() -> DuckDBBackend:
    """DuckDB on a connection of its own."""
    return DuckDBBackend()


def moved(frame: pl.LazyFrame, backend: DuckDBBackend, folder: Path, name: str) -> Frame:
    """A frame of Polars as one of DuckDB."""
    frame.collect().write_parquet(folder / f"{name}.parquet")
    return nw.from_native(backend.connection.read_parquet(str(folder / f"{name}.parquet")))


def on_duckdb(frames: CaseFrames, backend: DuckDBBackend, folder: Path) -> CaseFrames:
    """The same cases, their history included."""
    return CaseFrames(
        moved(frames.cases, backend, folder, "cases"),
        None if frames.steps is None else moved(frames.steps, backend, folder, "steps"),
        {name: moved(entries, backend, folder, f"of {name}") for name, entries in frames.attributes.items()},
        None if frames.placements is None else moved(frames.placements, backend, folder, "placements"),
    )


def test_rosters_and_invented_cases(backend: DuckDBBackend, tmp_path: Path) -> None:
    """Every shipped roster, and thousands of invented cases with their history, crowded around days of change.

    All in one, for DuckDB waits for plans and not for people.
    """
    both, as_of = pair(), day("2024-10-31")
    _, records = both.population.records(9001, 3000, as_of)
    for file in ROSTERS:
        for record in read_workbook(file).roster.records:
            code = f"{file.stem} {record.code}"
            records.append(replace(record, code=code, fields={**record.fields, "code": code}))
    frames = CaseFrames.of_records(records, both.live.ruleset.vocabulary)
    theirs = on_duckdb(frames, backend, tmp_path).as_of(as_of, both.live.ruleset.vocabulary.step_kinds, backend)
    # Worked out by itself, so that DuckDB does not think of all history again at each layer.
    found = SweepEvaluator(both.live.ruleset, backend).evaluate(CaseFrames(backend.settle(theirs)), as_of).evaluation()
    expected = both.sweep.evaluate(frames, as_of).evaluation()
    of_rosters = {f.case.partition(" ")[0] for f in expected.findings if " " in f.case}
    assert of_rosters == {file.stem for file in ROSTERS}
    assert len(expected.findings) > 500
    assert alike(found, expected)


def test_days_known_in_part(backend: DuckDBBackend, tmp_path: Path) -> None:
    """The first and the last possible day of every month and year are those of the reader of one record."""
    months = [f"{month:02}/{year}" for year in (1900, 2000, 2023, 2024, 2100) for month in range(1, 13)]
    written = ["x", "1900", "2024", "2100", *months, "X", "13/2020", "3/2020", "1899", "khác", None]
    frame = pl.DataFrame({"admitted_partly": written}).lazy()
    shown = with_possible_days(moved(frame, backend, tmp_path, "partly"), backend)
    expected = {text: (text and possible_days(text)) or (None, None) for text in written}
    for rows in (backend.rows(shown), with_possible_days(frame, PolarsBackend()).collect().iter_rows(named=True)):
        found = {r["admitted_partly"]: (r["admitted_not_before"], r["admitted_not_after"]) for r in rows}
        assert found == expected


def texts() -> list[str]:
    """Odd texts, Vietnamese ones in every Unicode form, and every sign that folding changes."""
    forms = [unicodedata.normalize(form, text) for text in VIETNAMESE for form in ("NFC", "NFD", "NFKC")]
    signs = [
        sign for number in range(0x110000) if folded(sign := chr(number)) != sign and not 0xD800 <= number < 0xE000
    ]
    return list(dict.fromkeys([*ODD, *forms, *signs]))


def test_texts_are_folded_as_the_rules_fold_them(backend: DuckDBBackend, tmp_path: Path) -> None:
    """Texts without regard to case are those of the tree, to the letter, and so is every comparison with them."""
    written = texts()
    assert len(written) > 2500
    frame = moved(pl.DataFrame({"text": [*written, None]}).lazy(), backend, tmp_path, "texts")
    shown = backend.rows(backend.read(frame, {"folded": ("text", folded)}))
    assert {row["text"]: row["folded"] for row in shown} == {text: folded(text) for text in written} | {None: None}
    for members in ((folded("Phật giáo"), "ss"), ("ᾂ".casefold(),), (folded("ﬃ"), "không"), ("không nơi nào có",)):
        rows = backend.rows(backend.alike(frame, {"mark": ("text", members)}))
        assert {row["text"] for row in rows if row["mark"]} == {text for text in written if folded(text) in members}


def test_two_text_columns_are_compared_folded(backend: DuckDBBackend, tmp_path: Path) -> None:
    """A condition that compares two texts, which the law has not at present, folds both."""
    rules = ruleset(tmp_path, same="code is full_name")
    frame = pl.DataFrame({"code": ["HOA", "Hoa-1", "C"], "full_name": ["hoa", "Kinh", None]})
    cases, as_of = CaseFrames(moved(frame.lazy(), backend, tmp_path, "c")), day("2024-02-01")
    found = SweepEvaluator(rules, backend).evaluate(cases, as_of)
    assert [row["case"] for row in backend.rows(found.findings)] == ["HOA"]
    assert SweepEvaluator(rules).evaluate(frame, as_of).findings.collect()["case"].to_list() == ["HOA"]


def test_nothing_is_left_behind(backend: DuckDBBackend, tmp_path: Path) -> None:
    """Of what was worked out only the answers stay, until they are let go; the default connection is not touched."""

    def tables() -> set[str]:
        return {name for (name,) in backend.connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}

    rules = ruleset(tmp_path, open="sent_on is not missing and religion is not Không", late="limit_on before as_of")
    frame = moved(pl.DataFrame({"code": ["A"], "sent_on": [day("2024-01-02")]}).lazy(), backend, tmp_path, "c")
    result = SweepEvaluator(rules, backend).evaluate(CaseFrames(frame), day("2024-02-01"))
    assert len([name for name in tables() if name.startswith("settled")]) == 2
    backend.release(result.findings)
    backend.release(result.unknown)
    assert not [name for name in tables() if name.startswith("settled")]
    assert duckdb.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]
