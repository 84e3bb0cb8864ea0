#include "spec/model/model.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "spec/model/content.h"

static void broken_abort(const char *rule, const char *how) {
  fprintf(stderr, "model: %s is broken: %s\n", rule, how);
  fflush(stderr);
  abort();
}

void (*model_broken)(const char *rule, const char *how) = broken_abort;

__attribute__((format(printf, 3, 4), cold)) static void expect_failed(const char *rule,
                                                                      const model_block_t *b,
                                                                      const char *how, ...) {
  char text[400];
  size_t k = 0;
  va_list args;
  va_start(args, how);
  k += (size_t)vsnprintf(text, sizeof text, how, args);
  va_end(args);
  if (b != NULL && k < sizeof text)
    snprintf(text + k, sizeof text - k,
             "; block %" PRIu64 " at %#" PRIxPTR ", family %u, of %zu bytes (%zu usable)",
             b->serial, b->address, b->family, b->size, b->usable);
  model_broken(rule, text);
}

/* The rule must hold; else says how it does not, and of which block. */
#define EXPECT(rule, holds, ...) ((holds) ? (void)0 : expect_failed(rule, __VA_ARGS__))

void model_init(model_t *m) {
  memset(m, 0, offsetof(model_t, block));
}

bool model_has_room(const model_t *m) { return m->count < MODEL_BLOCKS; }

/* The bytes of the class that serves n bytes. */
static size_t class_bytes(size_t n) { return n == 0 ? 16 : (n + 15) / 16 * 16; }

/* The map. */

static size_t pool_of(const model_region_t *g, const model_block_t *b) {
  return (b->address - g->base) / MODEL_POOL;
}

static model_block_t *block_take(model_t *m) {
  model_block_t *b = m->unused;
  if (b == NULL) return &m->block[m->used++];
  m->unused = b->left;
  return b;
}

/* Counts a block in (+1) or out (-1). */
static void block_count(model_t *m, const model_block_t *b, size_t one) {
  model_figures_t *live = &m->live[b->family];
  m->count += (uint32_t)one;
  if (b->pooled && m->region[b->family] != NULL)
    m->region[b->family]->live[pool_of(m->region[b->family], b)] += (uint16_t)one;
  if (!b->pooled) {
    live->large += one;
    return;
  }
  live->blocks += one;
  live->bytes += one * b->usable;
  live->of_class[b->usable / 16 - 1] += one;
}

static model_block_t *block_add(model_t *m, const model_block_t *like) {
  model_block_t *b = block_take(m);
  *b = *like;
  b->serial = m->serial++;
  b->priority = content_seed(b->serial);
  blocks_add(&m->root, b);
  block_count(m, b, 1);
  return b;
}

static void block_drop(model_t *m, model_block_t *b) {
  block_count(m, b, (size_t)-1);
  blocks_remove(&m->root, b);
  b->left = m->unused;
  m->unused = b;
}

model_block_t *model_at(const model_t *m, uintptr_t address) {
  model_block_t *b = blocks_overlapping(m->root, address, 1);
  return b != NULL && b->address == address ? b : NULL;
}

/* Regions. */

void model_region_init(model_region_t *g, uintptr_t base, uint32_t first, uint32_t pools) {
  memset(g, 0, sizeof *g);
  g->base = base;
  g->first = first;
  g->pools = pools;
}

/* A block of a class lies in a pool that is of its class, in one of its whole words. */
static void expect_place(model_region_t *g, const model_block_t *b) {
  size_t p = pool_of(g, b), offset = (b->address - g->base) % MODEL_POOL;
  size_t words = 1024 / b->usable;
  EXPECT("PM-REGION-07", b->address >= g->base && p >= g->first && p < g->pools, b,
         "it is not in its region");
  EXPECT("PM-HEAP-00", g->live[p] == 0 || g->granules[p] == b->usable / 16, b,
         "pool %zu is for blocks of %u bytes", p, g->granules[p] * 16u);
  EXPECT("PM-HEAP-00", offset % b->usable == 0 && offset / b->usable < words * 64, b,
         "pool %zu is not cut there", p);
  g->granules[p] = (uint8_t)(b->usable / 16);
}

/* Whether pools may be out of blocks for n bytes: none is without live blocks, and
   none of the class has an eighth of its blocks free, since a pool that has is the
   current one, or offered (PM-FREE-02). */
static bool exhausted(const model_region_t *g, size_t n) {
  size_t granules = class_bytes(n) / 16, words = 64 / granules;
  for (uint32_t p = g->first; p < g->pools; p++) {
    if (g->live[p] == 0) return false;
    if (g->granules[p] == granules && words * 64 - g->live[p] >= words * 8) return false;
  }
  return true;
}

/* What every block that is returned must be. */

static bool small(const model_rules_t *rules, size_t n) {
  return rules->classes && n <= MODEL_SMALL && (n > 0 || rules->zero_small);
}

/* Whether a request for n bytes may go unserved by pools, and, in a space that has
   nothing else, at all. */
static bool may_fail(const model_t *m, size_t n, const model_result_t *r) {
  const model_region_t *g = m->region[r->family];
  bool by_class = small(&m->rules[r->family], n);
  return r->refused || (by_class && g != NULL && exhausted(g, n));
}

/* Whether a request for n bytes may return NULL. */
static bool may_be_null(const model_t *m, size_t n, const model_result_t *r) {
  if (n > MODEL_MOST || r->refused) return true;
  if (!m->rules[r->family].no_large) return false;
  return !small(&m->rules[r->family], n) || may_fail(m, n, r);
}

/* Whether the block that a request for n bytes got is a size class's.  An allocator
   that was refused memory may have gone elsewhere (PM-MALLOC-06). */
static bool expect_class(const model_t *m, bool by_class, size_t n, const model_result_t *r) {
  if (r->usable == MODEL_UNTOLD) return by_class && !r->refused;
  if (r->usable == 0) {
    EXPECT("PM-MALLOC-05", !by_class || may_fail(m, n, r), NULL,
           "pools do not serve %zu bytes, at %p", n, r->p);
    return false;
  }
  EXPECT("PM-MALLOC-05", by_class, NULL, "pools serve %zu bytes, at %p", n, r->p);
  EXPECT("PM-CLASS-01", r->usable >= n, NULL, "%zu bytes were asked for, and %p has %zu", n, r->p,
         r->usable);
  EXPECT("PM-CLASS-02", r->usable == class_bytes(n), NULL,
         "%zu bytes were asked for, and %p has %zu", n, r->p, r->usable);
  return true;
}

/* The new block, of which all but its contents is checked. */
static model_block_t expect_block(const model_t *m, bool by_class, size_t n,
                                  const model_result_t *r) {
  size_t size = n == 0 && !m->rules[r->family].no_bytes ? 1 : n;
  model_block_t b = {.address = (uintptr_t)r->p, .family = r->family, .size = size};
  EXPECT("PM-MALLOC-04", n <= MODEL_MOST, NULL, "%zu bytes were served, at %p", n, r->p);
  b.pooled = expect_class(m, by_class, n, r);
  b.usable = b.pooled ? class_bytes(n) : n == 0 ? 1 : n;
  if (b.pooled && m->region[b.family] != NULL) expect_place(m->region[b.family], &b);
  EXPECT("PM-ALIGN-01", b.address % 16 == 0, &b, "not a multiple of 16");
  const model_block_t *other = blocks_overlapping(m->root, b.address, b.usable);
  EXPECT("PM-MALLOC-03", other == NULL, other,
         "%zu bytes at %p (%zu usable) share bytes with a live block", n, r->p, b.usable);
  return b;
}

/* Bytes of a block that have contents. */
static size_t filled(const model_block_t *b) { return b->size == 0 ? 0 : b->usable; }

/* Writes those from `from` on. */
static void write_from(const model_t *m, const model_block_t *b, size_t from) {
  if (m->rules[b->family].no_memory) return;
  content_fill((void *)b->address, from, filled(b), b->serial);
}

static void expect_content(const model_t *m, const model_block_t *b, const void *p, size_t n,
                           const char *rule, const char *when) {
  if (m->rules[b->family].no_memory || content_kept(p, n, b->serial)) return;
  EXPECT(rule, false, b, "byte %zu of %zu at %p is lost %s", content_lost(p, n, b->serial), n, p,
         when);
}

void model_check(const model_t *m, const model_block_t *b) {
  expect_content(m, b, (const void *)b->address, filled(b), "PM-MALLOC-03", "while it was live");
}

/* The steps. */

model_block_t *model_malloc(model_t *m, size_t n, model_result_t r) {
  if (r.p == NULL) {
    EXPECT("PM-MALLOC-06", may_be_null(m, n, &r), NULL, "no %zu bytes, and there is room", n);
    return NULL;
  }
  model_block_t found = expect_block(m, small(&m->rules[r.family], n), n, &r);
  model_block_t *b = block_add(m, &found);
  write_from(m, b, 0);
  return b;
}

static bool zero(const void *p, size_t n) {
  const char *c = p;
  return n == 0 || (c[0] == 0 && memcmp(c, c + 1, n - 1) == 0);
}

model_block_t *model_calloc(model_t *m, size_t nelem, size_t elsize, model_result_t r) {
  if (elsize != 0 && nelem > MODEL_MOST / elsize) {
    EXPECT("PM-CALLOC-01", r.p == NULL, NULL, "%zu times %zu bytes were served, at %p", nelem,
           elsize, r.p);
    return NULL;
  }
  size_t n = nelem * elsize;
  if (r.p != NULL && !m->rules[r.family].no_memory) {
    EXPECT("PM-CALLOC-03", n > 0 || m->rules[r.family].no_bytes || zero(r.p, 1), NULL, "no bytes, at %p: the first is not zero",
           r.p);
    EXPECT("PM-CALLOC-02", zero(r.p, n), NULL, "%zu bytes at %p are not all zero", n, r.p);
  }
  return model_malloc(m, n, r);
}

/* Whether a block stays where it is when it gets n bytes (PM-REALLOC-04). */
static bool stays(const model_block_t *b, size_t n) {
  return n <= b->usable && 4 * n > 3 * b->usable;
}

/* A block of a class that a realloc left where it was. */
static model_block_t *realloc_stayed(const model_t *m, model_block_t *b, size_t n,
                                     const model_result_t *r) {
  EXPECT("PM-REALLOC-04", stays(b, n), b, "it stays, for %zu bytes", n);
  EXPECT("PM-REALLOC-04", r->usable == MODEL_UNTOLD || r->usable == b->usable, b,
         "its usable size becomes %zu", r->usable);
  size_t kept = b->size < n ? b->size : n;
  expect_content(m, b, r->p, kept, "PM-REALLOC-03", "by realloc");
  b->size = n;
  write_from(m, b, kept);
  return b;
}

/* Any other block that a realloc returned, b's own address among them if b is not of
   a class. */
static model_block_t *realloc_moved(model_t *m, model_block_t *b, size_t n,
                                    const model_result_t *r) {
  model_block_t old = *b;
  bool by_class = old.pooled && small(&m->rules[old.family], n);
  EXPECT("PM-REALLOC-07", old.pooled || r->usable == 0 || r->usable == MODEL_UNTOLD, b,
         "it comes into a pool, at %p", r->p);
  if (!old.pooled) block_drop(m, b); /* the C library may let the two overlap */
  model_block_t found = expect_block(m, by_class, n, r);
  if (old.pooled) block_drop(m, b);
  size_t kept = old.size < n ? old.size : n;
  expect_content(m, &old, r->p, kept, "PM-REALLOC-03", "by realloc");
  model_block_t *now = block_add(m, &found);
  write_from(m, now, 0);
  return now;
}

model_block_t *model_realloc(model_t *m, model_block_t *b, size_t n, model_result_t r) {
  if (b == NULL) return model_malloc(m, n, r); /* PM-REALLOC-01 */
  bool stay = b->pooled && n > 0 && stays(b, n);
  if (r.p == NULL) {
    EXPECT("PM-REALLOC-02", n > 0 || may_be_null(m, n, &r), b, "no 0 bytes, and there is room");
    EXPECT("PM-MALLOC-06", may_be_null(m, n, &r), b, "no %zu bytes, and there is room", n);
    EXPECT("PM-REALLOC-04", !stay, b, "%zu bytes fit it, and realloc fails", n);
    expect_content(m, b, (const void *)b->address, filled(b), "PM-REALLOC-05",
                   "by a realloc that fails");
    return b;
  }
  EXPECT("PM-REALLOC-06", n <= MODEL_MOST, b, "%zu bytes were served, at %p", n, r.p);
  if (b->pooled && (uintptr_t)r.p == b->address) return realloc_stayed(m, b, n, &r);
  EXPECT("PM-REALLOC-04", !stay, b, "it moves to %p, for %zu bytes", r.p, n);
  return realloc_moved(m, b, n, &r);
}

void model_free(model_t *m, model_block_t *b) {
  model_check(m, b);
  block_drop(m, b);
}

/* The whole. */

static void check_tree(const model_t *m, const model_block_t *b) {
  for (; b != NULL; b = b->right) {
    check_tree(m, b->left);
    model_check(m, b);
  }
}

void model_check_all(const model_t *m) { check_tree(m, m->root); }

void model_check_figures(const model_t *m, unsigned families, const model_figures_t *told) {
  model_figures_t sum = {0};
  for (unsigned f = 0; f < MODEL_FAMILIES; f++) {
    if ((families >> f & 1) == 0) continue;
    sum.blocks += m->live[f].blocks;
    sum.bytes += m->live[f].bytes;
    sum.large += m->live[f].large;
    for (size_t c = 0; c < MODEL_CLASSES; c++) sum.of_class[c] += m->live[f].of_class[c];
  }
  for (size_t c = 0; c < MODEL_CLASSES; c++)
    EXPECT("PM-STATS-01", told->of_class[c] == sum.of_class[c], NULL,
           "of class %zu %zu blocks are live, not %zu", c, sum.of_class[c], told->of_class[c]);
  EXPECT("PM-STATS-01", told->blocks == sum.blocks, NULL, "%zu blocks are live, not %zu",
         sum.blocks, told->blocks);
  EXPECT("PM-STATS-01", told->bytes == sum.bytes, NULL, "%zu bytes are live, not %zu", sum.bytes,
         told->bytes);
  EXPECT("PM-STATS-01", told->large == sum.large, NULL, "%zu large blocks are live, not %zu",
         sum.large, told->large);
}

void model_check_empty(const model_t *m) {
  EXPECT("PM-FREE-03", m->count == 0 && m->root == NULL, m->root, "%u blocks are live at the end",
         (unsigned)m->count);
}
