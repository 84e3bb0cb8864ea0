#define _GNU_SOURCE /* a recursive mutex, statically */
#include "alloc/debug.h"

#include <pthread.h>
#include <stdlib.h>

#include "alloc/block.h"
#include "alloc/large.h"
#include "alloc/options.h"
#include "alloc/registry.h"

#ifdef __FRAMAC__ /* its headers lack these */
#define PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP PTHREAD_MUTEX_INITIALIZER
//@ ghost void (*fork_calls[3])(void);
/*@ terminates \true;
    assigns fork_calls[0 .. 2];
    ensures calls: fork_calls[0] == prepare && fork_calls[1] == parent && fork_calls[2] == child; */
int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void)); /* trusted: it calls nothing now */
#endif

#define HELD_BYTES ((int64_t)1 << 20) /* of large blocks that are held back, at most */
#define LAYERS 16u
#define QUICK_MOST (SMALL_MAX - FRAME_LEAD - FRAME_TAIL) /* bytes: with their frame, pools serve them */

typedef struct books books_t;

/* The layer over one allocator. */
typedef struct {
  PyMemAllocatorEx inner;
  const PyMemAllocatorEx *const *large; /* where inner has large blocks from, when it is a space */
  frame_t frame; /* without a block's own words */
  size_t around; /* bytes of a frame */
  books_t *books;
  char api;
} layer_t;

/* A freed block that is held back. */
typedef struct {
  const layer_t *layer;
  unsigned char *block;
  uint64_t *entry;
} held_t;

/* What is known of blocks.  mem and obj, which are called with a lock, have one set of
   books, and raw has another, with a lock of its own. */
struct books {
  registry_t registry;
  stacks_t stacks;
  held_t held[HELD_MOST + 1];  /* a ring of held_most + 1 */
  int32_t first, next;         /* the oldest, and the place for one more */
  int32_t room;                /* so many blocks more can be held back, */
  int64_t room_bytes;          /* and so many bytes of those beyond QUICK_MOST */
  uint64_t serial;
  bool open;
};

static books_t locked_books, raw_books;
static pthread_mutex_t raw_mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

static layer_t layers[LAYERS];
static unsigned layers_used;
static const layer_t *raw_layer; /* the layer over the raw domain */

static debug_bytes_t bytes = {.clean = 0xCD, .dead = 0xDD, .forbidden = 0xFD, .serials = false};
static uint64_t clean_word, dead_word;
static unsigned held_most, stack_depth;
static bool noted; /* serial numbers and stacks are noted beside the entries */

static void (*misuse_handler)(const pymalloc_misuse *misuse);
static int (*lock_held)(void);

/* Calls, as they are named in reports. */
typedef enum { CALL_MALLOC, CALL_CALLOC, CALL_REALLOC, CALL_FREE } call_t;

#include "spec/debug.acsl.h"

#ifdef __FRAMAC__ /* what giving up held blocks changes, and what making a block does */
#define HELD_STATE(b) ANY_BLOCKS, REPORTED, (b)->first, (b)->room, (b)->room_bytes, \
  (b)->registry.entry[0 .. REGION_MOST / 8 - 1]
#define MADE_STATE(b) ANY_BLOCKS, (b)->registry.entry[0 .. REGION_MOST / 8 - 1], MADE_MORE(b)
#define NEW_STATE(b) HELD_STATE(b), MADE_MORE(b)
#define WRITE_STATE(b) any_memory[0 .. ANY_SIZE - 1], (b)->registry.entry[0 .. REGION_MOST / 8 - 1], (b)->serial, \
  (b)->stacks.place[0 .. STACKS_MOST - 1]
#define MADE_MORE(b) (b)->registry.tree[0 .. TREE_WORDS - 1], (b)->registry.tree_end, (b)->registry.first, (b)->registry.end, \
  (b)->registry.entry_end, (b)->registry.region.usable, (b)->serial, (b)->stacks.place[0 .. STACKS_MOST - 1]
#endif

#ifdef __FRAMAC__ /* the lock, and how often it is held: a report of raw's takes it once more */
//@ ghost int raw_locked;
#define RAW_LOCK raw_locked, raw_mutex
#endif

#ifdef __FRAMAC__ /* what is promised by each function that makes a new block, p; by a malloc; and by a free */
#define NEW_BLOCK(p) \
  ensures ok: debug_ok(layer->books) && settled(layer->books); \
  ensures layers: layers_same{Pre,Post}(layer->books); \
  ensures PM_DEBUG_04_silent: !reported{Pre,Post}; \
  ensures PM_DEBUG_06_made: made{Pre,Post}(&layer->books->registry, (unsigned char)layer->api, (char *)\result, n); \
  ensures PM_DEBUG_02_frame: \result != \null ==> intact((p) - 16, n, layer->frame.id, layer->frame.pad, \
    bytes.serials, serial_of(layer->books, slot_of(&layer->books->registry, (uintptr_t)\result), noted)); \
  ensures PM_DEBUG_02_written: outer_written(layer, p, n); \
  ensures PM_DEBUG_05_clean: \result != \null && !zero ==> bytes_of((p) - 16, 16, 16 + n, bytes.clean); \
  ensures PM_MALLOC_01_valid: \result != \null ==> \valid((p) + (0 .. n - 1)) && (uintptr_t)\result % 16 == 0; \
  ensures PM_MALLOC_03_bytes: bytes_same{Pre,Post}(&layer->books->registry, -32, bytes.serials ? 8 : 0); \
  ensures PM_CALLOC_02_zero: \result != \null && zero ==> zeros((char *)\result, n); \
  exits PM_DEBUG_08_said: reported{Pre,Post} ==> damage_told;
#define MALLOC_DOES \
  assigns NEW_STATE(((layer_t *)ctx)->books), RAW_LOCK; \
  ensures PM_FAMILY_03_lock: raw_locked == 0; \
  ensures PM_DEBUG_04_silent: !reported{Pre,Post}; \
  ensures ok: debug_ok(((layer_t *)ctx)->books) && settled(((layer_t *)ctx)->books); \
  ensures PM_MALLOC_03_made: made{Pre,Post}(&((layer_t *)ctx)->books->registry, \
    (unsigned char)((layer_t *)ctx)->api, (char *)\result, n); \
  ensures PM_DEBUG_02_frame: \result != \null ==> intact((unsigned char *)\result - 16, n, ((layer_t *)ctx)->frame.id, \
    ((layer_t *)ctx)->frame.pad, bytes.serials, serial_of(((layer_t *)ctx)->books, \
      slot_of(&((layer_t *)ctx)->books->registry, (uintptr_t)\result), noted)); \
  ensures PM_DEBUG_02_outer: \result != \null ==> \
    (has_both(entry_for(&((layer_t *)ctx)->books->registry, (uintptr_t)\result)) <==> \
      outer_due{Pre}((layer_t *)ctx, n + \old(((layer_t *)ctx)->around))); \
  ensures PM_DEBUG_02_written: outer_written((layer_t *)ctx, (unsigned char *)\result, n); \
  ensures PM_DEBUG_08_serves: oldest_serves{Pre}((layer_t *)ctx, n) ==> \result == oldest{Pre}((layer_t *)ctx); \
  ensures PM_DEBUG_05_clean: \result != \null ==> bytes_of((unsigned char *)\result - 16, 16, 16 + n, bytes.clean); \
  ensures PM_MALLOC_03_bytes: bytes_same{Pre,Post}(&((layer_t *)ctx)->books->registry, -32, bytes.serials ? 8 : 0); \
  ensures PM_MALLOC_01_valid: \result != \null ==> \valid((char *)\result + (0 .. n - 1)) && \
    (uintptr_t)\result % 16 == 0; \
  exits PM_DEBUG_08_said: reported{Pre,Post} ==> damage_told;
#define FREE_DOES \
  assigns HELD_STATE(((layer_t *)ctx)->books), ((layer_t *)ctx)->books->held[0 .. HELD_MOST], \
    ((layer_t *)ctx)->books->next, RAW_LOCK; \
  ensures PM_FAMILY_03_lock: raw_locked == 0; \
  ensures PM_DEBUG_04_silent: !reported{Pre,Post}; \
  ensures ok: debug_ok(((layer_t *)ctx)->books) && settled(((layer_t *)ctx)->books); \
  ensures PM_FREE_01_null: p == \null ==> lives_same{Pre,Post}(&((layer_t *)ctx)->books->registry, -32); \
  ensures PM_DEBUG_14_was: p != \null ==> is_live{Pre}(&((layer_t *)ctx)->books->registry, (uintptr_t)p); \
  ensures PM_DEBUG_03_whole: p != \null ==> whole{Pre}((layer_t *)ctx, (uintptr_t)p); \
  ensures PM_FREE_02_gone: p != \null ==> !is_live(&((layer_t *)ctx)->books->registry, (uintptr_t)p); \
  ensures PM_FREE_02_only: p != \null ==> \
    lives_same{Pre,Post}(&((layer_t *)ctx)->books->registry, (uintptr_t)p); \
  ensures PM_FREE_02_bytes: p != \null ==> \
    bytes_same{Pre,Post}(&((layer_t *)ctx)->books->registry, (uintptr_t)p, bytes.serials ? 8 : 0); \
  ensures PM_FREE_01_bytes: p == \null ==> \
    bytes_same{Pre,Post}(&((layer_t *)ctx)->books->registry, -32, bytes.serials ? 8 : 0); \
  exits PM_DEBUG_04_said: told_right{Pre,Post}((layer_t *)ctx, CALL_FREE, (unsigned char *)p);
#endif

/* For what each call of malloc or free goes through: it is called at several places, and a
   compiler would rather not have it at all of them. */
#define HOT static inline __attribute__((always_inline))

/*@ requires memory: \valid_read(b);
    requires PM_FAMILY_03_lock: b == &raw_books ==> (on ? 0 <= raw_locked <= 1 : raw_locked >= 1);
    terminates \true;
    assigns RAW_LOCK;
    ensures PM_FAMILY_03_set: raw_locked == \old(raw_locked) + (b != &raw_books ? 0 : on ? 1 : -1); */
static void lock_set(const books_t *b, bool on) {
  const books_t *raw = &raw_books;
  if (b != raw) return;
  //@ ghost raw_locked = on ? raw_locked + 1 : raw_locked - 1;
  if (on) pthread_mutex_lock(&raw_mutex); else pthread_mutex_unlock(&raw_mutex);
}

/*@ requires memory: \valid_read(b);
    requires PM_FAMILY_03_lock: b == &raw_books ==> 0 <= raw_locked <= 1;
    terminates \true;
    assigns RAW_LOCK;
    ensures PM_FAMILY_03_set: raw_locked == \old(raw_locked) + (b == &raw_books ? 1 : 0); */
static void enter(const books_t *b) { lock_set(b, true); }
/*@ requires memory: \valid_read(b);
    requires PM_FAMILY_03_lock: b == &raw_books ==> raw_locked >= 1;
    terminates \true;
    assigns RAW_LOCK;
    ensures PM_FAMILY_03_set: raw_locked == \old(raw_locked) - (b == &raw_books ? 1 : 0); */
static void leave(const books_t *b) { lock_set(b, false); }

static void *debug_malloc(void *ctx, size_t n);

/* Blocks and their entries. */

#define ENTRY_MARKS 0x8000u
#define ENTRY_OUTER 0x8000u /* in an entry: the block has a frame of raw around its own */

/*@ requires memory: \valid_read(b) && registry_ok(&b->registry) && slot < b->registry.entry_end;
    terminates \true;
    assigns \nothing;
    ensures entry: \result == b->registry.entry + slot && \valid(\result); */
HOT uint64_t *entry_at(const books_t *b, uint32_t slot) { return &b->registry.entry[slot]; }

/*@ requires memory: \valid_read(b) && registry_ok(&b->registry);
    requires entry: \exists integer slot; 0 <= slot < b->registry.entry_end && entry == b->registry.entry + slot;
    terminates \true;
    assigns \nothing;
    ensures slot: \result < b->registry.entry_end && entry == b->registry.entry + \result; */
static inline uint32_t entry_slot(const books_t *b, const uint64_t *entry) {
  return (uint32_t)(entry - b->registry.entry);
}

/* The block at an address; what follows is its, if the books say so. */
/*@ terminates \true;
    assigns \nothing;
    ensures at: \result == at(a) && (uintptr_t)\result == a; */
HOT unsigned char *block_at(uintptr_t a) { return MEMORY(unsigned char, a); }

/* Whether a block can be at an address. */
/*@ terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_06_address: \result <==> p % 16 == 0 && p < ADDRESS_END; */
HOT bool address_ok(uintptr_t p) { return p % 16 * ((uintptr_t)1 << 60) + p / 16 < ADDRESS_END / 16; } /* rotated */

/* The entry for any address; of 0 for those that cannot have one. */
/*@ requires memory: \valid_read(b) && registry_ok(&b->registry);
    terminates \true;
    assigns \nothing;
    ensures inside: \result < b->registry.entry_end;
    ensures PM_DEBUG_06_unknown: \result < NODE ==> b->registry.entry[\result] == 0;
    ensures slot: a % 16 == 0 && a < ADDRESS_END ? \result == slot_of(&b->registry, a) : \result == 0; */
HOT uint32_t slot_at(const books_t *b, uintptr_t a) {
  return address_ok(a) ? registry_slot(&b->registry, a) : 0;
}

/*@ requires memory: \valid_read(b) && registry_ok(&b->registry);
    requires slot: noted ==> b->registry.stride == 2 * NODE && slot + NODE < b->registry.entry_end;
    terminates \true;
    assigns \nothing;
    ensures serial: \result == serial_of(b, slot, noted); */
static inline uint64_t serial_at(const books_t *b, uint32_t slot) {
  return noted ? *registry_note(&b->registry, slot) / 0x100000 : 0;
}

/*@ requires ok: books_ok(b, noted, bytes.serials ? 8 : 0);
    requires slot: \exists integer a; 0 <= a < ADDRESS_END && slot == slot_of(&b->registry, a) && slot >= NODE;
    terminates \true;
    assigns \nothing;
    ensures stack: \result == \null || \valid_read(\result) && stack_ok(\result);
    ensures place: \result == stack_of(b, slot, noted); */
static const call_stack_t *stack_at(const books_t *b, uint32_t slot) {
  uint32_t number = noted ? (uint32_t)(*registry_note(&b->registry, slot) % 0x100000) : 0;
  return number == 0 ? NULL : stacks_get(&b->stacks, number);
}

/*@ ghost
  /@ requires mine: mine(a, entry, bytes.serials ? 8 : 0);
     terminates \true;
     assigns \nothing;
     ensures there: \valid(at(a) + (-16 .. 7 + (bytes.serials ? 8 : 0) + size_of(entry)));
     ensures base: \base_addr(at(a)) == \base_addr(any_byte(0));
     ensures inside: \exists integer o; 0 <= o && o + 24 + (bytes.serials ? 8 : 0) + size_of(entry) <= ANY_SIZE &&
       memory_at(a) - 16 == any_byte(o);
     ensures start: \exists integer o; 0 <= o && o + bytes_at(entry, bytes.serials ? 8 : 0) <= ANY_SIZE &&
       start_at(a, entry) == any_byte(o);
     ensures both: has_both(entry) ==> \valid(at(a) + (-32 .. 15 + 2 * (bytes.serials ? 8 : 0) + size_of(entry))); @/
  void block_is_there(uintptr_t a, uint64_t entry) {
    /@ assert one: !has_both(entry) ==> start_at(a, entry) == memory_at(a) - 16 &&
         bytes_at(entry, bytes.serials ? 8 : 0) == 24 + (bytes.serials ? 8 : 0) + size_of(entry); @/
    /@ assert begin: \exists integer o; 0 <= o < ANY_SIZE - bytes_at(entry, bytes.serials ? 8 : 0) &&
         start_at(a, entry) == any_byte(o); @/
    /@ assert two: \forall integer o; any_byte(o) + 16 == any_byte(o + 16); @/
  }
*/

/* Has an entry say what is true of its block from now on. */
/*@ requires ok: books_ok(b, noted, bytes.serials ? 8 : 0) && entries_apart(b);
    requires block: 0 <= a < ADDRESS_END && slot_of(&b->registry, a) >= NODE;
    requires place: place == b->registry.entry + slot_of(&b->registry, a);
    requires where: entry / 1024 % 32 == a % 32;
    requires mine: 1 <= state_of(entry) <= 2 ==> mine(a, entry, bytes.serials ? 8 : 0);
    terminates \true;
    assigns *place;
    ensures ok: books_ok(b, noted, bytes.serials ? 8 : 0);
    ensures PM_DEBUG_06_set: entry_for(&b->registry, a) == entry == *place;
    ensures slot: place == b->registry.entry + slot_of(&b->registry, a);
    ensures PM_DEBUG_06_others: \forall integer c; 0 <= c < ADDRESS_END && c / 32 != a / 32 ==>
      entry_for(&b->registry, c) == \old(entry_for(&b->registry, c));
    ensures PM_DEBUG_06_known: known_same{Pre,Post}(&b->registry, a); */
HOT void entry_set(const books_t *b, uint64_t *place, uintptr_t a, uint64_t entry) {
  (void)b, (void)a; /* the contract is about the block there */
  *place = entry;
  /*@ assert tree: \forall integer c; 0 <= c < ADDRESS_END ==>
        slot_of(&b->registry, c) == slot_of{Pre}(&b->registry, c); */
  /*@ assert others: \forall integer c; 0 <= c < ADDRESS_END && c / 32 != a / 32 ==>
        entry_for(&b->registry, c) == entry_for{Pre}(&b->registry, c); */
  //@ assert registry: registry_ok(&b->registry);
  //@ assert nodes: registry_nodes_apart(&b->registry);
  //@ assert stacks: stacks_ok(&b->stacks);
  //@ assert own: books_own(&b->registry, bytes.serials ? 8 : 0);
  //@ assert stride: noted ==> b->registry.stride == 2 * NODE;
  //@ assert notes: noted ==> books_notes(b);
}

/* What a layer's frame around n bytes must say; the entry has the serial number. */
/*@ requires memory: \valid_read(b) && registry_ok(&b->registry) && \valid_read(layer);
    requires slot: noted ==> b->registry.stride == 2 * NODE && slot + NODE < b->registry.entry_end;
    requires noted: (layer->frame.serials ==> noted) && notes == noted;
    terminates \true;
    assigns \nothing;
    ensures frame: \result.id == layer->frame.id && \result.pad == layer->frame.pad &&
      \result.size == n && \result.serials == layer->frame.serials;
    ensures serial: layer->frame.serials ==> \result.serial == serial_of(b, slot, noted); */
static inline frame_t frame_of(const books_t *b, const layer_t *layer, uint32_t slot, size_t n, bool notes) {
  frame_t frame = layer->frame;
  frame.size = n;
  frame.serials = notes && frame.serials;
  if (frame.serials) frame.serial = serial_at(b, slot);
  return frame;
}

/*@ requires ok: books_ok(b, noted, bytes.serials ? 8 : 0);
    requires block: begins(&b->registry, p) && slot == slot_of(&b->registry, p);
    terminates \true;
    assigns \nothing;
    ensures part: 0 <= \result <= FRAME_BAD_SERIAL;
    ensures PM_DEBUG_03_exact: \result == FRAME_INTACT <==>
      intact(at(p) - 16, size_of(entry_for(&b->registry, p)),
        id_word(entry_for(&b->registry, p) % 256, bytes.forbidden), pad_word(bytes.forbidden),
        bytes.serials, serial_of(b, slot, noted));
    ensures PM_DEBUG_07_front: \result != FRAME_INTACT ==> (\result >= FRAME_BAD_TRAILING <==>
      front_intact(at(p) - 16, size_of(entry_for(&b->registry, p)),
        id_word(entry_for(&b->registry, p) % 256, bytes.forbidden))); */
static frame_part_t frame_part(const books_t *b, uint32_t slot, uintptr_t p) {
  uint64_t entry = *entry_at(b, slot);
  frame_t frame = {.id = word_of_id((unsigned char)entry_api(entry), bytes.forbidden),
                   .pad = word_of(bytes.forbidden), .size = entry_size(entry),
                   .serial = serial_at(b, slot), .serials = bytes.serials};
  //@ assert mine: mine(p, entry, bytes.serials ? 8 : 0);
  //@ ghost block_is_there(p, entry);
  //@ assert id: frame.id == id_word(entry % 256, bytes.forbidden);
  //@ assert entry: entry == entry_for(&b->registry, p);
  const unsigned char *base = block_at(p) - FRAME_LEAD;
  //@ assert words: frame.size == size_of(entry) && frame.pad == pad_word(bytes.forbidden);
  /*@ assert frame: frame_intact(base, frame) <==> intact(base, size_of(entry), id_word(entry % 256, bytes.forbidden),
        pad_word(bytes.forbidden), bytes.serials, serial_of(b, slot, noted)); */
  /*@ assert front: frame_lead_ok(base, frame) && frame_size_ok(base, frame) <==>
        front_intact(base, size_of(entry), id_word(entry % 256, bytes.forbidden)); */
  return frame_check(base, frame);
}

/* Misuse. */

/*@ terminates \true;
    assigns \nothing; */
static void handler_call(const pymalloc_misuse *m) { misuse_handler(m); } /* trusted: a handler returns, and touches nothing of ours */

/*@ terminates \true;
    assigns \nothing; */
static bool lock_asked(void) { return lock_held(); } /* trusted: so does a lock check */

/* The function that was set is called, but not for a misuse that it makes itself. */
/*@ requires told: misuse_told(m, bytes.serials ? 8 : 0);
    requires PM_DEBUG_14_address: m.kind == PYMALLOC_NOT_A_BLOCK ==> m.address != \null;
    requires PM_DEBUG_11_none: m.kind == PYMALLOC_WITHOUT_LOCK ==> m.address == \null;
    requires nobody: misuse_handler == \null;
    terminates \true;
    assigns REPORTED;
    ensures PM_DEBUG_04_told: reported{Pre,Post} && told == m.kind && told_of == m.address;
    ensures PM_DEBUG_04_ends: m.function == \null;
    exits PM_DEBUG_04_said: reported{Pre,Post} ==> told == m.kind && told_of == m.address; */
static void misuse_tell(pymalloc_misuse m) {
  static _Thread_local bool telling;
  if (misuse_handler != NULL && !telling) {
    telling = true;
    handler_call(&m);
    telling = false;
    return;
  }
  report_misuse(&m, &bytes);
  if (m.function != NULL) abort();
}

/* What is known of the block of an entry: all of it is read before any of it is told. */
/*@ requires ok: books_ok(b, noted, bytes.serials ? 8 : 0);
    requires block: known(&b->registry, p) && slot == slot_of(&b->registry, p);
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_04_known: block_told(\result, bytes.serials ? 8 : 0);
    ensures size: \result.size == size_of(entry_for(&b->registry, p));
    ensures part: 0 <= \result.part <= FRAME_BAD_SERIAL;
    ensures PM_DEBUG_03_exact: state_of(entry_for(&b->registry, p)) == 1 ==> (\result.part == FRAME_INTACT <==>
      intact(at(p) - 16, size_of(entry_for(&b->registry, p)), id_word(entry_for(&b->registry, p) % 256, bytes.forbidden),
        pad_word(bytes.forbidden), bytes.serials, serial_of(b, slot, noted)));
    ensures PM_DEBUG_07_front: state_of(entry_for(&b->registry, p)) == 1 && \result.part != FRAME_INTACT ==>
      (\result.part >= FRAME_BAD_TRAILING <==> front_intact(at(p) - 16, size_of(entry_for(&b->registry, p)),
        id_word(entry_for(&b->registry, p) % 256, bytes.forbidden)));
    ensures PM_DEBUG_04_maker: (unsigned char)\result.made_by == entry_for(&b->registry, p) % 256;
    ensures PM_DEBUG_02_serial: \result.serial == serial_of(b, slot, noted);
    ensures PM_DEBUG_16_stack: \result.stack == stack_of(b, slot, noted);
    ensures gone: \result.block == (state_of(entry_for(&b->registry, p)) == 3 ? (unsigned char *)\null : at(p));
    ensures freed: \result.freed <==> state_of(entry_for(&b->registry, p)) != 1; */
static pymalloc_misuse misuse_of_block(const books_t *b, uint32_t slot, uintptr_t p) {
  uint64_t entry = *entry_at(b, slot);
  block_state_t state = entry_state(entry);
  //@ assert entry: entry == entry_for(&b->registry, p);
  //@ assert mine: state != BLOCK_GONE ==> mine(p, entry, bytes.serials ? 8 : 0);
  //@ ghost if (state != BLOCK_GONE) block_is_there(p, entry);
  return (pymalloc_misuse){
    .block = state == BLOCK_GONE ? NULL : block_at(p), .size = entry_size(entry), .made_by = entry_api(entry),
    .freed = state != BLOCK_LIVE, .part = state == BLOCK_LIVE ? frame_part(b, slot, p) : FRAME_INTACT,
    .serial = serial_at(b, slot), .stack = stack_at(b, slot)};
}

/*@ terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_07_kind: \result == PYMALLOC_OVERRUN <==>
      part == FRAME_BAD_TRAILING || part == FRAME_BAD_SERIAL;
    ensures other: \result == PYMALLOC_OVERRUN || \result == PYMALLOC_UNDERRUN; */
static pymalloc_misuse_kind kind_of_damage(frame_part_t part) {
  return part == FRAME_BAD_TRAILING || part == FRAME_BAD_SERIAL ? PYMALLOC_OVERRUN : PYMALLOC_UNDERRUN;
}

/* Whether one set of books knows a block at an address: one that is there, or one that
   was. */
/*@ requires ok: books_ok(b, noted, bytes.serials ? 8 : 0);
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_14_known: \result <==> known(&b->registry, a) && a % 16 == 0 &&
      (was <==> state_of(entry_for(&b->registry, a)) == 3); */
static bool knows_at(const books_t *b, uintptr_t a, bool was) {
  uint64_t entry = *entry_at(b, slot_at(b, a));
  block_state_t state = entry_state(entry);
  return state != BLOCK_UNKNOWN && (state == BLOCK_GONE) == was && a % 32 == entry_where(entry);
}

/*@ requires ok: books_ok(b, noted, bytes.serials ? 8 : 0);
    requires block: known(&b->registry, a) && a % 16 == 0;
    requires layer: \valid_read(layer);
    terminates \true;
    assigns \nothing;
    ensures told: misuse_told(\result, bytes.serials ? 8 : 0);
    ensures kind: \result.kind != PYMALLOC_WITHOUT_LOCK && \result.kind != PYMALLOC_LATE_WRITE &&
      \result.kind != PYMALLOC_NOT_A_BLOCK;
    ensures PM_DEBUG_09_freed: state_of(entry_for(&b->registry, a)) != 1 ==>
      \result.kind == (call == CALL_REALLOC ? PYMALLOC_REALLOC_FREED : PYMALLOC_DOUBLE_FREE);
    ensures PM_DEBUG_10_family: state_of(entry_for(&b->registry, a)) == 1 ==>
      (\result.kind == PYMALLOC_WRONG_FAMILY <==> entry_for(&b->registry, a) % 256 != (unsigned char)layer->api);
    ensures PM_DEBUG_07_damage: state_of(entry_for(&b->registry, a)) == 1 &&
      entry_for(&b->registry, a) % 256 == (unsigned char)layer->api && !sound(b, a) ==>
      kind_of(\result.kind, at(a) - 16, size_of(entry_for(&b->registry, a)),
        id_word((unsigned char)layer->api, bytes.forbidden)); */
static pymalloc_misuse misuse_at_block(const books_t *b, const layer_t *layer, call_t call, uintptr_t a) {
  pymalloc_misuse m = misuse_of_block(b, slot_at(b, a), a);
  if (m.freed) m.kind = call == CALL_REALLOC ? PYMALLOC_REALLOC_FREED : PYMALLOC_DOUBLE_FREE;
  else m.kind = m.made_by != layer->api ? PYMALLOC_WRONG_FAMILY : kind_of_damage(m.part);
  return m;
}

/* The block of theirs that an address is inside of, or inside the frame of; or 0. */
/*@ requires ok: books_ok(b, noted, bytes.serials ? 8 : 0);
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_14_inside: \result != 0 ==> begins(&b->registry, \result) && \result - 16 <= a <
      \result + 8 + (bytes.serials ? 8 : 0) + size_of(entry_for(&b->registry, \result)); */
static uintptr_t block_around(const books_t *b, uintptr_t a) {
  uintptr_t p = 0;
  /*@ loop invariant below: p < ADDRESS_END;
      loop assigns p;
      loop variant ADDRESS_END - p; */
  while ((p = registry_next(&b->registry, p + 1)) != 0) {
    //@ assert begins: begins(&b->registry, p);
    uint64_t entry = *entry_at(b, registry_slot(&b->registry, p));
    //@ assert mine: mine(p, entry, bytes.serials ? 8 : 0);
    //@ assert span: any_place(start_at(p, entry), bytes_at(entry, bytes.serials ? 8 : 0));
    //@ assert start: 16 <= p < ADDRESS_END && size_of(entry) <= FRAME_MOST;
    if (a >= p - FRAME_LEAD && a - (p - FRAME_LEAD) < frame_total(entry_size(entry), bytes.serials)) return p;
  }
  return 0;
}

/*@ requires ok: books_ok(b, noted, bytes.serials ? 8 : 0);
    requires block: begins(&b->registry, p);
    terminates \true;
    assigns \nothing;
    ensures told: misuse_told(\result, bytes.serials ? 8 : 0);
    ensures PM_DEBUG_14_kind: \result.kind == PYMALLOC_INTERIOR;
    ensures PM_DEBUG_14_named: \result.block == at(p); */
static pymalloc_misuse misuse_in_block(const books_t *b, uintptr_t p) {
  pymalloc_misuse m = misuse_of_block(b, registry_slot(&b->registry, p), p);
  m.kind = PYMALLOC_INTERIOR;
  return m;
}

/* Finds out what is wrong with an address that was given to free or realloc of a layer.
   A call of raw looks into the books of mem and obj too, without their lock: if another
   thread changes those at that moment, the report may say less than it could. */
/*@ requires ok: world_ok(layer, noted, bytes.serials ? 8 : 0);
    requires layer: \valid_read(layer) && (call == CALL_REALLOC || call == CALL_FREE);
    terminates \true;
    assigns \nothing;
    ensures told: misuse_told(\result, bytes.serials ? 8 : 0);
    ensures kind: \result.kind != PYMALLOC_WITHOUT_LOCK && \result.kind != PYMALLOC_LATE_WRITE;
    ensures PM_DEBUG_09_freed: a % 16 == 0 && known(&layer->books->registry, a) &&
      state_of(entry_for(&layer->books->registry, a)) == 2 ==>
        \result.kind == (call == CALL_REALLOC ? PYMALLOC_REALLOC_FREED : PYMALLOC_DOUBLE_FREE);
    ensures PM_DEBUG_10_family: a % 16 == 0 && is_live(&layer->books->registry, a) &&
      entry_for(&layer->books->registry, a) % 256 != (unsigned char)layer->api ==>
        \result.kind == PYMALLOC_WRONG_FAMILY;
    ensures PM_DEBUG_07_damage: a % 16 == 0 && is_live(&layer->books->registry, a) &&
      entry_for(&layer->books->registry, a) % 256 == (unsigned char)layer->api && !sound(layer->books, a) ==>
        kind_of(\result.kind, at(a) - 16, size_of(entry_for(&layer->books->registry, a)),
          id_word((unsigned char)layer->api, bytes.forbidden));
    ensures PM_DEBUG_14_own: a % 16 == 0 && known(&layer->books->registry, a) ==> \result.kind != PYMALLOC_NOT_A_BLOCK;
    ensures PM_DEBUG_14_raw: layer->api != 'r' && (&raw_books)->open && a % 16 == 0 && known(&(&raw_books)->registry, a) ==>
      \result.kind != PYMALLOC_NOT_A_BLOCK;
    ensures PM_DEBUG_14_locked: layer->api == 'r' && (&locked_books)->open && a % 16 == 0 &&
      known(&(&locked_books)->registry, a) ==> \result.kind != PYMALLOC_NOT_A_BLOCK; */
static pymalloc_misuse misuse_find(const layer_t *layer, call_t call, uintptr_t a) {
  const books_t *own = layer->books, *other = layer->api == 'r' ? &locked_books : &raw_books;
  uintptr_t p;
  if (!other->open) other = own;
  if (knows_at(own, a, false)) return misuse_at_block(own, layer, call, a);
  if (knows_at(other, a, false)) return misuse_at_block(other, layer, call, a);
  if ((p = block_around(own, a)) != 0) return misuse_in_block(own, p);
  if ((p = block_around(other, a)) != 0) return misuse_in_block(other, p);
  if (knows_at(own, a, true)) return misuse_at_block(own, layer, call, a);
  if (knows_at(other, a, true)) return misuse_at_block(other, layer, call, a);
  return (pymalloc_misuse){.kind = PYMALLOC_NOT_A_BLOCK};
}

/*@ requires ok: world_ok(layer, noted, bytes.serials ? 8 : 0);
    requires layer: \valid_read(layer) && (call == CALL_REALLOC || call == CALL_FREE);
    requires some: p != \null;
    requires nobody: misuse_handler == \null && 0 <= raw_locked <= 1;
    terminates \true;
    assigns REPORTED, RAW_LOCK;
    ensures PM_DEBUG_04_ends: \false;
    exits PM_DEBUG_04_said: reported{Pre,Post} ==> blamed{Pre,Post}(layer, call, p); */
SELDOM static void misuse_by_address(const layer_t *layer, call_t call, const unsigned char *p) {
  enter(&raw_books);
  pymalloc_misuse m = misuse_find(layer, call, ADDRESS(p));
  leave(&raw_books);
  m.address = p;
  m.family = layer->api;
  m.function = call == CALL_REALLOC ? "_PyMem_DebugRawRealloc" : "_PyMem_DebugRawFree";
  misuse_tell(m);
}

/*@ requires layer: \valid_read(layer) && 0 <= call <= CALL_FREE;
    requires nobody: misuse_handler == \null;
    terminates \true;
    assigns REPORTED;
    ensures PM_DEBUG_04_ends: \false;
    exits PM_DEBUG_11_said: reported{Pre,Post} ==> told == PYMALLOC_WITHOUT_LOCK; */
SELDOM static bool misuse_without_lock(const layer_t *layer, call_t call) {
  static const char *const function[] = {"_PyMem_DebugMalloc", "_PyMem_DebugCalloc",
                                         "_PyMem_DebugRealloc", "_PyMem_DebugFree"};
  pymalloc_misuse m = {.kind = PYMALLOC_WITHOUT_LOCK, .family = layer->api, .function = function[call]};
  misuse_tell(m);
  return false;
}

/* Whether a call may go on.  Of a lock check that was set nothing is proved. */
/*@ requires nobody: lock_held == \null;
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_11_go: \result; */
static bool lock_ok(const layer_t *layer, call_t call) {
  return lock_held == NULL || layer->api == 'r' || lock_asked() || misuse_without_lock(layer, call);
}

/* Whether an address is that of a live block of the layer, with a frame that is intact. */
/*@ requires ok: books_ok(layer->books, noted, bytes.serials ? 8 : 0);
    requires notes: notes == noted;
    requires layer: layer_ok(layer, bytes.forbidden, bytes.serials) && (bytes.serials ==> noted);
    requires slot: 0 <= slot < layer->books->registry.entry_end;
    requires address: slot >= NODE ==> a < ADDRESS_END && slot == slot_of(&layer->books->registry, a);
    requires none: slot < NODE ==> layer->books->registry.entry[slot] == 0;
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_03_exact: \result <==> slot >= NODE && is_live(&layer->books->registry, a) &&
      entry_for(&layer->books->registry, a) % 256 == (unsigned char)layer->api &&
      intact(at(a) - 16, size_of(entry_for(&layer->books->registry, a)), layer->frame.id, layer->frame.pad,
        bytes.serials, serial_of(layer->books, slot, noted)); */
HOT bool block_intact(const layer_t *layer, uint32_t slot, uintptr_t a, bool notes) {
  uint64_t entry = *entry_at(layer->books, slot);
  //@ assert byte: entry == 256 * (entry / 256) + entry % 256;
  //@ assert state: entry / 256 == 4 * (entry / 1024) + entry / 256 % 4;
  //@ assert both: entry / 32768 == entry / 1024 / 32;
  //@ assert where: entry / 1024 == 32 * (entry / 32768) + entry / 1024 % 32;
  //@ assert marks: entry == 32768 * (entry / 32768) + entry % 32768;
  //@ assert parts: entry % 32768 == entry % 256 + 256 * (entry / 256 % 4) + 1024 * (entry / 1024 % 32);
  if (entry % ENTRY_MARKS != entry_mark(a, layer->api, BLOCK_LIVE)) return false;
  //@ assert live: entry / 256 % 4 == 1 && entry % 256 == (unsigned char)layer->api && entry / 1024 % 32 == a % 32;
  //@ assert there: slot >= NODE && entry == entry_for(&layer->books->registry, a);
  //@ assert mine: mine(a, entry, bytes.serials ? 8 : 0);
  //@ ghost block_is_there(a, entry);
  frame_t frame = frame_of(layer->books, layer, slot, entry_size(entry), notes);
  const unsigned char *base = block_at(a) - FRAME_LEAD;
  //@ assert words: frame.size == size_of(entry) && frame.id == layer->frame.id && frame.pad == layer->frame.pad;
  /*@ assert serial: frame.serials == bytes.serials &&
        (frame.serials ==> frame.serial == serial_of(layer->books, slot, noted)); */
  /*@ assert frame: frame_intact(base, frame) <==> intact(base, size_of(entry), layer->frame.id, layer->frame.pad,
        bytes.serials, serial_of(layer->books, slot, noted)); */
  return frame_check(base, frame) == FRAME_INTACT;
}

/*@ ghost
  /@ requires ok: books_ok(b, noted, bytes.serials ? 8 : 0);
     terminates \true;
     assigns \nothing;
     ensures aligned: begins(&b->registry, (uintptr_t)p) ==> (uintptr_t)p % 16 == 0; @/
  void block_aligned(const books_t *b, const unsigned char *p) {
    int s = bytes.serials ? 8 : 0;
    /@ assert number: memory_at((uintptr_t)p) == (char *)p; @/
    /@ assert some: 0 <= entry_for(&b->registry, (uintptr_t)p); @/
    /@ assert mine: begins(&b->registry, (uintptr_t)p) ==> owned(start_at((uintptr_t)p,
         entry_for(&b->registry, (uintptr_t)p)), bytes_at(entry_for(&b->registry, (uintptr_t)p), s)); @/
    /@ assert place: begins(&b->registry, (uintptr_t)p) ==>
         any_place((char *)p - 16, 24 + s + size_of(entry_for(&b->registry, (uintptr_t)p))) ||
         any_place((char *)p - 32, 48 + 2 * s + size_of(entry_for(&b->registry, (uintptr_t)p))); @/
    /@ assert there: later((char *)p - 16, 16) == (char *)p && later((char *)p - 32, 32) == (char *)p; @/
    /@ assert one: any_place((char *)p - 16, 24 + s + size_of(entry_for(&b->registry, (uintptr_t)p))) ==>
         (uintptr_t)later((char *)p - 16, 16) == (uintptr_t)((char *)p - 16) + 16; @/
    /@ assert two: any_place((char *)p - 32, 48 + 2 * s + size_of(entry_for(&b->registry, (uintptr_t)p))) ==>
         (uintptr_t)later((char *)p - 32, 32) == (uintptr_t)((char *)p - 32) + 32; @/
  }
*/

/* The number of the entry of a live block of the layer whose frame is intact; else 0,
   and the misuse was told. */
/*@ requires ok: world_ok(layer, noted, bytes.serials ? 8 : 0);
    requires layer: layer_ok(layer, bytes.forbidden, bytes.serials) && (bytes.serials ==> noted);
    requires call: p != \null && (call == CALL_REALLOC || call == CALL_FREE);
    requires nobody: misuse_handler == \null && 0 <= raw_locked <= 1;
    terminates \true;
    assigns REPORTED, RAW_LOCK;
    ensures lock: raw_locked == \old(raw_locked);
    ensures PM_DEBUG_04_silent: !reported{Pre,Post};
    ensures PM_DEBUG_03_slot: \result >= NODE && \result == slot_of(&layer->books->registry, (uintptr_t)p);
    ensures PM_DEBUG_03_live: is_live(&layer->books->registry, (uintptr_t)p);
    ensures PM_DEBUG_03_whole: whole{Pre}(layer, (uintptr_t)p);
    exits PM_DEBUG_04_said: reported{Pre,Post} ==> !whole{Pre}(layer, (uintptr_t)p) && blamed{Pre,Post}(layer, call, p); */
static uint32_t block_checked(const layer_t *layer, call_t call, const unsigned char *p) {
  uint32_t slot = slot_at(layer->books, ADDRESS(p));
  //@ ghost block_aligned(layer->books, p);
  /*@ assert live: is_live(&layer->books->registry, (uintptr_t)p) ==>
        slot == slot_of(&layer->books->registry, (uintptr_t)p) && slot >= NODE; */
  if (block_intact(layer, slot, ADDRESS(p), noted)) return slot;
  misuse_by_address(layer, call, p);
  return 0;
}

/* The allocator below.  When that is a space, a large block comes from raw, and would get a second
   frame in raw's layer, be in its books and go through its lock.  It gets both frames here
   instead, and its memory from below both layers. */

/* Whether a block gets both, which has so many bytes with the first. */
/*@ predicate outer_due{L}(layer_t *layer, integer total) = total > SMALL_MAX && raw_layer != \null &&
      layer->large != \null && *layer->large != \null && (*layer->large)->malloc == &debug_malloc &&
      (*layer->large)->ctx == raw_layer;
    predicate oldest_serves{L}(layer_t *layer, integer n) = n <= FRAME_MOST - FRAME_AROUND && oldest_fits(layer, n) &&
      !outer_due(layer, n + layer->around);
*/

/*@ requires layer: layer_ok(layer, bytes.forbidden, bytes.serials) && large_ok(layer);
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_02_small: \result ==> total > SMALL_MAX && raw_layer != \null;
    ensures PM_DEBUG_02_outer: \result <==> outer_due(layer, total); */
static bool has_outer(const layer_t *layer, size_t total) {
  if (total <= SMALL_MAX || raw_layer == NULL || layer->large == NULL) return false;
  const PyMemAllocatorEx *large = *layer->large;
  return large != NULL && large->malloc == debug_malloc && large->ctx == raw_layer;
}

/* Memory for a frame, or for one within another: the address of the inner one. */
/*@ requires layer: layer_ok(layer, bytes.forbidden, bytes.serials);
    requires raw: outer ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
    requires total: 24 <= total <= FRAME_MOST + FRAME_AROUND;
    terminates \true;
    assigns ANY_BLOCKS;
    ensures kept: any_kept{Pre,Post};
    ensures none: \result == \null ==> any_same{Pre,Post};
    ensures PM_CALLOC_02_zero: \result != \null && zero ==> zeros((char *)\result, total);
    ensures PM_DEBUG_02_new: \result != \null ==>
      memory_is_new{Pre,Post}(memory_below((uintptr_t)\result, outer),
        memory_bytes(total, outer, bytes.serials ? 8 : 0));
    ensures PM_DEBUG_01_below: any_asked == (outer ? raw_layer->inner.ctx : layer->inner.ctx); */
HOT unsigned char *memory_new(const layer_t *layer, size_t total, bool zero, bool outer) {
  const PyMemAllocatorEx *inner = outer ? &raw_layer->inner : &layer->inner;
  if (outer) total += raw_layer->around;
  unsigned char *memory;
  if (zero) /*@ calls any_calloc; */ memory = inner->calloc(inner->ctx, 1, total);
  else /*@ calls any_malloc; */ memory = inner->malloc(inner->ctx, total);
  //@ assert number: memory_at((uintptr_t)memory) == (char *)memory;
  //@ assert zero: memory != \null && zero ==> zeros((char *)memory, total);
  //@ assert later: memory != \null && zero && outer ==> zeros(later((char *)memory, 16), \at(total, Pre));
  //@ assert below: outer && memory != \null ==> memory_below((uintptr_t)(memory + 16), outer) == (char *)memory;
  return memory == NULL || !outer ? memory : memory + FRAME_LEAD;
}

/*@ requires layer: layer_ok(layer, bytes.forbidden, bytes.serials);
    requires raw: outer ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
    requires owned: any_held(memory_below((uintptr_t)base, outer));
    terminates \true;
    assigns ANY_BLOCKS;
    ensures PM_DEBUG_08_given: free_done{Pre,Post}(memory_below((uintptr_t)base, outer));
    ensures PM_DEBUG_01_below: any_asked == (outer ? raw_layer->inner.ctx : layer->inner.ctx); */
SELDOM static void memory_free(const layer_t *layer, unsigned char *base, bool outer) {
  const PyMemAllocatorEx *inner = outer ? &raw_layer->inner : &layer->inner;
  //@ assert number: memory_at((uintptr_t)base) == (char *)base;
  //@ assert memory: (char *)(base - FRAME_LEAD * outer) == memory_below((uintptr_t)base, outer);
  //@ calls any_free;
  inner->free(inner->ctx, base - FRAME_LEAD * outer);
}

/* Checks the outer frame of a block: whether it is damaged, which was told then. */
/*@ requires ok: books_ok(b, noted, bytes.serials ? 8 : 0);
    requires raw: layer_ok(raw_layer, bytes.forbidden, bytes.serials) && (bytes.serials ==> noted);
    requires block: known(&b->registry, (uintptr_t)p) && slot == slot_of(&b->registry, (uintptr_t)p);
    requires mine: mine((uintptr_t)p, entry_for(&b->registry, (uintptr_t)p), bytes.serials ? 8 : 0);
    requires outer: has_both(entry_for(&b->registry, (uintptr_t)p));
    requires nobody: misuse_handler == \null;
    terminates \true;
    assigns REPORTED;
    ensures PM_DEBUG_03_outer: \result <==> !intact(p - 32, 24 + (bytes.serials ? 8 : 0) +
      size_of(entry_for(&b->registry, (uintptr_t)p)), raw_layer->frame.id, raw_layer->frame.pad,
      bytes.serials, serial_of(b, slot, noted));
    ensures PM_DEBUG_04_told: \result ==> kind_of{Pre}(told, p - 32, 24 + (bytes.serials ? 8 : 0) +
      size_of(entry_for(&b->registry, (uintptr_t)p)), raw_layer->frame.id);
    ensures PM_DEBUG_04_silent: !\result ==> !reported{Pre,Post};
    ensures PM_DEBUG_04_ends: \result ==> function == \null;
    exits PM_DEBUG_04_said: reported{Pre,Post} ==> told_of == p - 16 && kind_of{Pre}(told, p - 32,
      24 + (bytes.serials ? 8 : 0) + size_of(entry_for(&b->registry, (uintptr_t)p)), raw_layer->frame.id); */
static bool outer_damaged(const books_t *b, uint32_t slot, unsigned char *p, const char *function) {
  size_t total = frame_total(entry_size(*entry_at(b, slot)), bytes.serials);
  //@ ghost uint64_t entry = b->registry.entry[slot];
  //@ assert entry: entry == entry_for(&b->registry, (uintptr_t)p);
  //@ ghost block_is_there(ADDRESS(p), entry);
  frame_t frame = frame_of(b, raw_layer, slot, total, noted);
  //@ ghost const unsigned char *base = p - 2 * FRAME_LEAD;
  //@ assert words: frame.size == total && frame.id == raw_layer->frame.id && frame.pad == raw_layer->frame.pad;
  //@ assert total: total == 24 + (bytes.serials ? 8 : 0) + size_of(entry);
  //@ assert serial: frame.serials == bytes.serials && (frame.serials ==> frame.serial == serial_of(b, slot, noted));
  /*@ assert frame: frame_intact(base, frame) <==>
        intact(base, frame.size, frame.id, frame.pad, bytes.serials, serial_of(b, slot, noted)); */
  /*@ assert front: frame_lead_ok(base, frame) && frame_size_ok(base, frame) <==>
        front_intact(base, frame.size, frame.id); */
  frame_part_t part = frame_check(p - 2 * FRAME_LEAD, frame);
  if (part == FRAME_INTACT) return false;
  pymalloc_misuse m = {.kind = kind_of_damage(part), .function = function, .address = p - FRAME_LEAD,
                       .family = 'r', .block = p - FRAME_LEAD, .size = total, .made_by = 'r',
                       .part = part, .serial = serial_at(b, slot), .stack = stack_at(b, slot)};
  //@ assert readable: \valid_read(m.block + (-16 .. 7 + (bytes.serials ? 8 : 0) + m.size));
  //@ assert block: block_told(m, bytes.serials ? 8 : 0);
  misuse_tell(m);
  return true;
}

/* Freed blocks. */

/*@ requires ok: books_ok(layer->books, noted, bytes.serials ? 8 : 0);
    requires layer: layer_ok(layer, bytes.forbidden, bytes.serials);
    requires held: held_ok(layer->books, entry, (uintptr_t)block);
    requires nobody: misuse_handler == \null;
    terminates \true;
    assigns REPORTED;
    ensures PM_DEBUG_04_ends: \false;
    exits PM_DEBUG_08_said: reported{Pre,Post} ==> told == PYMALLOC_LATE_WRITE && told_of == block; */
SELDOM static void misuse_late_write(const layer_t *layer, unsigned char *block, const uint64_t *entry) {
  const books_t *b = layer->books;
  pymalloc_misuse m = misuse_of_block(b, entry_slot(b, entry), ADDRESS(block));
  m.kind = PYMALLOC_LATE_WRITE;
  m.address = block;
  m.family = layer->api;
  m.function = "_PyMem_DebugRawFree";
  misuse_tell(m);
}

/*@ requires ok: books_ok(b, noted, bytes.serials ? 8 : 0);
    requires words: dead_word == pad_word(bytes.dead);
    requires block: begins(&b->registry, (uintptr_t)p) && slot == slot_of(&b->registry, (uintptr_t)p);
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_08_dead: \result <==> bytes_of(p - 16, 0,
      24 + (bytes.serials ? 8 : 0) + size_of(entry_for(&b->registry, (uintptr_t)p)), bytes.dead); */
static bool dead_intact(const books_t *b, const unsigned char *p, uint32_t slot) {
  //@ ghost uint64_t entry = b->registry.entry[slot];
  //@ assert mine: mine((uintptr_t)p, entry, bytes.serials ? 8 : 0);
  //@ ghost block_is_there(ADDRESS(p), entry);
  //@ assert dead: dead_word % 256 == bytes.dead;
  size_t total = frame_total(entry_size(*entry_at(b, slot)), bytes.serials);
  return bytes_all(p - FRAME_LEAD, total, dead_word);
}

/*@ requires place: 0 <= place <= held_most <= HELD_MOST;
    terminates \true;
    assigns \nothing;
    ensures after: \result == (place == held_most ? 0 : place + 1); */
static inline int32_t held_after(int32_t place) { return place == (int32_t)held_most ? 0 : place + 1; }

/* Calls the free of the allocator below for a block; of one with two frames, it looks at the outer one first. */
/*@ requires ok: books_ok(held.layer->books, noted, bytes.serials ? 8 : 0);
    requires layer: layer_ok(held.layer, bytes.forbidden, bytes.serials) && (bytes.serials ==> noted);
    requires raw: has_both(*held.entry) ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
    requires block: known(&held.layer->books->registry, (uintptr_t)held.block) &&
      held.entry == held.layer->books->registry.entry + slot_of(&held.layer->books->registry, (uintptr_t)held.block);
    requires mine: mine((uintptr_t)held.block, *held.entry, bytes.serials ? 8 : 0);
    requires nobody: misuse_handler == \null;
    terminates \true;
    assigns ANY_BLOCKS, REPORTED;
    ensures PM_DEBUG_04_silent: !reported{Pre,Post};
    ensures PM_DEBUG_08_given: free_done{Pre,Post}(start_at((uintptr_t)held.block, \old(*held.entry)));
    ensures PM_DEBUG_01_below: has_both(\old(*held.entry)) ? any_asked == raw_layer->inner.ctx :
      any_asked == held.layer->inner.ctx;
    ensures PM_DEBUG_07_outer: \old(has_both(*held.entry) ==> intact(held.block - 32,
      24 + (bytes.serials ? 8 : 0) + size_of(*held.entry), raw_layer->frame.id, raw_layer->frame.pad, bytes.serials,
      serial_of(held.layer->books, slot_of(&held.layer->books->registry, (uintptr_t)held.block), noted)));
    exits PM_DEBUG_08_said: reported{Pre,Post} ==> has_both(\old(*held.entry)) && told_of == held.block - 16 &&
      (told == PYMALLOC_OVERRUN || told == PYMALLOC_UNDERRUN); */
static inline void held_free(held_t held) {
  const layer_t *layer = held.layer;
  unsigned char *base = held.block - FRAME_LEAD;
  //@ ghost block_is_there(ADDRESS(held.block), *held.entry);
  //@ assert number: memory_at((uintptr_t)base) == (char *)base;
  //@ assert below: memory_below((uintptr_t)base, 1) == (char *)(held.block - 32);
  if (*held.entry / ENTRY_OUTER % 2 != 0) {
    //@ assert start: start_at((uintptr_t)held.block, *held.entry) == (char *)(held.block - 32);
    outer_damaged(layer->books, entry_slot(layer->books, held.entry), held.block, "_PyMem_DebugRawFree");
    memory_free(layer, base, true);
  } else /*@ calls any_free; */ layer->inner.free(layer->inner.ctx, base);
}

/* Has a freed block be none any more: nobody has written to it since. */
/*@ requires ok: books_ok(held.layer->books, noted, bytes.serials ? 8 : 0) && entries_apart(held.layer->books);
    requires starts: blocks_apart(&held.layer->books->registry, bytes.serials ? 8 : 0);
    requires layer: layer_ok(held.layer, bytes.forbidden, bytes.serials) && (bytes.serials ==> noted);
    requires words: dead_word == pad_word(bytes.dead);
    requires held: held_ok(held.layer->books, held.entry, (uintptr_t)held.block) && n == size_of(*held.entry);
    requires nobody: misuse_handler == \null;
    terminates \true;
    assigns *held.entry, REPORTED;
    ensures PM_DEBUG_04_silent: !reported{Pre,Post};
    ensures ok: books_ok(held.layer->books, noted, bytes.serials ? 8 : 0);
    ensures starts: blocks_apart(&held.layer->books->registry, bytes.serials ? 8 : 0);
    ensures PM_DEBUG_08_unwritten: bytes_of(held.block - 16, 0, 24 + (bytes.serials ? 8 : 0) + n, bytes.dead);
    ensures PM_DEBUG_06_gone: *held.entry == \old(*held.entry) + 256;
    ensures known: known(&held.layer->books->registry, (uintptr_t)held.block) &&
      held.entry == held.layer->books->registry.entry + slot_of(&held.layer->books->registry, (uintptr_t)held.block);
    ensures PM_DEBUG_06_no_block: !begins(&held.layer->books->registry, (uintptr_t)held.block);
    ensures same: size_of(*held.entry) == n && (has_both(*held.entry) <==> has_both(\old(*held.entry)));
    ensures memory: mine((uintptr_t)held.block, *held.entry, bytes.serials ? 8 : 0);
    ensures new: is_new(&held.layer->books->registry, (uintptr_t)held.block,
      start_at((uintptr_t)held.block, *held.entry), bytes_at(*held.entry, bytes.serials ? 8 : 0), bytes.serials ? 8 : 0);
    ensures PM_DEBUG_06_others: known_same{Pre,Post}(&held.layer->books->registry, (uintptr_t)held.block);
    exits PM_DEBUG_08_said: reported{Pre,Post} ==> told == PYMALLOC_LATE_WRITE && told_of == held.block &&
      !bytes_of{Pre}(held.block - 16, 0, 24 + (bytes.serials ? 8 : 0) + n, bytes.dead); */
HOT void block_gone(held_t held, size_t n) {
  const layer_t *layer = held.layer;
  //@ ghost const books_t *b = layer->books;
  //@ ghost uint64_t entry = *held.entry;
  //@ assert mine: mine((uintptr_t)held.block, entry, bytes.serials ? 8 : 0);
  /*@ assert apart: \forall integer c; begins(&b->registry, c) && c != (uintptr_t)held.block ==>
        apart(start_at(c, entry_for(&b->registry, c)), bytes_at(entry_for(&b->registry, c), bytes.serials ? 8 : 0),
          start_at((uintptr_t)held.block, entry), bytes_at(entry, bytes.serials ? 8 : 0)); */
  //@ ghost block_is_there(ADDRESS(held.block), entry);
  //@ assert dead: dead_word % 256 == bytes.dead;
  if (!bytes_all(held.block - FRAME_LEAD, n + layer->around, dead_word)) misuse_late_write(layer, held.block, held.entry);
  //@ assert state: entry / 256 == 4 * (entry / 1024) + 2 && (entry + 256) / 256 == entry / 256 + 1;
  //@ assert next: (entry + 256) / 1024 == entry / 1024 && (entry + 256) / 256 % 4 == 3;
  //@ assert same: size_of(entry + 256) == size_of(entry) && (entry + 256) / 32768 == entry / 32768;
  entry_set(layer->books, held.entry, ADDRESS(held.block), entry_next(*held.entry));
  /*@ assert place: start_at((uintptr_t)held.block, entry + 256) == start_at((uintptr_t)held.block, entry) &&
        bytes_at(entry + 256, bytes.serials ? 8 : 0) == bytes_at(entry, bytes.serials ? 8 : 0); */
  //@ assert still_mine: mine((uintptr_t)held.block, *held.entry, bytes.serials ? 8 : 0);
  //@ assert known: known(&b->registry, (uintptr_t)held.block);
  //@ assert none: !begins(&b->registry, (uintptr_t)held.block);
  /*@ assert others: \forall integer c; begins(&b->registry, c) ==> c != (uintptr_t)held.block &&
        begins{Pre}(&b->registry, c) && entry_for(&b->registry, c) == entry_for{Pre}(&b->registry, c) &&
        c / 32 != (uintptr_t)held.block / 32; */
}

/* Has a freed block go: it is no block any more, and its memory goes back. */
/*@ requires ok: books_ok(held.layer->books, noted, bytes.serials ? 8 : 0) && entries_apart(held.layer->books);
    requires starts: blocks_apart(&held.layer->books->registry, bytes.serials ? 8 : 0);
    requires raw: raw_ok(held.layer->books, raw_layer, bytes.forbidden, bytes.serials);
    requires layer: layer_ok(held.layer, bytes.forbidden, bytes.serials) && (bytes.serials ==> noted);
    requires words: dead_word == pad_word(bytes.dead);
    requires held: held_ok(held.layer->books, held.entry, (uintptr_t)held.block) && n == size_of(*held.entry);
    requires nobody: misuse_handler == \null;
    terminates \true;
    assigns ANY_BLOCKS, *held.entry, REPORTED;
    ensures PM_DEBUG_04_silent: !reported{Pre,Post};
    ensures ok: books_ok(held.layer->books, noted, bytes.serials ? 8 : 0);
    ensures starts: blocks_apart(&held.layer->books->registry, bytes.serials ? 8 : 0);
    ensures raw: raw_ok(held.layer->books, raw_layer, bytes.forbidden, bytes.serials);
    ensures PM_DEBUG_08_unwritten: bytes_of{Pre}(held.block - 16, 0, 24 + (bytes.serials ? 8 : 0) + n, bytes.dead);
    ensures PM_DEBUG_08_given: free_done{Pre,Post}(start_at((uintptr_t)held.block, \old(*held.entry)));
    ensures PM_DEBUG_06_gone: *held.entry == \old(*held.entry) + 256;
    ensures PM_DEBUG_06_others: known_same{Pre,Post}(&held.layer->books->registry, (uintptr_t)held.block);
    ensures PM_FREE_02_bytes: bytes_same{Pre,Post}(&held.layer->books->registry, (uintptr_t)held.block,
      bytes.serials ? 8 : 0);
    exits PM_DEBUG_08_said: reported{Pre,Post} ==> damage_told && (told == PYMALLOC_LATE_WRITE ? told_of == held.block &&
      !bytes_of{Pre}(held.block - 16, 0, 24 + (bytes.serials ? 8 : 0) + n, bytes.dead) :
      told_of == held.block - 16 && has_both(\old(*held.entry))); */
static inline void block_release(held_t held, size_t n) {
  //@ ghost const layer_t *layer = held.layer;
  //@ ghost uint64_t entry = *held.entry;
  //@ assert mine: mine((uintptr_t)held.block, entry, bytes.serials ? 8 : 0);
  /*@ assert apart: \forall integer c; begins(&layer->books->registry, c) && c != (uintptr_t)held.block ==>
        apart(start_at(c, entry_for(&layer->books->registry, c)),
          bytes_at(entry_for(&layer->books->registry, c), bytes.serials ? 8 : 0),
          start_at((uintptr_t)held.block, entry), bytes_at(entry, bytes.serials ? 8 : 0)); */
  /*@ assert starts: \forall integer c; begins(&layer->books->registry, c) && c != (uintptr_t)held.block ==>
        start_at(c, entry_for(&layer->books->registry, c)) != start_at((uintptr_t)held.block, entry); */
  //@ ghost block_is_there(ADDRESS(held.block), entry);
  block_gone(held, n);
  //@ ghost L1: ;
  /*@ assert place: start_at((uintptr_t)held.block, entry + 256) == start_at((uintptr_t)held.block, entry) &&
        bytes_at(entry + 256, bytes.serials ? 8 : 0) == bytes_at(entry, bytes.serials ? 8 : 0); */
  //@ assert owned: owned(start_at((uintptr_t)held.block, entry), bytes_at(entry, bytes.serials ? 8 : 0));
  held_free(held);
  //@ assert given: free_done{L1,Here}(start_at((uintptr_t)held.block, entry));
  /*@ assert rest: \forall char *q, integer m; owned{L1}(q, m) && q != start_at((uintptr_t)held.block, entry) ==>
        owned(q, m); */
  /*@ assert others: \forall integer c; begins(&layer->books->registry, c) ==>
        start_at(c, entry_for(&layer->books->registry, c)) != start_at((uintptr_t)held.block, entry); */
  /*@ assert mine: \forall integer c; begins(&layer->books->registry, c) ==>
        mine(c, entry_for(&layer->books->registry, c), bytes.serials ? 8 : 0); */
  //@ assert own: books_own(&layer->books->registry, bytes.serials ? 8 : 0);
  //@ assert kept: any_kept{L1,Here};
  //@ assert own_then: books_own{L1}(&layer->books->registry, bytes.serials ? 8 : 0);
  //@ assert lives: lives_same{L1,Here}(&layer->books->registry, (uintptr_t)held.block);
  //@ assert books: books_kept{L1,Here}(&layer->books->registry, (uintptr_t)held.block, bytes.serials ? 8 : 0);
  //@ assert bytes: bytes_same{L1,Here}(&layer->books->registry, (uintptr_t)held.block, bytes.serials ? 8 : 0);
  /*@ assert none: raw_layer == \null ==> \forall integer c; begins{Pre}(&layer->books->registry, c) ==>
        !has_both(entry_for{Pre}(&layer->books->registry, c)); */
  /*@ assert both: \forall integer c; begins(&layer->books->registry, c) ==>
        begins{Pre}(&layer->books->registry, c) &&
        (has_both(entry_for(&layer->books->registry, c)) <==> has_both(entry_for{Pre}(&layer->books->registry, c))); */
  //@ assert apis: \forall layer_t *l; in_layers(l) ==> l->api == \at(l->api, Pre);
  //@ assert raw_layer: raw_layer != \null ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
  /*@ assert raw: raw_layer == \null ==> \forall integer c; begins(&layer->books->registry, c) ==>
        !has_both(entry_for(&layer->books->registry, c)); */
}

/* Takes the block that is held back for longest, of n bytes, out of the ring. */
/*@ requires ok: debug_ok(b) && b->room < held_most;
    requires size: n == size_of(*b->held[b->first].entry);
    terminates \true;
    assigns b->first, b->room, b->room_bytes;
    ensures ok: debug_ok(b);
    ensures PM_DEBUG_08_oldest: b->first == (\old(b->first) == held_most ? 0 : \old(b->first) + 1);
    ensures once: not_held(b, held_most, held_at(b, \old(b->first)));
    ensures PM_DEBUG_08_bytes: b->room_bytes >= \old(b->room_bytes);
    ensures PM_DEBUG_08_small: n <= 488 ==> b->room_bytes == \old(b->room_bytes);
    ensures PM_DEBUG_08_room: b->room == \old(b->room) + 1; */
static inline void held_pass(books_t *b, size_t n) {
  //@ assert taken: is_held(b, held_most, b->first);
  b->first = held_after(b->first);
  b->room++;
  int64_t more = b->room_bytes + (int64_t)n; /* never more than all; but a proof of that takes a sum over the ring */
  if (n > QUICK_MOST) b->room_bytes = more < HELD_BYTES ? more : HELD_BYTES;
  //@ assert shape: ring_shape(b, held_most) && ring_bytes(b);
  /*@ assert fewer: \forall integer i; is_held(b, held_most, i) ==> is_held{Pre}(b, held_most, i) &&
        i != \at(b->first, Pre); */
  //@ assert ring: ring_ok(b, held_most, bytes.forbidden, bytes.serials);
}

/* Gives up the block that is held back for longest. */
/*@ requires ok: debug_ok(b) && b->room < held_most;
    requires nobody: misuse_handler == \null;
    terminates \true;
    assigns HELD_STATE(b);
    ensures PM_DEBUG_04_silent: !reported{Pre,Post};
    ensures ok: debug_ok(b);
    ensures layers: layers_same{Pre,Post}(b);
    ensures PM_DEBUG_08_bytes: b->room_bytes >= \old(b->room_bytes);
    ensures PM_DEBUG_08_room: b->room == \old(b->room) + 1;
    ensures PM_DEBUG_06_others: lives_same{Pre,Post}(&b->registry, -32);
    ensures PM_FREE_02_bytes: bytes_same{Pre,Post}(&b->registry, -32, bytes.serials ? 8 : 0);
    exits PM_DEBUG_08_said: reported{Pre,Post} ==> damage_told &&
      (told == PYMALLOC_LATE_WRITE ? told_of == \old(b->held[b->first].block) :
        told_of == \old(b->held[b->first].block) - 16); */
static inline void held_give(books_t *b) {
  //@ assert taken: is_held(b, held_most, b->first);
  held_t held = b->held[b->first];
  //@ assert held: held_ok(b, held.entry, (uintptr_t)held.block);
  //@ assert entry: \valid(held.entry);
  size_t n = entry_size(*held.entry);
  held_pass(b, n);
  //@ assert this: held.block == \at(b->held[b->first].block, Pre);
  //@ assert bases: entries_apart(b) && \base_addr(held.entry) == \base_addr(b->registry.entry);
  /*@ assert entry_apart: \base_addr(held.entry) != \base_addr(&bytes) && \base_addr(held.entry) != \base_addr(&layers[0]) &&
        \base_addr(held.entry) != \base_addr(b); */
  //@ assert room_before: registry_room(&b->registry);
  //@ assert ring_before: ring_layers(b, held_most, bytes.forbidden, bytes.serials);
  //@ assert known_before: ring_known(b, held_most);
  //@ assert same: held.layer->books == b;
  //@ ghost L1: ;
  block_release(held, n);
  //@ assert shape: ring_shape(b, held_most) && ring_bytes(b);
  //@ assert room: registry_room(&b->registry);
  //@ assert known: ring_known(b, held_most);
  //@ assert still: layers_still{L1,Here};
  /*@ assert bytes: \forall debug_bytes_t *v; \base_addr(v) == \base_addr(&bytes) ==> v->clean == \at(v->clean, L1) &&
        v->dead == \at(v->dead, L1) && v->forbidden == \at(v->forbidden, L1) && v->serials == \at(v->serials, L1); */
  //@ assert setting: setting_same{L1,Here};
  //@ assert layers: layers_same{L1,Here}(b);
  //@ assert ring: ring_layers(b, held_most, bytes.forbidden, bytes.serials);
  //@ assert apart: entries_apart(b);
  //@ assert books: books_ok(b, noted, bytes.serials ? 8 : 0);
  /*@ assert starts: blocks_apart(&b->registry, bytes.serials ? 8 : 0) &&
        raw_ok(b, raw_layer, bytes.forbidden, bytes.serials); */
  //@ assert ring_apart: ring_apart(b, held_most);
  //@ assert words: clean_word == pad_word(bytes.clean) && dead_word == pad_word(bytes.dead);
  //@ assert serials: bytes.serials ==> noted;
  //@ assert ring_all: ring_ok(b, held_most, bytes.forbidden, bytes.serials);
  //@ assert ok: debug_ok(b);
  //@ assert slots: \forall integer c; slot_of(&b->registry, c) == slot_of{L1}(&b->registry, c);
  /*@ assert chunk: \forall integer c; 0 <= c && c / 32 == (uintptr_t)held.block / 32 ==>
        b->registry.entry + slot_of(&b->registry, c) == held.entry; */
  //@ assert state: \at(*held.entry, L1) / 256 % 4 == 2 && *held.entry / 256 % 4 == 3;
  /*@ assert was: \forall integer c; c / 32 == (uintptr_t)held.block / 32 ==> !is_live{L1}(&b->registry, c); */
  /*@ assert is: \forall integer c; c / 32 == (uintptr_t)held.block / 32 ==> !is_live(&b->registry, c); */
}

/* Gives up the blocks that are held back for longest, until there is room for so many, and the large ones are not too
   many bytes. */
/*@ requires ok: debug_ok(b);
    requires room: 0 <= room <= held_most;
    requires nobody: misuse_handler == \null;
    terminates \true;
    assigns HELD_STATE(b);
    ensures PM_DEBUG_04_silent: !reported{Pre,Post};
    ensures ok: debug_ok(b) && settled(b);
    ensures layers: layers_same{Pre,Post}(b);
    ensures PM_DEBUG_08_room: b->room >= room;
    ensures PM_DEBUG_08_no_more: \old(b->room) <= room && \old(b->room_bytes) >= 0 ==> b->room == room;
    ensures PM_DEBUG_08_bytes: b->room_bytes >= \old(b->room_bytes);
    ensures PM_DEBUG_06_others: lives_same{Pre,Post}(&b->registry, -32);
    ensures PM_FREE_02_bytes: bytes_same{Pre,Post}(&b->registry, -32, bytes.serials ? 8 : 0);
    exits PM_DEBUG_08_said: reported{Pre,Post} ==> damage_told; */
__attribute__((noinline)) static void held_release(books_t *b, int32_t room) {
  /*@ loop invariant ok: debug_ok(b);
      loop invariant no_more: \at(b->room, Pre) <= room && \at(b->room_bytes, Pre) >= 0 ==> b->room <= room;
      loop invariant room_bytes: b->room_bytes >= \at(b->room_bytes, Pre);
      loop invariant silent: !reported{Pre,Here};
      loop invariant layers: layers_same{Pre,Here}(b);
      loop invariant others: lives_same{Pre,Here}(&b->registry, -32);
      loop invariant bytes: bytes_same{Pre,Here}(&b->registry, -32, bytes.serials ? 8 : 0);
      loop assigns HELD_STATE(b);
      loop variant held_most - b->room; */
  while (b->room < room || (b->room_bytes < 0 && b->room < (int32_t)held_most)) held_give(b);
  if (b->room_bytes < 0) b->room_bytes = 0; /* never, when none is held; but a proof of that takes a sum, too */
}

/* Puts a freed block, of n bytes, into the ring. */
/*@ requires ok: debug_ok(b) && settled(b);
    requires size: n == size_of(*held.entry);
    requires block: held_ok(b, held.entry, (uintptr_t)held.block);
    requires once: not_held(b, held_most, (uintptr_t)held.block);
    requires layer: layer_ok(held.layer, bytes.forbidden, bytes.serials) && held.layer->books == b;
    terminates \true;
    assigns b->held[b->next], b->next, b->room, b->room_bytes;
    ensures ok: debug_ok(b);
    ensures PM_DEBUG_08_held: b->held[\old(b->next)] == held && is_held(b, held_most, \old(b->next));
    ensures PM_DEBUG_08_room: b->room == \old(b->room) - 1;
    ensures PM_DEBUG_08_bytes: b->room_bytes == \old(b->room_bytes) - (n > 488 ? n : 0);
    ensures layers: layers_same{Pre,Post}(b);
    ensures PM_DEBUG_06_same: known_same{Pre,Post}(&b->registry, -32); */
HOT void held_put(books_t *b, held_t held, size_t n) {
  b->held[b->next] = held;
  b->next = held_after(b->next);
  b->room--;
  if (n > QUICK_MOST) b->room_bytes -= (int64_t)n;
  /*@ assert inner: \forall layer_t *l; \base_addr(l) == \base_addr(&layers[0]) ==>
        l->inner.malloc == \at(l->inner.malloc, Pre) && l->inner.calloc == \at(l->inner.calloc, Pre) &&
        l->inner.realloc == \at(l->inner.realloc, Pre) && l->inner.free == \at(l->inner.free, Pre) &&
        l->books == \at(l->books, Pre); */
  //@ assert setting: setting_same{Pre,Here};
  //@ assert layers: layers_same{Pre,Here}(b);
  //@ assert words: words_same{Pre,Here}(b);
  //@ assert known: known_same{Pre,Here}(&b->registry, -32);
  //@ assert free: !is_held{Pre}(b, held_most, \at(b->next, Pre));
  /*@ assert more: \forall integer i; is_held(b, held_most, i) ==>
        i == \at(b->next, Pre) || is_held{Pre}(b, held_most, i); */
  /*@ assert same: \forall integer i; 0 <= i <= held_most && i != \at(b->next, Pre) ==>
        held_at(b, i) == held_at{Pre}(b, i) &&
        b->held[i].entry == \at(b->held[i].entry, Pre) && b->held[i].layer == \at(b->held[i].layer, Pre); */
  //@ assert shape: ring_shape(b, held_most) && ring_bytes(b);
  /*@ assert once: \forall integer i; is_held{Pre}(b, held_most, i) ==>
        held_at(b, i) / 32 != held_at(b, \at(b->next, Pre)) / 32; */
  //@ assert were_apart: ring_apart{Pre}(b, held_most);
  //@ assert ring_apart: ring_apart(b, held_most);
  /*@ assert all: \forall integer c; 0 <= c ==> (known{Pre}(&b->registry, c) <==> known(&b->registry, c)) &&
        slot_of(&b->registry, c) == slot_of{Pre}(&b->registry, c) &&
        entry_for(&b->registry, c) == entry_for{Pre}(&b->registry, c); */
  /*@ assert begins: \forall integer c; begins{Pre}(&b->registry, c) ==> begins(&b->registry, c) &&
        slot_of(&b->registry, c) == slot_of{Pre}(&b->registry, c) &&
        entry_for(&b->registry, c) == entry_for{Pre}(&b->registry, c); */
  /*@ assert begun: \forall uint64_t *e, integer c; held_ok{Pre}(b, e, c) ==> held_ok(b, e, c); */
  //@ assert new: held_ok(b, b->held[\at(b->next, Pre)].entry, held_at(b, \at(b->next, Pre)));
  /*@ assert were: \forall integer i; is_held{Pre}(b, held_most, i) ==>
        held_ok{Pre}(b, \at(b->held[i].entry, Pre), held_at{Pre}(b, i)); */
  //@ assert ring_known: ring_known(b, held_most);
  //@ assert ring_layers: ring_layers(b, held_most, bytes.forbidden, bytes.serials);
  //@ assert memory: books_memory(b) && any_same{Pre,Here};
  //@ assert books: books_ok(b, noted, bytes.serials ? 8 : 0);
  /*@ assert region: b->registry.region.base == \at(b->registry.region.base, Pre) &&
        b->registry.region.size == \at(b->registry.region.size, Pre) &&
        b->registry.region.usable == \at(b->registry.region.usable, Pre) && region_ok(&b->registry.region); */
  //@ assert room: registry_room(&b->registry);
  //@ assert bases: entries_apart(b);
  //@ assert starts: blocks_apart(&b->registry, bytes.serials ? 8 : 0);
  /*@ assert both: \forall integer c; begins(&b->registry, c) && has_both(entry_for(&b->registry, c)) ==>
        begins{Pre}(&b->registry, c) && has_both(entry_for{Pre}(&b->registry, c)); */
  //@ assert raw_layer: raw_layer != \null ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
  //@ assert raw: raw_ok(b, raw_layer, bytes.forbidden, bytes.serials);
}

/*@ requires ok: debug_ok(b) && settled(b);
    requires size: n == size_of(*held.entry);
    requires block: held_ok(b, held.entry, (uintptr_t)held.block);
    requires once: not_held(b, held_most, (uintptr_t)held.block);
    requires layer: layer_ok(held.layer, bytes.forbidden, bytes.serials) && held.layer->books == b;
    requires nobody: misuse_handler == \null;
    terminates \true;
    assigns HELD_STATE(b), b->held[0 .. HELD_MOST], b->next;
    ensures PM_DEBUG_04_silent: !reported{Pre,Post};
    ensures ok: debug_ok(b) && settled(b);
    ensures layers: layers_same{Pre,Post}(b);
    ensures PM_DEBUG_08_held: \old(b->room) > 0 && (n <= 488 || \old(b->room_bytes) >= n) ==> b->room == \old(b->room) - 1;
    ensures PM_DEBUG_08_few: n > 488 && \old(b->room) == 0 && \old(b->room_bytes) >= n ==> b->room == 0;
    ensures PM_DEBUG_08_eighth: n <= 488 && \old(b->room) == 0 ==> b->room == held_most / 8;
    ensures PM_DEBUG_08_small: n <= 488 ==> b->room_bytes >= \old(b->room_bytes);
    ensures PM_DEBUG_06_others: lives_same{Pre,Post}(&b->registry, -32);
    ensures PM_FREE_02_bytes: bytes_same{Pre,Post}(&b->registry, -32, bytes.serials ? 8 : 0);
    exits PM_DEBUG_08_said: reported{Pre,Post} ==> damage_told; */
HOT void block_hold(books_t *b, held_t held, size_t n) {
  held_put(b, held, n);
  if (b->room >= 0 && b->room_bytes >= 0) return;
  /* The C library is quickest when each large block that it gives out was given back just before. */
  held_release(b, n > QUICK_MOST ? 0 : (int32_t)held_most / 8);
}

/*@ ghost
  /@ requires slot: 0 <= a < ADDRESS_END && slot_of(&b->registry, a) >= NODE;
     requires state: state_of(entry_for(&b->registry, a)) == 2;
     requires chunk: entry_for(&b->registry, a) / 1024 % 32 == a % 32;
     terminates \true;
     assigns \nothing;
     ensures begins: begins(&b->registry, a); @/
  void held_is_there(const books_t *b, uintptr_t a) {}
*/

/* Makes a live block a freed one, and erases it with its frame. */
/*@ requires ok: books_ok(layer->books, noted, bytes.serials ? 8 : 0) && entries_apart(layer->books);
    requires layer: layer_ok(layer, bytes.forbidden, bytes.serials);
    requires words: dead_word == pad_word(bytes.dead);
    requires apart: blocks_apart(&layer->books->registry, bytes.serials ? 8 : 0);
    requires block: is_live(&layer->books->registry, (uintptr_t)p) &&
      slot == slot_of(&layer->books->registry, (uintptr_t)p);
    terminates \true;
    assigns layer->books->registry.entry[slot],
      (p - 16)[0 .. 23 + (bytes.serials ? 8 : 0) + size_of(layer->books->registry.entry[slot])];
    ensures ok: books_ok(layer->books, noted, bytes.serials ? 8 : 0);
    ensures PM_DEBUG_06_held: entry_for(&layer->books->registry, (uintptr_t)p) ==
      \old(entry_for(&layer->books->registry, (uintptr_t)p)) + 256;
    ensures state: begins(&layer->books->registry, (uintptr_t)p) &&
      state_of(entry_for(&layer->books->registry, (uintptr_t)p)) == 2;
    ensures start: start_at((uintptr_t)p, entry_for(&layer->books->registry, (uintptr_t)p)) ==
      \old(start_at((uintptr_t)p, entry_for(&layer->books->registry, (uintptr_t)p)));
    ensures both: has_both(entry_for(&layer->books->registry, (uintptr_t)p)) <==>
      \old(has_both(entry_for(&layer->books->registry, (uintptr_t)p)));
    ensures size: size_of(entry_for(&layer->books->registry, (uintptr_t)p)) ==
      \old(size_of(entry_for(&layer->books->registry, (uintptr_t)p)));
    ensures PM_DEBUG_06_others: known_same{Pre,Post}(&layer->books->registry, (uintptr_t)p);
    ensures PM_FREE_02_bytes: bytes_same{Pre,Post}(&layer->books->registry, (uintptr_t)p, bytes.serials ? 8 : 0);
    ensures PM_DEBUG_05_erased: bytes_of(p - 16, 0,
      24 + (bytes.serials ? 8 : 0) + \old(size_of(layer->books->registry.entry[slot])), bytes.dead); */
HOT void block_erase(const layer_t *layer, unsigned char *p, uint32_t slot) {
  uint64_t *place = entry_at(layer->books, slot), entry = *place;
  //@ assert mine: mine((uintptr_t)p, entry, bytes.serials ? 8 : 0);
  //@ ghost block_is_there(ADDRESS(p), entry);
  //@ assert dead: dead_word % 256 == bytes.dead;
  //@ assert live: entry / 256 % 4 == 1;
  //@ assert quarter: entry / 256 / 4 == entry / 1024 && (entry + 256) / 256 == entry / 256 + 1;
  //@ assert state: entry / 256 == 4 * (entry / 1024) + 1;
  //@ assert next: (entry + 256) / 1024 == entry / 1024 && (entry + 256) / 256 % 4 == 2;
  //@ assert size: (entry + 256) / 65536 == (entry + 256) / 1024 / 64 && entry / 65536 == entry / 1024 / 64;
  //@ assert both: (entry + 256) / 32768 == (entry + 256) / 1024 / 32 && entry / 32768 == entry / 1024 / 32;
  //@ assert same: size_of(entry + 256) == size_of(entry) && (entry + 256) / 32768 == entry / 32768;
  /*@ assert place: start_at((uintptr_t)p, entry + 256) == start_at((uintptr_t)p, entry) &&
        bytes_at(entry + 256, bytes.serials ? 8 : 0) == bytes_at(entry, bytes.serials ? 8 : 0); */
  //@ assert still: mine((uintptr_t)p, entry + 256, bytes.serials ? 8 : 0);
  bytes_fill(p - FRAME_LEAD, entry_size(entry) + layer->around, dead_word);
  //@ assert own: books_own{Pre}(&layer->books->registry, bytes.serials ? 8 : 0);
  /*@ assert outside: outside_kept{Pre,Here}((unsigned char *)start_at((uintptr_t)p, entry),
        bytes_at(entry, bytes.serials ? 8 : 0)); */
  //@ assert wrote: wrote{Pre,Here}(&layer->books->registry, (uintptr_t)p, bytes.serials ? 8 : 0);
  //@ assert bytes: bytes_same{Pre,Here}(&layer->books->registry, (uintptr_t)p, bytes.serials ? 8 : 0);
  entry_set(layer->books, place, ADDRESS(p), entry_next(entry));
  //@ assert set: entry_for(&layer->books->registry, (uintptr_t)p) == entry + 256;
  //@ assert there: 0 <= (uintptr_t)p < ADDRESS_END && slot_of(&layer->books->registry, (uintptr_t)p) >= NODE;
  //@ assert state_2: state_of(entry + 256) == 2;
  //@ assert where: (entry + 256) / 1024 % 32 == (uintptr_t)p % 32;
  //@ assert held: state_of(entry_for(&layer->books->registry, (uintptr_t)p)) == 2;
  //@ assert chunk: entry_for(&layer->books->registry, (uintptr_t)p) / 1024 % 32 == (uintptr_t)p % 32;
  //@ ghost held_is_there(layer->books, ADDRESS(p));
}

/* Makes a live block a freed one, and holds it back. */
/*@ requires ok: debug_ok(layer->books) && settled(layer->books);
    requires layer: layer_ok(layer, bytes.forbidden, bytes.serials);
    requires block: is_live(&layer->books->registry, (uintptr_t)p) &&
      slot == slot_of(&layer->books->registry, (uintptr_t)p);
    requires nobody: misuse_handler == \null;
    terminates \true;
    assigns HELD_STATE(layer->books), layer->books->held[0 .. HELD_MOST], layer->books->next;
    ensures PM_DEBUG_04_silent: !reported{Pre,Post};
    ensures ok: debug_ok(layer->books) && settled(layer->books);
    ensures layers: layers_same{Pre,Post}(layer->books);
    ensures PM_DEBUG_06_others: lives_same{Pre,Post}(&layer->books->registry, (uintptr_t)p);
    ensures PM_DEBUG_06_gone: !is_live(&layer->books->registry, (uintptr_t)p);
    ensures PM_FREE_02_bytes: bytes_same{Pre,Post}(&layer->books->registry, (uintptr_t)p, bytes.serials ? 8 : 0);
    exits PM_DEBUG_08_said: reported{Pre,Post} ==> damage_told; */
HOT void block_drop(const layer_t *layer, unsigned char *p, uint32_t slot) {
  books_t *b = layer->books;
  uint64_t *entry = entry_at(b, slot);
  size_t n = entry_size(*entry);
  //@ assert once: not_held(b, held_most, (uintptr_t)p);
  //@ assert mine: mine((uintptr_t)p, *entry, bytes.serials ? 8 : 0);
  //@ ghost block_is_there(ADDRESS(p), *entry);
  //@ assert slot: 0 <= slot <= REGION_MOST / 8 - 1;
  /*@ assert inside: \exists integer o; 0 <= o && o + 24 + (bytes.serials ? 8 : 0) + size_of(*entry) <= ANY_SIZE &&
        (char *)p - 16 == any_byte(o); */
  //@ assert bounds_1: region_bounds(&b->registry.region);
  //@ ghost L1: ;
  block_erase(layer, p, slot);
  //@ assert setting: setting_same{Pre,Here};
  //@ assert apis: \forall layer_t *l; \base_addr(l) == \base_addr(&layers[0]) ==> l->api == \at(l->api, Pre);
  //@ assert layers: layers_same{Pre,Here}(b);
  //@ assert same: ring_same{Pre,Here}(b);
  //@ assert ring: ring_ok(b, held_most, bytes.forbidden, bytes.serials);
  /*@ assert fields: b->registry.tree == \at(b->registry.tree, L1) && b->registry.entry == \at(b->registry.entry, L1) &&
        b->registry.entry_end == \at(b->registry.entry_end, L1); */
  /*@ assert region: b->registry.region.base == \at(b->registry.region.base, L1) &&
        b->registry.region.size == \at(b->registry.region.size, L1) &&
        b->registry.region.usable == \at(b->registry.region.usable, L1); */
  //@ assert source: b->registry.region.source == \at(b->registry.region.source, L1);
  //@ assert bounds: region_bounds(&b->registry.region);
  //@ assert touched: \valid(b->registry.region.base + (0 .. b->registry.region.usable - 1));
  //@ assert place: b->registry.region.size > 0 && region_place(&b->registry.region);
  //@ assert room: registry_room(&b->registry);
  //@ assert bases: entries_apart(b);
  //@ assert starts: blocks_apart(&b->registry, bytes.serials ? 8 : 0);
  /*@ assert both: \forall integer c; begins(&b->registry, c) && has_both(entry_for(&b->registry, c)) ==>
        begins{Pre}(&b->registry, c) && has_both(entry_for{Pre}(&b->registry, c)); */
  //@ assert raw: raw_ok(b, raw_layer, bytes.forbidden, bytes.serials);
  //@ assert ok: debug_ok(b);
  //@ assert still: not_held(b, held_most, (uintptr_t)p);
  //@ assert dead: !is_live(&b->registry, (uintptr_t)p);
  //@ assert others: lives_same{Pre,Here}(&b->registry, (uintptr_t)p);
  block_hold(b, (held_t){layer, p, entry}, n);
}

/* New blocks. */

/* The entry for a new block, or 0. */
/*@ requires ok: books_ok(b, noted, bytes.serials ? 8 : 0) && registry_room(&b->registry) && entries_apart(b);
    terminates \true;
    assigns b->registry.tree[0 .. TREE_WORDS - 1], b->registry.tree_end, b->registry.first, b->registry.end,
      b->registry.entry_end, b->registry.region.usable;
    ensures ok: books_ok(b, noted, bytes.serials ? 8 : 0) && registry_room(&b->registry) && entries_apart(b);
    ensures slot: \result != 0 ==> \result >= NODE && a % 16 == 0 && 0 <= a < ADDRESS_END &&
      \result == slot_of(&b->registry, a);
    ensures PM_DEBUG_06_same: known_same{Pre,Post}(&b->registry, -32); */
SELDOM static uint32_t slot_new(books_t *b, uintptr_t a) {
  if (!address_ok(a)) return 0;
  uint32_t slot = registry_add(&b->registry, a);
  /*@ assert slots: \forall integer c; 0 <= c < ADDRESS_END ==> 0 <= slot_of{Pre}(&b->registry, c) &&
        0 <= slot_of(&b->registry, c); */
  //@ assert kept: slots_kept{Pre,Here}(&b->registry) && slots_fresh{Pre,Here}(&b->registry);
  /*@ assert entries: \forall integer c; 0 <= c < ADDRESS_END && slot_of{Pre}(&b->registry, c) >= NODE ==>
        slot_of(&b->registry, c) == slot_of{Pre}(&b->registry, c) &&
        entry_for(&b->registry, c) == entry_for{Pre}(&b->registry, c); */
  /*@ assert fresh: \forall integer c; 0 <= c < ADDRESS_END && slot_of{Pre}(&b->registry, c) < NODE ==>
        !known(&b->registry, c) && !known{Pre}(&b->registry, c); */
  //@ assert known: known_same{Pre,Here}(&b->registry, -32);
  //@ assert own: books_own(&b->registry, bytes.serials ? 8 : 0);
  //@ assert words: \forall integer i; b->registry.entry[i] == \at(b->registry.entry[i], Pre);
  //@ assert places: \forall integer i; b->stacks.place[i].depth == \at(b->stacks.place[i].depth, Pre);
  //@ assert depth: b->stacks.depth == \at(b->stacks.depth, Pre);
  //@ assert table: b->stacks.depth > 0 ==> stacks_memory(&b->stacks);
  //@ assert deep: b->stacks.depth > 0 ==> stacks_places{Pre}(&b->stacks);
  //@ assert depths: b->stacks.depth > 0 ==> stacks_places(&b->stacks);
  //@ assert stacks: stacks_ok(&b->stacks);
  /*@ assert were_notes: noted ==> \forall integer c; 0 <= c < ADDRESS_END && slot_of{Pre}(&b->registry, c) >= NODE ==>
        note_ok{Pre}(b, b->registry.entry[slot_of{Pre}(&b->registry, c) + NODE]); */
  /*@ assert same_notes: \forall integer c; 0 <= c < ADDRESS_END && slot_of{Pre}(&b->registry, c) >= NODE ==>
        b->registry.entry[slot_of(&b->registry, c) + NODE] ==
        \at(b->registry.entry[slot_of{Pre}(&b->registry, c) + NODE], Pre); */
  /*@ assert old_notes: noted ==> \forall integer c; 0 <= c < ADDRESS_END && slot_of{Pre}(&b->registry, c) >= NODE ==>
        note_ok(b, b->registry.entry[slot_of(&b->registry, c) + NODE]); */
  /*@ assert new_notes: noted ==> \forall integer c; 0 <= c < ADDRESS_END && slot_of{Pre}(&b->registry, c) < NODE &&
        slot_of(&b->registry, c) >= NODE ==> b->registry.entry[slot_of(&b->registry, c) + NODE] == 0; */
  //@ assert zero: note_ok(b, 0);
  /*@ assert all_notes: noted ==> \forall integer c; 0 <= c < ADDRESS_END && slot_of(&b->registry, c) >= NODE ==>
        note_ok(b, b->registry.entry[slot_of(&b->registry, c) + NODE]); */
  //@ assert stride: noted ==> b->registry.stride == 2 * NODE;
  //@ assert notes: noted ==> books_notes(b);
  //@ assert ok: books_ok(b, noted, bytes.serials ? 8 : 0);
  //@ assert room: registry_room(&b->registry);
  //@ assert apart: entries_apart(b);
  return slot;
}

/* The entry for an address at which a block is to begin, or 0. */
/*@ requires ok: debug_ok(b);
    terminates \true;
    assigns b->registry.tree[0 .. TREE_WORDS - 1], b->registry.tree_end, b->registry.first, b->registry.end,
      b->registry.entry_end, b->registry.region.usable;
    ensures ok: debug_ok(b);
    ensures layers: layers_same{Pre,Post}(b);
    ensures slot: \result != 0 ==> \result >= NODE && a % 16 == 0 && 0 <= a < ADDRESS_END &&
      \result == slot_of(&b->registry, a);
    ensures PM_DEBUG_06_same: known_same{Pre,Post}(&b->registry, -32); */
HOT uint32_t slot_for(books_t *b, uintptr_t a) {
  uint32_t slot = slot_at(b, a);
  if (slot >= NODE) return slot;
  slot = slot_new(b, a);
  /*@ assert frames: \forall layer_t *l; \base_addr(l) == \base_addr(&layers[0]) ==> l->around == \at(l->around, Pre) &&
        l->frame.id == \at(l->frame.id, Pre) && l->frame.pad == \at(l->frame.pad, Pre); */
  //@ assert setting: setting_same{Pre,Here};
  //@ assert layers: layers_same{Pre,Here}(b);
  //@ assert same: ring_same{Pre,Here}(b);
  //@ assert ring: ring_ok(b, held_most, bytes.forbidden, bytes.serials);
  //@ assert starts: blocks_apart(&b->registry, bytes.serials ? 8 : 0);
  //@ assert raw: raw_ok(b, raw_layer, bytes.forbidden, bytes.serials);
  return slot;
}

/* Writes a number for a block, and its stack, beside its entry.  The stack is that of whoever
   called the layer: without block_note, the function that it calls, and the layer's own, which
   must all be one (HOT). */
/*@ requires ok: books_ok(b, noted, bytes.serials ? 8 : 0) && entries_apart(b) && noted;
    requires slot: \exists integer a; 0 <= a < ADDRESS_END && slot == slot_of(&b->registry, a) && slot >= NODE;
    terminates \true;
    assigns b->serial, b->registry.entry[slot + NODE], b->stacks.place[0 .. STACKS_MOST - 1];
    ensures ok: books_ok(b, noted, bytes.serials ? 8 : 0);
    ensures PM_DEBUG_16_number: numbered(b, slot);
    ensures PM_DEBUG_06_same: known_same{Pre,Post}(&b->registry, -32); */
HOT void note_write(books_t *b, uint32_t slot) {
  //@ assert before: books_notes(b) && registry_leaves_apart(&b->registry);
  *registry_note(&b->registry, slot) = ++b->serial % ((uint64_t)1 << 44) * 0x100000 + stacks_keep(&b->stacks, 3);
  //@ assert arrays: b->registry.tree == \at(b->registry.tree, Pre) && b->registry.entry == \at(b->registry.entry, Pre);
  //@ assert words: \forall integer i; i != slot + NODE ==> b->registry.entry[i] == \at(b->registry.entry[i], Pre);
  //@ assert nodes_same: \forall integer i; b->registry.tree[i] == \at(b->registry.tree[i], Pre);
  //@ assert nodes_of: \forall integer c; node_of(&b->registry, c) == node_of{Pre}(&b->registry, c);
  //@ assert same: \forall integer c; slot_of(&b->registry, c) == slot_of{Pre}(&b->registry, c);
  /*@ assert entries: \forall integer c; 0 <= c < ADDRESS_END && slot_of(&b->registry, c) >= NODE ==>
        entry_for(&b->registry, c) == entry_for{Pre}(&b->registry, c); */
  //@ assert known: known_same{Pre,Here}(&b->registry, -32);
  /*@ assert ends: b->registry.tree_end == \at(b->registry.tree_end, Pre) &&
        b->registry.entry_end == \at(b->registry.entry_end, Pre) &&
          b->registry.stride == \at(b->registry.stride, Pre) &&
        b->registry.first == \at(b->registry.first, Pre) && b->registry.end == \at(b->registry.end, Pre); */
  //@ assert memory: registry_memory(&b->registry);
  //@ assert bounds: registry_bounds(&b->registry);
  //@ assert null: registry_null(&b->registry);
  //@ assert nodes: registry_tops(&b->registry) && registry_mids(&b->registry) && registry_fresh(&b->registry);
  //@ assert span: registry_span(&b->registry);
  //@ assert mids: registry_mids_apart(&b->registry);
  //@ assert leaves: registry_leaves_apart(&b->registry);
  //@ assert stacks: stacks_ok(&b->stacks);
  //@ assert own: books_own(&b->registry, bytes.serials ? 8 : 0);
  //@ assert note: note_ok(b, b->registry.entry[slot + NODE]);
  /*@ assert others: \forall integer c; 0 <= c < ADDRESS_END && slot_of(&b->registry, c) >= NODE &&
        slot_of(&b->registry, c) != slot ==> note_ok(b, b->registry.entry[slot_of(&b->registry, c) + NODE]); */
  /*@ assert notes: \forall integer c; 0 <= c < ADDRESS_END && slot_of(&b->registry, c) >= NODE ==>
        note_ok(b, b->registry.entry[slot_of(&b->registry, c) + NODE]); */
}

/* Notes a number for a block, and its stack, where that is wanted. */
/*@ requires ok: debug_ok(b) && noted;
    requires slot: \exists integer a; 0 <= a < ADDRESS_END && slot == slot_of(&b->registry, a) && slot >= NODE;
    terminates \true;
    assigns b->serial, b->registry.entry[slot + NODE], b->stacks.place[0 .. STACKS_MOST - 1];
    ensures ok: debug_ok(b);
    ensures layers: layers_same{Pre,Post}(b);
    ensures PM_DEBUG_16_number: numbered(b, slot);
    ensures PM_DEBUG_06_same: known_same{Pre,Post}(&b->registry, -32); */
SELDOM static void block_note(books_t *b, uint32_t slot) {
  note_write(b, slot);
  /*@ assert both: \forall integer c; begins(&b->registry, c) && has_both(entry_for(&b->registry, c)) ==>
        begins{Pre}(&b->registry, c) && has_both(entry_for{Pre}(&b->registry, c)); */
  /*@ assert fields: b->registry.tree == \at(b->registry.tree, Pre) &&
        b->registry.entry == \at(b->registry.entry, Pre) &&
        b->registry.region.base == \at(b->registry.region.base, Pre); */
  /*@ assert sizes: b->registry.entry_end == \at(b->registry.entry_end, Pre) &&
        b->registry.region.size == \at(b->registry.region.size, Pre) &&
        b->registry.region.usable == \at(b->registry.region.usable, Pre); */
  //@ assert region: region_ok(&b->registry.region);
  /*@ assert functions: \forall layer_t *l; in_layers(l) ==>
        l->inner.malloc == \at(l->inner.malloc, Pre) && l->inner.calloc == \at(l->inner.calloc, Pre) &&
        l->inner.realloc == \at(l->inner.realloc, Pre) && l->inner.free == \at(l->inner.free, Pre) &&
        l->books == \at(l->books, Pre); */
  /*@ assert words: \forall layer_t *l; in_layers(l) ==> l->around == \at(l->around, Pre) &&
        l->frame.id == \at(l->frame.id, Pre) && l->frame.pad == \at(l->frame.pad, Pre); */
  //@ assert still: layers_still{Pre,Here} && setting_same{Pre,Here};
  //@ assert layers: layers_same{Pre,Here}(b);
  //@ assert ring_same: ring_same{Pre,Here}(b);
  //@ assert ring: ring_ok(b, held_most, bytes.forbidden, bytes.serials);
  //@ assert room: registry_room(&b->registry);
  //@ assert bases: entries_apart(b);
  //@ assert starts: blocks_apart(&b->registry, bytes.serials ? 8 : 0);
  //@ assert raw: raw_ok(b, raw_layer, bytes.forbidden, bytes.serials);
}

/*@ requires ok: debug_ok(b);
    requires notes: notes == noted;
    requires slot: \exists integer a; 0 <= a < ADDRESS_END && slot == slot_of(&b->registry, a) && slot >= NODE;
    terminates \true;
    assigns b->serial, b->registry.entry[0 .. REGION_MOST / 8 - 1], b->stacks.place[0 .. STACKS_MOST - 1];
    ensures ok: debug_ok(b);
    ensures layers: layers_same{Pre,Post}(b);
    ensures PM_DEBUG_16_number: notes ==> numbered(b, slot);
    ensures PM_DEBUG_06_same: known_same{Pre,Post}(&b->registry, -32); */
HOT void block_number(books_t *b, uint32_t slot, bool notes) {
  //@ assert inside: noted ==> slot + NODE < b->registry.entry_end <= REGION_MOST / 8;
  if (notes) block_note(b, slot);
}

/* Fills memory in as a block with a frame, whose bytes are clean unless they are to stay zero. */
/*@ requires room: frame_room(base, frame);
    requires apart: \separated(&bytes, base + (0 .. frame_end(frame) - 1));
    requires words: clean_word == pad_word(bytes.clean);
    terminates \true;
    assigns base[0 .. frame_end(frame) - 1];
    ensures PM_DEBUG_02_frame: frame_intact(base, frame);
    ensures PM_DEBUG_05_clean: !zero ==> bytes_of(base, 16, 16 + frame.size, bytes.clean);
    ensures PM_CALLOC_02_kept: zero ==> \forall integer i; 16 <= i < 16 + frame.size ==> base[i] == \old(base[i]);
    ensures PM_DEBUG_02_outside: outside_kept{Pre,Post}(base, frame_end(frame)); */
HOT void block_fill(unsigned char *base, frame_t frame, bool zero) {
  //@ assert clean: clean_word % 256 == bytes.clean;
  if (!zero) bytes_fill(base, FRAME_LEAD + frame.size, clean_word);
  //@ assert filled: !zero ==> bytes_of(base, 16, 16 + frame.size, bytes.clean);
  //@ ghost L1: ;
  //@ assert outside: outside_kept{Pre,Here}(base, frame_end(frame));
  frame_write(base, frame);
  //@ assert kept: \forall integer i; 16 <= i < 16 + frame.size ==> base[i] == \at(base[i], L1);
}

/* The entry of a live block of n bytes; outer: of one with a frame of raw, too. */
/*@ requires size: n <= FRAME_MOST;
    terminates \true;
    assigns \nothing;
    ensures size: size_of(\result) == n;
    ensures outer: has_both(\result) <==> outer;
    ensures where: \result / 1024 % 32 == a % 32;
    ensures PM_DEBUG_06_live: state_of(\result) == 1;
    ensures api: \result % 256 == (unsigned char)api; */
HOT uint64_t entry_live(uintptr_t a, size_t n, char api, bool outer) {
  uint64_t both = outer ? ENTRY_OUTER : 0;
  //@ ghost uint64_t two = outer ? 1 : 0;
  //@ assert both: both == 32768 * two && two <= 1;
  //@ assert where: 0 <= a % 32 < 32 && 0 <= (unsigned char)api < 256;
  uint64_t entry = entry_make(n, entry_mark(a, api, BLOCK_LIVE)) + both;
  //@ assert entry: entry == 65536 * n + 32768 * two + 1024 * (a % 32) + 256 + (unsigned char)api;
  //@ assert size: entry / 65536 == n;
  //@ assert outer: entry / 32768 == 2 * n + two;
  //@ assert place: entry / 1024 == 64 * n + 32 * two + a % 32;
  //@ assert state: entry / 256 == 4 * (64 * n + 32 * two + a % 32) + 1;
  //@ assert parts: (2 * n + two) % 2 == two && (64 * n + 32 * two + a % 32) % 32 == a % 32;
  //@ assert live: (4 * (64 * n + 32 * two + a % 32) + 1) % 4 == 1;
  //@ assert api: entry % 256 == (unsigned char)api;
  return entry;
}

/* Has the entry for a new block of n bytes say so. */
/*@ requires ok: debug_ok(layer->books);
    requires layer: layer_ok(layer, bytes.forbidden, bytes.serials);
    requires slot: slot >= NODE && a % 16 == 0 && a < ADDRESS_END &&
      slot == slot_of(&layer->books->registry, a);
    requires outer: outer ==> raw_layer != \null;
    requires memory: mine(a, entry_with(n, outer), bytes.serials ? 8 : 0);
    requires new: is_new(&layer->books->registry, a, start_at(a, entry_with(n, outer)),
      bytes_at(entry_with(n, outer), bytes.serials ? 8 : 0), bytes.serials ? 8 : 0);
    terminates \true;
    assigns layer->books->registry.entry[slot];
    ensures ok: debug_ok(layer->books);
    ensures layers: layers_same{Pre,Post}(layer->books);
    ensures PM_DEBUG_06_live: is_live(&layer->books->registry, a);
    ensures PM_DEBUG_06_what: \let entry = entry_for(&layer->books->registry, a);
      size_of(entry) == n && entry % 256 == (unsigned char)layer->api && (has_both(entry) <==> outer);
    ensures PM_DEBUG_06_others: known_same{Pre,Post}(&layer->books->registry, a);
    ensures slot: slot == slot_of(&layer->books->registry, a); */
HOT void block_enter(const layer_t *layer, uintptr_t a, uint32_t slot, size_t n, bool outer) {
  books_t *b = layer->books;
  uint64_t entry = entry_live(a, n, layer->api, outer);
  //@ assert parts: size_of(entry_with(n, outer)) == n && (has_both(entry_with(n, outer)) <==> outer);
  //@ assert mine: mine(a, entry, bytes.serials ? 8 : 0);
  //@ assert start: start_at(a, entry) == start_at(a, entry_with(n, outer));
  //@ assert size: bytes_at(entry, bytes.serials ? 8 : 0) == bytes_at(entry_with(n, outer), bytes.serials ? 8 : 0);
  //@ assert once: not_held(b, held_most, a);
  //@ assert inside: \valid_read(b) && registry_ok(&b->registry) && slot < b->registry.entry_end;
  entry_set(b, entry_at(b, slot), a, entry);
  //@ assert known: begins(&b->registry, a) && entry_for(&b->registry, a) == entry;
  //@ assert still: layers_still{Pre,Here} && setting_same{Pre,Here};
  //@ assert layers: layers_same{Pre,Here}(b);
  //@ assert ring_same: ring_same{Pre,Here}(b);
  //@ assert ring: ring_ok(b, held_most, bytes.forbidden, bytes.serials);
  //@ assert room: registry_room(&b->registry);
  //@ assert bases: entries_apart(b);
  //@ assert starts: blocks_apart(&b->registry, bytes.serials ? 8 : 0);
  /*@ assert both: \forall integer c; begins(&b->registry, c) && has_both(entry_for(&b->registry, c)) ==>
        c == a || begins{Pre}(&b->registry, c) && has_both(entry_for{Pre}(&b->registry, c)); */
  //@ assert raw: raw_ok(b, raw_layer, bytes.forbidden, bytes.serials);
}

/* Gives memory back that could not become a block. */
/*@ requires ok: debug_ok(layer->books);
    requires layer: layer_ok(layer, bytes.forbidden, bytes.serials);
    requires raw: outer ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
    requires memory: any_held(memory_below((uintptr_t)base, outer));
    requires other: \forall integer c; begins(&layer->books->registry, c) ==>
      start_at(c, entry_for(&layer->books->registry, c)) != memory_below((uintptr_t)base, outer);
    terminates \true;
    assigns ANY_BLOCKS;
    ensures ok: debug_ok(layer->books);
    ensures layers: layers_same{Pre,Post}(layer->books);
    ensures PM_DEBUG_06_same: known_same{Pre,Post}(&layer->books->registry, -32);
    ensures PM_MALLOC_03_bytes: bytes_same{Pre,Post}(&layer->books->registry, -32, bytes.serials ? 8 : 0);
    ensures PM_DEBUG_08_given: free_done{Pre,Post}(memory_below((uintptr_t)base, outer)); */
SELDOM static void block_refused(const layer_t *layer, unsigned char *base, bool outer) {
  //@ ghost char *start = outer ? (char *)base - FRAME_LEAD : (char *)base;
  //@ assert start: start == memory_below((uintptr_t)base, outer);
  memory_free(layer, base, outer);
  //@ ghost const books_t *b = layer->books;
  //@ assert functions: layers_still{Pre,Here} && setting_same{Pre,Here};
  //@ assert layers: layers_same{Pre,Here}(layer->books);
  //@ assert known: known_same{Pre,Here}(&layer->books->registry, -32);
  //@ assert rest: \forall char *q, integer m; owned{Pre}(q, m) && q != start ==> owned(q, m);
  /*@ assert own: \forall integer c; begins(&layer->books->registry, c) ==>
        mine(c, entry_for(&layer->books->registry, c), bytes.serials ? 8 : 0); */
  //@ assert books_own: books_own(&layer->books->registry, bytes.serials ? 8 : 0);
  //@ assert same: ring_same{Pre,Here}(layer->books);
  //@ assert ring: ring_ok(layer->books, held_most, bytes.forbidden, bytes.serials);
  //@ assert books: books_ok(layer->books, noted, bytes.serials ? 8 : 0);
  //@ assert starts: blocks_apart(&layer->books->registry, bytes.serials ? 8 : 0);
  //@ assert raw: raw_ok(layer->books, raw_layer, bytes.forbidden, bytes.serials);
}

/* Writes the frame of raw around a new block with its own frame, which are so many bytes; where there
   is to be none, nothing. */
/*@ requires ok: books_ok(b, noted, bytes.serials ? 8 : 0);
    requires raw: outer ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials) && (bytes.serials ==> noted);
    requires block: known(&b->registry, (uintptr_t)p) && slot == slot_of(&b->registry, (uintptr_t)p);
    requires mine: mine((uintptr_t)p, entry_for(&b->registry, (uintptr_t)p), bytes.serials ? 8 : 0);
    requires outer: outer <==> has_both(entry_for(&b->registry, (uintptr_t)p));
    requires total: total == 24 + (bytes.serials ? 8 : 0) + size_of(entry_for(&b->registry, (uintptr_t)p));
    terminates \true;
    assigns any_memory[0 .. ANY_SIZE - 1];
    ensures setting: setting_same{Pre,Post};
    ensures PM_DEBUG_02_outer: outer ==> intact(p - 32, total, raw_layer->frame.id, raw_layer->frame.pad,
      bytes.serials, serial_of(b, slot, noted));
    ensures PM_CALLOC_02_kept: stays{Pre,Post}(p - 16, 16, 16 + size_of(entry_for(&b->registry, (uintptr_t)p)));
    ensures PM_DEBUG_02_outside: outside_kept{Pre,Post}((unsigned char *)start_at((uintptr_t)p,
      entry_for(&b->registry, (uintptr_t)p)),
      bytes_at(entry_for(&b->registry, (uintptr_t)p), bytes.serials ? 8 : 0)); */
HOT void outer_write(const books_t *b, unsigned char *p, uint32_t slot, size_t total, bool outer) {
  if (!outer) return;
  //@ assert inside: registry_ok(&b->registry) && slot < b->registry.entry_end;
  //@ assert entries: \valid_read(b->registry.entry + (0 .. b->registry.entry_end - 1));
  //@ ghost uint64_t entry = b->registry.entry[slot];
  //@ ghost block_is_there(ADDRESS(p), entry);
  frame_t frame = frame_of(b, raw_layer, slot, total, noted);
  //@ assert words: frame.size == total && frame.id == raw_layer->frame.id && frame.pad == raw_layer->frame.pad;
  //@ assert serial: frame.serials == bytes.serials && (frame.serials ==> frame.serial == serial_of(b, slot, noted));
  //@ assert room: \valid((p - 32) + (0 .. 23 + (bytes.serials ? 8 : 0) + total));
  //@ ghost unsigned char *base = p - 2 * FRAME_LEAD;
  /*@ assert range: \exists integer o; 0 <= o && o + 24 + (bytes.serials ? 8 : 0) + total <= ANY_SIZE &&
        (char *)base == any_byte(o); */
  //@ assert end: frame_end(frame) == 24 + (bytes.serials ? 8 : 0) + total;
  frame_write(p - 2 * FRAME_LEAD, frame);
  //@ assert setting: setting_same{Pre,Here};
  //@ assert frame: intact(base, frame.size, frame.id, frame.pad, frame.serials, frame.serial);
  //@ assert outer: intact(base, total, raw_layer->frame.id, raw_layer->frame.pad, bytes.serials, frame.serial);
  //@ assert wide: stays{Pre,Here}(base, 16, 16 + frame.size);
  //@ assert stays: stays{Pre,Here}(base, 32, 32 + size_of(entry));
  //@ assert later: stays{Pre,Here}((unsigned char *)later((char *)base, 16), 16, 16 + size_of(entry));
}

/* Fills a new block, and writes its frame. */
/*@ requires ok: books_ok(layer->books, noted, bytes.serials ? 8 : 0);
    requires notes: notes == noted;
    requires layer: layer_ok(layer, bytes.forbidden, bytes.serials) && (bytes.serials ==> noted);
    requires words: clean_word == pad_word(bytes.clean);
    requires at: at((uintptr_t)(base + 16)) == base + 16;
    requires block: begins(&layer->books->registry, (uintptr_t)(base + 16)) &&
      slot == slot_of(&layer->books->registry, (uintptr_t)(base + 16));
    requires size: n == size_of(entry_for(&layer->books->registry, (uintptr_t)(base + 16)));
    terminates \true;
    assigns any_memory[0 .. ANY_SIZE - 1];
    ensures setting: setting_same{Pre,Post};
    ensures PM_DEBUG_02_frame: intact(base, n, layer->frame.id, layer->frame.pad, bytes.serials,
      serial_of(layer->books, slot, noted));
    ensures PM_DEBUG_05_clean: !zero ==> bytes_of(base, 16, 16 + n, bytes.clean);
    ensures PM_CALLOC_02_kept: zero ==> \forall integer i; 16 <= i < 16 + n ==> base[i] == \old(base[i]);
    ensures PM_MALLOC_01_valid: \valid(base + (16 .. 15 + n));
    ensures PM_DEBUG_02_outside: outside_kept{Pre,Post}(base, 24 + (bytes.serials ? 8 : 0) + n); */
HOT void inner_write(const layer_t *layer, unsigned char *base, uint32_t slot, size_t n, bool zero, bool notes) {
  //@ assert inside: registry_ok(&layer->books->registry) && slot < layer->books->registry.entry_end;
  //@ assert entries: \valid_read(layer->books->registry.entry + (0 .. layer->books->registry.entry_end - 1));
  //@ ghost uint64_t entry = layer->books->registry.entry[slot];
  //@ assert mine: mine((uintptr_t)(base + 16), entry, bytes.serials ? 8 : 0);
  //@ ghost block_is_there(ADDRESS(base + FRAME_LEAD), entry);
  //@ assert size: size_of(entry) == n;
  //@ assert there: \valid((at((uintptr_t)(base + 16)) - 16) + (0 .. 23 + (bytes.serials ? 8 : 0) + n));
  //@ assert same: at((uintptr_t)(base + 16)) - 16 == base;
  //@ assert lead: memory_at((uintptr_t)(base + 16)) - 16 == (char *)base;
  /*@ assert range: \exists integer o; 0 <= o && o + 24 + (bytes.serials ? 8 : 0) + n <= ANY_SIZE &&
        (char *)base == any_byte(o); */
  frame_t frame = frame_of(layer->books, layer, slot, n, notes);
  //@ assert words: frame.size == n && frame.id == layer->frame.id && frame.pad == layer->frame.pad;
  /*@ assert serial: frame.serials == bytes.serials &&
        (frame.serials ==> frame.serial == serial_of(layer->books, slot, noted)); */
  //@ assert most: n <= FRAME_MOST;
  //@ assert room: \valid(base + (0 .. 23 + (bytes.serials ? 8 : 0) + n));
  //@ assert frame_room: frame_room(base, frame);
  //@ assert end: frame_end(frame) == 24 + (bytes.serials ? 8 : 0) + n;
  block_fill(base, frame, zero);
  //@ assert setting: setting_same{Pre,Here};
  //@ assert frame: intact(base, frame.size, frame.id, frame.pad, frame.serials, frame.serial);
}

/* Fills a new block, and writes its frame, or both. */
/*@ requires ok: debug_ok(layer->books);
    requires notes: notes == noted;
    requires layer: layer_ok(layer, bytes.forbidden, bytes.serials);
    requires raw: outer ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
    requires at: at((uintptr_t)(base + 16)) == base + 16;
    requires zero: zero ==> zeros((char *)(base + 16), n);
    requires block: begins(&layer->books->registry, (uintptr_t)(base + 16)) &&
      slot == slot_of(&layer->books->registry, (uintptr_t)(base + 16));
    requires size: n == size_of(entry_for(&layer->books->registry, (uintptr_t)(base + 16)));
    requires outer: outer <==> has_both(entry_for(&layer->books->registry, (uintptr_t)(base + 16)));
    terminates \true;
    assigns any_memory[0 .. ANY_SIZE - 1];
    ensures ok: debug_ok(layer->books);
    ensures layers: layers_same{Pre,Post}(layer->books);
    ensures PM_DEBUG_02_frame: intact(base, n, layer->frame.id, layer->frame.pad, bytes.serials,
      serial_of(layer->books, slot, noted));
    ensures PM_DEBUG_02_outer: outer ==> intact(base - 16, n + 24 + (bytes.serials ? 8 : 0), raw_layer->frame.id,
      raw_layer->frame.pad, bytes.serials, serial_of(layer->books, slot, noted));
    ensures PM_MALLOC_01_valid: \valid(base + (16 .. 15 + n));
    ensures PM_DEBUG_05_clean: !zero ==> bytes_of(base, 16, 16 + n, bytes.clean);
    ensures PM_CALLOC_02_zero: zero ==> zeros((char *)(base + 16), n);
    ensures PM_MALLOC_03_bytes: bytes_same{Pre,Post}(&layer->books->registry, (uintptr_t)(base + 16),
      bytes.serials ? 8 : 0); */
HOT void frames_write(const layer_t *layer, unsigned char *base, uint32_t slot, size_t n, bool zero, bool outer,
                      bool notes) {
  //@ ghost const books_t *b = layer->books;
  //@ ghost size_t total = n + layer->around;
  //@ assert apart: blocks_apart(&b->registry, bytes.serials ? 8 : 0) && books_own(&b->registry, bytes.serials ? 8 : 0);
  //@ assert books: books_ok(b, noted, bytes.serials ? 8 : 0) && (bytes.serials ==> noted);
  //@ assert clean: clean_word == pad_word(bytes.clean);
  //@ assert mine: mine((uintptr_t)(base + 16), entry_for(&b->registry, (uintptr_t)(base + 16)), bytes.serials ? 8 : 0);
  outer_write(layer->books, base + FRAME_LEAD, slot, n + layer->around, outer);
  //@ ghost L1: ;
  //@ assert setting_1: setting_same{Pre,Here};
  //@ assert words_1: words_same{Pre,Here}(b);
  //@ assert ring_1: ring_same{Pre,Here}(b);
  //@ assert still_1: layers_still{Pre,Here};
  //@ assert books_1: books_ok(b, noted, bytes.serials ? 8 : 0);
  inner_write(layer, base, slot, n, zero, notes);
  //@ assert stays: zero ==> stays{Pre,Here}(base, 16, 16 + n);
  //@ assert later: zero ==> stays{Pre,Here}((unsigned char *)later((char *)base, 16), 0, n);
  //@ assert zero: zero ==> zeros(later((char *)base, 16), n);
  //@ assert setting_2: setting_same{L1,Here};
  //@ assert setting: setting_same{Pre,Here};
  //@ assert words: words_same{Pre,Here}(b);
  //@ assert ring: ring_same{Pre,Here}(b);
  //@ assert wrote: wrote{Pre,Here}(&b->registry, (uintptr_t)(base + 16), bytes.serials ? 8 : 0);
  //@ assert bytes: bytes_same{Pre,Here}(&b->registry, (uintptr_t)(base + 16), bytes.serials ? 8 : 0);
  //@ assert still_2: layers_still{L1,Here};
  //@ assert still: layers_still{Pre,Here};
  //@ assert layers: layers_same{Pre,Here}(b);
  /*@ assert outer_kept: outer ==> intact(base - 16, total, \at(raw_layer->frame.id, L1),
        \at(raw_layer->frame.pad, L1), \at(bytes.serials, L1), serial_of{L1}(b, slot, \at(noted, L1))); */
}

/*@ ghost
  /@ terminates \true;
     assigns \nothing;
     ensures entry: size_of(entry_with(n, outer)) == n && (has_both(entry_with(n, outer)) <==> outer);
     ensures start: start_at((uintptr_t)(base + 16), entry_with(n, outer)) == memory_below((uintptr_t)base, outer); @/
  void frame_begins(const unsigned char *base, size_t n, bool outer) {
    uint64_t two = outer ? 1 : 0;
    /@ assert number: memory_at((uintptr_t)base) == (char *)base &&
         memory_at((uintptr_t)(base + 16)) == (char *)base + 16; @/
    /@ assert entry: size_of(entry_with(n, two)) == n && (has_both(entry_with(n, two)) <==> outer); @/
    /@ assert with: entry_with(n, outer) == entry_with(n, two); @/
    /@ assert start: start_at((uintptr_t)(base + 16), entry_with(n, two)) == memory_below((uintptr_t)base, outer); @/
  }
*/

/* Memory for a new block of n bytes: where its frame begins. */
/*@ requires ok: debug_ok(layer->books);
    requires layer: layer_ok(layer, bytes.forbidden, bytes.serials);
    requires raw: outer ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
    requires size: n <= FRAME_MOST - FRAME_AROUND;
    terminates \true;
    assigns ANY_BLOCKS;
    ensures ok: debug_ok(layer->books);
    ensures layers: layers_same{Pre,Post}(layer->books);
    ensures PM_DEBUG_06_same: known_same{Pre,Post}(&layer->books->registry, -32);
    ensures at: \result != \null ==> at((uintptr_t)(\result + 16)) == \result + 16;
    ensures PM_DEBUG_02_mine: \result != \null ==>
      mine((uintptr_t)(\result + 16), entry_with(n, outer), bytes.serials ? 8 : 0);
    ensures PM_DEBUG_02_new: \result != \null ==> is_new(&layer->books->registry, (uintptr_t)(\result + 16),
      start_at((uintptr_t)(\result + 16), entry_with(n, outer)), bytes_at(entry_with(n, outer), bytes.serials ? 8 : 0),
      bytes.serials ? 8 : 0);
    ensures PM_MALLOC_03_bytes: bytes_same{Pre,Post}(&layer->books->registry, -32, bytes.serials ? 8 : 0);
    ensures PM_CALLOC_02_zero: \result != \null && zero ==> zeros((char *)(\result + 16), n); */
HOT unsigned char *memory_for(const layer_t *layer, size_t n, bool zero, bool outer) {
  //@ ghost const books_t *b = layer->books;
  unsigned char *base = memory_new(layer, n + layer->around, zero, outer);
  //@ assert still: layers_still{Pre,Here} && setting_same{Pre,Here};
  //@ assert same: words_same{Pre,Here}(b) && ring_same{Pre,Here}(b);
  //@ assert layers: layers_same{Pre,Here}(b);
  //@ assert own: books_own{Pre}(&b->registry, bytes.serials ? 8 : 0) && registry_ok{Pre}(&b->registry);
  //@ assert lives: lives_same{Pre,Here}(&b->registry, -32);
  //@ assert kept: any_kept{Pre,Here};
  //@ assert own_still: books_own(&b->registry, bytes.serials ? 8 : 0);
  //@ assert books: books_kept{Pre,Here}(&b->registry, -32, bytes.serials ? 8 : 0);
  //@ assert block_bytes: bytes_same{Pre,Here}(&b->registry, -32, bytes.serials ? 8 : 0);
  //@ ghost frame_begins(base, n, outer);
  /*@ assert bytes: bytes_at(entry_with(n, outer), bytes.serials ? 8 : 0) ==
        memory_bytes(n + layer->around, outer, bytes.serials ? 8 : 0); */
  /*@ assert fresh: base != \null ==> any_fresh{Pre}(start_at((uintptr_t)(base + 16), entry_with(n, outer)),
        bytes_at(entry_with(n, outer), bytes.serials ? 8 : 0)); */
  //@ assert mine: base != \null ==> mine((uintptr_t)(base + 16), entry_with(n, outer), bytes.serials ? 8 : 0);
  /*@ assert new: base != \null ==> is_new{Pre}(&b->registry, (uintptr_t)(base + 16),
        start_at((uintptr_t)(base + 16), entry_with(n, outer)), bytes_at(entry_with(n, outer), bytes.serials ? 8 : 0),
        bytes.serials ? 8 : 0); */
  //@ assert zero: base != \null && zero ==> zeros((char *)base, n + 24);
  //@ assert later: base != \null && zero ==> zeros(later((char *)base, 16), n);
  return base;
}

/* Enters a new block, whose entry is to be this, and writes it. */
/*@ requires ok: debug_ok(layer->books);
    requires notes: notes == noted;
    requires layer: layer_ok(layer, bytes.forbidden, bytes.serials);
    requires raw: outer ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
    requires at: at((uintptr_t)(base + 16)) == base + 16;
    requires zero: zero ==> zeros((char *)(base + 16), n);
    requires slot: slot >= NODE && (uintptr_t)(base + 16) % 16 == 0 && 0 <= (uintptr_t)(base + 16) < ADDRESS_END &&
      slot == slot_of(&layer->books->registry, (uintptr_t)(base + 16));
    requires mine: mine((uintptr_t)(base + 16), entry_with(n, outer), bytes.serials ? 8 : 0);
    requires new: is_new(&layer->books->registry, (uintptr_t)(base + 16),
      start_at((uintptr_t)(base + 16), entry_with(n, outer)), bytes_at(entry_with(n, outer), bytes.serials ? 8 : 0),
      bytes.serials ? 8 : 0);
    terminates \true;
    assigns WRITE_STATE(layer->books);
    ensures ok: debug_ok(layer->books);
    ensures layers: layers_same{Pre,Post}(layer->books);
    ensures PM_DEBUG_06_live: is_live(&layer->books->registry, (uintptr_t)(base + 16));
    ensures PM_DEBUG_06_what: \let entry = entry_for(&layer->books->registry, (uintptr_t)(base + 16));
      size_of(entry) == n && entry % 256 == (unsigned char)layer->api && (has_both(entry) <==> outer);
    ensures PM_DEBUG_06_others: known_same{Pre,Post}(&layer->books->registry, (uintptr_t)(base + 16));
    ensures slot: slot == slot_of(&layer->books->registry, (uintptr_t)(base + 16));
    ensures PM_DEBUG_02_frame: intact(base, n, layer->frame.id, layer->frame.pad, bytes.serials,
      serial_of(layer->books, slot, noted));
    ensures PM_DEBUG_02_outer: outer ==> intact(base - 16, n + 24 + (bytes.serials ? 8 : 0),
      raw_layer->frame.id, raw_layer->frame.pad, bytes.serials, serial_of(layer->books, slot, noted));
    ensures PM_MALLOC_01_valid: \valid(base + (16 .. 15 + n));
    ensures PM_DEBUG_05_clean: !zero ==> bytes_of(base, 16, 16 + n, bytes.clean);
    ensures PM_CALLOC_02_zero: zero ==> zeros((char *)(base + 16), n);
    ensures PM_MALLOC_03_bytes: bytes_same{Pre,Post}(&layer->books->registry, -32, bytes.serials ? 8 : 0); */
HOT void block_write(const layer_t *layer, unsigned char *base, uint32_t slot, size_t n, bool zero, bool outer,
                     bool notes) {
  //@ ghost books_t *b = layer->books;
  //@ ghost uintptr_t a = ADDRESS(base + FRAME_LEAD);
  //@ assert ends: registry_ok(&b->registry) && registry_room(&b->registry) && slot < b->registry.entry_end;
  //@ assert inside: slot <= REGION_MOST / 8 - 1;
  block_enter(layer, ADDRESS(base + FRAME_LEAD), slot, n, outer);
  //@ ghost L1: ;
  //@ assert layer_1: layer_ok(layer, bytes.forbidden, bytes.serials) && layer->books == b;
  block_number(layer->books, slot, notes);
  //@ assert layers_2: layers_same{Pre,Here}(b);
  //@ assert layer_2: layer_ok(layer, bytes.forbidden, bytes.serials) && layer->books == b;
  //@ assert raw_2: outer ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
  //@ assert live_1: is_live{L1}(&b->registry, a) && slot == slot_of{L1}(&b->registry, a);
  //@ assert same_1: known_same{L1,Here}(&b->registry, -32);
  /*@ assert known_2: is_live(&b->registry, a) && slot == slot_of(&b->registry, a) &&
        entry_for(&b->registry, a) == entry_for{L1}(&b->registry, a); */
  //@ assert same_2: known_same{Pre,Here}(&b->registry, a);
  //@ ghost L2: ;
  frames_write(layer, base, slot, n, zero, outer, notes);
  //@ assert layers_3: layers_same{Pre,Here}(b);
  //@ assert entry_3: entry_for(&b->registry, a) == entry_for{L2}(&b->registry, a);
  //@ assert same_3: known_same{L2,Here}(&b->registry, -32);
  //@ assert bytes_3: bytes_same{L2,Here}(&b->registry, a, bytes.serials ? 8 : 0);
  //@ assert bytes_1: bytes_same{Pre,L2}(&b->registry, a, bytes.serials ? 8 : 0);
  //@ assert none: none_in_chunk{Pre}(&b->registry, a);
  //@ assert bytes: bytes_same{Pre,Here}(&b->registry, a, bytes.serials ? 8 : 0);
}

/* Makes memory a new block, of zero bytes or of clean ones; NULL, and the memory goes back, when the
   registry has none. */
/*@ requires ok: debug_ok(layer->books);
    requires notes: notes == noted;
    requires layer: layer_ok(layer, bytes.forbidden, bytes.serials);
    requires raw: outer ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
    requires at: at((uintptr_t)(base + 16)) == base + 16;
    requires zero: zero ==> zeros((char *)(base + 16), n);
    requires mine: mine((uintptr_t)(base + 16), entry_with(n, outer), bytes.serials ? 8 : 0);
    requires new: is_new(&layer->books->registry, (uintptr_t)(base + 16),
      start_at((uintptr_t)(base + 16), entry_with(n, outer)), bytes_at(entry_with(n, outer), bytes.serials ? 8 : 0),
      bytes.serials ? 8 : 0);
    terminates \true;
    assigns MADE_STATE(layer->books);
    ensures ok: debug_ok(layer->books);
    ensures layers: layers_same{Pre,Post}(layer->books);
    ensures PM_DEBUG_06_none: \result == \null ==> known_same{Pre,Post}(&layer->books->registry, -32);
    ensures PM_DEBUG_06_live: \result != \null ==> \result == base + 16 &&
      is_live(&layer->books->registry, (uintptr_t)\result) && (uintptr_t)\result % 16 == 0;
    ensures PM_DEBUG_06_what: \result != \null ==> \let entry = entry_for(&layer->books->registry, (uintptr_t)\result);
      size_of(entry) == n && entry % 256 == (unsigned char)layer->api && (has_both(entry) <==> outer);
    ensures PM_DEBUG_06_made: made{Pre,Post}(&layer->books->registry, (unsigned char)layer->api, (char *)\result, n);
    ensures PM_DEBUG_08_settled: \old(settled(layer->books)) ==> settled(layer->books);
    ensures PM_DEBUG_06_others: \result != \null ==> known_same{Pre,Post}(&layer->books->registry, (uintptr_t)\result);
    ensures PM_DEBUG_02_frame: \result != \null ==> intact(base, n, layer->frame.id, layer->frame.pad, bytes.serials,
      serial_of(layer->books, slot_of(&layer->books->registry, (uintptr_t)\result), noted));
    ensures PM_DEBUG_02_outer: \result != \null && outer ==> intact(base - 16, n + 24 + (bytes.serials ? 8 : 0),
      raw_layer->frame.id, raw_layer->frame.pad, bytes.serials,
      serial_of(layer->books, slot_of(&layer->books->registry, (uintptr_t)\result), noted));
    ensures PM_MALLOC_01_valid: \result != \null ==> \valid(base + (16 .. 15 + n));
    ensures PM_DEBUG_08_given: \result == \null ==> !any_held(memory_below((uintptr_t)base, outer));
    ensures PM_DEBUG_05_clean: \result != \null && !zero ==> bytes_of(base, 16, 16 + n, bytes.clean);
    ensures PM_CALLOC_02_zero: \result != \null && zero ==> zeros((char *)(base + 16), n);
    ensures PM_MALLOC_03_bytes: bytes_same{Pre,Post}(&layer->books->registry, -32, bytes.serials ? 8 : 0); */
HOT unsigned char *block_make(const layer_t *layer, unsigned char *base, size_t n, bool zero, bool outer, bool notes) {
  books_t *b = layer->books;
  //@ ghost frame_begins(base, n, outer);
  //@ assert there: \base_addr(base) == \base_addr(any_byte(0)) && base + 16 != \null;
  uint32_t slot = slot_for(b, ADDRESS(base + FRAME_LEAD));
  //@ assert room_1: b->room == \at(layer->books->room, Pre) && b->room_bytes == \at(layer->books->room_bytes, Pre);
  //@ assert layer_1: layer_ok(layer, bytes.forbidden, bytes.serials) && layer->books == b;
  //@ assert raw_1: outer ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
  //@ ghost L1: ;
  //@ assert bytes_1: bytes_same{Pre,Here}(&b->registry, -32, bytes.serials ? 8 : 0);
  //@ assert lives_1: lives_same{Pre,Here}(&b->registry, -32);
  /*@ assert new_1: is_new(&b->registry, (uintptr_t)(base + 16), start_at((uintptr_t)(base + 16), entry_with(n, outer)),
        bytes_at(entry_with(n, outer), bytes.serials ? 8 : 0), bytes.serials ? 8 : 0); */
  if (slot == 0) {
    //@ assert held: any_held(memory_below((uintptr_t)base, outer));
    //@ assert own: books_own(&b->registry, bytes.serials ? 8 : 0);
    //@ assert some: 0 < bytes_at(entry_with(n, outer), bytes.serials ? 8 : 0);
    /*@ assert other: \forall integer c; begins(&b->registry, c) ==> start_at(c, entry_for(&b->registry, c)) !=
          start_at((uintptr_t)(base + 16), entry_with(n, outer)); */
    block_refused(layer, base, outer);
    //@ assert none: known_same{Pre,Here}(&b->registry, -32);
    //@ assert layers: layers_same{Pre,Here}(b);
    //@ assert bytes: bytes_same{L1,Here}(&b->registry, -32, bytes.serials ? 8 : 0);
    //@ assert room: b->room == \at(layer->books->room, Pre) && b->room_bytes == \at(layer->books->room_bytes, Pre);
    return NULL;
  }
  block_write(layer, base, slot, n, zero, outer, notes);
  //@ assert same: known_same{Pre,Here}(&b->registry, (uintptr_t)(base + 16));
  //@ assert layers: layers_same{Pre,Here}(b);
  //@ assert bytes: bytes_same{L1,Here}(&b->registry, -32, bytes.serials ? 8 : 0);
  //@ assert room: b->room == \at(layer->books->room, Pre) && b->room_bytes == \at(layer->books->room_bytes, Pre);
  return base + FRAME_LEAD;
}

/* Gets memory, and makes it a new block of n bytes. */
/*@ requires ok: debug_ok(layer->books) && settled(layer->books);
    requires layer: layer_ok(layer, bytes.forbidden, bytes.serials);
    requires raw: outer ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
    requires size: n <= FRAME_MOST - FRAME_AROUND;
    terminates \true;
    assigns MADE_STATE(layer->books);
    ensures PM_DEBUG_02_both: \result != \null ==>
      (has_both(entry_for(&layer->books->registry, (uintptr_t)\result)) <==> outer);
    NEW_BLOCK(\result) */
HOT unsigned char *block_try(const layer_t *layer, size_t n, bool zero, bool outer) {
  //@ ghost const books_t *b = layer->books;
  unsigned char *base = memory_for(layer, n, zero, outer);
  //@ assert settled_1: settled(b);
  if (base == NULL) return NULL;
  //@ ghost L1: ;
  //@ assert layer_1: layer_ok(layer, bytes.forbidden, bytes.serials) && layer->books == b;
  //@ assert raw_1: outer ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
  //@ assert room_1: b->room == \at(layer->books->room, Pre) && b->room_bytes == \at(layer->books->room_bytes, Pre);
  unsigned char *p = block_make(layer, base, n, zero, outer, noted);
  //@ assert setting: setting_same{Pre,Here};
  //@ assert settled: settled(b);
  //@ assert layers: layers_same{Pre,Here}(b);
  //@ assert none: p == \null ==> known_same{Pre,Here}(&b->registry, -32);
  //@ assert others: p != \null ==> known_same{Pre,Here}(&b->registry, (uintptr_t)p);
  //@ assert not_before: p != \null ==> !is_live{L1}(&b->registry, (uintptr_t)p);
  //@ assert chunk: (uintptr_t)p >= 0;
  //@ assert before: p != \null ==> !is_live{Pre}(&b->registry, (uintptr_t)p);
  return p;
}

/* The same when all blocks that are held back are given up for it. */
/*@ requires ok: debug_ok(layer->books) && settled(layer->books);
    requires layer: layer_ok(layer, bytes.forbidden, bytes.serials);
    requires raw: outer ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
    requires size: n <= FRAME_MOST - FRAME_AROUND;
    requires nobody: misuse_handler == \null;
    terminates \true;
    assigns NEW_STATE(layer->books);
    ensures PM_DEBUG_08_all: layer->books->room == held_most;
    ensures PM_DEBUG_02_both: \result != \null ==>
      (has_both(entry_for(&layer->books->registry, (uintptr_t)\result)) <==> outer);
    NEW_BLOCK((unsigned char *)\result) */
SELDOM static unsigned char *block_again(const layer_t *layer, size_t n, bool zero, bool outer) {
  books_t *b = layer->books;
  if (b->room == (int32_t)held_most) return NULL;
  held_release(b, (int32_t)held_most);
  //@ ghost L1: ;
  //@ assert lives_1: lives_same{Pre,Here}(&b->registry, -32) && settled(b);
  //@ assert layer_1: layer_ok(layer, bytes.forbidden, bytes.serials) && layer->books == b;
  //@ assert raw_1: outer ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
  unsigned char *p = block_try(layer, n, zero, outer);
  //@ assert layers: layers_same{Pre,Here}(b);
  //@ assert made: made{L1,Here}(&b->registry, (unsigned char)layer->api, (char *)p, n);
  /*@ assert live: p != \null ==> is_live(&b->registry, (uintptr_t)p) && size_of(entry_for(&b->registry, (uintptr_t)p)) == n &&
        entry_for(&b->registry, (uintptr_t)p) % 256 == (unsigned char)layer->api; */
  //@ assert none: p == \null ==> lives_same{Pre,Here}(&b->registry, -32);
  //@ assert chunk: p != \null ==> none_in_chunk{Pre}(&b->registry, (uintptr_t)p);
  //@ assert others: p != \null ==> lives_same{Pre,Here}(&b->registry, (uintptr_t)p);
  //@ assert books: layer->books == b;
  //@ assert made_all: made{Pre,Here}(&b->registry, (unsigned char)layer->api, (char *)p, n);
  return p;
}

/* Whether the block that is held back for longest can be one of n bytes again: it is as large, and of this layer, and more
   than seven eighths of as many are held as can be: so many others any block waits for, but for few that can be. */
/*@ requires ok: debug_ok(layer->books) && settled(layer->books);
    requires layer: layer_ok(layer, bytes.forbidden, bytes.serials) && n <= FRAME_MOST;
    terminates \true;
    assigns \nothing;
    ensures PM_DEBUG_08_fits: \result <==> oldest_fits(layer, n); */
HOT bool held_fits(const layer_t *layer, size_t n) {
  const books_t *b = layer->books;
  if (8 * b->room >= (int32_t)held_most) return false;
  const held_t *held = &b->held[b->first];
  //@ assert taken: is_held(b, held_most, b->first);
  //@ assert held: held_ok(b, held->entry, (uintptr_t)held->block);
  //@ assert entry: \valid(held->entry);
  return held->layer == layer && *held->entry / ENTRY_OUTER == 2 * n;
}

/* Makes the block that is held back for longest one of n bytes again.  Neither the allocator below nor the registry is
   asked for anything. */
/*@ requires ok: debug_ok(layer->books) && settled(layer->books);
    requires notes: notes == noted;
    requires layer: layer_ok(layer, bytes.forbidden, bytes.serials);
    requires fits: oldest_fits(layer, n);
    requires nobody: misuse_handler == \null;
    terminates \true;
    assigns WRITE_STATE(layer->books), REPORTED, layer->books->first, layer->books->room, layer->books->room_bytes;
    ensures ok: debug_ok(layer->books) && settled(layer->books);
    ensures layers: layers_same{Pre,Post}(layer->books);
    ensures PM_DEBUG_04_silent: !reported{Pre,Post};
    ensures PM_DEBUG_08_oldest: \result == oldest{Pre}(layer) && \result != \null;
    ensures PM_DEBUG_08_unwritten: bytes_of{Pre}(\result - 16, 0, 24 + (bytes.serials ? 8 : 0) + n, bytes.dead);
    ensures PM_DEBUG_02_one: !has_both(entry_for(&layer->books->registry, (uintptr_t)\result));
    ensures PM_DEBUG_06_made: made{Pre,Post}(&layer->books->registry, (unsigned char)layer->api, (char *)\result, n);
    ensures PM_DEBUG_02_frame: intact(\result - 16, n, layer->frame.id, layer->frame.pad, bytes.serials,
      serial_of(layer->books, slot_of(&layer->books->registry, (uintptr_t)\result), noted));
    ensures PM_DEBUG_05_clean: bytes_of(\result - 16, 16, 16 + n, bytes.clean);
    ensures PM_MALLOC_01_valid: \valid(\result + (0 .. n - 1)) && (uintptr_t)\result % 16 == 0;
    ensures PM_MALLOC_03_bytes: bytes_same{Pre,Post}(&layer->books->registry, -32, bytes.serials ? 8 : 0);
    exits PM_DEBUG_08_said: reported{Pre,Post} ==> told == PYMALLOC_LATE_WRITE && told_of == oldest{Pre}(layer); */
HOT unsigned char *block_reuse(const layer_t *layer, size_t n, bool notes) {
  books_t *b = layer->books;
  //@ assert taken: is_held(b, held_most, b->first);
  held_t held = b->held[b->first];
  //@ assert held: held_ok(b, held.entry, (uintptr_t)held.block);
  //@ ghost uintptr_t a = ADDRESS(held.block);
  //@ ghost uint64_t entry = *held.entry;
  //@ ghost block_is_there(a, entry);
  //@ ghost block_aligned(b, held.block);
  //@ assert none: none_in_chunk(&b->registry, a);
  held_pass(b, n);
  //@ assert bases: entries_apart(b) && \base_addr(held.entry) == \base_addr(b->registry.entry);
  /*@ assert entry_apart: \base_addr(held.entry) != \base_addr(&bytes) && \base_addr(held.entry) != \base_addr(&layers[0]) &&
        \base_addr(held.entry) != \base_addr(b); */
  //@ assert known_1: known_same{Pre,Here}(&b->registry, -32);
  //@ assert layers_1: layers_same{Pre,Here}(b);
  //@ assert settled_1: settled(b);
  //@ ghost L1: ;
  block_gone(held, n);
  //@ assert room: registry_room(&b->registry);
  //@ assert still: layers_still{L1,Here};
  //@ assert setting: setting_same{L1,Here};
  //@ assert layers_2: layers_same{L1,Here}(b);
  //@ assert same: ring_same{L1,Here}(b);
  //@ assert ring: ring_ok(b, held_most, bytes.forbidden, bytes.serials);
  //@ assert apart: entries_apart(b);
  //@ assert books: books_ok(b, noted, bytes.serials ? 8 : 0);
  /*@ assert both: \forall integer c; begins(&b->registry, c) && has_both(entry_for(&b->registry, c)) ==>
        begins{L1}(&b->registry, c) && has_both(entry_for{L1}(&b->registry, c)); */
  //@ assert raw: raw_ok(b, raw_layer, bytes.forbidden, bytes.serials);
  //@ assert words: clean_word == pad_word(bytes.clean) && dead_word == pad_word(bytes.dead);
  //@ assert ok: debug_ok(b);
  //@ assert layer: layer_ok(layer, bytes.forbidden, bytes.serials) && layer->books == b;
  //@ assert lives_2: lives_same{Pre,Here}(&b->registry, -32);
  //@ assert bytes_2: bytes_same{Pre,Here}(&b->registry, -32, bytes.serials ? 8 : 0);
  //@ assert with: size_of(entry_with(n, 0)) == n && !has_both(entry_with(n, 0));
  /*@ assert place: start_at(a, entry_with(n, 0)) == start_at(a, *held.entry) &&
        bytes_at(entry_with(n, 0), bytes.serials ? 8 : 0) == bytes_at(*held.entry, bytes.serials ? 8 : 0); */
  //@ assert mine: mine(a, entry_with(n, 0), bytes.serials ? 8 : 0);
  //@ assert settled_2: settled(b);
  //@ ghost L2: ;
  block_write(layer, held.block - FRAME_LEAD, entry_slot(b, held.entry), n, false, false, notes);
  //@ assert settled: b->room == \at(b->room, L2) && b->room_bytes == \at(b->room_bytes, L2);
  //@ assert layers: layers_same{Pre,Here}(b);
  //@ assert bytes: bytes_same{L2,Here}(&b->registry, -32, bytes.serials ? 8 : 0);
  //@ assert lives: lives_same{L2,Here}(&b->registry, a);
  return held.block;
}

/* A new block: the freed one that is next, if that fits; else in new memory, if need be for all that are held back. */
/*@ requires ok: debug_ok(layer->books) && settled(layer->books);
    requires notes: notes == noted;
    requires layer: layer_ok(layer, bytes.forbidden, bytes.serials);
    requires PM_DEBUG_02_outer: outer <==> outer_due(layer, n + layer->around);
    requires raw: outer ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
    requires size: n <= FRAME_MOST - FRAME_AROUND;
    requires nobody: misuse_handler == \null;
    terminates \true;
    assigns NEW_STATE(layer->books);
    ensures PM_DEBUG_02_both: \result != \null ==>
      (has_both(entry_for(&layer->books->registry, (uintptr_t)\result)) <==> outer);
    ensures PM_DEBUG_08_serves: !zero && oldest_serves{Pre}(layer, n) ==> \result == oldest{Pre}(layer);
    NEW_BLOCK(\result) */
HOT unsigned char *block_get(const layer_t *layer, size_t n, bool zero, bool outer, bool notes) {
  //@ ghost const books_t *b = layer->books;
  if (!zero && !outer && held_fits(layer, n)) return block_reuse(layer, n, notes);
  unsigned char *base = memory_for(layer, n, zero, outer);
  //@ ghost L1: ;
  //@ assert layers_1: layers_same{Pre,Here}(b);
  //@ assert layer_1: layer_ok(layer, bytes.forbidden, bytes.serials) && layer->books == b && settled(b);
  //@ assert raw_1: outer ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
  //@ assert lives_1: lives_same{Pre,Here}(&b->registry, -32);
  //@ assert bytes_1: bytes_same{Pre,Here}(&b->registry, -32, bytes.serials ? 8 : 0);
  unsigned char *p = base == NULL ? block_again(layer, n, zero, outer) : block_make(layer, base, n, zero, outer, notes);
  //@ assert layers_2: layers_same{L1,Here}(b);
  //@ assert layers: layers_same{Pre,Here}(b);
  //@ assert bytes_2: bytes_same{L1,Here}(&b->registry, -32, bytes.serials ? 8 : 0);
  //@ assert bytes: bytes_same{Pre,Here}(&b->registry, -32, bytes.serials ? 8 : 0);
  //@ assert made_2: made{L1,Here}(&b->registry, (unsigned char)layer->api, (char *)p, n);
  //@ assert made: made{Pre,Here}(&b->registry, (unsigned char)layer->api, (char *)p, n);
  //@ assert clean: p != \null && !zero ==> bytes_of(p - 16, 16, 16 + n, bytes.clean);
  return p;
}

/* The same, of any size, with the frames that it has to have. */
/*@ requires ok: debug_ok(layer->books) && settled(layer->books);
    requires layer: layer_ok(layer, bytes.forbidden, bytes.serials) && large_ok(layer);
    requires nobody: misuse_handler == \null;
    terminates \true;
    assigns NEW_STATE(layer->books);
    ensures PM_DEBUG_02_both: \result != \null ==>
      (has_both(entry_for(&layer->books->registry, (uintptr_t)\result)) <==> outer_due{Pre}(layer, n + \old(layer->around)));
    ensures PM_DEBUG_08_serves: !zero && oldest_serves{Pre}(layer, n) ==> \result == oldest{Pre}(layer);
    NEW_BLOCK(\result) */
HOT unsigned char *block_new(const layer_t *layer, size_t n, bool zero) {
  if (n > FRAME_MOST - FRAME_AROUND) return NULL; /* with a frame it may be a block of raw */
  bool outer = has_outer(layer, n + layer->around);
  //@ assert one: oldest_serves(layer, n) ==> !outer;
  //@ assert raw: outer ==> layer_ok(raw_layer, bytes.forbidden, bytes.serials);
  return block_get(layer, n, zero, outer, noted);
}

/*@ ghost
  /@ requires own: books_own(&b->registry, bytes.serials ? 8 : 0) && begins(&b->registry, a);
     terminates \true;
     assigns \nothing;
     ensures there: \valid(at(a) + (0 .. size_of(entry_for(&b->registry, a)) - 1));
     ensures inside: \exists integer o; 0 <= o && o + size_of(entry_for(&b->registry, a)) <= ANY_SIZE &&
       memory_at(a) == any_byte(o); @/
  void bytes_are_there(const books_t *b, uintptr_t a) {
    /@ assert mine: mine(a, entry_for(&b->registry, a), bytes.serials ? 8 : 0); @/
    /@ assert begin: \exists integer o; 0 <= o < ANY_SIZE - bytes_at(entry_for(&b->registry, a),
    bytes.serials ? 8 : 0) &&
         start_at(a, entry_for(&b->registry, a)) == any_byte(o); @/
    /@ assert two: \forall integer o; any_byte(o) + 16 == any_byte(o + 16) && any_byte(o) + 32 == any_byte(o + 32); @/
  }
*/

/* Copies the first n bytes of one block to another. */
/*@ requires ok: debug_ok(b);
    requires blocks: is_live(&b->registry, (uintptr_t)to) && is_live(&b->registry, (uintptr_t)from) &&
      (uintptr_t)to != (uintptr_t)from;
    requires size: n <= size_of(entry_for(&b->registry, (uintptr_t)to)) &&
      n <= size_of(entry_for(&b->registry, (uintptr_t)from));
    terminates \true;
    assigns any_memory[0 .. ANY_SIZE - 1];
    ensures ok: debug_ok(b);
    ensures layers: layers_same{Pre,Post}(b);
    ensures setting: setting_same{Pre,Post} && ring_same{Pre,Post}(b);
    ensures PM_DEBUG_06_same: known_same{Pre,Post}(&b->registry, -32);
    ensures PM_REALLOC_03_copied: copied{Pre,Post}(to, from, n);
    ensures PM_REALLOC_03_outside: outside_kept{Pre,Post}(to, n);
    ensures PM_REALLOC_03_bytes: bytes_same{Pre,Post}(&b->registry, (uintptr_t)to, bytes.serials ? 8 : 0); */
HOT void block_copy(const books_t *b, unsigned char *to, const unsigned char *from, size_t n) {
  (void)b; /* the contract is about the blocks there */
  //@ ghost bytes_are_there(b, ADDRESS(to));
  //@ ghost bytes_are_there(b, ADDRESS(from));
  //@ assert own: books_own(&b->registry, bytes.serials ? 8 : 0) && blocks_apart(&b->registry, bytes.serials ? 8 : 0);
  /*@ assert apart: apart(start_at((uintptr_t)to, entry_for(&b->registry, (uintptr_t)to)),
        bytes_at(entry_for(&b->registry, (uintptr_t)to), bytes.serials ? 8 : 0),
        start_at((uintptr_t)from, entry_for(&b->registry, (uintptr_t)from)),
        bytes_at(entry_for(&b->registry, (uintptr_t)from), bytes.serials ? 8 : 0)); */
  /*@ assert bytes_apart: \separated(memory_at((uintptr_t)to) + (0 .. n - 1),
        memory_at((uintptr_t)from) + (0 .. n - 1)); */
  bytes_copy(to, from, n);
  //@ assert setting: setting_same{Pre,Here};
  //@ assert wrote: wrote{Pre,Here}(&b->registry, (uintptr_t)to, bytes.serials ? 8 : 0);
  //@ assert bytes: bytes_same{Pre,Here}(&b->registry, (uintptr_t)to, bytes.serials ? 8 : 0);
  //@ assert still: layers_still{Pre,Here};
  //@ assert words: words_same{Pre,Here}(b);
  //@ assert ring: ring_same{Pre,Here}(b);
  //@ assert layers: layers_same{Pre,Here}(b);
}

/* Moves a live block to a new one.  Never by the inner realloc: that could fail, or move, when the old bytes
   are gone. */
/*@ requires ok: debug_ok(layer->books) && settled(layer->books);
    requires layer: layer_ok(layer, bytes.forbidden, bytes.serials) && large_ok(layer);
    requires world: world_ok(layer, noted, bytes.serials ? 8 : 0);
    requires some: p != \null;
    requires nobody: misuse_handler == \null && 0 <= raw_locked <= 1;
    terminates \true;
    assigns NEW_STATE(layer->books), layer->books->held[0 .. HELD_MOST], layer->books->next, RAW_LOCK;
    ensures lock: raw_locked == \old(raw_locked);
    ensures PM_DEBUG_04_silent: !reported{Pre,Post};
    ensures ok: debug_ok(layer->books) && settled(layer->books);
    ensures PM_DEBUG_14_was: is_live{Pre}(&layer->books->registry, (uintptr_t)p);
    ensures PM_DEBUG_03_whole: whole{Pre}(layer, (uintptr_t)p);
    ensures PM_REALLOC_05_failure: \result == \null ==> lives_same{Pre,Post}(&layer->books->registry, -32) &&
      bytes_same{Pre,Post}(&layer->books->registry, -32, bytes.serials ? 8 : 0);
    ensures PM_REALLOC_03_moved: \result != \null ==>
      moved{Pre,Post}(&layer->books->registry, (unsigned char)layer->api, (char *)p, (char *)\result, n);
    ensures PM_REALLOC_03_contents: \result != \null ==>
      kept_bytes{Pre,Post}(\result, p, \old(size_of(entry_for(&layer->books->registry, (uintptr_t)p))), n);
    ensures PM_DEBUG_05_clean: \result != \null ==>
      bytes_of(\result, \old(size_of(entry_for(&layer->books->registry, (uintptr_t)p))), n, bytes.clean);
    ensures PM_DEBUG_02_frame: \result != \null ==> framed(\result, n, layer->frame.id, layer->frame.pad);
    ensures PM_REALLOC_03_others: \result != \null ==>
      bytes_same{Pre,Post}(&layer->books->registry, (uintptr_t)p, bytes.serials ? 8 : 0);
    ensures PM_MALLOC_01_valid: \result != \null ==> \valid(\result + (0 .. n - 1)) && (uintptr_t)\result % 16 == 0;
    exits PM_DEBUG_04_said: told_right{Pre,Post}(layer, CALL_REALLOC, p); */
HOT unsigned char *block_moved(const layer_t *layer, unsigned char *p, size_t n) {
  uint32_t slot = block_checked(layer, CALL_REALLOC, p);
  if (slot == 0) return NULL;
  //@ ghost const books_t *b = layer->books;
  size_t old = entry_size(*entry_at(layer->books, slot)), kept = old < n ? old : n;
  //@ assert old: old == size_of(entry_for(&b->registry, (uintptr_t)p)) && is_live(&b->registry, (uintptr_t)p);
  unsigned char *q = block_new(layer, n, false);
  if (q == NULL) return NULL;
  //@ ghost L1: ;
  //@ assert setting_1: setting_same{Pre,Here};
  //@ assert layer_1: layer_ok(layer, bytes.forbidden, bytes.serials) && layer->books == b;
  /*@ assert still_1: is_live(&b->registry, (uintptr_t)p) && slot == slot_of(&b->registry, (uintptr_t)p) &&
        entry_for(&b->registry, (uintptr_t)p) == entry_for{Pre}(&b->registry, (uintptr_t)p); */
  /*@ assert was: 0 <= (uintptr_t)p && is_live{Pre}(&b->registry, (uintptr_t)p) &&
        old == size_of(entry_for{Pre}(&b->registry, (uintptr_t)p)); */
  //@ assert same_1: bytes_same{Pre,Here}(&b->registry, -32, bytes.serials ? 8 : 0);
  //@ assert bytes_1: stays{Pre,Here}(p, -16, 8 + (bytes.serials ? 8 : 0) + old);
  //@ assert clean_1: bytes_of((unsigned char *)later((char *)q - 16, 16), 0, n, bytes.clean);
  //@ assert frame_1: framed(q, n, layer->frame.id, layer->frame.pad);
  block_copy(layer->books, q, p, kept);
  //@ ghost L2: ;
  //@ assert layer_2: layer_ok(layer, bytes.forbidden, bytes.serials) && layer->books == b && settled(b);
  //@ assert still_2: is_live(&b->registry, (uintptr_t)p) && slot == slot_of(&b->registry, (uintptr_t)p);
  //@ assert copied_2: copied{Pre,Here}(q, p, kept);
  //@ assert rest_2: stays{L1,Here}(q, kept, n);
  //@ assert clean_2: bytes_of(q, kept, n, bytes.clean);
  //@ assert words_2: layer->frame.id == \at(layer->frame.id, L1) && layer->frame.pad == \at(layer->frame.pad, L1);
  //@ ghost uint64_t id = layer->frame.id, pad = layer->frame.pad;
  //@ assert frame_2: framed(q, n, id, pad);
  //@ assert moved_2: made{Pre,Here}(&b->registry, (unsigned char)layer->api, (char *)q, n);
  //@ assert lives_1: lives_same{Pre,L1}(&b->registry, (uintptr_t)q) && none_in_chunk{Pre}(&b->registry, (uintptr_t)q);
  //@ assert lives_2: lives_same{Pre,Here}(&b->registry, (uintptr_t)q);
  //@ assert others_2: bytes_same{Pre,Here}(&b->registry, (uintptr_t)q, bytes.serials ? 8 : 0);
  //@ assert bytes_2: bytes_same{Pre,Here}(&b->registry, -32, bytes.serials ? 8 : 0);
  block_drop(layer, p, slot);
  //@ assert setting_3: setting_same{Pre,Here};
  //@ assert layer_3: layer_ok(layer, bytes.forbidden, bytes.serials) && layer->books == b;
  //@ assert same: bytes_same{L2,Here}(&b->registry, (uintptr_t)p, bytes.serials ? 8 : 0);
  //@ assert lives: lives_same{L2,Here}(&b->registry, (uintptr_t)p);
  //@ assert there: is_live{L2}(&b->registry, (uintptr_t)q) && (uintptr_t)q / 32 != (uintptr_t)p / 32;
  //@ assert stays: stays{L2,Here}(q, -16, 8 + n);
  //@ assert copied: copied{Pre,Here}(q, p, kept);
  //@ assert clean: bytes_of(q, kept, n, bytes.clean);
  //@ assert kept: kept <= n && kept <= old && (kept == old || kept == n);
  //@ assert contents: kept_bytes{Pre,Here}(q, p, old, n);
  //@ assert clean_all: bytes_of(q, old, n, bytes.clean);
  //@ assert frame: framed(q, n, id, pad);
  //@ assert words_3: layer->frame.id == id && layer->frame.pad == pad;
  return q;
}

/* The functions of the layer as an allocator. */

/*@ ghost
  /@ requires quotient: 0 < b && a <= m / b;
     terminates \true;
     assigns \nothing;
     ensures fits: 0 <= a * b <= m; @/
  void product_fits(size_t a, size_t b, size_t m) {
    /@ assert whole: m / b * b <= m; @/
    /@ assert part: 0 <= a * b <= m / b * b; @/
  }
*/

/*@ requires ok: debug_ok(((layer_t *)ctx)->books) && settled(((layer_t *)ctx)->books);
    requires layer: layer_ok((layer_t *)ctx, bytes.forbidden, bytes.serials) && large_ok((layer_t *)ctx);
    requires nobody: misuse_handler == \null && lock_held == \null && raw_locked == 0;
    terminates \true;
    MALLOC_DOES */
static void *debug_malloc(void *ctx, size_t n) {
  const layer_t *layer = ctx;
  if (!lock_ok(layer, CALL_MALLOC)) return NULL;
  enter(layer->books);
  void *p = block_new(layer, n, false);
  leave(layer->books);
  return p;
}

/*@ requires ok: debug_ok(((layer_t *)ctx)->books) && settled(((layer_t *)ctx)->books);
    requires layer: layer_ok((layer_t *)ctx, bytes.forbidden, bytes.serials) && large_ok((layer_t *)ctx);
    requires nobody: misuse_handler == \null && lock_held == \null && raw_locked == 0;
    terminates \true;
    assigns NEW_STATE(((layer_t *)ctx)->books), RAW_LOCK;
    ensures PM_FAMILY_03_lock: raw_locked == 0;
    ensures PM_DEBUG_04_silent: !reported{Pre,Post};
    ensures ok: debug_ok(((layer_t *)ctx)->books) && settled(((layer_t *)ctx)->books);
    ensures PM_CALLOC_01_overflow: nelem * elsize > PY_SSIZE_T_MAX ==> \result == \null;
    ensures PM_MALLOC_03_made: made{Pre,Post}(&((layer_t *)ctx)->books->registry,
      (unsigned char)((layer_t *)ctx)->api, (char *)\result, nelem * elsize);
    ensures PM_DEBUG_02_frame: \result != \null ==> intact((unsigned char *)\result - 16, nelem * elsize,
      ((layer_t *)ctx)->frame.id, ((layer_t *)ctx)->frame.pad, bytes.serials, serial_of(((layer_t *)ctx)->books,
        slot_of(&((layer_t *)ctx)->books->registry, (uintptr_t)\result), noted));
    ensures PM_DEBUG_02_outer: \result != \null ==>
      (has_both(entry_for(&((layer_t *)ctx)->books->registry, (uintptr_t)\result)) <==>
        outer_due{Pre}((layer_t *)ctx, nelem * elsize + \old(((layer_t *)ctx)->around)));
    ensures PM_DEBUG_02_written: outer_written((layer_t *)ctx, (unsigned char *)\result, nelem * elsize);
    ensures PM_MALLOC_03_bytes: bytes_same{Pre,Post}(&((layer_t *)ctx)->books->registry, -32, bytes.serials ? 8 : 0);
    ensures PM_CALLOC_02_zero: \result != \null ==> zeros((char *)\result, nelem * elsize);
    ensures PM_MALLOC_01_valid: \result != \null ==> \valid((char *)\result + (0 .. nelem * elsize - 1)) &&
      (uintptr_t)\result % 16 == 0;
    exits PM_DEBUG_08_said: reported{Pre,Post} ==> damage_told; */
static void *debug_calloc(void *ctx, size_t nelem, size_t elsize) {
  const layer_t *layer = ctx;
  if (!lock_ok(layer, CALL_CALLOC)) return NULL;
  if (elsize != 0 && nelem > PY_SSIZE_T_MAX / elsize) return NULL;
  //@ ghost if (elsize != 0) product_fits(nelem, elsize, PY_SSIZE_T_MAX);
  //@ assert product: 0 <= nelem * elsize <= PY_SSIZE_T_MAX;
  enter(layer->books);
  void *p = block_new(layer, nelem * elsize, true);
  leave(layer->books);
  return p;
}

/* It returns only if p is NULL, or was a live block of the layer with an intact frame. */
/*@ requires ok: debug_ok(((layer_t *)ctx)->books) && settled(((layer_t *)ctx)->books);
    requires layer: layer_ok((layer_t *)ctx, bytes.forbidden, bytes.serials) && large_ok((layer_t *)ctx);
    requires world: world_ok((layer_t *)ctx, noted, bytes.serials ? 8 : 0);
    requires nobody: misuse_handler == \null && lock_held == \null && raw_locked == 0;
    terminates \true;
    assigns NEW_STATE(((layer_t *)ctx)->books), ((layer_t *)ctx)->books->held[0 .. HELD_MOST],
      ((layer_t *)ctx)->books->next, RAW_LOCK;
    ensures PM_FAMILY_03_lock: raw_locked == 0;
    ensures PM_DEBUG_04_silent: !reported{Pre,Post};
    ensures ok: debug_ok(((layer_t *)ctx)->books) && settled(((layer_t *)ctx)->books);
    ensures PM_REALLOC_01_new: p == \null ==> made{Pre,Post}(&((layer_t *)ctx)->books->registry,
      (unsigned char)((layer_t *)ctx)->api, (char *)\result, n);
    ensures PM_DEBUG_14_was: p != \null ==> is_live{Pre}(&((layer_t *)ctx)->books->registry, (uintptr_t)p);
    ensures PM_DEBUG_03_whole: p != \null ==> whole{Pre}((layer_t *)ctx, (uintptr_t)p);
    ensures PM_REALLOC_05_failure: \result == \null ==>
      lives_same{Pre,Post}(&((layer_t *)ctx)->books->registry, -32) &&
      bytes_same{Pre,Post}(&((layer_t *)ctx)->books->registry, -32, bytes.serials ? 8 : 0);
    ensures PM_REALLOC_03_moved: p != \null && \result != \null ==>
      moved{Pre,Post}(&((layer_t *)ctx)->books->registry, (unsigned char)((layer_t *)ctx)->api, (char *)p,
        (char *)\result, n);
    ensures PM_REALLOC_03_contents: p != \null && \result != \null ==> kept_bytes{Pre,Post}((unsigned char *)\result,
      (unsigned char *)p, \old(size_of(entry_for(&((layer_t *)ctx)->books->registry, (uintptr_t)p))), n);
    ensures PM_DEBUG_05_clean: p != \null && \result != \null ==> bytes_of((unsigned char *)\result,
      \old(size_of(entry_for(&((layer_t *)ctx)->books->registry, (uintptr_t)p))), n, bytes.clean);
    ensures PM_REALLOC_01_clean: p == \null && \result != \null ==>
      bytes_of((unsigned char *)\result - 16, 16, 16 + n, bytes.clean);
    ensures PM_DEBUG_02_frame: \result != \null ==>
      framed((unsigned char *)\result, n, ((layer_t *)ctx)->frame.id, ((layer_t *)ctx)->frame.pad);
    ensures PM_REALLOC_03_others: p != \null && \result != \null ==>
      bytes_same{Pre,Post}(&((layer_t *)ctx)->books->registry, (uintptr_t)p, bytes.serials ? 8 : 0);
    ensures PM_REALLOC_01_others: p == \null ==>
      bytes_same{Pre,Post}(&((layer_t *)ctx)->books->registry, -32, bytes.serials ? 8 : 0);
    ensures PM_MALLOC_01_valid: \result != \null ==> \valid((char *)\result + (0 .. n - 1)) &&
      (uintptr_t)\result % 16 == 0;
    exits PM_DEBUG_04_said: told_right{Pre,Post}((layer_t *)ctx, CALL_REALLOC, (unsigned char *)p); */
static void *debug_realloc(void *ctx, void *p, size_t n) {
  const layer_t *layer = ctx;
  if (!lock_ok(layer, CALL_REALLOC)) return NULL;
  const books_t *b = layer->books;
  enter(b);
  void *q = p == NULL ? block_new(layer, n, false) : block_moved(layer, p, n);
  leave(b);
  return q;
}

/* It returns only if p is NULL, or was a live block of the layer with an intact frame. */
/*@ requires ok: debug_ok(((layer_t *)ctx)->books) && settled(((layer_t *)ctx)->books);
    requires layer: layer_ok((layer_t *)ctx, bytes.forbidden, bytes.serials);
    requires world: world_ok((layer_t *)ctx, noted, bytes.serials ? 8 : 0);
    requires nobody: misuse_handler == \null && lock_held == \null && raw_locked == 0;
    terminates \true;
    FREE_DOES */
static void debug_free(void *ctx, void *p) {
  const layer_t *layer = ctx;
  if (!lock_ok(layer, CALL_FREE) || p == NULL) return;
  enter(layer->books);
  uint32_t slot = block_checked(layer, CALL_FREE, p);
  if (slot != 0) block_drop(layer, p, slot);
  leave(layer->books);
}

/* malloc and free for nearly all blocks: those that pools serve, of mem and obj, without notes.
   They do the same in fewer steps, and leave to the functions above what is not so. */

/*@ requires ok: debug_ok(((layer_t *)ctx)->books) && settled(((layer_t *)ctx)->books);
    requires layer: layer_ok((layer_t *)ctx, bytes.forbidden, bytes.serials) && large_ok((layer_t *)ctx);
    requires nobody: misuse_handler == \null && lock_held == \null && raw_locked == 0 && !noted;
    terminates \true;
    MALLOC_DOES */
static void *quick_malloc(void *ctx, size_t n) {
  if (n > QUICK_MOST || lock_held != NULL) return debug_malloc(ctx, n);
  return block_get(ctx, n, false, false, false);
}

/*@ requires ok: debug_ok(((layer_t *)ctx)->books) && settled(((layer_t *)ctx)->books);
    requires layer: layer_ok((layer_t *)ctx, bytes.forbidden, bytes.serials);
    requires world: world_ok((layer_t *)ctx, noted, bytes.serials ? 8 : 0);
    requires nobody: misuse_handler == \null && lock_held == \null && raw_locked == 0 && !noted;
    terminates \true;
    FREE_DOES */
static void quick_free(void *ctx, void *p) {
  const layer_t *layer = ctx;
  uint32_t slot = slot_at(layer->books, ADDRESS(p));
  if (lock_held != NULL || !block_intact(layer, slot, ADDRESS(p), false)) {
    debug_free(ctx, p);
    return;
  }
  //@ ghost uint64_t entry = layer->books->registry.entry[slot];
  //@ assert mine: mine((uintptr_t)p, entry, bytes.serials ? 8 : 0);
  //@ assert span: (uintptr_t)start_at((uintptr_t)p, entry) <= (uintptr_t)p - 16;
  //@ assert some: p != \null;
  block_drop(layer, p, slot);
}

/* All blocks. */

/* Checks one block: whether it is damaged, which was told then. */
/*@ requires ok: books_ok(b, noted, bytes.serials ? 8 : 0) && dead_word == pad_word(bytes.dead);
    requires block: begins(&b->registry, p) && slot == slot_of(&b->registry, p);
    requires nobody: misuse_handler == \null;
    terminates \true;
    assigns REPORTED;
    ensures PM_DEBUG_12_told: \result && state_of(entry_for(&b->registry, p)) == 1 ==>
      kind_of{Pre}(told, at(p) - 16, size_of(entry_for(&b->registry, p)),
        id_word(entry_for(&b->registry, p) % 256, bytes.forbidden));
    ensures PM_DEBUG_12_late: \result && state_of(entry_for(&b->registry, p)) != 1 ==> told == PYMALLOC_LATE_WRITE;
    ensures PM_DEBUG_12_silent: !\result ==> !reported{Pre,Post};
    ensures PM_DEBUG_12_live: state_of(entry_for(&b->registry, p)) == 1 ==> (\result <==>
      !intact{Pre}(at(p) - 16, size_of(entry_for(&b->registry, p)), id_word(entry_for(&b->registry, p) % 256, bytes.forbidden),
        pad_word(bytes.forbidden), bytes.serials, serial_of(b, slot, noted)));
    ensures PM_DEBUG_12_held: state_of(entry_for(&b->registry, p)) != 1 ==> (\result <==>
      !bytes_of{Pre}(at(p) - 16, 0, 24 + (bytes.serials ? 8 : 0) + size_of(entry_for(&b->registry, p)), bytes.dead)); */
static bool block_damaged(const books_t *b, uint32_t slot, uintptr_t p) {
  pymalloc_misuse m = misuse_of_block(b, slot, p);
  //@ assert block: m.block == at(p) && (uintptr_t)m.block == p;
  if (m.freed ? dead_intact(b, m.block, slot) : m.part == FRAME_INTACT) return false;
  m.kind = m.freed ? PYMALLOC_LATE_WRITE : kind_of_damage(m.part);
  m.address = m.block;
  misuse_tell(m);
  return true;
}

/*@ requires memory: \valid_read(b);
    requires ok: check_ok(b);
    requires nobody: misuse_handler == \null && raw_locked == 0;
    terminates \true;
    assigns REPORTED, RAW_LOCK;
    ensures PM_FAMILY_03_lock: raw_locked == 0;
    ensures PM_DEBUG_12_none: !b->open ==> \result == 0;
    ensures PM_DEBUG_12_silent: \result == 0 ==> !reported{Pre,Post};
    ensures PM_DEBUG_12_all: b->open && \result == 0 ==> all_sound{Pre}(b);
    ensures PM_DEBUG_12_most: \result <= 2 * ADDRESS_END; */
static size_t books_check(const books_t *b) {
  size_t damaged = 0;
  if (!b->open) return 0;
  enter(b);
  /*@ loop invariant below: p < ADDRESS_END;
      loop invariant silent: damaged == 0 ==> !reported{Pre,Here};
      loop invariant all: damaged == 0 ==>
        \forall integer a; 0 < a <= p && begins(&b->registry, a) ==> sound{Pre}(b, a);
      loop invariant most: damaged <= 2 * p;
      loop assigns p, damaged, REPORTED;
      loop variant ADDRESS_END - p; */
  for (uintptr_t p = 0; (p = registry_next(&b->registry, p + 1)) != 0;) {
    //@ assert begins: begins(&b->registry, p) && at(p) == at((uintptr_t)at(p));
    //@ assert between: \forall integer a; \at(p, LoopCurrent) < a < p ==> !begins(&b->registry, a);
    //@ ghost size_t before = damaged;
    uint32_t slot = registry_slot(&b->registry, p);
    damaged += block_damaged(b, slot, p);
    //@ assert sound: damaged == before ==> sound{Pre}(b, p);
    //@ assert order: before <= damaged <= before + 1;
    if (*entry_at(b, slot) / ENTRY_OUTER % 2 != 0) damaged += outer_damaged(b, slot, block_at(p), NULL);
  }
  leave(b);
  return damaged;
}

/*@ requires ok: check_ok(&locked_books) && check_ok(&raw_books);
    requires nobody: misuse_handler == \null && raw_locked == 0;
    terminates \true;
    assigns REPORTED, RAW_LOCK;
    ensures PM_FAMILY_03_lock: raw_locked == 0;
    ensures PM_DEBUG_12_none: !(&locked_books)->open && !(&raw_books)->open ==> \result == 0;
    ensures PM_DEBUG_12_silent: \result == 0 ==> !reported{Pre,Post};
    ensures PM_DEBUG_12_all: \result == 0 ==> ((&locked_books)->open ==> all_sound{Pre}(&locked_books)) &&
      ((&raw_books)->open ==> all_sound{Pre}(&raw_books));
    ensures PM_DEBUG_12_most: \result <= 4 * ADDRESS_END; */
size_t pymalloc_check_everything(void) { return books_check(&locked_books) + books_check(&raw_books); }

/*@ requires memory: \valid_read(b) && \valid(size) && \separated(size, b);
    requires ok: leaks_ok(b) && raw_locked == 0;
    terminates \true;
    assigns *size, REPORTED, RAW_LOCK;
    ensures PM_FAMILY_03_lock: raw_locked == 0;
    ensures PM_DEBUG_16_none: leaks_none{Pre}(b) ==> \result == 0;
    ensures PM_DEBUG_16_some: b->open && \result == 0 ==> \forall integer a; 0 < a ==> !is_live{Pre}(&b->registry, a);
    ensures PM_DEBUG_16_bytes: \result == 0 ==> *size == \old(*size);
    ensures PM_DEBUG_16_most: \result <= ADDRESS_END; */
static size_t books_leaks(const books_t *b, size_t *size) {
  size_t leaks = 0, leaked = 0;
  if (!b->open) return 0;
  enter(b);
  /*@ loop invariant below: p < ADDRESS_END;
      loop invariant ok: books_ok(b, noted, bytes.serials ? 8 : 0);
      loop invariant none: (\forall integer a; !is_live{Pre}(&b->registry, a)) ==> leaks == 0;
      loop invariant some: leaks == 0 ==> \forall integer a; 0 < a <= p ==> !is_live{Pre}(&b->registry, a);
      loop invariant bytes: leaks <= p && (leaks == 0 ==> leaked == 0);
      loop assigns p, leaks, leaked, REPORTED;
      loop variant ADDRESS_END - p; */
  for (uintptr_t p = 0; (p = registry_next(&b->registry, p + 1)) != 0;) {
    //@ assert begins: begins(&b->registry, p);
    uint32_t slot = registry_slot(&b->registry, p);
    uint64_t entry = *entry_at(b, slot);
    if (entry_state(entry) != BLOCK_LIVE) continue;
    //@ assert live: is_live{Pre}(&b->registry, p);
    report_leak(block_at(p), entry_size(entry), entry_api(entry), serial_at(b, slot), stack_at(b, slot));
    leaks++, leaked += entry_size(entry);
  }
  leave(b);
  *size += leaked;
  return leaks;
}

/*@ requires ok: leaks_ok(&locked_books) && leaks_ok(&raw_books) && raw_locked == 0;
    terminates \true;
    assigns REPORTED, RAW_LOCK;
    ensures PM_FAMILY_03_lock: raw_locked == 0;
    ensures PM_DEBUG_16_none: leaks_none{Pre}(&locked_books) && leaks_none{Pre}(&raw_books) ==> \result == 0;
    ensures PM_DEBUG_16_told: told == TOLD_LEAKS; */
size_t pymalloc_report_leaks(void) {
  size_t size = 0, leaks = books_leaks(&locked_books, &size);
  leaks += books_leaks(&raw_books, &size);
  report_leaks(leaks, size);
  return leaks;
}

/*@ requires ok: leaks_ok(&locked_books) && leaks_ok(&raw_books) && raw_locked == 0;
    terminates \true;
    assigns REPORTED, RAW_LOCK;
    ensures PM_DEBUG_16_told: told == TOLD_LEAKS; */
static void leaks_at_exit(void) { pymalloc_report_leaks(); }

/*@ terminates \true;
    assigns misuse_handler;
    ensures PM_DEBUG_15_set: misuse_handler == handler; */
void pymalloc_set_misuse_handler(void (*handler)(const pymalloc_misuse *misuse)) { misuse_handler = handler; }
/*@ terminates \true;
    assigns lock_held;
    ensures PM_DEBUG_11_set: lock_held == held; */
void pymalloc_set_lock_check(int (*held)(void)) { lock_held = held; }
/*@ requires misuse: misuse_ok(misuse) && (misuse->block != \null ==> block_readable(misuse, &bytes));
    terminates \true;
    assigns REPORTED;
    ensures PM_DEBUG_04_told: told == misuse->kind; */
void pymalloc_report_misuse(const pymalloc_misuse *misuse) { report_misuse(misuse, &bytes); }

/* Setting up. */

#ifdef __FRAMAC__ /* what is set up */
#define SETTING bytes, held_most, stack_depth, noted, clean_word, dead_word, setting_given
#define SETUP_STATE SETTING, layers[0 .. LAYERS - 1], layers_used, raw_layer, locked_books, raw_books, PRINTED
#endif

/*@ requires lock: raw_locked == 0;
    terminates \true;
    assigns RAW_LOCK;
    ensures PM_FAMILY_03_set: raw_locked == 1; */
static void raw_lock(void) { enter(&raw_books); }
/*@ requires lock: raw_locked == 1;
    terminates \true;
    assigns RAW_LOCK;
    ensures PM_FAMILY_03_set: raw_locked == 0; */
static void raw_unlock(void) { leave(&raw_books); }

/* In a forked child the thread that holds the mutex is another, by its number. */
/*@ terminates \true;
    assigns raw_mutex;
    ensures PM_FAMILY_03_new: raw_mutex._fc == 0; */
static void raw_renew(void) { raw_mutex = (pthread_mutex_t)PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP; }

/*@ terminates \true;
    assigns SETTING, PRINTED;
    ensures setting: setting_ok; */
static void setup(void) {
  options_t options = options_read();
  bytes = options.bytes;
  held_most = options.held_most;
  stack_depth = options.stack_depth;
  noted = bytes.serials || options.leaks || stack_depth > 0;
  clean_word = word_of(bytes.clean);
  dead_word = word_of(bytes.dead);
  if (options.leaks) atexit(leaks_at_exit);
}

/*@ ghost
  /@ requires memory: \valid_read(b) && registry_room(&b->registry) && stacks_ok(&b->stacks);
     terminates \true;
     assigns \nothing;
     ensures apart: entries_apart(b); @/
  void mapped_is_apart(const books_t *b); // trusted: what the system maps is in no variable, and apart from what else it maps
*/

static const char memory_none[] =
  "Fatal Python error: there is no memory for the registry of the debug layer\n";
/*@ terminates \true;
    assigns PRINTED;
    ensures PM_DEBUG_06_ends: \false;
    exits PM_DEBUG_06_put: printed == put_text(\old(printed), &memory_none[0]) && all_written; */
SELDOM _Noreturn static void no_memory(void) {
  out_t out;
  out_begin(&out, NULL);
  out_text(&out, memory_none);
  out_end(&out);
}

/* Where no address has a slot of its own, none has a note. */
/*@ ghost
  /@ requires memory: \valid_read(b) && b->registry.stride == 2 * NODE;
     requires none: \forall integer a; 0 <= a < ADDRESS_END ==> slot_of(&b->registry, a) < NODE;
     terminates \true;
     assigns \nothing;
     ensures notes: books_notes(b); @/
  void none_is_noted(const books_t *b) {}
*/

/* Has a set of books ready for its first block.  (The registry is opened last: a proof that much of it stays as it is
   takes long.) */
/*@ requires books: b == &locked_books || b == &raw_books;
    requires setting: setting_ok;
    terminates \true;
    assigns *b, PRINTED;
    ensures PM_DEBUG_06_empty: books_new(b); */
static void books_open(books_t *b) {
  if (!stacks_open(&b->stacks, stack_depth)) no_memory();
  //@ ghost L1: ;
  if (!registry_open(&b->registry, noted)) no_memory();
  //@ assert depth: b->stacks.depth == \at(b->stacks.depth, L1) && b->stacks.place == \at(b->stacks.place, L1);
  /*@ assert places: b->stacks.depth > 0 ==> \forall integer i;
        b->stacks.place[i].depth == \at(b->stacks.place[i].depth, L1); */
  //@ assert table: b->stacks.depth > 0 ==> stacks_memory(&b->stacks);
  //@ assert deep: b->stacks.depth > 0 ==> stacks_places{L1}(&b->stacks);
  //@ assert depths: b->stacks.depth > 0 ==> stacks_places(&b->stacks);
  //@ assert stacks: stacks_ok(&b->stacks);
  //@ assert none_1: \forall integer a; 0 <= a < ADDRESS_END ==> slot_of(&b->registry, a) < NODE;
  //@ assert room_1: registry_room(&b->registry) && registry_nodes_apart(&b->registry);
  //@ ghost mapped_is_apart(b);
  //@ ghost if (noted) none_is_noted(b);
  b->first = b->next = 0;
  b->room = (int32_t)held_most;
  b->room_bytes = HELD_BYTES;
  b->open = true;
  //@ assert none_2: \forall integer a; !known(&b->registry, a);
  //@ assert slots_2: \forall integer a; 0 <= a < ADDRESS_END ==> slot_of(&b->registry, a) < NODE;
  //@ assert registry: registry_ok(&b->registry);
  //@ assert own: books_own(&b->registry, bytes.serials ? 8 : 0);
  //@ assert stride: noted ==> b->registry.stride == 2 * NODE;
  //@ assert notes: noted ==> books_notes(b);
  //@ assert books: books_ok(b, noted, bytes.serials ? 8 : 0);
  //@ assert shape: ring_shape(b, held_most) && ring_bytes(b);
  //@ assert held: \forall integer i; !is_held(b, held_most, i);
  //@ assert ring: ring_ok(b, held_most, bytes.forbidden, bytes.serials);
}

/* Makes the next layer, which is over *inner. */
/*@ requires layer: \exists integer i; 0 <= i < LAYERS && layer == &layers[i];
    requires domain: domain <= 2;
    requires inner: allocator_ok(inner) && \base_addr(inner) != \base_addr(&layers[0]);
    requires setting: setting_ok;
    terminates \true;
    assigns *layer;
    ensures PM_DEBUG_01_layer: layer_ok(layer, bytes.forbidden, bytes.serials);
    ensures PM_DEBUG_01_inner: allocator_same{Post,Pre}(&layer->inner, inner);
    ensures PM_DEBUG_01_books: layer->books == b;
    ensures PM_DEBUG_01_api: layer->api == (domain == 0 ? 'r' : domain == 1 ? 'm' : 'o'); */
static void layer_make(layer_t *layer, PyMemAllocatorDomain domain, books_t *b, const PyMemAllocatorEx *inner) {
  static const char families[] = {'r', 'm', 'o'};
  layer->inner = *inner;
  layer->large = large_place(inner);
  layer->books = b;
  layer->api = families[domain];
  layer->frame = (frame_t){.id = word_of_id((unsigned char)layer->api, bytes.forbidden),
                           .pad = word_of(bytes.forbidden), .serials = bytes.serials};
  layer->around = frame_total(0, bytes.serials);
}

/*@ ghost
  /@ requires place: 0 <= i < LAYERS;
     requires most: held_most <= HELD_MOST && stack_depth <= STACK_DEPTH_MOST;
     requires noted: bytes.serials || stack_depth > 0 ==> noted;
     requires words: clean_word == pad_word(bytes.clean) && dead_word == pad_word(bytes.dead);
     requires malloc: layers[i].inner.malloc == &any_malloc && layers[i].inner.calloc == &any_calloc;
     requires free: layers[i].inner.realloc == &any_realloc && layers[i].inner.free == &any_free;
     requires around: layers[i].frame.serials == bytes.serials && layers[i].around == 24 + (bytes.serials != 0 ? 8 : 0);
     requires id: layers[i].frame.id == id_word((unsigned char)layers[i].api, bytes.forbidden);
     requires pad: layers[i].frame.pad == pad_word(bytes.forbidden);
     terminates \true;
     assigns \nothing;
     ensures setting: setting_ok;
     ensures layer: layer_ok(&layers[i], bytes.forbidden, bytes.serials); @/
  void layer_is_ok(unsigned i) {
  }
*/

#ifdef __FRAMAC__ /* what is promised of a layer that is put over an allocator; and when there is to be one */
#define NEW_LAYER (&layers[\old(layers_used)])
#define LAYER_PUT(anew) \
  ensures PM_DEBUG_01_used: anew ==> layers_used == \old(layers_used) + 1; \
  ensures PM_DEBUG_01_over: anew ==> allocator->ctx == (void *)NEW_LAYER && allocator->calloc == &debug_calloc && \
    allocator->realloc == &debug_realloc; \
  ensures PM_DEBUG_01_calls: anew ==> \
    (domain != 0 && !noted ==> allocator->malloc == &quick_malloc && allocator->free == &quick_free) && \
    (domain == 0 || noted ==> allocator->malloc == &debug_malloc && allocator->free == &debug_free); \
  ensures PM_DEBUG_01_layer: anew ==> layer_ok(NEW_LAYER, bytes.forbidden, bytes.serials); \
  ensures PM_DEBUG_01_inner: anew ==> allocator_same{Post,Pre}(&NEW_LAYER->inner, allocator); \
  ensures PM_DEBUG_01_books: anew ==> NEW_LAYER->books == (domain == 0 ? &raw_books : &locked_books) && \
    NEW_LAYER->books->open; \
  ensures PM_DEBUG_01_api: anew ==> NEW_LAYER->api == (domain == 0 ? 'r' : domain == 1 ? 'm' : 'o'); \
  ensures PM_DEBUG_02_raw: anew ==> \
    raw_layer == (domain == 0 && \old(raw_layer) == \null ? NEW_LAYER : \old(raw_layer));
#define ANEW \old(allocator->calloc) != &debug_calloc && \old(layers_used) < LAYERS && domain <= 2
#endif

/* Puts a new layer over *allocator.  The books are opened first, and *allocator is changed last: a proof that much
   stays as it is is shorter then. */
/*@ requires memory: \valid(allocator) && allocator_ok(allocator) && \separated(allocator, &layers[0 .. LAYERS - 1],
      &layers_used, &raw_layer, &locked_books, &raw_books, &bytes, &held_most, &stack_depth, &noted, &clean_word,
      &dead_word);
    requires apart: \base_addr(allocator) != \base_addr(&layers[0]) && \base_addr(allocator) != \base_addr(&bytes);
    requires setting: layers_used > 0 ==> setting_ok;
    requires used: layers_used < LAYERS && domain <= 2;
    terminates \true;
    assigns SETUP_STATE, *allocator;
    ensures setting: setting_ok;
    LAYER_PUT(\true) */
static void layer_put(PyMemAllocatorDomain domain, PyMemAllocatorEx *allocator) {
  //@ ghost uint32_t i = layers_used;
  if (layers_used == 0) setup();
  //@ assert setting_1: setting_ok;
  //@ ghost L1: ;
  books_t *b = domain == PYMEM_DOMAIN_RAW ? &raw_books : &locked_books;
  if (!b->open) books_open(b);
  //@ assert open_2: b->open;
  //@ assert most_2: held_most <= HELD_MOST;
  //@ assert depth_2: stack_depth <= STACK_DEPTH_MOST;
  //@ assert serials_2: bytes.serials == \at(bytes.serials, L1);
  //@ assert noted_2: noted == \at(noted, L1);
  //@ assert depths_2: stack_depth == \at(stack_depth, L1);
  //@ assert clean_2: clean_word == pad_word(bytes.clean);
  //@ assert dead_2: dead_word == pad_word(bytes.dead);
  //@ assert malloc: allocator->malloc == &any_malloc;
  //@ assert calloc: allocator->calloc == &any_calloc;
  //@ assert realloc: allocator->realloc == &any_realloc;
  //@ assert free: allocator->free == &any_free;
  //@ assert used: layers_used == i;
  layer_t *layer = &layers[layers_used++];
  if (domain == PYMEM_DOMAIN_RAW && raw_layer == NULL) raw_layer = layer;
  //@ assert inner: allocator_ok(allocator);
  //@ assert setting_3: setting_ok;
  //@ ghost L3: ;
  layer_make(layer, domain, b, allocator);
  //@ assert inner_4: allocator_same{Here,Pre}(&layer->inner, allocator);
  //@ assert books_4: layer->books == b;
  //@ assert open_4: b->open;
  //@ assert most_4: held_most <= HELD_MOST && stack_depth <= STACK_DEPTH_MOST;
  //@ assert serials_4: bytes.serials == \at(bytes.serials, L3);
  //@ assert noted_4: noted == \at(noted, L3) && stack_depth == \at(stack_depth, L3);
  //@ assert words_4: clean_word == pad_word(bytes.clean) && dead_word == pad_word(bytes.dead);
  //@ assert around_4: layer->frame.serials == bytes.serials && layer->around == 24 + (bytes.serials != 0 ? 8 : 0);
  //@ assert id_4: layer->frame.id == id_word((unsigned char)layer->api, bytes.forbidden);
  //@ assert pad_4: layer->frame.pad == pad_word(bytes.forbidden);
  bool quick = domain != PYMEM_DOMAIN_RAW && !noted;
  allocator->ctx = layer;
  allocator->malloc = quick ? quick_malloc : debug_malloc;
  allocator->calloc = debug_calloc;
  allocator->realloc = debug_realloc;
  allocator->free = quick ? quick_free : debug_free;
  //@ assert books_5: layer->books == b;
  //@ assert raw: domain == 0 ==> layer->books == &raw_books;
  //@ assert locked: domain != 0 ==> layer->books == &locked_books;
  //@ ghost layer_is_ok(i);
}

/*@ requires setting: layers_used <= LAYERS && (layers_used > 0 ==> setting_ok);
    requires memory: \valid(allocator) && \separated(allocator, &layers[0 .. LAYERS - 1], &layers_used, &raw_layer,
      &locked_books, &raw_books, &bytes, &held_most, &stack_depth, &noted, &clean_word, &dead_word);
    requires apart: \base_addr(allocator) != \base_addr(&layers[0]) && \base_addr(allocator) != \base_addr(&bytes);
    requires allocator: allocator->calloc == &debug_calloc || allocator_ok(allocator);
    terminates \true;
    assigns SETUP_STATE, fork_calls[0 .. 2], *allocator;
    ensures setting: layers_used <= LAYERS && (layers_used > 0 ==> setting_ok);
    ensures PM_DEBUG_01_once: \old(allocator->calloc) == &debug_calloc ==> \result &&
      layers_used == \old(layers_used) && allocator_same{Pre,Post}(allocator, allocator);
    ensures PM_DEBUG_01_most: \old(allocator->calloc) != &debug_calloc &&
      (\old(layers_used) == LAYERS || domain > 2) ==>
      !\result && layers_used == \old(layers_used) && allocator_same{Pre,Post}(allocator, allocator);
    ensures PM_DEBUG_01_done: ANEW ==> \result;
    LAYER_PUT(ANEW)
    ensures forks: ANEW && \old(layers_used) == 0 ==>
      fork_calls[0] == &raw_lock && fork_calls[1] == &raw_unlock && fork_calls[2] == &raw_renew;
    ensures forks_once: \old(allocator->calloc) == &debug_calloc || \old(layers_used) > 0 || domain > 2 ==>
      fork_calls[0] == \old(fork_calls[0]) && fork_calls[1] == \old(fork_calls[1]) && fork_calls[2] == \old(fork_calls[2]); */
bool pymalloc_debug_wrap(PyMemAllocatorDomain domain, PyMemAllocatorEx *allocator) {
  if (allocator->calloc == debug_calloc) return true;
  if (layers_used == LAYERS || (unsigned)domain > PYMEM_DOMAIN_OBJ) return false;
  if (layers_used == 0) pthread_atfork(raw_lock, raw_unlock, raw_renew);
  layer_put(domain, allocator);
  return true;
}

static const char layers_all[] =
  "Fatal Python error: the debug layer is over %u allocators already, and can be over no "
  "more; call PyMem_SetupDebugHooks once, when all allocators are set\n";
/*@ terminates \true;
    assigns PRINTED;
    ensures PM_DEBUG_01_ends: \false;
    exits PM_DEBUG_01_put: printed == put_format(\old(printed), &layers_all[0], LAYERS, 0, 0) && all_written; */
SELDOM _Noreturn static void no_layer(void) {
  out_t out;
  out_begin(&out, NULL);
  OUT(&out, layers_all, LAYERS);
  out_end(&out);
}

void debug_put(PyMemAllocatorDomain domain, PyMemAllocatorEx *allocator, bool wanted) {
  /* trusted: what it leaves, layer or not, is one that any_malloc stands for; what else changes no other contract names */
  if (wanted && !pymalloc_debug_wrap(domain, allocator)) no_layer();
}
