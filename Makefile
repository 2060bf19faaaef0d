# `make run` starts the platform, `make test` proves it. Both do all their own set-up.
PYTHON ?= python3
BIN := .venv/bin
SEARCH_TESTS := $(addprefix tests/search/test_,engines.py readings.py evaluation.py elastic.py elastic_upkeep.py fallback.py quality.py services.py views.py)
export PYTHONUNBUFFERED := 1
# Without bytecode each process compiles thousands of modules at every start; it is kept in ignored folders.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-quick test-postgres test-servers test-processes-run test-elasticsearch test-elasticsearch-run lint lock benchmark benchmark-search env clean help

run: $(BIN)/.runtime ## Start web, worker and scheduler; prints the address and the sample log-ins
	@exec $(BIN)/python manage.py run

test: $(BIN)/.development ## Install what the tests need and run everything, on SQLite, on Elasticsearch and on PostgreSQL
	@tools/test-packages
	@$(BIN)/python manage.py compile_translations
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not browser and not crawl and not servers and not elastic"
	@$(BIN)/python -m pytest -m browser
	@$(MAKE) --no-print-directory test-elasticsearch-run
	@$(MAKE) --no-print-directory test-processes-run
	@tools/with-postgres $(BIN)/python -m pytest -n 2 --dist loadfile -m "not browser and not static and not servers and not elastic" --ignore=tests/matching/engine

test-quick: $(BIN)/.development ## The suite on SQLite without browser journeys
	@$(BIN)/python manage.py compile_translations
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not browser and not crawl and not servers and not elastic"

test-postgres: $(BIN)/.development ## The suite on a private PostgreSQL
	@$(BIN)/python manage.py compile_translations
	@tools/with-postgres $(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not browser and not static and not servers and not elastic" --ignore=tests/matching/engine

test-elasticsearch: $(BIN)/.development ## Search on a private Elasticsearch, which is fetched when it is not there yet
	@tools/test-packages
	@$(BIN)/python manage.py compile_translations
	@$(MAKE) --no-print-directory test-elasticsearch-run

test-servers: $(BIN)/.development ## The processes as in docker-compose.yml and the suite, on PostgreSQL, Redis and Elasticsearch
	@tools/test-packages
	@$(BIN)/python manage.py compile_translations
	@$(MAKE) --no-print-directory test-processes-run
	@tools/with-postgres $(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not browser and not static and not servers and not elastic" --ignore=tests/matching/engine

test-processes-run:
	@tools/with-elasticsearch tools/with-postgres tools/with-redis $(BIN)/python -m pytest -q -m servers tests/deployment

test-elasticsearch-run:
	@tools/with-elasticsearch sh -ec '$(BIN)/python -m pytest -q -n 2 --dist load -m "not outage" $(SEARCH_TESTS); $(BIN)/python -m pytest -q -m outage tests/search'

lint: $(BIN)/.development ## Format and lint
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format . && $(BIN)/lint-imports

benchmark: $(BIN)/.runtime ## Time the matcher against other engines; writes the table in docs/matching.md and its plot
	@test -x .venv-benchmarks/bin/python || $(PYTHON) -m venv .venv-benchmarks
	@$(BIN)/uv pip sync -q --python .venv-benchmarks/bin/python --require-hashes requirements-benchmarks.lock
	@.venv-benchmarks/bin/python -m benchmarks.matching $(BENCHMARK)

benchmark-search: $(BIN)/.development ## Time search on every engine beside modelsearch's own; writes the tables in docs/search.md
	@tools/test-packages
	@tools/with-elasticsearch tools/with-postgres $(BIN)/python -m benchmarks.search $(BENCHMARK)

lock: $(BIN)/.development ## Resolve the dependencies of pyproject.toml anew
	@$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-annotate --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-annotate --no-header --python-version 3.11 pyproject.toml --group dev -o requirements-dev.lock
	@$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-annotate --no-header --python-version 3.11 pyproject.toml --group benchmarks -c requirements.lock -o requirements-benchmarks.lock

$(BIN)/.runtime: requirements.lock tools/environment
	@PYTHON=$(PYTHON) tools/environment requirements.lock

$(BIN)/.development: requirements-dev.lock tools/environment
	@PYTHON=$(PYTHON) tools/environment requirements-dev.lock && touch $(BIN)/.runtime

env: ## Write .env with fresh secrets for docker-compose.yml
	@tools/make-env

clean: ## Remove the environment and caches; the data in var/ stays
	@rm -rf .venv .pytest_cache .ruff_cache .hypothesis

help: ## This list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16
