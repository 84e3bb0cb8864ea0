#!/bin/bash
# proofs/prove.py, as Bazel's tests run it: on the files that the test declares, not on those that
# they are links to, beside which Python would look for modules.
PYTHONPATH=$PWD/proofs exec /usr/bin/python3 -BP proofs/prove.py "$@"
