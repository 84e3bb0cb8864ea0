#include "alloc/misuse.h"

#include <stdlib.h>

#include "alloc/out.h"
#include "alloc/region.h"

static const char *const misuse_words[] = {
  [MISUSE_NOT_LIVE] = "the block is not live (freed twice, or never allocated)",
  [MISUSE_NOT_BLOCK] = "no block starts at this address (an interior or wild pointer)",
  [MISUSE_FAMILY] = "the block belongs to the mem or obj family, not to raw",
  [MISUSE_FOREIGN] = "the address is not of this heap",
};

static const char fatal[] = "Fatal pymalloc error: ", fatal_address[] = "(%p): ";
/*@ logic integer put_said{L}(integer log, char *call, void *p, integer what) = put(put_text(
      put_format(put_text(put_text(log, &fatal[0]), call), &fatal_address[0], (uintptr_t)p, 0, 0),
      misuse_words[what]), '\n'); */

/*@ exits PM_MISUSE_05_put: printed == put_said(\old(printed), call, p, what) && all_written; */
_Noreturn void misuse_report(const char *call, const void *p, misuse_t what) {
  out_t out;
  //@ ghost said_turn = !said_turn, said_what = what, said_of = p, said_by = call;
  out_begin(&out, NULL);
  out_text(&out, fatal);
  out_text(&out, call);
  OUT(&out, fatal_address, ADDRESS(p));
  out_text(&out, misuse_words[what]);
  out_char(&out, '\n');
  out_flush(&out);
  abort();
}
