"""Cases as Parquet: a row a case, a column a recorded fact. What such files may hold, and in whose words it is refused.

Checked through Narwhals, so that the same lines look at a frame of Polars, of DuckDB or of Spark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from cases.files.bounds import LONGEST_CELL
from cases.values.refusals import TooLarge, masked
from rules.loader import vocabulary
from rules.loader.errors import BadInput
from rules.loader.spelling.days import FIRST_DAY, FIRST_YEAR, LAST_DAY, LAST_YEAR, shown_day
from rules.loader.spelling.near import did_you_mean
from rules.loader.spelling.partly import WRITTEN
from rules.loader.vocabulary import Fact

Frame = nw.LazyFrame[Any]
Rows = Callable[[Frame], Iterable[Mapping[str, Any]]]
"""How the rows of a frame are fetched from the library it is of."""

CODE = "code"
_WORDS = {
    "date": "ngày (date)",
    "number": "số nguyên (int)",
    "mark": "đúng/sai (boolean)",
    "code": "chữ (string)",
    "text": "chữ (string)",
}


MOST_ROWS = 200_000_000
"""Of all files of one sweep: far beyond what a whole country has."""


def wide_facts() -> dict[str, Fact]:
    """The facts that a column may hold: what is recorded of a case, then which columns the office keeps."""
    facts = vocabulary.load().facts
    recorded = {name: f for name, f in facts.items() if f.kind in ("step", "attribute", "mark")}
    return recorded | {name: f for name, f in facts.items() if f.keeps}


def local_files(source: str) -> list[Path] | None:
    """The files that a path, a folder or a pattern names; None where it is an address, which the engine knows best."""
    if "://" in source:
        return None
    path = Path(source)
    if path.is_dir():
        found = sorted(path.glob("*.parquet"))
    elif path.exists():
        found = [path]
    else:
        found = sorted(_matching(path))
    if not found:
        raise BadInput(f"Không có tệp Parquet nào ở “{source}”. Xem lại tên, ví dụ: --input 'thu-muc/*.parquet'.")
    return found


def _matching(pattern: Path) -> Iterator[Path]:
    parts = pattern.parts
    start = next((place for place, part in enumerate(parts) if set(part) & set("*?[")), None)
    if start is not None:
        yield from (path for path in Path(*parts[:start]).glob(str(Path(*parts[start:]))) if path.is_file())


def check_files(files: Iterable[Path]) -> None:
    """Refuse files that are no Parquet, too long, or whose columns are no facts or of another type; raises `BadInput`.

    Opened in the process that calls: only in a child (`cases.values.apart`), which a made-up file cannot leave.
    """
    left = MOST_ROWS
    for file in files:
        left -= check_file(file)
        if left < 0:
            raise TooLarge(file, f"đưa số dòng lên quá {MOST_ROWS}.", "Kiểm tra có đúng tệp không.")


def check_file(file: Path) -> int:
    """How many rows a file has; refuses one that is no Parquet, or whose columns are no facts or of another type."""
    broken = BadInput(f"“{file}” không phải là tệp Parquet đọc được: hỏng, ghi dở, hoặc là loại tệp khác.")
    try:
        schema = pl.scan_parquet(file).collect_schema()
        rows = int(pl.scan_parquet(file).select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, OSError):
        raise broken from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # not an Exception: raised where the Rust side gives up
            raise broken from None
        raise
    check_columns(nw.from_native(pl.LazyFrame(schema=schema)), str(file))
    return rows


def check_columns(frame: Frame, where: str) -> None:
    """Refuse columns that are no facts or of another type, naming the place; raises `BadInput`."""
    facts = wide_facts()
    schema = frame.collect_schema()
    for name, found in schema.items():
        fact = facts.get(name)
        if fact is None:
            raise BadInput(f"“{where}”: không nhận được cột “{name}”. {_instead(name, facts)}")
        if not _fits(found, str(fact.type)):
            wanted = _WORDS[str(fact.type)]
            raise BadInput(f"“{where}”: cột “{name}” ({fact.label}) có kiểu {found}; phải là {wanted}.")
    if CODE not in schema:
        raise BadInput(f"“{where}”: thiếu cột “{CODE}” (mã hồ sơ), mỗi dòng phải có một mã.")


def _instead(name: str, facts: Mapping[str, Fact]) -> str:
    if name in vocabulary.load().facts:
        return "Đây là dữ kiện chương trình tự tính; bỏ cột này."

    return f"{did_you_mean(name, facts)} Tên cột là tên dữ kiện trong rules/facts.yaml; cột khác thì bỏ đi.".lstrip()


def _fits(found: nw.dtypes.DType, wanted: str) -> bool:
    match wanted:
        case "date":
            return found == nw.Date
        case "number":
            return found.is_integer()
        case "mark":
            return found == nw.Boolean
        case _:
            return found == nw.String or found == nw.Categorical or found == nw.Enum


def with_whole_numbers(frame: Frame) -> Frame:
    """The frame with its numbers of one width, in which nothing that the rules count overflows."""
    facts = wide_facts()
    numbers = [name for name in frame.collect_schema().names() if facts[name].type == "number"]
    return frame.with_columns(nw.col(name).cast(nw.Int64) for name in numbers) if numbers else frame


def check_values(frame: Frame, where: str, rows: Rows) -> None:
    """Refuse days out of bounds, unknown codes, texts that are there but say nothing or too much; a case has a code."""
    facts, lists, partly = wide_facts(), vocabulary.load().codes, vocabulary.load().partly
    asked, dates, codes, texts, in_part = [], [], [], [], []
    for name in frame.collect_schema().names():
        fact, column = facts[name], nw.col(name)
        if fact.type == "date":
            asked += [column.min().alias(f"min {name}"), column.max().alias(f"max {name}")]
            dates.append(fact)
        elif fact.type == "code" and fact.codes:
            text = column.cast(nw.String)
            asked.append(nw.when(~text.is_in(list(lists[fact.codes]))).then(text).min().alias(f"strange {name}"))
            codes.append(fact)
        elif name in partly:
            text = column.cast(nw.String)
            asked.append(nw.when(~text.str.contains(WRITTEN)).then(text).min().alias(f"strange {name}"))
            in_part.append(fact)
        elif fact.type in ("code", "text"):
            text = column.cast(nw.String)
            asked.append((text.str.strip_chars() == "").any().alias(f"empty {name}"))
            asked.append(text.str.len_chars().max().alias(f"length {name}"))
            texts.append(fact)
    (found,) = rows(frame.select(nw.col(CODE).is_null().any().alias("nameless"), *asked))
    if found["nameless"]:
        raise BadInput(f"“{where}”: có dòng không có mã hồ sơ (cột “{CODE}”). Điền mã rồi chạy lại.")
    for fact in texts:
        if found[f"empty {fact.name}"]:
            raise BadInput(f"“{where}”: cột “{fact.name}” ({fact.label}) có chữ rỗng. Không có gì thì để null.")
        if (found[f"length {fact.name}"] or 0) > LONGEST_CELL:
            said = f"có ô dài {found[f'length {fact.name}']} ký tự, nhiều nhất là {LONGEST_CELL}. Rút ngắn ô đó."
            raise BadInput(f"“{where}”: cột “{fact.name}” ({fact.label}) {said}")
    for fact in codes:
        if (strange := found[f"strange {fact.name}"]) is not None:
            known = ", ".join(lists[str(fact.codes)])
            raise BadInput(
                f"“{where}”: cột “{fact.name}” ({fact.label}) có mã lạ “{masked(strange)}”. Các mã: {known}."
            )
    for fact in in_part:
        if (strange := found[f"strange {fact.name}"]) is not None:
            said = f"có “{masked(strange)}”. Ghi năm (2019), tháng/năm (03/2019), hoặc x."
            raise BadInput(f"“{where}”: cột “{fact.name}” ({fact.label}) {said}")
    for fact in dates:
        for day in (found[f"min {fact.name}"], found[f"max {fact.name}"]):
            if day is not None and not FIRST_DAY <= day <= LAST_DAY:
                bounds = f"{FIRST_YEAR}–{LAST_YEAR}"
                said = f"có ngày {shown_day(day)}, ngoài khoảng {bounds}. Sửa ngày rồi chạy lại."
                raise BadInput(f"“{where}”: cột “{fact.name}” ({fact.label}) {said}")


def check_codes(frame: Frame, where: str, rows: Rows) -> None:
    """Refuse a code that two rows bear."""
    twice = frame.group_by(CODE).agg(nw.len().alias("times")).filter(nw.col("times") > 1).head(1)
    for row in rows(twice):
        raise BadInput(f"“{where}”: mã hồ sơ “{masked(row[CODE])}” có ở {row['times']} dòng. Mỗi hồ sơ chỉ một dòng.")
