"""The desk's view of a province or the country at once: cases from Parquet or a store, the answer as Parquet.

Polars takes a million cases at a time, DuckDB keeps on disk what memory does not hold, Spark has many machines; all
run the one sweep.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from cases.values.apart import in_child, require_file
from cases.values.child_limits import Bounds, most_memory
from desk.sweeping import folder as swept_folder
from desk.sweeping import wide_cases
from desk.sweeping.engines import EngineName, require
from desk.sweeping.folder import FINDINGS, UNKNOWN, whole_folder
from desk.sweeping.store_sweep import results
from engine.evaluators import for_all_cases
from engine.findings import stages_found
from engine.ruleset import RuleSet
from engine.sweep.evaluator import SweepEvaluator, SweepResult
from engine.sweep.findings import in_words
from engine.sweep.frames import ROW, CaseFrames
from rules.loader.errors import BadInput, StoreProblem, named_reason

BATCH = 1_000_000
_SPARK = "spark"
_SECONDS, _SECONDS_A_MEGABYTE = 300, 10
"""Of the processor: a million cases, of 10 to 30 megabytes, take some seconds of it."""


@dataclass(slots=True)
class Swept:
    """What a sweep found, in numbers; the rows are in the folder it wrote."""

    stages: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    """How many of each severity."""
    undecided: int = 0
    seconds: float = 0.0

    @property
    def cases(self) -> int:
        """All cases."""
        return self.stages.total()


def sweep_parquet(
    source: str, output: str, as_of: dt.date, engine: EngineName, ruleset: RuleSet, *, replace: bool = False
) -> Swept:
    """Sweep Parquet files (a path, a folder, a pattern, or an address that the engine knows); raises `DubiError`.

    Files are opened in a child alone; Spark has processes of its own, whose memory it bounds itself.
    """
    require(engine)
    files = wide_cases.local_files(source)
    for file in files or ():
        require_file(file)
    bounds = _bounds(files or ())
    if engine == _SPARK and files is not None:
        in_child(source, bounds, _check_files_apart, files, fresh=True)
    if "://" in output:
        if engine != _SPARK:
            raise BadInput(f"{engine} chỉ ghi kết quả vào thư mục của máy. Ghi --output là tên thư mục.")
        return _swept(source, files, output, as_of, engine, ruleset, replace=replace)
    with whole_folder(Path(output), replace=replace) as draft:
        if engine == _SPARK:
            swept = _swept(source, files, f"file://{draft.resolve()}", as_of, engine, ruleset)
        else:
            with tempfile.TemporaryDirectory(
                prefix="dubi-"
            ) as space:  # ours, so that nothing is left of a killed child
                asked = (files, str(draft), as_of, engine, ruleset, space)
                swept = in_child(source, bounds, _swept_apart, *asked, fresh=True)
        _sum_up(draft, swept, as_of, engine, source)
    return swept


def _bounds(files: Iterable[Path]) -> Bounds:
    """What a sweep may take of the machine that was given to it."""
    size = sum(file.stat().st_size for file in files)
    return Bounds(_SECONDS + _SECONDS_A_MEGABYTE * (size // 1_000_000), most_memory())


def _check_files_apart(_: str, files: list[Path]) -> None:
    wide_cases.check_files(files)


def _check_values_apart(_: str, files: list[Path]) -> None:
    for file in files:
        wide_cases.check_values(nw.from_native(pl.scan_parquet(file)), str(file), _polars_rows)


def _swept_apart(source: str, files: list[Path] | None, output: str, *asked: Any) -> Swept:
    wide_cases.check_files(files or ())
    return _swept(source, files, output, *asked)


def _swept(
    source: str,
    files: list[Path] | None,
    output: str,
    as_of: dt.date,
    engine: EngineName,
    ruleset: RuleSet,
    space: str = "",
    *,
    replace: bool = False,
) -> Swept:
    began = time.monotonic()
    with _said_of(engine, source):
        if engine == "polars":
            swept = _by_polars(source, files, Path(output), as_of, ruleset)
        elif engine == "duckdb":
            swept = _by_duckdb(source, files, Path(output), as_of, ruleset, space)
        else:
            swept = _by_spark(source, files, output, as_of, ruleset, replace=replace)
    return _timed(swept, began, ruleset)


def sweep_store(url: str, output: str, as_of: dt.date, ruleset: RuleSet, *, replace: bool = False) -> Swept:
    """Sweep a store with all its history, batch by batch; raises `DubiError`."""
    began = time.monotonic()
    with whole_folder(Path(output), replace=replace) as draft:
        swept = _timed(_written(results(url, ruleset, as_of), draft, ruleset, as_of), began, ruleset)
        _sum_up(draft, swept, as_of, "polars", "kho")
    return swept


def _timed(swept: Swept, began: float, ruleset: RuleSet) -> Swept:
    """The numbers of all batches with stages and severities in their order, and the time they took."""
    swept.stages, swept.seconds = Counter(stages_found(swept.stages, ruleset)), time.monotonic() - began
    found = swept.findings
    swept.findings = Counter({one: found[one] for one in ruleset.vocabulary.codes["severity"] if one in found})
    return swept


def _sum_up(draft: Path, swept: Swept, as_of: dt.date, engine: str, source: str) -> None:
    numbers = {"cases": swept.cases, "stages": swept.stages, "findings": swept.findings, "unknown": swept.undecided}
    swept_folder.write_summary(draft, {"as_of": as_of, "engine": engine, "input": source, **numbers})


@contextmanager
def _said_of(engine: str, source: str) -> Iterator[None]:
    """The failures of a library as one of ours, with the first line of what it said."""
    known: list[type[Exception]] = [pl.exceptions.PolarsError]
    if engine == "duckdb":
        import duckdb

        known.append(duckdb.Error)
    elif engine == _SPARK:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        known += [Py4JError, PySparkException]
    try:
        yield
    except tuple(known) as problem:
        raise _cannot(engine, source, problem) from problem
    except BaseException as problem:
        if type(problem).__name__ == "PanicException":  # not an Exception: raised where the Rust side gives up
            raise _cannot(engine, source, RuntimeError("tệp bị hỏng")) from problem
        raise


def _cannot(engine: str, source: str, problem: Exception) -> StoreProblem:
    if (of_machine := named_reason(str(problem))) is not None:
        return StoreProblem(f"{engine} không xét được “{source}”: {of_machine}")
    lines = [line for line in str(problem).splitlines() if line.strip()]
    first = lines[0].strip()[:300] if lines else type(problem).__name__
    return StoreProblem(f"{engine} không xét được “{source}”: {first}")


def _written(found: Iterable[SweepResult], draft: Path, ruleset: RuleSet, as_of: dt.date) -> Swept:
    """Write the results of batches one after the other, and count them; with no batch, files without a row."""
    swept, number = Swept(), -1
    for name in (FINDINGS, UNKNOWN):
        (draft / name).mkdir()
    for number, result in enumerate(found):
        _write_part(result, draft, number, swept)
    if number < 0:
        _write_part(for_all_cases(ruleset).evaluate([], as_of), draft, 0, swept)
    return swept


def _write_part(result: SweepResult, draft: Path, number: int, swept: Swept) -> None:
    findings, unknown = in_words(result.findings.collect()).drop(ROW), result.unknown.collect().drop(ROW)
    findings.write_parquet(draft / FINDINGS / f"part-{number:05}.parquet")
    unknown.write_parquet(draft / UNKNOWN / f"part-{number:05}.parquet")
    swept.stages.update(result.stages)
    swept.findings.update(dict(findings.group_by("severity").len().iter_rows()))
    swept.undecided += unknown.height


def _by_polars(source: str, files: list[Path] | None, draft: Path, as_of: dt.date, ruleset: RuleSet) -> Swept:
    """A million cases at a time, so that memory holds no more."""
    places: list[Any] = [source] if files is None else list(files)
    scans = {str(place): pl.scan_parquet(place) for place in places}
    for place, scan in scans.items():
        cases = nw.from_native(scan)
        try:
            if files is None:
                wide_cases.check_columns(cases, place)
            wide_cases.check_values(cases, place, _polars_rows)
        except OSError as problem:  # nothing has been written yet: it is the place that cannot be read
            raise _cannot("polars", place, problem) from problem
    codes = pl.concat([scan.select(pl.col(wide_cases.CODE).cast(pl.String)) for scan in scans.values()])
    wide_cases.check_codes(nw.from_native(codes), source, _polars_rows)
    evaluator = for_all_cases(ruleset)
    return _written(_batches(evaluator, scans.values(), as_of), draft, ruleset, as_of)


def _batches(evaluator: SweepEvaluator, scans: Iterable[pl.LazyFrame], as_of: dt.date) -> Iterator[SweepResult]:
    for scan in scans:
        size = scan.select(pl.len()).collect().item()
        for start in range(0, size, BATCH):
            batch: pl.LazyFrame = wide_cases.with_whole_numbers(nw.from_native(scan.slice(start, BATCH))).to_native()
            yield evaluator.evaluate(batch.collect(), as_of)


def _polars_rows(frame: wide_cases.Frame) -> Iterable[dict[str, Any]]:
    collected: pl.DataFrame = frame.to_native().collect(engine="streaming")
    return collected.to_dicts()


def _by_duckdb(
    source: str, files: list[Path] | None, draft: Path, as_of: dt.date, ruleset: RuleSet, space: str
) -> Swept:
    """On a connection of its own, which takes everything it kept along when it is closed."""
    import duckdb

    from engine.sweep.backends.duckdb_backend import DuckDBBackend

    memory = f"{most_memory() * 2 // 3 >> 20}MiB"  # beyond it DuckDB puts down in that space what it has no room for
    connection = duckdb.connect(config={"temp_directory": space, "memory_limit": memory})
    try:
        backend = DuckDBBackend(connection)
        places = source if files is None else [str(file) for file in files]
        cases = nw.from_native(connection.read_parquet(places, union_by_name=True))
        _check_all(cases, source, files, backend.rows)
        numbered = CaseFrames(wide_cases.with_whole_numbers(cases))
        result = SweepEvaluator(ruleset, backend).evaluate(numbered, as_of)
        for name, frame in ((FINDINGS, result.findings), (UNKNOWN, result.unknown)):
            (draft / name).mkdir()
            frame.to_native().write_parquet(str(draft / name / "part-00000.parquet"))
        counted = result.findings.group_by("severity").agg(nw.len().alias("times"))
        (undecided,) = backend.rows(result.unknown.select(nw.len().alias("times")))
        return Swept(
            Counter(result.stages),
            Counter({row["severity"]: row["times"] for row in backend.rows(counted)}),
            undecided["times"],
        )
    finally:
        connection.close()


def spark_session() -> Any:
    """A session as it is set up outside: by spark-submit, PYSPARK_SUBMIT_ARGS, SPARK_REMOTE, or on this machine.

    The workers run the Python that runs here, unless another is named.
    """
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    quiet = SparkSession.builder.appName("dubi sweep").config("spark.ui.showConsoleProgress", "false")
    return quiet.getOrCreate()


def _by_spark(
    source: str, files: list[Path] | None, output: str, as_of: dt.date, ruleset: RuleSet, *, replace: bool = False
) -> Swept:
    """The workers share it out; the answer is kept while it is counted and written."""
    from pyspark.sql import functions as f

    from engine.sweep.backends.spark_backend import FINDING, FOUND, LACKING, STAGE, UNDECIDED, swept

    session = spark_session()
    if not replace and _is_there(session, f"{output}/{FINDINGS}"):
        raise BadInput(f"Đã có “{output}”. Chọn nơi khác, hoặc thêm --force để thay kết quả cũ.")
    places = [source] if files is None else [f"file://{file.resolve()}" for file in files]
    cases = session.read.option("mergeSchema", "true").parquet(*places)
    _check_all(
        nw.from_native(cases), source, files, lambda frame: [row.asDict() for row in frame.to_native().collect()]
    )
    numbered = wide_cases.with_whole_numbers(nw.from_native(cases)).to_native()
    answer = swept(numbered, ruleset, as_of).persist()
    try:
        counted = answer.groupBy("about", "stage", "severity").agg(
            f.sum("cases").alias("cases"), f.count("*").alias("n")
        )
        found = Swept(Counter(dict.fromkeys(ruleset.vocabulary.codes["stage"], 0)))
        for row in counted.collect():
            if row["about"] == STAGE:
                found.stages[row["stage"]] += row["cases"]
            elif row["about"] == FINDING:
                found.findings[row["severity"]] += row["n"]
            else:
                found.undecided += row["n"]
        mode = "overwrite" if replace else "error"
        for name, about, columns in ((FINDINGS, FINDING, FOUND), (UNKNOWN, UNDECIDED, LACKING)):
            rows = answer.filter(f.col("about") == about).select(*columns)
            rows.write.mode(mode).parquet(f"{output}/{name}")
        return found
    finally:
        answer.unpersist()


def _is_there(session: Any, address: str) -> bool:
    from pyspark.errors import AnalysisException

    try:
        session.read.parquet(address)
    except AnalysisException:
        return False
    return True


def _check_all(cases: wide_cases.Frame, source: str, files: list[Path] | None, rows: wide_cases.Rows) -> None:
    """Look all values over; where one is refused and there are several files, say in which it is."""
    if files is None:
        wide_cases.check_columns(cases, source)
    try:
        wide_cases.check_values(cases, source, rows)
    except BadInput:
        if files is not None:
            in_child(source, _bounds(files), _check_values_apart, files, fresh=True)
        raise
    wide_cases.check_codes(cases, source, rows)
