# The only entry: run test check fmt demo messages docs bench e2e lock postgres.  PORT=8010 make run uses another port.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export PATH := $(CURDIR)/.venv/bin:$(PATH)
export WUYOU_HOME ?= $(CURDIR)/.wuyou
export DJANGO_SETTINGS_MODULE := wuyou.config.settings
export PIP_DISABLE_PIP_VERSION_CHECK := 1
PORT ?= 8000
export PORT

DONE := .venv/done
POSTGRES = $(shell scripts/postgres url)
UI := $(shell find src/wuyou/ui/assets -type f 2>/dev/null) $(shell find src/wuyou/ui src/wuyou/faces \( -name '*.html' -o -name '*.py' \) 2>/dev/null)
PARALLEL ?= -n logical

.PHONY: help run test check fmt demo messages docs bench e2e pictures lock postgres ready tools system clean

help:
	@echo "make run       set up everything that is missing, then serve (PORT=8010 make run: another port)"
	@echo "make demo      build the demonstration estates (make run does it the first time)"
	@echo "make test      the whole suite on SQLite and PostgreSQL, then the browser"
	@echo "make e2e       the browser tests only"
	@echo "make check     formatting, types, imports, templates, deployment settings, migrations"
	@echo "make fmt       put the formatting right"
	@echo "make messages  collect texts for translation"
	@echo "make docs      write the reference pages from the code"
	@echo "make pictures  make the pictures of the documents anew"
	@echo "make bench     measure speed and memory on both databases"
	@echo "make lock      pin all dependencies anew"
	@echo "make postgres  start the PostgreSQL for tests"

# --- set-up, each step once and again only when what it depends on changes

$(DONE)/venv:
	@scripts/venv
	@mkdir -p $(DONE) && touch $@

$(DONE)/packages: $(DONE)/venv requirements/base.txt requirements/build.txt pyproject.toml
	@echo "Installing packages …"
	@scripts/install base build
	@scripts/install --self
	@touch $@

$(DONE)/node: $(DONE)/venv requirements/node.txt
	@scripts/node-is-there || { echo "Installing Node …"; scripts/install node; }
	@touch $@

$(DONE)/npm: $(DONE)/node package.json package-lock.json .npmrc
	@echo "Installing front-end packages …"
	@npm ci --silent --no-progress
	@touch $@

src/wuyou/ui/dist/manifest.json: $(DONE)/npm vite.config.js $(UI)
	@echo "Building the front end …"
	@npm run --silent build -- --logLevel error
	@touch $@

$(DONE)/catalogue: $(DONE)/packages $(shell find src/wuyou/locale -name '*.po' 2>/dev/null)
	@python -m wuyou.config.catalogue compile
	@touch $@

# A Chinese font for photos and printed pages, for machines that have none
FONT := src/wuyou/fonts/NotoSansSC_400Regular.ttf
$(FONT): $(DONE)/npm
	@mkdir -p $(@D) && cp node_modules/@expo-google-fonts/noto-sans-sc/400Regular/$(@F) $@

ready: $(DONE)/packages src/wuyou/ui/dist/manifest.json $(DONE)/catalogue $(FONT)

$(DONE)/tools: $(DONE)/packages requirements/dev.txt
	@echo "Installing tools for development …"
	@scripts/install dev
	@touch $@

tools: ready $(DONE)/tools

system:
	@scripts/system-packages

# --- what people want

run: ready
	@wuyou upgrade
	@wuyou demo --if-empty
	@exec wuyou serve --port "$(PORT)"

demo: ready
	@wuyou upgrade
	@wuyou demo

# A home of their own: tests never see the data of `make run`. In CI a skipped test is a failed one.
TEST = WUYOU_HOME=$(CURDIR)/build/test-home python -m pytest

test: tools system
	@echo "--- SQLite"
	@$(TEST) -q $(PARALLEL) -m "not browser"
	@echo "--- PostgreSQL"
	@scripts/postgres start >/dev/null
	@WUYOU_DATABASE_URL="$(POSTGRES)" $(TEST) -q $(PARALLEL) -m "not browser"
	@echo "--- browser"
	@$(TEST) -q -m browser --reruns 2

e2e: tools system
	@$(TEST) -q -m browser --reruns 2

# As in production, but in a home that may be thrown away
STRICT = WUYOU_HOME=$(CURDIR)/build/check-home WUYOU_HTTPS=true WUYOU_BASE_URL=https://wuyou.example WUYOU_ALLOWED_HOSTS=wuyou.example

check: tools
	ruff check .
	ruff format --check .
	mypy
	lint-imports --no-cache
	git ls-files -z '*.html' | xargs -0 --no-run-if-empty djade --check --target-version 5.2
	$(STRICT) python manage.py check --deploy --fail-level WARNING
	$(STRICT) python manage.py makemigrations --check --dry-run

fmt: tools
	ruff check --fix-only --quiet .
	ruff format .
	git ls-files -z '*.html' | xargs -0 --no-run-if-empty djade --target-version 5.2 || true

messages: tools
	python -m wuyou.config.catalogue update

docs: tools
	python -m wuyou.config.reference

pictures: tools system
	@WUYOU_PICTURES=1 $(TEST) -q tests/e2e/test_pictures.py

bench: tools system
	@scripts/postgres start >/dev/null
	@WUYOU_HOME=$(CURDIR)/build/bench-home WUYOU_BENCH_POSTGRES="$(POSTGRES)" python -m bench $(ONLY)

postgres: system
	@scripts/postgres start

lock: $(DONE)/tools
	scripts/lock

clean:
	rm -rf build node_modules src/wuyou/ui/dist
