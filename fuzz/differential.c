/* The same input on this allocator and on its peers, one after the other, each beside a
   model of its own: CPython's pymalloc, which has the same rules for small requests;
   glibc, mimalloc and jemalloc, which have those of every family.  What each answers
   (memory or none; the same place or another) is compared with what ours did, where the
   rules fix it. */
#include <stdio.h>
#include <stdlib.h>

#include "alloc/mem.h"
#include "alloc/raw.h"
#include "alloc/space.h"
#include "bench/allocators.h"
#include "fuzz/run.h"

enum { OURS, CPYTHON, LIBC, MIMALLOC, JEMALLOC, PEERS };

static const char *const names[] = {"pymalloc", "cpython", "glibc", "mimalloc", "jemalloc"};
static PyMemAllocatorEx peers[PEERS];
static unsigned now; /* which runs */

static space_t space; /* ours */
static const PyMemAllocatorEx large = RAW_ALLOCATOR;

static void open_peer(unsigned i, const char *kind, const char *library) {
  if (allocator_open(kind, library, &peers[i])) return;
  fprintf(stderr, "differential: cannot load %s; tools/setup installs it\n", library);
  exit(2);
}

static void open_peers(void) {
  PyObject_Free(NULL); /* a program may begin with this; other targets begin otherwise */
  peers[OURS] = (PyMemAllocatorEx){&space, space_malloc, space_calloc, space_realloc, space_free};
  open_peer(CPYTHON, "cpython", "libpython3.11.so.1.0");
  open_peer(LIBC, "libc", "libc.so.6");
  open_peer(MIMALLOC, "libc", "libmimalloc.so.2.0");
  open_peer(JEMALLOC, "libc", "libjemalloc.so.2");
}

/* The answers of the first run. */

#define ANSWERS 65536u

typedef enum { NO_MEMORY, MEMORY, STAYED, MOVED } answer_t; /* the last two: a block of a pool */

static struct {
  unsigned count; /* of this run so far */
  uint8_t first[ANSWERS];
} answers;

/* Compares an answer with that of our own allocator; remembers it if it is ours. */
static void answer(answer_t is) {
  unsigned i = answers.count++ % ANSWERS;
  if (now == OURS) answers.first[i] = (uint8_t)is;
  answer_t was = answers.first[i];
  RUN_EXPECT("PM-MALLOC-04", (was == NO_MEMORY) == (is == NO_MEMORY), names[now]);
  RUN_EXPECT("PM-REALLOC-04", was < STAYED || is < STAYED || was == is, names[now]);
}

/* The C libraries align a block to what fits into it, and a realloc to 0 bytes frees: so
   they are asked for 16 bytes at least. */
static size_t asked(size_t n) { return now >= LIBC && n < 16 ? 16 : n; }

/* What no allocator has (and what only the model and ours know to be too much). */
static bool too_much(size_t n) {
  sys.refused |= n > SYSTEM_MOST;
  return n > SYSTEM_MOST && now != OURS;
}

static void *peer_malloc(unsigned who, size_t n) {
  (void)who;
  void *p = too_much(n) ? NULL : peers[now].malloc(peers[now].ctx, asked(n));
  answer(p == NULL ? NO_MEMORY : MEMORY);
  return p;
}

static void *peer_calloc(unsigned who, size_t nelem, size_t elsize) {
  size_t n;
  (void)who;
  if (__builtin_mul_overflow(nelem, elsize, &n)) n = SIZE_MAX;
  bool few = now >= LIBC && n < 16;
  void *p =
      too_much(n) ? NULL : peers[now].calloc(peers[now].ctx, few ? 16 : nelem, few ? 1 : elsize);
  answer(p == NULL ? NO_MEMORY : MEMORY);
  return p;
}

/* A block stays where it was by PM-REALLOC-04 if it is of a pool. */
static void *peer_realloc(unsigned who, void *p, size_t n) {
  (void)who;
  const model_block_t *b = model_at(&model, (uintptr_t)p);
  bool pooled = b != NULL && b->pooled;
  void *q = too_much(n) ? NULL : peers[now].realloc(peers[now].ctx, p, asked(n));
  answer(q == NULL ? NO_MEMORY : !pooled ? MEMORY : q == p ? STAYED : MOVED);
  return q;
}

static void peer_free(unsigned who, void *p) {
  (void)who;
  peers[now].free(peers[now].ctx, p);
}

static size_t peer_usable(unsigned who, const void *p) {
  (void)who, (void)p;
  return MODEL_UNTOLD;
}

static void peer_open(const op_t *op) {
  (void)op; /* inputs don't open: it is once a run */
  if (peers[OURS].malloc == NULL) open_peers();
  now = run_number();
  system_enter();
  if (now == OURS) space_open(&space, REGION_SYSTEM, 1 << 25, NULL, &large);
  system_leave();
  answers.count = 0;
  model.rules[0] = (model_rules_t){.classes = now <= CPYTHON, .zero_small = now == OURS};
}

static void nothing(const op_t *op) { (void)op; }

static void close_peer(void) {
  system_enter();
  if (now == OURS) space_close(&space);
  system_leave();
}

const target_t target = {
  .name = "differential",
  .kinds = KIND(OP_MALLOC) | KIND(OP_CALLOC) | KIND(OP_REALLOC) | KIND(OP_FREE) | KIND(OP_CHECK),
  .who = 1,
  .runs = PEERS,
  .open = peer_open,
  .malloc = peer_malloc,
  .calloc = peer_calloc,
  .realloc = peer_realloc,
  .free = peer_free,
  .usable = peer_usable,
  .check = nothing,
  .close = close_peer,
};
