"""Looking at one case, saying what a change of it would be, and writing the change when it is still the same.

What was shown to the user was read without a lock; in the moment of writing the case is read again and the change is
made anew, so that what another process recorded in between is neither lost nor judged from memory.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cases.judging.doubts import Doubt, Impossible, Unconfirmed
from cases.judging.judging import new_doubts
from cases.judging.pairs import pairs
from cases.log.write_plan import Alteration, Part, WritePlan, with_shared_persons
from cases.store import search
from cases.store.connection import writing
from cases.store.reading import every_unit, records_of
from cases.store.wall.beyond import is_taken
from cases.values.codes import looks_like
from cases.values.records import Discipline, Record, Unit
from cases.values.refusals import masked
from rules.loader.errors import BadInput, UnknownName
from rules.loader.spelling.days import shown_day
from rules.loader.spelling.folding import fold
from rules.loader.spelling.near import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from cases.store.reading import Execute
    from cases.store.search import Head

Change = Callable[[Record], Record]
"""What is done to a case."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A change of a case before it is written; ``before`` is None for somebody new."""

    before: Record | None
    after: Record
    doubts: tuple[Doubt, ...]
    shared: tuple[Record, ...] = ()
    """The other cases of the same person, as stored."""
    added: tuple[Discipline, ...] = ()

    @property
    def plan(self) -> WritePlan:
        """What it writes."""
        part = with_shared_persons(self.shared, Part((Alteration(self.after.code, self.before, self.after),)))
        if self.before == self.after:
            part = Part()
        disciplines = tuple(Alteration(f"{one.case} · {one.form} · {one.on}", None, one) for one in self.added)
        return WritePlan({"case": part, "discipline": Part(disciplines)})

    def allow(self, *, confirmed: bool, accepted: Collection[Doubt] = ()) -> None:
        """Raise `Impossible` or, for what is neither confirmed nor accepted before, `Unconfirmed`."""
        allow(self.doubts, confirmed=confirmed, accepted=accepted)


def allow(doubts: Iterable[Doubt], *, confirmed: bool, accepted: Collection[Doubt] = ()) -> None:
    """Raise `Impossible` for what cannot be, `Unconfirmed` for what is unusual and nobody has accepted."""
    open_ = [doubt for doubt in doubts if doubt not in accepted]
    refused = [doubt for doubt in open_ if doubt.refused]
    if refused:
        raise Impossible(refused)
    if open_ and not confirmed:
        raise Unconfirmed(open_)


class Scene:
    """What of a store has to be known to change cases: read when it is asked for, and once."""

    def __init__(self, execute: Execute) -> None:
        """Look at a store; nothing is read yet."""
        self.execute = execute

    @cached_property
    def units(self) -> dict[str, Unit]:
        """The units that are declared; where there are none, any unit may be named."""
        return {unit.code: unit for _, unit, is_declared in every_unit(self.execute) if is_declared}

    @cached_property
    def codes(self) -> dict[str, int]:
        """The code of every case with its number: only where nothing bears the code that was asked for."""
        return search.codes_of(self.execute)


def known_head(scene: Scene, code: str) -> Head:
    """The case of exactly that code, else the one whose code differs in capitals only; raises `UnknownName`."""
    wanted = code.strip()
    exact = search.with_code(scene.execute, wanted)
    if exact is not None:
        return exact
    alike = [number for known, number in scene.codes.items() if known.casefold() == wanted.casefold()]
    if len(alike) == 1:
        return search.with_numbers(scene.execute, alike)[0]
    near = [known for known in scene.codes if _without_zeros(known) == _without_zeros(code)]
    hint = did_you_mean(code, near or scene.codes, 'Tìm mã bằng lệnh: dubi find "họ và tên"')
    raise UnknownName(f"Không có hồ sơ “{masked(code)}”. {hint}")


def _without_zeros(code: str) -> str:
    """A code with its numbers as they count: HS-3 and HS-003 are easily taken for each other."""
    return re.sub(r"0+(?=\d)", "", code.strip().casefold())


def draft(execute: Execute, code: str, change: Change, today: dt.date, scene: Scene | None = None) -> Draft:
    """What a change of a stored case would be; raises what the change raises, and `UnknownName`.

    ``scene``: what of the store was read already, where many cases are changed at once.
    """
    scene = scene or Scene(execute)
    head = known_head(scene, code)
    mates = [other.id for other in search.of_person(execute, head.person) if other.id != head.id]
    read = {record.code: record for record in records_of(execute, [head.id, *mates])}
    before = read.pop(head.code)
    after = change(before)
    require_units(scene, after)
    doubts = new_doubts(before, after, today, scene.units)
    tied = _tied(execute, after) if after.fields.get("person_code") != before.fields.get("person_code") else []
    doubts += _not_one_person(after, tied)
    shared = {**read, **{one.code: one for one in tied}}
    return Draft(before, after, tuple(doubts), tuple(shared.values()))


def draft_new(execute: Execute, record: Record, today: dt.date) -> Draft:
    """What adding somebody would be; raises `BadInput` where the code is taken."""
    scene = Scene(execute)
    alike = record.code if is_taken(execute, record.code) else code_alike(execute, record.code)
    if alike is not None:
        taken = "đã có" if alike == record.code else f"trông giống mã đã có “{masked(alike)}”"
        raise BadInput(f"Mã hồ sơ “{masked(record.code)}” {taken}. Ghi mã khác, hoặc bỏ --code để tự cấp mã.")
    require_units(scene, record)
    shared = _tied(execute, record)
    doubts = new_doubts(None, record, today, scene.units)
    doubts += _not_one_person(record, shared)
    doubts += _same_person(execute, record)
    return Draft(None, record, tuple(doubts), tuple(shared))


def _tied(execute: Execute, record: Record) -> list[Record]:
    """The other cases of the person whom a record names by `Mã người`: her name, birth and sex become its own."""
    person = record.fields.get("person_code")
    if person is None:
        return []
    heads = [*search.with_person_code(execute, str(person)), search.with_code(execute, str(person))]
    numbers = {head.id for head in heads if head is not None and head.code != record.code}
    return records_of(execute, numbers) if numbers else []


def _not_one_person(record: Record, tied: Iterable[Record]) -> list[Doubt]:
    """Whoever is tied to a record by `Mã người` and has another name or birth date is asked about."""

    def who(one: Record) -> tuple[str, object]:
        return fold(str(one.fields.get("full_name", ""))), one.fields.get("born_on")

    def called(one: Record) -> str:
        born_on = one.fields.get("born_on")
        born = f", sinh {shown_day(born_on)}" if isinstance(born_on, dt.date) else ""
        return f"{one.code} {one.fields.get('full_name', '')}{born}"

    return [
        Doubt("not_one_person", other=called(one), needed=called(record)) for one in tied if who(one) != who(record)
    ]


def code_alike(execute: Execute, code: str, but: str | None = None) -> str | None:
    """The first code in the store that a code cannot be told from, ``but`` one; None where there is none."""
    look = looks_like(code)
    return next(
        (one for one in search.codes_looking_like(execute, look) if one != but and looks_like(one) == look), None
    )


def _same_person(execute: Execute, record: Record) -> list[Doubt]:
    """Whose dossier it may be that is there already, as the one judge of pairs says it; somebody's without a birth date
    as well, where the new one has none either.
    """
    born_on, name = record.fields.get("born_on"), fold(str(record.fields["full_name"]))
    person = str(record.fields.get("person_code", record.code))
    namesakes = search.named(execute, name)
    met = [*namesakes, *search.with_person_code(execute, person)]
    met += [head for head in [search.with_code(execute, person)] if head is not None]
    others = records_of(execute, {head.id for head in met}) if met else []
    found: dict[str, list[str]] = {code: [] for code in _ASKED.values()}
    for other in others:
        for pair in pairs((other, record)):
            found[_ASKED[pair.why]].append(other.code)
    if born_on is None:
        found["same_person"] += [head.code for head in namesakes if head.born_on is None]
    return [Doubt(code, other=", ".join(codes)) for code, codes in found.items() if codes]


_ASKED = {"name_and_birth": "same_person", "person_code": "person_kept_twice", "steps": "same_steps"}


def require_units(scene: Scene, record: Record) -> None:
    if not scene.units:
        return
    for unit in (record.fields.get("unit"), *(stay.unit for stay in record.placements)):
        if unit is not None and unit not in scene.units:
            hint = did_you_mean(str(unit), scene.units, "Xem danh sách đơn vị bằng lệnh: dubi units")
            raise UnknownName(f"Không có đơn vị “{unit}”. {hint}")


def save(
    url: str,
    made: Callable[[Execute], Draft],
    action: str,
    *,
    confirmed: bool = False,
    accepted: Collection[Doubt] = (),
    who: str | None = None,
) -> str:
    """Make the draft anew within one transaction and write it; gives the name of the write.

    Raises what making it raises, `Impossible`, and `Unconfirmed` for a doubt that nobody confirmed: one that was
    ``accepted`` when the draft was shown is not asked about again, one that has come up since is.
    """
    from cases.store.writing import apply_plan, new_batch

    batch = new_batch(who, None, action)
    with writing(url) as store:
        now = made(store.execute)
        now.allow(confirmed=confirmed, accepted=accepted)
        apply_plan(store, now.plan, batch)
    return batch.id
