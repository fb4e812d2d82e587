"""fastact.precise is correctly rounded in float32, with default parameters: at the hard cases that
src/fastact/core/hard_cases.c lists, at their neighbours, and near zeros, against mpmath and on every level.

tools/hard_cases.py finds the hard cases, and compares the results of all 2^32 inputs with its oracle.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import mpmath
import numpy as np
import pytest
import reference
from conftest import complete
from mpmath import mp, mpf

import fastact
from fastact import _dispatch

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "src" / "fastact" / "core" / "hard_cases.c"
LEVELS = fastact.available_levels()
USUAL = ("silu", "gelu_tanh_derivative", "tanh_shrink")  # the usual run has these alone


class Run(NamedTuple):
    first: float
    last: float
    side: str


def read() -> tuple[dict[str, list[Run]], set[str]]:
    """The runs of each function; the functions that have their own."""
    text, row = FILE.read_text() if FILE.exists() else "", r"\{(\S+)f, (\S+)f, (\w+)\}"
    runs = {
        name: [Run(float.fromhex(a), float.fromhex(b), side) for a, b, side in re.findall(row, body)]
        for name, body in re.findall(r"(\w+)_runs\[\] = \{(.*?)^\};", text, re.M | re.S)
    }
    return {name: runs[of] for name, of in re.findall(r"^    CASES\((\w+), (\w+), ", text, re.M)}, set(runs)


RUNS, OWN = read()
pytestmark = pytest.mark.skipif(not RUNS, reason="needs the source tree")
listed = pytest.mark.parametrize("name", [n if n in USUAL else pytest.param(n, marks=complete) for n in RUNS])


# Derivatives that may be a midpoint between these x; xielu has the parameters 0.8 and 1/2
POLYNOMIAL = {
    "hard_swish_derivative": (-3.0, 3.0, lambda x: (2 * x + 3) / 6),
    "xielu_derivative": (0.0, np.inf, lambda x: 2 * mpf(float(np.float32(0.8))) * x + mpf(1) / 2),
}


def exact(name: str, x: float) -> mpf:
    """The result; where it differs from a midpoint by less than the digits show, with the sign of the difference."""
    function = name.removesuffix("_derivative")
    if name in POLYNOMIAL and POLYNOMIAL[name][0] < x < POLYNOMIAL[name][1]:
        return POLYNOMIAL[name][2](mpf(x))
    f = (reference.derivative if name != function else reference.formula)(function)
    y = f(mpf(x), *(mpf(float(np.float32(d))) for _, d in reference.ROWS[function].params))
    if (name == "tanh_shrink" and abs(x) > 100) or (name == "xielu" and x < -100):
        y += mpmath.sign(y) * mpf(10) ** -60  # 2 e^-2x, or alpha_n e^x
    return y


def rounded(y: mpf) -> tuple[float, mpf]:
    """The nearest float32 number, with an even last digit where there are two; the distance from the next midpoint, in
    ulp of double."""
    exponent = max(int(mpmath.frexp(y)[1]) - 1 if y else -126, -126)
    units = abs(y) * mpf(2) ** (23 - exponent)
    below = int(mpmath.floor(units))
    rest = units - below - mpf(1) / 2
    size = (below + (rest > 0 or (rest == 0 and below % 2))) * mpf(2) ** (exponent - 23)
    return float(mpmath.sign(y) * (size if size < mpf(2) ** 128 else mpf("inf"))), abs(rest) * 2**29


def assert_right(name: str, x: np.ndarray, want: list[float]) -> None:
    defaults = [np.float32(d) for _, d in reference.ROWS[name.removesuffix("_derivative")].params]
    for level in LEVELS:
        with np.errstate(all="ignore"):
            got = _dispatch.load(level).precise[name](x, *defaults)
        wrong = np.flatnonzero(got != np.array(want, np.float32))
        assert got.dtype == np.float32
        for k in wrong[:1]:
            pytest.fail(f"{name}({float(x[k]).hex()}) is {got[k]!r} on {level}, not {want[k]!r}")


def zero(name: str) -> float:
    """Where the function is zero, other than at 0; or 0."""
    x = np.linspace(-8, -0.25, 1000)
    y = [exact(name, float(v)) for v in x]
    return float(next((a for a, u, v in zip(x, y, y[1:], strict=False) if u * v < 0), 0.0))


@listed
def test_the_ends_of_runs_are_hard(name: str, step: int) -> None:
    """And rounded correctly, as are their neighbours and what lies between."""
    rng = np.random.default_rng(0)
    near, far = [], []
    with mp.workdps(200):
        for run in RUNS[name][:: step if len(RUNS[name]) > 50 else 1]:
            bits = [int(np.float32(v).view(np.uint32)) for v in (run.first, run.last)]
            assert bits[0] <= bits[1]
            for end in sorted(set(bits)):
                x = float(np.uint32(end).view(np.float32))
                y = exact(name, x)
                want, distance = rounded(y)
                near.append((x, want))
                if name not in OWN:
                    continue
                side = "TIE" if distance == 0 else "ABOVE" if abs(want) > abs(y) else "BELOW"
                assert side == run.side, f"{name}({x.hex()})"
                near_zero = bits[0] == bits[1] and abs(y) < 0.2 and -8 < x < -0.25  # the unit is larger
                assert distance <= 16 or near_zero, f"{name}({x.hex()})"
            others = {bits[0] - 1, bits[0] + 1, bits[1] + 1, int(rng.integers(bits[0], bits[1] + 1))} - set(bits)
            inputs = [float(np.uint32(b % 2**32).view(np.float32)) for b in others]
            far += [(x, rounded(exact(name, x))[0]) for x in inputs if np.isfinite(x)]
    for pairs in (near, far):
        assert_right(name, np.array([x for x, _ in pairs], np.float32), [y for _, y in pairs])


@listed
def test_near_a_zero(name: str, step: int) -> None:
    """Where results are so small that the scan for hard cases does not see all of them: one by one."""
    least = zero(name)
    if not least:
        return
    low, high = np.float32(least), np.float32(least + 0.01)
    while np.nextafter(low, high) < high:  # bisection
        middle = np.float32((float(low) + float(high)) / 2)
        low, high = (middle, high) if exact(name, float(low)) * exact(name, float(middle)) > 0 else (low, middle)
    x = (np.float32(low).view(np.uint32) + np.arange(-96, 96, step, dtype=np.int64)).astype(np.uint32).view(np.float32)
    assert_right(name, x, [rounded(exact(name, float(v)))[0] for v in x])


def test_any_layout() -> None:
    """A hard case has the same result wherever it is, and however it is given."""
    for name, text in (("sigmoid", "-0x1.a6p-17"), ("swish", "0x1p-149"), ("silu_derivative", "0x1.250c04p-10")):
        hard = float.fromhex(text)
        f = getattr(fastact.precise, name)
        x = np.full((37, 41), 0.5, np.float32)
        x[::3, 5:] = hard
        want = np.where(x == 0.5, f(np.float32(0.5)), np.float32(rounded(exact(name, hard))[0]))
        for view, result in ((x, want), (x.T, want.T), (x[:, ::-3], want[:, ::-3]), (x[::5, 7], want[::5, 7])):
            np.testing.assert_array_equal(f(view), result)
        assert f(np.float32(hard)) == want[0, 5]


def test_other_parameters() -> None:
    """The list is that of the default parameters."""
    x = np.array([2.0**-149, 3 * 2.0**-149, 3.0], np.float32)
    got = fastact.precise.swish(x, np.array([1.0, 2.0, 2.0], np.float32))
    with mp.workdps(200):
        want = [reference.formula("swish")(mpf(float(v)), mpf(beta)) for v, beta in zip(x, (1, 2, 2), strict=True)]
    np.testing.assert_array_equal(got[[0, 2]], [rounded(want[0])[0], rounded(want[2])[0]])
    assert abs(got[1] - float(want[1])) <= 2.0**-149


def test_exact_in_float() -> None:
    """Functions that float rounds correctly have its bits."""
    x = reference.points(np.float32, 1000)
    for name, params in (("relu", ()), ("leaky_relu", (0.01,)), ("prelu", (0.25,)), ("soft_shrink", (0.5,))):
        np.testing.assert_array_equal(getattr(fastact.precise, name)(x, *params), getattr(fastact, name)(x, *params))


@pytest.fixture(scope="module")
def tool() -> Iterator[ModuleType]:
    """tools/hard_cases.py, which needs a C compiler with quadruple precision."""
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import hard_cases

        hard_cases.wide.library(hard_cases.oracle("sigmoid").text, "__float128")
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no C compiler with quadruple precision: {error}")
    finally:
        sys.path.remove(str(ROOT / "tools"))
    yield hard_cases
    fastact.set_num_threads(None)


@pytest.mark.parametrize("name", ["sigmoid", *(pytest.param(n, marks=complete) for n in RUNS if n != "sigmoid")])
def test_a_part_of_all_inputs(tool: ModuleType, name: str) -> None:
    """What the tool does for all inputs, for those of [1, 1.5) and, where there is a result, (-1.5, -1]: they are
    rounded correctly, and their hard cases are listed."""
    for first in (0x3F800000, 0xBF800000)[: 1 if tool.CHECKED[name].entry.least == 0 else 2]:
        for level in LEVELS:
            bits, side, _, wrong, error = tool.part(name, level, first)
            assert wrong == 0 and error < tool.MARGIN
        for one, where in zip(bits, side, strict=True):
            x = float(np.uint32(one).view(np.float32))
            assert any(tool.inside(run, x) and run.side == tool.SIDES[where] for run in RUNS[name])
