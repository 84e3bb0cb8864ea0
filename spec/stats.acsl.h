/* The logic of figures (alloc/stats.h): how they add up. */
#pragma once

/*@ predicate stats_sums{L}(pymalloc_stats *s) =
      s->pools <= 262144 &&
      s->live_bytes + s->free_bytes + s->lost_bytes == 65536 * s->pools &&
      s->live_blocks <= 4096 * s->pools &&
      \forall integer c; 0 <= c < CLASSES ==> s->class_[c].live <= s->class_[c].blocks &&
        s->class_[c].pools <= s->pools && s->class_[c].blocks <= 4096 * s->class_[c].pools;

    predicate stats_apart{L}(pymalloc_stats *s, heap_t *h) =
      \separated(s, h) && \separated(s, h->pool + (0 .. h->limit - 1)) &&
      \separated(s, h->free + (0 .. 64 * h->limit - 1)) &&
      \separated(s, h->sets.leaf + (0 .. h->sets.leaves * SETS - 1));
*/
