"""What must agree across the rows of a workbook: codes used once, and codes that name something that is there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cases.judging.doubts import Doubt
from cases.judging.judging import doubts_about_course, doubts_about_unit
from cases.values.kinds import KINDS
from cases.values.records import Course, Unit
from cases.workbook import schema as layout
from rules.loader.spelling.days import shown_day
from rules.loader.spelling.folding import fold
from rules.loader.spelling.near import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from cases.workbook.lines import LineSet, Remarks, SheetLine

_CERTIFICATES = {"awareness": "awareness_certified_on", "new_member": "new_member_certified_on"}
_PERSON = ("full_name", "born_on", "sex")


def check_references(sets: Mapping[str, LineSet], remarks: Remarks) -> None:
    """Compare the rows of all sheets; ``sets`` holds them by sheet name."""

    def lines(sheet: layout.Sheet) -> list[SheetLine]:
        return sets[sheet.name].lines if sheet.name in sets else []

    cases, units, courses = lines(layout.case_sheet()), lines(layout.UNITS), lines(layout.COURSES)
    for kind in KINDS.values():
        if kind.unique:
            key = tuple(names[0] for names in kind.key)
            code = "duplicate_code" if kind.has_code else "duplicate_row"
            _refuse_repeated(lines(kind.sheet), key, key[:2][-1], code, remarks)
    _refuse_repeated(lines(layout.STEPS), ("case", "kind", "on"), "on", "duplicate_row", remarks)
    _refuse_repeated(lines(layout.ATTRIBUTES), ("case", "name", "since"), "name", "duplicate_row", remarks)
    _refuse_repeated(lines(layout.PLACEMENTS), ("case", "unit", "since"), "unit", "duplicate_row", remarks)
    _refuse_repeated(lines(layout.UNIT_HISTORY), ("unit", "since"), "since", "duplicate_row", remarks)
    _compare_persons(cases, remarks)
    for kind in KINDS.values():
        for name, named in kind.names.items():
            if units or named != "unit":
                _require_known(lines(kind.sheet), name, lines(KINDS[named].sheet), f"{named}_unknown", remarks)
    if units:
        _require_known(lines(layout.PLACEMENTS), "unit", units, "unit_unknown", remarks)
        _refuse_circles(units, remarks)
    for name in ("unit", "parent", "merged_into"):
        _require_known(lines(layout.UNIT_HISTORY), name, units, "unit_unknown", remarks)
    _refuse_other_parents(units, lines(layout.UNIT_HISTORY), remarks)
    for sheet in layout.HISTORY_SHEETS:
        _require_known(lines(sheet), "case", cases, "case_unknown", remarks)
    _judge(courses, lambda code, **days: doubts_about_course(Course(code, "", **days)), remarks)
    _judge(units, lambda code, **days: doubts_about_unit(Unit(code, **days)), remarks)
    _refuse_backwards(lines(layout.FIGURES), remarks)
    _check_learners(lines(layout.ENROLMENTS), cases, courses, lines(layout.STEPS), remarks)


def _refuse_repeated(lines: list[SheetLine], key: tuple[str, ...], shown: str, code: str, remarks: Remarks) -> None:
    """Refuse every row of a key used more than once, each naming the others; a key that is not whole is no key."""
    optional = "since"
    first: dict[Hashable, SheetLine] = {}
    groups: dict[Hashable, list[SheetLine]] = {}
    for line in lines:
        values = line.values
        if any(name not in values and not (name == optional and not line.has_cell(name)) for name in key):
            continue
        own = tuple([values.get(name) for name in key])
        if (one := first.setdefault(own, line)) is not line:
            groups.setdefault(own, [one]).append(line)
    repeated = [(line, group) for group in groups.values() for line in group]
    for line, group in sorted(repeated, key=lambda one: one[0].number):  # rows that are packed are unpacked in order
        others = ", ".join(str(other.number) for other in group if other is not line)
        remarks.refuse(line, shown, code, rows=others)


def _compare_persons(cases: list[SheetLine], remarks: Remarks) -> None:
    first: dict[object, SheetLine] = {}
    for line in cases:
        person = line.values.get("person_code")
        if person is None:
            continue
        other = first.setdefault(person, line)
        if any(line.values.get(name) != other.values.get(name) for name in _PERSON):
            remarks.refuse(line, "person_code", "person_mismatch", rows=other.number)


def _require_known(lines: list[SheetLine], name: str, known: list[SheetLine], code: str, remarks: Remarks) -> None:
    if not lines:
        return
    codes = {line.values["code"]: None for line in known if "code" in line.values}
    spelled: dict[str, str] = {}
    for line in lines:
        value = line.values.get(name)
        if value is None or value in codes:
            continue
        spelled = spelled or {fold(str(known_code)): str(known_code) for known_code in codes}
        hint = did_you_mean(str(value), spelled, "Sửa lại mã, hoặc thêm một dòng cho mã này ở sheet đó.", shown=spelled)
        remarks.refuse(line, name, code, hint=hint)


def _refuse_circles(units: list[SheetLine], remarks: Remarks) -> None:
    parents = {line.values["code"]: line.values.get("parent") for line in units if "code" in line.values}
    for line in units:
        code = line.values.get("code")
        way, above = [code], line.values.get("parent")
        while above is not None and above in parents and above not in way:
            way.append(above)
            above = parents[above]
        if code is not None and above == code:
            remarks.refuse(line, "parent", "unit_circle", units=" hoặc ".join(f"“{unit}”" for unit in way))


def _refuse_other_parents(units: list[SheetLine], standings: list[SheetLine], remarks: Remarks) -> None:
    """Refuse a unit whose parent is not where its history says that it stands last."""
    last: dict[object, SheetLine] = {}
    for line in standings:
        since = line.values.get("since", date.min)
        known = last.get(line.values.get("unit"))
        if known is None or since > known.values.get("since", date.min):  # type: ignore[operator]  # days
            last[line.values.get("unit")] = line
        if "merged_into" in line.values and line.values["merged_into"] == line.values.get("unit"):
            remarks.refuse(line, "merged_into", "unit_circle", units=f"“{line.values['unit']}”")
        if "parent" in line.values and line.values["parent"] == line.values.get("unit"):
            remarks.refuse(line, "parent", "unit_circle", units=f"“{line.values['unit']}”")
    for line in units:
        standing = last.get(line.values.get("code"))
        if standing is not None and standing.values.get("parent") != line.values.get("parent"):
            remarks.refuse(line, "parent", "unit_parent_differs", row=standing.number)


def _judge(lines: list[SheetLine], doubts: Callable[..., Iterable[Doubt]], remarks: Remarks) -> None:
    """Say what contradicts itself of things that are opened and closed."""
    for line in lines:
        days = {name: day for name in ("opened_on", "closed_on") if isinstance(day := line.values.get(name), date)}
        for doubt in doubts(str(line.values.get("code", "")), **days):
            remarks.contradict(line, doubt)


def _refuse_backwards(lines: list[SheetLine], remarks: Remarks) -> None:
    for line in lines:
        first, last = line.values.get("begins_on"), line.values.get("ends_on")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            remarks.refuse(line, "ends_on", "period_backwards", begins_on=shown_day(first))


def _check_learners(
    learners: list[SheetLine],
    cases: list[SheetLine],
    courses: list[SheetLine],
    steps: list[SheetLine],
    remarks: Remarks,
) -> None:
    by_code = {line.values.get("code"): line for line in cases}
    kinds = {line.values.get("code"): line.values.get("kind") for line in courses}
    opened = {line.values.get("code"): line.values.get("opened_on") for line in courses}
    recorded = {(line.values.get("case"), line.values.get("kind"), line.values.get("on")) for line in steps}
    for line in learners:
        on, began = line.values.get("certified_on"), opened.get(line.values.get("course"))
        if isinstance(on, date) and isinstance(began, date) and on < began:
            early = Doubt("certified_early", on=shown_day(on), other=shown_day(began), field="certified_on", day=on)
            remarks.contradict(line, early)
        case = by_code.get(line.values.get("case"))
        if case is None:
            if not line.has_cell("case") and not line.has_cell("full_name"):
                remarks.refuse(line, "full_name", "missing_name")
            continue
        name = line.values.get("full_name")
        if name is not None and fold(str(name)) != fold(str(case.values.get("full_name", ""))):
            remarks.warn(line, "full_name", "name_differs")
        step = _CERTIFICATES.get(str(kinds.get(line.values.get("course"))))
        if step is None or not isinstance(on, date) or step not in _fields(case):
            continue
        kept = case.values.get(step)
        if on != kept and (case.values.get("code"), step, on) not in recorded:
            header = next(column.header for column in case.sheet.columns if column.field == step)
            shown = shown_day(kept) if isinstance(kept, date) else "để trống"
            remarks.warn(line, "certified_on", "certificate_differs", header=header, on=shown)


def _fields(line: SheetLine) -> set[str]:
    return {column.field for column in line.sheet.columns}
