#!/bin/bash -eu
# Builds the fuzzers as OSS-Fuzz and ClusterFuzzLite ask: with $CC, $CXX, $CFLAGS and
# $LIB_FUZZING_ENGINE as they are, into $OUT, each with its corpus and its dictionary.
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Not `differential`: its peers are libraries of Debian's that an image lacks, and that
# sanitizers know nothing of.
targets="core families failures misuse buffer spaces debug debug_options"

JOBS=$(nproc) fuzz/build.sh "$OUT" $targets
for target in $targets; do
  (cd "fuzz/corpus/$target" && zip -q -r "$OUT/${target}_seed_corpus.zip" .)
  cp "fuzz/dictionaries/$target.dict" "$OUT/$target.dict"
  printf '[libfuzzer]\nmax_len = 4096\n' >"$OUT/$target.options"
done
