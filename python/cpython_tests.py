#!/usr/bin/python3.11
"""Runs CPython's own tests on stock Python and on pymalloc, and compares them.

Every test file runs on both, one after the other, each in a process of its own
with a bare environment; what is compared is the outcome of each test method.
A difference counts if it is still there when the file is run once more on both,
alone, and if it is not one of those in differences.txt, which are by design.

exit status: 0 no difference that counts; 1 there is one (with --only-...: a test
failed); 2 wrong usage, or something that is needed is not there.
"""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ET

# Relative to where Bazel starts its programs, run and test alike.
HERE = pathlib.Path("python").absolute()
PYTHON = {"stock": "/usr/bin/python3.11", "ours": str(HERE / "python")}

# The end of a test file that has no outcome of its own to give.
DIED = "died"


@dataclasses.dataclass
class Result:
    """What one test file came to on one side."""

    outcome: str  # ok, failed, skipped, empty (no test ran) or DIED
    seconds: float = 0.0
    tests: dict = dataclasses.field(default_factory=dict)  # id: ok, failed, skipped or expected


@dataclasses.dataclass(frozen=True)
class Difference:
    test: str  # the id of a method; the name of the file if it is about the whole
    stock: str
    ours: str


def compare(name, stock, ours):
    """The differences between two Results of the test file `name`."""
    whole = [Difference(name, stock.outcome, ours.outcome)]
    if stock.outcome != ours.outcome and DIED in (stock.outcome, ours.outcome):
        return whole
    found = [
        Difference(test, stock.tests.get(test, "absent"), ours.tests.get(test, "absent"))
        for test in sorted(stock.tests.keys() | ours.tests.keys())
        if stock.tests.get(test) != ours.tests.get(test)
    ]
    return found or (whole if stock.outcome != ours.outcome else [])


def read_allowed(path):
    """The tests in a file like differences.txt, each with its reason."""
    allowed = {}
    for line in path.read_text().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if line[0].isspace():
            allowed[test] += " " * bool(allowed[test]) + line.strip()
        else:
            test = line.strip()
            allowed[test] = ""
    return allowed


# Running one test file.

_EXIT = re.compile(r"^Tests result: (.*)$", re.M)
_FAILED = re.compile(r"^(?:FAIL|ERROR): .*?\((\w[\w.]*)\)", re.M)
_KINDS = {"failure": "failed", "error": "failed", "outcome": "failed", "skipped": "skipped",
          "output": "expected"}
_WORST_LAST = ["ok", "expected", "skipped", "failed"]


def methods(xml, log):
    """The outcome of each test method, from a JUnit file and the log beside it.

    A method that failed in a subtest has no name in the file, but one in the log.
    """
    tests = {}

    def add(test, outcome):
        tests[test] = max(outcome, tests.get(test, "ok"), key=_WORST_LAST.index)

    for case in ET.parse(xml).iter("testcase"):
        if "name" in case.attrib:
            # A subtest has its parameters after its name, and they may vary.
            test = case.attrib["name"].split(" ")[0]
            kinds = [_KINDS[e.tag] for e in case if e.tag in _KINDS]
            add(test, kinds[0] if kinds else "ok")
    for test in _FAILED.findall(log):
        add(test, "failed")
    return tests


def file_outcome(status, log):
    if status == 2:
        return "failed"
    if status != 0:
        return DIED
    if "NO TEST RUN" in _EXIT.findall(log):
        return "empty"
    return "skipped" if re.search(r"^\d+ tests? skipped:", log, re.M) else "ok"


class Runner:
    def __init__(self, scratch, options):
        self.scratch = scratch
        self.options = options
        self.lock = threading.Lock()
        self.running = set()

    def environment(self, folder):
        """`env` and its arguments.  A job in the background ignores SIGINT, which
        some tests need."""
        (folder / "tmp").mkdir(parents=True)
        return ["env", "--default-signal=INT", "-i", "PATH=/usr/bin:/bin", f"HOME={folder}",
                f"TMPDIR={folder}/tmp", "LC_ALL=C.UTF-8"]

    def stop(self):
        """Ends what is running: each test file is the leader of its process group."""
        with self.lock:
            for process in self.running:
                os.killpg(process.pid, signal.SIGKILL)

    def call(self, command, folder, log, limit):
        """Runs a command with its output to a file.  Its exit status, None for too late."""
        with open(log, "wb") as out:
            process = subprocess.Popen(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, start_new_session=True)
            with self.lock:
                self.running.add(process)
            try:
                return process.wait(limit)
            except subprocess.TimeoutExpired:
                return None
            finally:
                with self.lock:
                    self.running.discard(process)
                    if process.returncode is None:
                        os.killpg(process.pid, signal.SIGKILL)
                process.wait()
