/* The registry: which addresses the debug layer has handed out as blocks, and what it
   knows of them, away from the blocks themselves.  What a report reads it has found
   here first.

   It is a tree by address, as a page table is.  For each 32 bytes of memory there can be
   one entry, since a block takes 25 bytes at least and starts at a multiple of 16; an
   entry lies in a leaf (64 KiB of memory), a leaf in a middle node (128 MiB), those in the
   top.  A node, once there, stays.  What has no node yet leads to a null node, of zeros,
   so that looking up takes three loads and no question.

   Its memory is a region of its own: nothing here calls the allocators that it is
   about. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alloc/region.h"

#define NODE 2048u                      /* words in a node */
#define TOP_WORDS ((uint32_t)1 << 21)   /* of 128 MiB each: all of 48 bits */
#define FIRST_MID (NODE + TOP_WORDS)    /* in the tree: the null node, the top, middle nodes */
#define MIDS 1024u                      /* middle nodes: 128 GiB of memory, at least */
#define TREE_WORDS (FIRST_MID + MIDS * NODE)
#define ADDRESS_END ((uintptr_t)1 << 48)
#define PART 0x8000000                 /* bytes of memory that a middle node is for */

typedef struct {
  uint32_t *tree;      /* numbers of words: of a middle node in the tree, of a leaf in entry */
  uint64_t *entry;     /* a null node, then leaves, each with its notes, if there are any */
  uint32_t tree_end;   /* words in use */
  uint32_t entry_end;
  uint32_t stride;     /* words of a leaf: NODE, or with notes twice as many */
  uintptr_t first, end; /* all middle nodes are for addresses from here on, and below */
  region_t region;
} registry_t;

/* What an entry says, from its lowest bits on: the family (8 bits), the state (2), where
   in its 32 bytes the block begins (5; one is not used), the size that was asked for. */
typedef enum {
  BLOCK_UNKNOWN, /* nothing began here, ever */
  BLOCK_LIVE,
  BLOCK_HELD,    /* freed, and its memory is still the layer's */
  BLOCK_GONE     /* freed, and given back: its memory is not to be looked at */
} block_state_t;

#include "spec/registry.acsl.h"

/* The 16 bits beside the size. */
/*@ requires state: state <= BLOCK_GONE;
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_06_mark: \result == mark_of(a, (unsigned char)api, state); */
static inline uint32_t entry_mark(uintptr_t a, char api, block_state_t state) {
  return (unsigned char)api + 256 * (uint32_t)state + 1024 * (uint32_t)(a % 32);
}

/*@ requires size: size < ((size_t)1 << 48) && mark < 65536;
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_06_entry: \result == entry_of(size, mark); */
static inline uint64_t entry_make(size_t size, uint32_t mark) { return size * 65536 + mark; }

/*@ terminates \true;
    assigns \nothing;
    ensures api: (unsigned char)\result == entry % 256; */
static inline char entry_api(uint64_t entry) { return (char)(entry % 256); }

/*@ terminates \true;
    assigns \nothing;
    ensures state: \result == entry / 256 % 4; */
static inline block_state_t entry_state(uint64_t entry) { return (block_state_t)(entry / 256 % 4); }

/*@ terminates \true;
    assigns \nothing;
    ensures where: \result == entry / 1024 % 32; */
static inline uintptr_t entry_where(uint64_t entry) { return entry / 1024 % 32; }

/*@ terminates \true;
    assigns \nothing;
    ensures size: \result == entry / 65536; */
static inline size_t entry_size(uint64_t entry) { return entry / 65536; }

/* The entry in the next state: live, held, gone. */
/*@ requires state: entry / 256 % 4 < 3;
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_06_next: \result == entry + 256; */
static inline uint64_t entry_next(uint64_t entry) { return entry + 256; }

/* Sets up an empty registry.  False when there is no memory for it. */
/*@ requires memory: \valid(r);
    terminates \true;
    assigns *r;
    ensures ok: \result ==> registry_ok(r) && registry_room(r) && registry_nodes_apart(r) &&
      r->stride == (notes ? 2 * NODE : NODE);
    ensures apart: \result ==> \base_addr(r->tree) != \base_addr(r) && \base_addr(r->entry) != \base_addr(r);
    ensures PM_DEBUG_06_empty: \result ==>
      \forall integer a; 0 <= a < ADDRESS_END ==> slot_of(r, a) < NODE; */
bool registry_open(registry_t *r, bool notes);

/* The number of the entry for an address below ADDRESS_END; a number below NODE when there is
   none, and that entry is 0. */
/*@ requires ok: registry_ok(r);
    requires address: a < ADDRESS_END;
    terminates \true;
    assigns \nothing;
    ensures slot: \result == slot_of(r, a);
    ensures inside: \result < r->entry_end;
    ensures note: r->stride == 2 * NODE ==> \result + NODE < r->entry_end;
    ensures PM_DEBUG_06_unknown: \result < NODE ==> r->entry[\result] == 0; */
static inline uint32_t registry_slot(const registry_t *r, uintptr_t a) {
  uint32_t mid = r->tree[NODE + a / PART];
  uint32_t leaf = r->tree[mid + a / 0x10000 % NODE];
  return leaf + a / 32 % NODE;
}

/* The same, where there must be one: makes the nodes that it takes.  0 when there is no
   memory for them, and nothing has changed. */
/*@ requires ok: registry_ok(r);
    requires room: registry_room(r) && registry_nodes_apart(r);
    requires address: a < ADDRESS_END;
    terminates \true;
    assigns r->tree[0 .. TREE_WORDS - 1], r->tree_end, r->first, r->end, r->entry_end, r->region.usable;
    ensures ok: registry_ok(r);
    ensures room: registry_room(r);
    ensures PM_DEBUG_06_apart: registry_nodes_apart(r);
    ensures PM_DEBUG_06_slot: \result != 0 ==> \result == slot_of(r, a) && \result >= NODE;
    ensures PM_DEBUG_06_same: slots_kept{Pre,Post}(r);
    ensures PM_DEBUG_06_fresh: slots_fresh{Pre,Post}(r); */
uint32_t registry_add(registry_t *r, uintptr_t a);

/* The first address from `a` on that has an entry of a block that is live or held; 0 when
   there is none. */
/*@ requires ok: registry_ok(r);
    requires address: 0 < a <= ADDRESS_END;
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_06_known: \result != 0 ==> a <= \result < ADDRESS_END &&
      1 <= r->entry[slot_of(r, \result)] / 256 % 4 <= 2 &&
      r->entry[slot_of(r, \result)] / 1024 % 32 == \result % 32;
    ensures PM_DEBUG_12_none: \forall integer b; a <= b < (\result == 0 ? ADDRESS_END : \result) ==>
      nothing_at(r, b); */
uintptr_t registry_next(const registry_t *r, uintptr_t a);

/* The note beside an entry. */
/*@ requires memory: \valid_read(r) && \valid(r->entry + (0 .. r->entry_end - 1));
    requires notes: r->stride == 2 * NODE && slot + NODE < r->entry_end;
    terminates \true;
    assigns \nothing;
    ensures note: \result == r->entry + slot + NODE && \valid(\result); */
static inline uint64_t *registry_note(const registry_t *r, uint32_t slot) {
  return &r->entry[slot + NODE];
}
