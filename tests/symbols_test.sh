#!/bin/bash
# The names that the two libraries define (PM-LINK-01): //alloc none of Python's, so that it can be
# in one process with libpython; //alloc:python_names all that alloc/names.h lists.
#   symbols_test.sh NAMES_H ALLOC PYTHON_NAMES
set -u

checks=0
fail() { echo "$*" >&2; exit 1; }

names_h=$1 alloc=$2 python=$3

# The names that a library, linked as a shared object, defines for others.
defined() { nm --dynamic --defined-only "$1" | awk 'NF == 3 { print $3 }' | sort -u; }

plain=$(defined "$alloc")
exported=$(defined "$python")
grep -qx space_malloc <<<"$plain" || fail "nm finds nothing in $alloc"

pythons=$(grep -E '^_?Py' <<<"$plain") && fail "//alloc defines" $pythons
checks=$((checks + 1))

while read -r _ name prefixed; do
  grep -qx "$name" <<<"$exported" || fail "//alloc:python_names does not define $name"
  grep -qx "$prefixed" <<<"$exported" && fail "//alloc:python_names defines $prefixed too"
  grep -qx "$prefixed" <<<"$plain" || fail "//alloc does not define $prefixed"
  case $prefixed in pymalloc_*) ;; *) fail "$prefixed lacks the prefix" ;; esac
  checks=$((checks + 4))
done < <(grep -E '^# *define +_?Py[A-Za-z_]+ +[A-Za-z_]+$' "$names_h")

# What is exported plain is in the list, or the list is not all.
for name in $(grep -E '^_?Py' <<<"$exported"); do
  grep -qE "^# *define +$name " "$names_h" || fail "alloc/names.h does not have $name"
  checks=$((checks + 1))
done

[ $checks -gt 80 ] || fail "only $checks checks: is this $names_h?"
echo "$checks checks"
