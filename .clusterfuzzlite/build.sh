#!/bin/bash -eu
# As OSS-Fuzz does it.
exec bash -eu "$SRC/pymalloc/fuzz/oss-fuzz/build.sh"
