"""Build settings: what can be chosen on the command line.

    bool_flag(name = "debug", build_setting_default = False)

declares //package:debug, which `bazel build --//package:debug=True` sets and a
config_setting with flag_values = {":debug": "True"} asks for.
"""

def _nothing(_ctx):
    return []

bool_flag = rule(
    implementation = _nothing,
    build_setting = config.bool(flag = True),
)

def _check_value(ctx):
    value = ctx.build_setting_value
    if ctx.attr.values and value not in ctx.attr.values:
        fail("%s cannot be %r; it is one of %s" % (ctx.label, value, ", ".join(ctx.attr.values)))
    return []

string_flag = rule(
    implementation = _check_value,
    build_setting = config.string(flag = True),
    attrs = {"values": attr.string_list(doc = "What it may be; empty: anything.")},
)
