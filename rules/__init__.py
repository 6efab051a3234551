"""The law as data: documents, dated parameters, facts, rules and indicators, with a strict loader."""
