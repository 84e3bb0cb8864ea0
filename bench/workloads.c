#include "bench/workloads.h"

#include <string.h>

#include "bench/mix.h"

#define SLOTS_MOST (1u << 20)

/* The blocks that are live.  Here, and not in a block: the allocator that is
   measured serves the workload and nothing else. */
static void *slots[SLOTS_MOST];

void workloads_touch(void) { memset(slots, 1, sizeof slots); }

static inline void *get(bench_t *b, size_t n) {
  size_t *p = b->a.malloc(b->a.ctx, n);
  *p = n;
  return p;
}

static inline void give(bench_t *b, void *p) { b->a.free(b->a.ctx, p); }

/* xorshift64* */
static inline uint64_t random_word(bench_t *b) {
  b->random ^= b->random >> 12;
  b->random ^= b->random << 25;
  b->random ^= b->random >> 27;
  return b->random * 0x2545f4914f6cdd1du;
}

/* Never inlined: callgrind counts what malloc alone takes by this name. */
__attribute__((noinline)) static void fill(bench_t *b, size_t blocks, size_t size) {
  for (size_t i = 0; i < blocks; i++) slots[i] = get(b, size);
}

static void clear(bench_t *b, size_t blocks) {
  for (size_t i = 0; i < blocks; i++) give(b, slots[i]);
}

/* pair, LIFO, FIFO.  A block that stays lies behind the others: no program has all
   of its memory freed again and again, and glibc gives back what is at the end.
   (Filled twice, since a debug layer holds blocks back, and has others in use then.) */

static void *staying;

static void beside_setup(bench_t *b) {
  fill(b, b->workload->blocks, b->workload->size);
  clear(b, b->workload->blocks);
  fill(b, b->workload->blocks, b->workload->size);
  staying = get(b, b->workload->size);
  clear(b, b->workload->blocks);
}

static void beside_teardown(bench_t *b) { give(b, staying); }

static void pair_round(bench_t *b) {
  size_t size = b->workload->size;
  for (int i = 0; i < 1000; i++) give(b, get(b, size));
  b->calls += 2000;
}

static void lifo_round(bench_t *b) {
  size_t blocks = b->workload->blocks;
  fill(b, blocks, b->workload->size);
  for (size_t i = blocks; i-- > 0;) give(b, slots[i]);
  b->calls += 2 * blocks;
}

static void fifo_round(bench_t *b) {
  size_t blocks = b->workload->blocks;
  fill(b, blocks, b->workload->size);
  clear(b, blocks);
  b->calls += 2 * blocks;
}

/* random replacement: one of the live blocks is freed, another one allocated */

static void random_round(bench_t *b) {
  uint64_t blocks = b->workload->blocks;
  for (int i = 0; i < 1000; i++) {
    uint64_t r = random_word(b);
    void **slot = &slots[(r >> 32) * blocks >> 32];
    give(b, *slot);
    *slot = get(b, mix[r & (MIX_DRAWS - 1)]);
  }
  b->calls += 2000;
}

/* Each block is replaced twice, on average: a heap is not in order for long. */
static void random_setup(bench_t *b) {
  size_t blocks = b->workload->blocks;
  for (size_t i = 0; i < blocks; i++) slots[i] = get(b, mix[random_word(b) & (MIX_DRAWS - 1)]);
  for (size_t i = 0; i < 2 * blocks; i += 1000) random_round(b);
}

static void random_teardown(bench_t *b) { clear(b, b->workload->blocks); }

/* realloc: arrays that grow in turn as Python's lists do, to `size` bytes */

static size_t list_larger(size_t size) {
  size_t items = size / sizeof(void *) + 1;
  return ((items + (items >> 3) + 6) & ~(size_t)3) * sizeof(void *);
}

static void grow_round(bench_t *b) {
  size_t blocks = b->workload->blocks, size = list_larger(0);
  fill(b, blocks, size);
  b->calls += 2 * blocks;
  while ((size = list_larger(size)) <= b->workload->size) {
    for (size_t i = 0; i < blocks; i++) {
      size_t *p = b->a.realloc(b->a.ctx, slots[i], size);
      *p = size;
      slots[i] = p;
    }
    b->calls += blocks;
  }
  clear(b, blocks);
}

/* calloc */

static void calloc_round(bench_t *b) {
  size_t blocks = b->workload->blocks;
  for (size_t i = 0; i < blocks; i++) {
    size_t n = mix[i];
    size_t *p = b->a.calloc(b->a.ctx, 1, n);
    *p = n;
    slots[i] = p;
  }
  clear(b, blocks);
  b->calls += 2 * blocks;
}

/* phases: the same memory for one size after another */

#define PHASE_BYTES ((size_t)8 << 20)

static void phase_round(bench_t *b) {
  static const size_t sizes[] = {64, 256, 32, 512, 96};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    size_t blocks = PHASE_BYTES / sizes[i];
    fill(b, blocks, sizes[i]);
    clear(b, blocks);
    b->calls += 2 * blocks;
    b->mark(b);
  }
}

/* fragmentation: a few blocks stay all over the place, then others come */

#define FRAGMENTS_KEPT 4000

static void fragments_round(bench_t *b) {
  size_t blocks = b->workload->blocks, size = b->workload->size;
  size_t kept = 0, more = blocks / 2;
  fill(b, blocks, size);
  for (size_t i = 0; i < blocks; i++) {
    if (i % FRAGMENTS_KEPT == 0)
      slots[kept++] = slots[i];
    else
      give(b, slots[i]);
  }
  b->mark(b);
  for (size_t i = 0; i < more; i++) slots[kept + i] = get(b, 2 * size);
  clear(b, kept + more);
  b->calls += 2 * (blocks + more);
}

#define SIZED_ROW(name_, what_, round_, blocks_, size_)                        \
  {name_ " " #size_, name_, what_ ", " #size_ " bytes", beside_setup, round_, \
   beside_teardown, size_, blocks_}

#define SIZED(name_, what_, round_, blocks_)          \
  SIZED_ROW(name_, what_, round_, blocks_, 16),       \
      SIZED_ROW(name_, what_, round_, blocks_, 48),   \
      SIZED_ROW(name_, what_, round_, blocks_, 96),   \
      SIZED_ROW(name_, what_, round_, blocks_, 256),  \
      SIZED_ROW(name_, what_, round_, blocks_, 512)

#define RANDOM(name_, blocks_)                                                          \
  {"random " name_, "random",                                                           \
   "random ones of " name_ " live blocks are replaced, sizes as Python asks for",      \
   random_setup, random_round, random_teardown, 0, blocks_}

const workload_t workloads[] = {
  SIZED("pair", "a block is allocated and freed at once", pair_round, 1),
  SIZED("lifo", "1,000 blocks are allocated, and freed last first", lifo_round, 1000),
  SIZED("fifo", "1,000 blocks are allocated, and freed first first", fifo_round, 1000),
  RANDOM("1k", 1000),
  RANDOM("10k", 10000),
  RANDOM("100k", 100000),
  RANDOM("1M", 1000000),
  {"realloc 512", "special", "1,000 arrays grow in turn by realloc as lists do, to 512 bytes",
   NULL, grow_round, NULL, 512, 1000},
  {"realloc 8k", "special", "1,000 arrays grow in turn by realloc as lists do, to 8 KiB",
   NULL, grow_round, NULL, 8192, 1000},
  {"calloc", "special", "1,000 blocks are allocated by calloc, sizes as Python asks for, and freed",
   NULL, calloc_round, NULL, 0, 1000},
  {"phases", "special", "8 MiB are filled with one size and freed, then with another: five sizes",
   NULL, phase_round, NULL, 0, 0},
  {"fragments", "special",
   "16 MiB are filled with 64 bytes, all but 1 in 4,000 freed, then filled with 128 bytes",
   NULL, fragments_round, NULL, 64, 1u << 18},
};

const size_t workloads_count = sizeof workloads / sizeof workloads[0];

const workload_t *workload_find(const char *name) {
  for (size_t i = 0; i < workloads_count; i++)
    if (strcmp(workloads[i].name, name) == 0) return &workloads[i];
  return NULL;
}
