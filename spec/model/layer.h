/* The model of the debug layer (PM-DEBUG): what it puts around blocks, which freed ones it
   holds back, and, since it is told of every byte that is written where none should be,
   which call must report what.

   As in model.h, a layer is run beside it: it looks at the bytes that the layer leaves, is
   told what the allocator below is asked for, and says which rule is broken.

     call                 before it                    after it
     malloc               layer_again                  layer_used, layer_new
     calloc               -                            layer_new
     realloc              layer_wrong, layer_again,    layer_used, layer_new, layer_left
                          layer_leave
     free                 layer_wrong, layer_leave     layer_left

     the allocator below  had no memory                layer_urge
                          gets a block back            layer_back, layer_back_done

   Families are 0 raw, 1 mem, 2 obj, each with a layer of its own; mem and obj have their
   books in common.  A block of mem or obj that raw serves is a block there too, which
   begins at the frame; or, where no other allocator is between, it has a second frame of
   raw that no books know (PM-DEBUG-02). */
#pragma once

#include "spec/model/model.h"

#define LAYER_BLOCKS 65536u
#define LAYER_WRITES 20u  /* wrong bytes there can be at once */
#define LAYER_LEAD 16u    /* bytes of a frame before its block */

typedef enum { LAYER_NOWHERE, LAYER_LIVE, LAYER_HELD, LAYER_GONE } layer_state_t;

/* A block: extent.address and extent.usable are those of its frame and all in it;
   extent.size, .family and .serial are what its frame says. */
typedef struct layer_block {
  model_block_t extent;
  layer_state_t state;
  bool told;                /* it has to go, and was reported as damaged */
  struct layer_block *next; /* the one that was freed after it, or an unused one */
  struct layer_block *outer; /* with its second frame, as a live block of raw; NULL: it has none */
} layer_block_t;

/* What a family's layer keeps: mem and obj have one of these, raw another. */
typedef struct {
  model_block_t *there, *gone;  /* maps: live or held; freed, and not handed out again */
  layer_block_t *first, *last;  /* held: the oldest, the newest */
  unsigned held, due;           /* how many; how many of them must go now */
  size_t held_bytes;
  uint64_t serial;              /* calls so far, if they are numbered */
} layer_books_t;

typedef struct {
  uint8_t clean, dead, forbidden; /* PM-DEBUG-05 */
  bool serials;
  unsigned held_most;             /* PM-DEBUG-08 */
} layer_options_t;

typedef struct {
  layer_options_t options;
  layer_books_t books[2];    /* of mem and obj, of raw */
  layer_block_t *leaving;    /* what free or realloc was called with */
  layer_block_t *through;    /* a block of raw whose block of mem or obj goes back */
  struct {
    unsigned char *at, right, wrong;
  } write[LAYER_WRITES];
  unsigned writes;
  uint32_t used;             /* elements of `block` that have been */
  layer_block_t *unused;
  layer_block_t block[LAYER_BLOCKS];
} layer_model_t;

/* A misuse that must be reported: the kinds and parts in the order of alloc/report.h and
   alloc/frame.h, which do not matter here. */
typedef enum {
  LAYER_RIGHT, LAYER_OVERRUN, LAYER_UNDERRUN, LAYER_LATE_WRITE, LAYER_DOUBLE_FREE, LAYER_REALLOC_FREED,
  LAYER_WRONG_FAMILY, LAYER_INTERIOR, LAYER_NOT_A_BLOCK
} layer_kind_t;

typedef enum {
  LAYER_INTACT, LAYER_BAD_ID, LAYER_BAD_LEADING, LAYER_BAD_SIZE, LAYER_BAD_TRAILING, LAYER_BAD_SERIAL
} layer_part_t;

typedef struct {
  layer_kind_t kind;
  uintptr_t address;
  layer_block_t *block; /* that is concerned; NULL: none is known */
  layer_part_t part;    /* of its frame, if it is live */
} layer_misuse_t;

/* An empty layer; the numbers of calls go on from where they were. */
void layer_init(layer_model_t *l, layer_options_t options);

/* The books of a family. */
layer_books_t *layer_books(layer_model_t *l, unsigned family);

/* The block that begins at p, live or held; NULL: none does. */
layer_block_t *layer_at(layer_model_t *l, unsigned family, const void *p);

static inline unsigned char *layer_start(const layer_block_t *b) {
  return (unsigned char *)(b->extent.address + LAYER_LEAD);
}

/* p is a new block of n bytes: some that were kept, then clean ones or zeros.  It has one
   frame, or two. */
void layer_new(layer_model_t *l, unsigned family, void *p, size_t n, size_t kept, bool zero, bool outer);

/* The freed block that malloc or realloc must make a new one of n bytes of, with one frame; NULL: they must not
   (PM-DEBUG-08).  And that they did, so that it is held no more; or were not called after all. */
layer_block_t *layer_again(layer_model_t *l, unsigned family, size_t n);
void layer_used(layer_model_t *l, layer_block_t *b, bool used);

/* A live block whose frame is intact is given to free or realloc; and the call has
   returned, and did, or did not, take it. */
void layer_leave(layer_model_t *l, layer_block_t *b);
void layer_left(layer_model_t *l, layer_block_t *b, bool taken);

/* The allocator below a family refuses, so that all that is held must go (PM-DEBUG-08). */
void layer_urge(layer_model_t *l, unsigned family);

/* It gets back what begins at base, and still has its bytes; and has got it back, so that
   what is in a block of raw must have gone through there. */
void layer_back(layer_model_t *l, unsigned family, const void *base);
void layer_back_done(layer_model_t *l);

/* What a free or realloc of an address must report. */
layer_misuse_t layer_wrong(layer_model_t *l, unsigned family, uintptr_t address, bool realloc);

/* The misuse that is reported while blocks go back: of the one that has to go next, or of
   what is damaged, so that raw does not take it. */
layer_misuse_t layer_wrong_going(layer_model_t *l, unsigned family);

/* Writes a byte in a live block's frame, of which `offset` counts the bytes, or anywhere
   in one that is held, with its frame.  Whether that is wrong now: not if it is the byte
   that should be there, and not if too many are wrong already. */
bool layer_write(layer_model_t *l, const layer_block_t *b, size_t offset, unsigned char byte);

/* How many bytes of a block are wrong. */
unsigned layer_writes(const layer_model_t *l, const layer_block_t *b);

/* Undoes such writes to a block, or (NULL) all of them. */
void layer_mend(layer_model_t *l, const layer_block_t *b);

/* The blocks that pymalloc_check_everything must report, in its order (PM-DEBUG-12);
   returns how many there are.  LAYER_WRITES is room enough. */
unsigned layer_damaged(layer_model_t *l, layer_misuse_t *found);

/* Looks at the frames of all blocks, and at all bytes of those that are held. */
void layer_check_all(layer_model_t *l);

/* How many blocks are live, and their bytes. */
size_t layer_live(const layer_model_t *l, size_t *bytes);

/* Any block of a family's books, or NULL; the held one with a number, from the oldest. */
layer_block_t *layer_any(layer_model_t *l, unsigned family);
layer_block_t *layer_held(layer_model_t *l, unsigned family, unsigned number);
