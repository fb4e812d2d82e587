"""The cost of layouts that are not contiguous: a million float32 elements, into a preallocated output.

Each layout takes turns with the same call on contiguous arrays, and relu also with np.maximum on the same layout. The
least times are kept.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

import fastact

SIDE = 1000
SECONDS = 0.25  # for each layout
Call = Callable[[], Any]


def numbers(*shape: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.random.default_rng(0).standard_normal(shape, np.float32)


def layouts() -> Iterator[tuple[str, str, dict[str, Call]]]:
    """A function, a layout, and the calls on contiguous arrays, on the layout, and of NumPy."""
    x, y = numbers(SIDE, SIDE), np.empty((SIDE, SIDE), "f")
    wide, tall = numbers(SIDE, 2 * SIDE), numbers(2 * SIDE, SIDE)
    swapped, integers = x.astype(x.dtype.newbyteorder()), (8 * x).astype(np.int16)
    mask, row, column = numbers(SIDE, SIDE) > 0, numbers(SIDE), numbers(SIDE, 1)
    inputs = {
        "a block of columns": wide[:, :SIDE],
        "every second row": tall[::2],
        "every second column": wide[:, ::2],
        "transposed": x.T,
        "reversed": x[::-1, ::-1],
        "byte-swapped": swapped,
        "int16": integers,
    }
    for name in ("relu", "gelu"):
        f = getattr(fastact, name)
        for title, other in inputs.items():
            yield name, title, calls(f, (x,), f, (other,), y)
        yield name, "where=", calls(f, (x,), f, (x,), y, where=mask)
    prelu, slopes = fastact.prelu, np.full_like(x, 0.25)
    block, halves = wide[:, :SIDE], (wide[:, :SIDE].copy(), wide[:, SIDE:].copy())
    yield "prelu", "one slope", calls(prelu, (x, slopes), prelu, (x, np.float32(0.25)), y)
    yield "prelu", "a slope a column", calls(prelu, (x, slopes), prelu, (x, row), y)
    yield "prelu", "a slope a row", calls(prelu, (x, slopes), prelu, (x, column), y)
    yield "bias_gelu", "a bias a column", calls(fastact.bias_gelu, (x, slopes), fastact.bias_gelu, (x, row), y)
    for layout in ("gate_up", "interleaved"):
        yield "swiglu_packed", layout, calls(fastact.swiglu, halves, fastact.swiglu_packed, (wide,), y, layout=layout)
    yield "softmax", "axis=0", calls(fastact.softmax, (x,), fastact.softmax, (x,), y, axis=0)
    yield "softmax", "a block of columns", calls(fastact.softmax, (x,), fastact.softmax, (block,), y)


def calls(
    usual: Any, inputs: tuple[Any, ...], other: Any, given: tuple[Any, ...], out: Any, **kwargs: Any
) -> dict[str, Call]:
    made: dict[str, Call] = {
        "contiguous": partial(usual, *inputs, out=out),
        "time": partial(other, *given, out=out, **kwargs),
    }
    if other is fastact.relu:
        made["numpy"] = partial(np.maximum, *given, np.float32(0), out=out, **kwargs)
    return made


def by_turns(taking: dict[str, Call], seconds: float) -> dict[str, float]:
    """The least time of each call in nanoseconds. The calls take turns until the time is over."""
    least, end = dict.fromkeys(taking, float("inf")), time.perf_counter() + seconds
    while True:
        for who, call in taking.items():
            start = time.perf_counter()
            call()
            least[who] = min(least[who], 1e9 * (time.perf_counter() - start))
        if time.perf_counter() > end:
            return least


def measure() -> list[dict[str, Any]]:
    return [{"function": name, "layout": layout} | by_turns(taking, SECONDS) for name, layout, taking in layouts()]
