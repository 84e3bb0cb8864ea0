#!/usr/bin/python3
"""Makes small mistakes in copies of alloc/ (tools/mutation.py), one at a time, and looks
whether the corpus, or else fuzzing, finds them.

    bazel run //fuzz:mutants [-- [--sample N] [--seconds S] [--more M] [--jobs J] [ID...]]

Each mutant is compiled, the corpus of each target is replayed, and then libFuzzer runs for
S seconds of a core's time in all (5); what survives is fuzzed for M seconds more (30).  A
mutant that does not end counts as found.  Survivors that no rule can tell from the original
are listed, with the reason, in fuzz/mutants_equivalent.txt; they are hunted for S seconds
too, for the list could be wrong.  One that compiles to the original's machine code is
equivalent without being listed; one that does not compile is not counted.

Without IDs: N mutants (150), spread over all functions of the files below; 0: all.
Prints what is found, a table by file and function, and the survivors; --json FILE
(fuzz/mutants_results.json, when run by Bazel without IDs) gets all of it.

Exit status: 0 none survived, 1 some did, or a mutant that is listed as equivalent was found,
2 wrong usage.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import hunt

sys.path.insert(0, str(hunt.ROOT / "tools"))
import mutation  # noqa: E402

# What the targets run; the debug layer is not among it yet.
FILES = ["bits.h", "block.h", "domain.c", "heap.c", "heap.h", "misuse.c", "object.c", "raw.c",
         "region.c", "select.c", "set.h", "space.c", "space.h", "stats.c"]
LISTED = hunt.ROOT / "fuzz/mutants_equivalent.txt"
# Arguments in a wrong order that a compiler sees are no mistake that one could make.
hunt.BUILDS["mutants"] = (hunt.BUILDS["fast"][0] + " -Wno-everything -Werror=int-conversion "
                          "-Werror=incompatible-pointer-types -Werror=incompatible-function-pointer-types",
                          hunt.BUILDS["fast"][1])


class Wrong(Exception):
    pass


def read_listed(mutants):
    """{id: reason} of the mutants that are listed as equivalent."""
    lines = [line.split(None, 1) for line in LISTED.read_text().splitlines() if line and line[0] != "#"]
    listed = {line[0]: line[1] for line in lines if len(line) == 2}
    wrong = [line[0] for line in lines if len(line) != 2]
    unknown = sorted(set(listed) - {m.id for m in mutants})
    if wrong or unknown:
        raise Wrong(f"{LISTED.name}: no reason: {wrong}; no such mutant: {unknown}")
    return listed


def machine_code(root):
    """What a compiler makes of root/alloc, by file; None where it fails."""
    def code(path):
        done = subprocess.run(["clang", "-std=gnu11", "-O2", "-w", "-iquote", ".", "-S", "-o", "-", path],
                              cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return done.stdout if done.returncode == 0 else None

    paths = [f"alloc/{name}" for name in FILES if name.endswith(".c")]
    return {path: code(path) for path in paths}


def look(mutant, seconds, more, expected, original):
    """Hunts one mutant: what becomes of it."""
    result = {"id": mutant.id, "line": mutant.line, "before": mutation.one_line(mutant.before),
              "after": mutation.one_line(mutant.after)}
    with tempfile.TemporaryDirectory() as work:
        root, out = pathlib.Path(work), pathlib.Path(work) / "bin"
        mutation.apply(mutant, root)
        if hunt.build(root, out, hunt.TARGETS, "mutants"):
            return {**result, "outcome": "does not compile"}
        if machine_code(root) == original:
            return {**result, "outcome": "equivalent", "reason": "it compiles to the same code"}
        # The corpora first, which is quick; then all again with some fuzzing.
        spent = 0.0
        for limit in (0, seconds) if expected else (0, seconds, more):
            for target in hunt.TARGETS:
                found = hunt.hunt(out, target, hunt.ROOT / "fuzz/corpus", limit / len(hunt.TARGETS), work)
                spent += found["seconds"]
                if found["found"]:
                    return {**result, "outcome": "found", "target": target, "rule": found["rule"],
                            "by": f"{limit:g} seconds" if limit else "corpus", "seconds": round(spent, 1)}
    return {**result, "outcome": "equivalent" if expected else "survived", "seconds": round(spent, 1),
            **({"reason": expected} if expected else {})}


def hunt_all(mutants, listed, args):
    original, rows, start = machine_code(hunt.ROOT), [], time.time()
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        futures = [pool.submit(look, m, args.seconds, args.more, listed.get(m.id), original) for m in mutants]
        for mutant, future in zip(mutants, futures):
            row = future.result()
            rows.append(row)
            print(f"{len(rows):4} of {len(mutants)} {time.time() - start:6.0f} s  {row['outcome']:16} "
                  f"{row.get('rule', ''):14} {mutant.id}", flush=True)
    return rows


def score(rows):
    """(found, those that could be found)"""
    found = sum(r["outcome"] == "found" for r in rows)
    return found, found + sum(r["outcome"] == "survived" for r in rows)


def print_table(rows):
    functions = {}
    for row in rows:
        functions.setdefault(tuple(row["id"].split(":")[:2]), []).append(row)
    print(f"\n{'file':12} {'function':28} {'mutants':>8} {'found':>6} {'survived':>9} {'equivalent':>11}")
    for (file, function), those in [*sorted(functions.items()), (("all", ""), rows)]:
        count = [sum(r["outcome"] == what for r in those) for what in ("found", "survived", "equivalent")]
        print(f"{file:12} {function:28} {sum(count):8} {count[0]:6} {count[1]:9} {count[2]:11}")
    for row in rows:
        if row["outcome"] == "survived":
            print(f"\nsurvived: {row['id']}\n  line {row['line']}: {row['before']}\n    becomes: {row['after']}")
    found, of = score(rows)
    print(f"\n{found} of {of} found, {100 * found / max(of, 1):.1f} %")


def choose(args):
    """The mutants to hunt, and what is listed."""
    mutants = mutation.all_mutants(files=FILES)
    listed = read_listed(mutants)
    if args.ids:
        if unknown := set(args.ids) - {m.id for m in mutants}:
            raise Wrong(f"there is no mutant {', '.join(sorted(unknown))}; tools/mutation.py --list names them")
        return [m for m in mutants if m.id in args.ids], listed
    mutants = [m for m in mutants if m.only != "frama-c"]
    return mutation.sample(mutants, args.sample) if args.sample else mutants, listed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sample", type=int, default=150, metavar="N")
    parser.add_argument("--seconds", type=float, default=5, metavar="S")
    parser.add_argument("--more", type=float, default=30, metavar="M")
    parser.add_argument("--jobs", type=int, default=1, metavar="J", help="mutants hunted at once [1]")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE")
    parser.add_argument("ids", nargs="*", metavar="ID")
    args = parser.parse_args()
    try:
        mutants, listed = choose(args)
    except Wrong as wrong:
        print(f"mutants: {wrong}", file=sys.stderr)
        return 2
    os.environ["JOBS"] = "1"  # compilers for each mutant
    start = time.time()
    rows = hunt_all(mutants, listed, args)
    print_table(rows)
    found, of = score(rows)
    file = args.json
    if file is None and not args.ids and os.environ.get("BUILD_WORKSPACE_DIRECTORY"):
        file = hunt.ROOT / "fuzz/mutants_results.json"
    if file:
        file.write_text(json.dumps({"found": found, "of": of, "seconds": args.seconds, "more": args.more,
                                    "minutes": round((time.time() - start) / 60, 1), "mutants": rows},
                                   indent=1) + "\n")
    refuted = [r["id"] for r in rows if r["outcome"] == "found" and r["id"] in listed]
    for name in refuted:
        print(f"listed as equivalent, and was found: {name}")
    return 1 if found < of or refuted else 0


if __name__ == "__main__":
    sys.exit(main())
