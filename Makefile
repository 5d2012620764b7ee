# make demo | test | test-all | lint | up | bench | format | messages | lock | spark | chaos, each with ARGS="…" passed on.
PYTHON ?= python3
ARGS ?=
ONLY ?=
export PYTHONUNBUFFERED = 1
# Images of containers often forbid it; then each of the hundreds of processes of a test run compiles what it imports.
unexport PYTHONDONTWRITEBYTECODE

RUN := .venv/bin/python
# A SENIM_HOME and servers of its own, gone afterwards.
HERMETIC := $(RUN) -m governance.config.hermetic

.PHONY: help bootstrap demo up test test-all lint format bench messages lock spark chaos
.NOTPARALLEL:

help:
	@sed -n 1p Makefile

bootstrap:
	@$(PYTHON) governance/config/bootstrap.py

demo: bootstrap
	$(RUN) manage.py demo $(ARGS)

up: bootstrap
	$(RUN) manage.py migrate --noinput --verbosity 0
	$(RUN) manage.py load_catalogue --verbosity 0
	$(RUN) manage.py up $(ARGS)

test: bootstrap
	$(HERMETIC) $(RUN) -m pytest -m "not slow" -n 2 --dist loadgroup $(ARGS)

test-all: bootstrap
	$(HERMETIC) $(RUN) -m pytest -n 2 --dist loadgroup $(ARGS)

lint: bootstrap
	.venv/bin/ruff check . $(ARGS)
	.venv/bin/ruff format --check .
	$(HERMETIC) $(RUN) -m mypy
	.venv/bin/lint-imports
	.venv/bin/djlint templates --lint --quiet
	$(HERMETIC) $(RUN) manage.py makemigrations --check --dry-run
	$(HERMETIC) $(RUN) manage.py check

format: bootstrap
	.venv/bin/ruff check --fix . $(ARGS)
	.venv/bin/ruff format .

bench: bootstrap
	$(HERMETIC) --durable $(RUN) manage.py bench --only "$(ONLY)" $(ARGS)

# 500 kills over 2,000 runs take half an hour on two cores, an hour on slow ones: ARGS="--runs 80 --kills 20 --seed 7" is a short form.
chaos: bootstrap
	$(HERMETIC) --durable $(RUN) -m tests.chaos $(ARGS)

messages: bootstrap
	$(RUN) manage.py translations extract $(ARGS)
	$(RUN) manage.py translations check

LOCKED := $(RUN) -m uv pip compile --universal --generate-hashes --no-annotate --python-version 3.11

lock: bootstrap
	$(LOCKED) --extra demo --extra dev pyproject.toml -o requirements.lock $(ARGS)
	$(RUN) -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['spark'])" \
	| $(LOCKED) --custom-compile-command "make lock" - -o requirements-spark.lock $(ARGS)

# 480 MB that only the tests of counts in Spark need: beside .venv, not in it.
spark: bootstrap
	test -e .spark/py4j -a .spark -nt requirements-spark.lock || \
	$(RUN) -m pip install --quiet --upgrade --no-deps --require-hashes --target .spark -r requirements-spark.lock
