"""JSON documents are read, changed and written."""

import json
import sys

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 80

document = [
    {
        "id": i,
        "name": f"user {i}",
        "tags": [f"tag{j}" for j in range(i % 7)],
        "position": {"x": i * 0.5, "y": -i / 3},
        "active": i % 2 == 0,
        "parent": None if i % 5 else i // 5,
    }
    for i in range(4000)
]
text = json.dumps(document)
for _ in range(ROUNDS):
    rows = json.loads(text)
    for row in rows:
        row["name"] = row["name"].upper()
    text = json.dumps(rows, sort_keys=True)
