#!/usr/bin/python3
"""Looks for a bug in a copy of alloc/: replays a corpus, and then fuzzes for a while.

    hunt.py [--alloc ROOT] [--seconds N] [--corpus DIR] [--keep FILE] [TARGET...]

ROOT has the folder alloc/ to look at (this repository's, if none is named).  For each
target the inputs in DIR/TARGET are run (fuzz/corpus, if none is named), and then libFuzzer
runs for N seconds of processor time in all.  Prints one JSON object:

    {"found": true, "target": "families", "rule": "PM-REALLOC-03", "seconds": 1.9, ...}

`rule` is the rule that is broken, or "crash", or "hang"; `ops` the input, to be read.
--keep FILE keeps the input too.

Exit status: 0 nothing was found, 1 something was, 2 wrong usage, 3 it does not compile.
"""

import argparse
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(os.path.abspath(__file__)).parent.parent  # not resolve(): a test has links
TARGETS = ["core", "families", "failures", "misuse", "buffer", "spaces", "debug", "debug_options",
           "debug_pools", "differential"]
BROKEN = re.compile(r"(PM-[A-Z]+-\d\d)(?: is broken|: not so|: texts differ)")
# Some sanitizers and libraries want fixed places in memory.
FIXED = ["setarch", "-R"] if subprocess.run(["setarch", "-R", "true"], stderr=subprocess.DEVNULL).returncode == 0 else []
HANG_SECONDS = 20
REPLAY_SECONDS = 30

BUILDS = {  # name: CFLAGS, LIB_FUZZING_ENGINE
    "fast": ("-O1 -fsanitize=fuzzer-no-link", "-fsanitize=fuzzer"),
    "address": ("-O1 -fno-omit-frame-pointer -fsanitize=address,undefined,fuzzer-no-link "
                "-fno-sanitize-recover=all", "-fsanitize=fuzzer,address,undefined"),
    "blind": ("-O2", "blind"),
}


def build(alloc_root, out, targets, kind="fast"):
    """Builds fuzzers; what the compiler said if that fails, else None."""
    flags, engine = BUILDS[kind]
    env = dict(os.environ, CC="clang", CXX="clang++", CFLAGS=flags, LIB_FUZZING_ENGINE=engine,
               ALLOC_ROOT=str(alloc_root))
    done = subprocess.run([ROOT / "fuzz/build.sh", out, *targets], env=env, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    return done.stdout if done.returncode else None


def oracle(output):
    """The rule that an output says is broken; or how else the program ended."""
    match = BROKEN.search(output)
    if match:
        return match[1]
    return "hang" if "timeout after" in output else "crash"


def run(fuzzer, arguments, seconds, work, ends=False):
    """Runs a fuzzer for at most so many seconds of processor time: what its output says is
    wrong, or None; the input, or None; and the seconds that it took.  If it `ends` by
    itself, and has not by then, it hangs."""
    command = [*FIXED, str(fuzzer), f"-artifact_prefix={work}/finding-", f"-timeout={HANG_SECONDS}",
               "-max_len=4096", *arguments]
    env = dict(os.environ, ASAN_OPTIONS="allocator_may_return_null=1:detect_leaks=0")
    most = max(1, int(seconds))
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=env, preexec_fn=lambda:
                                   resource.setrlimit(resource.RLIMIT_CPU, (most, most + 5)))
        # One that waits for ever takes no processor time.
        watch = threading.Timer(60 + 2 * most, os.kill, (process.pid, signal.SIGXCPU))
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        watch.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    took = usage.ru_utime + usage.ru_stime
    if process.returncode in (0, -signal.SIGXCPU):
        return "hang" if process.returncode and ends else None, None, took
    found = sorted(pathlib.Path(work).glob("finding-*"))
    return oracle(text), found[0] if found else None, took


def readable(ops, finding):
    if finding is None:
        return []
    return subprocess.run([ops, "show", finding], stdout=subprocess.PIPE, text=True).stdout.splitlines()


def hunt(out, target, corpus, seconds, work):
    """Replays and fuzzes one target: {"found": ...}.  Seconds are the processor's."""
    grown = pathlib.Path(work) / "corpus" / target
    grown.mkdir(parents=True, exist_ok=True)
    replay, fuzz = ["-runs=0", str(corpus / target)], ["-seed=1", str(grown), str(corpus / target)]
    took = 0.0
    for arguments, most, ends in ((replay, REPLAY_SECONDS, True), (fuzz, seconds, False)):
        if most <= 0:
            break
        rule, finding, more = run(out / target, arguments, most, work, ends)
        took += more
        if rule:
            return {"found": True, "target": target, "rule": rule, "seconds": round(took, 2),
                    "input": finding}
    return {"found": False, "target": target, "seconds": round(took, 2)}


def build_ops(out):
    """Builds the program that prints inputs, and makes them of text."""
    sources = [ROOT / "fuzz" / name for name in ("ops.c", "ops_text.c", "ops_main.c")]
    program = pathlib.Path(out) / "ops"
    subprocess.run(["clang", "-std=c11", "-O1", "-iquote", ROOT, *sources, "-o", program], check=True)
    return program


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--alloc", type=pathlib.Path, default=ROOT, metavar="ROOT")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--corpus", type=pathlib.Path, default=ROOT / "fuzz/corpus")
    parser.add_argument("--build", choices=("fast", "address"), default="fast", help="with sanitizers, or fast")
    parser.add_argument("--keep", type=pathlib.Path, metavar="FILE")
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    args = parser.parse_args()
    targets = args.targets or TARGETS
    if unknown := set(targets) - set(TARGETS):
        parser.error(f"there is no target {', '.join(unknown)}; there are: {', '.join(TARGETS)}")
    if not (args.alloc / "alloc/heap.h").exists():
        parser.error(f"there is no alloc/heap.h in {args.alloc}")
    with tempfile.TemporaryDirectory() as work:
        out = pathlib.Path(work) / "bin"
        if wrong := build(args.alloc.resolve(), out, targets, args.build):
            print(wrong, file=sys.stderr)
            return 3
        for target in targets:
            result = hunt(out, target, args.corpus, args.seconds / len(targets), work)
            if result["found"]:
                break
        finding = result.pop("input", None)
        if finding and args.keep:
            shutil.copyfile(finding, args.keep)
        result["ops"] = readable(build_ops(work), finding)
        print(json.dumps(result))
    return 1 if result["found"] else 0


if __name__ == "__main__":
    sys.exit(main())
