"""Whole Python programs: on this allocator, as //python does it, and on stock Python."""

import json
import os
import subprocess
import tempfile

import measure
from traces import PYTHON

HEAVY = 10e6  # calls to the allocator in a second of the program: then it allocates much

# Runs a program, then says what memory the process had at most.
PEAK = """
import runpy, sys
sys.argv[:] = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
with open("/proc/self/status") as f:
    print(*(line.split()[1] for line in f if line.startswith("VmHWM:")))
"""


def library(binaries):
    return os.path.join(binaries, os.pardir, "python", "libpymalloc_python.so")


def environment(preloaded, **more):
    here = dict(PATH="/usr/bin:/bin", LC_ALL="C.UTF-8", PYTHONHASHSEED="0", **more)
    return dict(here, LD_PRELOAD=preloaded) if preloaded else here


def user_time(path, arguments, preloaded):
    """Seconds of the processor's time, in the program itself; not 0, which a very short one gets."""
    process = subprocess.Popen([PYTHON, "-B", path, *arguments], env=environment(preloaded))
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, path)
    return max(usage.ru_utime, 0.001)


def peak(path, arguments, preloaded):
    """The most memory that the process has at a time, in bytes."""
    done = subprocess.run([PYTHON, "-B", "-c", PEAK, path, *arguments], env=environment(preloaded),
                          stdout=subprocess.PIPE, text=True, check=True)
    return int(done.stdout.split()[-1]) * 1024


def calls(path, arguments, preloaded):
    """How many calls the program makes to the allocator."""
    with tempfile.NamedTemporaryFile("r") as f:
        subprocess.run([PYTHON, "-B", path, *arguments], check=True,
                       env=environment(preloaded, PYMALLOC_STATS=f.name))
        stats = json.loads(f.readline())
    return sum(sum(stats[family].values()) for family in ("mem", "obj"))


def counted(path, rounds, preloaded):
    """Instructions of a run, as callgrind counts them: all, and those within a library."""
    with tempfile.NamedTemporaryFile("r") as f:
        subprocess.run(["/usr/bin/valgrind", "--tool=callgrind", "-q", f"--callgrind-out-file={f.name}",
                        PYTHON, "-B", path, str(rounds)], env=environment(preloaded), check=True)
        return by_object(f, preloaded)


def by_object(lines, library):
    """Sums a callgrind file: all costs, and those of one object file."""
    names, total, within, inside, callee = {}, 0, 0, False, False
    for line in lines:
        if line.startswith(("ob=", "cob=")):
            key, _, value = line.strip().partition("=")
            number, _, name = value.partition(" ")  # the name stands where the number does first
            names.setdefault(number, name)
            if key == "ob":
                inside = names[number] == library
        elif line.startswith("calls="):
            callee = True  # the next line is the callee's cost, counted where it stands
        elif line[0] in "+-*0123456789":
            if not callee:
                cost = int(line.split()[1])
                total += cost
                within += cost * inside
            callee = False
    return total, within


def instructions(binaries, path):
    """What a program does in its second round: stock Python's instructions by ours, what share of
    ours is the allocator, and the ratio that an allocator which costs nothing would have."""
    ours = os.path.realpath(library(binaries))  # as callgrind names it
    stock = counted(path, 2, None)[0] - counted(path, 1, None)[0]
    (once, once_within), (twice, twice_within) = (counted(path, n, ours) for n in (1, 2))
    total, within = twice - once, twice_within - once_within
    assert within > 0, "callgrind saw no instruction of " + ours
    return dict(ratio=stock / total, share=within / total, limit=stock / (total - within))


def run(binaries, path, arguments, rounds):
    """All that is known of a program."""
    ours = os.path.abspath(library(binaries))
    times = {ours: [], None: []}
    for i in range(rounds):
        for preloaded in (ours, None) if i % 2 else (None, ours):
            times[preloaded].append(user_time(path, arguments, preloaded))
    seconds = measure.spread(times[ours])
    rate = calls(path, arguments, ours) / seconds["median"]
    return dict(
        seconds=seconds,
        stock_seconds=measure.spread(times[None]),
        ratio=measure.ratios(times[ours], times[None]),
        calls_a_second=round(rate),
        heavy=rate > HEAVY,
        peak_bytes=peak(path, arguments, ours),
        stock_peak_bytes=peak(path, arguments, None),
    )
