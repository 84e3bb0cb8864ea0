#!/usr/bin/python3
"""Fuzzes for as long as you like, in parallel, and reports.

    bazel run //fuzz:campaign -- --minutes M --jobs J [--engine libfuzzer|afl|blind] [TARGET...]

The minutes are shared by the targets (all, if none is named), one after the other, with J
processes at a time: libFuzzer's share a corpus, and every fourth has sanitizers (ASan and
UBSan) and the others are fast; AFL++'s are a main one and its secondaries, with the same
custom mutator; blind ones get no feedback, and run several times as many operations.
Says every ten seconds how far it is.  At the end what was new is merged into fuzz/corpus
and minimised (not with --dry), coverage is measured, and fuzz/results.json and
fuzz/results.html say what was done:

    inputs, operations (calls of the allocator), operations a second, coverage by file,
    and each finding, as operations to be read, with what the model said; and, of all
    campaigns that were recorded, when they were, and the sum of their operations.

Operations are counted where they are made, by all processes into one count; those of the
merging and measuring at the end are not among them.

Findings are kept in --out (fuzz-findings, if none is named); an input that takes 20
seconds is one, too.

Exit status: 0 nothing was found, 1 something was, 2 it could not be run.
"""

import argparse
import datetime
import hashlib
import html
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

import coverage
import hunt

CORPUS = hunt.ROOT / "fuzz/corpus"
RESULTS = hunt.ROOT / "fuzz/results.json"
DICTIONARIES = hunt.ROOT / "fuzz/dictionaries"
PROGRESS = 10  # seconds
SANITIZED_EVERY = 4
NOT_SANITIZED = "differential"  # its peers are libraries that sanitizers know nothing of
AFL = ("-O2", "-fsanitize=fuzzer")


def fail(text):
    print("campaign: " + text, file=sys.stderr)
    sys.exit(2)


def counted(path):
    """How many calls the fuzzers that share a count have made."""
    return struct.unpack("Q", path.read_bytes())[0] if path.exists() else 0


class Logged:
    """What engines have in common that say at their end how many inputs there were, and leave
    new ones, if any, in one folder."""

    def inputs(self, folder):
        logs = "".join(p.read_text(errors="replace") for p in folder.glob("log-*"))
        return sum(map(int, re.findall(r"number_of_executed_units: *(\d+)", logs)))

    def found(self, folder):
        return folder / "corpus"


class Libfuzzer(Logged):
    """Processes that share a corpus, each restarted by itself until the time is over."""

    def __init__(self, work, targets):
        self.work = work
        for kind in ("fast", "address"):
            chosen = [t for t in targets if kind == "fast" or t != NOT_SANITIZED]
            if chosen and (wrong := hunt.build(hunt.ROOT, work / kind, chosen, kind)):
                fail("a fuzzer does not compile:\n" + wrong)

    def start(self, target, job, seconds, folder, env):
        kind = "address" if job % SANITIZED_EVERY == 1 and target != NOT_SANITIZED else "fast"
        command = [*hunt.FIXED, self.work / kind / target, f"-max_total_time={seconds}", "-reload=1",
                   f"-timeout={hunt.HANG_SECONDS}", f"-report_slow_units={hunt.HANG_SECONDS}", "-max_len=4096",
                   "-print_final_stats=1",
                   f"-dict={DICTIONARIES / target}.dict", f"-artifact_prefix={folder}/finding-",
                   folder / "corpus", CORPUS / target]
        env["ASAN_OPTIONS"] = "allocator_may_return_null=1:detect_leaks=0"
        with open(folder / f"log-{job}", "w") as log:
            return subprocess.Popen(list(map(str, command)), stdout=log, stderr=log, env=env)

    def findings(self, folder):
        return sorted(folder.glob("finding-*"))


class Afl:
    """A main process and secondaries."""

    def __init__(self, work, targets):
        self.work = work
        env = dict(os.environ, CC="afl-clang-fast", CXX="afl-clang-fast++", CFLAGS=AFL[0],
                   LIB_FUZZING_ENGINE=AFL[1], AFL_QUIET="1")
        if shutil.which("afl-fuzz") is None:
            fail("there is no afl-fuzz; tools/setup installs it")
        subprocess.run([hunt.ROOT / "fuzz/build.sh", work / "afl", *targets], env=env, check=True)
        hunt.build(hunt.ROOT, work / "fast", targets, "fast")
        mutator = [hunt.ROOT / "fuzz" / name for name in ("mutate.c", "mutate_afl.c", "ops.c")]
        subprocess.run(["clang", "-O2", "-shared", "-fPIC", "-iquote", hunt.ROOT, *mutator,
                        "-o", work / "mutator.so"], check=True)

    def start(self, target, job, seconds, folder, env):
        role = ["-M", "main"] if job == 0 else ["-S", f"secondary{job}"]
        env.update(AFL_NO_UI="1", AFL_SKIP_CPUFREQ="1", AFL_NO_AFFINITY="1",
                   AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES="1",
                   AFL_CUSTOM_MUTATOR_LIBRARY=str(self.work / "mutator.so"))
        command = ["afl-fuzz", *role, "-V", seconds, "-i", CORPUS / target, "-o", folder / "afl",
                   "-t", str(1000 * hunt.HANG_SECONDS), "-m", "none", "-G", "4096",
                   "-x", f"{DICTIONARIES / target}.dict", "--", self.work / "afl" / target]
        with open(folder / f"log-{job}", "w") as log:
            return subprocess.Popen(list(map(str, command)), stdout=log, stderr=log, env=env)

    def inputs(self, folder):
        stats = "".join(p.read_text() for p in folder.glob("afl/*/fuzzer_stats"))
        return sum(map(int, re.findall(r"execs_done *: *(\d+)", stats)))

    def findings(self, folder):
        return sorted(p for kind in ("crashes", "hangs") for p in folder.glob(f"afl/*/{kind}/id*"))

    def found(self, folder):
        merged = folder / "found"
        merged.mkdir(exist_ok=True)
        for path in folder.glob("afl/*/queue/id*"):
            shutil.copyfile(path, merged / hashlib.sha1(path.read_bytes()).hexdigest())
        return merged


class Blind(Logged):
    """Processes that change the corpus at random, on builds that nothing slows down."""

    def __init__(self, work, targets):
        self.work = work
        self.current = {}  # the file that has the input that runs: the process
        for kind in ("fast", "blind"):
            if wrong := hunt.build(hunt.ROOT, work / kind, targets, kind):
                fail("a fuzzer does not compile:\n" + wrong)

    def start(self, target, job, seconds, folder, env):
        seed = int(time.time()) % 65536 * 64 + job
        current = folder / f"finding-{job}"
        command = [*hunt.FIXED, self.work / "blind" / target, seconds, seed, current, CORPUS / target]
        with open(folder / f"log-{job}", "w") as log:
            self.current[current] = subprocess.Popen(list(map(str, command)), stdout=log, stderr=log, env=env)
        return self.current[current]

    def findings(self, folder):
        return [path for path, process in self.current.items() if path.parent == folder and process.poll()]


def fuzz(engine, target, seconds, jobs, folder):
    """Runs a target for so long; what it did."""
    (folder / "corpus").mkdir(parents=True)
    env = dict(os.environ, FUZZ_COUNT=str(folder / "count"))
    begin = time.monotonic()
    running = {}
    for job in range(jobs):
        running[job] = engine.start(target, job, seconds, folder, dict(env))
    said = begin
    while any(p.poll() is None for p in running.values()):
        time.sleep(0.5)
        if time.monotonic() - said >= PROGRESS:
            said = time.monotonic()
            calls = counted(folder / "count")
            print(f"  {target}: {said - begin:6.0f} of {seconds} s, {calls:,} operations, "
                  f"{calls / (said - begin):,.0f} a second, {len(engine.findings(folder))} findings", flush=True)
    took = time.monotonic() - begin
    for job, process in running.items():
        if process.returncode and not engine.findings(folder):
            fail(f"{target} ended with status {process.returncode}:\n" +
                 (folder / f"log-{job}").read_text(errors="replace")[-2000:])
    return {"target": target, "seconds": round(took, 1), "inputs": engine.inputs(folder),
            "operations": counted(folder / "count"),
            "per_second": round(counted(folder / "count") / took)}


ENGINES = {"libfuzzer": Libfuzzer, "afl": Afl, "blind": Blind}


def kind_of(finding):
    """What libFuzzer calls it: a crash, a timeout, oom."""
    match = re.match(r"finding-([a-z-]+)-[0-9a-f]{40}$", finding.name)
    return match[1] if match else "finding"


def explain(ops, fast, target, finding):
    """A finding, to be read."""
    rule, _, _ = hunt.run(fast / target, [str(finding)], hunt.HANG_SECONDS, finding.parent)
    return {"target": target, "rule": rule or "not seen again", "input": finding.name,
            "ops": hunt.readable(ops, finding)}


def minimise(fast, target, found, work):
    """Makes a target's corpus the seeds and the fewest inputs with which it reaches every
    edge that the corpus and what was found do."""
    merged = work / ("merged-" + target)
    merged.mkdir()
    seeds = sorted((CORPUS / target).glob("seed_*"))
    for seed in seeds:
        shutil.copyfile(seed, merged / seed.name)
    command = [*hunt.FIXED, fast / target, "-set_cover_merge=1", "-use_counters=0", "-max_len=4096",
               merged, CORPUS / target, found]
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for old in (CORPUS / target).iterdir():
        if not old.name.startswith("seed_"):
            old.unlink()
    for new in merged.iterdir():
        if not new.name.startswith("seed_"):
            shutil.copyfile(new, CORPUS / target / new.name)
    return len(list((CORPUS / target).iterdir()))


def write_html(results, path):
    def table(head, rows):
        cells = "".join("<tr>" + "".join(f"<td>{html.escape(str(c))}</td>" for c in row) + "</tr>\n" for row in rows)
        return "<table><tr>" + "".join(f"<th>{h}</th>" for h in head) + f"</tr>\n{cells}</table>\n"
    rows = [(r["target"], f"{r['seconds']:,}", f"{r['inputs']:,}", f"{r['operations']:,}",
             f"{r['per_second']:,}", r["corpus"]) for r in results["targets"]]
    files = [(name, "%d of %d" % tuple(f["lines"]), "%d of %d" % tuple(f["branches"]))
             for name, f in sorted(results["coverage"]["files"].items())]
    findings = "".join(f"<h3>{html.escape(f['target'])}: {html.escape(f['rule'])}</h3><pre>"
                       + html.escape("\n".join(f["ops"])) + "</pre>" for f in results["findings"])
    path.write_text(
        "<!DOCTYPE html><meta charset='utf-8'><title>Fuzzing</title>\n<style>body{font:16px sans-serif;"
        "margin:2em auto;max-width:60em}td,th{padding:.2em .8em;text-align:right}td:first-child{text-align:left}"
        "</style>\n<h1>Fuzzing</h1>\n"
        f"<p>{results['date']}, {results['engine']}, {results['jobs']} processes: "
        f"{results['operations']:,} operations, {len(results['findings'])} findings; "
        f"{results['operations_in_all']:,} operations in {len(results['campaigns'])} recorded campaigns.</p>\n"
        + table(("target", "seconds", "inputs", "operations", "a second", "corpus"), rows)
        + "<h2>Coverage of alloc/ by the corpus</h2>\n"
        + f"<p>{results['coverage']['lines']} % of the lines, {results['coverage']['branches']} % of the branches.</p>"
        + table(("file", "lines", "branches"), files)
        + "<h2>Findings</h2>\n" + (findings or "<p>None.</p>\n"))


SUMMARY = ("date", "engine", "jobs", "minutes", "operations", "inputs", "findings")


def summary(results):
    """What stays of a campaign when the next one is recorded."""
    return {k: len(results[k]) if k == "findings" else results[k] for k in SUMMARY}


def history(results):
    """All campaigns that were recorded, and this one."""
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    before = known.get("campaigns") or ([summary(known)] if known else [])
    campaigns = before + [summary(results)]
    return {"operations_in_all": sum(c["operations"] for c in campaigns), "campaigns": campaigns}


def report(args, rows, findings, work):
    measured = coverage.measure(CORPUS, work / "coverage", args.html)
    results = {
        "date": datetime.date.today().isoformat(), "engine": args.engine, "jobs": args.jobs,
        "minutes": args.minutes, "operations": sum(r["operations"] for r in rows),
        "inputs": sum(r["inputs"] for r in rows), "targets": rows, "findings": findings,
        "coverage": {what: round(coverage.total(measured, what)[2], 1) for what in ("lines", "branches")}
        | {"files": {name: {k: f[k] for k in ("lines", "branches")} for name, f in measured.items()}},
    }
    results |= history(results)
    if not args.dry:
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
        write_html(results, RESULTS.with_suffix(".html"))
    print(f"\n{'target':14} {'seconds':>8} {'inputs':>12} {'operations':>16} {'a second':>12}")
    for r in rows:
        print(f"{r['target']:14} {r['seconds']:8} {r['inputs']:12,} {r['operations']:16,} {r['per_second']:12,}")
    print(f"{results['operations']:,} operations, {len(findings)} findings; of alloc/ the corpus reaches "
          f"{results['coverage']['lines']} % of the lines, {results['coverage']['branches']} % of the branches")
    print(f"{results['operations_in_all']:,} operations in {len(results['campaigns'])} recorded campaigns")


def campaign(args, work):
    targets = args.targets or hunt.TARGETS
    print(f"campaign: building for {args.engine}", flush=True)
    engine = ENGINES[args.engine](work, targets)
    seconds = max(1, int(args.minutes * 60 / len(targets)))
    ops = hunt.build_ops(work)
    rows, findings = [], []
    for target in targets:
        folder = work / target
        print(f"campaign: {target}, {seconds} s, {args.jobs} processes", flush=True)
        rows.append(fuzz(engine, target, seconds, args.jobs, folder))
        for finding in engine.findings(folder):
            args.out.mkdir(exist_ok=True)
            kept = args.out / f"{target}-{kind_of(finding)}-{hashlib.sha1(finding.read_bytes()).hexdigest()[:12]}"
            shutil.copyfile(finding, kept)
            findings.append(explain(ops, work / "fast", target, kept))
        rows[-1]["corpus"] = (len(list((CORPUS / target).iterdir())) if args.dry or engine.findings(folder) else
                              minimise(work / "fast", target, engine.found(folder), work))
    for f in findings:
        print(f"\nfinding: {f['target']}, {f['rule']}: {args.out / f['input']}\n  " + "\n  ".join(f["ops"][:40]),
              flush=True)
    try:
        report(args, rows, findings, work)
    except subprocess.CalledProcessError as failed:  # so it is when what was found is in the corpus' reach, too
        print(f"campaign: an input of {failed.cmd[-1]} fails, so what the corpus reaches can't be measured; "
              "nothing is recorded", file=sys.stderr)
        return 1
    return 1 if findings else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--engine", choices=ENGINES, default="libfuzzer")
    parser.add_argument("--dry", action="store_true", help="leave the corpus and the results as they are")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("fuzz-findings"), metavar="FOLDER")
    parser.add_argument("--html", type=pathlib.Path, metavar="FOLDER", help="sources with counts")
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    args = parser.parse_args()
    if unknown := set(args.targets) - set(hunt.TARGETS):
        parser.error(f"there is no target {', '.join(unknown)}; there are: {', '.join(hunt.TARGETS)}")
    os.chdir(os.environ.get("BUILD_WORKING_DIRECTORY", "."))
    with tempfile.TemporaryDirectory() as work:
        (pathlib.Path(work) / "coverage").mkdir()
        return campaign(args, pathlib.Path(work))


if __name__ == "__main__":
    sys.exit(main())
