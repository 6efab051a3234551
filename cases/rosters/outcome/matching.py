"""Who of the file is stored already, and what the file adds to those people.

The same code, or the same personal id, is the same person; the same name and birth date may be. Names that are only
alike match nobody. Of a person found, blanks are filled; what is stored is never replaced unless somebody says so.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from cases.rosters.outcome.duplicates import doubles
from cases.rosters.outcome.giving import Giving
from cases.rosters.outcome.outcome import Change, stored_fields
from cases.rosters.rows.people import compared_name, same_person_name
from cases.values.codes import looks_like
from cases.values.organisation_codes import read_organisation_code
from cases.values.records import Record, Roster
from rules.loader.errors import UnknownName
from rules.loader.spelling.days import shown_day
from rules.loader.spelling.folding import fold
from rules.loader.spelling.near import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from cases.rosters.outcome.giving import Given
    from cases.rosters.rows.draft import Draft
    from cases.values.records import Value


@dataclass(slots=True)
class Match:
    """What storing a row would do."""

    change: Change | None = None
    record: Record | None = None
    said: Record | None = None
    """What the rows themselves say of somebody who is stored already."""
    whom: str | None = None


@dataclass(slots=True)
class Matcher:
    """The people stored, found by what rows say of them."""

    stored: Roster
    has_codes: bool
    remembered: Given = field(default_factory=dict)
    """The codes that rows of lists were given before."""
    is_taken: Callable[[str], bool] | None = None
    """Whether a code is borne by something that whoever reads the list does not see."""
    by_code: dict[str, Record] = field(init=False)
    alike: dict[str, str] = field(init=False)
    """Stored codes by what they look like."""
    by_id: dict[str, Record] = field(init=False)
    by_birth: dict[tuple[str, date], Record] = field(init=False)
    by_year: dict[tuple[str, int, str], Record] = field(init=False)
    units: dict[str, str | None] = field(init=False)
    kept: int = field(default=0, init=False)
    """How many cells of the file differ from what is stored and stays."""
    claimed: dict[str, tuple[int, Match]] = field(default_factory=dict, init=False)
    """By code: the row that was found to be a stored person."""
    giving: Giving = field(init=False)

    def __post_init__(self) -> None:
        records = self.stored.records
        self.by_code = {record.code: record for record in records}
        self.giving = Giving(self.by_code, self.remembered, self.is_taken)
        self.alike = {looks_like(code): code for code in self.by_code}
        self.by_id = {str(record.fields["personal_id"]): record for record in records if "personal_id" in record.fields}
        self.by_birth, self.by_year = {}, {}
        for record in records:
            name, born_on = compared_name(str(record.fields.get("full_name", ""))), record.fields.get("born_on")
            year = born_on.year if isinstance(born_on, date) else record.fields.get("birth_year")
            if isinstance(born_on, date):
                self.by_birth.setdefault((name, born_on), record)
            if isinstance(year, int):
                self.by_year.setdefault((name, year, fold(str(record.fields.get("unit", "")))), record)
        self.units = _unit_spellings(self.stored)

    def match(self, drafts: list[Draft]) -> dict[tuple[int, int], Match]:
        """By row: what storing it would do; a row that waits for an answer is told so."""
        for draft in drafts:
            self._settle_unit(draft)
        twice = doubles(drafts)
        matches: dict[tuple[int, int], Match] = {}
        for draft in drafts:
            if not draft.refused:
                matches[draft.key] = self._match(draft, twice.get(draft.key), matches)
        return matches

    def _match(self, draft: Draft, double: Draft | None, matches: dict[tuple[int, int], Match]) -> Match:
        if (given := self._given_before(draft)) is not None:
            return self._merged(draft, given)
        same, answer = self._by_number(draft), draft.context.answers.person(draft.row, draft.block)
        if same is None and (other := self._code_alike(draft)) is not None:
            draft.refuse("code_ambiguous", "code", others=f"hồ sơ {other}")
            return Match(whom=other)
        if same is not None:
            names = str(same.fields.get("full_name", "")), str(draft.fields["full_name"])
            if answer != "same" and not same_person_name(*names):
                draft.refuse("person_mismatch", "code", whose=same.fields.get("full_name", ""))
                return Match(whom=same.code)
            return self._merged(draft, same)
        earlier = matches.get(double.key) if double is not None else None
        if double is not None and earlier is not None and answer != "other":
            return self._second(draft, double.row, earlier)
        alike = self._by_name(draft)
        if alike is not None and answer != "other":
            if answer == "same":
                return self._merged(draft, alike)
            return self._ask(draft, f"hồ sơ {alike.code}")
        code = str(draft.fields["code"]) if "code" in draft.fields else self.giving.new()
        return Match("new", Record(code, _whole(draft, code)))

    def _ask(self, draft: Draft, whom: str) -> Match:
        column, _ = draft.typed.get("full_name", (None, None))
        draft.say("confirm", "match_maybe", "full_name", column, whom, whom=whom)
        return Match(whom=whom)

    def _by_number(self, draft: Draft) -> Record | None:
        code = draft.fields.get("code")
        if code is not None and (found := self.by_code.get(str(code))) is not None:
            return found
        number = draft.fields.get("personal_id")
        return self.by_id.get(str(number)) if number is not None else None

    def _code_alike(self, draft: Draft) -> str | None:
        """A stored code that the code of a row only looks like."""
        code = draft.fields.get("code")
        return self.alike.get(looks_like(str(code))) if code is not None else None

    def require_unit(self, unit: str | None) -> None:
        """Raise `UnknownName` where somebody names a unit for the whole list that the store's list of units lacks."""
        if unit is None or not self.stored.units or self.units.get(fold(unit)) is not None:
            return
        codes = [one.code for one in self.stored.units]
        hint = did_you_mean(unit, codes, "Xem danh sách đơn vị bằng lệnh: dubi units")
        raise UnknownName(f"Không có đơn vị “{unit}”. {hint}")

    def _given_before(self, draft: Draft) -> Record | None:
        """The person whom this very row made when the file was read before, whatever was corrected since.

        A row that was handed back because it resembles another was given none: until somebody says who it is, it is
        nobody, and then not the one that it resembles.
        """
        if self.has_codes or (draft.handed_back and draft.context.answers.person(draft.row, draft.block) != "other"):
            return None
        code = self.giving.before(draft.fields, self.claimed, int(draft.handed_back))
        return self.by_code.get(code) if code is not None else None

    def _by_name(self, draft: Draft) -> Record | None:
        """Somebody of the same name and birth date, or of the same name, birth year and unit."""
        name, born_on = compared_name(str(draft.fields["full_name"])), draft.fields.get("born_on")
        if isinstance(born_on, date) and (found := self.by_birth.get((name, born_on))) is not None:
            return found
        year = born_on.year if isinstance(born_on, date) else draft.fields.get("birth_year")
        if not isinstance(year, int):
            return None
        found = self.by_year.get((name, year, fold(str(draft.fields.get("unit", "")))))
        both = found is not None and "born_on" in found.fields and isinstance(born_on, date)
        return None if both else found

    def _merged(self, draft: Draft, old: Record) -> Match:
        """The stored person with what the row adds."""
        if old.code in self.claimed:
            return self._second(draft, *self.claimed[old.code])
        how = draft.context.answers.on_match or "fill"
        new = _whole(draft, old.code)
        differing = [name for name, value in new.items() if name in old.fields and not _equal(old.fields[name], value)]
        if how != "replace":
            for name in differing:
                before = old.fields[name]
                if isinstance(before, date):
                    draft.warn("differs_from_stored", name, stored=shown_day(before))
            self.kept += len(differing)
        fields = {"fill": {**new, **old.fields}, "keep": dict(old.fields), "replace": {**old.fields, **new}}[how]
        if "born_on" in fields:
            fields.pop("birth_year", None)
        record = replace(old, fields=stored_fields(fields))
        change: Change = "unchanged" if record.fields == old.fields else "changed"
        match = Match(change, record, Record(old.code, new), old.code)
        self.claimed[old.code] = draft.row, match
        return match

    def _second(self, draft: Draft, row: int, earlier: Match) -> Match:
        """A second row about the person of an earlier one: when confirmed, it only fills what that one left blank."""
        if draft.context.answers.person(draft.row, draft.block) != "same" or earlier.record is None:
            return self._ask(draft, f"dòng {row}")
        fields = stored_fields({**_whole(draft, earlier.record.code), **earlier.record.fields})
        if earlier.said is not None:
            said = stored_fields({**_whole(draft, earlier.record.code), **earlier.said.fields})
            earlier.said = replace(earlier.said, fields=said)
        if fields != earlier.record.fields:
            earlier.record = replace(earlier.record, fields=fields)
            earlier.change = "new" if earlier.change == "new" else "changed"
        return Match(whom=f"dòng {row}")

    def _settle_unit(self, draft: Draft) -> None:
        """A unit named in words becomes the code of the unit of that name; one that nobody lists stays out."""
        unit = draft.fields.get("unit")
        if not self.units or not isinstance(unit, str):
            return
        known = self.units.get(fold(unit))
        if known is not None:
            draft.fields["unit"] = known
        elif self.stored.units and read_organisation_code(unit) is None:
            draft.warn("unit_unknown", "unit", raw=unit)
            del draft.fields["unit"]


def _unit_spellings(stored: Roster) -> dict[str, str | None]:
    """Codes by folded code and name; a name that two units bear is nobody's. Without a list: as people have it."""
    names = Counter(fold(unit.name) for unit in stored.units if unit.name)
    found: dict[str, str | None] = {
        fold(unit.name): unit.code if names[fold(unit.name)] == 1 else None for unit in stored.units if unit.name
    }
    found.update((fold(unit.code), unit.code) for unit in stored.units)
    if not stored.units:
        for record in stored.records:
            if "unit" in record.fields:
                found.setdefault(fold(str(record.fields["unit"])), str(record.fields["unit"]))
    return found


def _whole(draft: Draft, code: str) -> dict[str, Value]:
    return stored_fields({**draft.fields, "code": code})


def _equal(one: Value, other: Value) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return fold(one) == fold(other)
    return one == other
