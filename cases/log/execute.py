"""What runs a query on a store, whatever database it is on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Execute = Callable[[str], Iterable[Any]]
"""Runs one query and gives its rows."""
