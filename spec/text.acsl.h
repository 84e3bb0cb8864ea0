/* The logic of texts between quotes (alloc/stats.c): they end soon.  Spelt out, since it is
   then that provers look where they end. */
#pragma once

/*@ predicate text_to{L}(char *s, integer n) = s[n] == 0 && \valid_read(s + (0 .. n));
    predicate short_text{L}(char *s) =
      text_to(s, 0) || text_to(s, 1) || text_to(s, 2) || text_to(s, 3) || text_to(s, 4) ||
      text_to(s, 5) || text_to(s, 6) || text_to(s, 7) || text_to(s, 8) || text_to(s, 9) ||
      text_to(s, 10) || text_to(s, 11) || text_to(s, 12) || text_to(s, 13) || text_to(s, 14) ||
      text_to(s, 15) || text_to(s, 16) || text_to(s, 17) || text_to(s, 18) || text_to(s, 19) ||
      text_to(s, 20) || text_to(s, 21) || text_to(s, 22) || text_to(s, 23) || text_to(s, 24) ||
      text_to(s, 25) || text_to(s, 26) || text_to(s, 27) || text_to(s, 28) || text_to(s, 29) ||
      text_to(s, 30) || text_to(s, 31) || text_to(s, 32) || text_to(s, 33) || text_to(s, 34);
*/
