"""Integers of many sizes: digits of pi."""

import sys

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 80


def digits():
    q, r, t, k, n, m = 1, 0, 1, 1, 3, 3
    while True:
        if 4 * q + r - t < n * t:
            yield n
            q, r, n = 10 * q, 10 * (r - n * t), 10 * (3 * q + r) // t - 10 * n
        else:
            q, r, t, n = q * k, (2 * q + r) * m, t * m, (q * (7 * k + 2) + r * m) // (t * m)
            k, m = k + 1, m + 2


for _ in range(ROUNDS):
    pi = digits()
    assert "".join(str(next(pi)) for _ in range(1000)).startswith("31415926535")
