"""The files of the statistics: a mistake in one is refused with its file, its line and a hint; names hold together."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.counting import ledgers as desk_reports
from desk.counting import populations as desk_populations
from engine.ruleset import load_ruleset
from engine.statistics import ledger
from engine.statistics.references import Reference, terms
from reports.forms import form_loader
from rules.loader import controls as controls_loader
from rules.loader import indicators as indicators_loader
from rules.loader import populations as populations_loader
from rules.loader import settings as settings_loader
from rules.loader.errors import LawFileError

TEXTS = indicators_loader.load()


def test_every_counted_indicator_compiles() -> None:
    """Each condition, measure and day is understood, and every sum names indicators that exist."""
    indicators = desk_reports.compiled_indicators(load_ruleset())
    for name, text in TEXTS.items():
        if text.counted:
            assert indicators.indicator(Reference(name)).key == name
        formulas = text.formulas
        for formula in filter(None, formulas):
            assert {term.reference.name for term in terms(formula)} <= TEXTS.keys(), name


def test_every_control_names_what_there_is() -> None:
    """Both sides of a control sum are made of indicators."""
    for control in controls_loader.load().values():
        for side in (control.left, control.right):
            assert {term.reference.name for term in terms(side)} <= TEXTS.keys(), control.name


@pytest.mark.parametrize("dimension", populations_loader.dimensions())
def test_every_dimension_compiles_for_a_population_that_knows_it(dimension: str) -> None:
    """The condition of each dimension is understood, for a value and for those whose place is not known."""
    names = {"audience": "course.awareness.classes", "mode": "course.awareness.classes", "exit_kind": "exit.died"}
    values = {"audience": "Công nhân", "mode": "online", "exit_kind": "died", "cohort": "admitted_in_period"}
    values |= {"sector": "ward", "level": "cell", "occupation": "pupil"}
    indicators = desk_reports.compiled_indicators(load_ruleset())
    name = names.get(dimension, "admission.total")
    assert indicators.indicator(Reference(name, ((dimension, (values[dimension],)),))).key.endswith("]")
    if populations_loader.dimensions()[dimension].unknown:
        indicators.indicator(Reference(name, ((dimension, ("?",)),)))


def test_every_setting_is_read_by_something() -> None:
    """A reading that nothing depends on would be a dead choice."""
    places = [*populations_loader.HERE.glob("indicators/*.yaml"), *populations_loader.HERE.glob("populations/*.yaml")]
    forms = Path(form_loader.__file__).parent
    code = [Path(desk_populations.__file__), Path(ledger.__file__)]
    words = " ".join(path.read_text(encoding="utf-8") for path in [*places, *forms.glob("*.yaml"), *code])
    assert [name for name in settings_loader.load() if name not in words] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {indicator: a.b, label: A, of: cases}", "when"),
        ("- {indicator: a.b, label: A, of: case, when: member}", "cases"),
        ("- {indicator: a.b, label: A, of: cases, when: member, sum: age, mean: age}", "một cách đo"),
        ("- {indicator: a.b, label: A, formula: x, ratio: {of: x, to: y}}", "ratio"),
        ("- {indicator: a.b, label: A, typed: year}", "period"),
        ("- {breakdown: a.b, of: cases, when: member, by: sex, codes: sex}", "none hoặc unknown"),
        ("- {breakdown: a.b, of: cases, when: member, by: sex, codes: sexes, unknown: B}", "sex"),
        ("- {indicator: a.b, label: A, typed: day}\n- {indicator: a.b, label: A, typed: day}", "hai lần"),
    ],
)
def test_a_broken_indicator_is_refused(text: str, said: str, tmp_path: Path) -> None:
    """Missing keys, unknown populations and lists, two measures, two of a name."""
    _refused(tmp_path, text, said, indicators_loader.load)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {setting: a, label: A, default: x, values: {y: Y}}", "y"),
        ("- {setting: a, label: A, values: {y: Y}}", "default"),
        (2 * "- {setting: a, label: A, default: y, values: {y: Y}}\n", "hai lần"),
    ],
)
def test_a_broken_setting_is_refused(text: str, said: str, tmp_path: Path) -> None:
    """A default that is no choice, a missing one, two of a name."""
    _refused(tmp_path, text, said, settings_loader.load)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('- {control: S, level: bad, say: S, left: a, is: "=", right: b}', "error"),
        ('- {control: S, level: error, say: S, left: a, is: "<", right: b}', "<="),
        ('- {control: S, level: error, say: S, left: a, is: "=", right: b, setting: {no: x}}', "settings.yaml"),
        ('- {control: S, level: error, say: S, left: a, is: "=", right: b, setting: {last_day: x}}', "ended"),
    ],
)
def test_a_broken_control_is_refused(text: str, said: str, tmp_path: Path) -> None:
    """Wrong levels, relations and settings."""
    _refused(tmp_path, text, said, controls_loader.load)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {dimension: a, label: A}", "when hoặc values"),
        ("- {dimension: a, label: A, when: x, codes: no}", "no"),
    ],
)
def test_a_broken_dimension_is_refused(text: str, said: str, tmp_path: Path) -> None:
    """A dimension without a condition, or over a list of codes that is none."""
    _refused(tmp_path, text, said, populations_loader.dimensions)


def _refused(tmp_path: Path, text: str, said: str, load: object) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(text + "\n", encoding="utf-8")
    with pytest.raises(LawFileError, match=said) as refused:
        load(file)  # type: ignore[operator]  # one of the loaders
    assert refused.value.file == str(file)
    assert refused.value.line >= 1
    assert refused.value.hint
