"""What is written today with NumPy and SciPy in place of each function of the table, one expression a name.

EXPRESSIONS maps the name of a function to a callable with the function's inputs, parameters last; it computes
in the dtype of its arrays. These are the usual one-line forms, with their usual losses: many are wrong in the
tails. A row without an expression here is timed alone. Nothing is timed here.
"""

import ctypes
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf, expit

from fastact.table import ACTIVATIONS, GATES

Array = NDArray[Any]
Expression = Callable[..., Any]


def keep_memory() -> None:
    """Have glibc keep what is freed, so that the arrays that expressions make cost no page faults.

    It gives the memory of large temporaries back to the system after every call and faults it in again in the
    next, which can take longer than the arithmetic. Without glibc this does nothing.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(-4, 0)  # M_MMAP_MAX: no mapping of its own for any array
        mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD: give back nothing below 2 GiB


ROOT = math.sqrt(2 / math.pi)
ROOT_2 = math.sqrt(2)  # a Python float: np.sqrt(2) is a float64, and would make a float32 array one too


def slopes(x: Array, right: float, left: float) -> Any:
    return np.where(x > 0, x.dtype.type(right), x.dtype.type(left))


def swish_derivative(x: Array, beta: float) -> Any:
    s = expit(beta * x)
    return s + beta * x * s * (1 - s)


def gelu_derivative(x: Array) -> Any:
    return 0.5 * (1 + erf(x / ROOT_2)) + x * np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)


def gelu_tanh_derivative(x: Array) -> Any:
    t = np.tanh(ROOT * (x + 0.044715 * x * x * x))
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * ROOT * (1 + 3 * 0.044715 * x * x)


FORWARD: dict[str, Expression] = {
    "identity": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "leaky_relu": lambda x, negative_slope: np.where(x > 0, x, negative_slope * x),
    "prelu": lambda x, slope: np.where(x > 0, x, slope * x),
    "elu": lambda x, alpha: np.where(x > 0, x, alpha * np.expm1(x)),
    "sigmoid": lambda x: expit(x),
    "tanh": lambda x: np.tanh(x),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "swish": lambda x, beta: x / (1 + np.exp(-beta * x)),
    "gelu": lambda x: 0.5 * x * (1 + erf(x / ROOT_2)),
    "gelu_tanh": lambda x: 0.5 * x * (1 + np.tanh(ROOT * (x + 0.044715 * x * x * x))),
    "gelu_quick": lambda x: x * expit(1.702 * x),
    "softplus": lambda x, beta: np.logaddexp(0, beta * x) / beta,
}

DERIVATIVES: dict[str, Expression] = {
    "identity": lambda x: np.ones_like(x),
    "relu": lambda x: (x > 0).astype(x.dtype),
    "leaky_relu": lambda x, negative_slope: slopes(x, 1, negative_slope),
    "prelu": lambda x, slope: slopes(x, 1, slope),
    "elu": lambda x, alpha: np.where(x > 0, 1, alpha * np.exp(x)),
    "sigmoid": lambda x: expit(x) * (1 - expit(x)),
    "tanh": lambda x: 1 - np.tanh(x) ** 2,
    "silu": lambda x: swish_derivative(x, 1),
    "swish": swish_derivative,
    "gelu": gelu_derivative,
    "gelu_tanh": gelu_tanh_derivative,
    "gelu_quick": lambda x: swish_derivative(x, 1.702),
    "softplus": lambda x, beta: expit(beta * x),
}

TRAINED: dict[str, Expression] = {
    "prelu": lambda x, slope: np.where(x > 0, 0, x),
}

FROM_OUTPUT: dict[str, Expression] = {
    "relu": lambda y: (y > 0).astype(y.dtype),
    "leaky_relu": lambda y, negative_slope: slopes(y, 1, negative_slope),
    "elu": lambda y, alpha: np.where(y > 0, 1, y + alpha),
    "sigmoid": lambda y: y * (1 - y),
    "tanh": lambda y: 1 - y * y,
    "softplus": lambda y, beta: -np.expm1(-beta * y),
}


def times_grad(*factors: Expression) -> Expression:
    """The backward pass: the gradient times a derivative, or each of several."""

    def backward(grad: Array, *inputs: Any) -> Any:
        made = tuple(grad * factor(*inputs) for factor in factors)
        return made if len(made) > 1 else made[0]

    return backward


def gated(gate: str, value: str) -> tuple[Expression, Expression]:
    """Forward and backward of gate(a) * value(b)."""
    f, df, g, dg = FORWARD[gate], DERIVATIVES[gate], FORWARD[value], DERIVATIVES[value]
    if value == "identity":
        return lambda a, b: f(a) * b, lambda grad, a, b: (grad * b * df(a), grad * f(a))
    return lambda a, b: f(a) * g(b), lambda grad, a, b: (grad * g(b) * df(a), grad * f(a) * dg(b))


EXPRESSIONS: dict[str, Expression] = {}
for row in ACTIVATIONS:
    if row.name in FORWARD:
        EXPRESSIONS[row.name] = FORWARD[row.name]
    if row.name in DERIVATIVES:
        slope = DERIVATIVES[row.name]
        EXPRESSIONS[f"{row.name}_derivative"] = slope
        if not row.trained:
            EXPRESSIONS[f"{row.name}_backward"] = times_grad(slope)
        elif row.name in TRAINED:
            EXPRESSIONS[f"{row.name}_backward"] = times_grad(slope, TRAINED[row.name])
    if row.name in FROM_OUTPUT:
        EXPRESSIONS[f"{row.name}_backward_from_output"] = times_grad(FROM_OUTPUT[row.name])
for unit in GATES:
    if {unit.gate, unit.value} <= FORWARD.keys() & DERIVATIVES.keys():
        EXPRESSIONS[unit.name], EXPRESSIONS[f"{unit.name}_backward"] = gated(unit.gate, unit.value)
