#!/bin/bash
# The allocator stays small enough to read in an evening, its debug layer in another; and
# the counting is tried out.
set -eu
count() { /usr/bin/python3 tools/code_lines.py "$@"; }
printf 'int a; /* one\n */\n\n// two\n#ifdef __FRAMAC__\nint b;\n#endif\nint c;\n' > "$TEST_TMPDIR/sample.c"
count "$TEST_TMPDIR/sample.c" | grep -qx ' *2 in all'
! count --most 1 "$TEST_TMPDIR/sample.c" > "$TEST_TMPDIR/log"
layer='/(frame|large|registry|stacks|report|out|options|debug)[.][ch]$'
count --most 1198 $(ls alloc/*.[ch] | grep -Ev "$layer")
count --most 1287 $(ls alloc/*.[ch] | grep -E "$layer")
