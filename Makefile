# Everything that a newcomer, an editor of the code or a build machine runs.
# Needs make and Python 3.11 or later with venv; all else is installed into .venv.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo serve docs test test-fast check format bench fuzz notebook clean distclean

help: ## list these commands
	@echo "make COMMAND, where COMMAND is"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

demo: $(VENV)/installed ## compare the five articles in seeds/, print what is found, write report.json
	@echo "== dedup report seeds/"
	@$(BIN)/dedup report seeds/
	@$(BIN)/dedup report seeds/ --format json -o report.json
	@echo "== The same as data: report.json"

serve: $(VENV)/installed-serve ## serve pages to check drafts against the articles in seeds/
	@$(BIN)/dedup serve seeds/ --data build/serve

docs: $(VENV)/installed-dev ## build the site from docs/, which opens without a server
	@echo "== docs: build/docs/index.html"
	@$(BIN)/python -m sphinx -W --keep-going -q -E -b html docs build/docs

test: $(VENV)/installed-dev ## run the tests
	@echo "== pytest"
	@$(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder

test-fast: $(VENV)/installed-dev ## run the tests that take moments and need neither browser nor server
	@echo "== pytest, without slow, browser and postgres"
	@$(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder \
	  -m "not slow and not browser and not postgres"

check: $(VENV)/installed-dev ## check format and style (ruff), types (mypy) and spelling (codespell)
	@echo "== ruff format, ruff check, mypy, codespell"
	@$(BIN)/ruff format --check --quiet . || { echo "run: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/codespell docs *.md dedup/cli dedup/report dedup/serve

format: $(VENV)/installed-dev ## put the code into the house format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/installed-dev ## measure quality and speed, keep the figures, compare with the floors
	@echo "== benchmarks"
	@$(BIN)/python -m benchmarks $(SECTIONS)

notebook: $(VENV)/installed-dev ## run the notebook in examples/ and keep what it shows
	@cd tests && ../$(BIN)/python notebooks.py

fuzz: $(VENV)/installed-dev ## read damaged files of every format for a minute (FUZZ="--seconds 600 --seed 7")
	@echo "== Fuzzing"
	@cd tests && PYTHONPATH=.. ../$(BIN)/python fuzzing.py $(FUZZ)

clean: ## delete what was built and cached; keep .venv
	rm -rf build dist report.json .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find dedup tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## delete .venv too
	rm -rf $(VENV)

$(BIN)/python:
	@echo "== Making a virtual environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo \
	  "$(PYTHON) is older than 3.11 or missing; name a newer one: make PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo \
	  "$(PYTHON) cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv"; \
	  exit 1; }

# The stamps: installed again only when pyproject.toml changes. The code itself is installed in
# place (-e), so that an edit needs no installation.
$(VENV)/installed: pyproject.toml | $(BIN)/python
	@echo "== Installing dedup and what it needs into $(VENV)"
	@$(PIP) install -e .
	@touch $@

$(VENV)/installed-serve: pyproject.toml | $(VENV)/installed
	@echo "== Installing what serving needs into $(VENV)"
	@$(PIP) install -e '.[serve]'
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(BIN)/python
	@echo "== Installing dedup, what it needs and the tools for its tests into $(VENV)"
	@$(PIP) install -e '.[dev]'
	@touch $@ $(VENV)/installed $(VENV)/installed-serve
