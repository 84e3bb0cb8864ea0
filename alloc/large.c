#include "alloc/large.h"

#include "alloc/space.h"

/*@ terminates \true;
    ensures PM_DEBUG_02_space: \result != \null ==> allocator->malloc == &space_malloc;
    ensures PM_DEBUG_02_place: allocator->malloc == &space_malloc ==>
      \result == &((space_t *)allocator->ctx)->large; */
const PyMemAllocatorEx *const *large_place(const PyMemAllocatorEx *allocator) {
  return allocator->malloc == space_malloc ? &((const space_t *)allocator->ctx)->large : NULL;
}
