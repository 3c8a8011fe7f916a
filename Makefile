# Waymark: every command a person or CI runs. `make help` lists them.
VENV := .venv
PY := $(VENV)/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1
ARGS ?=

.PHONY: help install serve test gates test-long lint bench docs scores lock clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1	/' | expand -t 12

# A stamp for each set of packages: nothing is installed again while the lock and pyproject.toml stand.
$(VENV)/.run: pyproject.toml requirements.lock
	@echo "Installing Waymark into $(VENV) (about two minutes, 2 GB with the CPU build of torch)"
	@test -x $(PY) || python3 -m venv $(VENV)
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Waymark needs Python 3.11 or newer"; exit 2; }
	$(PY) -m pip install --quiet --constraint requirements.lock --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	$(PY) -m pip install --quiet --constraint requirements.lock --editable '.[dev]'
	@touch $@

install: $(VENV)/.run ## the environment in .venv, at the locked versions

serve: $(VENV)/.run ## web chat and API on 127.0.0.1:7860; options by ARGS="--port 8000"
	@$(VENV)/bin/waymark serve $(ARGS)

lint: $(VENV)/.dev ## style, types and the direction of imports
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

test: lint ## everything that is checked: lint, types, imports, guides, all tests, gates
	$(PY) -m pytest -m "not long" $(ARGS)
	@$(if $(strip $(ARGS)),echo "Only some tests were asked for: make gates was left out.",$(MAKE) --no-print-directory gates)

# A library and a run of their own, so that neither yours nor a run that you compare with is touched.
gates: $(VENV)/.dev ## the project's own questions held to evals/gates.toml, the score board held to them
	WAYMARK_LIBRARY=build/gates/library $(VENV)/bin/evals --fresh --out build/gates/run
	$(VENV)/bin/evals scores build/gates/run --check

test-long: $(VENV)/.dev ## the tests with full counts
	$(PY) -m pytest -m long $(ARGS)

bench: $(VENV)/.dev ## figures beside plain LangChain, in bench-out/; ARGS="--parts build --passages 500"
	$(VENV)/bin/evals bench $(ARGS)

docs: $(VENV)/.dev ## the site of docs/ in build/docs, warnings as errors; the tests build it too
	$(PY) docs/reference.py
	NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build --strict

scores: $(VENV)/.dev ## run the project's own questions and write the score board of README and docs
	$(VENV)/bin/evals --fresh $(ARGS)
	$(VENV)/bin/evals scores evals-out

lock: $(VENV)/.dev ## write requirements.lock from the versions in .venv
	$(PY) -m pip list --format=freeze --exclude-editable \
	  | grep -viE '^(pip|setuptools|wheel)==' | sed -E 's/\+cpu$$//' | LC_ALL=C sort -f > requirements.lock.new
	{ grep '^#' requirements.lock || true; cat requirements.lock.new; } > requirements.lock.tmp
	mv requirements.lock.tmp requirements.lock && rm requirements.lock.new

clean: ## remove what was built, the environment and the default library included
	rm -rf $(VENV) .waymark build bench-out evals-out .mypy_cache .pytest_cache .ruff_cache .import_linter_cache *.egg-info
