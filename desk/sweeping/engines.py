"""The engines that can run a sweep: which are installed here, and what is missing for the others."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, get_args

from rules.loader.errors import StoreProblem

EngineName = Literal["polars", "duckdb", "spark"]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)
_MODULES = {"polars": ("polars",), "duckdb": ("duckdb",), "spark": ("pyspark", "pandas", "pyarrow")}
"""What must be installed for an engine, the one that bears its name first."""


class EngineMissing(StoreProblem):
    """The library that is to run the sweep is not installed here."""


def found(module: str) -> bool:
    """Whether a module can be imported here; one that is barred counts as missing."""
    try:
        return find_spec(module) is not None
    except ValueError:
        return False


def installed(engine: EngineName) -> bool:
    """Whether an engine can be used as far as its packages go."""
    return all(map(found, _MODULES[engine]))


def version_of(package: str) -> str:
    """The version of a package; a question mark where it does not tell."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "?"


def described() -> str:
    """The engines that are there, with their versions, and how the others are installed."""
    there = [f"{engine} {version_of(_MODULES[engine][0])}" for engine in ENGINES if installed(engine)]
    absent = [f"{engine} ({_how_to_add(engine)})" for engine in ENGINES if not installed(engine)]
    return "; chưa cài: ".join(filter(None, [", ".join(there), ", ".join(absent)]))


def parts() -> str:
    """What is printed, drawn and connected with: which of it is there, and how the rest is installed."""
    named = (("xuất PDF và hình .png", "typst", "pdf"), ("nối tới kho trên máy chủ", "psycopg", "postgresql"))
    return ", ".join(
        f"{what} ({module} {version_of(module)})" if found(module) else f"chưa có {what} ({_how_to_add(extra)})"
        for what, module, extra in named
    )


def _how_to_add(extra: str) -> str:
    """How a part is added; the program for Windows is unzipped as it is, and brings no pip."""
    if any(Path(sys.executable).parent.glob("python3*._pth")):
        return "bản giải nén cho Windows không thêm được; cài Dubi bằng pipx thì được"
    return f"pip install 'dubi[{extra}]'"


def require(engine: EngineName) -> None:
    """Raise `EngineMissing` with what to do where an engine is not there."""
    if not installed(engine):
        raise EngineMissing(
            f"Máy này chưa có {engine}. Dùng --engine polars (có sẵn), hoặc xem cách thêm bằng lệnh: dubi doctor --all"
        )
    if engine == "spark" and "SPARK_REMOTE" not in os.environ and not _java():
        raise EngineMissing(
            "Spark cần Java 17 mà máy chưa có. Dùng --engine polars (có sẵn), hoặc nhờ người quản máy cài Java 17."
        )


def _java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java") is not None or (home is not None and (Path(home) / "bin" / "java").exists())
