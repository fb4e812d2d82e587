"""What an entry of the catalogue says: the types of its rows, and nothing else.

The build makes ufuncs, docstrings and type stubs from the entries; tests, benchmarks, plots and pages read them.
"""

from math import inf
from typing import NamedTuple


class Bounds(NamedTuple):
    """Largest errors in ulp, in float32 and in float64: what tools/exhaustive.py finds, see docs/accuracy.md."""

    forward: tuple[float, float]
    derivative: tuple[float, float] = (0.0, 0.0)


EXACT = Bounds((0.0, 0.0))
ROUNDED = Bounds((0.5, 0.5))  # the formula is one operation


class Activation(NamedTuple):
    """y = f(x, *params), elementwise."""

    name: str  # the kernel, and the ufunc; NAME_derivative and NAME_backward follow
    title: str  # what it is called in prose
    formula: str  # the textbook definition in mpmath's words: the docs print it, the tests evaluate it
    params: tuple[tuple[str, float | None], ...] = ()  # further inputs in order, with their defaults
    trained: tuple[str, ...] = ()  # parameters that are trained: NAME_backward_params returns their gradients
    from_output: str = ""  # f' as a function of y = f(x), where there is one
    kinks: tuple[tuple[str, str], ...] = ()  # (place, slope there), where the derivative is a convention
    least: float = -inf  # the function is NaN for an x below
    limits: tuple[str, str] = ("0", "inf")  # at -inf and +inf; "-0" is a limit from below
    ulp: Bounds = EXACT  # with fused multiply-adds
    ulp_plain: Bounds | None = None  # without, where it is not the same
    why: str = ""  # what rounds, where a bound is wide (`Function.wide`) in spite of fused multiply-adds
    crosses: bool = False  # whether y is zero elsewhere than at 0: in float64, errors are not relative there
    biased: bool = False  # whether there is a bias_NAME(x, b)
    overflows: bool = True  # False where what overflows is, but for extreme parameters, only on the way: not reported
    aliases: tuple[str, ...] = ()
    source: str = ""  # paper or standard


class Gate(NamedTuple):
    """y = gate(a) * value(b), elementwise; the gate comes first."""

    name: str
    title: str
    gate: str = ""  # the activation that the gate goes through
    value: str = "identity"  # the one that the other half goes through
    formula: str = ""  # of gate, up and the parameters, where it is not gate(a) * value(b)
    params: tuple[tuple[str, float], ...] = ()
    ulp: Bounds = ROUNDED
    ulp_plain: Bounds | None = None
    why: str = ""
    aliases: tuple[str, ...] = ()
    source: str = ""


class Rowwise(NamedTuple):
    """A function of whole rows: of the numbers along an axis."""

    name: str  # the kernel fa_NAME_rows in rowkernels.h, and the function in rows.py
    title: str
    formula: str  # in words: the docs print it, tests/test_rows.py has it in mpmath's
    operands: str  # inputs->outputs: r is a row, v a number for each row, s a double for each row, i an index
    signature: str  # of the public function
    ulp: Bounds = EXACT  # the largest errors that tests/test_rows.py may find, with fused multiply-adds and without
    unit: str = ""  # what the ulp is one of, where it is not the result's own
    why: str = ""  # what rounds, where a bound is above 2.5
    special: str = ""  # special values, in words
    example: tuple[str, str] = ("", "")  # a call, and what it prints
    wide: str = ""  # computed in double: "e" float16, "ef" float32 as well
    overflows: bool = False  # whether overflow can be that of a result
    aliases: tuple[str, ...] = ()
    source: str = ""
