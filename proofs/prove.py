"""Runs Frama-C/WP on one C file of alloc/ and compares what it proves with what
is recorded as proved: no goal that was proved may be lost.

    prove.py check  FILE.c    against proofs/results/FILE.json; answers that are
                              recorded in proofs/cache are taken from there
    prove.py record FILE.c    proves what is not in the cache, and writes both
    prove.py live   FILE.c    check, with the cache left alone
    --functions F,G           of these functions only (not with record)

Exit status 0: all that is recorded is proved.  1: it is not.  2: the tools could
not be run, or did not understand the file.
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

ROOT = pathlib.Path(__file__).absolute().parent.parent
PROVERS = "cvc4,z3,CVC5"  # the order matters: the first is the one that proves most
TIMEOUT = 5
# WP stops at these, so it is not run on them; they are parsed with the rest.
LEFT_OUT = {
    "region_commit": "Frama-C's contract of mprotect assigns a range without an end",
    "region_release": "so does that of munmap",
}
LEMMAS = "lemma"  # stands for all lemmas of a file, among its functions; WP names their goals so
CVC5 = """
[prover]
name = "CVC5"
version = "1.0.3"
alternative = ""
command = "/usr/bin/cvc5 --tlimit=%%t000 --lang=smt2 %%f"
driver = "%s"
in_place = false
interactive = false
"""


def fail(text):
    print("prove: " + text, file=sys.stderr)
    sys.exit(2)


def why3_config(scratch):
    """A Why3 configuration of our own; nothing from the user's."""
    config = scratch / "why3.conf"
    env = dict(os.environ, HOME=str(scratch), WHY3CONFIG=str(config))
    try:
        done = subprocess.run(["why3", "config", "detect"], env=env, capture_output=True, text=True)
    except FileNotFoundError:
        fail("why3 is missing; run tools/setup")
    if done.returncode != 0:
        fail("why3 config detect failed:\n" + done.stderr)
    text = config.read_text()
    for name in ("CVC4", "Z3"):
        if f'name = "{name}"' not in text:
            fail(f"the prover {name} is missing; run tools/setup")
    if not shutil.which("cvc5"):
        fail("the prover cvc5 is missing; run tools/setup")
    # With less memory z3 dies where it should time out.
    text = re.sub(r"^memlimit = .*", "memlimit = 4000", text, flags=re.M)
    driver = scratch / "cvc5.drv"
    driver.write_text((ROOT / "proofs" / "cvc5.drv").read_text())
    config.write_text(text + CVC5 % driver)
    return env


def functions_of(source):
    """The functions that a C file defines (and its own header's, inline), those that are
    there for the proof only (ghosts), and LEMMAS where there are some."""
    headers = [source.with_suffix(".h")]
    if source.name == "heap.c":
        headers += [source.with_name(h) for h in ("bits.h", "set.h", "block.h")]
    text = "\n".join(p.read_text() for p in [source] + headers if p.exists())
    ghosts = re.findall(r"^  \w+ (\w+)\([^()]*\) \{", "".join(re.findall(r"/\*@ ghost.*?\*/", text, flags=re.S)), flags=re.M)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"__attribute__\(\(.*?\)\)", "", text)
    found = re.findall(r"^\w[^\n;={}()]*?(\w+)\([^;{}]*?\)\s*\{", text, flags=re.M)
    linked = dict(re.findall(r"#define (\w+) (\w+)", source.with_name("names.h").read_text()))
    lemmas = [LEMMAS] if source.name == "heap.c" else []
    return sorted({linked.get(name, name) for name in found + ghosts} - set(LEFT_OUT)) + lemmas


def run_wp(source, functions, env, cache, mode):
    """What WP says of some functions of a file, and of its lemmas, which it takes apart."""
    fixed = ["frama-c", "-c11", "-machdep", "gcc_x86_64", "-cpp-extra-args=-I.",
             "-wp", "-wp-rte", "-wp-par", "2", "-wp-prover", PROVERS, "-wp-timeout", str(TIMEOUT),
             "-wp-cache", mode, "-wp-cache-dir", str(cache), str(source.relative_to(ROOT))]
    plain = [f for f in functions if f != LEMMAS]
    runs = [["-wp-fct", ",".join(plain)]] if plain else []
    if LEMMAS in functions:
        runs.append(["-wp-prop", "@lemma"])
    return "".join(run_frama_c(fixed + run, source, env) for run in runs)


def run_frama_c(command, source, env):
    try:
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    except FileNotFoundError:
        fail("frama-c is missing; run tools/setup")
    if done.returncode != 0 or "Proved goals" not in done.stdout:
        fail(f"frama-c failed on {source.name} (status {done.returncode}):\n" +
             done.stdout[-3000:] + done.stderr[-1000:])
    return done.stdout


def goals_of(output, functions):
    """{function: {goal: prover, or None when it is not proved}}."""
    table = {f: {} for f in functions}
    for prover, goal, rest in re.findall(r"^\[wp\] \[([^\]]+)\] Goal (\S+)(.*)$", output, flags=re.M):
        names = [f for f in functions if re.match(rf"typed_{f}_", goal)]
        if names:
            function = max(names, key=len)
            table[function][goal.removeprefix("typed_")] = prover if "Valid" in rest else None
    return table


def print_table(table, source):
    print(f"{'function':28} {'goals':>6} {'proved':>7}  by")
    total = proved = 0
    for function, goals in table.items():
        good = [p for p in goals.values() if p]
        by = ", ".join(f"{p} {good.count(p)}" for p in sorted(set(good)))
        print(f"{function:28} {len(goals):6} {len(good):7}  {by}")
        total += len(goals)
        proved += len(good)
    print(f"{'all':28} {total:6} {proved:7}")
    for function, reason in LEFT_OUT.items():
        if function in source.read_text():
            print(f"left out: {function}: {reason}")


def lost_goals(recorded, table, functions):
    """[(function, goal)] that are recorded as proved and are not."""
    return [(f, g) for f in functions if f in recorded
            for g in recorded[f]["proved"] if not table.get(f, {}).get(g)]


def read_results(results):
    if not results.exists():
        fail(f"nothing is recorded in {results.name}; run prove.py record")
    return json.loads(results.read_text())


def write_results(results, table):
    results.parent.mkdir(exist_ok=True)
    results.write_text(json.dumps(
        {f: {"goals": len(goals), "proved": sorted(g for g, prover in goals.items() if prover)}
         for f, goals in table.items()}, indent=1) + "\n")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=["check", "record", "live"])
    parser.add_argument("file", help="a C file of alloc/")
    parser.add_argument("--functions", help="only these, with commas between")
    args = parser.parse_args()
    if args.functions and args.what == "record":
        fail("a record is of all functions")
    return args


def main():
    args = arguments()
    source = ROOT / "alloc" / os.path.basename(args.file)
    if not source.exists():
        fail(f"there is no {source}")
    functions = args.functions.split(",") if args.functions else functions_of(source)
    results = ROOT / "proofs" / "results" / (source.stem + ".json")
    committed = ROOT / "proofs" / "cache" / source.stem
    recorded = {} if args.what == "record" else read_results(results)
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as name:
        scratch = pathlib.Path(name)
        cache = scratch / "cache"
        if args.what != "live" and committed.exists():
            shutil.copytree(committed, cache)
        else:
            cache.mkdir()
        env = why3_config(scratch)
        # First what the cache knows, which takes seconds; then, if that is not all, the provers.
        for mode in {"check": ["offline", "replay"], "record": ["update"], "live": ["none"]}[args.what]:
            table = goals_of(run_wp(source, functions, env, cache, mode), functions)
            lost = lost_goals(recorded, table, functions if args.functions else recorded)
            if not lost:
                break
        if args.what == "record":
            shutil.rmtree(committed, ignore_errors=True)
            shutil.copytree(cache, committed)
            write_results(results, table)
    print_table(table, source)
    for function, goal in lost:
        print(f"FAIL: {function}: no longer proved: {goal}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
