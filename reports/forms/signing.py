"""Who signs a form: the blocks that it has, with the offices and names that the unit has set for its papers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reports.forms.model import Signature

if TYPE_CHECKING:
    from cases.values.records import Unit

RECIPIENTS, PREPARER = "Nơi nhận:", "NGƯỜI LẬP"
"""How the blocks begin that are not for the head of the unit."""


def signatures(blocks: tuple[Signature, ...], unit: Unit | None) -> tuple[Signature, ...]:
    """The blocks of a form as a unit signs them; a form without any gets one where the unit has set who signs."""
    if unit is None:
        return blocks
    if not blocks and unit.signer_title:
        blocks = (Signature((RECIPIENTS,)), Signature(())) if unit.recipients else (Signature(()),)
    return tuple(_signed(block, unit) for block in blocks)


def _signed(block: Signature, unit: Unit) -> Signature:
    first = block.title[0] if block.title else ""
    if first == RECIPIENTS:
        listed = unit.recipients.split("\n") if unit.recipients else []
        return replace(block, note="\n".join(f"- {one}" for one in listed) or block.note)
    if first.startswith(PREPARER):
        return replace(block, name=unit.preparer)
    title = tuple(unit.signer_title.split("\n")) if unit.signer_title else block.title
    return replace(block, title=title, name=unit.signer)
