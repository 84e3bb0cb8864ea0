/* Operations are written and read, as bytes and as text, without loss. */
#include "fuzz/ops_text.h"
#include "tests/check.h"
#include "tests/random.h"

static bool same(const op_t *a, const op_t *b) {
  return a->kind == b->kind && a->who == b->who && a->times == b->times && a->by == b->by &&
         a->slot == b->slot && a->arg == b->arg;
}

/* Any bytes are an operation, which its own bytes say as well. */
static void test_bytes(void) {
  for (int i = 0; i < 100000; i++) {
    uint64_t word = random_word();
    uint8_t bytes[OP_BYTES];
    memcpy(bytes, &word, sizeof bytes);
    op_t op = op_read(bytes);
    CHECK("ops", op.kind < OP_KINDS && op.slot < OP_SLOTS && op.times <= OP_TIMES && op.who < 8);
    op_write(&op, bytes);
    op_t again = op_read(bytes);
    CHECK_OF("ops", same(&op, &again), i, op.kind);
  }
}

/* Its line says the same, apart from other codes of the same size; and the line of that
   is the same line. */
static void test_text(void) {
  char text[OP_TEXT], again[OP_TEXT];
  const char *why;
  for (int i = 0; i < 100000; i++) {
    uint64_t word = random_word();
    uint8_t bytes[OP_BYTES];
    memcpy(bytes, &word, sizeof bytes);
    op_t op = op_read(bytes), read;
    op_print(&op, text);
    CHECK_EQ("ops", op_parse(text, &read, &why), 1);
    op_print(&read, again);
    CHECK_TEXT("ops", again, text);
    CHECK_OF("ops", read.slot == op.slot && op_size(read.arg) == op_size(op.arg), i, op.kind);
  }
}

static void test_sizes(void) {
  uint16_t arg;
  uint8_t by;
  for (size_t n = 0; n < 1024; n++) CHECK("ops", op_arg_of_size(n, &arg) && op_size(arg) == n);
  for (size_t n = 1024; n <= 65520; n += 16)
    CHECK("ops", op_arg_of_size(n, &arg) && op_size(arg) == n);
  for (size_t k = 0; k < 16; k++) {
    CHECK("ops", op_arg_of_size((size_t)PTRDIFF_MAX - 7 + k, &arg));
    CHECK("ops", op_arg_of_size(SIZE_MAX - k, &arg));
  }
  for (unsigned k = 0; k < 64; k++) CHECK("ops", op_by_of_elsize((size_t)1 << k, &by));
  CHECK("ops", !op_arg_of_size(1025, &arg) && !op_by_of_elsize(129, &by));
}

static int said(const char *line) {
  op_t op;
  const char *why;
  return op_parse(line, &op, &why);
}

static void test_wrong(void) {
  CHECK_EQ("ops", said(""), 0);
  CHECK_EQ("ops", said("  # malloc"), 0);
  CHECK_EQ("ops", said("malloc size=5 # a remark"), 1);
  CHECK_EQ("ops", said("mallo size=5"), -1);
  CHECK_EQ("ops", said("malloc size=1025"), -1);
  CHECK_EQ("ops", said("malloc size"), -1);
  CHECK_EQ("ops", said("malloc size=5x"), -1);
  CHECK_EQ("ops", said("malloc nelem=5"), -1);
  CHECK_EQ("ops", said("malloc times=9"), -1);
  CHECK_EQ("ops", said("free step=0"), -1);
  CHECK_EQ("ops", said("malloc slot=16384"), -1);
}

int main(void) {
  test_bytes();
  test_text();
  test_sizes();
  test_wrong();
  return check_done();
}
