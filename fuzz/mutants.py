#!/usr/bin/python3
"""Makes small mistakes in copies of alloc/ (tools/mutation.py), one at a time, and looks
whether the corpus, or else fuzzing, finds them.

    bazel run //fuzz:mutants [-- [--sample N] [--seed TEXT] [--seconds S] [--more M] [--jobs J] [ID...]]

Each mutant is compiled, the corpus of each target is replayed, and then libFuzzer runs for
S seconds of a core's time in all (5); what survives is fuzzed for M seconds more (30).  A
mutant that does not end counts as found.  Survivors that no rule can tell from the original
are listed, with the reason, in tools/mutants_equivalent.txt; they are hunted for S seconds
too, for the list could be wrong.  One that compiles to the original's machine code is
equivalent without being listed; one that does not compile is not counted.

Without IDs: N mutants (150), spread over all functions of the files below (another seed,
another sample); 0: all.
Prints what is found, a table by file and function, and the survivors; --json FILE
(fuzz/mutants_results.json, when run by Bazel) gets all of it; with IDs, what was there of
other mutants stays.

Exit status: 0 none survived, 1 some did, or a mutant that is listed as equivalent was found,
2 wrong usage.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(os.path.abspath(__file__)).parent.parent  # not resolve(): a test has links
sys.path[:0] = [str(ROOT / "fuzz"), str(ROOT / "tools")]
import hunt  # noqa: E402
import mutation  # noqa: E402

# What the targets run.
FILES = ["bits.h", "block.h", "debug.c", "domain.c", "frame.c", "frame.h", "heap.c", "heap.h", "misuse.c",
         "object.c", "options.c", "out.c", "raw.c", "region.c", "registry.c", "registry.h", "report.c", "select.c",
         "set.h", "space.c", "space.h", "stacks.c", "stacks.h", "stats.c", "stats_text.c"]
RESULTS = ROOT / "fuzz/mutants_results.json"
hunt.BUILDS["mutants"] = (" ".join([hunt.BUILDS["fast"][0], *mutation.SEEN_BY_COMPILER]), hunt.BUILDS["fast"][1])


def look(mutant, seconds, more, expected, original):
    """Hunts one mutant: what becomes of it."""
    result = {"id": mutant.id, "line": mutant.line, "before": mutation.one_line(mutant.before),
              "after": mutation.one_line(mutant.after)}
    with tempfile.TemporaryDirectory() as work:
        root, out = pathlib.Path(work), pathlib.Path(work) / "bin"
        mutation.apply(mutant, root)
        if hunt.build(root, out, hunt.TARGETS, "mutants"):
            return {**result, "outcome": "does not compile"}
        if mutation.machine_code(root, FILES) == original:
            return {**result, "outcome": "equivalent", "reason": "it compiles to the same code"}
        # The corpora first, which is quick; then all again with some fuzzing.
        spent = 0.0
        for limit in (0, seconds) if expected else (0, seconds, more):
            for target in hunt.TARGETS:
                found = hunt.hunt(out, target, ROOT / "fuzz/corpus", limit / len(hunt.TARGETS), work)
                spent += found["seconds"]
                if found["found"]:
                    return {**result, "outcome": "found", "target": target, "rule": found["rule"],
                            "by": f"{limit:g} seconds" if limit else "corpus", "seconds": round(spent, 1)}
    return {**result, "outcome": "equivalent" if expected else "survived", "seconds": round(spent, 1),
            **({"reason": expected} if expected else {})}


def hunt_all(mutants, listed, args):
    original, rows, start = mutation.machine_code(ROOT, FILES), [], time.time()
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        futures = [pool.submit(look, m, args.seconds, args.more, listed.get(m.id), original) for m in mutants]
        for mutant, future in zip(mutants, futures):
            row = future.result()
            rows.append(row)
            print(f"{len(rows):4} of {len(mutants)} {time.time() - start:6.0f} s  {row['outcome']:16} "
                  f"{row.get('rule', ''):14} {mutant.id}", flush=True)
    return rows


def record(file, rows, args):
    """Writes what was measured; into the place of what was measured before of these mutants,
    if they were named."""
    if args.ids and file.exists():
        new = {row["id"]: row for row in rows}
        old = [new.pop(row["id"], row) for row in json.loads(file.read_text())["mutants"]]
        rows = old + list(new.values())
    found, of = mutation.score(rows, "found")
    file.write_text(json.dumps({"found": found, "of": of, "seed": args.seed, "seconds": args.seconds, "more": args.more,
                                "mutants": rows}, indent=1) + "\n")


def choose(args):
    """The mutants to hunt, and what is listed."""
    mutants = mutation.all_mutants()
    listed = mutation.read_equivalent(mutants)
    if args.ids:
        return mutation.named(mutants, args.ids), listed
    mutants = [m for m in mutants if pathlib.Path(m.file).name in FILES and m.only != "frama-c"]
    return mutation.sample(mutants, args.sample, args.seed) if args.sample else mutants, listed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sample", type=int, default=150, metavar="N")
    parser.add_argument("--seed", default="", metavar="TEXT")
    parser.add_argument("--seconds", type=float, default=5, metavar="S")
    parser.add_argument("--more", type=float, default=30, metavar="M")
    parser.add_argument("--jobs", type=int, default=1, metavar="J", help="mutants hunted at once [1]")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE")
    parser.add_argument("ids", nargs="*", metavar="ID")
    args = parser.parse_args()
    try:
        mutants, listed = choose(args)
    except mutation.Unknown as wrong:
        print(f"mutants: {wrong}", file=sys.stderr)
        return 2
    os.environ["JOBS"] = "1"  # compilers for each mutant
    with tempfile.TemporaryDirectory() as os.environ["OBJECTS"]:
        rows = hunt_all(mutants, listed, args)
    mutation.print_table(rows, "found")
    found, of = mutation.score(rows, "found")
    file = args.json or (RESULTS if os.environ.get("BUILD_WORKSPACE_DIRECTORY") else None)
    if file:
        record(file, rows, args)
    refuted = [r["id"] for r in rows if r["outcome"] == "found" and r["id"] in listed]
    for name in refuted:
        print(f"listed as equivalent, and was found: {name}")
    return 1 if found < of or refuted else 0


if __name__ == "__main__":
    sys.exit(main())
