/* The model: what an allocator may do, as a program.

   The abstract heap is a finite map from the addresses of live blocks to their
   family, their size and their contents.  An allocator, whichever it is, is run
   beside it: after each call the model is told what was asked and what came back,
   says which rule of spec/semantics.md is broken if one is, and takes the step.

     call            before it            after it
     malloc          -                    model_malloc
     calloc          -                    model_calloc
     realloc         model_check          model_realloc
     free            model_free           -

   It shares nothing with alloc/, not even a header; all that it is told are plain
   values.  Families are numbers, and spaces count as families too. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "spec/model/blocks.h"

#define MODEL_BLOCKS 32768u /* live at once, at most */
#define MODEL_FAMILIES 16u
#define MODEL_CLASSES 32u
#define MODEL_SMALL 512u       /* the largest request that size classes serve */
#define MODEL_POOL 65536u      /* bytes of a pool */
#define MODEL_POOLS 1024u      /* that a region has, at most */
#define MODEL_UNTOLD SIZE_MAX  /* no usable size was told */
#define MODEL_MOST ((size_t)PTRDIFF_MAX) /* no request for more is ever served */

/* Which of the rules hold for a family: those that are written for every family
   always do. */
typedef struct {
  bool classes;    /* requests of up to 512 bytes are served by size classes */
  bool zero_small; /* and so are those of 0 bytes (PM-MALLOC-02), as 1 byte */
  bool no_large;   /* all other requests fail (PM-REGION-05) */
  bool no_memory;  /* there is no memory behind the addresses: leave contents alone */
  bool no_bytes;   /* a block of 0 bytes has none (PM-DEBUG) */
} model_rules_t;

/* The pools of a space, by which it is known whether a request must be served
   (PM-MALLOC-06).  One region may serve several families. */
typedef struct {
  uintptr_t base;
  uint32_t first, pools;           /* pools below `first` hold metadata; `pools` is their end */
  uint16_t live[MODEL_POOLS];      /* blocks */
  uint8_t granules[MODEL_POOLS];   /* of 16 bytes, in a block; kept while blocks are live */
} model_region_t;

/* What came back from a call that asks for memory. */
typedef struct {
  unsigned family;
  const void *p;
  size_t usable; /* what the allocator says: the block's size in a pool, 0 elsewhere; or untold */
  bool refused;  /* memory was refused meanwhile, or there was none: the call may fail */
} model_result_t;

/* How much is live, to be compared with an allocator's own figures (PM-STATS-01). */
typedef struct {
  size_t blocks, bytes;             /* served by classes; bytes that those blocks have */
  size_t of_class[MODEL_CLASSES];
  size_t large;                     /* blocks that are not */
} model_figures_t;

typedef struct {
  model_rules_t rules[MODEL_FAMILIES];
  model_region_t *region[MODEL_FAMILIES]; /* NULL: not known */
  model_figures_t live[MODEL_FAMILIES];
  model_block_t *root;   /* of the map */
  model_block_t *unused; /* blocks that were live, linked by `left` */
  uint64_t serial;       /* how many blocks there have been */
  uint32_t used;         /* elements of `block` that have been */
  uint32_t count;        /* live blocks */
  model_block_t block[MODEL_BLOCKS];
} model_t;

/* Called with the rule that is broken and how.  It must not return.  At first it
   writes both to standard error and aborts. */
extern void (*model_broken)(const char *rule, const char *how);

/* Makes *m an empty heap, of families without classes or regions until m->rules and
   m->region say otherwise. */
void model_init(model_t *m);

/* Makes *g a region without blocks. */
void model_region_init(model_region_t *g, uintptr_t base, uint32_t first, uint32_t pools);

/* The live block that begins at an address, or NULL. */
model_block_t *model_at(const model_t *m, uintptr_t address);

/* Whether one more block can be live. */
bool model_has_room(const model_t *m);

/* malloc(n), calloc(nelem, elsize): the block that is live now, its contents written;
   NULL when the call failed. */
model_block_t *model_malloc(model_t *m, size_t n, model_result_t r);
model_block_t *model_calloc(model_t *m, size_t nelem, size_t elsize, model_result_t r);

/* realloc(b's address, n): the block that is live now (b itself when the call failed). */
model_block_t *model_realloc(model_t *m, model_block_t *b, size_t n, model_result_t r);

/* free(b's address), which is called after this and not before: contents are looked
   at as long as they are there. */
void model_free(model_t *m, model_block_t *b);

/* Compares a block's contents, or those of all, with what was written. */
void model_check(const model_t *m, const model_block_t *b);
void model_check_all(const model_t *m);

/* Compares figures with what is live in the families whose bits are set. */
void model_check_figures(const model_t *m, unsigned families, const model_figures_t *told);

/* The end: nothing is live. */
void model_check_empty(const model_t *m);
