# Every target is a word of tools/dev.py, which does the work on every system (on Windows: dev.cmd).
PYTHON ?= python3
ARGS ?=

.PHONY: help setup run test check fmt packages wheelhouse onefile onefolder bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## make .venv with everything a developer needs
	@$(PYTHON) tools/dev.py setup

run: ## start the program: make run ARGS="guide aggressive --lang no"
	@$(PYTHON) tools/dev.py run $(ARGS)

test: ## run the tests: make test ARGS="-k journal"
	@$(PYTHON) tools/dev.py test $(ARGS)

check: ## everything a change must pass: style, types, imports, tests, packages, texts
	@$(PYTHON) tools/dev.py check $(ARGS)

fmt: ## put the sources in form
	@$(PYTHON) tools/dev.py fmt

packages: ## build wheel and sdist into dist/
	@$(PYTHON) tools/dev.py packages

wheelhouse: ## build a zip for pip without a network: make wheelhouse ARGS="windows"
	@$(PYTHON) tools/dev.py wheelhouse $(ARGS)

onefile: ## build a single file for Linux or macOS with a Python
	@$(PYTHON) tools/dev.py onefile

onefolder: ## build a folder that needs no Python, for this system
	@$(PYTHON) tools/dev.py onefolder

bench: ## measure how fast the program is: make bench ARGS=--quick
	@$(PYTHON) tools/dev.py bench $(ARGS)

clean: ## remove .venv and whatever the tools leave behind
	@$(PYTHON) tools/dev.py clean
