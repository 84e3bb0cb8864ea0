"""Fractions are added, compared and printed."""

import sys
from fractions import Fraction

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 200

for _ in range(ROUNDS):
    terms = [Fraction(n * n + 1, n + 2) for n in range(1, 3000)]
    total = Fraction(0)
    for i, term in enumerate(terms):
        total = total + term if i % 8 else term
    terms.sort(reverse=True)
    text = ";".join(map(str, terms))
