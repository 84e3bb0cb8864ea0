#!/usr/bin/python3
"""Runs Frama-C's Eva (abstract interpretation, which rests on other reasoning than WP) on unit tests, each with the
part of alloc/ that it drives, and compares what it cannot exclude in alloc/ with what WP has proved.

    bazel run //proofs:eva [-- DRIVER...]

Annotations are not read: Eva sees the plain C.  An alarm is discharged where it is of a kind that WP makes goals of,
for all places of a function, and all goals of the function are recorded as proved (results/).

Exit status: 0 all alarms in alloc/ are discharged, 1 one is not, 2 wrong usage, or the tools could not be run.
"""

import argparse
import csv
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import recorded
import wp

# Tests, and the C files of alloc/ that they are linked with.
DRIVERS = {
    "bits_test": [],
    "block_test": [],
    "frame_test": ["frame"],
    "heap_again_test": ["heap"],
    "heap_current_test": ["heap"],
    "heap_fill_test": ["heap"],
    "heap_random_test": ["heap"],
    "set_test": [],
}
# Kinds of alarms that -wp-rte makes goals of.  Of an initialization or a comparison of pointers, for one, WP says nothing.
GOALS = {"mem_access", "index_bound", "signed_overflow", "shift", "division_by_zero"}
CLAUSES = re.compile(r"clause|precondition")  # what the C library's headers say; no alarms


def alarms_of(driver, env, scratch):
    """[(file, line, function, kind, what)] in alloc/."""
    report = scratch / (driver + ".csv")
    output = wp.run_frama_c(wp.ROOT / "tests" / (driver + ".c"), env, [
        "-no-annot", "-eva", "-eva-precision", "0", "-eva-no-show-progress", "-report-csv", str(report),
        *(f"alloc/{unit}.c" for unit in DRIVERS[driver])])
    if not report.exists() or "[eva] done for function main" not in output:
        wp.fail(f"Eva did not end on {driver}:\n" + output[-3000:])
    with report.open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["directory"] == "alloc"]
    return [(row["file"], row["line"], row["function"], row["property kind"], row["property"]) for row in rows
            if not CLAUSES.search(row["property kind"])]


def proved_functions():
    """Those of which all goals are recorded as proved."""
    records = [recorded.read(unit) for unit in recorded.units()]
    return {f for record in records for f, goals in record.items() if goals["goals"] == len(goals["proved"])}


def discharged(alarm, proved):
    function = re.sub(r"_\d+$", "", alarm[2])  # a static function that two files include
    return alarm[3] in GOALS and function in proved


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("drivers", nargs="*", metavar="DRIVER", help="of: " + ", ".join(DRIVERS))
    drivers = parser.parse_args().drivers or list(DRIVERS)
    if set(drivers) - set(DRIVERS):
        parser.error("no such driver: " + ", ".join(sorted(set(drivers) - set(DRIVERS))))
    proved, wrong = proved_functions(), 0
    with tempfile.TemporaryDirectory() as name:
        env = wp.why3_config(Path(name))
        for driver in drivers:
            begin = time.monotonic()
            alarms = alarms_of(driver, env, Path(name))
            left = [alarm for alarm in alarms if not discharged(alarm, proved)]
            kinds = ", ".join(f"{kind} {n}" for kind, n in sorted(Counter(alarm[3] for alarm in alarms).items()))
            print(f"{driver:20} {len(alarms):3} alarms in alloc/, {len(left)} that WP has not discharged, "
                  f"{time.monotonic() - begin:.0f} s" + f" ({kinds})" * bool(kinds), flush=True)
            for file, line, function, kind, what in left:
                print(f"FAIL: alloc/{file}:{line}: {function}: {kind}: {what}")
            wrong += len(left)
    print("eva: all alarms are discharged" if not wrong else f"eva: {wrong} alarms are not discharged")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
