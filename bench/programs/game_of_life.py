"""Conway's game of life on a torus, as sets of tuples."""

import sys

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 150
SIZE = 64


def step(cells):
    counts = {}
    for x, y in cells:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                at = ((x + dx) % SIZE, (y + dy) % SIZE)
                counts[at] = counts.get(at, 0) + 1
    return {at for at, n in counts.items() if n == 3 or n == 4 and at in cells}


cells = {(x, y) for x in range(SIZE) for y in range(SIZE) if (x * x * 7 + 3 * y * y + x * y) % 11 < 4}
for _ in range(ROUNDS):
    cells = step(cells)
