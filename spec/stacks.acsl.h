/* The logic of kept call stacks (alloc/stacks.h): each place is empty, or has a stack that is
   not too deep. */
#pragma once

/*@ predicate stack_ok{L}(call_stack_t *stack) = stack->depth <= STACK_DEPTH_MOST;

    predicate stacks_memory{L}(stacks_t *s) =
      \valid(s->place + (0 .. STACKS_MOST - 1)) &&
      \separated(s, s->place + (0 .. STACKS_MOST - 1));
    predicate stacks_places{L}(stacks_t *s) =
      \forall integer i; 0 <= i < STACKS_MOST ==> s->place[i].depth <= STACK_DEPTH_MOST;
    predicate stacks_ok{L}(stacks_t *s) =
      \valid(s) && s->depth <= STACK_DEPTH_MOST &&
      (s->depth > 0 ==> stacks_memory(s) && stacks_places(s));

    logic integer put_stack{L}(integer log, call_stack_t *stack) = put_frames(log, &stack->frame[0], stack->depth);
*/
