"""Keeps a memory allocator busy: tens of millions of blocks of many sizes.

    PYMALLOC_STATS=1 bazel run //python -- python/examples/churn.py [ROUNDS]

A table of about 200,000 records is filled, changed at random places, emptied and
filled again, so that blocks of all ages are freed in no order.  It prints sums
that are the same on every allocator, and the time it took.
"""

import random
import sys
import time

RECORDS = 200_000
CHANGES = 400_000  # a round


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


def record(n):
    """A value of a kind and a size that n says: small blocks, mostly."""
    kind = n % 5
    if kind == 0:
        return [float(i) for i in range(n % 40)]
    if kind == 1:
        return {str(i): i * 1000 for i in range(n % 12)}
    if kind == 2:
        return ("%d " % n) * (n % 60)
    if kind == 3:
        return tuple(Point(i, i + n) for i in range(n % 8))
    return bytes(n % 900)


def churn(rounds):
    """How many records were made, and how many items they had."""
    rng = random.Random(2003)  # the year of Python 2.3, which had pymalloc first
    table = [None] * RECORDS
    made = items = 0
    for _ in range(rounds):
        for _ in range(CHANGES):
            value = record(rng.randrange(1_000_000))
            table[rng.randrange(RECORDS)] = value
            made += 1
            items += len(value)
        # A third of the table goes at once: whole pools become empty.
        start = rng.randrange(RECORDS)
        table[start : start + RECORDS // 3] = [None] * len(table[start : start + RECORDS // 3])
    return made, items


def main(arguments):
    if arguments in (["-h"], ["--help"]):
        print(__doc__)
        return
    if len(arguments) > 1 or not all(a.isdecimal() for a in arguments):
        sys.exit("usage: churn.py [ROUNDS]")
    rounds = int(arguments[0]) if arguments else 10
    start = time.perf_counter()
    made, items = churn(rounds)
    print(f"{made:,} records with {items:,} items in {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
