/* Functions run in a process of their own, for what happens once a process (the
   choice at first use) or ends it (misuse).  A file that includes this defines
   _DEFAULT_SOURCE first. */
#pragma once

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/check.h"

typedef struct {
  int status;      /* as of waitpid */
  char text[4096]; /* what it wrote to standard error, or the beginning of that */
} child_t;

/* What a child tells its parent, in memory that they share. */
typedef struct {
  unsigned long checks;
  const void *address;
} child_page_t;

static inline child_page_t *child_page(void) {
  static child_page_t *page;
  if (page != NULL) return page;
  page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) abort();
  return page;
}

_Noreturn static inline void child_do(void (*f)(const void *), const void *arg, int out) {
  struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  dup2(out, STDERR_FILENO);
  checks = 0;
  f(arg);
  child_page()->checks = checks;
  fflush(NULL);
  _exit(0);
}

static inline void child_read(child_t *child, int in) {
  char rest[512];
  size_t have = 0;
  for (;;) {
    size_t room = sizeof child->text - 1 - have;
    ssize_t n = room > 0 ? read(in, child->text + have, room) : read(in, rest, sizeof rest);
    if (n <= 0) break;
    if (room > 0) have += (size_t)n;
  }
  child->text[have] = '\0';
}

/* Runs f(arg) in a new process; status 0 if f returns. */
static inline child_t child_run(void (*f)(const void *), const void *arg) {
  child_t child;
  int ends[2];
  memset(&child, 0, sizeof child);
  child_page()->checks = 0;
  child_page()->address = NULL;
  fflush(NULL);
  if (pipe(ends) != 0) abort();
  pid_t pid = fork();
  if (pid < 0) abort();
  if (pid == 0) child_do(f, arg, ends[1]);
  close(ends[1]);
  child_read(&child, ends[0]);
  close(ends[0]);
  if (waitpid(pid, &child.status, 0) != pid) abort();
  checks += child_page()->checks;
  return child;
}

static inline bool child_exited(const child_t *child, int status) {
  return WIFEXITED(child->status) && WEXITSTATUS(child->status) == status;
}

static inline bool child_killed(const child_t *child, int sig) {
  return WIFSIGNALED(child->status) && WTERMSIG(child->status) == sig;
}

/* Runs f(arg), which must return, in a new process; its failed check is ours. */
static inline void child_must(void (*f)(const void *), const void *arg) {
  child_t child = child_run(f, arg);
  if (child_exited(&child, 0)) return;
  fprintf(stderr, "a child ended with wait status %#x, after:\n%s", (unsigned)child.status,
          child.text);
  check_end();
}
