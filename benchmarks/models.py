"""What limits our kernels: arithmetic units, or the memory with many threads. Read from what peers.py measured."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from contenders import NAMES
from operations import operations
from peers import key
from performance_figures import arrays, chosen
from results import Cell, best, least, mean

CHOSEN = ("relu", "hard_swish", "sigmoid", "gelu", "swiglu", "gelu_backward")
MACHINES = (  # cores, and the bytes that their memory delivers in a nanosecond: assumptions of the model
    ("8 cores, 2 channels of DDR5-5600", 8, 70),
    ("16 cores, 4 channels of DDR5-5600", 16, 140),
    ("64 cores, 12 channels of DDR5-4800", 64, 370),
)
SIZES = (10_000, 100_000, 1_000_000, 20_000_000)
COLUMNS = ("operations", "least ns", "ns", "part")
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
CALL = "the call: up to 10,000 elements, where the cost of a call is more than half of the time"
MEMORY = "memory: a copy takes at least two thirds of the time"
WAITING = "threads: two are no faster than one here, or waited for a core, so that calls were serial"
HALF = "float16: the result of float64, rounded, where a float does not decide it"
ROWS = "rows: sums in double, exponentials of exact differences"
ARITHMETIC_LIMIT = "arithmetic: the operations that the error bound needs"
Row = Sequence[str]


def kernels(found: dict[str, Any]) -> Iterator[Row]:
    """Operations, and the least time that the multiply-add units allow as a part of the measured time."""
    for name in NAMES:
        entries = []
        for dtype, peak in found["peaks"].get("1", {}).items():
            cells = [c for c in chosen(found["cells"], name, dtype, 1) if c["elements"] in (100_000, 10_000)]
            count = operations(name, dtype) if cells and "softmax" not in name else None
            if not count:
                entries += [""] * 4
                continue
            measured = min(least(c, "fastact") / c["elements"] for c in cells)
            entries += [f"{count:.1f}", f"{count / peak:.3f}", f"{measured:.3f}", f"{count / peak / measured:.0%}"]
        if any(entries):
            yield f"`{name}`", *entries


def threads(found: dict[str, Any]) -> Iterator[Row]:
    """Times measured on two threads, and from the model for machines with more."""
    cells = found["cells"]
    for name in CHOSEN:
        alone = {c["size"]: least(c, "fastact") for c in chosen(cells, name, "float32", 1)}
        shared = {c["size"]: least(c, "fastact") for c in chosen(cells, name, "float32", 2)}
        compute = min((t / size for size, t in alone.items() if 10_000 <= size <= 100_000), default=None)
        if compute is None:
            continue
        measured = [f"{alone[size] / shared[size]:.2f}" if size in alone and size in shared else "" for size in SIZES]
        moved = 4 * arrays(name)
        modelled = []
        for _, cores, rate in MACHINES:
            most = compute * rate / moved
            modelled.append(f"{min(cores, most):.0f}" + (f" (full at {most:.0f})" if most < cores else ""))
        yield f"`{name}`", f"{compute:.3f}", str(moved), *measured, *modelled


def limits(found: dict[str, Any]) -> Iterator[Row]:
    """The cells in which a peer is ahead, by what limits ours."""
    times = {key(cell): least(cell, "fastact") for cell in found["cells"]}

    def why(c: Cell) -> str:
        name, dtype, size, threads, mode, inputs = key(c)
        ours, each = least(c, "fastact"), times.get((name, dtype, 100_000, 1, "out", "real"), 0) / 100_000
        if size <= 10_000 and ours > 2 * each * c["elements"]:
            return CALL
        if ours < 1.5 * least(c, "copy"):
            return MEMORY
        if threads > 1 and ours > 0.8 * times.get((name, dtype, size, 1, mode, inputs), ours):
            return WAITING
        return ROWS if "softmax" in name else HALF if dtype == "float16" else ARITHMETIC_LIMIT

    groups: dict[str, list[Cell]] = defaultdict(list)
    for cell in found["cells"]:
        if best(cell) and best(cell)[1] < 1:
            groups[why(cell)].append(cell)
    for reason, cells in sorted(groups.items(), key=lambda item: -len(item[1])):
        names = Counter(c["function"] for c in cells)
        listed = ", ".join(f"`{name}` {count}" for name, count in names.most_common())
        ratios = [best(c)[1] for c in cells]
        yield reason, f"{len(cells):,}", f"{mean(ratios):.2f}", f"{min(ratios):.2f}", listed


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
