# Everything happens inside .venv and var; nothing else on the machine is touched.
.DEFAULT_GOAL := help
SECONDS ?= 600
ONLY ?=
CASES ?= 10000
.PHONY: help rehearse test fuzz lives mutants torture lint types imports lock bench clean

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

help: ## what can be made
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort

rehearse: $(VENV)/.runtime ## watch the campaign go out on the built-in networks
	$(BIN)/somos rehearse --out var/rehearsal

test: $(VENV)/.dev ## run the tests
	$(BIN)/python -m pytest -n auto --dist loadgroup

fuzz: $(VENV)/.dev ## try CASES hostile files, media, network answers and texts on each surface
	SOMOS_FUZZ_CASES=$(CASES) $(BIN)/python -m pytest -n auto tests/fuzz

lives: $(VENV)/.dev ## lead 20,000 random lives with lying networks and freezing workers (an hour or two)
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -n auto tests/core/test_rule_machine.py

mutants: $(VENV)/.dev ## break each rule by itself, or those of ONLY, and name the test that notices
	$(BIN)/python -m tests.mutants --only "$(ONLY)" --out var/mutants.json

torture: $(VENV)/.dev ## kill daemons for SECONDS and count what is lost [SEED=7 DAEMONS=4 DATABASE=postgresql+psycopg://...]
	$(BIN)/python -m tests.torture --seconds $(SECONDS) $(if $(SEED),--seed $(SEED)) \
		$(if $(DAEMONS),--daemons $(DAEMONS)) $(if $(DATABASE),--database "$(DATABASE)")

lint: $(VENV)/.dev ## style and likely mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev ## mypy, strict
	$(BIN)/mypy

imports: $(VENV)/.dev ## the architecture, as import contracts
	$(BIN)/lint-imports

bench: $(VENV)/.dev ## the benchmarks, each beside its baseline
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/schedule.py
	$(BIN)/python benchmarks/idle_tick.py
	$(BIN)/python benchmarks/upload_memory.py

lock: $(VENV)/.dev ## renew the lock files
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header pyproject.toml --extra postgres --group dev -c requirements.lock \
		-o requirements-dev.lock

clean: ## remove what was made here
	rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed and was not found."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "This Python cannot make virtual environments: install your system's python3-venv."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
