# `make demo` and `make test` also set everything up. You only need git, make and Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# The tests start many processes: without what was compiled before, each compiles the project anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup demo test spark quick lint sample clean
.DEFAULT_GOAL := help

help:
	@echo "make demo    run the three sample nights, into var/demo"
	@echo "make test    format, lint, types, import rules and all tests"
	@echo "make spark   run the three sample nights on Spark; takes minutes"
	@echo "make quick   run the tests that take seconds"
	@echo "make lint    format, lint, types, import rules"
	@echo "make sample  make data/sample again from its seed"

setup: $(READY)

$(READY): requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.7"
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements-dev.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: setup
	$(BIN)/hedui demo

test: lint
	$(BIN)/python -m pytest -n 3 --dist loadscope --no-loadscope-reorder

spark: setup
	$(BIN)/python -m pytest -m "spark and long"

quick: setup
	$(BIN)/python -m pytest -n 2 --dist loadscope -m "not slow"

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports

sample: setup
	rm -rf data/sample/inbox data/sample/truth
	$(BIN)/hedui synth --population 12000 --seed 20201031 --from 2020-10-29 --nights 3 \
		--protected-share 0.52 --out data/sample

clean:
	rm -rf var $(VENV)
