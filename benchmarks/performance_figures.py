"""The figures of docs/performance.md."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from contenders import NAMES
from matplotlib.axes import Axes
from operations import operations
from results import Cell, best, least

Found = dict[str, Any]
OURS, THEIRS, COPY = "#1f4e79", "#c8553d", "0.45"
COLUMNS = 6
SERIES = (  # dtype, threads, colour, dashes
    ("float32", 1, OURS, "-"),
    ("float32", 2, "#5b9bd5", "--"),
    ("float64", 1, THEIRS, "-"),
    ("float16", 1, "#7a9a3a", ":"),
)
INPUTS = {"from_output": 2, "backward": 2, "glu": 2}  # number of arrays read, where it is not 1


def chosen(cells: Iterable[Cell], name: str, dtype: str, threads: int) -> list[Cell]:
    """The cells of a function with a preallocated output and real inputs, by size."""
    wanted = {"function": name, "dtype": dtype, "threads": threads, "mode": "out", "inputs": "real"}
    return sorted((c for c in cells if all(c[k] == v for k, v in wanted.items())), key=lambda c: c["size"])


def panels(names: list[str], fill: Callable[[Axes, str], None], path: Path, ylabel: str) -> None:
    """One panel for each function, with common axes, and one legend below."""
    lines = -(-len(names) // COLUMNS)
    figure, axes = plt.subplots(
        lines, COLUMNS, figsize=(13, 2.05 * lines + 0.7), dpi=100, sharex=True, sharey=True, squeeze=False
    )
    for axis in axes.flat[len(names) :]:
        axis.set_visible(False)
    for name, axis in zip(names, axes.flat, strict=False):
        axis.set(xscale="log", yscale="log")
        fill(axis, name)
        axis.set_title(name.replace("_backward_from_output", "_backward\n_from_output"), loc="left", fontsize=10)
        axis.grid(True, color="0.9", linewidth=0.6)
        axis.spines[["top", "right"]].set_visible(False)
        axis.tick_params(labelsize=8.5, color="0.6")
        axis.minorticks_off()
    for axis in axes[:, 0]:
        axis.set_ylabel(ylabel, fontsize=9)
    for i, axis in enumerate(axes.flat[: len(names)]):
        if i + COLUMNS >= len(names):
            axis.set_xlabel("elements", fontsize=9)
            axis.tick_params(labelbottom=True)
    named = {}
    for axis in axes.flat:
        for handle, label in zip(*axis.get_legend_handles_labels(), strict=True):
            named.setdefault(label, handle)
    below = 0.42 / figure.get_figheight()
    figure.tight_layout(rect=(0, below, 1, 1))
    figure.legend(named.values(), named.keys(), loc="lower center", ncols=len(named), frameon=False, fontsize=10)
    figure.savefig(path, metadata={"Software": None})
    plt.close(figure)


def ratios(found: Found, path: Path) -> None:
    def fill(axis: Axes, name: str) -> None:
        for dtype, threads, colour, dashes in SERIES:
            cells = chosen(found["cells"], name, dtype, threads)
            points = [(c["size"], best(c)[1]) for c in cells if best(c)]
            label = f"{dtype}, {threads} thread{'s' if threads > 1 else ''}"
            if points:
                axis.plot(
                    *zip(*points, strict=True), color=colour, linestyle=dashes, marker="o", markersize=3, label=label
                )
        if not axis.lines:
            axis.text(0.5, 0.7, "no peer", transform=axis.transAxes, ha="center", fontsize=9, color="0.4")
        axis.axhspan(1e-3, 1, color="0.94", zorder=0)
        axis.axhline(1, color="0.5", linewidth=1)
        axis.set(ylim=(0.03, 40), yticks=(0.03, 0.1, 0.3, 1, 3, 10, 30))
        axis.yaxis.set_major_formatter("{x:g}")

    panels(present(found), fill, path, "best peer / ours")


def times(found: Found, path: Path) -> None:
    def fill(axis: Axes, name: str) -> None:
        cells = chosen(found["cells"], name, "float32", 1)
        lines = {
            "fastact": ([least(c, "fastact") for c in cells], OURS, "-"),
            "fastest peer": ([least(c, best(c)[0]) if best(c) else float("nan") for c in cells], THEIRS, "-"),
            "copy": ([least(c, "copy") for c in cells], COPY, ":"),
        }
        sizes = [c["size"] for c in cells]
        for label, (values, colour, dashes) in lines.items():
            each = [v / size for v, size in zip(values, sizes, strict=True)]
            axis.plot(sizes, each, color=colour, linestyle=dashes, marker="o", markersize=3, label=label)
        axis.set(ylim=(0.03, 20000), yticks=(0.1, 1, 10, 100, 1000, 10000))
        axis.yaxis.set_major_formatter("{x:g}")

    panels(present(found), fill, path, "ns an element")


def present(found: Found) -> list[str]:
    measured = {c["function"] for c in found["cells"]}
    return [name for name in NAMES if name in measured]


def arrays(name: str) -> int:
    """The number of arrays that are read or written."""
    return 1 + next((n for part, n in INPUTS.items() if part in name), 1)


def roofline(found: Found, path: Path) -> bool:
    """Operations a second against operations a byte; False where nothing could be counted."""
    known = {name: operations(name, "float32") for name in present(found) if "softmax" not in name}
    known = {name: count for name, count in known.items() if count}
    cells = {name: chosen(found["cells"], name, "float32", 1) for name in known}
    sizes = [s for s in (100_000, 20_000_000) if any(c["size"] == s for here in cells.values() for c in here)]
    if not sizes or "1" not in found["peaks"]:
        return False
    figure, axes = plt.subplots(
        len(sizes), 1, figsize=(12, 5.4 * len(sizes) + 1.7), dpi=100, sharex=True, sharey=True, squeeze=False
    )
    for size, axis in zip(sizes, axes.flat, strict=True):
        here = {name: next((c for c in cells[name] if c["size"] == size), None) for name in known}
        roof(axis, {name: cell for name, cell in here.items() if cell}, known, found["peaks"]["1"]["float32"])
        axis.set_title(f"{size:,} elements", loc="left", fontsize=11)
        axis.set_ylabel("$10^9$ operations a second", fontsize=10)
    axes[-1, 0].set_xlabel("operations a byte", fontsize=10)
    key = [f"{i} {name}" for i, name in enumerate(known, 1)]
    rows = -(-len(key) // 4)
    columns = ["\n".join(key[i : i + rows]) for i in range(0, len(key), rows)]
    below = (0.17 * rows + 0.3) / figure.get_figheight()
    figure.tight_layout(rect=(0, below, 1, 1))
    for i, text in enumerate(columns):
        figure.text(0.06 + i * 0.94 / len(columns), below - 0.005, text, va="top", fontsize=9.5, linespacing=1.2)
    figure.savefig(path, metadata={"Software": None})
    plt.close(figure)
    return True


def roof(axis: Axes, cells: dict[str, Cell], known: dict[str, float], peak: float) -> None:
    """The points of one size, below the limits."""
    taken = [least(c, "copy") / c["elements"] for c in cells.values()]
    bandwidth = 8 / min(taken)  # bytes read and written in a nanosecond
    left, right = 0.05, 20
    axis.plot([left, peak / bandwidth, right], [left * bandwidth, peak, peak], color="0.3", linewidth=1.5)
    axis.text(right * 0.95, peak * 1.05, f"multiply-adds: {peak:.0f}", ha="right", fontsize=9.5)
    axis.annotate(
        f"copy: {bandwidth:.0f} bytes/ns",
        (0.13, 0.13 * bandwidth),
        (-14, 12),
        textcoords="offset points",
        ha="right",
        fontsize=9.5,
    )
    numbers = {name: i for i, name in enumerate(known, 1)}
    sides = ((4, 2, "left"), (-4, 2, "right"), (4, -8, "left"), (-4, -8, "right"))
    for i, (name, cell) in enumerate(sorted(cells.items(), key=lambda item: known[item[0]])):
        at = known[name] / (4 * arrays(name)), known[name] * cell["elements"] / least(cell, "fastact")
        colour = THEIRS if "backward" in name else OURS
        axis.plot(*at, "o", color=colour, markersize=4)
        right_of, above, align = sides[i % 4]  # labels of neighbours on different sides
        text = str(numbers[name])
        axis.annotate(text, at, (right_of, above), textcoords="offset points", fontsize=9, color=colour, ha=align)
    axis.set(xscale="log", yscale="log", xlim=(left, right), ylim=(1, 200))
    axis.grid(True, color="0.9", linewidth=0.6)
    axis.spines[["top", "right"]].set_visible(False)


def draw(found: Found, folder: Path) -> list[tuple[str, str]]:
    """Draws the figures; returns the names of the files, and their captions."""
    drawn = [
        (ratios, "performance_ratio.png", "The fastest peer's time over ours, by size, with a preallocated output"),
        (
            times,
            "performance_time.png",
            "Nanoseconds an element in float32 on one thread, by size, preallocated output",
        ),
        (
            roofline,
            "performance_roofline.png",
            "Our kernels in float32 on one thread, below the bandwidth of a copy and the peak of multiply-adds. "
            "Operations are those of the machine code (`benchmarks/operations.py`), bytes those of the arrays; red are "
            "backward passes. Functions of rows are left out, and relu, which has no operations",
        ),
    ]
    return [(name, text) for function, name, text in drawn if function(found, folder / name) is not False]
