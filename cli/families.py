"""The families of commands and the words that call them: a command line loads its own family and waits for no other."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen.output import say
from cli.screen.vietnamese import VietnameseGroup, both_names, command

if TYPE_CHECKING:
    from typer._click.core import Command

FAMILIES: dict[str, tuple[str, ...]] = {
    "cli.keeping.storing": ("init", "khoi-tao", "export", "xuat", "template", "bieu-mau"),
    "cli.keeping.importing": ("import", "nhap"),
    "cli.keeping.filling": ("fill", "dien-bieu"),
    "cli.recording.recording": ("add", "them", "record", "ghi", "correct", "sua", "steps", "cac-buoc"),
    "cli.recording.dossiers": ("case", "ho-so"),
    "cli.recording.moving": ("move", "chuyen", "leave", "ra-khoi-dang"),
    "cli.recording.handing": ("submit", "nop-len", "return", "tra-lai"),
    "cli.recording.courses": ("enrol", "ghi-danh", "course", "lop"),
    "cli.recording.organising": ("target", "chi-tieu", "unit", "to-chuc"),
    "cli.asking.finding": ("find", "tim", "show", "xem"),
    "cli.keeping.history": ("undo", "hoan-tac", "redo", "lam-lai", "log", "nhat-ky"),
    "cli.keeping.safety": ("backup", "sao-luu", "restore", "phuc-hoi", "doctor", "kham"),
    "cli.keeping.encrypting": ("store", "kho"),
    "cli.reporting.reminding": ("list", "viec-trong-thang", "remind", "nhac-viec"),
    "cli.asking.checking": ("check", "kiem-tra"),
    "cli.asking.explaining": ("explain", "giai-thich"),
    "cli.asking.coming": ("due", "den-han"),
    "cli.asking.news": ("news", "dieu-moi"),
    "cli.asking.planning": ("plan", "ke-hoach", "what-if", "gia-su"),
    "cli.reporting.counting": ("stats", "thong-ke"),
    "cli.asking.timings": ("timings", "thoi-gian"),
    "cli.asking.ahead": ("ahead", "sap-toi"),
    "cli.reporting.typed_figures": ("figure", "so-nhap-tay"),
    "cli.reporting.reports": ("report", "bao-cao"),
    "cli.reporting.reconciling": ("reconcile", "doi-chieu"),
    "cli.keeping.merging": ("merge", "gop"),
    "cli.reporting.papers": ("paper", "giay-to"),
    "cli.law.rules": ("rules", "quy-tac"),
    "cli.law.overlays": ("overlay", "quy-dinh-rieng"),
    "cli.keeping.handover": ("handover", "ban-giao"),
    "cli.keeping.personal": ("person", "ca-nhan"),
    "cli.keeping.privacy": ("privacy", "du-lieu-ca-nhan"),
    "cli.asking.units": ("units", "don-vi"),
    "cli.asking.sweeping": ("sweep", "xet-loat"),
    "cli.accounts.users": ("user", "tai-khoan"),
    "cli.accounts.signing": ("sign-in", "dang-nhap", "sign-out", "dang-xuat"),
    "cli.serving": ("web", "mo-ban-lam-viec"),
    "cli.completing": ("completion", "goi-y"),
}
"""Each family's module, in the order of the help page, with the names of its commands in both languages."""


_Summaries = tuple[tuple[str, str, str], ...]


class _Dubi(VietnameseGroup):
    """The program itself, with all its families or with one."""

    def in_both_languages(self) -> dict[str, str]:
        """Every command there is, loaded or not."""
        return both_names(typer.main.get_command(whole()))


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        say(f"dubi {version('dubi')}")
        raise typer.Exit


@cache
def whole() -> typer.Typer:
    """The program with every command."""
    return _with(tuple(FAMILIES))


def called_by(arguments: list[str]) -> typer.Typer:
    """As much of the program as a command line needs: the family of its first word, or all where that is no command."""
    word = arguments[0] if arguments else ""
    family = next((module for module, names in FAMILIES.items() if word in names), None)
    return whole() if family is None else _with((family,))


def command_for(arguments: list[str]) -> Command:
    """The program as far as a command line needs it; for its help page alone no family is loaded."""
    if arguments in ([], ["--help"], ["-h"]):
        return help_page()
    return typer.main.get_command(called_by(arguments))


def help_page() -> Command:
    """The program with the names of its commands and what each is for, and nothing behind them."""
    from desk.words.kept import kept

    page = typer.main.get_command(_with(()))
    assert isinstance(page, VietnameseGroup)
    for name, alias, said in kept("help", _Summaries, _summaries, made_by=(Path(__file__).parent,)):
        page.add_command(command(alias)(name=name, help=said))
    return page


def _summaries() -> _Summaries:
    """Each command's name, its Vietnamese name and what it is for."""
    every = typer.main.get_command(whole())
    assert isinstance(every, VietnameseGroup)
    return tuple((one.name or "", getattr(one, "alias", None) or "", one.help or "") for one in every.commands.values())


@cache
def _with(families: tuple[str, ...]) -> typer.Typer:
    app = typer.Typer(
        name="dubi",
        cls=_Dubi,
        help="Ai quá hạn trên đường vào Đảng, vì sao, theo điều nào, và số liệu báo cáo.",
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for family in families:
        app.add_typer(import_module(family).app)

    @app.callback()
    def main(
        version: Annotated[
            bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Hiện số phiên bản.")
        ] = False,
    ) -> None:
        """What stands before the name of a command."""

    return app
