"""Times of workloads: every allocator in turn, in short slices.

The speed of a machine changes while one measures: by its clock's frequency, by
what else runs.  So allocators are compared within one round, where each has a
slice of some ten milliseconds, and it is the median of those ratios that counts,
not the ratio of the medians.
"""

import contextlib
import math
import statistics

from workers import OURS, Worker

BATCH = 5  # rounds with the same processes: no addresses that one happened to get decide


def spread(values):
    """The median and the quartiles."""
    values = sorted(values)
    if len(values) == 1:
        return dict(median=values[0], q1=values[0], q3=values[0])
    q1, median, q3 = statistics.quantiles(values, n=4, method="inclusive")
    return dict(median=median, q1=q1, q3=q3)


def ratios(ours, others):
    """The spread of others / ours, element by element."""
    return spread([other / one for one, other in zip(ours, others)])


def geometric_mean(values):
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def calibrate(worker, slice_ns):
    """So many rounds take about slice_ns, and so many were run to find that out."""
    rounds, run = 1, 0
    while True:
        _, nanoseconds = worker.run(rounds)
        run += rounds
        if nanoseconds > slice_ns / 4:
            return max(1, round(rounds * slice_ns / nanoseconds)), run
        rounds *= 2


def alternate(workers, rounds, slice_ns, first):
    """Nanoseconds a call: a list for each worker, an element a round."""
    count, run = calibrate(workers[0], slice_ns)
    for w in workers[1:]:
        w.run(run)  # all have done the same when the first round begins
    times = {w.name: [] for w in workers}
    for i in range(rounds):
        at = (first + i) % len(workers)
        for w in workers[at:] + workers[:at]:
            calls, nanoseconds = w.run(count)
            times[w.name].append(nanoseconds / calls)
    return times


def batch(binaries, allocators, workload, rounds, slice_ns, first):
    with contextlib.ExitStack() as stack:
        workers = [stack.enter_context(Worker(binaries, a)) for a in allocators]
        for w in workers:
            w.ask("begin " + workload)
        times = alternate(workers, rounds, slice_ns, first)
        for w in workers:
            w.ask("end")
    return times


def measure(binaries, allocators, workload, rounds, slice_ns):
    """One workload on all allocators: {name: {"ns": spread, "ratio": spread}}."""
    times = {a.name: [] for a in allocators}
    for done in range(0, rounds, BATCH):
        more = batch(binaries, allocators, workload, min(BATCH, rounds - done), slice_ns, done)
        for name in times:
            times[name] += more[name]
    return {name: dict(ns=spread(ns), ratio=ratios(times[OURS], ns)) for name, ns in times.items()}
