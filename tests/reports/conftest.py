"""The command and the rosters, as the tests of the command have them."""

from __future__ import annotations

from tests.cli.conftest import dubi, large, small

__all__ = ["dubi", "large", "small"]
