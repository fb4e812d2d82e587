"""The figures of docs/performance.md, and that of the README."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import labels
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from contenders import NAMES, OURS
from errors import EXACT, SCALED
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from results import FRONT_SIZE, HEADLINES, Cell, Found, best, front, least, title

BLUE, RED, COPY, LINE = "#1f4e79", "#c8553d", "0.45", "#e0a030"
COLUMNS = 6
SERIES = (  # tier, dtype, threads, colour, dashes
    ("fastact.fast", "float32", 1, "#7b3f98", "-"),
    ("fastact", "float32", 1, BLUE, "-"),
    ("fastact", "float32", 2, "#5b9bd5", "--"),
    ("fastact", "float64", 1, RED, "-"),
    ("fastact", "float16", 1, "#7a9a3a", ":"),
)
LEAST_ERROR, MOST_ERROR = 0.5, 1e9  # where a figure ends
SLOWEST = 15  # contenders that take this many times as long as the fastest are outside
TICKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)  # of times
FEW = (0.5, 1, 2, 5, 10, 20, 50)  # of errors, where all are small
COLOURS = 96  # of a palette
SHOWN = {
    "fastact.fast": "fast", "fastact": "default", "fastact.precise": "precise", "numpy": "NumPy",
    "openvino": "OpenVINO", "litert": "LiteRT", "onednn": "oneDNN",
}  # fmt: skip
INPUTS = {"from_output": 2, "backward": 2, "glu": 2}  # number of arrays read, where it is not 1


def save(figure: Figure, path: Path) -> None:
    """Writes a picture with a palette, which takes a third of the bytes."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    plt.close(figure)


def chosen(cells: Iterable[Cell], name: str, dtype: str, threads: int) -> list[Cell]:
    """The cells of a function with a preallocated output and real inputs, by size."""
    wanted = {"function": name, "dtype": dtype, "threads": threads, "mode": "out", "inputs": "real", "shape": ""}
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
    save(figure, path)


def ratios(found: Found, path: Path) -> None:
    def fill(axis: Axes, name: str) -> None:
        for tier, dtype, threads, colour, dashes in SERIES:
            cells = chosen(found["cells"], name, dtype, threads)
            points = [(c["size"], best(c, tier)[1]) for c in cells if best(c) and tier in c["ns"]]
            label = f"{tier}, {dtype}, {threads} thread{'s' if threads > 1 else ''}"
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
        nothing = float("nan")
        lines = {
            tier: ([c["ns"].get(tier, nothing) for c in cells], colour, "-")
            for tier, colour in zip(OURS, ("#7b3f98", BLUE, "#5b9bd5"), strict=True)
            if any(tier in c["ns"] for c in cells)
        }
        lines["fastest peer"] = ([least(c, best(c)[0]) if best(c) else nothing for c in cells], RED, "-")
        lines["copy"] = ([least(c, "copy") for c in cells], COPY, ":")
        sizes = [c["size"] for c in cells]
        for label, (each, colour, dashes) in lines.items():
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
    counted = {name: found.get("operations", {}).get(name, {}).get("float32") for name in present(found)}
    known = {name: count for name, count in counted.items() if count}
    cells = {name: chosen(found["cells"], name, "float32", 1) for name in known}
    sizes = [s for s in (100_000, 20_000_000) if any(c["size"] == s for here in cells.values() for c in here)]
    if not sizes or "1" not in found.get("peaks", {}):
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
    save(figure, path)
    return True


def roof(axis: Axes, cells: dict[str, Cell], known: dict[str, float], peak: float) -> None:
    """The points of one size, below the limits."""
    taken = [least(c, "copy") for c in cells.values()]
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
        at = known[name] / (4 * arrays(name)), known[name] / least(cell, "fastact")
        colour = RED if "backward" in name else BLUE
        axis.plot(*at, "o", color=colour, markersize=4)
        right_of, above, align = sides[i % 4]  # labels of neighbours on different sides
        text = str(numbers[name])
        axis.annotate(text, at, (right_of, above), textcoords="offset points", fontsize=9, color=colour, ha=align)
    axis.set(xscale="log", yscale="log", xlim=(left, right), ylim=(1, 200))
    axis.grid(True, color="0.9", linewidth=0.6)
    axis.spines[["top", "right"]].set_visible(False)


def points(found: Found, name: str, scaled: bool) -> dict[str, tuple[float, float]]:
    """Nanoseconds an element and error of each contender, at 100,000 float32 elements on one thread."""
    errors = found["errors"].get(name, {})
    cells = [c for c in chosen(found["cells"], name, "float32", 1) if c["size"] == FRONT_SIZE]
    made = {}
    for who, ns in (cells[0]["ns"] if cells else {}).items():
        if who in errors:
            relative, _, other = errors[who]
            made[who] = ns, other if scaled else relative
    return made


def against_errors(found: Found, panels: Sequence[tuple[str, bool]], path: Path, width: float, dpi: int) -> bool:
    """Error against time, a panel for each function and measure; False where nothing was measured."""
    known = [(name, scaled, points(found, name, scaled)) for name, scaled in panels if name not in EXACT]
    known = [panel for panel in known if panel[2]]
    if not known:
        return False
    columns = min(3, len(known))
    lines = -(-len(known) // columns)
    size = (width * columns / 3, 2.75 * lines + 0.25)
    figure, axes = plt.subplots(lines, columns, figsize=size, dpi=dpi, squeeze=False)
    for axis in axes.flat[len(known) :]:
        axis.set_visible(False)
    drawn = []
    for (name, scaled, every), axis in zip(known, axes.flat, strict=False):
        drawn.append((axis, *panel(axis, name, scaled, every)))
    for axis in axes[:, 0]:
        axis.set_ylabel("largest error, ulp", fontsize=9)
    for i, axis in enumerate(axes.flat[: len(known)]):
        if i + columns >= len(known):
            axis.set_xlabel("ns an element", fontsize=9)
    figure.tight_layout()
    figure.canvas.draw()
    for axis, named, line in drawn:
        labels.place(axis, named, line)
    save(figure, path)
    return True


def panel(
    axis: Axes, name: str, scaled: bool, every: dict[str, tuple[float, float]]
) -> tuple[list[labels.Label], list[tuple[float, float]]]:
    """Draws the points and the front; returns the labels to place, and the corners of the front."""
    shown = {who: (ns, min(max(error, LEAST_ERROR), MOST_ERROR)) for who, (ns, error) in every.items()}
    fastest = min(ns for ns, _ in shown.values())
    shown = {who: at for who, at in shown.items() if at[0] <= SLOWEST * fastest or who in OURS}
    left, right = fastest / 1.6, max(ns for ns, _ in shown.values()) * 1.6
    worst = max(error for _, error in shown.values())
    low, high = 0.3, worst * (2 if worst < FEW[-1] else 10)
    best_of = front(shown)
    corners = [(shown[best_of[0]][0], high)]
    for who in best_of:
        ns, error = shown[who]
        corners += [(ns, corners[-1][1]), (ns, error)]
    corners.append((right, corners[-1][1]))
    axis.fill_between(*zip(*corners, strict=True), high, color=LINE, alpha=0.08, linewidth=0, zorder=0)
    axis.plot(*zip(*corners, strict=True), color=LINE, linewidth=1.3, zorder=1)
    named = []
    for who, at in sorted(shown.items(), key=lambda item: (item[0] not in OURS, item[1])):
        ours = who in OURS
        axis.plot(*at, "o", color=BLUE if ours else "0.45", markersize=6 if ours else 3.5, zorder=4 if ours else 3)
        named.append(labels.Label(SHOWN.get(who, who), at, BLUE if ours else "0.3", 8.5 if ours else 7.5, ours))
    axis.set(xscale="log", yscale="log", xlim=(left, right), ylim=(low, high))
    unit = ("gate*up" if name in ("swiglu", "geglu") else "x") if scaled else "the result"
    axis.set_title(f"{name}, ulp of {unit}", loc="left", fontsize=10)
    axis.set_axisbelow(True)
    axis.grid(True, color="0.9", linewidth=0.6, zorder=-1)
    axis.spines[["top", "right"]].set_visible(False)
    axis.tick_params(labelsize=8, color="0.6")
    axis.minorticks_off()
    ticks = [t for t in TICKS if left <= t <= right]
    axis.set_xticks(ticks, [f"{t:g}" for t in ticks])
    if high <= 2 * FEW[-1]:
        ticks = [t for t in FEW if low <= t <= high]
        axis.set_yticks(ticks, [f"{t:g}" for t in ticks])
    return named, corners


def readme(found: Found, path: Path) -> bool:
    """The six functions that people time first."""
    return against_errors(found, [(name, name in SCALED) for name in HEADLINES], path, 10, 150)


def fronts(found: Found, path: Path) -> bool:
    return against_errors(found, [(n, False) for n in present(found) if "backward" not in n], path, 12, 100)


def scaled_fronts(found: Found, path: Path) -> bool:
    return against_errors(found, [(n, True) for n in present(found) if n in SCALED], path, 12, 100)


def backward_fronts(found: Found, path: Path) -> bool:
    return against_errors(found, [(n, False) for n in present(found) if "backward" in n], path, 12, 100)


FRONTS = (
    (
        fronts,
        "front",
        "Largest error against time, float32, 100,000 elements, one thread. The line is the front: what lies above it "
        "is both slower and less accurate than a point of it. Errors below 0.5 ulp are drawn at 0.5. Contenders that "
        "take 15 times as long as the fastest are left out",
    ),
    (scaled_fronts, "front_scaled", "The same with the error in ulp of x, for functions that are x times a factor"),
    (backward_fronts, "front_backward", "The same for backward passes, with gradients of 1"),
)
TIMES = (
    (ratios, "ratio", "The fastest peer's time over ours, by size, with a preallocated output"),
    (times, "time", "Nanoseconds an element in float32 on one thread, by size, preallocated output"),
    (
        roofline,
        "roofline",
        "Our kernels in float32 on one thread, below the bandwidth of a copy and the peak of multiply-adds. Operations "
        "are those of the machine code (`benchmarks/operations.py`), bytes those of the arrays; red are backward "
        "passes. Functions of rows are left out, and relu, which has no operations",
    ),
)


def draw(found: Found, folder: Path, figures: Sequence[tuple[Callable[..., object], str, str]]) -> None:
    """Draws the figures of a level."""
    for function, name, _ in figures:
        file = folder / file_of(found, name)
        if function(found, file) is False:
            file.unlink(missing_ok=True)


def file_of(found: Found, name: str) -> str:
    return f"performance_{name}_{found['environment']['level']}.png"


def captions(found: Found, figures: Sequence[tuple[Callable[..., object], str, str]], folder: Path) -> list[str]:
    """The figures that there are, as Markdown."""
    return [
        f"![{title(found)}: {text}]({file_of(found, name)})"
        for _, name, text in figures
        if (folder / file_of(found, name)).exists()
    ]
