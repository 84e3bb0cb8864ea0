"""Strings are cut, joined and counted in dicts."""

import sys

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 8

lines = [" ".join(f"w{(i * j) % 997}" for j in range(12)) for i in range(8000)]
for _ in range(ROUNDS):
    counts = {}
    for i, line in enumerate(lines):
        for word in line.split():
            counts[word] = counts.get(word, 0) + 1
            key = word + ":" + str(i % 1000)
            counts[key] = counts.get(key, 0) + 1
    longest = sorted(counts, key=lambda word: (-counts[word], word))
    "".join(longest)
