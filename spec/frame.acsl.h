/* The logic of a frame (alloc/frame.h): which bytes are around a block, and what they say. */
#pragma once

/*@ logic integer word8(integer a, integer b, integer c, integer d, integer e, integer f,
                        integer g, integer h) =
      256 * (256 * (256 * (256 * (256 * (256 * (256 * a + b) + c) + d) + e) + f) + g) + h;

    logic integer word8_at{L}(unsigned char *p) =
      256 * (256 * (256 * (256 * (256 * (256 * (256 * p[0] + p[1]) + p[2]) + p[3]) + p[4]) + p[5]) + p[6]) + p[7];

    predicate word_kept{A, B}(unsigned char *p) =
      \at(p[0], A) == \at(p[0], B) && \at(p[1], A) == \at(p[1], B) &&
      \at(p[2], A) == \at(p[2], B) && \at(p[3], A) == \at(p[3], B) &&
      \at(p[4], A) == \at(p[4], B) && \at(p[5], A) == \at(p[5], B) &&
      \at(p[6], A) == \at(p[6], B) && \at(p[7], A) == \at(p[7], B);

    predicate bytes_of{L}(unsigned char *p, integer from, integer to, integer byte) =
      \forall integer i; from <= i < to ==> p[i] == byte;
    predicate stays{A,B}(unsigned char *p, integer from, integer to) =
      \forall integer i; from <= i < to ==> \at(p[i], A) == \at(p[i], B);
*/

/* The words of a frame, each with where it is. */
/*@ logic integer pad_word(integer pad) = word8(pad, pad, pad, pad, pad, pad, pad, pad);
    logic integer id_word(integer api, integer pad) = word8(api, pad, pad, pad, pad, pad, pad, pad);

    predicate frame_size_ok{L}(unsigned char *base, frame_t f) = word8_at(base) == f.size;
    predicate frame_lead_ok{L}(unsigned char *base, frame_t f) = word8_at(base + 8) == f.id;
    predicate frame_trailing_ok{L}(unsigned char *base, frame_t f) =
      word8_at(base + (16 + f.size)) == f.pad;
    predicate frame_serial_ok{L}(unsigned char *base, frame_t f) =
      f.serials ==> word8_at(base + (24 + f.size)) == f.serial;

    predicate frame_intact{L}(unsigned char *base, frame_t f) =
      frame_lead_ok(base, f) && frame_size_ok(base, f) &&
      frame_trailing_ok(base, f) && frame_serial_ok(base, f);

    logic integer frame_end(frame_t f) = 24 + f.size + (f.serials ? 8 : 0);

    predicate in_frame(frame_t f, integer i) =
      0 <= i < 16 || 16 + f.size <= i < frame_end(f);

    predicate frame_room{L}(unsigned char *base, frame_t f) =
      f.size <= FRAME_MOST && \valid(base + (0 .. frame_end(f) - 1));
*/
