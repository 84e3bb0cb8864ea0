/* Figures of a space: as a struct, as CPython's text, and as JSON. */
#pragma once

#include <stdio.h>

#include "alloc/space.h"

#include "spec/out.acsl.h"
#include "spec/select.acsl.h"

typedef struct {
  size_t pools;        /* of this class now */
  size_t blocks;       /* that those pools have, live or not */
  size_t live;         /* of them */
} pymalloc_class_stats;

typedef struct {
  pymalloc_class_stats class_[CLASSES]; /* class c: blocks of 16 (c + 1) bytes */
  size_t region;       /* bytes of address space, metadata included; 0: no region */
  size_t usable;       /* bytes of it that the system has agreed to back with memory */
  size_t metadata;     /* bytes of it that describe the pools */
  size_t pools;        /* of 64 KiB, in a class now */
  size_t idle_pools;   /* in no class, but have memory */
  size_t bare_pools;   /* in no class, and their memory went back */
  size_t fresh_pools;  /* never used */
  size_t live_blocks;  /* in pools */
  size_t live_bytes;   /* that those blocks have, not what was asked for */
  size_t free_bytes;   /* in blocks of pools that are in a class, not live */
  size_t lost_bytes;   /* in pools that are in a class, but in none of their blocks */
  size_t large_blocks; /* live blocks that the large allocator serves, as far as
                          the space saw them come and go */
} pymalloc_stats;

#include "spec/stats.acsl.h"

/* Takes the figures of a space.  Reads all metadata: takes a time in proportion
   to the pools that were ever used.  Rule: PM-STATS-01. */
/*@ requires ok: space_ok(space);
    requires memory: \valid(stats);
    terminates \true;
    assigns *stats;
    ensures PM_STATS_01_sums: stats_sums(*stats);
    ensures PM_STATS_01_region: stats->region == \old(space->region.size) &&
      stats->usable == \old(space->region.usable) &&
      stats->large_blocks == \old(space->large_blocks);
    ensures PM_STATS_01_pools: stats->metadata == 65536 * \old(space->heap.first) &&
      stats->idle_pools == \old(space->heap.idle) &&
      stats->fresh_pools == \old(space->heap.limit) - \old(space->heap.opened);
    ensures PM_STATS_01_whole:
      stats->pools + stats->idle_pools <= \old(space->heap.opened) - \old(space->heap.first) ==>
      stats->region == stats->metadata + 65536 * (stats->pools + stats->idle_pools +
        stats->bare_pools + stats->fresh_pools); */
void pymalloc_get_stats(const space_t *space, pymalloc_stats *stats);

/* Writes figures in the layout of CPython's sys._debugmallocstats(): a table of
   classes with pools, then labels of 35 columns, '=', and numbers of 21 columns
   with thousands separated by commas.  Rule: PM-STATS-02. */
/*@ requires memory: \valid_read(stats) && \valid(out) && \separated(stats, out);
    terminates \true;
    assigns *out, PRINTED;
    ensures PM_STATS_02_written: all_written; */
void pymalloc_print_stats(FILE *out, const pymalloc_stats *stats);

/* Writes figures as one JSON object: the members of the struct by name, "classes"
   being an array of objects with "size", "pools", "blocks" and "live".
   Rule: PM-STATS-03. */
/*@ requires memory: \valid_read(stats) && \valid(out) && \separated(stats, out);
    terminates \true;
    assigns *out, PRINTED;
    ensures PM_STATS_03_written: all_written; */
void pymalloc_print_stats_json(FILE *out, const pymalloc_stats *stats);

/* The text for the process's mem and obj families.  1, or 0 and nothing printed
   when they are not served by pools.  Rule: PM-STATS-04. */
/*@ requires memory: \valid(out);
    requires space: process_space.region.size > 0 ==> space_ok(&process_space);
    terminates \true;
    assigns *out, PRINTED;
    ensures PM_STATS_04_silent: \result == 0 ==> printed == \old(printed);
    ensures PM_STATS_04_none: \result == 0 <==> process_space.region.size == 0;
    ensures PM_STATS_04_result: \result == 0 || \result == 1; */
int _PyObject_DebugMallocStats(FILE *out);
