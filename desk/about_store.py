"""What is done with a store: its classes and units, changes previewed and committed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from desk.accounts.rights import WRITING
from desk.door import needs
from desk.question import require_taken
from desk.sitting import Sitting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cases.imports.importing import Import
    from cases.keeping.restoring import Restored
    from desk.answers.courses import CourseHeld, CoursesHeld
    from desk.answers.units import UnitStory
    from desk.changes.importing import Beside, ImportFile
    from desk.changes.outlook import Outlook
    from desk.changes.previews import Done, Preview
    from desk.changes.since import Since
    from desk.changes.together import Chosen
    from desk.changes.values import Change
    from desk.filling.official_sheets import SheetFilled
    from desk.keeping.doctor import Examined
    from desk.keeping.log import LogShown, Taken, Verified, Written
    from desk.keeping.store import Made, OverlaysChosen
    from desk.law.confirming import Confirming, Unconfirmed
    from desk.question import Question
    from desk.sweeping.engines import EngineName
    from desk.sweeping.everything import SweptEverything


class AboutStore(Sitting):
    """The store itself, and every change of it."""

    @needs("read")
    def courses(self) -> CoursesHeld:
        """All classes, each with its learners; raises `StoreProblem`."""
        from desk.answers.courses import courses

        return courses(self.url)

    @needs("read")
    def course(self, code: str) -> CourseHeld:
        """One class; raises `UnknownName`, `StoreProblem`."""
        from desk.answers.courses import course

        return course(self.url, code)

    @needs("read")
    def unit(self, code: str) -> UnitStory:
        """Where a unit stood through time; raises `UnknownName`, `StoreProblem`."""
        from desk.answers.units import story

        return story(self.url, code)

    @needs(*WRITING)
    def preview(self, change: Change, *, as_of: dt.date | None = None) -> Preview:
        """What a change would be and what would come of it on a day; nothing is written.

        Raises `UnknownName`, `BadInput` and `BadQuestion` for what cannot be made at all, and `StoreProblem`.
        """
        from desk.changes.previews import FigurePreview, preview, with_contradictions

        question = self.ask(as_of=as_of)
        shown = preview(self.url, change, question, max(question.as_of, self.today))
        return with_contradictions(shown, self.roster(question)) if isinstance(shown, FigurePreview) else shown

    @needs("read")
    def named_cases(self, text: str) -> Chosen:
        """The cases whose codes stand in a file or are listed with commas; raises `BadFile`, `BadInput`."""
        from desk.changes.together import named

        return named(text)

    @needs("read")
    def cases_where(self, question: Question, text: str) -> Chosen:
        """The cases for which a condition in the rules' own language holds; raises `BadInput`, `StoreProblem`."""
        from desk.changes.together import where

        return where(text, self.roster(question), question)

    @needs("read")
    def look(self) -> str:
        """Where the store stands, to be given to `commit` with what was looked at then; raises `StoreProblem`."""
        from desk.changes.since import look

        return look(self.url)

    @needs("read")
    def since(self, shown: Preview, seen: str) -> Since:
        """What others wrote about the things of a change since a look; raises `StoreProblem`."""
        from desk.changes.previews import drafts_of
        from desk.changes.since import since

        return since(self.url, shown.change, drafts_of(shown), seen)

    @needs(*WRITING)
    def commit(self, shown: Preview, *, confirmed: bool = False, seen: str | None = None) -> Done:
        """Write a change that was shown: it is made anew within one transaction, signed by the desk's user.

        Raises `Impossible`, `Unconfirmed` for a doubt that was shown and is not confirmed, or has come up since, and
        `WrittenSince` where somebody wrote about the same things after the look that is ``seen``.
        """
        from desk.changes.previews import commit

        self._opened.clear()
        now = max(shown.question.as_of, self.today)
        return commit(self.url, shown, now, self.user, confirmed=confirmed, seen=seen)

    @needs("import_")
    def take_in(
        self,
        change: ImportFile,
        *,
        apply: bool = False,
        beside: Beside | None = None,
        progress: Callable[[int, int], None] | None = None,
        seen: str | None = None,
    ) -> tuple[Import, list[str]]:
        """Preview an import and, with ``apply``, write it in one transaction; says what was written beside it.

        ``seen`` is `last_hash` when the preview was looked at. Raises `BadFile`, `BadInput`, `UnknownName`,
        `OpenQuestions`, `StoreProblem`, and `WrittenSince`.
        """
        from desk.changes.importing import Beside, take_in

        self._opened.clear()
        beside = beside or Beside()
        return take_in(
            self.url,
            change,
            self.user,
            apply=apply,
            beside=beside,
            progress=progress,
            today=self.today,
            seen=seen,
        )

    @needs("read")
    def outlook(self, done: Import, *, as_of: dt.date | None = None) -> Outlook:
        """The findings that would go and come with an import that was previewed; raises `StoreProblem`."""
        from desk.changes.outlook import outlook

        return outlook(done, self.ask(as_of=as_of))

    @needs("print_")
    def fill_sheet(self, change: ImportFile, out: Path, *, replace: bool = False) -> SheetFilled:
        """Write an official sheet out again with what the store knows better; the store is only read.

        Raises `BadFile`, `BadInput`, `UnknownName`, `StoreProblem`.
        """
        from desk.filling.official_sheets import fill_sheet
        from desk.personal.readings import workbook_goes_out

        # The sheet itself asks for what is sensitive, column by column.
        workbook_goes_out(self.url, out.name, self.user)
        return fill_sheet(self.url, self.roster(self.ask()), change, out, self.today, replace_out=replace)

    @needs("read", "log", "keep", "settings")
    def last_hash(self) -> str:
        """The hash of the last write, which tells one state of the store from another; raises `StoreProblem`."""
        from desk.source import last_hash

        return last_hash(self.url)

    @needs("read", "log", "keep", "settings")
    def state(self) -> str:
        """What tells one state of what is seen of the store from another; raises `StoreProblem`."""
        from desk.source import seen_state

        return seen_state(self.url)

    @needs("log")
    def log(self, number: int, case: str | None = None) -> LogShown:
        """The latest writes, or those about a case; raises `StoreProblem`."""
        from desk.keeping.log import log

        return log(self.url, number, case)

    @needs("log")
    def write(self, name: str) -> Written:
        """One write with all its changes; raises `UnknownName`, `StoreProblem`."""
        from desk.keeping.log import write

        return write(self.url, name)

    @needs("keep")
    def verify_log(self) -> Verified:
        """Whether the log is whole, and the store as the log says; raises `StoreProblem`."""
        from desk.keeping.log import verified

        return verified(self.url)

    @needs("undo")
    def undo(
        self, name: str | None = None, *, confirmed: bool = False, agrees: Callable[[str], bool] | None = None
    ) -> Taken:
        """Take back a write, the last where none is named; raises `UnknownName`, `BadInput`, `StoreProblem`."""
        from desk.keeping.log import undo

        self._opened.clear()
        others = self.may is None or "undo_others" in self.may
        return undo(self.url, name, self.user, confirmed=confirmed, agrees=agrees, others=others)

    @needs("undo")
    def redo(
        self, name: str | None = None, *, confirmed: bool = False, agrees: Callable[[str], bool] | None = None
    ) -> Taken:
        """Make again what was taken back; raises `UnknownName`, `BadInput`, `StoreProblem`."""
        from desk.keeping.log import redo

        self._opened.clear()
        others = self.may is None or "undo_others" in self.may
        return redo(self.url, name, self.user, confirmed=confirmed, agrees=agrees, others=others)

    @needs("read", "settings")
    def overlays(self) -> OverlaysChosen:
        """Which overlays the store is judged by, and which others there are; raises `StoreProblem`."""
        from desk.keeping.store import overlays

        return overlays(self.url)

    @needs("settings")
    def choose_overlays(self, names: Sequence[str]) -> None:
        """Have the store judged by these overlays from now on, or by none; raises `UnknownName`, `StoreProblem`."""
        from desk.keeping.store import choose

        choose(self.url, names, self.user)

    @needs("keep", whole=True)
    def make_store(self) -> Made:
        """Make the store, or bring an older one up to date; raises `StoreProblem`."""
        from desk.keeping.store import make

        return make(self.url)

    @needs("keep", whole=True)
    def backup(self, path: Path, *, replace: bool = False) -> Path:
        """Copy the store to a file that is checked; raises `TargetExists`, `BadInput`, `StoreProblem`."""
        from desk.keeping.store import copy

        return copy(self.url, path, replace=replace)

    @needs("keep", whole=True)
    def restore(self, path: Path, *, confirmed: bool = False, agrees: Callable[[str], bool] | None = None) -> Restored:
        """Put a backup in the place of the store; what has to be confirmed is put to ``agrees``.

        Raises `NotABackup`, `StoreProblem`, and `ToConfirm` where nobody agreed.
        """
        from desk.keeping.store import restore

        self._opened.clear()
        return restore(self.url, path, self.user, confirmed=confirmed, agrees=agrees)

    @needs("keep")
    def doctor(self, as_of: dt.date | None = None) -> Examined:
        """Look the store and the machine over; what cannot be opened is one more finding."""
        from desk.keeping.doctor import doctor

        return doctor(self.url, as_of or self.today)

    @needs("print_")
    def export(self, path: Path, *, without_sensitive: bool = False, replace: bool = False) -> int:
        """Write everything as a canonical workbook; gives the number of cases. Raises `BadInput`, `StoreProblem`.

        It holds the store without loss, which is what it is for; that it goes out is written into the reading log. What
        is sensitive stays out ``without_sensitive``.
        """
        from cases.imports.stamping import export_store
        from desk.personal.readings import left_out_of_files, workbook_goes_out

        if without_sensitive:
            return export_store(self.url, path, left_out=left_out_of_files(), force=replace)
        self.last_hash()  # a store that is not there is said to be so before anything else
        if not workbook_goes_out(self.url, path.name, self.user):
            self.tell("Không ghi được nhật ký đọc cạnh kho (chỉ đọc được), nên lần xuất này không có trong đó.")
        return export_store(self.url, path, force=replace)

    @needs("print_")
    def export_columns(self, path: Path, as_of: dt.date, *, replace: bool = False) -> int:
        """Write the store as Parquet with one row a case; gives their number. Raises `BadInput`, `StoreProblem`.

        What is sensitive is left out unless somebody asks for it.
        """
        from desk.keeping.store import export_columns

        return export_columns(self.url, path, as_of, replace=replace)

    @needs("read", "settings")
    def unconfirmed(self, question: Question) -> list[Unconfirmed]:
        """The values of the law that nobody has read, and what of this store rests on each."""
        from desk.law.confirming import unconfirmed

        return unconfirmed(self.roster(question), question)

    @needs("settings")
    def confirming(self, question: Question, parameter: str, value: str, clause: str, seen_at: str) -> Confirming:
        """What a value that somebody has read would change; raises `UnknownName`, `LawFileError`."""
        from cases.store.writing import new_batch
        from desk.law.confirming import confirming

        who = new_batch(self.user).who
        return confirming(self.roster(question), question, parameter, value, clause, seen_at, who, self.today)

    @needs("settings")
    def confirm(self, draft: Confirming) -> None:
        """Keep a value that somebody has read, in the store's log; raises `StoreProblem`."""
        from cases.store.overlay_choice import confirm

        confirm(self.url, draft.confirmation)

    @needs("print_")
    def sweep(
        self, question: Question, source: str | None, output: str, engine: EngineName, *, replace: bool = False
    ) -> SweptEverything:
        """Sweep the store, or Parquet files, and write what was found as Parquet; raises `DubiError`."""
        from desk.sweeping.everything import sweep

        require_taken("sweep", question)
        url = self.url if source is None else None
        return sweep(url, question, source, output, engine, replace=replace)
