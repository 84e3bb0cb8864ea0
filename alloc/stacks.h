/* Call stacks: who asked for a block.  Each that is different is kept once, under a
   number, in memory that is not the allocators'. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alloc/region.h"

#include "spec/out.acsl.h"

#define STACK_DEPTH_MOST 32u
#define STACKS_SKIP_MOST 8u
#define STACKS_MOST 65536u /* when they are used up, new ones are not kept */

typedef struct {
  size_t depth;                    /* 0: an empty place */
  void *frame[STACK_DEPTH_MOST];   /* return addresses, the innermost first */
} call_stack_t;

typedef struct {
  call_stack_t *place; /* a table that is looked up by what is in it */
  unsigned depth;  /* how deep to look; 0: not at all */
  region_t region;
} stacks_t;

#include "spec/stacks.acsl.h"

/* Sets up an empty table.  False when there is no memory for it. */
/*@ requires memory: \valid(s);
    terminates \true;
    assigns *s;
    ensures ok: \result ==> stacks_ok(s);
    ensures apart: \result && s->depth > 0 ==> \base_addr(s->place) != \base_addr(s);
    ensures depth: s->depth == (depth < STACK_DEPTH_MOST ? depth : STACK_DEPTH_MOST); */
bool stacks_open(stacks_t *s, unsigned depth);

/* The number of the stack of the function that calls this, leaving out so many
   of its innermost frames; 0 when stacks are not kept. */
/*@ requires ok: stacks_ok(s);
    requires skip: skip <= STACKS_SKIP_MOST;
    terminates \true;
    assigns s->place[0 .. STACKS_MOST - 1];
    ensures ok: stacks_ok(s);
    ensures PM_DEBUG_16_number: \result <= STACKS_MOST && (s->depth == 0 ==> \result == 0);
    ensures PM_DEBUG_16_kept: \forall integer i; 0 <= i < STACKS_MOST && \old(s->place[i].depth) != 0 ==>
      s->place[i] == \old(s->place[i]); */
uint32_t stacks_keep(stacks_t *s, unsigned skip);

/* Writes a line for each frame to file descriptor 2, and asks for no memory. */
/*@ requires stack: \valid_read(stack) && stack_ok(stack);
    requires empty: log_at[0] == printed;
    terminates \true;
    assigns printed, written, refused, log_at[0], __fc_fds[STDERR_FILENO];
    ensures PM_DEBUG_16_put: printed == log_at[0] == put_stack(\old(printed), stack);
    ensures PM_DEBUG_16_written: all_written{Pre} ==> all_written; */
void stack_print(const call_stack_t *stack);

/* The stack of a number. */
/*@ requires ok: stacks_ok(s) && s->depth > 0;
    requires number: 1 <= number <= STACKS_MOST;
    terminates \true;
    assigns \nothing;
    ensures stack: \result == s->place + (number - 1) && \valid_read(\result) && stack_ok(\result); */
static inline const call_stack_t *stacks_get(const stacks_t *s, uint32_t number) {
  return &s->place[number - 1];
}
