"""What keeps an encrypted store shut; nothing of what opens one is loaded for it."""

from __future__ import annotations

from rules.loader.errors import StoreProblem


class KeyProblem(StoreProblem):
    """Something about the key of an encrypted store keeps it shut."""


class WrongKey(KeyProblem):
    """What was typed opens nothing."""


class KeyFileDamaged(KeyProblem):
    """What should be a wrapped key cannot be read as one."""
