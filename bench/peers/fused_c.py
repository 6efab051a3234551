"""C, one pass over the columns with all ten rules in it (`fused.c`), compiled here and now for this processor."""

from __future__ import annotations

import ctypes
import hashlib
import os
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import polars as pl

from bench.law import FIRST, NEVER, STEPS, Law
from bench.machine import ROOT
from bench.peers.rows import Array, Found, as_frame, columns, tables

NAME = "fused C"
SOURCE = Path(__file__).parent / "fused.c"
_TABLES = (
    *("probation_ends", "cell_window_ends", "recognition_decision_limit", "admission_decision_limit"),
    *("rank", "worked", "ceremony_days"),
)
"""In the order in which `struct law` has them."""
_DAYS = ctypes.POINTER(ctypes.c_int32)


class _Law(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_int32) for name in ("as_of", "upcoming_until", "first", "never")),
        *((name, _DAYS) for name in _TABLES),
        ("ceremony_from_issue", ctypes.POINTER(ctypes.c_uint8)),
    )


class _Steps(ctypes.Structure):
    _fields_ = tuple((name, _DAYS) for name in STEPS)


def compiled() -> ctypes.CDLL:
    """The library, made once for each text of the source; raises `ImportError` where there is no compiler."""
    made = ROOT / "build" / f"fused-{hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:12]}.so"
    if not made.exists():
        made.parent.mkdir(exist_ok=True)
        fresh = made.with_suffix(f".{os.getpid()}")
        line = ["cc", "-O3", "-march=native", "-shared", "-fPIC", "-o", str(fresh), str(SOURCE)]
        try:
            subprocess.run(line, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as failed:
            raise ImportError("no C compiler (cc) here") from failed
        fresh.replace(made)
    library = ctypes.CDLL(str(made))
    library.judge.restype = ctypes.c_size_t
    return library


def prepare(cases: pl.DataFrame, law: Law) -> Callable[[], Found]:
    library, recorded, known = compiled(), columns(cases), tables(law)
    from_issue = np.array(law.ceremony_from_issue).astype(np.uint8)
    days = [_days(known[name]) for name in _TABLES]
    flags = from_issue.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
    told = _Law(law.as_of, law.upcoming_until, FIRST, NEVER, *days, flags)
    steps = _Steps(*(_days(recorded[name]) for name in STEPS))
    threads = int(os.environ.get("BENCH_THREADS", os.cpu_count() or 1))
    edges = [cases.height * part // threads for part in range(threads + 1)]
    pool = ThreadPoolExecutor(threads)
    kept = (recorded, known, from_issue)  # the structures point into these

    def part(start: int, end: int) -> tuple[Array, Array, Array]:
        room = 4 * (end - start)
        rows, which, due = np.empty(room, np.int32), np.empty(room, np.int8), np.empty(room, np.int32)
        where = _days(rows), which.ctypes.data_as(ctypes.POINTER(ctypes.c_int8)), _days(due)
        count = library.judge(ctypes.byref(told), ctypes.byref(steps), start, end, *where)
        return rows[:count], which[:count], due[:count]

    def run() -> Found:
        assert kept
        if threads == 1:
            return Found(cases["code"], *part(0, cases.height))
        parts = list(pool.map(part, edges[:-1], edges[1:]))
        return Found(cases["code"], *(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    return run


def _days(array: Array) -> ctypes._Pointer[ctypes.c_int32]:
    return array.ctypes.data_as(_DAYS)


findings = as_frame
