/* The core, by numbers: a heap of pools that have no memory behind them, so that offsets
   are all there is.  Its invariant (heap_ok of spec/heap.acsl.h) is executed too.  The first
   pool has such a number that sets of pools cross all their levels, at pool 4096. */
#define NUMBERS_FIRST 4085u

#include "fuzz/run.h"
#include "tests/invariant.h"
#include "tests/numbers.h"

#define BASE ((uintptr_t)1 << 40) /* stands for the address of offset 0 */
#define BEFORE (NUMBERS_FIRST - 1) /* pools that the model does not know */

static numbers_t numbers;
static model_region_t region;
static unsigned frees; /* since the invariant was looked at */

static uint64_t offset_of(const void *p) { return (uintptr_t)p - BASE; }
static uint32_t pool_of(uintptr_t p) { return (uint32_t)((p - region.base) / POOL_SIZE); }

/* The number of pools is a matter of the operation; few, so that they run out. */
static void core_open(const op_t *op) {
  uint32_t pools = op->arg == 0 ? 24 : 2 + op->arg % (NUMBERS_MOST - NUMBERS_FIRST);
  numbers_init(&numbers, BEFORE + pools);
  model_region_init(&region, BASE + (uint64_t)BEFORE * POOL_SIZE, 1, pools);
  model.rules[0] = (model_rules_t){.classes = true, .zero_small = true, .no_large = true,
                                   .no_memory = true};
  model.region[0] = &region;
}

static void *core_malloc(unsigned who, size_t n) {
  (void)who;
  if (n > SMALL_MAX) return NULL;
  uint64_t offset = heap_malloc(&numbers.heap, class_of(n == 0 ? 1 : n));
  return offset == HEAP_NONE ? NULL : (void *)(BASE + offset);
}

/* Frees a block, which the model counts among those of its pool still, or does not. */
static void give_back(void *p, unsigned counted) {
  if (p == NULL) return;
  uint64_t offset = offset_of(p);
  heap_freed_t result = heap_free(&numbers.heap, offset);
  bool released = result == HEAP_FREED_RELEASE;
  RUN_EXPECT("PM-FREE-02", released || result == HEAP_FREED, "a live block is not freed");
  RUN_EXPECT("PM-HEAP-01", heap_size(&numbers.heap, offset) == 0, "a freed block is still live");
  RUN_EXPECT("PM-HEAP-03", !released || region.live[pool_of((uintptr_t)p)] == counted,
             "a pool with live blocks is given back");
  if (++frees % 64 == 0) check_invariant(&numbers);
}

static void core_free(unsigned who, void *p) {
  (void)who;
  give_back(p, 0);
}

static size_t core_usable(unsigned who, const void *p) {
  (void)who;
  return heap_size(&numbers.heap, offset_of(p));
}

/* As spaces do it: a block that must not stay is another one, and then the old one is free. */
static void *core_realloc(unsigned who, void *p, size_t n) {
  size_t size = p == NULL ? 0 : core_usable(who, p);
  if (n > 0 && n <= size && 4 * n > 3 * size) return p;
  void *q = core_malloc(who, n);
  if (q != NULL) give_back(p, 1);
  return q;
}

/* Every address of the heap is asked for its block, near those that are live. */
static void check_live(void) {
  size_t live = 0;
  for (uint32_t p = 1; p < region.pools; p++) {
    RUN_EXPECT("PM-HEAP-01", heap_pool_live(&numbers.heap, BEFORE + p) == region.live[p],
               "a pool has more or fewer live blocks than were handed out");
    live += region.live[p];
  }
  RUN_EXPECT("PM-HEAP-01", numbers_live(&numbers) == live, "live blocks outside the pools");
}

static void core_check(const op_t *op) {
  (void)op;
  check_invariant(&numbers);
  check_live();
}

/* Freeing an offset that is not of a live block: the result says what is wrong, and
   nothing changes. */
static void core_misuse(const op_t *op) {
  const model_block_t *b = run_block(op->slot);
  uintptr_t near = op->by % 2 == 0 || b == NULL ? region.base : b->address;
  uintptr_t at =
      op->by % 3 == 0 && run_freed() != 0 ? run_freed() : near + op->arg * (1u << op->by % 8);
  uint32_t p = pool_of(at);
  if (p >= region.pools || model_at(&model, at) != NULL) return;
  size_t size = region.granules[p] * 16u;
  RUN_EXPECT("PM-MALLOC-08", core_usable(0, (void *)at) == 0, "no block there, and it has a size");
  heap_freed_t result = heap_free(&numbers.heap, at - BASE);
  bool starts = result == HEAP_NOT_LIVE;
  RUN_EXPECT("PM-MISUSE-01", starts || result == HEAP_NOT_BLOCK, "what is not live is freed");
  /* An empty pool may be cut or not; one with live blocks is. */
  RUN_EXPECT("PM-MISUSE-02",
             region.live[p] == 0 || starts == ((at - BASE) % POOL_SIZE % size == 0),
             "a misuse is taken for another");
  check_live();
}

static void core_close(void) {
  RUN_EXPECT("PM-FREE-03", numbers_live(&numbers) == 0, "blocks are live at the end");
}

const target_t target = {
  .name = "core",
  .kinds = KIND(OP_MALLOC) | KIND(OP_REALLOC) | KIND(OP_FREE) | KIND(OP_CHECK) | KIND(OP_OPEN) |
           KIND(OP_MISUSE),
  .who = 1,
  .work = 150000, /* a current pool can be freed from more than 65,535 times */
  .open = core_open,
  .malloc = core_malloc,
  .realloc = core_realloc,
  .free = core_free,
  .usable = core_usable,
  .check = core_check,
  .misuse = core_misuse,
  .close = core_close,
};
