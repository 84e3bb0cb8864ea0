#!/bin/bash
# Runs Debian's own python3.11 on pymalloc, and with it every python3.11 that it
# starts: the library beside this script is preloaded into all of them.
set -u

python=/usr/bin/python3.11

fail() {
  printf '//python: %s\n' "$@" >&2
  exit 2
}

case $0 in
/*) library=${0%/*}/libpymalloc_python.so ;;
*) library=$PWD/${0%/*}/libpymalloc_python.so ;;
esac

if [ "$*" = --help ]; then
  cat <<END
usage: bazel run //python -- [OPTION...] [SCRIPT [ARG...]]

Runs Debian's python3.11, unmodified, with the mem and obj domains served by
pymalloc, and so all Python 3.11 processes that it starts.  Options and arguments
are Python's; a relative SCRIPT is relative to where bazel was called.

Environment:
  PYMALLOC_STATS=1           at exit, a table on standard error: calls, most live
                             blocks and bytes, pools; one for each process
  PYMALLOC_STATS=json        the same as a line of JSON
  PYMALLOC_STATS=/path/file  the line of JSON is appended to that file
  PYMALLOC_DEBUG=1           the debug layer: misuse of memory by C code is reported, and
                             ends the process; all three domains have it.  PYMALLOC_STACKS=N,
                             PYMALLOC_SERIALS=1, PYMALLOC_LEAKS=1 and PYMALLOC_QUARANTINE=N as in
                             alloc/debug.h; with -X faulthandler Python's stack is shown, too
  PYTHONMALLOC               leave it unset: with any value, and with -X dev, Python
                             puts its own allocator back

Without Bazel: LD_PRELOAD=$library $python

What follows is Python's own help.

END
fi

[ -x "$python" ] || fail "there is no $python; tools/setup installs it"
[ -r "$library" ] || fail "there is no $library; start this by bazel run //python"
case $library in
*[\ :]*) fail "LD_PRELOAD cannot name $library, because of the space or colon" ;;
esac
case ${PYMALLOC_STATS-} in
'' | 1 | json | /*) ;;
*) fail "PYMALLOC_STATS is '$PYMALLOC_STATS', and can be 1, json or the absolute path of a file" ;;
esac
case ${PYMALLOC_DEBUG-} in
'' | 0 | 1) ;;
*) fail "PYMALLOC_DEBUG is '$PYMALLOC_DEBUG', and can be 0 or 1" ;;
esac
[ -z "${PYTHONMALLOC-}" ] ||
  echo "//python: warning: with PYTHONMALLOC=$PYTHONMALLOC Python puts its own allocator back" >&2

# bazel run starts programs elsewhere.  It is for this one only, so not handed on.
cd "${BUILD_WORKING_DIRECTORY-.}" || exit
unset BUILD_WORKING_DIRECTORY

LD_PRELOAD=$library${LD_PRELOAD:+:$LD_PRELOAD} exec "$python" "$@"
