/* Checks: what every test here is made of.

   Each names the rule of the semantics (spec/semantics.md) that it tests.  One that
   fails says where, which rule, what was expected and the values, and ends the
   process with status 1.  All are counted, and none depends on NDEBUG.

     CHECK(rule, cond)               cond holds
     CHECK_OF(rule, cond, a, b)      the same; prints a and b when it doesn't
     CHECK_EQ(rule, got, want)       two integers or pointers are equal
     CHECK_TEXT(rule, got, want)     two strings are equal */
#pragma once

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned long checks; /* how many were made */

typedef struct {
  const char *file;
  int line;
  const char *rule;
} check_place_t;

#define CHECK_PLACE(rule) ((check_place_t){__FILE__, __LINE__, rule})

/* _Exit, so that a leak detector has no say in the status. */
_Noreturn static inline void check_end(void) {
  fflush(NULL);
  _Exit(1);
}

_Noreturn static inline void check_failed(check_place_t at, const char *cond) {
  fprintf(stderr, "%s:%d: %s: not so: %s\n", at.file, at.line, at.rule, cond);
  check_end();
}

_Noreturn static inline void check_failed_of(check_place_t at, const char *cond, const char *a_name,
                                             uintmax_t a, const char *b_name, uintmax_t b) {
  fprintf(stderr, "%s:%d: %s: not so: %s\n", at.file, at.line, at.rule, cond);
  fprintf(stderr, "  %s = %" PRIuMAX " (%#" PRIxMAX ")\n", a_name, a, a);
  fprintf(stderr, "  %s = %" PRIuMAX " (%#" PRIxMAX ")\n", b_name, b, b);
  check_end();
}

static inline void check_equal(check_place_t at, const char *cond, const char *got_name,
                               uintmax_t got, const char *want_name, uintmax_t want) {
  checks++;
  if (got != want) check_failed_of(at, cond, got_name, got, want_name, want);
}

static inline void check_text(check_place_t at, const char *got, const char *want) {
  checks++;
  if (strcmp(got, want) == 0) return;
  fprintf(stderr, "%s:%d: %s: texts differ\n  got:  %s\n  want: %s\n", at.file, at.line, at.rule,
          got, want);
  check_end();
}

#define CHECK(rule, cond) (checks++, (cond) ? (void)0 : check_failed(CHECK_PLACE(rule), #cond))
#define CHECK_OF(rule, cond, a, b) \
  (checks++, (cond) ? (void)0      \
                    : check_failed_of(CHECK_PLACE(rule), #cond, #a, (uintmax_t)(a), #b,  \
                                      (uintmax_t)(b)))
#define CHECK_EQ(rule, got, want) \
  check_equal(CHECK_PLACE(rule), #got " == " #want, #got, (uintmax_t)(got), #want, (uintmax_t)(want))
#define CHECK_TEXT(rule, got, want) check_text(CHECK_PLACE(rule), got, want)

/* The last thing that main does. */
static inline int check_done(void) {
  printf("%lu checks\n", checks);
  return checks == 0;
}
