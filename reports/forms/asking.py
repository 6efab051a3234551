"""Which typed figures a form asks for, and which of them nobody has typed in for its unit and period."""

from __future__ import annotations

from engine.statistics.behind_a_figure import typed_behind
from reports.forms.filling import wanted
from reports.forms.form_loader import Form
from reports.forms.occasion import Occasion


def missing_figures(form: Form, occasion: Occasion) -> list[str]:
    """The typed figures of a form that have no value, in the order of their ids."""
    ledger = occasion.ledger
    # A column for the year before asks for the same figures: those of the period itself are what is to be typed now.
    now = [term.reference for term in wanted(form, occasion) if term.reference.shift is None]
    return [name for name in typed_behind(ledger.indicators, now) if not ledger.typed_behind(name, occasion.unit)]
