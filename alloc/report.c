#include "alloc/report.h"

#include <string.h>
#include <unistd.h>

#define AGAIN_MOST 1000 /* so often a write that fails (a signal came) is tried again */
#define DAMAGED_MOST 16 /* so many damaged bytes of a freed block are listed */

typedef struct {
  char text[512];
  size_t n;
} out_t;

/*@ predicate out_ok{L}(out_t *out) = \valid(out) && out->n <= 512;
    predicate out_apart{L}(out_t *out, pymalloc_misuse *m) =
      \separated(out, m) && \separated(out, m->stack); */

/*@ requires ok: out_ok(out);
    terminates \true;
    assigns out->n, __fc_fds[STDERR_FILENO];
    ensures ok: out_ok(out);
    ensures empty: out->n == 0; */
static void out_flush(out_t *out) {
  unsigned again = AGAIN_MOST;
  /*@ loop invariant done: 0 <= done <= out->n && out_ok(out);
      loop assigns done, again, __fc_fds[STDERR_FILENO];
      loop variant out->n - done + again; */
  for (size_t done = 0; done < out->n;) {
    ssize_t n = write(STDERR_FILENO, out->text + done, out->n - done);
    if (n > 0) done += (size_t)n;
    else if (n < 0 && again > 0) again--;
    else break; /* nobody can be told */
  }
  out->n = 0;
}

/*@ requires ok: out_ok(out);
    terminates \true;
    assigns *out, __fc_fds[STDERR_FILENO];
    ensures PM_DEBUG_04_inside: out_ok(out); */
static void out_char(out_t *out, char c) {
  if (out->n == sizeof out->text) out_flush(out);
  out->text[out->n++] = c;
}

/* The character that is next in a text. */
/*@ requires text: \valid(text);
    terminates \true;
    assigns *text;
    ensures next: *text == \old(*text) + 1;
    ensures ends: \result != '\0' ==> \offset(*text) < \block_length(*text); */
static char text_next(const char **text) {
  return *(*text)++; /* trusted: a text is there up to its zero, and read no further */
}

/*@ requires ok: out_ok(out);
    terminates \true;
    assigns *out, __fc_fds[STDERR_FILENO];
    ensures ok: out_ok(out); */
static void out_text(out_t *out, const char *text) {
  char c;
  /*@ loop invariant ok: out_ok(out);
      loop assigns c, text, *out, __fc_fds[STDERR_FILENO];
      loop variant \block_length(text) - \offset(text); */
  while ((c = text_next(&text)) != '\0') out_char(out, c);
}

/* A number in a base, with so many digits at least. */
/*@ requires ok: out_ok(out);
    requires base: 2 <= base <= 16 && digits <= 64;
    terminates \true;
    decreases n + digits;
    assigns *out, __fc_fds[STDERR_FILENO];
    ensures PM_DEBUG_04_inside: out_ok(out); */
static void out_number(out_t *out, uint64_t n, unsigned base, unsigned digits) {
  static const char digit[] = "0123456789abcdef";
  if (n >= base || digits > 1) out_number(out, n / base, base, digits > 0 ? digits - 1 : 0);
  out_char(out, digit[n % base]);
}

/* A text in which %p stands for an address, %x for a byte, %u for a number and %c for a
   character, in turn: four of them at most. */
typedef struct { uint64_t arg[4]; } args_t;
#define OUT(out, text, ...) out_format(out, text, (args_t){{__VA_ARGS__}})

/*@ requires ok: out_ok(out);
    terminates \true;
    assigns *out, __fc_fds[STDERR_FILENO];
    ensures ok: out_ok(out); */
static void out_arg(out_t *out, char how, uint64_t arg) {
  if (how == 'c') out_char(out, (char)arg);
  else if (how == 'u') out_number(out, arg, 10, 1);
  else if (how == 'x') out_number(out, arg, 16, 2);
  else out_text(out, "0x"), out_number(out, arg, 16, 1);
}

/*@ requires ok: out_ok(out);
    terminates \true;
    assigns *out, __fc_fds[STDERR_FILENO];
    ensures ok: out_ok(out); */
static void out_format(out_t *out, const char *text, args_t args) {
  unsigned used = 0;
  char c;
  /*@ loop invariant ok: out_ok(out);
      loop assigns c, text, used, *out, __fc_fds[STDERR_FILENO];
      loop variant \block_length(text) - \offset(text); */
  while ((c = text_next(&text)) != '\0') {
    if (c != '%') out_char(out, c);
    else out_arg(out, text_next(&text), args.arg[used++ % 4]);
  }
}

/*@ terminates \true;
    assigns \nothing; */
static const char *family_name(char api) { return api == 'r' ? "raw" : api == 'm' ? "mem" : "obj"; }

/* The block, as CPython describes it. */

/*@ requires ok: out_ok(out);
    terminates \true;
    assigns *out, __fc_fds[STDERR_FILENO];
    ensures ok: out_ok(out); */
static void out_byte(out_t *out, unsigned char byte, unsigned char wanted) {
  OUT(out, byte == wanted ? "0x%x\n" : "0x%x *** OUCH\n", byte);
}

/*@ requires ok: out_ok(out);
    requires memory: \valid_read(p + (-7 .. -1));
    terminates \true;
    assigns *out, __fc_fds[STDERR_FILENO];
    ensures ok: out_ok(out); */
static void out_leading(out_t *out, const unsigned char *p, unsigned char pad) {
  if (bytes_other(p - 7, 0, 7, pad) == 7) {
    //@ assert PM_DEBUG_04_expected: bytes_of(p - 7, 0, 7, pad);
    out_text(out, "    The 7 pad bytes at p-7 are FORBIDDENBYTE, as expected.\n");
    return;
  }
  OUT(out, "    The 7 pad bytes at p-7 are not all FORBIDDENBYTE (0x%x):\n", pad);
  /*@ loop invariant ok: 0 <= i <= 7 && out_ok(out);
      loop assigns i, *out, __fc_fds[STDERR_FILENO];
      loop variant i; */
  for (unsigned i = 7; i > 0; i--) {
    OUT(out, "        at p-%u: ", i);
    out_byte(out, *(p - i), pad);
  }
}

/*@ requires ok: out_ok(out);
    requires memory: \valid_read(tail + (0 .. 7));
    terminates \true;
    assigns *out, __fc_fds[STDERR_FILENO];
    ensures ok: out_ok(out); */
static void out_trailing(out_t *out, const unsigned char *tail, unsigned char pad) {
  OUT(out, "    The 8 pad bytes at tail=%p are ", ADDRESS(tail));
  if (bytes_other(tail, 0, 8, pad) == 8) {
    //@ assert PM_DEBUG_04_expected: bytes_of(tail, 0, 8, pad);
    out_text(out, "FORBIDDENBYTE, as expected.\n");
    return;
  }
  OUT(out, "not all FORBIDDENBYTE (0x%x):\n", pad);
  /*@ loop invariant ok: 0 <= i <= 8 && out_ok(out);
      loop assigns i, *out, __fc_fds[STDERR_FILENO];
      loop variant 8 - i; */
  for (unsigned i = 0; i < 8; i++) {
    OUT(out, "        at tail+%u: ", i);
    out_byte(out, tail[i], pad);
  }
}

/* Eight bytes that should be a number; nothing when they are. */
/*@ requires ok: out_ok(out);
    requires memory: \valid_read(at + (0 .. 7));
    requires where: *where == (step < 0 ? 'p' : 't');
    terminates \true;
    assigns *out, __fc_fds[STDERR_FILENO];
    ensures ok: out_ok(out); */
static void out_word(out_t *out, const unsigned char *at, uint64_t wanted, const char *what,
                     const char *where, unsigned first, int step) {
  unsigned char right[8];
  if (word_get(at) == wanted) return;
  word_put(right, wanted);
  OUT(out, "    The 8 bytes of the ");
  out_text(out, what);
  OUT(out, " are not those of %u:\n", wanted);
  /*@ loop invariant ok: 0 <= i <= 8 && out_ok(out);
      loop assigns i, *out, __fc_fds[STDERR_FILENO];
      loop variant 8 - i; */
  for (unsigned i = 0; i < 8; i++) {
    out_text(out, "        at ");
    out_text(out, where);
    OUT(out, "%u: ", step < 0 ? first - i : first + i);
    out_byte(out, at[i], right[i]);
  }
}

/*@ requires ok: out_ok(out);
    requires misuse: misuse_ok(m) && m->block != \null && block_readable(m, bytes);
    requires apart: out_apart(out, m) && \separated(out, bytes);
    terminates \true;
    assigns *out, __fc_fds[STDERR_FILENO];
    ensures ok: out_ok(out); */
static void out_live(out_t *out, const pymalloc_misuse *m, const debug_bytes_t *bytes) {
  const unsigned char *p = m->block;
  out_leading(out, p, bytes->forbidden);
  out_trailing(out, p + m->size, bytes->forbidden);
  if (p[-8] != (unsigned char)m->made_by)
    OUT(out, "    The API byte at p-8 is not that of '%c':\n        at p-8: 0x%x *** OUCH\n",
        (unsigned char)m->made_by, p[-8]);
  out_word(out, p - 16, m->size, "size", "p-", 16, -1);
  if (bytes->serials)
    out_word(out, p + m->size + 8, m->serial, "serial number", "tail+", 8, 1);
}

/* All of a freed block and of its frame should be dead bytes. */
/*@ requires ok: out_ok(out);
    requires misuse: misuse_ok(m) && m->block != \null && block_readable(m, bytes);
    requires apart: out_apart(out, m) && \separated(out, bytes);
    terminates \true;
    assigns *out, __fc_fds[STDERR_FILENO];
    ensures ok: out_ok(out); */
static void out_freed(out_t *out, const pymalloc_misuse *m, const debug_bytes_t *bytes) {
  const unsigned char *base = m->block - FRAME_LEAD;
  size_t total = frame_total(m->size, bytes->serials), damaged = 0;
  OUT(out, "    The block is freed: its %u bytes, and the %u of its frame,", m->size, total - m->size);
  /*@ loop invariant ok: 0 <= i <= total && damaged <= i && out_ok(out);
      loop assigns i, damaged, *out, __fc_fds[STDERR_FILENO];
      loop variant total - i; */
  for (size_t i = 0; (i = bytes_other(base, i, total, bytes->dead)) < total; i++) {
    if (damaged++ == 0) OUT(out, " are not all DEADBYTE (0x%x):\n", bytes->dead);
    if (damaged > DAMAGED_MOST) continue;
    OUT(out, i < FRAME_LEAD ? "        at p-%u: " : "        at p+%u: ",
        i < FRAME_LEAD ? FRAME_LEAD - i : i - FRAME_LEAD);
    out_byte(out, base[i], bytes->dead);
  }
  if (damaged == 0) OUT(out, " are DEADBYTE (0x%x), as expected.\n", bytes->dead);
  if (damaged > DAMAGED_MOST) OUT(out, "        and %u more\n", damaged - DAMAGED_MOST);
}

/*@ requires ok: out_ok(out);
    requires memory: \valid_read(p + (0 .. n - 1));
    terminates \true;
    assigns *out, __fc_fds[STDERR_FILENO];
    ensures ok: out_ok(out); */
static void out_data(out_t *out, const unsigned char *p, size_t n) {
  if (n == 0) return;
  out_text(out, "    Data at p:");
  /*@ loop invariant ok: 0 <= i <= n && out_ok(out);
      loop assigns i, *out, __fc_fds[STDERR_FILENO];
      loop variant n - i; */
  for (size_t i = 0; i < n; i++) {
    if (i == 8 && n > 16) {
      out_text(out, " ...");
      i = n - 8;
    }
    OUT(out, " %x", p[i]);
  }
  out_char(out, '\n');
}

/*@ requires ok: out_ok(out);
    requires stack: \valid_read(stack) && stack_ok(stack);
    terminates \true;
    assigns *out, __fc_fds[STDERR_FILENO];
    ensures ok: out_ok(out); */
static void out_stack(out_t *out, const call_stack_t *stack) {
  out_flush(out);
  stack_print(stack, STDERR_FILENO);
}

/*@ requires ok: out_ok(out);
    requires misuse: misuse_ok(m) && m->block != \null && block_readable(m, bytes);
    requires apart: out_apart(out, m) && \separated(out, bytes);
    terminates \true;
    assigns *out, __fc_fds[STDERR_FILENO];
    ensures ok: out_ok(out); */
static void out_block(out_t *out, const pymalloc_misuse *m, const debug_bytes_t *bytes) {
  OUT(out, "Debug memory block at address p=%p: API '%c'\n    %u bytes originally requested\n",
      ADDRESS(m->block), (unsigned char)m->made_by, m->size);
  if (m->freed) out_freed(out, m, bytes);
  else out_live(out, m, bytes);
  if (m->serial != 0) OUT(out, "    The block was made by call #%u to debug malloc/realloc.\n", m->serial);
  out_data(out, m->block, m->size);
  if (m->stack != NULL) {
    out_text(out, "\nMemory block allocated at (most recent call first):\n");
    out_stack(out, m->stack);
    out_char(out, '\n');
  } else {
    out_text(out, "\nEnable tracemalloc to get the memory block allocation traceback\n\n");
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

/*@ requires misuse: misuse_ok(m);
    terminates \true;
    assigns \nothing; */
static const char *fatal_words(const pymalloc_misuse *m) {
  static const char *const underrun[] = {
    [FRAME_INTACT] = "bad leading pad byte", /* no more: another thread wrote there */
    [FRAME_BAD_ID] = "bad API byte", [FRAME_BAD_LEADING] = "bad leading pad byte",
    [FRAME_BAD_SIZE] = "bad size bytes"};
  if (m->kind == PYMALLOC_UNDERRUN) return underrun[m->part];
  if (m->kind == PYMALLOC_OVERRUN && m->part == FRAME_BAD_SERIAL) return "bad serial number bytes";
  return words[m->kind].fatal;
}

/*@ requires ok: out_ok(out);
    requires misuse: misuse_ok(m) && out_apart(out, m);
    terminates \true;
    assigns *out, __fc_fds[STDERR_FILENO];
    ensures ok: out_ok(out); */
static void out_place(out_t *out, const pymalloc_misuse *m) {
  OUT(out, "    Address: %p", ADDRESS(m->address));
  uintptr_t offset = ADDRESS(m->address) - ADDRESS(m->block);
  if (m->kind == PYMALLOC_INTERIOR && offset < m->size) OUT(out, ", which is p+%u", offset);
  else if (m->kind == PYMALLOC_INTERIOR) out_text(out, ", which is in the block's frame");
  out_char(out, '\n');
}

/*@ requires ok: out_ok(out);
    requires misuse: misuse_ok(m) && out_apart(out, m);
    terminates \true;
    assigns *out, __fc_fds[STDERR_FILENO];
    ensures ok: out_ok(out); */
static void out_facts(out_t *out, const pymalloc_misuse *m) {
  out_text(out, "    Misuse: ");
  out_text(out, words[m->kind].what);
  out_char(out, '\n');
  if (m->kind != PYMALLOC_WITHOUT_LOCK) out_place(out, m);
  if (m->made_by != 0) {
    OUT(out, "    Allocated by: ");
    out_text(out, family_name(m->made_by));
    OUT(out, ", %u bytes", m->size);
    if (m->block == NULL) out_text(out, "; freed, and given back");
    out_char(out, '\n');
  }
  OUT(out, "    Used by: ");
  out_text(out, m->function == NULL ? "nobody; found by a check" : family_name(m->family));
  OUT(out, "\n    Look for: ");
  out_text(out, words[m->kind].look_for);
  out_char(out, '\n');
}

void report_misuse(const pymalloc_misuse *m, const debug_bytes_t *bytes) {
  out_t out = {.n = 0};
  if (m->block != NULL) out_block(&out, m, bytes);
  out_text(&out, m->function == NULL ? "Damaged block" : "Fatal Python error: ");
  if (m->function != NULL) out_text(&out, m->function);
  out_text(&out, ": ");
  out_text(&out, fatal_words(m));
  if (m->kind == PYMALLOC_WRONG_FAMILY)
    OUT(&out, ": Allocated using API '%c', verified using API '%c'", (unsigned char)m->made_by,
        (unsigned char)m->family);
  out_char(&out, '\n');
  out_facts(&out, m);
  out_flush(&out);
  //@ ghost told = m->kind;
}

/* Leaks. */

void report_leak(const void *block, size_t size, char api, uint64_t serial, const call_stack_t *stack) {
  out_t out = {.n = 0};
  OUT(&out, "Not freed: %p: API '%c', %u bytes", ADDRESS(block), (unsigned char)api, size);
  OUT(&out, ", made by call #%u\n", serial);
  if (stack != NULL) out_stack(&out, stack);
  out_flush(&out);
  //@ ghost told = TOLD_LEAK;
}

void report_leaks(size_t blocks, size_t bytes) {
  out_t out = {.n = 0};
  OUT(&out, "Not freed in all: %u blocks, %u bytes\n", blocks, bytes);
  out_flush(&out);
  //@ ghost told = TOLD_LEAKS;
}
