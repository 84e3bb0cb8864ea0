"""Results as one page of HTML with plots; nothing else is loaded."""

import html as markup
import math
import os

import report
from workers import OURS, PEERS

HERE = os.path.dirname(os.path.abspath(__file__))

GROUPS = {
    "pair": "A block at a time",
    "lifo": "1,000 blocks, last first",
    "fifo": "1,000 blocks, first first",
    "random": "Random replacement",
    "special": "Realloc, calloc, changes of size",
    "traces": "Recorded Python programs, replayed",
    "all": "All workloads",
}


def esc(text):
    return markup.escape(str(text))


# Bars.  A bar is (name of an allocator, value, text, low, high, title): low and high
# are the ends of a whisker, or None.

WIDTH, LABEL, VALUE, ROW = 330, 92, 58, 19


def bar(y, at, name, value, text, low, high, title):
    ours = ' class="ours"' if name == OURS else ""
    parts = [
        f"<g><title>{esc(title)}</title>",
        f'<text{ours} x="0" y="{y + 12}">{esc(name)}</text>',
        f'<rect x="{LABEL}" y="{y + 2}" width="{max(at(value) - LABEL, .5):.1f}" height="13" rx="2" '
        f'fill="var(--{name})"/>',
    ]
    if low is not None:
        parts.append(f'<path class="whisker" d="M{at(low):.1f} {y + 8.5}H{at(high):.1f}"/>')
    parts.append(f'<text class="value" x="{WIDTH}" y="{y + 12}" text-anchor="end">{esc(text)}</text></g>')
    return "".join(parts)


def bars(rows, most, line=None):
    """A plot; what is longer than `most` is cut there, and its text tells."""
    def at(value):
        return LABEL + min(value, most) / most * (WIDTH - LABEL - VALUE)
    height = ROW * len(rows)
    parts = [bar(ROW * i, at, *row) for i, row in enumerate(rows)]
    if line is not None:
        parts.append(f'<path class="axis" d="M{at(line):.1f} 0V{height}"/>')
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img">{"".join(parts)}</svg>'


def card(title, right, what, body):
    what = f"<p>{what}</p>" if what else ""
    return f'<figure class="card"><h4>{esc(title)}<span>{right}</span></h4>{what}{body}</figure>'


def grid(cards):
    return f'<div class="grid">{"".join(cards)}</div>'


def section(title, words, body):
    return f"<h2>{title}</h2><p>{words}</p>{body}"


# The picture of all: a row a workload, a dot an allocator, on a logarithmic scale.

GLANCE_WIDTH, GLANCE_LEFT, GLANCE_ROW = 1100, 140, 17
GLANCE_TICKS = (0.25, 0.5, 1, 2, 4, 8)


def glance_x(ratio):
    low, high = math.log(GLANCE_TICKS[0] * 0.8), math.log(GLANCE_TICKS[-1] * 1.25)
    part = (min(max(math.log(ratio), low), high) - low) / (high - low)
    return GLANCE_LEFT + part * (GLANCE_WIDTH - GLANCE_LEFT - 10)


def glance_row(row, y, names):
    parts = [f'<text x="0" y="{y + 4}">{esc(row["name"])}</text>',
             f'<path class="rule" d="M{GLANCE_LEFT} {y}H{GLANCE_WIDTH}"/>']
    for name in names:
        ratio = row["allocators"][name]["ratio"]["median"]
        title = f"{row['name']}, {name}: {ratio:.2f} times ours"
        parts.append(f'<circle cx="{glance_x(ratio):.1f}" cy="{y}" r="5" fill="var(--{name})">'
                     f"<title>{esc(title)}</title></circle>")
    return "".join(parts)


def glance(results):
    names = [n for n in report.columns(results["allocators"]) if n in PEERS]
    rows = results["workloads"]
    height = GLANCE_ROW * (len(rows) + 2)
    parts = []
    for tick in GLANCE_TICKS:
        style = "ours-line" if tick == 1 else "rule"
        text = "ours" if tick == 1 else f"{tick:g}"
        x = f"{glance_x(tick):.1f}"
        parts.append(f'<path class="{style}" d="M{x} {GLANCE_ROW}V{height}"/>'
                     f'<text class="value" x="{x}" y="11" text-anchor="middle">{text}</text>')
    parts += [glance_row(row, GLANCE_ROW * (i + 2), names) for i, row in enumerate(rows)]
    legend = "".join(f'<span><i style="background:var(--{n})"></i>{esc(n)}</span>' for n in names)
    legend += "<span>right of the line: slower than ours</span>"
    return (f'<div class="card"><div class="legend">{legend}</div><div class="scroll">'
            f'<svg class="glance" viewBox="0 0 {GLANCE_WIDTH} {height}" role="img">'
            f'{"".join(parts)}</svg></div></div>')


# Time.

TIME_MOST = 3.0
INSTRUCTIONS_MOST = 120


def quartiles(spread, unit=""):
    return f"{spread['median']:.2f}{unit}, quartiles {spread['q1']:.2f} to {spread['q3']:.2f}"


def time_card(row):
    rows = []
    for name in (OURS, *report.columns(row["allocators"])):
        ns, ratio = row["allocators"][name]["ns"], row["allocators"][name]["ratio"]
        title = f"{name}: {quartiles(ns, ' ns a call')}; by ours {quartiles(ratio)}"
        whisker = (None, None) if name == OURS else (ratio["q1"], ratio["q3"])
        rows.append((name, ratio["median"], f"{ratio['median']:.2f}", *whisker, title))
    best, slower = report.best_peer(row), report.is_slower(row)
    badge = f'<div class="badge">{1 / best[1]:.2f} times {esc(best[0])}</div>' if slower else ""
    ours = row["allocators"][OURS]["ns"]["median"]
    return card(row["name"], f"{ours:.1f} ns", esc(row["what"]), bars(rows, TIME_MOST, 1.0) + badge)


def mean_card(group, means):
    rows = [(n, means[n], f"{means[n]:.2f}", None, None, f"{n}: {means[n]:.3f} times ours")
            for n in (OURS, *report.columns(means))]
    return card(GROUPS.get(group, group), "", "", bars(rows, TIME_MOST, 1.0))


def tile(name, ratio, words):
    return (f'<div class="card tile" style="--hue:var(--{name})">'
            f"<b>{ratio}<small>&times;</small></b>{esc(words)}</div>")


def tiles(results):
    means, program_mean = results["means"].get("all", {}), results["program_mean"]
    parts = [tile(n, f"{means[n]:.2f}", f"our time: {n}, on average") for n in PEERS if n in means]
    if program_mean:
        parts.append(tile(OURS, f"{program_mean:.3f}", "our time: whole programs on stock Python"))
    return f'<div class="tiles">{"".join(parts)}</div>'


def group_cards(results, group):
    rows = [row for row in results["workloads"] if row["group"] == group]
    return f"<h3>{esc(GROUPS.get(group, group))}</h3>" + grid(map(time_card, rows))


def time_sections(results):
    means = results["means"]
    groups = [g for g in means if g != "all"]
    return section(
        "Time, at a glance",
        "Every workload, and the time that each peer takes for it by ours: the median over rounds.",
        glance(results),
    ) + section(
        "Time, on average",
        "Geometric means. A bar that ends right of the dotted line is of an allocator that takes "
        "longer than ours.",
        grid(mean_card(g, means[g]) for g in ["all", *groups]),
    ) + section(
        "Time, workload by workload",
        "The number at the top right is ours, in nanoseconds a call to the allocator; bars are "
        f"times by ours, with their quartiles. Bars are cut at {TIME_MOST:g}.",
        "".join(group_cards(results, g) for g in groups),
    )


# Memory, instructions, programs.

def megabytes(n):
    return f"{n / 1e6:.1f} MB"


def memory_card(row):
    most, kept = [], []
    for name, m in row["allocators"].items():
        ratio, rest = m["peak_resident"] / m["peak_live"], m["kept_resident"] / m["peak_resident"]
        peak, left = megabytes(m["peak_resident"]), megabytes(m["kept_resident"])
        most.append((name, ratio, f"{ratio:.2f}", None, None,
                     f"{name}: {peak} resident for {megabytes(m['peak_live'])} live"))
        kept.append((name, rest, f"{rest:.0%}", None, None,
                     f"{name}: {left} of {peak}, for {megabytes(m['kept_live'])} live"))
    live = megabytes(next(iter(row["allocators"].values()))["peak_live"])
    return card(row["name"], f"{live} live", "resident by live bytes, at most",
                bars(most, 2.5, 1.0) + "<p>still resident when freed</p>" + bars(kept, 1.0))


def memory_section(results):
    return results["memory"] and section(
        "Memory",
        "What a process has of the machine's memory at most, by the bytes that were asked for and "
        "live; and how much of that it still has when all blocks are freed (fragments: all but 1 "
        "in 4,000), at once, without a wait.",
        grid(map(memory_card, results["memory"])),
    ) or ""


def instruction_card(row):
    rows = [(n, v, f"{v:.1f}", None, None, f"{n}: {v:.2f} instructions")
            for n, v in row["allocators"].items()]
    return card(row["name"], "instructions", "", bars(rows, INSTRUCTIONS_MOST))


def instruction_section(results):
    return results["instructions"] and section(
        "Instructions",
        "A call, beyond what the floor takes; counted by callgrind, so the same every time. Bars "
        f"are cut at {INSTRUCTIONS_MOST}.",
        grid(map(instruction_card, results["instructions"])),
    ) or ""


def program_card(row):
    ratio, ours, stock = row["ratio"], row["seconds"]["median"], row["stock_seconds"]["median"]
    rows = [
        (OURS, ours, f"{ours:.2f} s", None, None, f"on ours: {ours:.3f} s"),
        ("cpython", stock, f"{stock:.2f} s", ours * ratio["q1"], ours * ratio["q3"],
         f"stock: {stock:.3f} s; by ours {quartiles(ratio)}"),
    ]
    rate = f"{row['calls_a_second'] / 1e6:.0f} million calls a second"
    heavy = ", allocates much" if row["heavy"] else ""
    memory = f"{row['peak_bytes'] / row['stock_peak_bytes']:.2f} of stock's memory"
    return card(row["name"], f"{ratio['median']:.3f}", f"{esc(row['what'])}: {rate}{heavy}; {memory}",
                bars(rows, 1.15 * max(ours, stock), ours))


def program_section(results):
    return results["programs"] and section(
        "Whole programs",
        "User time of Debian's Python 3.11, unmodified, on this allocator and on its own. The "
        "number at the top right is stock's time by ours: above 1, ours is faster.",
        grid(map(program_card, results["programs"])),
    ) or ""


# Figures and words.

def figure_row(row, others):
    *cells, verdict = report.time_cells(row, others)
    slower = ' class="slower"' if report.is_slower(row) else ""
    inner = "".join(f"<td>{esc(c)}</td>" for c in cells)
    return f"<tr>{inner}<td{slower}>{esc(verdict.replace(report.MARK, ''))}</td></tr>"


def mean_row(group, means, others):
    inner = "".join(f"<td>{means[n]:.2f}</td>" for n in others)
    return (f'<tr class="mean"><td>mean: {esc(group)}</td><td></td><td></td>'
            f"{inner}<td></td></tr>")


def figures(results):
    others = report.columns(results["allocators"])
    titles = ["workload", "ours, ns", "\u00b1", *others, "ours by the best peer"]
    head = "".join(f"<th>{esc(t)}</th>" for t in titles)
    rows = [figure_row(row, others) for row in results["workloads"]]
    rows += [mean_row(group, means, others) for group, means in results["means"].items()]
    return ('<details><summary>All times as a table</summary><div class="scroll"><table>'
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div></details>")


def peers(results):
    parts = []
    for name, a in results["allocators"].items():
        package = f", {a['package']} {a['version']}" if a["version"] else ""
        parts.append(f'<li><i style="background:var(--{name})"></i><b>{esc(name)}</b>: '
                     f"{esc(a['what'] + package)}</li>")
    return f'<ul class="peers">{"".join(parts)}</ul>'


METHOD = """<h2>How it was measured</h2><ul>
<li>Each allocator is alone in a process, loaded without standing in for the process's malloc, and
called through function pointers with a context, as Python calls its allocators; those that take no
context are reached by a jump more.</li>
<li>The allocators take turns in short slices, in an order that rotates. Ratios are taken within a
round, so that changes of the machine's speed hit both sides; shown are their medians and quartiles.
Time is the processor's.</li>
<li>Every block's first 8 bytes are written when it is allocated; nothing is read when it is freed.
The floor, functions that do nothing, is called the same way, and is not subtracted.</li>
<li>Sizes as Python asks for: from recorded Python programs. Traces are recorded before each
run.</li></ul>"""


def intro(results):
    m, s = results["machine"], results["settings"]
    quick = ", a quick run: for its plumbing, not its figures" if s["quick"] else ""
    return ("<h1>pymalloc beside its peers</h1><p>Python's small-object allocator, measured in one "
            f'run with those it is compared with.</p><p class="soft">Version '
            f"{esc(results['version'])}, {esc(results['date'])}; {esc(m['processor'])}, "
            f"{m['processors']} processors, {esc(m['system'])}; {s['rounds']} rounds of "
            f"{s['slice_ms']:g} ms{quick}.</p>")


def html(results):
    with open(os.path.join(HERE, "page.css")) as f:
        style = f.read()
    parts = [part(results) for part in (intro, tiles, peers, time_sections, figures,
                                        program_section, memory_section, instruction_section)]
    return ('<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>pymalloc: benchmarks</title><style>{style}</style></head>"
            f"<body>{''.join(parts)}{METHOD}</body></html>\n")
