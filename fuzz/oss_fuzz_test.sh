#!/bin/bash
# What OSS-Fuzz and ClusterFuzzLite would do, for every kind of build.
exec fuzz/oss-fuzz/check.sh
