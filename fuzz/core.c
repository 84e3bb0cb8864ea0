/* The core, by numbers: a heap of pools that have no memory behind them, so that offsets
   are all there is.  Its invariant (heap_ok of spec/heap.acsl.h) is executed too. */
#include "fuzz/run.h"
#include "tests/invariant.h"
#include "tests/numbers.h"

#define BASE ((uintptr_t)1 << 40) /* stands for the address of offset 0 */

static numbers_t numbers;
static model_region_t region;
static unsigned frees; /* since the invariant was looked at */

static uint64_t offset_of(const void *p) { return (uintptr_t)p - BASE; }

/* The number of pools is a matter of the operation; few, so that they run out. */
static void core_open(const op_t *op) {
  uint32_t pools = op->arg == 0 ? 24 : 2 + op->arg % (NUMBERS_MOST - 1);
  numbers_init(&numbers, pools);
  model_region_init(&region, BASE, 1, pools);
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

static void core_free(unsigned who, void *p) {
  (void)who;
  if (p == NULL) return;
  uint64_t offset = offset_of(p);
  heap_freed_t result = heap_free(&numbers.heap, offset);
  bool released = result == HEAP_FREED_RELEASE;
  RUN_EXPECT("PM-FREE-02", released || result == HEAP_FREED, "a live block is not freed");
  RUN_EXPECT("PM-HEAP-01", heap_size(&numbers.heap, offset) == 0, "a freed block is still live");
  RUN_EXPECT("PM-HEAP-03", !released || region.live[offset / POOL_SIZE] == 0,
             "a pool with live blocks is given back");
  if (++frees % 64 == 0) check_invariant(&numbers);
}

static size_t core_usable(unsigned who, const void *p) {
  (void)who;
  return heap_size(&numbers.heap, offset_of(p));
}

/* Every address of the heap is asked for its block, near those that are live. */
static void check_live(void) {
  size_t live = 0;
  for (uint32_t p = 1; p < region.pools; p++) {
    RUN_EXPECT("PM-HEAP-01", heap_pool_live(&numbers.heap, p) == region.live[p],
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
  uintptr_t near = op->by % 2 == 0 || b == NULL ? BASE : b->address;
  uintptr_t at =
      op->by % 3 == 0 && run_freed() != 0 ? run_freed() : near + op->arg * (1u << op->by % 8);
  if (at >= BASE + (uintptr_t)region.pools * POOL_SIZE || model_at(&model, at) != NULL) return;
  uint32_t p = (uint32_t)((at - BASE) / POOL_SIZE);
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
  .kinds = KIND(OP_MALLOC) | KIND(OP_FREE) | KIND(OP_CHECK) | KIND(OP_OPEN) | KIND(OP_MISUSE),
  .who = 1,
  .open = core_open,
  .malloc = core_malloc,
  .free = core_free,
  .usable = core_usable,
  .check = core_check,
  .misuse = core_misuse,
  .close = core_close,
};
