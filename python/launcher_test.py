#!/usr/bin/python3.11 -B
"""//python runs stock Python as it is, on our allocator, and its children too."""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

STOCK = "/usr/bin/python3.11"
OURS = os.path.abspath("python/python")
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}

# Five processes: this one, two workers by fork, which end by os._exit, one by spawn,
# and one by subprocess.  And one that comes to nothing, after a vfork.
FAMILY = """
import multiprocessing, os, subprocess, sys
def work(_):
    return sum(len(str(i)) for i in range(20000))
if __name__ == "__main__":
    for method, count in ("fork", 2), ("spawn", 1):
        with multiprocessing.get_context(method).Pool(count) as pool:
            pool.map(work, range(4))
            pool.close()
            pool.join()
    subprocess.run([sys.executable, "-c", "[str(i) for i in range(20000)]"], check=True)
    try:
        subprocess.run(["/nonexistent"])
    except FileNotFoundError:
        print(os.getpid())
"""


def run(python, *arguments, **options):
    environment = ENVIRONMENT | options.pop("env", {})
    return subprocess.run(
        [python, *arguments], env=environment, capture_output=True, text=True, **options)


class LauncherTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def assertSame(self, *arguments, **options):
        """Runs stock and ours; they end in the same way, with the same output."""
        stock, ours = (run(python, *arguments, **options) for python in (STOCK, OURS))
        self.assertEqual((ours.stdout, ours.stderr), (stock.stdout, stock.stderr))
        self.assertEqual(ours.returncode, stock.returncode)
        return ours

    def test_same_python(self):
        self.assertSame("-c", "import sys; print(sys.version, sys.executable, sys.prefix, sys.path)")

    def test_script_arguments_input_status(self):
        (self.folder / "script.py").write_text(
            "import sys; print(sys.argv, sys.stdin.read()); sys.exit(len(sys.argv))")
        result = self.assertSame("script.py", "a b", "", "--help", input="line\n", cwd=self.folder)
        self.assertEqual(result.returncode, 4)

    def test_bazel_run_starts_elsewhere(self):
        (self.folder / "script.py").write_text(
            "import os; print(os.getcwd(), os.environ.get('BUILD_WORKING_DIRECTORY'))")
        result = run(OURS, "script.py", env={"BUILD_WORKING_DIRECTORY": str(self.folder)})
        self.assertEqual(result.stdout, f"{self.folder} None\n")

    def test_signals_end_it_as_they_do_stock(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            code = f"import os; os.kill(os.getpid(), {int(number)}); print('alive')"
            self.assertEqual(self.assertSame("-c", code).returncode, -number)

    def test_signal_from_outside(self):
        process = subprocess.Popen(
            [OURS, "-c", "print('up', flush=True); import time; time.sleep(60)"],
            env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual(process.stdout.readline(), "up\n")
        process.send_signal(signal.SIGINT)
        self.assertIn("KeyboardInterrupt", process.communicate(timeout=60)[1])
        self.assertEqual(process.returncode, -signal.SIGINT)

    def test_exits_without_an_end(self):
        for code in ("import os; os._exit(7)", "import os; os.execv('/bin/echo', ['echo', 'hi'])"):
            self.assertSame("-c", code)

    def test_library_brings_no_names_along(self):
        symbols = run("nm", "-D", "--defined-only", os.path.dirname(OURS) + "/libpymalloc_python.so")
        self.assertEqual([line.split()[-1] for line in symbols.stdout.splitlines()], ["_exit"])

    def test_other_programs_as_children(self):
        self.assertSame("-c", "import subprocess; subprocess.run(['sh', '-c', 'cat /dev/null; exit 3'])")


class StatisticsTest(unittest.TestCase):
    def test_all_processes_are_counted(self):
        with tempfile.TemporaryDirectory() as folder:
            script, figures = pathlib.Path(folder, "family.py"), pathlib.Path(folder, "figures")
            script.write_text(FAMILY)
            result = run(OURS, str(script), env={"PYMALLOC_STATS": str(figures)})
            processes = [json.loads(line) for line in figures.read_text().splitlines()]
        self.assertEqual(result.stderr, "")
        # Beside the five above there is a helper that multiprocessing starts.
        self.assertEqual(len({p["pid"] for p in processes}), 6)
        self.assertEqual(len(processes), 6)
        children = [p for p in processes if p["parent"] == int(result.stdout)]
        self.assertGreaterEqual(len(children), 4)
        self.assertGreater(sum(p["obj"]["malloc"] for p in processes), 9 * 20000)
        for p in processes:
            self.assertGreater(p["obj"]["malloc"], 0)
            self.assertGreater(p["mem"]["malloc"], 0)
            self.assertGreaterEqual(p["peak_blocks"], p["live_blocks"])
            self.assertGreaterEqual(p["peak_bytes"], 16 * p["peak_blocks"])
            self.assertGreaterEqual(p["peak_pools"], p["pools"])

    def test_figures_are_right(self):
        code = "x = [bytes(400) for _ in range(100000)]"
        with_blocks, without = (
            json.loads(run(OURS, "-c", c, env={"PYMALLOC_STATS": "json"}).stderr)
            for c in (code, code.replace("100000", "0")))
        for figure, least, most in [("peak_blocks", 99000, 101000),
                                    ("peak_bytes", 99000 * 448, 101000 * 464)]:
            more = with_blocks[figure] - without[figure]
            self.assertTrue(least <= more <= most, f"{figure} is {more} more")
        self.assertLess(with_blocks["live_blocks"], 5000)

    def test_table(self):
        result = run(OURS, "-c", "", env={"PYMALLOC_STATS": "1"})
        self.assertRegex(result.stderr, r"\npymalloc \d+\.\d+\.\d+ in process \d+ \(python3\.11\)\n")
        self.assertRegex(result.stderr, r"\ncalls to obj +[\d,]+ +[\d,]+ +[\d,]+ +[\d,]+\n")
        self.assertNotIn("No calls", result.stderr)

    def test_pythons_own_allocator(self):
        result = run(OURS, "-c", "", env={"PYMALLOC_STATS": "1", "PYTHONMALLOC": "pymalloc"})
        self.assertIn("warning: with PYTHONMALLOC=pymalloc Python puts its own", result.stderr)
        self.assertIn("\nNo calls: ", result.stderr)
        self.assertEqual(result.returncode, 0)

    def test_nothing_unless_asked_for(self):
        self.assertEqual(run(OURS, "-c", "", env={"PYMALLOC_STATS": ""}).stderr, "")

    def test_where_statistics_cannot_go(self):
        result = run(OURS, "-c", "", env={"PYMALLOC_STATS": "figures"})
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("PYMALLOC_STATS is 'figures'", result.stderr)
        result = run(OURS, "-c", "", env={"PYMALLOC_STATS": "/nonexistent/figures"})
        self.assertEqual(result.returncode, 0)
        self.assertIn("cannot write statistics to /nonexistent/figures: No such file", result.stderr)

    def test_help(self):
        result = run(OURS, "--help")
        self.assertEqual(result.returncode, 0)
        self.assertIn("usage: bazel run //python", result.stdout)


if __name__ == "__main__":
    unittest.main()
