/* The system under the allocator, in the hands of the fuzzer: what the C library and
   the kernel are asked for can be refused, what they gave and did not get back is
   counted, and the end of the process is caught.

   The linker puts the functions in system.c in the place of malloc, mmap, abort and so
   on (wrap.opts), so alloc/ is compiled as it is.  They interfere between
   system_enter and system_leave only, that is, while the allocator runs. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Whose requests are refused. */
typedef enum {
  SYSTEM_ANY,
  SYSTEM_LIBC,    /* malloc, calloc, realloc */
  SYSTEM_COMMIT,  /* mprotect */
  SYSTEM_RESERVE, /* mmap, and arena hooks */
  SYSTEM_SOURCES
} system_source_t;

/* The C library is asked for no more at once: beyond, the answer is always no. */
#define SYSTEM_MOST ((size_t)64 << 20)

typedef struct {
  bool inside;   /* the allocator runs */
  bool refused;  /* since system_enter */
  unsigned asked; /* requests since system_enter */
  long blocks;   /* of the C library, live, that were asked for from inside */
  long maps;     /* of the kernel, in the same way */
  int locks;     /* mutexes that are locked now */
  size_t discards; /* how often pages were given back, that stay reserved */
  bool deaf;     /* nothing can be written */
  bool slow;     /* writes are interrupted, and cut short */
  const char *pythonmalloc; /* what getenv("PYTHONMALLOC") is, from inside */
} system_t;

extern system_t sys;

/* Nothing is refused, nothing was given. */
void system_start(void);

static inline void system_enter(void) {
  sys.inside = true;
  sys.refused = false;
  sys.asked = 0;
}

static inline void system_leave(void) { sys.inside = false; }

/* From now on `after` requests to a source are answered, and then `times` refused. */
void system_fail(system_source_t source, unsigned after, unsigned times);

/* For arena hooks: whether this request is refused. */
bool system_refuses(system_source_t source);

/* Runs f(arg), which may end the process, inside.  How it came back: 0 it returned; else
   the function that it called to end the process, and *text is what went to standard
   error. */
typedef enum { ENDED_NOT, ENDED_ABORT, ENDED_EXIT } ended_t;
ended_t system_run(void (*f)(void *arg), void *arg, const char **text);
