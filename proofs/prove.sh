#!/bin/bash
# proofs/prove.py, as Bazel's tests run it.
exec /usr/bin/python3 -B proofs/prove.py "$@"
