"""Write docs/performance.md, its figures and docs/performance.csv from what peers.py has measured.

python benchmarks/performance_page.py                            from build/performance.json
python benchmarks/performance_page.py --json FILE --docs FOLDER  from and to elsewhere
"""

import argparse
import csv
import json
import sys
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import models
from contenders import CONTENDERS, MODES, NAMES, PEERS
from peers import BUSY
from performance_figures import draw
from results import MODE_TITLES, Cell, best, counted, least, mean, shown

ROOT = Path(__file__).resolve().parent.parent
HEAD = """# Performance

How `fastact` compares with other libraries on the same arrays. `make performance` makes this page:
`benchmarks/peers.py` measures, `benchmarks/performance_page.py` writes. [performance.csv](performance.csv) has
every cell.

A cell is a function, dtype, size, number of threads and mode. In each cell all contenders run in one process and take
turns in random order; the least time of each counts. With several threads, calls that wake sleeping threads, or wait
for other threads to go to sleep, are not counted. A ratio is the time of the fastest peer divided by ours: above 1,
ours is faster. "Copy" is `np.copyto` into an existing array, timed in the same turns.

The modes are a preallocated output (`out=`), in place, and a new array at each call. Inputs are real pre-activations
(those of `src/fastact/cli/sample.npy`); random ones are normally distributed with scale 3. Gradients have scale 1. Rows
of softmax have 1000 elements.

Each peer runs in its fastest form: {forms}

bfloat16 is not measured, because it is not a dtype of NumPy. In float16, `fastact` gives the result of float64,
rounded; its peers compute in float32 or in float16, and round the result. They are less accurate than `fastact`, some
by far ([accuracy.md](accuracy.md), and the table in the [guide](guide.md#accuracy)). There, two results
count as the same when they differ by less than 1 %, or by less than 0.001.
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
}


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> str:
    rule = ["---" if i < left else "---:" for i in range(len(head))]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *rows))


def environment(found: dict[str, Any]) -> str:
    e = found["environment"]
    versions = ", ".join(f"{name} {number}" for name, number in e["versions"].items())
    said = [f"{e['cpu']}, {e['cpus']} CPUs, {e['system']}, Python {e['python']}, level `{e['level']}`. {versions}."]
    if found.get("load", 0) > BUSY:
        said.append(f"Other processes kept {found['load']:.1f} CPUs busy: these are not final numbers.")
    if found["missing"]:
        said.append("Not installed, and so missing: " + ", ".join(found["missing"]) + ".")
    for threads, peaks in found["peaks"].items():
        rates = " and ".join(f"{peak:.0f} in {dtype}" for dtype, peak in peaks.items())
        said.append(
            f"Peak of multiply-adds on {counted(int(threads), 'thread')}, as a product of two matrices of order 384 "
            f"reaches it: {rates}, in 10^9 operations a second."
        )
    return "\n\n".join(textwrap.fill(part, 120, break_on_hyphens=False) for part in said)


def summary(cells: Sequence[Cell]) -> str:
    """How many cells there are, and in how many of them `fastact` is ahead."""
    groups: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
    for cell in cells:
        if best(cell):
            groups["all",].append(cell)
            groups[cell["dtype"],].append(cell)
            groups[counted(cell["threads"], "thread"),].append(cell)
            groups[MODE_TITLES[cell["mode"]],].append(cell)
            groups[counted(cell["size"], "element"),].append(cell)
    rows = []
    for (name,), group in groups.items():
        ratios = [best(cell)[1] for cell in group]
        medians = [best(cell, 1)[1] for cell in group]
        ahead = sum(r >= 1 for r in ratios)
        numbers = (f"{value:.2f}" for value in (mean(ratios), mean(medians), min(ratios)))
        rows.append((name, f"{len(group):,}", f"{ahead:,}", f"{ahead / len(group):.0%}", *numbers))
    head = ("Cells", "number", "ahead", "part", "geometric mean", "of medians", "lowest")
    return table(head, rows)


def by_function(cells: Sequence[Cell]) -> str:
    rows = []
    for name in NAMES:
        group = [c for c in cells if c["function"] == name and best(c)]
        if not group:
            continue
        worst = min(group, key=lambda c: best(c)[1])
        where = f"{worst['dtype']}, {worst['size']:,}, {worst['threads']}, {MODE_TITLES[worst['mode']]}"
        ratios = [best(c)[1] for c in group]
        numbers = (f"{len(group):,}", f"{sum(r >= 1 for r in ratios):,}", f"{mean(ratios):.2f}", f"{min(ratios):.2f}")
        rows.append((f"`{name}`", *numbers, best(worst)[0], where))
    head = ("Function", "cells", "ahead", "geometric mean", "lowest", "of", "in: dtype, elements, threads, mode")
    return table(head, rows)


def by_peer(found: dict[str, Any]) -> str:
    """Where each peer ran, where it was the fastest of them, and why it was left out elsewhere."""
    cells = found["cells"]
    rows = []
    for who in PEERS:
        ran = [c for c in cells if who in c["times"]]
        first = [c for c in ran if best(c)[0] == who]
        beaten = [c for c in first if best(c)[1] < 1]
        ratio = mean(least(c, who) / least(c, "fastact") for c in ran)
        why: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for cell in cells:
            if who in cell["left out"]:
                why[cell["left out"][who]][f"{cell['function']} {cell['dtype']}"].add(cell["mode"])
        said = "; ".join(f"{reason} ({', '.join(some(where))})" for reason, where in sorted(why.items()))
        said = "not installed" if who in found["missing"] else said.replace("|", "\\|").replace("_", "\\_")
        rows.append((who, f"{len(ran):,}", f"{len(first):,}", f"{len(beaten):,}", f"{ratio:.2f}" if ran else "", said))
    head = ("Peer", "cells", "fastest peer", "and ahead of us", "mean ratio", "left out: why (where)")
    return table(head, rows)


def some(where: dict[str, set[str]], most: int = 4) -> list[str]:
    """Some of the functions, with the mode where it is only one."""
    named = [what if len(modes) > 1 else f"{what} {MODE_TITLES[min(modes)]}" for what, modes in sorted(where.items())]
    return named if len(named) <= most else [*named[:most], f"and {len(named) - most} more"]


COLUMNS = ("function", "dtype", "elements", "threads", "mode", "inputs", "ns an element", "fastest peer / ours",
           "fastest peer", "ours / copy")  # fmt: skip


def line(cell: Cell) -> Sequence[object]:
    """A cell as a line of performance.csv; without a peer, two columns are empty."""
    ours, copy = least(cell, "fastact"), least(cell, "copy")
    who, ratio = best(cell) or ("", None)
    mode = MODE_TITLES[cell["mode"]]
    where = (cell["function"], cell["dtype"], cell["size"], cell["threads"], mode, cell["inputs"])
    numbers = (shown(ours / cell["elements"]).replace(",", ""), "" if ratio is None else f"{ratio:.2f}")
    return *where, *numbers, who, f"{ours / copy:.1f}"


def write_cells(cells: Sequence[Cell], path: Path) -> None:
    """Every cell: by dtype and mode, then by function and threads, then by size."""
    order = {name: i for i, name in enumerate(dict.fromkeys([*(c["dtype"] for c in cells), *MODES, *NAMES]))}

    def place(c: Cell) -> tuple[Any, ...]:
        return (
            order[c["dtype"]],
            order[c["mode"]],
            order[c["function"]],
            c["threads"],
            c["size"],
            c["inputs"] == "random",
        )

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(line(cell) for cell in sorted(cells, key=place))


def models_of(found: dict[str, Any]) -> Iterator[str]:
    """The sections about arithmetic, threads and layouts, where they were measured."""
    kernels, threads, layouts = (list(rows(found)) for rows in (models.kernels, models.threads, models.layouts))
    if kernels:
        yield "## Arithmetic"
        yield textwrap.fill(models.ARITHMETIC, 120)
        head = ("Function", *(f"{dtype}: {what}" for dtype in found["peaks"]["1"] for what in models.COLUMNS))
        yield table(head, kernels)
    if threads:
        yield "## Threads"
        yield textwrap.fill(models.THREADS, 120)
        sizes = [f"2 threads, {size:,}" for size in models.SIZES]
        yield table(("Function", "ns", "bytes", *sizes, *(name for name, _, _ in models.MACHINES)), threads)
    if layouts:
        yield "## Layouts"
        yield textwrap.fill(models.LAYOUTS, 120)
        yield table(("Function", "layout", "ns contiguous", "1 thread", "2 threads", "`np.maximum`"), layouts, 2)
    linear = list(models.linear(found))
    if linear:
        yield "## Gated linear layers"
        yield textwrap.fill(models.LINEAR, 120)
        yield table(("rows x inner x outer", "threads", "ms", "products", "NumPy", "torch"), linear)


def page(found: dict[str, Any], figures: Sequence[tuple[str, str]]) -> str:
    cells = found["cells"]
    forms = "; ".join(FORMS[who] for who in PEERS) + "."
    head = HEAD.replace("{forms}", forms)
    paragraphs = [textwrap.fill(p, 120) if not p.startswith("#") else p for p in head.strip().split("\n\n")]
    pictures = [f"![{text}]({name})\n\n{textwrap.fill(text + '.', 120)}" for name, text in figures]
    alone = Counter(c["function"] for c in cells if not best(c))
    none = [f"`{name}` ({counted(number, 'cell')})" for name, number in alone.items()]
    parts = [
        *paragraphs,
        "## Environment",
        environment(found),
        "## Summary",
        summary(cells),
        textwrap.fill(f"No peer has {', '.join(none)}.", 120) if none else "",
        by_function(cells),
        "## Peers",
        by_peer(found),
        "## Figures",
        *pictures,
        "## Why a peer is ahead",
        table(("Limit", "cells", "geometric mean", "lowest", "functions"), models.limits(found)),
        *models_of(found),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "performance.json")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs")
    options = parser.parse_args()
    found = json.loads(options.json.read_text(encoding="utf-8"))
    if not found["cells"] or "fastact" not in CONTENDERS:
        parser.error(f"{options.json} has no cells: run python benchmarks/peers.py")
    options.docs.mkdir(parents=True, exist_ok=True)
    figures = draw(found, options.docs)
    (options.docs / "performance.md").write_text(page(found, figures), encoding="utf-8")
    write_cells(found["cells"], options.docs / "performance.csv")
    return 0


if __name__ == "__main__":
    sys.exit(main())
