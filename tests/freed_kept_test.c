/* With the debug layer from the start, the C library keeps what is freed; else nearly all of it goes to the
   system. */
#define _DEFAULT_SOURCE
#include "alloc/pymalloc.h"
#include "tests/child.h"

#define BLOCKS 2048
#define SIZE 4096

enum { KEPT = 7, GONE, UNSEEN }; /* statuses of a program */

/* By how many blocks the end of the C library's memory is further than it was. */
static long further(const char *end) { return ((char *)sbrk(0) - end) / SIZE; }

/* A sanitizer's malloc has its memory elsewhere, so that nothing can be seen of it here. */
static int take_and_free(void) {
  static void *block[BLOCKS];
  const char *end = sbrk(0);
  PyMem_RawFree(PyMem_RawMalloc(1));
  for (int i = 0; i < BLOCKS; i++) block[i] = malloc(SIZE);
  bool seen = further(end) > BLOCKS / 2;
  for (int i = BLOCKS; i > 0; i--) free(block[i - 1]);
  return !seen ? UNSEEN : further(end) > BLOCKS / 2 ? KEPT : GONE;
}

/* Started anew, with the variable set. */
static void start(const void *value) {
  char *const program[] = {"/proc/self/exe", "again", NULL};
  setenv("PYTHONMALLOC", value, 1);
  execv(program[0], program);
  abort();
}

int main(int argc, char **argv) {
  (void)argv;
  if (argc > 1) return take_and_free();
  child_t usual = child_run(start, "pymalloc"), debug = child_run(start, "debug");
  bool seen = !child_exited(&usual, UNSEEN);
  CHECK_OF("PM-DEBUG-18", child_exited(&usual, seen ? GONE : UNSEEN), usual.status, seen);
  CHECK_OF("PM-DEBUG-18", child_exited(&debug, seen ? KEPT : UNSEEN), debug.status, seen);
  return check_done();
}
