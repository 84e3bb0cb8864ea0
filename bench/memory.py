"""What memory an allocator takes for what it serves, and what it gives back.

Each figure is of a new process.  Nothing is waited for: an allocator that gives
memory back some time later has not yet done so.
"""

from workers import DEBUG, FLOOR, Worker

FIGURES = ("peak_resident", "peak_live", "kept_resident", "kept_live")
WORKLOADS = ("random 1M", "phases", "fragments")  # and all traces


def one(binaries, allocator, workload):
    with Worker(binaries, allocator) as worker:
        for command in "watch", "begin " + workload, "run 1", "end":
            worker.ask(command)
        return dict(zip(FIGURES, map(int, worker.ask("memory").split())))


def measure(binaries, allocators, workload):
    """{name: figures}, in bytes."""
    plain = [a for a in allocators if a.name not in (FLOOR, *DEBUG)]
    return {a.name: one(binaries, a, workload) for a in plain}
