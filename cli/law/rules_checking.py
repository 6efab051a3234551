"""`dubi rules lint` and `dubi rules test`: the rule files looked through, proven, and run against their examples."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.screen import arguments
from cli.screen.output import note, print_json, say, strong
from cli.screen.vietnamese import command

if TYPE_CHECKING:
    from engine.proving.lint_report import LintReport
    from engine.proving.proof import CounterExample, Proof

app = typer.Typer()

ROOT = Path(__file__).parents[2]


@app.command("lint", cls=command("ra-soat"), help="Rà soát các tệp quy tắc và chứng minh không ai quá hạn bị bỏ sót.")
def lint(
    proof: Annotated[
        bool, typer.Option("--proof", help="Liệt kê từng điều đã chứng minh; báo lỗi nếu chưa cài z3-solver.")
    ] = False,
    as_json: arguments.Json = False,
) -> None:
    """Look through the rule files; exit 1 where something is to be put right."""
    from engine.proving.lint_report import lint_report

    report = lint_report(solver_needed=proof)
    if as_json:
        print_json(_json(report))
    else:
        _print(report, each=proof)
    if not report.clean:
        raise typer.Exit(1)


def _shown(file: str) -> str:
    """A rule file as it is called in the folder of the program."""
    return str(Path(file).relative_to(ROOT)) if Path(file).is_relative_to(ROOT) else file


def _json(report: LintReport) -> dict[str, Any]:
    return {
        "rules": report.rules,
        "overlays": report.overlays,
        "examples": report.examples,
        "parameters": report.parameters,
        "documents": report.documents,
        "problems": [
            {"file": _shown(p.file), "line": p.line, "problem": p.problem, "hint": p.hint} for p in report.problems
        ],
        "proofs": None if report.proofs is None else [_proof_json(proof) for proof in report.proofs],
    }


def _proof_json(proof: Proof) -> dict[str, Any]:
    return {
        "document": proof.document and proof.document.id,
        "overlay": proof.overlay,
        "proven": list(proof.proven),
        "refuted": [
            {"claim": example.claim, "label": example.label, "record": dict(example.recorded)}
            for example in proof.refuted
        ],
        "open": list(proof.open),
    }


def _print(report: LintReport, *, each: bool) -> None:
    say(
        f"Đã rà soát {report.rules} quy tắc, {report.examples} ví dụ, {report.parameters} giá trị của luật, "
        f"{report.documents} văn bản."
    )
    for name, rules in report.overlays.items():
        say(f"Có quy định riêng {name}: {rules} quy tắc.")
    say(strong(f"\nPhải sửa: {len(report.problems)}"))
    for problem in report.problems:
        say(f"  {_shown(problem.file)}, dòng {problem.line}: {problem.problem} {problem.hint}")
    if report.proofs is None:
        note("Chưa cài z3-solver nên chưa chứng minh được gì. Chạy: make setup")
        return
    _print_proofs(report.proofs, each=each)


def _print_proofs(proofs: tuple[Proof, ...], *, each: bool) -> None:
    from cli.screen.table import Column, table

    say(strong("\nChứng minh cho mọi hồ sơ có thể ghi"))
    columns = (
        Column("Luật"),
        Column("Đã chứng minh", right=True),
        Column("Có phản ví dụ", right=True),
        Column("Chưa kết luận", right=True),
    )
    rows = [(_law(proof), str(len(proof.proven)), str(len(proof.refuted)), str(len(proof.open))) for proof in proofs]
    for line in table(columns, rows, indent="  "):
        say(line)
    for proof in proofs:
        for example in proof.refuted:
            _print_counter_example(example, _law(proof))
        for label in proof.open:
            say(f"  Chưa kết luận được ({_law(proof)}): {label}")
    if each:
        for label in dict.fromkeys(label for proof in proofs for label in proof.proven):
            say(f"  • {label}")


def _law(proof: Proof) -> str:
    if proof.document:
        return proof.document.number
    return "luật theo ngày của từng bước" + (f", có {proof.overlay}" if proof.overlay else "")


def _print_counter_example(example: CounterExample, law: str) -> None:
    from engine.proving.proof import in_words
    from engine.ruleset import load_ruleset

    say(f"  Phản ví dụ ({law}): {example.label}")
    for line in in_words(load_ruleset(), example.recorded):
        say(f"      {line}")


@app.command("test", cls=command("chay-vi-du"), help="Chạy các ví dụ của quy tắc.")
def run_examples_of_rules(as_json: arguments.Json = False) -> None:
    """Run the examples; exit 1 where one does not come out as written."""
    from engine.proving.examples import run_examples
    from rules.loader import examples as examplebook

    examples, failures = examplebook.load(), run_examples()
    if as_json:
        members = [
            {
                "file": _shown(str(failure.example.file)),
                "line": failure.example.line,
                "example": failure.example.title,
                "problem": failure.problem,
            }
            for failure in failures
        ]
        print_json({"examples": len(examples), "failures": members})
    else:
        say(strong(f"Đã chạy {len(examples)} ví dụ, {len(failures)} không như đã ghi."))
        for failure in failures:
            say(f"  {_shown(str(failure.example.file))}, dòng {failure.example.line}: {failure.example.title}")
            say(f"      {failure.problem}")
    if failures:
        raise typer.Exit(1)
