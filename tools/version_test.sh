#!/bin/bash
# Compares the version in alloc/version.h with every other place that names it.
set -eu

version=$(sed -n 's/^#define PYMALLOC_VERSION "\(.*\)"$/\1/p' alloc/version.h)
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || {
  echo "alloc/version.h: no version, but '$version'"
  exit 1
}

status=0

# says FILE SCRIPT: the sed script must print the version, once, from the file.
says() {
  local found
  found=$(sed -n "$2" "$1")
  [ "$found" = "$version" ] || {
    echo "$1 says '$found', alloc/version.h says '$version'"
    status=1
  }
}

says MODULE.bazel '/^module(/,/^)/ s/^ *version = "\(.*\)",$/\1/p'
says CITATION.cff 's/^version: //p'
says CHANGELOG.md '/^## / { s/^## \([^ ]*\).*/\1/p; q }' # the newest stands first
exit $status
