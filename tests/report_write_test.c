/* A report is whole also when write(2) is interrupted again and again and takes little at a time, or one byte;
   and one that nobody takes comes to its end.  The linker puts our write in place of the
   system's. */
#include "alloc/report.h"

#include <errno.h>
#include <unistd.h>

#include "tests/check.h"

ssize_t __wrap_write(int file, const void *text, size_t n);

static char whole[8192];
static size_t written, most; /* at a time; 0: it fails */
static unsigned long calls;

ssize_t __wrap_write(int file, const void *text, size_t n) {
  calls++;
  CHECK_EQ("PM-DEBUG-04", file, STDERR_FILENO);
  errno = most == 0 ? EIO : EINTR;
  if (most == 0 || calls % 3 != 0) return -1;
  n = calls % 9 == 0 ? 1 : n < most ? n : most;
  CHECK("PM-DEBUG-04", written + n < sizeof whole);
  memcpy(whole + written, text, n);
  written += n;
  return (ssize_t)n;
}

static const debug_bytes_t values = {.clean = 0xCD, .dead = 0xDD, .forbidden = 0xFD};

static void report(size_t at_a_time) {
  static unsigned char memory[16 + 100 + 8];
  pymalloc_misuse m = {.kind = PYMALLOC_LATE_WRITE, .function = "F", .address = memory + 16, .family = 'm',
                       .block = memory + 16, .size = 100, .made_by = 'm', .freed = true};
  memset(memory, 1, sizeof memory);
  memset(whole, 0, sizeof whole);
  written = calls = 0;
  most = at_a_time;
  report_misuse(&m, &values);
}

int main(void) {
  static char first[sizeof whole];
  report(512);
  memcpy(first, whole, sizeof whole);
  CHECK("PM-DEBUG-04", strstr(first, "Debug memory block at address p=") == first);
  CHECK_EQ("PM-DEBUG-04", first[written - 1], '\n');
  CHECK("PM-DEBUG-04", strstr(first, "and 108 more\n") != NULL && strstr(first, "Look for: ") != NULL);
  for (size_t n = 2; n < 100; n += 7) {
    report(n);
    CHECK_TEXT("PM-DEBUG-04", whole, first);
  }
  report(0);
  CHECK("PM-DEBUG-04", written == 0 && calls < 20);
  return check_done();
}
