/* Text, from a small buffer on the stack, for file descriptor 2, or for a file.  For the descriptor no memory is asked
   for and no lock is taken, so that it comes out whatever is broken.  Rule: PM-DEBUG-04 in spec/semantics.md.

   Contracts say which text is put, and that it is what is written, up to where the system refuses more. */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "spec/out.acsl.h"

typedef struct {
  char text[512];
  FILE *file; /* where it goes; NULL: file descriptor 2, by write(2) alone */
  uint16_t n; /* a type that no fact of a report is of: a proof sees soonest that none changes */
} out_t;

#ifdef __FRAMAC__ /* what putting a text changes, and what writing it does */
#define PUT(out) (out)->text[0 .. 511], (out)->n, *(out)->file, PRINTED
#define WRITTEN written, refused, log_at[0], __fc_fds[STDERR_FILENO]
#endif
/*@ predicate out_logged{L}(out_t *out) = log_at[out->n] == printed &&
      \forall integer i; 0 <= i < out->n ==> log_at[i + 1] == put(log_at[i], out->text[i]);
    predicate out_holds{L}(out_t *out) = \valid(out) && out->n <= 512 && out_logged(out) &&
      (out->file == \null || \valid(out->file) && \separated(out, out->file));
    predicate out_ok{L}(out_t *out) = out_holds(out) && (refused || written == log_at[0]); */

/* An empty buffer, where a text begins. */
/*@ requires memory: \valid(out);
    requires file: file == \null || \valid(file) && \separated(out, file);
    terminates \true;
    exits returns: \false;
    assigns out->file, out->n, written, refused, log_at[0];
    ensures empty: out_ok(out) && out->file == file && out->n == 0; */
static inline void out_begin(out_t *out, FILE *file) {
  out->file = file;
  out->n = 0;
  //@ ghost refused = false;
  //@ ghost log_at[0] = written = printed;
}

/* Writes what is in the buffer, or as much of it as the system takes. */
/*@ requires ok: out_ok(out);
    terminates \true;
    exits returns: \false;
    assigns out->n, *out->file, WRITTEN;
    ensures empty: out_ok(out) && out->n == 0;
    ensures PM_DEBUG_04_written: all_written; */
void out_flush(out_t *out);

/* Writes it, and ends the process with status 1. */
/*@ requires ok: out_ok(out);
    terminates \true;
    assigns out->n, *out->file, WRITTEN;
    ensures ends: \false;
    exits PM_SELECT_05_status: \exit_status == 1;
    exits PM_DEBUG_04_written: all_written; */
_Noreturn void out_end(out_t *out);

/*@ requires ok: out_ok(out);
    terminates \true;
    exits returns: \false;
    assigns PUT(out);
    ensures ok: out_ok(out);
    ensures PM_DEBUG_04_put: printed == put(\old(printed), c); */
void out_char(out_t *out, char c);

/*@ requires ok: out_ok(out);
    terminates \true;
    exits returns: \false;
    assigns PUT(out);
    ensures ok: out_ok(out);
    ensures PM_DEBUG_04_put: printed == put_text(\old(printed), text); */
void out_text(out_t *out, const char *text);

/* A number in a base, with so many digits at least. */
/*@ requires ok: out_ok(out);
    requires base: 2 <= base <= 16 && digits <= 64;
    terminates \true;
    decreases n + digits;
    exits returns: \false;
    assigns PUT(out);
    ensures ok: out_ok(out);
    ensures PM_DEBUG_04_put: printed == put_number(\old(printed), n, base, digits); */
void out_number(out_t *out, uint64_t n, unsigned base, unsigned digits);

/* A text in which %p stands for an address, %x for a byte, %u for a number and %c for a
   character, in turn: three of them at most. */
typedef struct { uint64_t arg[3]; } args_t;
#define OUT(out, text, ...) out_format(out, text, (args_t){{__VA_ARGS__}})

/*@ requires ok: out_ok(out);
    terminates \true;
    exits returns: \false;
    assigns PUT(out);
    ensures ok: out_ok(out);
    ensures PM_DEBUG_04_put: printed == put_format(\old(printed), text, args.arg[0], args.arg[1], args.arg[2]); */
void out_format(out_t *out, const char *text, args_t args);
