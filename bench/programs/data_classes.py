"""Dataclasses are made, compared, replaced and turned into dicts."""

import dataclasses
import sys

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 12


@dataclasses.dataclass(frozen=True, order=True)
class Position:
    x: float
    y: float


@dataclasses.dataclass
class Item:
    name: str
    position: Position
    notes: list = dataclasses.field(default_factory=list)


for _ in range(ROUNDS):
    items = [Item(f"item {i}", Position(i * 0.5, i / 3)) for i in range(10000)]
    for item in items:
        item.notes.append(item.name.title())
        item.position = dataclasses.replace(item.position, x=item.position.y)
    items.sort(key=lambda item: item.position, reverse=True)
    dicts = [dataclasses.asdict(item) for item in items]
