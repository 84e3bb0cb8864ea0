/* What with_python_test.c needs of libpython. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

void *python_malloc(size_t n);
void python_free(void *p);
bool python_malloc_is_not(void (*f)(void));
void python_start(void);
int python_run(const char *text); /* 0: without an exception */
void python_stop(void);
