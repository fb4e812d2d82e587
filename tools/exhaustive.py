"""Check functions against their formula, and find the largest error.

    python tools/exhaustive.py silu gelu_derivative          float32, on every level of this machine
    python tools/exhaustive.py --dtype float16 --level x86_64_v3
    python tools/exhaustive.py softplus --binades            the largest error of each binade as well
    python tools/exhaustive.py mish --quick                  a few million inputs, in float32 too
    python tools/exhaustive.py gelu --fast                   only fastact.fast
    python tools/exhaustive.py --keep                        everything; results go to tests/data/accuracy.json

A function of one number is evaluated at all 2^32 float32 (65,536 float16) inputs. In float64, and for several inputs
(gates, and activations with other than default parameters), it is evaluated at 10^8 inputs: random bits, the middle,
the tails, thresholds with their neighbours, numbers near zeros, and numbers around the worst.

The reference is the formula in double precision for float32 and float16, in long double for float64 (tools/wide.py).
Where that does not decide, near a midpoint between two numbers and for the largest errors, quadruple precision decides,
and finally mpmath. A midpoint to 113 bits counts as correct either way. The reference uses nothing of fastact's
arithmetic. tools/hard_cases.py checks fastact.precise, whose results must be right at midpoints, too.

Functions of fastact.fast are measured in the unit of their entry, and never have the wrong sign.

Several processes work on blocks of inputs. Finished blocks are kept in build/exhaustive/, and a new run goes on from
there. The hash of a level covers the bits of all results in order, with one NaN. With --keep, a function that still has
the bits of the kept result is not checked again. --fresh ignores both.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import wide
from mpmath import mpf
from tqdm import tqdm

import fastact
from fastact import _dispatch
from fastact.catalogue import FUNCTIONS, Activation, Function, Gate
from fastact.catalogue.derived import textbook

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import reference  # noqa: E402

KEPT = ROOT / "build" / "exhaustive"
RESULTS = ROOT / "tests" / "data" / "accuracy.json"
BLOCK = 1 << 20
SAMPLES = 96  # blocks of inputs, for a function that has too many
QUICK = 6  # blocks in a quick run
FREE = 0.25  # value of a parameter without default
MARGIN = 2.0**-16  # in ulp: nearer to a midpoint than this, a higher precision decides
CANCELLED = 2.0**-50  # error of the reference in double where two terms of size 1 cancel, for |x| < 2
STEEP = ("swish", "softplus")  # functions of beta x
CHECKED = {f.name: f for f in FUNCTIONS if f.kind in ("forward", "derivative")}

Array = np.ndarray[Any, np.dtype[Any]]
Result = dict[str, Any]


class Run(NamedTuple):
    """One check: a function, a dtype, and all or some inputs."""

    name: str
    dtype: str
    sampled: bool
    levels: tuple[str, ...]  # "LEVEL fast" is fastact.fast on it
    quick: bool = False
    fast: bool = False  # whether all variants are those of fastact.fast

    @property
    def function(self) -> Function:
        return CHECKED[self.name]

    @property
    def blocks(self) -> int:
        return (QUICK if self.quick else SAMPLES) if self.sampled else -(-(1 << np.finfo(self.dtype).bits) // BLOCK)

    @property
    def key(self) -> str:
        return self.dtype + " fast" * self.fast + " sampled" * self.sampled


def runs(name: str, dtype: str, levels: tuple[str, ...], quick: bool) -> Iterator[Run]:
    f = CHECKED[name]
    if dtype != "float64" and not isinstance(f.entry, Gate) and not (quick and dtype == "float32"):
        yield Run(name, dtype, False, levels)
    if dtype == "float64" or (dtype == "float32" and (quick or len(f.inputs) > 1)):
        yield Run(name, dtype, True, levels, quick)


def fast_runs(name: str, levels: tuple[str, ...], quick: bool) -> Iterator[Run]:
    """Those of fastact.fast, which has loops of its own for float32 alone."""
    f, variants = CHECKED[name], tuple(f"{level} fast" for level in levels)
    if f.fast and not isinstance(f.entry, Gate) and not quick:
        yield Run(name, "float32", False, variants, fast=True)
    if f.fast and (quick or len(f.inputs) > 1):
        yield Run(name, "float32", True, variants, quick, fast=True)


class Truth:
    """The reference of one function: as C code by tools/wide.py, and in mpmath."""

    def __init__(self, f: Function) -> None:
        row, self.derivative = f.entry, f.kind == "derivative"
        self.exact: Callable[..., mpf]
        if isinstance(row, Gate):
            self.exact = reference.gate(row)
        else:
            self.exact = (reference.derivative if self.derivative else reference.formula)(row.name)
        self.text = wide.source(textbook(row), f.inputs, self.derivative)
        self.defaults = [FREE if d is None else d for _, d in row.params]
        self.roots = np.empty(0)
        if self.derivative:
            grid = np.arange(-8, 8, 2.0**-14) + 2.0**-30
            others = [np.full(len(grid), d) for d in self.defaults]
            y, _ = wide.compare(self.text, "double", [grid, *others], [], "float64", np.zeros(len(grid)))
            self.roots = grid[1:][(y[1:] * y[:-1]) < 0]


@cache
def truth(name: str) -> Truth:
    return Truth(CHECKED[name])


def sample(run: Run, index: int, size: int = BLOCK) -> list[Array]:
    """One block of inputs, where all would be too many."""
    rng = np.random.default_rng([index, zlib.crc32(run.name.encode())])
    info = np.finfo(run.dtype)
    wanted, row = truth(run.name), run.function.entry
    tail, part = (800.0 if run.dtype == "float64" else 120.0), size // 8
    switches = reference.SWITCHES[tail > reference.SWITCHES]
    bits = rng.integers(0, 1 << info.bits, part, dtype=np.uint64).astype(f"u{info.bits // 8}").view(run.dtype)
    sign = rng.choice([-1.0, 1.0], part)
    near = rng.choice(switches, part) * sign * (1 + rng.integers(-64, 65, part) * info.eps)
    roots = wanted.roots if wanted.roots.size else np.array([0.0])
    x = np.concatenate([
        np.where(np.isfinite(bits), bits, 0).astype(np.float64),
        near,
        rng.choice(roots, part) + sign * np.exp2(rng.uniform(-info.nmant, 0, part)),
        sign * np.exp2(rng.uniform(-40, 10, part)),
        rng.uniform(-tail, tail, part),
        rng.uniform(-tail, 0, part),
        rng.uniform(-8, 8, 2 * part),
    ]).astype(run.dtype)  # fmt: skip
    inputs = [x]
    if isinstance(row, Gate):  # the other factor: ordinary numbers, and numbers as large as tiny gates allow
        sizes = np.exp2(rng.uniform(info.minexp, info.maxexp - 1, size)) * rng.choice([-1, 1], size)
        x[::7] = rng.uniform(-2 * info.maxexp, 0, len(x[::7]))
        sizes = sizes if row.value == "identity" else sizes.clip(-1e30, 1e30)
        inputs.append(np.where(rng.random(size) < 0.5, rng.normal(0, 2, size), sizes).astype(run.dtype))
    return inputs + [p.astype(run.dtype) for p in reference.drawn(row, rng, size)]


def exhaustive(run: Run, index: int) -> list[Array]:
    info = np.finfo(run.dtype)
    start = index * BLOCK
    x = (
        np.arange(start, min(start + BLOCK, 1 << info.bits), dtype=np.uint64)
        .astype(f"u{info.bits // 8}")
        .view(run.dtype)
    )
    return [x, *(np.full(len(x), d, run.dtype) for d in truth(run.name).defaults)]


loaded = cache(_dispatch.load)


def evaluate(run: Run, level: str, inputs: list[Array]) -> Array:
    name, _, tier = level.partition(" ")
    with np.errstate(all="ignore"):
        y: Array = getattr(loaded(name), tier or "ufuncs")[run.name](*inputs)
    return y


def fast_least(run: Run, inputs: list[Array]) -> Array:
    """The least number in whose ulp an error in fastact.fast is measured."""
    f, tiny = run.function, float(np.finfo(run.dtype).tiny)
    if f.fast_unit in ("", "1"):
        return np.full(len(inputs[0]), float(f.fast_unit or 0))
    values = {name: np.abs(a.astype(np.float64)) for name, a in zip(f.inputs, inputs, strict=True)}
    if "gate" in values:
        values["gate"] = np.maximum(values["gate"], tiny)
    with np.errstate(all="ignore"):
        least: Array = eval(f.fast_unit, values)
    return least


def errors(run: Run, precision: str, inputs: list[Array], results: list[Array]) -> tuple[Array, list[Array]]:
    """The exact results, and the errors in ulp: of max(|f'|, 1/8) for derivatives in float64 where |x| < 8, of
    max(|f|, |x|) for functions that cross zero, of `fast_least` in fastact.fast, and of the result otherwise."""
    info = np.finfo(run.dtype)
    least = fast_least(run, inputs) if run.fast else np.zeros(len(inputs[0]))
    if run.dtype == "float64":
        x, row = inputs[0], run.function.entry
        if truth(run.name).derivative:
            steepness = np.abs(inputs[1]) if row.name in STEEP else 1.0
            with np.errstate(over="ignore"):
                least[(np.abs(x * steepness) < 8) | getattr(row, "crosses", False)] = 0.125
        elif getattr(row, "crosses", False):
            least = np.abs(x)
    want, off = wide.compare(truth(run.name).text, precision, inputs, results, run.dtype, least)
    with np.errstate(all="ignore"):
        for y, e in zip(results, off, strict=True):
            if run.fast and run.function.fast_unit != "1":
                e[want * y < 0] = np.inf
            if run.fast and not run.function.fast_unit:
                e[flushed(run, inputs, want, y)] = 0
        if all(np.isfinite(a).all() for a in (want, *inputs, *results)):
            return want, off
        # Inputs that are not finite are left to the tests. Beyond the largest number, infinity is correct.
        finite = np.logical_and.reduce([np.isfinite(a) for a in inputs])
        top = (
            np.abs(want) >= float(info.max) * (1 + 2.0 ** -(info.nmant + 2))
            if run.dtype != "float64"
            else np.isinf(want)
        )
        for y, e in zip(results, off, strict=True):
            if run.dtype != "float64":  # an infinity that comes too early counts as the number after the largest
                early = np.isinf(y) & np.isfinite(want) & (np.sign(y) == np.sign(want))
                e[early] = (2.0**info.maxexp - np.abs(want[early])) / 2.0 ** (info.maxexp - 1 - info.nmant)
            e[~finite | (top & ~np.isfinite(y) & (np.sign(y) == np.sign(want)))] = 0
            e[np.isnan(e)] = np.inf
            outside = inputs[0] < getattr(run.function.entry, "least", -np.inf)
            e[outside] = np.where(np.isnan(y[outside]), 0, np.inf)
    return want, off


def flushed(run: Run, inputs: list[Any], want: Any, got: Any) -> Any:
    """Whether a result of fastact.fast may be 0: one that is no normal number (softplus: times beta), where it is the
    unit of the error."""
    f, tiny = run.function, float(np.finfo(run.dtype).tiny)
    size = abs(want) * (abs(inputs[1].astype(np.float64)) if f.kind == "forward" and f.params else 1)
    return (not f.fast_unit) & (size < tiny) & (got == 0)


def misrounded(run: Run, inputs: list[Array], got: Array, off: Array) -> int:
    """The number of results that are not correctly rounded."""
    info = np.finfo(run.dtype)
    margin = np.full(len(off), MARGIN)
    if truth(run.name).derivative:
        with np.errstate(all="ignore"):
            exponent = np.maximum(np.frexp(got.astype(np.float64))[1] - 1, info.minexp)
            margin += np.where(np.abs(inputs[0]) < 2, CANCELLED / np.ldexp(1.0, exponent - info.nmant), 0)
    doubtful = np.flatnonzero(np.abs(off - 0.5) < margin)
    count = int(np.count_nonzero(off > 0.5) - np.count_nonzero(off[doubtful] > 0.5))
    if doubtful.size:
        here = [a[doubtful] for a in inputs]
        _, (closer,) = errors(run, "__float128", here, [got[doubtful]])
        for k in np.flatnonzero((np.abs(closer - 0.5) < 2.0**-40) & (closer != 0.5)):
            closer[k] = 1 if exact_error(run, [a[k] for a in here], got[doubtful[k]]) > mpf("0.5") else 0
        count += int(np.count_nonzero(closer > 0.5))
    return count


def exact_error(run: Run, inputs: list[Any], got: Any) -> mpf:
    """The error against mpmath, in ulp of the exact result."""
    want = truth(run.name).exact(*(mpf(float(v)) for v in inputs))
    scale, row, size = None, run.function.entry, abs(float(inputs[0]))
    if run.fast:
        if flushed(run, inputs, want, float(got)):
            return mpf(0)
        scale = [max(abs(want), mpf(float(fast_least(run, [np.array([v]) for v in inputs])[0])))]
    if run.dtype == "float64" and truth(run.name).derivative:
        steepness = abs(float(inputs[1])) if row.name in STEEP else 1.0
        scale = [max(abs(want), mpf(1) / 8)] if size * steepness < 8 or getattr(row, "crosses", False) else None
    elif run.dtype == "float64" and getattr(row, "crosses", False):
        scale = [max(abs(want), mpf(size))]
    return mpf(float(reference.ulps(np.array([got]), [want], scale)[0]))


def block(run: Run, index: int) -> tuple[int, dict[str, Result]]:
    """The results of one block of inputs, for every level."""
    fastact.set_num_threads(1)
    inputs = (sample if run.sampled else exhaustive)(run, index)
    different: dict[int, Array] = {}  # by checksum of the bits
    sums = {}
    for level in run.levels:
        y = evaluate(run, level, inputs)
        sums[level] = checksum(y)
        different[sums[level]] = y
    precision = "long double" if run.dtype == "float64" else "double"
    _, off = errors(run, precision, inputs, list(different.values()))
    results = {
        crc: judged(run, inputs, y, e) | {"crc": crc} for (crc, y), e in zip(different.items(), off, strict=True)
    }
    return index, {level: results[crc] for level, crc in sums.items()}


def checksum(y: Array) -> int:
    """The checksum of the bits; all NaN have the same bits."""
    y[np.isnan(y)] = np.nan
    return zlib.crc32(memoryview(np.ascontiguousarray(y)).cast("B"))


def checksums(run: Run, index: int) -> list[int]:
    """Checksums of the results of one block, for each level."""
    fastact.set_num_threads(1)
    inputs = exhaustive(run, index)
    return [checksum(evaluate(run, level, inputs)) for level in run.levels]


def digest(checksums: Iterable[int]) -> str:
    return hashlib.sha256(b"".join(c.to_bytes(4, "little") for c in checksums)).hexdigest()[:16]


def unchanged(run: Run, workers: int) -> dict[str, Result]:
    """The kept results of this run, if every level still has the same bits."""
    kept = json.loads(RESULTS.read_text()).get(run.name, {}).get(run.key, {}) if RESULTS.exists() else {}
    if run.sampled or not all(level in kept for level in run.levels):
        return {}
    with ProcessPoolExecutor(workers) as pool:
        blocks = pool.map(checksums, [run] * run.blocks, range(run.blocks), chunksize=16)
        rows = list(tqdm(blocks, total=run.blocks, desc=f"{run.name} {run.key} bits"))
    columns = zip(run.levels, zip(*rows, strict=True), strict=True)
    same = all(digest(crcs) == kept[level]["hash"] for level, crcs in columns)
    return {level: kept[level] for level in run.levels} if same else {}


def judged(run: Run, inputs: list[Array], y: Array, off: Array) -> Result:
    worst = np.argsort(off)[-8:] if run.sampled else np.array([np.argmax(off)])
    if run.dtype == "float64":  # long double has errors of up to 1 ulp after a large exponent
        worst = np.flatnonzero(off > np.minimum(off[worst[0]] - np.where(np.abs(inputs[0]) > 8, 1, 0.25), 3))
    here = [a[worst] for a in inputs]
    _, (closer,) = errors(run, "__float128", here, [y[worst]])
    order = np.argsort(closer)[::-1][:8]
    places = [[float(a[k]).hex() for a in here] for k in order]
    result: Result = {
        "error": float(closer[order[0]]),
        "places": places,
    }
    if not run.sampled:
        if not run.fast:
            result["falls"] = falls(inputs[0], y)
            result["misrounded"] = misrounded(run, inputs, y, off)
        result["binades"] = binades(inputs[0], off)
    return result


def falls(x: Array, y: Array) -> int:
    """How often a result is less than that of the next smaller input, in the order of the bits."""
    negative = np.signbit(x[1:])
    return int(np.count_nonzero(np.where(negative, y[1:] > y[:-1], y[1:] < y[:-1])[negative == np.signbit(x[:-1])]))


def binades(x: Array, off: Array) -> dict[str, float]:
    finite = np.isfinite(x)
    if not finite.any():
        return {}
    info = np.finfo(x.dtype)
    first, last = (int(np.frexp(float(v))[1]) - 1 for v in (x[0], x[-1]))
    sign = "-" if np.signbit(x[0]) else "+"
    if first == last and x[0] != 0 and finite[-1]:
        return {f"{sign}2^{first}": float(off.max())}
    powers = np.where(x == 0, info.minexp - info.nmant - 1, np.frexp(x.astype(np.float64))[1] - 1)
    return {f"{sign}2^{p}": float(off[finite & (powers == p)].max()) for p in np.unique(powers[finite])}


def search(run: Run, level: str, places: list[list[str]]) -> tuple[float, list[float]]:
    """Search near the worst inputs for worse ones."""
    rng = np.random.default_rng(0)
    best = [np.array([float.fromhex(p[k]) for p in places], run.dtype) for k in range(len(places[0]))]
    top = np.zeros(len(places))
    movable = 1 if isinstance(run.function.entry, Activation) else 2
    for _ in range(30):
        near = [np.repeat(a, 256) for a in best]
        for k in range(movable):
            integer = f"i{near[k].itemsize}"
            steps = np.exp2(rng.uniform(0, 16, len(near[k]))).astype(integer) * rng.choice([-1, 1], len(near[k]))
            steps[::256] = 0
            near[k] = (near[k].view(integer) + steps.astype(integer)).view(run.dtype)
            near[k] = np.where(np.isfinite(near[k]), near[k], np.repeat(best[k], 256))
        _, (off,) = errors(run, "__float128", near, [evaluate(run, level, near)])
        pick = off.reshape(-1, 256).argmax(1) + np.arange(len(places)) * 256
        best, top = [a[pick] for a in near], off[pick]
    k = int(top.argmax())
    return float(top[k]), [float(a[k]) for a in best]


def merged(run: Run, blocks: dict[str, dict[str, Result]], level: str) -> Result:
    """Merge the results of all blocks."""
    rows = [blocks[key][level] for key in sorted(blocks, key=int)]
    worst = max(rows, key=lambda row: row["error"])
    place = [float.fromhex(v) for v in worst["places"][0]]
    if run.sampled:
        best = sorted(rows, key=lambda row: -row["error"])[:32]
        _, place = search(run, level, [row["places"][0] for row in best])
    inputs = [np.array([v], run.dtype) for v in place]
    got = evaluate(run, level, inputs)[0]
    found: Result = {
        "error": float(exact_error(run, [a[0] for a in inputs], got)) if worst["error"] else 0.0,
        "input": [float(v).hex() for v in place],
        "got": float(got).hex(),
        "want": float(truth(run.name).exact(*map(mpf, place))).hex(),
        "points": sum(BLOCK if run.sampled else min(BLOCK, 1 << np.finfo(run.dtype).bits) for _ in rows),
    }
    if not run.sampled:
        if not run.fast:
            found["misrounded"] = sum(row["misrounded"] for row in rows)
            found["falls"] = sum(row["falls"] for row in rows)
        found["hash"] = digest(row["crc"] for row in rows)
        found["binades"] = {}
        for row in rows:
            for key, error in row["binades"].items():
                found["binades"][key] = max(error, found["binades"].get(key, 0.0))
    return found


def commit() -> str:
    """The commit that is checked, with a mark when the sources differ from it."""
    words = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


@cache
def fingerprint(level: str) -> str:
    """A hash of the code that is checked: a tree that differs from its commit may change between runs."""
    file = loaded(level).file
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:16]


def check(run: Run, workers: int, fresh: bool, version: str) -> dict[str, Result]:
    """Compute all blocks of one run."""
    KEPT.mkdir(parents=True, exist_ok=True)
    file = KEPT / f"{run.name}-{run.key.replace(' ', '-')}{'-quick' * run.quick}.json"
    key = {"commit": version, "levels": {level: fingerprint(level) for level in run.levels}}
    state: dict[str, Any] = json.loads(file.read_text()) if file.exists() and not fresh else {}
    if {k: state.get(k) for k in key} != key:
        state = key | {"blocks": {}}
    blocks = state["blocks"]
    for precision in ("double", "long double", "__float128"):  # once, before the processes need it
        wide.library(truth(run.name).text, precision)
    missing = [i for i in range(run.blocks) if str(i) not in blocks]
    done = run.blocks - len(missing)
    with (
        ProcessPoolExecutor(workers) as pool,
        tqdm(total=run.blocks, initial=done, desc=f"{run.name} {run.key}") as bar,
    ):
        jobs = [pool.submit(block, run, i) for i in missing]
        try:
            for count, job in enumerate(as_completed(jobs), 1):
                index, results = job.result()
                blocks[str(index)] = results
                bar.update()
                if count % 512 == 0:
                    file.write_text(json.dumps(state))
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        finally:
            file.write_text(json.dumps(state))
    return {level: merged(run, blocks, level) for level in run.levels}


def lines(run: Run, results: dict[str, Result], binades: bool) -> Iterator[str]:
    for level, r in results.items():
        at = ", ".join(f"{v} ({float.fromhex(v):.9g})" for v in r["input"])
        text = f"{run.name} {run.key} {level}: {r['error']:.4f} ulp at {at}, got {r['got']}, want {r['want']}"
        if "misrounded" in r:
            text += f"; {r['misrounded']} not correctly rounded; falls {r['falls']} times"
        text += f"; bits {r['hash']}" if "hash" in r else ""
        yield text
        if binades:
            for key, error in r.get("binades", {}).items():
                yield f"    {key:>7} {error:.4f}"


def keep(run: Run, results: dict[str, Result], version: str) -> None:
    """Write the file from which docs/accuracy.md is made, and against which the bounds are tested."""
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    levels = kept.setdefault(run.name, {}).setdefault(run.key, {})
    for level, r in results.items():
        levels[level] = {k: v for k, v in r.items() if k != "binades"} | {"commit": version}
    RESULTS.parent.mkdir(exist_ok=True)
    functions = []
    for function in (name for name in CHECKED if name in kept):
        lines = (f"  {json.dumps(key)}: {json.dumps(dict(sorted(v.items())))}" for key, v in kept[function].items())
        functions.append(f" {json.dumps(function)}: {{\n" + ",\n".join(lines) + "\n }")
    RESULTS.write_text("{\n" + ",\n".join(functions) + "\n}\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("functions", nargs="*", metavar="FUNCTION", help="all if none is named")
    parser.add_argument("--dtype", action="append", choices=("float16", "float32", "float64"), help="default: float32")
    parser.add_argument(
        "--level", action="append", choices=fastact.available_levels(), help="default: all usable levels"
    )
    parser.add_argument("--threads", type=int, default=fastact.get_num_threads(), help="processes")
    parser.add_argument("--binades", action="store_true", help="the largest error of each binade")
    parser.add_argument("--quick", action="store_true", help="a few million inputs instead of 2^32 or 10^8")
    parser.add_argument("--fast", action="store_true", help="only fastact.fast")
    parser.add_argument("--fresh", action="store_true", help="ignore the results of earlier runs")
    parser.add_argument("--keep", action="store_true", help=f"all dtypes, and write {RESULTS.relative_to(ROOT)}")
    options = parser.parse_args()
    for name in options.functions:
        if name not in CHECKED:
            parser.error(f"{name} is not one of {', '.join(CHECKED)}")
    levels = tuple(options.level or fastact.available_levels())
    dtypes = options.dtype or (["float16", "float64", "float32"] if options.keep else ["float32"])
    version = commit()
    print(f"commit {version}, NumPy {np.__version__}")
    for dtype in dtypes:
        for name in options.functions or CHECKED:
            every = [] if options.fast else list(runs(name, dtype, levels, options.quick))
            every += fast_runs(name, levels, options.quick) if dtype == "float32" else []
            for run in every:
                workers = max(1, options.threads)
                results = unchanged(run, workers) if options.keep and not options.fresh else {}
                results = results or check(run, workers, options.fresh, version)
                print(*lines(run, results, options.binades), sep="\n", flush=True)
                if options.keep:
                    keep(run, results, version)
    return 0


if __name__ == "__main__":
    sys.exit(main())
