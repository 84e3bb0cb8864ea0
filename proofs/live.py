"""Proves all that is recorded again, from nothing: the cache is not looked at.

Prints for each function how many goals it has, which prover proved them and how long
that took.  Exit status 0: all that is recorded as proved was proved again (each
time, with the same result).  1: it was not.  2: the tools could not be run.
"""

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import figures
import recorded
import trusted
import wp

SLOW = 10  # seconds that no goal should take
JOB = 150  # goals, about, of one run of Frama-C


class Progress:
    """Counts goals on standard error as they end."""

    def __init__(self, goals):
        self.goals, self.done, self.begin, self.lock = goals, 0, time.monotonic(), threading.Lock()

    def __call__(self, line):
        if not wp.goal_of(line):
            return
        with self.lock:
            self.done += 1
            if sys.stderr.isatty() or self.done % 50 == 0:
                print(f"live: {self.done}/{self.goals} goals, {self.seconds():.0f} s",
                      end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)

    def seconds(self):
        return time.monotonic() - self.begin


def jobs_of(unit):
    """[(unit, functions)]: parts of a unit, each for one run of Frama-C or two."""
    record, source = recorded.read(unit), wp.source_of(unit + ".c")
    parts, goals = [], JOB
    for function in sorted(wp.functions_of(source), key=lambda f: wp.part_of(source, f)):
        if goals >= JOB:
            parts.append([])
            goals = 0
        parts[-1].append(function)
        goals += record.get(function, {"goals": 0})["goals"]
    return [(unit, part) for part in parts + [[wp.LEMMAS]] * (wp.LEMMAS in record)]


def prove_job(job, env, progress):
    """goals_of, what is wrong, seconds."""
    unit, functions = job
    begin, record = time.monotonic(), recorded.read(unit)
    hints = {goal: by for function in functions for goal, by in record.get(function, {}).get("by", {}).items()}
    with tempfile.TemporaryDirectory() as name:  # a cache that stays empty
        table, crashes = wp.prove(wp.source_of(unit + ".c"), functions, env, Path(name), "none", progress, 1, hints)
    wrong = [f"{unit}.c: the prover {prover} crashed, on {n} goals" for prover, n in sorted(crashes.items())]
    return table, wrong, time.monotonic() - begin


def prove_all(units, env):
    """({unit: goals_of}, what is wrong, {unit: seconds of a core}, seconds).  There is one run of Frama-C more than
    there are cores, each with one prover at a time: others have the core while one waits for its prover to start or end."""
    records = {unit: recorded.read(unit) for unit in units}
    jobs = [job for unit in sorted(units, key=lambda u: -len(records[u])) for job in jobs_of(unit)]
    progress = Progress(sum(f["goals"] for record in records.values() for f in record.values()))
    tables, wrong, seconds = {unit: {} for unit in units}, [], dict.fromkeys(units, 0)
    with ThreadPoolExecutor(os.cpu_count() + 1) as pool:
        try:
            for (unit, _), done in zip(jobs, pool.map(lambda job: prove_job(job, env, progress), jobs)):
                tables[unit].update(done[0])
                wrong += done[1]
                seconds[unit] += done[2]
        except SystemExit:  # the tools could not be run; what waits would not fare better
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    wrong += [f"{unit}.c: {text}" for unit in units for text in recorded.losses(records[unit], tables[unit], records[unit])]
    return tables, wrong, seconds, progress.seconds()


def proved_goals(tables):
    return {(unit, goal) for unit, table in tables.items() for goals in table.values()
            for goal, (prover, _) in goals.items() if prover}


def same_again(first, tables, run):
    return [f"run {run} is not as run 1: {goal} of {unit}.c is proved in one of them only"
            for unit, goal in sorted(proved_goals(tables) ^ proved_goals(first))]


def slowest(tables):
    return max((seconds, goal) for table in tables.values() for goals in table.values()
               for goal, (_, seconds) in goals.items())


def print_all(tables, took):
    for unit, table in tables.items():
        print(f"\n{unit}.c")
        figures.print_functions(table)
    goals = [goal for table in tables.values() for g in table.values() for goal in g.values()]
    lines = [figures.lines_of_unit(unit) for unit in tables]
    code, annotation = (sum(column) for column in zip(*lines))
    most, goal = slowest(tables)
    print(f"\nproved: {sum(1 for prover, _ in goals if prover)} of {len(goals)} goals, "
          f"in {took:.0f} s; the slowest, {goal}, took {most:.1f} s"
          + (f", which is over {SLOW} s" if most > SLOW else ""))
    print(f"lines: {code} of code, {annotation} of annotation, {annotation / code:.2f} for each of code")
    print(f"trusted: {len(trusted.tags())} lines (bazel test //proofs:trusted_test lists them); "
          f"left out: {', '.join(wp.LEFT_OUT)}")


def write_json(path, tables, seconds, wrong):
    units = {unit: {"core_seconds": round(seconds[unit], 1), "functions": {
        function: {"goals": len(goals), "proved": sum(1 for p, _ in goals.values() if p),
                   "seconds": round(sum(s for _, s in goals.values()), 2)}
        for function, goals in table.items()}} for unit, table in tables.items()}
    Path(path).write_text(json.dumps({"units": units, "wrong": wrong}, indent=1) + "\n")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--units", metavar="U,V", help="these C files only, without .c [all that are recorded]")
    parser.add_argument("--json", metavar="FILE", help="write the table there, too")
    parser.add_argument("--times", type=int, default=1, metavar="N", help="prove all so often [1]")
    args = parser.parse_args()
    if args.times < 1:
        parser.error("--times is 1 at least")
    return args


def main():
    args = arguments()
    units = args.units.split(",") if args.units else recorded.units()
    if not units:
        wp.fail("nothing is recorded in proofs/results")
    with tempfile.TemporaryDirectory() as name:
        env = wp.why3_config(Path(name))
        first, wrong, seconds, took = prove_all(units, env)
        for run in range(2, args.times + 1):
            tables, texts, *_ = prove_all(units, env)
            wrong += texts + same_again(first, tables, run)
    print_all(first, took)
    if args.json:
        write_json(args.json, first, seconds, wrong)
    for text in wrong:
        print("FAIL: " + text)
    print("live: all that is recorded is proved" + (f", {args.times} times, the same each time" * (args.times > 1))
          if not wrong else f"live: {len(wrong)} failures")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
