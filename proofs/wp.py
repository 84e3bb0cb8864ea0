"""Frama-C/WP on one C file, of alloc/ or a client of it: how it is started, and what it says."""

import ctypes.util
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).absolute().parent.parent
PROVERS = "CVC4:1.8:near,CVC4:1.8:lean,Z3,CVC5,CVC4:1.8"  # the order matters: the first proves most, the last few
SMOKE_PROVER = "CVC4:1.8"  # of those that are told all, the one that proves most
TIMEOUT = 5
WHY3 = "/usr/lib/ocaml/why3"  # the library, as OCaml code uses it (near.ml)
PARALLEL = {"offline": 64}  # goals at a time, where no prover is run
MEMORY = 4000  # megabytes; with less z3 dies where it should time out
# WP stops at these, or has no way to prove them; it is not run on them, they are parsed with the
# rest.  {function: why}
LEFT_OUT = {
    "handler_call": "a handler's code is not ours, and contracts want that none is set",
    "lock_asked": "so it is with a lock check",
    "debug_put": "from a layer to what callers know of allocators, by contract, there is no step in a proof",
    "setting": "Frama-C's contract of getenv does not say that its texts end",
    "out_take": "Frama-C's contracts of fwrite and write do not say what a file becomes",
    "text_next": "WP does not know what is in a string literal",
}
# Logic functions that are declared, and never defined, so that a proof holds whatever they are: the axiomatic blocks, which
# WP wants around them.  None has an axiom.  {block: what for}
DECLARED = {"Texts": "the characters of a text, which text_next finds; and what of a call stack is printed"}
# Units in which a cast between void * and a pointer to a struct keeps the address, as C says, and does
# not lose it: WP's model Typed+cast.  Other casts between types of pointers stop the proof.
CASTS = {
    "bytes": r"__anonstruct_space_t_\d+",
    "debug": r"__anonstruct_(layer_t|PyMemAllocatorEx)_\d+",
    "domain": r"__anonstruct_PyMemAllocatorEx_\d+",
    "families": r"__anonstruct_Py(Object|VarObject|MemAllocatorEx)_\d+",
    "large": r"__anonstruct_space_t_\d+",
    "object": r"__anonstruct_Py(Object|VarObject|MemAllocatorEx)_\d+",
    "select": r"__anonstruct_space_t_\d+",
    "space": r"__anonstruct_space_t_\d+",
}
CAST = re.compile(r"Cast with incompatible pointers types\s*\(source: (\w+)\*\)\s*\(target: (\w+)\*\)")
NO_ASSIGNS = re.compile(r"No code nor implicit assigns clause for function (\w+)")
# More of spec/ that one unit's proof is for: {unit: names}.
OWN_LOGIC = {"debug": ["setup"], "select": ["text"], "space": ["place"]}
# Functions that are proved with more lemmas than their unit is, those of spec/PART.acsl.h: {unit: {part: names}}.
# Each is a run of its own, with the macro PROVES_PART.
PARTS = {"debug": {
    "bytes": ["block_gone", "block_release", "held_give", "held_release", "block_hold", "block_erase", "block_drop",
              "block_refused"],
    "made": ["memory_new", "outer_write", "inner_write", "frames_write", "block_write", "block_make", "block_try",
             "block_again", "block_reuse", "block_get", "block_new", "block_copy", "block_moved",
             "debug_malloc", "debug_calloc", "debug_realloc", "debug_free", "quick_malloc", "frame_begins",
             "bytes_are_there"],
    "fresh": ["block_around", "memory_for", "quick_free"],
}, "space": {
    "kept": ["space_block", "space_calloc", "space_copy", "space_free", "space_malloc", "space_malloc_rest", "space_move"],
}}
# How many smoke tests of a function should fail, since it has code that is never reached in the proof: what is done with
# a misuse handler, a lock check or a function for lack of memory, as contracts want none, and what would come after a
# report that ends the process.
DEAD = {"block_checked": 1, "block_moved": 1, "debug_calloc": 1, "debug_malloc": 1, "debug_realloc": 1, "handler_call": 1,
        "lock_asked": 1, "lock_ok": 6, "misuse_tell": 2, "misuse_without_lock": 2, "told_if_none": 1}
# Units that see the same bytes as char and as unsigned char (proofs/machdep.ml).
ONE_CHAR = {"debug"}
# Units with many texts between quotes, whose characters no proof is about.
NO_TEXTS = {"misuse", "options", "report", "stats_text"}
COMPILING = threading.Lock()  # live.py starts several at once
LEMMAS = "lemma"  # a unit's lemmas, as if they were the goals of a function
# The provers as we want them.  cvc4 looks at its own clock so often that it takes an eighth of its time, and Why3
# ends it anyway; it is there three times, since most goals are proved sooner when it is told less (cvc4_lean.drv), or
# what is near the goal alone (cvc4_near.drv).  The drivers are ours: Why3's tell of more than any goal has, for z3 it
# has the wrong one, for cvc5 none.  {driver: (name, version, alternative, command)}
OUR_PROVERS = {
    "cvc4": ("CVC4", "1.8", "", "%s --lang=smt2 %%f"),
    "cvc4_near": ("CVC4", "1.8", "near", "%s --lang=smt2 %%f"),
    "cvc4_lean": ("CVC4", "1.8", "lean", "%s --lang=smt2 %%f"),
    "z3": ("Z3", "4.8.12", "", "%s -smt2 -T:%%t sat.random_seed=42 nlsat.randomize=false smt.random_seed=42 %%f"),
    "cvc5": ("CVC5", "1.0.3", "", "%s --tlimit-per=%%t000 --lang=smt2 %%f"),
}
# Instead of glibc's, with pages of 2 MB where the system has them: a tenth of cvc4's time is gone, and another with the
# pages.  None: as it is.
MALLOC = ctypes.util.find_library("mimalloc")
PROVER = """
[prover]
name = "{name}"
version = "{version}"
alternative = "{alternative}"
command = "{command}"
driver = "{driver}"
in_place = false
interactive = false
"""
# WP cannot state \valid_function; `calls` makes a goal that says which function it is.
NO_POINTER_CALLS = ["-rte-no-pointer-call"]
# Texts between quotes are known; and the C library's functions end, where its contracts don't say.
LIBRARY = ["-wp-literals", "-wp-frama-c-stdlib-terminate"]
# A simplification of WP's that takes more time than it saves the provers.
QUICKER = ["-wp-no-ground"]
# All but smoke tests, which are in no category.
NO_GOALS = "-wp-prop=" + ",".join(f"-@{c}" for c in (
    "lemma", "requires", "assigns", "ensures", "exits", "assert", "invariant", "variant", "breaks", "continues",
    "returns", "complete_behaviors", "disjoint_behaviors", "terminates", "decreases", "check"))


def fail(text):
    print("prove: " + text, file=sys.stderr)
    sys.exit(2)


def why3_config(scratch):
    """The environment of a Why3 with a configuration of our own; nothing from the user's."""
    config = scratch / "why3.conf"
    env = dict(os.environ, HOME=str(scratch), WHY3CONFIG=str(config), MIMALLOC_LARGE_OS_PAGES="1",
               **({"LD_PRELOAD": MALLOC} if MALLOC else {}))
    try:
        done = subprocess.run(["why3", "config", "detect"], env=env, capture_output=True, text=True)
    except FileNotFoundError:
        fail("why3 is missing; run tools/setup")
    if done.returncode != 0:
        fail("why3 config detect failed:\n" + done.stderr)
    text = config.read_text()
    for name in ("cvc4", "z3", "cvc5"):
        if not shutil.which(name) or name != "cvc5" and f'name = "{name.upper()}"' not in text:
            fail(f"the prover {name} is missing, or Why3 does not know its version; run tools/setup")
    text = re.sub(r"^memlimit = .*", f"memlimit = {MEMORY}", text, flags=re.M)
    text = re.sub(r'^\[partial_prover\]\nname = "(?:CVC4|Z3)"\n(\w.*\n)*', "", text, flags=re.M)
    for stem, (name, version, alternative, command) in OUR_PROVERS.items():
        driver = scratch / (stem + ".drv")
        driver.write_text((ROOT / "proofs" / driver.name).read_text())
        text += PROVER.format(name=name, version=version, alternative=alternative, driver=driver,
                              command=command % shutil.which(name.lower()))
    config.write_text(text)
    return env


def compile_plugin(name, scratch, env):
    """proofs/NAME.ml for Frama-C to load."""
    shutil.copy(Path(__file__).absolute().with_name(name + ".ml"), scratch)
    try:
        asked = subprocess.run(["frama-c", "-print-lib-path"], env=env, capture_output=True, text=True)
        if asked.returncode != 0:
            fail(f"frama-c failed (status {asked.returncode}) when asked for its library:\n" + asked.stderr)
        done = subprocess.run(["ocamlopt", "-shared", "-I", asked.stdout.strip(), "-I", WHY3, "-o", name + ".cmxs", name + ".ml"],
                              cwd=scratch, env=env, capture_output=True, text=True)
    except FileNotFoundError as error:
        fail(f"{error.filename} is missing; run tools/setup")
    if done.returncode != 0:
        fail(f"ocamlopt does not compile proofs/{name}.ml:\n" + done.stderr)


def plugin(name, env):
    """Frama-C's options for a plugin of ours, which is compiled at its first use."""
    scratch = Path(env["HOME"])
    with COMPILING:
        if not (scratch / (name + ".cmxs")).exists():
            compile_plugin(name, scratch, env)
    return ["-load-module", str(scratch / (name + ".cmxs"))]


def machine_of(source, env):
    """Frama-C's options for the machine."""
    if source.stem not in ONE_CHAR:
        return ["-machdep", "gcc_x86_64", "-cpp-extra-args=-I."]
    return [*plugin("machdep", env), "-machdep", "unsigned_chars",
            "-cpp-extra-args=-I. -D__FC_MACHDEP_X86_64 -D__CHAR_UNSIGNED__"]


def source_of(name):
    name = os.path.basename(name)  # no two have the same
    for folder in ("alloc", "proofs/clients"):
        if (ROOT / folder / name).exists():
            return ROOT / folder / name
    fail(f"there is no {name} in alloc/ or proofs/clients/")


def headers_of(source):
    """The headers whose functions are proved with a C file."""
    names = ["bits.h", "set.h", "block.h", "heap.h"] if source.stem == "heap" else [source.stem + ".h"]
    return [path for path in map(source.with_name, names) if path.exists()]


def functions_of(source):
    """The functions that a C file defines (and its headers, inline), by the linker's names, and
    those that are there for the proof alone (ghosts)."""
    text = "\n".join(p.read_text() for p in [source] + headers_of(source))
    ghost = "".join(re.findall(r"/\*@ ghost.*?\*/", text, flags=re.S))
    ghosts = re.findall(r"^  \w+ (\w+)\([^()]*\) \{", ghost, flags=re.M)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"#ifndef __FRAMAC__\n(?:(?!#endif).)*?#else", "", text, flags=re.S)  # not seen
    text = re.sub(r"__attribute__\(\(.*?\)\) *", "", text)
    found = re.findall(r"^\w[^\n;={}()]*?(\w+)\([^;{}]*?\)\s*\{", text, flags=re.M)
    linked = dict(re.findall(r"#define (\w+) (\w+)", (ROOT / "alloc" / "names.h").read_text()))
    return sorted({linked.get(name, name) for name in found + ghosts} - LEFT_OUT.keys())


def hazards(source, output):
    """Casts in a unit of CASTS that are none between void * and the struct that it names."""
    may, byte = re.compile(CASTS[source.stem]), "uint8" if source.stem in ONE_CHAR else "sint8"
    return {f"{a} * to {b} *" for a, b in CAST.findall(output)
            if not (byte in (a, b) and (may.fullmatch(a) or may.fullmatch(b)))}


def run_frama_c(source, env, options, progress=None):
    """What Frama-C prints; and calls progress(line) for each line of it."""
    command = ["frama-c", *plugin("quicker", env), "-c11", *machine_of(source, env), *options, str(source.relative_to(ROOT))]
    lines = []
    env = dict(env, PWD=str(ROOT))  # Frama-C looks for files there, and not where it is
    process = subprocess.Popen(command, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    for line in process.stdout:
        lines.append(line)
        if progress:
            progress(line)
    status, output = process.wait(), "".join(lines)
    if status != 0:
        parsed = "it does not parse" if re.search(r"(?i)syntax error|\[kernel\] user error", output) else "it stopped"
        fail(f"frama-c failed on {source.name} (status {status}): {parsed}:\n" + output[-3000:])
    return output


def wp_options(source):
    model = ["-wp-model", "Typed+cast"] if source.stem in CASTS else []
    model += ["-wp-no-init-const"] if source.stem in NO_TEXTS else []
    return ["-wp", "-wp-rte", "-wp-timeout", str(TIMEOUT), *NO_POINTER_CALLS, *LIBRARY, *QUICKER, *model]


def run_wp(source, env, options, progress=None, parallel=2):
    """What Frama-C/WP prints."""
    output = run_frama_c(source, env, [*plugin("near", env), *wp_options(source), "-wp-par", str(parallel), *options],
                         progress)
    if source.stem in CASTS and hazards(source, output):
        fail(f"{source.name} has casts that Typed+cast does not know: " + ", ".join(sorted(hazards(source, output))))
    made_up = sorted(set(NO_ASSIGNS.findall(output)))
    if made_up:  # it says that nothing changes, which contradicts what the contract says of what has changed
        fail(f"{source.name}: functions without an assigns clause, for which Frama-C makes one up: " + ", ".join(made_up))
    if "Neither code nor specification for function" in output:
        for name in re.findall(r"specification for function (\w+)", output):
            print(f"note: {source.name}: {name} has no contract: Frama-C made one up (proofs/trusted.py)")
    return output


def lemmas_of(source):
    """The names of the lemmas that are proved with a C file: those of its own logic, and of what it alone uses."""
    stems = [path.stem for path in headers_of(source)] + OWN_LOGIC.get(source.stem, []) + [*PARTS.get(source.stem, {})]
    paths = [source] + [ROOT / "spec" / (stem + ".acsl.h") for stem in stems]
    return [name for path in paths if path.exists() for name in re.findall(r"\blemma (\w+)", path.read_text())]


def part_of(source, function):
    """The part of PARTS that a function belongs to, or ""."""
    return next((part for part, names in PARTS.get(source.stem, {}).items() if function in names), "")


def runs_of(source, functions):
    """{run: options}: the runs of Frama-C that functions take; -wp-fct is without lemmas, so those are one, too."""
    parts = PARTS.get(source.stem, {})
    wanted = {part: [f for f in functions if f != LEMMAS and part_of(source, f) == part] for part in ["", *parts]}
    runs = {part or "functions": ["-wp-fct", ",".join(names), *([macros([part])] if part else [])]
            for part, names in wanted.items() if names}
    if LEMMAS in functions and lemmas_of(source):
        runs["lemmas"] = ["-wp-prop=" + ",".join(lemmas_of(source))] + ([macros(parts)] if parts else [])
    return runs


def macros(parts):
    return "-cpp-extra-args=" + " ".join("-DPROVES_" + part.upper() for part in parts)


def digest_of(source, functions, env, proved):
    """Two numbers for all that an answer rests on.  The first, which is all that smoke tests rest on: each run's code and
    contracts, as Frama-C has read them (so not comments, or where lines end), its options, the tools' versions,
    what SMOKE_PROVER is told.  The second: what all provers are told, and what was proved then."""
    digest = hashlib.sha256()
    versions = sorted(set(re.findall(r"^name = .*\nversion = .*", Path(env["WHY3CONFIG"]).read_text(), flags=re.M)))
    told = {path.name: path.read_text() for path in [*(ROOT / "proofs").glob("*.drv"), ROOT / "proofs" / "near.ml"]}
    ours = [(ROOT / "proofs" / "machdep.ml").read_text(), told["cvc4.drv"]]
    for run, options in runs_of(source, functions).items():
        defines = [option for option in options if option.startswith("-cpp-extra-args")]
        read = Path(env["HOME"]) / f"{source.stem}_{run}.read"
        run_frama_c(source, env, [*defines, "-print", "-ocode", str(read)])
        rest = [run, *options, *wp_options(source), *versions, *ours]
        digest.update("\n".join([*rest, read.read_text()]).encode())
    digest.update(subprocess.run(["frama-c", "-version"], env=env, capture_output=True).stdout)
    second = hashlib.sha256(json.dumps([PROVERS, told, proved], sort_keys=True).encode())
    return digest.hexdigest() + " " + second.hexdigest()


def write_hints(source, folder, hints):
    """Has WP try first, for a goal, the prover that is known to prove it: as scripts of one step."""
    folder.mkdir(parents=True)
    model = "typed_cast_" if source.stem in CASTS else "typed_"
    for goal, prover in hints.items():
        step = {"prover": re.sub(r"[ (]+", ":", prover.rstrip(")")), "verdict": "valid", "time": TIMEOUT}
        (folder / f"{model}{goal}.json").write_text(json.dumps([step]))


def prove(source, functions, env, cache, mode, progress=None, parallel=2, hints=None):
    """Runs the provers on functions (LEMMAS: on the file's lemmas); returns goals_of, crashes_of.  In
    the cache each run has a folder, since WP drops answers that a run does not use; it does so in a
    session's cache only, not in one that -wp-cache-dir names.  hints: {goal: the prover to try first}."""
    hints = hints or {}
    provers = ("script," if hints else "") + PROVERS
    options = ["-wp-prover", provers, "-wp-cache", mode, "-wp-session"]
    runs = runs_of(source, functions)
    if hints:
        for run in runs:
            write_hints(source, cache / run / "script", hints)
    output = "".join(run_wp(source, env, [*options, str(cache / run), *choice], progress, PARALLEL.get(mode, parallel))
                     for run, choice in runs.items())
    if "Proved goals" not in output:
        fail(f"frama-c had no goals for {source.name}:\n" + output[-3000:])
    return goals_of(output, functions, hints), crashes_of(output)


def goal_of(line):
    """(prover or None, goal, seconds) of a line that tells the end of a goal, or None."""
    match = re.match(r"\[wp\] \[([^\]]+)\] Goal typed_(?:cast_)?(\S+)(.*)", line)
    if not match:
        return None
    prover, goal, rest = match.groups()
    goal = re.sub(r"(_call_point_\w+?)_s\d+$", r"\1", goal)  # a number that any change of a header changes
    taken = re.findall(r"\((?:Qed:)?([\d.]+)(ms|s|')", rest)
    seconds = sum(float(n) * {"ms": 0.001, "s": 1, "'": 60}[unit] for n, unit in taken)
    return prover if ": Valid" in rest else None, goal, seconds


def goals_of(output, functions, hints):
    """{function: {goal: (prover, or None when it is not proved, seconds)}}."""
    table = {f: {} for f in functions}
    for prover, goal, seconds in filter(None, map(goal_of, output.splitlines())):
        if prover == "Script":
            prover = hints[goal]
        names = [f for f in functions if goal.startswith(f + "_")]
        if names:
            table[max(names, key=len)][goal] = prover, seconds
    if not table.get(LEMMAS, True):
        del table[LEMMAS]
    return table


def crashes_of(output):
    """{prover: how many goals it crashed on}; a smoke test would take that for a pass.  WP counts a smoke test that the
    prover proved dead, so that it failed, with those."""
    crashes = Counter()
    crashes.subtract(re.findall(r"^\[wp\] \[Failed\] Smoke-test \S+\n +(\w+) [\d.]+: Valid", output, flags=re.M))
    for prover, n in re.findall(r"^  (\w+) [\d.]+(?: \(\w+\))?:.*\(failed: (\d+)\)", output, flags=re.M):
        crashes[prover] += int(n)
    return {prover: n for prover, n in crashes.items() if n}


def smoke(source, functions, env, progress=None):
    """{function: {smoke test: passed}}, and crashes_of.  A test of whether a call returns bears the name of the function
    that is called, which may be one of another file.  A test that passes takes a prover all of its time (2 seconds), so
    there is one prover; one that is told all, since a contradiction may need any of it."""
    output = "".join(run_wp(source, env, ["-wp-smoke-tests", NO_GOALS, "-wp-prover", SMOKE_PROVER,
                                          "-wp-cache", "none", *choice], progress)
                     for choice in runs_of(source, functions).values())
    table = {}
    for passed, test in re.findall(r"^\[wp\] \[(Passed|Failed)\] Smoke-test typed_(?:cast_)?(\S+)", output, flags=re.M):
        table.setdefault(test.split("_wp_smoke_")[0], {})[test] = passed == "Passed"
    return table, crashes_of(output)
