"""Writing a file whole or not at all, and never over one that nobody said may go."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rules.loader.errors import BadInput


@contextmanager
def whole_file(path: Path, *, suffix: str, replace: bool) -> Iterator[Path]:
    """A draft beside the path that takes its place when the block ends well; raises `BadInput` where it may not."""
    if path.suffix.lower() != suffix:
        raise BadInput(f"Tên tệp “{path}” phải kết thúc bằng {suffix}. Ghi lại tên tệp.")
    if path.is_dir():
        raise BadInput(f"“{path}” là một thư mục. Ghi cả tên tệp, ví dụ {path / ('danh-sach' + suffix)}.")
    if not path.parent.is_dir():
        raise BadInput(f"Không có thư mục “{path.parent}”. Tạo thư mục trước hoặc chọn nơi khác.")
    if path.exists() and not replace:
        raise BadInput(f"Tệp “{path}” đã có. Chọn tên khác, hoặc thêm --force để ghi đè.")
    draft = path.with_name(f".{path.stem}-{secrets.token_hex(4)}{suffix}")
    try:
        yield draft
        try:
            draft.replace(path)
        except PermissionError:
            raise BadInput(f"Không ghi được tệp “{path}”. Nếu tệp đang mở trong Excel, đóng lại rồi thử.") from None
    finally:
        draft.unlink(missing_ok=True)
