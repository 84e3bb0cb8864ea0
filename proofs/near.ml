(* A transformation of Why3's, for cvc4_near.drv: of what a task tells, only what is near its goal.  A definition is near
   if what it defines is named; an axiom, if all is that one of its triggers names, or without triggers all that it names.
   Both name more, which brings others near, and so on, `depth` times.  Nothing is added, so no more can be proved. *)
open Why3
open Ident
open Decl

let depth = 3

let add_names = Term.t_s_fold (fun names _ -> names) (fun names symbol -> Sid.add symbol.Term.ls_name names)

let rec triggers formula = match formula.Term.t_node with
  | Tquant (Tforall, body) ->
    let _, alternatives, inner = Term.t_open_quant body in
    List.map (List.fold_left add_names Sid.empty) alternatives @ triggers inner
  | _ -> []

(* Sets of names, of which any brings an axiom near. *)
let brings = Wdecl.memoize 63 (fun decl -> match decl.d_node with
  | Dprop (_, _, formula) ->
    (match triggers formula with [] -> [Sid.diff (get_decl_syms decl) decl.d_news] | sets -> sets)
  | _ -> [])

let is_near names decl = match decl.d_node with
  | Dtype _ | Ddata _ | Dprop (Pgoal, _, _) -> true
  | Dprop _ -> List.exists (fun set -> Sid.subset set names) (brings decl)
  | Dlogic _ | Dind _ -> not (Sid.disjoint decl.d_news names)
  | Dparam _ -> false

let rec steps n decls names =
  let step more decl = if is_near names decl then Sid.union (Sid.union (get_decl_syms decl) decl.d_news) more else more in
  if n = 0 then names else steps (n - 1) decls (List.fold_left step names decls)

let symbols decl = match decl.d_node with
  | Dlogic definitions -> List.map fst definitions
  | Dind (_, definitions) -> List.map fst definitions
  | Dparam symbol -> [symbol]
  | _ -> []

(* That there is a symbol is told if anything near names it; or if it is polymorphic, since Why3 encodes types in another
   way, with which less is proved, where nothing is. *)
let is_wanted names symbol =
  Sid.mem symbol.Term.ls_name names || not (Ty.Stv.is_empty (Term.ls_ty_freevars symbol))

let near task =
  let decls = Task.task_decls task and known = Mid.map ignore (Printer.get_syntax_map task) in
  let names = steps depth decls known in
  let all_names = steps 1 decls names in
  let tell task tdecl = match tdecl.Theory.td_node with
    | Decl decl when not (is_near names decl) ->
      List.fold_left Task.add_param_decl task (List.filter (is_wanted all_names) (symbols decl))
    | _ -> Task.add_tdecl task tdecl
  in
  List.fold_left tell None (Task.task_tdecls task)

let () = Trans.register_transform "near" (Trans.store near) ~desc:"Tells@ only@ what@ is@ near@ the@ goal."
