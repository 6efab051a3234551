"""The folder in which a sweep leaves its answer: whole or not at all, and never in the place of something else."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rules.loader.errors import BadInput

FINDINGS, UNKNOWN, SUMMARY = "findings", "unknown", "sweep.json"


@contextmanager
def whole_folder(place: Path, *, replace: bool) -> Iterator[Path]:
    """A draft beside the place that takes it when the block ends well; raises `BadInput` where it may not."""
    if place.exists():
        if not replace:
            raise BadInput(f"Đã có “{place}”. Chọn thư mục khác, hoặc thêm --force để thay kết quả cũ.")
        if not _ours(place):
            raise BadInput(f"“{place}” không phải kết quả của dubi sweep nên không bị thay. Chọn thư mục khác.")
    place = place.absolute()
    if not place.parent.is_dir():
        raise BadInput(f"Không có thư mục “{place.parent}”. Tạo thư mục trước hoặc chọn nơi khác.")
    token = f"{os.getpid()}{secrets.token_hex(2)}"
    draft, aside = (place.with_name(f".{place.name}.{token}.{word}") for word in ("new", "old"))
    draft.mkdir(mode=0o700)
    try:
        yield draft
        if place.exists():
            place.rename(aside)
        draft.rename(place)
    finally:
        for leftover in (draft, aside):
            shutil.rmtree(leftover, ignore_errors=True)


def _ours(place: Path) -> bool:
    """Whether a folder is empty or holds what a sweep left, and nothing else."""
    names = {path.name for path in place.iterdir()} if place.is_dir() else {"?"}
    return not names or (SUMMARY in names and names <= {FINDINGS, UNKNOWN, SUMMARY})


def write_summary(draft: Path, summary: Mapping[str, object]) -> None:
    """Say beside the answer what it is of; its being there makes the folder known as a sweep's."""
    text = json.dumps(summary, ensure_ascii=False, indent=1, default=str)
    (draft / SUMMARY).write_text(text + "\n", encoding="utf-8")
