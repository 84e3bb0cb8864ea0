#define _GNU_SOURCE /* fmemopen, MAP_FAILED */
#include "fuzz/system.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

system_t sys;

static struct {
  system_source_t source;
  unsigned after, times;
} failing;

static struct {
  jmp_buf back;
  bool on;
  ended_t ended;
  size_t length;
  unsigned writes;   /* of slow ones */
  char text[8192];   /* written to file descriptor 2 */
  char printed[512]; /* to stderr */
} end;

void system_start(void) {
  memset(&sys, 0, sizeof sys);
  memset(&failing, 0, sizeof failing);
}

void system_fail(system_source_t source, unsigned after, unsigned times) {
  failing.source = source;
  failing.after = after;
  failing.times = times;
}

bool system_refuses(system_source_t source) {
  sys.asked++;
  if (failing.times == 0 || (failing.source != SYSTEM_ANY && failing.source != source))
    return false;
  if (failing.after > 0) {
    failing.after--;
    return false;
  }
  failing.times--;
  sys.refused = true;
  return true;
}

static bool libc_refuses(size_t n) {
  if (system_refuses(SYSTEM_LIBC)) return true;
  sys.refused |= n > SYSTEM_MOST;
  return n > SYSTEM_MOST;
}

/* What stands in for the functions of their names; the linker calls the true ones
   __real_NAME. */

void *__real_malloc(size_t n);
void *__real_calloc(size_t nelem, size_t elsize);
void *__real_realloc(void *p, size_t n);
void __real_free(void *p);
void *__real_mmap(void *at, size_t n, int prot, int flags, int fd, off_t offset);
int __real_munmap(void *p, size_t n);
int __real_mprotect(void *p, size_t n, int prot);
int __real_madvise(void *p, size_t n, int advice);
int __real_pthread_mutex_lock(pthread_mutex_t *mutex);
int __real_pthread_mutex_unlock(pthread_mutex_t *mutex);
ssize_t __real_write(int fd, const void *p, size_t n);
char *__real_getenv(const char *name);
_Noreturn void __real_abort(void);
_Noreturn void __real_exit(int status);

void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t nelem, size_t elsize);
void *__wrap_realloc(void *p, size_t n);
void __wrap_free(void *p);
void *__wrap_mmap(void *at, size_t n, int prot, int flags, int fd, off_t offset);
int __wrap_munmap(void *p, size_t n);
int __wrap_mprotect(void *p, size_t n, int prot);
int __wrap_madvise(void *p, size_t n, int advice);
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex);
ssize_t __wrap_write(int fd, const void *p, size_t n);
void __wrap_backtrace_symbols_fd(void *const *frame, int count, int fd);
char *__wrap_getenv(const char *name);
_Noreturn void __wrap_abort(void);
_Noreturn void __wrap_exit(int status);
_Noreturn void __wrap__Exit(int status);

void *__wrap_malloc(size_t n) {
  if (!sys.inside) return __real_malloc(n);
  void *p = libc_refuses(n) ? NULL : __real_malloc(n);
  sys.blocks += p != NULL;
  return p;
}

void *__wrap_calloc(size_t nelem, size_t elsize) {
  if (!sys.inside) return __real_calloc(nelem, elsize);
  size_t n = elsize != 0 && nelem > SYSTEM_MOST / elsize ? SYSTEM_MOST + 1 : nelem * elsize;
  void *p = libc_refuses(n) ? NULL : __real_calloc(nelem, elsize);
  sys.blocks += p != NULL;
  return p;
}

void *__wrap_realloc(void *p, size_t n) {
  if (!sys.inside) return __real_realloc(p, n);
  void *q = libc_refuses(n) ? NULL : __real_realloc(p, n);
  sys.blocks += p == NULL && q != NULL;
  return q;
}

void __wrap_free(void *p) {
  if (sys.inside) sys.blocks -= p != NULL;
  __real_free(p);
}

void *__wrap_mmap(void *at, size_t n, int prot, int flags, int fd, off_t offset) {
  if (sys.inside && system_refuses(SYSTEM_RESERVE)) return MAP_FAILED;
  void *p = __real_mmap(at, n, prot, flags, fd, offset);
  if (sys.inside) sys.maps += p != MAP_FAILED;
  return p;
}

int __wrap_munmap(void *p, size_t n) {
  int status = __real_munmap(p, n);
  if (sys.inside) sys.maps -= status == 0;
  return status;
}

int __wrap_mprotect(void *p, size_t n, int prot) {
  if (sys.inside && system_refuses(SYSTEM_COMMIT)) return -1;
  return __real_mprotect(p, n, prot);
}

int __wrap_madvise(void *p, size_t n, int advice) {
  sys.discards += sys.inside;
  return __real_madvise(p, n, advice);
}

int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex) {
  sys.locks += sys.inside;
  return __real_pthread_mutex_lock(mutex);
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex) {
  sys.locks -= sys.inside;
  return __real_pthread_mutex_unlock(mutex);
}

char *__wrap_getenv(const char *name) {
  if (!sys.inside || strcmp(name, "PYTHONMALLOC") != 0) return __real_getenv(name);
  return (char *)sys.pythonmalloc;
}

static void capture(const void *p, size_t n) {
  size_t room = sizeof end.text - 1 - end.length, taken = n < room ? n : room;
  memcpy(end.text + end.length, p, taken);
  end.length += taken;
}

ssize_t __wrap_write(int fd, const void *p, size_t n) {
  if (!end.on || fd != STDERR_FILENO) return __real_write(fd, p, n);
  if (sys.deaf || (sys.slow && ++end.writes % 3 == 0)) {
    errno = sys.deaf ? EBADF : EINTR;
    return -1;
  }
  if (sys.slow) n = (n + 1) / 2;
  capture(p, n);
  return (ssize_t)n;
}

/* Call stacks, which are printed when a report is and at no other time: a line for each
   frame, without the names that the C library would look up. */
void __wrap_backtrace_symbols_fd(void *const *frame, int count, int fd) {
  char line[32];
  (void)fd;
  for (int i = 0; i < count; i++) capture(line, (size_t)snprintf(line, sizeof line, "[%p]\n", frame[i]));
}

_Noreturn static void end_caught(ended_t how) {
  end.ended = how;
  longjmp(end.back, 1);
}

void __wrap_abort(void) {
  if (end.on) end_caught(ENDED_ABORT);
  __real_abort();
}

void __wrap_exit(int status) {
  if (end.on) end_caught(ENDED_EXIT);
  __real_exit(status);
}

/* How the checks of tests/check.h end a process; a fuzzer wants a crash. */
void __wrap__Exit(int status) {
  (void)status;
  __real_abort();
}

/* What goes to stderr as a FILE, in place of the true one. */
static FILE *printed(void) {
  static FILE *file;
  if (file == NULL) file = fmemopen(end.printed, sizeof end.printed, "w");
  if (file == NULL) __real_abort();
  rewind(file);
  return file;
}

ended_t system_run(void (*f)(void *arg), void *arg, const char **text) {
  FILE *true_stderr = stderr;
  int locks = sys.locks;
  stderr = printed();
  end.ended = ENDED_NOT;
  end.length = 0;
  memset(end.printed, 0, sizeof end.printed);
  end.on = true;
  system_enter();
  if (setjmp(end.back) == 0) f(arg);
  else sys.locks = locks; /* what the process had locked when it ended */
  system_leave();
  end.on = false;
  end.text[end.length] = '\0';
  fflush(stderr);
  stderr = true_stderr;
  *text = end.length > 0 ? end.text : end.printed;
  return end.ended;
}
