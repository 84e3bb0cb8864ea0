"""What is recorded as proved: results/UNIT.json, and the provers' answers in cache/UNIT."""

import json
import shutil

from wp import ROOT, fail

RESULTS = ROOT / "proofs" / "results"
CACHE = ROOT / "proofs" / "cache"
FIRST = "CVC4 1.8 (near)"  # of wp.PROVERS


def units():
    """The C files that anything is recorded of."""
    return sorted(path.stem for path in RESULTS.glob("*.json"))


def read(unit):
    path = RESULTS / (unit + ".json")
    if not path.exists():
        fail(f"nothing is recorded of {unit}.c; run proofs/prove.py record {unit}.c")
    return json.loads(path.read_text())


def write(unit, have, table):
    """Records, over what there is, what is proved, and by which prover where it is not the one that is tried first."""
    RESULTS.mkdir(exist_ok=True)
    record = dict(have)
    for function, goals in table.items():
        proved = sorted(goal for goal, (prover, _) in goals.items() if prover)
        record[function] = {"goals": len(goals), "proved": proved}
        hints = {goal: goals[goal][0] for goal in proved if goals[goal][0] not in ("Qed", FIRST)}
        if hints:
            record[function]["by"] = hints
    (RESULTS / (unit + ".json")).write_text(json.dumps(record, indent=1) + "\n")


def proved(record):
    """What of a unit's record a proof shows."""
    return {function: [entry["goals"], entry["proved"]] for function, entry in record.items()}


def open_of(entry):
    """How many goals of a function are recorded as open."""
    return entry["goals"] - len(entry["proved"])


def digest(unit):
    """That of wp.digest_of when the unit was recorded."""
    path = RESULTS / (unit + ".sha256")
    return path.read_text().strip() if path.exists() else None


def text_digest(unit):
    """The first number of digest."""
    return (digest(unit) or "").partition(" ")[0]


def write_digest(unit, text):
    (RESULTS / (unit + ".sha256")).write_text(text + "\n")


def smoke(unit):
    """How many smoke tests a unit passed as it is recorded; 0 when they were not run on that."""
    path = RESULTS / (unit + ".smoke")
    passed, of = path.read_text().split() if path.exists() else ("0", None)
    return int(passed) if of == text_digest(unit) else 0


def write_smoke(unit, passed):
    (RESULTS / (unit + ".smoke")).write_text(f"{passed} {text_digest(unit)}\n")


def cache_needed(unit):
    committed = CACHE / unit
    if not (committed.exists() and any(committed.iterdir())):
        fail(f"the cache of {unit}.c is missing (proofs/cache/{unit}); run proofs/prove.py record {unit}.c")


def cache_copy(unit, scratch, runs):
    """Copies of the cache that Frama-C may write to, one for each of the runs."""
    committed = CACHE / unit
    for run in runs:
        if committed.exists():
            shutil.copytree(committed, scratch / run / "cache")
        else:
            (scratch / run / "cache").mkdir(parents=True)
    return scratch


def timeouts_forget(scratch):
    """A timeout is no answer: on a machine that is less busy the goal may well be proved."""
    for path in scratch.glob("*/cache/*.json"):
        if '"timeout"' in path.read_text():
            path.unlink()


def cache_keep(unit, scratch):
    """Makes the cache what the runs left: new and better answers come in, those that no goal used go."""
    used = {path.name: path for path in scratch.glob("*/cache/*.json")}
    committed = CACHE / unit
    committed.mkdir(parents=True, exist_ok=True)
    have = {path.name: path for path in committed.glob("*.json")}
    new = {name for name in used if name not in have or used[name].read_bytes() != have[name].read_bytes()}
    old = have.keys() - used.keys()
    for name in new:
        shutil.copy(used[name], committed / name)
    for name in old:
        have[name].unlink()
    return len(new), len(old)


def losses(record, table, functions):
    """What is recorded and was not proved again, as texts."""
    texts = []
    for function in functions:
        if function not in record:
            continue
        goals, expected = table.get(function, {}), record[function]
        if len(goals) < expected["goals"]:
            texts.append(f"{function}: fewer goals than recorded: {len(goals)} of {expected['goals']}")
        texts += [f"{function}: no longer {'proved' if goal in goals else 'there'}: {goal}" for goal in expected["proved"]
                  if not goals.get(goal, (None, 0))[0]]
    return texts
