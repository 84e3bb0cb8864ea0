"""Runs Frama-C/WP on one C file of alloc/ or proofs/clients/ and compares what it proves with what
is recorded as proved: no goal that was proved may be lost.

    prove.py check  FILE.c    against proofs/results/FILE.json: nothing to do when the
                              code, the contracts and the tools are those that it was
                              recorded with; else answers that are recorded in
                              proofs/cache are taken from there
    prove.py record FILE.c    proves what is not in the cache, and writes both;
                              answers that no goal uses any more are dropped.
                              Where nothing has changed since: tries again what
                              is open
    prove.py live   FILE.c    check, with the cache left alone (all files: live.py)
    prove.py smoke  FILE.c    whether contracts contradict themselves: each smoke
                              test must fail to be proved, but for those of wp.DEAD;
                              --write records how many do
    prove.py table            what is recorded, by file, and how much is annotation;
                              --write: into proofs/table.json; --check: that is so
    --functions F,G           of these functions only (not where something is recorded)
    --seconds N               a prover has so many for a goal, with --functions [5]

Exit status 0: all that is recorded is proved.  1: it is not.  2: the tools could
not be run, or did not understand the file.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import figures
import recorded
import wp

MODES = {
    # First what the cache knows; then the provers, on functions of which it does not know all.
    "check": ["offline", "replay"],
    # What timed out is tried once more; what nothing uses any more goes only where all is proved anew.
    "record": ["cleanup", "update"],
    "again": ["update"],
    "live": ["none"],
}


def crash_texts(crashes):
    return [f"the prover {prover} crashed, on {n} goals" for prover, n in sorted(crashes.items())]


def digest_now(source, env, have):
    return wp.digest_of(source, wp.functions_of(source) + [wp.LEMMAS], env, recorded.proved(have))


def unchanged(source, have):
    print(f"{source.name}: nothing has changed since its {sum(e['goals'] for e in have.values())} goals were recorded")
    return []


def attempt(source, functions, env, cache, modes, missing):
    """Proves functions, in each mode those of which something is missing yet: their goals, and the last crashes."""
    table, crashes = {}, {}
    for mode in modes:
        recorded.timeouts_forget(cache)
        found, crashes = wp.prove(source, functions, env, cache, mode)
        table.update(found)
        functions = [f for f in functions if missing(table, f)]
        if not functions:
            break
    figures.print_functions(table)
    for function, reason in wp.LEFT_OUT.items():
        if function in source.read_text():
            print(f"left out: {function}: {reason}")
    return table, crashes


def prove(args, source, functions, scratch):
    """check and live: what is wrong, as texts."""
    unit, have = source.stem, recorded.read(source.stem)
    env = wp.why3_config(scratch)
    if args.what == "check":
        recorded.cache_needed(unit)
        if recorded.digest(unit) == digest_now(source, env, have):
            return unchanged(source, have)
    every = functions + ([] if args.functions else [wp.LEMMAS])
    cache = recorded.cache_copy(unit, scratch / "cache", wp.runs_of(source, functions + [wp.LEMMAS]))
    modes = MODES[args.what][-1:] if args.functions else MODES[args.what]  # they are few, and rarely all in the cache
    table, crashes = attempt(source, every, env, cache, modes, lambda table, f: recorded.losses(have, table, [f]))
    wrong = recorded.losses(have, table, functions if args.functions else have)
    # Crashes may be old ones, from the cache; then they matter when something is lost.
    return wrong + crash_texts(crashes) if args.what == "live" or wrong else wrong


def record(args, source, functions, scratch):
    """Records all, or what was open where nothing has changed since: nothing is wrong."""
    unit, every = source.stem, functions + [wp.LEMMAS]
    have = recorded.read(unit) if recorded.digest(unit) else {}
    env = wp.why3_config(scratch)
    same = recorded.digest(unit) == digest_now(source, env, have)
    have = have if same else {}
    left = [f for f in every if not same or f in have and recorded.open_of(have[f])]
    if not left:
        return unchanged(source, have)
    cache = recorded.cache_copy(unit, scratch / "cache", wp.runs_of(source, every))
    table, _ = attempt(source, left, env, cache, MODES["again" if same else "record"],
                       lambda table, f: any(not prover for prover, _ in table.get(f, {}).values()))
    recorded.timeouts_forget(cache)
    recorded.write(unit, have, table)
    recorded.write_digest(unit, digest_now(source, env, recorded.read(unit)))
    print("recorded; answers: %d new, %d dropped" % recorded.cache_keep(unit, cache))
    return []


def smoke(args, source, functions, scratch):
    env = wp.why3_config(scratch)
    table, crashes = wp.smoke(source, functions, env)
    dead = {f: sorted(test for test, passed in tests.items() if not passed) for f, tests in table.items()}
    failed = [f"{f}: smoke test failed: {test}" for f in table for test in dead[f] if len(dead[f]) > wp.DEAD.get(f, 0)]
    if not args.functions:  # tests of calls come with the callers
        failed += [f"{f}: {wp.DEAD[f]} smoke tests should fail, and only {len(dead.get(f, []))} do"
                   for f in functions if len(dead.get(f, [])) < wp.DEAD.get(f, 0)]
    tests = sum(map(len, table.values()))
    passed = tests - sum(map(len, dead.values()))
    print(f"{source.name}: smoke tests: {passed} of {tests} passed")
    if not failed and crashes:
        return [text + ", which would pass as smoke tests" for text in crash_texts(crashes)]
    if not failed and not tests:
        return ["there were no smoke tests"]
    if not failed and args.write:
        unit = source.stem
        if recorded.digest(unit) != digest_now(source, env, recorded.read(unit)):
            return [f"{source.name} has changed since it was recorded; record it first"]
        recorded.write_smoke(unit, passed)
    return failed


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=["check", "record", "live", "smoke", "table"])
    parser.add_argument("file", nargs="?", help="a C file of alloc/ or proofs/clients/ (not with table)")
    parser.add_argument("--functions", help="only these, with commas between")
    parser.add_argument("--seconds", type=int, default=wp.TIMEOUT, help="a prover has so many for a goal, with --functions")
    parser.add_argument("--write", action="store_true", help="smoke, table: write what was found")
    parser.add_argument("--check", action="store_true", help="table: is the written one what it should be?")
    args = parser.parse_args()
    if args.functions and (args.what == "record" or args.write):
        parser.error("a record is of all functions")
    if args.seconds < 1 or args.seconds != wp.TIMEOUT and not args.functions:
        parser.error("--seconds is 1 at least, and with --functions only")
    if (args.file is None) != (args.what == "table"):
        parser.error("give one file, except with table")
    return args


def main():
    args = arguments()
    if args.what == "table":
        return figures.main(args.write, args.check)
    source, wp.TIMEOUT = wp.source_of(args.file), args.seconds
    functions = args.functions.split(",") if args.functions else wp.functions_of(source)
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as name:
        run = {"smoke": smoke, "record": record}.get(args.what, prove)
        wrong = run(args, source, functions, Path(name))
    for text in wrong:
        print("FAIL: " + text)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
