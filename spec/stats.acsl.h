/* The logic of figures (alloc/stats.h): how they add up. */
#pragma once

/*@ predicate stats_sums(pymalloc_stats s) =
      s.pools <= 262144 && s.live_blocks <= 4096 * s.pools &&
      s.live_bytes + s.free_bytes + s.lost_bytes == 65536 * s.pools &&
      \forall integer c; 0 <= c < CLASSES ==> s.class_[c].live <= s.class_[c].blocks &&
        s.class_[c].pools <= s.pools && s.class_[c].blocks <= 4096 * s.class_[c].pools;

    predicate stats_rest(pymalloc_stats s, pymalloc_stats t) =
      s.region == t.region && s.usable == t.usable && s.metadata == t.metadata &&
      s.idle_pools == t.idle_pools && s.bare_pools == t.bare_pools &&
      s.fresh_pools == t.fresh_pools && s.large_blocks == t.large_blocks;
*/
