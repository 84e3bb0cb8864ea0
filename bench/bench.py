#!/usr/bin/python3.11 -B
"""Measures this allocator beside its peers."""

import argparse
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import measure  # noqa: E402
import report  # noqa: E402
import workers  # noqa: E402


def say(message):
    print(f"bench: {message}", file=sys.stderr, flush=True)


def names(text):
    return [part.strip() for part in text.split(",") if part.strip()]


def options():
    parser = argparse.ArgumentParser(prog="bazel run -c opt //bench --", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="little of everything, in under a minute")
    parser.add_argument("--workloads", type=names, metavar="LIST",
                        help="only these, or those of these groups; commas between them")
    parser.add_argument("--allocators", type=names, metavar="LIST", help="only these beside ours")
    parser.add_argument("--rounds", type=int, metavar="N", help="how often each is measured")
    parser.add_argument("--slice", type=float, metavar="MS", help="for so long each time")
    parser.add_argument("--baseline", metavar="FILE.so", help="another build of ours, as a row of its own")
    parser.add_argument("--binaries", default=HERE, metavar="FOLDER", help="where the built programs are")
    parser.add_argument("--json", metavar="FILE", help="write all results there")
    chosen = parser.parse_args()
    chosen.rounds = chosen.rounds or (3 if chosen.quick else 15)
    chosen.slice = chosen.slice or (4 if chosen.quick else 40)
    return chosen


def chosen_allocators(chosen):
    """Those that were asked for and are here; ours first."""
    known = workers.allocators(chosen.binaries, chosen.baseline)
    wanted = chosen.allocators or list(known)
    for name in wanted:
        if name not in known:
            sys.exit(f"bench: no allocator '{name}'; there are {', '.join(known)}")
    here = []
    for a in known.values():
        if a.name not in wanted and a.name not in (workers.OURS, "baseline"):
            continue
        if a.library == "-" or os.path.exists(a.library):
            here.append(a)
        else:
            say(f"without {a.name}: there is no {a.library}; it is in the package {a.package}")
    return here


def chosen_workloads(chosen, known):
    if not chosen.workloads:
        return known
    for name in chosen.workloads:
        if not any(name in row[:2] for row in known):
            sys.exit(f"bench: no workload '{name}'; there are {', '.join(row[0] for row in known)}")
    return [row for row in known if row[0] in chosen.workloads or row[1] in chosen.workloads]


def main():
    chosen = options()
    allocators = chosen_allocators(chosen)
    with workers.Worker(chosen.binaries, allocators[0]) as worker:
        workloads = chosen_workloads(chosen, worker.workloads())
    results = []
    for i, (name, group, what) in enumerate(workloads):
        say(f"{i + 1} of {len(workloads)}: {name}")
        times = measure.measure(chosen.binaries, allocators, name, chosen.rounds, chosen.slice * 1e6)
        results.append(dict(name=name, group=group, what=what, allocators=times))
    print(report.table(results, [a.name for a in allocators]))
    if chosen.json:
        with open(chosen.json, "w") as f:
            json.dump(dict(workloads=results), f, indent=1)


if __name__ == "__main__":
    try:
        main()
    except workers.Failed as problem:
        sys.exit(f"bench: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)
