#!/usr/bin/python3
"""Measures what of alloc/ the committed corpus reaches.

    bazel run //fuzz:coverage [-- --html FOLDER] [--lines PERCENT] [--branches PERCENT]

Runs each target's corpus on a build that counts, and prints, for each file of alloc/, how
many lines and branches were reached, and which lines were not.  EXCUSED (below) has the
reason for each of those; a line that is not reached and not excused is a failure, and so
is less than the percentages named.  --html writes the sources with their counts.

Exit status: 0 well, 1 too little is reached, 2 it could not be run.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import hunt

# Comments are no lines; -Qunused-arguments, because the linker is given all this too.
FLAGS = ("-O0 -fprofile-instr-generate -fcoverage-mapping -fcoverage-compilation-dir=. "
         "-Qunused-arguments -mllvm -emptyline-comment-coverage=false")

# Lines that no input reaches, and why: (file, a text that is in the line).
ENOUGH = "the registry's first memory is enough for what an input has"
SETTING = "variables are read once in a process; //tests:debug_layer_test sets others"
END = "the end of a process comes after it is counted what was reached, and there is no fork"
SUMS = "cannot be: what is held adds up; the proof knows no sums"
FEW = "a fuzzer asks for memory from few places, so that no two stacks meet"
EXCUSED = {
    ("alloc/debug.c", "leaks_at_exit"): END,
    ("alloc/debug.c", "raw_lock"): END,
    ("alloc/debug.c", "raw_unlock"): END,
    ("alloc/debug.c", "raw_renew"): END,
    ("alloc/debug.c", "noted ="): SETTING,
    ("alloc/debug.c", "frame.serials = notes && frame.serials"): SETTING,
    ("alloc/debug.c", "misuse_without_lock(layer, call)"): "it returns false always",
    ("alloc/debug.c", "large->ctx == raw_layer"): "behind the space is raw, and raw has the layer from the set-up on",
    ("alloc/debug.c", "b->room < (int32_t)held_most)) held_give(b)"): SUMS,
    ("alloc/debug.c", "b->room_bytes = 0"): SUMS,
    ("alloc/registry.c", "r->tree_end == TREE_WORDS"): "takes 128 GiB",
    ("alloc/registry.c", "region_commit(&r->region, end)"): ENOUGH,
    ("alloc/registry.c", "r->tree[top] == 0"): "takes 128 GiB",
    ("alloc/registry.c", "r->tree[mid] == 0"): ENOUGH,
    ("alloc/registry.c", "if (mid == 0) return 0;"): ENOUGH,
    ("alloc/out.c", "errno == EINTR"): "a standard error that cannot be written to: //tests:report_write_test",
    ("alloc/stacks.c", "STACK_DEPTH_MOST"): SETTING,
    ("alloc/stacks.c", "found <= (int)skip"): "a stack is deeper than the layer's own functions",
    ("alloc/stacks.c", "PROBES"): FEW,
    ("alloc/stacks.c", "stack->depth != depth"): FEW,
    ("alloc/stacks.c", "stack->frame[i] == frame[i]"): FEW,
    ("alloc/stacks.c", "stack_is(place"): FEW,
    ("alloc/stats_text.c", "columns < 4"): "21 columns are enough for any number",
    ("alloc/space.c", "first >= n"): "cannot be: two pools are the least, and their metadata fits in one",
}


def tool(name):
    path = shutil.which(name) or shutil.which(name + "-14")
    if path is None:
        sys.exit(f"coverage: there is no {name}; tools/setup installs it")
    return path


def build(out):
    env = dict(os.environ, CC="clang", CXX="clang++", CFLAGS=FLAGS, LIB_FUZZING_ENGINE="replay",
               ALLOC_ROOT=str(hunt.ROOT))
    subprocess.run([hunt.ROOT / "fuzz/build.sh", out], env=env, check=True)


def measure(corpus, work, html=None):
    """{file: {"lines": [reached, all], "branches": [...], "missed": [(line, text)]}}."""
    build(work / "bin")
    for target in hunt.TARGETS:
        env = dict(os.environ, LLVM_PROFILE_FILE=str(work / f"{target}.profraw"))
        subprocess.run([*hunt.FIXED, work / "bin" / target, corpus / target], env=env, check=True,
                       stdout=subprocess.DEVNULL)
    profile = work / "all.profdata"
    subprocess.run([tool("llvm-profdata"), "merge", "-sparse", *work.glob("*.profraw"), "-o", profile],
                   check=True)
    binaries = [work / "bin" / hunt.TARGETS[0]]
    for target in hunt.TARGETS[1:]:
        binaries += ["-object", work / "bin" / target]
    shown = [f"-instr-profile={profile}", *binaries]
    if html:
        subprocess.run([tool("llvm-cov"), "show", "-format=html", f"-output-dir={html}",
                        "-show-branches=count", *shown, "-ignore-filename-regex=^(?!.*alloc/)"],
                       cwd=hunt.ROOT, check=True)
    done = subprocess.run([tool("llvm-cov"), "export", *shown], cwd=hunt.ROOT, check=True,
                          stdout=subprocess.PIPE)
    return {name: entry for name, entry in map(read_file, json.loads(done.stdout)["data"][0]["files"])
            if entry and entry["lines"][1]}


def read_file(entry):
    name = os.path.relpath(os.path.join(hunt.ROOT, entry["filename"]), hunt.ROOT)
    if not name.startswith("alloc/"):
        return name, None
    text = (hunt.ROOT / name).read_text().splitlines()
    counts = line_counts(entry["segments"], len(text))
    branches = entry["summary"]["branches"]
    return name, {"lines": [sum(c > 0 for c in counts.values()), len(counts)],
                  "branches": [branches["covered"], branches["count"]],
                  "missed": [(n, text[n - 1].strip(), what) for n, what in
                             [(n, "not reached") for n, c in counts.items() if c == 0] +
                             one_way(entry["branches"], counts)]}


def one_way(branches, counts):
    """The lines that ran, and have a condition that only ever came out one way."""
    taken = {}
    for line, column, _, _, yes, no, *_ in branches:
        was = taken.get((line, column), (0, 0))
        taken[line, column] = was[0] + yes, was[1] + no
    return [(line, f"never {'true' if yes == 0 else 'false'} (column {column})")
            for (line, column), (yes, no) in sorted(taken.items())
            if counts.get(line) and (yes == 0) != (no == 0)]


def line_counts(segments, lines):
    """{line: how often it ran}, of the lines that are compiled.  llvm-cov's own sums take
    what the preprocessor leaves out for lines that did not run."""
    counts, last, rest = {}, None, list(segments)
    for line in range(1, lines + 1):
        here = [last] if last else []
        while rest and rest[0][0] == line:
            last = rest.pop(0)
            here.append(last)
        # Of a segment: line, column, count, whether it has one, whether a region begins.
        if any(s[3] for s in here) and not (len(here) == 1 and not here[0][3]):
            counts[line] = max(s[2] for s in here if s[3])
    return counts


def total(files, what):
    reached = sum(f[what][0] for f in files.values())
    of = sum(f[what][1] for f in files.values())
    return reached, of, 100 * reached / of if of else 0.0


def excuse(name, text):
    return next((why for (file, part), why in EXCUSED.items() if file == name and part in text), None)


def print_table(files):
    print(f"{'file':22} {'lines':>12} {'branches':>12}")
    for name, f in sorted(files.items()):
        print(f"{name:22} {f['lines'][0]:5} of {f['lines'][1]:4} {f['branches'][0]:5} of {f['branches'][1]:4}")
    for what in ("lines", "branches"):
        print("%s: %d of %d, %.1f %%" % (what, *total(files, what)))
    unexcused = 0
    for name, f in sorted(files.items()):
        why, last = None, 0
        for line, text, what in sorted(f["missed"]):
            why = excuse(name, text) or (why if line == last + 1 else None) # a reason is for what follows too
            last = line
            unexcused += why is None
            print(f"{what}: {name}:{line}: {text}\n    {why or 'no reason is given (EXCUSED in coverage.py)'}")
    return unexcused


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--html", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--corpus", type=pathlib.Path, default=hunt.ROOT / "fuzz/corpus")
    parser.add_argument("--lines", type=float, default=98.0, help="percent that there must be")
    parser.add_argument("--branches", type=float, default=95.0, help="percent that there must be")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        files = measure(args.corpus, pathlib.Path(work), args.html)
    unexcused = print_table(files)
    well = total(files, "lines")[2] >= args.lines and total(files, "branches")[2] >= args.branches
    return 0 if well and unexcused == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
