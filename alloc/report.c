#include "alloc/report.h"

#define DAMAGED_MOST 16 /* so many damaged bytes of a freed block are listed */

/* Each part of a report has its texts here, then what it is as a whole, in terms of them: the log after it, by the
   log before (spec/out.acsl.h); then the function that puts it, which is shown to put just that. */

/*@ predicate plain_ok{L}(out_t *out) = out_ok(out) && out->file == \null;
    predicate out_apart{L}(out_t *out, pymalloc_misuse *m) = \separated(out, m) && \separated(out, m->stack); */

static const char raw_name[] = "raw", mem_name[] = "mem", obj_name[] = "obj";
/*@ logic char *name_of(integer api) = api == 'r' ? &raw_name[0] : api == 'm' ? &mem_name[0] : &obj_name[0]; */

/*@ terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_04_name: \result == name_of(api); */
static const char *family_name(char api) { return api == 'r' ? raw_name : api == 'm' ? mem_name : obj_name; }

/* The block, as CPython describes it. */

/* A byte, where it is, and whether it is the wanted one. */
static const char row_right[] = "0x%x\n", row_wrong[] = "0x%x *** OUCH\n";
static const char at_before[] = "        at p-%u: ", at_inside[] = "        at p+%u: ", at_tail[] = "        at tail+%u: ";
/*@ logic integer put_row{L}(integer log, char *at, integer i, integer byte, integer wanted) =
      put_format(put_format(log, at, i, 0, 0), byte == wanted ? &row_right[0] : &row_wrong[0], byte, 0, 0); */

/*@ requires ok: plain_ok(out);
    terminates \true;
    assigns PUT(out);
    ensures ok: plain_ok(out);
    ensures PM_DEBUG_04_put: printed == put_row(\old(printed), at, i, byte, wanted); */
static void out_row(out_t *out, const char *at, size_t i, unsigned char byte, unsigned char wanted) {
  OUT(out, at, i);
  OUT(out, byte == wanted ? row_right : row_wrong, byte);
}

static const char lead_right[] = "    The 7 pad bytes at p-7 are FORBIDDENBYTE, as expected.\n";
static const char lead_wrong[] = "    The 7 pad bytes at p-7 are not all FORBIDDENBYTE (0x%x):\n";
/*@ logic integer put_lead_rows{L}(integer log, unsigned char *lead, integer pad, integer i) =
      i >= 7 ? log : put_lead_rows(put_row(log, &at_before[0], 7 - i, lead[i], pad), lead, pad, i + 1);
    logic integer put_leading{L}(integer log, unsigned char *lead, integer pad) =
      lead[0] == pad && lead[1] == pad && lead[2] == pad && lead[3] == pad &&
      lead[4] == pad && lead[5] == pad && lead[6] == pad ? put_text(log, &lead_right[0]) :
        put_lead_rows(put_format(log, &lead_wrong[0], pad, 0, 0), lead, pad, 0); */

/*@ requires ok: plain_ok(out);
    requires memory: \valid_read(lead + (0 .. 6));
    terminates \true;
    assigns PUT(out);
    ensures ok: plain_ok(out);
    ensures PM_DEBUG_04_put: printed == put_leading{Pre}(\old(printed), lead, pad); */
static void out_leading(out_t *out, const unsigned char *lead, unsigned char pad) {
  size_t other = bytes_other(lead, 0, 7, pad);
  if (other == 7) {
    out_text(out, lead_right);
    return;
  }
  //@ assert other: other == 0 || other == 1 || other == 2 || other == 3 || other == 4 || other == 5 || other == 6;
  OUT(out, lead_wrong, pad);
  //@ ghost L: ;
  /*@ loop invariant ok: 0 <= i <= 7 && plain_ok(out);
      loop invariant PM_DEBUG_04_put:
        put_lead_rows(printed, lead, pad, i) == put_lead_rows(\at(printed, L), lead, pad, 0);
      loop assigns i, PUT(out);
      loop variant 7 - i; */
  for (unsigned i = 0; i < 7; i++) out_row(out, at_before, 7 - i, lead[i], pad);
}

static const char trail_begin[] = "    The 8 pad bytes at tail=%p are ";
static const char trail_right[] = "FORBIDDENBYTE, as expected.\n", trail_wrong[] = "not all FORBIDDENBYTE (0x%x):\n";
/*@ logic integer put_trail_rows{L}(integer log, unsigned char *tail, integer pad, integer i) =
      i >= 8 ? log : put_trail_rows(put_row(log, &at_tail[0], i, tail[i], pad), tail, pad, i + 1);
    logic integer put_trail_bytes{L}(integer log, unsigned char *tail, integer pad) =
      tail[0] == pad && tail[1] == pad && tail[2] == pad && tail[3] == pad &&
      tail[4] == pad && tail[5] == pad && tail[6] == pad && tail[7] == pad ? put_text(log, &trail_right[0]) :
        put_trail_rows(put_format(log, &trail_wrong[0], pad, 0, 0), tail, pad, 0);
    logic integer put_trailing{L}(integer log, unsigned char *tail, integer pad) =
      put_trail_bytes(put_format(log, &trail_begin[0], (uintptr_t)tail, 0, 0), tail, pad); */

/*@ requires ok: plain_ok(out);
    requires memory: \valid_read(tail + (0 .. 7));
    terminates \true;
    assigns PUT(out);
    ensures ok: plain_ok(out);
    ensures PM_DEBUG_04_put: printed == put_trailing{Pre}(\old(printed), tail, pad); */
static void out_trailing(out_t *out, const unsigned char *tail, unsigned char pad) {
  OUT(out, trail_begin, ADDRESS(tail));
  size_t other = bytes_other(tail, 0, 8, pad);
  if (other == 8) {
    out_text(out, trail_right);
    return;
  }
  /*@ assert other: other == 0 || other == 1 || other == 2 || other == 3 || other == 4 || other == 5 || other == 6 ||
        other == 7; */
  OUT(out, trail_wrong, pad);
  //@ ghost L: ;
  /*@ loop invariant ok: 0 <= i <= 8 && plain_ok(out);
      loop invariant PM_DEBUG_04_put:
        put_trail_rows(printed, tail, pad, i) == put_trail_rows(\at(printed, L), tail, pad, 0);
      loop assigns i, PUT(out);
      loop variant 8 - i; */
  for (unsigned i = 0; i < 8; i++) out_row(out, at_tail, i, tail[i], pad);
}

/* Eight bytes that should be a number; nothing when they are. */
static const char word_begin[] = "    The 8 bytes of the ", word_wanted[] = " are not those of %u:\n";
static const char size_word[] = "size", serial_word[] = "serial number";
/*@ logic integer word_byte(integer word, integer i) = (unsigned char)(word >> (56 - 8 * i));
    logic integer put_word_rows{L}(integer log, unsigned char *p, integer wanted, char *at, integer first, integer step, integer i) =
      i >= 8 ? log :
        put_word_rows(put_row(log, at, first + step * i, p[i], word_byte(wanted, i)), p, wanted, at, first, step, i + 1);
    logic integer put_word{L}(integer log, unsigned char *p, integer wanted, char *what, char *at, integer first, integer step) =
      word8_at(p) == wanted ? log :
        put_word_rows(put_format(put_text(put_text(log, &word_begin[0]), what), &word_wanted[0], wanted, 0, 0),
          p, wanted, at, first, step, 0); */

/*@ requires ok: plain_ok(out);
    requires memory: \valid_read(p + (0 .. 7));
    requires place: 8 <= first <= 16 && (step == 1 || step == -1);
    terminates \true;
    assigns PUT(out);
    ensures ok: plain_ok(out);
    ensures PM_DEBUG_04_put: printed == put_word{Pre}(\old(printed), p, wanted, what, at, first, step); */
static void out_word(out_t *out, const unsigned char *p, uint64_t wanted, const char *what, const char *at, int first,
                     int step) {
  if (word_get(p) == wanted) return;
  out_text(out, word_begin);
  out_text(out, what);
  OUT(out, word_wanted, wanted);
  //@ ghost L: ;
  /*@ loop invariant ok: 0 <= i <= 8 && plain_ok(out);
      loop invariant PM_DEBUG_04_put: put_word_rows(printed, p, wanted, at, first, step, i) ==
        put_word_rows(\at(printed, L), p, wanted, at, first, step, 0);
      loop assigns i, PUT(out);
      loop variant 8 - i; */
  for (int i = 0; i < 8; i++) {
    //@ assert place: (size_t)(first + step * i) == first + step * i;
    out_row(out, at, (size_t)(first + step * i), p[i], (unsigned char)(wanted >> (56 - 8 * i)));
  }
}

static const char api_wrong[] = "    The API byte at p-8 is not that of '%c':\n        at p-8: 0x%x *** OUCH\n";
/*@ logic integer put_api{L}(integer log, integer byte, integer wanted) =
      byte == wanted ? log : put_format(log, &api_wrong[0], wanted, byte, 0);
    logic integer put_serial{L}(integer log, unsigned char *p, integer n, integer serials, integer serial) =
      serials == 0 ? log : put_word(log, p + (n + 8), serial, &serial_word[0], &at_tail[0], 8, 1);
    logic integer put_live{L}(integer log, unsigned char *p, integer n, integer api, integer pad, integer serials, integer serial) =
      put_serial(put_word(put_api(put_trailing(put_leading(log, p - 7, pad), p + n, pad), p[-8], api),
        p - 16, n, &size_word[0], &at_before[0], 16, -1), p, n, serials, serial); */

/*@ requires ok: plain_ok(out);
    requires misuse: misuse_ok(m) && m->block != \null && block_readable(m, bytes);
    requires apart: out_apart(out, m) && \separated(out, bytes);
    terminates \true;
    assigns PUT(out);
    ensures ok: plain_ok(out);
    ensures PM_DEBUG_04_put: printed == put_live{Pre}(\old(printed), \old(m->block), \old(m->size),
      \old((unsigned char)m->made_by), \old(bytes->forbidden), \old(bytes->serials), \old(m->serial)); */
static void out_live(out_t *out, const pymalloc_misuse *m, const debug_bytes_t *bytes) {
  const unsigned char *p = m->block;
  out_leading(out, p - 7, bytes->forbidden);
  out_trailing(out, p + m->size, bytes->forbidden);
  if (p[-8] != (unsigned char)m->made_by) OUT(out, api_wrong, (unsigned char)m->made_by, p[-8]);
  out_word(out, p - 16, m->size, size_word, at_before, 16, -1);
  if (bytes->serials) out_word(out, p + m->size + 8, m->serial, serial_word, at_tail, 8, 1);
}

/* All of a freed block and of its frame should be dead bytes; those that are not are listed, up to a number. */
static const char freed_begin[] = "    The block is freed: its %u bytes, and the %u of its frame,";
static const char freed_wrong[] = " are not all DEADBYTE (0x%x):\n", freed_more[] = "        and %u more\n";
static const char freed_right[] = " are DEADBYTE (0x%x), as expected.\n";
/*@ logic integer put_damaged_row{L}(integer log, unsigned char *base, integer i, integer dead) =
      i < 16 ? put_row(log, &at_before[0], 16 - i, base[i], dead) : put_row(log, &at_inside[0], i - 16, base[i], dead);
    logic integer put_damaged{L}(integer log, unsigned char *base, integer i, integer dead, integer before) =
      before == 0 ? put_damaged_row(put_format(log, &freed_wrong[0], dead, 0, 0), base, i, dead) :
        before < DAMAGED_MOST ? put_damaged_row(log, base, i, dead) : log;
    logic integer put_freed_end{L}(integer log, integer dead, integer damaged) =
      damaged == 0 ? put_format(log, &freed_right[0], dead, 0, 0) :
        damaged > DAMAGED_MOST ? put_format(log, &freed_more[0], damaged - DAMAGED_MOST, 0, 0) : log;
    logic integer put_freed_rows{L}(integer log, unsigned char *base, integer i, integer total, integer dead, integer damaged) =
      i >= total ? put_freed_end(log, dead, damaged) :
        base[i] == dead ? put_freed_rows(log, base, i + 1, total, dead, damaged) :
          put_freed_rows(put_damaged(log, base, i, dead, damaged), base, i + 1, total, dead, damaged + 1);
    logic integer put_freed{L}(integer log, unsigned char *p, integer n, integer dead, integer frame) =
      put_freed_rows(put_format(log, &freed_begin[0], n, frame, 0), p - 16, 0, n + frame, dead, 0); */

/* A damaged byte, with so many before it. */
/*@ requires ok: plain_ok(out);
    requires memory: \valid_read(base + i);
    terminates \true;
    assigns PUT(out);
    ensures ok: plain_ok(out);
    ensures PM_DEBUG_04_put: printed == put_damaged{Pre}(\old(printed), base, i, dead, before); */
static void out_damaged(out_t *out, const unsigned char *base, size_t i, unsigned char dead, size_t before) {
  if (before == 0) OUT(out, freed_wrong, dead);
  if (before >= DAMAGED_MOST) return;
  if (i < FRAME_LEAD) out_row(out, at_before, FRAME_LEAD - i, base[i], dead);
  else out_row(out, at_inside, i - FRAME_LEAD, base[i], dead);
}

/*@ requires ok: plain_ok(out);
    requires misuse: misuse_ok(m) && m->block != \null && block_readable(m, bytes);
    requires apart: out_apart(out, m) && \separated(out, bytes);
    terminates \true;
    assigns PUT(out);
    ensures ok: plain_ok(out);
    ensures PM_DEBUG_04_put: printed == put_freed{Pre}(\old(printed), \old(m->block), \old(m->size),
      \old(bytes->dead), \old(bytes->serials) != 0 ? 32 : 24); */
static void out_freed(out_t *out, const pymalloc_misuse *m, const debug_bytes_t *bytes) {
  const unsigned char *base = m->block - FRAME_LEAD, dead = bytes->dead;
  size_t total = frame_total(m->size, bytes->serials), damaged = 0;
  OUT(out, freed_begin, m->size, total - m->size);
  //@ ghost L: ;
  /*@ loop invariant ok: 0 <= i <= total && damaged <= i && plain_ok(out);
      loop invariant PM_DEBUG_04_put: put_freed_rows(printed, base, i, total, dead, damaged) ==
        put_freed_rows(\at(printed, L), base, 0, total, dead, 0);
      loop assigns i, damaged, PUT(out);
      loop variant total - i; */
  for (size_t i = 0; i < total; i++)
    if (base[i] != dead) out_damaged(out, base, i, dead, damaged++);
  //@ assert PM_DEBUG_04_rows: put_freed_end(printed, dead, damaged) == put_freed_rows(\at(printed, L), base, 0, total, dead, 0);
  if (damaged == 0) OUT(out, freed_right, dead);
  if (damaged > DAMAGED_MOST) OUT(out, freed_more, damaged - DAMAGED_MOST);
  //@ assert PM_DEBUG_04_end: printed == put_freed_rows(\at(printed, L), base, 0, total, dead, 0);
  //@ assert PM_DEBUG_04_begin: \at(printed, L) == put_format(\at(printed, Pre), &freed_begin[0], m->size, total - m->size, 0);
}

/* The first and the last bytes. */
static const char data_begin[] = "    Data at p:", data_gap[] = " ...", data_byte[] = " %x";
/*@ logic integer put_data_rows{L}(integer log, unsigned char *p, integer n, integer i) =
      i >= n ? put(log, '\n') :
        i == 8 && n > 16 ? put_data_rows(put_format(put_text(log, &data_gap[0]), &data_byte[0], p[n - 8], 0, 0), p, n, n - 7) :
          put_data_rows(put_format(log, &data_byte[0], p[i], 0, 0), p, n, i + 1);
    logic integer put_data{L}(integer log, unsigned char *p, integer n) =
      n == 0 ? log : put_data_rows(put_text(log, &data_begin[0]), p, n, 0); */

/*@ requires ok: plain_ok(out);
    requires memory: \valid_read(p + (0 .. n - 1));
    terminates \true;
    assigns PUT(out);
    ensures ok: plain_ok(out);
    ensures PM_DEBUG_04_put: printed == put_data{Pre}(\old(printed), p, n); */
static void out_data(out_t *out, const unsigned char *p, size_t n) {
  if (n == 0) return;
  out_text(out, data_begin);
  //@ ghost L: ;
  /*@ loop invariant ok: 0 <= i <= n && plain_ok(out);
      loop invariant PM_DEBUG_04_put: put_data_rows(printed, p, n, i) == put_data_rows(\at(printed, L), p, n, 0);
      loop assigns i, PUT(out);
      loop variant n - i; */
  for (size_t i = 0; i < n; i++) {
    if (i == 8 && n > 16) {
      out_text(out, data_gap);
      i = n - 8;
    }
    OUT(out, data_byte, p[i]);
  }
  out_char(out, '\n');
}

static const char stack_begin[] = "\nMemory block allocated at (most recent call first):\n";
static const char stack_none[] = "\nEnable tracemalloc to get the memory block allocation traceback\n\n";
/*@ logic integer put_stack_part{L}(integer log, call_stack_t *stack) =
      stack == \null ? put_text(log, &stack_none[0]) : put(put_stack(put_text(log, &stack_begin[0]), stack), '\n'); */

/*@ requires ok: plain_ok(out);
    requires stack: \valid_read(stack) && stack_ok(stack);
    terminates \true;
    assigns PUT(out);
    ensures ok: plain_ok(out);
    ensures PM_DEBUG_16_put: printed == put_stack(\old(printed), stack); */
static void out_stack(out_t *out, const call_stack_t *stack) {
  out_flush(out);
  stack_print(stack);
}

static const char block_begin[] =
  "Debug memory block at address p=%p: API '%c'\n    %u bytes originally requested\n";
static const char block_serial[] = "    The block was made by call #%u to debug malloc/realloc.\n";
/*@ logic integer put_number_of_call{L}(integer log, integer serial) =
      serial == 0 ? log : put_format(log, &block_serial[0], serial, 0, 0);
    logic integer put_bytes{L}(integer log, pymalloc_misuse *m, debug_bytes_t *bytes) =
      m->freed ? put_freed(log, m->block, m->size, bytes->dead, bytes->serials ? 32 : 24) :
        put_live(log, m->block, m->size, (unsigned char)m->made_by, bytes->forbidden, bytes->serials, m->serial);
    logic integer put_block{L}(integer log, pymalloc_misuse *m, debug_bytes_t *bytes) =
      put_stack_part(put_data(put_number_of_call(put_bytes(
        put_format(log, &block_begin[0], (uintptr_t)m->block, (unsigned char)m->made_by, m->size), m, bytes),
        m->serial), m->block, m->size), m->stack); */

/*@ requires ok: plain_ok(out);
    requires misuse: misuse_ok(m) && m->block != \null && block_readable(m, bytes);
    requires apart: out_apart(out, m) && \separated(out, bytes);
    terminates \true;
    assigns PUT(out);
    ensures ok: plain_ok(out);
    ensures PM_DEBUG_04_put: printed == put_block{Pre}(\old(printed), m, bytes); */
static void out_block(out_t *out, const pymalloc_misuse *m, const debug_bytes_t *bytes) {
  OUT(out, block_begin, ADDRESS(m->block), (unsigned char)m->made_by, m->size);
  //@ ghost L: ;
  if (m->freed) out_freed(out, m, bytes);
  else out_live(out, m, bytes);
  //@ assert PM_DEBUG_04_bytes: printed == put_bytes{Pre}(\at(printed, L), m, bytes);
  if (m->serial != 0) OUT(out, block_serial, m->serial);
  out_data(out, m->block, m->size);
  if (m->stack != NULL) {
    out_text(out, stack_begin);
    out_stack(out, m->stack);
    out_char(out, '\n');
  } else {
    out_text(out, stack_none);
  }
}

/* What is wrong, and what to do about it. */

typedef struct {
  const char *fatal; /* CPython's words, where it has any */
  const char *what;
  const char *look_for;
} words_t;

static const words_t words[] = {
  [PYMALLOC_OVERRUN] = {
    "bad trailing pad byte", "bytes after the end of the block were written",
    "an index or a length that is too large, a text without room for its final zero; or a write\n"
    "    past the end of another block before this one"},
  [PYMALLOC_UNDERRUN] = {
    "bad leading pad byte", "bytes before the beginning of the block were written",
    "a negative index, a pointer that was moved back too far; or a write past the end of\n"
    "    another block before this one"},
  [PYMALLOC_LATE_WRITE] = {
    "freed block was written to", "bytes of the block were written after it was freed",
    "a pointer that was kept when the block was freed, or moved by realloc"},
  [PYMALLOC_DOUBLE_FREE] = {
    "block freed twice", "the block is freed already",
    "two owners that both free it, a pointer not set to NULL after free"},
  [PYMALLOC_REALLOC_FREED] = {
    "realloc of a freed block", "the block is freed already",
    "a pointer that was kept when the block was freed, or moved by realloc"},
  [PYMALLOC_WRONG_FAMILY] = {
    "bad ID", "the block is of another family than the call",
    "an allocation and a free with different prefixes: PyMem_Raw, PyMem_, PyObject_"},
  [PYMALLOC_INTERIOR] = {
    "address inside a block", "the address is inside a block, and not its beginning",
    "a pointer that was moved after malloc returned it"},
  [PYMALLOC_NOT_A_BLOCK] = {
    "not a block", "no family has a block at the address",
    "memory of malloc, of the stack or of a global; a block freed long ago; a pointer that\n"
    "    was never set"},
  [PYMALLOC_WITHOUT_LOCK] = {
    "Python memory allocator called without holding the GIL", "the caller does not hold the lock",
    "a call between Py_BEGIN_ALLOW_THREADS and Py_END_ALLOW_THREADS, or in a thread that\n"
    "    Python does not know; PyMem_Raw functions may be called there"},
};

static const char *const underrun_words[] = {
  [FRAME_INTACT] = "bad leading pad byte", /* no more: another thread wrote there */
  [FRAME_BAD_ID] = "bad API byte", [FRAME_BAD_LEADING] = "bad leading pad byte",
  [FRAME_BAD_SIZE] = "bad size bytes"};
static const char serial_words[] = "bad serial number bytes";
/*@ logic char *fatal_of{L}(integer kind, integer part) =
      kind == PYMALLOC_UNDERRUN ? underrun_words[part] :
        kind == PYMALLOC_OVERRUN && part == FRAME_BAD_SERIAL ? &serial_words[0] : words[kind].fatal; */

/*@ requires misuse: misuse_ok(m);
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_04_fatal: \result == fatal_of(m->kind, m->part); */
static const char *fatal_words(const pymalloc_misuse *m) {
  if (m->kind == PYMALLOC_UNDERRUN) return underrun_words[m->part];
  if (m->kind == PYMALLOC_OVERRUN && m->part == FRAME_BAD_SERIAL) return serial_words;
  return words[m->kind].fatal;
}

static const char place_address[] = "    Address: %p", place_inside[] = ", which is p+%u";
static const char place_frame[] = ", which is in the block's frame";
/*@ logic integer place_offset{L}(pymalloc_misuse *m) = (uintptr_t)((uintptr_t)m->address - (uintptr_t)m->block);
    logic integer put_inside{L}(integer log, integer kind, integer offset, integer n) =
      kind != PYMALLOC_INTERIOR ? log :
        offset < n ? put_format(log, &place_inside[0], offset, 0, 0) : put_text(log, &place_frame[0]);
    logic integer put_place{L}(integer log, pymalloc_misuse *m) =
      put(put_inside(put_format(log, &place_address[0], (uintptr_t)m->address, 0, 0), m->kind, place_offset(m), m->size), '\n'); */

/*@ requires ok: plain_ok(out);
    requires misuse: misuse_ok(m) && out_apart(out, m);
    terminates \true;
    assigns PUT(out);
    ensures ok: plain_ok(out);
    ensures PM_DEBUG_04_put: printed == put_place{Pre}(\old(printed), m); */
static void out_place(out_t *out, const pymalloc_misuse *m) {
  OUT(out, place_address, ADDRESS(m->address));
  uintptr_t offset = ADDRESS(m->address) - ADDRESS(m->block);
  if (m->kind == PYMALLOC_INTERIOR && offset < m->size) OUT(out, place_inside, offset);
  else if (m->kind == PYMALLOC_INTERIOR) out_text(out, place_frame);
  out_char(out, '\n');
}

static const char maker_begin[] = "    Allocated by: ", maker_size[] = ", %u bytes", maker_gone[] = "; freed, and given back";
/*@ logic integer put_gone{L}(integer log, unsigned char *block) =
      block == \null ? put_text(log, &maker_gone[0]) : log;
    logic integer put_maker{L}(integer log, integer made_by, integer size, unsigned char *block) =
      made_by == 0 ? log :
        put(put_gone(put_format(put_text(put_text(log, &maker_begin[0]), name_of(made_by)), &maker_size[0], size, 0, 0),
          block), '\n'); */

/*@ requires ok: plain_ok(out);
    requires misuse: misuse_ok(m) && out_apart(out, m);
    terminates \true;
    assigns PUT(out);
    ensures ok: plain_ok(out);
    ensures PM_DEBUG_04_put:
      printed == put_maker(\old(printed), \old(m->made_by), \old(m->size), \old(m->block)); */
static void out_maker(out_t *out, const pymalloc_misuse *m) {
  if (m->made_by == 0) return;
  out_text(out, maker_begin);
  out_text(out, family_name(m->made_by));
  OUT(out, maker_size, m->size);
  if (m->block == NULL) out_text(out, maker_gone);
  out_char(out, '\n');
}

static const char fact_misuse[] = "    Misuse: ", fact_used[] = "    Used by: ", fact_look[] = "\n    Look for: ";
static const char nobody[] = "nobody; found by a check";
/*@ logic char *user_of(char *function, integer family) = function == \null ? &nobody[0] : name_of(family);
    logic integer put_what{L}(integer log, integer kind) =
      put(put_text(put_text(log, &fact_misuse[0]), words[kind].what), '\n');
    logic integer put_where{L}(integer log, pymalloc_misuse *m) =
      m->kind == PYMALLOC_WITHOUT_LOCK ? log : put_place(log, m);
    logic integer put_advice{L}(integer log, integer kind, char *user) =
      put(put_text(put_text(put_text(put_text(log, &fact_used[0]), user), &fact_look[0]), words[kind].look_for), '\n');
    logic integer put_facts{L}(integer log, pymalloc_misuse *m) =
      put_advice(put_maker(put_where(put_what(log, m->kind), m), m->made_by, m->size, m->block),
        m->kind, user_of(m->function, m->family)); */

/*@ requires ok: plain_ok(out);
    requires misuse: misuse_ok(m) && out_apart(out, m);
    terminates \true;
    assigns PUT(out);
    ensures ok: plain_ok(out);
    ensures PM_DEBUG_04_put: printed == put_facts{Pre}(\old(printed), m); */
static void out_facts(out_t *out, const pymalloc_misuse *m) {
  out_text(out, fact_misuse);
  out_text(out, words[m->kind].what);
  out_char(out, '\n');
  if (m->kind != PYMALLOC_WITHOUT_LOCK) out_place(out, m);
  //@ assert PM_DEBUG_04_where: printed == put_where{Pre}(put_what(\at(printed, Pre), m->kind), m);
  //@ assert kept: m->made_by == \at(m->made_by, Pre) && m->family == \at(m->family, Pre);
  out_maker(out, m);
  out_text(out, fact_used);
  //@ assert kept_2: m->family == \at(m->family, Pre);
  out_text(out, m->function == NULL ? nobody : family_name(m->family));
  out_text(out, fact_look);
  out_text(out, words[m->kind].look_for);
  out_char(out, '\n');
}

static const char fatal_check[] = "Damaged block", fatal_call[] = "Fatal Python error: ", colon[] = ": ";
static const char fatal_families[] = ": Allocated using API '%c', verified using API '%c'";
/*@ logic integer put_finder{L}(integer log, char *function) =
      function == \null ? put_text(log, &fatal_check[0]) : put_text(put_text(log, &fatal_call[0]), function);
    logic integer put_families{L}(integer log, integer kind, integer made_by, integer family) =
      kind != PYMALLOC_WRONG_FAMILY ? log :
        put_format(log, &fatal_families[0], (unsigned char)made_by, (unsigned char)family, 0);
    logic integer put_fatal{L}(integer log, pymalloc_misuse *m) =
      put(put_families(put_text(put_text(put_finder(log, m->function), &colon[0]), fatal_of(m->kind, m->part)),
        m->kind, m->made_by, m->family), '\n'); */

/*@ requires ok: plain_ok(out);
    requires misuse: misuse_ok(m) && out_apart(out, m);
    terminates \true;
    assigns PUT(out);
    ensures ok: plain_ok(out);
    ensures PM_DEBUG_04_put: printed == put_fatal{Pre}(\old(printed), m); */
static void out_fatal(out_t *out, const pymalloc_misuse *m) {
  out_text(out, m->function == NULL ? fatal_check : fatal_call);
  if (m->function != NULL) out_text(out, m->function);
  out_text(out, colon);
  out_text(out, fatal_words(m));
  //@ assert kept: m->made_by == \at(m->made_by, Pre) && m->family == \at(m->family, Pre);
  if (m->kind == PYMALLOC_WRONG_FAMILY)
    OUT(out, fatal_families, (unsigned char)m->made_by, (unsigned char)m->family);
  out_char(out, '\n');
}

/*@ logic integer put_misuse{L}(integer log, pymalloc_misuse *m, debug_bytes_t *bytes) =
      put_facts(put_fatal(m->block == \null ? log : put_block(log, m, bytes), m), m); */

/*@ ensures PM_DEBUG_04_put: printed == put_misuse{Pre}(\old(printed), m, bytes); */
void report_misuse(const pymalloc_misuse *m, const debug_bytes_t *bytes) {
  out_t out;
  out_begin(&out, NULL);
  if (m->block != NULL) out_block(&out, m, bytes);
  //@ assert PM_DEBUG_04_block: printed == (m->block == \null ? \at(printed, Pre) : put_block{Pre}(\at(printed, Pre), m, bytes));
  //@ assert kept: m->made_by == \at(m->made_by, Pre) && m->family == \at(m->family, Pre);
  //@ assert stack: m->stack == \at(m->stack, Pre) && m->kind == \at(m->kind, Pre) && m->part == \at(m->part, Pre);
  //@ assert misuse: misuse_ok(m);
  //@ ghost L: ;
  out_fatal(&out, m);
  //@ assert stack_2: m->stack == \at(m->stack, Pre) && m->kind == \at(m->kind, Pre) && m->part == \at(m->part, Pre);
  //@ assert misuse_2: misuse_ok(m);
  //@ assert PM_DEBUG_04_fatal: printed == put_fatal{Pre}(\at(printed, L), m);
  //@ assert kept_2: m->made_by == \at(m->made_by, Pre) && m->family == \at(m->family, Pre);
  //@ ghost M: ;
  out_facts(&out, m);
  //@ assert PM_DEBUG_04_facts: printed == put_facts{Pre}(\at(printed, M), m);
  out_flush(&out);
  //@ ghost told = m->kind, told_of = m->address, told_turn = !told_turn;
  //@ assert told: told == m->kind && told_of == m->address;
}

/* Leaks. */

static const char leak_block[] = "Not freed: %p: API '%c', %u bytes", leak_serial[] = ", made by call #%u\n";
static const char leaks_sum[] = "Not freed in all: %u blocks, %u bytes\n";
/*@ logic integer put_leak{L}(integer log, integer block, integer size, integer api, integer serial) =
      put_format(put_format(log, &leak_block[0], block, api, size), &leak_serial[0], serial, 0, 0); */

/*@ ensures PM_DEBUG_16_put: stack == \null ==>
      printed == put_leak(\old(printed), (uintptr_t)block, size, (unsigned char)api, serial);
    ensures PM_DEBUG_16_stack: stack != \null ==>
      printed == put_stack(put_leak(\old(printed), (uintptr_t)block, size, (unsigned char)api, serial), stack); */
void report_leak(const void *block, size_t size, char api, uint64_t serial, const call_stack_t *stack) {
  out_t out;
  out_begin(&out, NULL);
  OUT(&out, leak_block, ADDRESS(block), (unsigned char)api, size);
  OUT(&out, leak_serial, serial);
  if (stack != NULL) out_stack(&out, stack);
  out_flush(&out);
  //@ ghost told = TOLD_LEAK, told_turn = !told_turn;
}

/*@ ensures PM_DEBUG_16_put: printed == put_format(\old(printed), &leaks_sum[0], blocks, bytes, 0); */
void report_leaks(size_t blocks, size_t bytes) {
  out_t out;
  out_begin(&out, NULL);
  OUT(&out, leaks_sum, blocks, bytes);
  out_flush(&out);
  //@ ghost told = TOLD_LEAKS, told_turn = !told_turn;
}
