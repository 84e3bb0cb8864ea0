"""Binary trees of objects grow, are walked and dropped."""

import sys

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 40


class Node:
    def __init__(self, left, right):
        self.left = left
        self.right = right


def grow(depth):
    return Node(grow(depth - 1), grow(depth - 1)) if depth else None


def walk(node):
    if node is not None:
        yield from walk(node.left)
        yield node
        yield from walk(node.right)


for _ in range(ROUNDS):
    tree = grow(15)
    assert sum(1 for _ in walk(tree)) == 2**15 - 1
