/* The arithmetic of places: blocks of one class in one pool, beside each other. */
#pragma once

#include "spec/block.acsl.h"

/*@ lemma block_order_le: \forall integer p, a, d, c; 0 <= c && a <= d ==>
      block_offset(p, a, c) <= block_offset(p, d, c);
    lemma block_after: \forall integer p, b, c;
      block_offset(p, b, c) + class_bytes(c) == block_offset(p, b + 1, c);
    lemma block_order: \forall integer p, b, d, c; 0 <= c && b < d ==>
      block_offset(p, b, c) + class_bytes(c) <= block_offset(p, d, c);
    lemma block_begin: \forall integer p, b, c; 0 <= c && 0 <= b ==> 65536 * p <= block_offset(p, b, c);
    lemma block_end: \forall integer p, c; 0 <= c < 32 ==>
      block_offset(p, 64 * words_of(c), c) <= 65536 * (p + 1);
    lemma block_before_end: \forall integer p, b, c; 0 <= c < 32 && b < 64 * words_of(c) ==>
      block_offset(p, b, c) + class_bytes(c) <= block_offset(p, 64 * words_of(c), c);
    lemma block_fits: \forall integer p, b, c; 0 <= c < 32 && b < 64 * words_of(c) ==>
      block_offset(p, b, c) + class_bytes(c) <= block_offset(p, 64 * words_of(c), c) <= 65536 * (p + 1);
    lemma block_aligned: \forall integer a, p, b, c; a % 16 == 0 ==>
      (a + block_offset(p, b, c)) % 16 == 0;

    lemma product_range: \forall integer b, k; 0 <= b && 0 < k && b * k + k <= 65536 ==>
      0 <= b * k < 65536;
    lemma pool_split: \forall integer p, r; 0 <= p && 0 <= r < 65536 ==>
      (65536 * p + r) / 65536 == p && (65536 * p + r) % 65536 == r;
    lemma product_over: \forall integer b, k; 0 < k && 0 <= b ==> (b * k) / k == b;
    lemma over: \forall integer b, k, r; 0 < k && 0 <= b && r == b * k ==> r / k == b;
    lemma place_range: \forall integer p, b, k, o; 0 <= p && 0 <= b && 0 < k &&
      o == 65536 * p + b * k && o + k <= 65536 * (p + 1) ==> 0 <= b * k < 65536;
    lemma place_parts: \forall integer p, b, k, o; 0 <= p && 0 <= b && 0 < k &&
      o == 65536 * p + b * k && o + k <= 65536 * (p + 1) ==>
        0 <= b * k < 65536 && o / 65536 == p && o % 65536 == b * k;
    lemma place_number: \forall integer p, b, k, o; 0 <= p && 0 <= b && 0 < k &&
      o == 65536 * p + b * k && o + k <= 65536 * (p + 1) ==> o / 65536 == p && o % 65536 / k == b;
    lemma block_sum: \forall integer p, b, c; 0 <= p && 0 <= b && 0 <= c &&
      block_offset(p, b, c) + class_bytes(c) <= 65536 * (p + 1) ==>
        0 < class_bytes(c) && block_offset(p, b, c) == 65536 * p + b * class_bytes(c);
    lemma block_pool: \forall integer p, b, c; 0 <= p && 0 <= b && 0 <= c &&
      block_offset(p, b, c) + class_bytes(c) <= 65536 * (p + 1) ==> block_offset(p, b, c) / 65536 == p;
    lemma block_place: \forall integer p, b, c, o; 0 <= p && 0 <= b && 0 <= c &&
      o == 65536 * p + b * class_bytes(c) && o + class_bytes(c) <= 65536 * (p + 1) ==>
        o % 65536 / class_bytes(c) == b && o / 65536 == p;
    lemma block_index: \forall integer p, b, c, k, o; 0 <= p && 0 <= b && 0 <= c && k == class_bytes(c) &&
      o == block_offset(p, b, c) && o + k <= 65536 * (p + 1) ==> o % 65536 / k == b;
*/
