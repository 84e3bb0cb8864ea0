/* What a release build does when it is given a pointer that it can tell is
   wrong: it says so on standard error and ends the process. */
#pragma once

#ifdef __FRAMAC__ /* what a text is */
#include <string.h>
#endif

/* What it says. */
#define MISUSE_NOT_LIVE "the block is not live (freed twice, or never allocated)"
#define MISUSE_NOT_BLOCK "no block starts at this address (an interior or wild pointer)"
#define MISUSE_FAMILY "the block belongs to the mem or obj family, not to raw"
#define MISUSE_FOREIGN "the address is not of this heap"

/* Prints one line, which names the call, the address and the misuse, and calls
   abort().  The text is fixed (PM-MISUSE-05):
     Fatal pymalloc error: CALL(0xADDRESS): WHAT
   Takes no lock and allocates nothing. */
/*@ requires texts: valid_read_string(call) && valid_read_string(what);
    terminates \true;
    assigns \nothing;
    ensures PM_MISUSE_05_ends: \false; */
_Noreturn void misuse_report(const char *call, const void *p, const char *what);
