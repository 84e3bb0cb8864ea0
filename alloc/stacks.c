#include "alloc/stacks.h"

#include <string.h>

#ifndef __FRAMAC__
#include <execinfo.h>
#else /* its headers lack these */
/*@ assigns buffer[0 .. size - 1]; ensures \result <= size; */
int backtrace(void **buffer, int size); /* trusted: it writes no more than that */
/*@ assigns \nothing; */
void backtrace_symbols_fd(void *const *buffer, int size, int fd); /* trusted: it reads no more than that */
#endif

#define PROBES 64u /* places that a stack can be in */

bool stacks_open(stacks_t *s, unsigned depth) {
  size_t size = STACKS_MOST * sizeof(call_stack_t);
  void *first[1];
  s->depth = depth < STACK_DEPTH_MOST ? depth : STACK_DEPTH_MOST;
  if (s->depth == 0) return true;
  if (!region_reserve(&s->region, REGION_SYSTEM, size, NULL)) return false;
  if (!region_commit(&s->region, size)) return false;
  s->place = (call_stack_t *)(void *)s->region.base;
  backtrace(first, 1); /* loads what it needs, now and not under a lock */
  return true;
}

static uint32_t stack_hash(void *const *frame, size_t depth) {
  uint64_t hash = depth;
  /* trusted: addresses as numbers, of any value */
  for (size_t i = 0; i < depth; i++) hash = (hash ^ (uintptr_t)frame[i]) * 0x9e3779b97f4a7c15u;
  return (uint32_t)(hash >> 48);
}

uint32_t stacks_keep(stacks_t *s, unsigned skip) {
  void *frame[STACK_DEPTH_MOST + 8];
  if (s->depth == 0) return 0;
  int found = backtrace(frame, (int)(s->depth + skip));
  if (found <= (int)skip) return 0;
  size_t depth = (size_t)found - skip, bytes = depth * sizeof frame[0];
  uint32_t hash = stack_hash(frame + skip, depth);
  for (uint32_t i = 0; i < PROBES; i++) {
    uint32_t number = (hash + i) % STACKS_MOST;
    call_stack_t *place = &s->place[number];
    if (place->depth == 0) {
      memcpy(place->frame, frame + skip, bytes);
      place->depth = depth;
    }
    if (place->depth == depth && memcmp(place->frame, frame + skip, bytes) == 0) return number + 1;
  }
  return 0;
}

void stack_print(const call_stack_t *stack, int fd) {
  backtrace_symbols_fd(stack->frame, (int)stack->depth, fd);
}
