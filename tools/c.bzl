"""C programs and tests, each under as many compilers as we have.

A cc_test is built by the one compiler that Bazel is configured for.  The other
builds call their compiler here, on all the sources at once: an aspect collects
those of the libraries below, so that a sanitizer sees every line of the program.
"""

load("@rules_cc//cc:defs.bzl", "cc_test")

# For every C file of the project.
COPTS = [
    "-std=c11",
    "-Wall",
    "-Wextra",
    "-Wconversion",
    "-Wmissing-prototypes",
    "-Wshadow",
    "-Wstrict-prototypes",
    "-Werror",
]

# -w: the plain builds judge warnings; gcc has false ones when it instruments.
_SANITIZER = ["-O1", "-w", "-fno-omit-frame-pointer", "-fno-sanitize-recover=all"]

# name: (compiler, its options)
VARIANTS = {
    "gcc": ("gcc", ["-O2"]),
    "clang": ("clang", ["-O2"]),
    "asan": ("clang", _SANITIZER + ["-fsanitize=address,undefined"]),
    "msan": ("clang", _SANITIZER + ["-fsanitize=memory", "-fsanitize-memory-track-origins"]),
    "gcc_san": ("gcc", _SANITIZER + ["-fsanitize=address,undefined"]),
}

_SourcesInfo = provider(
    doc = "What it takes to compile a library again.",
    fields = {
        "defines": "depset of -D options",
        "headers": "depset of files",
        "linkopts": "depset of linker options",
        "sources": "depset of files, some of them headers",
    },
)

def _sources_aspect_impl(_target, ctx):
    attr = ctx.rule.attr
    files = ctx.rule.files
    below = [d[_SourcesInfo] for d in getattr(attr, "deps", []) if _SourcesInfo in d]

    # There is one command line for all sources, so a define of one is seen by all.
    defines = ["-D" + d for d in getattr(attr, "defines", []) + getattr(attr, "local_defines", [])]
    defines += [o for o in getattr(attr, "copts", []) if o.startswith("-D")]
    return [_SourcesInfo(
        defines = depset(defines, transitive = [d.defines for d in below]),
        headers = depset(
            getattr(files, "hdrs", []) + getattr(files, "textual_hdrs", []),
            transitive = [d.headers for d in below],
        ),
        linkopts = depset(getattr(attr, "linkopts", []), transitive = [d.linkopts for d in below]),
        sources = depset(getattr(files, "srcs", []), transitive = [d.sources for d in below]),
    )]

_sources_aspect = aspect(implementation = _sources_aspect_impl, attr_aspects = ["deps"])

def _compile(ctx, program):
    """Compiles ctx's sources, and those of the libraries below, to a program.

    Returns its runfiles.
    """
    below = [d[_SourcesInfo] for d in ctx.attr.deps]
    sources = depset(ctx.files.srcs, transitive = [d.sources for d in below])
    inputs = depset(transitive = [sources] + [d.headers for d in below])

    # The variables go through `env`: before Bazel 7 an action that has the
    # default environment takes no others.  PWD is what compilers note as the place
    # of the sources; the true one would differ from run to run.
    args = ctx.actions.args()
    args.add("PWD=/proc/self/cwd")
    args.add_all(["%s=%s" % v for v in ctx.attr.env.items()])
    args.add(ctx.attr.compiler)
    args.add_all(["-g", "-iquote", ".", "-iquote", ctx.bin_dir.path])
    args.add_all(depset(transitive = [d.defines for d in below]))
    args.add_all(ctx.attr.copts)
    args.add_all([f for f in sources.to_list() if f.extension == "c"])
    args.add("-o", program)
    args.add_all(ctx.attr.linkopts)
    args.add_all(depset(transitive = [d.linkopts for d in below]))
    ctx.actions.run(
        executable = "/usr/bin/env",
        arguments = [args],
        inputs = inputs,
        outputs = [program],
        mnemonic = "CCompileAll",
        progress_message = "Compiling %s with %s" % (ctx.label.name, ctx.attr.compiler),
        use_default_shell_env = True,
    )

    # The sources go along for coverage reports, which show them.
    runfiles = ctx.runfiles(files = [program] + ctx.files.data, transitive_files = inputs)
    for d in ctx.attr.data:
        runfiles = runfiles.merge(d[DefaultInfo].default_runfiles)
    return runfiles

_ATTRS = {
    "compiler": attr.string(default = "clang", doc = "A program in the system's folders."),
    "copts": attr.string_list(),
    "data": attr.label_list(allow_files = True),
    "deps": attr.label_list(aspects = [_sources_aspect], doc = "cc_library targets."),
    "env": attr.string_dict(doc = "For the compiler."),
    "linkopts": attr.string_list(),
    "srcs": attr.label_list(allow_files = [".c", ".h"]),
}

def _c_binary_impl(ctx):
    program = ctx.actions.declare_file(ctx.label.name)
    runfiles = _compile(ctx, program)
    return [DefaultInfo(executable = program, files = depset([program]), runfiles = runfiles)]

c_binary = rule(
    implementation = _c_binary_impl,
    doc = "A program built by the compiler named, from its sources and those of its deps.",
    executable = True,
    attrs = _ATTRS,
)

# The sanitizers of clang 14 and gcc 12 want fixed places in memory, which a kernel
# that randomises 32 bits of an address takes now and then.  Containers may forbid
# setarch; then most runs are well without it.
_RUN = """#!/bin/sh
setarch -R true 2>/dev/null && exec setarch -R "$0.bin" "$@"
exec "$0.bin" "$@"
"""

def _variant_test_impl(ctx):
    script = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(script, _RUN, is_executable = True)
    runfiles = _compile(ctx, ctx.actions.declare_file(ctx.label.name + ".bin"))
    return [DefaultInfo(executable = script, runfiles = runfiles)]

_variant_test = rule(implementation = _variant_test_impl, test = True, attrs = _ATTRS)

def c_test(name, srcs, deps = [], variants = VARIANTS.keys(), copts = [], linkopts = [], size = "small", **kwargs):
    """Declares NAME, a cc_test, and NAME_VARIANT, the same test built otherwise.

    Args:
      name: of the cc_test.
      srcs: C files and headers.
      deps: cc_library targets.
      variants: which of VARIANTS; [] for the cc_test alone.
      copts: beside COPTS.
      linkopts: as of cc_test.
      size: as of cc_test.
      **kwargs: args, data, tags and what else any test has.
    """

    # assert() stays a check, also where Bazel (-c opt) would turn it off.
    copts = COPTS + ["-UNDEBUG"] + copts
    cc_test(
        name = name,
        size = size,
        srcs = srcs,
        copts = copts,
        linkopts = linkopts,
        linkstatic = True,
        deps = deps,
        **kwargs
    )
    for variant in variants:
        compiler, options = VARIANTS[variant]
        _variant_test(
            name = name + "_" + variant,
            size = size,
            srcs = srcs,
            compiler = compiler,
            copts = copts + options,
            linkopts = linkopts,
            deps = deps,
            **kwargs
        )
