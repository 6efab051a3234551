"""The encryption of the store: its form, encrypted or made plain, its passphrase, its recovery code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.door import needs
from desk.sitting import Sitting

if TYPE_CHECKING:
    from pathlib import Path

    from desk.keeping.encryption import Backups, Form, Recast


class AboutKeys(Sitting):
    """What only somebody who keeps the store may do with its key."""

    @needs("keep", whole=True)
    def form(self) -> Form:
        """Whether the store is encrypted, and which of its backups are otherwise; raises `StoreProblem`."""
        from desk.keeping.encryption import form

        return form(self.url)

    @needs("keep", whole=True)
    def encrypt(self, passphrase: str, code: str, *, backups: Backups) -> Recast:
        """Encrypt the store with all that lies beside it; raises `BadInput`, `StoreProblem`."""
        from desk.keeping.encryption import encrypt

        self._opened.clear()
        return encrypt(self.url, passphrase, code, backups)

    @needs("keep", whole=True)
    def finish_encrypting(self, *, backups: Backups) -> Recast:
        """Encrypt what lies plain beside an encrypted store; raises `BadInput`, `StoreProblem`."""
        from desk.keeping.encryption import finish

        return finish(self.url, backups)

    @needs("keep", whole=True)
    def decrypt(self, *, backups: Backups) -> Recast:
        """Make the store plain with all that lies beside it; raises `BadInput`, `StoreProblem`."""
        from desk.keeping.encryption import decrypt

        self._opened.clear()
        return decrypt(self.url, backups)

    @needs("keep", whole=True)
    def rekey(self, typed: str | None, passphrase: str, code: str | None = None, *, raw: bool = False) -> Recast:
        """Put another passphrase on the store, another recovery code too, or give it another raw key.

        ``typed`` is the passphrase of now, where it is not asked for otherwise. Raises `WrongKey`, `BadInput`,
        `StoreProblem`.
        """
        from desk.keeping.encryption import rekey

        return rekey(self.url, typed, passphrase, code, raw=raw)

    @needs("keep", whole=True)
    def put_new_code(self, code: str) -> tuple[Path, ...]:
        """Give the store another recovery code; gives the backups that still open by the earlier one."""
        from desk.keeping.encryption import put_new_code

        return put_new_code(self.url, code).left

    @needs("keep", whole=True)
    def write_raw_key(self, file: Path, *, replace: bool = False) -> None:
        """Write the raw key for scripts; raises `BadInput`, `TargetExists`, `StoreProblem`."""
        from desk.keeping.encryption import write_raw_key

        write_raw_key(self.url, file, replace_it=replace)
