# Two commands need only Python and make: `make run` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run
DEV_STAMP := $(VENV)/.dev

PURE := src/casemate/model/*,src/casemate/analysis/*,src/casemate/controls/*,src/casemate/engine/*

.PHONY: run test lint types layers check slow bench lock clean

run: $(RUN_STAMP) ## scan the example shop, print the answer, write an HTML report
	@$(BIN)/casemate scan examples/shop --fail-on none --format text --format html --output casemate-report.html
	@echo "The report: casemate-report.html"

test: $(DEV_STAMP) ## every test that needs no root and no cluster
	@$(BIN)/coverage erase
	$(BIN)/python -m pytest -n auto -m "not slow" --cov --cov-report=
	@$(BIN)/coverage report --include="$(PURE)" --fail-under=100 --skip-covered --show-missing

slow: $(DEV_STAMP) ## long fuzz runs and real peers
	$(BIN)/python -m pytest -n auto -m slow

check: lint types layers ## everything that reads the code without running it

lint: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV_STAMP)
	$(BIN)/mypy

layers: $(DEV_STAMP)
	$(BIN)/lint-imports

bench: $(DEV_STAMP) ## compare with peers; downloads them from the package indexes
	$(BIN)/python bench/scan/run.py
	$(BIN)/python bench/rbac/run.py
	$(BIN)/python bench/network/run.py

lock: $(DEV_STAMP) ## renew the locked set; needs uv
	uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 --universal pyproject.toml -o requirements/run.txt
	uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 --universal pyproject.toml requirements/dev.in -o requirements/dev.txt

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

$(RUN_STAMP): pyproject.toml requirements/run.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	@printf '%s\n' "$(CURDIR)/src" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/casemate-source.pth"
	@printf '#!/bin/sh\nexec "$(CURDIR)/$(BIN)/python" -m casemate "$$@"\n' > $(BIN)/casemate && chmod 755 $(BIN)/casemate
	@$(BIN)/python -m compileall -q src
	@touch $@

$(DEV_STAMP): $(RUN_STAMP) requirements/dev.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@
