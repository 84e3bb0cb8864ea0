#include "fuzz/ops.h"

#define TIMES_STEP 8u
#define MOST ((size_t)PTRDIFF_MAX)

/* The four ranges of an arg, and how many low bits count in each. */
#define MIDDLE 0xc000u /* below: one byte a step, ten bits */
#define LARGE 0xf000u  /* below: 16 bytes a step, twelve bits */
#define HUGE 0xf800u   /* below: 64 KiB a step, four bits; above: four bits, near a limit */

op_t op_read(const uint8_t *b) {
  return (op_t){.kind = (op_kind_t)(b[0] % OP_KINDS),
                .who = b[1] % 8,
                .times = (uint16_t)(b[2] < 128 ? 1 : (b[2] - 127) * (int)TIMES_STEP),
                .by = b[3],
                .slot = (uint16_t)((b[4] | b[5] << 8) % (int)OP_SLOTS),
                .arg = (uint16_t)(b[6] | b[7] << 8)};
}

void op_write(const op_t *op, uint8_t *b) {
  b[0] = (uint8_t)op->kind;
  b[1] = op->who;
  b[2] = (uint8_t)(op->times < TIMES_STEP ? 0 : op->times / TIMES_STEP + 127);
  b[3] = op->by;
  b[4] = (uint8_t)op->slot;
  b[5] = (uint8_t)(op->slot >> 8);
  b[6] = (uint8_t)op->arg;
  b[7] = (uint8_t)(op->arg >> 8);
}

size_t op_size(uint16_t arg) {
  if (arg < MIDDLE) return arg % 1024u;
  if (arg < LARGE) return (arg & 0xfffu) * (size_t)16;
  if (arg < HUGE) return ((arg & 15u) + 1) * (size_t)65536;
  return (arg & 16u) == 0 ? MOST - 7 + (arg & 15u) : SIZE_MAX - (arg & 15u);
}

size_t op_elsize(uint8_t by) { return by < 128 ? by : (size_t)1 << by % 64; }

bool op_arg_of_size(size_t size, uint16_t *arg) {
  size_t code = HUGE;
  if (size < 1024) code = size;
  else if (size < 65536) code = MIDDLE + size / 16;
  else if (size <= 16 * 65536) code = LARGE + size / 65536 - 1;
  else if (size - (MOST - 7) < 16) code = HUGE + (size - (MOST - 7));
  else if (SIZE_MAX - size < 16) code = HUGE + 16 + (SIZE_MAX - size);
  *arg = (uint16_t)code;
  return op_size(*arg) == size;
}

bool op_by_of_elsize(size_t elsize, uint8_t *by) {
  *by = (uint8_t)elsize;
  for (unsigned i = 0; elsize >= 128 && i < 64; i++)
    if (elsize == (size_t)1 << i) *by = (uint8_t)(128 + i);
  return op_elsize(*by) == elsize;
}
