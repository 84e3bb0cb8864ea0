/* Figures as text: CPython's layout, and JSON.  As in report.c, each part has its texts, then what it is as a whole
   (spec/out.acsl.h), then the function that puts it. */
#include "alloc/out.h"
#include "alloc/stats.h"

#define LABEL 35   /* columns of a label, */
#define FIGURE 21  /* and of a number */
#define ARENA_SIZE (64 * (size_t)POOL_SIZE)

/* How many digits a number has. */
/*@ logic integer places(integer n, integer k) = n < 10 ? k : places(n / 10, k + 1);
    logic integer digits(integer n) = places(n, 1); */

/*@ terminates \true;
    assigns \nothing;
    ensures PM_STATS_02_digits: \result == digits(n) <= 20; */
static size_t digits_of(size_t n) {
  size_t digits = 1;
  /*@ loop invariant few: 1 <= digits && digits + n <= \at(n, Pre) + 1;
      loop invariant PM_STATS_02_places: places(n, digits) == places(\at(n, Pre), 1);
      loop assigns n, digits;
      loop variant n; */
  for (; n > 9; n /= 10) digits++;
  return digits;
}

/*@ logic integer put_spaces{L}(integer log, integer from, integer to) =
      from >= to ? log : put_spaces(put(log, ' '), from + 1, to); */

/*@ requires ok: out_ok(out);
    terminates \true;
    assigns PUT(out);
    ensures ok: out_ok(out);
    ensures PM_STATS_02_put: printed == put_spaces(\old(printed), from, to); */
static void out_spaces(out_t *out, size_t from, size_t to) {
  /*@ loop invariant ok: out_ok(out);
      loop invariant PM_STATS_02_put: put_spaces(printed, from, to) == put_spaces(\at(printed, Pre), \at(from, Pre), to);
      loop assigns from, PUT(out);
      loop variant to - from; */
  for (; from < to; from++) out_char(out, ' ');
}

/* A number at the right of so many columns. */
/*@ logic integer put_right{L}(integer log, integer n, integer columns) =
      put_decimal(put_spaces(log, digits(n), columns), n); */

/*@ requires ok: out_ok(out);
    terminates \true;
    assigns PUT(out);
    ensures ok: out_ok(out);
    ensures PM_STATS_02_put: printed == put_right(\old(printed), n, columns); */
static void out_right(out_t *out, size_t n, size_t columns) {
  out_spaces(out, digits_of(n), columns);
  out_number(out, n, 10, 1);
}

/* So it is here, with a comma before each group of three digits. */
/*@ logic integer put_commas{L}(integer log, integer n, integer columns) =
      n < 1000 ? put_right(log, n, columns) :
        put_number(put(put_commas(log, n / 1000, columns < 4 ? 0 : columns - 4), ','), n % 1000, 10, 3); */

/*@ requires ok: out_ok(out);
    terminates \true;
    decreases n;
    assigns PUT(out);
    ensures ok: out_ok(out);
    ensures PM_STATS_02_put: printed == put_commas(\old(printed), n, columns); */
static void out_commas(out_t *out, size_t n, size_t columns) {
  if (n < 1000) {
    out_right(out, n, columns);
    return;
  }
  out_commas(out, n / 1000, columns < 4 ? 0 : columns - 4);
  out_char(out, ',');
  out_number(out, n % 1000, 10, 3);
}

/* A line: a label and bytes (or a count), which it returns. */
typedef struct { const char *text; size_t length; } label_t;
#define TEXT(text) {text, sizeof text - 1}
/*@ logic integer put_line{L}(integer log, integer columns, label_t label, integer n) =
      put(put_commas(put(put_spaces(put_text(log, label.text), label.length, columns), '='), n, FIGURE), '\n'); */

/*@ requires ok: out_ok(out);
    terminates \true;
    assigns PUT(out);
    ensures ok: out_ok(out);
    ensures bytes: \result == n;
    ensures PM_STATS_02_put: printed == put_line(\old(printed), columns, label, n); */
static size_t out_line(out_t *out, size_t columns, label_t label, size_t n) {
  out_text(out, label.text);
  out_spaces(out, label.length, columns);
  out_char(out, '=');
  out_commas(out, n, FIGURE);
  out_char(out, '\n');
  return n;
}

/* The same with a count before the label. */
/*@ logic integer put_counted{L}(integer log, integer count, label_t label, integer size) =
      put_line(put(put_decimal(log, count), ' '), LABEL - 1 - digits(count), label, (size_t)(count * size)); */

/*@ requires ok: out_ok(out);
    terminates \true;
    assigns PUT(out);
    ensures ok: out_ok(out);
    ensures bytes: \result == (size_t)(count * size);
    ensures PM_STATS_02_put: printed == put_counted(\old(printed), count, label, size); */
static size_t out_counted(out_t *out, size_t count, label_t label, size_t size) {
  size_t digits = digits_of(count);
  out_number(out, count, 10, 1);
  out_char(out, ' ');
  return out_line(out, LABEL - 1 - digits, label, count * size);
}

/* The classes that have pools. */
static const char classes_small[] = "Small block threshold = %u, in %u size classes.\n\n";
static const char classes_head[] = "class   size   num pools   blocks in use  avail blocks\n"
                                   "-----   ----   ---------   -------------  ------------\n";
/*@ logic integer put_class{L}(integer log, integer c, integer size, integer pools, integer live, integer rest) =
      put(put_right(put(put_right(put(put_right(put(put_right(put(put_right(log, c, 5),
        ' '), size, 6), ' '), pools, 11), ' '), live, 15), ' '), rest, 13), '\n');
    logic integer put_class_rows{L}(integer log, pymalloc_stats *stats, integer c) =
      c >= CLASSES ? log :
        stats->class_[c].pools == 0 ? put_class_rows(log, stats, c + 1) :
          put_class_rows(put_class(log, c, 16 * (c + 1), stats->class_[c].pools, stats->class_[c].live,
            (size_t)(stats->class_[c].blocks - stats->class_[c].live)), stats, c + 1);
    logic integer put_classes{L}(integer log, pymalloc_stats *stats) =
      put_class_rows(put_text(put_format(log, &classes_small[0], SMALL_MAX, CLASSES, 0), &classes_head[0]), stats, 0); */

/*@ requires ok: out_ok(out);
    requires memory: \valid_read(k);
    terminates \true;
    assigns PUT(out);
    ensures ok: out_ok(out);
    ensures PM_STATS_02_put: printed == put_class(\old(printed), c, size, \old(k->pools), \old(k->live),
      \old((size_t)(k->blocks - k->live))); */
static void out_class(out_t *out, size_t c, size_t size, const pymalloc_class_stats *k) {
  out_right(out, c, 5);
  out_char(out, ' ');
  out_right(out, size, 6);
  out_char(out, ' ');
  out_right(out, k->pools, 11);
  out_char(out, ' ');
  out_right(out, k->live, 15);
  out_char(out, ' ');
  out_right(out, k->blocks - k->live, 13);
  out_char(out, '\n');
}

/*@ requires ok: out_ok(out);
    requires memory: \valid_read(stats);
    terminates \true;
    assigns PUT(out);
    ensures ok: out_ok(out);
    ensures PM_STATS_02_put: printed == put_classes{Pre}(\old(printed), stats); */
static void out_classes(out_t *out, const pymalloc_stats *stats) {
  OUT(out, classes_small, SMALL_MAX, CLASSES);
  out_text(out, classes_head);
  //@ ghost L: ;
  /*@ loop invariant ok: c <= CLASSES && out_ok(out);
      loop invariant PM_STATS_02_put: put_class_rows(printed, stats, c) == put_class_rows(\at(printed, L), stats, 0);
      loop assigns c, PUT(out);
      loop variant CLASSES - c; */
  for (size_t c = 0; c < CLASSES; c++) {
    /*@ assert next: put_class_rows(printed, stats, c) == put_class_rows(stats->class_[c].pools == 0 ? (integer)printed :
          put_class(printed, c, 16 * (c + 1), stats->class_[c].pools, stats->class_[c].live,
            (size_t)(stats->class_[c].blocks - stats->class_[c].live)), stats, c + 1); */
    if (stats->class_[c].pools > 0) out_class(out, c, class_size(c), &stats->class_[c]);
  }
}

static const label_t arenas_all = TEXT("# arenas allocated total"), arenas_gone = TEXT("# arenas reclaimed");
static const label_t arenas_most = TEXT("# arenas highwater mark"), arenas_now = TEXT("# arenas allocated current");
static const label_t arenas_bytes = TEXT("arenas * 4194304 bytes/arena");
/*@ logic integer put_arenas{L}(integer log, integer arenas) =
      put_counted(put_line(put_line(put_line(put_line(log, LABEL, arenas_all, arenas), LABEL, arenas_gone, 0),
        LABEL, arenas_most, arenas), LABEL, arenas_now, arenas), arenas, arenas_bytes, ARENA_SIZE); */

/*@ requires ok: out_ok(out);
    terminates \true;
    assigns PUT(out);
    ensures ok: out_ok(out);
    ensures PM_STATS_02_put: printed == put_arenas(\old(printed), arenas); */
static void out_arenas(out_t *out, size_t arenas) {
  out_line(out, LABEL, arenas_all, arenas);
  out_line(out, LABEL, arenas_gone, 0);
  out_line(out, LABEL, arenas_most, arenas);
  out_line(out, LABEL, arenas_now, arenas);
  out_counted(out, arenas, arenas_bytes, ARENA_SIZE);
}

static const label_t bytes_live = TEXT("# bytes in allocated blocks"), bytes_free = TEXT("# bytes in available blocks");
static const label_t bytes_unused = TEXT("unused pools * 65536 bytes"), bytes_headers = TEXT("# bytes lost to pool headers");
static const label_t bytes_lost = TEXT("# bytes lost to quantization"), bytes_align = TEXT("# bytes lost to arena alignment");
static const label_t bytes_total = TEXT("Total");
/*@ logic integer total_of(integer live, integer free, integer unused, integer lost) =
      (size_t)((size_t)((size_t)(live + free) + (size_t)(unused * POOL_SIZE)) + lost);
    logic integer put_bytes{L}(integer log, integer live, integer free, integer unused, integer lost) =
      put_line(put_line(put_line(put_line(put_counted(put_line(put_line(log, LABEL, bytes_live, live),
        LABEL, bytes_free, free), unused, bytes_unused, POOL_SIZE), LABEL, bytes_headers, 0),
        LABEL, bytes_lost, lost), LABEL, bytes_align, 0), LABEL, bytes_total, total_of(live, free, unused, lost)); */

/*@ requires ok: out_ok(out);
    requires memory: \valid_read(stats);
    terminates \true;
    assigns PUT(out);
    ensures ok: out_ok(out);
    ensures PM_STATS_02_total: printed == put_bytes(\old(printed), \old(stats->live_bytes), \old(stats->free_bytes), unused,
      \old(stats->lost_bytes)); */
static void out_bytes(out_t *out, const pymalloc_stats *stats, size_t unused) {
  size_t total = out_line(out, LABEL, bytes_live, stats->live_bytes);
  total += out_line(out, LABEL, bytes_free, stats->free_bytes);
  total += out_counted(out, unused, bytes_unused, POOL_SIZE);
  total += out_line(out, LABEL, bytes_headers, 0);
  total += out_line(out, LABEL, bytes_lost, stats->lost_bytes);
  total += out_line(out, LABEL, bytes_align, 0);
  out_line(out, LABEL, bytes_total, total);
}

/*@ logic integer arenas_of{L}(pymalloc_stats *s) = (size_t)((size_t)((size_t)(s->pools + s->idle_pools) + s->bare_pools) + 63) / 64;
    logic integer put_stats{L}(integer log, pymalloc_stats *stats) =
      put_bytes(put(put_arenas(put(put_classes(log, stats), '\n'), arenas_of(stats)), '\n'), stats->live_bytes,
        stats->free_bytes, (size_t)(arenas_of(stats) * 64 - stats->pools), stats->lost_bytes); */

/*@ ensures PM_STATS_02_put: printed == put_stats{Pre}(\old(printed), stats); */
void pymalloc_print_stats(FILE *file, const pymalloc_stats *stats) {
  out_t out;
  out_begin(&out, file);
  size_t arenas = (stats->pools + stats->idle_pools + stats->bare_pools + 63) / 64;
  out_classes(&out, stats);
  out_char(&out, '\n');
  out_arenas(&out, arenas);
  out_char(&out, '\n');
  out_bytes(&out, stats, arenas * 64 - stats->pools);
  out_flush(&out);
}

static const char json_region[] = "{\"region\": %u, \"usable\": %u, ", json_pools[] = "\"metadata\": %u, \"pools\": %u, ";
static const char json_unused[] = "\"idle_pools\": %u, \"bare_pools\": %u, ";
static const char json_blocks[] = "\"fresh_pools\": %u, \"live_blocks\": %u, ";
static const char json_bytes[] = "\"live_bytes\": %u, \"free_bytes\": %u, ";
static const char json_large[] = "\"lost_bytes\": %u, \"large_blocks\": %u, \"classes\": [", json_end[] = "]}\n";
static const char json_class[] = "{\"size\": %u, \"pools\": %u, ", json_live[] = "\"blocks\": %u, \"live\": %u}";
/*@ logic integer put_json_class{L}(integer log, pymalloc_class_stats *k, integer size) =
      put_format(put_format(log, &json_class[0], size, k->pools, 0), &json_live[0], k->blocks, k->live, 0);
    logic integer put_comma{L}(integer log, integer c) = c > 0 ? put(put(log, ','), ' ') : log;
    logic integer put_json_classes{L}(integer log, pymalloc_stats *stats, integer c) =
      c >= CLASSES ? put_text(log, &json_end[0]) :
        put_json_classes(put_json_class(put_comma(log, c), &stats->class_[c], 16 * (c + 1)), stats, c + 1);
    logic integer put_json_figures{L}(integer log, pymalloc_stats *s) =
      put_format(put_format(put_format(put_format(put_format(put_format(log,
        &json_region[0], s->region, s->usable, 0), &json_pools[0], s->metadata, s->pools, 0),
        &json_unused[0], s->idle_pools, s->bare_pools, 0), &json_blocks[0], s->fresh_pools, s->live_blocks, 0),
        &json_bytes[0], s->live_bytes, s->free_bytes, 0), &json_large[0], s->lost_bytes, s->large_blocks, 0);
    logic integer put_json{L}(integer log, pymalloc_stats *s) = put_json_classes(put_json_figures(log, s), s, 0); */

/*@ requires ok: out_ok(out);
    requires memory: \valid_read(k) && c < CLASSES;
    terminates \true;
    assigns PUT(out);
    ensures ok: out_ok(out);
    ensures PM_STATS_03_put: printed == put_json_class{Pre}(put_comma(\old(printed), c), k, 16 * (c + 1)); */
static void out_json_class(out_t *out, size_t c, const pymalloc_class_stats *k) {
  if (c > 0) out_char(out, ','), out_char(out, ' ');
  OUT(out, json_class, class_size(c), k->pools);
  OUT(out, json_live, k->blocks, k->live);
}

/*@ ensures PM_STATS_03_put: printed == put_json{Pre}(\old(printed), stats); */
void pymalloc_print_stats_json(FILE *file, const pymalloc_stats *stats) {
  out_t out;
  out_begin(&out, file);
  OUT(&out, json_region, stats->region, stats->usable);
  OUT(&out, json_pools, stats->metadata, stats->pools);
  OUT(&out, json_unused, stats->idle_pools, stats->bare_pools);
  OUT(&out, json_blocks, stats->fresh_pools, stats->live_blocks);
  OUT(&out, json_bytes, stats->live_bytes, stats->free_bytes);
  OUT(&out, json_large, stats->lost_bytes, stats->large_blocks);
  //@ ghost L: ;
  /*@ loop invariant ok: c <= CLASSES && out_ok(&out) && out.file == file;
      loop invariant PM_STATS_03_put:
        put_json_classes(printed, stats, c) == put_json_classes(\at(printed, L), stats, 0);
      loop assigns c, out.text[0 .. 511], out.n, *file, PRINTED;
      loop variant CLASSES - c; */
  for (size_t c = 0; c < CLASSES; c++) out_json_class(&out, c, &stats->class_[c]);
  out_text(&out, json_end);
  out_flush(&out);
}
