#!/usr/bin/python3
"""Mutants of alloc/: copies of it with one small mistake each.

    mutation.py --list [--json] [FILE...]     all mutants (of these files of alloc/)
    mutation.py --list --sample N             N of them, spread over all functions
    mutation.py --apply ID DIR                writes DIR/alloc with that mistake

What can be wrong is one token or statement in the body of a function; contracts, other
comments, strings and preprocessor lines stay as they are:

    relation    < for <=, == for !=, ...          negate   a condition
    arithmetic  + for -, & for |, ++ for --, ...  drop     a statement
    constant    a number, or a named one, by one  swap     two arguments of a call
    logic       && for ||

A mutant's id is file:function:n:kind, the n-th of its kind in its function, so it outlives
changes of other functions.  The same source gives the same mutants and samples.

Exit status: 0, or 2 when there is no such mutant or file.
"""

import argparse
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
from collections import namedtuple

ROOT = pathlib.Path(__file__).absolute().parent.parent
EQUIVALENT = ROOT / "tools/mutants_equivalent.txt"

# `only`: who sees the token, "compiler" or "frama-c"; None: both.
Token = namedtuple("Token", "kind text start end only")
# before and after are the texts from start on.
Mutant = namedtuple("Mutant", "id file line function kind before after start only")

TOKEN = re.compile(r"""
    (?P<comment>/\*.*?\*/|//[^\n]*)
  | (?P<preprocessor>^[ \t]*\#(?:\\\n|[^\n])*?(?=\n|/\*))
  | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
  | (?P<number>0[xX][0-9a-fA-F]+[uUlL]*|\d+[uUlL]*)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<operator><<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[^\w\s])
""", re.S | re.M | re.X)
OTHER = {
    "relation": {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="},
    "arithmetic": {"+": "-", "-": "+", "*": "/", "/": "*", "%": "/", "<<": ">>", ">>": "<<",
                   "&": "|", "|": "&", "++": "--", "--": "++", "+=": "-=", "-=": "+=", "*=": "/="},
    "logic": {"&&": "||", "||": "&&"},
}
# `+` and the like have an operand on each side, and in this style a space, too; the stars
# of types and the signs of numbers have not.
SPACED = {"+", "-", "*", "/", "&", "|", "<", ">"}
KEYWORDS = {"if", "for", "while", "do", "else", "return", "sizeof", "switch", "case", "continue", "break"}
NAMED = re.compile(r"[A-Z][A-Z0-9_]+$")
OPEN, CLOSE = {"(": ")", "[": "]", "{": "}"}, {")", "]", "}"}


class Unknown(Exception):
    pass


def tokens_of(text):
    """The code of a C file: no comments, and no preprocessor lines."""
    tokens, seen = [], [None]
    for match in TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "preprocessor":
            line = match[0].split()
            if line[0] in ("#ifdef", "#ifndef", "#if"):
                inner = {"#ifdef": "frama-c", "#ifndef": "compiler"}.get(line[0])
                seen.append(inner if line[1] == "__FRAMAC__" else seen[-1])
            elif line[0] == "#else":
                seen[-1] = {"frama-c": "compiler", "compiler": "frama-c"}.get(seen[-1])
            elif line[0] == "#endif":
                seen.pop()
        elif kind != "comment":
            tokens.append(Token(kind, match[0], match.start(), match.end(), seen[-1]))
    return tokens


def pairs_of(tokens):
    """{index of a bracket: index of the one that goes with it}, both ways."""
    pairs, stack = {}, []
    for i, token in enumerate(tokens):
        if token.kind == "operator" and token.text in OPEN:
            stack.append(i)
        elif token.kind == "operator" and token.text in CLOSE:
            pairs[i] = stack.pop()
            pairs[pairs[i]] = i
    return pairs


def functions_of(tokens, pairs):
    """(name, index of {, index of }) of each function that is defined."""
    i = 0
    while i < len(tokens):
        if tokens[i].text == "{":
            if tokens[i - 1].text == ")":
                yield tokens[pairs[i - 1] - 1].text, i, pairs[i]
            i = pairs[i]
        i += 1


def operators(text, tokens, i):
    token = tokens[i]
    spaced = text[token.start - 1].isspace() and text[token.end].isspace()
    if token.kind == "operator" and (spaced or token.text not in SPACED):
        for kind, other in OTHER.items():
            if token.text in other:
                yield kind, token.start, token.end, other[token.text]


def constants(tokens, i):
    token = tokens[i]
    if token.text in ("true", "false"):
        yield "constant", token.start, token.end, "false" if token.text == "true" else "true"
    elif token.kind == "number":
        digits = token.text.rstrip("uUlL")
        for value in (int(digits, 0) + 1, int(digits, 0) - 1):
            if value >= 0:
                yield "constant", token.start, token.end, f"{value}{token.text[len(digits):]}"
    elif token.kind == "name" and NAMED.match(token.text) and token.text != "NULL" and \
            tokens[i + 1].text != "(":
        for sign in "+-":
            yield "constant", token.start, token.end, f"({token.text} {sign} 1)"


def negations(text, tokens, pairs, i):
    """Of the condition that begins at token i."""
    if tokens[i].text in ("if", "while"):
        inner = [token.text for token in tokens[i + 2:pairs[i + 1]]]
        if not {"==", "!="} & set(inner) or {"&&", "||"} & set(inner):  # else a relation says it
            start, end = tokens[i + 1].end, tokens[pairs[i + 1]].start
            yield "negate", start, end, f"!({text[start:end]})"
    elif tokens[i].text == "?":
        first = i
        while tokens[first - 1].text not in ("=", "return", "(", "[", "{", ",", ";", ":", "?", "+=", "-="):
            first = pairs.get(first - 1, first - 1)
        start, end = tokens[first].start, tokens[i - 1].end
        yield "negate", start, end, f"!({text[start:end]})"


def starts_statement(tokens, pairs, i):
    before = tokens[i - 1]
    if before.text == ")":
        return tokens[pairs[i - 1] - 1].text in ("if", "for", "while")
    return before.text in (";", "{", "}", "else") and not in_head(tokens, pairs, i)


def in_head(tokens, pairs, i):
    """Whether token i is between the brackets of a for."""
    while tokens[i].text not in ("{", "("):
        i = pairs[i] - 1 if tokens[i].text in CLOSE else i - 1
    return tokens[i].text == "("


def is_declaration(tokens, i):
    """const T *p, T x, T *p: a name, then stars or nothing, then a name."""
    j = i + 1
    while tokens[j].text == "*":
        j += 1
    return tokens[i].text not in KEYWORDS and tokens[i].kind == tokens[j].kind == "name"


def statements(text, tokens, pairs, i, last):
    """The statement that begins at token i can be left out; not what declares, nor what
    has no effect ((void)x), nor the return at a function's end."""
    first = tokens[i]
    if first.text in ("(", ")", "{", "}", ";", "if", "for", "while", "do", "switch", "case", "else", "static"):
        return
    if not starts_statement(tokens, pairs, i) or is_declaration(tokens, i):
        return
    end = i
    while tokens[end].text != ";":
        end = pairs[end] + 1 if tokens[end].text in OPEN else end + 1
    if end + 1 == last and first.text == "return":
        return
    yield "drop", first.start, tokens[end].end, ";"


def swaps(text, tokens, pairs, i):
    """Neighbours among the arguments of the call whose name is token i."""
    token = tokens[i]
    if token.kind != "name" or token.text in KEYWORDS or tokens[i + 1].text != "(":
        return
    arguments, first, j = [], i + 2, i + 2
    while j <= pairs[i + 1]:
        if tokens[j].text in OPEN:
            j = pairs[j]
        elif tokens[j].text == "," or j == pairs[i + 1]:
            arguments.append((tokens[first].start, tokens[j - 1].end))
            first = j + 1
        j += 1
    for (a, b), (c, d) in zip(arguments, arguments[1:]):
        if text[a:b] != text[c:d]:
            yield "swap", a, d, text[c:d] + text[b:c] + text[a:b]


def mutants_of(path):
    """The mutants of one file."""
    text = path.read_text()
    tokens = tokens_of(text)
    pairs = pairs_of(tokens)
    for function, first, last in functions_of(tokens, pairs):
        count = {}
        for i in range(first + 1, last):
            changes = [*operators(text, tokens, i), *constants(tokens, i), *negations(text, tokens, pairs, i),
                       *statements(text, tokens, pairs, i, last), *swaps(text, tokens, pairs, i)]
            for kind, start, end, after in changes:
                count[kind] = count.get(kind, 0) + 1
                yield Mutant(f"{path.name}:{function}:{count[kind]}:{kind}", f"alloc/{path.name}",
                             text.count("\n", 0, start) + 1, function, kind, text[start:end], after, start,
                             tokens[i].only)


def all_mutants(root=ROOT, files=None):
    """All mutants of root/alloc, or of the files named; files in order of their names."""
    paths = sorted(p for p in (root / "alloc").glob("*.[ch]"))
    if files and (unknown := set(files) - {p.name for p in paths}):
        raise Unknown(f"there is no alloc/{', alloc/'.join(sorted(unknown))}")
    return [m for p in paths if not files or p.name in files for m in mutants_of(p)]


def named(mutants, ids):
    """Those of the mutants that have these ids."""
    if unknown := set(ids) - {m.id for m in mutants}:
        raise Unknown(f"there is no mutant {', '.join(sorted(unknown))}; tools/mutation.py --list names them")
    return [m for m in mutants if m.id in ids]


def sample(mutants, n, seed=""):
    """n of the mutants: one of each function, then a second of each that has one, and so on.
    Another seed, another sample."""
    def chance(text):
        return hashlib.sha256((seed + text).encode()).digest()

    turns, taken = {}, {}
    for mutant in sorted(mutants, key=lambda m: chance(m.id)):
        function = mutant.file + mutant.function
        taken[function] = taken.get(function, 0) + 1
        turns[mutant.id] = taken[function]
    chosen = {m.id for m in sorted(mutants, key=lambda m: (turns[m.id], chance(m.id)))[:n]}
    return [m for m in mutants if m.id in chosen]


def mistaken(mutant, text):
    """The text of the mutant's file, with the mistake."""
    end = mutant.start + len(mutant.before)
    assert text[mutant.start:end] == mutant.before
    return text[:mutant.start] + mutant.after + text[end:]


def apply(mutant, directory, root=ROOT):
    """Writes a copy of root/alloc, and of the logic that it includes, with the mistake."""
    directory = pathlib.Path(directory)
    for folder in ("alloc", "spec"):
        shutil.copytree(root / folder, directory / folder,
                        ignore=shutil.ignore_patterns("model", "*.md", "BUILD.bazel"))
    path = directory / mutant.file
    path.chmod(0o644)
    path.write_text(mistaken(mutant, path.read_text()))


# Arguments in a wrong order that a compiler sees are no mistake that one could make.
SEEN_BY_COMPILER = ["-Wno-everything", "-Werror=int-conversion", "-Werror=incompatible-pointer-types",
                    "-Werror=incompatible-function-pointer-types"]


def machine_code(root, names):
    """What a compiler makes of C files of root/alloc, {name: text}; None for one that it refuses."""
    def code(name):
        done = subprocess.run(["clang", "-std=gnu11", "-O2", *SEEN_BY_COMPILER, "-iquote", ".", "-S", "-o", "-",
                               f"alloc/{name}"], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return done.stdout if done.returncode == 0 else None

    return {name: code(name) for name in names if name.endswith(".c")}


def read_equivalent(mutants):
    """{id: reason} of the mutants that nothing can tell from the original, so far as one knows."""
    lines = [line.split(None, 1) for line in EQUIVALENT.read_text().splitlines() if line and line[0] != "#"]
    wrong = [line[0] for line in lines if len(line) != 2]
    unknown = sorted({line[0] for line in lines} - {m.id for m in mutants})
    if wrong or unknown:
        raise Unknown(f"{EQUIVALENT.name}: without a reason: {wrong}; no such mutant: {unknown}")
    return {name: reason for name, reason in lines}


def score(rows, caught):
    """(how many were caught, of how many that could be).  A row is what became of a mutant."""
    count = sum(r["outcome"] == caught for r in rows)
    return count, count + sum(r["outcome"] == "survived" for r in rows)


def print_table(rows, caught):
    functions = {}
    for row in rows:
        functions.setdefault(tuple(row["id"].split(":")[:2]), []).append(row)
    print(f"\n{'file':12} {'function':28} {'mutants':>8} {caught:>8} {'survived':>9} {'equivalent':>11}")
    for (file, function), those in [*sorted(functions.items()), (("all", ""), rows)]:
        count = [sum(r["outcome"] == what for r in those) for what in (caught, "survived", "equivalent")]
        print(f"{file:12} {function:28} {sum(count):8} {count[0]:8} {count[1]:9} {count[2]:11}")
    for row in rows:
        if row["outcome"] == "survived":
            print(f"\nsurvived: {row['id']}\n  line {row['line']}: {row['before']}\n    becomes: {row['after']}")
    count, of = score(rows, caught)
    print(f"\n{count} of {of} {caught}, {100 * count / max(of, 1):.1f} %")


def one_line(text):
    return " ".join(text.split())


def show(mutant):
    return f"{mutant.file}:{mutant.line}: {one_line(mutant.before)}  ->  {one_line(mutant.after)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--list", action="store_true")
    what.add_argument("--apply", nargs=2, metavar=("ID", "DIR"))
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--sample", type=int, metavar="N")
    parser.add_argument("files", nargs="*", metavar="FILE")
    args = parser.parse_args()
    try:
        mutants = all_mutants(files=args.files)
        if args.apply:
            wanted, directory = args.apply
            apply(named(mutants, [wanted])[0], directory)
            return 0
    except Unknown as wrong:
        print(f"mutation: {wrong}", file=sys.stderr)
        return 2
    for mutant in sample(mutants, args.sample) if args.sample else mutants:
        print(json.dumps(mutant._asdict()) if args.json else f"{mutant.id:44} {show(mutant)}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:
        sys.exit(0)
