#!/bin/bash
# Builds fuzzers, of this repository's alloc/ or of another copy of it, as the
# environment says; all that builds one (Bazel, campaigns, OSS-Fuzz) comes here.
set -eu -o pipefail

usage() {
  cat <<'END'
usage: fuzz/build.sh OUT [TARGET...]

Builds OUT/TARGET for each target named (all, if none is).  From the environment:

  CC CXX               compiler, and what links                    [clang clang++]
  CFLAGS               for both                                               [-O2]
  LIB_FUZZING_ENGINE   the engine; replay: a program that runs files; blind: one
                       that changes them at random                        [replay]
  ALLOC_ROOT           a folder with the alloc/ to fuzz           [the repository]
  JOBS                 compilers at once                                        [2]
  OBJECTS              a folder to keep objects in, for what is compiled again [none]

Exit status: 0 built, 1 a compiler failed, 2 wrong usage.
END
}

all="core families failures misuse buffer spaces debug debug_options debug_pools differential"
case ${1-} in --help) usage && exit ;; '' | -*) usage >&2 && exit 2 ;; esac
out=$1
shift
[ $# -gt 0 ] || eval "set -- $all"
for target; do [[ " $all " = *" $target "* ]] || { echo "build.sh: there is no target $target; there are: $all" >&2; exit 2; }; done

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
alloc_root=${ALLOC_ROOT:-$root}
engine=${LIB_FUZZING_ENGINE:-replay}
mkdir -p "$out" ${OBJECTS:+"$OBJECTS"}
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT

# Sources by what they are linked into.  A source is named from the root that has it.
common="fuzz/run.c fuzz/ops.c fuzz/ops_text.c fuzz/system.c fuzz/mutate.c fuzz/mutate_libfuzzer.c
  spec/model/blocks.c spec/model/model.c"
alloc=$(cd "$alloc_root" && echo alloc/*.c)
case $engine in replay | blind)
  common="$common fuzz/${engine}_main.c"
  engine= ;;
esac

parts_of() {
  case $1 in
  core) ;;
  buffer | spaces) echo fuzz/spaces_common.c fuzz/texts.c ;;
  debug*) echo fuzz/spaces_common.c fuzz/families_common.c fuzz/texts.c fuzz/debug_common.c fuzz/debug_begin.c spec/model/layer.c ;;
  differential) echo bench/allocators.c ;;
  *) echo fuzz/spaces_common.c fuzz/families_common.c fuzz/texts.c ;;
  esac
}

# The C library goes first, so that jemalloc serves nobody but who asks it; it is linked
# because it wants more memory for each thread than can be had later.
libraries_of() {
  [ "$1" != differential ] || echo -Wl,--no-as-needed -lc -l:libjemalloc.so.2
}

# Which functions of the target stand for others.
wraps_of() { echo @"$root"/fuzz/wrap.opts; [ ! -e "$root/fuzz/$1.opts" ] || echo @"$root/fuzz/$1.opts"; }

object_of() { echo "$objects/${1//\//_}.o"; }

# Looking through all addresses, the registry compares some millions of numbers, of which
# engines that are told of each learn nothing.
quiet() { [ "$1" != alloc/registry.c ] || echo -fno-sanitize-coverage=trace-cmp; }

compile() { # ROOT SOURCE
  local object made command
  object=$(object_of "$2")
  command=($CC -std=gnu11 -g $CFLAGS $(quiet "$2") "-ffile-prefix-map=$root=." "-ffile-prefix-map=$alloc_root=."
    -iquote "$alloc_root" -iquote "$root" "$1/$2")
  if [ -z "$OBJECTS" ]; then
    "${command[@]}" -c -o "$object"
    return
  fi
  made=$OBJECTS/$({ echo "${command[@]}" && "${command[@]}" -E; } | sed "s|$alloc_root|.|g; s|$root|.|g" | sha1sum | cut -c1-40).o
  [ -e "$made" ] || { "${command[@]}" -c -o "$object" && cp "$object" "$made.$$" && mv "$made.$$" "$made"; }
  cp "$made" "$object"
}
export -f compile object_of quiet
export objects root alloc_root CC=${CC:-clang} CFLAGS=${CFLAGS:--O2} OBJECTS=${OBJECTS-}

{
  for s in $common; do echo "$root $s"; done
  for t; do for s in fuzz/$t.c $(parts_of "$t"); do echo "$root $s"; done; done | sort -u
  for s in $alloc; do echo "$alloc_root $s"; done
} | xargs -P "${JOBS:-2}" -L 1 bash -c 'compile "$0" "$1"'

for t; do
  files=()
  for s in $common $alloc fuzz/$t.c $(parts_of "$t"); do files+=("$(object_of "$s")"); done
  ${CXX:-clang++} $CFLAGS "${files[@]}" $engine $(wraps_of "$t") $(libraries_of "$t") -o "$out/$t"
done
