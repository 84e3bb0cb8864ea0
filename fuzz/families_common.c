/* The public families, raw, mem and obj, and the object family, on the space of the
   process: opened anew for every input, from any source. */
#define _GNU_SOURCE /* fmemopen */
#include "fuzz/families.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "alloc/domain.h"
#include "alloc/object.h"
#include "alloc/raw.h"
#include "alloc/select.h"
#include "alloc/stats.h"
#include "fuzz/spaces.h"
#include "fuzz/texts.h"
#include "tests/families.h"

#define STEP ((size_t)4 << 20) /* memory is asked for so many bytes at a time */
#define OURS (1u << MEM | 1u << OBJ) /* the families of the space */

static PyMemAllocatorEx first_raw; /* the raw domain, as it was at first */
static model_region_t region;

/* The call that is made, and whether the hook in front of its domain was told. */
static struct {
  bool on, told;
  unsigned who;
  const void *p;
  size_t nelem, n;
} call;

/* Hooks: allocators in front of the domains. */
typedef struct {
  PyMemAllocatorEx below;
  bool on;
} front_t;

static front_t fronts[FAMILIES];

static space_t *process_space(void) { return (space_t *)pymalloc_space(); }

/* What is read of PYTHONMALLOC. */

typedef struct {
  const PyMemAllocatorEx *raw;
  PyMemAllocatorEx allocator;
} chosen_t;

static void select_now(void *arg) {
  chosen_t *chosen = arg;
  chosen->allocator = select_allocator(chosen->raw);
}

/* Chooses, as PYTHONMALLOC says; false when that ends the process, as it must for a
   value that is not known (PM-SELECT-05). */
static bool select_by(const char *value, bool known, chosen_t *chosen) {
  const char *text;
  sys.pythonmalloc = value;
  ended_t ended = system_run(select_now, chosen, &text);
  if (known) {
    RUN_EXPECT("PM-SELECT-01", ended == ENDED_NOT, text);
    return true;
  }
  RUN_EXPECT("PM-SELECT-05", ended == ENDED_EXIT && strstr(text, "unknown allocator") != NULL,
             text);
  return false;
}

static const struct {
  const char *value;
  bool known, pools;
} values[] = {
  {"malloc", true, false}, {NULL, true, true},       {"", true, true},
  {"default", true, true}, {"pymalloc", true, true}, {"jemalloc", false, false},
  {"debug", true, true},   {"pymalloc_debug", true, true}, {"malloc_debug", true, false},
};

/* Of a space that is opened the system's memory is asked for as far as it is needed. */
static void expect_unused(const space_t *space) {
  pymalloc_stats stats;
  pymalloc_get_stats(space, &stats);
  if (space->region.source == REGION_SYSTEM)
    RUN_EXPECT("PM-REGION-03", stats.usable < stats.metadata + STEP, "memory is asked for that is not used");
}

/* A region of its own, of some arenas or (`by` modulo 16 is 14) of as many pools as `arg` says,
   from any source; or what PYTHONMALLOC would choose. */
PyMemAllocatorEx families_choose(const op_t *op, const PyMemAllocatorEx *raw) {
  chosen_t chosen = {.raw = raw};
  space_t *space = process_space();
  size_t value = op->by / 16u % (sizeof values / sizeof *values);
  if (op->by % 16 == 15 && select_by(values[value].value, values[value].known, &chosen)) {
    RUN_EXPECT("PM-SELECT-03", (chosen.allocator.ctx == space) == values[value].pools,
               "the wrong allocator");
    return chosen.allocator;
  }
  static const region_source_t sources[] = {REGION_SYSTEM, REGION_LIBC, REGION_HOOK, REGION_NONE};
  bool exact = op->by % 16 == 14;
  size_t most = exact ? op->arg * (size_t)POOL_SIZE : (1 + op->arg % 8) * STEP;
  system_enter();
  space_open(space, sources[op->who % 4], most, &space_hook, raw);
  system_leave();
  expect_unused(space);
  raw_set_pools(space);
  return (PyMemAllocatorEx){space, space_malloc, space_calloc, space_realloc, space_free};
}

/* Before first use: hooks and sources are set, and the system's pages in the end. */
static void choose_region(void) {
  PyObjectArenaAllocator hook, none = {0}, other = space_hook;
  PyObject_GetArenaAllocator(&hook);
  PyObject_SetArenaAllocator(&none);
  PyObject_SetArenaAllocator(&other);
  PyObject_SetArenaAllocator(&hook);
  void *page = hook.alloc(hook.ctx, 4096);
  RUN_EXPECT("PM-DOMAIN-04", page != NULL, "the hook at first has no pages");
  hook.free(hook.ctx, page, 4096);
  RUN_EXPECT("PM-DOMAIN-04", hook.alloc(hook.ctx, SIZE_MAX / 2) == NULL, "there are no such pages");
  RUN_EXPECT("PM-REGION-06", !pymalloc_set_region(REGION_HOOK, 1 << 24),
             "a source not to be chosen");
  RUN_EXPECT("PM-REGION-06", pymalloc_set_region(REGION_NONE, 0), "before first use");
  RUN_EXPECT("PM-REGION-06", pymalloc_set_region(REGION_LIBC, 0), "before first use");
  RUN_EXPECT("PM-REGION-06", pymalloc_set_region(REGION_SYSTEM, SIZE_MAX), "before first use");
}

/* Domains that there are not: setting their allocator does nothing. */
static void unknown_domains(void) {
  static const unsigned unknown[] = {PYMEM_DOMAIN_OBJ + 1, 7, UINT_MAX};
  PyMemAllocatorEx now = first_raw;
  for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
    PyMem_SetAllocator((PyMemAllocatorDomain)unknown[i], &first_raw);
    PyMem_GetAllocator((PyMemAllocatorDomain)unknown[i], &now);
    RUN_EXPECT("PM-DOMAIN-03", now.malloc == NULL && now.free == NULL,
               "an unknown domain has functions");
  }
}

/* First use, which there is once in a process: before it the region can be chosen, and
   after it not.  Which function makes it depends on the target. */
static void first_use(void) {
  RUN_EXPECT("PM-STATS-04", _PyObject_DebugMallocStats(stderr) == 0, "figures before first use");
  choose_region();
  system_enter();
  if ((target.kinds & KIND(OP_FAIL)) != 0) PyMem_Free(PyMem_Calloc(1, 1));
  else if ((target.kinds & KIND(OP_MISUSE)) != 0) PyMem_Free(PyMem_Realloc(NULL, 1));
  else PyMem_Free(PyMem_Malloc(1));
  PyObject_SetArenaAllocator(&(PyObjectArenaAllocator){0}); /* which is stored, and not called */
  RUN_EXPECT("PM-REGION-06", !pymalloc_set_region(REGION_NONE, 0), "after first use");
  RUN_EXPECT("PM-REGION-01", process_space()->region.size == REGION_MOST,
             "another size than was chosen");
  PyMem_GetAllocator(PYMEM_DOMAIN_RAW, &first_raw);
  families_close();
}

void families_open(const op_t *op) {
  if (first_raw.malloc == NULL) first_use();
  PyMemAllocatorEx chosen = families_choose(op, &first_raw);
  PyMem_SetAllocator(PYMEM_DOMAIN_RAW, &first_raw);
  PyMem_SetAllocator(PYMEM_DOMAIN_MEM, &chosen);
  PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &chosen);
  memset(fronts, 0, sizeof fronts);
  space_tell(MEM, 2, process_space(), &region);
  model.rules[MEM].no_large = model.rules[OBJ].no_large = false;
}

static void call_begin(unsigned who, const void *p, size_t nelem, size_t n) {
  call.on = true, call.told = false, call.who = who, call.p = p, call.nelem = nelem, call.n = n;
}

/* The hook is told of all calls but those for too much. */
static void call_end(bool too_much) {
  call.on = false;
  RUN_EXPECT("PM-DOMAIN-02", call.told == (fronts[call.who].on && !too_much),
             "the domain's allocator is not called, or for nothing");
}

void *families_malloc(unsigned who, size_t n) {
  call_begin(who, NULL, 0, n);
  void *p = families[who].malloc(n);
  call_end(n > MODEL_MOST);
  return p;
}

void *families_calloc(unsigned who, size_t nelem, size_t elsize) {
  call_begin(who, NULL, nelem, elsize);
  void *p = families[who].calloc(nelem, elsize);
  call_end(elsize != 0 && nelem > MODEL_MOST / elsize);
  return p;
}

void *families_realloc(unsigned who, void *p, size_t n) {
  call_begin(who, p, 0, n);
  void *q = families[who].realloc(p, n);
  call_end(n > MODEL_MOST);
  return q;
}

void families_free(unsigned who, void *p) {
  call_begin(who, p, 0, 0);
  families[who].free(p);
  call_end(false);
}

size_t families_usable(unsigned who, const void *p) {
  return who == RAW ? 0 : space_usable(pymalloc_space(), p);
}

/* The figures, as text for everybody (PM-STATS-04), too when `by` is odd. */
void families_check(const op_t *op) {
  static char text[TEXT_MOST];
  const space_t *space = pymalloc_space();
  pymalloc_stats stats;
  if (space->large != NULL) space_check(space, OURS);
  if (op->by % 2 == 0) return;
  pymalloc_get_stats(space, &stats);
  const char *want = space->region.size != 0 ? text_of_figures(&stats) : "";
  text[0] = '\0';
  FILE *out = fmemopen(text, sizeof text, "w");
  int printed = _PyObject_DebugMallocStats(out);
  fclose(out);
  RUN_EXPECT("PM-STATS-04", printed == (space->region.size != 0), "figures printed, or not");
  RUN_EXPECT("PM-STATS-04", strcmp(text, want) == 0, text);
  unknown_domains();
}

void families_close_space(void) {
  system_enter();
  space_close(process_space());
  system_leave();
  memset(process_space(), 0, sizeof(space_t)); /* as before first use */
}

void families_close(void) {
  PyMem_SetAllocator(PYMEM_DOMAIN_RAW, &first_raw);
  families_close_space();
}

void families_fail(const op_t *op) { system_fail(op->who % SYSTEM_SOURCES, op->by, op->times); }

void families_misuse(const op_t *op) {
  bool raw = op->who == RAW;
  if (process_space()->region.size == 0) return;
  space_misuse(op, pymalloc_space(), raw ? "PyMem_RawFree" : "free",
               raw ? "PyMem_RawRealloc" : "realloc");
  call.on = false; /* it did not come back */
}

/* Objects. */

static unsigned no_memory_calls;

static void no_memory(void) { no_memory_calls++; }

/* Checks what came of an object of so many bytes: its header, or the one call where
   CPython sets MemoryError (PM-OBJECT-02); and gives it to the model. */
static void have_object(const op_t *op, size_t n, PyObject *o, const PyTypeObject *type) {
  op_t now = *op;
  now.who = OBJ;
  model_result_t r = run_result(OBJ, o);
  RUN_EXPECT("PM-OBJECT-02", no_memory_calls == (o == NULL), "no memory: not said once");
  RUN_EXPECT("PM-OBJECT-01", o == NULL || (o->ob_refcnt == 1 && o->ob_type == type), "its header");
  run_have(&now, model_malloc(&model, n, r));
}

static void object_new(const op_t *op) {
  size_t n = op_size(op->arg);
  PyTypeObject type = {.tp_basicsize = (Py_ssize_t)(n < sizeof(PyObject) ? sizeof(PyObject) : n)};
  if (n > (size_t)PY_SSIZE_T_MAX || !run_can_have(op, n)) return;
  system_enter();
  have_object(op, (size_t)type.tp_basicsize, PyObject_New(PyObject, &type), &type);
}

/* NewVar of so many items of as many bytes as `by` says; the bytes of the whole, rounded
   up to pointers, are computed here as the rule has it (PM-OBJECT-04). */
static void object_new_var(const op_t *op) {
  Py_ssize_t items = (Py_ssize_t)op_size(op->arg);
  PyTypeObject type = {
      .tp_basicsize = op->by < 250 ? (Py_ssize_t)sizeof(PyVarObject) : PY_SSIZE_T_MAX,
      .tp_itemsize = op->by / 4};
  __uint128_t n = (size_t)type.tp_basicsize + (__uint128_t)items * (size_t)type.tp_itemsize;
  n = (n + 7) / 8 * 8;
  if (items < 0 || n > (size_t)PY_SSIZE_T_MAX) n = SIZE_MAX;
  if (!run_can_have(op, (size_t)n)) return;
  system_enter();
  PyVarObject *o = PyObject_NewVar(PyVarObject, &type, items);
  RUN_EXPECT("PM-OBJECT-01", o == NULL || o->ob_size == items, "its number of items");
  have_object(op, (size_t)n, (PyObject *)o, &type);
}

/* PyMem_New and PyMem_Resize, of arrays of numbers. */
static void object_array(const op_t *op) {
  size_t n = op_size(op->arg), bytes;
  if (__builtin_mul_overflow(n, sizeof(uint64_t), &bytes)) bytes = SIZE_MAX;
  if (!run_can_have(op, bytes)) return;
  system_enter();
  uint64_t *p = PyMem_New(uint64_t, n);
  RUN_EXPECT("PM-FAMILY-06", bytes <= MODEL_MOST || sys.asked == 0, "it asks for too much");
  model_block_t *b = model_malloc(&model, bytes, run_result(MEM, p));
  if (b == NULL) return;
  system_enter();
  uint64_t *old = p;
  PyMem_Resize(p, uint64_t, n / 2);
  b = model_realloc(&model, b, n / 2 * sizeof *p, run_result(MEM, p));
  RUN_EXPECT("PM-FAMILY-07", p == NULL ? b->address == (uintptr_t)old : b->address == (uintptr_t)p,
             "the array is lost");
  run_have(op, b);
}

void families_object(const op_t *op) {
  pymalloc_no_memory = no_memory;
  no_memory_calls = 0;
  RUN_EXPECT("PM-OBJECT-02", PyObject_Init(NULL, NULL) == NULL && no_memory_calls == 1,
             "Init of NULL");
  pymalloc_no_memory = NULL;
  RUN_EXPECT("PM-OBJECT-02", PyObject_Init(NULL, NULL) == NULL && no_memory_calls == 1,
             "nobody to call");
  pymalloc_no_memory = no_memory;
  no_memory_calls = 0;
  if (op->by % 4 == 0) object_new(op);
  else if (op->by % 4 == 1) object_new_var(op);
  else object_array(op);
}

/* Hooks.  A call comes to its domain's as it was made; raw is behind the others. */
static void told(const front_t *f, const void *p, size_t nelem, size_t n) {
  if (!call.on) return; /* it is made by the object family */
  if (call.who == f - fronts) {
    call.told = true;
    RUN_EXPECT("PM-DOMAIN-02", p == call.p && nelem == call.nelem && n == call.n,
               "the domain's allocator is called for something else");
  } else {
    RUN_EXPECT("PM-DOMAIN-02", f == &fronts[RAW], "another domain's allocator is called");
  }
}

static void *front_malloc(void *ctx, size_t n) {
  const front_t *f = ctx;
  told(f, NULL, 0, n);
  RUN_EXPECT("PM-MALLOC-04", n <= MODEL_MOST, "the domain's allocator is called for too much");
  return f->below.malloc(f->below.ctx, n);
}

static void *front_calloc(void *ctx, size_t nelem, size_t elsize) {
  const front_t *f = ctx;
  told(f, NULL, nelem, elsize);
  RUN_EXPECT("PM-CALLOC-01", elsize == 0 || nelem <= MODEL_MOST / elsize,
             "the domain's allocator is called for too much");
  return f->below.calloc(f->below.ctx, nelem, elsize);
}

static void *front_realloc(void *ctx, void *p, size_t n) {
  const front_t *f = ctx;
  told(f, p, 0, n);
  RUN_EXPECT("PM-REALLOC-06", n <= MODEL_MOST, "the domain's allocator is called for too much");
  return f->below.realloc(f->below.ctx, p, n);
}

static void front_free(void *ctx, void *p) {
  const front_t *f = ctx;
  told(f, p, 0, 0);
  f->below.free(f->below.ctx, p);
}

void families_hook(const op_t *op) {
  front_t *f = &fronts[op->who];
  PyMemAllocatorEx now, ours = {f, front_malloc, front_calloc, front_realloc, front_free};
  PyMem_GetAllocator(families[op->who].domain, &now);
  RUN_EXPECT("PM-DOMAIN-01", (now.ctx == f) == f->on, "it is not the allocator that was set");
  if (!f->on) f->below = now;
  f->on = !f->on;
  PyMem_SetAllocator(families[op->who].domain, f->on ? &ours : &f->below);
  PyMem_GetAllocator(families[op->who].domain, &now);
  RUN_EXPECT("PM-DOMAIN-01", (now.ctx == f) == f->on, "it is not the allocator that was set");
}
