/* The text of the figures, letter by letter, and that of the process read back. */
#define _DEFAULT_SOURCE
#include "alloc/pymalloc.h"
#include "tests/child.h"

/* What f wrote, in memory. */
static const char *printed(void (*f)(FILE *out, const void *arg), const void *arg) {
  static char text[1 << 16];
  FILE *out = tmpfile();
  CHECK("PM-STATS-02", out != NULL);
  f(out, arg);
  rewind(out);
  size_t n = fread(text, 1, sizeof text - 1, out);
  text[n] = '\0';
  fclose(out);
  return text;
}

static void print(FILE *out, const void *arg) { pymalloc_print_stats(out, arg); }

static const char empty_text[] =
  "Small block threshold = 512, in 32 size classes.\n"
  "\n"
  "class   size   num pools   blocks in use  avail blocks\n"
  "-----   ----   ---------   -------------  ------------\n"
  "\n"
  "# arenas allocated total           =                    0\n"
  "# arenas reclaimed                 =                    0\n"
  "# arenas highwater mark            =                    0\n"
  "# arenas allocated current         =                    0\n"
  "0 arenas * 4194304 bytes/arena     =                    0\n"
  "\n"
  "# bytes in allocated blocks        =                    0\n"
  "# bytes in available blocks        =                    0\n"
  "0 unused pools * 65536 bytes       =                    0\n"
  "# bytes lost to pool headers       =                    0\n"
  "# bytes lost to quantization       =                    0\n"
  "# bytes lost to arena alignment    =                    0\n"
  "Total                              =                    0\n";

static const char some_text[] =
  "Small block threshold = 512, in 32 size classes.\n"
  "\n"
  "class   size   num pools   blocks in use  avail blocks\n"
  "-----   ----   ---------   -------------  ------------\n"
  "    0     16           1             999          3097\n"
  "    2     48          64           80000          6016\n"
  "   31    512           3             380             4\n"
  "\n"
  "# arenas allocated total           =                    2\n"
  "# arenas reclaimed                 =                    0\n"
  "# arenas highwater mark            =                    2\n"
  "# arenas allocated current         =                    2\n"
  "2 arenas * 4194304 bytes/arena     =            8,388,608\n"
  "\n"
  "# bytes in allocated blocks        =            4,050,544\n"
  "# bytes in available blocks        =              340,368\n"
  "60 unused pools * 65536 bytes      =            3,932,160\n"
  "# bytes lost to pool headers       =                    0\n"
  "# bytes lost to quantization       =               65,536\n"
  "# bytes lost to arena alignment    =                    0\n"
  "Total                              =            8,388,608\n";

static void test_exact(void) {
  pymalloc_stats s;
  memset(&s, 0, sizeof s);
  CHECK_TEXT("PM-STATS-02", printed(print, &s), empty_text);
  s.class_[0] = (pymalloc_class_stats){1, 4096, 999};
  s.class_[2] = (pymalloc_class_stats){64, 86016, 80000};
  s.class_[31] = (pymalloc_class_stats){3, 384, 380};
  s.pools = 68;
  s.idle_pools = 7;
  s.bare_pools = 20;
  s.live_bytes = 999 * 16 + 80000 * 48 + 380 * 512;
  s.free_bytes = 3097 * 16 + 6016 * 48 + 4 * 512;
  s.lost_bytes = 64 * 1024;
  CHECK_TEXT("PM-STATS-02", printed(print, &s), some_text);
  s = (pymalloc_stats){.pools = 55};
  CHECK("PM-STATS-02", strstr(printed(print, &s), "\n9 unused pools * 65536 bytes       =              589,824\n") != NULL);
}

static void print_process(FILE *out, const void *arg) {
  *(int *)(uintptr_t)arg = _PyObject_DebugMallocStats(out);
}

/* The number after a label. */
static size_t number_of(const char *text, const char *label) {
  const char *p = strstr(text, label);
  CHECK_OF("PM-STATS-02", p != NULL, label, text);
  size_t n = 0;
  for (p = strchr(p, '='); *p != '\n'; p++)
    if (*p >= '0' && *p <= '9') n = n * 10 + (size_t)(*p - '0');
  return n;
}

static void process_text(const void *arg) {
  void *p[1000];
  int result = 0;
  (void)arg;
  for (size_t i = 0; i < 1000; i++) p[i] = PyMem_Malloc(40);
  const char *text = printed(print_process, &result);
  CHECK_EQ("PM-STATS-04", result, 1);
  const char row[] = "    2     48           1            1000           344\n";
  CHECK("PM-STATS-04", strstr(text, row) != NULL);
  CHECK_EQ("PM-STATS-04", number_of(text, "# bytes in allocated blocks"), 48000);
  CHECK_EQ("PM-STATS-04", number_of(text, "Total"), number_of(text, "bytes/arena"));
  for (size_t i = 0; i < 1000; i++) PyMem_Free(p[i]);
}

/* Before first use, and when pools are not used, there is nothing to tell. */
static void process_none(const void *arg) {
  int result = 1;
  if (arg != NULL) {
    setenv("PYTHONMALLOC", arg, 1);
    PyMem_Free(PyMem_Malloc(1));
  }
  CHECK_TEXT("PM-STATS-04", printed(print_process, &result), "");
  CHECK_EQ("PM-STATS-04", result, 0);
}

int main(void) {
  test_exact();
  child_must(process_text, NULL);
  child_must(process_none, NULL);
  child_must(process_none, "malloc");
  return check_done();
}
