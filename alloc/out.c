#include "alloc/out.h"

#include <errno.h>
#include <stdlib.h>

#define AGAIN_MOST 1000 /* so often a signal may interrupt a text */

/* Has the system take what is in the buffer from here on: how many characters it took, or -1. */
/*@ requires ok: out_holds(out) && done < out->n;
    terminates \true;
    exits returns: \false;
    assigns written, *out->file, __fc_fds[STDERR_FILENO];
    ensures most: -1 <= \result <= out->n - done;
    ensures PM_DEBUG_04_order: \old(written) == log_at[done] ==> written == log_at[done + (\result > 0 ? \result : 0)]; */
static ssize_t out_take(const out_t *out, size_t done) {
  const char *next = out->text + done;
  size_t left = out->n - done;
  if (out->file != NULL) return (ssize_t)fwrite(next, 1, left, out->file);
  return write(STDERR_FILENO, next, left); /* trusted: as much is written as they say, from the first on */
}

void out_flush(out_t *out) {
  unsigned again = AGAIN_MOST;
  /*@ loop invariant done: 0 <= done <= out->n && out_holds(out);
      loop invariant PM_DEBUG_04_order: !refused ==> written == log_at[done];
      loop assigns done, again, refused, written, *out->file, __fc_fds[STDERR_FILENO];
      loop variant out->n - done + again; */
  for (size_t done = 0; done < out->n;) {
    ssize_t n = out_take(out, done);
    if (n > 0) {
      done += (size_t)n;
    } else if (n < 0 && errno == EINTR && again > 0) {
      //@ assert PM_DEBUG_04_interrupted: n < 0 && errno == EINTR;
      again--;
    } else {
      //@ assert PM_DEBUG_04_refused: n == 0 || n < 0 && (errno != EINTR || again == 0);
      //@ ghost refused = true;
      break; /* nobody can be told */
    }
  }
  out->n = 0;
  //@ ghost log_at[0] = printed;
}

void out_end(out_t *out) {
  out_flush(out);
  exit(1);
}

void out_char(out_t *out, char c) {
  if (out->n == sizeof out->text) out_flush(out);
  out->text[out->n++] = c;
  //@ ghost log_at[out->n] = printed = put_next[printed][(unsigned char)c];
}

/* The character that is next in a text. */
/*@ requires text: \valid(text);
    terminates \true;
    exits returns: \false;
    assigns *text;
    ensures next: *text == \old(*text) + 1;
    ensures character: \result == text_char(\old(*text));
    ensures ends: \result != '\0' ==> \offset(*text) < \block_length(*text); */
static char text_next(const char **text) {
  return *(*text)++; /* trusted: a text is there up to its zero, stays as it is, and is read no further */
}

void out_text(out_t *out, const char *text) {
  char c;
  /*@ loop invariant ok: out_ok(out);
      loop invariant PM_DEBUG_04_put: put_text(printed, text) == put_text(\at(printed, Pre), \at(text, Pre));
      loop assigns c, text, PUT(out);
      loop variant \block_length(text) - \offset(text); */
  while ((c = text_next(&text)) != '\0') out_char(out, c);
}

void out_number(out_t *out, uint64_t n, unsigned base, unsigned digits) {
  if (n >= base || digits > 1) out_number(out, n / base, base, digits > 0 ? digits - 1 : 0);
  unsigned digit = (unsigned)(n % base);
  out_char(out, (char)(digit < 10 ? '0' + digit : 'a' + (digit - 10)));
}

/*@ requires ok: out_ok(out);
    terminates \true;
    exits returns: \false;
    assigns PUT(out);
    ensures ok: out_ok(out);
    ensures PM_DEBUG_04_put: printed == put_arg(\old(printed), how, arg); */
static void out_arg(out_t *out, char how, uint64_t arg) {
  if (how == 'c') out_char(out, (char)arg);
  else if (how == 'u') out_number(out, arg, 10, 1);
  else if (how == 'x') out_number(out, arg, 16, 2);
  else out_char(out, '0'), out_char(out, 'x'), out_number(out, arg, 16, 1);
}

void out_format(out_t *out, const char *text, args_t args) {
  unsigned used = 0;
  char c;
  /*@ loop invariant ok: out_ok(out) && used < 3;
      loop invariant PM_DEBUG_04_put:
        put_args(printed, text, used, args.arg[0], args.arg[1], args.arg[2]) ==
        put_format(\at(printed, Pre), \at(text, Pre), args.arg[0], args.arg[1], args.arg[2]);
      loop assigns c, text, used, PUT(out);
      loop variant \block_length(text) - \offset(text); */
  while ((c = text_next(&text)) != '\0') {
    //@ assert next: args.arg[used] == arg_of(used, args.arg[0], args.arg[1], args.arg[2]);
    if (c != '%') out_char(out, c);
    else out_arg(out, text_next(&text), args.arg[used]), used = (used + 1) % 3;
  }
}
