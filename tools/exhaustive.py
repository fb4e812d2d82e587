"""Check functions against their formula over every float32, or every float16, and say how far off the worst is.

    python tools/exhaustive.py silu gelu_derivative          all 2^32 float32 inputs, on every level of this machine
    python tools/exhaustive.py --dtype float16 --level x86_64_v3
    python tools/exhaustive.py softplus --binades            the largest error of each binade as well

The reference is the formula of the row, evaluated by NumPy and SciPy in double precision; a derivative is the imaginary
part of the formula at x + ih, which loses nothing to cancellation. Their error is below 2^-16 ulp of float32; mpmath
decides what lies within 2^-14 ulp of a midpoint, the largest error of each block, and all of the neighbourhood of a
zero of a derivative. Nothing of fastact's own arithmetic takes part.

Work is done in blocks of bit patterns by several processes. What is done is kept in build/exhaustive/, and a run that
was stopped goes on from there; --fresh forgets it. A level's hash covers the bits of all results in order, NaN as one.
"""

import argparse
import hashlib
import importlib
import json
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import scipy.special
from mpmath import mpf
from tqdm import tqdm

import fastact
from fastact.table import FUNCTIONS, Activation

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import reference  # noqa: E402

KEPT = ROOT / "build" / "exhaustive"
BLOCK = 1 << 20
FREE = 0.25  # a required parameter
STEP = 1e-100  # of the imaginary direction
MARGIN = 2.0**-14  # in ulp: nearer to a midpoint than this, mpmath decides
CHECKED = {f.name: f for f in FUNCTIONS if f.kind in ("forward", "derivative") and isinstance(f.row, Activation)}

Array = np.ndarray[Any, np.dtype[Any]]
Result = dict[str, Any]


def choose(condition: Any, yes: Any, no: Any) -> Any:
    return np.where(np.real(condition), yes, no)


WORDS: dict[str, Any] = {
    "exp": np.exp,
    "expm1": np.expm1,
    "log1p": np.log1p,
    "tanh": np.tanh,
    "sqrt": np.sqrt,
    "erfc": scipy.special.erfc,
    "pi": np.pi,
    "max": lambda a, b: np.where(np.real(a) > np.real(b), a, b),
    "min": lambda a, b: np.where(np.real(a) < np.real(b), a, b),
    "abs": lambda x: np.where(np.real(x) < 0, -x, x),
}


def formula(text: str) -> str:
    """A conditional expression as np.where, which arrays can take."""
    if " if " not in text:
        return text
    yes, rest = text.split(" if ")
    condition, no = rest.split(" else ")
    left, right = condition.split(" > ")
    return f"where(({left}).real > {right}, {yes}, {no})"


class Truth:
    """The reference of one function."""

    def __init__(self, name: str, dtype: str) -> None:
        function = CHECKED[name]
        assert isinstance(function.row, Activation)
        self.derivative = function.kind == "derivative"
        self.row = function.row
        kernel = np.float32 if dtype == "float16" else np.dtype(dtype).type
        self.values = [float(kernel(np.dtype(dtype).type(FREE if d is None else d))) for _, d in self.row.params]
        names = ", ".join(["x", *(p for p, _ in self.row.params)])
        self.function: Callable[..., Any] = eval(
            f"lambda {names}: {formula(self.row.formula)}", WORDS | {"where": np.where}
        )
        make = reference.derivative if self.derivative else reference.formula
        self.exact: Callable[..., mpf] = make(self.row.name)
        self.roots = self._roots() if self.derivative else np.empty(0)

    def _roots(self) -> Array:
        grid = np.arange(-8, 8, 2.0**-14) + 2.0**-30
        y = self(grid)
        places: Array = grid[1:][(y[1:] * y[:-1]) < 0]
        return places

    def __call__(self, x: Array) -> Array:
        values: Array
        if self.derivative:
            values = self.function(x + 1j * STEP, *self.values).imag / STEP
        else:
            values = self.function(x, *self.values)
        return values

    def mp(self, x: float) -> mpf:
        return self.exact(mpf(x), *map(mpf, self.values))

    def near_root(self, x: Array) -> Array:
        near: Array = np.zeros(len(x), bool)
        for root in self.roots:
            near |= np.abs(x - root) < 2.0**-9
        return near


@cache
def truth(name: str, dtype: str) -> Truth:
    return Truth(name, dtype)


def block(name: str, dtype: str, levels: tuple[str, ...], index: int) -> tuple[int, dict[str, Result]]:
    """The results of one block of inputs, of every level."""
    fastact.set_num_threads(1)
    info = np.finfo(dtype)
    total = 1 << (8 * info.dtype.itemsize)
    start = index * BLOCK
    x = np.arange(start, min(start + BLOCK, total), dtype=np.uint64).astype(f"u{info.dtype.itemsize}").view(dtype)
    function, wanted = CHECKED[name], truth(name, dtype)
    finite = np.isfinite(x)
    wide = np.where(finite, x, 0).astype(np.float64)
    with np.errstate(all="ignore"):
        want = wanted(wide)
        # numbers that the middle of a formula does not survive, and those beside a zero of the derivative
        doubtful = np.flatnonzero(finite & (~np.isfinite(want) | wanted.near_root(wide)))
    exact = {int(i): wanted.mp(float(wide[i])) for i in doubtful}
    for i, value in exact.items():
        want[i] = float(value)
    exponent = np.maximum(np.frexp(want)[1] - 1, info.minexp) - info.nmant
    unit = np.ldexp(1.0, exponent)
    results = {}
    for level in levels:
        f = importlib.import_module(f"fastact._{level}").UFUNCS[name]
        given = [np.dtype(dtype).type(FREE)] * (len(wanted.values) - len(function.defaults))
        got = f(x, *given)
        pattern = got.copy()
        pattern[np.isnan(pattern)] = np.nan
        with np.errstate(all="ignore"):
            error = np.abs(got.astype(np.float64) - want) / unit
        for i, value in exact.items():  # the double is not near enough to a tiny difference
            error[i] = float(abs(mpf(float(got[i])) - value) / mpf(float(unit[i])))
        largest = mpf(float(info.max)) * (1 + mpf(2) ** -(info.nmant + 2))
        overflow = finite & (np.abs(want) >= float(largest)) & np.isinf(got)
        error[~finite | overflow] = 0
        wrong = error > 0.5
        for i in np.flatnonzero(np.abs(error - 0.5) < MARGIN):
            wrong[i] = abs(mpf(float(got[i])) - wanted.mp(float(wide[i]))) > mpf(float(unit[i])) / 2
        i = int(np.argmax(error))
        decided = abs(mpf(float(got[i])) - wanted.mp(float(wide[i]))) / mpf(float(unit[i])) if error[i] else mpf(0)
        binades = {}
        if finite.any():
            powers = np.where(wide == 0, info.minexp - info.nmant - 1, np.frexp(wide)[1] - 1)
            for power in np.unique(powers[finite]):
                sign = "-" if np.signbit(x[0]) else "+"
                binades[f"{sign}2^{power}"] = float(error[finite & (powers == power)].max())
        results[level] = {
            "error": float(decided),
            "input": float(wide[i]).hex(),
            "got": float(got[i]).hex(),
            "want": float(want[i]).hex(),
            "misrounded": int(np.count_nonzero(wrong)),
            "crc": zlib.crc32(pattern.tobytes()),
            "binades": binades,
        }
    return index, results


def merged(blocks: dict[str, dict[str, Result]], level: str) -> Result:
    """One result of all blocks."""
    rows = [blocks[key][level] for key in sorted(blocks, key=int)]
    worst = max(rows, key=lambda row: row["error"])
    binades: dict[str, float] = {}
    for row in rows:
        for key, error in row["binades"].items():
            binades[key] = max(error, binades.get(key, 0.0))
    digest = hashlib.sha256(b"".join(row["crc"].to_bytes(4, "little") for row in rows)).hexdigest()[:16]
    return worst | {"misrounded": sum(row["misrounded"] for row in rows), "binades": binades, "hash": digest}


def commit() -> str:
    """The commit that is checked; a mark when the sources differ from it."""
    words = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def check(name: str, dtype: str, levels: tuple[str, ...], workers: int, fresh: bool) -> dict[str, Result]:
    """All inputs of one function."""
    KEPT.mkdir(parents=True, exist_ok=True)
    file = KEPT / f"{name}-{dtype}.json"
    key = {"commit": commit(), "levels": list(levels)}
    state: dict[str, Any] = json.loads(file.read_text()) if file.exists() and not fresh else {}
    if {k: state.get(k) for k in key} != key:
        state = key | {"blocks": {}}
    blocks = state["blocks"]
    count = -(-(1 << np.finfo(dtype).bits) // BLOCK)
    missing = [i for i in range(count) if str(i) not in blocks]
    with ProcessPoolExecutor(workers) as pool, tqdm(total=count, initial=count - len(missing), desc=name) as bar:
        jobs = [pool.submit(block, name, dtype, levels, i) for i in missing]
        try:
            for done, job in enumerate(as_completed(jobs), 1):
                index, results = job.result()
                blocks[str(index)] = results
                bar.update()
                if done % 256 == 0:
                    file.write_text(json.dumps(state))
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        finally:
            file.write_text(json.dumps(state))
    return {level: merged(blocks, level) for level in levels}


def lines(name: str, dtype: str, results: dict[str, Result], binades: bool) -> Iterator[str]:
    for level, r in results.items():
        yield (
            f"{name} {dtype} {level}: {r['error']:.4f} ulp at {r['input']} ({float.fromhex(r['input']):.9g}), got "
            f"{r['got']}, want {r['want']}; {r['misrounded']} not correctly rounded; bits {r['hash']}"
        )
        if binades:
            for key, error in r["binades"].items():
                yield f"    {key:>7} {error:.4f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "functions", nargs="*", metavar="FUNCTION", help="all activations and derivatives if none is named"
    )
    parser.add_argument("--dtype", choices=("float32", "float16"), default="float32")
    parser.add_argument(
        "--level", action="append", choices=fastact.available_levels(), help="default: every one there is"
    )
    parser.add_argument("--threads", type=int, default=fastact.get_num_threads(), help="processes")
    parser.add_argument("--binades", action="store_true", help="the largest error of each binade")
    parser.add_argument("--fresh", action="store_true", help="forget what an earlier run has done")
    options = parser.parse_args()
    for name in options.functions:
        if name not in CHECKED:
            parser.error(f"{name} is not one of {', '.join(CHECKED)}")
    levels = tuple(options.level or fastact.available_levels())
    print(f"commit {commit()}, NumPy {np.__version__}, SciPy {scipy.__version__}")
    for name in options.functions or CHECKED:
        results = check(name, options.dtype, levels, max(1, options.threads), options.fresh)
        print(*lines(name, options.dtype, results, options.binades), sep="\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
