# make demo   install everything, train if there is no live model, serve the demo shop
# make test   install everything and run every check and test
# make bench  measure turns, beside stock Rasa, and print them against the budgets
# make bench-nlu   put public data through the understanding of config.yml, beside stock Rasa's
# make lock   choose versions again and write the lock files, of the bot and of the tests' foreign shop

SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.9.0
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
BIN := .venv/bin
PORT ?= 8080

.PHONY: demo test check tests lane-a lane-b bench bench-nlu lock install machine clean

demo: install
	@test -f models/live/model.tar.gz || $(BIN)/bot train
	@$(BIN)/bot serve --demo --port $(PORT)

test: install machine check tests

check:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	npm --prefix bot/web ci --no-audit --no-fund --silent
	npm --prefix bot/web run --silent check

# Two lanes at once: hardly a test keeps more than one core busy. Playwright keeps an event loop of its
# own for as long as its tests run, so they are a run by themselves.
LANE_A := tests/actions tests/faq tests/foreign_shop tests/gateway tests/store_server
BROWSER_A := $(wildcard tests/browser/test_[a-o]*.py)
PYTEST := $(BIN)/python -m pytest
COVERAGE := --cov --cov-report=

tests:
	rm -f .coverage .coverage.*
	$(MAKE) --no-print-directory --jobs=2 --output-sync=target lane-a lane-b
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --skip-covered

lane-a:
	COVERAGE_FILE=.coverage.a $(PYTEST) $(LANE_A) $(COVERAGE)
	$(PYTEST) $(BROWSER_A)

lane-b:
	COVERAGE_FILE=.coverage.b $(PYTEST) $(LANE_A:%=--ignore=%) --ignore=tests/browser $(COVERAGE)
	$(PYTEST) tests/browser $(BROWSER_A:%=--ignore=%)

bench: install
	$(BIN)/python -m tests.benchmarks --json results/bench.json

bench-nlu: install
	$(BIN)/python -m tests.benchmarks.understanding --json results/bench-nlu.json

lock: $(UV)
	$(UV) pip compile pyproject.toml --extra dev --python-version 3.11 --generate-hashes \
		--no-header --no-emit-index-url --upgrade --quiet --output-file requirements.lock
	$(UV) pip compile tests/foreign_shop/requirements.in --no-config --python-version 3.11 \
		--generate-hashes --no-header --no-emit-index-url --upgrade --quiet \
		--output-file tests/foreign_shop/requirements.lock

install: .venv/installed

.venv/installed: requirements.lock pyproject.toml | $(UV)
	@$(UV) venv --quiet --clear --python $(PYTHON) .venv
	@echo "Installing (the first time fetches about 1 GB)"
	@$(UV) pip sync --quiet --require-hashes requirements.lock
	@$(UV) pip install --quiet --no-deps --editable .
	@touch $@

.uv/bin/uv:
	@$(PYTHON) -m venv .uv
	@.uv/bin/pip install --quiet --disable-pip-version-check "uv>=$(UV_VERSION)"

# What the tests need beside Python: a browser, Node.js to check types, PostgreSQL and Redis.
machine:
	@tests/prepare_machine.sh

clean:
	rm -rf .venv .uv .rasa .mypy_cache .ruff_cache .pytest_cache bot/web/node_modules results
