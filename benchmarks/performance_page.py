"""Write docs/performance.md, its figures and tables, and what README.md and docs/guide.md say of speed and errors.

    python benchmarks/performance_page.py --measured build/performance   with what peers.py has written there
    python benchmarks/performance_page.py                                again, from what is kept
    python benchmarks/performance_page.py --text                         the pages without the figures
    python benchmarks/performance_page.py --check                        whether they are what would be written

docs/performance.csv and docs/performance.json keep the results of each level, and everything else is made from these
two files. What was measured replaces what they keep of the same levels.
"""

import argparse
import json
import re
import sys
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import models
import performance_figures as figures
import results
from contenders import FORWARD, NAMES, OURS, PEERS
from errors import EXACT, SCALED, TABLE
from peers import BUSY
from results import (
    HEADLINE_SIZES,
    HEADLINES,
    MODE_TITLES,
    Cell,
    Found,
    best,
    counted,
    dominated,
    headlines,
    least,
    mean,
    shown,
    title,
)

ROOT = Path(__file__).resolve().parent.parent
HEAD = """# Performance

How `fastact` compares with other libraries on the same arrays, in time and in error. `make performance` makes this
page: `benchmarks/peers.py` measures, `benchmarks/performance_page.py` writes. [performance.csv](performance.csv) has
every cell.

A cell is a function, dtype, size or shape, number of threads and mode. In each cell all contenders run in one process
and take turns in random order; the least time of each counts. With several threads, calls that wake sleeping threads,
or wait for other threads to go to sleep, are not counted. A ratio is the time of the fastest peer divided by ours:
above 1, ours is faster. "Copy" is `np.copyto` into an existing array, timed in the same turns.

The modes are a preallocated output (`out=`), in place, and a new array at each call. A peer that takes no output makes
a new array in the first mode too. Inputs are real pre-activations (those of `src/fastact/cli/sample.npy`); random ones
are normally distributed with scale 3. Gradients have scale 1. Rows of softmax have 1000 elements where no shape is
named.

`fastact.fast` has the names that have a fast form; its other names are those of the default. `fastact.precise` is
measured in float32. Each peer runs in its fastest form: {forms}

Errors are the largest on a fixed grid of float32 inputs (`benchmarks/errors.py`): every 1009th number with 2^-20 <=
abs(x) < 12, and every 10007th down to the smallest normal number and up to 128. "Of the result" counts units in the
last place of results that are normal numbers. "Of x" is the same difference in ulp of x, for functions that are x times
a factor (of gate*up for gates), where it is at least 2^-100: the error at the scale of a layer's other numbers, without
the tails. Gradients are 1, so that a backward pass shows the error of the derivative.

bfloat16 is not measured, because it is not a dtype of NumPy. In float16, `fastact` gives the result of float64,
rounded; its peers compute in float32 or in float16, and round the result. There, two results count as the same when
they differ by less than 1 %, or by less than 0.001.
"""
FORMS = {
    "torch": "torch its operators with `out` or `grad_input` in inference mode",
    "onnxruntime": "onnxruntime models of one operator, or two or three where there is none, with bound buffers",
    "jax": "jax compiled functions, which can only make new arrays",
    "numpy": "NumPy and SciPy the usual expression, with an output where that is a single ufunc",
    "numexpr": "numexpr a compiled expression",
    "numba": "numba a loop with `fastmath`, parallel where there are two threads",
    "openvino": "OpenVINO models of fixed shape over shared memory",
    "simd-ml-kernels": "simd-ml-kernels its functions, on one thread",
    "litert": "LiteRT (XNNPACK) models of fixed shape, whose input and output stay in its own memory",
    "ggml": "ggml graphs of one operator over our memory",
    "onednn": "oneDNN primitives over our memory",
}
FREE = ("onnxruntime", "simd-ml-kernels", "litert", "ggml")  # no setting keeps them from using AVX-512
MASKED = """The processor has AVX-512, and the CPUID instruction was made to say otherwise (`benchmarks/avx2_only.c`),
so that every library chose its code for AVX2."""
NOT_MASKED = """The processor has AVX-512. fastact, torch, oneDNN, OpenVINO, jax, numba and NumPy were kept to AVX2 by
their settings; {free} have no such setting, and used AVX-512."""
SIX = """The time of the fastest peer over that of each tier: float32, one thread, a preallocated output. The peer is
named; the last rows are geometric means."""
NUMBERS = """nanoseconds an element at 100,000 elements, and in brackets the largest error in ulp of the result (after a
semicolon, of x). Bold: on a front."""
TIERS = {"fastact.fast": "fast", "fastact": "default", "fastact.precise": "precise"}
GUIDE_PEERS = ("torch", "jax", "onnxruntime", "litert", "openvino", "numpy")
README_ROWS = ("sigmoid", "tanh", "gelu")
WORDS = ("why", "in", "of", "peer", "limit", "functions", "left out: why (where)", "fastest peer")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> str:
    rule = ["---" if i < left or name in WORDS else "---:" for i, name in enumerate(head)]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *rows))


def filled(text: str) -> str:
    return textwrap.fill(text, 120, break_on_hyphens=False, break_long_words=False)


def machine(found: Found) -> str:
    e = found["environment"]
    return f"{title(found)} ({e['cpu']}, level `{e['level']}`, {found['date']})"


def environment(found: Found) -> str:
    e = found["environment"]
    versions = ", ".join(f"{name} {number}" for name, number in e["versions"].items())
    said = [f"**{machine(found)}**: {e['cpus']} CPUs, {e['system']}, Python {e['python']}. {versions}."]
    if e.get("avx512") and e["level"] == "x86_64_v3":
        free = [who for who in FREE if who not in found["missing"]]
        said.append(NOT_MASKED.replace("{free}", named(free)) if found["capable"] else MASKED)
    if found.get("load", 0) > BUSY:
        said.append(f"Other processes kept {found['load']:.1f} CPUs busy: these are not final numbers.")
    if found["missing"]:
        why = (f"{who} ({reason})" for who, reason in found["missing"].items())
        said.append(f"Missing: {', '.join(why)}.")
    for threads, peaks in found.get("peaks", {}).items():
        rates = " and ".join(f"{peak:.0f} in {dtype}" for dtype, peak in peaks.items())
        said.append(
            f"Peak of multiply-adds on {counted(int(threads), 'thread')}, as a product of two matrices of order 384 "
            f"reaches it: {rates}, in 10^9 operations a second."
        )
    return "\n\n".join(map(filled, said))


def named(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def tiers(machines: Sequence[Found]) -> list[str]:
    """The tiers of ours that were measured."""
    return [tier for tier in OURS if any(tier in c["ns"] for found in machines for c in found["cells"])]


def six(machines: Sequence[Found]) -> str:
    """The headlines of all machines, side by side."""
    here = tiers(machines)
    cells = [{(c["function"], c["size"]): c for c in headlines(found)} for found in machines]
    head = ["Function", "elements"]
    for found in machines:
        head += [f"{title(found)}: peer", "its ns", *(TIERS[tier] for tier in here)]
    rows = []
    for name in HEADLINES:
        for size in HEADLINE_SIZES:
            row = [f"`{name}`", f"{size:,}"]
            for each in cells:
                cell = each.get((name, size))
                who = best(cell)[0] if cell else ""
                row += [who, f"{cell['ns'][who]:.3f}" if cell else "", *(ratio(cell, tier) for tier in here)]
            rows.append(row)
    for title_of, size in (*((f"{size:,}", size) for size in HEADLINE_SIZES), ("all", None)):
        row = ["geometric mean", title_of]
        for each in cells:
            some = [c for (_, of), c in each.items() if size in (None, of)]
            row += ["", "", *(headline_mean(some, tier) for tier in here)]
        rows.append(row)
    return table(head, rows)


def ratio(cell: Cell | None, tier: str) -> str:
    has = cell and (tier in cell["ns"] or tier == "fastact.fast")
    return f"{best(cell, tier)[1]:.2f}" if has else ""


def headline_mean(cells: Sequence[Cell], tier: str) -> str:
    """The geometric mean of the functions that have the tier."""
    ratios = [best(c, tier)[1] for c in cells if tier in c["ns"] or tier == "fastact.fast"]
    return f"{mean(ratios):.2f}" if ratios else ""


def behind(machines: Sequence[Found]) -> str:
    """A line for each headline in which a peer is ahead of our fastest tier."""
    rows = []
    for found in machines:
        why = models.limit(found)
        for cell in headlines(found):
            if results.ahead(cell):
                peer, of = results.ahead(cell)
                text = models.EXPLAINED.get(cell["function"], models.NOT_EXPLAINED)
                where = (title(found), f"`{cell['function']}`", f"{cell['size']:,}", peer, f"{of:.2f}")
                rows.append((*where, why(cell), text))
    return table(("Machine", "Function", "elements", "peer", "ratio", "limit", "why"), rows, 2) if rows else ""


def error_table(found: Found) -> str:
    """The numbers behind the figures: time, and errors."""
    who = [w for w in (*OURS, *PEERS) if any(w in by for by in found["errors"].values())]
    rows = []
    for name in NAMES:
        relative, scaled = (figures.points(found, name, s) for s in (False, name in SCALED))
        if not relative:
            continue
        on_front = {*results.front(relative), *(results.front(scaled) if name in SCALED else ())}
        row = [f"`{name}`"]
        for w in who:
            if w not in relative:
                row.append("")
                continue
            ns, error = relative[w]
            errors = f"{shown(error)}; {shown(scaled[w][1])}" if name in SCALED else shown(error)
            text = f"{ns:.3f} ({errors})"
            row.append(f"**{text}**" if w in on_front else text)
        rows.append(row)
    return table(("Function", *who), rows)


def beaten(machines: Sequence[Found]) -> str:
    """The cells in which a peer is faster than a tier and at least as accurate."""
    found_pairs: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    number = 0
    for found in machines:
        for cell in found["cells"]:
            if not results.usual(cell) or cell["function"] in EXACT:
                continue
            number += 1
            for tier, who in dominated(cell, found["errors"].get(cell["function"], {})):
                found_pairs[title(found), cell["function"], tier, who].append(f"{cell['size']:,}")
    rows = [
        (machine, f"`{name}`", TIERS[tier], who, "; ".join(sizes))
        for (machine, name, tier, who), sizes in found_pairs.items()
    ]
    pairs = {(machine, name, tier) for machine, name, tier, _, _ in rows}
    said = (
        f"A peer that is faster than a tier and at least as accurate, in both measures of the error: in "
        f"{len(pairs)} pairs of a function and a tier, "
        f"of {counted(number, 'cell')} (float32, one thread, preallocated output). "
        f"{named([f'`{n}`' for n in EXACT])} are left out: there only time differs."
    )
    return "\n\n".join(
        [filled(said), *([table(("Machine", "Function", "tier", "peer", "elements"), rows, 5)] if rows else [])]
    )


def summary(cells: Sequence[Cell]) -> str:
    """How many cells there are, and in how many of them `fastact` and its fastest tier are ahead."""
    groups: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
    for cell in cells:
        if best(cell):
            groups["all",].append(cell)
            groups[cell["dtype"],].append(cell)
            groups[counted(cell["threads"], "thread"),].append(cell)
            groups[MODE_TITLES[cell["mode"]],].append(cell)
            of = "rows in other shapes" if cell["shape"] else counted(cell["size"], "element")
            groups[of,].append(cell)
    rows = []
    for (name,), group in groups.items():
        ratios = [best(cell)[1] for cell in group]
        ahead = sum(r >= 1 for r in ratios)
        fast = mean(best(cell, "fastact.fast")[1] for cell in group)
        values = (mean(ratios), mean(cell["medians"] for cell in group), min(ratios), fast)
        numbers = (f"{value:.2f}" for value in values)
        rows.append((name, f"{len(group):,}", f"{ahead:,}", f"{ahead / len(group):.0%}", *numbers))
    return table(("Cells", "number", "ahead", "part", "geometric mean", "of medians", "lowest", "with fast"), rows)


def by_function(cells: Sequence[Cell]) -> str:
    rows = []
    for name in NAMES:
        group = [c for c in cells if c["function"] == name and best(c)]
        if not group:
            continue
        worst = min(group, key=lambda c: best(c)[1])
        ratios = [best(c)[1] for c in group]
        numbers = (f"{len(group):,}", f"{sum(r >= 1 for r in ratios):,}", f"{mean(ratios):.2f}", f"{min(ratios):.2f}")
        fast = f"{mean(best(c, 'fastact.fast')[1] for c in group):.2f}"
        rows.append((f"`{name}`", *numbers, best(worst)[0], models.where(worst), fast))
    return table(("Function", "cells", "ahead", "geometric mean", "lowest", "of", "in", "mean with fast"), rows)


def by_peer(found: Found) -> str:
    """Where each peer ran, where it was the fastest of them, and why it was left out elsewhere."""
    cells = found["cells"]
    rows = []
    for who in PEERS:
        ran = [c for c in cells if who in c["ns"]]
        first = [c for c in ran if best(c)[0] == who]
        beaten = [c for c in first if best(c)[1] < 1]
        ratio = mean(least(c, who) / least(c, "fastact") for c in ran)
        why = found["left out"].get(who, {})
        said = "; ".join(f"{reason} ({', '.join(some(where))})" for reason, where in sorted(why.items()))
        said = "missing" if who in found["missing"] else said.replace("|", "\\|").replace("_", "\\_")
        rows.append((who, f"{len(ran):,}", f"{len(first):,}", f"{len(beaten):,}", f"{ratio:.2f}" if ran else "", said))
    head = ("Peer", "cells", "fastest of them", "and ahead of us", "mean ratio", "left out: why (where)")
    return table(head, rows)


def some(where: dict[str, list[str]], most: int = 4) -> list[str]:
    """Some of the functions, with the mode where it is only one."""
    named = [what if len(modes) > 1 else f"{what} {MODE_TITLES[min(modes)]}" for what, modes in sorted(where.items())]
    return named if len(named) <= most else [*named[:most], f"and {len(named) - most} more"]


def models_of(found: Found) -> Iterator[str]:
    """The sections about rows, arithmetic, threads and layouts, where they were measured."""
    every = (models.rows, models.kernels, models.threads, models.layouts)
    rows, kernels, threads, layouts = (list(made(found)) for made in every)
    if rows:
        yield "### Rows"
        yield filled(models.ROWS)
        head = ("Function", "shape", "dtype", "ns", *models.ROW_PEERS, "fastest peer", "ratio", "2 threads")
        yield table(head, rows, 3)
    if kernels:
        yield "### Arithmetic"
        yield filled(models.ARITHMETIC)
        head = ("Function", *(f"{dtype}: {what}" for dtype in found["peaks"]["1"] for what in models.COLUMNS))
        yield table(head, kernels)
    if threads:
        yield "### Threads"
        yield filled(models.THREADS)
        sizes = [f"2 threads, {size:,}" for size in models.SIZES]
        yield table(("Function", "ns", "bytes", *sizes, *(name for name, _, _ in models.MACHINES)), threads)
    if layouts:
        yield "### Layouts"
        yield filled(models.LAYOUTS)
        yield table(("Function", "layout", "ns contiguous", "1 thread", "2 threads", "`np.maximum`"), layouts, 2)
    linear = list(models.linear(found))
    if linear:
        yield "### Gated linear layers"
        yield filled(models.LINEAR)
        yield table(("rows x inner x outer", "threads", "ms", "products", "NumPy", "torch"), linear)


def part(found: Found, docs: Path) -> Iterator[str]:
    """The sections of one machine."""
    cells, name = found["cells"], title(found)
    alone = Counter(c["function"] for c in cells if not best(c))
    none = [f"`{function}` ({counted(number, 'cell')})" for function, number in alone.items()]
    yield f"## {name}: times"
    yield "### Summary"
    yield filled(
        "The time of the fastest peer over that of the default. The last column has `fastact.fast` where a function "
        "has a fast form."
    )
    yield summary(cells)
    yield filled(f"No peer has {', '.join(none)}.") if none else ""
    yield by_function(cells)
    yield "### Where a peer is ahead"
    yield filled(
        "Cells in which a peer is faster than our fastest tier, by what limits ours, and by function. The last column "
        "of performance.csv names the limit of each."
    )
    yield table(("Limit", "cells", "geometric mean", "lowest", "functions"), models.limits(found))
    head = ("Function", "cells", "geometric mean", "lowest", "of", "in", "why")
    yield table(head, models.explained(found))
    yield "### Peers"
    yield by_peer(found)
    yield "### Figures"
    yield from captioned(found, figures.TIMES, docs)
    yield from models_of(found)


def captioned(found: Found, kind: Sequence[tuple[Any, str, str]], docs: Path) -> Iterator[str]:
    """The figures of a kind, each with its caption below."""
    for picture in figures.captions(found, kind, docs):
        yield picture
        yield filled(re.sub(r"!\[(.*)\]\(.*\)", r"\1.", picture))


def page(machines: Sequence[Found], docs: Path) -> str:
    forms = "; ".join(FORMS[who] for who in PEERS) + "."
    paragraphs = [
        filled(p) if not p.startswith("#") else p for p in HEAD.replace("{forms}", forms).strip().split("\n\n")
    ]
    paragraphs.insert(2, filled(f"Measured on {named(list(map(machine, machines)))}."))
    parts = [*paragraphs, "## Machines", *map(environment, machines)]
    if any(map(headlines, machines)):
        parts += ["## The six functions that people time first", filled(SIX), six(machines), behind(machines)]
    parts.append("## Error and time")
    for found in machines:
        if found["errors"]:
            parts += captioned(found, figures.FRONTS, docs)
            parts.append(filled(f"{title(found)}: {NUMBERS}"))
            parts.append(error_table(found))
    parts.append(beaten(machines))
    for found in machines:
        parts += part(found, docs)
    return "\n\n".join(part for part in parts if part) + "\n"


def bounds(found: Found, names: Sequence[str]) -> str:
    """Bounds of the default, and the largest errors of all, in float32."""
    rows = []
    for name in names:
        by = found["errors"][name]
        ours = name.replace("_backward", "_derivative")
        peers = (shown(by[who][0]) if who in by else "-" for who in GUIDE_PEERS)
        rows.append((f"`{ours}`", f"{TABLE[ours].bound('float32'):g}", f"{by['fastact'][0]:.2f}", *peers))
    return table(
        ("Function", "fastact's bound", "fastact", *(figures.SHOWN.get(who, who) for who in GUIDE_PEERS)), rows
    )


def guide_errors(found: Found) -> str:
    derivatives = [name for name in NAMES if name.endswith("_backward") and name not in EXACT]
    names = [name for name in (*FORWARD, *derivatives) if name in found["errors"] and name not in EXACT]
    e = found["environment"]
    versions = ", ".join(f"{name} {number}" for name, number in e["versions"].items())
    said = f"Level `{e['level']}`, measured on {found['date']}; {versions}."
    return f"{bounds(found, names)}\n\n{filled(said)}"


def readme_errors(found: Found) -> str:
    return bounds(found, [name for name in README_ROWS if name in found["errors"]])


def readme_speed(machines: Sequence[Found]) -> str:
    found = machines[0]
    cells = [c for each in machines for c in each["cells"] if best(c)]
    ratios, sizes = [best(c)[1] for c in cells], [c["size"] for c in cells]
    peers = named([figures.SHOWN.get(who, who) for who in PEERS if any(who in c["ns"] for c in cells)])
    of = (
        f"{len({c['function'] for c in cells})} functions",
        named(list(dict.fromkeys(c["dtype"] for c in cells))),
        f"{min(sizes):,} to {max(sizes):,} elements",
        named([counted(n, "thread") for n in sorted({c["threads"] for c in cells})]),
        named([title(m) for m in machines]),
    )
    said = [
        f"In {len(ratios):,} measured cases ({', '.join(of)}), `fastact` is {mean(ratios):.2f} times as fast as the "
        f"fastest of {peers} (geometric mean). It is at least as fast as all of them in "
        f"{sum(r >= 1 for r in ratios) / len(ratios):.0%} of the cases; the lowest ratio is {min(ratios):.2f}.",
        f"{readme_six(found)} [docs/performance.md](docs/performance.md) has all functions, and the cases in which "
        "another library is faster.",
        "![Largest error against time of sigmoid, tanh, silu, gelu, gelu_tanh and softmax](docs/front.png)",
        f"Largest error against time on {machine(found)}: float32, 100,000 elements, one thread. Blue are the tiers of "
        "`fastact`. What lies above the line is both slower and less accurate than a point of it.",
    ]
    return "\n\n".join(text if text.startswith("!") else filled(text) for text in said)


def readme_six(found: Found) -> str:
    """The geometric means of the headlines, for the default and for fastact.fast."""
    cells = headlines(found)
    if not cells:
        return ""
    means = [
        f"{mean(best(c, tier)[1] for c in cells):.2f} times as long as `{tier}`"
        for tier in ("fastact.fast", "fastact")
        if any(tier in c["ns"] for c in cells)
    ]
    sizes = [c["size"] for c in cells]
    return (
        f"In {named([f'`{n}`' for n in dict.fromkeys(c['function'] for c in cells)])}, the functions that people time "
        f"first, the fastest peer takes {named(means)} (float32, {min(sizes):,} to {max(sizes):,} elements, one "
        f"thread, {title(found)})."
    )


def placed(file: Path, **parts: str) -> str:
    """The file with texts between the marks of their names."""
    text = file.read_text(encoding="utf-8")
    for name, new in parts.items():
        before, found, rest = text.partition(f"<!-- BEGIN {name} -->\n")
        _, closed, after = rest.partition(f"<!-- END {name} -->")
        if not (found and closed):
            sys.exit(f"{file} has no marks of {name}")
        text = f"{before}{found}\n{new}\n\n{closed}{after}"
    return text


def texts(machines: Sequence[Found], root: Path) -> Iterator[tuple[Path, str]]:
    """Every page that is written, and its text."""
    yield root / "docs" / "performance.md", page(machines, root / "docs")
    readme, guide = root / "README.md", root / "docs" / "guide.md"
    if guide.exists():
        yield guide, placed(guide, peers=guide_errors(machines[0]))
    if readme.exists():
        yield readme, placed(readme, speed=readme_speed(machines), errors=readme_errors(machines[0]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measured", type=Path, help="folder of new results")
    parser.add_argument("--root", type=Path, default=ROOT, help="where docs is (default: the repository)")
    parser.add_argument("--text", action="store_true", help="do not draw the figures again")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a page would change")
    options = parser.parse_args()
    docs = options.root / "docs"
    if options.measured:
        take(options.measured, docs)
    machines = results.read(docs)
    if not machines:
        parser.error(f"{docs} keeps no results: run python benchmarks/peers.py, and give --measured")
    if not (options.check or options.text):
        for found in machines:
            figures.draw(found, docs, (*figures.FRONTS, *figures.TIMES))
        figures.readme(machines[0], docs / "front.png")
    wrong = [file for file, text in texts(machines, options.root) if not settle(file, text, options.check)]
    if wrong:
        print("not what benchmarks/performance_page.py writes:", *wrong)
    return 1 if wrong else 0


def take(folder: Path, docs: Path) -> None:
    """Keeps new results beside those of other levels."""
    docs.mkdir(parents=True, exist_ok=True)
    machines = {found["environment"]["level"]: found for found in results.read(docs)}
    for file in folder.glob("*.json"):
        found = json.loads(file.read_text(encoding="utf-8"))
        if found["cells"]:
            machines[found["environment"]["level"]] = results.kept(found)
    results.write([machines[level] for level in sorted(machines)], docs, models.limit)


def settle(file: Path, text: str, check: bool) -> bool:
    """Writes a page; with `check`, says whether it has this text."""
    if check:
        return file.read_text(encoding="utf-8") == text
    file.write_text(text, encoding="utf-8")
    return True


if __name__ == "__main__":
    sys.exit(main())
