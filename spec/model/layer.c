#include "spec/model/layer.h"

#include "spec/model/content.h"

#define TAIL 8u   /* bytes of a frame after its block */
#define SERIAL 8u /* and those of a serial number */
#define HELD_BYTES ((size_t)1 << 20)
#define POOLED_MOST 488 /* a larger block is the C library's, with its frame */

#define EXPECT(rule, holds, how) ((holds) ? (void)0 : model_broken(rule, how))

void layer_init(layer_model_t *l, layer_options_t options) {
  uint64_t serial = l->books[0].serial, raw_serial = l->books[1].serial;
  memset(l, 0, offsetof(layer_model_t, block));
  l->options = options;
  l->books[0].serial = serial;
  l->books[1].serial = raw_serial;
}

layer_books_t *layer_books(layer_model_t *l, unsigned family) { return &l->books[family == 0]; }

/* The map of blocks. */

static layer_block_t *overlapping(model_block_t *map, uintptr_t address, size_t size) {
  return (layer_block_t *)blocks_overlapping(map, address, size);
}

static bool begins_at(const layer_block_t *b, uintptr_t p) {
  return b != NULL && b->extent.address + LAYER_LEAD == p;
}

static layer_block_t *at(model_block_t *map, uintptr_t p) {
  layer_block_t *b = overlapping(map, p, 1);
  return begins_at(b, p) ? b : NULL;
}

layer_block_t *layer_at(layer_model_t *l, unsigned family, const void *p) {
  return at(layer_books(l, family)->there, (uintptr_t)p);
}

static layer_block_t *block_take(layer_model_t *l) {
  layer_block_t *b = l->unused;
  if (b == NULL) return &l->block[l->used++];
  l->unused = b->next;
  return b;
}

static void block_drop(layer_model_t *l, layer_block_t *b) {
  b->state = LAYER_NOWHERE;
  b->next = l->unused;
  l->unused = b;
}

/* Forgets the freed blocks in whose memory there is a new one. */
static void forget_gone(layer_model_t *l, const model_block_t *extent) {
  for (unsigned i = 0; i < 2; i++) {
    layer_block_t *b;
    while ((b = overlapping(l->books[i].gone, extent->address, extent->usable)) != NULL) {
      blocks_remove(&l->books[i].gone, &b->extent);
      block_drop(l, b);
    }
  }
}

/* Frames. */

typedef struct {
  unsigned char lead[LAYER_LEAD], tail[TAIL + SERIAL];
} frame_bytes_t;

static size_t tail_bytes(const layer_model_t *l) { return TAIL + (l->options.serials ? SERIAL : 0); }

static void number_bytes(unsigned char *to, uint64_t n) {
  for (unsigned i = 0; i < 8; i++) to[i] = (unsigned char)(n >> (56 - 8 * i));
}

/* What PM-DEBUG-02 says that a frame is. */
static frame_bytes_t frame_bytes(const layer_model_t *l, const model_block_t *extent) {
  frame_bytes_t f;
  memset(&f, l->options.forbidden, sizeof f);
  number_bytes(f.lead, extent->size);
  f.lead[8] = (unsigned char)"rmo"[extent->family];
  if (l->options.serials) number_bytes(f.tail + TAIL, extent->serial);
  return f;
}

static void expect_frame(const layer_model_t *l, const layer_block_t *b) {
  frame_bytes_t f = frame_bytes(l, &b->extent);
  const unsigned char *p = layer_start(b);
  EXPECT("PM-DEBUG-02", memcmp(p - LAYER_LEAD, f.lead, LAYER_LEAD) == 0, "before the block");
  EXPECT("PM-DEBUG-02", memcmp(p + b->extent.size, f.tail, tail_bytes(l)) == 0, "after the block");
}

static bool all(const unsigned char *p, size_t n, unsigned char byte) {
  return n == 0 || (p[0] == byte && memcmp(p, p + 1, n - 1) == 0);
}

static void expect_dead(const layer_model_t *l, const layer_block_t *b) {
  EXPECT("PM-DEBUG-05", all((unsigned char *)b->extent.address, b->extent.usable, l->options.dead),
         "a freed block is not all dead bytes");
}

/* Bytes that were written where none should be. */

/* Whether a write is in a block's frame, or anywhere in one that is held. */
static bool is_in(const layer_block_t *b, const unsigned char *p) {
  size_t offset = (uintptr_t)p - b->extent.address;
  if (offset >= b->extent.usable) return false;
  return b->state == LAYER_HELD || offset < LAYER_LEAD || offset >= LAYER_LEAD + b->extent.size;
}

static layer_part_t part_at(const layer_block_t *b, size_t offset) {
  if (offset < 8) return LAYER_BAD_SIZE;
  if (offset < LAYER_LEAD) return offset == 8 ? LAYER_BAD_ID : LAYER_BAD_LEADING;
  return offset < LAYER_LEAD + b->extent.size + TAIL ? LAYER_BAD_TRAILING : LAYER_BAD_SERIAL;
}

/* Which part of a block is wrong first; of one that is held, whether any is. */
static layer_part_t damage(const layer_model_t *l, const layer_block_t *b) {
  layer_part_t first = LAYER_INTACT;
  for (unsigned i = 0; i < l->writes; i++) {
    if (!is_in(b, l->write[i].at)) continue;
    layer_part_t part = part_at(b, (uintptr_t)l->write[i].at - b->extent.address);
    if (first == LAYER_INTACT || part < first) first = part;
  }
  return first;
}

unsigned layer_writes(const layer_model_t *l, const layer_block_t *b) {
  unsigned n = 0;
  for (unsigned i = 0; i < l->writes; i++) n += is_in(b, l->write[i].at);
  return n;
}

static unsigned char right_byte(const layer_model_t *l, const layer_block_t *b, size_t offset) {
  frame_bytes_t f = frame_bytes(l, &b->extent);
  if (b->state == LAYER_HELD) return l->options.dead;
  return offset < LAYER_LEAD ? f.lead[offset] : f.tail[offset - LAYER_LEAD - b->extent.size];
}

static void write_undo(layer_model_t *l, unsigned i) {
  *l->write[i].at = l->write[i].right;
  l->write[i] = l->write[--l->writes];
}

bool layer_write(layer_model_t *l, const layer_block_t *b, size_t offset, unsigned char byte) {
  unsigned i = 0;
  if (b->state == LAYER_HELD) offset %= b->extent.usable;
  else offset %= LAYER_LEAD + tail_bytes(l);
  if (b->state != LAYER_HELD && offset >= LAYER_LEAD) offset += b->extent.size;
  unsigned char *p = (unsigned char *)b->extent.address + offset, right = right_byte(l, b, offset);
  while (i < l->writes && l->write[i].at != p) i++;
  if (i < l->writes) write_undo(l, i);
  if (byte == right || l->writes == LAYER_WRITES) return false;
  l->write[l->writes].at = p;
  l->write[l->writes].right = right;
  l->write[l->writes++].wrong = byte;
  *p = byte;
  return true;
}

void layer_mend(layer_model_t *l, const layer_block_t *b) {
  for (unsigned i = l->writes; i > 0; i--)
    if (b == NULL || is_in(b, l->write[i - 1].at)) write_undo(l, i - 1);
}

/* Calls. */

static void expect_settled(const layer_model_t *l) {
  EXPECT("PM-DEBUG-08", l->books[0].due == 0 && l->books[1].due == 0,
         "blocks are held back that should have gone");
}

/* n bytes at p, with a frame. */
static model_block_t framed(const layer_model_t *l, unsigned family, uintptr_t p, size_t n, uint64_t serial) {
  return (model_block_t){.address = p - LAYER_LEAD, .size = n, .family = family, .serial = serial,
                         .usable = LAYER_LEAD + n + tail_bytes(l)};
}

/* A live block, whose frame must be there. */
static layer_block_t *block_make(layer_model_t *l, model_block_t extent) {
  layer_block_t *b = block_take(l);
  *b = (layer_block_t){.extent = extent, .state = LAYER_LIVE};
  expect_frame(l, b);
  return b;
}

void layer_new(layer_model_t *l, unsigned family, void *p, size_t n, size_t kept, bool zero, bool outer) {
  layer_books_t *own = layer_books(l, family), *other = &l->books[own == l->books];
  model_block_t extent = framed(l, family, (uintptr_t)p, n, ++own->serial), whole = extent;
  if (outer) whole = framed(l, 0, extent.address, extent.usable, extent.serial);
  layer_block_t *within = overlapping(other->there, whole.address, whole.usable);
  EXPECT("PM-ALIGN-01", (uintptr_t)p % 16 == 0, "a block with a frame is not aligned");
  EXPECT("PM-MALLOC-03", overlapping(own->there, whole.address, whole.usable) == NULL,
         "a frame in another block of the layer");
  EXPECT("PM-MALLOC-03", within == NULL || (begins_at(within, whole.address) && family != 0 && !outer &&
                                            within->extent.size == whole.usable),
         "a frame in a block of another layer");
  expect_settled(l);
  forget_gone(l, &whole);
  layer_block_t *b = block_make(l, extent);
  b->outer = outer ? block_make(l, whole) : NULL;
  b->extent.priority = content_seed(extent.address ^ extent.serial);
  blocks_add(&own->there, &b->extent);
  if (kept < n)
    EXPECT("PM-DEBUG-05", all((unsigned char *)p + kept, n - kept, zero ? 0 : l->options.clean),
           "a fresh block is not all clean bytes");
}

layer_block_t *layer_again(layer_model_t *l, unsigned family, size_t n) {
  layer_books_t *books = layer_books(l, family);
  layer_block_t *b = books->first;
  expect_settled(l);
  if (8 * (l->options.held_most - books->held) >= l->options.held_most) return NULL;
  if (b->extent.family != family || b->extent.size != n || b->outer != NULL) return NULL;
  books->due = 1;
  return b;
}

void layer_leave(layer_model_t *l, layer_block_t *b) { l->leaving = b; }

/* What a block counts for, of the bytes that are held back. */
static size_t large_bytes(const layer_block_t *b) { return b->extent.size > POOLED_MOST ? b->extent.size : 0; }

/* Holds a freed block back, and finds how many others must go for it. */
static void hold(layer_model_t *l, layer_block_t *b) {
  layer_books_t *books = layer_books(l, b->extent.family);
  unsigned most = l->options.held_most;
  bool few = large_bytes(b) > 0;
  b->state = LAYER_HELD;
  if (books->held++ == 0) books->first = b;
  else books->last->next = b;
  books->last = b;
  books->held_bytes += large_bytes(b);
  size_t bytes = books->held_bytes;
  if (books->held <= most && bytes <= HELD_BYTES) return;
  for (b = books->first; books->held - books->due > most - (few ? 0 : most / 8) || bytes > HELD_BYTES; b = b->next) {
    bytes -= large_bytes(b);
    books->due++;
  }
}

/* What is leaving has left, if blocks of its books go now and there is no other reason; and
   so has what goes through raw, which may hold it back too. */
static void leave_before(layer_model_t *l, const layer_books_t *books) {
  bool raw = books == layer_books(l, 0) && l->through != NULL;
  layer_block_t **from = raw ? &l->through : &l->leaving, *b = *from;
  if (books->due > 0 || b == NULL || layer_books(l, b->extent.family) != books) return;
  *from = NULL;
  hold(l, b);
}

void layer_left(layer_model_t *l, layer_block_t *b, bool taken) {
  if (taken) leave_before(l, layer_books(l, b->extent.family));
  else EXPECT("PM-DEBUG-13", l->leaving == b, "a realloc that fails frees");
  l->leaving = NULL;
  expect_settled(l);
  if (b->state == LAYER_HELD) expect_dead(l, b);
}

void layer_urge(layer_model_t *l, unsigned family) {
  layer_books_t *books = layer_books(l, family);
  expect_settled(l);
  books->due = books->held;
}

/* The oldest that is held, which must go. */
static layer_block_t *oldest(layer_model_t *l, unsigned family) {
  layer_books_t *books = layer_books(l, family);
  leave_before(l, books);
  EXPECT("PM-DEBUG-08", books->due > 0, "a freed block goes too early");
  return books->first;
}

static void expect_told(const layer_model_t *l, const layer_block_t *b) {
  EXPECT("PM-DEBUG-08", b->told == (damage(l, b) != LAYER_INTACT),
         "a freed block was written to, and that is not reported, or the reverse");
}

static void held_pop(layer_model_t *l, layer_block_t *b) {
  layer_books_t *books = layer_books(l, b->extent.family);
  expect_told(l, b);
  books->first = b->next;
  books->held--, books->due--;
  books->held_bytes -= large_bytes(b);
}

/* What was written to it no longer matters: it is written over. */
static void writes_forget(layer_model_t *l, const layer_block_t *b) {
  for (unsigned i = l->writes; i > 0; i--)
    if (is_in(b, l->write[i - 1].at)) l->write[i - 1] = l->write[--l->writes];
}

void layer_used(layer_model_t *l, layer_block_t *b, bool used) {
  layer_books_t *books = layer_books(l, b->extent.family);
  if (!used) {
    EXPECT("PM-DEBUG-08", !b->told, "a freed block is looked at, and not used again");
    books->due = 0;
    return;
  }
  held_pop(l, b);
  writes_forget(l, b);
  blocks_remove(&books->there, &b->extent);
  block_drop(l, b);
}

/* The one that goes next to the allocator below a family.  What goes there below raw is of
   mem or obj, with a second frame, when nothing of raw's own must go. */
static layer_block_t *going(layer_model_t *l, unsigned family) {
  layer_books_t *raw = layer_books(l, 0);
  if (family != 0) return oldest(l, family);
  leave_before(l, raw);
  return raw->due > 0 ? raw->first : oldest(l, 1);
}

/* The second frame goes with its block. */
static void outer_back(layer_model_t *l, layer_block_t *b) {
  if (b->outer == NULL) return;
  expect_told(l, b->outer);
  layer_mend(l, b->outer);
  expect_frame(l, b->outer);
  block_drop(l, b->outer);
  b->outer = NULL;
}

void layer_back(layer_model_t *l, unsigned family, const void *base) {
  layer_block_t *b = family == 0 ? l->through : NULL;
  if (b != NULL && b->extent.address == (uintptr_t)base) {
    EXPECT("PM-DEBUG-07", damage(l, b) == LAYER_INTACT, "a damaged block is freed");
    l->through = NULL;
  } else {
    b = going(l, family);
    const layer_block_t *whole = b->outer == NULL ? b : b->outer;
    EXPECT("PM-DEBUG-08", whole->extent.address == (uintptr_t)base, "another block goes than the oldest");
    held_pop(l, b);
  }
  layer_mend(l, b);
  if (b->state == LAYER_HELD) expect_dead(l, b);
  outer_back(l, b);
  layer_books_t *books = layer_books(l, b->extent.family);
  blocks_remove(&books->there, &b->extent);
  b->state = LAYER_GONE;
  blocks_add(&books->gone, &b->extent);
  if (family != 0) l->through = layer_at(l, 0, base);
}

void layer_back_done(layer_model_t *l) {
  layer_block_t *b = l->through;
  if (b == NULL) return;
  if (!b->told) leave_before(l, layer_books(l, 0));
  EXPECT("PM-DEBUG-08", b->told || l->through == NULL, "raw does not free what goes through it");
  EXPECT("PM-DEBUG-08", layer_books(l, 0)->due == 0, "raw holds back what should have gone");
  b->told = false;
  l->through = NULL;
}

/* Misuse. */

static layer_kind_t kind_of(const layer_block_t *b, layer_part_t part) {
  if (part == LAYER_INTACT) return LAYER_RIGHT;
  if (b->state == LAYER_HELD) return LAYER_LATE_WRITE;
  return part >= LAYER_BAD_TRAILING ? LAYER_OVERRUN : LAYER_UNDERRUN;
}

static layer_misuse_t misuse_of(const layer_model_t *l, layer_block_t *b) {
  layer_part_t part = damage(l, b);
  return (layer_misuse_t){kind_of(b, part), (uintptr_t)layer_start(b), b, part};
}

layer_misuse_t layer_wrong(layer_model_t *l, unsigned family, uintptr_t address, bool realloc) {
  layer_books_t *own = layer_books(l, family), *other = &l->books[own == l->books];
  layer_block_t *ours = overlapping(own->there, address, 1);
  layer_block_t *theirs = overlapping(other->there, address, 1);
  layer_block_t *b = begins_at(ours, address) ? ours : begins_at(theirs, address) ? theirs : NULL;
  layer_kind_t freed = realloc ? LAYER_REALLOC_FREED : LAYER_DOUBLE_FREE;
  layer_misuse_t m = {.kind = LAYER_NOT_A_BLOCK, .address = address};
  if (b != NULL) {
    m = misuse_of(l, b);
    if (b->state == LAYER_HELD) m.kind = freed;
    else if (b->extent.family != family) m.kind = LAYER_WRONG_FAMILY;
  } else if (ours != NULL || theirs != NULL) {
    m = misuse_of(l, ours != NULL ? ours : theirs);
    m.kind = LAYER_INTERIOR;
    m.address = address;
  } else if ((m.block = at(own->gone, address)) != NULL || (m.block = at(other->gone, address)) != NULL) {
    m.kind = freed;
  }
  if (m.block != NULL && m.block->state != LAYER_LIVE) m.part = LAYER_INTACT;
  return m;
}

layer_misuse_t layer_wrong_going(layer_model_t *l, unsigned family) {
  bool through = family == 0 && l->through != NULL && damage(l, l->through) != LAYER_INTACT;
  layer_block_t *b = through ? l->through : going(l, family);
  if (family == 0 && b->extent.family != 0) b = b->outer;
  if (b == NULL) return (layer_misuse_t){.kind = LAYER_RIGHT};
  layer_misuse_t m = misuse_of(l, b);
  b->told = true;
  if (b->state == LAYER_HELD) m.part = LAYER_INTACT;
  return m;
}

/* The whole. */

/* Whether a block is damaged, which is noted. */
static unsigned damaged(const layer_model_t *l, layer_block_t *b, layer_misuse_t *found) {
  layer_misuse_t m = misuse_of(l, b);
  if (m.kind == LAYER_RIGHT) return 0;
  if (m.kind == LAYER_LATE_WRITE) m.part = LAYER_INTACT;
  *found = m;
  return 1;
}

static unsigned damaged_in(const layer_model_t *l, model_block_t *map, layer_misuse_t *found) {
  unsigned n = 0;
  for (; map != NULL; map = map->right) {
    layer_block_t *b = (layer_block_t *)map;
    n += damaged_in(l, map->left, found + n);
    n += damaged(l, b, found + n);
    if (b->outer != NULL) n += damaged(l, b->outer, found + n);
  }
  return n;
}

unsigned layer_damaged(layer_model_t *l, layer_misuse_t *found) {
  if (l->writes == 0) return 0;
  unsigned n = damaged_in(l, l->books[0].there, found);
  return n + damaged_in(l, l->books[1].there, found + n);
}

static void check_in(const layer_model_t *l, model_block_t *map) {
  for (; map != NULL; map = map->right) {
    const layer_block_t *b = (const layer_block_t *)map;
    check_in(l, map->left);
    if (b->state == LAYER_HELD) expect_dead(l, b);
    else expect_frame(l, b);
    if (b->outer != NULL) expect_frame(l, b->outer);
  }
}

/* The wrong bytes must be as they were written, and all others right. */
void layer_check_all(layer_model_t *l) {
  for (unsigned i = 0; i < l->writes; i++) {
    EXPECT("PM-DEBUG-15", *l->write[i].at == l->write[i].wrong, "a damaged byte is written to");
    *l->write[i].at = l->write[i].right;
  }
  check_in(l, l->books[0].there);
  check_in(l, l->books[1].there);
  for (unsigned i = 0; i < l->writes; i++) *l->write[i].at = l->write[i].wrong;
}

static size_t live_in(const model_block_t *map, size_t *bytes) {
  size_t n = 0;
  for (; map != NULL; map = map->right) {
    n += live_in(map->left, bytes);
    if (((const layer_block_t *)map)->state != LAYER_LIVE) continue;
    n++;
    *bytes += map->size;
  }
  return n;
}

size_t layer_live(const layer_model_t *l, size_t *bytes) {
  *bytes = 0;
  return live_in(l->books[0].there, bytes) + live_in(l->books[1].there, bytes);
}

layer_block_t *layer_any(layer_model_t *l, unsigned family) {
  return (layer_block_t *)layer_books(l, family)->there;
}

layer_block_t *layer_held(layer_model_t *l, unsigned family, unsigned number) {
  const layer_books_t *books = layer_books(l, family);
  layer_block_t *b = books->first;
  if (books->held == 0) return NULL;
  for (number %= books->held; number > 0; number--) b = b->next;
  return b;
}
