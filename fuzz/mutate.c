#include "fuzz/mutate.h"

#include <string.h>

#include "fuzz/ops.h"

/* xorshift64*: the same changes for the same seed. */
static uint64_t state;

static void seed_with(uint64_t seed) { state = (seed + 1) * 0x9e3779b97f4a7c15u | 1; }

static uint32_t below(uint32_t n) {
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return (uint32_t)((state * 0x2545f4914f6cdd1du >> 32) * n >> 32);
}

/* The input that is changed. */
typedef struct {
  uint8_t *bytes;
  uint32_t count, most; /* operations */
  unsigned kinds;
} row_t;

static op_t row_get(const row_t *row, uint32_t i) { return op_read(row->bytes + i * OP_BYTES); }
static void row_set(row_t *row, uint32_t i, const op_t *op) {
  op_write(op, row->bytes + i * OP_BYTES);
}

/* Makes room for n operations at i; how many there is room for. */
static uint32_t row_open(row_t *row, uint32_t i, uint32_t n) {
  if (n > row->most - row->count) n = row->most - row->count;
  memmove(row->bytes + (i + n) * OP_BYTES, row->bytes + i * OP_BYTES, (row->count - i) * OP_BYTES);
  row->count += n;
  return n;
}

static void row_close(row_t *row, uint32_t i, uint32_t n) {
  row->count -= n;
  memmove(row->bytes + i * OP_BYTES, row->bytes + (i + n) * OP_BYTES, (row->count - i) * OP_BYTES);
}

/* Parts of operations. */

static uint16_t some_arg(void) {
  uint16_t arg = 0;
  switch (below(16)) {
    case 0: return (uint16_t)below(65536);
    case 1:
      op_arg_of_size(below(2) == 0 ? SIZE_MAX - below(16) : (size_t)PTRDIFF_MAX - 7 + below(16),
                     &arg);
      return arg;
    case 2: return (uint16_t)(508 + below(10));
    case 3: return (uint16_t)below(3);
    case 4:
    case 5:
    case 6: return (uint16_t)(below(33) * 16 + below(3)); /* at a class's edge, or 1 */
    case 7: return (uint16_t)(below(33) * 12 + below(3)); /* three quarters of a class */
    default: return (uint16_t)(1 + below(512));
  }
}

static uint16_t some_times(void) {
  return (uint16_t)(below(4) != 0 ? 1 : (1 + below(below(2) == 0 ? 8 : 128)) * 8);
}

/* A slot that another operation uses, or one near it; or any. */
static uint16_t some_slot(const row_t *row) {
  if (row->count == 0 || below(8) == 0) return (uint16_t)below(OP_SLOTS);
  uint32_t near = below(4) == 0 ? below(64) : 0;
  return (uint16_t)((row_get(row, below(row->count)).slot + near) % OP_SLOTS);
}

/* Kinds that matter most come up most. */
static op_kind_t some_kind(unsigned kinds) {
  static const op_kind_t often[] = {OP_MALLOC, OP_MALLOC,  OP_FREE,    OP_FREE,
                                    OP_FREE,   OP_REALLOC, OP_REALLOC, OP_CALLOC};
  for (;;) {
    op_kind_t kind = below(2) != 0 ? often[below(8)] : (op_kind_t)below(OP_KINDS);
    if ((kinds >> kind & 1) != 0 && (kind != OP_OPEN || below(4) == 0)) return kind;
  }
}

static op_t some_op(const row_t *row) {
  op_t op = {.kind = some_kind(row->kinds), .who = (uint8_t)below(8), .by = (uint8_t)below(256)};
  op.times = some_times();
  op.slot = some_slot(row);
  op.arg = some_arg();
  if (op.kind == OP_FREE) op.by = (uint8_t)(below(2) == 0 ? 0 : below(16));
  if (op.kind == OP_FAIL) op.by = (uint8_t)below(4);
  if (op.kind == OP_WRITE) op.arg = (uint16_t)(below(4) == 0 ? below(65536) : below(48));
  return op;
}

/* Changes. */

static void change_field(row_t *row, uint32_t i) {
  op_t op = row_get(row, i);
  switch (below(7)) {
    case 0: op.kind = some_kind(row->kinds); break;
    case 1: op.who = (uint8_t)below(8); break;
    case 2: op.times = some_times(); break;
    case 3: op.by = (uint8_t)(below(2) == 0 ? op.by + below(3) - 1 : below(256)); break;
    case 4:
      op.slot = below(2) == 0 ? some_slot(row)
                              : (uint16_t)((op.slot + below(5) + OP_SLOTS - 2) % OP_SLOTS);
      break;
    case 5: op.arg = some_arg(); break;
    default: op.arg = (uint16_t)(op.arg + below(33) - 16);
  }
  row_set(row, i, &op);
}

static void insert_ops(row_t *row, uint32_t i) {
  uint32_t n = row_open(row, i, 1 + below(3));
  for (uint32_t k = 0; k < n; k++) {
    op_t op = some_op(row);
    row_set(row, i + k, &op);
  }
}

/* Many blocks of one size, and some of them freed again: what fills pools and opens
   holes in them. */
static void insert_wave(row_t *row, uint32_t i) {
  op_t op = {.kind = OP_MALLOC, .who = (uint8_t)below(8), .slot = (uint16_t)below(OP_SLOTS)};
  op.times = (uint16_t)((1 + below(64)) * 8);
  op.arg = (uint16_t)(1 + below(512));
  if (row_open(row, i, 2) < 2) return;
  row_set(row, i, &op);
  op.kind = OP_FREE;
  op.by = (uint8_t)below(12);
  row_set(row, i + 1, &op);
}

/* Copies a part of the input to another place in it. */
static void repeat_ops(row_t *row, uint32_t i) {
  uint8_t part[32 * OP_BYTES];
  uint32_t n = 1 + below(32), from = below(row->count);
  if (n > row->count - from) n = row->count - from;
  memcpy(part, row->bytes + from * OP_BYTES, n * OP_BYTES);
  n = row_open(row, i, n);
  memcpy(row->bytes + i * OP_BYTES, part, n * OP_BYTES);
}

static void remove_ops(row_t *row, uint32_t i) {
  uint32_t n = 1 + below(8);
  if (n > row->count - i) n = row->count - i;
  if (n < row->count) row_close(row, i, n);
}

static void swap_ops(row_t *row, uint32_t i) {
  uint32_t j = below(row->count);
  op_t a = row_get(row, i), b = row_get(row, j);
  row_set(row, i, &b);
  row_set(row, j, &a);
}

size_t mutate(uint8_t *data, size_t size, size_t most, uint64_t seed, unsigned kinds) {
  row_t row = {data, (uint32_t)(size / OP_BYTES), (uint32_t)(most / OP_BYTES), kinds};
  seed_with(seed);
  if (row.most == 0) return size;
  for (uint32_t n = 1 + below(4); n > 0; n--) {
    uint32_t i = below(row.count + 1);
    if (i == row.count || below(4) == 0) insert_ops(&row, i);
    else switch (below(8)) {
      case 0: remove_ops(&row, i); break;
      case 1: repeat_ops(&row, i); break;
      case 2: swap_ops(&row, i); break;
      case 3: insert_wave(&row, i); break;
      default: change_field(&row, i);
    }
  }
  return row.count * OP_BYTES;
}

size_t mutate_cross(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out,
                    size_t most, uint64_t seed) {
  seed_with(seed);
  uint32_t a_count = (uint32_t)(a_size / OP_BYTES), b_count = (uint32_t)(b_size / OP_BYTES);
  uint32_t head = below(a_count + 1), from = below(b_count + 1), room = (uint32_t)(most / OP_BYTES);
  uint32_t n = head < room ? head : room,
           rest = b_count - from < room - n ? b_count - from : room - n;
  memcpy(out, a, n * OP_BYTES);
  memcpy(out + n * OP_BYTES, b + from * OP_BYTES, rest * OP_BYTES);
  return (n + rest) * OP_BYTES;
}
