#!/usr/bin/python3
"""Makes small mistakes in copies of alloc/ (tools/mutation.py), one at a time, and looks
whether the proof refuses them.

    bazel run //proofs:mutants [-- [--sample N] [--file FILE] [--tests] [--json FILE] [ID...]]

Only the function with the mistake is proved again, as its callers know its contract alone.
A mutant is refused when a goal that is recorded as proved (proofs/results) is there and
is not proved, or when more goals of the function are open than are recorded.  (That a goal
is gone, because what it was about is gone, is not enough.)  A mutant that the compiler or
Frama-C does not take is not counted; one that survives and compiles to the original's machine
code is equivalent.

--tests: where one survives, the unit tests are run with the mistake, under one compiler.  One that the build, with
the project's warnings, does not take, is not counted then either.

Without IDs: N mutants (50), spread over all functions that have recorded goals; 0: all.
--file heap.c: of this file only.  tools/mutants_equivalent.txt has those that nothing can
tell from the original.

Exit status: 0 none survived (--tests: but for what a test found), 1 some did, 2 wrong usage, or the tools could not be run.
"""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).absolute().parent.parent  # not resolve(): a test has links
sys.path[:0] = [str(ROOT / "proofs"), str(ROOT / "tools")]
import mutation  # noqa: E402
import recorded  # noqa: E402
import wp  # noqa: E402


def unit_of(mutant):
    """The C file as part of which the function is proved."""
    source = pathlib.Path(mutant.file)
    return "heap" if source.stem in ("bits", "block", "set") else source.stem


def linked_name(function):
    """A function's name as Frama-C has it, after alloc/names.h."""
    names = dict(re.findall(r"#define (\w+) (\w+)", (ROOT / "alloc/names.h").read_text()))
    return names.get(function, function)


def recorded_of(mutant):
    """{"goals": how many, "proved": [their names]} of the mutant's function, or None."""
    unit = unit_of(mutant)
    return recorded.read(unit).get(linked_name(mutant.function)) if unit in recorded.units() else None


def refused_by(record, goals):
    """A goal that refuses the mutant, or None.  Goals of run-time errors are numbered, so
    they change their names when a statement goes; of those only the number counts."""
    failed = sorted(goal for goal, (prover, _) in goals.items() if not prover)
    lost = [goal for goal in failed if goal in record["proved"] and "_rte_" not in goal]
    more = len(failed) > record["goals"] - len(record["proved"])
    return lost[0] if lost else failed[0] if more else None


BUILD = "the build"  # instead of a test: nothing is built with the mistake


def machine_code(root):
    return mutation.machine_code(root, sorted(path.name for path in (ROOT / "alloc").glob("*.c")))


def look(mutant, env, scratch):
    """Proves the function with the mistake: what becomes of the mutant."""
    result = {"id": mutant.id, "line": mutant.line, "before": mutation.one_line(mutant.before),
              "after": mutation.one_line(mutant.after)}
    unit, function, record = unit_of(mutant), linked_name(mutant.function), recorded_of(mutant)
    start = time.time()
    with tempfile.TemporaryDirectory(dir=scratch) as work:
        wp.ROOT = pathlib.Path(work) / "root"
        mutation.apply(mutant, wp.ROOT, ROOT)
        if mutation.machine_code(wp.ROOT, [unit + ".c"]) == {unit + ".c": None}:
            return {**result, "outcome": "does not compile"}
        source = wp.ROOT / f"alloc/{unit}.c"
        recorded.cache_needed(unit)
        cache = recorded.cache_copy(unit, pathlib.Path(work) / "cache", wp.runs_of(source, [function]))
        for mode in ("offline", "replay"):  # what is recorded; then, for what is new, the provers
            try:
                goals, _ = wp.prove(source, [function], env, cache, mode)
            except SystemExit:
                return {**result, "outcome": "does not parse"}
            by = refused_by(record, goals[function])
            if by is None:
                break
        same = not by and mutant.only is None and machine_code(wp.ROOT) == machine_code(ROOT)
    if same:
        return {**result, "outcome": "equivalent", "reason": "it compiles to the same code"}
    return {**result, "outcome": "refused" if by else "survived", "seconds": round(time.time() - start, 1),
            **({"goal": by} if by else {})}


class Tests:
    """A copy of the project, in which its tests are run with one mistake at a time."""

    def __init__(self, scratch):
        self.root, self.base = pathlib.Path(scratch) / "tested", f"--output_base={scratch}/base"
        shutil.copytree(ROOT, self.root, symlinks=True, ignore=shutil.ignore_patterns("bazel-*", ".git", "cache"))
        query = ["bazel", self.base, "query", r'filter("^//tests:\w+_test$", tests(//tests:all))']
        self.tests = subprocess.run(query, cwd=self.root, capture_output=True, text=True).stdout.split()

    def check(self):
        """Without a mistake none may fail."""
        failed = self.run()
        if failed:
            raise mutation.Unknown("tests fail without any mistake: " + ", ".join(failed))

    def run(self):
        """The tests that fail; or that nothing is built, with the project's warnings."""
        done = subprocess.run(["bazel", self.base, "test", "--keep_going", *self.tests], cwd=self.root,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        if done.returncode not in (0, 1, 3):  # 3: some test fails; 1: one is not built
            raise mutation.Unknown("bazel test could not be run:\n" + done.stdout[-2000:])
        failed = re.findall(r"^(//\S+)\s.*\b(?:FAILED|TIMEOUT) in ", done.stdout, flags=re.M)
        return failed or [BUILD] * (done.returncode == 1)

    def failing(self, mutant):
        """The tests that fail with the mistake."""
        path = self.root / mutant.file
        text = path.read_text()
        path.write_text(mutation.mistaken(mutant, text))
        try:
            return self.run()
        finally:
            path.write_text(text)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        subprocess.run(["bazel", self.base, "clean", "--expunge"], cwd=self.root, capture_output=True)


def test_all(rows, mutants):
    """Runs the tests on the mutants that survived the proof; adds to their rows which fail."""
    by_id = {mutant.id: mutant for mutant in mutants}
    survived = [row for row in rows if row["outcome"] == "survived"]
    if not survived:
        return
    with tempfile.TemporaryDirectory() as scratch:
        with Tests(scratch) as tests:
            tests.check()
            for i, row in enumerate(survived, 1):
                failed = tests.failing(by_id[row["id"]])
                row.update({"outcome": "does not compile"} if failed == [BUILD] else {"tests": failed})
                print(f"{i:4} of {len(survived)} that survived: {len(failed):3} tests fail  {row['id']}", flush=True)


def prove_all(mutants, listed):
    rows, start = [], time.time()
    with tempfile.TemporaryDirectory() as scratch:
        env = wp.why3_config(pathlib.Path(scratch))
        for mutant in mutants:
            row = look(mutant, env, scratch)
            if row["outcome"] == "survived" and mutant.id in listed:
                row.update(outcome="equivalent", reason=listed[mutant.id])
            rows.append(row)
            print(f"{len(rows):4} of {len(mutants)} {time.time() - start:6.0f} s  {row['outcome']:15} {mutant.id}"
                  f"  {row.get('goal', '')}", flush=True)
    return rows


def choose(args):
    mutants = mutation.all_mutants()
    listed = mutation.read_equivalent(mutants)
    if args.ids:
        mutants = mutation.named(mutants, args.ids)
    mutants = [m for m in mutants if args.file in (None, pathlib.Path(m.file).name)]
    mutants = [m for m in mutants if m.only != "compiler" and (recorded_of(m) or {}).get("proved")]
    if not mutants:
        raise mutation.Unknown("of these functions no goal is recorded")
    return mutants if args.ids or not args.sample else mutation.sample(mutants, args.sample), listed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sample", type=int, default=50, metavar="N")
    parser.add_argument("--file", metavar="FILE", help="of alloc/")
    parser.add_argument("--tests", action="store_true")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE")
    parser.add_argument("ids", nargs="*", metavar="ID")
    args = parser.parse_args()
    try:
        mutants, listed = choose(args)
        rows = prove_all(mutants, listed)
        if args.tests:
            test_all(rows, mutants)
    except mutation.Unknown as wrong:
        print(f"mutants: {wrong}", file=sys.stderr)
        return 2
    mutation.print_table(rows, "refused")
    found = sum(bool(row.get("tests")) for row in rows)
    if args.tests:
        print(f"{found} more are found by tests")
    if args.json:
        args.json.write_text(json.dumps({"mutants": rows}, indent=1) + "\n")
    refused, of = mutation.score(rows, "refused")
    return 0 if refused + found == of else 1


if __name__ == "__main__":
    sys.exit(main())
