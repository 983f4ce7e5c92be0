# Hedyn. `make` lists the targets; `make qemu` builds, boots and probes.

# What to build and boot. All of it can be given on the command line: make qemu APP=probe MACHINE=microvm
APP       ?= probe
MACHINE   ?= q35
MEMORY    ?= 256M
DISK      ?=
ARGS      ?=
QEMU      ?= qemu-system-x86_64
QEMU_ARGS ?=
RELEASE   ?= 0
LIMIT     ?=
FIGURE    ?=
MINUTES   ?= 10
PART      ?=
KILLS     ?= 200
RECORD    ?= 0
RUN       ?=
COMPARE   ?= 0
export APP MACHINE MEMORY DISK ARGS QEMU QEMU_ARGS RELEASE LIMIT FIGURE MINUTES PART KILLS RECORD RUN COMPARE

HEDYN  := node scripts/start.mjs
VITEST := node node_modules/vitest/vitest.mjs run --config test/vitest.config.ts

.DEFAULT_GOAL := help
.PHONY: help qemu watch build test check format bench fuzz soak debug replay trace profile size clean

help: ## list the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile
	@echo "Variables: APP=probe (a folder of apps/, or a file)  MACHINE=q35|microvm  MEMORY=256M  DISK=image.raw"
	@echo "           ARGS='the kernel command line'  QEMU=qemu-system-x86_64  QEMU_ARGS='…'  RELEASE=0|1  LIMIT=30  FIGURE=  MINUTES=10  PART=  KILLS=200  SEED=  RECORD=0|1  RUN="

qemu: node_modules/.installed ## install what is missing, build APP, boot it in QEMU
	@$(HEDYN) run

watch: node_modules/.installed ## build APP and boot it, again at every save
	@$(HEDYN) watch

build: node_modules/.installed ## build APP into build/
	@$(HEDYN) build

test: node_modules/.installed ## run every test, on Node and in QEMU
	@$(HEDYN) install-qemu
	@$(HEDYN) install-gdb
	@$(VITEST)

check: node_modules/.installed ## types, dialect, floors, format, lint and the generated documents
	@$(HEDYN) check

format: node_modules/.installed ## format and lint the sources in place
	@node node_modules/@biomejs/biome/bin/biome check --write .

bench: node_modules/.installed ## measure what the project promises; FIGURE=name measures some of it
	@$(HEDYN) install-qemu
	@node --import tsx test/bench/bench.ts

fuzz: node_modules/.installed ## random programs on Node and natively, and devices that lie, for MINUTES=10, from SEED=
	@node --import tsx test/fuzz/main.ts

soak: node_modules/.installed ## MINUTES=10 of requests, as much of allocation, KILLS=200 of QEMU: nothing lost, no more heap
	@$(HEDYN) install-qemu
	@node --import tsx test/soak.ts

debug: node_modules/.installed ## boot APP in gdb, at the first line of TypeScript; GDB_PORT=1234 waits for an editor's gdb
	@$(HEDYN) debug

trace: node_modules/.installed ## run APP, and write what it did down for ui.perfetto.dev
	@$(HEDYN) trace

profile: node_modules/.installed ## run APP, and print in which functions its time went, with a flame graph
	@$(HEDYN) profile

size: node_modules/.installed ## build APP and print what fills the image, by module
	@$(HEDYN) size

replay: node_modules/.installed ## play a run of RECORD=1 or of a failed test back in gdb, forward and backward; COMPARE=1: without gdb
	@$(HEDYN) replay

clean: ## remove what was built
	rm -rf build

node_modules/.installed: package.json package-lock.json
	@command -v node >/dev/null || { echo "Node.js 20 or later is needed: https://nodejs.org"; exit 1; }
	npm ci
	@touch $@
