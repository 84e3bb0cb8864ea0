#include "fuzz/debug_common.h"

#include <stdio.h>
#include <string.h>

#include "alloc/debug.h"
#include "alloc/raw.h"
#include "alloc/select.h"
#include "alloc/stats.h"
#include "fuzz/families.h"
#include "tests/families.h"

#define TOO_MUCH ((size_t)1 << 47) /* from there on the layer asks nobody (PM-DEBUG-06) */
#define LOOK_WORK 2500u            /* to look through all blocks takes as long as more calls than that */
#define FREED 512u
#define LEAKS_MOST 60u             /* so many, and their text has room */
#define REPORTS_MOST 4u

static layer_model_t layer;
static PyMemAllocatorEx domains[FAMILIES]; /* the layers */
static uintptr_t freed[FREED]; /* addresses, the last ones */
static unsigned frees;
static bool begun;
static char elsewhere[256];    /* no block of anybody's */
#define NO_ADDRESS ((uintptr_t)1 << 48)

/* The call that is made. */
static struct {
  unsigned family;
  size_t total;               /* that the allocator below must be asked for (PM-DEBUG-01) */
  bool outer;                 /* that is the one below raw, for a block with two frames (PM-DEBUG-02) */
  unsigned asked;             /* how often it was */
  bool had_held;              /* freed blocks, when it first refused */
  bool realloc;
  layer_block_t *again;       /* the freed block that the new one must be */
  const char *lock;           /* the function that is called without the lock */
  unsigned expected, told;    /* misuses */
  layer_misuse_t misuse[LAYER_WRITES];
} call;

static size_t around(void) { return debug_setup.means.serials ? 32 : 24; }

/* The allocators below. */

typedef struct {
  unsigned family;
  PyMemAllocatorEx inner;
  unsigned char *given; /* what the layer got, and made no block of so far */
  unsigned refuse;      /* so many requests */
  unsigned crooked;     /* so many answers will not be aligned */
} below_t;

static below_t below[FAMILIES] = {{.family = RAW}, {.family = MEM}, {.family = OBJ}};

/* Through a space, raw's layer may be asked, and use a freed block of its own again. */
static unsigned char *inner_new(const below_t *b, size_t total, bool zero) {
  if (b->refuse > 0) return NULL;
  if (zero) return b->inner.calloc(b->inner.ctx, 1, total);
  layer_block_t *again = b->family == RAW ? NULL : layer_again(&layer, RAW, total);
  unsigned char *base = b->inner.malloc(b->inner.ctx, total);
  bool used = again != NULL && base == layer_start(again);
  if (again != NULL) layer_used(&layer, again, used);
  if (used) layer_new(&layer, RAW, base, total, total, false, false);
  return base;
}

/* What came from raw's layer, through the space, is a block there; its bytes are the other
   layer's business. */
static void new_in_raw(const below_t *b, unsigned char *base, size_t total) {
  below_t *raw = &below[RAW];
  if (b == raw || raw->given == NULL || raw->given + LAYER_LEAD != base) return;
  raw->given = NULL;
  layer_new(&layer, RAW, base, total, total, false, false);
}

/* The allocator that the layer of the call must ask. */
static below_t *below_call(void) { return &below[call.outer ? RAW : call.family]; }

/* Raw's layer has a lock of its own; what goes past that layer does not take it. */
static void expect_lock_of_raw(const below_t *b, bool past) {
  if (b->family == RAW) RUN_EXPECT("PM-FAMILY-03", sys.locks == !past, "raw's lock");
}

static void *below_new(below_t *b, size_t total, bool zero) {
  bool direct = b == below_call();
  size_t shift = b->crooked > 0 ? (size_t)1 << b->crooked % 4 : 0;
  RUN_EXPECT("PM-DEBUG-04", call.expected == 0, "a misuse goes on");
  expect_lock_of_raw(b, direct && call.outer);
  if (direct) RUN_EXPECT("PM-DEBUG-01", total == call.total, "another size than a block with its frame");
  unsigned char *base = inner_new(b, total + shift, zero);
  if (direct && call.asked++ == 0) call.had_held = layer_books(&layer, call.family)->held > 0;
  if (base == NULL) {
    b->refuse -= b->refuse > 0;
    layer_urge(&layer, direct ? call.family : b->family);
    return NULL;
  }
  new_in_raw(b, base, total + shift);
  b->crooked -= shift > 0;
  sys.refused |= shift > 0;
  b->given = base + shift;
  return b->given;
}

/* A new block's memory, which the layer does not want: it is freed in raw's layer too, if it
   is of that. */
static void give_back(const below_t *b, unsigned char *base) {
  layer_block_t *within = b->family == RAW ? NULL : layer_at(&layer, RAW, base), *was = layer.leaving;
  if (within != NULL) layer_leave(&layer, within);
  b->inner.free(b->inner.ctx, base);
  if (within != NULL) layer_left(&layer, within, true);
  layer.leaving = was;
}

static void *below_malloc(void *ctx, size_t n) { return below_new(ctx, n, false); }

static void *below_calloc(void *ctx, size_t nelem, size_t elsize) {
  return below_new(ctx, nelem * elsize, true);
}

static void *below_realloc(void *ctx, void *p, size_t n) {
  (void)ctx, (void)p, (void)n;
  model_broken("PM-DEBUG-13", "the allocator below is asked for a realloc");
  return NULL;
}

static void below_free(void *ctx, void *p) {
  below_t *b = ctx;
  unsigned char *base = (unsigned char *)p - (uintptr_t)p % 16;
  if (p == b->given) {
    RUN_EXPECT("PM-DEBUG-01", base != p || sys.refused, "what is aligned is given back");
    b->given = NULL;
    give_back(b, base);
    return;
  }
  layer_back(&layer, b->family, p);
  b->inner.free(b->inner.ctx, p);
  if (b->family != RAW) layer_back_done(&layer);
}

void *debug_space_new(size_t n, bool zero) {
  below_t *b = &below[call.family == OBJ ? OBJ : MEM];
  return begun ? below_new(b, n, zero) : inner_new(b, n, zero);
}

void debug_space_free(void *p) {
  below_t *b = &below[p == below[OBJ].given ? OBJ : MEM]; /* they have books in common */
  if (begun) below_free(b, p);
  else b->inner.free(b->inner.ctx, p);
}

/* Reports. */

static const char *const family_names[] = {"raw", "mem", "obj"};

static void report(void *misuse) { pymalloc_report_misuse(misuse); }

static unsigned count_of(const char *text, const char *what) {
  unsigned n = 0;
  for (; (text = strstr(text, what)) != NULL; text += strlen(what)) n++;
  return n;
}

static void expect_text(const char *text, const char *want) {
  if (strstr(text, want) == NULL) {
    fprintf(stderr, "there is no: %s\nin: ", want);
    model_broken("PM-DEBUG-04", text);
  }
}

/* How many wrong bytes of a block are shown: of a freed one, sixteen at most. */
static unsigned wrong_bytes(const layer_block_t *b) {
  unsigned n = b == NULL || b->state == LAYER_GONE ? 0 : layer_writes(&layer, b);
  return n > 16 && b->state == LAYER_HELD ? 16 : n;
}

/* What is said of a block's frame, or of its bytes when it is freed. */
static void expect_bytes_text(const char *text, bool of_freed, bool damaged) {
  unsigned well = count_of(text, "FORBIDDENBYTE, as expected.\n"), not = count_of(text, "not all FORBIDDENBYTE (0x");
  if (!of_freed) RUN_EXPECT("PM-DEBUG-04", well + not == 2, text);
  else RUN_EXPECT("PM-DEBUG-04", count_of(text, " are not all DEADBYTE (0x") == damaged, text);
}

/* The report of a misuse has the facts, and comes to its end. */
static void expect_report(const pymalloc_misuse *m, const layer_block_t *b) {
  char want[256];
  const char *text;
  system_t was = sys;
  sys.slow = true;
  ended_t ended = system_run(report, (void *)m, &text);
  RUN_EXPECT("PM-DEBUG-04", ended == ENDED_NOT && sys.asked == 0, "a report needs memory, or ends");
  sys = was;
  snprintf(want, sizeof want, "Debug memory block at address p=%p: API '%c'\n    %zu bytes originally requested\n",
           (void *)m->block, m->made_by, m->size);
  if (m->block != NULL) expect_text(text, want);
  snprintf(want, sizeof want, m->function == NULL ? "Damaged block: " : "Fatal Python error: %s: ", m->function);
  expect_text(text, want);
  snprintf(want, sizeof want, "    Address: %p", m->address);
  if (m->kind != PYMALLOC_WITHOUT_LOCK) expect_text(text, want);
  snprintf(want, sizeof want, "    Used by: %s\n    Look for: ", m->function == NULL
           ? "nobody; found by a check" : family_names[m->family == 'r' ? RAW : m->family == 'm' ? MEM : OBJ]);
  expect_text(text, want);
  RUN_EXPECT("PM-DEBUG-04", text[strlen(text) - 1] == '\n', "a report has no end");
  RUN_EXPECT("PM-DEBUG-04", count_of(text, "*** OUCH") == wrong_bytes(b), text);
  if (m->block != NULL) expect_bytes_text(text, m->freed, wrong_bytes(b) > 0);
  RUN_EXPECT("PM-DEBUG-16", m->stack == NULL || m->block == NULL ||
             count_of(text, "\n[0x") == m->stack->depth, text);
}

static bool block_is(const pymalloc_misuse *m, const layer_misuse_t *want) {
  const layer_block_t *b = want->block;
  if (b == NULL) return m->block == NULL && m->made_by == 0;
  return m->block == (b->state == LAYER_GONE ? NULL : layer_start(b)) && m->size == b->extent.size &&
         m->made_by == "rmo"[b->extent.family] && m->freed == (b->state != LAYER_LIVE) &&
         (unsigned)m->part == (unsigned)want->part &&
         m->serial == (debug_setup.means.serials ? b->extent.serial : 0) &&
         (m->stack != NULL) == (debug_setup.stack_depth > 0) &&
         (m->stack == NULL || (m->stack->depth > 0 && m->stack->depth <= debug_setup.stack_depth));
}

/* An address of which the model knows no block of this input may have had one before, in the
   caller's own books, where the layer looks first. */
static bool before(const pymalloc_misuse *m, const layer_misuse_t *want) {
  const layer_block_t *b = want->block;
  bool unknown = want->kind == LAYER_NOT_A_BLOCK ||
                 (b != NULL && b->state == LAYER_GONE &&
                  layer_books(&layer, b->extent.family) != layer_books(&layer, call.family));
  bool twice = m->kind == PYMALLOC_DOUBLE_FREE || m->kind == PYMALLOC_REALLOC_FREED;
  return unknown && twice && m->block == NULL && want->address % 16 == 0 &&
         want->address - (uintptr_t)elsewhere >= sizeof elsewhere;
}

static void expect_misuse(const pymalloc_misuse *m, const layer_misuse_t *want, const char *function) {
  char text[200];
  bool same = (unsigned)m->kind + 1 == (unsigned)want->kind && block_is(m, want);
  snprintf(text, sizeof text, "kind %d of block %p (%zu bytes, part %d) at %p; not %d (part %d)", m->kind + 1,
           (void *)m->block, m->size, m->part, m->address, want->kind, want->part);
  RUN_EXPECT("PM-DEBUG-04", (same || before(m, want)) && (uintptr_t)m->address == want->address, text);
  RUN_EXPECT("PM-DEBUG-04", (m->function == NULL) == (function == NULL) &&
             (function == NULL || strcmp(m->function, function) == 0), "another function's name");
  expect_report(m, want->block);
}

static void expect_lock(const pymalloc_misuse *m) {
  RUN_EXPECT("PM-DEBUG-11", m->kind == PYMALLOC_WITHOUT_LOCK && strcmp(m->function, call.lock) == 0 &&
             m->block == NULL && m->family == "rmo"[call.family], "another report");
  expect_report(m, NULL);
}

static void free_within(void *p) { families[call.family].free(p); }

/* A handler's own misuse ends the process (PM-DEBUG-15). */
static void misuse_within(void) {
  const char *text;
  system_t was = sys;
  run_work(LOOK_WORK);
  RUN_EXPECT("PM-DEBUG-15", system_run(free_within, elsewhere, &text) == ENDED_ABORT, "a handler's misuse goes on");
  sys = was;
}

/* The handler: each misuse must be the one that the model has next; and what is not of
   the call itself must be of a freed block that goes. */
static void told(const pymalloc_misuse *m) {
  static const char free_name[] = "_PyMem_DebugRawFree", realloc_name[] = "_PyMem_DebugRawRealloc";
  if (call.lock != NULL) {
    call.told++;
    expect_lock(m);
  } else if (call.told < call.expected) {
    const char *function = call.realloc ? realloc_name : free_name;
    RUN_EXPECT("PM-DEBUG-04", m->function == NULL || m->family == "rmo"[call.family], "another family");
    expect_misuse(m, &call.misuse[call.told], m->function == NULL ? NULL : function);
    if (call.misuse[call.told].kind == LAYER_NOT_A_BLOCK) misuse_within();
    call.told++;
  } else {
    layer_misuse_t want = layer_wrong_going(&layer, m->family == 'r' ? RAW : MEM);
    RUN_EXPECT("PM-DEBUG-08", want.block != NULL && m->family == "rmo"[want.block->extent.family],
               "a report for nothing");
    expect_misuse(m, &want, free_name);
  }
}

static int lock_held(void) { return call.lock == NULL; }

/* Calls. */

static void call_begin(unsigned family, size_t n) {
  RUN_EXPECT("PM-FAMILY-03", sys.locks == 0, "a lock is kept");
  call.family = family;
  call.total = n + around();
  call.outer = debug_setup.space.malloc != NULL && family != RAW && call.total > MODEL_SMALL;
  call.total += call.outer ? around() : 0;
  call.asked = call.told = call.expected = 0;
  call.had_held = call.realloc = false;
  call.again = NULL;
  call.lock = NULL;
  sys.refused |= n >= TOO_MUCH;
}

/* The same for malloc and realloc, which may use a freed block again. */
static void call_begin_new(unsigned family, size_t n) {
  call_begin(family, n);
  if (!call.outer) call.again = layer_again(&layer, family, n);
}

/* It has. */
static void *call_end_again(void *p, size_t n, size_t kept) {
  RUN_EXPECT("PM-DEBUG-08", p == layer_start(call.again) && call.asked == 0, "a freed block is not used again");
  layer_used(&layer, call.again, true);
  layer_new(&layer, call.family, p, n, kept, false, false);
  return p;
}

/* A call that asks for memory has returned: a block of which the first bytes are kept. */
static void *call_end(void *p, size_t n, size_t kept, bool zero) {
  if (call.again != NULL) return call_end_again(p, n, kept);
  below_t *b = below_call();
  size_t lead = call.outer ? 2 * LAYER_LEAD : LAYER_LEAD;
  if (p == NULL) {
    bool refused = call.asked > 0 && layer_books(&layer, call.family)->held == 0;
    RUN_EXPECT("PM-DEBUG-01", b->given == NULL && below[RAW].given == NULL, "memory is lost");
    RUN_EXPECT("PM-DEBUG-08", !refused || call.asked == 1u + call.had_held, "it is asked not once more");
    return NULL;
  }
  RUN_EXPECT("PM-DEBUG-02", p == b->given + lead, "the block is elsewhere than behind its frame");
  b->given = NULL;
  layer_new(&layer, call.family, p, n, kept, zero, call.outer);
  return p;
}

void *debug_malloc(unsigned who, size_t n) {
  call_begin_new(who, n);
  return call_end(families[who].malloc(n), n, 0, false);
}

void *debug_calloc(unsigned who, size_t nelem, size_t elsize) {
  size_t n;
  if (__builtin_mul_overflow(nelem, elsize, &n)) n = SIZE_MAX - around();
  call_begin(who, n);
  if (n > MODEL_MOST)
    RUN_EXPECT("PM-CALLOC-01", domains[who].calloc(domains[who].ctx, nelem, elsize) == NULL,
               "the layer alone serves too much");
  return call_end(families[who].calloc(nelem, elsize), n, 0, true);
}

/* A call that is wrong, where nobody handles it: the report, and the end of the process,
   which the fuzzer prevents. */
static void free_wrong(void *p) { families[call.family].free(p); }

static void call_wrong_ends(unsigned who, void *p) {
  const char *text;
  call_begin(who, 0);
  call.expected = 1; /* so nothing may be asked for */
  pymalloc_set_misuse_handler(NULL);
  ended_t ended = system_run(free_wrong, p, &text);
  pymalloc_set_misuse_handler(told);
  RUN_EXPECT("PM-DEBUG-04", ended == ENDED_ABORT, "a misuse does not end the process");
  expect_text(text, "Fatal Python error: _PyMem_DebugRawFree: ");
  RUN_EXPECT("PM-DEBUG-04", text[strlen(text) - 1] == '\n', "a report has no end");
}

/* The same with a handler: it is told, and the call has no effect. */
static void call_wrong(unsigned who, void *p, bool realloc, layer_misuse_t m) {
  call_begin(who, 0);
  call.expected = 1;
  call.misuse[0] = m;
  call.realloc = realloc;
  if (!realloc) families[who].free(p);
  else RUN_EXPECT("PM-DEBUG-15", families[who].realloc(p, 40) == NULL, "a wrong realloc returns a block");
  RUN_EXPECT("PM-DEBUG-04", call.told == 1 && call.asked == 0, "a misuse goes on");
}

/* The block of an address that is right to free; if its frame is damaged, it is not freed
   until that is mended. */
static layer_block_t *block_right(unsigned who, void *p, bool realloc) {
  layer_block_t *b = layer_at(&layer, who, p);
  layer_misuse_t m = layer_wrong(&layer, who, (uintptr_t)p, realloc);
  if (m.kind == LAYER_RIGHT) return b;
  call_wrong(who, p, realloc, m);
  layer_mend(&layer, b);
  return b;
}

void *debug_realloc(unsigned who, void *p, size_t n) {
  if (p == NULL) {
    call_begin_new(who, n);
    return call_end(families[who].realloc(NULL, n), n, 0, false);
  }
  layer_block_t *b = block_right(who, p, true);
  size_t old = b->extent.size;
  call_begin_new(who, n);
  layer_leave(&layer, b);
  void *q = call_end(families[who].realloc(p, n), n, old < n ? old : n, false);
  RUN_EXPECT("PM-DEBUG-13", q != p, "a realloc does not move");
  layer_left(&layer, b, q != NULL);
  if (q != NULL) freed[frees++ % FREED] = (uintptr_t)p;
  return q;
}

void debug_free(unsigned who, void *p) {
  layer_block_t *b = p == NULL ? NULL : block_right(who, p, false);
  call_begin(who, 0);
  if (b != NULL) layer_leave(&layer, b);
  families[who].free(p);
  if (b != NULL) layer_left(&layer, b, true);
  if (b != NULL) freed[frees++ % FREED] = (uintptr_t)p;
}

size_t debug_usable(unsigned who, const void *p) {
  (void)who, (void)p;
  return MODEL_UNTOLD;
}

/* Operations. */

void debug_fail(const op_t *op) {
  if (op->who < SYSTEM_SOURCES) system_fail(op->who, op->by, op->times);
  else below[op->who % FAMILIES].crooked = op->times;
}

static void call_without_lock(const op_t *op) {
  static const char *const functions[] = {"_PyMem_DebugMalloc", "_PyMem_DebugCalloc",
                                          "_PyMem_DebugRealloc", "_PyMem_DebugFree"};
  const family_t *f = &families[op->who];
  void *p = elsewhere, *q = NULL;
  if (op->who == RAW) return;
  call_begin(op->who, 0);
  pymalloc_set_lock_check(lock_held);
  call.lock = functions[op->arg % 4];
  switch (op->arg % 4) {
    case 0: q = f->malloc(op->arg); break;
    case 1: q = f->calloc(op->arg, 1); break;
    case 2: q = f->realloc(p, op->arg); break;
    default: f->free(p);
  }
  call.lock = NULL;
  RUN_EXPECT("PM-DEBUG-11", q == NULL && call.told == 1 && call.asked == 0, "a call without the lock");
}

/* Whether the layer looks through all its blocks for a misuse. */
static bool far(const layer_misuse_t *m) {
  return m->kind == LAYER_INTERIOR || m->block == NULL || m->block->state == LAYER_GONE;
}

/* A wrong address, as an operation says; 0: there is none this time. */
static uintptr_t some_wrong(const op_t *op) {
  const model_block_t *b = run_block(op->slot);
  const layer_block_t *held = layer_held(&layer, op->who, op->slot);
  uintptr_t base = (uintptr_t)pymalloc_space()->region.base;
  switch (op->by / 2 % 8) {
    case 0: return run_freed();
    case 1: return b == NULL ? 0 : b->address - 2 * LAYER_LEAD + op->arg % (b->size + 64);
    case 2: return base == 0 ? 0 : base + op->arg * (pymalloc_space()->region.size >> 16);
    case 3: return op->arg < 256 ? (uintptr_t)elsewhere + op->arg : NO_ADDRESS + op->arg;
    case 4: return b == NULL ? 0 : b->address;
    case 5: return held == NULL ? 0 : (uintptr_t)layer_start(held);
    default: return freed[op->slot % FREED];
  }
}

void debug_misuse(const op_t *op) {
  uintptr_t address = some_wrong(op);
  bool realloc = op->by % 2 == 1;
  layer_misuse_t m = layer_wrong(&layer, op->who, address, realloc);
  system_enter();
  if (op->by / 2 % 8 == 7) call_without_lock(op);
  else if (address != 0 && m.kind != LAYER_RIGHT) {
    run_work(far(&m) ? LOOK_WORK : 1);
    if (op->by < 128) call_wrong(op->who, (void *)address, realloc, m);
    else call_wrong_ends(op->who, (void *)address);
  }
  system_leave();
}

/* In the frame of a block, or anywhere in a freed one; or (`at` 32768 and more) in the frame
   of raw around it, if it has one. */
void debug_write(const op_t *op) {
  const model_block_t *live = run_block(op->slot);
  const layer_block_t *b = NULL;
  if (op->who > 0) b = layer_held(&layer, op->who == 1 ? MEM : RAW, op->slot);
  else if (live != NULL) b = layer_at(&layer, live->family, (void *)live->address);
  if (b != NULL && op->arg >= 32768 && b->outer != NULL) b = b->outer;
  else if (b != NULL && op->arg >= 32768 && op->who == 0) b = layer_at(&layer, RAW, (void *)b->extent.address);
  if (b != NULL) layer_write(&layer, b, op->arg % 32768u, op->by);
}

static void run_leaks(void *arg) { *(size_t *)arg = pymalloc_report_leaks(); }

static void check_leaks(void) {
  char want[80];
  const char *text;
  size_t bytes, live = layer_live(&layer, &bytes), said;
  system_run(run_leaks, &said, &text);
  RUN_EXPECT("PM-DEBUG-16", said == live, "more or fewer blocks are not freed");
  snprintf(want, sizeof want, "Not freed in all: %zu blocks, %zu bytes\n", live, bytes);
  if (live > LEAKS_MOST) return;
  RUN_EXPECT("PM-DEBUG-16", count_of(text, "Not freed: 0x") == live, text);
  RUN_EXPECT("PM-DEBUG-16", strcmp(strstr(text, "Not freed in all"), want) == 0, text);
}

static void run_check(void *arg) { *(size_t *)arg = pymalloc_check_everything(); }

/* Where nobody handles misuse, a check writes a report for each damaged block, and goes on. */
static void check_reports(size_t damaged) {
  const char *text;
  size_t said;
  pymalloc_set_misuse_handler(NULL);
  ended_t ended = system_run(run_check, &said, &text);
  pymalloc_set_misuse_handler(told);
  RUN_EXPECT("PM-DEBUG-12", ended == ENDED_NOT && said == damaged, "a check ends, or finds more or less");
  RUN_EXPECT("PM-DEBUG-12", count_of(text, "\nDamaged block: ") == damaged, text);
}

/* All frames by the model; with `by` odd, or if there is damage, by the layer too. */
void debug_check(const op_t *op) {
  layer_check_all(&layer);
  if (op->by % 2 == 0 && layer.writes == 0) return;
  run_work(LOOK_WORK);
  call_begin(RAW, 0);
  call.expected = layer_damaged(&layer, call.misuse);
  size_t damaged = pymalloc_check_everything();
  RUN_EXPECT("PM-DEBUG-12", damaged == call.expected && call.told == damaged, "a damaged block is missed");
  if (op->by >= 128 && damaged <= REPORTS_MOST) check_reports(damaged);
  if (op->by % 4 == 3) check_leaks();
}

/* The beginning and the end. */

/* Over each domain once: a second time changes nothing. */
static void setup_hooks(void) {
  PyMemAllocatorEx was, now;
  PyMem_SetupDebugHooks();
  for (int f = 0; f < FAMILIES; f++) {
    PyMem_GetAllocator(families[f].domain, &was);
    PyMem_SetupDebugHooks();
    PyMem_GetAllocator(families[f].domain, &now);
    RUN_EXPECT("PM-DEBUG-01", memcmp(&was, &now, sizeof now) == 0, "a layer over a layer");
    RUN_EXPECT("PM-DEBUG-01", now.malloc != below_malloc && now.malloc != debug_setup.space.malloc, "no layer");
  }
}

/* The program is loaded: that is when raw's domain reads PYTHONMALLOC (PM-SELECT-06), between
   these two, which have their places by priority and by the order in which they are linked. */
__attribute__((constructor(101))) static void load_begins(void) {
  debug_begin_load();
  sys.pythonmalloc = debug_setup.at_load;
  system_enter();
}

__attribute__((constructor)) static void load_ends(void) { system_leave(); }

static void free_elsewhere(void *arg) { PyMem_Free(arg); }

/* First use: the layer is over the families, as PYTHONMALLOC says; and nobody was set to be
   asked for the lock, or to be told of misuse. */
static void first_use(void) {
  PyMemAllocatorEx raw;
  const char *text;
  sys.pythonmalloc = debug_setup.at_first_use;
  RUN_EXPECT("PM-DEBUG-14", system_run(free_elsewhere, elsewhere, &text) == ENDED_ABORT, "no block, and it is freed");
  system_enter();
  PyMem_GetAllocator(PYMEM_DOMAIN_RAW, &raw);
  RUN_EXPECT("PM-SELECT-06", (raw.malloc != raw_malloc) == debug_setup.raw, "raw with a layer, or without");
  for (int f = debug_setup.raw ? RAW : MEM; f < FAMILIES; f++) {
    unsigned char *p = families[f].malloc(1);
    RUN_EXPECT("PM-SELECT-04", p[-8] == "rmo"[f] && p[-7] == debug_setup.means.forbidden, "no layer of the family");
    families[f].free(p);
  }
  RUN_EXPECT("PM-MALLOC-07", PyMem_Malloc(SYSTEM_MOST) == NULL, "memory that was refused");
  system_leave();
  layer.books[0].serial = FAMILIES - 1;
  layer.books[1].serial = debug_setup.raw;
}

/* Its blocks go, of which the model does not know, since our allocators refuse; calloc uses none of them again. */
static void forget_first_use(void) {
  for (unsigned f = 0; f < FAMILIES; f++) {
    call_begin(f, 1);
    below[f].refuse = 2;
    system_enter();
    RUN_EXPECT("PM-DEBUG-08", families[f].calloc(1, 1) == NULL, "memory that was refused");
    system_leave();
    below[f].refuse = 0;
  }
}

/* No layers are left, and a domain wants one. */
static void begin_most(void) {
  PyMemAllocatorEx libc = RAW_ALLOCATOR;
  PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &libc);
  debug_begin_most();
  PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &domains[OBJ]);
}

/* Whether the layer of a family is over the space itself. */
static bool over_space(int family) { return family != RAW && debug_setup.space.malloc != NULL; }

static PyMemAllocatorEx with_space(PyMemAllocatorEx functions) {
  functions.ctx = (void *)pymalloc_space();
  return functions;
}

/* Once in a process: the layer is put over our allocators. */
static void begin(void) {
  static const PyMemAllocatorEx libc = RAW_ALLOCATOR;
  PyMemAllocatorEx now;
  for (int f = 0; f < FAMILIES; f++) below[f].inner = over_space(f) ? with_space(debug_setup.real) : libc;
  first_use();
  for (int f = 0; f < FAMILIES; f++) {
    now = (PyMemAllocatorEx){&below[f], below_malloc, below_calloc, below_realloc, below_free};
    if (over_space(f)) now = with_space(debug_setup.space);
    PyMem_SetAllocator(families[f].domain, &now);
  }
  setup_hooks();
  pymalloc_set_misuse_handler(told);
  for (int f = 0; f < FAMILIES; f++) PyMem_GetAllocator(families[f].domain, &domains[f]);
  forget_first_use();
  begin_most();
  families_close_space();
  begun = true;
  system_start(); /* the registries stay */
}

void debug_open(const op_t *op) {
  if (domains[RAW].malloc == NULL) begin();
  op_t choice = *op;
  if (over_space(MEM)) choice.by %= 15; /* it stays over that */
  PyMemAllocatorEx chosen = families_choose(&choice, &domains[RAW]);
  if (!over_space(MEM)) below[MEM].inner = below[OBJ].inner = chosen;
  for (int f = 0; f < FAMILIES; f++) below[f].crooked = 0;
  memset(freed, 0, sizeof freed);
  for (int f = 0; f < FAMILIES; f++) model.rules[f] = (model_rules_t){.no_bytes = true};
  layer_init(&layer, debug_setup.means);
  pymalloc_set_lock_check(NULL); /* until there is a call without the lock: with a check the layer's quick paths rest */
}

/* Makes all that is held back go, by PM-DEBUG-08: calloc uses none of it again. */
static void flush(unsigned family) {
  below[family].refuse = 2;
  system_enter();
  RUN_EXPECT("PM-DEBUG-08", debug_calloc(family, 1, 1) == NULL, "memory that was refused");
  system_leave();
  below[family].refuse = 0;
}

void debug_close(void) {
  const layer_block_t *b;
  pymalloc_stats stats;
  layer_mend(&layer, NULL);
  flush(MEM);
  flush(RAW);
  while ((b = layer_any(&layer, RAW)) != NULL) { /* what raw did not free, when it was damaged */
    system_enter();
    debug_free(RAW, layer_start(b));
    system_leave();
    flush(RAW);
  }
  RUN_EXPECT("PM-FREE-03", layer_any(&layer, MEM) == NULL, "blocks are held back at the end");
  pymalloc_get_stats(pymalloc_space(), &stats);
  RUN_EXPECT("PM-FREE-03", stats.live_blocks == 0 && stats.large_blocks == 0, "blocks are live at the end");
  families_close_space();
}
