(* The machine of the proofs with plain chars that are unsigned, so that WP takes them for the
   same bytes as unsigned chars: it keeps bytes of different types apart, as if they could not
   be the same memory.  frama-c loads this (proofs/wp.py). *)
let () = File.new_machdep "unsigned_chars" { Machdeps.gcc_x86_64 with Cil_types.char_is_unsigned = true }
