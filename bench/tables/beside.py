"""The ten rules beside other engines and beside code by hand, on one thread each and on all cores."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys

from bench.workshop import Json, NotMeasured, Workshop
from bench.writing import Goal, Told, at_most, count, rate, seconds, table, times

TITLE = "Side by side"
IN_COLUMNS = ("dubi", "dubi_in_full", "polars_by_hand", "numpy_by_hand", "openfisca", "duckdb_sql", "fused_c")
PER_CASE = ("plain_python", "zen_engine_peer", "rule_engine_peer")
LIMITS = {"polars_by_hand": 1.5, "numpy_by_hand": 2.0, "openfisca": 0.7, "fused_c": 4.0}
NAMES = {
    "polars_by_hand": "Polars by an expert's hand",
    "numpy_by_hand": "numpy by an expert's hand",
    "openfisca": "OpenFisca-core",
    "fused_c": "fused C",
}
WANTED = tuple(f"ten rules against {name}" for name in NAMES.values())

TEXT = """\
## Side by side

The same ten rules (eight on recognition, two on the limits of admission), in turns in one process. Each peer
(`bench/peers/`) gets the cases in the form it likes best, untimed, and the same tables of working days and of the law's
values by date; what is timed ends with the list of findings (case, rule, due day). Ours and that of Polars name the
case by its code, the others by its row. Ours works out all the rest of a finding as well (severity, lateness, clause
and more) and what cannot be decided; it is asked for the three columns that the others give, and on a line of its own
for all fifteen, with the name and the unit of the case. Its words are categories, as those of Polars. The first run
has the plans of those that make any (ours, Polars, DuckDB); C was compiled before (`cc -O3 -march=native`).
Polars and numpy are written as who knows them well writes them: cases parted by stage first, each stage with its own
limits. As of {day}; slow peers get fewer cases, the rates are per second.

Before anything was timed, all gave the same findings on {checked} cases as of {days},
else there would be no table; and those in columns gave the same on all the cases of the table.
"""
PINNED = {
    1: "All threads pinned to one each (`POLARS_MAX_THREADS` and the like, `SET threads`): the goals count here.\n",
    2: "Pinned to {threads} threads; numpy, OpenFisca-core, plain Python and rule-engine use one anyhow.\n",
}
HEADER = ("", "cases", "findings", "first", "median", "processor", "runs", "cases/s", "ours against it", "by processor")


def measured(shop: Workshop) -> Told:
    """On one thread, then on all cores with the slow ones too."""
    sizes, cores = shop.sizes, len(os.sched_getaffinity(0))
    given = {"column_size": sizes.columns, "size": sizes.cases, "check_size": sizes.agree}
    one = shop.child("peers", threads=1, **given, rounds=sizes.rounds, names=[*IN_COLUMNS])
    text = [TEXT.format(day=_day(one["day"]), checked=count(one["checked"]), days=", ".join(map(_day, one["days"])))]
    text += [PINNED[1], _table(one)]
    try:
        many = shop.child("peers", threads=cores, **given, rounds=sizes.rounds // 2 + 1, names=[*IN_COLUMNS, *PER_CASE])
        text += [PINNED[2].format(threads=cores), _table(many)]
    except NotMeasured as reason:
        text.append(f"On all cores: not measured, {reason}.\n")
    peers = {peer["module"]: peer for peer in one["peers"]}
    missing = dict(one["missing"])
    profiled = (sys.executable, "-m", "bench.measures", "alone", json.dumps({"size": sizes.columns, "rounds": 5}))
    goals = []
    for name, limit in LIMITS.items():
        wanted = f"ten rules, {count(sizes.columns)} cases, one thread, against {NAMES[name]}"
        if name not in peers:
            goals.append(Goal(wanted, times(limit), missing.get(name, "not there")))
            continue
        ratios = _against(peers["dubi"], peers[name])
        goals.append(at_most(wanted, limit, ratios, work_alone=name == "openfisca", profiled=profiled))
    return Told(goals, text)


def _against(ours: Json, theirs: Json) -> tuple[float, float]:
    """Our time a case against theirs: by the clock, by work."""
    per_case = [[one[part] / one["size"] for part in ("median", "cpu")] for one in (ours, theirs)]
    return per_case[0][0] / per_case[1][0], per_case[0][1] / per_case[1][1]


def _day(text: str) -> str:
    return f"{dt.date.fromisoformat(text):%d/%m/%Y}"


def _table(found: Json) -> str:
    ours = found["peers"][0]
    rows = [
        (
            *(peer["name"], count(peer["size"]), count(peer["findings"])),
            *(seconds(peer[part]) for part in ("first", "median", "cpu")),
            *(str(peer["runs"]), rate(peer["size"] / peer["median"])),
            *(f"{ratio:.2g} ×" for ratio in _against(ours, peer)),
        )
        for peer in found["peers"]
    ]
    return table(HEADER, rows)
