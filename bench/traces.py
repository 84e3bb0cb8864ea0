"""Traces of the programs beside this file: recorded, read, and what sizes are in them.

As a program, prints the table of sizes that mix.c has:

    traces.py FOLDER_OF_BINARIES
"""

import collections
import os
import subprocess
import sys
import tempfile

PYTHON = "/usr/bin/python3.11"
HERE = os.path.dirname(os.path.abspath(__file__))
MAGIC = b"pymtrc1\n"


def programs():
    """{name: path} of all programs."""
    folder = os.path.join(HERE, "programs")
    files = sorted(f for f in os.listdir(folder) if f.endswith(".py"))
    return {f[:-3]: os.path.join(folder, f) for f in files}


def description(path):
    """The first line of a program, which says what it does."""
    with open(path) as f:
        return f.readline().strip().strip('"').rstrip(".")


def fixed_addresses():
    """What puts a process at the same addresses every time, where that is allowed:
    some of what a program does is in the order of its objects' addresses."""
    command = ["setarch", "-R"]
    works = subprocess.run(command + ["true"], stderr=subprocess.DEVNULL).returncode == 0
    return command if works else []


def record(binaries, path, trace, steps):
    """Writes what a program asks of its allocator, so many calls at most, to a file."""
    environment = dict(
        PATH="/usr/bin:/bin",
        LC_ALL="C.UTF-8",
        PYTHONHASHSEED="0",
        LD_PRELOAD=os.path.join(binaries, "libpymalloc_recorder.so"),
        PYMALLOC_TRACE=trace,
        PYMALLOC_TRACE_STEPS=str(steps),
    )
    subprocess.run(fixed_addresses() + [PYTHON, "-B", path], env=environment, check=True,
                   stdout=subprocess.DEVNULL)


def numbers(data):
    """The numbers that the bytes of a trace are."""
    n = shift = 0
    for byte in data:
        n |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield n
            n = shift = 0


def sizes(trace):
    """How often each size is asked for, by malloc and calloc."""
    with open(trace, "rb") as f:
        data = f.read()
    assert data.startswith(MAGIC)
    counts = collections.Counter()
    stream = numbers(data[len(MAGIC):])
    for n in stream:
        if n & 3 < 2:
            counts[n >> 2] += 1
        elif n & 3 == 2:
            next(stream)  # the new size
    return counts


def mix(counts, most=512, least=4):
    """[(size, parts in 1,000)]: rare sizes, and those below 8, are counted with the next
    larger one that is neither."""
    small = sum(n for size, n in counts.items() if size <= most)
    rows, rest = [], 0
    for size in sorted(s for s in counts if s <= most):
        rest += 1000 * counts[size] / small
        if rest >= least and size >= 8 or size == most:
            rows.append((size, round(rest)))
            rest -= round(rest)
    return rows


def main():
    total = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        for name, path in programs().items():
            trace = os.path.join(folder, name)
            record(os.path.abspath(sys.argv[1]), path, trace, 1000000)
            counts = sizes(trace)
            asked = sum(counts.values())
            small = sum(n for size, n in counts.items() if size <= 512)
            print(f"{name}: {asked} blocks, {small / asked:.1%} of 512 bytes or less", file=sys.stderr)
            for size, n in counts.items():
                total[size] += n / asked
    rows = mix(total)
    print("  " + ", ".join(f"{{{size}, {parts}}}" for size, parts in rows))
    print(sum(parts for _, parts in rows), file=sys.stderr)


if __name__ == "__main__":
    main()
