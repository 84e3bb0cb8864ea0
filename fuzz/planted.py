#!/usr/bin/python3
"""Plants bugs in copies of alloc/, one at a time, and looks whether fuzzing finds them.

    bazel run //fuzz:planted [-- [--seconds N] [--check] [BUG...]]

A bug is a file fuzz/planted/NAME.bug: what it is, which target should find it and by which
rules, and the edits that make it.  alloc/ has no trace of them.  Each is hunted from the
seeds alone (fuzz/seeds, not the corpus that has grown since), for up to N seconds of a
core's time (60).  Prints a table, and puts what was measured into fuzz/planted_results.json.

--check only looks whether every edit still applies.  The control: the copy without a bug
must pass the same hunt, for a tenth of the time.

Exit status: 0 all were found by a rule that should find them, and the control was well;
1 not so; 2 wrong usage, or an edit does not apply any more.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import shutil
import sys
import tempfile

import hunt
import seeds

ROOT = hunt.ROOT
FOLDER = ROOT / "fuzz/planted"


class Wrong(Exception):
    pass


def read(path):
    """A bug: {"name", "about", "target", "rules", "build", "edits": [(file, old, new)]}."""
    bug = {"name": path.stem, "about": "", "build": "fast", "edits": []}
    head, *parts = path.read_text().split("\n@@ ")
    for line in head.splitlines():
        if line.startswith("#"):
            bug["about"] = (bug["about"] + " " + line[1:].strip()).strip()
        elif ":" in line:
            key, value = line.split(":", 1)
            bug[key.strip()] = value.strip()
    bug["rules"] = bug.get("rules", "").split()
    for part in parts:
        file, text = part.split("\n", 1)
        if text.count("\n==>\n") != 1:
            raise Wrong(f"{path.name}: an edit is OLD, a line ==>, NEW")
        old, new = text.split("\n==>\n")
        bug["edits"].append((file.strip(), old, new.rstrip("\n")))
    if not bug["edits"] or not bug["rules"] or bug.get("target") not in hunt.TARGETS:
        raise Wrong(f"{path.name}: it needs a target, rules and an edit")
    return bug


def plant(bug, root):
    """Makes a copy of alloc/ (and the logic that it includes) at root, with a bug in it."""
    for folder in ("alloc", "spec"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("model", "*.md"))
    for file, old, new in bug["edits"] if bug else []:
        path = root / file
        path.chmod(0o644)
        text = path.read_text()
        if text.count(old) != 1:
            raise Wrong(f"{bug['name']}.bug: its text occurs {text.count(old)} times in {file}, not "
                        f"once, so the edit does not apply; make it again for what {file} is now")
        path.write_text(text.replace(old, new))


def look(bug, target, build, corpus, seconds):
    """Hunts a bug (or, for None, the copy without one) with one target."""
    with tempfile.TemporaryDirectory() as work:
        root = pathlib.Path(work)
        plant(bug, root)
        if wrong := hunt.build(root, root / "bin", [target], build):
            raise Wrong(f"{bug['name'] if bug else 'the control'}: it does not compile:\n{wrong}")
        result = hunt.hunt(root / "bin", target, corpus, seconds, work)
        finding = result.pop("input", None)
        result["operations"] = finding.stat().st_size // 8 if finding else None
        return result


def judge(bug, result):
    if not result["found"]:
        return "not found"
    return "found" if result["rule"] in bug["rules"] else "found by another rule"


def row(name, target, rule, seconds, verdict):
    print(f"{name:28} {target:13} {rule:15} {seconds:>7}  {verdict}", flush=True)


def make_seeds(work):
    seeds.write(hunt.build_ops(work), ROOT / "fuzz/seeds", work)
    return work / "corpus"


def hunt_all(bugs, seconds, jobs):
    rows, well = [], True
    row("bug", "target", "rule", "seconds", "")
    with tempfile.TemporaryDirectory() as work, concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        os.environ["OBJECTS"] = str(pathlib.Path(work) / "objects")
        corpus = make_seeds(pathlib.Path(work))
        targets = sorted({(bug["target"], bug["build"]) for bug in bugs})
        controls = [pool.submit(look, None, *target, corpus, seconds / 10) for target in targets]
        hunts = [pool.submit(look, bug, bug["target"], bug["build"], corpus, seconds) for bug in bugs]
        for (target, build), future in zip(targets, controls):
            result = future.result()
            well &= not result["found"]
            row("(none)", target, result.get("rule", "-"), result["seconds"],
                "found, and there is none" if result["found"] else "control: well")
        for bug, future in zip(bugs, hunts):
            result = future.result()
            verdict = judge(bug, result)
            well &= verdict == "found"
            row(bug["name"], bug["target"], result.get("rule", "-"), result["seconds"], verdict)
            rows.append({"bug": bug["name"], "about": bug["about"], "expected": bug["rules"],
                         "verdict": verdict, "limit": seconds, **result})
    print(f"{sum(r['verdict'] == 'found' for r in rows)} of {len(rows)} found")
    return rows, well


def record(rows, names):
    """Puts what was measured in the place of what was measured before."""
    path = ROOT / "fuzz/planted_results.json"
    known = {r["bug"]: r for r in json.loads(path.read_text())["bugs"]} if path.exists() else {}
    known.update({r["bug"]: r for r in rows})
    path.write_text(json.dumps({"bugs": [known[name] for name in sorted(known) if name in names]},
                               indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60, help="of processor time, for each bug [60]")
    parser.add_argument("--jobs", type=int, default=1, help="bugs hunted at once [1]")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("bugs", nargs="*", metavar="BUG")
    args = parser.parse_args()
    try:
        bugs = [read(path) for path in sorted(FOLDER.glob("*.bug"))]
        if unknown := set(args.bugs) - {bug["name"] for bug in bugs}:
            raise Wrong(f"there is no bug {', '.join(unknown)} in fuzz/planted")
        chosen = [bug for bug in bugs if not args.bugs or bug["name"] in args.bugs]
        for bug in bugs:
            with tempfile.TemporaryDirectory() as root:
                plant(bug, pathlib.Path(root))
        if args.check:
            print(f"{len(bugs)} bugs, and every edit applies")
            return 0
        rows, well = hunt_all(chosen, args.seconds, args.jobs)
    except Wrong as wrong:
        print(f"planted: {wrong}", file=sys.stderr)
        return 2
    if os.environ.get("BUILD_WORKSPACE_DIRECTORY"):
        record(rows, {bug["name"] for bug in bugs})
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
