"""What bounds our kernels: the arithmetic units, and with many threads the memory. Read from what peers.py measured."""

from collections.abc import Iterator, Sequence
from typing import Any

from contenders import NAMES
from operations import operations
from performance_figures import arrays, chosen
from results import least

CHOSEN = ("relu", "hard_swish", "sigmoid", "gelu", "swiglu", "gelu_backward")
MACHINES = (  # cores and the bytes a nanosecond that their memory gives: assumptions of the model
    ("8 cores, 2 channels of DDR5-5600", 8, 70),
    ("16 cores, 4 channels of DDR5-5600", 16, 140),
    ("64 cores, 12 channels of DDR5-4800", 64, 370),
)
SIZES = (10_000, 100_000, 1_000_000, 20_000_000)
COLUMNS = ("operations", "least ns", "ns", "part")
ARITHMETIC = """The operations on an element, as `benchmarks/operations.py` counts them in the machine code (a
multiply-add is two; comparisons, conversions, blends and integer instructions are none); the least time that they
could take, all of them multiply-adds at the measured peak; the measured time, on one thread, of 10,000 or 100,000
elements; and the former over the latter. Kernels of additions, minima and divisions cannot come near 100 %."""
THREADS = """p threads take about R + n max(c/p, s/B) for n elements: c the nanoseconds of an element on one thread, s
the bytes that it reads and writes, B the bytes a nanosecond that the memory gives, R the cost of a region, 2.5
microseconds for two threads. From p = c B/s on, more threads gain nothing. The columns of two threads are measured,
as times of one thread over those of two; those of larger machines are this formula for arrays that no cache holds,
with B = 70, 140 and 370."""
LAYOUTS = """Times over those of contiguous arrays; a million float32 elements as rows of 1,000, into a preallocated
output. NumPy calls the loop of a ufunc once for each row where rows are not contiguous, and once for each run of a
mask; it copies what it converts, in pieces of 8,192. Threads share what is in one call, and so one row. The last
column is `np.maximum` on the same layout, on one thread, over `relu` on contiguous arrays."""
Row = Sequence[str]


def kernels(found: dict[str, Any]) -> Iterator[Row]:
    """Operations, and how near their time comes to the least that the units for multiply-adds allow."""
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
    """Measured on two threads, and modelled on machines with more."""
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


def layouts(found: dict[str, Any]) -> Iterator[Row]:
    """How many times as long as contiguous arrays."""
    every = found.get("layouts", {})
    for one in every.get("1", ()):
        same = (e for e in every.get("2", ()) if (e["function"], e["layout"]) == (one["function"], one["layout"]))
        two = next(same, None)
        numpy = f"{one['numpy'] / one['contiguous']:.1f}" if "numpy" in one else ""
        ratios = [f"{e['time'] / e['contiguous']:.1f}" if e else "" for e in (one, two)]
        yield f"`{one['function']}`", one["layout"], f"{one['contiguous'] / 1e6:.3f}", *ratios, numpy
