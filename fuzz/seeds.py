#!/usr/bin/python3
"""Builds what the fuzzers begin with: their seeds, and their dictionaries.

A seed is a text of operations in fuzz/seeds/TARGET (for one target; debug_options and
debug_pools have those of debug) or fuzz/seeds/any (for all); `ops build` makes an input of it.  A dictionary has the operations that occur
in a target's seeds, each once.

    seeds.py [--out FOLDER]

Writes FOLDER/corpus/TARGET/seed_NAME and FOLDER/dictionaries/TARGET.dict; FOLDER is
fuzz/ itself, if none is named.  Exit status 1 when a seed is wrong; what is, is said.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

import hunt

OP_BYTES = 8


def seeds_of(seeds, target):
    own = seeds / target.partition("_")[0]
    return sorted((seeds / "any").glob("*.ops")) + sorted(own.glob("*.ops"))


def build(ops, path):
    done = subprocess.run([ops, "build", path], stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(1)  # ops has said why
    return done.stdout


def dictionary(inputs):
    words = sorted({data[i:i + OP_BYTES] for data in inputs for i in range(0, len(data), OP_BYTES)})
    return "# Operations of the seeds; made by seeds.py.\n" + "".join(
        '"' + "".join(f"\\x{byte:02x}" for byte in word) + '"\n' for word in words)


def write(ops, seeds, out):
    """Writes corpora and dictionaries of all targets."""
    for target in hunt.TARGETS:
        folder = out / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        inputs = []
        for path in seeds_of(seeds, target):
            inputs.append(build(ops, path))
            (folder / ("seed_" + path.stem)).write_bytes(inputs[-1])
        (out / "dictionaries").mkdir(exist_ok=True)
        (out / "dictionaries" / (target + ".dict")).write_text(dictionary(inputs))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=hunt.ROOT / "fuzz")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        write(hunt.build_ops(work), hunt.ROOT / "fuzz/seeds", args.out)


if __name__ == "__main__":
    main()
