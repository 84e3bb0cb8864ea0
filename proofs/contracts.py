#!/usr/bin/python3
"""Takes promises away from the contracts of the heap, spaces, domains, families and objects
(alloc/heap.h, space.h, domain.h, mem.h, object.h), one at a time, and looks whether anybody
notices: a client (proofs/clients/), or else a function of alloc/ that calls the one that
promised.  Noticed is that a goal that is recorded as proved no longer is.  A promise that
nobody notices is either not needed by what is shown, or said twice.

    bazel run //proofs:contracts [-- [--file FILE] [--json FILE] [ID...]]

A goal that times out on a busy machine looks the same: run it on one that is not.

An ID is FILE:FUNCTION:CLAUSE (heap.h:heap_free_quick:sizes), for a clause as a whole; with
:N after it, for one of its parts that are joined by && alone.  Without IDs: all.  Only
functions that call that one are proved again.

Exit status: 0 all that were given as IDs were noticed, or none were given; 1: one was not;
2 wrong usage, or the tools could not be run.
"""

import argparse
import json
import pathlib
import re
import shutil
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).absolute().parent.parent  # not resolve(): a test has links
sys.path[:0] = [str(ROOT / "proofs")]
import recorded  # noqa: E402
import wp  # noqa: E402

HEADERS = ["heap.h", "space.h", "domain.h", "mem.h", "object.h"]
CONTRACT = re.compile(r"/\*@ requires.*?\*/\n[^;{]*?(\w+)\([^()]*\)\s*[;{]", re.S)
CLAUSE = re.compile(r"ensures (\w+): (.*?);(?=\s*(?:ensures\b|\*/))", re.S)


def clients():
    return sorted((ROOT / "proofs" / "clients").glob("*.c"))


def parts_of(clause):
    """[(first, last)] of what && joins, outside of all brackets, in the clause or in what its one
    ==> leads to; none when there is one part only, or a quantifier that may reach over them."""
    depth, cuts, begin = 0, [], 0
    for match in re.finditer(r"[()\[\]{}]|&&|\|\||<==>|==>|\\(?:forall|exists)", clause):
        token = match[0]
        depth += token in "([{"
        depth -= token in ")]}"
        if depth or token in "()[]{}":
            continue
        if token == "&&":
            cuts.append(match.span())
        elif token == "==>" and not begin:
            begin, cuts = match.end(), []
        else:
            return []
    ends = [begin, *(at for cut in cuts for at in cut), len(clause)]
    return list(zip(ends[::2], ends[1::2])) if cuts else []


def mutants_of(header):
    """{ID: the header without the promise}."""
    text, found = (ROOT / "alloc" / header).read_text(), {}
    for contract in CONTRACT.finditer(text):
        for clause in CLAUSE.finditer(contract[0]):
            name = f"{header}:{contract[1]}:{clause[1]}"
            first, last = (contract.start() + at for at in clause.span(2))
            found[name] = text[:first] + "\\true" + text[last:]
            for i, (a, b) in enumerate(parts_of(clause[2]), 1):
                found[f"{name}:{i}"] = text[:first + a] + " \\true " + text[first + b:]
    return found


def callers(source, function):
    """The functions of a C file and its headers that call one of the allocator's."""
    text = "\n".join(path.read_text() for path in [source, *wp.headers_of(source)])
    linked = dict(re.findall(r"#define (\w+) (\w+)", (ROOT / "alloc/names.h").read_text()))
    bodies = [(linked.get(m[1], m[1]), m[2]) for m in
              re.finditer(r"(?ms)^\w[^\n;={}()]*?(\w+)\([^;{}]*?\)\s*\{(.*?)^}", text)]
    known = wp.functions_of(source)
    return [name for name, body in bodies if name in known and name != function and re.search(rf"\b{function}\(", body)]


def who_may_notice(function):
    """[(C file, its functions that call this one)], the clients first."""
    allocator = [ROOT / f"alloc/{unit}.c" for unit in recorded.units() if (ROOT / f"alloc/{unit}.c").exists()]
    return [(source, found) for source in clients() + allocator if (found := callers(source, function))]


def lost_goal(source, functions, header, text, env):
    """A goal of the functions that is recorded as proved and is not, without the promise."""
    unit = source.stem
    record = recorded.read(unit)
    with tempfile.TemporaryDirectory() as work:
        wp.ROOT = pathlib.Path(work) / "root"  # until the end of this function
        for folder in ("alloc", "spec", "proofs/clients"):
            shutil.copytree(ROOT / folder, wp.ROOT / folder, ignore=shutil.ignore_patterns("model"))
        (wp.ROOT / "alloc" / header).write_text(text)
        copy = wp.source_of(source.name)
        recorded.cache_needed(unit)
        cache = recorded.cache_copy(unit, pathlib.Path(work) / "cache", wp.runs_of(copy, functions))
        goals, _ = wp.prove(copy, functions, env, cache, "replay")
    wp.ROOT = ROOT
    lost = [goal for f in functions for goal in record[f]["proved"] if goals[f].get(goal, (None,))[0] is None]
    return min(lost, key=lambda goal: "_ensures_" not in goal and "_assert_" not in goal) if lost else None


def look(mutant, header, text, env):
    start, function = time.time(), mutant.split(":")[1]
    row = {"id": mutant, "outcome": "nobody calls it"}
    for source, functions in who_may_notice(function):
        lost = lost_goal(source, functions, header, text, env)
        row["outcome"] = "noticed" if lost else "not noticed"
        if lost:
            row["goal"] = f"{source.name}: {lost}"
            break
    return {**row, "seconds": round(time.time() - start, 1)}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--file", metavar="FILE", choices=HEADERS, help="of this header only")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write the table there, too")
    parser.add_argument("--list", action="store_true", help="print the IDs only")
    parser.add_argument("ids", nargs="*", metavar="ID")
    args = parser.parse_args()
    mutants = {name: (header, text) for header in HEADERS if args.file in (None, header)
               for name, text in mutants_of(header).items()}
    for name in args.ids:
        if name not in mutants:
            wp.fail(f"there is no clause {name}; --list prints them")
    return args, {name: mutants[name] for name in args.ids} if args.ids else mutants


def main():
    args, mutants = arguments()
    if args.list:
        print("\n".join(mutants))
        return 0
    rows, start = [], time.time()
    with tempfile.TemporaryDirectory() as scratch:
        env = wp.why3_config(pathlib.Path(scratch))
        for mutant, (header, text) in mutants.items():
            rows.append(look(mutant, header, text, env))
            row = rows[-1]
            print(f"{len(rows):4} of {len(mutants)} {time.time() - start:6.0f} s  {row['outcome']:15} {mutant}"
                  f"  {row.get('goal', '')}", flush=True)
    noticed = sum(row["outcome"] == "noticed" for row in rows)
    print(f"contracts: {noticed} of {len(rows)} noticed")
    if args.json:
        args.json.write_text(json.dumps({"mutants": rows}, indent=1) + "\n")
    return 1 if args.ids and noticed < len(rows) else 0


if __name__ == "__main__":
    sys.exit(main())
