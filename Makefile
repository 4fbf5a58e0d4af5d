# Two commands on a fresh machine: make demo, make test. Everything is set up in .venv on the way.
VENV := .venv
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
PY   ?= python3

.PHONY: demo test test-all lint bench docs setup lock clean

demo: setup              ## set up, run the main job on bundled input, serve the result
	$(BIN)/tocsin demo --serve

test: $(VENV)/.dev       ## lint, types, and every test that takes seconds
	$(MAKE) --no-print-directory lint
	$(BIN)/pytest -n 2 -m "not slow"

test-all: $(VENV)/.dev   ## also the long ones
	$(BIN)/pytest -n 2

lint: $(VENV)/.dev       ## ruff and mypy --strict
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bench: $(VENV)/.dev      ## measure again what bench/ states
	$(BIN)/python -m bench

docs: $(VENV)/.run        ## write the command reference from the commands themselves
	$(BIN)/python -m tocsin.cli.reference > docs/reference/commands.md

setup: $(VENV)/.run      ## .venv with the tocsin command in it
	@echo "tocsin is ready: $(BIN)/tocsin --help"

$(VENV)/bin/python:
	@command -v $(PY) >/dev/null || { echo "Python 3.11 or newer is missing: install python3 first." >&2; exit 1; }
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "tocsin needs Python 3.11 or newer; $(PY) is older: set PY=/path/to/python." >&2; exit 1; }
	@$(PY) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing: on Debian, apt-get install python3-venv." >&2; exit 1; }
	@echo "making $(VENV) ..."
	@$(PY) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "installing tocsin and what it needs (some minutes the first time) ..."
	@$(PIP) -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "installing what the tests need ..."
	@$(PIP) -r requirements/dev.txt
	@touch $@

lock:                    ## resolve the dependencies again, with hashes and no host named
	UV="$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet pyproject.toml requirements/build.in"; \
	$$UV --extra embed --extra chinese -o requirements/run.txt && \
	$$UV --all-extras -c requirements/run.txt -o requirements/dev.txt

clean:                   ## remove what make made
	rm -rf $(VENV) build dist site .mypy_cache .ruff_cache .pytest_cache
