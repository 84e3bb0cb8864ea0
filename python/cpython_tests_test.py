#!/usr/bin/python3.11 -B
"""cpython_tests.py finds the differences that there are."""

import contextlib
import io
import os
import pathlib
import tempfile
import types
import unittest

import cpython_tests
from cpython_tests import Difference, Result

PASSED = Result("ok", methods={"m.a": "ok", "m.b": "skipped"})
BROKEN = Result("failed", methods={"m.a": "failed", "m.b": "skipped"})


class CompareTest(unittest.TestCase):
    def test_same(self):
        self.assertEqual(cpython_tests.compare("m", PASSED, PASSED), [])
        self.assertEqual(cpython_tests.compare("m", BROKEN, BROKEN), [])

    def test_method(self):
        self.assertEqual(cpython_tests.compare("m", PASSED, BROKEN),
                         [Difference("m.a", "ok", "failed")])
        self.assertEqual(cpython_tests.compare("m", BROKEN, PASSED),
                         [Difference("m.a", "failed", "ok")])

    def test_absent_method(self):
        fewer = Result("ok", methods={"m.a": "ok"})
        self.assertEqual(cpython_tests.compare("m", PASSED, fewer),
                         [Difference("m.b", "skipped", "absent")])

    def test_whole_file(self):
        for outcome in ("crashed", "timeout", "died", "failed", "skipped"):
            self.assertEqual(cpython_tests.compare("m", PASSED, Result(outcome)),
                             [Difference("m", "ok", outcome)])

    def test_how_a_file_ended(self):
        for status, log, outcome in [
            (0, "", "ok"),
            (0, "\n1 test skipped:\n    test_m\n", "skipped"),
            (0, "\nTests result: NO TEST RUN\n", "empty"),
            (2, "\n1 test skipped:\n", "failed"),
            (-11, "", "crashed"),
            (1, "test_a ... Timeout (0:10:00)!\nThread", "timeout"),
            (None, "", "timeout"),
            (1, "Traceback", "died"),
        ]:
            self.assertEqual(cpython_tests.read_outcome(status, log), outcome)


class JudgeTest(unittest.TestCase):
    def judge(self, ours, again, allowed=()):
        """What judge says of a file that is PASSED on stock."""
        runner = types.SimpleNamespace(run_sides=lambda *_: {"stock": PASSED, "ours": again})
        with contextlib.redirect_stdout(io.StringIO()):
            return cpython_tests.judge(
                runner, {"m": {"stock": PASSED, "ours": ours}}, dict.fromkeys(allowed, "why"))

    def test_counts_when_it_is_there_again(self):
        counts, by_design, again = self.judge(BROKEN, BROKEN)
        self.assertEqual(counts, [Difference("m.a", "ok", "failed")])
        self.assertEqual(by_design, [])
        self.assertEqual(again, [{"file": "m", "first": counts, "then": counts}])

    def test_does_not_count_when_it_is_not(self):
        counts, _, again = self.judge(BROKEN, PASSED)
        self.assertEqual(counts, [])
        self.assertEqual(again[0]["then"], [])

    def test_by_design(self):
        counts, by_design, again = self.judge(BROKEN, BROKEN, allowed=["m.a"])
        self.assertEqual((counts, again), ([], []))
        self.assertEqual(by_design, [Difference("m.a", "ok", "failed")])

    def test_crash_counts_at_once(self):
        counts, _, again = self.judge(Result("crashed"), PASSED)
        self.assertEqual(counts, [Difference("m", "ok", "crashed")])
        self.assertEqual(again, [])


class ProgramTest(unittest.TestCase):
    """A difference that is there: nothing is by design once that list is empty."""

    def run_program(self, *arguments):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            status = cpython_tests.main(["test_sys", "--match", "test_getallocatedblocks", *arguments])
        return status, out.getvalue()

    def test_by_design(self):
        status, out = self.run_program()
        self.assertEqual(status, 0, out)
        self.assertIn("no differences that count", out)

    def test_difference(self):
        with tempfile.TemporaryDirectory() as folder:
            nothing = pathlib.Path(folder, "nothing")
            nothing.touch()
            status, out = self.run_program("--allowed", str(nothing))
        self.assertEqual(status, 1, out)
        self.assertIn("once more, alone", out)
        self.assertRegex(out, r"differences that count:\n  test\.test_sys\.\S+: stock ok, ours failed")

    def test_subtests_have_names(self):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            status = cpython_tests.main(["test_cmd_line", "--match", "test_pythonmalloc"])
        self.assertEqual(status, 0, out.getvalue())
        self.assertIn("test_cmd_line.CmdLineTest.test_pythonmalloc: stock ok, ours failed", out.getvalue())

    def test_errors(self):
        for arguments in (["test_nonexistent"], ["--jobs", "0"], ["--only-ours", "--only-stock"]):
            with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit) as raised:
                cpython_tests.main(arguments)
            self.assertEqual(raised.exception.code, 2)


if __name__ == "__main__":
    unittest.main()
