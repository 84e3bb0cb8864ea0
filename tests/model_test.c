/* Random operations on the public families, beside the model (spec/model), which
   checks every answer; and the figures against what is live. */
#include "spec/model/model.h"

#include "alloc/select.h"
#include "alloc/stats.h"
#include "tests/check.h"
#include "tests/families.h"
#include "tests/random.h"

#define STEPS 300000
#define BLOCKS 2000u
#define LARGEST 8192u

static model_t model;
static model_block_t *block[BLOCKS];
static uint32_t count;

static size_t some_size(void) {
  switch (random_below(20)) {
    case 0: return random_below(3);
    case 1: return 512 - 2 + random_below(5);
    case 2: return random_below(LARGEST);
    default: return random_below(512) >> random_below(5);
  }
}

static model_result_t result_of(unsigned family, const void *p) {
  return (model_result_t){.family = family, .p = p, .usable = space_usable(pymalloc_space(), p)};
}

static void step_malloc(void) {
  size_t n = some_size();
  unsigned family = random_below(FAMILIES);
  block[count++] = model_malloc(&model, n, result_of(family, families[family].malloc(n)));
}

static void step_calloc(void) {
  size_t elsize = 1 + random_below(9), nelem = some_size() / elsize;
  unsigned family = random_below(FAMILIES);
  void *p = families[family].calloc(nelem, elsize);
  block[count++] = model_calloc(&model, nelem, elsize, result_of(family, p));
}

static void step_realloc(model_block_t **b) {
  size_t n = some_size();
  unsigned family = (*b)->family;
  model_check(&model, *b);
  void *p = families[family].realloc((void *)(*b)->address, n);
  *b = model_realloc(&model, *b, n, result_of(family, p));
}

static void step_free(model_block_t **b) {
  void *p = (void *)(*b)->address;
  unsigned family = (*b)->family;
  model_free(&model, *b);
  families[family].free(p);
  *b = block[--count];
}

static void step(int i) {
  uint32_t what = random_below(100), growing = i / 40000 % 2 == 0 ? 55 : 25;
  if (count == 0 || (what < growing && count < BLOCKS))
    random_below(4) == 0 ? step_calloc() : step_malloc();
  else if (what < 75) step_realloc(&block[random_below(count)]);
  else step_free(&block[random_below(count)]);
  checks++;
}

/* The figures of the space of mem and obj. */
static void check_figures(void) {
  pymalloc_stats stats;
  pymalloc_get_stats(pymalloc_space(), &stats);
  model_figures_t told = {.blocks = stats.live_blocks, .bytes = stats.live_bytes,
                          .large = stats.large_blocks};
  for (size_t c = 0; c < CLASSES; c++) told.of_class[c] = stats.class_[c].live;
  model_check_figures(&model, 1u << MEM | 1u << OBJ, &told);
  checks++;
}

int main(void) {
  model_init(&model);
  model.rules[MEM] = model.rules[OBJ] = (model_rules_t){.classes = true, .zero_small = true};
  for (int i = 0; i < STEPS; i++) {
    step(i);
    if (i % 10000 != 0) continue;
    model_check_all(&model);
    check_figures();
  }
  while (count > 0) step_free(&block[count - 1]);
  model_check_empty(&model);
  check_figures();
  return check_done();
}
