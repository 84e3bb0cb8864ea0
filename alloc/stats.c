#include "alloc/stats.h"

#include <string.h>

#include "alloc/select.h"

#define ARENA_SIZE (64 * (size_t)POOL_SIZE)

/* Adds what pool p, which is in a class, holds. */
static void stats_add_pool(pymalloc_stats *stats, const heap_t *h, uint32_t p) {
  size_t c = (size_t)h->pool[p].granules - 1;
  size_t blocks = (size_t)class_words(c) * WORD_BITS, live = heap_pool_live(h, p);
  stats->class_[c].pools++;
  stats->class_[c].blocks += blocks;
  stats->class_[c].live += live;
  stats->pools++;
  stats->live_blocks += live;
  stats->live_bytes += live * class_size(c);
  stats->free_bytes += (blocks - live) * class_size(c);
  stats->lost_bytes += POOL_SIZE - blocks * class_size(c);
}

void pymalloc_get_stats(const space_t *space, pymalloc_stats *stats) {
  const heap_t *h = &space->heap;
  memset(stats, 0, sizeof *stats);
  stats->large_blocks = space->large_blocks;
  if (space->region.size == 0) return;
  for (uint32_t p = h->first; p < h->opened; p++)
    if (h->pool[p].granules != 0) stats_add_pool(stats, h, p);
  stats->idle_pools = h->idle;
  stats->bare_pools = h->opened - h->first - h->idle - stats->pools;
  stats->region = space->region.size;
  stats->usable = space->region.usable;
  stats->metadata = h->first * (size_t)POOL_SIZE;
  stats->fresh_pools = space->region.size / POOL_SIZE - h->opened;
}

/* Writes n with a comma before each group of three digits; returns how many characters. */
static int number_text(char *text, size_t n) {
  int k = n < 1000 ? 0 : number_text(text, n / 1000);
  return k + sprintf(text + k, n < 1000 ? "%zu" : ",%03zu", n % 1000);
}

/* A line of the text: a label, which may begin with a count, and bytes (or a
   count); returns those. */
static size_t print_line(FILE *out, const char *label, size_t n) {
  char text[32];
  number_text(text, n);
  fprintf(out, "%-35s=%21s\n", label, text);
  return n;
}

static size_t print_counted(FILE *out, size_t count, const char *what, size_t size) {
  char label[64];
  snprintf(label, sizeof label, "%zu %s", count, what);
  return print_line(out, label, count * size);
}

static void print_classes(FILE *out, const pymalloc_stats *stats) {
  fprintf(out, "Small block threshold = %u, in %u size classes.\n", SMALL_MAX, CLASSES);
  fputs("\nclass   size   num pools   blocks in use  avail blocks\n"
        "-----   ----   ---------   -------------  ------------\n", out);
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
  print_line(out, "# arenas allocated total", arenas);
  print_line(out, "# arenas reclaimed", 0);
  print_line(out, "# arenas highwater mark", arenas);
  print_line(out, "# arenas allocated current", arenas);
  print_counted(out, arenas, "arenas * 4194304 bytes/arena", ARENA_SIZE);
  fputc('\n', out);
  size_t unused = arenas * 64 - stats->pools;
  size_t total = print_line(out, "# bytes in allocated blocks", stats->live_bytes);
  total += print_line(out, "# bytes in available blocks", stats->free_bytes);
  total += print_counted(out, unused, "unused pools * 65536 bytes", POOL_SIZE);
  total += print_line(out, "# bytes lost to pool headers", 0);
  total += print_line(out, "# bytes lost to quantization", stats->lost_bytes);
  total += print_line(out, "# bytes lost to arena alignment", 0);
  print_line(out, "Total", total);
}

void pymalloc_print_stats_json(FILE *out, const pymalloc_stats *stats) {
  fprintf(out, "{\"region\": %zu, \"usable\": %zu, \"metadata\": %zu, \"pools\": %zu, "
               "\"idle_pools\": %zu, \"bare_pools\": %zu, \"fresh_pools\": %zu, "
               "\"live_blocks\": %zu, \"live_bytes\": %zu, \"free_bytes\": %zu, "
               "\"lost_bytes\": %zu, \"large_blocks\": %zu, \"classes\": [",
          stats->region, stats->usable, stats->metadata, stats->pools, stats->idle_pools,
          stats->bare_pools, stats->fresh_pools, stats->live_blocks, stats->live_bytes,
          stats->free_bytes, stats->lost_bytes, stats->large_blocks);
  for (size_t c = 0; c < CLASSES; c++) {
    const pymalloc_class_stats *k = &stats->class_[c];
    fprintf(out, "%s{\"size\": %u, \"pools\": %zu, \"blocks\": %zu, \"live\": %zu}",
            c == 0 ? "" : ", ", class_size(c), k->pools, k->blocks, k->live);
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
