#include "alloc/stats.h"

#include "alloc/select.h"

#include "spec/text.acsl.h"

#define ARENA_SIZE (64 * (size_t)POOL_SIZE)

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

/* Writes n with a comma before each group of three digits, in so many columns at least. */
/*@ requires memory: \valid(out) && 0 <= columns;
    terminates \true;
    decreases n;
    assigns *out; */
static void print_number(FILE *out, size_t n, int columns) {
  if (n < 1000) fprintf(out, "%*zu", columns, n);
  else print_number(out, n / 1000, columns < 4 ? 0 : columns - 4), fprintf(out, ",%03zu", n % 1000);
}

#define LABEL 35 /* columns */

/* A line of the text: a label, and bytes (or a count); returns those. */
/*@ requires memory: \valid(out);
    requires text: valid_read_string(label);
    terminates \true;
    assigns *out;
    ensures bytes: \result == n; */
static size_t print_line(FILE *out, int columns, const char *label, size_t n) {
  fprintf(out, "%-*s=", columns, label);
  print_number(out, n, 21);
  fputc('\n', out);
  return n;
}

/* How many digits a number has. */
/*@ logic integer digits(integer n) = n < 10 ? 1 : 1 + digits(n / 10);
*/

/* The same with a count before the label. */
/*@ requires memory: \valid(out);
    requires text: valid_read_string(what);
    terminates \true;
    assigns *out;
    ensures bytes: \result == (size_t)(count * size); */
static size_t print_counted(FILE *out, size_t count, const char *what, size_t size) {
  int columns = LABEL - 2;
  /*@ loop invariant columns: 0 <= columns <= LABEL - 2;
      loop invariant PM_STATS_02_columns: LABEL - 2 - columns + digits(n) == digits(count);
      loop assigns n, columns;
      loop variant n; */
  for (size_t n = count; n > 9 && columns > 0; n /= 10) columns--;
  fprintf(out, "%zu ", count);
  return print_line(out, columns, what, count * size);
}

/*@ requires memory: \valid_read(stats) && \valid(out) && \separated(stats, out);
    terminates \true;
    assigns *out; */
static void print_classes(FILE *out, const pymalloc_stats *stats) {
  fprintf(out, "Small block threshold = %u, in %u size classes.\n", SMALL_MAX, CLASSES);
  fputs("\nclass   size   num pools   blocks in use  avail blocks\n", out);
  fputs("-----   ----   ---------   -------------  ------------\n", out);
  /*@ loop invariant classes: c <= CLASSES;
      loop assigns c, *out;
      loop variant CLASSES - c; */
  for (size_t c = 0; c < CLASSES; c++) {
    const pymalloc_class_stats *k = &stats->class_[c];
    if (k->pools == 0) continue;
    fprintf(out, "%5zu %6u %11zu %15zu %13zu\n", c, class_size(c), k->pools, k->live,
            k->blocks - k->live);
  }
}

void pymalloc_print_stats(FILE *out, const pymalloc_stats *stats) {
  size_t opened = stats->pools + stats->idle_pools + stats->bare_pools;
  size_t arenas = (opened + 63) / 64;
  print_classes(out, stats);
  fputc('\n', out);
  print_line(out, LABEL, "# arenas allocated total", arenas);
  print_line(out, LABEL, "# arenas reclaimed", 0);
  print_line(out, LABEL, "# arenas highwater mark", arenas);
  print_line(out, LABEL, "# arenas allocated current", arenas);
  print_counted(out, arenas, "arenas * 4194304 bytes/arena", ARENA_SIZE);
  fputc('\n', out);
  size_t unused = arenas * 64 - stats->pools;
  size_t total = print_line(out, LABEL, "# bytes in allocated blocks", stats->live_bytes);
  total += print_line(out, LABEL, "# bytes in available blocks", stats->free_bytes);
  total += print_counted(out, unused, "unused pools * 65536 bytes", POOL_SIZE);
  total += print_line(out, LABEL, "# bytes lost to pool headers", 0);
  total += print_line(out, LABEL, "# bytes lost to quantization", stats->lost_bytes);
  total += print_line(out, LABEL, "# bytes lost to arena alignment", 0);
  /*@ assert PM_STATS_02_total: total == (size_t)((size_t)((size_t)(stats->live_bytes + stats->free_bytes) +
        (size_t)(unused * POOL_SIZE)) + stats->lost_bytes); */
  print_line(out, LABEL, "Total", total);
}

void pymalloc_print_stats_json(FILE *out, const pymalloc_stats *stats) {
  fprintf(out, "{\"region\": %zu, \"usable\": %zu, ", stats->region, stats->usable);
  fprintf(out, "\"metadata\": %zu, \"pools\": %zu, ", stats->metadata, stats->pools);
  fprintf(out, "\"idle_pools\": %zu, \"bare_pools\": %zu, ", stats->idle_pools, stats->bare_pools);
  fprintf(out, "\"fresh_pools\": %zu, \"live_blocks\": %zu, ", stats->fresh_pools, stats->live_blocks);
  fprintf(out, "\"live_bytes\": %zu, \"free_bytes\": %zu, ", stats->live_bytes, stats->free_bytes);
  fprintf(out, "\"lost_bytes\": %zu, \"large_blocks\": %zu, ", stats->lost_bytes, stats->large_blocks);
  fputs("\"classes\": [", out);
  /*@ loop invariant classes: c <= CLASSES;
      loop assigns c, *out;
      loop variant CLASSES - c; */
  for (size_t c = 0; c < CLASSES; c++) {
    const pymalloc_class_stats *k = &stats->class_[c];
    if (c > 0) fputs(", ", out);
    fprintf(out, "{\"size\": %u, \"pools\": %zu, \"blocks\": %zu, \"live\": %zu}",
            class_size(c), k->pools, k->blocks, k->live);
  }
  fputs("]}\n", out);
}

int _PyObject_DebugMallocStats(FILE *out) {
  if (pymalloc_space()->region.size == 0) return 0;
  pymalloc_stats stats;
  pymalloc_get_stats(pymalloc_space(), &stats);
  pymalloc_print_stats(out, &stats);
  return 1;
}
