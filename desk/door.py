"""The door of the desk: every question or change passes it with its right, and is answered with the asker's eyes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar, cast

from cases.store.sight import seeing
from cases.store.wall.hand import writing_with
from desk.accounts.rights import require

if TYPE_CHECKING:
    from cases.store.sight import Sight
    from cases.store.wall.hand import Deeds
    from desk.accounts.rights import Right


class Asker(Protocol):
    """Whoever sits at a desk: what she sees, and what she may do."""

    @property
    def eyes(self) -> Sight | None:
        """What is seen, on the desk's day; None = everything."""
        ...

    @property
    def deeds(self) -> Deeds | None:
        """What may be written, and where; None = everything."""
        ...

    @property
    def may(self) -> frozenset[Right] | None:
        """What may be done; None = everything."""
        ...


Sits = TypeVar("Sits", bound=Asker)
Given = ParamSpec("Given")
Answer = TypeVar("Answer")
Method = Callable[Concatenate[Sits, Given], Answer]


def needs(*rights: Right, whole: bool = False) -> Callable[[Method[Sits, Given, Answer]], Method[Sits, Given, Answer]]:
    """Have a method of the desk ask for one of these rights, then look with the asker's eyes; raises `NotAllowed`.

    What is done to the store as a ``whole`` is done past all eyes, and its answer tells of no case.
    """

    def behind_door(method: Method[Sits, Given, Answer]) -> Method[Sits, Given, Answer]:
        @wraps(method)
        def asked(self: Sits, *args: Given.args, **kwargs: Given.kwargs) -> Answer:
            require(self.may, *rights)
            with seeing(None if whole else self.eyes), writing_with(self.deeds):
                return method(self, *args, **kwargs)

        asked.needs = rights  # type: ignore[attr-defined]  # a test reads what every method has declared
        return cast("Method[Sits, Given, Answer]", asked)

    return behind_door
