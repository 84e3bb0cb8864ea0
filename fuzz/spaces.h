/* What the targets that have spaces share: the model's view of a space, its figures,
   and misuse of its addresses. */
#pragma once

#include "alloc/space.h"
#include "fuzz/run.h"

/* An arena hook that maps pages, and is refused them as the input says. */
extern const PyObjectArenaAllocator space_hook;

/* Sets the rules of families who .. who + families - 1, which `space` serves, and the
   region that the model follows, if it is not too large for that. */
void space_tell(unsigned who, unsigned families, const space_t *space, model_region_t *region);

/* Compares a space's figures, and its text and JSON, with the model. */
void space_check(const space_t *space, unsigned families);

/* A wrong pointer, as an operation says: one that is in a space's region but of no live
   block, or, when it has no large allocator, elsewhere.  NULL: this time there is none. */
void *space_wrong(const op_t *op, const space_t *space);

/* Calls free, or realloc, with a wrong pointer, and expects the report and the end that
   PM-MISUSE-05 prescribes. */
void space_misuse(const op_t *op, const space_t *space, const char *free_name,
                  const char *realloc_name);
