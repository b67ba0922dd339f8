# Two commands: `make demo` and `make test`; both set everything up themselves, in .venv.
PYTHON ?= python3
BIN := .venv/bin
RUNTIME := .venv/.runtime
TOOLS := .venv/.tools
CODE := portal journeys inbox embeds core_bridge tests

.PHONY: demo test chromium check format lock texts bench

demo: $(RUNTIME)
	$(BIN)/uks demo

test: check chromium
	$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder $(PYTEST)

# Browser tests use Debian's Chromium: fetched where we may, else those tests say loudly that they did not run.
chromium:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
	  || echo "NO CHROMIUM HERE: the browser tests will NOT run."

check: $(TOOLS)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/uks check

format: $(TOOLS)
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

bench: $(TOOLS)
	$(BIN)/python -m tests.bench

# Pictures of the main pages for docs/pictures, taken from the running demo (needs Chromium).
pictures: $(TOOLS)
	$(BIN)/python -m tests.e2e.pictures

# Texts: find new sentences and put them into the catalogues of English and Russian.
texts: $(TOOLS)
	$(BIN)/python -m tests.texts

# docs/access.md, from the policy and the addresses.
access: $(TOOLS)
	$(BIN)/python -m tests.access

# Locks: exact versions with their hashes, and no address of any registry.
lock: $(TOOLS)
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --group build --group dev pyproject.toml -o requirements-dev.lock

$(RUNTIME): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(TOOLS): requirements-dev.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@ $(RUNTIME)
