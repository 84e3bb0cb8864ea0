/* The logic of the choice (alloc/select.h). */
#pragma once

#include "spec/space.acsl.h"

#ifdef __FRAMAC__
/* What alloc/select.c keeps to itself, for contracts to name. */
static space_t process_space;
static bool selected;
#endif
