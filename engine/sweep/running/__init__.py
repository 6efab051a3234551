"""How the plan of a sweep is run: by layers of expressions on any library, or part by part on Polars."""
