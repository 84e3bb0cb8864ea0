"""Lines of a log are taken apart by regular expressions."""

import re
import sys

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 40

line = re.compile(r"(?P<host>\S+) \[(?P<time>[^\]]+)\] \"(?P<verb>[A-Z]+) (?P<path>\S+)\" (?P<code>\d+)")
word = re.compile(r"[a-z]+|\d+")
log = "\n".join(
    f'10.0.{i % 256}.{i % 97} [2026-01-{i % 28 + 1:02} 12:00:{i % 60:02}] "GET /a{i}/b{i * 7 % 1000}?q=x" {200 + i % 5}'
    for i in range(10000)
)
for _ in range(ROUNDS):
    for match in line.finditer(log):
        fields = match.groupdict()
        word.findall(fields["path"])
        re.sub(r"\d", "#", fields["time"])
