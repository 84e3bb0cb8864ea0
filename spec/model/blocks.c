#include "spec/model/blocks.h"

model_block_t *blocks_overlapping(model_block_t *root, uintptr_t address, size_t size) {
  /* The ranges in the tree are disjoint, so the last that begins before our end is
     the only one that can reach into ours. */
  model_block_t *last = NULL;
  while (root != NULL) {
    if (root->address < address + size) {
      last = root;
      root = root->right;
    } else {
      root = root->left;
    }
  }
  return last != NULL && last->address + last->usable > address ? last : NULL;
}

/* Splits a tree into what lies below an address and what lies above it. */
static void split(model_block_t *tree, uintptr_t address, model_block_t **below,
                  model_block_t **above) {
  while (tree != NULL) {
    if (tree->address < address) {
      *below = tree;
      below = &tree->right;
      tree = tree->right;
    } else {
      *above = tree;
      above = &tree->left;
      tree = tree->left;
    }
  }
  *below = *above = NULL;
}

/* Where in the tree the link to an address is, or would be among those of higher
   priority. */
static model_block_t **link_of(model_block_t **root, const model_block_t *b) {
  while (*root != NULL && *root != b && (*root)->priority >= b->priority)
    root = b->address < (*root)->address ? &(*root)->left : &(*root)->right;
  return root;
}

void blocks_add(model_block_t **root, model_block_t *b) {
  model_block_t **link = link_of(root, b);
  split(*link, b->address, &b->left, &b->right);
  *link = b;
}

void blocks_remove(model_block_t **root, model_block_t *b) {
  model_block_t **link = link_of(root, b), *low = b->left, *high = b->right;
  while (low != NULL && high != NULL) {
    if (low->priority >= high->priority) {
      *link = low;
      link = &low->right;
      low = low->right;
    } else {
      *link = high;
      link = &high->left;
      high = high->left;
    }
  }
  *link = low != NULL ? low : high;
}
