"""What is shown of personal numbers: never more than their last three digits."""

from __future__ import annotations

from cases.values.refusals import without_numbers as without_numbers
