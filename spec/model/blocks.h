/* The finite map of live blocks, ordered by address: disjoint ranges of addresses, so
   that one that would overlap another is found wherever it lies.

   A treap: a search tree by address, and a heap by priorities that are as good as
   random, so that it stays about as deep as a balanced one. */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct block {
  uintptr_t address;
  size_t size;     /* bytes that were asked for, at least 1 as a rule */
  size_t usable;   /* bytes that are the block's: its class's size, or `size`; at least 1 */
  uint64_t serial; /* which block it is; its contents follow from it */
  unsigned family;
  int pooled;      /* it is served by a size class */
  uint64_t priority;
  struct block *left, *right;
} model_block_t;

/* The block that shares an address with [address, address + size), or NULL. */
model_block_t *blocks_overlapping(model_block_t *root, uintptr_t address, size_t size);

/* Adds a block, of which its address and its priority count, to the tree at *root. */
void blocks_add(model_block_t **root, model_block_t *b);

void blocks_remove(model_block_t **root, model_block_t *b);
