#!/bin/bash
# bazel run //proofs:live
cd "${BUILD_WORKING_DIRECTORY:-.}" || exit 2
exec /usr/bin/python3 -B "${BUILD_WORKSPACE_DIRECTORY:-.}/proofs/live.py" "$@"
