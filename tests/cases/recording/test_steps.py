"""Steps by name: in English, by column, by what people call them; a wrong name is asked back."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.judging.steps import StepKind, kinds, known_step, spelt
from rules.loader.errors import LawFileError, UnknownName
from rules.loader.vocabulary import load


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)
def test_every_step_by_every_name(kind: StepKind) -> None:
    """Each kind is found by its English name, its column with and without diacritics, and each of its other names."""
    for name in (kind.name, kind.label, kind.label.upper(), spelt(kind.label), *kind.names, *map(spelt, kind.names)):
        assert known_step(name).name == kind.name
        assert known_step(name.replace(" ", "-")).name == kind.name


def test_no_name_means_two_steps() -> None:
    """What people call a step belongs to that one alone."""
    seen: dict[str, str] = {}
    for kind in kinds().values():
        for name in {spelt(name) for name in (kind.name, kind.label, *kind.names)}:
            assert seen.setdefault(name, kind.name) == kind.name, name


def test_the_whole_vocabulary_can_be_recorded() -> None:
    """There is no kind of step that has no name here."""
    assert kinds().keys() == set(load().step_kinds)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("le-ket-nap-dang", "le-ket-nap"),
        ("xet-chinh-thuc", "chi-bo-xet-chinh-thuc"),
        ("quyet dinh ket nạp đảng", "quyet-dinh-ket-nap"),
    ],
)
def test_a_wrong_name_is_asked_back(text: str, hint: str) -> None:
    """The refusal names what is spelt alike, in the form that can be typed."""
    with pytest.raises(UnknownName, match=f"Có phải “{hint}"):
        known_step(text)


def test_a_name_like_nothing() -> None:
    """Where nothing is alike, the way to the list is shown."""
    with pytest.raises(UnknownName, match="dubi steps"):
        known_step("qwertz")


BROKEN = {
    "an unknown step": "- {step: baptised_on}",
    "an unknown key": "- {step: admitted_on, name: lễ}",
    "a step twice": "- {step: admitted_on}\n- {step: admitted_on}",
    "a word for once": "- {step: admitted_on, once: sometimes}",
    "a step after nothing known": "- {step: admitted_on, after: [baptised_on]}",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_refused(tmp_path: Path, text: str) -> None:
    """A mistake in the file of steps is refused with file and line."""
    file = tmp_path / "steps.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LawFileError, match=r"steps\.yaml, dòng \d"):
        kinds(file)
