#include "alloc/registry.h"

#define TREE_BYTES (TREE_WORDS * sizeof(uint32_t))

_Static_assert(REGION_MOST / sizeof(uint64_t) <= UINT32_MAX, "entries are counted in 32 bits");

bool registry_open(registry_t *r, bool notes) {
  if (!region_reserve(&r->region, REGION_SYSTEM, REGION_MOST, NULL)) return false;
  if (!region_commit(&r->region, TREE_BYTES + NODE * sizeof(uint64_t))) return false;
  r->tree = (uint32_t *)(void *)r->region.base;
  r->entry = (uint64_t *)(void *)(r->region.base + TREE_BYTES);
  r->tree_end = FIRST_MID;
  r->stride = notes ? 2 * NODE : NODE;
  r->entry_end = r->stride;
  return true;
}

/* A new middle node, or a new leaf: the number of its first word, or 0.  Fresh memory of
   a region is zero. */
static uint32_t new_mid(registry_t *r) {
  if (r->tree_end == TREE_WORDS) return 0;
  r->tree_end += NODE;
  return r->tree_end - NODE;
}

static uint32_t new_leaf(registry_t *r) {
  size_t end = TREE_BYTES + ((size_t)r->entry_end + r->stride) * sizeof(uint64_t);
  if (!region_commit(&r->region, end)) return 0;
  r->entry_end += r->stride;
  return r->entry_end - r->stride;
}

uint32_t registry_add(registry_t *r, uintptr_t a) {
  uint32_t *mid = &r->tree[NODE + a / 0x8000000];
  if (*mid == 0) *mid = new_mid(r);
  if (*mid == 0) return 0;
  uint32_t *leaf = &r->tree[*mid + a / 0x10000 % NODE];
  if (*leaf == 0) *leaf = new_leaf(r);
  if (*leaf == 0) return 0;
  return *leaf + (uint32_t)(a / 32 % NODE);
}

uintptr_t registry_next(const registry_t *r, uintptr_t a) {
  while (a < ADDRESS_END) {
    uint32_t mid = r->tree[NODE + a / 0x8000000];
    uint32_t leaf = r->tree[mid + a / 0x10000 % NODE];
    uint64_t entry = r->entry[leaf + a / 32 % NODE];
    block_state_t state = entry_state(entry);
    uintptr_t p = a / 32 * 32 + entry_where(entry);
    if ((state == BLOCK_LIVE || state == BLOCK_HELD) && p >= a) return p;
    uintptr_t step = mid == 0 ? 0x8000000 : leaf == 0 ? 0x10000 : 32;
    a = (a / step + 1) * step;
  }
  return 0;
}
