# make                 executables in build/cgi-bin, tools in build/bin
# make run             installs packages, builds, runs a private stack under VAR in the foreground (Ctrl-C ends it)
# make start|stop|status   the same in the background
# make clean-data      forgets the private stack's data
# make install DESTDIR=dir PREFIX=/usr/local   what a server needs, as tools/packaging/install lists it
# make test            everything, on a private stack of its own; last line "N passed, N failed"
# make test-unit       the tests that need no service, in seconds
# make test-qr        the invoices as they are drawn; the codes of 200 of them are read again
# make test-rbd        the storage driver on a real Ceph, which it brings up on loopback
# make test-guest      snapshots of a real guest under QEMU, on qcow2 and on Ceph
# make test-vpn        a WireGuard server and client in network namespaces; as root
# make test-vectors VECTORS=dir   plays the vectors of a folder; last line "N passed, N failed"
# make check           layers, format, lint
# make bench           figures beside their ceilings
# make format          clang-format in place
# make SANITIZE=1 …    the same with ASan and UBSan in build-asan; SANITIZE=thread with TSan in build-tsan

VAR         ?= var
PORT        ?= 8080
TLS_PORT    ?= 8443
STRIPE_PORT ?= 8090
THREADS     ?= 8
export VAR PORT TLS_PORT STRIPE_PORT THREADS BUILD

MAKEFLAGS += --no-print-directory
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif
CXX := $(if $(shell command -v ccache),ccache )g++

ifeq ($(SANITIZE),)
BUILD    := build
OPTIMIZE := -O2 -D_FORTIFY_SOURCE=2 -g
else ifeq ($(SANITIZE),thread) # compiled in half the time that -O1 takes, and nothing is optimised away that they could tell of
BUILD    := build-tsan
OPTIMIZE := -O0 -g1 -fsanitize=thread
else
BUILD    := build-asan
OPTIMIZE := -O0 -g1 -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=undefined -fno-omit-frame-pointer
endif

CXXFLAGS += -std=c++20 $(OPTIMIZE) -fPIE -fstack-protector-strong -Isrc -MMD -MP \
            -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror $(shell pkg-config --cflags libmariadb libxml-2.0 2>/dev/null)
LDFLAGS  += $(filter -fsanitize%,$(OPTIMIZE)) -pie -Wl,-z,relro,-z,now -Wl,--as-needed
LDLIBS   := -lsoci_mysql -lsoci_core -lmariadb -lfcgi -ljansson -lxml2 -lldap -llber -lcurl -lcrypto -lcctz -ltomlplusplus -lharfbuzz-subset -lharfbuzz -ldeflate -lqrencode -licui18n -licuuc -lfmt -pthread

SRC   := $(wildcard src/*/*.cpp)
CGI   := $(patsubst cgi-bin/%.cpp,$(BUILD)/cgi-bin/%,$(wildcard cgi-bin/*.cpp))
TOOLS := $(patsubst tools/%.cpp,$(BUILD)/bin/%,$(wildcard tools/*.cpp))
FAKE  := $(wildcard tools/stripe-fake/*.cpp)
SUITES := unit document store service api pages year resale
SITE_OF_pages := tests/api/site.cpp tests/api/ovh_site.cpp tests/api/stripe_gateway.cpp # the stack, as the api suite sees it
SITE_OF_vpn := $(SITE_OF_pages)
SITE_OF_rbd := tests/api/site.cpp
SITE_OF_year := $(SITE_OF_pages)
SITE_OF_resale := $(SITE_OF_pages)
TESTS := $(SUITES:%=$(BUILD)/tests/%)
HEAVY := rbd guest vpn # suites with packages of their own: tools/stack/packages-SUITE
FIRST_HALF := store service pages year # of the time that `make test` takes; the others run beside them

.PHONY: all install run start stop status clean-data test test-unit test-qr test-rbd test-guest test-vpn test-vectors check check-layers check-format lint bench format clean packages
all: $(CGI) $(TOOLS) $(BUILD)/bin/stripe-fake $(BUILD)/openapi.json

packages:
	@tools/stack/install-packages packages

install: all
	@DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" tools/packaging/install

# Objects of other flags are no objects of this build.
FLAGS := $(BUILD)/flags
$(shell mkdir -p $(BUILD) && { echo '$(CXXFLAGS)' | cmp -s - $(FLAGS) || echo '$(CXXFLAGS)' >$(FLAGS); })

$(BUILD)/obj/%.o: %.cpp $(FLAGS)
	@mkdir -p $(@D)
	$(CXX) $(CXXFLAGS) -c $< -o $@

$(BUILD)/libbilling.a: $(SRC:%.cpp=$(BUILD)/obj/%.o)
	@$(RM) $@ # ar would keep the objects of deleted files
	@ar rcs $@ $^

$(CGI): $(BUILD)/cgi-bin/%: $(BUILD)/obj/cgi-bin/%.o $(BUILD)/libbilling.a
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) $^ $(LDLIBS) -o $@

$(TOOLS): $(BUILD)/bin/%: $(BUILD)/obj/tools/%.o $(BUILD)/libbilling.a
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) $^ $(LDLIBS) -o $@

$(BUILD)/bin/stripe-fake: $(FAKE:%.cpp=$(BUILD)/obj/%.o) $(BUILD)/libbilling.a
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) $^ $(LDLIBS) -o $@

$(BUILD)/obj/tools/stripe-fake/web_files.o: $(wildcard tools/stripe-fake/web/*)

define suite_rule
$(BUILD)/tests/$(1): $$(patsubst %.cpp,$(BUILD)/obj/%.o,$$(wildcard tests/$(1)/*.cpp) $$(SITE_OF_$(1))) $(BUILD)/libbilling.a
	@mkdir -p $$(@D)
	$$(CXX) $$(LDFLAGS) $$^ $$(LDLIBS) -lboost_unit_test_framework -o $$@
endef
$(foreach suite,$(SUITES) $(HEAVY),$(eval $(call suite_rule,$(suite))))
# What tests is compiled more often than it runs for long: without optimisation, in less than half the time. Benches are the exception.
$(BUILD)/obj/tests/%.o: CXXFLAGS += -DBOOST_TEST_DYN_LINK -Itests -U_FORTIFY_SOURCE -O0 -g1
$(BUILD)/obj/tests/bench/%.o: CXXFLAGS += $(OPTIMIZE)

$(BUILD)/openapi.json: nginx/openapi.json
	@mkdir -p $(@D)
	cp $< $@

# One command a line: make replaces itself with it, so that Ctrl-C reaches the stack.
run: packages
	@$(MAKE) all
	@tools/stack/stack run

start: packages
	@$(MAKE) all
	@tools/stack/stack start

stop status clean-data:
	@tools/stack/stack $@

test:
	@tools/stack/install-packages packages $(HEAVY:%=packages-%)
	@$(MAKE) all $(TESTS) $(HEAVY:%=$(BUILD)/tests/%) $(BUILD)/tests/run_vectors
	@tests/side-by-side "$(FIRST_HALF)" "$(filter-out $(FIRST_HALF),vectors $(SUITES) $(HEAVY))"

test-unit: $(BUILD)/tests/unit
	@tests/run unit

test-qr: $(BUILD)/tests/document
	@QR_INVOICES=200 tests/run document

$(HEAVY:%=test-%): test-%:
	@tools/stack/install-packages packages packages-$*
	@$(MAKE) all $(BUILD)/tests/$*
	@tests/run $*

VECTORS ?= ../shared/vectors
$(BUILD)/tests/run_vectors: $(patsubst %.cpp,$(BUILD)/obj/%.o,$(wildcard tests/vectors/*.cpp)) $(BUILD)/libbilling.a
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) $^ $(LDLIBS) -o $@

test-vectors: packages
	@$(MAKE) $(BUILD)/tests/run_vectors $(BUILD)/bin/billing-sim
	@$(BUILD)/tests/run_vectors $(BUILD)/bin $(VECTORS)

BENCH := $(patsubst tests/bench/%.cpp,$(BUILD)/bench/%,$(wildcard tests/bench/*.cpp))
$(BENCH): $(BUILD)/bench/%: $(BUILD)/obj/tests/bench/%.o $(BUILD)/libbilling.a
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) $^ $(LDLIBS) -o $@

bench: packages
	@$(MAKE) all $(BENCH)
	@tests/bench/run
	@tests/bench/billing
	@tests/bench/bank
	@$(BUILD)/bench/pdf

FORMATTED := $(wildcard src/*/*.cpp src/*/*.h cgi-bin/*.cpp tools/*.cpp tools/*/*.cpp tools/*/*.h tests/*/*.cpp tests/*/*.h)

check: check-layers check-format lint

check-layers:
	@tools/check-layers

check-format:
	@clang-format --dry-run --Werror $(FORMATTED)

lint: $(patsubst %.cpp,$(BUILD)/tidy/%,$(filter %.cpp,$(SRC) $(wildcard cgi-bin/*.cpp tools/*.cpp tools/*/*.cpp)))

$(BUILD)/tidy/%: %.cpp .clang-tidy
	@mkdir -p $(@D)
	@clang-tidy --quiet $< -- -std=c++20 -Isrc $(shell pkg-config --cflags libmariadb libxml-2.0) 2>/dev/null
	@touch $@

format:
	clang-format -i $(FORMATTED)

clean:
	$(RM) -r build build-asan build-tsan

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
