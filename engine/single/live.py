"""The live evaluator: the rules run on durable-rules, one case at a time, chained layer by layer.

Each rule becomes two patterns where it can be unknown: *certain* (it holds whatever the unknown facts are) and
*possible* (it could hold). A rule that is possible and not certain is unknown. Where nothing that the engine is handed
is unknown, the two are one and the same, so that only the first are asked: most cases are recorded in full. The engine
only compares recorded or computed facts; what needs arithmetic is computed before and handed over under a name of its
own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from engine.language.tree import And, Compare, Expr, FactRef, Found, Literal, Missing, Not, OneOf, Or, Scalar, folded
from engine.ruleset import Rule, RuleSet
from engine.single import durable
from engine.single.closures import Evaluate, Program, Situation
from engine.single.durable import DurableRules, Field, Pattern
from engine.single.evaluator import CaseEvaluator
from engine.unknowns import Unknown

_NEGATED = {"eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}
_UNKNOWN = "u_"
"""Prefix of the field that says that a fact is unknown."""


class _Operand(NamedTuple):
    """A value the engine is handed: its field, and whether it can be unknown."""

    field: str
    can_be_unknown: bool


class _Compiler:
    """Compiles the rules of one layer and one stage to patterns, and collects the fields they need."""

    def __init__(self, program: Program) -> None:
        self.program, self.ruleset = program, program.ruleset
        self.fields: dict[str, Expr] = {}

    def certain(self, rules: Iterable[Rule]) -> dict[str, Pattern]:
        """The patterns of the rules that hold whatever the unknown facts are."""
        return {rule.name: self.pattern(rule.when, negated=False, possible=False) for rule in rules}

    def possible(self, rules: Iterable[Rule]) -> dict[str, Pattern]:
        """The patterns of the rules that could hold, of those that can be unknown at all."""
        unsure = [rule for rule in rules if self._uncertain(rule.when)]
        return {rule.name: self.pattern(rule.when, negated=False, possible=True) for rule in unsure}

    def _uncertain(self, expr: Expr) -> bool:
        return self.program.can_be_unknown(expr)

    def _operand(self, expr: Expr) -> _Operand:
        """The field of a value: the fact's own name, or a new one for something to be computed first."""
        if isinstance(expr, FactRef):
            field = f"f_{expr.name}"
        elif isinstance(expr, Found):
            field = f"r_{expr.rule}".replace(".", "__")
        else:
            field = next((f for f, known in self.fields.items() if known == expr), f"x_{len(self.fields)}")
        self.fields[field] = expr
        return _Operand(field, self._uncertain(expr))

    def pattern(self, expr: Expr, *, negated: bool, possible: bool) -> Pattern:
        """The pattern of a condition (or of its negation), certain or possible."""
        match expr:
            case Not(part):
                return self.pattern(part, negated=not negated, possible=possible)
            case And(parts) | Or(parts):
                members = [self.pattern(part, negated=negated, possible=possible) for part in parts]
                return durable.both(members) if isinstance(expr, And) != negated else durable.either(members)
            case Compare() if _direct(expr):
                return self._comparison(expr, negated=negated, possible=possible)
            case OneOf(value, members) if value.type in ("code", "text", "number"):
                operand, chosen = self._operand(value), [_field(member, value) for member in members]
                if negated:
                    differ = durable.both(durable.compare("ne", operand.field, member) for member in chosen)
                    return self._negative([operand], differ, possible=possible)
                equal = durable.either(durable.compare("eq", operand.field, member) for member in chosen)
                return self._positive([operand], equal, possible=possible)
            case Missing(value):
                operand = self._operand(value)
                if negated:
                    return self._positive([operand], durable.present(operand.field), possible=possible)
                return self._absent(operand) if not possible else durable.absent(operand.field)
            case _:
                operand = self._operand(expr)
                if negated:
                    differ = durable.compare("ne", operand.field, True)
                    return self._negative([operand], differ, possible=possible)
                return self._positive([operand], durable.compare("eq", operand.field, True), possible=possible)

    def _comparison(self, expr: Compare, *, negated: bool, possible: bool) -> Pattern:
        op = _NEGATED[expr.op] if negated else expr.op
        left = self._operand(expr.left)
        if isinstance(expr.right, Literal):
            operands, test = [left], durable.compare(op, left.field, _field(expr.right.value, expr.left))
        else:
            right = self._operand(expr.right)
            operands, test = [left, right], durable.compare_fields(op, left.field, right.field)
        return (self._negative if negated else self._positive)(operands, test, possible=possible)

    def _absent(self, operand: _Operand) -> Pattern:
        """Certainly not recorded: not given, and not unknown either."""
        if not operand.can_be_unknown:
            return durable.absent(operand.field)
        return durable.both([durable.absent(operand.field), durable.absent(_UNKNOWN + operand.field)])

    def _positive(self, operands: list[_Operand], test: Pattern, *, possible: bool) -> Pattern:
        """The test holds; or, where only possible is asked, it is unknown whether it does."""
        if not possible:
            return test
        ways = [test]
        for operand in operands:
            if operand.can_be_unknown:
                others = [
                    durable.either([durable.present(o.field), durable.present(_UNKNOWN + o.field)])
                    if o.can_be_unknown
                    else durable.present(o.field)
                    for o in operands
                    if o is not operand
                ]
                ways.append(durable.both([durable.present(_UNKNOWN + operand.field), *others]))
        return durable.either(ways)

    def _negative(self, operands: list[_Operand], opposite: Pattern, *, possible: bool) -> Pattern:
        """The opposite holds or a side is absent; where only possible is asked, an unknown side is enough."""
        gone = [durable.absent(o.field) if possible else self._absent(o) for o in operands]
        return durable.either([*gone, opposite])


def _direct(expr: Compare) -> bool:
    """Whether the engine can compare it itself: no fractions, no text with a code, and marks only with a value."""
    alike = expr.left.type == expr.right.type and expr.left.type != "fraction"
    return alike and not isinstance(expr.left, Literal)


def _field(value: Scalar, of: Expr) -> Field:
    """A value as the engine keeps it: days as their ordinals, texts without regard to capitals."""
    if isinstance(value, dt.date):
        return value.toordinal()
    if isinstance(value, str) and of.type == "text":
        return folded(value)
    if isinstance(value, int | str):
        return value
    raise durable.EngineFault(f"{type(value).__name__} cannot be compared by the engine")


_Kept = Callable[[Any], Field]


def _keeping(of: Expr) -> _Kept:
    """How the values of an expression are kept by the engine: as `_field` has it, told by the type once for all."""
    match of.type:
        case "date":
            return dt.date.toordinal
        case "text":
            return folded
        case "mark" | "number" | "code":
            return _as_it_is
        case _:
            return lambda value: _field(value, of)


def _as_it_is(value: Field) -> Field:
    return value


class _Layer:
    """The rules of one stage that rest only on rules of earlier layers."""

    def __init__(self, program: Program, rules: Sequence[Rule]) -> None:
        self.rules, self.compiler = rules, _Compiler(program)
        self.certain = durable.engines(self.compiler.certain(rules))
        self.recorded: dict[str, tuple[str, _Kept]] = {}
        """The fields that are recorded facts: taken over as they stand, an absent one costs nothing."""
        self.computed: list[tuple[str, _Kept, Evaluate]] = []
        for field, expr in self.compiler.fields.items():
            if isinstance(expr, FactRef) and program.plainly_recorded(expr.name):
                self.recorded[expr.name] = field, _keeping(expr)
            else:
                self.computed.append((field, _keeping(expr), program.compiled(expr)))

    @cached_property
    def possible(self) -> list[DurableRules]:
        """The engines of what is possible, over the same fields; made for the first case in which one is unknown."""
        return durable.engines(self.compiler.possible(self.rules))

    def evaluate(self, situation: Situation) -> tuple[set[str], set[str]]:
        """The rules that hold, and those that could hold besides."""
        fact: dict[str, Field] = {}
        recorded, unsure = self.recorded, False
        for name, known in situation.recorded.items():
            if name in recorded:
                field, kept = recorded[name]
                fact[field] = kept(known)
        for field, kept, value_of in self.computed:
            value = value_of(situation)
            if isinstance(value, Unknown):
                fact[_UNKNOWN + field] = unsure = True
            elif value is not None:
                fact[field] = kept(value)
        certain = durable.holding(self.certain, fact)
        return certain, durable.holding(self.possible, fact) - certain if unsure else set()


class LiveEvaluator(CaseEvaluator):
    """Evaluates records one at a time on durable-rules; keep one and use it for many."""

    def __init__(self, ruleset: RuleSet) -> None:
        super().__init__(ruleset)
        self._stages: dict[str, list[_Layer]] = {}

    def _layers(self, stage: str) -> list[_Layer]:
        """The engines of a stage, made when the stage is first met."""
        layers = self._stages.get(stage)
        if layers is None:
            chosen = [rule for rule in self.ruleset.rules.values() if stage in rule.stages]
            depths = sorted({rule.layer for rule in chosen})
            layers = [_Layer(self.program, [r for r in chosen if r.layer == depth]) for depth in depths]
            self._stages[stage] = layers
        return layers

    def holding(self, situation: Situation) -> tuple[list[Rule], list[Rule]]:
        """The rules that hold, and those that cannot be decided."""
        certain: set[str] = set()
        unsure: set[str] = set()
        for layer in self._layers(str(situation.value("stage"))):
            hold, could = layer.evaluate(situation)
            certain |= hold
            unsure |= could
        rules = self.ruleset.rules
        return [rules[name] for name in sorted(certain)], [rules[name] for name in sorted(unsure)]
