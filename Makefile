# Every command of CX Outcomes; `make` alone lists them.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT ?= 8501
DATA ?=
ARGS ?=
WORKERS ?= 2

VENV := .venv
PYTHON := $(VENV)/bin/python
RUNTIME := $(VENV)/.runtime-ready
DEVELOPMENT := $(VENV)/.development-ready
PIP_INSTALL = $(PYTHON) -m pip install --quiet --no-input --disable-pip-version-check \
	--constraint requirements.lock

# The newest Python that can make an environment; PYTHON3=/path/to/python overrules the search.
PYTHON3 ?=
CANDIDATES = $(or $(PYTHON3),python3.14 python3.13 python3.12 python3.11 python3)

ifneq ($(strip $(DATA)),)
export CXDATA_DATA := $(DATA)
endif

.PHONY: help run test bench demo build lock clean format
.PHONY: check-format check-lint check-types check-contracts check-tests

help:  ## list these commands
	@echo "CX Outcomes: what customer experience does to the business."
	@echo
	@sed -n 's/^\([a-z]*\):.*  ## /\1|/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r name words; do printf '  make %-8s %s\n' "$$name" "$$words"; done

run: $(RUNTIME)  ## make the demo company if there are no data, then serve  [PORT=8501] [DATA=folder]
	@$(PYTHON) -m cxdata prepare
	@echo "Serving at http://localhost:$(PORT) (Ctrl-C stops)."
	@$(PYTHON) -m streamlit run app.py --server.port $(PORT) --server.headless true

test: $(DEVELOPMENT)  ## format check, lint, types, import contracts and all tests  [WORKERS=2]
	@failed=""; \
	for check in format lint types contracts tests; do \
		echo "==> $$check"; \
		$(MAKE) --no-print-directory check-$$check || failed="$$failed $$check"; \
	done; \
	if [ -n "$$failed" ]; then echo "make test: failed:$$failed"; exit 1; fi; \
	echo "make test: format, lint, types, contracts and tests are all good"

bench: $(DEVELOPMENT)  ## measure speed against a bare page  [BENCH_OUT=file.json] [ARGS=...]
	@$(PYTHON) -m benchmarks $(ARGS)

demo: $(RUNTIME)  ## write the demo company anew  [DATA=folder] [ARGS="--customers 20000 --seed 7"]
	@$(PYTHON) -m cxdata demo $(ARGS)

build: $(RUNTIME)  ## build the summaries of the data in use  [DATA=folder] [ARGS=...]
	@$(PYTHON) -m cxdata build $(ARGS)

format: $(DEVELOPMENT)  ## format the code and mend what lint can mend
	@$(PYTHON) -m ruff check --fix-only --quiet .
	@$(PYTHON) -m ruff format .

lock: $(DEVELOPMENT)  ## resolve requirements.lock anew
	@{ sed -n '1{/^#/p}' requirements.lock; \
		$(PYTHON) -m uv pip compile --quiet --upgrade --universal --python-version 3.11 \
			--fork-strategy fewest --no-header --no-annotate \
			--no-emit-index-url --no-emit-find-links requirements-dev.txt; \
	} > requirements.lock.new && mv requirements.lock.new requirements.lock
	@echo "requirements.lock is new; make test installs and tries it."

clean:  ## remove the environment and caches; data stay
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The parts of `make test`.

check-format:
	@$(PYTHON) -m ruff format --check .

check-lint:
	@$(PYTHON) -m ruff check .

check-types:
	@$(PYTHON) -m mypy

check-contracts:
	@$(PYTHON) -c 'from importlinter.cli import lint_imports_command as lint; lint(["--no-logo"])'

check-tests:
	@$(PYTHON) -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

# The environment: made once, installed again only when the requirements change.

$(PYTHON):
	@old=""; bare=""; \
	for name in $(CANDIDATES); do \
		"$$name" -c '' 2>/dev/null || continue; \
		if ! "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
			old="$$old $$name"; continue; \
		fi; \
		if ! "$$name" -c 'import ensurepip, venv' 2>/dev/null; then \
			bare="$$bare $$name"; continue; \
		fi; \
		echo "Making the environment in $(VENV) with $$($$name --version)."; \
		exec "$$name" -m venv --clear $(VENV); \
	done; \
	if [ -n "$$bare" ]; then \
		echo "Found$$bare, but without the venv module. On Debian: apt-get install python3-venv"; \
	elif [ -n "$$old" ]; then \
		echo "Found$$old, but CX Outcomes needs Python 3.11 or newer."; \
	else \
		echo "CX Outcomes needs Python 3.11 or newer. On Debian: apt-get install python3 python3-venv"; \
	fi >&2; \
	exit 1

$(RUNTIME): requirements.txt requirements.lock | $(PYTHON)
	@echo "Installing what requirements.txt names (a minute or two, once)."
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@
	@echo "Installed."

$(DEVELOPMENT): requirements-dev.txt requirements.txt requirements.lock | $(PYTHON)
	@echo "Installing what requirements-dev.txt names (a minute or two, once)."
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@ $(RUNTIME)
	@echo "Installed."
