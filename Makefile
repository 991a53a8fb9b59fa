# Every command builds what it needs first. Names and variables: docs and README.

PYTHON ?= python3
PORT ?= 8000
PARTS ?= check sqlite postgres browser
PY := .venv/bin/python
export PYTHONPATH := $(CURDIR)/platform
export PYTHONUNBUFFERED := 1

# Stamps, written last: a folder that a failed attempt left behind does not count as done.
SITE := .venv/.site-installed
TOOLS := .venv/.tools-installed
PIP := $(PY) -m pip --disable-pip-version-check install --quiet

.PHONY: demo serve test check format bench trust shots
.DELETE_ON_ERROR:

demo: $(SITE)
	@$(PY) -m tests.tools.port $(PORT)
	@$(PY) manage.py build_font
	@exec $(PY) manage.py demo --port $(PORT) $(if $(filter 1,$(ONCE)),--once)

serve: $(SITE)
	@$(PY) -m tests.tools.port $(PORT)
	@$(PY) manage.py build_font
	@$(PY) manage.py collectstatic --no-input --verbosity 0
	@exec $(PY) -m gunicorn config.wsgi --bind "$${BIND:-127.0.0.1}:$(PORT)" --worker-class gthread \
		--workers "$${WORKERS:-$$([ -n "$$DATABASE_URL$$DATABASE_URL_FILE" ] && echo 2 || echo 1)}" --threads "$${THREADS:-8}" --max-requests 20000 --max-requests-jitter 2000 \
		--graceful-timeout 30

test: $(TOOLS)
	@$(PY) manage.py build_font
	@exec $(PY) -m tests.tools.run $(PARTS)

check: $(TOOLS)
	@exec $(PY) -m tests.tools.run check

# Hours: the tests by seeds, with very many of them. TRUST_SEEDS, TRUST_EVENTS and HYPOTHESIS_PROFILE make it shorter.
trust: $(TOOLS)
	@exec $(PY) -m tests.tools.run trust

# A picture of every page in each of its states, at three widths, by day and by night, in SHOTS.
SHOTS ?= var/shots
shots: $(TOOLS)
	@$(PY) manage.py build_font
	@SHOTS=$(SHOTS) $(PY) -m pytest tests/journeys/test_every_page.py -q -n 0

format: $(TOOLS)
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

bench: $(TOOLS)
	@exec $(PY) -m tests.bench

$(SITE): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "This needs Python 3.11 or newer: make PYTHON=python3.11 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv is missing. On Debian, as root: apt-get install python3-venv"; exit 1; }
	@$(PY) -c 'import pip' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@echo "Installing the site's packages into .venv ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(TOOLS): tests/requirements.txt $(SITE)
	@echo "Installing the tools of the tests into .venv ..."
	@$(PIP) -r requirements.txt -r tests/requirements.txt
	@touch $@
