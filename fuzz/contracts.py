#!/usr/bin/python3
"""Runs inputs on a heap that checks its own ACSL: the contracts, fuzzed.

    bazel run //fuzz:contracts [-- [--alloc ROOT] [INPUT...]]

E-ACSL makes C of the contracts and loop invariants of alloc/heap.[ch] and what
they include, and the inputs (of fuzz/corpus/core, if none is named; the first 40 calls of
each) are run on that, beside the model.  A contract that does not hold ends the run.

E-ACSL knows no predicate that reads memory at a label, which all of spec/ are; so each
that reads one state is handed to it as a macro, made of the same text.  What compares two
states (live_same and its like) stays unchecked here; the model checks it.  The first line
that is printed says how many annotations are not checked, and why: those that E-ACSL
leaves out, in its words, and those that it is not given (LEFT_OUT below).

All files are made in a scratch folder, which goes at the end, also when interrupted.

Exit status: 0 every contract held, 1 one did not, 2 it could not be run.
"""

import argparse
import collections
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

import hunt

FLAGS = ["-std=gnu11", "-g", "-w", "-iquote", "."]
PARTS = ["fuzz/run.c", "fuzz/ops.c", "fuzz/ops_text.c", "fuzz/system.c", "fuzz/replay_main.c",
         "fuzz/contracts/target.c", "spec/model/model.c", "spec/model/blocks.c"]
CHECKED = ["fuzz/contracts/heap.c", "alloc/heap.c"]

DEFINITION = re.compile(r"\b(?:predicate|logic\s+\w+\s*\*?)\s+(\w+)(?:\{L\})?\s*\(([^()]*)\)\s*=", re.S)
DEFINED = re.compile(r"\b(?:predicate|logic\s+\w+\s*\*?)\s+$")
DEFINITION_END = re.compile(r";\s*(?=predicate\b|logic\b|lemma\b|axiom\b|\*/|\})", re.S)
ANNOTATION = re.compile(r"/\*@.*?\*/|//@[^\n]*", re.S)
LEFT_OUT = {
    "lemmas, for provers": re.compile(r"/\*@\s*ghost\b.*?\*/|//@\s*ghost\b[^\n]*", re.S),
    "steps of proofs": re.compile(r"/\*@\s*assert\b.*?\*/|//@\s*assert\b[^\n]*", re.S),
    # At such a quotient Frama-C 25 stops.
    "quotients by a logic function": re.compile(r"\bensures \w+:[^;]*/ class_bytes[^;]*;"),
}
PREFIX = "acsl_"
QUANTIFIER = re.compile(r"\\(forall|exists)\s+\w+\s+([^;]*);")
BOUND = re.compile(r"\\(?:forall|exists)\s+\w+\s+([^;]*);")


def fail(text):
    print("contracts: " + text, file=sys.stderr)
    sys.exit(2)


def scope_end(text, at):
    """Where the bracket ends that text[at] stands in."""
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] in "([{") - (text[i] in ")]}")
        if depth < 0:
            return i
    return len(text)


def top_level(text, mark):
    """The parts of a text between marks that stand in no bracket."""
    parts, depth, begin = [], 0, 0
    for i, c in enumerate(text):
        depth += (c in "([{") - (c in ")]}")
        if depth == 0 and i >= begin and text.startswith(mark, i):
            parts.append(text[begin:i])
            begin = i + len(mark)
    return parts + [text[begin:]]


def guards_first(body):
    """A text whose quantifiers name the ranges of their variables first, and apart from
    other conditions, which is the one form that E-ACSL takes."""
    for m in reversed(list(QUANTIFIER.finditer(body))):
        end = scope_end(body, m.end())
        hypothesis, *goal = top_level(body[m.end():end], "==>")
        variables = [v.strip() for v in m[2].split(",")]
        terms = top_level(hypothesis, "&&")
        ranges = [t for v in variables for t in terms if re.search(rf"<=?\s*{v}\s*<", t)]
        rest = " && ".join(t for t in terms if t not in ranges)
        if ranges and goal and rest:
            said = f"{' && '.join(ranges)} ==> (({rest}) ==> ({'==>'.join(goal)}))"
        elif ranges and not goal and rest:
            said = f"{' && '.join(ranges)} && ({rest})"
        else:
            continue
        body = body[:m.end()] + " " + said + body[end:]
    return body


def macro(name, parameters, body):
    """A definition of one state, as a macro whose names occur nowhere else."""
    body = guards_first(body)
    names = [re.split(r"[\s*]+", p.strip())[-1] for p in parameters.split(",")]
    bound = {v.strip() for variables in BOUND.findall(body) for v in variables.split(",")}
    body = " ".join(body.split())
    for v in names + sorted(bound):
        new = f"({name}_{v})" if v in names else f"{name}_{v}"
        body = re.sub(rf"(?<!->)(?<!\.)\b{v}\b", new, body)
    return f"#define {PREFIX}{name}({', '.join(f'{name}_{n}' for n in names)}) ({body})\n"


def leave_out(folder):
    """Takes what LEFT_OUT names out of the files in a folder: {what: how often}."""
    count = collections.Counter()
    for path in sorted(folder.rglob("*.[ch]")):
        text = path.read_text()
        for what, unfit in LEFT_OUT.items():
            text, n = unfit.subn("", text)
            count[what] += n
        path.write_text(text)
    return count


def use_macros(folder):
    """Gives every annotation in a folder the macros in place of what they stand for; the
    definitions are left for what names a label.  C's own names stay as they are."""
    texts = {path: path.read_text() for path in folder.rglob("*.[ch]")}
    names = {m[1] for text in texts.values() for m in DEFINITION.finditer(text)}
    use = re.compile(rf"\b({'|'.join(sorted(names))})(?=\()")

    def used(m):
        return m[0] if DEFINED.search(m.string, 0, m.start()) else PREFIX + m[0]

    for path, text in texts.items():
        text = ANNOTATION.sub(lambda m: use.sub(used, m[0]), text)
        made = [macro(m[1], m[2], text[m.end():DEFINITION_END.search(text, m.end()).start()])
                for m in DEFINITION.finditer(text)]
        path.write_text("".join(made) + text)


def call(command, work, what, files=()):
    # Frama-C goes by PWD.
    env = dict(os.environ, PWD=str(work), TMPDIR=str(work))
    done = subprocess.run(list(map(str, command)), cwd=work, env=env, pass_fds=files,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
    if done.returncode:
        fail(f"{what} failed:\n{done.stdout[-2000:]}")
    return done.stdout


def unchecked(output):
    """What E-ACSL said that it does not check: {construct: how often}."""
    flat = re.sub(r"\s+", " ", output)
    said = re.findall(r"E-ACSL construct\s+`(\w[\w \\]*)[^`]*? Ignoring annotation", flat)
    return collections.Counter(" ".join(words.split()[:3]) for words in said)


def copy_included(alloc, work):
    """Copies what E-ACSL reads, and no more, so that what is counted is of that."""
    roots = ["-iquote", alloc, "-iquote", hunt.ROOT]
    sources = [alloc / "alloc/heap.c", hunt.ROOT / "fuzz/contracts/heap.c"]
    rules = call(["gcc", "-MM", "-D__FRAMAC__", *roots, *sources], work, "looking for headers")
    for name in set(re.findall(r"(?:alloc|spec|fuzz/contracts)/[\w.]+(?=\s)", rules)):
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        root = hunt.ROOT if name.startswith("fuzz") else alloc
        (work / name).write_bytes((root / name).read_bytes())


def instrument(alloc, work):
    """Makes work/checked.c; returns what is not checked: {what: how often}."""
    copy_included(alloc, work)
    count = leave_out(work)
    use_macros(work)
    # Frama-C gets an open file and no name, so it cannot write anywhere else.
    with open(work / "checked.c", "wb") as made:
        return count + unchecked(call(
            ["frama-c", "-c11", "-machdep", "gcc_x86_64", "-remove-unused-specified-functions",
             "-cpp-extra-args=-I.", "-main", "contracts_malloc", "-lib-entry", "-e-acsl-full-mtracking",
             "-e-acsl", *CHECKED, "-then-last", "-print", "-ocode", f"/proc/self/fd/{made.fileno()}"],
            work, "E-ACSL", [made.fileno()]))


def build(work):
    share = call(["frama-c", "-print-share-path"], work, "frama-c").strip() + "/e-acsl"
    library = os.environ.get("E_ACSL_LIB", "/usr/lib/frama-c/e-acsl") + "/libeacsl-dlmalloc.a"
    runtime = ["-fno-builtin", "-fno-merge-constants", "-DE_ACSL_SEGMENT_MMODEL", "-I", share]
    objects = []
    for source in [work / "checked.c", f"{share}/e_acsl_rtl.c", *(hunt.ROOT / part for part in PARTS)]:
        source = pathlib.Path(source)
        objects.append(work / (source.stem + ".o"))
        # What E-ACSL wrote is so long that to optimise it takes longer than to run it.
        how = ["-O2"] if hunt.ROOT in source.parents else [*runtime, "-O0" if source.parent == work else "-O2"]
        call(["gcc", *FLAGS, *how, "-iquote", hunt.ROOT, "-c", source, "-o", objects[-1]], work,
             f"compiling {source.name}")
    call(["gcc", *objects, f"@{hunt.ROOT}/fuzz/wrap.opts", library, "-lgmp", "-lm", "-lpthread",
          "-o", "contracts"], work, "linking")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--alloc", type=pathlib.Path, default=hunt.ROOT, metavar="ROOT")
    parser.add_argument("inputs", nargs="*", type=pathlib.Path, metavar="INPUT")
    args = parser.parse_args()
    if shutil.which("frama-c") is None:
        fail("there is no frama-c; tools/setup installs it")
    os.chdir(os.environ.get("BUILD_WORKING_DIRECTORY", "."))
    inputs = [p.absolute() for p in args.inputs] or [hunt.ROOT / "fuzz/corpus/core"]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))  # so that the folder goes
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        missing = instrument(args.alloc.absolute(), work)
        print("not checked: " + "; ".join(f"{n} {what}" for what, n in missing.most_common()), flush=True)
        build(work)
        done = subprocess.run([*hunt.FIXED, work / "contracts", *inputs])
    return 1 if done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
