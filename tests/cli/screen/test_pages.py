"""Help pages and wrong usage: everything that the command line library would say in English is said in Vietnamese."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer._click.core import Command

from cli.families import FAMILIES, called_by, whole
from cli.screen.vietnamese import VietnameseGroup
from tests.cli.conftest import Dubi

ROOT = typer.main.get_command(whole())


def commands(command: Command = ROOT, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Command]]:
    """Every command with the words that call it, groups included."""
    yield path, command
    if isinstance(command, VietnameseGroup):
        for name, below in command.commands.items():
            yield from commands(below, (*path, name))


COMMANDS = list(commands())
LEAVES = [path for path, command in COMMANDS if not isinstance(command, VietnameseGroup)]


def test_each_family_is_called_by_its_own_words() -> None:
    """A command line finds its family without the others; no word calls two, and what is no command finds all."""
    every = [name for names in FAMILIES.values() for name in names]
    assert len(set(every)) == len(every)
    for names in FAMILIES.values():
        for name in names:
            alone = typer.main.get_command(called_by([name, "--help"]))
            assert isinstance(alone, VietnameseGroup)
            found = [word for one in alone.commands.values() for word in (one.name, getattr(one, "alias", None))]
            assert sorted(map(str, found)) == sorted(names)
    assert called_by(["kiem-trra"]) is called_by([]) is called_by(["--help"]) is whole()


def words(text: str) -> set[str]:
    """The words of two letters and more that carry no diacritics."""
    return {word.lower() for word in re.findall(r"[^\W\d_]{2,}", text) if word.isascii()}


def own_words() -> set[str]:
    """Words that are ours although the library knows them too: names of commands, options and codes."""
    named = {part for path, _ in COMMANDS for part in path}
    named |= {str(getattr(command, "alias", "")) for _, command in COMMANDS}
    options = {option for _, command in COMMANDS for param in command.params for option in param.opts}
    codes = {"overdue", "blocked", "due", "confirm", "inform"}
    file_names = {"dubi", "help", "xlsx", "sqlite", "postgresql", "json", "csv", "excel"}
    shells = {"bash", "zsh", "fish", "powershell", "eval", "tab"}
    conditions = {"is", "and"}  # the language of the rules, which --where takes
    return set().union(*(words(name) for name in (*named, *options, *codes, *file_names, *shells, *conditions)))


def library_words() -> set[str]:
    """Every word of every text in the library's source."""
    found: set[str] = set()
    for source in Path(typer.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= words(node.value)
    return found


VIETNAMESE_TOO = {
    "co",
    "do",
    "in",
    "kho",
    "khi",
    "theo",
    "trong",
    "to",
    "so",
    "can",
    "am",
    "an",
    "no",
    "hay",
    "me",
    "la",
}
"""Words without diacritics that both languages have."""
ENGLISH = library_words() - own_words() - VIETNAMESE_TOO


def test_the_library_has_words_to_look_for() -> None:
    """The list that the other tests look through holds what the library says when it is left alone."""
    assert {"usage", "options", "missing", "such", "invalid", "message", "try", "error", "required"} <= ENGLISH


@pytest.mark.parametrize("path", [path for path, _ in COMMANDS], ids=" ".join)
def test_help_page_is_vietnamese(dubi: Dubi, path: tuple[str, ...]) -> None:
    """`--help` of every command, by its English name, holds no word of the library's."""
    ran = dubi(*path, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Cách dùng: dubi")
    assert "Hiện hướng dẫn này." in ran.out
    assert words(ran.out) & ENGLISH == set()


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_has_a_vietnamese_name(dubi: Dubi, path: tuple[str, ...]) -> None:
    """The Vietnamese name stands beside the English one, is plain ASCII, and gives the same page."""
    command = dict(COMMANDS)[path]
    alias = getattr(command, "alias", None)
    assert alias
    assert alias.isascii()
    assert f"{path[-1]}, {alias}" in dubi(*path[:-1], "--help").out
    page, same = dubi(*path, "--help").out, dubi(*path[:-1], alias, "--help").out
    assert same.replace(f"dubi {' '.join((*path[:-1], alias))}", f"dubi {' '.join(path)}") == page


@pytest.mark.parametrize("command", [command for _, command in COMMANDS], ids=[" ".join(path) for path, _ in COMMANDS])
def test_everything_has_a_help_text(command: Command) -> None:
    """Every command, argument and option says in a sentence what it is for."""
    assert (command.help or "").endswith(".")
    for param in command.params:
        assert str(getattr(param, "help", "")).endswith("."), param.name


def test_the_names_of_the_contract_exist() -> None:
    """The commands that scripts rely on are there under their English and Vietnamese names."""
    aliases = {path[0]: getattr(command, "alias", None) for path, command in COMMANDS if len(path) == 1}
    fixed = {
        "init": "khoi-tao",
        "import": "nhap",
        "export": "xuat",
        "check": "kiem-tra",
        "explain": "giai-thich",
        "due": "den-han",
        "stats": "thong-ke",
        "units": "don-vi",
        "template": "bieu-mau",
    }
    assert {name: aliases.get(name) for name in fixed} == fixed


WRONG = {
    "no such command": (["chek"], "Không có lệnh “chek”. Có phải “check”?"),
    "no such Vietnamese command": (["kiemtra"], "Không có lệnh “kiemtra”. Có phải “kiem-tra”?"),
    "nothing like it": (["qwertz"], "Không có lệnh “qwertz”."),
    "no command": (["--"], "Thiếu tên lệnh."),
    "no such option": (["check", "--asof", "1/1/2024"], "Không có tuỳ chọn “--asof”. Có phải “--as-of”?"),
    "no such option of dubi": (["--quiet"], "Không có tuỳ chọn “--quiet”."),
    "no such short option": (["check", "-q"], "Không có tuỳ chọn “-q”."),
    "argument missing": (["explain"], "Thiếu tham số MÃ-HỒ-SƠ."),
    "option missing": (["stats", "--to", "1/1/2024"], "Thiếu tuỳ chọn --from."),
    "value missing": (["check", "--unit"], "Tuỳ chọn “--unit” cần một giá trị đi sau."),
    "value not wanted": (["check", "--json=yes"], "Tuỳ chọn “--json” không nhận giá trị."),
    "too many arguments": (["export", "a.xlsx", "b.xlsx", "c.xlsx"], "Thừa tham số: b.xlsx c.xlsx."),
    "not a number": (["due", "--within", "nhiều"], "--within: “nhiều” không phải là số nguyên."),
    "number out of bounds": (["due", "--within", "-3"], "--within: “-3” phải nằm trong khoảng 1–3660."),
    "not a choice": (["check", "--fail-on", "overdu"], "--fail-on: không có “overdu”. Có phải “overdue”?"),
    "two forms at once": (["check", "--json", "--csv"], "Chỉ chọn một trong hai: --json hoặc --csv."),
}


@pytest.mark.parametrize(("arguments", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_wrong_usage(dubi: Dubi, arguments: list[str], sentence: str) -> None:
    """Wrong usage ends with 2, an empty stdout, what was wrong, and where to read more, in Vietnamese throughout."""
    ran = dubi(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"Lỗi: {sentence}")
    assert "\nCách dùng: dubi" in ran.err or "hoặc --csv" in ran.err
    typed = words(" ".join(arguments))
    assert words(ran.err) & (ENGLISH - typed) == set()


def test_dubi_alone_shows_its_help(dubi: Dubi) -> None:
    """Somebody who types only the name sees the commands, as wrong usage."""
    alone, page = dubi(), dubi("--help")
    assert (alone.code, alone.out, alone.err) == (2, "", page.out)


def test_version(dubi: Dubi) -> None:
    """`--version` names the program and its version."""
    ran = dubi("--version")
    assert ran.code == 0
    assert re.fullmatch(r"dubi \d+\.\d+\.\d+\n", ran.out)


def test_required_options_stand_in_the_usage_line(dubi: Dubi) -> None:
    """What cannot be left out is seen in the first line."""
    assert dubi("stats", "--help").out.startswith("Cách dùng: dubi stats --from NGÀY --to NGÀY [TỆP] [tuỳ chọn]\n")
