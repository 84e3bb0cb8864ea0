/* The JSON of the figures: that it is JSON, and says what the struct says. */
#include "alloc/raw.h"
#include "alloc/stats.h"
#include "tests/check.h"
#include "tests/random.h"

/* A reader of as much JSON as there is: objects, arrays, names, whole numbers. */
static const char *at;
static const char *name;  /* of the member that is looked for */
static unsigned depth;
static size_t found[64];
static size_t found_count;

static char next(void) {
  while (*at == ' ' || *at == '\n') at++;
  return *at;
}

static void expect(char c) {
  CHECK_OF("PM-STATS-03", next() == c, next(), c);
  at++;
}

static void read_value(bool wanted);

static void read_number(bool wanted) {
  size_t n = 0;
  CHECK_OF("PM-STATS-03", next() >= '0' && next() <= '9', next(), found_count);
  CHECK("PM-STATS-03", *at != '0' || at[1] < '0' || at[1] > '9');
  for (; *at >= '0' && *at <= '9'; at++) n = n * 10 + (size_t)(*at - '0');
  if (wanted) found[found_count++] = n;
}

static void read_member(void) {
  expect('"');
  const char *start = at, *end = strchr(at, '"');
  CHECK("PM-STATS-03", end != NULL && end > start);
  at = end + 1;
  expect(':');
  size_t n = (size_t)(end - start);
  read_value(strlen(name) == n && strncmp(start, name, n) == 0);
}

static void read_value(bool wanted) {
  char open = next();
  if (open != '{' && open != '[') {
    read_number(wanted);
    return;
  }
  at++;
  depth++;
  do {
    if (open == '{') read_member();
    else read_value(false);
  } while (next() == ',' && at++);
  depth--;
  expect(open == '{' ? '}' : ']');
}

/* All numbers that are the values of members of that name, in their order. */
static const size_t *values(const char *text, const char *of) {
  name = of;
  at = text;
  found_count = 0;
  read_value(false);
  CHECK("PM-STATS-03", next() == '\0' && depth == 0);
  return found;
}

static void check_one(const char *text, const char *of, size_t want) {
  const size_t *v = values(text, of);
  CHECK_OF("PM-STATS-03", found_count == 1, found_count, want);
  CHECK_EQ("PM-STATS-03", v[0], want);
}

static void check_classes(const char *text, const pymalloc_stats *s) {
  for (size_t c = 0; c < CLASSES; c++) {
    CHECK_EQ("PM-STATS-03", values(text, "size")[c], 16 * (c + 1));
    CHECK_EQ("PM-STATS-03", values(text, "blocks")[c], s->class_[c].blocks);
    CHECK_EQ("PM-STATS-03", values(text, "live")[c], s->class_[c].live);
    CHECK_EQ("PM-STATS-03", values(text, "pools")[c + 1], s->class_[c].pools);
  }
  CHECK_EQ("PM-STATS-03", found_count, 33);
  CHECK_EQ("PM-STATS-03", found[0], s->pools);
}

static void check_members(const char *text, const pymalloc_stats *s) {
  check_one(text, "region", s->region);
  check_one(text, "usable", s->usable);
  check_one(text, "metadata", s->metadata);
  check_one(text, "idle_pools", s->idle_pools);
  check_one(text, "bare_pools", s->bare_pools);
  check_one(text, "fresh_pools", s->fresh_pools);
  check_one(text, "live_blocks", s->live_blocks);
  check_one(text, "live_bytes", s->live_bytes);
  check_one(text, "free_bytes", s->free_bytes);
  check_one(text, "lost_bytes", s->lost_bytes);
  check_one(text, "large_blocks", s->large_blocks);
}

static void check_json(const pymalloc_stats *s) {
  static char text[1 << 16];
  FILE *out = tmpfile();
  CHECK("PM-STATS-03", out != NULL);
  pymalloc_print_stats_json(out, s);
  rewind(out);
  text[fread(text, 1, sizeof text - 1, out)] = '\0';
  fclose(out);
  check_members(text, s);
  check_classes(text, s);
}

int main(void) {
  static const PyMemAllocatorEx raw = RAW_ALLOCATOR;
  static space_t space;
  pymalloc_stats s;
  memset(&s, 0, sizeof s);
  check_json(&s);
  memset(&s, 0xff, sizeof s); /* the largest numbers there can be */
  check_json(&s);
  CHECK("PM-STATS-03", space_open(&space, REGION_SYSTEM, (size_t)32 << 20, NULL, &raw));
  static void *block[20000];
  for (size_t i = 0; i < 20000; i++) block[i] = space_malloc(&space, random_below(600));
  for (size_t i = 0; i < 20000; i += 2) space_free(&space, block[i]);
  pymalloc_get_stats(&space, &s);
  check_json(&s);
  for (size_t i = 1; i < 20000; i += 2) space_free(&space, block[i]);
  space_close(&space);
  return check_done();
}
