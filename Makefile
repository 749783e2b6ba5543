# `make run` serves the app, `make test` checks everything; the work is done in scripts/.
PORT ?= 8000
PYTHON := .venv/bin/python

.PHONY: run test bench bench-class lint types js unit e2e clean constraints

run: .venv/.installed
	.venv/bin/unrolled serve --port $(PORT)

test: .venv/.installed-dev node_modules/.installed .venv/.oracle
	scripts/system-packages.sh
	$(PYTHON) scripts/checks.py

bench: .venv/.installed-dev .venv/.oracle
	$(PYTHON) -m scripts.bench

bench-class: .venv/.installed-dev
	scripts/system-packages.sh
	$(PYTHON) -m scripts.bench_class

lint types unit: .venv/.installed-dev
	$(PYTHON) scripts/checks.py $@

js: .venv/.installed-dev node_modules/.installed
	$(PYTHON) scripts/checks.py $@

e2e: .venv/.installed-dev
	scripts/system-packages.sh
	$(PYTHON) scripts/checks.py $@

# Installing happens only when what it reads has changed: each step leaves a stamp.
.venv/.installed: pyproject.toml constraints.txt hatch_build.py scripts/install.sh
	scripts/install.sh .

.venv/.installed-dev: pyproject.toml constraints.txt hatch_build.py scripts/install.sh
	scripts/install.sh '.[dev]'
	touch .venv/.installed .venv/.installed-dev

.venv/.oracle: .venv/.installed-dev scripts/oracle.py
	$(PYTHON) scripts/oracle.py
	touch .venv/.oracle

node_modules/.installed: package.json package-lock.json .npmrc
	@command -v npm >/dev/null || { echo 'Checking the scripts needs Node 20.19 or newer.'; exit 1; }
	npm ci --no-audit --no-fund --loglevel=error
	touch node_modules/.installed

# Pins for reproducible installs, without the address of any index.
constraints: .venv/.installed-dev
	$(PYTHON) -m pip install --quiet --only-binary :all: uv
	.venv/bin/uv pip compile --quiet --upgrade --universal --no-header --no-annotate \
	  pyproject.toml --extra dev -o constraints.txt

clean:
	rm -rf .venv node_modules build dist test-results
	find . -name __pycache__ -o -name '.*_cache' | xargs rm -rf
