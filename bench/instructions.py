"""Instructions a call: what callgrind counts; the same on every machine of a kind.

Counted is what the allocators do beyond the floor: the workload's own instructions
are the same for all.  A workload is run for so many rounds, and for twice as many,
and it is the difference that counts: a heap that is in use, not one that begins.
"""

import os
import shutil
import tempfile

from workers import FLOOR, Failed, Worker

CALLS = 20000
FAST_PATH = "lifo 48"  # where malloc and free are counted apart


def available():
    return shutil.which("valgrind") is not None


def count(binaries, allocator, workload, rounds, function):
    """Calls to the allocator, and instructions within a function of the worker's."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out")
        prefix = ["/usr/bin/valgrind", "--tool=callgrind", "-q", f"--callgrind-out-file={out}",
                  f"--toggle-collect={function}"]
        with Worker(binaries, allocator, prefix) as worker:
            worker.ask("begin " + workload)
            calls, _ = worker.run(rounds)
            worker.ask("end")
        with open(out) as f:
            total = [line.split()[1] for line in f if line.startswith("totals:")]
    if not total:
        raise Failed(f"{allocator.name}: callgrind counted nothing for {workload}")
    return calls, int(total[0])


def instructions(binaries, allocator, workload, rounds, function):
    """(calls, instructions) of so many rounds after as many others."""
    _, before = count(binaries, allocator, workload, rounds, function)
    calls, after = count(binaries, allocator, workload, 2 * rounds, function)
    return calls / 2, after - before


def beyond_floor(binaries, allocators, workload, function="measured"):
    """{name: (calls, instructions beyond the floor's)}."""
    floor = next(a for a in allocators if a.name == FLOOR)
    with Worker(binaries, floor) as worker:
        worker.ask("begin " + workload)
        rounds = max(1, CALLS // worker.run(1)[0])
    found = {a.name: instructions(binaries, a, workload, rounds, function) for a in allocators}
    least = found[FLOOR][1]
    return {name: (calls, n - least) for name, (calls, n) in found.items() if name != FLOOR}


def measure(binaries, allocators, workload):
    """{name: instructions a call}."""
    found = beyond_floor(binaries, allocators, workload)
    return {name: n / calls for name, (calls, n) in found.items()}


def fast_paths(binaries, allocators):
    """Rows for malloc and free alone, in a heap where both are at their best."""
    both = beyond_floor(binaries, allocators, FAST_PATH)
    malloc = beyond_floor(binaries, allocators, FAST_PATH, "fill")
    return [
        dict(name="malloc alone", allocators={a: 2 * n / calls for a, (calls, n) in malloc.items()}),
        dict(name="free alone", allocators={a: 2 * (n - malloc[a][1]) / calls
                                            for a, (calls, n) in both.items()}),
    ]
