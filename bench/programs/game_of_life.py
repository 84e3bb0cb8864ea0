"""Conway's game of life, as sets of tuples: the acorn."""

import sys

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 2200


def step(cells):
    counts = {}
    for x, y in cells:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                at = (x + dx, y + dy)
                counts[at] = counts.get(at, 0) + 1
    return {at for at, n in counts.items() if n == 3 or n == 4 and at in cells}


cells = {(0, 2), (1, 0), (1, 2), (3, 1), (4, 2), (5, 2), (6, 2)}
for _ in range(ROUNDS):
    cells = step(cells)
