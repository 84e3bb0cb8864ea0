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
#include <string.h>

#define BYTES_REVERSED (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
#define FRAME_LEAD 16u
#define FRAME_TAIL 8u
#define FRAME_SERIAL 8u
#define FRAME_AROUND 32u /* at most */
#define FRAME_MOST ((size_t)1 << 47) /* bytes of a block: more than an address can count */

/* What a frame says: two words that are the same for all of a family's, and two that are
   a block's own. */
typedef struct {
  uint64_t id, pad; /* word_of_id, word_of */
  size_t size;
  uint64_t serial;
  bool serials;     /* whether there is a serial number in it */
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
   machine; it takes one instruction or two. */
/*@ requires memory: \valid_read(p + (0 .. 7));
    terminates \true;
    assigns \nothing;
    ensures word: \result == word8_at(p); */
static inline uint64_t word_get(const unsigned char *p) {
#ifndef __FRAMAC__
  uint64_t w;
  memcpy(&w, p, sizeof w); /* trusted: word_get */
  return BYTES_REVERSED ? __builtin_bswap64(w) : w;
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
#ifndef __FRAMAC__
  w = BYTES_REVERSED ? __builtin_bswap64(w) : w;
  memcpy(p, &w, sizeof w); /* trusted: word_put */
#else
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
#endif
}

/* The words of a family's frames: eight forbidden bytes, and the family with seven of
   them. */
/*@ terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_02_pad: \result == pad_word(byte); */
static inline uint64_t word_of(unsigned char byte) {
  return 0x0101010101010101u * byte;
}

/*@ terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_02_id: \result == id_word(api, forbidden); */
static inline uint64_t word_of_id(unsigned char api, unsigned char forbidden) {
  uint64_t rest = 0x01010101010101u * (uint64_t)forbidden;
  //@ assert rest: rest == 0x01010101010101 * forbidden < 0x0100000000000000;
  return 0x0100000000000000u * (uint64_t)api + rest;
}

/* Writes a frame around the block at base + 16, and no byte of that. */
/*@ requires room: frame_room(base, f);
    terminates \true;
    assigns base[0 .. frame_end(f) - 1];
    ensures PM_DEBUG_02_kept: stays{Pre,Post}(base, 16, 16 + f.size);
    ensures PM_DEBUG_02_intact: frame_intact(base, f); */
static inline void frame_write(unsigned char *base, frame_t f) {
  unsigned char *tail = base + FRAME_LEAD + f.size;
  word_put(base, f.size);
  //@ ghost L1: ;
  word_put(base + 8, f.id);
  //@ assert kept_1: word_kept{L1,Here}(base);
  //@ ghost L2: ;
  //@ assert between_2: \forall integer i; 16 <= i < 16 + f.size ==> base[i] == \at(base[i], Pre);
  word_put(tail, f.pad);
  //@ assert between_3: \forall integer i; 16 <= i < 16 + f.size ==> base[i] == \at(base[i], Pre);
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
    ensures part: 0 <= \result <= FRAME_BAD_SERIAL;
    ensures id: \result == FRAME_BAD_ID ==> base[8] != f.id >> 56 && !frame_lead_ok(base, f);
    ensures leading: \result == FRAME_BAD_LEADING ==>
      base[8] == f.id >> 56 && !frame_lead_ok(base, f);
    ensures size: \result == FRAME_BAD_SIZE ==>
      frame_lead_ok(base, f) && !frame_size_ok(base, f);
    ensures trailing: \result == FRAME_BAD_TRAILING ==>
      frame_lead_ok(base, f) && frame_size_ok(base, f) && !frame_trailing_ok(base, f);
    ensures serial: \result == FRAME_BAD_SERIAL ==>
      frame_lead_ok(base, f) && frame_size_ok(base, f) && frame_trailing_ok(base, f) && !frame_serial_ok(base, f); */
static inline frame_part_t frame_check(const unsigned char *base, frame_t f) {
  const unsigned char *tail = base + FRAME_LEAD + f.size;
  if (word_get(base + 8) != f.id) return base[8] != f.id >> 56 ? FRAME_BAD_ID : FRAME_BAD_LEADING;
  if (word_get(base) != f.size) return FRAME_BAD_SIZE;
  if (word_get(tail) != f.pad) return FRAME_BAD_TRAILING;
  if (f.serials && word_get(tail + FRAME_TAIL) != f.serial) return FRAME_BAD_SERIAL;
  return FRAME_INTACT;
}

/* Blocks and frames are filled and compared sixteen bytes at a time.  For 32 to 96 bytes, which
   nearly all of them have, that takes six steps whatever the size, since a branch that goes by
   the size would be mispredicted again and again: 32 or 64 bytes from the beginning on and 32
   before the end.  The word is eight times the byte (word_of). */
#ifndef __FRAMAC__
typedef uint64_t chunk_t __attribute__((vector_size(16)));
#endif

/*@ requires memory: \valid(p + (at .. at + 15));
    requires at: at <= 2 * FRAME_MOST;
    requires word: word == pad_word(word % 256);
    terminates \true;
    assigns p[at .. at + 15];
    ensures filled: bytes_of(p, at, at + 16, word % 256); */
static inline void chunk_put(unsigned char *p, size_t at, uint64_t word) {
#ifndef __FRAMAC__
  chunk_t chunk = {word, word};
  memcpy(p + at, &chunk, sizeof chunk); /* trusted: chunk_put */
#else
  /*@ loop invariant done: at <= i <= at + 16 && bytes_of(p, at, i, word % 256);
      loop assigns i, p[at .. at + 15];
      loop variant at + 16 - i; */
  for (size_t i = at; i < at + 16; i++) p[i] = (unsigned char)(word % 256);
#endif
}

/*@ requires memory: \valid(p + (at .. at + 31));
    requires at: at <= FRAME_MOST + FRAME_AROUND;
    requires word: word == pad_word(word % 256);
    terminates \true;
    assigns p[at .. at + 31];
    ensures filled: bytes_of(p, at, at + 32, word % 256); */
static inline void chunks_put(unsigned char *p, size_t at, uint64_t word) {
  chunk_put(p, at, word);
  chunk_put(p, at + 16, word);
}

/* Fills at least 16 bytes: a fresh block, with what is before it (clean), or a freed one
   with its frame (dead). */
/*@ requires memory: \valid(p + (0 .. n - 1));
    requires most: 16 <= n <= FRAME_MOST + FRAME_AROUND;
    requires word: word == pad_word(word % 256);
    terminates \true;
    assigns p[0 .. n - 1];
    ensures PM_DEBUG_05_filled: bytes_of(p, 0, n, word % 256); */
static inline void bytes_fill(unsigned char *p, size_t n, uint64_t word) {
  if (n < 32) {
    chunk_put(p, 0, word);
    chunk_put(p, n - 16, word);
    return;
  }
  size_t skip = 32 * (size_t)(n >= 64);
  chunks_put(p, 0, word);
  //@ assert first: bytes_of(p, 0, 32, word % 256);
  chunks_put(p, skip, word);
  //@ assert front: bytes_of(p, 0, skip + 32, word % 256);
  chunks_put(p, n - 32, word);
  //@ assert ends: bytes_of(p, 0, skip + 32, word % 256) && bytes_of(p, n - 32, n, word % 256);
  //@ assert all: n <= 96 ==> bytes_of(p, 0, n, word % 256);
  /*@ loop invariant done: 64 <= i <= n + 64 && (n > 96 ==> i <= n && bytes_of(p, 0, i, word % 256));
      loop invariant behind: bytes_of(p, n - 32, n, word % 256);
      loop invariant few: n <= 96 ==> bytes_of(p, 0, n, word % 256);
      loop assigns i, p[0 .. n - 1];
      loop variant n - i; */
  for (size_t i = 64; i + 32 < n; i += 32) chunks_put(p, i, word);
}

/* Whether at least 16 bytes are all the same. */
/*@ requires memory: \valid_read(p + (0 .. n - 1));
    requires most: n >= 16;
    requires word: word == pad_word(word % 256);
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_08_all: \result <==> bytes_of(p, 0, n, word % 256); */
static inline bool bytes_all(const unsigned char *p, size_t n, uint64_t word) {
#ifndef __FRAMAC__ /* trusted: bytes_all */
  chunk_t wanted = {word, word}, other = {0, 0}, chunk;
#define SEE(at) memcpy(&chunk, at, sizeof chunk), other |= chunk ^ wanted
  if (n < 32) {
    SEE(p), SEE(p + n - 16);
  } else {
    size_t skip = 32 * (size_t)(n >= 64);
    SEE(p), SEE(p + 16), SEE(p + skip), SEE(p + skip + 16), SEE(p + n - 32), SEE(p + n - 16);
    for (size_t i = 64; i + 32 < n; i += 32) SEE(p + i), SEE(p + i + 16);
  }
#undef SEE
  return (other[0] | other[1]) == 0;
#else
  size_t i = 0;
  /*@ loop invariant same: 0 <= i <= n && bytes_of(p, 0, i, word % 256);
      loop assigns i;
      loop variant n - i; */
  while (i < n && p[i] == word % 256) i++;
  return i == n;
#endif
}

/* Copies n bytes between blocks that share none. */
/*@ requires memory: \valid(to + (0 .. n - 1)) && \valid_read(from + (0 .. n - 1));
    requires apart: \separated(to + (0 .. n - 1), from + (0 .. n - 1));
    terminates \true;
    assigns to[0 .. n - 1];
    ensures PM_DEBUG_13_copied: \forall integer i; 0 <= i < n ==> to[i] == \old(from[i]); */
void bytes_copy(unsigned char *restrict to, const unsigned char *restrict from, size_t n);

/* The index of the first byte from `from` on that is another; n when there is none. */
/*@ requires memory: \valid_read(p + (0 .. n - 1));
    requires from: from <= n;
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_08_first: from <= \result <= n && bytes_of(p, from, \result, byte);
    ensures PM_DEBUG_08_other: \result < n ==> p[\result] != byte; */
size_t bytes_other(const unsigned char *p, size_t from, size_t n, unsigned char byte);
