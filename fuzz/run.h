/* Runs an input: its operations, on an allocator, beside the model.

   A target says what the allocator is; one is linked into each fuzzer.  Everything a
   target's functions return goes to the model (spec/model), which decides. */
#pragma once

#include "fuzz/ops.h"
#include "fuzz/system.h"
#include "spec/model/model.h"

typedef struct {
  const char *name;
  unsigned kinds; /* of operations that mean something here, as bits */
  unsigned who;   /* how many families or spaces there are */
  unsigned runs;  /* how many times an input is run, if more than once */

  unsigned work;  /* calls of an input at most, if fewer than usual */

  /* Makes an empty allocator, with memory from `source`; sets model.rules and
     model.region.  by and size: more of the operation. */
  void (*open)(const op_t *op);

  void *(*malloc)(unsigned who, size_t n);
  void *(*calloc)(unsigned who, size_t nelem, size_t elsize);
  void *(*realloc)(unsigned who, void *p, size_t n);
  void (*free)(unsigned who, void *p);

  /* What the allocator says of a live block, as in model_result_t. */
  size_t (*usable)(unsigned who, const void *p);

  /* Compares what else there is with the model: figures, the heap's invariant. */
  void (*check)(const op_t *op);

  void (*fail)(const op_t *op);
  void (*misuse)(const op_t *op);
  void (*object)(const op_t *op);
  void (*hook)(const op_t *op);
  void (*write)(const op_t *op);

  /* After everything was freed: the allocator must be empty, and it ends. */
  void (*close)(void);
} target_t;

#define KIND(kind) (1u << (kind))
#define KINDS_BASIC                                                                        \
  (KIND(OP_MALLOC) | KIND(OP_CALLOC) | KIND(OP_REALLOC) | KIND(OP_FREE) | KIND(OP_CHECK) | \
   KIND(OP_OPEN))

extern const target_t target;
extern model_t model;

/* The live block in a slot, or in the next one that has one; NULL if none has. */
model_block_t *run_block(unsigned slot);

/* The next block that the operation makes: whether there is a slot and memory for n
   bytes; and the block, NULL when the call failed. */
bool run_can_have(const op_t *op, size_t n);
void run_have(const op_t *op, model_block_t *b);

/* What a target's call returned, for the model. */
model_result_t run_result(unsigned who, const void *p);

/* Counts work that takes as long as so many calls. */
void run_work(size_t n);

/* Where the last block was that was freed; 0: none was. */
uintptr_t run_freed(void);

/* Which run of the input this is, from 0. */
unsigned run_number(void);

/* How many calls were made so far, by all inputs. */
uint64_t run_total(void);

/* Says that a rule is broken, and ends the process. */
#define RUN_EXPECT(rule, holds, how) ((holds) ? (void)0 : model_broken(rule, how))

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
