/* For tests that ask for more memory than there is: the sanitizers' own allocators
   end the process then, unless told to return NULL as malloc does. */
#pragma once

const char *__asan_default_options(void);
const char *__msan_default_options(void);

const char *__asan_default_options(void) { return "allocator_may_return_null=1"; }
const char *__msan_default_options(void) { return "allocator_may_return_null=1"; }
