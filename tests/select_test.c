/* PYTHONMALLOC: what each value chooses, each in a process of its own; for those that
   end it, the exact message and status. */
#define _DEFAULT_SOURCE
#include "alloc/raw.h"
#include "alloc/select.h"
#include "tests/child.h"
#include "tests/families.h"

#define FATAL(what)                                                            \
  "Fatal Python error: preconfig_init_allocator: PYTHONMALLOC: " what "\n"     \
  "Python runtime state: preinitializing\n\n"
#define UNKNOWN FATAL("unknown allocator")

#ifndef PYMALLOC_DEBUG /* it is 1 when the library was built with --//alloc:debug=True */
#define PYMALLOC_DEBUG 0
#endif

#ifndef WITHOUT_POOLS
#define DEFAULT true
#define RULE(rule) rule
#define PYMALLOC NULL
#else /* the library was built with PYMALLOC_WITH_PYMALLOC=0 */
#define DEFAULT false
#define RULE(rule) "PM-SELECT-07"
#define PYMALLOC UNKNOWN
#endif

typedef struct {
  const char *rule;
  const char *value; /* NULL: not set */
  bool pools, debug;
  const char *text;  /* NULL: it is a choice that we have */
} choice_t;

static const choice_t choices[] = {
  {RULE("PM-SELECT-01"), NULL, DEFAULT, PYMALLOC_DEBUG, NULL},
  {RULE("PM-SELECT-01"), "", DEFAULT, PYMALLOC_DEBUG, NULL},
  {RULE("PM-SELECT-01"), "default", DEFAULT, PYMALLOC_DEBUG, NULL},
  {RULE("PM-SELECT-03"), "malloc", false, false, NULL},
  {RULE("PM-SELECT-02"), "pymalloc", true, false, PYMALLOC},
  {RULE("PM-SELECT-04"), "debug", DEFAULT, true, NULL},
  {RULE("PM-SELECT-04"), "malloc_debug", false, true, NULL},
  {RULE("PM-SELECT-04"), "pymalloc_debug", true, true, PYMALLOC},
  {RULE("PM-SELECT-05"), "mimalloc", false, false, UNKNOWN},
  {RULE("PM-SELECT-05"), "Malloc", false, false, UNKNOWN},
  {RULE("PM-SELECT-05"), "malloc ", false, false, UNKNOWN},
  {RULE("PM-SELECT-05"), " malloc", false, false, UNKNOWN},
  {RULE("PM-SELECT-05"), "pymallo", false, false, UNKNOWN},
  {RULE("PM-SELECT-05"), "pymallocs", false, false, UNKNOWN},
  {RULE("PM-SELECT-05"), "defaults", false, false, UNKNOWN},
  {RULE("PM-SELECT-05"), "0", false, false, UNKNOWN},
  {RULE("PM-SELECT-05"), "%s%n", false, false, UNKNOWN},
};

static void choose(const void *arg) {
  const choice_t *choice = arg;
  PyMemAllocatorEx raw, mem, obj;
  if (choice->value == NULL) unsetenv("PYTHONMALLOC");
  else setenv("PYTHONMALLOC", choice->value, 1);
  void *p = PyMem_Malloc(100), *q = PyObject_Malloc(100);
  PyMem_GetAllocator(PYMEM_DOMAIN_RAW, &raw);
  PyMem_GetAllocator(PYMEM_DOMAIN_MEM, &mem);
  PyMem_GetAllocator(PYMEM_DOMAIN_OBJ, &obj);
  if (choice->debug) {
    CHECK_EQ(choice->rule, mem.malloc, obj.malloc);
    CHECK(choice->rule, mem.ctx != obj.ctx && mem.malloc != space_malloc && mem.malloc != raw_malloc);
    CHECK_EQ(choice->rule, ((unsigned char *)p)[-8], 'm');
    CHECK_EQ(choice->rule, ((unsigned char *)q)[100], 0xFD);
  } else {
    CHECK_EQ(choice->rule, mem.malloc, choice->pools ? space_malloc : raw_malloc);
    CHECK_EQ(choice->rule, obj.malloc, choice->pools ? space_malloc : raw_malloc);
  }
  CHECK_EQ(choice->rule, raw.malloc == raw_malloc, !PYMALLOC_DEBUG);
  CHECK_EQ(choice->rule, space_owns(pymalloc_space(), p), choice->pools);
  CHECK_EQ(choice->rule, space_owns(pymalloc_space(), q), choice->pools);
  CHECK_EQ(choice->rule, pymalloc_space()->region.size > 0, choice->pools);
  setenv("PYTHONMALLOC", "nonsense", 1); /* it is read once: PM-SELECT-06 */
  p = PyMem_Realloc(p, 50);
  PyMem_Free(p);
  PyObject_Free(q);
  PyMem_RawFree(PyMem_RawMalloc(1));
}

/* The raw domain does not look at the variable. */
static void raw_only(const void *arg) {
  setenv("PYTHONMALLOC", arg, 1);
  void *p = PyMem_RawMalloc(1);
  CHECK("PM-SELECT-06", p != NULL);
  PyMem_RawFree(p);
}

/* It does when the program is loaded, and then for the layer alone.  Started anew, with
   the variable set. */
static void raw_at_load(const void *arg) {
  char *const program[] = {"/proc/self/exe", "raw", NULL};
  setenv("PYTHONMALLOC", arg, 1);
  execv(program[0], program);
  abort();
}

static int raw_debug(void) {
  unsigned char *p = PyMem_RawMalloc(3);
  bool framed = p[-8] == 'r' && p[3] == 0xFD;
  PyMem_RawFree(p);
  return framed ? 7 : 8;
}

int main(int argc, char **argv) {
  (void)argv;
  if (argc > 1) return raw_debug();
  child_t raw = child_run(raw_at_load, "malloc_debug");
  CHECK_OF("PM-SELECT-06", child_exited(&raw, 7), raw.status, 0);
  for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
    const choice_t *choice = &choices[i];
    child_t child = child_run(choose, choice);
    CHECK_TEXT(choice->rule, child.text, choice->text == NULL ? "" : choice->text);
    CHECK_OF(choice->rule, child_exited(&child, choice->text != NULL), i, child.status);
  }
  child_must(raw_only, "nonsense");
  return check_done();
}
