# Every target builds .venv from the lock on first use (uv if it is there, else pip).
.DEFAULT_GOAL := help
SHELL := /bin/bash
# The first that runs and is new enough: a version manager's shim may be there and not run.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
READY := .venv/ready

.PHONY: help run test lint format bench nightly clean lock
help:
	@echo "make run      one nightly run on the embedded reference corpus, without network"
	@echo "make test     every test"
	@echo "make lint     formatters, linters, types, SQL, spelling"
	@echo "make bench    every benchmark, as JSON and as docs/benchmarks.md"
	@echo "make nightly  one run over the live sources"
	@echo "make clean    remove .venv and everything a run wrote"

# The lock is given to pip as constraints too: for a package that is wanted with extras it would try
# the newest release first, and refuse that for want of a pin.
$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "jobmarket needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --clear --python "$(PYTHON)" .venv \
		&& VIRTUAL_ENV=.venv uv pip install --quiet --require-hashes -r requirements.lock \
		&& VIRTUAL_ENV=.venv uv pip install --quiet --no-deps --no-build-isolation -e . ; \
	else \
		"$(PYTHON)" -m venv --clear .venv \
		&& $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
			-r requirements.lock -c requirements.lock \
		&& $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@touch $(READY)

run: $(READY)
	@$(BIN)/jobmarket run --source reference

nightly: $(READY)
	@$(BIN)/jobmarket run

test: $(READY)
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile $(ARGS)

lint: $(READY)
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && \
		$(BIN)/sqlfluff lint -q sql && $(BIN)/codespell pipeline flows dashboards sql tests docs *.md

format: $(READY)
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix . ; $(BIN)/sqlfluff fix -q sql

# The packages compared are built from source, so their own lock takes the setuptools of the other.
RIVALS := .venv/rivals
$(RIVALS): $(READY) requirements-bench.lock
	@{ if command -v uv >/dev/null 2>&1; then VIRTUAL_ENV=.venv uv pip install --quiet --require-hashes \
		--no-deps --no-build-isolation -r requirements-bench.lock; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--no-deps --no-build-isolation -r requirements-bench.lock; fi; } && touch $(RIVALS) \
		|| echo "requirements-bench.lock could not be installed: its packages are left out"

# `make bench DUMPS=folder GOLD=folder` measures quality as well, on the texts of the labelled postings.
LABELLED = $(if $(GOLD),--gold $(GOLD) --dumps $(DUMPS))
AS_THEY_COME = $(addprefix --input ,$(wildcard $(addsuffix /zapply_ats_2026.parquet,$(DUMPS))))
bench: $(RIVALS)
	@mkdir -p build/bench && set -o pipefail && for name in \
		"side-by-side $(LABELLED) $(AS_THEY_COME)" "extract $(AS_THEY_COME)" query nightly site; do \
		$(BIN)/jobmarket bench $$name --json | tee build/bench/$${name%% *}.json || exit 1; done
	@$(BIN)/python -m pipeline.edge.bench_page build/bench

lock: $(READY)
	@uv pip compile pyproject.toml --extra dev --generate-hashes --no-annotate --no-header \
		--no-emit-index-url --quiet --upgrade --python-version 3.11 -o requirements.lock
	@uv pip compile --group bench --no-deps --constraint requirements.lock --generate-hashes \
		--no-annotate --no-header --no-emit-index-url --quiet --upgrade --python-version 3.11 \
		-o requirements-bench.lock
	@sed -i '1i # Whom `make bench` compares us with, beside requirements.lock. Renewed by `make lock`.' \
		requirements-bench.lock
	@sed -i '1i # Every dependency with its exact version and hashes. Renewed by `make lock`.' requirements.lock

clean:
	rm -rf .venv data build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

.PHONY: docs
docs: $(READY)
	@$(BIN)/python -m pipeline.edge.dictionary && $(BIN)/python -m pipeline.edge.provenance && \
		$(BIN)/python -m pipeline.edge.sources_page && $(BIN)/python -m pipeline.edge.claims_page
