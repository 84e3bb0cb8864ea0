#define _DEFAULT_SOURCE /* chdir */
/* bazel run //fuzz:ops -- show|build FILE: inputs as text, and text as inputs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz/ops_text.h"

static const char usage[] =
    "usage: ops show FILE     prints an input of the fuzzers, one operation a line\n"
    "       ops build FILE    reads such lines, and writes the input to standard output\n"
    "FILE - is standard input.  fuzz/README.md says what the operations mean.\n"
    "Exit status: 0 done, 1 a line is wrong, 2 a file or the command line is.\n";

static int show(FILE *in) {
  uint8_t bytes[OP_BYTES];
  char text[OP_TEXT];
  size_t n;
  while ((n = fread(bytes, 1, sizeof bytes, in)) == sizeof bytes) {
    op_t op = op_read(bytes);
    op_print(&op, text);
    puts(text);
  }
  if (n > 0) printf("# and %zu bytes that are no whole operation\n", n);
  return 0;
}

static int build(FILE *in, const char *name) {
  char line[1024];
  const char *why;
  uint8_t bytes[OP_BYTES];
  op_t op;
  for (int number = 1; fgets(line, sizeof line, in) != NULL; number++) {
    int said = op_parse(line, &op, &why);
    if (said < 0) {
      fprintf(stderr, "ops: %s:%d: %s: %s", name, number, why, line);
      return 1;
    }
    if (said == 0) continue;
    op_write(&op, bytes);
    fwrite(bytes, 1, sizeof bytes, stdout);
  }
  return 0;
}

int main(int argc, char **argv) {
  const char *folder = getenv("BUILD_WORKING_DIRECTORY"); /* where bazel run was called */
  if (folder != NULL && chdir(folder) != 0) return perror(folder), 2;
  if (argc == 2 && strcmp(argv[1], "--help") == 0) return fputs(usage, stdout) < 0;
  bool shows = argc == 3 && strcmp(argv[1], "show") == 0;
  if (!shows && (argc != 3 || strcmp(argv[1], "build") != 0)) return fputs(usage, stderr), 2;
  FILE *in = strcmp(argv[2], "-") == 0 ? stdin : fopen(argv[2], "rb");
  if (in == NULL) return fprintf(stderr, "ops: cannot read %s\n", argv[2]), 2;
  return shows ? show(in) : build(in, argv[2]);
}
