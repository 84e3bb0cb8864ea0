#include "fuzz/texts.h"

#include <stdarg.h>
#include <stdio.h>

static char text[TEXT_MOST];
static size_t length;

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  length += (size_t)vsnprintf(text + length, sizeof text - length, format, arguments);
  va_end(arguments);
}

/* A line of the text: a label and a number, with commas, put together from its end. */
static void say_bytes(const char *label, size_t n) {
  char number[32], *p = number + sizeof number - 1;
  *p = '\0';
  for (int i = 0; i == 0 || n > 0; i++, n /= 10) {
    if (i > 0 && i % 3 == 0) *--p = ',';
    *--p = (char)('0' + n % 10);
  }
  say("%-35s=%21s\n", label, p);
}

static void say_counted(size_t count, const char *what, size_t size) {
  char label[64];
  snprintf(label, sizeof label, "%zu %s", count, what);
  say_bytes(label, count * size);
}

const char *text_of_figures(const pymalloc_stats *s) {
  size_t opened = s->pools + s->idle_pools + s->bare_pools, arenas = opened / 64 + (opened % 64 > 0);
  length = 0;
  say("Small block threshold = 512, in 32 size classes.\n\n"
      "class   size   num pools   blocks in use  avail blocks\n"
      "-----   ----   ---------   -------------  ------------\n");
  for (unsigned c = 0; c < 32; c++)
    if (s->class_[c].pools > 0)
      say("%5u %6u %11zu %15zu %13zu\n", c, 16 * c + 16, s->class_[c].pools, s->class_[c].live,
          s->class_[c].blocks - s->class_[c].live);
  say("\n");
  say_bytes("# arenas allocated total", arenas);
  say_bytes("# arenas reclaimed", 0);
  say_bytes("# arenas highwater mark", arenas);
  say_bytes("# arenas allocated current", arenas);
  say_counted(arenas, "arenas * 4194304 bytes/arena", 4194304);
  say("\n");
  say_bytes("# bytes in allocated blocks", s->live_bytes);
  say_bytes("# bytes in available blocks", s->free_bytes);
  say_counted(64 * arenas - s->pools, "unused pools * 65536 bytes", 65536);
  say_bytes("# bytes lost to pool headers", 0);
  say_bytes("# bytes lost to quantization", s->lost_bytes);
  say_bytes("# bytes lost to arena alignment", 0);
  say_bytes("Total", arenas * 4194304);
  return text;
}

const char *json_of_figures(const pymalloc_stats *s) {
  length = 0;
  say("{\"region\": %zu, \"usable\": %zu, \"metadata\": %zu, ", s->region, s->usable, s->metadata);
  say("\"pools\": %zu, \"idle_pools\": %zu, \"bare_pools\": %zu, \"fresh_pools\": %zu, ", s->pools,
      s->idle_pools, s->bare_pools, s->fresh_pools);
  say("\"live_blocks\": %zu, \"live_bytes\": %zu, \"free_bytes\": %zu, \"lost_bytes\": %zu, ",
      s->live_blocks, s->live_bytes, s->free_bytes, s->lost_bytes);
  say("\"large_blocks\": %zu, \"classes\": [", s->large_blocks);
  for (unsigned c = 0; c < 32; c++)
    say("{\"size\": %u, \"pools\": %zu, \"blocks\": %zu, \"live\": %zu}%s", 16 * c + 16,
        s->class_[c].pools, s->class_[c].blocks, s->class_[c].live, c < 31 ? ", " : "]}\n");
  return text;
}
