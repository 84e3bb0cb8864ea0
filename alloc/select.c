#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "alloc/select.h"

#include <string.h>
#include <sys/mman.h>

#include "alloc/out.h"
#include "alloc/raw.h"
#include "alloc/setting.h"

#include "spec/text.acsl.h"

#ifdef __FRAMAC__ /* its headers have no contracts of these */
/*@ requires used: prot == (PROT_READ | PROT_WRITE);
    requires new: at == \null && flags == (MAP_PRIVATE | MAP_ANONYMOUS) && fd == -1 && offset == 0;
    terminates \true;
    assigns \result \from size; */
void *mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset); /* trusted: it touches nothing */
/*@ terminates \true;
    assigns ((char *)p)[0 .. size - 1]; */
int munmap(void *p, size_t size); /* trusted: it touches no more than that */
#endif

#ifndef PYMALLOC_WITH_PYMALLOC
#define PYMALLOC_WITH_PYMALLOC 1 /* 0: --//alloc:pymalloc=False */
#endif

#ifndef PYMALLOC_DEBUG
#define PYMALLOC_DEBUG 0 /* 1: --//alloc:debug=True */
#endif

#define HOOK_MOST ((size_t)256 << 20)

static space_t process_space;
static bool selected;
static region_source_t region_source = REGION_SYSTEM;
static size_t region_most = REGION_MOST;

const space_t *pymalloc_space(void) { return &process_space; }

bool pymalloc_set_region(region_source_t source, size_t most) {
  bool known = source == REGION_SYSTEM || source == REGION_LIBC || source == REGION_NONE;
  if (selected || !known) return false;
  region_source = source;
  region_most = most;
  return true;
}

/* The hook. */

/*@ terminates \true;
    assigns \result \from size; */
static void *arena_map(void *ctx, size_t size) {
  (void)ctx;
  void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return p == MAP_FAILED ? NULL : p;
}

/*@ terminates \true;
    assigns ((char *)p)[0 .. size - 1]; */
static void arena_unmap(void *ctx, void *p, size_t size) { (void)ctx; munmap(p, size); }

static PyObjectArenaAllocator arena_hook = {NULL, arena_map, arena_unmap};

void PyObject_GetArenaAllocator(PyObjectArenaAllocator *allocator) { *allocator = arena_hook; }

/*@ ensures PM_DOMAIN_04_source: !selected && allocator->alloc != \null ==> (allocator->alloc == &arena_map ?
      region_chosen(REGION_SYSTEM, 17179869184) : region_chosen(REGION_HOOK, 268435456)); */
void PyObject_SetArenaAllocator(PyObjectArenaAllocator *allocator) {
  arena_hook = *allocator;
  if (selected) return;
  bool ours = allocator->alloc == arena_map;
  region_source = ours ? REGION_SYSTEM : allocator->alloc == NULL ? REGION_NONE : REGION_HOOK;
  region_most = ours ? REGION_MOST : HOOK_MOST;
}

/* The choice. */

/* Whether a text is one of two names. */
/*@ requires text: valid_read_string(s);
    requires names: valid_read_string(a) && valid_read_string(b);
    terminates \true;
    assigns \nothing;
    ensures one: \result <==> strcmp(s, a) == 0 || strcmp(s, b) == 0; */
static bool is(const char *s, const char *a, const char *b) { return !strcmp(s, a) || !strcmp(s, b); }

/* The values of PYTHONMALLOC. */
static const char usual[] = "default", debug[] = "debug", pools_only[] = "pymalloc", pools_debug[] = "pymalloc_debug";
static const char libc_only[] = "malloc", libc_debug[] = "malloc_debug";
/*@ predicate says{L}(char *value, char *name) = strcmp(value, name) == 0; */

static const char unknown[] = "Fatal Python error: preconfig_init_allocator: PYTHONMALLOC: unknown allocator\n"
                              "Python runtime state: preinitializing\n\n";

/*@ terminates \true;
    assigns PRINTED;
    ensures PM_SELECT_05_ends: \false;
    exits PM_SELECT_05_put: printed == put_text(\old(printed), &unknown[0]) && all_written; */
_Noreturn static void select_none(void) {
  out_t out;
  out_begin(&out, NULL);
  out_text(&out, unknown);
  out_end(&out);
}

/* Whether one means pools. */
/*@ requires text: value == \null || valid_read_string(value);
    terminates \true;
    assigns PRINTED;
    ensures PM_SELECT_01_usual: value == \null || says(value, &usual[0]) || says(value, &debug[0]) ==>
      (\result <==> PYMALLOC_WITH_PYMALLOC != 0);
    ensures PM_SELECT_01_named: value != \null && !says(value, &usual[0]) && !says(value, &debug[0]) ==>
      (\result <==> !says(value, &libc_only[0]) && !says(value, &libc_debug[0]));
    ensures PM_SELECT_05_known: value != \null && \result ==> says(value, &usual[0]) || says(value, &debug[0]) ||
      says(value, &pools_only[0]) || says(value, &pools_debug[0]); */
static bool select_pools(const char *value) {
  if (value == NULL || is(value, usual, debug)) return PYMALLOC_WITH_PYMALLOC;
  if (is(value, libc_only, libc_debug)) return false;
  if (PYMALLOC_WITH_PYMALLOC && is(value, pools_only, pools_debug)) return true;
  select_none();
}

/*@ ensures PM_SELECT_04_usual: setting_given == \null || says(setting_given, &usual[0]) ==>
      (\result <==> PYMALLOC_DEBUG != 0);
    ensures PM_SELECT_04_named: setting_given != \null && !says(setting_given, &usual[0]) ==> (\result <==>
      says(setting_given, &debug[0]) || says(setting_given, &pools_debug[0]) || says(setting_given, &libc_debug[0])); */
bool select_debug(void) {
  const char *value = setting("PYTHONMALLOC");
  if (value == NULL || strcmp(value, usual) == 0) return PYMALLOC_DEBUG;
  return is(value, debug, pools_debug) || strcmp(value, libc_debug) == 0;
}

/*@ ensures PM_SELECT_01_usual: setting_given == \null || says{Pre}(setting_given, &usual[0]) ||
      says{Pre}(setting_given, &debug[0]) ==> (\result.malloc == &space_malloc <==> PYMALLOC_WITH_PYMALLOC != 0);
    ensures PM_SELECT_01_named: setting_given != \null && !says{Pre}(setting_given, &usual[0]) &&
      !says{Pre}(setting_given, &debug[0]) ==> (\result.malloc == &space_malloc <==>
        !says{Pre}(setting_given, &libc_only[0]) && !says{Pre}(setting_given, &libc_debug[0]));
    ensures PM_SELECT_02_space: \result.malloc == &space_malloc ==> \result.ctx == (void *)&process_space &&
      \result.calloc == &space_calloc && \result.realloc == &space_realloc && \result.free == &space_free;
    ensures PM_SELECT_02_pools: \result.malloc == &space_malloc ==> space_ok(&process_space) &&
      (&process_space)->large == raw && pools == &process_space;
    ensures PM_SELECT_03_malloc: \result.malloc != &space_malloc ==> \result.malloc == &raw_malloc &&
      \result.calloc == &raw_calloc && \result.realloc == &raw_realloc && \result.free == &raw_free; */
PyMemAllocatorEx select_allocator(const PyMemAllocatorEx *raw) {
  selected = true;
  if (!select_pools(setting("PYTHONMALLOC"))) return (PyMemAllocatorEx)RAW_ALLOCATOR;
  space_open(&process_space, region_source, region_most, &arena_hook, raw);
  raw_set_pools(&process_space);
  return (PyMemAllocatorEx){&process_space, space_malloc, space_calloc, space_realloc, space_free};
}
