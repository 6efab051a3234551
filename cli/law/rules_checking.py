"""`dubi rules lint` and `dubi rules test`: the rule files looked through, proven, and run against their examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.screen import arguments
from cli.screen.output import note, print_json, say, strong
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    from desk.values import CounterExample, LintReport, Proof

app = typer.Typer()


@app.command("lint", cls=command("ra-soat"), help="Rà soát các tệp quy tắc và chứng minh không ai quá hạn bị bỏ sót.")
def lint(
    proof: Annotated[
        bool, typer.Option("--proof", help="Liệt kê từng điều đã chứng minh; báo lỗi nếu chưa cài z3-solver.")
    ] = False,
    as_json: arguments.Json = False,
) -> None:
    """Look through the rule files; exit 1 where something is to be put right."""
    from desk.law import proving

    found = proving.lint(solver_needed=proof)
    if as_json:
        print_json(found.as_json())
    else:
        _print(found.report, each=proof)
    if not found.report.clean:
        raise typer.Exit(1)


def _print(report: LintReport, *, each: bool) -> None:
    from desk.law.proving import shown_file

    say(
        f"Đã rà soát {report.rules} quy tắc, {report.examples} ví dụ, {report.parameters} giá trị của luật, "
        f"{report.documents} văn bản."
    )
    for name, rules in report.overlays.items():
        say(f"Có quy định riêng {name}: {rules} quy tắc.")
    say(strong(f"\nPhải sửa: {len(report.problems)}"))
    for problem in report.problems:
        say(f"  {shown_file(problem.file)}, dòng {problem.line}: {problem.problem} {problem.hint}")
    if report.proofs is None:
        note("Chưa cài z3-solver nên chưa chứng minh được gì. Chạy: make setup")
        return
    _print_proofs(report.proofs, each=each)


def _print_proofs(proofs: tuple[Proof, ...], *, each: bool) -> None:
    from cli.screen.table import ScreenColumn, table
    from desk.law.proving import law_of

    say(strong("\nChứng minh cho mọi hồ sơ có thể ghi"))
    columns = (
        ScreenColumn("Luật"),
        ScreenColumn("Đã chứng minh", right=True),
        ScreenColumn("Có phản ví dụ", right=True),
        ScreenColumn("Chưa kết luận", right=True),
    )
    rows = [(law_of(proof), str(len(proof.proven)), str(len(proof.refuted)), str(len(proof.open))) for proof in proofs]
    for line in table(columns, rows, indent="  "):
        say(line)
    for proof in proofs:
        for example in proof.refuted:
            _print_counter_example(example, law_of(proof))
        for label in proof.open:
            say(f"  Chưa kết luận được ({law_of(proof)}): {label}")
    if each:
        for label in dict.fromkeys(label for proof in proofs for label in proof.proven):
            say(f"  • {label}")


def _print_counter_example(example: CounterExample, law: str) -> None:
    from desk.law.proving import record_in_words

    say(f"  Phản ví dụ ({law}): {example.label}")
    for line in record_in_words(example):
        say(f"      {line}")


@app.command("test", cls=command("chay-vi-du"), help="Chạy các ví dụ của quy tắc.")
def run_examples_of_rules(as_json: arguments.Json = False) -> None:
    """Run the examples; exit 1 where one does not come out as written."""
    from desk.law.proving import examples_run, shown_file

    run = examples_run()
    if as_json:
        print_json(run.as_json())
    else:
        say(strong(f"Đã chạy {run.examples} ví dụ, {len(run.failures)} không như đã ghi."))
        for failure in run.failures:
            say(f"  {shown_file(str(failure.file))}, dòng {failure.line}: {failure.title}")
            say(f"      {failure.problem}")
    if run.failures:
        raise typer.Exit(1)
