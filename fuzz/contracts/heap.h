/* A small heap, whose every call checks its contract. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONTRACTS_POOLS 4u /* of which one is for metadata */

void contracts_init(void);
uint64_t contracts_malloc(size_t n); /* 1 to 512 bytes: an offset, or UINT64_MAX */
bool contracts_free(uint64_t offset); /* whether the block was live */
uint32_t contracts_size(uint64_t offset);
