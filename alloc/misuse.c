#include "alloc/misuse.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*@ requires texts: valid_read_string(call) && valid_read_string(what);
    terminates \true;
    assigns \nothing; */
static void misuse_print(const char *call, const void *p, const char *what) {
  char line[160]; /* trusted: the texts fit, and neither function writes elsewhere */
  int n = snprintf(line, sizeof line, "Fatal pymalloc error: %s(%p): %s\n", call, p, what);
  /* write, not fprintf: the C library's own memory may be what is broken. */
  if (write(STDERR_FILENO, line, (size_t)n) < 0) abort();
}

_Noreturn void misuse_report(const char *call, const void *p, const char *what) {
  misuse_print(call, p, what);
  abort();
}
