/* An empty space in a small buffer serves every size, whatever it served before. */
#include "alloc/space.h"
#include "tests/check.h"

static char buffer[(size_t)256 << 10];

int main(void) {
  space_t *space = space_in_buffer(buffer, sizeof buffer);
  CHECK("PM-REGION-05", space != NULL);
  for (size_t n = 1; n <= 512; n++) {
    void *p = space_malloc(space, n);
    CHECK_OF("PM-HEAP-02", p != NULL, n, sizeof buffer);
    space_free(space, p);
  }
  return check_done();
}
