/* Every case of debug_cases.c under the debug layer, in a process of its own, right and
   wrong: right, it prints nothing and ends well; wrong, it prints the report that
   debug_reports.txt has, to the letter but for addresses, and aborts.

     debug_test FILE      compares with FILE
     debug_test --print   prints what FILE should be */
#define _DEFAULT_SOURCE
#include "alloc/pymalloc.h"
#include "tests/child.h"
#include "tests/debug_cases.h"

static int nobody_holds_it(void) { return 0; }
static void without_lock(void) { pymalloc_set_lock_check(nobody_holds_it); }
static void note(const void *p) { child_page()->address = p; }

static const subject_t subject = {
  {{PyMem_RawMalloc, PyMem_RawCalloc, PyMem_RawRealloc, PyMem_RawFree},
   {PyMem_Malloc, PyMem_Calloc, PyMem_Realloc, PyMem_Free},
   {PyObject_Malloc, PyObject_Calloc, PyObject_Realloc, PyObject_Free}},
  pymalloc_check_everything, without_lock, note};

static void run(const void *arg, bool wrong) {
  const debug_case_t *c = arg;
  PyMem_SetupDebugHooks();
  c->run(c, &subject, wrong);
}

static void right(const void *arg) { run(arg, false); }
static void wrong(const void *arg) { run(arg, true); }

/* The text with addresses near the case's block as P, P+1 and so on. */
static void relative(const char *text, char *to, size_t size) {
  char *end = to + size - 64;
  while (*text != '\0' && to < end) {
    char *rest;
    unsigned long long a = strncmp(text, "0x", 2) == 0 ? strtoull(text, &rest, 16) : 0;
    long long by = (long long)(a - (unsigned long long)(uintptr_t)child_page()->address);
    if (a < 4096) *to++ = *text++;
    else {
      to += by == 0 ? sprintf(to, "P") : by > -100000 && by < 100000 ? sprintf(to, "P%+lld", by)
                                                                     : sprintf(to, "ELSEWHERE");
      text = rest;
    }
  }
  *to = '\0';
}

/* The part of the file that is about a case: after the line "== NAME", up to the next. */
static void expected(const char *file, const char *name, char *to, size_t size) {
  char line[512];
  bool ours = false;
  size_t have = 0;
  FILE *in = fopen(file, "r");
  if (in == NULL) fprintf(stderr, "debug_test: there is no %s\n", file), exit(1);
  while (fgets(line, sizeof line, in) != NULL) {
    if (strncmp(line, "== ", 3) == 0) ours = strcspn(line + 3, "\n") == strlen(name) && strncmp(line + 3, name, strlen(name)) == 0;
    else if (ours && have + strlen(line) < size) have += (size_t)sprintf(to + have, "%s", line);
  }
  to[have] = '\0';
  fclose(in);
}

static void test_case(const debug_case_t *c, const char *file) {
  static char got[8192], want[8192];
  child_t child = child_run(right, c);
  CHECK_TEXT(c->rule, child.text, "");
  CHECK_OF(c->rule, child_exited(&child, 0), c->name, child.status);
  child = child_run(wrong, c);
  relative(child.text, got, sizeof got);
  if (file == NULL) {
    printf("== %s\n%s", c->name, got);
    return;
  }
  expected(file, c->name, want, sizeof want);
  CHECK_TEXT("PM-DEBUG-04", got, want);
  CHECK_OF(c->rule, child_killed(&child, SIGABRT), c->name, child.status);
}

int main(int argc, char **argv) {
  bool print = argc == 2 && strcmp(argv[1], "--print") == 0;
  for (const debug_case_t *c = debug_cases; c->name != NULL; c++)
    test_case(c, print ? NULL : argc == 2 ? argv[1] : "tests/debug_reports.txt");
  return print ? 0 : check_done();
}
