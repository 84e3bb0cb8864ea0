"""Part of the standard library is compiled."""

import pathlib
import sys
import warnings

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 8

warnings.simplefilter("ignore")
folder = pathlib.Path(warnings.__file__).parent
sources = [(str(path), path.read_bytes()) for path in sorted(folder.glob("[a-h]*.py"))]
for _ in range(ROUNDS):
    for path, source in sources:
        compile(source, path, "exec")
