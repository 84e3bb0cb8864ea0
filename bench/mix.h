/* Python's size mix: which sizes Python programs ask for. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define MIX_DRAWS 4096u

/* Sizes, each as often as Python asks for it, in random order. */
extern uint16_t mix[MIX_DRAWS];

/* Fills in `mix`. */
void mix_start(void);
