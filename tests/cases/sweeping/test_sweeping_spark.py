"""`dubi sweep --engine spark` on this machine finds what Polars finds. `make spark` installs Spark and runs this."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from cases.workbook.read import read_workbook
from desk.sweeping.engines import ENGINES, EngineMissing, installed, require
from desk.sweeping.parquet import spark_session, sweep_parquet
from engine.ruleset import load_ruleset
from engine.sweep.frames import CaseFrames
from rules.loader.errors import BadInput
from tests.cases.sweeping.test_sweeping import AS_OF, DATA, hold, wide, written
from tests.cli.conftest import DUBI
from tests.equality import pair

pytestmark = [
    pytest.mark.skipif(
        "DUBI_TEST_SPARK" not in os.environ and not installed("spark"),
        reason="Spark is not installed here; `make spark` installs it and runs this",
    ),
    pytest.mark.filterwarnings("ignore"),  # of Spark itself, about this Python and this Java
]


SETTINGS = "--master local[2] --conf spark.ui.enabled=false --conf spark.sql.shuffle.partitions=2 pyspark-shell"


@pytest.fixture(scope="module", autouse=True)
def session() -> Iterator[None]:
    """A small Spark on this machine, set up as users do; the sweeps find it and leave it running."""
    with pytest.MonkeyPatch.context() as settings:
        settings.setenv("PYSPARK_SUBMIT_ARGS", SETTINGS)
        session = spark_session()
        yield
        session.stop()


def test_thousands_of_cases(tmp_path: Path) -> None:
    """Two files with different columns, shared out among workers: stages, findings and undecided rules are Polars's."""
    many = wide(5, 6000)
    few = [name for name in many.columns if name in ("code", "born_on", "admitted_on", "religion", "unit")]
    (tmp_path / "in").mkdir()
    many[:4000].write_parquet(tmp_path / "in" / "a.parquet")
    many[4000:].select(few).write_parquet(tmp_path / "in" / "b c.parquet")
    swept = sweep_parquet(f"{tmp_path}/in/*.parquet", f"{tmp_path}/out", AS_OF, "spark", load_ruleset())
    together = pl.concat([many[:4000], many[4000:].select(few)], how="diagonal")
    hold(together, tmp_path / "out")
    assert swept.stages == Counter(pair().sweep.evaluate(together, AS_OF).stages)
    assert swept.findings == Counter(written(tmp_path / "out", "findings")["severity"])
    assert swept.undecided == written(tmp_path / "out", "unknown").height > 500
    assert json.loads((tmp_path / "out" / "sweep.json").read_text(encoding="utf-8"))["engine"] == "spark"


def test_rosters(tmp_path: Path) -> None:
    """The shipped rosters, a file each, by the law in force and by that of one day."""
    (tmp_path / "in").mkdir()
    for number, file in enumerate(sorted(DATA.glob("*.xlsx"))):
        records = read_workbook(file).roster.records
        cases = CaseFrames.of_records(records, load_ruleset().vocabulary).cases.drop("row").collect()
        cases.with_columns(pl.col("code") + f"/{number}").write_parquet(tmp_path / "in" / f"{number}.parquet")
    for law in (None, dt.date(2015, 1, 1)):
        ruleset, out = load_ruleset(law), {engine: tmp_path / f"{engine}-{law}" for engine in ENGINES}
        for engine, place in out.items():
            sweep_parquet(str(tmp_path / "in"), str(place), AS_OF, engine, ruleset)
        for name in ("findings", "unknown"):
            expected = written(out["polars"], name)
            assert expected.height > 0
            assert all(written(place, name).equals(expected) for place in out.values())


def test_what_is_refused(tmp_path: Path) -> None:
    """What Polars refuses in a file, Spark refuses in the same words; an answer is not overwritten."""
    wide(5, 20).write_parquet(tmp_path / "a.parquet")
    pl.DataFrame({"code": ["X-1"], "schooling": ["THPT"]}).write_parquet(tmp_path / "b.parquet")
    with pytest.raises(BadInput, match=r"b\.parquet”: cột “schooling” .* mã lạ “THPT”"):
        sweep_parquet(str(tmp_path), f"{tmp_path}/out", AS_OF, "spark", load_ruleset())
    wide(5, 20).write_parquet(tmp_path / "b.parquet")
    with pytest.raises(BadInput, match="có ở 2 dòng"):
        sweep_parquet(str(tmp_path), f"{tmp_path}/out", AS_OF, "spark", load_ruleset())
    assert {path.name for path in tmp_path.iterdir()} == {"a.parquet", "b.parquet"}


def test_an_address_is_left_to_spark(tmp_path: Path) -> None:
    """Addresses are Spark's own, both ways; what is there already is not written over unasked."""
    cases = wide(6, 300)
    cases.write_parquet(tmp_path / "a.parquet")
    asked = (f"file://{tmp_path}/a.parquet", f"file://{tmp_path}/out", AS_OF, "spark", load_ruleset())
    assert sweep_parquet(*asked).seconds > 0  # type: ignore[arg-type]  # an engine's name
    hold(cases, tmp_path / "out")
    with pytest.raises(BadInput, match="--force"):
        sweep_parquet(*asked)  # type: ignore[arg-type]  # an engine's name
    sweep_parquet(*asked, replace=True)  # type: ignore[arg-type]  # an engine's name
    with pytest.raises(BadInput, match="polars chỉ ghi"):
        sweep_parquet(str(tmp_path / "a.parquet"), "s3://kho/out", AS_OF, "polars", load_ruleset())


def test_the_command(tmp_path: Path) -> None:
    """A process of its own, with a session set up by Spark's own settings."""
    wide(7, 200).write_parquet(tmp_path / "in.parquet")
    command = [str(DUBI), "sweep", "--engine", "spark", "--input", "in.parquet", "--output", "out", "--json"]
    done = subprocess.run(
        [*command, "--as-of", "2025-03-31"],
        cwd=tmp_path,
        env={**os.environ, "PYSPARK_SUBMIT_ARGS": SETTINGS},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    shown = json.loads(done.stdout)
    assert {k: v for k, v in shown["findings"].items() if v} == Counter(
        written(tmp_path / "out", "findings")["severity"]
    )


def test_no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without Java nothing can be done here, and that is said with what to do."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(EngineMissing, match="cài Java"):
        require("spark")
