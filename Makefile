# `make run` scores this month, `make test` passes the tests; each first makes its own environment in .venv,
# with the versions of constraints.txt. Written for GNU make 3.81 and later (macOS ships that one).

# The first of these that is Python 3.11 or later; or name one: make run PYTHON=python3.12
ifndef PYTHON
PYTHON := $(or $(shell for python in python3 python3.13 python3.12 python3.11; do \
    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; \
    done),python3)
endif

VENV := .venv
# -P keeps the checkout off sys.path: `features` must not be importable beside `faultline.features`.
RUN := $(VENV)/bin/python -P
INSTALL := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
# An editable install remembers its folder, so a stamp counts only in the folder that it was made in.
HERE := $(shell pwd | cksum | cut -d ' ' -f 1)
RUNTIME := $(VENV)/.installed-$(HERE)
DEVELOPMENT := $(VENV)/.installed-dev-$(HERE)

# Any word here takes the slow tests in with the others: make test SLOW=too. In one run no core waits for the other.
SLOW ?=

# Options handed on, such as: make run ARGS="--origin 2024-06", make test ARGS="-k panel"
ARGS ?=

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test test-slow fuzz lint types check ui format constraints clean

help:
	@echo 'make run          score this month: predictions/, the brief, mlruns/   (ARGS="--origin 2024-06")'
	@echo 'make test         run the tests            (ARGS="-k panel", SLOW=too for the slow ones as well)'
	@echo 'make test-slow    run the tests of servers and of whole jobs on other data'
	@echo 'make fuzz         give each reader a thousand damaged files, others each time'
	@echo 'make lint         ruff and the import contracts'
	@echo 'make types        basedpyright, strict on the package'
	@echo 'make check        lint, types, tests and fuzz'
	@echo 'make format       let ruff format the code and mend what it can'
	@echo 'make ui           open the MLflow UI on the runs in mlruns/'
	@echo 'make constraints  choose the pinned versions anew, from a fresh environment'
	@echo 'make clean        remove the environment and caches; predictions/ and mlruns/ stay'

run: $(RUNTIME)
	@$(VENV)/bin/faultline run $(ARGS)

test: $(DEVELOPMENT)
	@$(RUN) -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(if $(SLOW),,-m "not slow") $(ARGS)

test-slow: $(DEVELOPMENT)
	@$(RUN) -m pytest --numprocesses 2 --dist loadfile -m slow $(ARGS)

fuzz: $(DEVELOPMENT)
	@FAULTLINE_FUZZ=full $(RUN) -m pytest --numprocesses 2 tests/features/sources/test_fuzz_events.py \
	    tests/features/sources/test_fuzz_political.py $(ARGS)

lint: $(DEVELOPMENT)
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -c 'from importlinter.cli import lint_imports_command as lint; lint()' --no-logo

types: $(DEVELOPMENT)
	@$(RUN) -m basedpyright

check: SLOW := too
check: lint types test fuzz

format: $(DEVELOPMENT)
	@$(RUN) -m ruff check --fix .
	@$(RUN) -m ruff format .

ui: $(RUNTIME)
	@$(VENV)/bin/faultline ui $(ARGS)

# Setuptools comes first and builds in place of an isolated build, so that it too is the pinned one.
define make_environment
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "faultline needs Python 3.11 or later; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || true)." >&2; \
	    echo "Install one (python.org, or your package manager) and name it: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; \
	    exit 1; }
	@echo "Preparing $(VENV) with $(PYTHON): about 1.5 GB and two minutes or more, once."
	@$(PYTHON) -m venv $(VENV)
	@rm -f $(VENV)/.installed-*
	@$(INSTALL) setuptools
endef

$(RUNTIME): pyproject.toml constraints.txt
	$(make_environment)
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(DEVELOPMENT): pyproject.toml constraints.txt
	$(make_environment)
	@$(INSTALL) --no-build-isolation --editable '.[dev]'
	@# Type checkers read no import hooks, which is what the editable install is: this link stands in for it.
	@mkdir -p $(VENV)/import && ln -sfn ../.. $(VENV)/import/faultline
	@touch $(RUNTIME) $@

# The oldest Python that is supported chooses, since newer ones can take what it takes.
constraints:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
	    echo "Pins are chosen with Python 3.11: make constraints PYTHON=python3.11" >&2; exit 1; }
	@rm -rf build/constraints
	@$(PYTHON) -m venv build/constraints
	@build/constraints/bin/python -m pip install --quiet --disable-pip-version-check --upgrade setuptools
	@build/constraints/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --editable '.[dev]'
	@{ echo '# Every package of the environment that faultline is tested in, direct and transitive, the dev extra too.'; \
	   echo '# Made by `make constraints` on Linux with Python 3.11; they hold for 3.12 and 3.13 as well.'; \
	   build/constraints/bin/python -m pip freeze --disable-pip-version-check --all --exclude-editable --exclude pip; \
	 } > build/constraints.txt
	@mv build/constraints.txt constraints.txt
	@rm -rf build/constraints

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
