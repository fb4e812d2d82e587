"""Every bound of the catalogue on 10,000 inputs a function and dtype, against the formula in quadruple precision.

The complete suite takes 20,000. float16 is tested at all of its numbers, for correct rounding. tools/exhaustive.py does
the same at 2^32 or 10^8 inputs.
"""

import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from reference import SWITCHES

import fastact
from fastact.catalogue import FUNCTIONS, Activation, Function, Gate

ROOT = Path(__file__).resolve().parent.parent
CHECKED = [f for f in FUNCTIONS if f.kind in ("forward", "derivative")]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """tools/exhaustive.py, which needs the source tree and a C compiler with quadruple precision."""
    if not (ROOT / "tools").is_dir():
        pytest.skip("needs the source tree")
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import exhaustive

        exhaustive.truth("sigmoid")
        exhaustive.wide.library(exhaustive.truth("sigmoid").text, "__float128")
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no C compiler with quadruple precision: {error}")
    finally:
        sys.path.remove(str(ROOT / "tools"))
    return exhaustive


def edges(dtype: type) -> np.ndarray:
    """Places where kernels change, with their neighbours, and the ends of the range."""
    info = np.finfo(dtype)
    with np.errstate(all="ignore"):
        x = SWITCHES.astype(dtype)
    ends = np.array([0, 1, info.tiny, info.smallest_subnormal, info.max], dtype)
    x = np.concatenate([x[np.isfinite(x)], ends])
    x = np.concatenate([x, *(np.nextafter(x[:-1], dtype(to)) for to in (0, np.inf))])
    return np.concatenate([x, -x])


@pytest.mark.parametrize("checked", CHECKED, ids=lambda f: f.name)
def test_bound(tool: ModuleType, checked: Function, real: type, step: int) -> None:
    run = tool.Run(checked.name, np.dtype(real).name, True, (fastact.level,))
    promised = checked.bound(run.dtype, fastact._dispatch.kernels.fma)
    assert_bound(tool, run, promised, 0.4 * promised, step)


@pytest.mark.parametrize("checked", [f for f in CHECKED if f.fast], ids=lambda f: f.name)
def test_fast_bound(tool: ModuleType, checked: Function, step: int) -> None:
    """One bound for all levels."""
    run = tool.Run(checked.name, "float32", True, (f"{fastact.level} fast",), fast=True)
    assert_bound(tool, run, checked.fast, 0.3 * checked.fast, step)


def assert_bound(tool: ModuleType, run: Any, promised: float, expected: float, step: int) -> None:
    """No error above `promised`, and one of at least `expected`: otherwise these inputs do not test the bound."""
    checked = run.function
    inputs = [a[:: max(1, step // 4)] for a in tool.sample(run, 1000, 20_000)]
    real = np.dtype(run.dtype).type
    more = edges(real)
    second = [np.array([1, 0.25, -1.75])] if isinstance(checked.entry, Gate) else []
    ones = [np.resize(d, len(more)) for d in (*second, *tool.truth(checked.name).defaults)]
    inputs = [np.concatenate([a, b.astype(real)]) for a, b in zip(inputs, [more, *ones], strict=True)]
    got = tool.evaluate(run, run.levels[0], inputs)
    want, (off,) = tool.errors(run, "__float128", inputs, [got])
    k = int(np.argmax(off))
    place = ", ".join(repr(a[k]) for a in inputs)
    assert round(off[k], 4) <= promised, f"{checked.name}({place}) = {got[k]!r}, not {want[k]!r}: {off[k]:.3f} ulp"
    assert off[k] >= expected


@pytest.mark.parametrize("checked", [f for f in CHECKED if isinstance(f.entry, Activation)], ids=lambda f: f.name)
def test_float16_is_correctly_rounded(tool: ModuleType, checked: Function) -> None:
    run = tool.Run(checked.name, "float16", False, (fastact.level,))
    inputs = tool.exhaustive(run, 0)
    got = tool.evaluate(run, fastact.level, inputs)
    _, (off,) = tool.errors(run, "double", inputs, [got])  # `misrounded` looks closer where that is in doubt
    assert np.isfinite(off).all()
    assert tool.misrounded(run, inputs, got, off) == 0


@pytest.mark.parametrize("name", ["elu", "sigmoid", "tanh", "softplus", "softsign"])
def test_the_reference_is_the_formula(tool: ModuleType, name: str) -> None:
    """The C translation of the formula and of its derivative, against mpmath."""
    for function in (f for f in CHECKED if f.entry.name == name):
        run = tool.Run(function.name, "float64", True, (fastact.level,))
        inputs = [a[::97] for a in tool.sample(run, 1, 1 << 13)]
        got = tool.evaluate(run, fastact.level, inputs)
        _, (off,) = tool.errors(run, "__float128", inputs, [got])
        for k in range(len(got)):
            exact = tool.exact_error(run, [a[k] for a in inputs], got[k])
            assert abs(off[k] - float(exact)) < 1e-6, (function.name, [a[k] for a in inputs])
