/* Checks of a model (spec/model): a step that it must take, and one that it must refuse by
   the rule that is broken.  start() is the test's own, and makes everything anew. */
#pragma once

#include <setjmp.h>

#include "spec/model/model.h"
#include "tests/check.h"

static jmp_buf refusal_back;
static char refusal[16]; /* the rule; "" when nothing was refused */

static inline void refusal_note(const char *rule, const char *how) {
  (void)how;
  snprintf(refusal, sizeof refusal, "%s", rule);
  longjmp(refusal_back, 1);
}

#define REFUSAL(rule, step, want)                \
  do {                                           \
    model_broken = refusal_note;                 \
    start();                                     \
    refusal[0] = '\0';                           \
    if (setjmp(refusal_back) == 0) (void)(step); \
    CHECK_TEXT(rule, refusal, want);             \
  } while (0)

#define REFUSES(rule, step) REFUSAL(rule, step, rule)
#define TAKES(rule, step) REFUSAL(rule, step, "")
