"""Docstrings, call signatures and type stubs of the ufuncs, from the rows of the table. Used by the build."""

import math
import textwrap

import describe_rows
import numpy as np
from table import ACTIVATIONS, FUNCTIONS, GATES, Activation, Function, Gate

WORDS = {k: getattr(math, k) for k in ("exp", "expm1", "log1p", "tanh", "erfc", "sqrt", "pi")} | {
    "max": max,
    "min": min,
}
ROWS: dict[str, Activation] = {row.name: row for row in ACTIVATIONS}
POINTS = (-1.0, 0.5, 2.0)
VALUES = (1.0, 2.0, 3.0)
PHRASES = {
    "x": "Input, of any shape. float16, float32 and float64 are computed as they are; integers as in `numpy.exp`.",
    "y": "Output of the forward function.",
    "grad": "Gradient with respect to the output.",
    "gate": "What the gate's activation is applied to. Dtypes as in `numpy.exp`.",
    "up": "What the gate multiplies.",
}


def formula(row: Activation | Gate) -> str:
    if isinstance(row, Activation):
        return row.formula
    value = "up" if row.value == "identity" else f"{row.value}(x)"
    gate = "gate" if row.gate == "identity" else f"{row.gate}(gate)"
    return f"{gate}*{value}"


def evaluate(row: Activation, x: float, params: tuple[float, ...]) -> float:
    names = dict(zip((p for p, _ in row.params), params, strict=True))
    return float(eval(row.formula, WORDS | names | {"x": x}))


def slope(row: Activation, x: float, params: tuple[float, ...], h: float = 1e-3) -> float:
    """Five-point difference: good to ten digits, and eight are printed."""
    f = [evaluate(row, x + k * h, params) for k in (-2, -1, 1, 2)]
    return (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * h)


def activation(name: str, x: float, derivative: bool = False) -> float:
    if name == "identity":
        return 1.0 if derivative else x
    return (slope if derivative else evaluate)(ROWS[name], x, ())


def example(f: Function) -> str:
    """A call and what it prints, computed here from the formula."""
    row = f.row
    if isinstance(row, Gate):
        pairs = list(zip(POINTS, VALUES, strict=True))
        if f.kind == "forward":
            y = [activation(row.gate, a) * activation(row.value, b) for a, b in pairs]
            return f">>> fastact.{f.name}({list(POINTS)}, {list(VALUES)})\n{np.array(y)!r}"
        da = [activation(row.value, b) * activation(row.gate, a, True) for a, b in pairs]
        db = [activation(row.gate, a) * activation(row.value, b, True) for a, b in pairs]
        names = ", ".join(f.outputs)
        return (
            f">>> {names} = fastact.{f.name}(1.0, {list(POINTS)}, {list(VALUES)})\n"
            f">>> {f.outputs[0]}\n{np.array(da)!r}\n>>> {f.outputs[1]}\n{np.array(db)!r}"
        )
    params = tuple(0.25 if d is None else d for _, d in row.params)
    extra = "".join(f", {v}" for v, (_, d) in zip(params, row.params, strict=True) if d is None)
    y = [evaluate(row, x, params) for x in POINTS]
    dy = [slope(row, x, params) for x in POINTS]
    if f.kind == "forward":
        return f">>> fastact.{f.name}({list(POINTS)}{extra})\n{np.array(y)!r}"
    if f.kind == "derivative":
        return f">>> fastact.{f.name}({list(POINTS)}{extra})\n{np.array(dy).round(11)!r}"
    if f.kind == "backward_from_output":
        y_line = f">>> y = fastact.{row.name}({list(POINTS)}{extra})"
        return f"{y_line}\n>>> fastact.{f.name}(2.0, y{extra})\n{2 * np.array(dy).round(11)!r}"
    call = f"fastact.{f.name}(2.0, {list(POINTS)}{extra})"
    if len(f.outputs) == 1:
        return f">>> {call}\n{2 * np.array(dy).round(11)!r}"
    return f">>> {f.outputs[0]}, _ = {call}\n>>> {f.outputs[0]}\n{2 * np.array(dy).round(11)!r}"


def summary(f: Function) -> str:
    row = f.row
    return {
        "forward": f"{row.title}: ``{formula(row)}``.",
        "derivative": f"Derivative of `{row.name}` with respect to x.",
        "backward": f"Backward pass of `{row.name}`: the gradient times its derivative, in one pass.",
        "backward_from_output": f"Backward pass of `{row.name}` from its output y, for which x need not be kept.",
    }[f.kind]


def error(f: Function, fused: bool) -> str:
    """The bound, in words."""
    if f.kind == "backward_from_output":
        return "Largest error: a few ulp of what y tells; y has been rounded."
    if f.kind == "backward":
        if isinstance(f.row, Gate):
            return "Largest error: as many ulp as the factors have together, and one rounding for each product."
        f = next(g for g in FUNCTIONS if g.row is f.row and g.kind == "derivative")
        return f"Largest error: that of the derivative ({numbers(f, fused)}), and one rounding."
    if f.kind == "derivative" and f.bound("float64"):
        return f"Largest error: {numbers(f, fused)}; in float64 where \\|x\\| < 8, in units of max(\\|f'\\|, 1/8)."
    return f"Largest error: {numbers(f, fused)}, down to the subnormals." if f.bound("float64") else "Exact: 0 ulp."


def numbers(f: Function, fused: bool) -> str:
    single, double = (f.bound(dtype, fused) for dtype in ("float32", "float64"))
    return f"{single:g} ulp in float32, {double:g} ulp in float64"


def notes(f: Function, fused: bool) -> list[str]:
    row = f.row
    text = [f"Formula{'' if f.kind == 'forward' else f' of `{row.name}`'}: ``{formula(row)}``."]
    if isinstance(row, Activation):
        if f.kind == "forward":
            text.append(f"Special values: {row.limits[0]} at -inf, {row.limits[1]} at inf; NaN gives NaN.")
        else:
            if f.kind == "backward_from_output":
                text.append(f"The derivative as a function of y: ``{row.from_output}``.")
                if row.params:
                    text.append("The parameters must not be negative: y would not tell the sign of x.")
            for place, value in row.kinks:
                text.append(f"Convention: the derivative at {place} is {value}.")
            text.append("At the infinities the derivative is its limit; NaN gives NaN.")
    elif row.gate != "identity":
        text.append("Where the gate vanishes at -inf, the result is zero, or NaN if the other factor is infinite.")
    text.append(error(f, fused))
    text.append(
        "float16 is computed in float64 and rounded once. The result has the same bits for any layout, position and "
        "number of threads."
    )
    return text


def docstring(f: Function, fused: bool = True) -> str:
    """`fused` tells whether the level has fused multiply-adds."""
    row = f.row
    params = {p: d for p, d in getattr(row, "params", ())}
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
    out = [f"{f.name} in float16 and float32, computed in float64 and rounded once.", ""]
    if f.kind == "forward":
        out += [f"Formula: ``{formula(f.row)}``.", ""]
    out += ["See Also", "--------", f"fastact.{f.name} : the same in the arithmetic of its input, float64 as well.", ""]
    return "\n".join(out)


def indented(text: str) -> list[str]:
    return textwrap.wrap(text, 100, initial_indent="    ", subsequent_indent="    ")


def signature(f: Function) -> str:
    """The Python parameters of a function with defaults."""
    required = len(f.inputs) - len(f.defaults)
    return ", ".join(
        [*f.inputs[:required], *(f"{n}={d!r}" for n, d in zip(f.inputs[required:], f.defaults, strict=True))]
    )


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
        out.append(
            f"def {row.name}_packed(\n    x: Any, axis: int = -1, *, {layout}, out: NDArray[Any] | None = None\n"
            ") -> Any: ...\n"
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
            f"{alias}: {'np.ufunc' if isinstance(row, Gate) or not row.params else f'_{row.name}'}\n"
            for alias in row.aliases
        ]
    return "".join(out)
