/* The logic of the choice (alloc/select.h). */
#pragma once

#include "spec/out.acsl.h"
#include "spec/raw.acsl.h"
#include "spec/setting.acsl.h"
#include "spec/space.acsl.h"

#ifdef __FRAMAC__
/* What alloc/select.c keeps to itself, for contracts to name. */
static space_t process_space;
static bool selected;
static region_source_t region_source;
static size_t region_most;
static PyObjectArenaAllocator arena_hook;

#define SELECT_STATE process_space, selected, pools, PRINTED, setting_given, REGION_BYTES /* for `assigns` */

/*@ predicate region_chosen{L}(integer source, integer most) =
      region_source == source && region_most == most;
    predicate region_known(integer source) =
      source == REGION_SYSTEM || source == REGION_LIBC || source == REGION_NONE;
*/
#endif
