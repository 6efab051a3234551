"""Many cases changed at once: each judged by itself, all of them written in one transaction or none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.changes.saving import Draft, allow
from cases.judging.doubts import Doubt
from cases.log.write_plan import Alteration, Part, WritePlan, with_shared_persons
from cases.store.connection import writing
from rules.loader.errors import BadInput, DubiError, UnknownName

if TYPE_CHECKING:
    from cases.store.reading import Execute

_FEW = 20


@dataclass(frozen=True, slots=True)
class TogetherDraft:
    """What is done to many cases before it is written, each of them once."""

    drafts: tuple[Draft, ...]

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Every doubt with the case it is about."""
        return tuple(doubt._replace(whose=one.after.code) for one in self.drafts for doubt in one.doubts)

    @property
    def plan(self) -> WritePlan:
        """All of them as one write."""
        changed = [one for one in self.drafts if one.before != one.after]
        cases = Part(tuple(Alteration(one.after.code, one.before, one.after) for one in changed))
        shared = {record.code: record for one in changed for record in one.shared}
        added = [measure for one in self.drafts for measure in one.added]
        measures = tuple(Alteration(f"{one.case} · {one.form} · {one.on}", None, one) for one in added)
        return WritePlan({"case": with_shared_persons(shared.values(), cases), "discipline": Part(measures)})


def together(made: Iterable[Callable[[], Draft]]) -> TogetherDraft:
    """Make the draft of each case; raises `BadInput` that names every case that cannot be changed so."""
    drafts: dict[str, Draft] = {}
    refused: list[DubiError] = []
    for make in made:
        try:
            one = make()
        except (BadInput, UnknownName) as error:
            refused.append(error)
            continue
        known = drafts.setdefault(one.after.code, one)
        if known.after != one.after:
            refused.append(BadInput(f"Hồ sơ {one.after.code} có hai thay đổi trong một lần ghi. Ghi từng lần."))
    if refused:
        lines = [f"  - {error}" for error in refused[:_FEW]]
        lines += [f"  - … và {len(refused) - _FEW} hồ sơ nữa."] if refused[_FEW:] else []
        kind = UnknownName if all(isinstance(error, UnknownName) for error in refused) else BadInput
        raise kind("\n".join([f"Chưa ghi gì: {len(refused)} hồ sơ không ghi được:", *lines]))
    return TogetherDraft(tuple(drafts.values()))


def save_together(
    url: str,
    made: Callable[[Execute], TogetherDraft],
    action: str,
    *,
    accepted: Collection[Doubt] = (),
    who: str | None = None,
) -> str:
    """Make the drafts anew within one transaction and write them; gives the name of the write.

    Raises what making them raises, `Impossible`, and `Unconfirmed` for a doubt that has come up since they were shown.
    """
    from cases.store.writing import apply_plan, new_batch

    batch = new_batch(who, None, action)
    with writing(url) as store:
        now = made(store.execute)
        allow(now.doubts, confirmed=False, accepted=accepted)
        apply_plan(store, now.plan, batch)
    return batch.id
