# Everything happens in .venv; PYTHON chooses the interpreter that makes it.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint check format clean

demo: .venv/.installed  ## build the graph from seeds/articles and say where it is
	$(BIN)/incidentgraph build seeds/articles --out out

test: .venv/.dev  ## run all tests
	$(BIN)/python -m pytest

lint: .venv/.dev  ## style, types and who may import what
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test  ## what CI runs

format: .venv/.dev  ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv out

.venv/.made:
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.installed: .venv/.made pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/.dev: .venv/.installed pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@
