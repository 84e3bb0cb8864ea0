#include "alloc/misuse.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const misuse_words[] = {
  [MISUSE_NOT_LIVE] = "the block is not live (freed twice, or never allocated)",
  [MISUSE_NOT_BLOCK] = "no block starts at this address (an interior or wild pointer)",
  [MISUSE_FAMILY] = "the block belongs to the mem or obj family, not to raw",
  [MISUSE_FOREIGN] = "the address is not of this heap",
};

/*@ requires texts: valid_read_string(call) && what <= MISUSE_FOREIGN;
    terminates \true;
    assigns SAID;
    ensures PM_MISUSE_05_said: spoken{Pre,Post} && said_what == what && said_of == p && said_by == call;
    exits PM_MISUSE_05_said: spoken{Pre,Post} && said_what == what && said_of == p && said_by == call; */
static void misuse_print(const char *call, const void *p, misuse_t what) {
  char line[160]; /* trusted: the texts fit, neither function writes elsewhere, and so it is said */
  int n = snprintf(line, sizeof line, "Fatal pymalloc error: %s(%p): %s\n", call, p, misuse_words[what]);
  /* write, not fprintf: the C library's own memory may be what is broken. */
  if (write(STDERR_FILENO, line, (size_t)n) < 0) abort();
}

_Noreturn void misuse_report(const char *call, const void *p, misuse_t what) {
  misuse_print(call, p, what);
  abort();
}
