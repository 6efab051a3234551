"""The desk: one object to which every face of the program puts a user's questions and changes.

    desk = Desk(store_url(), today=day)
    question = desk.ask(as_of=day, unit="CB-04")
    desk.check(question).as_json()

    shown = desk.preview(RecordStep("HS-0138", "ket-nap", on=day))
    desk.commit(shown, confirmed=False).as_json()

Answers are frozen values; `as_json()` is the one form in which programs get them. What an answer needs is imported when
it is asked for, so that a command waits only for what it uses.
"""

from __future__ import annotations

from desk.about_figures import AboutFigures
from desk.about_handing import AboutHanding
from desk.about_keys import AboutKeys
from desk.about_people import AboutPeople
from desk.about_personal import AboutPersonal
from desk.about_privacy import AboutPrivacy
from desk.about_store import AboutStore


class Desk(AboutPeople, AboutFigures, AboutStore, AboutPersonal, AboutPrivacy, AboutHanding, AboutKeys):
    """Answers questions about one source, and makes changes of a store, for one user on one day."""
