"""Ourselves as we were at a commit: its files, and an environment with what it had pinned, made once and kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.machine import ROOT, note
from bench.workshop import NotMeasured

COMMIT = "d93c129"
PLACE = ROOT / "build" / f"basis-{COMMIT}"

FILL = """\
import sys
from pathlib import Path
from bench.stores import fill
fill(Path(sys.argv[1]), int(sys.argv[2]))
"""
"""What makes a store of that commit's: its path, and how many cases."""

WHOLE_LAW = """\
import json, sys, time
import datetime as dt
import polars as pl
from engine.ruleset import load_ruleset
from engine.sweep import SweepEvaluator
cases, ruleset, spans, busy = pl.read_parquet(sys.argv[1]), load_ruleset(), [], []
for _ in range(int(sys.argv[2])):
    start, worked = time.perf_counter(), time.process_time()
    swept = SweepEvaluator(ruleset).evaluate(cases, dt.date.fromisoformat(sys.argv[3]))
    swept.unknown.collect()
    found = swept.findings.collect()
    spans.append(time.perf_counter() - start)
    busy.append(time.process_time() - worked)
said = {"rules": len(ruleset.rules), "firing": found["rule"].n_unique(), "findings": found.height}
print(json.dumps({**said, "spans": spans, "busy": busy}))
"""
"""The whole law on the frame of a file, as `bench.measures.sweeping` has it today."""


@dataclass(frozen=True, slots=True)
class Basis:
    """Where it can be run."""

    tree: Path
    python: Path
    dubi: Path


def made() -> Basis:
    """The environment, made if it is not there; raises `NotMeasured` where that fails."""
    tree, env = PLACE / "tree", PLACE / "env"
    if not (PLACE / ".ready").exists():
        note(f"making an environment of commit {COMMIT}, once")
        shutil.rmtree(PLACE, ignore_errors=True)
        PLACE.mkdir(parents=True)
        python = str(env / "bin" / "python")
        flag = "-DPyEval_CallObject=PyObject_CallObject" if sys.version_info >= (3, 13) else ""
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        locked = [*pip, "--require-hashes"]
        _done(["git", "worktree", "prune"], ROOT)
        _done(["git", "worktree", "add", "--force", "--detach", str(tree), COMMIT], ROOT)
        _done([sys.executable, "-m", "venv", str(env)], ROOT)
        _done([*locked, "-r", "requirements-build.lock"], tree)
        _done([*locked, "--no-build-isolation", "-r", "requirements.lock"], tree, CPPFLAGS=flag)
        _done([*pip, "--no-build-isolation", "--no-deps", "--editable", "."], tree)
        (PLACE / ".ready").touch()
    return Basis(tree, env / "bin" / "python", env / "bin" / "dubi")


def _done(line: list[str], place: Path, **environment: str) -> None:
    ended = subprocess.run(
        line, cwd=place, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        said = (ended.stderr.strip() or "nothing was said").splitlines()[-1]
        raise NotMeasured(f"no environment of commit {COMMIT} could be made: {said[:200]}")
