#include "alloc/stacks.h"

#include <unistd.h>

#ifndef __FRAMAC__
#include <execinfo.h>
#else /* its headers lack these */
/*@ requires room: \valid(buffer + (0 .. size - 1));
    terminates \true;
    assigns \result, buffer[0 .. size - 1];
    ensures most: \result <= size; */
int backtrace(void **buffer, int size); /* trusted: it writes no more than that */
/*@ requires memory: \valid_read(buffer + (0 .. size - 1));
    requires empty: fd == STDERR_FILENO && log_at[0] == printed;
    terminates \true;
    assigns printed, written, refused, log_at[0], __fc_fds[STDERR_FILENO];
    ensures put: printed == log_at[0] == put_frames(\old(printed), (void **)buffer, size);
    ensures written: all_written{Pre} ==> all_written; */
void backtrace_symbols_fd(void *const *buffer, int size, int fd); /* trusted: it reads no more than that, and puts it */
#endif

#define PROBES 64u /* places that a stack can be in */

/*@ ghost
  /@ requires memory: \valid_read(s) && region_ok(&s->region);
     terminates \true;
     assigns \nothing;
     ensures apart: \base_addr(s->region.base) != \base_addr(s);
     ensures zero: \forall integer i; 0 <= i < STACKS_MOST ==> s->place[i].depth == 0; @/
  void places_are_fresh(stacks_t *s); // trusted: fresh memory is zero, and nothing else is in it
*/

bool stacks_open(stacks_t *s, unsigned depth) {
  size_t size = STACKS_MOST * sizeof(call_stack_t);
  void *first[1];
  s->depth = depth < STACK_DEPTH_MOST ? depth : STACK_DEPTH_MOST;
  if (s->depth == 0) return true;
  if (!region_reserve(&s->region, REGION_SYSTEM, size, NULL)) return false;
  if (!region_commit(&s->region, size)) return false;
  uintptr_t base = ADDRESS(s->region.base);
  s->place = MEMORY(call_stack_t, base);
  //@ ghost places_are_fresh(s);
  //@ assert memory: stacks_memory(s);
  backtrace(first, 1); /* loads what it needs, now and not under a lock */
  return true;
}

/*@ requires memory: \valid_read(frame + (0 .. depth - 1));
    terminates \true;
    assigns \nothing;
    ensures place: \result < STACKS_MOST; */
static uint32_t stack_hash(void *const *frame, size_t depth) {
  uint64_t hash = depth;
  /*@ loop invariant done: 0 <= i <= depth;
      loop assigns i, hash;
      loop variant depth - i; */
  for (size_t i = 0; i < depth; i++) hash = (hash ^ ADDRESS(frame[i])) * 0x9e3779b97f4a7c15u;
  return (uint32_t)(hash / 0x1000000000000);
}

/*@ requires memory: \valid_read(stack) && stack_ok(stack) && \valid_read(frame + (0 .. depth - 1));
    terminates \true;
    assigns \nothing;
    ensures same: \result <==> stack->depth == depth &&
      \forall integer i; 0 <= i < depth ==> stack->frame[i] == frame[i]; */
static bool stack_is(const call_stack_t *stack, void *const *frame, size_t depth) {
  if (stack->depth != depth) return false;
  size_t i = 0;
  /*@ loop invariant same: 0 <= i <= depth &&
        \forall integer j; 0 <= j < i ==> stack->frame[j] == frame[j];
      loop assigns i;
      loop variant depth - i; */
  while (i < depth && stack->frame[i] == frame[i]) i++;
  return i == depth;
}

/*@ requires memory: \valid(stack) && \valid_read(frame + (0 .. depth - 1));
    requires depth: depth <= STACK_DEPTH_MOST;
    requires apart: \separated(stack, frame + (0 .. depth - 1));
    terminates \true;
    assigns *stack;
    ensures ok: stack->depth == depth; */
static void stack_put(call_stack_t *stack, void *const *frame, size_t depth) {
  /*@ loop invariant done: 0 <= i <= depth;
      loop assigns i, stack->frame[0 .. STACK_DEPTH_MOST - 1];
      loop variant depth - i; */
  for (size_t i = 0; i < depth; i++) stack->frame[i] = frame[i];
  stack->depth = depth;
}

uint32_t stacks_keep(stacks_t *s, unsigned skip) {
  void *frame[STACK_DEPTH_MOST + STACKS_SKIP_MOST];
  if (s->depth == 0) return 0;
  int found = backtrace(frame, (int)(s->depth + skip));
  if (found <= (int)skip) return 0;
  size_t depth = (size_t)found - skip;
  uint32_t hash = stack_hash(frame + skip, depth);
  call_stack_t *places = s->place;
  /*@ loop invariant ok: 0 <= i <= PROBES && stacks_ok(s);
      loop invariant same: s->place == places && s->depth == \at(s->depth, Pre);
      loop invariant kept: \forall integer j; 0 <= j < STACKS_MOST && \at(s->place[j].depth, Pre) != 0 ==>
        s->place[j] == \at(s->place[j], Pre);
      loop assigns i, places[0 .. STACKS_MOST - 1];
      loop variant PROBES - i; */
  for (uint32_t i = 0; i < PROBES; i++) {
    uint32_t number = (hash + i) % STACKS_MOST;
    call_stack_t *place = &places[number];
    if (place->depth == 0) stack_put(place, frame + skip, depth);
    if (stack_is(place, frame + skip, depth)) return number + 1;
  }
  return 0;
}

void stack_print(const call_stack_t *stack) {
  backtrace_symbols_fd(stack->frame, (int)stack->depth, STDERR_FILENO);
}
