/* The registry against a list: random addresses, some near each other and some far, come,
   change their state and are found again, each with what was said of it and in order. */
#include "alloc/registry.h"

#include "tests/check.h"

#define MANY 20000u

typedef struct { uintptr_t a; uint64_t entry; } known_t;

static known_t known[MANY];
static unsigned count;
static registry_t registry;

static uint64_t random_word(void) {
  static uint64_t x = 88172645463325252u;
  x ^= x << 13, x ^= x >> 7, x ^= x << 17;
  return x;
}

/* A new address, 32 bytes from any other at least. */
static uintptr_t new_address(void) {
  uintptr_t a = random_word() % ADDRESS_END;
  if (count > 0 && random_word() % 8 != 0) a = known[count - 1].a + 32 * (1 + random_word() % 100);
  if (a >= ADDRESS_END) a = 4096;
  return a / 32 * 32 + 16 * (random_word() % 2);
}

static bool free_address(uintptr_t a) {
  for (unsigned i = 0; i < count; i++)
    if (known[i].a / 32 == a / 32) return false;
  return true;
}

static void add(uintptr_t a) {
  size_t size = random_word() % 100000;
  uint32_t slot = registry_add(&registry, a);
  if (slot == 0) return;
  CHECK_EQ("PM-DEBUG-06", registry_slot(&registry, a), slot);
  CHECK_EQ("PM-DEBUG-06", registry.entry[slot], 0);
  known[count] = (known_t){a, entry_make(size, entry_mark(a, "rmo"[count % 3], BLOCK_LIVE))};
  registry.entry[slot] = known[count].entry;
  CHECK_EQ("PM-DEBUG-06", entry_size(known[count].entry), size);
  CHECK_EQ("PM-DEBUG-06", entry_api(known[count].entry), "rmo"[count % 3]);
  CHECK_EQ("PM-DEBUG-06", entry_where(known[count].entry), a % 32);
  count++;
}

static int by_address(const void *p, const void *q) {
  const known_t *one = p, *other = q;
  return one->a < other->a ? -1 : one->a > other->a;
}

int main(void) {
  CHECK("PM-DEBUG-06", registry_open(&registry, false));
  CHECK_EQ("PM-DEBUG-06", registry_next(&registry, 0), 0);
  for (unsigned i = 0; i < 3000; i++) {
    uintptr_t a = new_address();
    if (free_address(a)) add(a);
  }
  /* All states; those that are gone, or were never there, are passed by. */
  for (unsigned i = 0; i < count; i++) {
    uint32_t slot = registry_slot(&registry, known[i].a);
    for (uint64_t n = random_word() % 3; n > 0; n--) known[i].entry = entry_next(known[i].entry);
    registry.entry[slot] = known[i].entry;
  }
  qsort(known, count, sizeof known[0], by_address);
  uintptr_t at = 0;
  for (unsigned i = 0; i < count; i++) {
    CHECK_EQ("PM-DEBUG-06", registry.entry[registry_slot(&registry, known[i].a)], known[i].entry);
    if (entry_state(known[i].entry) == BLOCK_GONE) continue;
    at = registry_next(&registry, at + 1);
    CHECK_EQ("PM-DEBUG-06", at, known[i].a);
  }
  CHECK_EQ("PM-DEBUG-06", registry_next(&registry, at + 1), 0);
  for (unsigned i = 0; i < 100000; i++) {
    uintptr_t a = random_word() % ADDRESS_END;
    uint64_t entry = registry.entry[registry_slot(&registry, a)];
    known_t key = {a / 32 * 32 + entry_where(entry), 0};
    CHECK_OF("PM-DEBUG-06", (entry == 0) || bsearch(&key, known, count, sizeof key, by_address) != NULL,
             a, entry);
  }
  return check_done();
}
