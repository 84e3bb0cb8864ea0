#!/bin/bash
# bazel run //:verify
exec /usr/bin/python3 "${BUILD_WORKSPACE_DIRECTORY:-.}/tools/verify.py" "$@"
