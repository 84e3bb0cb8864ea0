/* The logic of texts between quotes (select.c, options.c): they end soon.  Spelt
   out, since it is then that provers look where they end. */
#pragma once

#ifdef __FRAMAC__
#include <string.h>
#endif

/*@ predicate text_to{L}(char *s, integer n) = s[n] == 0 && \valid_read(s + (0 .. n));
    predicate short_text{L}(char *s) =
      text_to(s, 0) || text_to(s, 1) || text_to(s, 2) || text_to(s, 3) || text_to(s, 4) ||
      text_to(s, 5) || text_to(s, 6) || text_to(s, 7) || text_to(s, 8) || text_to(s, 9) ||
      text_to(s, 10) || text_to(s, 11) || text_to(s, 12) || text_to(s, 13) || text_to(s, 14) ||
      text_to(s, 15) || text_to(s, 16) || text_to(s, 17) || text_to(s, 18) || text_to(s, 19) ||
      text_to(s, 20) || text_to(s, 21) || text_to(s, 22) || text_to(s, 23) || text_to(s, 24) ||
      text_to(s, 25) || text_to(s, 26) || text_to(s, 27) || text_to(s, 28) || text_to(s, 29) ||
      text_to(s, 30) || text_to(s, 31) || text_to(s, 32) || text_to(s, 33) || text_to(s, 34) ||
      text_to(s, 35) || text_to(s, 36) || text_to(s, 37) || text_to(s, 38) || text_to(s, 39) ||
      text_to(s, 40) || text_to(s, 41) || text_to(s, 42) || text_to(s, 43) || text_to(s, 44) ||
      text_to(s, 45) || text_to(s, 46) || text_to(s, 47) || text_to(s, 48) || text_to(s, 49) ||
      text_to(s, 50) || text_to(s, 51) || text_to(s, 52) || text_to(s, 53) || text_to(s, 54) ||
      text_to(s, 55) || text_to(s, 56) || text_to(s, 57) || text_to(s, 58) || text_to(s, 59) ||
      text_to(s, 60) || text_to(s, 61) || text_to(s, 62) || text_to(s, 63) || text_to(s, 64) ||
      text_to(s, 65) || text_to(s, 66) || text_to(s, 67) || text_to(s, 68) || text_to(s, 69) ||
      text_to(s, 70) || text_to(s, 71) || text_to(s, 72) || text_to(s, 73) || text_to(s, 74) ||
      text_to(s, 75) || text_to(s, 76) || text_to(s, 77) || text_to(s, 78) || text_to(s, 79);
    lemma text_short{L}: \forall char *s; short_text(s) ==> valid_read_string(s);
*/
