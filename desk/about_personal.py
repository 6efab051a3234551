"""What a person may ask for: all that is kept of her, and that it goes for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.door import needs
from desk.sitting import Sitting

if TYPE_CHECKING:
    from desk.personal.erasing import ErasedFor, Erasing
    from desk.personal.exporting import AboutOne


class AboutPersonal(Sitting):
    """The data of one person as her own."""

    @needs("print_")
    def about_one(self, code: str) -> AboutOne:
        """All that store, log and backups hold about a person; raises `UnknownName`, `StoreProblem`."""
        from desk.personal.exporting import about_one
        from desk.personal.readings import goes_out

        found = about_one(self.url, code, self.today)
        shown = {str(flat["code"]) for entity, flat in found.things if entity == "case"} or {code}
        for own in sorted(shown):
            goes_out(self.url, "mọi điều về một người, theo yêu cầu của cá nhân", self.user, own)
        return found

    @needs("erase", whole=True)
    def erasing(self, code: str) -> Erasing:
        """What erasing a person for ever would do; nothing is erased. Raises `UnknownName`, `StoreProblem`.

        An administrator, who sees no case, names her by the code of the request, and is told how much goes.
        """
        from desk.personal.erasing import erasing

        shown = erasing(self.url, code)
        return shown if self.eyes is None else shown.bare

    @needs("erase", whole=True)
    def erase(self, shown: Erasing, ground: str, *, learners: bool | None = None) -> ErasedFor:
        """Erase whoever was shown, on a stated ground; raises `BadInput`, `UnknownName`, `StoreProblem`."""
        from desk.personal.erasing import carry_out

        self._opened.clear()
        return carry_out(self.url, shown, ground, self.user, learners=learners)

    @needs("keep", whole=True)
    def tidy(self) -> bool:
        """Write the store's file anew without what was let go; False while somebody else uses the store."""
        from cases.history.erasing import written_anew
        from cases.store.connection import querying
        from desk.accounts.opening import written_anew as beside

        with querying(self.url):  # refuses what is no store
            pass
        return written_anew(self.url) and beside(self.url)
