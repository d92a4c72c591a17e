# What a person does with this repository. `make demo` and `make test` install what they need and say so.

CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/patless
# The executable that demo, cluster tests and benchmark use: another one can be named here, then nothing is built.
PATLESS ?= .build/release/patless
FENCES := --explicit-target-dependency-import-check error
# What ships is one file that needs nothing of the system it runs on: no libssl, no Swift runtime, not even a libc.
STATIC := -Xswiftc -static-executable -Xswiftc -use-ld=lld $(addprefix -Xlinker ,--gc-sections --icf=all -s \
	--no-eh-frame-hdr -T $(CURDIR)/Sources/patless/static.ld)

export PATLESS
export PATLESS_TEST_PYTHON ?= $(CACHE)/python/bin/python
export PATH := $(PATH):$(CACHE)/tools

.PHONY: help build demo test unit-test cluster-test chart-test image-test azure-test scan-test tls-test page-test sanitize chaos fuzz rollouts soak bench image lint format clean

help: ## Says what there is to make
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 22

build: ## Builds the release executable, .build/release/patless, fully static, and beside it what it is made of
	@Tests/setup build
	swift build -c release --product patless $(FENCES) $(STATIC) -Xlinker --dependency-file=$(CURDIR)/.build/patless.inputs
	@Tests/Image/sbom .build/release/patless .build/patless.inputs >.build/release/patless.cdx.json

demo: $(if $(filter .build/release/patless,$(PATLESS)),build) ## Starts a server and shows its verdicts (DEMO_ONCE=1 ends after them)
	@Tests/Demo/run

test: ## Runs every test, those against a real kube-apiserver included
	@Tests/setup test
	@Tests/ControlPlane/fetch
	@$(MAKE) --no-print-directory unit-test
	@$(MAKE) --no-print-directory image-test
	@$(MAKE) --no-print-directory page-test
	@$(MAKE) --no-print-directory azure-test
	@$(MAKE) --no-print-directory scan-test
	@$(MAKE) --no-print-directory chart-test
	@$(MAKE) --no-print-directory tls-test
	@$(MAKE) --no-print-directory chaos SHORT=1
	@Tests/Bench/instructions --check
	@$(MAKE) --no-print-directory soak DECISIONS=100000
	@$(MAKE) --no-print-directory cluster-test

unit-test: ## Runs the tests of the modules
	swift test --disable-xctest $(FENCES)

sanitize: ## Runs the tests of the modules under AddressSanitizer and ThreadSanitizer
	@Tests/setup test
	PATLESS_TEST_SLOWNESS=10 LSAN_OPTIONS=suppressions=$(CURDIR)/Tests/leak-sanitizer.txt \
	  swift test --disable-xctest --sanitize=address --scratch-path .build/address
	PATLESS_TEST_SLOWNESS=10 TSAN_OPTIONS=history_size=7:suppressions=$(CURDIR)/Tests/thread-sanitizer.txt \
	  swift test --disable-xctest --sanitize=thread --scratch-path .build/thread

cluster-test: $(if $(filter .build/release/patless,$(PATLESS)),build) ## Runs the tests against a real kube-apiserver (ONLY="word …" chooses)
	@Tests/Cluster/run $(ONLY)

chart-test: $(if $(filter .build/release/patless,$(PATLESS)),build) ## Runs the tests of the Helm chart (ONLY="word …" chooses, UPDATE_GOLDEN=1 keeps what it renders)
	@Tests/Chart/run $(ONLY)

rollouts: $(if $(filter .build/release/patless,$(PATLESS)),build) ## Restarts two replicas 20 times under load, 100,000 admissions, none of which may be lost
	@RESTARTS=$${RESTARTS:-20} REQUESTS=$${REQUESTS:-100000} Tests/Chart/run rolling

soak: $(if $(filter .build/release/patless,$(PATLESS)),build) ## Has 1,000,000 decisions put on record, on a quick, a slow and a full disk (DECISIONS=n)
	@Tests/Soak/run $(DECISIONS)

image-test: $(if $(filter .build/release/patless,$(PATLESS)),build) ## Runs the tests of the container image and of what is told of its contents
	@Tests/Image/run $(ONLY)

azure-test: $(if $(filter .build/release/patless,$(PATLESS)),build) ## Runs the tests of what is printed for Azure
	@Tests/Azure/run $(ONLY)

tls-test: $(if $(filter .build/release/patless,$(PATLESS)),build) ## Has testssl.sh, sslscan and openssl look at a server
	@Tests/TLS/run $(ONLY)

chaos: $(if $(filter .build/release/patless,$(PATLESS)),build) ## Breaks servers under load, and what they need, in one way after the other (SHORT=1: fewer peers, no long outage)
	swift build --product patless $(FENCES)   # linked dynamically, so that its clock can be set
	@PATLESS_DYNAMIC=.build/debug/patless Tests/Chaos/run $(if $(SHORT),1000)
	@$(if $(SHORT),,OUTAGE=180 Tests/Chart/run "api server is away")

fuzz: ## Feeds what reads others' bytes with what nobody would write (TIME=seconds for each, 30 unless said)
	@Tests/setup build
	@Tests/Fuzz/run $(TIME)

scan-test: $(if $(filter .build/release/patless,$(PATLESS)),build) ## Runs the tests of what is found and mended in files (ONLY="word …" chooses, UPDATE_GOLDEN=1 keeps what is printed)
	@Tests/Scan/run $(ONLY)

page-test: $(if $(filter .build/release/patless,$(PATLESS)),build) ## Runs the tests of the status page in a browser (KEEP=1 leaves screenshots)
	@Tests/Page/run $(ONLY)

bench: $(if $(filter .build/release/patless,$(PATLESS)),build) ## Races patless, nginx and agnhost (UPDATE_README=1 keeps the table)
	@Tests/setup bench
	@Tests/ControlPlane/fetch
	@Tests/Bench/bench $(if $(UPDATE_README),--update-readme)
	@Tests/Bench/cluster-scan
	@Tests/Bench/instructions
	@Tests/Bench/manifest-scan

image: $(if $(filter .build/release/patless,$(PATLESS)),build) ## Builds the container image with docker or buildah (IMAGE=registry/name:tag)
	@Tests/Image/build $(PATLESS)

lint: ## Holds the sources to the format
	swift format lint --strict --recursive --parallel Package.swift Sources Tests

format: ## Formats the sources in place
	swift format --in-place --recursive --parallel Package.swift Sources Tests

clean: ## Removes what was built here; the cache in ~/.cache/patless stays
	rm -rf .build demo certs/development
