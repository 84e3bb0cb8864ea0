/* Processes with little address space (RLIMIT_AS) or little memory (RLIMIT_DATA): the
   region is smaller, or there is none, and the families work all the same; but for the
   debug layer, which says that it cannot. */
#define _DEFAULT_SOURCE
#include "alloc/debug.h"
#include "alloc/select.h"
#include "tests/child.h"
#include "tests/families.h"
#include "tests/pattern.h"

#define MIB ((size_t)1 << 20)
#define BLOCKS 400u

/* A figure of the process in bytes, by its name in /proc/self/status. */
static size_t process_bytes(const char *name) {
  char line[256];
  size_t kib = 0, length = strlen(name);
  FILE *in = fopen("/proc/self/status", "r");
  CHECK("PM-REGION-02", in != NULL);
  while (fgets(line, sizeof line, in) != NULL)
    if (strncmp(line, name, length) == 0) kib = strtoul(line + length + 1, NULL, 10);
  fclose(in);
  CHECK_OF("PM-REGION-02", kib > 0, kib, length);
  return kib << 10;
}

static void set_limit(int what, size_t bytes) {
  struct rlimit limit = {bytes, RLIM_INFINITY};
  CHECK("PM-REGION-02", getrlimit(what, &limit) == 0);
  limit.rlim_cur = bytes;
  CHECK_OF("PM-REGION-02", setrlimit(what, &limit) == 0, what, bytes);
}

static void check_families(void) {
  for (int f = 0; f < FAMILIES; f++) {
    char *p[BLOCKS];
    for (size_t i = 0; i < BLOCKS; i++) {
      p[i] = families[f].malloc(i * 2);
      CHECK_OF("PM-REGION-02", p[i] != NULL, f, i);
      pattern_fill(p[i], i * 2, i);
    }
    for (size_t i = 0; i < BLOCKS; i++) {
      p[i] = families[f].realloc(p[i], i);
      CHECK_OF("PM-REGION-02", p[i] != NULL && pattern_kept(p[i], i, i), f, i);
    }
    for (size_t i = 0; i < BLOCKS; i++) families[f].free(p[i]);
    char *zero = families[f].calloc(10, 10);
    CHECK_OF("PM-REGION-02", zero != NULL && all_zero(zero, 100), f, zero);
    families[f].free(zero);
  }
}

/* Address space for *arg bytes more than there are now. */
static size_t region_in(const void *arg) {
  set_limit(RLIMIT_AS, process_bytes("VmSize:") + *(const size_t *)arg);
  check_families();
  return pymalloc_space()->region.size;
}

static void no_region(const void *arg) { CHECK_EQ("PM-REGION-02", region_in(arg), 0); }

static void small_region(const void *arg) {
  size_t size = region_in(arg), most = *(const size_t *)arg;
  CHECK_OF("PM-REGION-01", size > 0 && size <= most, size, most);
  CHECK_OF("PM-REGION-01", size >= most / 8, size, most); /* halving finds this much */
  char *p = PyMem_Malloc(512);
  CHECK_OF("PM-REGION-01", space_owns(pymalloc_space(), p), p, size);
  PyMem_Free(p);
}

/* The debug layer cannot do without its registry. */
static void no_registry(const void *arg) {
  set_limit(RLIMIT_AS, process_bytes("VmSize:") + *(const size_t *)arg);
  PyMem_SetupDebugHooks();
}

static void check_no_registry(const size_t *bytes) {
  child_t child = child_run(no_registry, bytes);
  CHECK_TEXT("PM-DEBUG-01", child.text,
             "Fatal Python error: there is no memory for the registry of the debug layer\n");
  CHECK_OF("PM-DEBUG-01", child_exited(&child, 1), child.status, *bytes);
}

/* Memory that ends while pools grow: blocks keep what they have, malloc says NULL,
   and with memory there again all goes on. */
static void little_memory(const void *arg) {
  enum { MOST = 100000 };
  static char *p[MOST];
  size_t count = 0, data = process_bytes("VmData:");
  PyMem_Free(PyMem_Malloc(1)); /* the region is there from before */
  CHECK("PM-REGION-03", pymalloc_space()->region.size > 0);
  set_limit(RLIMIT_DATA, process_bytes("VmData:") + *(const size_t *)arg);
  while (count < MOST && (p[count] = PyMem_Malloc(512)) != NULL) {
    pattern_fill(p[count], 512, count);
    count++;
  }
  CHECK_OF("PM-REGION-03", count > 0 && count < MOST, count, data);
  set_limit(RLIMIT_DATA, RLIM_INFINITY);
  for (size_t i = 0; i < count; i++) CHECK_OF("PM-REGION-03", pattern_kept(p[i], 512, i), i, count);
  CHECK("PM-REGION-03", space_owns(pymalloc_space(), p[count] = PyMem_Malloc(512)));
  for (size_t i = 0; i <= count; i++) PyMem_Free(p[i]);
  check_families();
}

int main(void) {
  static const size_t none[] = {MIB / 2, MIB, 3 * MIB};
  static const size_t some[] = {32 * MIB, 256 * MIB, 1024 * MIB};
  static const size_t memory[] = {MIB, 9 * MIB, 20 * MIB};
  for (int i = 0; i < 3; i++) {
    child_must(no_region, &none[i]);
    check_no_registry(&none[i]);
    child_must(small_region, &some[i]);
    child_must(little_memory, &memory[i]);
  }
  return check_done();
}
