# `make demo` sets everything up and shows the demo network; `make test` sets up and runs the tests.

RUN = $(UV) run --no-sync

.PHONY: test test-all lint sweep

## Checks

# Every test but the full sweeps, on two processes: within four minutes on two cores.
test: setup
	$(RUN) pytest -n 2 --dist loadscope -m "not sweep"

# And the linters, the contracts, the types, the catalogues, the documents and the full sweeps: within fifteen.
test-all: test lint sweep

# Every page type in every language and colour scheme, where `make test` takes a pairwise choice.
sweep: setup
	$(RUN) pytest -n 2 --dist loadscope -m sweep

# The settings want a key to be read at all; nothing is signed with it.
lint: export JIRANI_SECRET_KEY ?= not-a-secret
lint: setup
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) lint-imports
	$(RUN) python -m tools.templates
	$(RUN) python -m tools.css
	$(RUN) djlint --lint --quiet jirani
	$(RUN) python -m tools.links
	$(RUN) python -m tools.messages check
	$(RUN) mypy
	$(RUN) jirani manage makemigrations --check --dry-run
