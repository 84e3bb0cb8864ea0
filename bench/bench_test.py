#!/usr/bin/python3.11 -B
"""Every part of the benchmark works.  Nothing here judges a time."""

import html.parser
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.abspath("bench"))

import measure  # noqa: E402
import report  # noqa: E402
import traces  # noqa: E402
import workers  # noqa: E402

BENCH = os.path.abspath("bench/bench")
ALLOCATORS = ["pymalloc", "cpython", "glibc", "mimalloc", "jemalloc", "tcmalloc", "floor"]
GROUPS = dict(pair=5, lifo=5, fifo=5, random=4, special=5)
PROGRAMS = len([f for f in os.listdir("bench/programs") if f.endswith(".py")])


def run(*options):
    """Output, messages and status of bench."""
    environment = dict(PATH="/usr/bin:/bin", LC_ALL="C.UTF-8")
    done = subprocess.run([BENCH, *options], text=True, env=environment, capture_output=True)
    return done.stdout, done.stderr, done.returncode


def everything(folder):
    paths = [os.path.join(folder, name) for name in ("results.json", "results.html")]
    output, messages, status = run("--quick", "--json", paths[0], "--html", paths[1])
    assert status == 0, messages
    with open(paths[0]) as f, open(paths[1]) as g:
        return output, json.load(f), g.read()


class Parts(unittest.TestCase):
    def row(self, **medians):
        return dict(group="g", allocators={n: dict(ratio=dict(median=m)) for n, m in medians.items()})

    def test_numbers(self):
        self.assertEqual(measure.spread([3, 1, 2, 5, 4]), dict(median=3, q1=2, q3=4))
        self.assertEqual(measure.ratios([1, 2, 4], [2, 4, 12])["median"], 2)
        self.assertAlmostEqual(measure.geometric_mean([1, 4, 16]), 4)

    def test_best_peer(self):
        row = self.row(pymalloc=1, floor=0.1, debug=0.2, glibc=2, mimalloc=0.8)
        self.assertEqual(report.best_peer(row), ("mimalloc", 0.8))
        self.assertTrue(report.is_slower(row))
        self.assertFalse(report.is_slower(self.row(pymalloc=1, glibc=0.95)))
        self.assertIsNone(report.best_peer(self.row(pymalloc=1, floor=0.1)))

    def test_means(self):
        rows = [self.row(pymalloc=1, glibc=2), self.row(pymalloc=1, glibc=8)]
        self.assertAlmostEqual(report.geometric_means(rows)["g"]["glibc"], 4)

    def test_sizes(self):
        with tempfile.NamedTemporaryFile() as f:
            # malloc(16), calloc(300), realloc(block 0, 600), malloc(16), free(block 1)
            f.write(traces.MAGIC + bytes([16 << 2, 128 | 300 % 32 << 2 | 1, 300 >> 5,
                                          2, 128 | 600 % 128, 600 >> 7, 16 << 2, 1 << 2 | 3]))
            f.flush()
            self.assertEqual(traces.sizes(f.name), {16: 2, 300: 1})

    def test_problems(self):
        def problem(library):
            return workers.problem("bench", workers.Allocator("some", "libc", library, "libsome1", ""))
        self.assertEqual(problem("/nowhere/libsome.so"),
                         "there is no /nowhere/libsome.so; it is in the package libsome1")
        self.assertIn("bench: /etc/passwd: ", problem("/etc/passwd"))
        self.assertIsNone(workers.problem("bench", workers.allocators("bench")["floor"]))


class Tags(html.parser.HTMLParser):
    """Checks that tags are closed in order; notes what a page loads."""

    def __init__(self):
        super().__init__()
        self.open, self.loaded, self.count = [], [], {}

    def handle_starttag(self, tag, attributes):
        self.count[tag] = self.count.get(tag, 0) + 1
        self.loaded += [v for k, v in attributes if k in ("src", "href")]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.count[tag] = self.count.get(tag, 0) + 1

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"{tag} closed out of order"


class Quick(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            cls.output, cls.results, cls.page = everything(folder)

    def check_spread(self, spread):
        self.assertLess(0, spread["q1"])
        self.assertLessEqual(spread["q1"], spread["median"])
        self.assertLessEqual(spread["median"], spread["q3"])

    def test_times(self):
        groups = {}
        for row in self.results["workloads"]:
            groups[row["group"]] = groups.get(row["group"], 0) + 1
            self.assertTrue(row["what"])
            self.assertLessEqual(set(ALLOCATORS), set(row["allocators"]))
            for figures in row["allocators"].values():
                self.check_spread(figures["ns"])
                self.check_spread(figures["ratio"])
            self.assertEqual(row["allocators"]["pymalloc"]["ratio"], dict(median=1, q1=1, q3=1))
        self.assertEqual(groups, dict(GROUPS, traces=PROGRAMS))

    def test_means(self):
        self.assertEqual(set(self.results["means"]), {*GROUPS, "traces", "all"})
        for means in self.results["means"].values():
            self.assertAlmostEqual(means["pymalloc"], 1)
            self.assertTrue(all(mean > 0 for mean in means.values()))

    def test_memory(self):
        self.assertEqual(len(self.results["memory"]), 3 + PROGRAMS)
        for row in self.results["memory"]:
            live = {m["peak_live"] for m in row["allocators"].values()}
            self.assertEqual(len(live), 1, row["name"])
            for m in row["allocators"].values():
                self.assertGreater(m["peak_resident"], 0.9 * m["peak_live"])
                self.assertLessEqual(m["kept_live"], m["peak_live"] // 1000)

    def test_programs(self):
        self.assertGreaterEqual(PROGRAMS, 6)
        self.assertEqual(len(self.results["programs"]), PROGRAMS)
        for row in self.results["programs"]:
            self.check_spread(row["ratio"])
            self.assertGreater(row["calls_a_second"], 10000)
            self.assertGreater(row["peak_bytes"], 1 << 20)

    def test_about(self):
        self.assertRegex(self.results["version"], r"^\d+\.\d+\.\d+$")
        self.assertTrue(self.results["settings"]["quick"])
        for name in ALLOCATORS[1:-1]:
            self.assertTrue(self.results["allocators"][name]["version"], name)

    def test_table(self):
        for row in self.results["workloads"]:
            self.assertRegex(self.output, rf"(?m)^{re.escape(row['name'])} .*\d")
        for title in "Time.", "Memory.", "Whole programs:", "mean: all":
            self.assertIn(title, self.output)

    def test_page(self):
        tags = Tags()
        tags.feed(self.page)
        self.assertEqual(tags.open, [])
        self.assertEqual(tags.loaded, [])
        self.assertNotRegex(self.page, r"url\(|@import|<script|nan\b|None")
        self.assertIn("prefers-color-scheme: dark", self.page)
        self.assertGreater(tags.count["svg"], 50)
        for row in self.results["workloads"]:
            self.assertIn(row["what"].split(",")[0].split("'")[0], self.page)


class Options(unittest.TestCase):
    def test_few(self):
        output, messages, status = run("--quick", "--workloads", "lifo 48,calloc",
                                       "--allocators", "glibc,floor", "--instructions")
        self.assertEqual(status, 0, messages)
        head = next(line for line in output.splitlines() if line.startswith("workload"))
        self.assertEqual(head.split()[:5], ["workload", "ns", "+-", "glibc", "floor"])
        counts = re.findall(r"(?m)^(malloc alone|free alone|lifo 48|calloc) +([\d.]+) +([\d.]+)$", output)
        self.assertEqual([row[0] for row in counts], ["malloc alone", "free alone", "lifo 48", "calloc"])
        self.assertTrue(all(1 < float(n) < 1000 for row in counts for n in row[1:]), counts)

    def test_mistakes(self):
        for options, message in (
            (["--workloads", "nothing"], "bench: no workload 'nothing'; there are pair 16"),
            (["--allocators", "nothing"], "bench: no allocator 'nothing'; there are pymalloc"),
            (["--binaries", "/nowhere"], "bench: there is no /nowhere/bench_worker"),
            (["--rounds", "0"], "bench: --rounds and --slice are above 0"),
        ):
            with self.subTest(options=options):
                _, messages, status = run("--quick", *options)
                self.assertIn(message, messages)
                self.assertNotIn("Traceback", messages)
                self.assertNotEqual(status, 0)


if __name__ == "__main__":
    unittest.main()
