#include "alloc/registry.h"

#define TREE_BYTES (TREE_WORDS * sizeof(uint32_t))

_Static_assert(REGION_MOST / sizeof(uint64_t) <= UINT32_MAX, "entries are counted in 32 bits");

/*@ ghost
  /@ requires memory: \valid_read(r) && region_ok(&r->region);
     terminates \true;
     assigns \nothing;
     ensures apart: registry_apart(r);
     ensures tree: \forall integer i; tree <= i < TREE_WORDS ==> r->tree[i] == 0;
     ensures entry: \forall integer i; from <= i < to ==> r->entry[i] == 0; @/
  void words_are_fresh(registry_t *r, uint32_t tree, uint32_t from, uint32_t to); // trusted: fresh memory is zero, and nothing else is in it
*/

bool registry_open(registry_t *r, bool notes) {
  uint32_t stride = notes ? 2 * NODE : NODE;
  if (!region_reserve(&r->region, REGION_SYSTEM, REGION_MOST, NULL)) return false;
  if (!region_commit(&r->region, TREE_BYTES + stride * sizeof(uint64_t))) return false;
  uintptr_t tree = ADDRESS(r->region.base), entry = ADDRESS(r->region.base + TREE_BYTES);
  r->tree = MEMORY(uint32_t, tree);
  r->entry = MEMORY(uint64_t, entry);
  r->tree_end = FIRST_MID;
  r->stride = stride;
  r->entry_end = stride;
  //@ assert strides: (r->stride == NODE || r->stride == 2 * NODE) && r->entry_end == r->stride;
  //@ assert bounds: registry_bounds(r);
  //@ ghost words_are_fresh(r, 0, 0, stride);
  //@ assert memory: registry_memory(r);
  //@ assert null: registry_null(r);
  //@ assert nodes: registry_tops(r) && registry_mids(r) && registry_fresh(r);
  //@ assert none: \forall integer i; 0 <= i < TREE_WORDS ==> r->tree[i] == 0;
  return true;
}

/* A new middle node: the number of its first word, or 0.  It is all zeros, since fresh
   memory of a region is. */
/*@ requires ok: registry_ok(r);
    terminates \true;
    assigns r->tree_end;
    ensures ok: registry_ok(r);
    ensures none: \result == 0 ==> r->tree_end == \old(r->tree_end);
    ensures new: \result != 0 ==>
      \result == \old(r->tree_end) == r->tree_end - NODE && \result >= FIRST_MID;
    ensures zero: \result != 0 ==> \forall integer i; 0 <= i < NODE ==> r->tree[\result + i] == 0; */
static uint32_t new_mid(registry_t *r) {
  if (r->tree_end == TREE_WORDS) return 0;
  r->tree_end += NODE;
  return r->tree_end - NODE;
}

/* A new leaf, in the same way. */
/*@ requires ok: registry_ok(r) && registry_room(r);
    terminates \true;
    assigns r->entry_end, r->region.usable;
    ensures ok: registry_ok(r);
    ensures room: registry_room(r);
    ensures none: \result == 0 ==> r->entry_end == \old(r->entry_end);
    ensures new: \result != 0 ==>
      \result == \old(r->entry_end) == r->entry_end - r->stride && \result >= NODE;
    ensures zero: \result != 0 ==>
      \forall integer i; 0 <= i < r->stride ==> r->entry[\result + i] == 0; */
static uint32_t new_leaf(registry_t *r) {
  size_t end = TREE_BYTES + ((size_t)r->entry_end + r->stride) * sizeof(uint64_t);
  if (!region_commit(&r->region, end)) return 0;
  //@ ghost words_are_fresh(r, TREE_WORDS, r->entry_end, r->entry_end + r->stride);
  r->entry_end += r->stride;
  //@ assert memory: registry_memory(r);
  //@ assert bounds: registry_bounds(r);
  //@ assert null: registry_null(r);
  //@ assert nodes: registry_tops(r) && registry_mids(r) && registry_fresh(r);
  return r->entry_end - r->stride;
}

/* The word of the tree that leads to the leaf for an address, in a middle node that is made if
   there is none; or 0. */
/*@ requires ok: registry_ok(r) && registry_room(r) && registry_nodes_apart(r);
    requires address: a < ADDRESS_END;
    terminates \true;
    assigns r->tree[0 .. TREE_WORDS - 1], r->tree_end;
    ensures ok: registry_ok(r);
    ensures room: registry_room(r);
    ensures apart: registry_nodes_apart(r);
    ensures word: \result != 0 ==> FIRST_MID <= \result < r->tree_end && \result == node_of(r, a);
    ensures same: slots_kept{Pre,Post}(r); */
static uint32_t mid_add(registry_t *r, uintptr_t a) {
  uint32_t top = NODE + (uint32_t)(a / 0x8000000);
  if (r->tree[top] == 0) {
    r->tree[top] = new_mid(r);
    //@ assert kept: slots_kept{Pre,Here}(r);
    //@ assert room: registry_room(r);
    //@ assert memory: registry_memory(r) && registry_bounds(r) && registry_null(r);
    //@ assert tops: registry_tops(r);
    //@ assert nodes: registry_mids(r) && registry_fresh(r);
    //@ assert mids: registry_mids_apart(r);
    //@ assert leaves: registry_leaves_apart(r);
  }
  //@ assert ok: registry_ok(r);
  //@ assert same: slots_kept{Pre,Here}(r);
  return r->tree[top] == 0 ? 0 : r->tree[top] + (uint32_t)(a / 0x10000 % NODE);
}

/* Has a word of a middle node lead to a new leaf, if there is memory. */
/*@ requires ok: registry_ok(r) && registry_room(r) && registry_nodes_apart(r);
    requires word: FIRST_MID <= mid < r->tree_end && r->tree[mid] == 0;
    terminates \true;
    assigns r->tree[mid], r->entry_end, r->region.usable;
    ensures ok: registry_ok(r);
    ensures room: registry_room(r);
    ensures apart: registry_nodes_apart(r);
    ensures same: slots_kept{Pre,Post}(r); */
static void leaf_add(registry_t *r, uint32_t mid) {
  r->tree[mid] = new_leaf(r);
  //@ assert mids_apart: registry_mids_apart(r);
  //@ assert leaves_apart: registry_leaves_apart(r);
  //@ assert memory: registry_memory(r) && registry_bounds(r) && registry_null(r);
  //@ assert tops: registry_tops(r) && registry_fresh(r);
  //@ assert mids: registry_mids(r);
  //@ assert nodes: \forall integer b; 0 <= b < ADDRESS_END ==> node_of(r, b) == node_of{Pre}(r, b);
  /*@ assert kept: \forall integer b; 0 <= b < ADDRESS_END && slot_of{Pre}(r, b) >= NODE ==>
        node_of{Pre}(r, b) != mid; */
}

uint32_t registry_add(registry_t *r, uintptr_t a) {
  uint32_t mid = mid_add(r, a);
  if (mid == 0) return 0;
  if (r->tree[mid] == 0) leaf_add(r, mid);
  //@ assert there: node_of(r, a) == mid;
  if (r->tree[mid] == 0) return 0;
  //@ assert leaf: NODE <= r->tree[mid] <= r->entry_end - r->stride;
  return r->tree[mid] + (uint32_t)(a / 32 % NODE);
}

uintptr_t registry_next(const registry_t *r, uintptr_t a) {
  /*@ loop invariant up: \at(a, Pre) <= a <= ADDRESS_END;
      loop assigns a;
      loop variant ADDRESS_END - a; */
  while (a < ADDRESS_END) {
    uint32_t mid = r->tree[NODE + a / 0x8000000];
    if (mid == 0) { /* most of 2^21 parts are empty */
      a = (a / 0x8000000 + 1) * 0x8000000;
      continue;
    }
    uint32_t leaf = r->tree[mid + a / 0x10000 % NODE];
    uint64_t entry = r->entry[leaf + a / 32 % NODE];
    block_state_t state = entry_state(entry);
    uintptr_t p = a / 32 * 32 + entry_where(entry);
    //@ assert within: p == 32 * (a / 32) + entry / 1024 % 32;
    //@ assert chunk: p / 32 == a / 32 && p % 32 == entry / 1024 % 32;
    //@ assert chunks: p / 0x10000 == p / 32 / 2048 && a / 0x10000 == a / 32 / 2048;
    //@ assert nodes: p / 0x8000000 == p / 32 / 0x400000 && a / 0x8000000 == a / 32 / 0x400000;
    //@ assert tops: top_of(p) == top_of(a) && mid_of(p) == mid_of(a) && low_of(p) == low_of(a);
    //@ assert node: node_of(r, a) == mid + mid_of(a) && node_of(r, p) == node_of(r, a);
    //@ assert same: slot_of(r, p) == slot_of(r, a) == leaf + low_of(a);
    //@ assert entry: r->entry[slot_of(r, p)] == entry && p < ADDRESS_END;
    if ((state == BLOCK_LIVE || state == BLOCK_HELD) && p >= a) return p;
    a = leaf == 0 ? (a / 0x10000 + 1) * 0x10000 : (a / 32 + 1) * 32;
  }
  return 0;
}
