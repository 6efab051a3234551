"""What is kept of the rule files: it gives what the files give, and no other copy is ever believed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import compiling, ruleset
from engine.language.time_limits import Calendar
from engine.rule import RuleSet
from rules.loader import calendar, law, vocabulary
from rules.loader.errors import StoreProblem
from rules.loader.kept import copies
from rules.loader.kept.place import home
from rules.loader.rules import load_rules
from tests.whole import some

NAMES = ("calendar", "facts", "law", "rules")
LOADERS = (calendar.load, law.load, vocabulary.load, ruleset.load_ruleset)


@pytest.fixture
def read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], RuleSet]]:
    """The rule set as the next process reads it, in a home of its own."""

    def forget() -> None:
        for load in (copies._base, copies.key_of, *LOADERS):
            load.cache_clear()

    def read() -> RuleSet:
        forget()
        return ruleset.load_ruleset()

    monkeypatch.setenv("DUBI_HOME", str(tmp_path / "home"))
    yield read
    monkeypatch.undo()
    forget()


def _of_files() -> RuleSet:
    """The rule set from the files themselves."""
    words, read = vocabulary._read(*vocabulary._FILES), law._read(law.HERE)
    table = Calendar(calendar._read(calendar.FILE))
    return compiling.compile_ruleset(words, read, table, load_rules())


def _said(rules: RuleSet) -> tuple[Any, ...]:
    """Everything in a rule set, with the order of what has one."""
    tables = (
        rules.types,
        rules.computed,
        rules.unknown_when,
        rules.rules,
        rules.vocabulary.facts,
        rules.law.parameters,
    )
    scope = (dict(rules.scope.types), rules.scope.codes, dict(rules.scope.parameters), tuple(rules.scope.rules))
    days = (rules.calendar.ordinals, rules.calendar.forecast_ordinals)
    return tuple(list(table.items()) for table in tables), rules.uncertain, rules.vocabulary, rules.law, scope, days


def _copies(folder: Path) -> dict[str, Path]:
    return {name: folder / "home" / "rules" / f"{name}.json" for name in NAMES}


def _changed(path: Path, change: Callable[[Any], Any]) -> None:
    """Write something else into a copy, and the right hash of it."""
    key, _, content = path.read_bytes().split(b"\n", 2)
    content = json.dumps(change(json.loads(content)), ensure_ascii=False).encode()
    path.write_bytes(key + b"\n" + hashlib.sha256(content).hexdigest().encode() + b"\n" + content)


def _with_first(plain: Any, old: Any, new: Any) -> Any:
    """A tree of lists with every leaf that equals another exchanged."""
    if isinstance(plain, dict):
        return {key: _with_first(value, old, new) for key, value in plain.items()}
    if isinstance(plain, list):
        return [_with_first(value, old, new) for value in plain]
    return new if plain == old and type(plain) is type(old) else plain


def test_a_copy_gives_what_the_files_give(
    read_anew: Callable[[], RuleSet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule set from the copies equals that from the files in everything, and no file is parsed for it."""
    expected = _said(_of_files())
    assert _said(read_anew()) == expected
    places = _copies(tmp_path)
    assert all(path.is_file() for path in places.values())
    if os.name != "nt":
        assert {path.stat().st_mode & 0o777 for path in places.values()} == {0o600}
        assert (tmp_path / "home" / "rules").stat().st_mode & 0o777 == 0o700
    for module in (law, vocabulary, calendar):
        monkeypatch.delattr(module, "_read")
    monkeypatch.delattr(compiling, "parsed")
    assert _said(read_anew()) == expected


def test_no_other_copy_is_believed(read_anew: Callable[[], RuleSet], tmp_path: Path) -> None:
    """A copy that is torn, altered, of other files or of somebody else, or that anybody may write, is made anew."""
    expected = _said(read_anew())
    whole = {name: path.read_bytes() for name, path in _copies(tmp_path).items()}

    def torn(path: Path) -> None:
        path.write_bytes(path.read_bytes()[:-40])

    def altered(path: Path) -> None:
        path.write_bytes(path.read_bytes().replace(b"1", b"2", 400))

    def of_other_files(path: Path) -> None:
        path.write_bytes(b"0" * 64 + path.read_bytes()[64:])

    def empty(path: Path) -> None:
        path.write_bytes(b"")

    def no_json(path: Path) -> None:
        key, _, _ = path.read_bytes().split(b"\n", 2)
        content = b"[" * 100_000
        path.write_bytes(key + b"\n" + hashlib.sha256(content).hexdigest().encode() + b"\n" + content)

    def open_to_all(path: Path) -> None:
        altered(path)
        path.chmod(0o666)

    for spoil in (torn, altered, of_other_files, empty, no_json, open_to_all):
        for name, path in some(_copies(tmp_path).items()):
            spoil(path)
            assert _said(read_anew()) == expected, (name, spoil.__name__)
            assert path.read_bytes() == whole[name], (name, spoil.__name__)
            if os.name != "nt":
                assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such modes, and links only for administrators")
def test_a_copy_in_other_hands_is_not_read(read_anew: Callable[[], RuleSet], tmp_path: Path) -> None:
    """A copy that others may read or write, or that is a link to another place, is not read, however well made."""
    expected = _said(read_anew())
    for name, path in _copies(tmp_path).items():
        for hand in ("open", "link"):
            whole = path.read_bytes()
            _changed(path, lambda plain: _with_first(_with_first(plain, 12, 13), "overdue", "inform"))
            if hand == "open":
                path.chmod(0o660)
            else:
                path.rename(tmp_path / "elsewhere.json")
                path.symlink_to(tmp_path / "elsewhere.json")
            assert _said(read_anew()) == expected, (name, hand)
            assert not path.is_symlink(), (name, hand)
            assert path.read_bytes() == whole, (name, hand)


def test_a_forged_copy_does_no_more_than_rule_files_could(read_anew: Callable[[], RuleSet], tmp_path: Path) -> None:
    """Of a copy with the right key and hash, nothing is taken that a rule file could not say: kinds, words, names."""
    expected = _said(read_anew())
    words = vocabulary.load()
    sensitive = min(words.sensitive)
    forgeries: dict[str, tuple[str, Callable[[Any], Any]]] = {
        "another kind of value": ("law", lambda plain: _with_first(plain, "working_day", 7)),
        "a number that counts nothing": ("law", lambda plain: [plain[0], dict.fromkeys(plain[1], 10**6)]),
        "a file elsewhere": ("facts", lambda plain: _with_first(plain, "facts.yaml", "../../facts.yaml")),
        "a file of the machine": ("facts", lambda plain: _with_first(plain, "facts.yaml", "/etc/passwd")),
        "a kind that there is not": ("facts", lambda plain: _with_first(plain, "given", "os.system")),
        "a class that there is not": ("rules", lambda plain: _with_first(plain, "Compare", "Popen")),
        "a fact that there is not": ("rules", lambda plain: _with_first(plain, "stage", "__class__")),
        "a severity that there is not": ("rules", lambda plain: _with_first(plain, "overdue", "ok")),
        "a holder that there is not": ("rules", lambda plain: _with_first(plain, "cell", "nobody")),
        "a sentence that gives away": ("rules", lambda plain: _saying(plain, f"{{{sensitive}}}")),
        "a sentence that reaches inside": ("rules", lambda plain: _saying(plain, "{stage.__class__}")),
        "a part too many": ("calendar", lambda plain: [*plain, 1]),
        "nothing at all": ("calendar", lambda _: None),
        "another shape": ("rules", lambda plain: {"rules": plain}),
    }
    for what, (name, change) in forgeries.items():
        path = _copies(tmp_path)[name]
        whole = path.read_bytes()
        _changed(path, change)
        assert path.read_bytes() != whole, what
        assert _said(read_anew()) == expected, what
        assert path.read_bytes() == whole, what


def _saying(plain: Any, words: str) -> Any:
    """The kept rules with other words in every sentence."""
    *others, rules = plain
    place = [part.name for part in ruleset.Rule.__dataclass_fields__.values()].index("say")
    return [*others, {name: [*rule[:place], words, *rule[place + 1 :]] for name, rule in rules.items()}]


@pytest.mark.usefixtures("read_anew")
def test_a_copy_is_of_these_rule_files_and_this_loader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another word in any rule file, or in a module that reads them, makes another key: no older copy is read then."""
    place = tmp_path / "rules"
    for folder in ("", "law", "law/parameters", "loader"):
        (place / folder).mkdir(exist_ok=True)
    files = [place / name for name in ("probation.yaml", "law/documents.yaml", "law/parameters/terms.yaml")]
    files += [place / "loader" / "law.py", tmp_path / "parsing.py"]
    monkeypatch.setattr(copies, "RULES", place)
    monkeypatch.setattr(copies, "_LOADER", place / "loader")
    keys = set[str]()
    for number, changed in enumerate((None, *files)):
        for file in files:
            file.write_text(f"{number if file == changed else 0}\n", encoding="utf-8")
        copies._base.cache_clear()
        copies.key_of.cache_clear()
        keys.add(copies.key_of((tmp_path / "parsing.py",)))
    assert len(keys) == 1 + len(files)


def test_where_nothing_can_be_kept_the_files_are_read(read_anew: Callable[[], RuleSet], tmp_path: Path) -> None:
    """A home that takes no files is no failure: the rules are read as ever, and nothing is left half written."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "rules").write_text("a file stands here\n", encoding="utf-8")
    assert _said(read_anew()) == _said(_of_files())
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["rules"]


def test_the_users_folder_is_made_for_her_alone(read_anew: Callable[[], RuleSet], tmp_path: Path) -> None:
    """A command that only reads makes no folder that others may look into."""
    read_anew()
    assert [path.stat().st_mode & 0o077 for path in (tmp_path / "home", tmp_path / "home" / "rules")] == [0, 0]


def test_without_a_home_the_files_are_read(
    read_anew: Callable[[], RuleSet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody can tell where the user's folder is, nothing is kept, and all is read as ever."""

    def nobody(_: int) -> object:
        raise KeyError

    monkeypatch.setattr("pwd.getpwuid", nobody)
    for name in ("HOME", "DUBI_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert _said(read_anew()) == _said(_of_files())
    with pytest.raises(StoreProblem, match="DUBI_HOME"):
        home()
    assert not (tmp_path / "home").exists()


def test_what_is_broken_off_leaves_nothing(
    read_anew: Callable[[], RuleSet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that is ended while it keeps something leaves no half of it behind."""

    def ended(*_: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", ended)
    with pytest.raises(KeyboardInterrupt):
        read_anew()
    assert list((tmp_path / "home" / "rules").iterdir()) == []
