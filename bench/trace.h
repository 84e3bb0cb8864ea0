/* The trace format: the calls that a program made to an allocator, in order.

   A trace is 8 bytes, "pymtrc1\n", and then steps up to its end.  A step is a
   number, four times a value plus one of the calls below:

     malloc    the value is the size
     calloc    the value is the size, of all elements together
     realloc   the value is a block's id; the size follows, as another number
     free      the value is a block's id

   A number is written in groups of 7 bits, lowest first, each in a byte whose top
   bit says that more follow.  A new block's id is the one that was freed last, or
   if all that were ever given are in use, the number of them: so it need not be
   written, ids stay small, and whoever replays a trace keeps blocks in an array.
   Blocks may be live at the end. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRACE_MAGIC "pymtrc1\n"
#define TRACE_MAGIC_SIZE 8u
#define TRACE_STEP_MOST 20u        /* bytes a step can take */
#define TRACE_IDS_MOST (1u << 22)  /* blocks that can be live */
#define TRACE_SIZE_MOST UINT32_MAX /* larger sizes are written as this */

typedef enum { TRACE_MALLOC, TRACE_CALLOC, TRACE_REALLOC, TRACE_FREE } trace_call_t;

typedef struct {
  uint32_t call : 2, id : 30;
  uint32_t size; /* 0 for free */
} trace_step_t;

_Static_assert(sizeof(trace_step_t) == 8, "replaying reads as little as it can");

static inline trace_step_t trace_step(trace_call_t call, uint32_t id, uint32_t size) {
  return (trace_step_t){(unsigned)call & 3, id & (TRACE_IDS_MOST - 1), size};
}

/* Which ids are in use. */
typedef struct {
  uint32_t ever;  /* ids from here on were never given */
  uint32_t freed; /* how many of the others are free */
  uint32_t stack[TRACE_IDS_MOST]; /* those, the last one at its top */
} trace_ids_t;

/* Whether no block can be added. */
static inline bool trace_ids_full(const trace_ids_t *ids) {
  return ids->freed == 0 && ids->ever == TRACE_IDS_MOST;
}

static inline uint32_t trace_id_take(trace_ids_t *ids) {
  return ids->freed > 0 ? ids->stack[--ids->freed] : ids->ever++;
}

static inline void trace_id_give(trace_ids_t *ids, uint32_t id) { ids->stack[ids->freed++] = id; }

/* Writing: each returns the end of what it wrote. */

static inline uint8_t *trace_put_number(uint8_t *to, uint64_t n) {
  for (; n >= 128; n >>= 7) *to++ = (uint8_t)(n | 128);
  *to++ = (uint8_t)n;
  return to;
}

static inline uint8_t *trace_put(uint8_t *to, trace_step_t step) {
  bool names = step.call == TRACE_REALLOC || step.call == TRACE_FREE;
  uint64_t value = names ? step.id : step.size;
  to = trace_put_number(to, value * 4 + step.call);
  return step.call == TRACE_REALLOC ? trace_put_number(to, step.size) : to;
}

/* Reading: each returns the end of what it read, or NULL when that is no trace. */

static inline const uint8_t *trace_get_number(const uint8_t *from, const uint8_t *end,
                                              uint64_t *n) {
  *n = 0;
  for (unsigned shift = 0; from < end && shift < 63; shift += 7) {
    *n |= (uint64_t)(*from & 127) << shift;
    if (*from++ < 128) return from;
  }
  return NULL;
}

/* Reads a step, and keeps account of ids; a new block's id is filled in. */
static inline const uint8_t *trace_get(const uint8_t *from, const uint8_t *end, trace_ids_t *ids,
                                       trace_step_t *step) {
  uint64_t n, size = 0;
  from = trace_get_number(from, end, &n);
  if (from == NULL) return NULL;
  trace_call_t call = (trace_call_t)(n & 3);
  uint64_t value = n >> 2;
  bool names = call == TRACE_REALLOC || call == TRACE_FREE;
  if (call == TRACE_REALLOC) from = trace_get_number(from, end, &size);
  if (!names) size = value;
  if (from == NULL || size > TRACE_SIZE_MOST) return NULL;
  if (names ? value >= ids->ever : trace_ids_full(ids)) return NULL;
  uint32_t id = names ? (uint32_t)value : trace_id_take(ids);
  if (call == TRACE_FREE) {
    if (ids->freed == TRACE_IDS_MOST) return NULL; /* of ids that were free already */
    trace_id_give(ids, id);
  }
  *step = trace_step(call, id, (uint32_t)size);
  return from;
}
