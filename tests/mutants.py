"""`make mutants`: every small wrong change of the rules is held against the examples; 1 where one passes.

python -m tests.mutants [BEGINNING OF A NAME]
"""

from __future__ import annotations

import sys

from engine.proving.mutation import run


def main(chosen: str | None = None) -> int:
    """Run, and tell who passes without being listed as equivalent, and who is listed and does not."""
    outcome = run(chosen)
    say = sys.stdout.write
    say(f"{outcome.made} mutants, {outcome.made - len(outcome.survivors)} caught, {len(outcome.holes)} not caught\n")
    for name in outcome.holes:
        say(f"  not caught: {name}\n")
    stale = outcome.stale if chosen is None else []
    for name in stale:
        say(f"  listed as equivalent, but caught or gone: {name}\n")
    return int(bool(outcome.holes or stale))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
