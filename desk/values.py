"""The values that answers consist of, gathered for those who show them; a face names them by this room alone."""

from __future__ import annotations

from cases.changes.typing_figures import FigureDraft as FigureDraft
from cases.history.verification import Verdict as Verdict
from cases.imports.importing import Import as Import
from cases.judging.doubts import Doubt as Doubt
from cases.keeping.backups import Kept as Kept
from cases.log.batches import LoggedChange as LoggedChange
from cases.rosters import Notice as Notice
from cases.rosters import RosterPreview as RosterPreview
from cases.rosters import RowOutcome as RowOutcome
from cases.values.records import Record as Record
from cases.values.records import Roster as Roster
from cases.values.refusals import Remark as Remark
from desk.changes.previews import Preview as Preview
from engine.coming_up import Coming as Coming
from engine.explanation import Explanation as Explanation
from engine.explanation import RuleTrace as RuleTrace
from engine.findings import Evaluation as Evaluation
from engine.findings import Finding as Finding
from engine.planning import Bound as Bound
from engine.planning import ComingStep as ComingStep
from engine.planning import Plan as Plan
from engine.planning import WhatIf as WhatIf
from engine.proving.lint_report import LintReport as LintReport
from engine.proving.proof import CounterExample as CounterExample
from engine.proving.proof import Proof as Proof
from engine.ruleset import Rule as Rule
from engine.ruleset import RuleSet as RuleSet
from engine.statistics.typed import Contradiction as Contradiction
from engine.statistics.typed import TypedEntry as TypedEntry
from reports.lists.worklist import Item as Item
from rules.loader.law import InForce as InForce
from rules.loader.law import Parameter as Parameter
