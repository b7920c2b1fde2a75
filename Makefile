# Each target sets up what it needs: a .venv with the versions of requirements.lock. Kept to what GNU make 3.81 knows.
#   make lab        open JupyterLab on notebooks/
#   make grade      grade the sample class
#   make test       the whole test suite
#   make attack     every attack on the grader, here and on stock nbgrader
#   make fuzz       hostile bytes for MINUTES=5

VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
HALF_MADE := $(VENV)/.half-made

# Tried in this order; `make PYTHON=/path/to/python3.12 lab` puts one before them.
PYTHONS := $(PYTHON) python3 python3.13 python3.12 python3.11
SUITABLE := import ensurepip, sqlite3, ssl, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

# A .venv that was moved or copied here, or whose Python is gone, is no longer ready.
ifneq ($(shell test "$$(cat $(READY) 2>/dev/null)" = "$(CURDIR)" && $(PY) -c "" 2>/dev/null && echo yes),yes)
.PHONY: $(READY)
endif

.PHONY: help setup lab grade test attack fuzz build check audit exam bench bench-thousand clean

help:
	@echo "make lab      open JupyterLab on notebooks/"
	@echo "make grade    grade a sample class: gradebook, feedback, class report (in sample/)"
	@echo "make test     run the whole test suite"
	@echo "make attack   try every attack here and on stock nbgrader (needs bubblewrap for the second)"
	@echo "make fuzz     throw hostile bytes at everything that reads a student's, for MINUTES=5"
	@echo "make build    build solutions/ and notebooks/ from lessons/"
	@echo "make check    ruff, mypy, is everything built, do the lessons keep the rules"
	@echo "make audit    prove that the exercises' tests have teeth"
	@echo "make exam     ask the examiner's answers with several secret seeds; whole classes against stock nbgrader"
	@echo "make bench    measure grading against stock nbgrader"
	@echo "make bench-thousand  measure a class of a thousand against one of a hundred"
	@echo "make clean    delete what these commands left, except .venv"
	@echo "Each sets up a .venv first, when there is none. Start afresh: rm -r .venv"

setup: $(READY)

# A .venv that an interrupted set-up left, or that was moved, or another Python's, is made anew; a working one is
# brought up to date.
$(READY): requirements.lock pyproject.toml
	@if test -e $(HALF_MADE) || { test -e $(READY) && test "$$(cat $(READY))" != "$(CURDIR)"; } \
	    || ! $(PY) -c "$(SUITABLE)" 2>/dev/null || ! $(PY) -m pip --version >/dev/null 2>&1; then \
	  python=; \
	  for candidate in $(PYTHONS); do \
	    if $$candidate -c "$(SUITABLE)" >/dev/null 2>&1; then python=$$candidate; break; fi; \
	  done; \
	  if test -z "$$python"; then \
	    echo "No Python 3.11, 3.12 or 3.13 with venv, ssl and sqlite3 found: install one (on Debian python3-venv, too), or name it: make PYTHON=/path/to/python3.12 ..." >&2; \
	    exit 1; \
	  fi; \
	  echo "Setting up $(VENV) with $$($$python --version); this takes a few minutes, once."; \
	  rm -rf $(VENV) && mkdir $(VENV) && touch $(HALF_MADE) && $$python -m venv $(VENV) || exit 1; \
	fi
	@rm -f $(READY); touch $(HALF_MADE)
	@if ! $(PY) -m pip install --quiet --disable-pip-version-check -r requirements.lock \
	    || ! $(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; then \
	  rm -f $(HALF_MADE); echo "$(CURDIR)" > $(READY); touch -t 200001010000 $(READY); \
	  echo "The packages could not be installed (see above). Is there a network? Run the same command again." >&2; \
	  exit 1; \
	fi
	@rm -f $(HALF_MADE); echo "$(CURDIR)" > $(READY)

lab: $(READY)
	@$(PY) -m autograde lab

grade: $(READY)
	@$(PY) -m autograde grade --sample

# Tests that need the machine to themselves (a browser, timings) run after the others.
test: $(READY)
	@status=0; \
	$(PY) -m pytest -n 2 --dist loadgroup -m "not alone" || status=1; \
	$(PY) -m pytest -m alone || status=1; \
	exit $$status

attack: $(READY)
	@$(PY) -m tests.attacks

MINUTES := 5
fuzz: $(READY)
	@$(PY) -m tests.fuzz --minutes $(MINUTES)

build: $(READY)
	@$(PY) -m autograde build

check: $(READY)
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(PY) -m autograde build --check
	@$(PY) -m autograde lint

audit: $(READY)
	@$(PY) -m autograde audit

exam: $(READY)
	@$(PY) -m pytest -q tests/examiner tests/grading/test_real_lessons.py --thorough

bench: $(READY)
	@$(PY) -m benchmarks

bench-thousand: $(READY)
	@$(PY) -m benchmarks.thousand

# Submissions, gradebooks, feedback and releases are never among it.
clean:
	rm -rf sample test-artefacts build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find autograde coursekit lessons tests benchmarks -name __pycache__ -prune -exec rm -rf {} +
