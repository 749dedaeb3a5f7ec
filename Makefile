# Rapport. `make help` lists what there is.

# SQLite's full-text index is compiled in by this tag; without it Rapport says
# so at start and ends.
TAGS := sqlite_fts5
GO   := go
BENCH ?= .
PKG   ?= ./...
FUZZTIME ?= 10s
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.7.0

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/rapport
	$(GO) build -tags $(TAGS) -o bin/rapport ./cmd/rapport

.PHONY: demo
demo: build ## show the main job with a mail server inside, then serve the pages
	bin/rapport demo

.PHONY: test
test: check ## everything that must hold: formatting, vet, all tests with the race detector
	$(GO) test -tags $(TAGS) -race $(PKG)

.PHONY: check
check: ## formatting, vet and module files
	@unformatted=$$(gofmt -l $$(git ls-files '*.go' 2>/dev/null || find . -name '*.go')); \
	  if [ -n "$$unformatted" ]; then echo "not formatted, run gofmt -w:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet -tags $(TAGS) ./...
	$(GO) mod verify >/dev/null

.PHONY: lint
lint: ## staticcheck, fetched through the module proxy
	$(GO) run $(STATICCHECK) -tags $(TAGS) ./...

.PHONY: bench
bench: ## benchmarks; BENCH=name picks some, PKG=./store one room
	$(GO) test -tags $(TAGS) -run '^$$' -bench '$(BENCH)' -benchmem $(PKG)

.PHONY: kills
kills: ## 200 senders killed at random moments; each letter must come once
	$(GO) test -tags $(TAGS) -count=1 -timeout 30m -run TestWorkersThatAreKilled -v ./compose/smtp -kills=200

.PHONY: fuzz
fuzz: ## each fuzz target for FUZZTIME (10s)
	@for pkg in $$($(GO) list -tags $(TAGS) ./...); do \
	  for target in $$($(GO) test -tags $(TAGS) -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	    echo "$$pkg $$target"; \
	    $(GO) test -tags $(TAGS) -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; \
	  done; done

.PHONY: clean
clean: ## remove what was built
	rm -rf bin
