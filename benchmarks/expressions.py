"""The usual NumPy and SciPy expression for each function of the catalogue.

EXPRESSIONS maps the name of a function to a callable with the inputs of the function, parameters last. It computes in
the dtype of its arrays. These are the usual forms of one line; many are inaccurate in the tails. A function without an
expression is timed alone. Nothing is timed here.
"""

import ctypes
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf, expit, log_expit, log_ndtr, ndtr

from fastact.catalogue import ACTIVATIONS, GATES

Array = NDArray[Any]
Expression = Callable[..., Any]


def keep_memory() -> None:
    """Make glibc keep freed memory, so that the arrays of expressions cost no page faults.

    By default it returns the memory of large temporary arrays to the system after every call. The page faults of the
    next call can take longer than the arithmetic. Without glibc this does nothing.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(-4, 0)  # M_MMAP_MAX: no separate mapping for any array
        mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD: keep up to 2 GiB


ROOT = math.sqrt(2 / math.pi)
ROOT_2 = math.sqrt(2)  # a Python float: np.sqrt(2) is a float64, and would make a float32 array float64


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
    "identity": np.copy,
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "relu2": lambda x: np.square(np.maximum(x, 0)),
    "clipped_relu": lambda x, max_value: np.clip(x, 0, max_value),
    "threshold": lambda x, threshold, value: np.where(x > threshold, x, x.dtype.type(value)),
    "thresholded_relu": lambda x, theta: np.where(x > theta, x, 0),
    "hard_tanh": np.clip,
    "hard_sigmoid": lambda x, slope, offset: np.clip(slope * x + offset, 0, 1),
    "hard_swish": lambda x: x * np.clip(x + 3, 0, 6) / 6,
    "sparse_sigmoid": lambda x: 0.5 * np.clip(x + 1, 0, 2),
    "sparse_plus": lambda x: np.where(x > 1, x, np.square(np.maximum(x + 1, 0)) / 4),
    "hard_shrink": lambda x, lambd: np.where(np.abs(x) > lambd, x, 0),
    "soft_shrink": lambda x, lambd: np.sign(x) * np.maximum(np.abs(x) - lambd, 0),
    "rrelu": lambda x, lower, upper: np.where(x > 0, x, (lower + upper) / 2 * x),
    "celu": lambda x, alpha: np.where(x > 0, x, alpha * np.expm1(x / alpha)),
    "selu": lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x)),
    "exponential": lambda x: np.exp(x),
    "scaled_tanh": lambda x, alpha, beta: alpha * np.tanh(beta * x),
    "tanh_shrink": lambda x: x - np.tanh(x),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "log_sigmoid": lambda x: log_expit(x),
    "sqrt_softplus": lambda x: np.sqrt(np.logaddexp(0, x)),
    "squareplus": lambda x, b: 0.5 * (x + np.sqrt(x * x + b)),
    "mish": lambda x: x * np.tanh(np.logaddexp(0, x)),
    "dish": lambda x: 0.5 * x * (1 + x / np.sqrt(1 + x * x)),
    "laplace": lambda x, mu, sigma: 0.5 * (1 + erf((x - mu) / (sigma * ROOT_2))),
    "ndtr": lambda x: ndtr(x),
    "log_ndtr": lambda x: log_ndtr(x),
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


def times_grad(factor: Expression) -> Expression:
    """The backward pass: the gradient times a derivative."""
    return lambda grad, *inputs: grad * factor(*inputs)


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
        EXPRESSIONS[f"{row.name}_backward"] = times_grad(slope)
    if row.name in TRAINED:
        EXPRESSIONS[f"{row.name}_backward_params"] = times_grad(TRAINED[row.name])
    if row.name in FROM_OUTPUT:
        EXPRESSIONS[f"{row.name}_backward_from_output"] = times_grad(FROM_OUTPUT[row.name])
for unit in GATES:
    if not unit.formula and {unit.gate, unit.value} <= FORWARD.keys() & DERIVATIVES.keys():
        EXPRESSIONS[unit.name], EXPRESSIONS[f"{unit.name}_backward"] = gated(unit.gate, unit.value)
