"""`dubi sweep`: Parquet in, Parquet out, the same by every engine; what cannot be taken or overwritten is refused."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from cases.store.connection import writing
from cases.store.rows import row_writing
from cases.store.writing import apply_roster, new_batch
from cases.values import apart
from desk.answers.checking import check
from desk.question import Question
from desk.source import open_roster
from desk.sweeping import folder as swept_folder
from desk.sweeping.engines import EngineName
from desk.sweeping.exporting import export_parquet
from desk.sweeping.parquet import sweep_parquet, sweep_store
from engine.ruleset import load_ruleset
from engine.sweep.findings import in_words
from engine.sweep.frames import CaseFrames
from rules.loader.errors import BadInput, StoreProblem
from tests.cli.conftest import DUBI
from tests.equality import pair
from tests.given.population import Population
from tests.whole import first_of, only_whole

DATA = Path(__file__).parents[2] / "data" / "rosters"
AS_OF = dt.date(2025, 3, 31)
KEYS = ["case", "rule"]


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the child already: the rules are compiled once for all. What a child does is tried with hostile files."""
    monkeypatch.setattr(apart, "_in_child", True)


def wide(seed: int, count: int) -> pl.DataFrame:
    """Invented cases without history, a row each; days known in part are ones that a door lets in."""
    _, records = Population(load_ruleset()).records(seed, count, AS_OF)
    plain = [record for record in records if not (record.steps or record.attributes or record.placements)]
    frame: pl.DataFrame = CaseFrames.of_records(plain, load_ruleset().vocabulary).cases.drop("row").collect()
    partly = [pl.col(name) for name in load_ruleset().vocabulary.partly if name in frame.columns]
    known = [pl.when(column.str.contains(r"^(x|(\d\d/)?\d{4})$")).then(column) for column in partly]
    return frame.with_columns(known)


@pytest.fixture(scope="module")
def cases() -> pl.DataFrame:
    """A few hundred of them."""
    return wide(3, 400)


def written(folder: Path, name: str) -> pl.DataFrame:
    """What a sweep wrote, in an order."""
    return pl.read_parquet(folder / name / "*.parquet").sort(KEYS)


def hold(cases: pl.DataFrame, folder: Path) -> None:
    """What was written is what the sweep in memory finds, in words, types included."""
    expected = pair().sweep.evaluate(cases, AS_OF)
    for name, in_memory in (
        ("findings", in_words(expected.findings.collect())),
        ("unknown", expected.unknown.collect()),
    ):
        ours, found = in_memory.drop("row").sort(KEYS), written(folder, name)
        assert found.schema == ours.schema
        assert found.schema["rule"] == pl.String
        assert found.equals(ours)


@pytest.mark.parametrize("engine", ["polars", pytest.param("duckdb", marks=only_whole)])
def test_engines_agree(engine: EngineName, tmp_path: Path) -> None:
    """Several thousand cases in two files, of which one lacks columns and has narrow numbers; DuckDB by an address."""
    many = wide(4, 3000)
    numbers = [name for name, kind in many.schema.items() if kind == pl.Int64]
    few = ["code", "born_on", "admitted_on", "religion", "unit", *numbers]
    (tmp_path / "in").mkdir()
    many[:2000].write_parquet(tmp_path / "in" / "a.parquet")
    narrow = many[2000:].select(few).with_columns(pl.col(numbers).clip(-100, 100).cast(pl.Int8))
    narrow.write_parquet(tmp_path / "in" / "b.parquet")
    source = f"{'file://' if engine == 'duckdb' else ''}{tmp_path}/in/*.parquet"
    swept = sweep_parquet(source, f"{tmp_path}/out", AS_OF, engine, load_ruleset())
    together = pl.concat([many[:2000], narrow.with_columns(pl.col(numbers).cast(pl.Int64))], how="diagonal")
    hold(together, tmp_path / "out")
    expected = pair().sweep.evaluate(together, AS_OF)
    assert swept.stages == Counter(expected.stages)
    assert swept.cases == expected.findings.select(pl.lit(sum(expected.stages.values()))).collect().item()
    assert swept.findings == Counter(written(tmp_path / "out", "findings")["severity"])
    assert swept.undecided == written(tmp_path / "out", "unknown").height
    summary = json.loads((tmp_path / "out" / "sweep.json").read_text(encoding="utf-8"))
    assert (summary["as_of"], summary["engine"], summary["cases"]) == ("2025-03-31", engine, swept.cases)
    order = [severity for severity in load_ruleset().vocabulary.codes["severity"] if swept.findings[severity]]
    assert list(summary["findings"]) == order


WRONG = {
    "no such fact": ({"luong": [1]}, "cột “luong”"),
    "nearly a fact": ({"born_onn": [AS_OF]}, "Có phải “born_on”?"),
    "computed": ({"stage": ["official"]}, "chương trình tự tính"),
    "a text for a day": (
        {"admitted_on": ["2024-01-01"]},
        "“admitted_on” (Ngày kết nạp (ngày làm lễ)) có kiểu String; phải là ngày",
    ),
    "a time for a day": ({"admitted_on": [dt.datetime(2024, 1, 1)]}, "phải là ngày (date)"),
    "a number for a mark": ({"business_owner": [1]}, "phải là đúng/sai"),
    "a day too far": ({"admitted_on": [dt.date(3024, 1, 1)]}, "01/01/3024"),
    "a strange code": ({"schooling": ["THPT"]}, "mã lạ “THPT”"),
    "no code": ({"code": [None]}, "không có mã hồ sơ"),
    "an empty text": ({"religion": [" "]}, "“religion” (Tôn giáo) có chữ rỗng"),
}


@pytest.mark.parametrize("engine", ["polars", pytest.param("duckdb", marks=only_whole)])
@pytest.mark.parametrize(("columns", "words"), WRONG.values(), ids=WRONG.keys())
def test_what_is_refused(
    engine: EngineName, columns: dict[str, list[object]], words: str, cases: pl.DataFrame, tmp_path: Path
) -> None:
    """The file and the column are named, and nothing is written."""
    cases.write_parquet(tmp_path / "fine.parquet")
    bad = pl.DataFrame({"code": ["X-1"], **columns}, schema_overrides={"code": pl.String})
    bad.write_parquet(tmp_path / "wrong.parquet")
    with pytest.raises(BadInput) as refused:
        sweep_parquet(f"{tmp_path}/*.parquet", f"{tmp_path}/out", AS_OF, engine, load_ruleset())
    assert words in str(refused.value)
    assert "wrong.parquet" in str(refused.value)
    assert {path.name for path in tmp_path.iterdir()} == {"fine.parquet", "wrong.parquet"}


@pytest.mark.parametrize("engine", ["polars", pytest.param("duckdb", marks=only_whole)])
def test_an_address_is_the_engines_own(engine: EngineName, cases: pl.DataFrame, tmp_path: Path) -> None:
    """What has :// is not looked for here: the engine reads it, and its columns are held to the same."""
    cases[:100].write_parquet(tmp_path / "a.parquet")
    address = f"file://{tmp_path}/a.parquet"
    if engine == "polars":  # DuckDB's plan takes seconds; it has swept by an address above
        sweep_parquet(address, f"{tmp_path}/out", AS_OF, engine, load_ruleset())
        hold(cases[:100], tmp_path / "out")
    cases[:1].rename({"note": "luong"}).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(BadInput, match=r"file:.*cột “luong”"):
        sweep_parquet(address, f"{tmp_path}/out-2", AS_OF, engine, load_ruleset())
    with pytest.raises(StoreProblem, match=f"{engine} không xét được “file:.*khong-co"):
        sweep_parquet(f"file://{tmp_path}/khong-co.parquet", f"{tmp_path}/out-3", AS_OF, engine, load_ruleset())
    with pytest.raises(BadInput, match=f"{engine} chỉ ghi kết quả vào thư mục của máy"):
        sweep_parquet(address, "s3://kho/ket-qua", AS_OF, engine, load_ruleset())
    assert {path.name for path in tmp_path.iterdir()} - {"out"} == {"a.parquet"}


def test_an_address_is_handed_on_untouched(
    cases: pl.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the letter."""
    asked: list[str] = []

    def scanned(source: str) -> pl.LazyFrame:
        asked.append(source)
        return cases[:5].lazy()

    monkeypatch.setattr(pl, "scan_parquet", scanned)
    sweep_parquet("s3://kho/tinh=*/a b.parquet", f"{tmp_path}/out", AS_OF, "polars", load_ruleset())
    assert asked == ["s3://kho/tinh=*/a b.parquet"]


@pytest.mark.parametrize("engine", ["polars", pytest.param("duckdb", marks=only_whole)])
def test_a_case_stands_in_one_row(engine: EngineName, cases: pl.DataFrame, tmp_path: Path) -> None:
    """A code in two files, and files without the column of codes."""
    for name in ("a", "b"):
        cases[:3].write_parquet(tmp_path / f"{name}.parquet")
    with pytest.raises(BadInput, match="có ở 2 dòng"):
        sweep_parquet(str(tmp_path), f"{tmp_path}/out", AS_OF, engine, load_ruleset())
    cases[:3].drop("code").write_parquet(tmp_path / "b.parquet")
    with pytest.raises(BadInput, match="thiếu cột “code”"):
        sweep_parquet(str(tmp_path), f"{tmp_path}/out", AS_OF, engine, load_ruleset())


def test_what_is_no_parquet(tmp_path: Path) -> None:
    """A folder with none, a pattern that matches nothing, a file of another kind."""
    for source in (tmp_path, tmp_path / "*.parquet", tmp_path / "khong-co.parquet"):
        with pytest.raises(BadInput, match="Không có tệp Parquet nào"):
            sweep_parquet(str(source), f"{tmp_path}/out", AS_OF, "polars", load_ruleset())
    (tmp_path / "x.parquet").write_text("không phải", encoding="utf-8")
    with pytest.raises(BadInput, match=r"x\.parquet” không phải là tệp Parquet"):
        sweep_parquet(str(tmp_path), f"{tmp_path}/out", AS_OF, "polars", load_ruleset())


def test_nothing_is_overwritten_unasked(cases: pl.DataFrame, tmp_path: Path) -> None:
    """An earlier answer is replaced when told so; what no sweep wrote never is."""
    cases[:50].write_parquet(tmp_path / "in.parquet")
    asked = (str(tmp_path / "in.parquet"), str(tmp_path / "out"), AS_OF, "polars", load_ruleset())
    sweep_parquet(*asked)  # type: ignore[arg-type]  # an engine's name
    with pytest.raises(BadInput, match="--force"):
        sweep_parquet(*asked)  # type: ignore[arg-type]  # an engine's name
    cases[:10].write_parquet(tmp_path / "in.parquet")
    assert sweep_parquet(*asked, replace=True).cases < 50  # type: ignore[arg-type]  # an engine's name
    hold(cases[:10], tmp_path / "out")
    (tmp_path / "out" / "luu-y.txt").write_text("của tôi", encoding="utf-8")
    with pytest.raises(BadInput, match="không phải kết quả của dubi sweep"):
        sweep_parquet(*asked, replace=True)  # type: ignore[arg-type]  # an engine's name
    assert (tmp_path / "out" / "luu-y.txt").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"in.parquet", "out"}
    if os.name != "nt":
        assert (tmp_path / "out").stat().st_mode & 0o077 == 0


def test_where_nothing_can_be_written(cases: pl.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of that name, a folder that is not there to write into, and the folder one is in."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    cases[:5].write_parquet(tmp_path / "in.parquet")
    for place, replace_it in ((tmp_path / "in.parquet", True), (tmp_path / "khong" / "co", False), (Path(), False)):
        with pytest.raises(BadInput):
            sweep_parquet("../in.parquet", str(place), AS_OF, "polars", load_ruleset(), replace=replace_it)
    sweep_parquet("../in.parquet", ".", AS_OF, "polars", load_ruleset(), replace=True)
    hold(cases[:5], tmp_path / "here")


def test_a_failure_leaves_nothing(cases: pl.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong on the way leaves neither a folder nor a draft."""

    def full(*_: object) -> None:
        raise OSError(28, "ổ đĩa đã đầy")

    cases[:5].write_parquet(tmp_path / "in.parquet")
    monkeypatch.setattr(swept_folder, "write_summary", full)
    with pytest.raises(OSError, match="đầy"):
        sweep_parquet(str(tmp_path / "in.parquet"), f"{tmp_path}/out", AS_OF, "polars", load_ruleset())
    assert {path.name for path in tmp_path.iterdir()} == {"in.parquet"}


@only_whole
def test_a_killed_sweep_leaves_nothing_half(cases: pl.DataFrame, tmp_path: Path) -> None:
    """Killed while it works, it leaves no folder of that name, and the next sweep is not hindered."""
    big = pl.concat([cases.with_columns(pl.col("code") + f"/{part}") for part in range(600)])
    big.write_parquet(tmp_path / "in.parquet")
    command = [str(DUBI), "sweep", "--input", "in.parquet", "--output", "out", "--as-of", "2025-03-31"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(3000):
        if any(tmp_path.glob(".out.*.new")) or process.poll() is not None:
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "out").exists()
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0
    assert (tmp_path / "out" / "sweep.json").exists()


@pytest.mark.parametrize("file", first_of(sorted(DATA.glob("*.xlsx"))), ids=lambda file: file.stem)
def test_a_store_and_its_export(file: Path, file_store: str, tmp_path: Path) -> None:
    """A store swept with its history, and its export swept as of the same day, have the findings of the desk."""
    roster = open_roster(file)
    with writing(file_store) as connection:
        apply_roster(connection, roster, new_batch("người thử"))
    for text in ("2021-06-30", "2024-10-31"):
        as_of = dt.date.fromisoformat(text)
        evaluation = check(open_roster(file_store), Question(as_of))
        expected = sorted((f.case, f.rule, f.severity, f.due, f.unit) for f in evaluation.findings)
        swept = sweep_store(file_store, f"{tmp_path}/kho-{text}", as_of, load_ruleset())
        export_parquet(file_store, tmp_path / f"{text}.parquet", as_of)
        source, out = str(tmp_path / f"{text}.parquet"), f"{tmp_path}/tep-{text}"
        again = sweep_parquet(source, out, as_of, "polars", load_ruleset())
        for kind, found in (("kho", swept), ("tep", again)):
            assert found.stages == Counter(evaluation.stages)
            rows = written(tmp_path / f"{kind}-{text}", "findings").select(*KEYS, "severity", "due", "unit").rows()
            assert rows == expected
            assert found.undecided == len(evaluation.unknown)


def test_history_in_an_export(file_store: str, tmp_path: Path) -> None:
    """Steps, attributes and stays through time stand in the export as they stood on its day."""
    from cases.values.records import Roster

    both = pair()
    as_of, records = both.population.records(11, 600)
    measures = {"disciplined_on", "discipline_form"}  # kept in a table of their own
    told = [record for record in records if record.steps or record.attributes or record.placements]
    fitting = [
        replace(
            record,
            fields={"full_name": "Người Mẫu", **{n: v for n, v in record.fields.items() if n not in measures}},
            attributes=tuple(
                entry for entry in record.attributes if entry.name in row_writing._kinds().keys() - measures
            ),
            steps=tuple(step for step in record.steps if step.kind not in measures),
        )
        for record in told
    ]
    frames = CaseFrames.of_records(fitting, both.live.ruleset.vocabulary)
    assert frames.steps is not None
    with writing(file_store) as connection:
        apply_roster(connection, Roster(tuple(fitting)), new_batch("người thử"))
    export_parquet(file_store, tmp_path / "kho.parquet", as_of)
    swept = sweep_parquet(str(tmp_path / "kho.parquet"), f"{tmp_path}/out", as_of, "polars", load_ruleset())
    expected = check(open_roster(file_store), Question(as_of))
    assert swept.stages == Counter(expected.stages)
    assert written(tmp_path / "out", "findings").select(KEYS).rows() == [(f.case, f.rule) for f in expected.findings]


def test_an_empty_store(file_store: str, tmp_path: Path) -> None:
    """Nothing gives files without a row, and an export with every column."""
    assert sweep_store(file_store, f"{tmp_path}/out", AS_OF, load_ruleset()).cases == 0
    assert written(tmp_path / "out", "findings").height == 0
    assert export_parquet(file_store, tmp_path / "kho.parquet", AS_OF) == 0
    assert pl.read_parquet(tmp_path / "kho.parquet").columns[0] == "code"
