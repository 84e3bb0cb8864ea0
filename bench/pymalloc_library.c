/* Makes //alloc a shared library with one function: its obj domain's allocator. */
#include "alloc/domain.h"

__attribute__((visibility("default"))) void pymalloc_get(PyMemAllocatorEx *a);

void pymalloc_get(PyMemAllocatorEx *a) { PyMem_GetAllocator(PYMEM_DOMAIN_OBJ, a); }
