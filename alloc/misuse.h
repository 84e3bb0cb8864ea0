/* What a release build does when it is given a pointer that it can tell is
   wrong: it says so on standard error and ends the process. */
#pragma once

typedef enum {
  MISUSE_NOT_LIVE,  /* a block, but not a live one: freed before, or never handed out */
  MISUSE_NOT_BLOCK, /* within the pools, but no block starts there */
  MISUSE_FAMILY,    /* a block of the pools, given to the raw family */
  MISUSE_FOREIGN    /* not in the buffer, and there is no other allocator to ask */
} misuse_t;

/* Prints one line, which names the call, the address and the misuse, and calls
   abort().  The text is fixed (PM-MISUSE-05):
     Fatal pymalloc error: CALL(0xADDRESS): WHAT
   Takes no lock and allocates nothing. */
/*@ assigns \nothing;
    ensures PM_MISUSE_05_ends: \false; */
_Noreturn void misuse_report(const char *call, const void *p, misuse_t what);
