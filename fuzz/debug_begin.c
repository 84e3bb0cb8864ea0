/* What setting up the debug layer must refuse: tried once in a process, where no input can. */
#define _DEFAULT_SOURCE /* setenv */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc/debug.h"
#include "alloc/raw.h"
#include "alloc/select.h"
#include "fuzz/debug_common.h"

#define LAYERS_MOST 16u

static const PyMemAllocatorEx libc = RAW_ALLOCATOR;

/* A layer over an allocator that nobody uses. */
static void wrap(void *arg) {
  PyMemAllocatorEx a = libc;
  *(bool *)arg = pymalloc_debug_wrap(PYMEM_DOMAIN_MEM, &a);
}

/* It ends the process, and says why. */
static void expect_end(const char *rule, void (*f)(void *arg), const char *why) {
  const char *text;
  bool wrapped;
  ended_t ended = system_run(f, &wrapped, &text);
  RUN_EXPECT(rule, ended == ENDED_EXIT && strstr(text, why) != NULL, text);
}

static void wrong_values(void) {
  static const char *const wrong[][2] = {
    {"PYMALLOC_SERIALS", "2"}, {"PYMALLOC_LEAKS", "yes"},       {"PYMALLOC_QUARANTINE", "1024"},
    {"PYMALLOC_STACKS", "-1"}, {"PYMALLOC_STACKS", "4294967297"}, {"PYMALLOC_QUARANTINE", "1:"},
    {"PYMALLOC_BYTES", "3.8"},
  };
  char want[80];
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    setenv(wrong[i][0], wrong[i][1], 1);
    snprintf(want, sizeof want, "Fatal Python error: %s is \"%s\"; set it to ", wrong[i][0], wrong[i][1]);
    expect_end("PM-DEBUG-17", wrap, want);
    unsetenv(wrong[i][0]);
  }
}

/* Of what the registry, and the stacks if they are kept, ask the system for, each is refused
   in turn. */
static void no_memory(void) {
  for (unsigned i = 0; i < (debug_setup.stack_depth > 0 ? 2 : 1); i++) {
    system_fail(SYSTEM_RESERVE, i, 64); /* smaller regions are asked for in turn */
    expect_end("PM-DEBUG-06", wrap, "there is no memory for the registry");
    system_fail(SYSTEM_COMMIT, i, 1);
    expect_end("PM-DEBUG-06", wrap, "there is no memory for the registry");
  }
}

static void run_leaks(void *arg) { *(size_t *)arg = pymalloc_report_leaks(); }

void debug_begin_load(void) {
  const char *text;
  size_t leaks;
  system_run(run_leaks, &leaks, &text);
  RUN_EXPECT("PM-DEBUG-16", leaks == 0, "leaks before there are blocks");
  RUN_EXPECT("PM-DEBUG-12", pymalloc_check_everything() == 0, "damaged blocks before there are any");
  wrong_values();
  for (unsigned i = 0; i < 10 && debug_setup.variables[i] != NULL; i += 2)
    setenv(debug_setup.variables[i], debug_setup.variables[i + 1], 1);
  no_memory();
}

static void run_report(void *misuse) { pymalloc_report_misuse(misuse); }

/* A report that nobody can be told comes to its end too. */
static void report_to_nobody(void) {
  pymalloc_misuse m = {.kind = PYMALLOC_NOT_A_BLOCK, .family = 'm', .function = "free"};
  const char *text;
  sys.deaf = true;
  ended_t ended = system_run(run_report, &m, &text);
  sys.deaf = false;
  RUN_EXPECT("PM-DEBUG-04", ended == ENDED_NOT && *text == '\0', text);
}

static void by_value(const char *value, bool layer) {
  PyMemAllocatorEx a = libc;
  sys.pythonmalloc = value;
  system_enter();
  debug_put(PYMEM_DOMAIN_OBJ, &a, select_debug());
  system_leave();
  RUN_EXPECT("PM-SELECT-04", (a.malloc != libc.malloc) == layer, "a layer, or none, against PYTHONMALLOC");
}

static void hooks(void *arg) {
  (void)arg;
  PyMem_SetupDebugHooks();
}

/* All layers that are left are used up, while the domains' allocators are not the layer. */
void debug_begin_most(void) {
  static const char *const none[] = {NULL, "", "default", "malloc", "pymalloc"};
  PyMemAllocatorEx a = libc;
  unsigned n = 0;
  bool wrapped = true;
  report_to_nobody();
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) by_value(none[i], false);
  by_value("pymalloc_debug", true);
  RUN_EXPECT("PM-DEBUG-01", !pymalloc_debug_wrap((PyMemAllocatorDomain)7, &a), "a layer for an unknown domain");
  for (; wrapped; n += wrapped) wrap(&wrapped);
  RUN_EXPECT("PM-DEBUG-01", n < LAYERS_MOST, "more layers than there may be");
  expect_end("PM-DEBUG-01", hooks, "the debug layer is over 16 allocators already");
}
