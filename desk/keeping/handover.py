"""What goes between a cell that works by itself and the level above: a roster sealed for whoever is to take it in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cases.files.sources import SEALED
from cases.imports.stamping import export_store
from cases.keeping import sealing
from cases.keeping.sealing import make_pair as make_pair
from cases.keeping.sealing import opened as opened
from cases.store.keys.boxes import in_memory as in_memory
from cases.values.whole_file import whole_file

SECRET, PUBLIC = ".khoa", ".cong-khai"
"""How the names of the two keys of a pair end."""
ENDING = ".kin"
"""How the name of a sealed file ends."""


def send(url: str, out: Path, public: Path, *, replace: bool = False) -> int:
    """Write what of the store is seen as a workbook that only the owner of a public key can open; gives the cases.

    Raises `NoKey`, `TargetExists`, `BadInput`, `StoreProblem`.
    """
    with whole_file(out, suffix=ENDING, replace=replace, as_it_came=True) as draft, in_memory() as folder:
        book = folder / "so.xlsx"
        cases = export_store(url, book)
        draft.write_bytes(sealing.seal(book.read_bytes(), public))
    return cases


def is_sealed(content: bytes) -> bool:
    """Whether bytes are those of a sealed file."""
    return content.startswith(SEALED)


@contextmanager
def received(path: Path, secret: Path, passphrase: str) -> Iterator[Path]:
    """A sealed file as the workbook that it holds, for as long as it is looked at; raises `NoKey`, `BadInput`."""
    content = sealing.unsealed(path, secret, passphrase)
    with in_memory() as folder:
        book = folder / path.name.removesuffix(ENDING)
        book.write_bytes(content)
        yield book
