"""What limits our kernels: arithmetic units, or the memory with many threads. Read from what peers.py measured."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from contenders import NAMES
from performance_figures import arrays, chosen
from results import MODE_TITLES, Cell, ahead, best, counted, key, least, mean

CHOSEN = ("relu", "hard_swish", "sigmoid", "gelu", "swiglu", "gelu_backward")
MACHINES = (  # cores, and the bytes that their memory delivers in a nanosecond: assumptions of the model
    ("8 cores, 2 channels of DDR5-5600", 8, 70),
    ("16 cores, 4 channels of DDR5-5600", 16, 140),
    ("64 cores, 12 channels of DDR5-4800", 64, 370),
)
SIZES = (10_000, 100_000, 1_000_000, 20_000_000)
COLUMNS = ("operations", "least ns", "ns", "part")
ROW_PEERS = ("numpy", "torch", "onnxruntime")
ROWS = """Functions of rows in the shapes of images, attention and classifiers, into a preallocated output, on one
thread: nanoseconds an element, and the times of others divided by ours; above 1, ours is faster. The last column is our
time on one thread over that on two."""
ARITHMETIC = """For each function: the operations on an element, as `benchmarks/operations.py` counts them in the
machine code (a multiply-add counts as two; comparisons, conversions, blends and integer instructions do not count); the
least time that they could take if all were multiply-adds at the measured peak; the measured time on one thread, for
10,000 or 100,000 elements; and the least time as a part of the measured one. Kernels of additions, minima and divisions
cannot come near 100 %."""
THREADS = """A model: p threads take about R + n max(c/p, s/B) for n elements. Here c is the time of an element on one
thread in nanoseconds, s the bytes that it reads and writes, B the bytes that the memory delivers in a nanosecond, and R
the cost of a parallel region, 2.5 microseconds for two threads. From p = c B/s on, more threads gain nothing. The
columns of two threads are measured: the time of one thread over that of two. The columns of larger machines are
computed from the formula for arrays that no cache holds, with B = 70, 140 and 370."""
LAYOUTS = """Times divided by those of contiguous arrays, for a million float32 elements as rows of 1,000, into a
preallocated output. Threads share blocks of columns, broadcast operands and transposed arrays. Where NumPy converts
bytes or types, it calls the loop of a ufunc for pieces of 8,192 elements; with `where=`, for each run of True. Such a
piece is too small for several threads. The last column is the time of `np.maximum` on the same layout, on one thread,
divided by that of `relu` on contiguous arrays."""
LINEAR = """`gated_linear(x, W, V, gate=swiglu)` in float32, with the products of NumPy's BLAS. The other columns are
times divided by that of `gated_linear`: the two products alone, `a/(1 + exp(-a))*(x @ V)` with `a = x @ W`, and torch's
`silu(x @ W)*(x @ V)`."""
LIMITS = {  # by the word in performance.csv
    "call": "call: up to 10,000 elements, where the cost of a call is more than half of the time",
    "memory": "memory: a copy takes at least two thirds of the time",
    "threads": "threads: two are no faster than one here, or waited for a core, so that calls were serial",
    "float16": "float16: the result of float64, rounded, where a float does not decide it",
    "rows": "rows: the arithmetic of exponentials and sums",
    "arithmetic": "arithmetic: the operations that the error bound needs",
}
EXPLAINED: dict[str, str] = {  # by hand, after looking at the machine code, or at what the peer computes
    "sigmoid": "onnxruntime's is one rational function of a clamped x: no exponential, and no tail below -18.",
    "tanh": "LiteRT's and onnxruntime's are one rational function of a clamped x: no exponential.",
    "gelu": "LiteRT's is one rational function times x: no exponential, and -0 below -5.5.",
    "gelu_tanh": "LiteRT's is one rational function times x: no exponential, and -0 below -5.",
    "geglu": "As `gelu`.",
    "relu": "A load, a maximum and a store: what differs is the call, and whether the output's pages are fresh.",
    "leaky_relu": "As `relu`, with one multiplication.",
    "relu_backward": "As `relu`, with two inputs.",
    "leaky_relu_backward": "As `relu`, with two inputs.",
}
NOT_EXPLAINED = "not explained"
Row = Sequence[str]


def kernels(found: dict[str, Any]) -> Iterator[Row]:
    """Operations, and the least time that the multiply-add units allow as a part of the measured time."""
    for name in NAMES:
        entries = []
        for dtype, peak in found["peaks"].get("1", {}).items():
            cells = [c for c in chosen(found["cells"], name, dtype, 1) if c["size"] in (100_000, 10_000)]
            count = found.get("operations", {}).get(name, {}).get(dtype) if cells else None
            if not count:
                entries += [""] * 4
                continue
            measured = min(least(c, "fastact") for c in cells)
            entries += [f"{count:.1f}", f"{count / peak:.3f}", f"{measured:.3f}", f"{count / peak / measured:.0%}"]
        if any(entries):
            yield f"`{name}`", *entries


def threads(found: dict[str, Any]) -> Iterator[Row]:
    """Times measured on two threads, and from the model for machines with more."""
    cells = found["cells"]
    for name in CHOSEN:
        alone = {c["size"]: least(c, "fastact") for c in chosen(cells, name, "float32", 1)}
        shared = {c["size"]: least(c, "fastact") for c in chosen(cells, name, "float32", 2)}
        compute = min((t for size, t in alone.items() if 10_000 <= size <= 100_000), default=None)
        if compute is None:
            continue
        measured = [f"{alone[size] / shared[size]:.2f}" if size in alone and size in shared else "" for size in SIZES]
        moved = 4 * arrays(name)
        modelled = []
        for _, cores, rate in MACHINES:
            most = compute * rate / moved
            modelled.append(f"{min(cores, most):.0f}" + (f" (full at {most:.0f})" if most < cores else ""))
        yield f"`{name}`", f"{compute:.3f}", str(moved), *measured, *modelled


def limit(found: dict[str, Any]) -> Callable[[Cell], str]:
    """What limits a cell of ours."""
    times = {key(cell): least(cell, "fastact.fast") for cell in found["cells"]}

    def why(c: Cell) -> str:
        name, dtype, size, threads, mode, inputs, shape = key(c)
        ours, each = least(c, "fastact.fast"), times.get((name, dtype, 100_000, 1, "out", "real", ""), 0)
        if size <= 10_000 and ours > 2 * each:
            return "call"
        if ours < 1.5 * least(c, "copy"):
            return "memory"
        if threads > 1 and ours > 0.8 * times.get((name, dtype, size, 1, mode, inputs, shape), ours):
            return "threads"
        return "rows" if "softmax" in name else "float16" if dtype == "float16" else "arithmetic"

    return why


def limits(found: dict[str, Any]) -> Iterator[Row]:
    """The cells in which a peer is ahead of our fastest tier, by what limits ours."""
    why, groups = limit(found), defaultdict[str, list[Cell]](list)
    for cell in filter(ahead, found["cells"]):
        groups[why(cell)].append(cell)
    for reason, cells in sorted(groups.items(), key=lambda item: -len(item[1])):
        names = Counter(c["function"] for c in cells)
        listed = ", ".join(f"`{name}` {count}" for name, count in names.most_common())
        ratios = [ahead(c)[1] for c in cells]
        yield LIMITS[reason], f"{len(cells):,}", f"{mean(ratios):.2f}", f"{min(ratios):.2f}", listed


def explained(found: dict[str, Any]) -> Iterator[Row]:
    """Each function of which a peer is ahead somewhere, and why."""
    for name in NAMES:
        cells = [c for c in found["cells"] if c["function"] == name]
        behind = sorted(filter(ahead, cells), key=lambda c: ahead(c)[1])
        if behind:
            peer, ratio = ahead(behind[0])
            numbers = (f"{len(behind):,} of {len(cells):,}", f"{mean(ahead(c)[1] for c in behind):.2f}", f"{ratio:.2f}")
            yield f"`{name}`", *numbers, peer, where(behind[0]), EXPLAINED.get(name, NOT_EXPLAINED)


def where(c: Cell) -> str:
    """A cell in words, without its function."""
    of = c["shape"] or f"{c['size']:,}"
    return f"{c['dtype']}, {of}, {counted(c['threads'], 'thread')}, {MODE_TITLES[c['mode']]}"


def rows(found: dict[str, Any]) -> Iterator[Row]:
    """Functions of rows in other shapes: our time, and those of others over it."""
    cells = {key(c): c for c in found["cells"] if c["shape"]}
    for name, dtype, size, threads, mode, inputs, shape in cells:
        if threads > 1 and (name, dtype, size, 1, mode, inputs, shape) in cells:
            continue
        one = cells[name, dtype, size, threads, mode, inputs, shape]
        two = cells.get((name, dtype, size, 2, mode, inputs, shape))
        ours = least(one, "fastact")
        named = (f"{one['ns'][who] / ours:.2f}" if who in one["ns"] else "" for who in ROW_PEERS)
        found_best = best(one)
        last = (found_best[0], f"{found_best[1]:.2f}") if found_best else ("", "")
        scaling = f"{ours / least(two, 'fastact'):.2f}" if two and threads == 1 else ""
        yield f"`{name}`", shape, dtype, f"{ours:.3f}", *named, *last, scaling


def linear(found: dict[str, Any]) -> Iterator[Row]:
    """Times of gated_linear, and of the others divided by these."""
    for count, every in found.get("linear", {}).items():
        for one in every:
            times = one["times"]
            others = (
                f"{times[who] / times['fastact']:.2f}" if who in times else "" for who in ("products", "numpy", "torch")
            )
            yield " x ".join(map(str, one["size"])), count, f"{times['fastact'] / 1e6:.3f}", *others


def layouts(found: dict[str, Any]) -> Iterator[Row]:
    """Times divided by those of contiguous arrays."""
    every = found.get("layouts", {})
    for one in every.get("1", ()):
        same = (e for e in every.get("2", ()) if (e["function"], e["layout"]) == (one["function"], one["layout"]))
        two = next(same, None)
        numpy = f"{one['numpy'] / one['contiguous']:.1f}" if "numpy" in one else ""
        ratios = [f"{e['time'] / e['contiguous']:.1f}" if e else "" for e in (one, two)]
        yield f"`{one['function']}`", one["layout"], f"{one['contiguous'] / 1e6:.3f}", *ratios, numpy
