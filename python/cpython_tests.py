#!/usr/bin/python3.11 -B
"""Runs CPython's own tests on stock Python and on pymalloc, and compares them.

Each test file runs on both, one after the other, in a process of its own with a
bare environment.  Compared is the outcome of every test method.  A difference
counts if it is not by design (differences.txt says which are) and is there again
when the file is run once more on both, alone; a crash counts at once.
"""

import argparse
import collections
import concurrent.futures
import dataclasses
import importlib.util
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ET

# Bazel starts its programs, run and test alike, in the folder above this.
HERE = pathlib.Path("python").absolute()

# How a test file ends that doesn't come to its end.
ABRUPT = {"crashed", "timeout", "died"}


class Missing(Exception):
    """Something that is needed isn't there."""


@dataclasses.dataclass
class Result:
    """What one test file came to on one side."""

    outcome: str  # ok, failed, skipped, empty (no test in it ran), or ABRUPT
    seconds: float = 0
    # By name: ok, failed, skipped or expected (to fail, and did).  Empty if it ended abruptly.
    methods: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Difference:
    test: str  # a method, or the whole file
    stock: str
    ours: str


def compare(name, stock, ours):
    """The differences between the two Results of a test file."""
    outcomes = {stock.outcome, ours.outcome}
    whole = [Difference(name, stock.outcome, ours.outcome)] if len(outcomes) == 2 else []
    if whole and not (stock.methods and ours.methods):
        return whole
    return [
        Difference(test, stock.methods.get(test, "absent"), ours.methods.get(test, "absent"))
        for test in sorted(stock.methods | ours.methods)
        if stock.methods.get(test) != ours.methods.get(test)
    ] or whole


def read_allowed(path):
    """The tests that a file like differences.txt names, each with its reason."""
    lines = [l.strip() for l in path.read_text().splitlines() if l.strip() and l[0] != "#"]
    return dict(zip(lines[::2], lines[1::2], strict=True))


# One test file on one side.

KINDS = {"failure": "failed", "error": "failed", "outcome": "failed", "skipped": "skipped",
         "output": "expected"}  # elements in a test case; "outcome" is an unexpected success
BEST_FIRST = ["ok", "expected", "skipped", "failed"]


def read_methods(xml, log):
    """The outcomes of the methods, from regrtest's XML and log."""
    methods = {}

    def add(method, outcome):
        methods[method] = max(outcome, methods.get(method, "ok"), key=BEST_FIRST.index)

    for case in ET.parse(xml).iter("testcase"):
        if name := case.get("name"):
            kinds = [KINDS[e.tag] for e in case if e.tag in KINDS]
            # A subtest that is skipped has its parameters after the name.
            add(name.split(" ")[0], kinds[0] if kinds else "ok")
    # A method that fails in a subtest has no name in the XML, but has one in the log.
    for name in re.findall(r"^(?:FAIL|ERROR): .*?\(([\w.]+)\)", log, re.M):
        add(name, "failed")
    return methods


def read_outcome(status, log):
    if status is None or status == 1 and re.search(r"Timeout \(\d+:\d\d:\d\d\)!$", log, re.M):
        return "timeout"
    if status < 0:
        return "crashed"
    if status == 2:
        return "failed"
    if status > 0:
        return "died"
    if "\nTests result: NO TEST RUN" in log:
        return "empty"
    return "skipped" if re.search(r"^\d+ tests? skipped:", log, re.M) else "ok"


def end(process):
    """Ends a process, if it still runs, with all that is in its group."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


class Runner:
    def __init__(self, options, python, folder, keep):
        self.options = options
        self.python = python  # the program, by side
        self.folder = folder  # the tests' own files
        self.keep = keep  # logs and XML
        self.calls = folder / "calls"  # what our processes did, with --stats
        self.live = set()
        self.lock = threading.Lock()
        self.stopped = False

    def stop(self):
        """Ends what runs now, and lets nothing start any more."""
        with self.lock:
            self.stopped = True
            for process in self.live:
                end(process)

    def call(self, command, folder, out):
        """Its exit status, or None if it takes too long even to end itself."""
        with self.lock:
            if self.stopped:
                raise KeyboardInterrupt
            # It leads a group of its own, so that end gets all of it.
            process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=subprocess.STDOUT, start_new_session=True)
            self.live.add(process)
        try:
            return process.wait(self.options.timeout + 60)
        except subprocess.TimeoutExpired:
            return None
        finally:
            with self.lock:
                self.live.discard(process)
                end(process)
            process.wait()

    def run(self, side, name, tag=""):
        """The Result of a test file."""
        home = self.folder / (name + tag) / side
        (home / "tmp").mkdir(parents=True)
        xml, log = (self.keep / side / f"{name}{tag}.{kind}" for kind in ("xml", "log"))
        log.parent.mkdir(exist_ok=True)
        xml.unlink(missing_ok=True)  # of an earlier run
        # A job in the background ignores SIGINT, and tests of it would fail.
        command = ["env", "--default-signal=INT", "-i", "PATH=/usr/bin:/bin", f"HOME={home}",
                   f"TMPDIR={home}/tmp", "LC_ALL=C.UTF-8"]
        if self.options.debug and side == "ours":
            command.append("PYMALLOC_DEBUG=1")
        if self.options.stats and side == "ours":
            command.append(f"PYMALLOC_STATS={self.calls}")
        command += [self.python[side], "-m", "test", "-v", f"--timeout={self.options.timeout}",
                    f"--junit-xml={xml}"]
        command += [f"--match={pattern}" for pattern in self.options.match] + [name]
        start = time.monotonic()
        with log.open("wb") as out:
            status = self.call(command, home, out)
        seconds = time.monotonic() - start
        text = log.read_text(errors="replace")
        outcome = read_outcome(status, text)
        methods = read_methods(xml, text) if outcome not in ABRUPT and xml.exists() else {}
        return Result(outcome, seconds, methods)

    def run_sides(self, name, tag=""):
        return {side: self.run(side, name, tag) for side in self.options.sides}

    def run_all(self, names):
        """Results by file and side, in the order of the names."""
        results = {}
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            jobs = {pool.submit(self.run_sides, name): name for name in names}
            try:
                for job in concurrent.futures.as_completed(jobs):
                    name = jobs[job]
                    results[name] = job.result()
                    say(name, results[name], f"[{len(results):3}/{len(names)}] ")
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self.stop()
                raise
        return {name: results[name] for name in names}

    def total_calls(self):
        """What all processes on pymalloc asked of it."""
        total = collections.Counter()
        for line in self.calls.read_text().splitlines():
            process = json.loads(line)
            total["processes"] += 1
            for family in ("mem", "obj"):
                total.update({f"{family} {call}": n for call, n in process[family].items()})
        return dict(total)


# All of them.

def programs(folder):
    """Python, by side.  Ours is a copy, since a build may replace it while tests run."""
    try:
        ours = [shutil.copy(HERE / name, folder) for name in ("python", "libpymalloc_python.so")]
    except FileNotFoundError as error:
        raise Missing(f"{error}; start this by bazel run //python:cpython_tests") from error
    return {"stock": "/usr/bin/python3.11", "ours": ours[0]}


def probe(python):
    """Versions.  Makes sure that the two sides are what they are said to be."""
    def run(side, code):
        return subprocess.run(
            [python[side], "-c", code], capture_output=True, text=True,
            env={"PATH": "/usr/bin:/bin", "PYMALLOC_STATS": "json"})

    stock = run("stock", "import sys, test.libregrtest; print(sys.version)")
    if stock.returncode != 0:
        raise Missing("CPython's tests are not installed; tools/setup does that")
    ours = run("ours", "import sys; sys.exit(sys.getallocatedblocks() != 0)")
    try:
        figures = json.loads(ours.stderr.splitlines()[-1])
    except (IndexError, ValueError):
        figures = None
    if ours.returncode != 0 or not figures or figures["obj"]["malloc"] == 0:
        raise Missing(f"//python does not run on pymalloc: {ours.stderr}")
    return {"python": stock.stdout.strip(), "pymalloc": figures["pymalloc"],
            "system": f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {platform.machine()}"}


def say(name, sides, before=""):
    parts = [f"{side} {r.outcome} {r.seconds:.1f} s" for side, r in sides.items()]
    print(f"{before}{name}: {', '.join(parts)}", flush=True)


def judge(runner, results, allowed):
    """The differences that count, those by design, and what was run again.

    Replaces results by those of the second run.
    """
    def counting(sides):
        return [d for d in compare(name, **sides) if d.test not in allowed]

    counts, by_design, again = [], [], []
    for name, sides in results.items():
        found = counting(sides)
        crashed = sides["ours"].outcome == "crashed" != sides["stock"].outcome
        if found and not crashed:
            print(f"{name} differs in {', '.join(d.test for d in found)}; once more, alone")
            results[name] = sides = runner.run_sides(name, ".again")
            say(name, sides, "[again] ")
            before, found = found, counting(sides)
            again.append({"file": name, "first": before, "then": found})
        counts += found
        by_design += [d for d in compare(name, **sides) if d.test in allowed]
    return counts, by_design, again


def summarize(results, options):
    """Counts of outcomes, of files and of methods, and the files that are not ok."""
    def count(outcomes):
        return dict(sorted(collections.Counter(outcomes).items()))

    return {
        "files": {s: count(r[s].outcome for r in results.values()) for s in options.sides},
        "methods": {s: count(o for r in results.values() for o in r[s].methods.values())
                    for s in options.sides},
        "seconds": {s: round(sum(r[s].seconds for r in results.values())) for s in options.sides},
        "files_not_ok": {
            name: {s: r.outcome for s, r in sides.items()}
            for name, sides in results.items() if any(r.outcome != "ok" for r in sides.values())
        },
    }


def print_table(report, options):
    def row(label, cells):
        print(f"{label:24}" + "".join(f"{cell:>10}" for cell in cells))

    print()
    row("", options.sides)
    for what in ("files", "methods"):
        for outcome in sorted(set().union(*report[what].values())):
            row(f"{what} {outcome}", [report[what][s].get(outcome, 0) for s in options.sides])
    row("seconds", [report["seconds"][s] for s in options.sides])
    print("\nfiles that are not ok:")
    for name, outcomes in report["files_not_ok"].items():
        print(f"  {name}: {', '.join(f'{s} {o}' for s, o in outcomes.items())}")
    if "calls" in report:
        print("\ncalls that pymalloc served:")
    for call, count in report.get("calls", {}).items():
        print(f"  {call:22}{count:>16,}")


def print_differences(counts, by_design, allowed):
    print("\ndifferences by design:" if by_design else "\nno differences by design")
    for d in by_design:
        print(f"  {d.test}: stock {d.stock}, ours {d.ours}\n    {allowed[d.test]}")
    print("differences that count:" if counts else "no differences that count")
    for d in counts:
        print(f"  {d.test}: stock {d.stock}, ours {d.ours}")


def user_path(text):
    """A path as the user sees it: bazel run starts programs elsewhere."""
    return pathlib.Path(os.environ.get("BUILD_WORKING_DIRECTORY", "."), text).absolute()


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="bazel run //python:cpython_tests --", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Exit status: 0, no difference that counts; 1, there is one (with --only-...: a test\n"
        "file is neither ok nor skipped); 2, wrong usage, or something needed is not there.")
    parser.add_argument("names", nargs="*", metavar="name",
                        help="test file, as test_dict (default: those in cpython_tests.txt)")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="at a time (2)")
    parser.add_argument("--timeout", type=int, default=600, metavar="SECONDS",
                        help="for a test file (600)")
    parser.add_argument("--match", action="append", default=[], metavar="PATTERN",
                        help="only test methods that match, as test_get*; can be repeated")
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--only-ours", dest="sides", action="store_const", const=["ours"],
                     help="run on pymalloc and compare nothing")
    one.add_argument("--only-stock", dest="sides", action="store_const", const=["stock"],
                     help="run on stock Python and compare nothing")
    parser.add_argument("--debug", action="store_true", help="ours with the debug layer")
    parser.add_argument("--stats", action="store_true",
                        help="count the calls that pymalloc serves, in all processes (slower)")
    parser.add_argument("--allowed", type=user_path, default=HERE / "differences.txt",
                        metavar="FILE", help="the differences by design")
    parser.add_argument("--json", type=user_path, metavar="FILE", help="write the results there")
    parser.add_argument("--keep", type=user_path, metavar="DIR",
                        help="keep logs and XML files there")
    options = parser.parse_args(arguments)
    options.sides = options.sides or ["stock", "ours"]
    for name in options.names:
        if not importlib.util.find_spec("test." + name):
            parser.error(f"there is no test file {name}")
    if options.jobs < 1 or options.timeout < 1:
        parser.error("--jobs and --timeout must be at least 1")
    return options


def default_names():
    lines = (HERE / "cpython_tests.txt").read_text().splitlines()
    return [line for line in lines if line and line[0] != "#"]


def main(arguments):
    options = parse(arguments)
    allowed = read_allowed(options.allowed)
    # A folder of ours, with a short name: tests make sockets, whose paths are short.
    with tempfile.TemporaryDirectory(prefix="pm", ignore_cleanup_errors=True) as scratch:
        folder = pathlib.Path(scratch)
        python = programs(folder)
        report = probe(python)
        keep = options.keep or folder / "logs"
        keep.mkdir(parents=True, exist_ok=True)
        runner = Runner(options, python, folder, keep)
        results = runner.run_all(list(dict.fromkeys(options.names)) or default_names())
        if len(options.sides) == 2:
            counts, by_design, again = judge(runner, results, allowed)
        report |= summarize(results, options)
        if options.stats and "ours" in options.sides:
            report["calls"] = runner.total_calls()
    print_table(report, options)
    if len(options.sides) == 2:
        print_differences(counts, by_design, allowed)
        report |= {"differences": counts, "by_design": by_design, "run_again": again}
        passed = not counts
    else:
        passed = all(set(o.values()) <= {"skipped", "empty"} for o in report["files_not_ok"].values())
    if options.json:
        options.json.write_text(json.dumps(report, indent=2, default=dataclasses.asdict) + "\n")
    return 0 if passed else 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as an exception, so that it is tidy
    try:
        sys.exit(main(sys.argv[1:]))
    except (Missing, OSError) as error:
        print(f"cpython_tests: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
