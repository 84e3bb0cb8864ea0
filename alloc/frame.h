/* The frame: the bytes that the debug layer puts around a block.

     base[0 .. 7]        the size that was asked for, n, most significant byte first
     base[8]             the family: 'r', 'm' or 'o'
     base[9 .. 15]       forbidden bytes
     base[16 .. 15+n]    the block: the user's
     then 8 bytes        forbidden bytes
     then 8 bytes        the serial number of the call, if there are any, as the size is

   It is CPython's (3.8 and later), so that whoever reads memory dumps knows it.  What
   it says is known beforehand, from the registry, and compared: nothing here
   follows a number that is read from a frame.

   Everything here is about bytes alone; whose they are is registry.h's business. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_LEAD 16u
#define FRAME_TAIL 8u
#define FRAME_SERIAL 8u
#define FRAME_MOST ((size_t)1 << 47) /* bytes of a block: more than an address can count */

/* What a frame says. */
typedef struct {
  size_t size;
  uint64_t serial;
  unsigned char api;
  unsigned char forbidden;
  bool serials; /* whether there is a serial number in it */
} frame_t;

/* The first part of a frame that is not as it should be, in the order in which
   they are looked at. */
typedef enum {
  FRAME_INTACT,
  FRAME_BAD_ID,
  FRAME_BAD_LEADING,
  FRAME_BAD_SIZE,
  FRAME_BAD_TRAILING,
  FRAME_BAD_SERIAL
} frame_part_t;

#include "spec/frame.acsl.h"

/* How many bytes a block of this size takes with its frame. */
/*@ requires size: size <= FRAME_MOST;
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_02_total: \result == 24 + size + (serials ? 8 : 0); */
static inline size_t frame_total(size_t size, bool serials) {
  return FRAME_LEAD + size + FRAME_TAIL + (serials ? FRAME_SERIAL : 0);
}

/* Eight bytes, most significant first, as a number.  The order is the same on every
   machine; compilers make it one instruction or two. */
/*@ requires memory: \valid_read(p + (0 .. 7));
    terminates \true;
    assigns \nothing;
    ensures word: \result == word8_at(p); */
static inline uint64_t word_get(const unsigned char *p) {
#ifndef __FRAMAC__
  /* trusted: word_get.  Compilers know this form, and not the one that is proved. */
  return ((uint64_t)p[0] << 56) + ((uint64_t)p[1] << 48) + ((uint64_t)p[2] << 40) +
         ((uint64_t)p[3] << 32) + ((uint64_t)p[4] << 24) + ((uint64_t)p[5] << 16) +
         ((uint64_t)p[6] << 8) + (uint64_t)p[7];
#else
  return 0x100000000000000 * (uint64_t)p[0] + 0x1000000000000 * (uint64_t)p[1] +
         0x10000000000 * (uint64_t)p[2] + 0x100000000 * (uint64_t)p[3] +
         0x1000000 * (uint64_t)p[4] + 0x10000 * (uint64_t)p[5] +
         0x100 * (uint64_t)p[6] + (uint64_t)p[7];
#endif
}

/*@ requires memory: \valid(p + (0 .. 7));
    terminates \true;
    assigns p[0 .. 7];
    ensures word: word8_at(p) == w; */
static inline void word_put(unsigned char *p, uint64_t w) {
  p[0] = (unsigned char)(w / 0x100000000000000 % 256);
  p[1] = (unsigned char)(w / 0x1000000000000 % 256);
  p[2] = (unsigned char)(w / 0x10000000000 % 256);
  p[3] = (unsigned char)(w / 0x100000000 % 256);
  p[4] = (unsigned char)(w / 0x1000000 % 256);
  p[5] = (unsigned char)(w / 0x10000 % 256);
  p[6] = (unsigned char)(w / 0x100 % 256);
  p[7] = (unsigned char)(w % 256);
  //@ assert digit_7: w == 256 * (w / 0x100) + p[7];
  //@ assert digit_6: (w / 0x100) == 256 * (w / 0x10000) + p[6];
  //@ assert digit_5: (w / 0x10000) == 256 * (w / 0x1000000) + p[5];
  //@ assert digit_4: (w / 0x1000000) == 256 * (w / 0x100000000) + p[4];
  //@ assert digit_3: (w / 0x100000000) == 256 * (w / 0x10000000000) + p[3];
  //@ assert digit_2: (w / 0x10000000000) == 256 * (w / 0x1000000000000) + p[2];
  //@ assert digit_1: (w / 0x1000000000000) == 256 * (w / 0x100000000000000) + p[1];
  //@ assert digit_0: (w / 0x100000000000000) == p[0];
}

/* The words of a frame that are not the size: eight forbidden bytes, and the
   family with seven of them. */
/*@ terminates \true;
    assigns \nothing;
    ensures word: \result == pad_word(byte); */
static inline uint64_t word_of(unsigned char byte) {
  return 0x0101010101010101u * byte;
}

/*@ terminates \true;
    assigns \nothing;
    ensures word: \result == id_word(f); */
static inline uint64_t word_of_id(frame_t f) {
  uint64_t rest = 0x01010101010101u * (uint64_t)f.forbidden;
  //@ assert rest: rest == 0x01010101010101 * f.forbidden < 0x0100000000000000;
  return 0x0100000000000000u * (uint64_t)f.api + rest;
}

/* Writes a frame around the block at base + 16, and no byte of that. */
/*@ requires room: frame_room(base, f);
    terminates \true;
    assigns base[0 .. 15], base[16 + f.size .. frame_end(f) - 1];
    ensures PM_DEBUG_02_intact: frame_intact(base, f); */
static inline void frame_write(unsigned char *base, frame_t f) {
  unsigned char *tail = base + FRAME_LEAD + f.size;
  word_put(base, f.size);
  //@ ghost L1: ;
  word_put(base + 8, word_of_id(f));
  //@ assert kept_1: word_kept{L1,Here}(base);
  //@ ghost L2: ;
  word_put(tail, word_of(f.forbidden));
  //@ assert kept_2: word_kept{L2,Here}(base) && word_kept{L2,Here}(base + 8);
  //@ ghost L3: ;
  if (f.serials) {
    word_put(tail + FRAME_TAIL, f.serial);
    //@ assert kept_3: word_kept{L3,Here}(base) && word_kept{L3,Here}(base + 8);
    //@ assert kept_tail: word_kept{L3,Here}(tail);
  }
}

/* Says whether a frame is intact, which it is if every byte is the one that
   frame_write writes; and if not, which part is the first that is not. */
/*@ requires room: frame_room(base, f);
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_03_exact: \result == FRAME_INTACT <==> frame_intact(base, f);
    ensures id: \result == FRAME_BAD_ID ==> base[8] != f.api;
    ensures leading: \result == FRAME_BAD_LEADING ==> base[8] == f.api && !frame_lead_ok(base, f);
    ensures size: \result == FRAME_BAD_SIZE ==>
      frame_lead_ok(base, f) && !frame_size_ok(base, f);
    ensures trailing: \result == FRAME_BAD_TRAILING ==>
      frame_lead_ok(base, f) && frame_size_ok(base, f) && !frame_trailing_ok(base, f);
    ensures serial: \result == FRAME_BAD_SERIAL ==> !frame_serial_ok(base, f); */
static inline frame_part_t frame_check(const unsigned char *base, frame_t f) {
  const unsigned char *tail = base + FRAME_LEAD + f.size;
  if (word_get(base + 8) != word_of_id(f)) return base[8] != f.api ? FRAME_BAD_ID : FRAME_BAD_LEADING;
  if (word_get(base) != f.size) return FRAME_BAD_SIZE;
  if (word_get(tail) != word_of(f.forbidden)) return FRAME_BAD_TRAILING;
  if (f.serials && word_get(tail + FRAME_TAIL) != f.serial) return FRAME_BAD_SERIAL;
  return FRAME_INTACT;
}

/* Fills bytes: a fresh block (clean), or a freed one with its frame (dead). */
/*@ requires memory: \valid(p + (0 .. n - 1));
    terminates \true;
    assigns p[0 .. n - 1];
    ensures PM_DEBUG_05_filled: bytes_of(p, 0, n, byte); */
void bytes_fill(unsigned char *p, size_t n, unsigned char byte);

/* Copies n bytes between blocks that share none. */
/*@ requires memory: \valid(to + (0 .. n - 1)) && \valid_read(from + (0 .. n - 1));
    requires apart: \separated(to + (0 .. n - 1), from + (0 .. n - 1));
    terminates \true;
    assigns to[0 .. n - 1];
    ensures PM_DEBUG_13_copied: \forall integer i; 0 <= i < n ==> to[i] == \old(from[i]); */
void bytes_copy(unsigned char *to, const unsigned char *from, size_t n);

/* The index of the first byte from `from` on that is another; n when there is none. */
/*@ requires memory: \valid_read(p + (0 .. n - 1));
    requires from: from <= n;
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_08_first: from <= \result <= n && bytes_of(p, from, \result, byte);
    ensures PM_DEBUG_08_other: \result < n ==> p[\result] != byte; */
size_t bytes_other(const unsigned char *p, size_t from, size_t n, unsigned char byte);
