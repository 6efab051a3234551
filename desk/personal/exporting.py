"""Everything that a store holds about one person, in one file: for a program to read (.json), or a person (.docx)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cases.history.replay import stored_state
from cases.history.snapshots import Flat
from cases.history.taken import taken_of, unpacked
from cases.history.traces import OF_A_CASE, Trace, of_whom, trace
from cases.keeping.erased_backups import Holding, holding
from cases.log.batches import LoggedBatch, LoggedChange, read_batches, read_changes
from cases.store.connection import querying
from cases.values.kinds import KINDS
from cases.values.whole_file import whole_file
from desk.answers.news import remembered
from desk.personal.wholly import wholly
from desk.words.log import action, when
from reports.lists.person_paper import PersonPaper, Section, document
from rules.loader.errors import BadInput
from rules.loader.spelling.days import shown_day

KINDS_OF_FILE = (".json", ".docx")


@dataclass(frozen=True, slots=True)
class AboutOne:
    """All about one person: what is recorded now, what the log keeps, and where else she stands."""

    on: dt.date
    trace: Trace
    things: tuple[tuple[str, Flat], ...]
    """Each thing of now with its kind: her cases, then what is kept beside them, then learners of her name."""
    writes: tuple[tuple[LoggedBatch, tuple[LoggedChange, ...]], ...]
    """The entries of the log that tell of her, each with the lines that do."""
    taken: tuple[tuple[str, str, Flat], ...]
    """What imports keep of a file from another store: the name of the entry, the kind of thing, the thing."""
    remembered: tuple[dict[str, Any], ...]
    backups: tuple[Holding, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on; personal numbers stand whole, since they are the person's own."""
        return {
            "on": self.on,
            "cases": [flat for entity, flat in self.things if entity == "case"],
            **{f"{KINDS[name].things}": [flat for entity, flat in self.things if entity == name] for name in OF_A_CASE},
            "only_in_log": sorted(set(self.trace.gone.values())),
            "log": [_write_json(*one) for one in self.writes],
            "kept_of_files": [{"batch": name, "entity": entity, "thing": flat} for name, entity, flat in self.taken],
            "remembered": list(self.remembered),
            "backups": [str(one.path) for one in self.backups],
        }

    def write(self, path: Path, *, replace: bool = False) -> Path:
        """Write all of it to a file for its owner alone; raises `BadInput`, `TargetExists`, `StoreProblem`."""
        kind = path.suffix.lower()
        if kind not in KINDS_OF_FILE:
            raise BadInput(f"Tên tệp “{path}” phải kết thúc bằng .json hoặc .docx. Ghi lại tên tệp.")
        with whole_file(path, suffix=kind, replace=replace) as draft:
            if kind == ".json":
                text = json.dumps(self.as_json(), ensure_ascii=False, indent=1, default=str) + "\n"
                draft.write_text(text, encoding="utf-8", newline="\n")
            else:
                draft.write_bytes(document(self.paper()))
        return path

    def paper(self) -> PersonPaper:
        """The same for a reader."""
        things = [
            Section(f"{KINDS[kind].label}: {_called(kind, one)}", list(wholly(kind, one))) for kind, one in self.things
        ]
        writes = [
            Section(
                f"Nhật ký: {action(batch)}, {when(batch)}, {batch.who}",
                [line for one in lines for line in _change(one)],
            )
            for batch, lines in self.writes
        ]
        taken = [
            Section(f"Giữ lại từ tệp nhập ở lần ghi {name}", list(wholly(kind, one))) for name, kind, one in self.taken
        ]
        sections = [*things, *writes, *taken]
        if self.remembered:
            said = [f"{one['case']}: {one['rule']} ({one['severity']})" for one in self.remembered]
            sections.append(Section("Các việc đã nhớ của lần xem trước", said))
        sections.append(Section("Bản sao lưu còn giữ", [str(one.path) for one in self.backups] or ["không có"]))
        return PersonPaper(
            "Dữ liệu dubi giữ về một người",
            f"{', '.join(sorted(self.trace.spelt))} · hồ sơ {', '.join(sorted(self.trace.codes))} · "
            f"lập ngày {shown_day(self.on)}",
            tuple(sections),
        )


def about_one(url: str, code: str, today: dt.date) -> AboutOne:
    """All that a store, its log and its backups hold about a person; raises `UnknownName`, `StoreProblem`."""
    with querying(url) as execute:
        found = trace(execute, code)
        state = stored_state(execute)
        changes = list(read_changes(execute))
        batches = read_batches(execute)
    things = [("case", state.things["case"][number]) for number in found.cases]
    hers = set(found.cases.values())
    for entity in OF_A_CASE:
        things += [(entity, flat) for _, flat in sorted(state.things[entity].items()) if flat.get("case") in hers]
    learners = state.things["enrolment"]
    things += [("enrolment", learners[number]) for number in found.learners if number in learners]
    return AboutOne(
        today,
        found,
        tuple(things),
        tuple(_writes(batches, changes, found)),
        tuple(_taken(batches, found)),
        tuple(remembered(url, found.codes)),
        tuple(holding(url, found)),
    )


def _writes(
    batches: Iterable[LoggedBatch], changes: Iterable[LoggedChange], found: Trace
) -> Iterator[tuple[LoggedBatch, tuple[LoggedChange, ...]]]:
    lines = {*found.lines, *found.learner_lines}
    own: dict[int, list[LoggedChange]] = {}
    for change in changes:
        if change.id in lines:
            own.setdefault(change.batch, []).append(change)
    for batch in batches:
        if batch.id in own:
            yield batch, tuple(own[batch.id])


def _taken(batches: Iterable[LoggedBatch], found: Trace) -> Iterator[tuple[str, str, Flat]]:
    for batch in batches:
        taken = taken_of(batch) if batch.id in set(found.headings) and batch.action == "import" else None
        if taken is not None:
            for entity, flat in of_whom(unpacked(taken["content"]), found.compact, found.codes):
                yield batch.name, entity, flat


def _write_json(batch: LoggedBatch, changes: Iterable[LoggedChange]) -> dict[str, Any]:
    return {
        "number": batch.id,
        "batch": batch.name,
        "made_at": f"{batch.made_at.isoformat()}Z",
        "who": batch.who,
        "action": batch.action,
        "source": batch.source,
        "changes": [
            {
                "entity": one.entity,
                "key": one.key,
                "before": one.before and json.loads(one.before),
                "after": one.after and json.loads(one.after),
            }
            for one in changes
        ],
    }


def _called(entity: str, flat: Flat) -> str:
    return KINDS[entity].called(flat.get)


def _change(change: LoggedChange) -> Iterator[str]:
    for side, words in ((change.before, "trước"), (change.after, "sau")):
        for line in wholly(change.entity, json.loads(side) if side else {}):
            yield f"{KINDS[change.entity].label} {change.key}, {words}: {line}"
