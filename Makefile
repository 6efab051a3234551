# Everything a developer types. `make` alone explains itself: the text after ## is the help.
SHELL := /bin/sh
PYTHON ?= python3
WORKERS ?= 2
BIN := .venv/bin
BARE := .venv/.bare
RUNS := .venv/.runs
CHECKS := .venv/.checks

# What is started again and again is compiled once.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

.PHONY: setup
setup: .venv/.ready ## Make .venv with everything pinned, and the command dubi in it

# What runs and what checks it are two locks without a package in common, installed side by side; `make demo` waits for
# the first alone. Another lock of what runs begins anew.
.venv/.ready: $(BARE) requirements-dev.lock
	@$(MAKE) --no-print-directory --jobs=2 $(RUNS) $(CHECKS)
	@touch $@

$(BARE): requirements-build.lock requirements.lock $(wildcard requirements*.in) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "dubi needs Python 3.11, 3.12 or 3.13; name one: make setup PYTHON=python3.11" >&2; exit 1; }
	$(call bare,.venv)
	@touch $@

$(RUNS): $(BARE)
	$(call pinned,.venv,requirements.lock)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

$(CHECKS): $(BARE) requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-build-isolation --no-deps -r requirements-dev.lock
	@touch $@

# An environment with what a lock pins. The build tools come first and from a lock as well: durable-rules is compiled
# here. Python 3.13 dropped the old name of a C function that durable-rules 2.0.28 still calls; the flag gives it the
# new one.
define bare
	@$(PYTHON) -m venv --clear $(1) || { echo "On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-build.lock
endef
define pinned
	CPPFLAGS="$$CPPFLAGS $$($(1)/bin/python -c 'import sys; print("-DPyEval_CallObject=PyObject_CallObject" if sys.version_info >= (3, 13) else "")')" \
		$(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-warn-conflicts --require-hashes --no-build-isolation -r $(2) || \
		{ echo "If a C compiler is missing: apt install build-essential python3-dev" >&2; exit 1; }
endef
define environment
	$(call bare,$(1))
	$(call pinned,$(1),$(2))
endef

.PHONY: demo
demo: $(RUNS) ## Install what runs, do the main job on the shipped roster and show what comes out
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/demo.sh

.PHONY: web
web: $(RUNS) ## Open the desk in a browser, on a store of its own with the shipped roster (build/web)
	@mkdir -p build/web && export DUBI_HOME="$(CURDIR)/build/web" PATH="$(CURDIR)/$(BIN):$$PATH" && \
		{ test -e build/web/dubi.sqlite || { dubi init && dubi import examples/dang-bo-co-so.xlsx --apply; }; } && dubi web

.PHONY: lint
lint: form types ## Check form and types (ruff, mypy strict)

.PHONY: form types
form: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
types: setup
	$(BIN)/mypy

.PHONY: test
test: form ## Lint and tests, warnings as errors; of what is left to chance, and of long walks, a fifth
	@$(MAKE) --no-print-directory --jobs=2 types some

.PHONY: check
check: form ## Like test with nothing left out, 200,000 cases of equality, kills, DuckDB, PostgreSQL, Spark: what .ci/run runs
	@test -n "$$DUBI_TEST_POSTGRESQL" || { echo "make check needs a PostgreSQL server in DUBI_TEST_POSTGRESQL; .ci/run starts one" >&2; exit 1; }
	@$(MAKE) --no-print-directory --jobs=2 types whole spark

# Types take one processor; the tests are begun beside them, and Spark takes the place of the types.
.PHONY: some whole
some: setup
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
whole: setup
	DUBI_TEST_WHOLE=1 $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

SPARK := build/spark

.PHONY: spark
spark: setup ## Install Spark apart, in build/spark (500 MB, needs Java 17), and run the sweep's tests on it
	@java -version >/dev/null 2>&1 || { echo "Spark needs Java 17; on Debian and Ubuntu: apt install default-jre-headless" >&2; exit 1; }
	@cmp -s requirements-spark.lock $(SPARK)/.lock || { rm -rf $(SPARK) && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-build-isolation --target $(SPARK) -r requirements-spark.lock && \
		cp requirements-spark.lock $(SPARK)/.lock; }
	DUBI_TEST_SPARK=1 PYTHONPATH=$(CURDIR)/$(SPARK) $(BIN)/python -m pytest tests/cases/sweeping/test_sweeping_spark.py

KILLS ?= 2000
SERVERS ?= 200
FUZZED ?= 4000
# The tests that say how much of them is `most` of `make check`; those of a server take one in DUBI_TEST_POSTGRESQL.
BY_CHANCE := $(shell grep -lE 'most=|DUBI_FUZZED' tests -r --include='test_*.py')

.PHONY: equality
equality: setup ## Hold the two evaluators against each other on 5 million invented cases
	$(BIN)/python -m tests.equality
	$(BIN)/python -m tests.lives 20000

FILES ?= 20000

.PHONY: layouts
layouts: setup ## Read 20,000 lists in made-up layouts with known truth; no row may be read wrong
	$(BIN)/python -m tests.layouts --files $(FILES)

.PHONY: mutants
mutants: setup ## Make every small wrong change of the rules; each must be caught by an example (minutes)
	$(BIN)/python -m tests.mutants

.PHONY: docs
docs: setup ## Write docs/quy-tac.md, docs/ghi-so.md, docs/dem-ai.md and the manual page anew from what they tell of
	$(BIN)/dubi rules docs --out docs/quy-tac.md
	$(BIN)/python -m cases.changes.page
	$(BIN)/python -m desk.counting.page
	$(BIN)/python -m release.manual
	$(BIN)/python -m release.handbook

.PHONY: handbook
handbook: setup ## Take the pictures of the handbook (docs/so-tay) anew; needs Chromium
	DUBI_HANDBOOK=1 $(BIN)/python -m pytest -q tests/web/screens/test_handbook.py
	$(MAKE) docs

.PHONY: torture
torture: setup ## Kill the program 2,000 times, its server 200 times, apply 4,000 mutated files, try by chance what check tries a part of
	$(BIN)/python -m tests.torture --kills $(KILLS) --workers $(WORKERS)
	$(BIN)/python -m tests.torture.desk --kills $(SERVERS)
	DUBI_TEST_TORTURE=1 DUBI_FUZZED=$(FUZZED) $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal $(BY_CHANCE)

BENCH := build/bench

$(BENCH)/.ready: requirements-bench.lock requirements-build.lock
	$(call environment,$(BENCH),requirements-bench.lock)
	@touch $@

.PHONY: bench
bench: setup $(BENCH)/.ready ## Measure speed, beside other engines too, into bench/RESULTS.md (QUICK=1: a look in two minutes)
	$(BENCH)/bin/python -m bench $(if $(QUICK),--quick)

RELEASE := build/release

$(RELEASE)/.ready: requirements-release.lock requirements-build.lock
	$(call environment,$(RELEASE),requirements-release.lock)
	@touch $@

.PHONY: package
package: setup $(RELEASE)/.ready ## Build wheel and sdist in dist/, install each in an empty environment and try it out (minutes)
	$(BIN)/python -m release.packages

.PHONY: sbom
sbom: setup $(RELEASE)/.ready ## Write the lists of parts (SBOM, CycloneDX) of the package and of the Windows program in dist/
	@ls dist/dubi-*-windows.zip >/dev/null 2>&1 || $(MAKE) --no-print-directory windows
	$(RELEASE)/bin/python -m release.bill

.PHONY: windows
windows: $(RUNS) ## Make dist/dubi-VERSION-windows.zip for a PC; a newer Python by PYTHON_ZIP=path PYTHON_SHA256=hash
	$(BIN)/python -m release.windows.bundle $(if $(PYTHON_ZIP),--python "$(PYTHON_ZIP)") $(if $(PYTHON_SHA256),--sha256 $(PYTHON_SHA256))

.PHONY: windows-test
windows-test: setup windows ## Try that zip under wine, which it installs on Debian where missing; Chromium drives the desk (minutes)
	@for need in "wine64:wine64" "x86_64-w64-mingw32-gcc:gcc-mingw-w64-x86-64" "osslsigncode:osslsigncode" "chromium:chromium"; do \
		command -v $${need%%:*} >/dev/null || test -x /usr/lib/wine/$${need%%:*} || missing="$$missing $${need##*:}"; done; \
		test -z "$$missing" || { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing; } >&2
	DUBI_TEST_WINDOWS=$$(ls -t dist/dubi-*-windows.zip | head -n 1) $(BIN)/python -m pytest -v tests/release/test_windows.py

.PHONY: office-test
office-test: setup ## Go through docs/may-chu.md on this machine: certificate, users, backup, restore, the server; systemd looks at its units
	DUBI=$(CURDIR)/$(BIN)/dubi sh docs/may-chu/thu.sh examples/dang-bo-co-so.xlsx
	DUBI_TEST_WHOLE=1 $(BIN)/python -m pytest -q tests/release/test_office.py

.PHONY: calendar
calendar: setup ## Make the days of rules/law/calendar.yaml anew from the package holidays
	$(BIN)/python -m rules.calendar_source

.PHONY: vendor
vendor: setup ## Bring in the front-end files (htmx, font, axe) anew from their npm packages, by hash
	$(BIN)/python -m release.vendoring

# Hashes are those of the public index: a mirror or a folder of wheels set up on this machine is left out.
PUBLIC = env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL -u PIP_INDEX_URL PIP_CONFIG_FILE=/dev/null
COMPILE = $(PUBLIC) build/lock/bin/pip-compile \
	--quiet --rebuild --generate-hashes --strip-extras --allow-unsafe --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
# Of another machine than this one only uv can tell what is needed: pip's markers follow the machine it runs on.
COMPILE_WINDOWS = $(PUBLIC) build/lock/bin/uv pip compile --quiet --generate-hashes --no-header --no-annotate \
	--python-platform x86_64-pc-windows-msvc --python-version 3.13

.PHONY: lock
lock: ## Pin the newest allowed versions anew (requirements*.lock), with hashes
	$(PYTHON) -m venv build/lock && build/lock/bin/python -m pip install --quiet pip-tools uv
	rm -f $(wildcard requirements*.lock) build/every.lock
	$(COMPILE) -o requirements-build.lock requirements-build.in
	$(COMPILE) -o requirements.lock requirements.in
	$(COMPILE) -c requirements.lock -o build/every.lock requirements.in requirements-dev.in
	awk 'NR == FNR { if (/==/) had[$$1]; next } /==/ { ours = !($$1 in had) } ours' requirements.lock build/every.lock > requirements-dev.lock
	$(COMPILE) -c build/every.lock -o requirements-spark.lock requirements-spark.in
	$(COMPILE) -c requirements.lock -o requirements-bench.lock requirements.in requirements-bench.in
	$(COMPILE) -c build/every.lock -o requirements-release.lock requirements-release.in
	$(COMPILE_WINDOWS) -c build/every.lock -o requirements-windows.lock requirements-windows.in
	for lock in requirements*.lock; do case $$lock in *windows*) system="Windows (64 bit), for its own Python 3.13";; \
		*) system="Linux, the same on Python 3.11, 3.12 and 3.13";; esac; \
		printf '# Made by `make lock`; for %s. Edit the .in file instead.\n' "$$system" | cat - $$lock > build/new.lock && mv build/new.lock $$lock; done
