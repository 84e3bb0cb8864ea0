/* A process that may have little memory, though all address space (RLIMIT_DATA), has a
   region that is as small as its metadata has to be, rather than none. */
#define _DEFAULT_SOURCE
#include "alloc/mem.h"
#include "alloc/select.h"
#include "tests/child.h"

static void with_data(const void *arg) {
  struct rlimit limit;
  CHECK("PM-REGION-01", getrlimit(RLIMIT_DATA, &limit) == 0);
  limit.rlim_cur = *(const size_t *)arg;
  CHECK("PM-REGION-01", setrlimit(RLIMIT_DATA, &limit) == 0);
  void *p = PyMem_Malloc(100);
  CHECK_OF("PM-REGION-01", space_owns(pymalloc_space(), p), limit.rlim_cur,
           pymalloc_space()->region.size);
  PyMem_Free(p);
}

int main(void) {
  static const size_t mib[] = {(size_t)1024 << 20, (size_t)128 << 20, (size_t)64 << 20};
  for (int i = 0; i < 3; i++) child_must(with_data, &mib[i]);
  return check_done();
}
