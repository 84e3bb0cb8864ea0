/* Every case of misuse_cases.c, in a process of its own, right and wrong.

   With the name of a case as its argument the program does that misuse itself. */
#define _DEFAULT_SOURCE
#include "tests/misuse_cases.h"

#include "tests/child.h"

void *misuse_at(void *p) {
  child_page()->address = p;
  return p;
}

static void right(const void *arg) { ((const misuse_case_t *)arg)->run(false); }
static void wrong(const void *arg) { ((const misuse_case_t *)arg)->run(true); }

static void test_case(const misuse_case_t *c) {
  char want[256];
  child_t child = child_run(right, c);
  CHECK_TEXT(c->rule, child.text, "");
  CHECK_OF(c->rule, child_exited(&child, 0), c->name, child.status);
  child = child_run(wrong, c);
  snprintf(want, sizeof want, "Fatal pymalloc error: %s(0x%" PRIxPTR "): %s\n", c->call,
           (uintptr_t)child_page()->address, c->what);
  CHECK_TEXT("PM-MISUSE-05", child.text, want);
  CHECK_OF(c->rule, child_killed(&child, SIGABRT), c->name, child.status);
}

int main(int argc, char **argv) {
  for (const misuse_case_t *c = misuse_cases; c->name != NULL; c++) {
    if (argc == 1) test_case(c);
    else if (strcmp(argv[1], c->name) == 0) c->run(true);
  }
  return argc == 1 ? check_done() : 1;
}
