"""Fuzzers, as fuzz/build.sh builds them."""

TARGETS = [
    "core",
    "families",
    "failures",
    "misuse",
    "buffer",
    "spaces",
    "debug",
    "debug_options",
    "debug_pools",
    "differential",
]

# The peers are libraries that know nothing of sanitizers.
SANITIZED = [t for t in TARGETS if t != "differential"]

# What fuzz/build.sh needs beside itself.
SOURCES = [
    ":sources",
    "//alloc:sources",
    "//bench:allocators",
    "//spec:logic",
    "//spec/model:sources",
    "//tests:sources",
]

def fuzzers(name, cflags, engine = "replay", targets = TARGETS):
    """Declares NAME_TARGET, a program for each target.

    Args:
      name: of the set.
      cflags: for compiler and linker.
      engine: what to link with; replay: a main that runs files.
      targets: which.
    """
    native.genrule(
        name = name,
        srcs = SOURCES,
        outs = [name + "_" + t for t in targets],
        cmd = "; ".join([
            "export CC=clang CXX=clang++ CFLAGS='%s' LIB_FUZZING_ENGINE='%s'" % (cflags, engine),
            "$(execpath build.sh) $(@D)/%s.out %s" % (name, " ".join(targets)),
        ] + ["mv $(@D)/%s.out/%s $(@D)/%s_%s" % (name, t, name, t) for t in targets]),
        message = "Building fuzzers",
        tools = ["build.sh"],
    )
