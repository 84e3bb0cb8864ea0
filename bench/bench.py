#!/usr/bin/python3.11 -B
"""Measures this allocator beside its peers: time, memory, instructions, whole programs."""

import argparse
import datetime
import glob
import json
import os
import platform
import re
import subprocess
import sys
import tempfile

def here():
    """The folder with the other parts: beside this file, or where Bazel puts them."""
    script = os.path.abspath(__file__)
    built = glob.glob(glob.escape(script) + ".runfiles/*/bench/bench_worker")
    return os.path.dirname(built[0] if built else script)


HERE = here()
sys.path.insert(0, HERE)

import instructions  # noqa: E402
import measure  # noqa: E402
import memory  # noqa: E402
import page  # noqa: E402
import programs  # noqa: E402
import report  # noqa: E402
import traces  # noqa: E402
import workers  # noqa: E402


def say(message):
    print(f"bench: {message}", file=sys.stderr, flush=True)


def names(text):
    return [part.strip() for part in text.split(",") if part.strip()]


def options():
    parser = argparse.ArgumentParser(prog="bazel run -c opt //bench --", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="little of everything, in under a minute")
    parser.add_argument("--workloads", type=names, metavar="LIST",
                        help="only these, or those of these groups "
                             "(pair, lifo, fifo, random, special, traces)")
    parser.add_argument("--allocators", type=names, metavar="LIST",
                        help=f"only these beside ours ({', '.join(workers.allocators('', '-'))})")
    parser.add_argument("--rounds", type=int, metavar="N",
                        help="how often each is measured (15; quick: 3)")
    parser.add_argument("--slice", type=float, metavar="MS", help="for so long each time (40; quick: 4)")
    parser.add_argument("--no-traces", action="store_true", help="no replays of recorded programs")
    parser.add_argument("--no-memory", action="store_true", help="no memory figures")
    parser.add_argument("--no-programs", action="store_true", help="no whole Python programs")
    parser.add_argument("--instructions", action="store_true", help="count instructions, too; takes long")
    parser.add_argument("--baseline", metavar="FILE.so",
                        help="another build of ours, as a row of its own")
    parser.add_argument("--json", metavar="FILE", help="write all results there")
    parser.add_argument("--html", metavar="FILE", help="write a page with plots there")
    parser.add_argument("--binaries", default=HERE, metavar="FOLDER", help="where the built programs are")
    chosen = parser.parse_args()
    if chosen.rounds is None:
        chosen.rounds = 3 if chosen.quick else 15
    if chosen.slice is None:
        chosen.slice = 4 if chosen.quick else 40
    if chosen.rounds < 1 or chosen.slice <= 0:
        sys.exit("bench: --rounds and --slice are above 0")
    # bazel run starts programs elsewhere; files are named from where it was called.
    start = os.environ.get("BUILD_WORKING_DIRECTORY", os.curdir)
    for option in "baseline", "json", "html":
        if getattr(chosen, option):
            setattr(chosen, option, os.path.abspath(os.path.join(start, getattr(chosen, option))))
    chosen.binaries = os.path.abspath(chosen.binaries)
    if not os.path.exists(os.path.join(chosen.binaries, "bench_worker")):
        sys.exit(f"bench: there is no {chosen.binaries}/bench_worker; "
                 "start this by bazel run -c opt //bench")
    return chosen


def chosen_allocators(chosen):
    """Those that were asked for and work; ours first.  The debug layers when there is ours."""
    known = workers.allocators(chosen.binaries, chosen.baseline)
    for name in chosen.allocators or []:
        if name not in known:
            sys.exit(f"bench: no allocator '{name}'; there are {', '.join(known)}")
    wanted = chosen.allocators or list(known)
    if not chosen.allocators and workers.problem(chosen.binaries, known["debug"]):
        wanted = [name for name in wanted if name not in workers.DEBUG]
    working = []
    for a in known.values():
        if a.name in wanted or a.name in (workers.OURS, "baseline"):
            problem = workers.problem(chosen.binaries, a)
            if problem and a.name == workers.OURS:
                sys.exit(f"bench: {a.name}: {problem}")
            elif problem:
                say(f"without {a.name}: {problem}")
            else:
                working.append(a)
    return working


def chosen_workloads(chosen, worker):
    """Rows with name, group, description, and what a worker calls it: a trace's is its file's name."""
    rows = [dict(zip(("name", "group", "what"), row), worker=row[0]) for row in worker.workloads()]
    for name, path in traces.programs().items():
        rows.append(dict(name=name, group="traces", what=traces.description(path), worker=None))
    if chosen.no_traces:
        rows = [row for row in rows if row["group"] != "traces"]
    for name in chosen.workloads or []:
        if not any(name in (row["name"], row["group"]) for row in rows):
            sys.exit(f"bench: no workload '{name}'; there are {', '.join(row['name'] for row in rows)}")
    wanted = chosen.workloads or [row["group"] for row in rows]
    return [row for row in rows if row["name"] in wanted or row["group"] in wanted]


def record_traces(chosen, workloads, folder):
    for row in workloads:
        if row["group"] == "traces":
            say(f"recording {row['name']}")
            row["worker"] = os.path.join(folder, row["name"])
            path = traces.programs()[row["name"]]
            traces.record(chosen.binaries, path, row["worker"], 50000 if chosen.quick else 1000000)


def measure_times(chosen, allocators, workloads):
    rows = []
    for i, row in enumerate(workloads):
        say(f"time, {i + 1} of {len(workloads)}: {row['name']}")
        times = measure.measure(chosen.binaries, allocators, row["worker"], chosen.rounds,
                                chosen.slice * 1e6)
        rows.append(dict(name=row["name"], group=row["group"], what=row["what"], allocators=times))
    return rows


def measure_memory(chosen, allocators, workloads):
    rows = []
    for row in workloads:
        if not chosen.no_memory and (row["name"] in memory.WORKLOADS or row["group"] == "traces"):
            say(f"memory: {row['name']}")
            figures = memory.measure(chosen.binaries, allocators, row["worker"])
            rows.append(dict(name=row["name"], what=row["what"], allocators=figures))
    return rows


def count_instructions(chosen, allocators, workloads):
    if not chosen.instructions:
        return []
    if not instructions.available():
        say("without instructions: there is no valgrind; it is in the package valgrind")
        return []
    known = workers.allocators(chosen.binaries)
    if workers.FLOOR not in (a.name for a in allocators):
        allocators = [*allocators, known[workers.FLOOR]]
    say("instructions: malloc and free")
    rows = instructions.fast_paths(chosen.binaries, allocators)
    for row in workloads:
        say(f"instructions: {row['name']}")
        counts = instructions.measure(chosen.binaries, allocators, row["worker"])
        rows.append(dict(name=row["name"], allocators=counts))
    return rows


def run_programs(chosen):
    if chosen.no_programs or chosen.workloads:
        return []
    if not os.path.exists(programs.library(chosen.binaries)):
        say(f"without programs: there is no {programs.library(chosen.binaries)}")
        return []
    rows = []
    arguments, rounds = (["1"], 1) if chosen.quick else ([], chosen.rounds)
    for name, path in traces.programs().items():
        say(f"program: {name}")
        row = programs.run(chosen.binaries, path, arguments, rounds)
        if chosen.instructions and instructions.available():
            row["instructions"] = programs.instructions(chosen.binaries, path)
        rows.append(dict(name=name, what=traces.description(path), **row))
    return rows


def package_version(package):
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout or None


def version():
    with open(os.path.join(HERE, os.pardir, "alloc", "version.h")) as f:
        return re.search(r'"(.*?)"', f.read()).group(1)


def machine():
    with open("/proc/cpuinfo") as f:
        cpu = re.search(r"model name\s*: (.*)", f.read())
    return dict(processor=cpu.group(1) if cpu else platform.machine(), processors=os.cpu_count(),
                system=f"{platform.system()} {platform.release()}")


def about(chosen, allocators):
    """What was measured, when and where."""
    return dict(
        version=version(),
        date=datetime.date.today().isoformat(),
        machine=machine(),
        settings=dict(rounds=chosen.rounds, slice_ms=chosen.slice, quick=chosen.quick),
        allocators={a.name: dict(what=a.what, package=a.package,
                                 version=package_version(a.package) if a.package else None)
                    for a in allocators},
    )


def run(chosen):
    allocators = chosen_allocators(chosen)
    with workers.Worker(chosen.binaries, allocators[0]) as worker:
        workloads = chosen_workloads(chosen, worker)
    with tempfile.TemporaryDirectory() as folder:
        record_traces(chosen, workloads, folder)
        results = about(chosen, allocators)
        results["workloads"] = measure_times(chosen, allocators, workloads)
        results["means"] = report.geometric_means(results["workloads"])
        results["memory"] = measure_memory(chosen, allocators, workloads)
        results["instructions"] = count_instructions(chosen, allocators, workloads)
    results["programs"] = run_programs(chosen)
    results["program_mean"] = measure.geometric_mean(
        row["ratio"]["median"] for row in results["programs"])
    return results


def write(path, text):
    with open(path, "w") as f:
        f.write(text)
    say(f"wrote {path}")


def main():
    chosen = options()
    results = run(chosen)
    print(report.text(results))
    if chosen.json:
        write(chosen.json, json.dumps(results, indent=1) + "\n")
    if chosen.html:
        write(chosen.html, page.html(results))


if __name__ == "__main__":
    try:
        main()
    except (workers.Failed, subprocess.CalledProcessError, OSError) as problem:
        sys.exit(f"bench: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)
