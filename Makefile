# `make run` and `make test` do all the set-up they need on a Debian 12 that has only make and Python 3.11.
# VENV=path puts the virtual environment elsewhere; PYTHON=path makes it with another Python, 3.11 or 3.12.

VENV ?= .venv
export VENV
# Hundreds of processes are started in the tests. Each would compile all modules anew: half a second of a core.
unexport PYTHONDONTWRITEBYTECODE
BIN := $(VENV)/bin
MODEL := tests/data/tiny_model/tiny-glm-4.6v-Q8_0.gguf
DEMO := resources/demo/shapes.png

.PHONY: run test test-slow bench lint format pins clean

run:
	@scripts/setup.sh run
	@echo "The model that comes along is tiny and made for tests: it knows coloured shapes and numbers, and nothing else."
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		exec $(BIN)/sightline --model $(MODEL); \
	fi; \
	echo "There is no display here, so it is asked in the terminal to locate the red circle in $(DEMO)."; \
	$(BIN)/sightline ask $(DEMO) "Locate the red circle." --annotate annotated.png --model $(MODEL) && \
	echo "The picture with its answer drawn on it: $(CURDIR)/annotated.png"

# Two at a time, each file by one: a model is loaded once for all tests of a file.
test: lint
	$(BIN)/pytest -m "not slow" --numprocesses 2 --dist loadscope

test-slow:
	@scripts/setup.sh dev
	SIGHTLINE_SAMPLES=100 SIGHTLINE_EXAMPLES=200 $(BIN)/pytest

bench:
	@scripts/setup.sh dev
	@for figure in $$(grep -l -e --quick bench/*.py | grep -v -e pdf.py -e recognition.py); do $(BIN)/python -m bench.$$(basename $$figure .py) --quick || exit; done

lint:
	@scripts/setup.sh dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format:
	@scripts/setup.sh dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# Moves every pin to the newest version that pyproject.toml allows.
pins:
	@scripts/setup.sh dev
	$(BIN)/pip install --upgrade --upgrade-strategy eager --editable .[dev]
	$(BIN)/pip freeze --exclude-editable > constraints.txt

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis annotated.png
