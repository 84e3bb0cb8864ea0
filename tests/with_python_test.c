/* One process with libpython and with this library, each with its own families of the
   same names (PM-LINK-01).  This file knows ours, with_python_theirs.c knows Python's. */
#include "tests/with_python.h"

#include "alloc/pymalloc.h"
#include "tests/check.h"
#include "tests/pattern.h"

#define BLOCKS 500u

static void *ours[BLOCKS], *theirs[BLOCKS];

static void take(void) {
  for (size_t i = 0; i < BLOCKS; i++) {
    ours[i] = i % 2 ? PyObject_Malloc(i) : PyMem_Malloc(i);
    theirs[i] = python_malloc(i);
    CHECK_OF("PM-MALLOC-03", ours[i] != NULL && theirs[i] != NULL, i, ours[i]);
    CHECK_OF("PM-MALLOC-05", space_owns(pymalloc_space(), ours[i]), i, ours[i]);
    CHECK_OF("PM-MALLOC-05", !space_owns(pymalloc_space(), theirs[i]), i, theirs[i]);
    pattern_fill(ours[i], i, i);
    pattern_fill(theirs[i], i, i + 1);
  }
}

static void give(void) {
  for (size_t i = 0; i < BLOCKS; i++) {
    CHECK_OF("PM-MALLOC-03", pattern_kept(ours[i], i, i), i, ours[i]);
    CHECK_OF("PM-MALLOC-03", pattern_kept(theirs[i], i, i + 1), i, theirs[i]);
    if (i % 2) PyObject_Free(ours[i]);
    else PyMem_Free(ours[i]);
    python_free(theirs[i]);
  }
}

int main(void) {
  pymalloc_stats stats;
  take();
  python_start();
  CHECK_EQ("PM-LINK-01",
           python_run("assert sum(len(str(i)) for i in range(100000)) == 488890"), 0);
  give();
  take();
  python_stop();
  give();
  pymalloc_get_stats(pymalloc_space(), &stats);
  CHECK_EQ("PM-FREE-03", stats.live_blocks, 0);
  CHECK("PM-LINK-01", python_malloc_is_not((void (*)(void))PyMem_Malloc));
  return check_done();
}
