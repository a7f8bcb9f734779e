# Two commands set a machine up: `make demo` and `make test`. Each makes what it needs, and only once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SDK := .venv-sap-sdk
DETECT_SECRETS := .venv-detect-secrets
DOCS := .venv-docs
HAS_NPM := $(shell command -v npm 2>/dev/null)
PIP := -m pip install --quiet --disable-pip-version-check
DEMO := build/01-your-first-secret.ipynb

# Whole files go to as many workers as there are cores: most tests wait, but each browser and kernel fills one.
TEST := $(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.PHONY: help demo lab test quick faults paths leaks ledger rotations scans inputs looks pictures reference docs check wheel lowest release clean

help:
	@echo "make demo    run the first tutorial in the sandbox and show the result"
	@echo "make lab     open the tutorials in JupyterLab"
	@echo "make test    run every test; as root, install what some need"
	@echo "make quick   run the tests of what changed since the branch left main, in under a minute"
	@echo "make faults  run every fault against this project, SAP's SDK and bare requests"
	@echo "make paths   try every answer that a write can get, and count untrue answers"
	@echo "make leaks   enter passwords in every way, and say where they were found"
	@echo "make ledger  kill writers of the ledger, fail each of its system calls, and measure: lost, torn, ms"
	@echo "make rotations  kill a rotation 200 times, in every weather, and interrupt it at every line: untrue"
	@echo "make scans   scan planted and clean notebooks beside detect-secrets: found, false, seconds"
	@echo "make inputs  try 10,000 new texts at every input, and new examples of every property"
	@echo "make looks   take pictures of the form in every state, theme and width"
	@echo "make pictures  take the pictures of the README again"
	@echo "make reference  write the pages of rules and registries again"
	@echo "make docs    build README, reference, tutorials and Python API as a site with search, into build/site"
	@echo "make check   formatter, linter, types, floors"
	@echo "make wheel   build the package into dist/"
	@echo "make lowest  run the tests with the lowest versions that are supported"
	@echo "make release  build and try what can be released, and say what is left to do by hand"
	@echo "make clean   remove what these targets made"

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# Not compiled here: what is imported compiles itself, and the first demo begins some seconds sooner.
$(VENV)/demo.done: $(BIN)/python pyproject.toml .ci/requirements-demo.txt
	$(BIN)/python $(PIP) --no-compile --editable . --requirement .ci/requirements-demo.txt
	@touch $@

$(VENV)/test.done: $(VENV)/demo.done .ci/requirements-test.txt
	$(BIN)/python $(PIP) --requirement .ci/requirements-test.txt
	@touch $@

$(VENV)/lab.done: $(VENV)/demo.done
	$(BIN)/python $(PIP) --editable '.[lab]'
	@touch $@

# SAP's own SDK, which the tests let work on the sandbox, in an environment of its own.
$(SDK)/done:
	$(PYTHON) -m venv $(SDK)
	$(SDK)/bin/python $(PIP) --requirement .ci/requirements-sap-sdk.txt
	@touch $@

# Another scanner, which is measured beside ours, in an environment of its own.
$(DETECT_SECRETS)/done: .ci/requirements-detect-secrets.txt
	$(PYTHON) -m venv $(DETECT_SECRETS)
	$(DETECT_SECRETS)/bin/python $(PIP) --requirement .ci/requirements-detect-secrets.txt
	@touch $@

# The program httpyac, which runs the request files that we print. Without npm those tests are left out.
.httpyac/done:
	npm install --prefix .httpyac --no-fund --no-audit --silent httpyac
	@touch $@

demo: $(VENV)/demo.done
	$(BIN)/python .ci/demo.py notebooks/01-your-first-secret.ipynb $(DEMO)

lab: $(VENV)/lab.done
	$(BIN)/jupyter lab notebooks

# Before anything else, what will be installed outside of this folder is said.
.PHONY: say-system
say-system:
	@sh .ci/system-packages --say

test: say-system $(VENV)/test.done $(SDK)/done $(if $(HAS_NPM),.httpyac/done)
	sh .ci/system-packages
	SAP_SDK_PYTHON=$(CURDIR)/$(SDK)/bin/python \
	$(if $(HAS_NPM),HTTPYAC=$(CURDIR)/.httpyac/node_modules/.bin/httpyac) \
	$(TEST)

quick: $(VENV)/test.done
	$(BIN)/python .ci/quick.py

faults: $(VENV)/test.done $(SDK)/done
	SAP_SDK_PYTHON=$(CURDIR)/$(SDK)/bin/python $(BIN)/python -m tests.faults

paths: $(VENV)/test.done
	$(BIN)/python -m tests.paths
	$(BIN)/python -m tests.interrupts

leaks: $(VENV)/test.done
	$(BIN)/python -m tests.leak_bench

ledger: $(VENV)/test.done
	EVERY_ERROR=1 $(BIN)/python -m pytest -q tests/ledger
	$(BIN)/python -m tests.ledger.stress

rotations: $(VENV)/test.done
	$(BIN)/python -m tests.rotation.stress
	$(BIN)/python -m tests.rotation

scans: $(VENV)/test.done $(DETECT_SECRETS)/done
	DETECT_SECRETS=$(CURDIR)/$(DETECT_SECRETS)/bin/detect-secrets $(BIN)/python -m tests.scan_bench

# Other texts and examples each time; what goes wrong is printed with what repeats it.
inputs: $(VENV)/test.done
	$(BIN)/python -m tests.inputs
	HYPOTHESIS_PROFILE=random $(TEST) -m hypothesis

# To be looked at: nothing is cut, words stand beside icons and colours.
looks: $(VENV)/test.done
	sh .ci/system-packages
	$(BIN)/python -m tests.browser.looks build/looks

pictures: $(VENV)/test.done
	sh .ci/system-packages
	$(BIN)/python -m tests.browser.pictures notebooks/images

# rules.md comes from the catalogue of rules, registries.md from the presets.
reference: $(VENV)/test.done
	$(BIN)/python -m tests.templates.catalogue.page
	$(BIN)/python -m tests.registry.page

# What builds the site, in an environment of its own.
$(DOCS)/done: pyproject.toml .ci/requirements-docs.txt
	$(PYTHON) -m venv $(DOCS)
	$(DOCS)/bin/python $(PIP) --editable . --requirement .ci/requirements-docs.txt
	@touch $@

docs: $(DOCS)/done
	$(DOCS)/bin/python -m sphinx -q -W --keep-going -E -c .ci/docs -d build/doctrees . build/site
	@cp build/site/README.html build/site/index.html
	$(DOCS)/bin/python .ci/check_site.py build/site

check: $(VENV)/test.done
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

wheel: $(VENV)/demo.done
	$(BIN)/python $(PIP) build
	$(BIN)/python -m build --outdir dist .

# The lowest versions of pyproject.toml, exactly.
lowest:
	$(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/python $(PIP) --requirement .ci/requirements-lowest.txt --requirement .ci/requirements-test.txt --editable .
	.venv-lowest/bin/python -m pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# With each Python of PYTHONS that runs here, such as PYTHONS="python3.11 python3.13".
release:
	$(PYTHON) .ci/release.py

clean:
	rm -rf $(VENV) $(SDK) $(DETECT_SECRETS) $(DOCS) .venv-lowest .httpyac .nginx build dist
