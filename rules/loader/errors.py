"""The failures of the program, as a small tree of named exceptions.

    DubiError                 something the program cannot do; carries its exit code
    ├── UnknownName      (2)  a case, unit, rule or indicator named in an argument does not exist
    ├── BadQuestion      (2)  parts of a question that do not go together, or something left out of it
    ├── NotAllowed       (2)  something that whoever is signed in may not do
    │   └── NotSignedIn  (2)  something that only who is signed in may do, and nobody is
    ├── BadInput         (3)  a file, row or date that cannot be taken
    │   ├── LawFileError (3)  a rule file that says something it may not say, with file and line
    │   └── ClockDoubted (3)  the machine's clock stands far from what was written last
    └── StoreProblem     (4)  the store or the machine: full, locked, read-only, too new

Findings about a user's data are values, never exceptions.
"""

from __future__ import annotations

import errno
import os
from datetime import date
from pathlib import Path


class DubiError(Exception):
    """Something the program cannot do, said in Vietnamese: what is wrong, where, and what to do."""

    exit_code = 4


class UnknownName(DubiError):
    """A name in an argument that nothing bears."""

    exit_code = 2


class BadQuestion(DubiError):
    """A question whose parts do not go together, or from which something is left out."""

    exit_code = 2


class NotAllowed(DubiError):
    """Something that whoever is signed in may not do."""

    exit_code = 2


class NotSignedIn(NotAllowed):
    """Something that only who is signed in may do, and nobody is: not yet, not any more, or by a wrong password."""

    def __init__(self, message: str, wait: int = 0) -> None:
        super().__init__(message)
        self.wait = wait
        """Seconds before it may be tried again."""


class BadInput(DubiError):
    """Input that is refused; nothing of it has been stored."""

    exit_code = 3


class StoreProblem(DubiError):
    """The store or the machine does not allow what was asked."""

    exit_code = 4


class LawFileError(BadInput):
    """A rule file that is refused, with the place of the mistake and what to do about it."""

    def __init__(self, file: Path | str, line: int, problem: str, hint: str) -> None:
        self.file, self.line, self.problem, self.hint = str(file), line, problem, hint
        super().__init__(f"{file}, dòng {line}: {problem} {hint}")


class ClockDoubted(BadInput):
    """The machine's clock stands far from what was written last, and nobody said that it is right."""

    def __init__(self, message: str, day: date) -> None:
        super().__init__(message)
        self.day = day
        """What the clock shows."""


_REASONS = {
    errno.ENOSPC: "ổ đĩa đã đầy. Xoá bớt tệp rồi thử lại.",
    errno.EDQUOT: "đã hết dung lượng được cấp. Xoá bớt tệp rồi thử lại.",
    errno.EFBIG: "ổ đĩa hay tài khoản này không nhận tệp lớn như vậy. Chọn nơi khác để ghi.",
    errno.EIO: "ổ đĩa báo lỗi khi đọc hoặc ghi. Kiểm tra ổ đĩa rồi thử lại.",
    errno.EACCES: "không có quyền đọc hoặc ghi. Kiểm tra quyền của tệp và thư mục.",
    errno.EPERM: "không có quyền đọc hoặc ghi. Kiểm tra quyền của tệp và thư mục.",
    errno.EROFS: "ổ đĩa chỉ cho đọc. Chọn nơi khác để ghi.",
    errno.ENOENT: "không có tệp hoặc thư mục này. Kiểm tra lại tên.",
    errno.ENOTDIR: "không có thư mục này. Kiểm tra lại tên.",
    errno.EISDIR: "đây là thư mục, không phải tệp. Ghi cả tên tệp.",
    errno.ENAMETOOLONG: "tên tệp quá dài. Đặt tên ngắn hơn.",
    errno.EMFILE: "máy đang mở quá nhiều tệp. Đóng bớt chương trình rồi thử lại.",
    errno.ENFILE: "máy đang mở quá nhiều tệp. Đóng bớt chương trình rồi thử lại.",
}


def reason(error: OSError) -> str:
    """What the machine complains of, in a sentence that begins with the place where it is known."""
    place = f"“{error.filename}”: " if error.filename else ""
    return place + bare_reason(error)


def bare_reason(error: OSError) -> str:
    """The same without the place."""
    said = _REASONS.get(error.errno or 0) or named_reason(str(error))
    return said or f"máy không cho làm việc này (mã {error.errno or 'không rõ'})."


def named_reason(text: str) -> str | None:
    """What the machine complains of where a library only quotes it; None where the text names nothing known."""
    return next((said for number, said in _REASONS.items() if os.strerror(number) in text), None)
