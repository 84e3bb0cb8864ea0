#include "alloc/options.h"

#include <string.h>

#include "alloc/setting.h"

#include "spec/text.acsl.h"

static const char wrong_begin[] = "Fatal Python error: ", wrong_is[] = " is \"", wrong_end[] = ", or not at all\n";
static const char wrong_bytes[] = "\"; set it to 2.3", wrong_number[] = "\"; set it to a number from 0 to %u";
/*@ logic integer put_right{L}(integer log, integer most) =
      most == 0 ? put_text(log, &wrong_bytes[0]) : put_format(log, &wrong_number[0], most, 0, 0);
    logic integer put_wrong{L}(integer log, char *name, char *value, integer most) =
      put_text(put_right(put_text(put_text(put_text(put_text(log, &wrong_begin[0]), name), &wrong_is[0]), value), most),
        &wrong_end[0]); */

/* most: what a number may be at most; 0 where "2.3" alone is right. */
/*@ terminates \true;
    assigns PRINTED;
    ensures PM_DEBUG_17_ends: \false;
    exits PM_DEBUG_17_put: printed == put_wrong(\old(printed), name, value, most) && all_written; */
SELDOM _Noreturn static void option_wrong(const char *name, const char *value, unsigned most) {
  out_t out;
  out_begin(&out, NULL);
  out_text(&out, wrong_begin);
  out_text(&out, name);
  out_text(&out, wrong_is);
  out_text(&out, value);
  if (most == 0) out_text(&out, wrong_bytes);
  else OUT(&out, wrong_number, most);
  out_text(&out, wrong_end);
  out_end(&out);
}

/* What n becomes when k digits from s on are put behind it. */
/*@ logic integer decimal{L}(integer n, char *s, integer k) =
      k <= 0 ? n : decimal(10 * n + (*s - '0'), s + 1, k - 1);
*/

/* A number, from 0 to most. */
/*@ requires name: valid_read_string(name);
    requires most: 1 <= most <= HELD_MOST;
    terminates \true;
    assigns PRINTED, setting_given;
    ensures PM_DEBUG_17_most: \result <= most || setting_given == \null;
    ensures PM_DEBUG_17_usual: setting_given == \null ==> \result == otherwise;
    ensures PM_DEBUG_17_number: setting_given != \null ==> valid_read_string(setting_given) &&
      \result == decimal(0, setting_given, strlen(setting_given)); */
static unsigned option(const char *name, unsigned otherwise, unsigned most) {
  const char *value = setting(name);
  if (value == NULL) return otherwise;
  unsigned n = 0;
  /*@ loop invariant text: valid_read_string(c);
      loop invariant number: n <= most ==> decimal(n, c, strlen(c)) == decimal(0, value, strlen(value));
      loop assigns c, n;
      loop variant strlen(c); */
  for (const char *c = value; *c != '\0' && n <= most; c++) {
    bool digit = *c >= '0' && *c <= '9';
    n = digit ? 10 * n + (unsigned)(*c - '0') : most + 1;
  }
  if (n > most) option_wrong(name, value, most);
  return n;
}

/* Today's byte values, or Python 2.3's. */
/*@ terminates \true;
    assigns PRINTED, setting_given;
    ensures PM_DEBUG_05_usual: setting_given == \null <==> \result.clean == 0xCD;
    ensures PM_DEBUG_05_today: \result.clean == 0xCD ==> \result.dead == 0xDD && \result.forbidden == 0xFD;
    ensures PM_DEBUG_05_then: \result.clean != 0xCD ==>
      \result.clean == 0xCB && \result.dead == 0xDB && \result.forbidden == 0xFB; */
static debug_bytes_t option_bytes(void) {
  const char *value = setting("PYMALLOC_BYTES");
  if (value == NULL) return (debug_bytes_t){.clean = 0xCD, .dead = 0xDD, .forbidden = 0xFD};
  if (strcmp(value, "2.3") != 0) option_wrong("PYMALLOC_BYTES", value, 0);
  return (debug_bytes_t){.clean = 0xCB, .dead = 0xDB, .forbidden = 0xFB};
}

options_t options_read(void) {
  options_t options;
  options.leaks = option("PYMALLOC_LEAKS", 0, 1);
  //@ assert PM_DEBUG_16_leaks: setting_given == \null ==> options.leaks == 0;
  options.held_most = option("PYMALLOC_QUARANTINE", HELD_USUAL, HELD_MOST);
  //@ assert PM_DEBUG_08_held: setting_given == \null ==> options.held_most == 256;
  options.stack_depth = option("PYMALLOC_STACKS", 0, STACK_DEPTH_MOST);
  //@ assert PM_DEBUG_16_stacks: setting_given == \null ==> options.stack_depth == 0;
  options.bytes = option_bytes();
  options.bytes.serials = option("PYMALLOC_SERIALS", 0, 1);
  //@ assert PM_DEBUG_17_serials: setting_given == \null ==> options.bytes.serials == 0;
  return options;
}
