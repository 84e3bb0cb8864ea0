"""The trusted list: what the proofs rest on that they do not prove.

Each such line of alloc/ and of its clients (proofs/clients/) bears a comment "trusted: REASON",
on it or on a line above.
This prints them, and fails when there is an assumption without one:

  - a cast between a pointer and a number
  - a compiler's built-in, or assembly
  - a call of a function of the system or of the C library, unless Frama-C brings a
    contract for it and it gives no memory
  - a call of a function that has no contract, or whose contract is not proved
  - a function that requires more than the header says that its callers read
  - code that Frama-C sees otherwise than the compiler (__FRAMAC__)
  - a prototype that Frama-C alone sees, or one without a body anywhere
  - a function that is left out of the proof, or has no goals recorded
  - an axiom, an axiomatic block that is not one of wp.DECLARED, an admitted clause, a lemma that is not recorded as
    proved

What is in C is seen by clang, as the program ships; annotations are read as text.

    trusted.py [--units U,V]    of these C files only

Exit status 0: all is tagged, and the list is no longer than it may be.  1: not so.
"""

import argparse
import json
import re
import subprocess
import sys

import recorded
import wp

ALLOC = wp.ROOT / "alloc"
CLIENTS = wp.ROOT / "proofs" / "clients"
OURS = ("alloc/", "proofs/clients/")
MOST = 37  # lines
TAG = re.compile(r"\btrusted: (.+?)\s*(?:\*/|$)")
# The C library's functions whose contracts, as Frama-C brings them, are believed.
LIBC = {"__errno_location", "abort", "atexit", "exit", "fwrite", "getenv", "memcpy", "memset",
        "pthread_mutex_lock", "pthread_mutex_unlock", "strcmp", "write"}  # the first is errno: a variable
BUILT_IN = ("__builtin_", "__atomic_", "__sync_")


def files():
    return sorted([*ALLOC.glob("*.[ch]"), *CLIENTS.glob("*.c"), *(wp.ROOT / "spec").glob("*.acsl.h")])


def name_of(path):
    return str(path.relative_to(wp.ROOT))


def function_at(lines, i):
    """The function that line i is in, or before."""
    if lines[i].startswith("/*"):
        i = next((j for j in range(i, len(lines)) if re.match(r"\w.*\w\(", lines[j])), i)
    for line in reversed(lines[:i + 1]):
        match = re.match(r"(?!typedef|else|return)[A-Za-z_][^;=#]*?(\w+)\([^()]*", line)
        if match:
            return match[1]
    return "-"


def tags():
    """[(file, line, function, reason)]."""
    found = []
    for path in files():
        lines = path.read_text().splitlines()
        for i, line in enumerate(lines):
            match = TAG.search(line)
            if match:
                found.append((name_of(path), i + 1, function_at(lines, i), match[1]))
    return found


class Text:
    """A file's lines: which are tagged, and which of them Frama-C does not see."""

    def __init__(self, path):
        self.lines = path.read_text().splitlines()
        self.regions = []  # (first, last, seen): of __FRAMAC__; seen: by Frama-C alone
        opened = []
        for number, line in enumerate(self.lines, 1):
            match = re.match(r"\s*#\s*(if\w*|else|endif)\b(.*)", line)
            if not match:
                continue
            if match[1].startswith("if"):
                opened.append([number, match[1] == "ifdef", "__FRAMAC__" in line])
                continue
            first, seen, ours = opened.pop()
            if ours:
                self.regions.append((first, number, seen))
            if match[1] == "else":
                opened.append([number, not seen, ours])

    def tagged(self, number):
        if TAG.search(self.lines[number - 1]):
            return True
        above = self.lines[number - 2].strip() if number > 1 else ""
        return above.startswith("/*") and above.endswith("*/") and bool(TAG.search(above))

    def hidden(self, number):
        """Whether the compiler sees the line and Frama-C sees another instead."""
        return any(first <= number <= last and not seen for first, last, seen in self.regions)

    def for_framac(self):
        """The prototypes that Frama-C alone sees."""
        return [line for first, last, seen in self.regions if seen for line in self.lines[first - 1:last]
                if re.match(r"\w[\w\s*]*\([^{}]*\);", line)]

    def contract_above(self, number):
        """The contract of what is declared or defined on the line, or "" when it has none."""
        before = "\n".join(self.lines[:number - 1]).rstrip()
        text = before[before.rfind("/*"):]
        return text if before.endswith("*/") and re.match(r"/\*@(?!\s*ghost)", text) else ""


class Unit:
    """What clang sees in one C file: functions, calls, and casts."""

    def __init__(self, unit):
        self.unit = unit
        self.defined, self.declared = {}, {}  # {function: (file, line)}
        self.calls = []    # (file, line, function called)
        self.others = []   # (file, line, what it is)
        self.file, self.line = "", 0
        command = ["clang", "-std=c11", "-I.", "-fsyntax-only", "-Xclang", "-ast-dump=json",
                   name_of(wp.source_of(unit + ".c"))]
        try:
            done = subprocess.run(command, cwd=wp.ROOT, capture_output=True, text=True)
        except FileNotFoundError:
            wp.fail("clang is missing; run tools/setup")
        if done.returncode != 0:
            wp.fail(f"clang does not parse {unit}.c:\n{done.stderr}")
        sys.setrecursionlimit(10000)
        self.walk(json.loads(done.stdout))

    def locate(self, place):
        """[(file, line)]: where it is written, and for a macro where that is used.  clang leaves out
        of a place what is as in the one before."""
        places = []
        for part in [place[k] for k in ("spellingLoc", "expansionLoc") if k in place] or [place]:
            self.file, self.line = part.get("file", self.file), part.get("line", self.line)
            places.append((self.file.removeprefix("./"), self.line))
        return places

    def walk(self, node):
        if "loc" in node:
            self.locate(node["loc"])
        places = self.locate(node.get("range", {}).get("begin", {}))
        self.locate(node.get("range", {}).get("end", {}))
        # What a system header spells out (MAP_FAILED) goes with the function that it is about.
        systems = not places[0][0].startswith(OURS)
        for file, line in places[:1] if not systems else places[1:]:
            if file.startswith(OURS):
                self.see(node, file, line, systems)
        for inner in node.get("inner", []):
            self.walk(inner)

    def see(self, node, file, line, systems):
        kind = node.get("kind")
        if kind == "FunctionDecl":
            body = any(inner.get("kind") == "CompoundStmt" for inner in node.get("inner", []))
            (self.defined if body else self.declared)[node["name"]] = file, line
        elif kind == "CallExpr":
            self.see_call(node["inner"][0], file, line)
        elif kind in ("AtomicExpr", "GCCAsmStmt"):
            self.others.append((file, line, "a built-in" if kind == "AtomicExpr" else "assembly"))
        elif node.get("castKind") in ("PointerToIntegral", "IntegralToPointer") and not systems:
            self.others.append((file, line, "a cast between a pointer and a number"))

    def see_call(self, callee, file, line):
        # Through a pointer nothing is assumed: WP has such a call change everything.
        while callee.get("kind") in ("ImplicitCastExpr", "ParenExpr"):
            callee = callee["inner"][0]
        called = callee.get("referencedDecl", {})
        if called.get("kind") == "FunctionDecl":
            self.calls.append((file, line, called["name"]))


class Scan:
    """Finds assumptions without a tag."""

    def __init__(self, units):
        self.texts = {name_of(path): Text(path) for path in files()}
        everything = {path.stem: Unit(path.stem) for path in files() if path.suffix == ".c"}
        self.home = {f: unit for unit, seen in everything.items() for f in seen.defined if self.own(f, seen)}
        self.promised = {line.split("(")[0].split()[-1].lstrip("*") for text in self.texts.values()
                         for line in text.for_framac() if TAG.search(line)}
        self.found = set()
        for unit in units:
            self.scan_unit(everything[unit])
        for name, text in self.texts.items():
            self.scan_text(name, text)

    def own(self, function, seen):
        """Whether a function is a C file's own, not an inline one of another's header."""
        source = wp.source_of(seen.unit + ".c")
        return seen.defined[function][0] in map(name_of, [source, *wp.headers_of(source)])

    def assume(self, file, line, what):
        text = self.texts[file]
        if not text.tagged(line) and not text.hidden(line):
            self.found.add((file, line, what))

    def scan_unit(self, seen):
        record = recorded.read(seen.unit)
        for file, line, what in seen.others:
            self.assume(file, line, what)
        for file, line, called in seen.calls:
            self.scan_call(seen, file, line, called)
        for function, (file, line) in seen.defined.items():
            ours = self.home.get(function) == seen.unit and not self.texts[file].hidden(line)
            if ours and function not in record and not self.left_out(function, file, line):
                self.found.add((file, line, f"{function} has no goals recorded"))
            if ours and function in seen.declared and self.requires_more(seen.declared[function], (file, line)):
                self.found.add((file, line, f"{function} requires more than its header says"))
        for function, (file, line) in seen.declared.items():
            if function not in self.home:
                self.assume(file, line, f"{function} has no body")

    def end_of(self, file, line):
        """The last line of a function that begins at a line."""
        text = self.texts[file].lines
        if text[line - 1].endswith("}"):
            return line
        return next(i for i in range(line, len(text) + 1) if text[i - 1].startswith("}"))

    def left_out(self, function, file, line):
        """Whether it is left out and a line of it says so."""
        text = self.texts[file]
        return function in wp.LEFT_OUT and any(text.tagged(i) for i in range(line, self.end_of(file, line) + 1))

    def requires_more(self, declared, defined):
        """Whether a function requires what the contract in its header, which callers see alone, does not say."""
        header, source = (self.texts[file].contract_above(line) for file, line in (declared, defined))
        return declared[0] != defined[0] and bool(header) and "requires" in source

    def scan_call(self, seen, file, line, called):
        if called.startswith(BUILT_IN):
            self.assume(file, line, f"the built-in {called}")
        elif called in seen.declared and called not in seen.defined:
            where, at = seen.declared[called]
            if self.home.get(called) not in recorded.units():
                self.assume(where, at, f"{called} is not in the proof, and {name_of(wp.source_of(seen.unit + '.c'))} calls it")
            elif not self.texts[where].contract_above(at):
                self.assume(where, at, f"{called} has no contract, and {name_of(wp.source_of(seen.unit + '.c'))} calls it")
        elif called not in seen.defined and called not in LIBC | self.promised:
            self.assume(file, line, f"a call of {called}")

    def scan_text(self, name, text):
        for first, last, seen in text.regions:
            inside = text.lines[first - 1:last]
            instead = [line for a, b, other in text.regions if other and a == last for line in text.lines[a - 1:b]]
            if not seen and any(re.match(r"\s+.*;", line) for line in inside) and not any(map(TAG.search, inside + instead)):
                self.found.add((name, first, "code that Frama-C sees otherwise"))
        for line in text.for_framac():
            if line.split("(")[0].split()[-1].lstrip("*") not in self.home:
                self.assume(name, text.lines.index(line) + 1, "a prototype for Frama-C alone")
        self.scan_annotations(name, "\n".join(text.lines))

    def scan_annotations(self, name, text):
        lemmas = {goal for unit in recorded.units() for goal in recorded.read(unit).get(wp.LEMMAS, {"proved": []})["proved"]}
        for comment in re.finditer(r"/\*@.*?\*/|//@[^\n]*", text, flags=re.S):
            ghost = re.sub(r"/@.*?@/", lambda m: re.sub(r"[^\n]", " ", m[0]), comment[0], flags=re.S)
            hits = [(m.start(), f"an {m[1]}") for m in re.finditer(r"\b(axiom|admit)\b", comment[0])]
            hits += [(m.start(), f"the axiomatic block {m[1]}")
                     for m in re.finditer(r"\baxiomatic\s+(\w+)", comment[0]) if m[1] not in wp.DECLARED]
            hits += [(m.start(), f"the lemma {m[1]}, not recorded as proved")
                     for m in re.finditer(r"\blemma\s+(\w+)", comment[0]) if f"{wp.LEMMAS}_{m[1]}" not in lemmas]
            if re.match(r"/\*@\s*ghost", ghost):
                hits += [(m.start(1), "a ghost prototype") for m in re.finditer(r"[;}@t]\s*?\n\s*(\w[\w\s*]*\b\w+\([^(){};]*\);)", ghost)
                         if ghost[:m.start(1)].count("{") == ghost[:m.start(1)].count("}")]
            for start, what in hits:
                self.assume(name, text.count("\n", 0, comment.start() + start) + 1, what)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--units", help="C files, without .c [all that are recorded]")
    args = parser.parse_args()
    trusted = tags()
    for file, line, function, reason in trusted:
        print(f"{file + ':' + str(line):24} {function:24} {reason}")
    print(f"\ntrusted: {len(trusted)} lines, of at most {MOST}")
    for function, reason in wp.LEFT_OUT.items():
        print(f"left out: {function}: {reason}")
    for block, reason in wp.DECLARED.items():
        print(f"declared, without an axiom: {block}: {reason}")
    print("not in the proof: " + ", ".join(p.name for p in sorted(ALLOC.glob("*.c")) if p.stem not in recorded.units()))
    print("contracts that Frama-C brings: " + ", ".join(sorted(LIBC)))
    found = sorted(Scan(args.units.split(",") if args.units else recorded.units()).found)
    for file, line, what in found:
        print(f"FAIL: {file}:{line}: not tagged as trusted: {what}")
    if len(trusted) > MOST:
        print(f"FAIL: the list has {len(trusted)} lines; it may have {MOST}")
    return 1 if found or len(trusted) > MOST else 0


if __name__ == "__main__":
    sys.exit(main())
