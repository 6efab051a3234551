"""Hold the two evaluators against each other on invented cases, and show the smallest case on which they differ.

`python -m tests.equality --cases 5000000 --processes 2` runs by the million; the tests run the same code on less.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache

from cases.values.records import Record
from engine.findings import Evaluation
from engine.ruleset import load_ruleset
from engine.single.live import LiveEvaluator
from engine.sweep.evaluator import SweepEvaluator
from tests.given.population import Population

BATCH = 5000


@dataclass(frozen=True)
class Pair:
    """Both evaluators of one rule set, and the invented cases to try them on."""

    live: LiveEvaluator
    sweep: SweepEvaluator
    population: Population

    def differ(self, records: Sequence[Record], as_of: dt.date) -> bool:
        """Whether the evaluators disagree about some cases."""
        return not alike(self.live.evaluate(records, as_of), self.sweep.evaluate(records, as_of).evaluation())

    def smallest(self, records: Sequence[Record], as_of: dt.date) -> Record:
        """Of cases on which the evaluators differ, one, with everything left out that does not matter."""
        left = list(records)
        while len(left) > 1:
            half = left[: len(left) // 2]
            left = half if self.differ(half, as_of) else left[len(half) :]
        (record,) = left
        while smaller := next((less for less in reduced(record) if self.differ([less], as_of)), None):
            record = smaller
        return record

    def report(self, record: Record, as_of: dt.date) -> str:
        """A case and what each evaluator says of it."""
        one, two = self.live.evaluate([record], as_of), self.sweep.evaluate([record], as_of).evaluation()
        lines = [f"as of {as_of}: {record}"]
        for name, mine, other in (("live", one, two), ("sweep", two, one)):
            lines.append(f"only {name}: {[f for f in mine.findings if f not in other.findings]}")
            lines.append(f"only {name}: {[u for u in mine.unknown if u not in other.unknown]}")
            lines.append(f"{name} stages: { {k: v for k, v in mine.stages.items() if v} }")
        return "\n".join(lines)


def alike(one: Evaluation, two: Evaluation) -> bool:
    """Whether two evaluations say the same: stages, findings with their sentences, undecided rules."""
    return (
        one.stages == two.stages and list(one.findings) == list(two.findings) and list(one.unknown) == list(two.unknown)
    )


def reduced(record: Record) -> Iterator[Record]:
    """The same case with one thing left out."""
    for name in record.fields:
        if name != "code":
            yield replace(record, fields={n: v for n, v in record.fields.items() if n != name})
    for part in ("steps", "attributes", "placements"):
        entries = getattr(record, part)
        for place in range(len(entries)):
            yield replace(record, **{part: entries[:place] + entries[place + 1 :]})


@cache
def pair() -> Pair:
    """The evaluators of the shipped law."""
    ruleset = load_ruleset()
    return Pair(LiveEvaluator(ruleset), SweepEvaluator(ruleset), Population(ruleset))


def compare(seed: int, count: int = BATCH) -> tuple[str | None, Counter[str]]:
    """Compare one batch of cases: a report of the smallest difference, and what was met."""
    both = pair()
    as_of, records = both.population.records(seed, count)
    one = both.live.evaluate(records, as_of)
    met = Counter(finding.rule for finding in one.findings)
    met.update(f"unknown {entry.rule}" for entry in one.unknown)
    if alike(one, both.sweep.evaluate(records, as_of).evaluation()):
        return None, met
    return both.report(both.smallest(records, as_of), as_of), met


def main() -> int:
    """Compare by the million; 1 if there is a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    began, met = time.monotonic(), Counter[str]()
    seeds = range(arguments.seed, arguments.seed + -(-arguments.cases // BATCH))
    with ProcessPoolExecutor(arguments.processes) as pool:
        for done, (report, found) in enumerate(pool.map(compare, seeds), 1):
            met.update(found)
            if report is not None:
                sys.stdout.write(f"{report}\n")
                return 1
            if done % 100 == 0:
                sys.stderr.write(f"{done * BATCH} cases alike after {time.monotonic() - began:.0f} s\n")
    never = sorted(set(load_ruleset().rules) - set(met))
    sys.stdout.write(f"{len(seeds) * BATCH} cases, {sum(met.values())} findings and undecided rules: no difference.\n")
    sys.stdout.write(f"Rules that never fired: {', '.join(never) or 'none'}.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
