/* One misuse, on this allocator or on CPython's: what debug_table.py runs.

     debug_program list                          name, family, and what is done, with tabs between
     debug_program pymalloc NAME right|wrong     PYTHONMALLOC says whether with the layer
     debug_program LIBPYTHON NAME right|wrong    with CPython's functions, PYTHONMALLOC as there */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc/pymalloc.h"
#include "tests/debug_cases.h"

static void nothing(const void *p) { (void)p; }
static int nobody_holds_it(void) { return 0; }
static void ours_without_lock(void) { pymalloc_set_lock_check(nobody_holds_it); }

static const subject_t ours = {
  {{PyMem_RawMalloc, PyMem_RawCalloc, PyMem_RawRealloc, PyMem_RawFree},
   {PyMem_Malloc, PyMem_Calloc, PyMem_Realloc, PyMem_Free},
   {PyObject_Malloc, PyObject_Calloc, PyObject_Realloc, PyObject_Free}},
  pymalloc_check_everything, ours_without_lock, nothing};

/* CPython, started as a program would. */

static void *python;

static void find(const char *prefix, const char *name, void *function) {
  char symbol[64];
  snprintf(symbol, sizeof symbol, "%s%s", prefix, name);
  void *found = dlsym(python, symbol);
  if (found == NULL) fprintf(stderr, "debug_program: %s\n", dlerror()), exit(2);
  memcpy(function, &found, sizeof found); /* C has no cast between the two */
}

static size_t no_check(void) { return 0; }

static void python_without_lock(void) {
  void *(*save)(void);
  find("PyEval_", "SaveThread", &save);
  save();
}

static subject_t theirs = {.check = no_check, .without_lock = python_without_lock, .at = nothing};

static void python_start(const char *library) {
  static const char *const prefix[] = {"PyMem_Raw", "PyMem_", "PyObject_"};
  void (*start)(int);
  python = dlopen(library, RTLD_NOW | RTLD_GLOBAL);
  if (python == NULL) fprintf(stderr, "debug_program: %s\n", dlerror()), exit(2);
  for (int f = 0; f < 3; f++) {
    find(prefix[f], "Malloc", &theirs.family[f].malloc);
    find(prefix[f], "Calloc", &theirs.family[f].calloc);
    find(prefix[f], "Realloc", &theirs.family[f].realloc);
    find(prefix[f], "Free", &theirs.family[f].free);
  }
  find("Py_", "InitializeEx", &start);
  start(0);
}

static int list(void) {
  static const char *const family[] = {"raw", "mem", "obj"};
  for (const debug_case_t *c = debug_cases; c->name != NULL; c++)
    printf("%s\t%s\t%s\t%s\n", c->name, family[c->family], c->rule, c->what);
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "list") == 0) return list();
  if (argc != 4) return fputs("usage: debug_program SUBJECT NAME right|wrong\n", stderr), 2;
  bool is_ours = strcmp(argv[1], "pymalloc") == 0;
  if (!is_ours) python_start(argv[1]);
  for (const debug_case_t *c = debug_cases; c->name != NULL; c++) {
    if (strcmp(c->name, argv[2]) != 0) continue;
    c->run(c, is_ours ? &ours : &theirs, strcmp(argv[3], "wrong") == 0);
    return 0;
  }
  return 2;
}
