# Two commands are enough: `make run` and `make test`. Each does its own set-up.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check lint install install-dev lock pictures bench bench-queue bench-duplicates bench-import event-day faults faults-notices messages

run: .venv/runtime
	@$(BIN)/python -m bot run

test: .venv/development
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m "not thorough"

check: lint
	@$(BIN)/python -m pytest -n 2 --dist worksteal

lint: .venv/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m locales check

bench: .venv/development
	$(BIN)/python -m benchmarks.throughput

bench-queue: .venv/development
	$(BIN)/python -m benchmarks.queue

bench-duplicates: .venv/development
	$(BIN)/python -m benchmarks.duplicates

bench-import: .venv/development
	$(BIN)/python -m benchmarks.importing

event-day: .venv/development
	$(BIN)/python -m benchmarks.event_day

faults-notices: .venv/development
	$(BIN)/python -m benchmarks.notices

faults: .venv/development
	$(BIN)/python -m benchmarks.faults

pictures: .venv/development
	$(BIN)/python -m tests.pictures

messages: .venv/development
	$(BIN)/python -m locales extract

install: .venv/runtime
install-dev: .venv/development

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv

.venv/runtime: requirements/runtime.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	@touch $@

.venv/development: requirements/development.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/development.txt
	@touch $@ .venv/runtime

# Development first, the runtime bound by it: both then agree on every version.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements/development.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements/development.txt pyproject.toml -o requirements/runtime.txt
