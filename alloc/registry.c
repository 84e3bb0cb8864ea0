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
  r->first = ADDRESS_END;
  r->end = 0;
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
    ensures fits: leaf_fits{Pre}(r) ==> \result != 0;
    ensures new: \result != 0 ==>
      \result == \old(r->entry_end) == r->entry_end - r->stride && \result >= NODE;
    ensures zero: \result != 0 ==>
      \forall integer i; 0 <= i < r->stride ==> word_zero(r, \result, i); */
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

/* A middle node for an address is within what is looked through. */
/*@ requires memory: \valid(r) && registry_bounds(r);
    requires address: a < ADDRESS_END;
    terminates \true;
    assigns r->first, r->end;
    ensures bounds: registry_bounds(r);
    ensures more: r->first <= \old(r->first) && r->end >= \old(r->end);
    ensures reached: \forall integer b; b / PART == a / PART && 0 <= b ==> r->first <= b < r->end; */
static void span_add(registry_t *r, uintptr_t a) {
  uintptr_t part = a / PART * PART;
  if (part < r->first) r->first = part;
  if (part + PART > r->end) r->end = part + PART;
}

/* The word of the tree that leads to the leaf for an address, in a middle node that is made if
   there is none; or 0. */
/*@ requires ok: registry_ok(r) && registry_room(r) && registry_nodes_apart(r);
    requires address: a < ADDRESS_END;
    terminates \true;
    assigns r->tree[0 .. TREE_WORDS - 1], r->tree_end, r->first, r->end;
    ensures ok: registry_ok(r);
    ensures room: registry_room(r);
    ensures apart: registry_nodes_apart(r);
    ensures word: \result != 0 ==> FIRST_MID <= \result < r->tree_end && \result == node_of(r, a);
    ensures same: slots_kept{Pre,Post}(r);
    ensures none: \forall integer b; 0 <= b < ADDRESS_END && slot_of{Pre}(r, b) < NODE ==>
      slot_of{Post}(r, b) < NODE; */
static uint32_t mid_add(registry_t *r, uintptr_t a) {
  uint32_t top = NODE + (uint32_t)(a / PART);
  if (r->tree[top] == 0) {
    r->tree[top] = new_mid(r);
    //@ assert kept: slots_kept{Pre,Here}(r);
    //@ assert empty: \forall integer i; 0 <= i < NODE ==> r->tree[r->tree[top] + i] == 0;
    //@ assert under: \forall integer b; 0 <= b < ADDRESS_END && top_of(b) == top ==> slot_of(r, b) < NODE;
    /*@ assert beside: \forall integer b; 0 <= b < ADDRESS_END && top_of(b) != top ==>
          slot_of(r, b) == slot_of{Pre}(r, b); */
    span_add(r, a);
    //@ assert kept_still: slots_kept{Pre,Here}(r);
    /*@ assert none: \forall integer b; 0 <= b < ADDRESS_END && slot_of{Pre}(r, b) < NODE ==> slot_of(r, b) < NODE; */
    //@ assert room: registry_room(r);
    //@ assert memory: registry_memory(r) && registry_bounds(r) && registry_null(r);
    //@ assert tops: registry_tops(r);
    //@ assert span: registry_span(r);
    //@ assert nodes: registry_mids(r) && registry_fresh(r);
    //@ assert mids: registry_mids_apart(r);
    //@ assert leaves: registry_leaves_apart(r);
  }
  //@ assert ok: registry_ok(r);
  //@ assert same: slots_kept{Pre,Here}(r);
  //@ assert mid: r->tree[top] == 0 || FIRST_MID <= r->tree[top] <= r->tree_end - NODE;
  //@ assert word: node_of(r, a) == r->tree[top] + a / 0x10000 % NODE;
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
    ensures leaf: leaf_fits{Pre}(r) ==> r->tree[mid] != 0;
    ensures same: slots_kept{Pre,Post}(r);
    ensures fresh: slots_fresh{Pre,Post}(r); */
static void leaf_add(registry_t *r, uint32_t mid) {
  r->tree[mid] = new_leaf(r);
  //@ assert zero: r->tree[mid] != 0 ==> \forall integer i; 0 <= i < r->stride ==> word_zero(r, r->tree[mid], i);
  //@ assert mids_apart: registry_mids_apart(r);
  //@ assert leaves_apart: registry_leaves_apart(r);
  //@ assert memory: registry_memory(r) && registry_bounds(r) && registry_null(r);
  //@ assert tops: registry_tops(r) && registry_span(r) && registry_fresh(r);
  //@ assert mids: registry_mids(r);
  //@ assert nodes: \forall integer b; 0 <= b < ADDRESS_END ==> node_of(r, b) == node_of{Pre}(r, b);
  /*@ assert kept: \forall integer b; 0 <= b < ADDRESS_END && slot_of{Pre}(r, b) >= NODE ==>
        node_of{Pre}(r, b) != mid; */
  /*@ assert beside: \forall integer b; 0 <= b < ADDRESS_END && node_of(r, b) != mid ==>
        slot_of(r, b) == slot_of{Pre}(r, b); */
  //@ assert under: \forall integer b; node_of(r, b) == mid ==> slot_of(r, b) == r->tree[mid] + low_of(b);
  //@ assert low: \forall integer b; 0 <= b ==> 0 <= low_of(b) < NODE;
  /*@ assert first: r->tree[mid] != 0 ==> \forall integer b; 0 <= b < ADDRESS_END ==>
        word_zero(r, r->tree[mid], low_of(b)); */
  /*@ assert second: r->tree[mid] != 0 && r->stride == 2 * NODE ==> \forall integer b; 0 <= b < ADDRESS_END ==>
        word_zero(r, r->tree[mid], low_of(b) + NODE); */
  /*@ assert entries: r->tree[mid] != 0 ==> \forall integer b; 0 <= b < ADDRESS_END && node_of(r, b) == mid ==>
        word_zero(r, r->tree[mid], low_of(b)) && slot_of(r, b) == r->tree[mid] + low_of(b); */
  /*@ assert notes: r->tree[mid] != 0 && r->stride == 2 * NODE ==> \forall integer b; 0 <= b < ADDRESS_END &&
        node_of(r, b) == mid ==> r->entry[slot_of(r, b) + NODE] == 0; */
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
  //@ ghost uintptr_t first = a;
  if (a < r->first) a = r->first;
  //@ assert below: \forall integer b; first <= b < a ==> r->tree[top_of(b)] == 0;
  /*@ loop invariant up: first <= a <= ADDRESS_END;
      loop invariant none: \forall integer b; first <= b < a ==> nothing_at(r, b);
      loop assigns a;
      loop variant ADDRESS_END - a; */
  while (a < r->end) {
    uint32_t mid = r->tree[NODE + a / PART];
    if (mid == 0) { /* most parts are empty */
      /*@ assert part: \forall integer b; a <= b < (a / PART + 1) * PART ==> top_of(b) == top_of(a); */
      a = (a / PART + 1) * PART;
      continue;
    }
    uint32_t leaf = r->tree[mid + a / 0x10000 % NODE];
    uint64_t entry = r->entry[leaf + a / 32 % NODE];
    block_state_t state = entry_state(entry);
    uintptr_t p = a / 32 * 32 + entry_where(entry);
    //@ assert within: p == 32 * (a / 32) + entry / 1024 % 32;
    //@ assert chunk: p / 32 == a / 32 && p % 32 == entry / 1024 % 32;
    //@ assert chunks: p / 0x10000 == p / 32 / 2048 && a / 0x10000 == a / 32 / 2048;
    //@ assert nodes: p / PART == p / 32 / 0x400000 && a / PART == a / 32 / 0x400000;
    //@ assert tops: top_of(p) == top_of(a) && mid_of(p) == mid_of(a) && low_of(p) == low_of(a);
    //@ assert node: node_of(r, a) == mid + mid_of(a) && node_of(r, p) == node_of(r, a);
    //@ assert same: slot_of(r, p) == slot_of(r, a) == leaf + low_of(a);
    //@ assert entry: r->entry[slot_of(r, p)] == entry && p < ADDRESS_END;
    //@ assert here: \forall integer b; a <= b && b / 32 == a / 32 && b != p ==> nothing_at(r, b);
    //@ assert before: \forall integer b; a <= b < p ==> b / 32 == a / 32;
    //@ assert until: \forall integer b; first <= b < p ==> nothing_at(r, b);
    //@ assert states: 0 <= entry / 256 % 4 <= 3 && state == entry / 256 % 4;
    if ((state == BLOCK_LIVE || state == BLOCK_HELD) && p >= a) return p;
    //@ assert neither: p < a || entry / 256 % 4 == 0 || entry / 256 % 4 == 3;
    //@ assert this: r->entry[slot_of(r, p)] / 256 % 4 == entry / 256 % 4;
    //@ assert left: p < a || nothing_at(r, p);
    //@ assert in_chunk: \forall integer b; a <= b < (a / 32 + 1) * 32 ==> b / 32 == a / 32;
    //@ assert chunk_none: \forall integer b; a <= b < (a / 32 + 1) * 32 ==> nothing_at(r, b);
    /*@ assert leaf_none: leaf == 0 ==> \forall integer b; a <= b < (a / 0x10000 + 1) * 0x10000 ==>
          node_of(r, b) == node_of(r, a); */
    a = leaf == 0 ? (a / 0x10000 + 1) * 0x10000 : (a / 32 + 1) * 32;
  }
  //@ assert above: \forall integer b; a <= b < ADDRESS_END ==> r->tree[top_of(b)] == 0;
  //@ assert none: \forall integer b; a <= b < ADDRESS_END ==> nothing_at(r, b);
  return 0;
}
