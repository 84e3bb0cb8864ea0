#!/usr/bin/python3
"""Compares the rules of spec/semantics.md with the text that names them.

An id is written PM-AREA-NN in text, and PM_AREA_NN_word as the name of a clause in
a contract.  Prints a table of the rules, with the contracts (of alloc/) and the
tests (of tests/ and python/) that name each, and fails for

  unknown     an id that is used and not in the catalogue
  twice       an id that the catalogue defines more than once
  hole        a number that is missing in an area
  untested    a rule that no contract and no test names, and that is not in UNTESTED
  stale       an entry of UNTESTED that is not needed
  empty       a folder without text, so that there is nothing to compare

    rules_test.py [--table] [ROOT]      --table: the table alone, as Markdown
"""

import argparse
import collections
import pathlib
import re
import sys
import tempfile

CATALOGUE = "spec/semantics.md"
CONTRACTS = ["alloc"]
TESTS = ["tests", "python", "spec/model"]
OTHERS = ["proofs", "spec"]  # their ids must be known, and are no more than mentions

# Rules that are in the catalogue for callers to know, and that nothing can check.
UNTESTED = {
    "PM-FAMILY-04": "says what callers must do, and no call can see whether they do",
}

DEFINITION = re.compile(r"^- \*\*(PM-[A-Z]+-[0-9]+)\*\* \*\((.+?)\)\*\.", re.M)
ID = re.compile(r"(?<![A-Za-z0-9])PM([-_])([A-Z]+)\1([0-9]+)(?:_[a-z]\w*)?")
CLAUSE = re.compile(r"\b(PM_[A-Z]+_[0-9]+)_([a-z]\w*)\s*:")


def texts(root, folder):
    """{path: text} of what people wrote in a folder; of spec/, the logic alone."""
    pattern = "*.acsl.h" if folder == "spec" else "*"
    found = {}
    for path in sorted((root / folder).rglob(pattern)):
        if path.is_file() and "__pycache__" not in path.parts:
            found[str(path.relative_to(root))] = path.read_text(errors="replace")
    return found


def ids(text):
    return {f"PM-{m[2]}-{m[3]}" for m in ID.finditer(text)}


def compare(root, untested):
    """The catalogue [(id, name)], {id: contracts}, {id: tests}, and what is wrong."""
    catalogue = (root / CATALOGUE).read_text()
    rules = DEFINITION.findall(catalogue)
    contracts, tests = collections.defaultdict(list), collections.defaultdict(list)
    wrong = check_catalogue(rules) + check_known(rules, CATALOGUE, catalogue)
    for folder in CONTRACTS + TESTS + OTHERS:
        files = texts(root, folder)
        if not files:
            wrong.append(f"empty: there is no text in {folder}/")
        for path, text in files.items():
            wrong += check_known(rules, path, text)
            if folder in CONTRACTS:
                for clause in sorted(set(CLAUSE.findall(text))):
                    contracts[clause[0].replace("_", "-")].append(f"{pathlib.Path(path).name} {clause[1]}")
            if folder in TESTS:
                for rule in ids(text):
                    tests[rule].append(pathlib.Path(path).name)
    return rules, contracts, tests, wrong + check_named(rules, {**contracts, **tests}, untested)


def check_catalogue(rules):
    names = [rule for rule, _ in rules]
    wrong = [f"twice: {rule} is defined more than once" for rule in names if names.count(rule) > 1]
    areas = collections.defaultdict(set)
    for rule in names:
        area, number = rule.rsplit("-", 1)
        areas[area].add(number)
    for area, numbers in areas.items():
        # A retired rule keeps its entry, so it makes no hole.
        for number in range(1, max(map(int, numbers))):
            if f"{number:02}" not in numbers:
                wrong.append(f"hole: {area} has no {number:02}")
    return wrong if names else ["empty: no rule is defined in " + CATALOGUE]


def check_known(rules, path, text):
    known = {rule for rule, _ in rules}
    return [f"unknown: {rule} in {path}" for rule in sorted(ids(text) - known)]


def check_named(rules, named, untested):
    live = [rule for rule, name in rules if name != "retired"]
    wrong = [f"untested: no contract and no test names {rule}"
             for rule in live if rule not in named and rule not in untested]
    return wrong + [f"stale: UNTESTED has {rule}" for rule in untested
                    if rule not in live or rule in named]


def print_table(rules, contracts, tests, untested, markdown):
    row = ("| {:13} | {} | {} | {} |" if markdown else "{:13}  {:20}  {:41}  {}").format
    if markdown:
        print(row("rule", "name", "contracts", "tests") + "\n|---|---|---|---|")
    for rule, name in rules:
        ours = sorted(tests[rule])
        if rule in untested:
            ours = ["none: it " + untested[rule]]
        print(row(rule, name, ", ".join(contracts[rule]), ", ".join(ours)))


# The control: a small tree in which all is well, and what makes it wrong.

WELL = {
    CATALOGUE: "- **PM-A-00** *(one)*. As\n  PM-A-02 says.\n- **PM-A-01** *(retired)*.\n"
               "- **PM-A-02** *(two)*. It.\n- **PM-B-01** *(three)*. It.\n",
    "alloc/a.h": "/* Rule: PM-B-01. */\n/*@ ensures PM_A_00_word: 1; */\n",
    "tests/a_test.c": 'CHECK("PM-A-02", 1); /* SPM-Z-01, PM_Z */\n',
    "python/a.py": "# nothing\n",
    "spec/model/a.c": "/* nothing */\n",
    "proofs/a.json": '{"PM_A_02_goal": 1}\n',
    "spec/a.acsl.h": "/* PM-B-01 */\n",
}
CONTROLS = [  # a file, its text or what is added to it, and all that is wrong then
    ("alloc/a.h", "+PM-A-03", {"unknown"}),
    ("tests/a_test.c", "+PM-A-002", {"unknown"}),
    ("tests/deep/b_test.c", "PM_C_01_word", {"unknown"}),
    ("python/a.py", "+'PM-AA-01'", {"unknown"}),
    ("proofs/a.json", "+typed_f_ensures_PM_A_12_goal", {"unknown"}),
    ("spec/a.acsl.h", "+PM_A_10_word", {"unknown"}),
    (CATALOGUE, "+See PM-A-09.", {"unknown"}),
    (CATALOGUE, "+- **PM-A-02** *(again)*. It.", {"twice"}),
    (CATALOGUE, "+- **PM-C-02** *(late)*. It.", {"hole", "untested"}),
    (CATALOGUE, "+- **PM-B-02** *(new)*. It.", {"untested"}),
    (CATALOGUE, "no rules", {"empty", "unknown", "stale"}),
    ("tests/a_test.c", "nothing", {"untested"}),
    ("alloc/a.h", "PM-A-00 only mentioned", {"untested"}),
    ("alloc/a.h", "+/*@ ensures PM_B_01_word: 1; */", {"stale"}),
    ("tests/a_test.c", "+PM-B-01", {"stale"}),
    ("python/a.py", None, {"empty"}),
]


def kinds(files):
    """The kinds of what is wrong in a tree of files; PM-B-01 needs no test there."""
    with tempfile.TemporaryDirectory() as scratch:
        root = pathlib.Path(scratch)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        return {line.split(":")[0] for line in compare(root, {"PM-B-01": "is so"})[3]}


def control():
    """Whether each made-up mistake is seen, and nothing else."""
    failed = kinds(WELL) != set()
    for path, text, expected in CONTROLS:
        changed = dict(WELL)
        if text is None:
            del changed[path]
        else:
            changed[path] = WELL[path] + text[1:] + "\n" if text[0] == "+" else text + "\n"
        if kinds(changed) != expected:
            print(f"control: {path} with {text!r}: {kinds(changed)} instead of {expected}")
            failed = True
    return not failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--table", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("root", nargs="?", type=pathlib.Path, metavar="ROOT",
                        default=pathlib.Path(__file__).absolute().parent.parent,
                        help="the workspace; else the one that this file is in")
    args = parser.parse_args()
    if not control():
        return 1
    rules, contracts, tests, wrong = compare(args.root, UNTESTED)
    print_table(rules, contracts, tests, UNTESTED, args.table)
    if not args.table:
        print(f"{len(rules)} rules, {len(CONTROLS)} controls, {len(wrong)} wrong")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
