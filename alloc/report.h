/* Reports of the debug layer: what was done wrong, to which block, and what to look
   for.  They are put with out.h, so that a report comes to its end whatever is broken.

   The first part is CPython's (3.8 and later), word for word, for the facts that it
   has too; what follows the line "Fatal Python error" is ours.  Rules: PM-DEBUG in
   spec/semantics.md. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alloc/frame.h"
#include "alloc/out.h"
#include "alloc/stacks.h"

typedef enum {
  PYMALLOC_OVERRUN,       /* bytes after the end of a block were written */
  PYMALLOC_UNDERRUN,      /* bytes before its beginning were */
  PYMALLOC_LATE_WRITE,    /* bytes of a freed block were */
  PYMALLOC_DOUBLE_FREE,   /* free of a block that is freed */
  PYMALLOC_REALLOC_FREED, /* realloc of one */
  PYMALLOC_WRONG_FAMILY,  /* free or realloc of a block of another family */
  PYMALLOC_INTERIOR,      /* of an address inside a block */
  PYMALLOC_NOT_A_BLOCK,   /* of an address that is in none */
  PYMALLOC_WITHOUT_LOCK   /* a call of mem or obj without the lock (PM-FAMILY-04) */
} pymalloc_misuse_kind;

typedef struct {
  pymalloc_misuse_kind kind;
  const char *function;   /* of the layer, by CPython's name; NULL: found by a check of all */
  const void *address;    /* what the call was given, or found */
  char family;            /* of the call: 'r', 'm', 'o' */
  unsigned char *block;   /* the block that is concerned, which can be read; or NULL */
  size_t size;            /* what was asked for */
  char made_by;           /* the family that it is of; 0: not known */
  bool freed;             /* it is freed: all of it should be dead bytes */
  frame_part_t part;      /* of a block that is not freed: what of its frame is wrong */
  uint64_t serial;        /* which call made it; 0: not counted */
  const call_stack_t *stack; /* from where; NULL: not kept */
} pymalloc_misuse;

/* The byte values of a frame and of a block's life. */
typedef struct {
  unsigned char clean, dead, forbidden;
  bool serials; /* frames have serial numbers */
} debug_bytes_t;

#include "spec/report.acsl.h"

/* Writes the report of a misuse to file descriptor 2.  Of the block it reads what the layer
   knows to be there. */
/*@ requires misuse: misuse_ok(m) && \valid_read(bytes);
    requires PM_DEBUG_04_known: m->block != \null ==> block_readable(m, bytes);
    terminates \true;
    assigns REPORTED;
    ensures PM_DEBUG_04_written: all_written;
    ensures PM_DEBUG_04_told: reported{Pre,Post} && told == m->kind && told_of == m->address;
    exits silent: !reported{Pre,Post}; */
void report_misuse(const pymalloc_misuse *m, const debug_bytes_t *bytes);

/* One line for a block that was not freed, and its stack if that was kept. */
/*@ requires stack: stack == \null || \valid_read(stack) && stack_ok(stack);
    terminates \true;
    assigns REPORTED;
    ensures PM_DEBUG_16_written: all_written;
    ensures PM_DEBUG_16_told: told == TOLD_LEAK; */
void report_leak(const void *block, size_t size, char api, uint64_t serial, const call_stack_t *stack);

/* The line that says how many there were. */
/*@ requires PM_DEBUG_16_bytes: blocks == 0 ==> bytes == 0;
    terminates \true;
    assigns REPORTED;
    ensures PM_DEBUG_16_written: all_written;
    ensures PM_DEBUG_16_told: told == TOLD_LEAKS; */
void report_leaks(size_t blocks, size_t bytes);
