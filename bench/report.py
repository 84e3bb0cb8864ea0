"""Results as a table of text."""

import measure
from workers import FLOOR, OURS, PEERS

SLOWER = 1.10  # so much slower than the best peer is worth a mark


def best_peer(row):
    """The fastest peer and its ratio to ours; None when no peer was measured."""
    ratios = {n: r["ratio"]["median"] for n, r in row["allocators"].items() if n in PEERS}
    name = min(ratios, key=ratios.get, default=None)
    return name and (name, ratios[name])


def geometric_means(results, names):
    """{group: {name: mean of the ratios}}, and under "all" those of all rows."""
    groups = list(dict.fromkeys(row["group"] for row in results))
    rows_of = {g: [row for row in results if row["group"] == g] for g in groups}
    rows_of["all"] = results
    return {
        g: {n: measure.geometric_mean(r["allocators"][n]["ratio"]["median"] for r in rows) for n in names}
        for g, rows in rows_of.items()
    }


def mark(row):
    best = best_peer(row)
    if not best:
        return ""
    ours = 1 / best[1]
    return f"{ours:.2f} of {best[0]}" + ("  <- slower" if ours > SLOWER else "")


def cells(row, others):
    ours = row["allocators"][OURS]["ns"]
    half = (ours["q3"] - ours["q1"]) / 2 / ours["median"]
    ratios = [f"{row['allocators'][n]['ratio']['median']:.2f}" for n in others]
    return [row["name"], f"{ours['median']:.2f}", f"{half:.0%}", *ratios, mark(row)]


def lines(rows):
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        texts = [t.rjust(w) for t, w in zip(row, widths)]
        texts[0], texts[-1] = row[0].ljust(widths[0]), row[-1]
        yield "  ".join(texts).rstrip()


def table(results, names):
    others = [n for n in names if n not in (OURS, FLOOR)] + [n for n in names if n == FLOOR]
    rows = [["workload", "ns", "+-", *others, "ours to best"]]
    rows += [cells(row, others) for row in results]
    for group, means in geometric_means(results, others).items():
        rows.append([f"mean: {group}", "", "", *(f"{means[n]:.2f}" for n in others), ""])
    return "\n".join([
        "ns: of ours, a call; +-: half its interquartile range; then the ratio of each",
        "allocator's time to ours (above 1: ours is faster), as the median over rounds.",
        "",
        *lines(rows),
    ])
