# make demo      a demo city on http://127.0.0.1:8000 (PORT=… SCALE=… SEED=…)
# make test      lint, types and every test, a real browser included
# make bench     our figures beside the floor of this machine

PYTHON ?= python3
SCALE ?= 1
SEED ?= 1
# the longest first, so that nothing waits for it at the end
TESTS ?= tests/test_access_sweep.py src tests
MAKEFLAGS += --no-print-directory

.PHONY: demo serve test lint format bench lock environment clean
.DEFAULT_GOAL := demo

demo:
	@$(PYTHON) scripts/environment.py runtime
	@.venv/bin/mbois demo --scale=$(SCALE) --seed=$(SEED)

serve:
	@$(PYTHON) scripts/environment.py runtime
	@.venv/bin/mbois serve

environment:
	@$(PYTHON) scripts/environment.py dev

lint: environment
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/mypy src
	@.venv/bin/lint-imports

format: environment
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

test: lint
	@scripts/browser.sh
	@.venv/bin/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder $(TESTS)

bench: environment
	@.venv/bin/python benchmarks

# Pin again what pyproject.toml asks for; UPGRADE=--upgrade takes newer versions.
lock:
	@scripts/lock.sh $(UPGRADE)

clean:
	@rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis
	@find src tests scripts -name __pycache__ -prune -exec rm -rf {} +
