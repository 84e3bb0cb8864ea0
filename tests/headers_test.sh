#!/bin/bash
# Each header of alloc/ can be included alone, and twice.
#   headers_test.sh FILE...
set -u

checks=0
for file; do
  case $file in *.h) ;; *) continue ;; esac
  printf '#include "%s"\n#include "%s"\n' "$file" "$file" |
    gcc -std=c11 -Wall -Wextra -Werror -iquote . -fsyntax-only -x c - || exit 1
  checks=$((checks + 1))
done
[ $checks -gt 10 ] || { echo "only $checks headers"; exit 1; }
echo "$checks checks"
