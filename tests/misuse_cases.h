/* Misuses, by name.  Each is a little program that does something right, and, when
   asked to, one thing wrong: without that it must end well (its control), with it the
   process must end by abort() after the message. */
#pragma once

#include <stdbool.h>

typedef struct {
  const char *name;
  const char *rule;
  void (*run)(bool wrong); /* marks the address that is misused: misuse_at */
  const char *call, *what; /* of the message: Fatal pymalloc error: CALL(ADDRESS): WHAT */
} misuse_case_t;

extern const misuse_case_t misuse_cases[];

/* The address that the message will name; p itself. */
void *misuse_at(void *p);
