/* The logic of the registry (alloc/registry.h): which addresses have an entry, and that
   each has one of its own; and its memory (registry_room), which is its region's. */
#pragma once

/*@ logic integer mark_of(integer a, integer api, integer state) =
      api + 256 * state + 1024 * (a % 32);
    logic integer entry_of(integer size, integer mark) = 65536 * size + mark;
*/

/*@ logic integer top_of(integer a) = NODE + a / PART;
    logic integer mid_of(integer a) = (a / 0x10000) % NODE;
    logic integer low_of(integer a) = (a / 32) % NODE;

    logic integer node_of{L}(registry_t *r, integer a) = r->tree[top_of(a)] + mid_of(a);
    logic integer slot_of{L}(registry_t *r, integer a) = r->tree[node_of(r, a)] + low_of(a);

    predicate registry_memory{L}(registry_t *r) =
      \valid(r) && \valid(r->tree + (0 .. TREE_WORDS - 1)) &&
      \valid(r->entry + (0 .. r->entry_end - 1)) &&
      \separated(r, r->tree + (0 .. TREE_WORDS - 1), r->entry + (0 .. r->entry_end - 1));
    predicate registry_bounds{L}(registry_t *r) =
      FIRST_MID <= r->tree_end <= TREE_WORDS && r->tree_end % NODE == 0 &&
      (r->stride == NODE || r->stride == 2 * NODE) && r->stride <= r->entry_end &&
      r->first <= ADDRESS_END && r->end <= ADDRESS_END;
    predicate registry_null{L}(registry_t *r) =
      (\forall integer i; 0 <= i < NODE ==> r->tree[i] == 0) &&
      (\forall integer i; 0 <= i < NODE ==> r->entry[i] == 0);
    predicate registry_tops{L}(registry_t *r) =
      \forall integer i; NODE <= i < FIRST_MID ==>
        r->tree[i] == 0 || FIRST_MID <= r->tree[i] <= r->tree_end - NODE;
    predicate registry_span{L}(registry_t *r) =
      \forall integer a; 0 <= a < ADDRESS_END && r->tree[top_of(a)] != 0 ==> r->first <= a < r->end;
    predicate registry_mids{L}(registry_t *r) =
      \forall integer i; FIRST_MID <= i < r->tree_end ==>
        r->tree[i] == 0 || NODE <= r->tree[i] <= r->entry_end - r->stride;
    predicate registry_fresh{L}(registry_t *r) =
      \forall integer i; r->tree_end <= i < TREE_WORDS ==> r->tree[i] == 0;

    predicate slots_kept{A, B}(registry_t *r) =
      \forall integer a; 0 <= a < ADDRESS_END && slot_of{A}(r, a) >= NODE ==>
        slot_of{B}(r, a) == slot_of{A}(r, a);

    predicate word_zero{L}(registry_t *r, integer leaf, integer i) = r->entry[leaf + i] == 0;
    predicate slots_fresh{A, B}(registry_t *r) =
      \forall integer a; 0 <= a < ADDRESS_END && slot_of{A}(r, a) < NODE && slot_of{B}(r, a) >= NODE ==>
        \at(r->entry[slot_of{B}(r, a)], B) == 0 &&
        (\at(r->stride, B) == 2 * NODE ==> \at(r->entry[slot_of{B}(r, a) + NODE], B) == 0);

    predicate registry_ok{L}(registry_t *r) =
      registry_memory(r) && registry_bounds(r) && registry_null(r) && registry_tops(r) &&
      registry_span(r) && registry_mids(r) && registry_fresh(r);

    predicate nothing_at{L}(registry_t *r, integer a) =
      r->entry[slot_of(r, a)] / 256 % 4 == 0 || r->entry[slot_of(r, a)] / 256 % 4 == 3 ||
      r->entry[slot_of(r, a)] / 1024 % 32 != a % 32;
    lemma chunk_div: \forall integer a; 0 <= a ==>
      a / 0x10000 == (a / 32) / 2048 && a / PART == (a / 32) / 0x400000;
    lemma chunk_same: \forall integer a, b; 0 <= a && 0 <= b && a / 32 == b / 32 && a % 32 == b % 32 ==> a == b;
    lemma chunk_slot{L}: \forall registry_t *r, integer a, b; 0 <= a && 0 <= b && a / 32 == b / 32 ==>
      slot_of(r, a) == slot_of(r, b);
    lemma nothing_in_part{L}: \forall registry_t *r, integer a; registry_null(r) && 0 <= a &&
      r->tree[top_of(a)] == 0 ==> slot_of(r, a) == low_of(a) && nothing_at(r, a);
    lemma nothing_in_leaf{L}: \forall registry_t *r, integer a; registry_null(r) && 0 <= a &&
      r->tree[node_of(r, a)] == 0 ==> slot_of(r, a) == low_of(a) && nothing_at(r, a);

    predicate registry_apart{L}(registry_t *r) =
      \base_addr(r->region.base) != \base_addr(r) &&
      \base_addr(r->region.base) != \base_addr(&any_live[0]);
    predicate registry_room{L}(registry_t *r) =
      region_ok(&r->region) && r->region.size > 0 && registry_apart(r) &&
      (uintptr_t)r->tree == (uintptr_t)r->region.base &&
      (uintptr_t)r->entry == (uintptr_t)(r->region.base + 4 * TREE_WORDS) &&
      4 * TREE_WORDS + 8 * r->entry_end <= r->region.usable;

    predicate leaf_fits{L}(registry_t *r) =
      4 * TREE_WORDS + 8 * (r->entry_end + r->stride) <= r->region.usable;

    predicate registry_mids_apart{L}(registry_t *r) =
      \forall integer i, j; NODE <= i < j < FIRST_MID && r->tree[i] != 0 && r->tree[j] != 0 ==>
        r->tree[i] + NODE <= r->tree[j] || r->tree[j] + NODE <= r->tree[i];
    predicate registry_leaves_apart{L}(registry_t *r) =
      \forall integer i, j; FIRST_MID <= i < j < r->tree_end && r->tree[i] != 0 && r->tree[j] != 0 ==>
        r->tree[i] + r->stride <= r->tree[j] || r->tree[j] + r->stride <= r->tree[i];
    predicate registry_nodes_apart{L}(registry_t *r) =
      registry_mids_apart(r) && registry_leaves_apart(r);

    lemma parts: \forall integer a; 0 <= a ==>
      a / 32 == 0x400000 * (top_of(a) - NODE) + 2048 * mid_of(a) + low_of(a);
    lemma mid_there{L}: \forall registry_t *r, integer a; registry_ok(r) && 0 <= a < ADDRESS_END &&
      slot_of(r, a) >= NODE ==> r->tree[top_of(a)] >= FIRST_MID && r->tree[node_of(r, a)] >= NODE &&
        FIRST_MID <= node_of(r, a) < r->tree_end;
    lemma slot_inside{L}: \forall registry_t *r, integer a; registry_ok(r) && 0 <= a < ADDRESS_END ==>
      0 <= slot_of(r, a) && slot_of(r, a) + (r->stride - NODE) < r->entry_end;
    lemma nodes_differ{L}: \forall registry_t *r, integer a, b; registry_ok(r) &&
      registry_nodes_apart(r) && 0 <= a < ADDRESS_END && 0 <= b < ADDRESS_END &&
      slot_of(r, a) >= NODE && slot_of(r, b) >= NODE && node_of(r, a) == node_of(r, b) ==>
        top_of(a) == top_of(b) && mid_of(a) == mid_of(b);
    lemma slots_differ{L}: \forall registry_t *r, integer a, b; registry_ok(r) &&
      registry_nodes_apart(r) && 0 <= a < ADDRESS_END && 0 <= b < ADDRESS_END &&
      slot_of(r, a) >= NODE && slot_of(r, a) == slot_of(r, b) ==> a / 32 == b / 32;
    lemma notes_differ{L}: \forall registry_t *r, integer a, b; registry_ok(r) &&
      registry_nodes_apart(r) && 0 <= a < ADDRESS_END && 0 <= b < ADDRESS_END &&
      r->stride == 2 * NODE && slot_of(r, a) >= NODE && slot_of(r, b) >= NODE ==>
        slot_of(r, a) + NODE != slot_of(r, b);
*/
