# `make demo` sets everything up and shows the demo network; `make test` sets up and runs the tests.

# The machine's uv if it is of the version that pyproject.toml requires, else one of our own that `make` fetches, and fetches
# anew once another version is required.
UV_VERSION := $(shell sed -n 's/^required-version = "==\([^"]*\)".*/\1/p' pyproject.toml)
version_of = $(word 2,$(shell $(1) --version 2>/dev/null))
UV := $(if $(filter $(UV_VERSION),$(call version_of,uv)),$(shell command -v uv;),.uv/bin/uv)
ifneq ($(UV_VERSION),$(call version_of,.uv/bin/uv))
.PHONY: .uv/bin/uv
endif
RUN = $(UV) run --no-sync

# Python keeps what it has compiled even where the machine asks it not to: the web, the worker and every process that a test
# starts would compile some 1,500 modules anew, which takes seconds.
export PYTHONDONTWRITEBYTECODE =

# Where Jirani is, said relative to .venv: Python 3.11 reads the absolute path by the locale, and under LC_ALL=C, as in cron,
# it does not start at all in a folder whose name has letters beyond ASCII.
RELATIVE = for pth in .venv/lib/python3*/site-packages/_*jirani.pth; do echo ../../../.. >"$$pth"; done

# The certificates that the machine trusts, if it keeps any: those of an office's proxy are among them, and uv knows only the public ones.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem),)
export UV_SYSTEM_CERTS ?= true
endif

## Set-up

.PHONY: demo install setup migration snapshot lock

# The demo network at http://127.0.0.1:8000; ARGS="--port 8080" and the like go to `jirani demo`. Run in make's place of
# a shell, so that Ctrl-C and SIGTERM reach it and it stops everything it started.
demo: $(UV)
	@echo "Installing what Jirani is made of …"
	@$(UV) sync --frozen --no-dev --inexact
	@$(RELATIVE)
	@exec .venv/bin/jirani demo $(ARGS)

# What serving a network needs, without tests and tools; EXTRAS="--extra s3" adds what is optional.
install: $(UV)
	@$(UV) sync --frozen --no-dev --quiet $(EXTRAS)
	@$(RELATIVE)

# Everything for working on Jirani, tests and linters included.
setup: $(UV)
	@$(UV) sync --frozen --quiet
	@$(RELATIVE)

# Write the migration of what has changed in the models: make migration APP=members NAME=what_it_does. It needs no network, for one
# whose models have changed does not start before the migration is there.
migration: setup
	@DJANGO_SETTINGS_MODULE=jirani.config.settings DATABASE_URL=postgresql:///none JIRANI_SECRET_KEY=none \
	$(RUN) python -W ignore::RuntimeWarning -m django makemigrations $(APP) $(if $(NAME),--name $(NAME))

# What all migrations make of an empty database, for a quick first start; run it after a change of migrations.
snapshot: setup
	@$(RUN) python -m tools.snapshot

# Bring uv.lock to where pyproject.toml is; ARGS="--upgrade" or "--upgrade-package django" takes newer releases.
lock: $(UV)
	@$(UV) lock $(ARGS)

.uv/bin/uv:
	@sh tools/fetch_uv.sh $(UV_VERSION)

.PHONY: test test-changed gaps test-all mutants format lint types rules sweep

## Checks

# Two processes take the modules in turn, in the order that tests/conftest.py gives them.
TWO = -n 2 --dist loadscope --no-loadscope-reorder

# Every test but the full sweeps, on two processes: within eight minutes on two cores.
test: setup
	$(RUN) pytest $(TWO) -m "not sweep"

# Tests of what differs from main, or from the commit that the branch follows, and of what imports it; ARGS="--since HEAD" for what
# is not committed. A first answer within a minute or two, not instead of all tests; but what nearly everything imports, as it does
# the models of members, asks for nearly every test: run `make gaps` and the tests of the app first.
test-changed: setup
	@$(RUN) python -m tools.changed $(ARGS) | xargs -r $(RUN) pytest $(TWO)

# Tests that name what a new field, record, address or app still lacks elsewhere: a migration, a place on stage or in a register, a
# way in. Within a minute or two.
gaps: setup
	$(RUN) pytest $(TWO) --tb=short -o verbosity_assertions=2 -m gaps tests/*.py tests/acting tests/changes tests/desk/test_translations.py tests/members/people tests/server/test_snapshot.py

# And the linters, the contracts, the types, the catalogues, the documents and the full sweeps: within forty-five.
test-all: test lint sweep

# Every page type in every language and colour scheme, where `make test` takes a pairwise choice; the canary as every role; a
# working day and the keyboard in Chromium; servers that are killed.
sweep: setup
	$(RUN) pytest $(TWO) -m sweep

# Whether tests notice when the domain's code is broken in one place (tools/mutants); an hour at most, and not in CI.
mutants: setup
	$(RUN) python -m tools.mutants $(ARGS)

# Lay the code out as `make lint` wants it.
format: setup
	@$(RUN) ruff check --fix-only --quiet
	@$(RUN) ruff format

# All that reads the code without running it. (Migrations are compared with the models by a test.)
lint: setup
	@$(MAKE) --no-print-directory --output-sync=target -j 2 types rules

types:
	$(RUN) mypy

rules:
	$(RUN) ruff check
	@$(RUN) ruff format --check || { echo "Run \`make format\`."; exit 1; }
	$(RUN) lint-imports
	$(RUN) python -m tools.templates
	$(RUN) python -m tools.css
	$(RUN) djlint --lint --quiet jirani
	$(RUN) python -m tools.links
	$(RUN) python -m tools.messages check
