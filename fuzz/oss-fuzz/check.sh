#!/bin/bash
# check.sh [KIND...]: builds as OSS-Fuzz and ClusterFuzzLite would, without Docker, and
# runs each fuzzer on its corpus.  Kinds: address, undefined, memory, coverage, afl,
# honggfuzz; all, if none is named.  For coverage and honggfuzz the engine is the program
# that runs files; honggfuzz' compiler is not in Debian, so that only the flags are tried.
set -eu
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
[ "${1-}" != --help ] || { sed -n '2,5s/^# //p' "${BASH_SOURCE[0]}"; exit; }
[ $# -gt 0 ] || set -- address undefined memory coverage afl honggfuzz
base="-O1 -fno-omit-frame-pointer -gline-tables-only -Wno-error -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fixed=()
setarch -R true 2>/dev/null && fixed=(setarch -R)

# A fuzzing engine that is a library, as the services' are, and that runs files.
clang -O1 -iquote "$root" -c "$root/fuzz/replay_main.c" -o "$work/engine.o"
ar rcs "$work/engine.a" "$work/engine.o"

for kind; do
  export CC=clang CXX=clang++ LIB_FUZZING_ENGINE=-fsanitize=fuzzer FUZZING_LANGUAGE=c SANITIZER=$kind
  case $kind in
  address) san="-fsanitize=address -fsanitize-address-use-after-scope -fsanitize=fuzzer-no-link" ;;
  undefined) san="-fsanitize=array-bounds,bool,builtin,enum,null,object-size,return,returns-nonnull-attribute,shift,signed-integer-overflow,unsigned-integer-overflow,unreachable,vla-bound -fno-sanitize-recover=all -fsanitize-recover=unsigned-integer-overflow -fsanitize=fuzzer-no-link" ;;
  memory) san="-fsanitize=memory -fsanitize-memory-track-origins" LIB_FUZZING_ENGINE=$work/engine.a ;;
  coverage) san="-fprofile-instr-generate -fcoverage-mapping" LIB_FUZZING_ENGINE=$work/engine.a ;;
  afl) san="-fsanitize=address" CC=afl-clang-fast CXX=afl-clang-fast++ ; export AFL_QUIET=1 ;;
  honggfuzz) san="-fsanitize=address -fsanitize-coverage=trace-pc-guard,indirect-calls,trace-cmp" LIB_FUZZING_ENGINE=$work/engine.a ;;
  *) echo "check.sh: there is no kind $kind; see --help" >&2 && exit 2 ;;
  esac
  export CFLAGS="$base $san" CXXFLAGS="$base $san" OUT=$work/$kind SRC=$work/src WORK=$work LLVM_PROFILE_FILE=$work/profile
  mkdir -p "$OUT" "$SRC"
  ln -sfn "$root" "$SRC/pymalloc"
  bash -eu "$root/.clusterfuzzlite/build.sh"
  for corpus in "$OUT"/*_seed_corpus.zip; do
    target=${corpus##*/} target=${target%_seed_corpus.zip}
    [ -s "$OUT/$target.dict" ] || { echo "check.sh: $target has no dictionary" >&2; exit 1; }
    rm -rf "$work/inputs"
    unzip -q "$corpus" -d "$work/inputs"
    ASAN_OPTIONS=allocator_may_return_null=1 "${fixed[@]}" "$OUT/$target" "$work/inputs"/* >"$work/log" 2>&1 || {
      tail -20 "$work/log"
      echo "check.sh: $kind: $target does not run its corpus" >&2
      exit 1
    }
  done
  echo "$kind: $(ls "$OUT"/*.dict | wc -l) fuzzers, each runs its corpus"
done
