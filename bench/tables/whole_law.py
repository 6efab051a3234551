"""The whole law on a frame with every recorded fact, beside ourselves as we were."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys

from bench import AS_OF, basis
from bench.machine import note
from bench.workshop import Json, NotMeasured, Workshop
from bench.writing import Goal, Told, at_most, count, seconds, table, times

TITLE = "The whole law"
LEAST, LIMIT = 95, 0.4
WANTED = (f"the whole law against {basis.COMMIT}, all facts, plans counted", "rules that fire")

TEXT = """\
## The whole law on every fact

{size} cases with a column for every fact that can be recorded ({facts} columns, `bench/all_facts.py`): those that the
population above lacks are filled for {filled} of the cases, many cases stand still since some day. Every run makes its
plans anew, and that is counted. Both read the same file; processes of ours and of commit {commit} took turns. The first
run of a process, which touches its memory for the first time, stands beside the medians of those that followed.
"""


def measured(shop: Workshop) -> Told:
    """Processes in turns, each with some runs."""
    sizes = shop.sizes
    path = str(shop.folder / "frame.parquet")
    frame = shop.child("frame", path=path, size=sizes.columns)
    rounds = 4
    ours: list[Json] = []
    theirs: list[Json] = []
    why = ""
    for _ in range(3):
        ours.append(shop.child("whole_law", path=path, rounds=rounds))
        if not why:
            try:
                theirs.append(_before(path, rounds))
            except NotMeasured as reason:
                why = str(reason)
    wanted = f"the whole law, {count(sizes.columns)} cases with all facts, plans counted, against {basis.COMMIT}"
    firing = ours[0]["firing"]
    profiled = (sys.executable, "-m", "bench.measures", "whole_law", json.dumps({"path": path, "rounds": 1}))
    if theirs:
        ratios = _median(ours, "spans") / _median(theirs, "spans"), _median(ours, "busy") / _median(theirs, "busy")
        goals = [at_most(wanted, LIMIT, ratios, profiled=profiled)]
    else:
        goals = [Goal(wanted, times(LIMIT), why)]
    goals.append(Goal("rules that fire in that frame", f"{LEAST} at least", str(firing), "", firing >= LEAST))
    rows = [
        (
            *(name, str(many[0]["rules"]), str(many[0]["firing"]), count(many[0]["findings"])),
            seconds(statistics.median(one["spans"][0] for one in many)),
            *(seconds(_median(many, part)) for part in ("spans", "busy")),
            str(sum(len(one["spans"]) for one in many)),
        )
        for name, many in (("today", ours), (basis.COMMIT, theirs))
        if many
    ]
    head = TEXT.format(size=count(sizes.columns), facts=frame["facts"], filled="3 %", commit=basis.COMMIT)
    return Told(
        goals, [head, table(("", "rules", "that fire", "findings", "first", "median", "processor", "runs"), rows)]
    )


def _before(path: str, rounds: int) -> Json:
    """The same by the commit of before."""
    before = basis.made()
    note(f"whole_law by {basis.COMMIT}")
    line = [str(before.python), "-c", basis.WHOLE_LAW, path, str(rounds), str(AS_OF)]
    done = subprocess.run(line, capture_output=True, text=True, cwd=before.tree, check=False)
    if done.returncode:
        said = (done.stderr.strip() or "nothing was said").splitlines()[-1]
        raise NotMeasured(f"{basis.COMMIT} failed: {said[:200]}")
    found: Json = json.loads(done.stdout.splitlines()[-1])
    return found


def _median(many: list[Json], part: str) -> float:
    """Of the runs after the first of each process."""
    return statistics.median(span for one in many for span in one[part][1:])
