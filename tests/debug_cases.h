/* Misuses that the debug layer is for, by name: little programs that do something right,
   and, when asked to, one thing wrong.  They are written to a table of functions, so that the
   same ones run on this allocator, with and without its layer, and on CPython's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  void *(*malloc)(size_t n);
  void *(*calloc)(size_t nelem, size_t elsize);
  void *(*realloc)(void *p, size_t n);
  void (*free)(void *p);
} functions_t;

/* What a case runs on. */
typedef struct {
  functions_t family[3];        /* raw, mem, obj */
  size_t (*check)(void);        /* everything; returns how many blocks are damaged */
  void (*without_lock)(void);   /* from now on the caller does not hold the lock */
  void (*at)(const void *p);    /* told the block that the misuse is about */
} subject_t;

typedef struct debug_case debug_case_t;

struct debug_case {
  const char *name;
  const char *rule;
  void (*run)(const debug_case_t *c, const subject_t *s, bool wrong);
  int family;   /* that the block is of */
  int other;    /* that it is used with, where that is another */
  size_t size;  /* of the block */
  long offset;  /* from its beginning, or what else the case counts */
  const char *what;
};

extern const debug_case_t debug_cases[];
