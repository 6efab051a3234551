"""The command `dubi`: a command line is run, and the one door through which every failure leaves."""

from __future__ import annotations

import os
import signal
import sys
from typing import TextIO

import typer
from typer._click.exceptions import ClickException

from cli import completing, families, leave
from cli.screen.effects import ask, on_a_terminal
from cli.screen.language import speak
from cli.screen.output import force_utf8, note, on_screen
from cli.screen.vietnamese import usage_message
from rules.loader.errors import ClockDoubted, DubiError, reason

INTERRUPTED, NOBODY_READS = 130, 141
"""What a shell reports for a program ended by Ctrl+C, and for one whose output nobody reads any more."""


def run() -> None:
    """Run one command line and end the process with its exit code."""
    force_utf8()
    end_when_told()
    if signal.getsignal(signal.SIGINT) is leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        if completing.completed(families.whole):
            sys.exit(0)
        code = outcome(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has gone (`dubi check | head`): end quietly, also when Python flushes at exit.
        _say_nothing_more(sys.stdout)
        code = NOBODY_READS
    except OSError as error:  # what was to be said found no room
        _say_nothing_more(sys.stdout)
        code = 4
        try:
            note(f"Lỗi: không in ra được: {reason(error)}")
            sys.stderr.flush()
        except OSError:
            _say_nothing_more(sys.stderr)
    sys.exit(code)


def _say_nothing_more(stream: TextIO) -> None:
    """Have what is still waiting to be written go nowhere, so that Python's own end does not fail on it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def end_when_told() -> None:
    """Have SIGTERM end the program as an exit does, so that drafts of files are cleared away."""

    def end(number: int, _: object) -> None:
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, end)


def outcome(arguments: list[str]) -> int:
    """The exit code of a command line; whatever goes wrong is said on stderr in a sentence."""
    speak(None)
    try:
        _invoke(arguments)
    except typer.Exit as end:
        return end.exit_code
    except ClickException as error:
        note(_without_numbers(usage_message(error)))
        return 2
    except DubiError as error:
        note(_without_numbers(f"Lỗi: {error}"))
        return error.exit_code
    except BrokenPipeError:
        raise
    except (KeyboardInterrupt, typer.Abort):
        note("Đã dừng theo yêu cầu.")
        return INTERRUPTED
    except OSError as error:
        note(f"Lỗi: {reason(error)}")
        return 4
    except MemoryError:
        note("Lỗi: máy không đủ bộ nhớ cho việc này. Đóng bớt chương trình khác, hoặc chia nhỏ tệp, rồi thử lại.")
        return 4
    except BaseException as error:  # the last door: no traceback reaches a user
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":  # a library in Rust gave up
            raise
        if os.environ.get("DUBI_DEBUG") == "1":
            raise
        note(
            f"Lỗi của chương trình, không phải của số liệu ({type(error).__name__}). Chưa làm xong việc này.\n"
            "Chạy lại với biến môi trường DUBI_DEBUG=1 để có chi tiết gửi người phát triển."
        )
        return 4
    return 0


def _invoke(arguments: list[str]) -> None:
    """Run a command; where it doubts the clock, whoever sits there is asked, and it is run once more."""
    command = families.command_for(arguments)
    try:
        with command.make_context("dubi", arguments) as context:
            command.invoke(context)
    except ClockDoubted as error:
        if not on_a_terminal():
            raise
        note(_without_numbers(str(error)))
        if ask(f"Hôm nay đúng là ngày {on_screen(error.day)}? (c = đúng, Enter = không)").casefold() not in (
            "c",
            "có",
            "co",
        ):
            raise typer.Abort from None
        os.environ["DUBI_CLOCK"] = error.day.isoformat()
        with command.make_context("dubi", arguments) as context:
            command.invoke(context)


def _without_numbers(text: str) -> str:
    """What is said of a failure, whoever says it, repeats no personal number."""
    from desk.words.masking import without_numbers

    return without_numbers(text)
