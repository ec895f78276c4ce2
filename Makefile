# Two jobs: `make compare` shows the profiles side by side, `make test` checks everything.
# Each does all the set-up it needs on a fresh Debian machine with Swift.

SHELL := /bin/bash
# Unset NO_COLOR and watch the terminal; set it and the table is plain.
SEEDS ?= 20
SCENARIO ?= two-minute-cycle
PROFILES := node.yaml $(sort $(wildcard profiles/*.yaml))
STAMP := .build/setup.stamp
# Tests that only compute. They run apart from tests of real sockets, which would miss deadlines beside them.
COMPUTING := ^(ModuleTesting|Lab|Links|Liveness|Discovery|Consensus|Profile|Wire|Trace|Store|Source)Tests\.|ReasonProductionTests
# Tests that measure the real kernel. They mostly wait, so they run side by side.
MEASURED := ^LabLiveTests\.

# Tests have build products of their own, so that `swift build` beside them does not build everything anew.
TEST_FLAGS := --scratch-path .build-test
TEST_GATES := TIMENODE_STRICT=1 TIMENODE_OPTIMISED=1 $(if $(SUITE),TIMENODE_SUITE=$(SUITE))
TEST_BUILD := $(TEST_GATES) swift build --build-tests $(TEST_FLAGS)
TEST_RUN := $(TEST_GATES) swift test --skip-build $(TEST_FLAGS)

.PHONY: compare test lint build setup report detectors swarm glare bench fuzz sanitize fidelity clean

compare: setup
	swift build -c release --product timenode
	.build/release/timenode compare $(PROFILES) --scenario $(SCENARIO) --seeds $(SEEDS) \
	    --output report.html --output report.json
	@echo "The same as a page, with the links of every pair over time: report.html"

# `make test SUITE=Links` builds and runs the tests of one target.
test: setup lint
	$(if $(SUITE),test -d Tests/$(SUITE)Tests || { echo "there is no folder Tests/$(SUITE)Tests" >&2; exit 64; })
	$(TEST_BUILD)
	$(TEST_RUN) --no-parallel --skip '$(COMPUTING)' --skip '$(MEASURED)'
	$(TEST_RUN) --filter '$(MEASURED)'
	$(TEST_RUN) --filter '$(COMPUTING)'
	$(if $(SUITE),,Scripts/test-example)

lint: setup
	swift format lint --strict --parallel --recursive Package.swift Sources Tests Examples Benchmarks Fuzz

# The table of the incident report's claims beside what was measured.
report: setup
	swift build -c release --product timenode
	.build/release/timenode compare $(PROFILES) --scenario two-minute-cycle --seeds 20 \
	    --claims docs/report-2025-12-17.md

# Liveness modules beside each other, on everything that can be wrong with a peer.
detectors: setup
	swift build -c release --product timenode
	.build/release/timenode scenarios detectors --output docs/liveness.md

# Thousands of drawn plans of faults against node.yaml: what has to hold, held.
SWARM_SEEDS ?= 10000
swarm: setup
	swift build -c release --product timenode
	.build/release/timenode simulate node.yaml --scenario swarm --seeds $(SWARM_SEEDS)

# Every order of so many events between two nodes that dial each other, then long runs that are drawn: docs/glare.md.
GLARE_DEPTH ?= 8
# With no fault but a restart of each node; 12 take 50 minutes of one core.
GLARE_RESTARTS_DEPTH ?= 10
GLARE_RUNS ?= 1000000
glare: setup
	swift build -c release --product glare
	.build/release/glare explore --depth $(GLARE_DEPTH)
	.build/release/glare explore --depth $(GLARE_RESTARTS_DEPTH) --restarts-alone
	.build/release/glare runs --runs $(GLARE_RUNS)

# The simulator beside the real kernel; as root, because it makes network namespaces. A quarter of an hour.
fidelity: setup
	swift build -c release --product timenode
	.build/release/timenode compare $(sort $(wildcard scenarios/fidelity/profiles/*.yaml)) \
	    --scenario scenarios/fidelity --fidelity --seeds 3 --jobs 8 --output docs/fidelity.md

bench: setup
	swift run -c release --package-path Benchmarks --scratch-path .build-bench ratios

# What strangers and files can say, fed to the code that reads it: TIME seconds a target. Fuzz/README.md
TIME ?= 60
TARGETS ?=
fuzz: setup
	TIME=$(TIME) Scripts/fuzz $(TARGETS)

# What has threads and sockets, under the thread and the address sanitizer; a quarter of an hour each, cold.
sanitize: setup
	Scripts/sanitize

setup: $(STAMP)

$(STAMP): Scripts/setup
	Scripts/setup
	@mkdir -p $(dir $@) && touch $@

clean:
	rm -rf .build .build-* Examples/*/.build Benchmarks/.build report.html report.json
