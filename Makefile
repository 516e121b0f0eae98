# The few words to type. Needs make and Python 3.11 or newer; everything else goes into .venv.

VENV := .venv
PY := $(VENV)/bin/python
IVR := $(PY) -m ivr
# Where it is set, every start would compile everything anew, which takes longer than the start itself.
unexport PYTHONDONTWRITEBYTECODE

RUN_READY := $(VENV)/ready-to-run
DEV_READY := $(VENV)/ready-to-develop
NODE_READY := $(VENV)/node/ready

# The first Python that is new enough and can make a venv; say `make PYTHON=...` to choose another.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo $$python; break; }; done)

.PHONY: help demo run test shots node lint format deep bench requirements clean
.DEFAULT_GOAL := help

help:  ## these words
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r word meaning; do \
		printf '  make %-14s %s\n' "$$word" "$$meaning"; done

demo: $(RUN_READY)  ## play one whole call, from ring to survey, told line by line
	@$(IVR) demo

run: $(RUN_READY)  ## serve hotline, desk and a telephone to try them with, on this machine only
	@$(IVR) run

# One process more than there are cores, for browsers let them wait; five at most, for each has a browser of its own.
WORKERS ?= $(shell cores=$$(nproc 2>/dev/null || echo 1); echo $$((cores < 4 ? cores + 1 : 5)))

test: $(DEV_READY)  ## run the tests, but for those that take minutes
	$(PY) -m pytest -q -n $(WORKERS)

shots: $(DEV_READY)  ## take a picture of each page, in var/shots, to look at
	DIALTREE_SHOTS="$(CURDIR)/var/shots" $(PY) -m pytest -q -m "browser and not deep"
	@echo "the pictures are in var/shots"

deep: $(DEV_READY)  ## run all tests, with many more examples each
	DIALTREE_DEPTH=deep $(PY) -m pytest -q -m ""

node: $(NODE_READY)  ## get what the tests' apps in Node need (npm; without it those tests are skipped)

lint: $(DEV_READY)  ## check style, layout and who imports whom
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports

format: $(DEV_READY)  ## lay the code out as the style wants it
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: $(DEV_READY)  ## measure, side by side, as ratios
	$(PY) -m benchmarks.turn
	$(PY) -m benchmarks.check
	$(PY) -m benchmarks.carrier
	$(PY) -m benchmarks.pages
	$(PY) -m benchmarks.cases
	$(PY) -m benchmarks.routing --most 10000 --agents 1000

# --no-compile: half a minute less; what is used is compiled when it is first used.
PIP_INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes

# The command `ivr`, run from this folder: what is changed here is what runs.
define COMMAND
printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s/$(PY)" -m ivr "$$@"\n' "$(CURDIR)" "$(CURDIR)" > $(VENV)/bin/ivr; \
	chmod +x $(VENV)/bin/ivr
endef

$(RUN_READY): requirements.txt | $(PY)
	@echo "getting what the program needs (once; a minute or so) ..."
	@$(PIP_INSTALL) -r requirements.txt
	@$(COMMAND)
	@touch $@

$(DEV_READY): requirements-dev.txt requirements.txt | $(PY)
	@echo "getting what developing needs (once; a minute or so) ..."
	@$(PIP_INSTALL) -r requirements-dev.txt
	@$(COMMAND)
	@touch $(RUN_READY) $@

# Beside the tests and not among them: what others wrote is not ours to check.
$(NODE_READY): tests/apps/node/package.json tests/apps/node/package-lock.json | $(PY)
	@command -v npm >/dev/null || { echo "make: needs Node 18 or newer with npm (Debian: apt install nodejs npm)" >&2; exit 2; }
	@mkdir -p $(@D) && cp $^ $(@D) && cd $(@D) && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

$(PY):
	@test -n "$(PYTHON)" || { echo "make: found no Python 3.11 or newer with its venv module" \
		"(Debian 12: apt install python3 python3-venv)" >&2; exit 2; }
	@rm -rf $(VENV); $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "make: $(PYTHON) could not make $(VENV)" >&2; exit 2; }

requirements:  ## pin anew what setup.cfg asks for (needs uv; keeps versions that still fit)
	@command -v uv >/dev/null || { echo "make: needs uv (pip install uv)" >&2; exit 2; }
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make requirements" setup.cfg -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make requirements" --extra dev -c requirements.txt setup.cfg -o requirements-dev.txt

clean:  ## take away what was made here, but not what the program has stored (var/)
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
