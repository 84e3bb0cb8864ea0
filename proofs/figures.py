"""Tables: what is proved, function by function and file by file; and how many lines of
annotation a line of code takes."""

import json
import re

import recorded
import trusted
import wp

WRITTEN = wp.ROOT / "proofs" / "table.json"


def print_functions(table):
    """{function: {goal: (prover, seconds)}}, and a line for all."""
    print(f"{'function':28} {'goals':>6} {'proved':>7} {'seconds':>8}  by")
    every = [goal for goals in table.values() for goal in goals.values()]
    for function, goals in [*((f, list(g.values())) for f, g in table.items()), ("all", every)]:
        good = [prover for prover, _ in goals if prover]
        by = ", ".join(f"{p} {good.count(p)}" for p in sorted(set(good)))
        print(f"{function:28} {len(goals):6} {len(good):7} {sum(s for _, s in goals):8.1f}  {by}")


def lines_of(text):
    """(lines of code, lines of annotation) of C.  What only Frama-C sees counts as annotation; so do
    the words of a comment that is one; empty lines and other comments are neither."""
    code = annotation = 0
    comment = None  # what the comment is that we are in
    views = []      # of each #if that we are in: whether Frama-C alone sees it, None when all do
    for line in map(str.strip, text.splitlines()):
        directive = re.match(r"#\s*(if|else|endif)", line) if comment is None else None
        if directive and directive[1] == "if":
            views.append(line.startswith("#ifdef") if "__FRAMAC__" in line else None)
        elif directive and directive[1] == "else":
            views[-1] = None if views[-1] is None else not views[-1]
        elif directive:
            views.pop()
        if comment is None and line.startswith(("/*", "//")):
            comment = "annotation" if line[2:3] == "@" else "words"
            kind = comment
        else:
            kind = comment or "code"
        if comment and ("*/" in line or line.startswith("//")):
            comment = None
        if line and kind == "annotation" or kind == "code" and line and any(views):
            annotation += 1
        elif line and kind == "code":
            code += 1
    return code, annotation


def lines_of_unit(unit):
    source = wp.source_of(unit + ".c")
    files = [source] + wp.headers_of(source)
    stems = [path.stem for path in files] + wp.OWN_LOGIC.get(unit, []) + [*wp.PARTS.get(unit, {})]
    logic = [wp.ROOT / "spec" / (stem + ".acsl.h") for stem in stems]
    counts = [lines_of(path.read_text()) for path in {*files, *(p for p in logic if p.exists())}]
    return sum(c for c, _ in counts), sum(a for _, a in counts)


def totals(rows):
    return {key: sum(row[key] for row in rows) for key in rows[0]}


def table():
    """What is recorded, by unit, and all in all."""
    rows = {}
    for unit in recorded.units():
        record = recorded.read(unit)
        code, annotation = lines_of_unit(unit)
        rows[unit] = {
            "functions": len(record.keys() - {wp.LEMMAS}),
            "complete": sum(len(r["proved"]) == r["goals"] for f, r in record.items() if f != wp.LEMMAS),
            "goals": sum(r["goals"] for r in record.values()),
            "proved": sum(len(r["proved"]) for r in record.values()),
            "smoke": recorded.smoke(unit),
            "code": code,
            "annotation": annotation,
        }
    return {"units": rows, "all": totals(list(rows.values())), "trusted": len(trusted.tags())}


def print_units(figures):
    columns = list(figures["all"])
    print(f"{'file':12}" + "".join(f"{c:>11}" for c in columns) + f"{'a/c':>6}")
    for unit, row in [*figures["units"].items(), ("all", figures["all"])]:
        print(f"{unit:12}" + "".join(f"{row[c]:11}" for c in columns) + f"{row['annotation'] / row['code']:6.1f}")
    print(f"trusted: {figures['trusted']} lines")


def main(write, check):
    figures = table()
    print_units(figures)
    text = json.dumps(figures, indent=1) + "\n"
    if write:
        WRITTEN.write_text(text)
    if check and (not WRITTEN.exists() or WRITTEN.read_text() != text):
        print("FAIL: proofs/table.json is not what is recorded; run proofs/prove.py table --write")
        return 1
    return 0
