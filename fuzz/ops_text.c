#define _DEFAULT_SOURCE /* strtok_r */
#include "fuzz/ops_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a kind's two general fields are called, and whether they are sizes. */
typedef struct {
  const char *name, *by, *arg;
} kind_t;

static const kind_t kinds[OP_KINDS] = {
  [OP_MALLOC] = {"malloc", "by", "size"},   [OP_CALLOC] = {"calloc", "elsize", "nelem"},
  [OP_REALLOC] = {"realloc", "by", "size"}, [OP_FREE] = {"free", "step", "arg"},
  [OP_CHECK] = {"check", "by", "arg"},      [OP_FAIL] = {"fail", "after", "arg"},
  [OP_MISUSE] = {"misuse", "how", "at"},    [OP_OBJECT] = {"object", "how", "size"},
  [OP_OPEN] = {"open", "by", "arg"},       [OP_HOOK] = {"hook", "by", "arg"},
  [OP_WRITE] = {"write", "byte", "at"},
};

const char *op_kind_name(op_kind_t kind) { return kinds[kind].name; }

static bool is(const char *name, const char *what) { return strcmp(name, what) == 0; }

/* The values of `by` and `arg` as people read them.  A free goes 1 step further when
   it says nothing. */
static size_t by_shown(const op_t *op) {
  if (is(kinds[op->kind].by, "elsize")) return op_elsize(op->by);
  return op->by + (size_t)is(kinds[op->kind].by, "step");
}

static bool arg_is_size(op_kind_t kind) {
  return is(kinds[kind].arg, "size") || is(kinds[kind].arg, "nelem");
}

static size_t print_field(char *text, size_t at, const char *name, size_t value, size_t usual) {
  if (value == usual) return at;
  return at + (size_t)snprintf(text + at, OP_TEXT - at, " %s=%zu", name, value);
}

size_t op_print(const op_t *op, char text[OP_TEXT]) {
  const kind_t *k = &kinds[op->kind];
  size_t at = (size_t)snprintf(text, OP_TEXT, "%s", k->name);
  at = print_field(text, at, "who", op->who, 0);
  at = print_field(text, at, "slot", op->slot, 0);
  at = print_field(text, at, k->arg, arg_is_size(op->kind) ? op_size(op->arg) : op->arg, 0);
  at = print_field(text, at, k->by, by_shown(op), is(k->by, "step"));
  return print_field(text, at, "times", op->times, 1);
}

static const char *set_times(op_t *op, size_t value) {
  op->times = (uint16_t)value;
  bool known = value == 1 || (value <= OP_TIMES && value % 8 == 0 && value > 0);
  return known ? NULL : "times is 1, or a multiple of 8 up to 1024";
}

static const char *set_by(op_t *op, size_t value) {
  if (is(kinds[op->kind].by, "elsize"))
    return op_by_of_elsize(value, &op->by) ? NULL : "elsize is up to 127, or a power of two";
  if (is(kinds[op->kind].by, "step")) value--;
  op->by = (uint8_t)value;
  return value < 256 ? NULL : "that number is up to 255 (a step: 1 to 256)";
}

static const char *set_arg(op_t *op, size_t value) {
  if (arg_is_size(op->kind))
    return op_arg_of_size(value, &op->arg) ? NULL
           : "a size is up to 1023, or a multiple of 16 up to 65520, or of 65536 up to 1048576, "
             "or near the limits of 2^63 and 2^64";
  op->arg = (uint16_t)value;
  return value < 65536 ? NULL : "that number is up to 65535";
}

/* Sets the field of an operation that a name is for; NULL, or what is wrong. */
static const char *set_field(op_t *op, const char *name, size_t value) {
  const kind_t *k = &kinds[op->kind];
  if (is(name, "times")) return set_times(op, value);
  if (is(name, k->by)) return set_by(op, value);
  if (is(name, k->arg)) return set_arg(op, value);
  if (is(name, "who")) {
    op->who = (uint8_t)value;
    return value < 8 ? NULL : "who is 0 to 7";
  }
  if (!is(name, "slot")) return "this kind has no such field";
  op->slot = (uint16_t)value;
  return value < OP_SLOTS ? NULL : "slot is 0 to 16383";
}

static bool parse_kind(const char *word, op_t *op) {
  for (int k = 0; k < OP_KINDS; k++)
    if (is(kinds[k].name, word)) {
      *op = (op_t){.kind = (op_kind_t)k, .times = 1};
      return true;
    }
  return false;
}

int op_parse(const char *line, op_t *op, const char **why) {
  char copy[OP_TEXT], *rest;
  *why = "the line is too long";
  size_t length = strcspn(line, "#\n");
  if (length >= sizeof copy) return -1;
  memcpy(copy, line, length);
  copy[length] = '\0';
  char *word = strtok_r(copy, " \t\r", &rest);
  if (word == NULL) return 0;
  *why = "it begins with no kind of operation";
  if (!parse_kind(word, op)) return -1;
  while ((word = strtok_r(NULL, " \t\r", &rest)) != NULL) {
    char *equals = strchr(word, '='), *end;
    *why = "a field is written NAME=NUMBER";
    if (equals == NULL || equals[1] < '0' || equals[1] > '9') return -1;
    *equals = '\0';
    size_t value = strtoull(equals + 1, &end, 0);
    if (*end != '\0') return -1;
    *why = set_field(op, word, value);
    if (*why != NULL) return -1;
  }
  return 1;
}
