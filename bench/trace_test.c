/* A trace is read as it was written, and what is none is not read as one. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "bench/trace.h"

#define STEPS 100000u

static trace_step_t steps[STEPS];
static uint8_t text[STEPS * TRACE_STEP_MOST];
static trace_ids_t writer, reader;
static uint32_t live[STEPS]; /* ids */
static uint32_t lives;
static uint64_t state = 0x9e3779b97f4a7c15u;

static uint32_t below(uint32_t n) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)((state >> 32) * n >> 32);
}

/* Mostly small, some of each number of bits, and the largest. */
static uint32_t some_size(void) {
  if (below(100) == 0) return TRACE_SIZE_MOST;
  return below(4) == 0 ? below(UINT32_MAX) >> below(32) : below(512);
}

static trace_step_t some_step(void) {
  trace_call_t call = (trace_call_t)below(lives == 0 ? 2 : 4);
  if (call == TRACE_MALLOC || call == TRACE_CALLOC) {
    live[lives++] = trace_id_take(&writer);
    return trace_step(call, live[lives - 1], some_size());
  }
  uint32_t at = below(lives), id = live[at];
  if (call == TRACE_REALLOC) return trace_step(call, id, some_size());
  trace_id_give(&writer, id);
  live[at] = live[--lives];
  return trace_step(call, id, 0);
}

static const uint8_t *write_steps(void) {
  uint8_t *end = text;
  for (uint32_t i = 0; i < STEPS; i++) {
    steps[i] = some_step();
    uint8_t *next = trace_put(end, steps[i]);
    assert(next > end && next <= end + TRACE_STEP_MOST);
    end = next;
  }
  return end;
}

static void read_steps(const uint8_t *end) {
  const uint8_t *at = text;
  for (uint32_t i = 0; i < STEPS; i++) {
    trace_step_t step;
    at = trace_get(at, end, &reader, &step);
    assert(at != NULL);
    assert(step.call == steps[i].call && step.id == steps[i].id && step.size == steps[i].size);
  }
  assert(at == end);
  assert(reader.ever == writer.ever && reader.freed == writer.freed);
}

/* The bytes of a step, first in a trace, are refused. */
static void refused(const char *bytes, size_t n) {
  static trace_ids_t none;
  trace_step_t step;
  memset(&none, 0, sizeof none);
  const uint8_t *from = (const uint8_t *)bytes;
  assert(trace_get(from, from + n, &none, &step) == NULL);
}

int main(void) {
  const uint8_t *end = write_steps();
  read_steps(end);
  refused("", 0);
  refused("\x80", 1);                                      /* ends within a number */
  refused("\x03", 1);                                      /* frees block 0: there is none */
  refused("\x02\x10", 2);                                  /* reallocates it */
  refused("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11); /* a number of more than 63 bits */
  refused("\x80\x80\x80\x80\x80\x02", 6);                  /* a size of more than 32 */
  printf("%u steps in %td bytes, read as they were written\n", STEPS, end - text);
}
