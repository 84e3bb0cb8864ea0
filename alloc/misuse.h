/* What a release build does when it is given a pointer that it can tell is
   wrong: it says so on standard error and ends the process. */
#pragma once

#ifdef __FRAMAC__ /* what a text is */
#include <string.h>
#endif

/* PM-MISUSE-01, 02, 03 and 04. */
typedef enum { MISUSE_NOT_LIVE, MISUSE_NOT_BLOCK, MISUSE_FAMILY, MISUSE_FOREIGN } misuse_t;

#include "spec/misuse.acsl.h"

/* Prints one line, which names the call, the address and the misuse, and calls
   abort().  The text is fixed (PM-MISUSE-05):
     Fatal pymalloc error: CALL(0xADDRESS): WHAT
   Takes no lock and allocates nothing. */
/*@ requires texts: valid_read_string(call) && what <= MISUSE_FOREIGN;
    terminates \true;
    assigns SAID;
    ensures PM_MISUSE_05_ends: \false;
    exits PM_MISUSE_05_said: spoken{Pre,Post} && said_what == what && said_of == p && said_by == call; */
_Noreturn void misuse_report(const char *call, const void *p, misuse_t what);
