/* The core again, by contracts: alloc/ here is what E-ACSL made of it, which checks every
   precondition, postcondition, assertion and loop invariant that it can. */
#include "fuzz/contracts/heap.h"
#include "fuzz/run.h"

#define BASE ((uintptr_t)1 << 40) /* stands for the address of offset 0 */

static model_region_t region;

/* E-ACSL's runtime, which a main that it knew would start. */
void __e_acsl_memory_init(int *argc, char ***argv, size_t pointer_size);
void __e_acsl_globals_init(void);

static void contracts_start(void) {
  static int argc = 1;
  static char *arguments[] = {"fuzzer", NULL}, **argv = arguments;
  static bool started;
  if (started) return;
  started = true;
  __e_acsl_memory_init(&argc, &argv, sizeof(void *));
  __e_acsl_globals_init();
}

static void contracts_open(const op_t *op) {
  (void)op;
  contracts_start();
  contracts_init();
  model_region_init(&region, BASE, 1, CONTRACTS_POOLS);
  model.rules[0] = (model_rules_t){.classes = true, .zero_small = true, .no_large = true,
                                   .no_memory = true};
  model.region[0] = &region;
}

static void *contracts_get(unsigned who, size_t n) {
  (void)who;
  uint64_t offset = n > MODEL_SMALL ? UINT64_MAX : contracts_malloc(n == 0 ? 1 : n);
  return offset == UINT64_MAX ? NULL : (void *)(BASE + offset);
}

static void contracts_give(unsigned who, void *p) {
  (void)who;
  if (p != NULL)
    RUN_EXPECT("PM-FREE-02", contracts_free((uintptr_t)p - BASE), "a live block is not freed");
}

static size_t contracts_usable(unsigned who, const void *p) {
  (void)who;
  return contracts_size((uintptr_t)p - BASE);
}

static void contracts_check(const op_t *op) { (void)op; }
static void contracts_close(void) {}

static void contracts_misuse(const op_t *op) {
  uintptr_t at = BASE + op->arg * 4u;
  if (model_at(&model, at) == NULL)
    RUN_EXPECT("PM-MISUSE-01", !contracts_free(at - BASE), "what is not live is freed");
}

const target_t target = {
  .name = "contracts",
  .kinds = KIND(OP_MALLOC) | KIND(OP_FREE) | KIND(OP_CHECK) | KIND(OP_OPEN) | KIND(OP_MISUSE),
  .who = 1,
  .work = 40, /* each takes some hundredths of a second */
  .open = contracts_open,
  .malloc = contracts_get,
  .free = contracts_give,
  .usable = contracts_usable,
  .check = contracts_check,
  .misuse = contracts_misuse,
  .close = contracts_close,
};
