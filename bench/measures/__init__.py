"""What is measured inside a process, each in one of its own: `python -m bench.measures NAME '{"size": 1000}'`."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
"""What a measurement prints."""
