(* Frama-C looks every 10 ms whether a prover has ended, not every 50: most goals take less than that.
   frama-c loads this (proofs/wp.py). *)
let () = Task.on_idle := fun busy -> while busy () do Unix.sleepf 0.01 done
