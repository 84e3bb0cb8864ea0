#define _GNU_SOURCE /* fmemopen, MAP_ANONYMOUS */
#include "fuzz/spaces.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "alloc/misuse.h"
#include "alloc/stats.h"
#include "fuzz/texts.h"

static void *hook_alloc(void *ctx, size_t n) {
  (void)ctx;
  void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return p == MAP_FAILED ? NULL : p;
}

static void hook_free(void *ctx, void *p, size_t n) {
  (void)ctx;
  munmap(p, n);
}

const PyObjectArenaAllocator space_hook = {NULL, hook_alloc, hook_free};

void space_tell(unsigned who, unsigned families, const space_t *space, model_region_t *region) {
  pymalloc_stats stats;
  pymalloc_get_stats(space, &stats);
  size_t pools = stats.region / MODEL_POOL, first = stats.metadata / MODEL_POOL;
  bool follow = pools <= MODEL_POOLS;
  if (follow)
    model_region_init(region, (uintptr_t)space->region.base, (uint32_t)first, (uint32_t)pools);
  for (unsigned f = who; f < who + families; f++) {
    model.rules[f] = (model_rules_t){.classes = pools > 0, .zero_small = true,
                                     .no_large = space->large == NULL};
    model.region[f] = follow && pools > 0 ? region : NULL;
  }
}

/* PM-STATS-01: the equations between the figures. */
static void check_sums(const pymalloc_stats *s) {
  size_t pools = 0, blocks = 0;
  for (size_t c = 0; c < CLASSES; c++) pools += s->class_[c].pools, blocks += s->class_[c].live;
  RUN_EXPECT("PM-STATS-01", s->pools == pools && s->live_blocks == blocks,
             "the classes do not add up to the whole");
  RUN_EXPECT("PM-STATS-01",
             (size_t)POOL_SIZE * s->pools == s->live_bytes + s->free_bytes + s->lost_bytes,
             "the bytes of the pools do not add up");
  RUN_EXPECT("PM-STATS-01",
             s->region == s->metadata + (size_t)POOL_SIZE * (s->pools + s->idle_pools +
                                                     s->bare_pools + s->fresh_pools),
             "the pools do not add up to the region");
}

/* What a print function writes. */
static const char *printed(void (*print)(FILE *, const pymalloc_stats *), const pymalloc_stats *s) {
  static char text[TEXT_MOST];
  FILE *out = fmemopen(text, sizeof text, "w");
  print(out, s);
  fclose(out);
  return text;
}

static void check_texts(const pymalloc_stats *s) {
  const char *text = printed(pymalloc_print_stats, s);
  RUN_EXPECT("PM-STATS-02", strcmp(text, text_of_figures(s)) == 0, text);
  const char *json = printed(pymalloc_print_stats_json, s);
  RUN_EXPECT("PM-STATS-03", strcmp(json, json_of_figures(s)) == 0, json);
}

void space_check(const space_t *space, unsigned families) {
  pymalloc_stats stats;
  pymalloc_get_stats(space, &stats);
  model_figures_t told = {.blocks = stats.live_blocks, .bytes = stats.live_bytes,
                          .large = stats.large_blocks};
  for (size_t c = 0; c < CLASSES; c++) told.of_class[c] = stats.class_[c].live;
  model_check_figures(&model, families, &told);
  RUN_EXPECT("PM-REGION-04", space->region.source != REGION_SYSTEM || sys.discards >= stats.bare_pools,
             "a pool's memory was not given back");
  check_sums(&stats);
  check_texts(&stats);
}

void *space_wrong(const op_t *op, const space_t *space) {
  static char elsewhere[64];
  const model_block_t *b = run_block(op->slot);
  uintptr_t base = (uintptr_t)space->region.base, at = 0;
  switch (op->by / 2 % 4) {
    case 0: at = run_freed(); break;                                    /* freed twice */
    case 1: at = (b == NULL ? base : b->address) + op->arg; break;      /* interior */
    case 2: at = base + op->arg * (space->region.size >> 16); break;    /* anywhere */
    default: at = (uintptr_t)elsewhere + op->arg % sizeof elsewhere;    /* foreign */
  }
  bool inside = at - base < space->region.size;
  if (!inside && (at == 0 || space->large != NULL)) return NULL;
  return model_at(&model, at) != NULL ? NULL : (void *)at;
}

typedef struct {
  unsigned who;
  void *p;
} call_t;

static void call_free(void *arg) {
  const call_t *call = arg;
  target.free(call->who, call->p);
}

static void call_realloc(void *arg) {
  const call_t *call = arg;
  target.realloc(call->who, call->p, 40);
}

#define NOT_LIVE "the block is not live (freed twice, or never allocated)"
#define NOT_BLOCK "no block starts at this address (an interior or wild pointer)"
#define OF_POOLS "the block belongs to the mem or obj family, not to raw"
#define FOREIGN "the address is not of this heap"

/* What is wrong with a pointer, as far as the model can tell: in an empty pool, which may
   be cut for a class or not, it says NULL. */
static const char *wrong_how(const space_t *space, unsigned who, const void *p) {
  const model_region_t *g = model.region[who];
  size_t offset = (uintptr_t)p - (uintptr_t)space->region.base, pool = offset / MODEL_POOL;
  if (offset >= space->region.size) return FOREIGN;
  if (g == NULL || (pool >= g->first && g->live[pool] == 0)) return NULL;
  bool starts = pool >= g->first && offset % MODEL_POOL % (g->granules[pool] * 16u) == 0;
  return starts ? NOT_LIVE : NOT_BLOCK;
}

static bool report_is(const char *text, const char *name, const void *p, const char *what) {
  char want[256];
  snprintf(want, sizeof want, "Fatal pymalloc error: %s(%p): %s\n", name, p, what);
  return strcmp(text, want) == 0;
}

void space_misuse(const op_t *op, const space_t *space, const char *free_name,
                  const char *realloc_name) {
  bool pools = model.rules[op->who].classes; /* a family without is given what is not its own */
  call_t call = {op->who, space_wrong(op, space)};
  const model_block_t *b = run_block(op->slot);
  if (!pools && b != NULL && b->pooled) call.p = (void *)b->address;
  if (call.p == NULL) return;
  const char *name = op->by % 2 == 0 ? free_name : realloc_name, *text;
  ended_t ended = system_run(op->by % 2 == 0 ? call_free : call_realloc, &call, &text);
  RUN_EXPECT("PM-MISUSE-05", ended == ENDED_ABORT, "a misuse goes on");
  const char *how = pools ? wrong_how(space, op->who, call.p) : OF_POOLS;
  bool right = how != NULL ? report_is(text, name, call.p, how)
                           : report_is(text, name, call.p, NOT_LIVE) ||
                                 report_is(text, name, call.p, NOT_BLOCK);
  RUN_EXPECT("PM-MISUSE-05", right, text);
}
