"""Shared by test files: entries of the catalogue as parameters, inputs for any function, commands that must fail."""

import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import fastact
from fastact import levels
from fastact.catalogue import ACTIVATIONS, FUNCTIONS, GATES, Function, Gate
from fastact.cli.main import main

DTYPES = (np.float16, np.float32, np.float64)


# Above these values, functions that grow faster than x overflow in float16.
TOPS = {"exponential": 8.0, "relu2": 100.0, "xielu": 100.0, "log_ndtr": 100.0}


def ids(value: object) -> str:
    return getattr(value, "__name__", None) or getattr(value, "name", None) or str(value)


complete = pytest.mark.complete


def shape(function: Function | Gate) -> tuple[object, ...]:
    """What loops and calls depend on beside the kernel itself: functions that agree in this take the same paths."""
    f = function if isinstance(function, Function) else next(g for g in FUNCTIONS if g.entry is function)
    counts = tuple(map(len, (f.inputs, f.params, f.defaults, f.outputs)))
    return (*counts, f.costly, f.tabled, f.margin > 0, f.quiet)


def first_of_each_shape(functions: Sequence[Any]) -> list[Any]:
    """The same functions, of which all but the first of each shape are marked `complete`."""
    first: dict[tuple[object, ...], Any] = {}
    for f in functions:
        first.setdefault(shape(f), f)
    return [f if first[shape(f)] is f else pytest.param(f, marks=complete) for f in functions]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`row`, `gate_row`, `function` and `dtype` are every one there is; `real` is a dtype that is not rounded again.

    With the marker `by_shape`, one function or gate of each shape is in the usual run, the others in the complete one.
    """
    every = {"row": ACTIVATIONS, "gate_row": GATES, "function": FUNCTIONS, "dtype": DTYPES, "real": DTYPES[1:]}
    by_shape = metafunc.definition.get_closest_marker("by_shape")
    for name, values in every.items():
        if name in metafunc.fixturenames:
            some = by_shape and name in ("function", "gate_row")
            metafunc.parametrize(name, first_of_each_shape(values) if some else values, ids=ids)


@pytest.fixture(params=[8, pytest.param(1, marks=complete)], ids=("some", "all"))
def step(request: pytest.FixtureRequest) -> int:
    """For tests whose reference is slow: the usual run takes one input of so many, the complete one takes all."""
    return request.param


def call(function: Function, *args: object, home: object = fastact, **kwargs: object) -> object:
    """Call a function of the catalogue, or of fastact.fast. A parameter without default is 0.25."""
    missing = [0.25] * (len(params(function)) - len(function.defaults))
    return getattr(home, function.name)(*args, *missing, **kwargs)


def bound(name: str, dtype: type) -> float:
    """The bound in ulp that the catalogue promises on the level under test."""
    (function,) = (f for f in FUNCTIONS if f.name == name)
    return function.bound(np.dtype(dtype).name, fastact._dispatch.kernels.fma)


def params(function: Function) -> tuple[str, ...]:
    return tuple(p for p, _ in getattr(function.entry, "params", ()))


def arity(function: Function) -> int:
    """The number of array inputs before the parameters."""
    return len(function.inputs) - len(params(function))


def raw(function: Function) -> np.ufunc:
    made = getattr(fastact, function.name)
    return getattr(made, "ufunc", made)


def bits(array: object) -> np.ndarray:
    """The bits of an array; all NaN have the same bits."""
    a = np.array(array, copy=True)
    a[np.isnan(a)] = np.nan
    return np.ascontiguousarray(a).view(f"u{a.itemsize}")


FAST_CALLS = fastact._dispatch.fast_calls == "1"
NUMPY_1 = np.lib.NumpyVersion(np.__version__) < "2.0.0"
old_promotion = pytest.mark.skipif(NUMPY_1, reason="NumPy 1 takes float32 scalars for Python numbers")


def outputs(result: object) -> tuple[np.ndarray, ...]:
    return result if isinstance(result, tuple) else (result,)


def same(a: object, b: object) -> bool:
    """Whether results have the same bits, for one output or several."""
    return all(np.array_equal(bits(x), bits(y)) for x, y in zip(outputs(a), outputs(b), strict=True))


def run(code: str, **env: str) -> str:
    """The standard output of a fresh interpreter; a hang is a failure."""
    paths = {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    chosen = {name: os.environ[name] for name in ("FASTACT_ISA", "FASTACT_FAST_CALLS") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", code], env=paths | chosen | env, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def checksums(code: str) -> set[str]:
    """The output of the code on each level with fused multiply-adds."""
    fused = {level.name for level in levels.LEVELS if level.fma}.intersection(fastact.available_levels())
    if fastact.level not in fused or len(fused) < 2:
        pytest.skip("needs two levels with fused multiply-adds")
    printed = set()
    for level in fused:
        check = f"import fastact; assert fastact.level == {level!r}\n{code}"
        printed.add(run(check, FASTACT_ISA=level))
    return printed


@pytest.fixture
def inputs():
    """Makes inputs of a function: numbers over the whole relevant range, and special values."""

    def make(function: Function, dtype: type, n: int = 300, seed: int = 1) -> list[np.ndarray]:
        rng = np.random.default_rng(seed)
        top = 6e4 if arity(function) == 1 else 20.0  # products of these do not overflow in float16
        special = [0.0, -0.0, np.inf, -np.inf, np.nan, 1e-6, -1e-6, top, -top]
        made = []
        for k in range(arity(function)):
            x = rng.normal(0, 6, n).astype(dtype)
            x[k : k + len(special)] = special[: len(x) - k]
            if getattr(function.entry, "least", -np.inf) == 0:  # its pole
                x = np.abs(x) + dtype(0.125)
            high = TOPS.get(function.entry.name, np.inf)
            made.append(np.where(np.isfinite(x), x.clip(-high, high), x).astype(dtype))
        return made

    return make


@pytest.fixture
def threads():
    """Sets the number of threads, and restores it after the test."""
    yield fastact.set_num_threads
    fastact.set_num_threads(None)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def refused(folder, capsys):
    """Run a command that must fail with one line on standard error and without changing files."""

    def run(*argv, status=2):
        before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        names = sorted(path.name for path in folder.iterdir())
        assert main(list(argv)) == status
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith(f"fastact {argv[0]}: ") and err.count("\n") == 1 and err.endswith("\n")
        assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
        assert sorted(path.name for path in folder.iterdir()) == names
        return err

    return run
