"""The bits of results for fixed inputs: the same at every position, on every machine, and in the next version.

Levels with fused multiply-adds have one set of bits, x86_64_v2 another. tools/golden.py writes the file after a change
of a kernel; the diff of the file shows which functions have changed.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from conftest import arity, bits, call, outputs

import fastact
from fastact.catalogue import FUNCTIONS, Function

FILE = Path(__file__).resolve().parent / "data" / "golden.json"
KIND = "plain" if not fastact._dispatch.kernels.fma else "fused"
COUNT = 100_000


def inputs(function: Function, dtype: type) -> list[np.ndarray]:
    """Half of them random bits from a fixed generator, half spread evenly where functions are curved."""
    size = np.dtype(dtype).itemsize
    made = []
    for k in range(arity(function)):
        state = np.arange(1, COUNT // 2 + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15 + 2 * k)
        state ^= state >> np.uint64(29)
        state *= np.uint64(0xBF58476D1CE4E5B9)
        random = (state >> np.uint64(64 - 8 * size)).astype(f"u{size}").view(dtype)
        spread = ((state >> np.uint64(40)).astype(np.float64) * 2.0**-24 - 0.5) * (24 if k == 0 else 6)
        made.append(np.concatenate([random, spread.astype(dtype)]))
    return made


def digest(function: Function, dtype: type, home: object = fastact) -> str:
    with np.errstate(all="ignore"):
        results = outputs(call(function, *inputs(function, dtype), home=home))
    return hashlib.sha256(b"".join(bits(y).astype(f"<u{y.itemsize}").tobytes() for y in results)).hexdigest()[:16]


def kept(function: Function, dtype: type, prefix: str = "") -> dict[str, str]:
    """The bits of each kind of level that is known."""
    return json.loads(FILE.read_text()).get(prefix + function.name, {}).get(np.dtype(dtype).name, {})


def missing(function: Function) -> str:
    return f"no golden bits for {function.name}: run make add NAME={function.entry.name}"


def test_golden_bits(function: Function, dtype: type) -> None:
    assert KIND in kept(function, dtype), missing(function)
    assert digest(function, dtype) == kept(function, dtype)[KIND]


@pytest.mark.parametrize("fast", [f for f in FUNCTIONS if f.fast], ids=lambda f: f.name)
def test_golden_bits_of_fast(fast: Function) -> None:
    golden = kept(fast, np.float32, "fast.")
    assert KIND in golden, missing(fast)
    assert digest(fast, np.float32, fastact.fast) == golden[KIND]


def test_float16_has_the_same_bits_on_every_level(function: Function) -> None:
    golden = kept(function, np.float16)
    if len(golden) < 2 and len(fastact.available_levels()) < 2:
        pytest.skip("one level is built: the bits of the others are not known")
    assert golden.keys() == {"fused", "plain"}, missing(function)
    assert golden["fused"] == golden["plain"]
