"""The types of the catalogue's entries.

The build makes ufuncs, docstrings and type stubs from the entries. Tests, benchmarks, plots and pages read them.
"""

from math import inf
from typing import NamedTuple


class Bounds(NamedTuple):
    """Largest errors in ulp, in float32 and in float64: what tools/exhaustive.py finds, see docs/accuracy.md."""

    forward: tuple[float, float]
    derivative: tuple[float, float] = (0.0, 0.0)


EXACT = Bounds((0.0, 0.0))
ROUNDED = Bounds((0.5, 0.5))  # the formula is one operation


class Fast(NamedTuple):
    """The largest errors of fastact.fast in float32, on every level. Without one, a function is there as it is here.

    They are in ulp of the result where there is no unit; results that are not normal numbers may then be 0. A unit is
    an expression of the inputs; derivatives are then measured in units of max(|f'|, 1).
    """

    forward: float = 0.0  # with bias_NAME
    derivative: float = 0.0  # with NAME_backward; that of a gate needs the derivative of its activation
    unit: str = ""


class Activation(NamedTuple):
    """y = f(x, *params), elementwise."""

    name: str  # the kernel, and the ufunc; NAME_derivative and NAME_backward follow
    title: str  # its name in prose
    formula: str  # the textbook definition, in names of mpmath: the docs print it, the tests evaluate it
    params: tuple[tuple[str, float | None], ...] = ()  # further inputs in order, with their defaults
    trained: tuple[str, ...] = ()  # parameters that are trained: NAME_backward_params returns their gradients
    from_output: str = ""  # f' as a function of y = f(x), where there is one
    kinks: tuple[tuple[str, str], ...] = ()  # (place, slope there): where the derivative is a convention
    least: float = -inf  # below this x, the function is NaN
    limits: tuple[str, str] = ("0", "inf")  # at -inf and +inf; "-0" is a limit from below
    ulp: Bounds = EXACT  # with fused multiply-adds
    ulp_plain: Bounds | None = None  # without, where the bound differs
    why: str = ""  # the reason for a bound that is wide (`Function.wide`) in spite of fused multiply-adds
    note: str = ""  # one more paragraph for the docstrings
    fast: Fast = Fast()
    crosses: bool = False  # whether y is zero at an x other than 0: in float64, errors are not relative near it
    biased: bool = False  # whether there is a bias_NAME(x, b)
    overflows: bool = True  # False if only intermediates overflow, extreme parameters aside; not reported then
    aliases: tuple[str, ...] = ()
    source: str = ""  # paper or standard


class Gate(NamedTuple):
    """y = gate(a) * value(b), elementwise, with the gate first."""

    name: str
    title: str
    gate: str = ""  # the activation of the gate
    value: str = "identity"  # the activation of the other half
    formula: str = ""  # in gate, up and the parameters, where it is not gate(a) * value(b)
    params: tuple[tuple[str, float], ...] = ()
    ulp: Bounds = ROUNDED
    ulp_plain: Bounds | None = None
    why: str = ""
    fast: Fast = Fast()
    aliases: tuple[str, ...] = ()
    source: str = ""


class Rowwise(NamedTuple):
    """A function along an axis: of whole rows."""

    name: str  # the kernel fa_NAME_rows in rowkernels.h, and the function in rows.py
    title: str
    formula: str  # in words, for the docs; tests/row_reference.py has it in mpmath
    operands: str  # inputs->outputs: r is a row, v a number for each row, s a double for each row, i an index
    signature: str  # of the public function
    ulp: Bounds = EXACT  # the largest errors that tests/test_rows.py may find, with fused multiply-adds and without
    unit: str = ""  # the number whose ulp is the unit, where it is not the result
    why: str = ""  # the reason for a bound above 2.5
    special: str = ""  # special values, in words
    example: tuple[str, str] = ("", "")  # a call and its output
    wide: str = ""  # computed in double: "e" float16, "ef" float32 as well
    overflows: bool = False  # whether a result can overflow
    aliases: tuple[str, ...] = ()
    source: str = ""
