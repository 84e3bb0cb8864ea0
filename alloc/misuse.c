#include "alloc/misuse.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

_Noreturn void misuse_report(const char *call, const void *p, const char *what) {
  char line[160];
  int n = snprintf(line, sizeof line, "Fatal pymalloc error: %s(%p): %s\n", call, p, what);
  /* write, not fprintf: the C library's own memory may be what is broken. */
  if (write(STDERR_FILENO, line, (size_t)n) < 0) abort();
  abort();
}
