"""Proves all that is recorded again, from nothing: the cache is not looked at.

Prints for each function how many goals it has, which prover proved them and how long
that took.  Exit status 0: all that is recorded as proved was proved again (each
time, with the same result).  1: it was not.  2: the tools could not be run.
"""

import argparse
import json
import re
import sys
import tempfile
import time
from pathlib import Path

import figures
import recorded
import trusted
import wp

SLOW = 10  # seconds that no goal should take


class Progress:
    """Counts the goals of a unit on standard error as they end."""

    def __init__(self, unit):
        self.unit, self.goals, self.done, self.begin = unit, 0, 0, time.monotonic()

    def __call__(self, line):
        scheduled = re.match(r"\[wp\] (\d+) goals? scheduled", line)
        if scheduled:
            self.goals += int(scheduled[1])
        elif re.match(r"\[wp\] \[[^\]]+\] (Goal typed_|Smoke-test)", line):
            self.done += 1
        else:
            return
        if sys.stderr.isatty() or self.done % 50 == 0:
            end = "\r" if sys.stderr.isatty() else "\n"
            print(f"live: {self.unit}: {self.done}/{self.goals} goals, {self.seconds():.0f} s",
                  end=end, file=sys.stderr, flush=True)

    def seconds(self):
        return time.monotonic() - self.begin


def prove_unit(unit, env):
    """(goals_of, what is wrong, seconds)."""
    source, progress = wp.source_of(unit + ".c"), Progress(unit)
    with tempfile.TemporaryDirectory() as name:  # a cache that stays empty
        table, crashes = wp.prove(source, wp.functions_of(source) + [wp.LEMMAS], env, Path(name), "none", progress)
    record = recorded.read(unit)
    wrong = recorded.losses(record, table, record)
    wrong += [f"the prover {prover} crashed, on {n} goals" for prover, n in sorted(crashes.items())]
    seconds = progress.seconds()
    print(f"live: {unit}: {progress.done} goals in {seconds:.0f} s", file=sys.stderr, flush=True)
    return table, [f"{unit}.c: {text}" for text in wrong], seconds


def prove_all(units, env):
    """({unit: goals_of}, what is wrong, {unit: seconds})."""
    tables, wrong, seconds = {}, [], {}
    for unit in units:
        tables[unit], texts, seconds[unit] = prove_unit(unit, env)
        wrong += texts
    return tables, wrong, seconds


def proved_goals(tables):
    return {(unit, goal) for unit, table in tables.items() for goals in table.values()
            for goal, (prover, _) in goals.items() if prover}


def same_again(first, tables, run):
    return [f"run {run} is not as run 1: {goal} of {unit}.c is proved in one of them only"
            for unit, goal in sorted(proved_goals(tables) ^ proved_goals(first))]


def slowest(tables):
    return max((seconds, goal) for table in tables.values() for goals in table.values()
               for goal, (_, seconds) in goals.items())


def print_all(tables, seconds):
    for unit, table in tables.items():
        print(f"\n{unit}.c")
        figures.print_functions(table)
    goals = [goal for table in tables.values() for g in table.values() for goal in g.values()]
    lines = [figures.lines_of_unit(unit) for unit in tables]
    code, annotation = (sum(column) for column in zip(*lines))
    most, goal = slowest(tables)
    print(f"\nproved: {sum(1 for prover, _ in goals if prover)} of {len(goals)} goals, "
          f"in {sum(seconds.values()):.0f} s; the slowest, {goal}, took {most:.1f} s"
          + (f", which is over {SLOW} s" if most > SLOW else ""))
    print(f"lines: {code} of code, {annotation} of annotation, {annotation / code:.2f} for each of code")
    print(f"trusted: {len(trusted.tags())} lines (bazel test //proofs:trusted_test lists them); "
          f"left out: {', '.join(wp.LEFT_OUT)}")


def write_json(path, tables, seconds, wrong):
    units = {unit: {"seconds": round(seconds[unit], 1), "functions": {
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
        first, wrong, seconds = prove_all(units, env)
        for run in range(2, args.times + 1):
            tables, texts, _ = prove_all(units, env)
            wrong += texts + same_again(first, tables, run)
    print_all(first, seconds)
    if args.json:
        write_json(args.json, first, seconds, wrong)
    for text in wrong:
        print("FAIL: " + text)
    print("live: all that is recorded is proved" + (f", {args.times} times, the same each time" * (args.times > 1))
          if not wrong else f"live: {len(wrong)} failures")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
