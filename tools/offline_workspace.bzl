"""What Bazel 4 would download, made here instead.

Bazel 4 adds repositories of its own to every WORKSPACE: rules for C and Java and
the tools for coverage, all from the network.  A repository that WORKSPACE defines
itself comes first, so we define them.  Of each we need a few names, and what they
name is built into that Bazel; hence a file that only hands the names on is enough.
"""

def _native(names):
    return "".join(["{0} = native.{0}\n".format(n) for n in names])

def _one_file_each(folder, names):
    files = {"%s/%s.bzl" % (folder, n): _native([n]) for n in names}
    files[folder + "/BUILD"] = ""
    return files

def _all_in_defs(folder, names):
    return {folder + "/BUILD": "", folder + "/defs.bzl": _native(names)}

_REPOSITORIES = {
    # Every test refers to these three, with coverage or without.
    "remote_coverage_tools": {"BUILD": "\n".join([
        "filegroup(name = '%s', visibility = ['//visibility:public'])" % n
        for n in ["coverage_output_generator", "coverage_report_generator", "lcov_merger"]
    ])},
    # Bazel's own description of the compiler loads the two toolchain rules.
    "rules_cc": _all_in_defs("cc", [
        "cc_binary",
        "cc_import",
        "cc_library",
        "cc_test",
        "cc_toolchain",
        "cc_toolchain_suite",
    ]),
    # There is no Java here, but Bazel 4 always looks at its Java toolchains.
    "rules_java": _all_in_defs("java", [
        "java_binary",
        "java_import",
        "java_library",
        "java_runtime",
        "java_toolchain",
    ]),
    "rules_shell": _one_file_each("shell", ["sh_binary", "sh_library", "sh_test"]),
}

def _repository_impl(ctx):
    ctx.file("WORKSPACE")
    for path, text in _REPOSITORIES[ctx.name].items():
        ctx.file(path, text, executable = False)

_repository = repository_rule(implementation = _repository_impl, local = True)

def offline_workspace():
    for name in _REPOSITORIES:
        _repository(name = name)
