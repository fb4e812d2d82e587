"""Find the float32 inputs whose results are hard to round, and write src/fastact/core/hard_cases.c.

    python tools/hard_cases.py                   every function of one number, and its derivative; under an hour
    python tools/hard_cases.py silu gelu         these functions; the others are kept
    python tools/hard_cases.py --check           compare fastact.precise with the oracle for all 2^32 inputs

A result is hard to round where it lies within 16 ulp of double of a midpoint between two floats: a kernel in double may
be on the wrong side of it. Such inputs are a property of the function, not of a kernel. The oracle that finds them is
the formula of the catalogue in C (tools/wide.py), and uses nothing of fastact's arithmetic. It computes all 2^32 inputs
in double precision, where an error of 2^12 ulp would do no harm. That leaves one in 4,000, of which quadruple precision
finds out on which side of the midpoint the result lies. What quadruple precision cannot decide, an inequality decides
(LEADS in tools/wide.py), or mpmath. Finally mpmath decides again, for both ends of every run of hard cases, and for
every hard case of a function that has fewer than 500.

Near a zero that is not at 0, errors are not relative: there 16 ulp are those of FLOORS, from half the zero to three
halves of it.

The file has the hard cases in the order of the bits of the inputs. Those that follow one another on the same side of
their midpoints are one run; those near a zero stand alone.

--check also measures the error of the double kernels, at the inputs that are left to quadruple precision: it must stay
below 8 ulp for the results to be right. Results that are compared go to tests/data/precise.json.
"""

import argparse
import ctypes
import hashlib
import itertools
import json
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import mpmath
import numpy as np
import wide
from exhaustive import CHECKED, commit, loaded, truth
from mpmath import mp, mpf
from tqdm import tqdm

import fastact
from fastact.catalogue import Activation
from fastact.catalogue.derived import textbook

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "src" / "fastact" / "core" / "hard_cases.c"
RESULTS = ROOT / "tests" / "data" / "precise.json"
PART = 1 << 22  # inputs at once
PIECE = 1 << 15
LEFT = 2.0**16  # ulp of double: what the oracle in double leaves to quadruple precision
TRUSTED = 2.0**12  # the error that it may have
HARD = 16.0
MARGIN = 8  # what is so near to a midpoint is looked up; twice this is HARD
# The same for functions with a zero that is not at 0; one of them has a hard case so near to it that a kernel is on the
# wrong side
WIDE = 1 << 18
WIDER = {"xielu_derivative": 1 << 25}
SURE = 2.0**-92  # of a result: a distance from the midpoint that quadruple precision leaves to mpmath
FEW = 500
FLOORS = {"forward": 1.0, "derivative": 0.125}
POLYNOMIAL = ("xielu", "xielu_derivative")  # for x > 0, where a result has few digits
EASY, ABOVE, BELOW, TIE, UNDECIDED = range(5)
SIDES = {ABOVE: "ABOVE", BELOW: "BELOW", TIE: "TIE"}
# Functions of one number, with defaults for all parameters, that a float kernel does not round correctly
NAMES = [
    name
    for name, f in CHECKED.items()
    if isinstance(f.entry, Activation) and f.margin and None not in dict(f.entry.params).values()
]
# With default parameters they are another function, or differ from it where nothing is hard to round
SAME = {
    "celu": "elu", "elu_derivative": "exponential", "celu_derivative": "exponential",
    "exponential_derivative": "exponential", "softplus_derivative": "sigmoid", "swish": "silu",
    "swish_derivative": "silu_derivative", "clipped_gelu": "gelu", "clipped_gelu_derivative": "gelu_derivative",
}  # fmt: skip
# A kernel in double has all digits of these
EXACT = ("rrelu", "rrelu_derivative", "relu2", "relu2_derivative", "hard_sigmoid_derivative", "sparse_plus_derivative",
         "shrink", "shrink_derivative")  # fmt: skip
LISTED = [n for n in NAMES if n not in SAME and n not in EXACT]

Array = np.ndarray[Any, np.dtype[Any]]


class Run(NamedTuple):
    """Hard cases that follow one another, on the same side of their midpoints."""

    first: float
    last: float
    side: int
    count: int


class Oracle:
    """The formula of one function: in C, and in mpmath."""

    def __init__(self, name: str) -> None:
        f = CHECKED[name]
        self.name, self.exact = name, truth(name).exact
        self.params = [float(np.float32(d)) for d in truth(name).defaults]
        x = np.linspace(-8, -0.25, 100_001)
        y, _ = wide.compare(truth(name).text, "double", [x, *self.filled(len(x))], [], "float64", np.zeros(len(x)))
        zeros = x[1:][y[1:] * y[:-1] < 0]
        self.near_zero = (1.5 * zeros[0], 0.5 * zeros[0], FLOORS[f.kind]) if zeros.size else (0.0, 0.0, 0.0)
        text = wide.rounding_source(textbook(f.entry), f.inputs, f.kind == "derivative", self.near_zero)
        self.hash = hashlib.sha256(text.encode()).hexdigest()[:12]
        self.text = text + wide.MIDPOINTS

    def filled(self, n: int) -> list[Array]:
        return [np.full(n, d) for d in self.params]


oracle = cache(Oracle)


def pointer(a: Array) -> ctypes.c_void_p:
    return ctypes.c_void_p(a.ctypes.data)


def scan(name: str, first: int, got: Array | None) -> tuple[Array, Array, int]:
    """Inputs that are left to quadruple precision, and their results; of the others, the number for which `got` is
    wrong."""
    found, values = np.empty(PART, np.uint32), np.empty(PART)
    different = ctypes.c_long()
    library = wide.library(oracle(name).text, "double", vectors=True)
    library.scan.restype = ctypes.c_long
    count = library.scan(
        ctypes.c_uint32(first), ctypes.c_long(PART), pointer(np.array([*oracle(name).params, 0.0])),
        ctypes.c_double(LEFT), None if got is None else pointer(got), pointer(found), pointer(values),
        ctypes.byref(different),
    )  # fmt: skip
    finite = np.isfinite(found[:count].view(np.float32)) & np.isfinite(values[:count])
    return found[:count][finite], values[:count][finite], different.value


def judge(name: str, x: Array) -> tuple[Array, Array, Array]:
    """Results, their distances from midpoints in ulp of double, away from zero, and their sides."""
    inputs = [x.astype(np.float64), *oracle(name).filled(len(x))]
    want, distance, side = np.empty(len(x)), np.empty(len(x)), np.empty(len(x), np.int32)
    wide.library(oracle(name).text, "__float128").sides(
        wide.pointers(inputs), ctypes.c_long(len(x)), ctypes.c_double(HARD), ctypes.c_double(SURE), pointer(want),
        pointer(distance), pointer(side),
    )  # fmt: skip
    for k in np.flatnonzero(side == UNDECIDED):
        side[k] = decide(name, float(x[k]))
    return want, distance, side


def decide(name: str, x: float) -> int:
    """The side by mpmath. Differences of a function give a third of the digits of its derivative."""
    for digits in (60, 150):
        with mp.workdps(digits):
            y = abs(oracle(name).exact(mpf(x), *map(mpf, oracle(name).params)))
            exponent = max(int(mpmath.frexp(y)[1]) - 1, -126)
            twice = y * mpf(2) ** (24 - exponent)
            midpoint = 2 * mpmath.floor(twice / 2) + 1
            if abs(twice - midpoint) > mpf(10) ** (-digits / 3):
                return ABOVE if twice > midpoint else BELOW
    if x > 0 and name in POLYNOMIAL:
        return TIE
    raise ArithmeticError(f"{name}({x.hex()}) is {mpmath.nstr(y, 60)}, which 150 digits do not round")


def ulp(name: str, x: Array, y: Array) -> Array:
    """The unit of errors of results in double."""
    low, high, least = oracle(name).near_zero
    size = np.maximum(np.abs(y), 2.0**-126)
    return np.spacing(np.where((x > low) & (x < high), np.maximum(size, least), size))


def simple(name: str, first: int) -> tuple[np.float32, np.float32] | None:
    """The correctly rounded results of PART inputs as a factor of x and a constant, where both ends are within 2^-30 of
    x times a power of two, or within 2^-32 of one number that is not near a midpoint, or nearly zero, or overflow. For
    |x| less than 2^-20 or more than 32, functions and f/x are monotonic."""
    x = np.array([first, first + PART - 1], np.uint32).view(np.float32)
    size = np.abs(x.astype(np.float64))
    if not np.isfinite(x).all() or (size.max() > 2.0**-20 and size.min() < 32):
        return None
    y, distance, _ = judge(name, x)
    none = np.float32(0)
    if np.abs(y).max() < 2.0**-152:
        return none, none
    if np.abs(y).min() > 2.0**128:
        return none, np.float32(np.copysign(np.inf, y[0]))
    if not np.abs(y).max() < 2.0**127:
        return None
    if abs(y[1] - y[0]) <= 2.0**-32 * abs(y[0]) and np.abs(distance).min() > 2.0**24:
        return none, np.float32(y[0])
    if np.abs(y).min() >= 2.0**-126 and size.min() > 0:
        ratio = y / x
        power = np.exp2(np.round(np.log2(np.abs(ratio[0])))) * np.sign(ratio[0])
        if (np.abs(ratio - power) <= 2.0**-30 * np.abs(power)).all():
            return np.float32(power), none
    return None


def results(name: str, level: str, first: int) -> Iterator[tuple[Array, Array]]:
    """The inputs of a part and the results of fastact.precise, in pieces that stay in the cache."""
    fastact.set_num_threads(1)
    f, params = loaded(level).precise[name], [np.float32(d) for d in oracle(name).params]
    bits, y = np.arange(first, first + PIECE, dtype=np.uint32), np.empty(PIECE, np.float32)
    with np.errstate(all="ignore"):
        for _ in range(PART // PIECE):
            f(bits.view(np.float32), *params, y)
            yield bits.view(np.float32), y
            bits += np.uint32(PIECE)


def different(name: str, level: str, first: int, factor: np.float32, constant: np.float32) -> int:
    """How many results of fastact.precise are not factor*x, or else the constant."""
    return sum(int(np.count_nonzero(y != (x * factor if factor else constant))) for x, y in results(name, level, first))


def part(name: str, level: str, first: int) -> tuple[Array, Array, Array, int, float]:
    """The hard cases among PART inputs: bits, sides, and whether they are near a zero. With a level, also how many
    results of fastact.precise are not correctly rounded, and the largest error of the double kernel."""
    known, params = simple(name, first), oracle(name).params
    if known is not None:
        none = np.empty(0, np.uint32)
        return none, none, none, different(name, level, first, *known) if level else 0, 0.0
    got = None
    if level:
        got = np.concatenate([y.copy() for _, y in results(name, level, first)])
    bits, values, wrong = scan(name, first, got)
    x = bits.view(np.float32)
    want, distance, side = judge(name, x)
    off = np.abs(values - want) / ulp(name, x, want)
    if off.max(initial=0) > TRUSTED:
        raise ArithmeticError(f"{name}({float(x[off.argmax()]).hex()}) is off by {off.max():.0f} ulp in the oracle")
    worst = 0.0
    if got is not None:
        wrong += int(np.count_nonzero(got[bits - np.uint32(first)] != rounded(want, side)))
        with np.errstate(all="ignore"):
            double = loaded(level).ufuncs[name](x.astype(np.float64), *params)
        worst = float(np.max(np.abs(double - want) / ulp(name, x, want), initial=0))
    hard = side != EASY
    relative = np.abs(distance) * ulp(name, x, want) <= HARD * np.spacing(np.maximum(np.abs(want), 2.0**-126))
    return bits[hard], side[hard], ~relative[hard], wrong, worst


def rounded(want: Array, side: Array) -> Array:
    """Results in double, on these sides of their midpoints, as floats."""
    size = np.abs(want)
    least = np.where(size < 2.0**-126, 2.0**-126, 0)
    size = size + least
    bits = size.view(np.int64)
    offset = np.select([side == ABOVE, side == BELOW], [1, -1], 0)
    middle = (((bits >> 29) << 29) + (1 << 28) + offset).view(np.float64)
    with np.errstate(all="ignore"):
        return np.copysign(np.where(side == EASY, size, middle) - least, want).astype(np.float32)


def parts(name: str) -> list[int]:
    """Where each part begins: finite numbers of either sign, for which the function is not NaN."""
    negative = [] if CHECKED[name].entry.least == 0 else [*range(0x80000000, 0xFF800000, PART)]
    return [*range(0, 0x7F800000, PART), *negative]


def runs(bits: Array, side: Array, alone: Array) -> Iterator[Run]:
    """Hard cases, in the order of their bits, as runs."""
    x = bits.view(np.float32)
    ends = (side[1:] != side[:-1]) | alone[1:] | alone[:-1] | (np.signbit(x[1:]) != np.signbit(x[:-1]))
    edges = np.concatenate([[0], np.flatnonzero(ends) + 1, [len(bits)]]) if len(bits) else np.zeros(1, int)
    for a, b in itertools.pairwise(edges):
        yield Run(float(x[a]), float(x[b - 1]), int(side[a]), int(b - a))


def every_part(name: str, level: str, pool: ProcessPoolExecutor) -> list[tuple[Array, Array, Array, int, float]]:
    firsts = parts(name)
    jobs = pool.map(part, [name] * len(firsts), [level] * len(firsts), firsts, chunksize=4)
    return list(tqdm(jobs, desc=f"{name} {level}", total=len(firsts)))


def find(name: str, pool: ProcessPoolExecutor) -> list[Run]:
    """The runs of hard cases of a function, all decided again by mpmath where they are few."""
    made = every_part(name, "", pool)
    bits, side, alone = (np.concatenate([m[k] for m in made]) for k in range(3))
    found = list(runs(bits, side, alone))
    again = bits.view(np.float32) if len(bits) < FEW else [x for run in found for x in (run.first, run.last)]
    for x in again:
        run = next(r for r in found if inside(r, float(x)))
        want, distance, _ = judge(name, np.array([x], np.float32))
        by_quad = abs(distance[0]) * np.spacing(max(abs(want[0]), 2.0**-126)) > 2.0**-80 * abs(want[0])
        if by_quad and decide(name, float(x)) != run.side:
            raise ArithmeticError(f"{name}({float(x).hex()}): mpmath does not agree")
    return found


def order(x: float) -> int:
    return int(np.float32(x).view(np.uint32))


def inside(run: Run, x: float) -> bool:
    return order(run.first) <= order(x) <= order(run.last)


HEAD = """\
/* float32 inputs whose results are hard to round: written by tools/hard_cases.py, which says what that means.
 *
 * A run is {first input, last input, side of the midpoint}, in the order of the bits; then how many hard cases it has.
 * ABOVE is away from zero. After the name of a function: the hash of the oracle that found its hard cases. */
#include "hard_cases.h"

#define ABOVE 1
#define BELOW (-1)
#define TIE 0
#define CASES(name, of, margin) {#name, of##_runs, (int)(sizeof of##_runs / sizeof *of##_runs), margin}
"""


def read() -> dict[str, tuple[str, list[Run]]]:
    """The file: the oracle and the runs of each function."""
    text = FILE.read_text() if FILE.exists() else ""
    codes = {word: code for code, word in SIDES.items()}
    kept = {}
    for name, found_by, body in re.findall(r"(\w+)_runs\[\] = \{ /\* (\w+) \*/\n(.*?)^\};", text, re.M | re.S):
        rows = re.findall(r"\{(\S+)f, (\S+)f, (\w+)\}, /\* (\d+) \*/", body)
        kept[name] = found_by, [Run(float.fromhex(a), float.fromhex(b), codes[c], int(n)) for a, b, c, n in rows]
    return kept


def short(x: float) -> str:
    return re.sub(r"\.?0+p", "p", x.hex())


def write(kept: dict[str, tuple[str, list[Run]]]) -> None:
    text = [HEAD]
    names = [name for name in LISTED if name in kept and kept[name][1]]
    for name in names:
        found_by, runs_of = kept[name]
        text.append(f"static const fa_hard_run {name}_runs[] = {{ /* {found_by} */")
        text += [f"    {{{short(r.first)}f, {short(r.last)}f, {SIDES[r.side]}}}, /* {r.count} */" for r in runs_of]
        text.append("};\n")
    text.append("const fa_hard_cases fa_all_hard_cases[] = {")
    for name in NAMES:
        of = SAME.get(name, name)
        if of in names:
            margin = WIDER.get(of, WIDE) if oracle(of).near_zero[2] else MARGIN
            text.append(f"    CASES({name}, {of}, {margin}),")
    text += ["    {NULL, NULL, 0, 0},", "};", ""]
    FILE.write_text("\n".join(text))


def check(name: str, level: str, pool: ProcessPoolExecutor, version: str) -> dict[str, Any]:
    """All results of fastact.precise on a level against the oracle."""
    made = every_part(name, level, pool)
    return {
        "misrounded": sum(m[3] for m in made),
        "error": round(max(m[4] for m in made), 3),
        "hard": sum(len(m[0]) for m in made),
        "oracle": oracle(name).hash,
        "commit": version,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("functions", nargs="*", metavar="FUNCTION", help="all if none is named")
    parser.add_argument("--check", action="store_true", help="compare fastact.precise with the oracle")
    parser.add_argument("--level", action="append", choices=fastact.available_levels(), help="default: all usable")
    parser.add_argument("--threads", type=int, default=fastact.get_num_threads(), help="processes")
    options = parser.parse_args()
    every = NAMES if options.check else LISTED
    for name in options.functions:
        if name not in every:
            parser.error(f"{name} is not one of {', '.join(every)}")
    wrong, version = 0, commit()
    for name in options.functions or every:
        for precision, vectors in (("double", True), ("double", False), ("__float128", False)):
            wide.library(oracle(name).text, precision, vectors)
        with ProcessPoolExecutor(options.threads) as pool:
            if not options.check:
                kept = read()
                kept[name] = oracle(name).hash, find(name, pool)
                write(kept)
                print(f"{name}: {len(kept[name][1])} runs of hard cases", flush=True)
            for level in (options.level or fastact.available_levels()) if options.check else ():
                result = check(name, level, pool, version)
                wrong += result["misrounded"]
                print(f"{name} {level}: {result}", flush=True)
                found = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
                found.setdefault(name, {})[level] = result
                ordered = {n: found[n] for n in NAMES if n in found}
                lines = (f" {json.dumps(n)}: {json.dumps(dict(sorted(r.items())))}" for n, r in ordered.items())
                RESULTS.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
