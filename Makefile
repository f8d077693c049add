# Everything a person types; `make help` lists it. ARGS='…' is passed on.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The lock is a constraint too: pip 23 otherwise takes the newest release for `name[extra]`.
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
ARGS ?=

help: ## list all targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/installed: $(VENV)/python requirements.lock pyproject.toml
	$(PIP) install --require-hashes -r requirements.lock -c requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/developing: $(VENV)/installed requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock -c requirements-dev.lock
	@touch $@

install: $(VENV)/installed ## make .venv with what the product needs, from the lock file

demo: $(VENV)/installed ## walk three newcomers through their first 90 days (ARGS='--once --json')
	@$(BIN)/onboarding demo $(ARGS)

run: $(VENV)/installed ## start it for real: Prefect server, runner, web app
	@$(BIN)/onboarding up $(ARGS)

test: $(VENV)/developing ## the test suite: all but what is slow, the demo and the pages in a browser
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m 'not slow and not demo and not browser' $(ARGS)

test-slow: $(VENV)/developing ## the slow tests: long stories, real Prefect servers, thousands of people
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m 'slow and not demo and not browser' $(ARGS)

test-demo: $(VENV)/developing ## the demo, from the webhooks to a table without a problem
	@$(BIN)/python -m pytest -q -m demo tests/cli $(ARGS)

test-browser: $(VENV)/developing ## pages and mails in Chromium (first `make browser`)
	@$(BIN)/python -m pytest -n 2 --dist loadfile -q tests/browser $(ARGS)

# Tracing more than doubles the time of a test, so the slow ones are left out: they repeat at length what others prove.
coverage: $(VENV)/developing ## branch coverage of the tests that are not slow
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m 'not slow' -q --cov --cov-report= $(ARGS)
	@$(BIN)/python -m coverage report --fail-under=90

test-fast: $(VENV)/developing ## the tests that take seconds: the domain and the repository's promises
	@$(BIN)/python -m pytest -n 2 -m 'not slow' --hypothesis-profile=fast -q tests/domain tests/repo tests/test_settings.py tests/test_clock.py tests/test_bootstrap.py $(ARGS)

# A browser is no part of a virtual environment: install chromium and chromium-driver with the packages of the system.
browser: ## install the accessibility engine with which the tests look at the pages in Chromium
	@npm ci --ignore-scripts --no-audit --no-fund

lint: $(VENV)/developing ## lint, format check, types, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

check: lint test ## what CI runs: lint and test

format: $(VENV)/developing ## format the code
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

bench: $(VENV)/developing ## benchmarks beside their floors (ARGS='--only NAME --json FILE')
	@$(BIN)/python -m tests.benchmarks $(ARGS)

lock: $(VENV)/developing ## resolve the dependencies again and lock them with hashes
	@$(BIN)/python -m pip --disable-pip-version-check -q install uv
	@$(BIN)/uv pip compile -q pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock
	@$(BIN)/uv pip compile -q pyproject.toml --group build --extra dev -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements-dev.lock

wheel: $(VENV)/developing ## build a wheel into dist/
	@$(BIN)/python -m pip --disable-pip-version-check -q wheel --no-deps --no-build-isolation -w dist .

clean: ## remove what was built, .venv included
	rm -rf $(VENV) node_modules dist build .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis

.PHONY: help install demo run test test-slow test-demo test-browser coverage test-fast browser lint check format bench lock wheel clean
