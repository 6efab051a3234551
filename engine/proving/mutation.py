"""Holds every mutant of the rules against the examples of what it touches: who survives has found a hole in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path

from engine.findings import Describer
from engine.language.tree import Expr, Scalar, facts_read, rules_read
from engine.projection import Projector
from engine.proving.examples import ExampleCase, differences, written
from engine.proving.mutants import Mutant, of_facts, of_law, of_rules
from engine.ruleset import PLACEHOLDER, Rule, RuleSet, load_ruleset
from engine.single.closures import Program
from engine.unknowns import Unknown
from rules.loader import examples as examples_loader
from rules.loader import overlays as overlays_loader
from rules.loader.examples import Example
from rules.loader.held.values import of_document, of_parameter, second_documents, second_parameters
from rules.loader.law import Parameter
from rules.loader.rules import HERE
from rules.loader.yaml_nodes import entries

EQUIVALENT = HERE / "equivalent_mutants.yaml"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many mutants there were, who survived, and which of those listed as equivalent did not."""

    made: int
    survivors: tuple[str, ...]
    listed: Mapping[str, str]

    @property
    def holes(self) -> list[str]:
        """The survivors that are not listed."""
        return [name for name in self.survivors if name not in self.listed]

    @property
    def stale(self) -> list[str]:
        """Those listed that are caught, or that there are not."""
        return [name for name in self.listed if name not in self.survivors]


def equivalents(file: Path = EQUIVALENT) -> dict[str, str]:
    """The mutants that change nothing anybody could see, each with its reason; raises `LawFileError`."""
    found: dict[str, str] = {}
    for node in entries(file):
        keys = node.mapping(["because", "mutants"])
        for mutant in keys["mutants"].items():
            found[mutant.text()] = keys["because"].text()
    return found


def _reads(rule: Rule) -> set[str]:
    """The facts that a rule's finding hangs on."""
    own: list[Expr | None] = [rule.when, rule.due, rule.late_on, *(citation.on for citation in rule.cites)]
    own += [condition for _, condition in (*rule.severities, *rule.holders)]
    named = set(PLACEHOLDER.findall(rule.say)) - {"due", "days_late", "lateness"}
    return named.union(*(facts_read(expr) for expr in own if expr is not None))


class Bench:
    """The examples of one rule set, by the rules and facts that they speak about."""

    def __init__(self, ruleset: RuleSet, examples: Iterable[Example]) -> None:
        self.ruleset, self.describer = ruleset, Describer(Program(ruleset))
        self.examples, self.projector = list(examples), Projector(ruleset.vocabulary)
        self._recorded: dict[str, Mapping[str, Scalar] | None] = {}
        self._read = {name: _reads(rule) for name, rule in ruleset.rules.items()}
        self._found = {name: found for name, rule in ruleset.rules.items() if (found := rules_read(rule.when))}
        self._hanging: dict[str, set[str]] = {}
        for name, expr in ruleset.computed.items():
            for fact in facts_read(expr):
                self._hanging.setdefault(fact, set()).add(name)

    def touched(self, mutant: Mutant) -> Iterator[Example]:
        """The examples in which a mutant could show."""
        facts = self._above(mutant.fact) if mutant.fact else set[str]()
        rules = {mutant.rule} if mutant.rule else {name for name, read in self._read.items() if read & facts}
        rules |= {name for name, found in self._found.items() if found & rules}
        return (e for e in self.examples if e.rule in rules or facts & e.expect.keys())

    def _above(self, fact: str) -> set[str]:
        """A fact and all that is worked out from it."""
        found, queue = {fact}, [fact]
        while queue:
            for name in self._hanging.get(queue.pop(), set()) - found:
                found.add(name)
                queue.append(name)
        return found

    def survives(self, mutant: Mutant) -> bool:
        """Whether all those examples still come out as written."""
        describer = self.describing(mutant)
        return all(self._as_written(describer, example) for example in self.touched(mutant))

    def describing(self, mutant: Mutant) -> Describer:
        """The mutant compiled: only what was changed is compiled anew."""
        program, ruleset = copy(self.describer.program), mutant.ruleset
        program.ruleset = ruleset
        if mutant.rule:
            program.rules = program.rules.but(mutant.rule, program.compile(ruleset.rules[mutant.rule].when))
        if mutant.fact:
            program.facts = program.facts.but(mutant.fact, program.compile(ruleset.computed[mutant.fact]))
        describer = copy(self.describer)
        describer.program = program
        return describer

    def _as_written(self, describer: Describer, example: Example) -> bool:
        """Whether an example comes out as written, as `engine.proving.examples` has it."""
        program = describer.program
        if example.title not in self._recorded:
            record = ExampleCase("VD", {**example.facts, "code": "VD"})
            self._recorded[example.title] = self.projector.project(record, example.as_of)
        recorded = self._recorded[example.title]
        if recorded is None:
            return True
        situation = program.situation(recorded)
        if any(written(situation.value(name)) != wanted for name, wanted in example.expect.items()):
            return False
        if example.rule is None:
            return True
        holds = program.rules[example.rule](situation)
        if isinstance(holds, Unknown):
            return example.unknown == tuple(sorted(holds.missing))
        if holds is not example.fires:
            return False
        rule = program.ruleset.rules[example.rule]
        return not (holds and any(differences(describer.finding(rule, situation), example.wanted)))


def run(chosen: str | None = None) -> Outcome:
    """Hold all mutants, or those whose name begins so, against the examples."""
    everything = load_ruleset(None, tuple(overlays_loader.find(name) for name in overlays_loader.names()))
    national = load_ruleset()
    examples = [example for example in examples_loader.load() if example.law is None]
    benches = (
        (national, Bench(national, (example for example in examples if example.overlay is None))),
        (everything, Bench(everything, (example for example in examples if example.overlay))),
    )
    made, survivors = 0, list[str]()
    for ruleset, bench in benches:
        mutants = [*of_rules(ruleset), *(of_facts(ruleset) if ruleset is national else ())]
        for mutant in mutants:
            if mutant.rule and (ruleset is national) is bool(ruleset.rules[mutant.rule].text.overlay):
                continue
            if chosen and not mutant.name.startswith(chosen):
                continue
            made += 1
            if bench.survives(mutant):
                survivors.append(mutant.name)
    for name, wrong in of_law(everything.law.parameters.values(), everything.law.documents.values()):
        if chosen and not name.startswith(chosen):
            continue
        made += 1
        own, second = (
            (of_parameter(wrong), second_parameters()[wrong.name])
            if isinstance(wrong, Parameter)
            else (of_document(wrong), second_documents()[wrong.id])
        )
        if own == second.says:
            survivors.append(name)
    return Outcome(made, tuple(survivors), equivalents())
