"""What may be written by whoever is signed in: within what she sees, and of the deeds that are hers.

Asked for a preview and again at the one door through which everything is written, so that no door is without it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cases.history.snapshots import difference, flatten, rebuild, step_of
from cases.judging.steps import kinds
from cases.store.rows.unit_reading import every_unit
from cases.store.sight import sight
from cases.store.wall.beyond import shared, stands_before, taken
from cases.store.wall.hand import hand
from cases.values.kinds import BY_ANY, beside_cases
from cases.values.refusals import masked
from rules.loader.errors import BadInput, NotAllowed, UnknownName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.log.execute import Execute
    from cases.log.write_plan import Alteration, Part, WritePlan
    from cases.store.sight import Lines
    from cases.values.kinds import Deed
    from cases.values.records import Record, Unit

_WORDS: dict[Deed, str] = {
    "record": "việc của chi bộ",
    "committee_step": "việc của cấp ủy",
    "type_figures": "số nhập tay",
    "organise": "việc lập, chuyển, gộp, đóng đơn vị và đặt chỉ tiêu",
    "settle": "thông tin của đơn vị",
}
_OF_A_STEP = {"exit_kind": "left_on"}
"""The values of a case that are said with a step."""
_OF_THE_PERSON = ("full_name", "born_on", "sex", "person_code")
_PLACE = ("parent", "history", "closed_on")
"""What of a unit says where it stands, and until when."""


def require_allowed(execute: Execute, plan: WritePlan) -> None:
    """Refuse a plan that does what is not hers; raises `NotAllowed`, `UnknownName`, `BadInput`.

    The refusal names nothing that she does not see.
    """
    if sight() is not None or hand() is not None:
        _Guard(execute, plan).look()


def without_steps_of_others(execute: Execute, plan: WritePlan) -> tuple[WritePlan, tuple[str, ...]]:
    """The plan of a file without the steps that its reader may not record; and what was left out, in words."""
    if hand() is None:
        return plan, ()
    guard, left, cases = _Guard(execute, plan), [], []
    for one in plan.cases.altered:
        unit = one.after.fields.get("unit")
        before, after = None if one.before is None else flatten(one.before), flatten(one.after)
        others = {
            name
            for name in {**(before or {}), **after}
            if (before or {}).get(name) != after.get(name)
            and step_of(name) is not None
            and not guard.may(_deeds_of(name), None if unit is None else str(unit))
        }
        if not others:
            cases.append(one)
            continue
        left += [f"{masked(one.key)}: {_label(name)}" for name in sorted(others)]
        kept = {name: value for name, value in after.items() if name not in others}
        kept |= {name: value for name, value in (before or {}).items() if name in others}
        again: Record = rebuild("case", kept)
        if again != one.before:
            cases.append(replace(one, after=again))
    part = replace(plan.cases, altered=tuple(cases), unchanged=plan.cases.unchanged + _lost(plan, cases))
    return replace(plan, parts={**plan.parts, "case": part}), tuple(left)


def _lost(plan: WritePlan, kept: list[Alteration[Record]]) -> int:
    return len(plan.cases.altered) - len(kept)


class _Guard:
    """Looks at a plan with the eyes and the hand of whoever writes."""

    def __init__(self, execute: Execute, plan: WritePlan) -> None:
        self.execute, self.plan = execute, plan
        self.eyes, self.deeds = sight(), hand()

    @cached_property
    def units(self) -> dict[str, Unit]:
        """The units before the plan, as they are seen."""
        return {unit.code: unit for _, unit, _ in every_unit(self.execute)}

    @cached_property
    def line_before(self) -> Lines:
        return self._lines(self.units)

    @cached_property
    def line_after(self) -> Lines:
        return self._lines({**self.units, **{one.after.code: one.after for one in self.plan.units.altered}})

    def _lines(self, units: dict[str, Unit]) -> Lines:
        if self.eyes is None or self.eyes.tree is None or self.eyes.on is None:
            return lambda code: (code,)
        return self.eyes.tree(units.values(), self.eyes.on)

    @cached_property
    def whole(self) -> bool:
        """Whether she sees every unit there is, and so whatever is named anew."""
        return self.eyes is None or not stands_before(self.execute)

    def sees(self, code: str, line: Lines) -> bool:
        return self.eyes is None or not self.eyes.roots.isdisjoint(line(code))

    def may(self, deeds: tuple[Deed, ...], unit: str | None) -> bool:
        """Whether one of these deeds is hers at a unit."""
        if self.deeds is None:
            return True
        line = () if unit is None else self.line_after(unit)
        for deed in deeds:
            if deed in self.deeds and ((roots := self.deeds[deed]) is None or not roots.isdisjoint(line)):
                return True
        return False

    def look(self) -> None:
        if self.eyes is not None:
            self._require_free_codes()
        for unit in self.plan.units.altered:
            self._look_at_unit(unit)
        for no_unit in self.plan.units.removed:
            self._require_inside(no_unit.before.code, self.line_before, no_unit.key)
            self._require(("organise",), no_unit.before.code, no_unit.key)
        for case in self.plan.cases.altered:
            self._look_at_case(case)
        for no_case in self.plan.cases.removed:
            for name in flatten(no_case.before):
                self._require(_deeds_of(name), no_case.before.fields.get("unit"), f"{no_case.key}: {_label(name)}")
        self._require_own_people()
        courses = {one.after.code: one.after.unit for one in self.plan.of("course").altered}
        for kind in beside_cases():
            if kind.name == "unit":
                continue
            for thing, key in _sides(self.plan.of(kind.name)):
                self._look_at_thing(kind.name, thing, kind.deeds, key, courses)

    def _require_free_codes(self) -> None:
        for name in ("case", "course", "unit"):
            fresh = [
                one.after.code
                for one in self.plan.of(name).altered
                if one.before is None or one.before.code != one.after.code
            ]
            known = self.units.keys() if name == "unit" else ()
            for code in sorted(taken(self.execute, f"{name}s", (code for code in fresh if code not in known))):
                raise BadInput(f"Mã “{masked(code)}” đã có trong kho. Ghi mã khác.")

    def _require_inside(self, unit: object, line: Lines, key: str) -> None:
        if self.eyes is None:
            return
        if unit is None:
            if not self.whole:
                raise BadInput(f"“{masked(key)}” chưa ghi mã đơn vị. Ghi đơn vị mà tài khoản này được ghi.")
        elif not self.sees(str(unit), line) and not (self.whole and unit not in self.units):
            if unit in self.units:
                raise NotAllowed(f"Đơn vị “{unit}” không thuộc phạm vi của tài khoản này. Nhờ cấp trên ghi.")
            raise UnknownName(f"Không có đơn vị “{unit}”. Xem danh sách đơn vị bằng lệnh: dubi units.")

    def _require(self, deeds: tuple[Deed, ...], unit: object, what: str) -> None:
        if not self.may(deeds, None if unit is None else str(unit)):
            words = " hoặc ".join(_WORDS[deed] for deed in deeds)
            raise NotAllowed(
                f"“{masked(what)}”: tài khoản này không ghi {words} ở đây. "
                "Nhờ người có quyền ghi, hoặc nhờ quản trị cấp quyền."
            )

    def _look_at_unit(self, one: Alteration[Unit]) -> None:
        before, after = one.before, one.after
        if before is None and after.code in self.units:  # one that was only named
            before = self.units[after.code]
        if before is not None:
            self._require_inside(before.code, self.line_before, one.key)
        self._require_inside(after.code, self.line_after, one.key)
        moved = before is None or any(getattr(before, name) != getattr(after, name) for name in _PLACE)
        self._require(("organise",) if moved else ("settle", "organise"), after.code, one.key)

    def _look_at_case(self, one: Alteration[Record]) -> None:
        unit = one.after.fields.get("unit")
        self._require_inside(unit, self.line_after, one.key)
        was, now = difference(None if one.before is None else flatten(one.before), flatten(one.after))
        places = dict.fromkeys((unit, unit if one.before is None else one.before.fields.get("unit")))
        for name in {**(was or {}), **(now or {})}:
            for place in places:
                self._require(_deeds_of(name), place, f"{one.key}: {_label(name)}")

    def _require_own_people(self) -> None:
        touched = [
            one.before.code
            for one in self.plan.cases.altered
            if one.before and any(one.before.fields.get(name) != one.after.fields.get(name) for name in _OF_THE_PERSON)
        ]
        touched += [one.before.code for one in self.plan.cases.removed]
        for code in sorted(shared(self.execute, touched)):
            raise NotAllowed(
                f"Hồ sơ “{masked(code)}”: họ tên, ngày sinh, giới tính, mã người này dùng chung với nơi khác. "
                "Nhờ cấp trên có quyền ghi."
            )
        people = {
            str(one.after.fields["person_code"]) for one in self.plan.cases.altered if "person_code" in one.after.fields
        }
        there = (
            {str(code) for (code,) in self.execute("SELECT code FROM persons WHERE code IS NOT NULL")}
            if people
            else set()
        )
        for code in sorted(taken(self.execute, "persons", people - there)):
            raise BadInput(f"Mã người “{masked(code)}” đã dùng trong kho. Ghi mã khác.")

    def _look_at_thing(
        self, name: str, thing: Any, deeds: tuple[Deed, ...], key: str, courses: dict[str, str | None]
    ) -> None:
        if name in ("course", "target", "figure"):
            unit = thing.unit
            self._require_inside(unit, self.line_after, key)
        elif thing.case is not None:
            unit = self._unit_of(thing.case)
        else:
            unit = courses[thing.course] if thing.course in courses else self._unit_of_course.get(thing.course)
            self._require_inside(unit, self.line_after, key)
        self._require(deeds, unit, key)

    def _unit_of(self, code: str) -> object:
        if code in self._placed:
            return self._placed[code]
        return self._unit_of_case.get(code)

    @cached_property
    def _placed(self) -> dict[str, object]:
        """The unit of each case that the plan alters or takes out."""
        sides = [side for side, _ in _sides(self.plan.cases)]
        return {side.code: side.fields.get("unit") for side in sides}

    @cached_property
    def _unit_of_course(self) -> dict[str, object]:
        return self._units_of("courses")

    @cached_property
    def _unit_of_case(self) -> dict[str, object]:
        return self._units_of("cases")

    def _units_of(self, table: str) -> dict[str, object]:
        query = f"SELECT {table}.code, units.code FROM {table} JOIN units ON units.id = {table}.unit_id"
        return {str(code): unit for code, unit in self.execute(query)}


def _sides(part: Part[Any]) -> Iterator[tuple[Any, str]]:
    """The things of a part as they were and as they will be, each with what it is called."""
    for one in part.altered:
        yield from ((side, one.key) for side in (one.before, one.after) if side is not None)
    yield from ((one.before, one.key) for one in part.removed)


def _deeds_of(name: str) -> tuple[Deed, ...]:
    """The deeds of which one is needed to alter a value or a step of a case."""
    step = step_of(name)
    kind = step[0] if step is not None else _OF_A_STEP.get(name)
    by = "cell" if kind is None else kinds()[kind].by
    return ("committee_step",) if by == "committee" else BY_ANY if by == "either" else ("record",)


def _label(name: str) -> str:
    step = step_of(name)
    return kinds()[step[0]].label if step is not None else name
