/* The logic of what is printed (alloc/out.h): text by text, as a function of what was printed before.

   A log stands for all that was put so far: a number, of which `put` makes the next one.  What put is, nobody has
   said: it looks up an array of any content.  So a contract that says which log comes out says which text was put,
   character by character: for another text there is an array that tells the two apart. */
#pragma once

#ifdef __FRAMAC__
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

//@ ghost extern const uint16_t put_next[65536][256];
//@ ghost uint16_t printed; // the log
//@ ghost uint16_t written; // that of what the system took, which goes on from where the last text began
//@ ghost bool refused;     // it took not all of that
//@ ghost uint16_t log_at[513]; // for each character in the buffer, the log before it; and the last
#define PRINTED printed, written, refused, log_at[0 .. 512], __fc_fds[STDERR_FILENO] /* for `assigns` */
#endif

/*@ axiomatic Texts { // characters of texts, which stay as they are: text_next says so (alloc/out.c)
      logic char text_char(char *p);
      logic integer put_frames(integer log, void **frame, integer n); // as backtrace_symbols_fd has them
    }

    predicate all_written{L} = refused || written == printed;
    logic integer put{L}(integer log, integer c) = put_next[log][(unsigned char)c];

    logic integer put_text{L}(integer log, char *s) =
      text_char(s) == 0 ? log : put_text(put(log, text_char(s)), s + 1);

    logic integer digit_of(integer d) = d < 10 ? '0' + d : 'a' + d - 10;
    logic integer put_number{L}(integer log, integer n, integer base, integer digits) =
      put(base > 1 && (n >= base || digits > 1) ? put_number(log, n / base, base, digits > 0 ? digits - 1 : 0) : log,
        digit_of(n % base)); // base > 1: for another base there may be no such log
    logic integer put_decimal{L}(integer log, integer n) = put_number(log, n, 10, 1);
    logic integer put_byte{L}(integer log, integer n) = put_number(log, n, 16, 2);
    logic integer put_address{L}(integer log, integer n) = put_number(put(put(log, '0'), 'x'), n, 16, 1);

    logic integer put_arg{L}(integer log, integer how, integer n) =
      how == 'c' ? put(log, (char)n) : how == 'u' ? put_decimal(log, n) : how == 'x' ? put_byte(log, n) :
        put_address(log, n);
    logic integer arg_of(integer i, integer a, integer b, integer c) = i == 0 ? a : i == 1 ? b : c;
    logic integer put_args{L}(integer log, char *s, integer i, integer a, integer b, integer c) =
      text_char(s) == 0 ? log :
        text_char(s) == '%' ? put_args(put_arg(log, text_char(s + 1), arg_of(i, a, b, c)), s + 2, (i + 1) % 3, a, b, c) :
        put_args(put(log, text_char(s)), s + 1, i, a, b, c);
    logic integer put_format{L}(integer log, char *s, integer a, integer b, integer c) = put_args(log, s, 0, a, b, c);
*/
