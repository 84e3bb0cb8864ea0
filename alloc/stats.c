#include "alloc/stats.h"

#include "alloc/select.h"

/* For the proof: live blocks, and all, of k granules in a pool. */
/*@ ghost
  /@ requires blocks: 1 <= k <= CLASSES && live <= blocks == 64 * (64 / k) && size == 16 * k;
     terminates \true;
     assigns \nothing;
     ensures bytes: 0 <= live * size <= blocks * size <= POOL_SIZE; @/
  void pool_parts(uint64_t live, uint64_t blocks, uint64_t k, uint64_t size) {
    product_order(live, blocks, size);
    product_order(64 / k, 64 / k, k);
    /@ assert words: (64 / k) * k <= 64; @/
    /@ assert whole: blocks * (16 * k) == 1024 * ((64 / k) * k); @/
  }
*/

/* The figures with those of pool p, which is in a class. */
/*@ requires ok: heap_ok(h) && opened(h, p) && granules(h, p) > 0;
    requires sums: stats_sums(stats) && stats.pools < 262144;
    terminates \true;
    assigns \nothing;
    ensures PM_STATS_01_sums: stats_sums(\result) && \result.pools == stats.pools + 1;
    ensures rest: stats_rest(\result, stats); */
static pymalloc_stats stats_add_pool(pymalloc_stats stats, const heap_t *h, uint32_t p) {
  //@ assert fit: pool_fit(h, p) && 1 <= granules(h, p) <= 32;
  size_t c = (size_t)h->pool[p].granules - 1, size = class_size(c);
  size_t blocks = (size_t)class_words(c) * WORD_BITS, live = heap_pool_live(h, p);
  //@ assert blocks: live <= blocks == 64 * words_of(c) && c + 1 == h->pool[p].granules;
  //@ ghost pool_parts(live, blocks, c + 1, size);
  size_t used = live * size, whole = blocks * size;
  //@ assert used: used <= whole <= POOL_SIZE;
  stats.class_[c].pools++;
  stats.class_[c].blocks += blocks;
  stats.class_[c].live += live;
  stats.pools++;
  stats.live_blocks += live;
  stats.live_bytes += used;
  stats.free_bytes += whole - used;
  stats.lost_bytes += POOL_SIZE - whole;
  //@ assert bytes: stats.live_bytes + stats.free_bytes + stats.lost_bytes == 65536 * stats.pools;
  //@ assert blocks: stats.pools <= 262144 && stats.live_blocks <= 4096 * stats.pools;
  /*@ assert class: stats.class_[c].live <= stats.class_[c].blocks <= 4096 * stats.class_[c].pools &&
        stats.class_[c].pools <= stats.pools; */
  /*@ assert classes: \forall integer i; 0 <= i < CLASSES && i != c ==>
        stats.class_[i] == \at(stats.class_[i], Pre); */
  return stats;
}

void pymalloc_get_stats(const space_t *space, pymalloc_stats *stats) {
  const heap_t *h = &space->heap;
  pymalloc_stats s = {
    .region = space->region.size, .usable = space->region.usable,
    .metadata = h->first * (size_t)POOL_SIZE, .idle_pools = h->idle,
    .fresh_pools = space->region.size / POOL_SIZE - h->opened,
    .large_blocks = space->large_blocks,
  };
  /*@ loop invariant range: h->first <= p <= h->opened;
      loop invariant PM_STATS_01_sums: stats_sums(s) && s.pools <= p - h->first;
      loop invariant rest: stats_rest(s, \at(s, LoopEntry));
      loop assigns p, s;
      loop variant h->opened - p; */
  for (uint32_t p = h->first; p < h->opened; p++)
    if (h->pool[p].granules != 0) s = stats_add_pool(s, h, p);
  s.bare_pools = h->opened - h->first - h->idle - s.pools;
  *stats = s;
}

int _PyObject_DebugMallocStats(FILE *out) {
  if (pymalloc_space()->region.size == 0) return 0;
  pymalloc_stats stats;
  pymalloc_get_stats(pymalloc_space(), &stats);
  pymalloc_print_stats(out, &stats);
  return 1;
}
