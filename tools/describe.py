"""Docstrings, call signatures and type stubs of the ufuncs, from the rows of the table. Used by the build."""

import math
import textwrap

import describe_rows
import numpy as np

from fastact.published import FUNCTIONS, Function, formula, functions, textbook
from fastact.table import ACTIVATIONS, GATES, Activation, Gate

WORDS = {k: getattr(math, k) for k in ("exp", "expm1", "log", "log1p", "tanh", "erfc", "sqrt", "pi")} | {
    "max": max,
    "min": min,
    "abs": abs,
}
POINTS = (-0.6, 0.75, 1.5)
VALUES = (1.0, 2.0, 3.0)
PHRASES = {
    "x": "Input, of any shape. float16, float32 and float64 are computed as they are; integers as in `numpy.exp`.",
    "y": "Output of the forward function.",
    "grad": "Gradient with respect to the output.",
    "gate": "What the gate's activation is applied to. Dtypes as in `numpy.exp`.",
    "up": "What the gate multiplies.",
    "b": "What is added first; a bias of the last axis, as a rule.",
}


def evaluate(text: str, **values: float) -> float:
    return float(eval(text, WORDS | values))


def slope(text: str, of: str, h: float = 2e-3, **values: float) -> float:
    """Seven-point difference: good to twelve digits, and eight are printed."""
    f = [evaluate(text, **values | {of: values[of] + k * h}) for k in range(-3, 4)]
    return (45 * (f[4] - f[2]) - 9 * (f[5] - f[1]) + (f[6] - f[0])) / (60 * h)


def example(f: Function) -> str:
    """A call and what it prints, computed here from the formula."""
    row, text = f.row, textbook(f.row)
    params = {p: 0.25 if d is None else d for p, d in row.params}
    extra = "".join(f", {params[p]}" for p, d in row.params if d is None)
    names = [name for name in f.inputs if name not in params and name not in ("grad", "y")] or ["x"]
    first = POINTS if getattr(row, "least", -math.inf) < 0 else VALUES
    points = [dict(zip(names, values, strict=False)) | params for values in zip(first, VALUES, strict=True)]
    arrays = ", ".join(str(list(v)) for v in (first, VALUES)[: len(names)])

    def gradient(of: str, grad: float = 1.0) -> str:
        return repr(grad * np.array([slope(text, of, **values) for values in points]).round(14) + 0.0)

    if f.kind == "biased":
        points = [{"x": x + b} for x, b in zip(first, VALUES, strict=True)]
    if f.kind in ("forward", "biased"):
        y = np.array([evaluate(text, **values) for values in points])
        return f">>> fastact.{f.name}({arrays}{extra})\n{y!r}"
    if f.kind == "derivative":
        return f">>> fastact.{f.name}({arrays}{extra})\n{gradient('x')}"
    if f.kind == "backward_from_output":
        y_line = f">>> y = fastact.{row.name}({arrays}{extra})"
        return f"{y_line}\n>>> fastact.{f.name}(2.0, y{extra})\n{gradient('x', 2.0)}"
    call = f"fastact.{f.name}(2.0, {arrays}{extra})"
    if len(f.outputs) == 1:
        return f">>> {call}\n{gradient(f.outputs[0][1:], 2.0)}"
    shown = (f">>> {name}\n{gradient(name[1:], 2.0)}" for name in f.outputs)
    return "\n".join([f">>> {', '.join(f.outputs)} = {call}", *shown])


def summary(f: Function) -> str:
    row = f.row
    return {
        "forward": f"{row.title}: ``{formula(row)}``.",
        "biased": f"`{row.name}` of a sum, in one pass: ``{row.name}(x + b)``.",
        "derivative": f"Derivative of `{row.name}` with respect to x.",
        "backward": f"Backward pass of `{row.name}`: the gradient times its derivative, in one pass.",
        "backward_params": f"Gradients of the parameters of `{row.name}`, one for each element: to be summed where a "
        "parameter was broadcast.",
        "backward_from_output": f"Backward pass of `{row.name}` from its output y, for which x need not be kept.",
    }[f.kind]


def error(f: Function, fused: bool) -> str:
    """The bound, in words."""
    if f.kind == "backward_from_output":
        return "Largest error: a few ulp of what y tells; y has been rounded."
    if f.kind == "backward_params":
        return "Largest error: a few ulp."
    if f.kind == "biased":
        of_sum = f"The sum is rounded: in float32 and float64 the result has the bits of ``{f.row.name}(x + b)``"
        return f"{of_sum}, and its error ({numbers(f, fused)}) is that from the rounded sum."
    if f.kind == "backward":
        if isinstance(f.row, Gate):
            return "Largest error: as many ulp as the factors have together, and one rounding for each product."
        f = next(g for g in FUNCTIONS if g.row is f.row and g.kind == "derivative")
        return f"Largest error: that of the derivative ({numbers(f, fused)}), and one rounding.{reason(f, fused)}"
    if not f.bound("float64"):
        return "Exact: 0 ulp."
    crosses = isinstance(f.row, Activation) and f.row.crosses
    unit = ", down to the subnormals"
    if f.kind == "derivative":
        where = "" if crosses else " where \\|x\\| < 8"
        unit = f"; in float64{where}, in units of max(\\|f'\\|, 1/8)"
    elif crosses:
        unit = "; in float64, in units of max(\\|f\\|, \\|x\\|)"
    return f"Largest error: {numbers(f, fused)}{unit}.{reason(f, fused)}"


def reason(f: Function, fused: bool) -> str:
    """Why a bound is wide."""
    if not f.wide(fused):
        return ""
    lack = "products round that would be exact with fused multiply-adds, which this level does not have"
    return f" The reason: {f.row.why if f.wide() else lack}."


def numbers(f: Function, fused: bool) -> str:
    single, double = (f.bound(dtype, fused) for dtype in ("float32", "float64"))
    return f"{single:g} ulp in float32, {double:g} ulp in float64"


def notes(f: Function, fused: bool) -> list[str]:
    row = f.row
    text = [f"Formula{'' if f.kind == 'forward' else f' of `{row.name}`'}: ``{formula(row)}``."]
    if isinstance(row, Activation):
        if f.kind in ("forward", "biased"):
            if row.least > -math.inf:
                text.append(f"NaN for x < {row.least:g}.")
            of = " of x + b" if f.kind == "biased" else ""
            text.append(f"Special values{of}: {row.limits[0]} at -inf, {row.limits[1]} at inf; NaN gives NaN.")
        else:
            if f.kind == "backward_from_output":
                text.append(f"The derivative as a function of y: ``{row.from_output}``.")
                if row.params:
                    text.append("The parameters must not be negative: y would not tell the sign of x.")
            for place, value in row.kinks if f.kind != "backward_params" else ():
                text.append(f"Convention: the derivative at {place} is {value}.")
            text.append("At the infinities the derivative is its limit; NaN gives NaN.")
    elif row.gate not in ("identity", "relu", "relu2"):
        text.append("Where the gate vanishes at -inf, the result is zero, or NaN if the other factor is infinite.")
    text.append(error(f, fused))
    text.append(
        "float16 has the result of float64, rounded. The result has the same bits for any layout, position and number "
        "of threads."
    )
    return text


def docstring(f: Function, fused: bool = True) -> str:
    """`fused` tells whether the level has fused multiply-adds."""
    row = f.row
    params = dict(row.params)
    out = [summary(f), "", "Parameters", "----------"]
    for name in f.inputs:
        if name in params:
            default = "" if params[name] is None else f", default {params[name]:g}"
            out += [f"{name} : array_like{default}", "    Parameter of the function; broadcast against the others."]
        else:
            out += [f"{name} : array_like", *indented(PHRASES[name])]
    out += [
        "out : ndarray, None, or tuple of ndarray and None, optional",
        "    Where the result goes; it may be an input.",
        "**kwargs",
        "    Any other keyword of a ufunc: where, dtype, casting, order, subok.",
        "",
        "Returns",
        "-------",
    ]
    for name in f.outputs:
        out += [
            f"{name} : ndarray or scalar",
            "    Of the broadcast shape; float16, float32 or float64 as in `numpy.exp`.",
        ]
    out += [
        "",
        "Raises",
        "------",
        "TypeError",
        "    For complex, object, string and datetime input.",
        "ValueError",
        "    When shapes do not broadcast, or `out` is read-only.",
        "",
        "See Also",
        "--------",
    ]
    family = [g.name for g in FUNCTIONS if g.row is row and g.name != f.name]
    family += [f"{row.name}_packed"] if isinstance(row, Gate) else []
    out += [", ".join(family), "", "Notes", "-----"]
    for paragraph in notes(f, fused):
        out += [*textwrap.wrap(paragraph, 100), ""]
    if row.source:
        out += ["References", "----------", *textwrap.wrap(f".. [1] {row.source}", 100, subsequent_indent="   "), ""]
    out += ["Examples", "--------", ">>> import fastact", example(f), ""]
    return "\n".join(out).replace("\\", "\\\\")


def precise_docstring(f: Function) -> str:
    out = [f"{f.name} in float16 and float32, as computed in float64 and rounded once.", ""]
    if f.kind == "forward":
        out += [f"Formula: ``{formula(f.row)}``.", ""]
    out += ["See Also", "--------", f"fastact.{f.name} : the same in the arithmetic of its input, float64 as well.", ""]
    return "\n".join(out)


def indented(text: str) -> list[str]:
    return textwrap.wrap(text, 100, initial_indent="    ", subsequent_indent="    ")


STUB_HEAD = '''\
"""Generated from the table by the build."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol, type_check_only

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import precise as precise
from . import table as table
from .names import FunctionInfo

__version__: str
level: str
__all__: list[str]

_module: Any
_LEVELS: tuple[str, ...]
_limit_source: str

def _usable_cpus() -> int: ...

def available_levels() -> tuple[str, ...]: ...
def get_num_threads() -> int: ...
def set_num_threads(n: int | None) -> None: ...
def num_threads(n: int | None) -> AbstractContextManager[None]: ...
def functions(kind: str | None = None) -> tuple[FunctionInfo, ...]: ...
def get(name: Any, /, **parameters: Any) -> Callable[..., Any]: ...
def bernoulli_gelu(x: ArrayLike, rng: Any = None, out: NDArray[Any] | None = None) -> Any: ...
def gated_linear(
    x: ArrayLike,
    W: ArrayLike,
    V: ArrayLike,
    b: ArrayLike | None = None,
    c: ArrayLike | None = None,
    *,
    gate: Callable[..., Any] | None = None,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]: ...
'''


PRECISE_HEAD = '''\
"""Generated from the table by the build."""

from typing import Any, Protocol, type_check_only

import numpy as np
from numpy.typing import ArrayLike

__all__: list[str]

'''


def stubs() -> str:
    """Of the package."""
    out = [STUB_HEAD, declarations()]
    for row in GATES:
        layout = 'layout: str = "up_gate"' if row.name == "glu" else "layout: str"
        params = "".join(f", {p}: ArrayLike = {d!r}" for p, d in row.params)
        out.append(
            f"def {row.name}_packed(\n    x: Any, axis: int = -1, *, {layout}, "
            f"out: NDArray[Any] | None = None{params}\n) -> Any: ...\n"
        )
    out.append(describe_rows.stubs())
    return "".join(out)


def precise_stubs() -> str:
    """Of fastact.precise."""
    return PRECISE_HEAD + declarations()


def declarations() -> str:
    """The functions of the table and their aliases."""
    out = []
    for f in FUNCTIONS:
        if not f.defaults:
            out.append(f"{f.name}: np.ufunc\n")
            continue
        required = len(f.inputs) - len(f.defaults)
        arguments = [f"{n}: ArrayLike" for n in f.inputs[:required]]
        arguments += [f"{n}: ArrayLike = {d!r}" for n, d in zip(f.inputs[required:], f.defaults, strict=True)]
        out.append(
            f"@type_check_only\nclass _{f.name}(Protocol):\n"
            "    @property\n    def ufunc(self) -> np.ufunc: ...\n"
            f"    def __call__(self, {', '.join(arguments)}, out: Any = None, **kwargs: Any) -> Any: ...\n\n"
            f"{f.name}: _{f.name}\n"
        )
    for row in (*ACTIVATIONS, *GATES):
        out += [
            f"{alias}: {'np.ufunc' if not functions(row)[0].defaults else f'_{row.name}'}\n" for alias in row.aliases
        ]
    return "".join(out)
