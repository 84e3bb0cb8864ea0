/* The texts of the figures, as the rules have them. */
#pragma once

#include "alloc/stats.h"

#define TEXT_MOST 8192u

/* What pymalloc_print_stats (PM-STATS-02) and pymalloc_print_stats_json (PM-STATS-03) must
   write of these figures; until the next call. */
const char *text_of_figures(const pymalloc_stats *s);
const char *json_of_figures(const pymalloc_stats *s);
