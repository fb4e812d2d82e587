"""Write the tables of docs/functions.md and draw docs/activations.png, from fastact.catalogue.

    python tools/function_tables.py            the tables of functions, and the figure
    python tools/function_tables.py --times    the table of times as well, by measuring
    python tools/function_tables.py --check    compare the tables of functions; exit status 1 when they differ

Times are measured on one thread. Every function, a copy of the array and the expression in benchmarks/expressions.py
take turns; the least of many rounds counts.
"""

import argparse
import re
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import fastact
from fastact.catalogue import ACTIVATIONS, GATES, ROWWISE, Activation, Gate
from fastact.catalogue.derived import formula, functions

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "functions.md"
FIGURE = ROOT / "docs" / "activations.png"
ELEMENTS = 100_000
ROUNDS = 60
TURN = 5  # calls of one function before the next has its turn


def table(head: Sequence[str], rows: Sequence[Sequence[str]], align: str = "") -> str:
    rule = [{"r": "---:"}.get(a, "---") for a in align.ljust(len(head))]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, rule, *rows))


def readable(formula: str) -> str:
    """The formula of a row as it is printed in a cell of a table."""
    for pattern, text in (
        (r"sqrt\((\w+)\)", r"√\1"),
        (r"sqrt\(([^()]*)\)", r"√(\1)"),
        (r"abs\((\w+)\)", r"\|\1\|"),
        (r"\bpi\b", "π"),
        (r"\*\*3\b", "³"),
        (r"\*\*2\b", "²"),
        (r"\*\*", "^"),
        (r"\*", "·"),
        (r"_", r"\_"),
    ):
        formula = re.sub(pattern, text, formula)
    return formula


def source(text: str) -> str:
    """First author and year, linked where the source has an arXiv number."""
    author = re.match(r"[^,;]*?(?=,|;| and | et al| [12]\d\d\d|$)", text)
    year = re.search(r"\b(?:18|19|20)\d\d\b(?!\.)", text)
    paper = re.search(r"arXiv:(\d+\.\d+)", text)
    short = " ".join(part.group() for part in (author, year) if part).replace("_", r"\_")
    return f"[{short}](https://arxiv.org/abs/{paper.group(1)})" if paper else short


def names(name: str, aliases: Sequence[str]) -> str:
    return f"`{name}`" + (f" ({', '.join(f'`{alias}`' for alias in aliases)})" if aliases else "")


def parameters(row: Activation | Gate) -> str:
    return ", ".join(f"`{name}`" if default is None else f"`{name}={default:g}`" for name, default in row.params)


def activation_table() -> str:
    rows = []
    for row in ACTIVATIONS:
        kinds = [f"`{f.name}`" if f.kind == "biased" else f.kind.replace("_", " ") for f in functions(row)[1:]]
        also = ", ".join(kinds)
        rows.append((names(row.name, row.aliases), readable(formula(row)), parameters(row), also, source(row.source)))
    return table(("Name (aliases)", "Formula", "Parameters", "Also", "Source"), rows)


def gate_table() -> str:
    rows = []
    for row in GATES:
        rows.append((names(row.name, row.aliases), readable(formula(row)), parameters(row), source(row.source)))
    return table(("Name (aliases)", "Formula", "Parameters", "Source"), rows)


def fast_table() -> str:
    """The functions that have a faster form, with the unit of its error."""
    rows = []
    for row in (*ACTIVATIONS, *GATES):
        if row.fast.forward:
            of = "the result" if not row.fast.unit else readable(row.fast.unit)
            slope = "the result" if not row.fast.unit else "max(\\|f'\\|, 1)"
            derivative = (f"{row.fast.derivative:g}", slope) if row.fast.derivative else ("", "")
            also = ", ".join(
                f"`{f.name}`" for f in functions(row) if f.fast and f.kind not in ("forward", "derivative")
            )
            rows.append((names(row.name, row.aliases), f"{row.fast.forward:g}", of, *derivative, also))
    return table(("Name (aliases)", "ulp", "of", "derivative, ulp", "of", "Also"), rows)


def row_table() -> str:
    rows = []
    for row in ROWWISE:
        arguments = row.signature.replace(", out=None, **kwargs", "")
        single, double = row.ulp.forward
        error = f"{single:g}, {double:g}" + (" \\*" if row.unit else "") if double else "exact"
        call = names(f"{row.name}({arguments})", row.aliases)
        rows.append((call, readable(row.formula), error, source(row.source)))
    return table(("Function", "Formula", "ulp", "Source"), rows)


def interleaved(calls: Sequence[Callable[[], Any]]) -> list[float]:
    """The least time of each call, in nanoseconds, where they take turns."""
    least = [float("inf")] * len(calls)
    for _ in range(ROUNDS):
        for i, call in enumerate(calls):
            for _ in range(TURN):
                start = time.perf_counter_ns()
                call()
                least[i] = min(least[i], time.perf_counter_ns() - start)
    return least


def time_table() -> str:
    import scipy

    sys.path.insert(0, str(ROOT / "benchmarks"))
    from expressions import EXPRESSIONS, keep_memory

    keep_memory()
    rng = np.random.default_rng(1)
    x, up = (3 * rng.standard_normal(ELEMENTS, np.float32) for _ in range(2))
    out, copied = np.empty_like(x), np.empty_like(x)
    rows = []
    for row in (*ACTIVATIONS, *GATES):
        params = [0.25 if d is None else d for _, d in getattr(row, "params", ())]
        ufunc = getattr(getattr(fastact, row.name), "ufunc", getattr(fastact, row.name))
        arrays = [x, up] if isinstance(row, Gate) else [x]
        raw = [*arrays, *(np.float32(p) for p in params)]
        calls = [partial(np.copyto, copied, x), partial(ufunc, *raw, out=out)]
        if row.name in EXPRESSIONS:
            calls.append(partial(EXPRESSIONS[row.name], *arrays, *params))
        with fastact.num_threads(1):
            copy, ours, *theirs = interleaved(calls)
        rows.append((f"`{row.name}`", f"{ours / copy:.1f}", f"{theirs[0] / ours:.1f}" if theirs else ""))
    measured_on = (
        f"float32, {ELEMENTS:,} elements, one thread, level `{fastact.level}`, NumPy {np.__version__}, "
        f"SciPy {scipy.__version__}."
    )
    return measured_on + "\n\n" + table(("Function", "fastact / copy", "expression / fastact"), rows, "lrr")


def draw() -> None:
    """Every activation (solid) with its derivative (dashed), at the default parameters."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    columns = 6
    lines = -(-len(ACTIVATIONS) // columns)
    width = 12.0
    figure, axes = plt.subplots(lines, columns, figsize=(width, 1.75 * lines), dpi=100, sharex=True, sharey=True)
    x = np.linspace(-4, 4, 801)
    for axis in axes.flat[len(ACTIVATIONS) :]:
        axis.set_visible(False)
    for row, axis in zip(ACTIVATIONS, axes.flat, strict=False):
        params = {p: 0.25 if d is None else d for p, d in row.params}
        axis.axhline(0, color="0.8", linewidth=0.8, zorder=0)
        axis.axvline(0, color="0.8", linewidth=0.8, zorder=0)
        y = getattr(fastact, row.name)(x, *params.values())
        slope = getattr(fastact, f"{row.name}_derivative")(x, *params.values())
        slope[:-1][np.abs(np.diff(slope)) > 0.2] = np.nan  # no line across a jump
        axis.plot(x, y, color="#1f4e79", linewidth=2.0, label="$f(x)$")
        axis.plot(x, slope, color="#c8553d", linewidth=1.5, linestyle=(0, (4, 2)), label="$f'(x)$")
        shown = "\n".join(f"{p} = {v:.3g}" for p, v in params.items())
        axis.set_title(row.name, loc="left", fontsize=11, fontweight="bold")
        axis.text(0.02, 0.97, shown, transform=axis.transAxes, va="top", fontsize=8, color="0.35")
        axis.set(xlim=(-4, 4), ylim=(-1.35, 3.2), xticks=(-4, -2, 0, 2, 4), yticks=(-1, 0, 1, 2, 3))
        axis.spines[["top", "right"]].set_visible(False)
        axis.tick_params(labelsize=8.5, color="0.6")
    axes.flat[0].legend(loc="upper left", frameon=False, fontsize=9, handlelength=2.0)
    figure.tight_layout()
    FIGURE.parent.mkdir(exist_ok=True)
    figure.savefig(FIGURE, metadata={"Software": None})
    plt.close(figure)


def replaced(text: str, part: str, new: str) -> str:
    begin, end = f"<!-- BEGIN {part} -->\n", f"<!-- END {part} -->"
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        sys.exit(f"docs/functions.md has no {begin.strip()} ... {end}")
    return f"{before}{begin}\n{new}\n\n{end}{after}"


def main() -> int:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--check", action="store_true", help="compare the tables of functions, write nothing")
    parser.add_argument("--times", action="store_true", help="measure the table of times")
    options = parser.parse_args()
    text = new = PAGE.read_text(encoding="utf-8")
    parts = {"activations": activation_table, "gates": gate_table, "rowwise": row_table, "fast": fast_table}
    for part, made in parts.items():
        new = replaced(new, part, made())
    if options.check:
        if new != text:
            print("docs/functions.md differs from fastact.catalogue: run python tools/function_tables.py")
        return int(new != text)
    draw()
    PAGE.write_text(replaced(new, "times", time_table()) if options.times else new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
