#!/bin/bash
# bazel run //FOLDER:NAME -- ARGUMENTS: runs the program named first, in the workspace.
program=$1
shift
exec /usr/bin/python3 "${BUILD_WORKSPACE_DIRECTORY:-.}/$program" "$@"
