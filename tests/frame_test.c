/* Frames as bytes: what is written where, that an intact frame is accepted and any changed
   byte of one refused, by the part that it is in; and the quick forms of filling and
   comparing against plain loops. */
#include "alloc/frame.h"

#include "tests/check.h"

static unsigned char memory[4096 + 64];

static frame_t frame(size_t size, char api, bool serials) {
  return (frame_t){.id = word_of_id((unsigned char)api, 0xFD), .pad = word_of(0xFD), .size = size,
                   .serial = 0x0102030405060708u + size, .serials = serials};
}

/* The frame, byte by byte, as CPython's documentation has it. */
static unsigned char wanted(size_t i, size_t size, char api, uint64_t serial) {
  if (i < 8) return (unsigned char)(size >> (56 - 8 * i));
  if (i == 8) return (unsigned char)api;
  if (i < 16) return 0xFD;
  if (i < 16 + size) return 'u';
  if (i < 24 + size) return 0xFD;
  return (unsigned char)(serial >> (56 - 8 * (i - 24 - size)));
}

static frame_part_t part(size_t i, size_t size) {
  if (i < 8) return FRAME_BAD_SIZE;
  if (i == 8) return FRAME_BAD_ID;
  if (i < 16) return FRAME_BAD_LEADING;
  return i < 24 + size ? FRAME_BAD_TRAILING : FRAME_BAD_SERIAL;
}

static void check_frame(size_t size, char api, bool serials) {
  frame_t f = frame(size, api, serials);
  size_t total = frame_total(size, serials);
  CHECK_EQ("PM-DEBUG-02", total, size + (serials ? 32u : 24u));
  memset(memory, 'u', sizeof memory);
  frame_write(memory, f);
  for (size_t i = 0; i < total; i++)
    CHECK_OF("PM-DEBUG-02", memory[i] == wanted(i, size, api, f.serial), i, memory[i]);
  CHECK_EQ("PM-DEBUG-02", memory[total], 'u');
  CHECK_EQ("PM-DEBUG-03", frame_check(memory, f), FRAME_INTACT);
  for (size_t i = 0; i < total; i++) {
    bool ours = i < 16 || i >= 16 + size;
    for (unsigned bit = 0; bit < 8; bit++) {
      memory[i] ^= (unsigned char)(1u << bit);
      CHECK_OF("PM-DEBUG-03", frame_check(memory, f) == (ours ? part(i, size) : FRAME_INTACT), i, bit);
      memory[i] ^= (unsigned char)(1u << bit);
    }
  }
}

static void check_bytes(size_t n, size_t skip) {
  unsigned char *p = memory + 32 + skip;
  memset(memory, 1, sizeof memory);
  bytes_fill(p, n, word_of(0xDD));
  CHECK("PM-DEBUG-05", p[-1] == 1 && p[n] == 1);
  CHECK_EQ("PM-DEBUG-08", bytes_other(p, 0, n, 0xDD), n);
  CHECK("PM-DEBUG-08", bytes_all(p, n, word_of(0xDD)) && !bytes_all(p, n, word_of(0xCD)));
  for (size_t i = 0; i < n; i += 1 + n / 40) {
    p[i] ^= 0x10;
    CHECK_OF("PM-DEBUG-08", !bytes_all(p, n, word_of(0xDD)), i, n);
    CHECK_EQ("PM-DEBUG-08", bytes_other(p, 0, n, 0xDD), i);
    CHECK_EQ("PM-DEBUG-08", bytes_other(p, i + 1, n, 0xDD), n);
    p[i] ^= 0x10;
  }
}

int main(void) {
  for (size_t size = 0; size < 70; size++)
    for (int serials = 0; serials < 2; serials++) check_frame(size, "rmo"[size % 3], serials);
  check_frame(1000, 'm', true);
  for (size_t n = 16; n < 200; n++) check_bytes(n, n % 16);
  check_bytes(512, 0);
  check_bytes(513, 3);
  check_bytes(2000, 1);
  uint64_t word = 1;
  for (int i = 0; i < 1000; i++) {
    word = word * 6364136223846793005u + 1442695040888963407u;
    word_put(memory, word);
    for (unsigned k = 0; k < 8; k++) CHECK_EQ("PM-DEBUG-02", memory[k], (unsigned char)(word >> (56 - 8 * k)));
    CHECK_EQ("PM-DEBUG-02", word_get(memory), word);
  }
  return check_done();
}
