"""Taking a file of people in: the answers as they were given are read, and the file is previewed or stored."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cases.files.xlsx_reading import column_index
from cases.imports.importing import Import, import_file
from cases.rosters import Answers, known_field, load_mapping, save_mapping
from cases.rosters.columns.column_kinds import BIRTH_KINDS, DATE_KINDS
from cases.rosters.columns.labels import load as load_labels
from cases.rosters.outcome.error_workbook import write_error_workbook
from cases.values.kinds import beside_cases
from cases.values.refusals import Refused
from desk.changes.drafts import readable
from desk.changes.since import WrittenSince as WrittenSince
from desk.changes.values import ImportFile as ImportFile
from desk.source import last_hash
from rules.loader.errors import BadInput
from rules.loader.spelling.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from cases.rosters import RosterPreview
    from cases.rosters.outcome.answers import Joined, OnMatch, Place, Take

ORDERS = {"thang/ngay": "month", "ngay/thang": "day"}
"""What is said of a column in which the month may stand first."""
PERSONS = {"cung": "same", "same": "same", "khac": "other", "other": "other"}
"""Whether the person of a row is the one that she was found to resemble."""
TAKES: dict[str, Take] = {"thay": "file", "file": "file", "giu": "store", "store": "store"}
"""Whose value holds where file and store say different things."""
ON_MATCH: dict[str, OnMatch] = {"dien": "fill", "giu": "keep", "thay": "replace"}
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
JOINED: dict[str, Joined] = {"ket-nap": "ceremony", "quyet-dinh": "decision"}


def answers_of(change: ImportFile) -> Answers:
    """The answers given, over those of a saved mapping; raises `BadInput`, `UnknownName`."""
    answers = load_mapping(Path(change.mapping)) if change.mapping else Answers()
    if change.joined is not None and change.joined not in JOINED:
        raise BadInput(f"“{change.joined}” không dùng được cho --joined. Ghi ket-nap (ngày làm lễ) hoặc quyet-dinh.")
    if change.on_match is not None and change.on_match not in ON_MATCH:
        raise BadInput(f"“{change.on_match}” không dùng được cho --on-match. Ghi dien, giu hoặc thay.")
    if change.take is not None and fold(change.take) not in TAKES:
        raise BadInput(f"“{change.take}” không dùng được cho --take. Ghi file (theo tệp) hoặc store (giữ như kho).")
    persons, takes = _of_rows(change.rows)
    pairs = read_pairs(change.pairs)
    given = _pairs(change.columns, "--column")
    orders = {key: ORDERS[fold(name)] for key, name in given if fold(name) in ORDERS}
    columns = {key: name and known_field(key, name).name for key, name in given if key not in orders}
    first = {order: {key for key, said in orders.items() if said == order} for order in ORDERS.values()}
    accepted = answers.accepted | frozenset(change.accepted)
    return replace(
        answers,
        unit=change.unit or answers.unit,
        columns={**answers.columns, **columns},
        persons=persons,
        pairs=pairs,
        takes=takes,
        take=TAKES[fold(change.take)] if change.take else answers.take,
        everybody=PERSONS[change.everybody] if change.everybody else answers.everybody,
        accepted=accepted,
        joined=JOINED[change.joined] if change.joined else answers.joined,
        sheet=change.sheet or answers.sheet,
        header_row=change.header_row or answers.header_row,
        on_match=ON_MATCH[change.on_match] if change.on_match else answers.on_match,
        decode=answers.decode if change.decode is None else change.decode,
        month_first=answers.month_first | first["month"],
        day_first=answers.day_first | first["day"] | _vouched(accepted),
        mended=_mended(change.cells),
    )


def _mended(texts: tuple[str, ...]) -> dict[str, dict[tuple[int, int], str]]:
    """The cells that were typed anew, by sheet and place."""
    cells: dict[str, dict[tuple[int, int], str]] = {}
    for text in texts:
        place, _, value = text.partition("=")
        sheet, _, cell = place.rpartition("!")
        found = _CELL.fullmatch(cell)
        if found is None:
            raise BadInput(f"“{text}” không phải là một ô đã sửa. Ghi như “Danh sách!D12=28/02/2023”.")
        cells.setdefault(sheet, {})[int(found[2]) - 1, column_index(found[1])] = value
    return cells


def _of_rows(
    rows: tuple[str, ...],
) -> tuple[dict[int | tuple[int, int], str], dict[tuple[int, Place], Take]]:
    """What was answered row by row: who somebody is, and whose values hold."""
    persons: dict[int | tuple[int, int], str] = {}
    takes: dict[tuple[int, Place], Take] = {}
    for place, said in _pairs(rows, "--row"):
        sheet, _, number = place.rpartition("!")
        number, _, block = number.partition("/")
        word = fold(said)
        if not number.isdigit() or not (block or "1").isdigit() or word not in PERSONS | TAKES:
            raise BadInput(
                f"“{place}={said}” không dùng được cho --row. Ghi ví dụ 12=cung, 12=khac (một người hay hai người), "
                "12=thay (lấy theo tệp) hoặc 12=giu (giữ như kho)."
            )
        if word in PERSONS:
            persons[(int(number), int(block)) if block else int(number)] = PERSONS[word]
            continue
        kind = next((kind for kind in beside_cases() if fold(kind.sheet.name) == fold(sheet)), None)
        takes[int(number), kind.sheet.name if kind else int(block or 1)] = TAKES[word]
    return persons, takes


def read_pairs(texts: Sequence[str]) -> dict[frozenset[str], str]:
    """What was typed about pairs of rows, `MÃ+MÃ=cung|khac|MÃ` each; raises `BadInput`."""
    said: dict[frozenset[str], str] = {}
    for text in texts:
        both, sign, answer = text.rpartition("=")
        codes = [code.strip() for code in both.split("+")]
        word = PERSONS.get(fold(answer), answer.strip())
        if not sign or len(codes) != 2 or word not in ("same", "other", *codes):
            raise BadInput(
                f"“{text}” không dùng được cho --pair. Ghi ví dụ HB01+HB07=cung (một người), "
                "HB01+HB07=khac (hai người) hoặc HB01+HB07=HB01 (giữ hồ sơ HB01)."
            )
        said[frozenset(codes)] = word
    return said


def _vouched(accepted: frozenset[str]) -> frozenset[str]:
    """The fields whose days somebody vouches for to stand before the month."""
    if "month_first_column" not in accepted:
        return frozenset()
    kinds = BIRTH_KINDS | DATE_KINDS
    return frozenset(name for name, field in load_labels().fields.items() if field.kind in kinds)


def _pairs(texts: tuple[str, ...], option: str) -> list[tuple[str, str]]:
    pairs = []
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign:
            raise BadInput(f"“{text}” không dùng được cho {option}. Ghi hai vế nối bằng dấu =.")
        pairs.append((name.strip(), value.strip()))
    return pairs


@dataclass(frozen=True, slots=True)
class Beside:
    """Files that are written before the store is: where one cannot be written, nothing is stored."""

    errors: Path | None = None
    """For the rows that are refused."""
    mapping: Path | None = None
    """For the way in which the file was read."""
    replace: bool = False


def take_in(
    url: str,
    change: ImportFile,
    who: str | None,
    *,
    apply: bool,
    beside: Beside,
    progress: Callable[[int, int], None] | None,
    today: date | None = None,
    seen: str | None = None,
) -> tuple[Import, list[str]]:
    """Preview an import and, with ``apply``, write it; gives what was written beside it in words.

    ``seen`` is the hash of the last write when somebody looked at the preview. Raises what `import_file` raises, and
    `WrittenSince` where something was written after that look.
    """
    answers, written = answers_of(change), list[str]()

    def first(preview: RosterPreview) -> None:
        if apply and seen is not None and last_hash(url) != seen:  # nobody else writes while this is asked
            raise WrittenSince("Trong lúc bạn xem, kho đã được ghi thêm. Chưa ghi gì của tệp; xem lại rồi quyết định.")
        if beside.errors is not None:
            number = write_error_workbook(preview, beside.errors, force=beside.replace)
            if number:
                written.append(f"Đã ghi {number} dòng cần sửa ra tệp “{beside.errors}”; sửa xong thì nhập tệp đó.")
        if beside.mapping is not None:
            save_mapping(beside.mapping, preview, answers)
            written.append(f"Đã lưu cách đọc ra tệp “{beside.mapping}”.")

    with readable(url, change) as open_one:
        done = import_file(
            url,
            Path(open_one.file),
            answers,
            apply=apply,
            accept_good=change.accept_good,
            who=who,
            progress=progress,
            first=first,
            today=today,
        )
    return done, written


def require_taken(done: Import, change: ImportFile) -> None:
    """Refuse an import with rows that are refused and were not left aside on purpose; raises `Refused`."""
    if done.preview.refused and not change.accept_good:
        raise Refused(Path(change.file), done.preview.refused)
