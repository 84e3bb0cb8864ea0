/* Operations as text, one a line: a kind, and what is not 0 (or once) by name.

     malloc who=1 slot=12 size=100 times=64
     free slot=12 step=2 times=32

   What follows a # is a remark. */
#pragma once

#include "fuzz/ops.h"

#define OP_TEXT 160u /* room for any operation's line, with its end */

/* Writes an operation's line (without a newline) to text; returns its length. */
size_t op_print(const op_t *op, char text[OP_TEXT]);

/* Reads a line.  1: *op is what it says; 0: it says nothing (it is empty, or a remark);
   -1: it is wrong, and *why says how. */
int op_parse(const char *line, op_t *op, const char **why);

/* The name that a kind's lines begin with. */
const char *op_kind_name(op_kind_t kind);
