#!/bin/bash
# bazel run //fuzz:NAME -- ARGUMENTS: runs the program named first, in the workspace.
program=$1
shift
exec /usr/bin/python3 "${BUILD_WORKSPACE_DIRECTORY:-.}/fuzz/$program" "$@"
