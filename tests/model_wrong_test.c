/* The model itself: it takes right answers, and refuses each kind of wrong one by the
   rule that it breaks.  The allocator here is an array that the test cuts as it likes. */
#include "spec/model/model.h"

#include "tests/refusal.h"

enum { POOLS, PLAIN };

static model_t model;
static _Alignas(16) unsigned char memory[4096];

static model_result_t at(unsigned family, size_t offset, size_t usable) {
  return (model_result_t){.family = family, .p = memory + offset, .usable = usable};
}

static model_result_t null(unsigned family) { return (model_result_t){.family = family}; }
static model_block_t *pool_block(size_t offset, size_t n) {
  return model_malloc(&model, n, at(POOLS, offset, (n + 15) / 16 * 16));
}

/* A new model with two blocks: of a pool, 40 bytes at 64; and of none, 1000 at 1024. */
static model_block_t *a, *b;

static void start(void) {
  model_init(&model);
  model.rules[POOLS] = (model_rules_t){.classes = true, .zero_small = true};
  a = pool_block(64, 40);
  b = model_malloc(&model, 1000, at(PLAIN, 1024, 0));
  memset(memory + 2048, 0, 1024);
}

static void test_malloc(void) {
  TAKES("PM-MALLOC-01", pool_block(16, 48));
  TAKES("PM-MALLOC-03", pool_block(112, 1));
  TAKES("PM-MALLOC-02", model_malloc(&model, 0, at(POOLS, 0, 16)));
  TAKES("PM-MALLOC-04", model_malloc(&model, MODEL_MOST + 1, null(POOLS)));
  TAKES("PM-MALLOC-07", model_malloc(&model, 5, (model_result_t){.refused = true}));
  REFUSES("PM-MALLOC-06", model_malloc(&model, 5, null(POOLS)));
  REFUSES("PM-MALLOC-03", pool_block(32, 48));
  REFUSES("PM-MALLOC-03", pool_block(96, 1));
  REFUSES("PM-MALLOC-03", pool_block(80, 1));
  REFUSES("PM-MALLOC-03", model_malloc(&model, 3000, at(PLAIN, 16, 0)));
  REFUSES("PM-MALLOC-04", model_malloc(&model, MODEL_MOST + 1, at(PLAIN, 2048, 0)));
  REFUSES("PM-MALLOC-05", model_malloc(&model, 100, at(POOLS, 2048, 0)));
  REFUSES("PM-MALLOC-05", model_malloc(&model, 513, at(POOLS, 2048, 528)));
  REFUSES("PM-CLASS-01", model_malloc(&model, 33, at(POOLS, 2048, 32)));
  REFUSES("PM-CLASS-02", model_malloc(&model, 33, at(POOLS, 2048, 64)));
  REFUSES("PM-ALIGN-01", pool_block(2056, 16));
  REFUSES("PM-ALIGN-01", model_malloc(&model, 600, at(PLAIN, 2056, 0)));
}

static void test_calloc(void) {
  TAKES("PM-CALLOC-02", model_calloc(&model, 3, 5, at(POOLS, 2048, 16)));
  TAKES("PM-CALLOC-01", model_calloc(&model, MODEL_MOST, 2, null(POOLS)));
  REFUSES("PM-CALLOC-01", model_calloc(&model, MODEL_MOST / 2 + 1, 2, at(POOLS, 2048, 16)));
  REFUSES("PM-CALLOC-02", (memory[2062] = 1, model_calloc(&model, 3, 5, at(POOLS, 2048, 16))));
  REFUSES("PM-CALLOC-03", (memory[2048] = 1, model_calloc(&model, 0, 5, at(POOLS, 2048, 16))));
}

static model_block_t *realloc_to(model_block_t *block, size_t offset, size_t n, size_t usable) {
  memmove(memory + offset, (void *)block->address, block->size < n ? block->size : n);
  return model_realloc(&model, block, n, at(block->family, offset, usable));
}

static void test_realloc(void) {
  TAKES("PM-REALLOC-04", realloc_to(a, 64, 48, 48));
  TAKES("PM-REALLOC-04", realloc_to(a, 64, 37, 48));
  TAKES("PM-REALLOC-03", realloc_to(a, 2048, 36, 48));
  TAKES("PM-REALLOC-03", realloc_to(b, 1040, 900, 0));
  TAKES("PM-REALLOC-02", realloc_to(a, 2048, 0, 16));
  REFUSES("PM-REALLOC-04", realloc_to(a, 64, 36, 48));
  REFUSES("PM-REALLOC-04", realloc_to(a, 2048, 37, 48));
  REFUSES("PM-REALLOC-04", realloc_to(a, 64, 49, 48));
  REFUSES("PM-REALLOC-03", (realloc_to)(a, 2048 + (memory[64 + 39]++, 0), 64, 64));
  REFUSES("PM-REALLOC-03", model_realloc(&model, b, 2000, at(PLAIN, 2048, 0)));
  REFUSES("PM-REALLOC-07", realloc_to(b, 2048, 40, 48));
  REFUSES("PM-REALLOC-06", model_realloc(&model, b, MODEL_MOST + 1, at(PLAIN, 1024, 0)));
  REFUSES("PM-REALLOC-02", model_realloc(&model, a, 0, null(POOLS)));
  REFUSES("PM-MALLOC-06", model_realloc(&model, a, 60, null(POOLS)));
  REFUSES("PM-REALLOC-05",
          (memory[70]++, model_realloc(&model, a, 60, (model_result_t){.refused = true})));
}

/* A region of two pools, of which the first is not for use, at addresses where there is
   no memory: what must be served, and where. */
static model_region_t region;

static model_block_t *far(size_t offset, size_t n, size_t usable) {
  return model_malloc(&model, n,
                      (model_result_t){.p = (void *)(0x100000 + offset), .usable = usable});
}

static int region_fill(size_t n, size_t usable) {
  model_region_init(&region, 0x100000, 1, 2);
  model.region[POOLS] = &region;
  model.rules[POOLS].no_memory = model.rules[POOLS].no_large = true;
  for (size_t i = 0; i < n; i++) far(65536 + i * usable, usable, usable);
  return 0;
}

static void test_region(void) {
  TAKES("PM-MALLOC-06", (region_fill(113, 512), model_malloc(&model, 512, null(POOLS))));
  TAKES("PM-MALLOC-06", (region_fill(1, 512), model_malloc(&model, 16, null(POOLS))));
  TAKES("PM-REGION-05", (region_fill(0, 512), model_malloc(&model, 513, null(POOLS))));
  TAKES("PM-HEAP-02", (region_fill(1, 512), model_free(&model, model_at(&model, 0x110000)),
                       far(65536 + 48, 48, 48)));
  REFUSES("PM-MALLOC-06", (region_fill(112, 512), model_malloc(&model, 512, null(POOLS))));
  REFUSES("PM-MALLOC-06", (region_fill(0, 512), model_malloc(&model, 16, null(POOLS))));
  REFUSES("PM-REGION-07", (region_fill(0, 512), far(0, 512, 512)));
  REFUSES("PM-REGION-07", (region_fill(0, 512), far(131072, 512, 512)));
  REFUSES("PM-HEAP-00", (region_fill(1, 512), far(65536 + 1024, 16, 16)));
  REFUSES("PM-HEAP-00", (region_fill(0, 512), far(65536 + 16, 32, 32)));
  REFUSES("PM-HEAP-00", (region_fill(0, 512), far(65536 + 1344 * 48, 48, 48)));
}

static void test_free(void) {
  model_figures_t told = {.blocks = 1, .bytes = 48, .of_class = {0, 0, 1}, .large = 1};
  TAKES("PM-FREE-02", (model_free(&model, a), pool_block(64, 48)));
  TAKES("PM-STATS-01", (model_check_figures(&model, 3, &told), 0));
  REFUSES("PM-MALLOC-03", (memory[64 + 47]++, model_free(&model, a), 0));
  REFUSES("PM-MALLOC-03", (memory[1024]++, model_check_all(&model), 0));
  REFUSES("PM-STATS-01", (model_check_figures(&model, 1, &told), 0));
  REFUSES("PM-STATS-01", (told.of_class[2] = 0, model_check_figures(&model, 3, &told), 0));
  REFUSES("PM-FREE-03", (model_check_empty(&model), 0));
  TAKES("PM-FREE-03", (model_free(&model, a), model_free(&model, b), model_check_empty(&model), 0));
}

int main(void) {
  test_malloc();
  test_calloc();
  test_realloc();
  test_region();
  test_free();
  return check_done();
}
