#define _GNU_SOURCE
#include "fuzz/run.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/ops_text.h"

#define INPUT_WORK 30000u             /* of one input: its calls, and the KiB that they ask for */
#define LIVE_BYTES ((size_t)16 << 20) /* at once, at most */

model_t model;

static model_block_t *slots[OP_SLOTS];
static uint64_t full[OP_SLOTS / 64]; /* which slots have a block */
static size_t live_bytes;
static uintptr_t freed;
static unsigned calls;               /* of this input */
static size_t work;                  /* the KiB, and what takes as long */

static struct { /* for messages */
  unsigned run;
  size_t index;
  op_t op;
} now;

/* The count of all calls so far.  With FUZZ_COUNT=FILE it is in that file, which many
   processes can share, and which outlives them. */
static uint64_t *total;

static uint64_t *count_place(void) {
  static uint64_t here;
  const char *name = getenv("FUZZ_COUNT");
  if (name == NULL) return &here;
  int fd = open(name, O_RDWR | O_CREAT, 0666);
  if (fd < 0 || ftruncate(fd, sizeof here) != 0) return &here;
  void *p = mmap(NULL, sizeof here, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  return p == MAP_FAILED ? &here : p;
}

unsigned run_number(void) { return now.run; }
uint64_t run_total(void) { return *total; }

static void broken(const char *rule, const char *how) {
  char text[OP_TEXT];
  system_leave();
  op_print(&now.op, text);
  fprintf(stderr, "%s: operation %zu: %s\n%s is broken: %s\n", target.name, now.index, text, rule,
          how);
  fflush(stderr);
  abort();
}

/* Slots. */

/* The first slot from s on, and round, that has a block (or has none, if `flip` is all
   bits); OP_SLOTS if there is none. */
static unsigned slot_next(unsigned s, uint64_t flip) {
  uint64_t word = (full[s / 64] ^ flip) & UINT64_MAX << s % 64;
  for (unsigned i = 0, w = s / 64; i <= OP_SLOTS / 64; i++) {
    if (word != 0) return w * 64 + (unsigned)__builtin_ctzll(word);
    w = (w + 1) % (OP_SLOTS / 64);
    word = full[w] ^ flip;
  }
  return OP_SLOTS;
}

static void slot_set(unsigned s, model_block_t *b) {
  uint64_t bit = (uint64_t)1 << s % 64;
  if (slots[s] != NULL) live_bytes -= slots[s]->size;
  slots[s] = b;
  if (b != NULL) live_bytes += b->size;
  full[s / 64] = b == NULL ? full[s / 64] & ~bit : full[s / 64] | bit;
}

model_block_t *run_block(unsigned slot) {
  unsigned s = slot_next(slot % OP_SLOTS, 0);
  return s == OP_SLOTS ? NULL : slots[s];
}

bool run_can_have(const op_t *op, size_t n) {
  calls++;
  if (slot_next(op->slot, UINT64_MAX) == OP_SLOTS) return false;
  if (n > LIVE_BYTES) return n > SYSTEM_MOST; /* those are refused */
  work += n / 1024;
  return live_bytes + n < LIVE_BYTES;
}

void run_have(const op_t *op, model_block_t *b) {
  if (b != NULL) slot_set(slot_next(op->slot, UINT64_MAX), b);
}

model_result_t run_result(unsigned who, const void *p) {
  system_leave();
  return (model_result_t){.family = who, .p = p, .refused = sys.refused,
                          .usable = p == NULL ? 0 : target.usable(who, p)};
}

uintptr_t run_freed(void) { return freed; }
void run_work(size_t n) { work += n; }

/* The operations, each done once. */

static void do_malloc(const op_t *op) {
  size_t n = op_size(op->arg);
  if (!run_can_have(op, n)) return;
  system_enter();
  void *p = target.malloc(op->who, n);
  RUN_EXPECT("PM-MALLOC-04", n <= MODEL_MOST || sys.asked == 0, "the system is asked for too much");
  run_have(op, model_malloc(&model, n, run_result(op->who, p)));
}

static void do_calloc(const op_t *op) {
  size_t nelem = op_size(op->arg), elsize = op_elsize(op->by), n;
  if (__builtin_mul_overflow(nelem, elsize, &n)) n = SIZE_MAX;
  if (!run_can_have(op, n)) return;
  system_enter();
  void *p = target.calloc(op->who, nelem, elsize);
  run_have(op, model_calloc(&model, nelem, elsize, run_result(op->who, p)));
}

/* realloc of what is in the slot; of NULL if nothing is live.  A block goes back to
   the family that it came from, whatever the operation says. */
static void do_realloc(const op_t *op) {
  size_t n = op_size(op->arg);
  unsigned s = slot_next(op->slot, 0);
  model_block_t *b = s == OP_SLOTS ? NULL : slots[s];
  if (!run_can_have(op, n)) return;
  unsigned who = b == NULL ? op->who : b->family;
  if (b != NULL) model_check(&model, b);
  system_enter();
  void *p = target.realloc(who, b == NULL ? NULL : (void *)b->address, n);
  if (b != NULL) live_bytes -= b->size, slots[s] = NULL;
  b = model_realloc(&model, b, n, run_result(who, p));
  if (s == OP_SLOTS) run_have(op, b);
  else slot_set(s, b);
}

static void free_slot(unsigned s) {
  model_block_t *b = slots[s];
  unsigned who = b->family;
  freed = b->address;
  slot_set(s, NULL);
  model_free(&model, b);
  system_enter();
  target.free(who, (void *)freed);
  system_leave();
  calls++;
}

/* free of what is in the slot; of NULL if nothing is live. */
static void do_free(const op_t *op) {
  unsigned s = slot_next(op->slot, 0);
  if (s != OP_SLOTS) {
    free_slot(s);
    return;
  }
  system_enter();
  target.free(op->who, NULL);
  system_leave();
  calls++;
}

static void do_check(const op_t *op) {
  model_check_all(&model);
  target.check(op);
  calls++;
}

static void close_all(void) {
  for (unsigned s = slot_next(0, 0); s != OP_SLOTS; s = slot_next(s, 0)) free_slot(s);
  model_check_empty(&model);
  target.check(&(op_t){.kind = OP_CHECK});
  target.close();
  RUN_EXPECT("PM-FREE-03", sys.blocks == 0, "blocks of the C library were not given back");
  RUN_EXPECT("PM-REGION-08", sys.maps == 0, "pages of the system were not given back");
}

static void open_new(const op_t *op) {
  model_init(&model);
  freed = 0;
  target.open(op);
  system_leave();
}

static void do_open(const op_t *op) {
  close_all();
  open_new(op);
  calls++;
}

static void (*function_of(op_kind_t kind))(const op_t *op) {
  switch (kind) {
    case OP_MALLOC: return do_malloc;
    case OP_CALLOC: return do_calloc;
    case OP_REALLOC: return do_realloc;
    case OP_FREE: return do_free;
    case OP_CHECK: return do_check;
    case OP_OPEN: return do_open;
    case OP_FAIL: return target.fail;
    case OP_MISUSE: return target.misuse;
    case OP_OBJECT: return target.object;
    case OP_HOOK: return target.hook;
    default: return target.write;
  }
}

/* An operation, as many times as it says, going on to other slots. */
static void do_op(op_t op) {
  if ((target.kinds >> op.kind & 1) == 0) return;
  bool many = op.kind <= OP_FREE || op.kind == OP_OBJECT;
  unsigned times = many ? op.times : 1, step = op.kind == OP_FREE ? op.by + 1u : 1u;
  void (*function)(const op_t *) = function_of(op.kind);
  size_t most = target.work > 0 ? target.work : INPUT_WORK;
  if (op.kind != OP_OPEN && op.kind != OP_FAIL) op.who = (uint8_t)(op.who % target.who);
  for (unsigned i = 0; i < times && calls + work < most; i++) {
    function(&op);
    op.slot = (uint16_t)((op.slot + step) % OP_SLOTS);
  }
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
  (void)argc, (void)argv;
  total = count_place();
  model_broken = broken;
  return 0;
}

static void run_once(const uint8_t *data, size_t size) {
  calls = 0;
  work = 0;
  system_start();
  now.op = (op_t){.kind = OP_OPEN, .times = 1};
  open_new(&now.op);
  for (now.index = 0; now.index < size / OP_BYTES; now.index++) {
    now.op = op_read(data + now.index * OP_BYTES);
    do_op(now.op);
  }
  now.op = (op_t){.kind = OP_CHECK, .times = 1}; /* the end is no operation of its own */
  close_all();
  __atomic_fetch_add(total, calls, __ATOMIC_RELAXED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (total == NULL) LLVMFuzzerInitialize(NULL, NULL);
  for (now.run = 0; now.run < target.runs + (target.runs == 0); now.run++) run_once(data, size);
  return 0;
}
