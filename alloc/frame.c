#include "alloc/frame.h"

#ifdef __FRAMAC__
/* Two theorems, proved as functions that do nothing: bytes are decided by the word
   that they make; and so any byte of a frame that is changed is refused, since two
   intact frames that say the same are the same. */
/*@ requires memory: \valid_read(p + (0 .. 7)) && \valid_read(q + (0 .. 7));
    requires same: word8_at(p) == word8_at(q);
    terminates \true;
    assigns \nothing;
    ensures low: p[7] == q[7] && p[6] == q[6] && p[5] == q[5] && p[4] == q[4];
    ensures high: p[3] == q[3] && p[2] == q[2] && p[1] == q[1] && p[0] == q[0]; */
static void word_decides(const unsigned char *p, const unsigned char *q) {
  //@ assert digit_7: p[7] == q[7];
  //@ assert digit_6: p[6] == q[6];
  //@ assert digit_5: p[5] == q[5];
  //@ assert digit_4: p[4] == q[4];
  //@ assert digit_3: p[3] == q[3];
  //@ assert digit_2: p[2] == q[2];
  //@ assert digit_1: p[1] == q[1];
  //@ assert digit_0: p[0] == q[0];
}

/*@ requires room: frame_room(p, f) && frame_room(q, f);
    requires intact: frame_intact(p, f) && frame_intact(q, f);
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_03_any: \forall integer i; in_frame(f, i) ==> p[i] == q[i]; */
void frame_decides(const unsigned char *p, const unsigned char *q, frame_t f) {
  size_t tail = FRAME_LEAD + f.size;
  word_decides(p, q);
  word_decides(p + 8, q + 8);
  word_decides(p + tail, q + tail);
  if (f.serials) word_decides(p + tail + 8, q + tail + 8);
  //@ assert size: \forall integer i; 0 <= i < 8 ==> p[i] == q[i];
  //@ assert lead: \forall integer i; 8 <= i < 16 ==> p[i] == q[i];
  //@ assert trailing: \forall integer i; tail <= i < tail + 8 ==> p[i] == q[i];
  //@ assert serial: f.serials ==> \forall integer i; tail + 8 <= i < tail + 16 ==> p[i] == q[i];
}
#endif

void bytes_copy(unsigned char *restrict to, const unsigned char *restrict from, size_t n) { /* a compiler makes it memcpy */
  /*@ loop invariant range: 0 <= i <= n;
      loop invariant kept: \forall integer j; 0 <= j < n ==> from[j] == \at(from[j], Pre);
      loop invariant done: \forall integer j; 0 <= j < i ==> to[j] == \at(from[j], Pre);
      loop assigns i, to[0 .. n - 1];
      loop variant n - i; */
  for (size_t i = 0; i < n; i++) to[i] = from[i];
}

size_t bytes_other(const unsigned char *p, size_t from, size_t n, unsigned char byte) {
  size_t i = from;
  /*@ loop invariant same: from <= i <= n && bytes_of(p, from, i, byte);
      loop assigns i;
      loop variant n - i; */
  while (i < n && p[i] == byte) i++;
  return i;
}
