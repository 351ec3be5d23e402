# Every target puts in place what it needs: a JDK 25, and where it matters Nomad, Consul and HAProxy.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup build dist demo test test-artifact check simulate soak reliability fuzz chaos fmt bench \
  native clean

# What Maven's own libraries do is nothing to warn about on each call.
export MAVEN_OPTS ?= --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow

MAVEN := ./mvnw -B -ntp
JDK = env=$$(tools/setup jdk); eval "$$env";
TOOLS = env=$$(tools/setup); eval "$$env";
DEMO_TOOLS = env=$$(tools/setup jdk haproxy nomad consul); eval "$$env";

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## find or build the tools: JDK 25, Nomad, Consul, Toxiproxy, HAProxy, tmux (the first time 8 minutes)
	@tools/setup

build: ## build the program; ./canary runs it
	@$(JDK) $(MAVEN) -q package -DskipTests

dist: build ## target/dist: an archive for linux-amd64 that needs no Java, its bill of materials, its sums
	@env=$$(tools/setup jdk consul unzip); eval "$$env"; tools/dist

demo: build ## a good and a bad release on real agents, under real traffic; KEEP=1 leaves it up
	@$(DEMO_TOOLS) examples/demo/demo

test: ## everything: format, warnings, unit, simulation, contract and end-to-end tests
	@$(TOOLS) $(MAVEN) spotless:check verify

test-artifact: build ## the end-to-end tests on ARTIFACT=, an archive of make dist or a native executable
	@$(TOOLS) $(MAVEN) test-compile surefire:test@e2e -Dcanary.artifact=$(or $(ARTIFACT),target/quarkus-app)

chaos: build ## thirty runs under real faults, into docs/reliability.md; SEED=N repeats a schedule
	@$(TOOLS) $(MAVEN) surefire:test@chaos -Dchaos.seed=$(SEED)

check: ## format, warnings as errors, and the tests that need no agents
	@$(JDK) $(MAVEN) -q spotless:check verify -Dagents.skip=true

# Some of the tests that need no agents.
SOME_TESTS = $(JDK) $(MAVEN) -q test-compile surefire:test@default-test

simulate: ## simulated worlds under faults: SEED=1 SEEDS=1 (each replays exactly)
	@$(SOME_TESTS) -Dtest=SeedTest -Dsimulation.seed=$(or $(SEED),1) -Dsimulation.seeds=$(or $(SEEDS),1)

soak: ## simulated worlds for MINUTES=60, others than last time
	@$(SOME_TESTS) -Dtest=SeedTest -Dsimulation.seed=$(or $(SEED),$$(date +%s)) \
	  -Dsimulation.seeds=1000 -Dsimulation.minutes=$(or $(MINUTES),60)

reliability: ## the whole simulation, into docs/reliability.md
	@$(SOME_TESTS) -Dtest=CrashTest,SeedTest,PlantedBugTest -Dsimulation.record=true

fuzz: ## odd inputs for the codecs, others than last time: INPUTS=1000000 of each kind
	@$(SOME_TESTS) -Dtest=MutatedInputTest,MutatedBodyTest -Dfuzz.seed=$(or $(SEED),$$(date +%s)) \
	  -Dfuzz.inputs=$(or $(INPUTS),1000000)

fmt: ## format the code
	@$(JDK) $(MAVEN) -q spotless:apply

bench: build ## start times beside those of Nomad and Consul, into docs/performance.md
	@$(TOOLS) $(MAVEN) surefire:test@bench

native: ## a native executable, target/canary: by GraalVM, else in a container (4 minutes, 4 GB)
	@env=$$(tools/setup jdk native-image); eval "$$env"; $(MAVEN) -q package -DskipTests -Pnative

clean: ## remove what was built; the tools stay in the cache
	@$(JDK) $(MAVEN) -q clean
