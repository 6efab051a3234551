"""Run one measurement by its name, and print what was found as JSON on one line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module

from bench.measures import Json

MEASURES = {
    "sweep": "sweeping",
    "whole_law": "sweeping",
    "frame": "sweeping",
    "peers": "beside",
    "alone": "beside",
    "live": "live",
    "figures": "figures",
    "fill": "stored",
    "facts": "stored",
    "reading": "stored",
    "verified": "stored",
}
"""Each measurement with the module that has it: only that one is loaded."""

if __name__ == "__main__":
    measure: Callable[..., Json] = getattr(import_module(f"bench.measures.{MEASURES[sys.argv[1]]}"), sys.argv[1])
    print(json.dumps(measure(**json.loads(sys.argv[2]))))
