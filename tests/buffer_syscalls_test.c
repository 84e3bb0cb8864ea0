/* A space in a buffer makes no system call: it works in a process that may make none
   (seccomp's strict mode: but read, write and exit). */
#define _DEFAULT_SOURCE
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "alloc/space.h"
#include "tests/child.h"
#include "tests/random.h"

#define BLOCKS 2000u

static char buffer[(size_t)2 << 20];
static void *block[BLOCKS];

static void use(void) {
  space_t *space = space_in_buffer(buffer, sizeof buffer);
  CHECK("PM-REGION-05", space != NULL);
  for (int i = 0; i < 200000; i++) {
    uint32_t b = random_below(BLOCKS);
    if (block[b] == NULL) block[b] = space_malloc(space, random_below(600));
    else if (random_below(2) == 0) space_free(space, block[b]), block[b] = NULL;
    else space_realloc(space, block[b], 513); /* fails */
  }
  for (uint32_t b = 0; b < BLOCKS; b++) space_free(space, block[b]);
  void *p = space_calloc(space, 1, 500);
  CHECK("PM-REGION-05", p != NULL);
}

static void without_calls(const void *arg) {
  (void)arg;
  CHECK("PM-REGION-05", prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) == 0);
  use();
  child_page()->checks = checks;
  syscall(SYS_exit, 0); /* exit_group is not allowed */
}

/* The control: any other call is the end. */
static void with_call(const void *arg) {
  (void)arg;
  CHECK("PM-REGION-05", prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) == 0);
  syscall(SYS_getpid);
  syscall(SYS_exit, 0);
}

int main(void) {
  child_must(without_calls, NULL);
  child_t child = child_run(with_call, NULL);
  CHECK_OF("PM-REGION-05", child_killed(&child, SIGKILL), child.status, SIGKILL);
  return check_done();
}
