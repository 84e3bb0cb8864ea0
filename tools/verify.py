"""The project's main job: checks everything and prints a table of what was checked.

Runs every test of the workspace (bazel test //...), then a Python program on the
allocator, then a fuzzing campaign of --fuzz-minutes, then the live proof: all goals,
from nothing, which takes longest (--no-live: not that).  Exit status 0 when all is well, 1
when something failed, 2 when it could not be run.  What needs no new run (Bazel's cache)
is counted as checked.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

# What a package's tests are about, in the order of the table.
GROUPS = [
    ("tests", "unit tests and misuse, one process each"),
    ("proofs", "contracts: what is proved stays proved"),
    ("spec", "rules: each one known, contracted or tested"),
    ("python", "a real Python on the allocator"),
    ("fuzz", "fuzzing: every corpus, planted bugs, a little more"),
    ("bench", "the benchmark's plumbing"),
    ("", "the workspace"),
]
PROGRAM = "python/examples/churn.py"


def fail(text):
    print("verify: " + text, file=sys.stderr)
    sys.exit(2)


def group_of(label):
    package = label[2:].split(":")[0].split("/")[0]
    return package if package in dict(GROUPS) else ""


def run_tests(events):
    """bazel test //...; its own output shows how far it is."""
    print("verify: bazel test //...", flush=True)
    return subprocess.run(["bazel", "test", "//...", f"--build_event_json_file={events}"]).returncode


def results(events):
    """{group: [tests, failed, seconds]} from what Bazel wrote of the run."""
    table = {name: [0, 0, 0.0] for name, _ in GROUPS}
    for line in events.read_text().splitlines():
        event = json.loads(line)
        label = event.get("id", {}).get("testSummary", {}).get("label")
        if label is None:
            continue
        summary = event["testSummary"]
        row = table[group_of(label)]
        row[0] += 1
        row[1] += summary.get("overallStatus") != "PASSED"
        row[2] += int(summary.get("totalRunDurationMillis", 0)) / 1000
    return table


def run_program():
    """(whether it went well, what it printed of its memory, seconds)."""
    print(f"verify: python {PROGRAM}, on the allocator", flush=True)
    built = subprocess.run(["bazel", "build", "-c", "opt", "//python"], stderr=subprocess.DEVNULL)
    if built.returncode != 0:
        return False, [], 0.0
    begin = time.monotonic()
    done = subprocess.run(["bazel-bin/python/python", PROGRAM], env=dict(os.environ, PYMALLOC_STATS="1"),
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    seconds = time.monotonic() - begin
    return done.returncode == 0 and done.stderr != "", done.stderr.splitlines(), seconds


def run_fuzzers(minutes):
    """(whether nothing was found, what the campaign printed in the end, and of what it found, seconds)."""
    print(f"verify: fuzzing for {minutes:g} minutes", flush=True)
    begin = time.monotonic()
    done = subprocess.run([sys.executable, "-B", "fuzz/campaign.py", "--minutes", str(minutes), "--dry"],
                          stdout=subprocess.PIPE, text=True)
    lines = [line for line in done.stdout.splitlines()
             if line.startswith("finding: ") or " operations, " in line and "findings;" in line]
    return done.returncode == 0, lines or done.stdout.splitlines()[-20:], time.monotonic() - begin


def run_live():
    """(whether all is proved, what the live proof printed in the end, seconds)."""
    print("verify: the live proof", flush=True)
    begin = time.monotonic()
    done = subprocess.run([sys.executable, "-B", "proofs/live.py"], stdout=subprocess.PIPE, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith(("proved:", "FAIL", "live:"))]
    return done.returncode == 0, lines, time.monotonic() - begin


def print_table(table, others):
    """others: {what: (whether it went well, lines to print, seconds)}.  Returns how many failed."""
    print(f"\n{'what':46} {'tests':>6} {'failed':>7} {'seconds':>8}")
    for name, about in GROUPS:
        tests, failed, took = table[name]
        if tests:
            print(f"{about:46} {tests:6} {failed:7} {took:8.1f}")
    for about, (ok, _, seconds) in others.items():
        print(f"{about:46} {1:6} {0 if ok else 1:7} {seconds:8.1f}")
    print("\n" + "\n".join("  " + line for _, lines, _ in others.values() for line in lines))
    failed = sum(row[1] for row in table.values()) + sum(not ok for ok, _, _ in others.values())
    print("\n" + ("verify: all is well" if failed == 0 else f"verify: {failed} failed"))
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--fuzz-minutes", type=float, default=2, metavar="M", help="how long to fuzz, in all [2]")
    parser.add_argument("--no-live", action="store_true", help="without the live proof")
    args = parser.parse_args()
    if "BUILD_WORKSPACE_DIRECTORY" not in os.environ:
        fail("run me as: bazel run //:verify")
    os.chdir(os.environ.pop("BUILD_WORKSPACE_DIRECTORY"))
    os.environ.pop("BUILD_WORKING_DIRECTORY", None)
    with tempfile.TemporaryDirectory() as scratch:
        events = pathlib.Path(scratch) / "events.json"
        status = run_tests(events)
        if not events.exists() or status not in (0, 3):
            fail(f"bazel test ended with status {status}; what it printed says why")
        others = {"a Python program, " + PROGRAM: run_program(), "a fuzzing campaign": run_fuzzers(args.fuzz_minutes)}
        if not args.no_live:
            others["the live proof"] = run_live()
        failed = print_table(results(events), others)
    return 1 if failed or status else 0


if __name__ == "__main__":
    sys.exit(main())
