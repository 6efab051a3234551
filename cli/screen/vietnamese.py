"""The command line library's own words in Vietnamese: help pages, wrong usage and values, all in this one place.

Typer writes English into help pages and errors in many places and reads values through pydantic, which costs more
time than most commands. The classes here write the pages themselves, read the values themselves and say in
Vietnamese what was wrong; nothing of the library's text is left to be seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn, get_args, get_origin

import typer
from typer._click.core import Command
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    ClickException,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)
from typer._click.formatting import HelpFormatter
from typer._coercion import RuntimeParam
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from cli.screen.language import called, meant, speak
from desk.words.spelling import did_you_mean
from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typer._click.core import Context, Parameter
    from typer._click.shell_completion import CompletionItem


def nearest(word: str, known: Iterable[str]) -> str:
    """The question “Có phải …?” where something known is spelt nearly like the word, else nothing."""
    question = did_you_mean(word, known)
    return f" {question}" if question else ""


class _Formatter(HelpFormatter):
    """The library's layout of a help page, with our word for usage."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "Cách dùng: ")


class _Context(typer.Context):
    """The library's context; the two sentences it makes by itself are said in Vietnamese."""

    formatter_class = _Formatter

    def fail(self, message: str) -> NoReturn:
        extra = message.partition("(s) (")[2].removesuffix(")")
        raise UsageError(f"Thừa tham số: {extra}." if extra else "Thiếu tên lệnh.", self)


@dataclass(frozen=True)
class _Reading(RuntimeParam):
    """Reads the text of an argument or option as the type it was declared with."""

    def _coerce_value(self, value: Any, param: Any, ctx: Context) -> Any:
        try:
            if isinstance(value, list | tuple):
                return [self._one(member) for member in value]
            return self._one(value)
        except ValueError as error:
            raise BadParameter(str(error), ctx=ctx, param=param) from error
        except BadInput as error:
            raise BadInput(f"{name_of(param)}: {error}") from error

    def _one(self, value: Any) -> Any:
        annotation: Any = self.annotation
        if get_origin(annotation) is list:
            annotation = get_args(annotation)[0]
        if not isinstance(value, str):
            return value
        if self.parameter_info.parser is not None:
            return self.parameter_info.parser(value)
        if get_origin(annotation) is Literal:
            return _choice(value, get_args(annotation))
        if annotation is int:
            return self._number(value)
        return Path(value) if annotation is Path else value

    def _number(self, value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            raise ValueError(f"“{value}” không phải là số nguyên.") from None
        least, most = self.parameter_info.min, self.parameter_info.max
        if (least is not None and number < least) or (most is not None and number > most):
            raise ValueError(f"“{value}” phải nằm trong khoảng {least}–{most}.")
        return number


def _choice(value: str, choices: tuple[str, ...]) -> str:
    found = meant(value, choices)
    if found is None:
        offered = called(choices)
        raise ValueError(f"không có “{value}”.{nearest(value, offered)} Chọn một trong: {', '.join(offered)}.")
    return found


def _read_here(param: Parameter) -> None:
    """Have our reading of a value in the place of the library's."""
    if isinstance(param, TyperArgument | TyperOption):
        descriptor = param.type_descriptor
        # The library builds its own only where none is set; there is no public door.
        param._runtime_param = _Reading(descriptor.parameter_info, descriptor.annotation)  # noqa: SLF001  # it has no other way in


def name_of(param: Parameter) -> str:
    """A parameter as the user sees it: the word for an argument, the longest spelling of an option."""
    if isinstance(param, TyperOption):
        return max(param.opts, key=len)
    return param.metavar or param.name.upper()


def _option_row(option: TyperOption) -> tuple[str, str]:
    spelling = ", ".join(sorted(option.opts, key=len))
    if not option.is_flag:
        spelling += f" {option.metavar or option.name.upper()}"
    notes = ["bắt buộc"] if option.required else []
    if option.show_default and option.default is not None and not option.is_flag:
        notes.append(f"mặc định: {option.default}")
    if option.multiple:
        notes.append("dùng được nhiều lần")
    return spelling, " ".join([option.help or "", *([f"[{'; '.join(notes)}]"] if notes else [])])


class _Page(Command):
    """What commands and groups have in common: their help page, and how their values are read."""

    context_class = _Context
    alias: str | None = None
    """The Vietnamese name without diacritics."""

    def __init__(self, *args: Any, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        for param in self.params:
            _read_here(param)

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Hiện hướng dẫn này."
            _read_here(option)
        return option

    def collect_usage_pieces(self, ctx: Context) -> list[str]:  # noqa: ARG002  # as the library calls it
        options = [param for param in self.params if isinstance(param, TyperOption)]
        arguments = [param for param in self.params if isinstance(param, TyperArgument)]
        return [
            *(f"{name_of(option)} {option.metavar}" for option in options if option.required),
            *(name_of(argument) if argument.required else f"[{name_of(argument)}]" for argument in arguments),
            "[tuỳ chọn]",
        ]

    def format_help_text(self, ctx: Context, formatter: HelpFormatter) -> None:  # noqa: ARG002  # as the library calls it
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(self.help or "")
            if self.alias:
                formatter.write_text(f"Tên khác: {self.alias}")

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        params = self.get_params(ctx)
        arguments = [(name_of(p), p.help or "") for p in params if isinstance(p, TyperArgument) and not p.hidden]
        options = [_option_row(p) for p in params if isinstance(p, TyperOption) and not p.hidden]
        for heading, rows in (("Tham số", arguments), ("Tuỳ chọn", options)):
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)


class VietnameseCommand(_Page, TyperCommand):
    """A command whose help page and errors are Vietnamese throughout."""

    def invoke(self, ctx: Context) -> Any:
        """Run the command, but none that names one file twice: what is read would be written over."""
        named: dict[Path, str] = {}
        for param in self.params:
            value = ctx.params.get(param.name)
            for path in value if isinstance(value, list | tuple) else [value]:
                if isinstance(path, Path) and named.setdefault(path.resolve(), name_of(param)) != name_of(param):
                    both = f"{named[path.resolve()]} và {name_of(param)}"
                    raise BadInput(f"Tệp “{path}” đứng ở cả hai chỗ {both}. Ghi hai tệp khác nhau.")
        return super().invoke(ctx)


class VietnameseGroup(_Page, TyperGroup):
    """A group of commands, each found by its English name or its Vietnamese one."""

    def collect_usage_pieces(self, ctx: Context) -> list[str]:  # noqa: ARG002  # as the library calls it
        return ["LỆNH …"]

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        rows = [(", ".join(_names(command)), command.help or "") for command in self.commands.values()]
        with formatter.section("Lệnh"):
            formatter.write_dl(rows)
        super().format_options(ctx, formatter)

    def in_both_languages(self) -> dict[str, str]:
        """Every command below as it is called in English, and in Vietnamese."""
        return both_names(self)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        found = super().get_command(ctx, cmd_name)
        return found or next((c for c in self.commands.values() if getattr(c, "alias", None) == cmd_name), None)

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        """What could come next: commands by both their names, and what the library offers besides."""
        from typer._click.shell_completion import CompletionItem

        offered = super().shell_complete(ctx, incomplete)
        said = [alias for one in self.commands.values() if (alias := getattr(one, "alias", None))]
        return [*offered, *(CompletionItem(alias) for alias in said if alias.startswith(incomplete))]

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        command = self.get_command(ctx, args[0])
        if command is None:
            known = [name for command in self.commands.values() for name in _names(command)]
            raise UsageError(f"Không có lệnh “{args[0]}”.{nearest(args[0], known)}", ctx)
        if args[0] == getattr(command, "alias", None):
            root = ctx.find_root().command
            speak(root.in_both_languages if isinstance(root, VietnameseGroup) else None)
        return args[0], command, args[1:]


def _names(command: Command) -> list[str]:
    alias = getattr(command, "alias", None)
    return [command.name or "", *([alias] if alias else [])]


def both_names(command: Command) -> dict[str, str]:
    """Every command of a group as it is called in English, and in Vietnamese."""
    found = {}
    for one in getattr(command, "commands", {}).values():
        name, said = one.name or "", getattr(one, "alias", None) or one.name or ""
        found[name] = said
        found |= {f"{name} {under}": f"{said} {other}" for under, other in both_names(one).items()}
    return found


def command(alias: str) -> type[VietnameseCommand]:
    """The class of a command that can also be called by a Vietnamese name without diacritics."""
    return type("AliasedCommand", (VietnameseCommand,), {"alias": alias})


def group(alias: str) -> type[VietnameseGroup]:
    """The class of a group of commands that can also be called by a Vietnamese name without diacritics."""
    return type("AliasedGroup", (VietnameseGroup,), {"alias": alias})


def _sentence(error: ClickException) -> str:
    """What was wrong, in Vietnamese."""
    match error:
        case MissingParameter(param=param) if param is not None:
            kind = "tuỳ chọn" if isinstance(param, TyperOption) else "tham số"
            return f"Thiếu {kind} {name_of(param)}."
        case BadParameter(param=param) if param is not None:
            return f"{name_of(param)}: {error.message}"
        case NoSuchOption():
            known = error.possibilities or []
            return f"Không có tuỳ chọn “{error.option_name}”.{nearest(error.option_name, known)}"
        case BadOptionUsage():
            params = error.ctx.command.params if error.ctx else []
            named = [p for p in params if isinstance(p, TyperOption) and error.option_name in p.opts]
            flag = not named or named[0].is_flag
            return f"Tuỳ chọn “{error.option_name}” {'không nhận giá trị' if flag else 'cần một giá trị đi sau'}."
        case _:
            return error.message


def usage_message(error: ClickException) -> str:
    """The whole text a user sees after wrong usage: what was wrong, how to use it, where to read more."""
    if isinstance(error, NoArgsIsHelpError):
        return error.message
    lines = [f"Lỗi: {_sentence(error)}"]
    context = error.ctx if isinstance(error, UsageError) else None
    if context is not None:
        lines += [context.get_usage(), f"Xem hướng dẫn: {context.command_path} --help"]
    return "\n".join(lines)
