"""Completion in a shell: the script that asks for it, and the answers it gets, commands in both languages."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cli.screen.output import say
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    from collections.abc import Callable

VARIABLE, NAME = "_DUBI_COMPLETE", "dubi"
Shell = Literal["bash", "zsh", "fish", "powershell"]

app = typer.Typer()


@app.command(
    "completion",
    cls=command("goi-y"),
    help='In đoạn lệnh để bấm Tab thì gợi ý tên lệnh, tuỳ chọn. Ví dụ: eval "$(dubi completion bash)".',
)
def completion(shell: Annotated[Shell, typer.Argument(metavar="VỎ", help="bash, zsh, fish hoặc powershell.")]) -> None:
    """Print the script of a shell."""
    from typer._completion_shared import get_completion_script

    say(get_completion_script(prog_name=NAME, complete_var=VARIABLE, shell=shell))


def completed(whole: Callable[[], typer.Typer]) -> bool:
    """Answer a shell that asks what could come next; False where none does."""
    asked = os.environ.get(VARIABLE)
    if not asked:
        return False
    from typer._completion_classes import completion_init
    from typer.completion import shell_complete

    completion_init()
    shell_complete(typer.main.get_command(whole()), {}, NAME, VARIABLE, asked)
    return True
