/* Settings: environment variables. */
#pragma once

#include <stdlib.h>

#ifdef __FRAMAC__ /* what a text is */
#include <string.h>
#endif

#include "spec/setting.acsl.h"

/* The text of an environment variable; NULL when it is not set, or empty. */
/*@ requires name: valid_read_string(name);
    terminates \true;
    assigns setting_given;
    ensures given: \result == setting_given;
    ensures text: \result == \null || valid_read_string(\result); */
static inline const char *setting(const char *name) {
  const char *text = getenv(name); /* trusted: the environment's texts end */
  return text == NULL || *text == '\0' ? NULL : text;
}
