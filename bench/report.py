"""What the results say: means, best peers, and tables of text."""

import measure
from workers import DEBUG, FLOOR, OURS, PEERS

SLOWER = 1.10  # so much slower than the best peer is worth a mark
MARK = " <- slower"


def best_peer(row):
    """The fastest peer and its ratio to ours; None when no peer was measured."""
    ratios = {n: r["ratio"]["median"] for n, r in row["allocators"].items() if n in PEERS}
    name = min(ratios, key=ratios.get, default=None)
    return name and (name, ratios[name])


def geometric_means(rows):
    """{group: {name: mean of the ratios}}, and under "all" those of all rows."""
    groups = {}
    for row in rows:
        groups.setdefault(row["group"], []).append(row["allocators"])
    groups["all"] = [row["allocators"] for row in rows]
    return {
        group: {n: measure.geometric_mean(m[n]["ratio"]["median"] for m in members) for n in members[0]}
        for group, members in groups.items() if members
    }


def lines(rows):
    """Rows of texts in columns: the first and the last to the left."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        texts = [t.rjust(w) for t, w in zip(row, widths)]
        texts[0], texts[-1] = row[0].ljust(widths[0]), row[-1]
        yield "  ".join(texts).rstrip()


def table(title, head, rows):
    return ["", title, "", *lines([head, *rows])] if rows else []


def columns(names):
    """All but ours, those that are no peers last."""
    others = [n for n in names if n not in (OURS, FLOOR, *DEBUG)]
    return others + [n for n in (*DEBUG, FLOOR) if n in names]


def is_slower(row):
    best = best_peer(row)
    return best is not None and 1 / best[1] > SLOWER


def verdict(row):
    best = best_peer(row)
    return f"{1 / best[1]:.2f} of {best[0]}" + MARK * is_slower(row) if best else ""


def time_cells(row, others):
    ours = row["allocators"][OURS]["ns"]
    half = (ours["q3"] - ours["q1"]) / 2 / ours["median"]
    ratios = [f"{row['allocators'][n]['ratio']['median']:.2f}" for n in others]
    return [row["name"], f"{ours['median']:.2f}", f"{half:.0%}", *ratios, verdict(row)]


def time_table(results):
    others = columns(results["allocators"])
    rows = [time_cells(row, others) for row in results["workloads"]]
    for group, means in results["means"].items():
        rows.append([f"mean: {group}", "", "", *(f"{means[n]:.2f}" for n in others), ""])
    return table(
        "Time.  ns: of ours, a call; +-: half its interquartile range; then each allocator's\n"
        "time by ours, the median over rounds: above 1, ours is faster.",
        ["workload", "ns", "+-", *others, "ours by the best"], rows)


def memory_table(results):
    names = list(results["memory"][0]["allocators"]) if results["memory"] else []
    rows = []
    for row in results["memory"]:
        figures = [row["allocators"][n] for n in names]
        rows.append([row["name"], "at most",
                     *(f"{f['peak_resident'] / f['peak_live']:.2f}" for f in figures), ""])
        rows.append(["", "kept",
                     *(f"{f['kept_resident'] / f['peak_resident']:.0%}" for f in figures), ""])
    return table(
        "Memory.  At most: resident bytes by live bytes, each at its peak.  Kept: what of\n"
        "the peak is resident when all is freed (fragments: all but 1 block in 4,000).",
        ["workload", "", *names, ""], rows)


def instruction_table(results):
    names = list(results["instructions"][0]["allocators"]) if results["instructions"] else []
    rows = [[row["name"], *(f"{row['allocators'][n]:.1f}" for n in names), ""]
            for row in results["instructions"]]
    return table("Instructions a call, beyond the floor's.", ["workload", *names, ""], rows)


def program_table(results):
    rows = []
    for row in results["programs"]:
        rows.append([
            row["name"], f"{row['seconds']['median']:.2f}", f"{row['stock_seconds']['median']:.2f}",
            f"{row['ratio']['median']:.3f}", f"{row['ratio']['q1']:.3f} - {row['ratio']['q3']:.3f}",
            f"{row['calls_a_second'] / 1e6:.1f}" + ("*" if row["heavy"] else " "),
            f"{row['peak_bytes'] / row['stock_peak_bytes']:.2f}", row["what"],
        ])
    if rows:
        rows.append(["mean", "", "", f"{results['program_mean']:.3f}", "", "", "", ""])
    return table(
        "Whole programs: seconds of user time on this allocator and on stock Python, stock\n"
        "by ours (above 1: ours is faster) and its quartiles; millions of calls to the\n"
        "allocator a second (*: allocates much); peak memory by stock's.",
        ["program", "ours", "stock", "ratio", "quartiles", "calls", "peak", ""], rows)


def program_instruction_table(results):
    rows = [[row["name"], *(f"{row['instructions'][n]:.3f}" for n in ("ratio", "share", "limit"))]
            for row in results["programs"] if "instructions" in row]
    return table(
        "Whole programs, instructions: stock Python's by ours; the share of ours that is within\n"
        "the allocator; and stock's by ours if the allocator cost nothing, which no ratio can pass.",
        ["program", "ratio", "share", "limit"], rows)


def debug_lines(results):
    means = results["means"].get("all", {})
    if not all(name in means for name in DEBUG):
        return []
    ours, theirs = (means[name] for name in DEBUG)
    return ["", f"Debug layers: CPython's time by ours: {theirs / ours:.2f}."]


def text(results):
    parts = time_table(results) + debug_lines(results) + memory_table(results) + instruction_table(results)
    return "\n".join((parts + program_table(results) + program_instruction_table(results))[1:])
