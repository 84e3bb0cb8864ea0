#!/usr/bin/python3.11 -B
"""Runs each misuse of debug_cases.c on this allocator, on it with its debug layer, and on
CPython 3.11 with its debug hooks, a process each, and prints a table of what became of it:

  caught     a report that came to its end, and abort()
  C library  the C library found it, in its own words, and aborted
  crash      the process died otherwise: in the report, or without one
  no end     it did not end
  unnoticed  the process ended as if nothing had been wrong

Each program runs without its misuse first, and must end well.

    debug_table.py [--json FILE] [--check FILE]

--json writes the results there.  --check compares them with those in a file, but for how
CPython's fare, and asks that the layer catches all.  Exit status 1 if that is not so."""

import argparse
import collections
import json
import os
import pathlib
import platform
import resource
import subprocess
import sys

# Bazel starts its programs, run and test alike, in the folder above this.
PROGRAM = pathlib.Path("tests/debug_program").absolute()
LIBPYTHON = f"/usr/lib/{platform.machine()}-linux-gnu/libpython3.11.so.1.0"
SUBJECTS = {  # name: what it runs on, and PYTHONMALLOC
    "release": ("pymalloc", ""),
    "debug": ("pymalloc", "debug"),
    "cpython_debug": (LIBPYTHON, "debug"),
}
HEADS = ["release", "debug layer", "CPython's hooks"]


def no_core():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(subject, name, how):
    """The exit status (None: it had to be stopped) and what it wrote."""
    library, value = SUBJECTS[subject]
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PYTHONMALLOC": value}
    try:
        done = subprocess.run([PROGRAM, library, name, how], env=environment, capture_output=True,
                              text=True, errors="replace", timeout=60, preexec_fn=no_core)
    except subprocess.TimeoutExpired:
        return None, ""
    return done.returncode, done.stderr


def outcome(status, text):
    ours = "Fatal Python error: " in text or "Fatal pymalloc error: " in text or "Damaged block: " in text
    if status is None:
        return "no end"
    if status == 0:
        return "unnoticed"
    if status == -6 and ours:
        return "caught"
    return "C library" if status == -6 else "crash"


def measure():
    rows = []
    listed = subprocess.run([PROGRAM, "list"], check=True, capture_output=True, text=True).stdout
    for line in listed.splitlines():
        name, family, rule, what = line.split("\t")
        row = dict(name=name, family=family, rule=rule, what=what)
        for subject in SUBJECTS:
            status, text = run(subject, name, "right")
            if status != 0:
                sys.exit(f"debug_table: {name} without its misuse ends with {status} on {subject}:\n{text}")
            row[subject] = outcome(*run(subject, name, "wrong"))
        rows.append(row)
    return rows


def counts(rows):
    return {s: dict(collections.Counter(row[s] for row in rows)) for s in SUBJECTS}


def print_table(rows):
    print("| program | family | what is done | " + " | ".join(HEADS) + " |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        print(f"| {row['name']} | {row['family']} | {row['what']} | "
              + " | ".join(row[s] for s in SUBJECTS) + " |")
    for subject, count in counts(rows).items():
        print(f"{subject}: " + ", ".join(f"{n} {what}" for what, n in sorted(count.items())), file=sys.stderr)


def check(rows, path):
    wrong = [f"{row['name']}: not caught by the debug layer: {row['debug']}"
             for row in rows if row["debug"] != "caught"]
    recorded = {row["name"]: row for row in json.loads(path.read_text())["programs"]}
    for row in rows:
        if recorded.get(row["name"], {}).get("release") != row["release"]:
            wrong.append(f"{row['name']}: release: {row['release']}, and not as recorded")
    for line in wrong:
        print("debug_table: " + line, file=sys.stderr)
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("--check", metavar="FILE", type=pathlib.Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if not PROGRAM.exists():
        sys.exit("debug_table: there is no debug_program; start this by bazel run //tests:debug_table")
    if not os.path.exists(LIBPYTHON):
        sys.exit(f"debug_table: there is no {LIBPYTHON}; it is in the package libpython3.11")
    rows = measure()
    print_table(rows)
    if args.json:
        path = pathlib.Path(os.environ.get("BUILD_WORKING_DIRECTORY", os.curdir), args.json)
        path.write_text(json.dumps(dict(counts=counts(rows), programs=rows), indent=1) + "\n")
    return check(rows, args.check) if args.check else 0


if __name__ == "__main__":
    sys.exit(main())
