/* The model of the debug layer: it takes what a layer does right, refuses each kind of wrong
   by its rule, and says of each misuse what it is.  The layer is played by this test. */
#include "spec/model/layer.h"

#include "tests/refusal.h"

enum { RAW, MEM, OBJ };

static layer_model_t layer;
static _Alignas(16) unsigned char memory[4096];
static layer_block_t *a, *b, *held; /* of 40 bytes at 64, of 100 at 512; a freed one at 1024 */

/* Writes a frame, as PM-DEBUG-02 has it, around n bytes at an offset; and those bytes. */
static unsigned char *frame(size_t offset, char family, size_t n, int fill) {
  unsigned char *p = memory + offset;
  memset(p - 16, 0, 8);
  p[-9] = (unsigned char)n;
  p[-8] = (unsigned char)family;
  memset(p - 7, 0xFD, 7);
  memset(p, fill, n);
  memset(p + n, 0xFD, 8);
  return p;
}

static layer_block_t *block_new(unsigned family, size_t offset, size_t n) {
  layer_new(&layer, family, frame(offset, "rmo"[family], n, 0xCD), n, 0, false, false);
  return layer_at(&layer, family, memory + offset);
}

static void dead(const layer_block_t *block) {
  memset((void *)block->extent.address, 0xDD, block->extent.usable);
}

static void block_free(layer_block_t *block) {
  layer_leave(&layer, block);
  dead(block);
  layer_left(&layer, block, true);
}

static void start(void) {
  layer_init(&layer, (layer_options_t){.clean = 0xCD, .dead = 0xDD, .forbidden = 0xFD, .held_most = 8});
  a = block_new(MEM, 64, 40);
  b = block_new(RAW, 512, 100);
  held = block_new(OBJ, 1024, 30);
  block_free(held);
}

/* What goes back when the allocator below refuses. */
static int urged(const layer_block_t *block) {
  layer_urge(&layer, MEM);
  layer_back(&layer, MEM, (void *)block->extent.address);
  layer_back_done(&layer);
  return 0;
}

static void test_blocks(void) {
  TAKES("PM-DEBUG-02", block_new(OBJ, 2048, 0));
  REFUSES("PM-DEBUG-02", (frame(2048, 'm', 20, 0xCD), layer_new(&layer, OBJ, memory + 2048, 20, 0, false, false), 0));
  REFUSES("PM-DEBUG-02", (frame(2048, 'o', 20, 0xCD)[27] = 0, layer_new(&layer, OBJ, memory + 2048, 20, 0, false, false), 0));
  REFUSES("PM-DEBUG-05", (frame(2048, 'o', 20, 0xCD)[19] = 0, layer_new(&layer, OBJ, memory + 2048, 20, 0, false, false), 0));
  TAKES("PM-DEBUG-05", (frame(2048, 'o', 20, 0xCD)[19] = 0, layer_new(&layer, OBJ, memory + 2048, 20, 20, false, false), 0));
  REFUSES("PM-DEBUG-05", (frame(2048, 'o', 20, 0xCD), layer_new(&layer, OBJ, memory + 2048, 20, 0, true, false), 0));
  REFUSES("PM-ALIGN-01", block_new(OBJ, 2056, 20));
  REFUSES("PM-MALLOC-03", block_new(OBJ, 112, 20));
  REFUSES("PM-MALLOC-03", block_new(OBJ, 1040, 4)); /* it is held back */
  REFUSES("PM-MALLOC-03", block_new(OBJ, 528, 20)); /* in a block of raw, and not all of it */
  TAKES("PM-DEBUG-02", block_new(OBJ, 528, 76));
}

/* A block of mem with two frames; a byte of the outer one can be wrong. */
static unsigned char *frames(size_t offset, size_t n) {
  frame(offset - 16, 'r', n + 24, 0xCD);
  return frame(offset, 'm', n, 0xCD);
}

static layer_block_t *block_in_two(size_t offset, size_t n) {
  layer_new(&layer, MEM, frames(offset, n), n, 0, false, true);
  return layer_at(&layer, MEM, memory + offset);
}

/* It is freed, and goes to the allocator below a family, to which it begins at an offset. */
static int two_go(const layer_block_t *outer, size_t at, unsigned char byte, bool told, unsigned family, size_t offset) {
  block_free(layer_at(&layer, MEM, memory + 2048));
  if (outer != NULL) layer_write(&layer, outer, at, byte);
  urged(held);
  if (told) CHECK_EQ("PM-DEBUG-07", layer_wrong_going(&layer, RAW).block, outer);
  layer_back(&layer, family, memory + offset);
  layer_back_done(&layer);
  return 0;
}

static void test_two_frames(void) {
  TAKES("PM-DEBUG-02", block_in_two(2048, 40));
  REFUSES("PM-DEBUG-02", (frames(2048, 40)[-24] = 'm', layer_new(&layer, MEM, memory + 2048, 40, 0, false, true), 0));
  REFUSES("PM-DEBUG-02", (frames(2048, 40)[55] = 0, layer_new(&layer, MEM, memory + 2048, 40, 0, false, true), 0));
  REFUSES("PM-MALLOC-03", block_in_two(544, 20));
  TAKES("PM-DEBUG-08", (block_in_two(2048, 40), two_go(NULL, 0, 0, false, RAW, 2016)));
  REFUSES("PM-DEBUG-08", (block_in_two(2048, 40), two_go(NULL, 0, 0, false, MEM, 2032)));
  TAKES("PM-DEBUG-08", two_go(block_in_two(2048, 40)->outer, 3, 1, true, RAW, 2016));
  REFUSES("PM-DEBUG-08", two_go(block_in_two(2048, 40)->outer, 3, 1, false, RAW, 2016)); /* not told */
  REFUSES("PM-DEBUG-08", two_go(block_in_two(2048, 40)->outer, 3, 0, true, RAW, 2016)); /* it was right */
}

static void test_held(void) {
  TAKES("PM-DEBUG-08", (block_free(a), layer_urge(&layer, MEM), layer_back(&layer, MEM, memory + 1008),
                        layer_back(&layer, MEM, memory + 48), block_new(MEM, 64, 10)));
  REFUSES("PM-DEBUG-08", (block_free(a), urged(a))); /* not the oldest */
  REFUSES("PM-DEBUG-08", (layer_back(&layer, MEM, memory + 1008), 0));
  REFUSES("PM-DEBUG-08", (layer_urge(&layer, MEM), layer_leave(&layer, a), dead(a), layer_left(&layer, a, true), 0));
  REFUSES("PM-DEBUG-05", (memory[1024] = 0, urged(held)));
  REFUSES("PM-DEBUG-05", (layer_leave(&layer, a), layer_left(&layer, a, true), 0));
  TAKES("PM-DEBUG-13", (layer_leave(&layer, a), layer_left(&layer, a, false), 0));
  REFUSES("PM-DEBUG-08", (layer_write(&layer, held, 3, 1), urged(held))); /* not told */
  TAKES("PM-DEBUG-08", (layer_write(&layer, held, 3, 1), layer_urge(&layer, MEM), layer_wrong_going(&layer, MEM),
                        layer_back(&layer, MEM, memory + 1008), 0));
  REFUSES("PM-DEBUG-08", (layer_urge(&layer, MEM), layer_wrong_going(&layer, MEM),
                          layer_back(&layer, MEM, memory + 1008), 0));
}

/* Nine freed blocks are one too many: two go, so that an eighth of eight has room. */
static int nine(unsigned go) {
  for (unsigned i = 0; i < 7; i++) block_free(block_new(MEM, 2048 + 64 * i, 10));
  layer_block_t *last = block_new(MEM, 3000 - 3000 % 16, 10);
  layer_leave(&layer, last);
  dead(last);
  if (go > 0) layer_back(&layer, MEM, memory + 1008);
  for (unsigned i = 1; i < go; i++) layer_back(&layer, MEM, memory + 2048 + 64 * (i - 1) - 16);
  layer_left(&layer, last, true);
  return 0;
}

/* So many more are held; the one that a new block must be. */
static layer_block_t *again(unsigned more, unsigned family, size_t n) {
  for (unsigned i = 0; i < more; i++) block_free(block_new(MEM, 2048 + 64 * i, 10));
  return layer_again(&layer, family, n);
}

/* It is that, or not. */
static int used(bool is) {
  layer_used(&layer, held, is);
  block_new(OBJ, is ? 1024 : 3008, 30);
  return 0;
}

static void check_again(unsigned more, unsigned family, size_t n, const layer_block_t *block) {
  start();
  CHECK_EQ("PM-DEBUG-08", again(more, family, n), block);
}

static void test_again(void) {
  check_again(6, OBJ, 30, NULL); /* more than seven of eight are held when eight are */
  check_again(7, OBJ, 30, held);
  check_again(7, MEM, 30, NULL);
  check_again(7, OBJ, 31, NULL);
  TAKES("PM-DEBUG-08", (again(7, OBJ, 30), used(true)));
  TAKES("PM-DEBUG-08", (again(7, OBJ, 30), used(false)));
  REFUSES("PM-MALLOC-03", (again(7, OBJ, 30), block_new(OBJ, 1024, 30)));
  REFUSES("PM-DEBUG-08", (again(7, OBJ, 30), block_new(OBJ, 3008, 30)));
  REFUSES("PM-DEBUG-08", (again(7, OBJ, 30), layer_write(&layer, held, 3, 1), used(true))); /* not told */
  TAKES("PM-DEBUG-08", (again(7, OBJ, 30), layer_write(&layer, held, 3, 1), layer_wrong_going(&layer, OBJ), used(true)));
  REFUSES("PM-DEBUG-08", (again(7, OBJ, 30), layer_wrong_going(&layer, OBJ), used(false)));
}

static void test_most(void) {
  REFUSES("PM-DEBUG-08", nine(1));
  TAKES("PM-DEBUG-08", nine(2));
  REFUSES("PM-DEBUG-08", nine(3));
}

static void check_wrong(const char *rule, unsigned family, size_t offset, layer_kind_t kind, layer_block_t *block,
                        layer_part_t part) {
  layer_misuse_t m = layer_wrong(&layer, family, (uintptr_t)memory + offset, false);
  CHECK_EQ(rule, m.kind, kind);
  CHECK_EQ(rule, m.block, block);
  CHECK_EQ(rule, m.part, part);
}

static void test_misuse(void) {
  start();
  check_wrong("PM-DEBUG-03", MEM, 64, LAYER_RIGHT, a, LAYER_INTACT);
  check_wrong("PM-DEBUG-10", OBJ, 64, LAYER_WRONG_FAMILY, a, LAYER_INTACT);
  check_wrong("PM-DEBUG-10", MEM, 512, LAYER_WRONG_FAMILY, b, LAYER_INTACT);
  check_wrong("PM-DEBUG-09", MEM, 1024, LAYER_DOUBLE_FREE, held, LAYER_INTACT);
  check_wrong("PM-DEBUG-14", MEM, 65, LAYER_INTERIOR, a, LAYER_INTACT);
  check_wrong("PM-DEBUG-14", MEM, 48, LAYER_INTERIOR, a, LAYER_INTACT);
  check_wrong("PM-DEBUG-14", MEM, 111, LAYER_INTERIOR, a, LAYER_INTACT);
  check_wrong("PM-DEBUG-14", MEM, 112, LAYER_NOT_A_BLOCK, NULL, LAYER_INTACT);
  layer_write(&layer, a, 16, 0);
  check_wrong("PM-DEBUG-07", MEM, 64, LAYER_OVERRUN, a, LAYER_BAD_TRAILING);
  layer_write(&layer, a, 1, 7);
  check_wrong("PM-DEBUG-07", MEM, 64, LAYER_UNDERRUN, a, LAYER_BAD_SIZE);
  layer_mend(&layer, a);
  check_wrong("PM-DEBUG-07", MEM, 64, LAYER_RIGHT, a, LAYER_INTACT);
  urged(held);
  check_wrong("PM-DEBUG-09", RAW, 1024, LAYER_DOUBLE_FREE, held, LAYER_INTACT);
  block_new(MEM, 1040, 4);
  check_wrong("PM-DEBUG-14", RAW, 1024, LAYER_INTERIOR, layer_at(&layer, MEM, memory + 1040), LAYER_INTACT);
}

static void test_everything(void) {
  layer_misuse_t found[LAYER_WRITES];
  start();
  CHECK_EQ("PM-DEBUG-12", layer_damaged(&layer, found), 0);
  layer_write(&layer, b, 8, 1);
  layer_write(&layer, held, 20, 1);
  CHECK_EQ("PM-DEBUG-12", layer_damaged(&layer, found), 2);
  CHECK("PM-DEBUG-12", found[0].block == held && found[0].kind == LAYER_LATE_WRITE);
  CHECK("PM-DEBUG-12", found[1].block == b && found[1].part == LAYER_BAD_ID);
  layer_block_t *outer = block_in_two(2048, 40)->outer;
  layer_write(&layer, outer, 16, 1);
  CHECK_EQ("PM-DEBUG-12", layer_damaged(&layer, found), 3);
  CHECK("PM-DEBUG-12", found[1].block == outer && found[1].part == LAYER_BAD_TRAILING);
  TAKES("PM-DEBUG-12", (layer_write(&layer, b, 8, 1), layer_check_all(&layer), 0));
  REFUSES("PM-DEBUG-02", (block_in_two(2048, 40), memory[2048 - 24] = 1, layer_check_all(&layer), 0));
  REFUSES("PM-DEBUG-02", (memory[512 - 8] = 1, layer_check_all(&layer), 0));
  REFUSES("PM-DEBUG-15", (layer_write(&layer, b, 8, 1), memory[512 - 8] = 2, layer_check_all(&layer), 0));
}

int main(void) {
  test_blocks();
  test_two_frames();
  test_held();
  test_most();
  test_again();
  test_misuse();
  test_everything();
  return check_done();
}
