/* Operations: what an input of the fuzzers says.

   An input is a row of operations of 8 bytes; bytes that are left over at its end do
   not count.  Any bytes are a valid input, and every operation means something in
   whatever state it is reached: it names a slot, and takes the next one that fits.

     byte 0     kind, modulo OP_KINDS
     byte 1     who: a family, a space, a peer or a source, modulo what the target has
     byte 2     times: below 128 once, else 8 (b - 127) times, on slots next to each other
     byte 3     by: the kind says what it means
     byte 4, 5  slot, modulo OP_SLOTS (low byte first)
     byte 6, 7  arg: a size, coded; or a number, as the kind says (low byte first)

   README.md lists the kinds.  ops_text.h has the same as text. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OP_BYTES 8u
#define OP_SLOTS 16384u
#define OP_TIMES 1024u /* most times that one operation is done */

typedef enum {
  OP_MALLOC,    /* slot = malloc(arg) */
  OP_CALLOC,    /* slot = calloc(arg, by) */
  OP_REALLOC,   /* slot = realloc(slot, arg) */
  OP_FREE,      /* free(slot), going on `by` + 1 slots further each time */
  OP_CHECK,     /* look at everything: contents, figures, the heap's invariant */
  OP_FAIL,      /* refuse the system's next `times` answers (of kind who), after `by` more */
  OP_MISUSE,    /* a wrong pointer, of kind by, near slot, with distance arg */
  OP_OBJECT,    /* slot = an object (by modulo 4 is 0: New, 1: NewVar; else an array) of arg */
  OP_OPEN,      /* free everything, and start again, with memory from source who; arg: how much */
  OP_HOOK,      /* put a counting allocator in front of domain who, or take it away */
  OP_WRITE,     /* a byte `by`, at place arg of the frame of slot, or (who: 1, 2) of a freed block */
  OP_KINDS
} op_kind_t;

typedef struct {
  op_kind_t kind;
  uint8_t who, by;
  uint16_t times, slot, arg;
} op_t;

/* The operation that 8 bytes say, and the bytes that say it.  Reading what was
   written gives the same operation. */
op_t op_read(const uint8_t *bytes);
void op_write(const op_t *op, uint8_t *bytes);

/* The size that an arg stands for: up to 1023 bytes, multiples of 16 up to 64 KiB, of
   64 KiB up to 1 MiB, and some near PY_SSIZE_T_MAX and SIZE_MAX. */
size_t op_size(uint16_t arg);

/* The element size that a `by` stands for: up to 127, or a power of two. */
size_t op_elsize(uint8_t by);

/* The arg of a size, and the `by` of an element size; false when there is none. */
bool op_arg_of_size(size_t size, uint16_t *arg);
bool op_by_of_elsize(size_t elsize, uint8_t *by);
