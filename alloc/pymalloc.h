/* Everything that pymalloc offers.  One include for its users:

     mem.h     the families: PyMem_Raw..., PyMem_..., PyObject_...
     object.h  the object family: PyObject_New, NewVar, Init, InitVar, Del
     domain.h  allocators as values: get, set; PYTHONMALLOC, PyMem_SetupDebugHooks
     debug.h   the debug layer: over an allocator of one's own, check everything, leaks
     select.h  where pools come from: the arena hook, pymalloc_set_region
     space.h   heaps of one's own, also in a buffer
     stats.h   figures: a struct, CPython's text, JSON

   Link //alloc, or //alloc:python_names for the plain symbol names (names.h). */
#pragma once

#include "alloc/debug.h"
#include "alloc/domain.h"
#include "alloc/mem.h"
#include "alloc/object.h"
#include "alloc/select.h"
#include "alloc/space.h"
#include "alloc/stats.h"
#include "alloc/version.h"
