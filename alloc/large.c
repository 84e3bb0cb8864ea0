#include "alloc/large.h"

#include "alloc/space.h"

/*@ requires memory: \valid_read(allocator);
    requires space: allocator->malloc == &space_malloc ==> \valid_read((space_t *)allocator->ctx);
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_02_space: \result != \null ==> allocator->malloc == &space_malloc && \valid_read(\result);
    ensures PM_DEBUG_02_place: allocator->malloc == &space_malloc ==> *\result == ((space_t *)allocator->ctx)->large; */
const PyMemAllocatorEx *const *large_place(const PyMemAllocatorEx *allocator) {
  return allocator->malloc == space_malloc ? &((const space_t *)allocator->ctx)->large : NULL;
}
