"""The reference of tests/test_rows.py: each function of one row, in mpmath and in long double.

It uses nothing of fastact's arithmetic.
"""

from collections.abc import Sequence
from typing import Any

import mpmath
import numpy as np
from mpmath import mpf
from reference import ulps

import fastact
from fastact.catalogue import ROWWISE

FORWARD_OF = {r.name: r.name.removesuffix("_backward") for r in ROWWISE if r.name.endswith("_backward")}


def softmax(x: list[mpf], temperature: float = 1.0, more: Sequence[mpf] = ()) -> list[mpf]:
    top = max([*x, *more])
    weights = [mpmath.exp((v - top) / mpf(temperature)) for v in [*x, *more]]
    total = mpmath.fsum(weights)
    return [w / total for w in weights[: len(x)]]


def _log_of_sum(x: list[mpf]) -> mpf:
    """The exponentials relative to the largest element."""
    i = x.index(max(x))
    return mpmath.log1p(mpmath.fsum(mpmath.exp(v - x[i]) for v in x[:i] + x[i + 1 :]))


def _sparsemax(x: list[mpf]) -> list[mpf]:
    total, tau = mpf(0), mpf(0)
    for k, v in enumerate(sorted(x, reverse=True), 1):
        total += v
        if 1 + k * v > total:
            tau = (total - 1) / k
    return [max(v - tau, mpf(0)) for v in x]


def _entmax15(x: list[mpf]) -> list[mpf]:
    """The size of the support, by sorting: the largest size that is consistent."""
    z = sorted(((v - max(x)) / 2 for v in x), reverse=True)
    tau = mpf(-1)
    for k in range(1, len(z) + 1):
        mean = mpmath.fsum(z[:k]) / k
        spread = mpmath.fsum((v - mean) ** 2 for v in z[:k])
        if spread <= 1 and mean - mpmath.sqrt((1 - spread) / k) <= z[k - 1]:
            tau = mean - mpmath.sqrt((1 - spread) / k)
    return [max((v - max(x)) / 2 - tau, mpf(0)) ** 2 for v in x]


def truth(name: str, x: list[mpf], grad: list[mpf], y: list[mpf]) -> tuple[list[mpf], list[mpf] | None]:
    """Values, and the units of their errors where these are not the values."""
    if name in ("softmax", "safe_softmax"):
        return softmax(x), None
    if name == "softmin":
        return softmax([-v for v in x]), None
    if name == "sink_softmax":
        return softmax(x, 1.0, [mpf(0)]), None
    if name == "log_softmax":
        log = _log_of_sum(x)
        return [v - max(x) - log for v in x], None
    if name == "logsumexp":
        value = max(x) + _log_of_sum(x)
        return [value], [max(abs(value), abs(max(x)))]
    if name == "logmeanexp":
        value = max(x) + mpmath.log(mpmath.fsum(mpmath.exp(v - max(x)) for v in x) / len(x))
        return [value], [max(abs(value), abs(max(x)), mpf(1))]
    if name in ("sparsemax", "entmax15"):
        values = _sparsemax(x) if name == "sparsemax" else _entmax15(x)
        return values, [max(v, mpf(1) / 4) for v in values]
    if name == "softmax_backward":
        dot, size = (mpmath.fsum(f(g) * v for g, v in zip(grad, y, strict=True)) for f in (mpf, abs))
        pairs = list(zip(grad, y, strict=True))
        return [v * (g - dot) for g, v in pairs], [v * (abs(g) + size) for g, v in pairs]
    if name == "log_softmax_backward":
        total, size = mpmath.fsum(grad), mpmath.fsum(map(abs, grad))
        pairs = [(g, mpmath.exp(v)) for g, v in zip(grad, y, strict=True)]
        return [g - v * total for g, v in pairs], [abs(g) + v * size for g, v in pairs]
    if name == "sparsemax_backward":
        support = [g for g, v in zip(grad, y, strict=True) if v > 0]
        mean = mpmath.fsum(support) / len(support)
        values = [g - mean if v > 0 else mpf(0) for g, v in zip(grad, y, strict=True)]
        return values, [abs(g) + mpmath.fsum(map(abs, support)) / len(support) for g in grad]
    if name == "entmax15_backward":
        roots = [mpmath.sqrt(v) for v in y]
        mean, size = (
            mpmath.fsum(f(g) * r for g, r in zip(grad, roots, strict=True)) / mpmath.fsum(roots) for f in (mpf, abs)
        )
        pairs = list(zip(grad, roots, strict=True))
        return [r * (g - mean) for g, r in pairs], [r * (abs(g) + size) for g, r in pairs]
    raise LookupError(name)


def exact(x: np.ndarray) -> list[mpf]:
    return [mpf(float(v)) for v in x]


def some_rows(dtype: type, seed: int) -> list[np.ndarray]:
    """Rows that are wide or narrow, with one or two elements far above the others, equal, or very far apart."""
    rng = np.random.default_rng(seed)
    reach = {np.float16: 17, np.float32: 103, np.float64: 744}[dtype]
    rows = []
    for n in (1, 2, 3, 7, 16, 33, 200):
        rows += [rng.normal(offset, s, n) for s in (1e-3, 1, 5, reach / 3) for offset in (0, -5 * reach)]
        rows += [rng.uniform(-reach, 0, n), np.full(n, rng.normal()), np.r_[rng.normal(-reach / 2, 3, n), 1.0]]
    rows += [
        np.r_[9.0, rng.normal(0, 1, 299)],
        np.r_[12.0, 11.9, rng.normal(0, 1, 298)],
        np.repeat(rng.normal(0, 2, 8), 40),
    ]
    return [row.astype(dtype) for row in rows]


def long_truth(name: str, x: np.ndarray, grad: np.ndarray, y: np.ndarray) -> tuple[Any, Any]:
    """The same in long double, for rows along the last axis. A result with one number a row keeps the axis."""

    def total(v: np.ndarray) -> np.ndarray:
        return v.sum(axis=-1, keepdims=True)

    x = -x if name == "softmin" else x
    top = x.max(axis=-1, keepdims=True)
    weights = np.exp(x - top)
    others = weights.copy()
    np.put_along_axis(others, weights.argmax(axis=-1, keepdims=True), 0, axis=-1)
    log = np.log1p(total(others))
    if name in ("softmax", "safe_softmax", "softmin", "sink_softmax"):
        weights /= total(weights) + (np.exp(-top) if name == "sink_softmax" else 0)
        return weights, weights
    if name == "log_softmax":
        return x - top - log, x - top - log
    if name == "logsumexp":
        return top + log, np.maximum(abs(top + log), abs(top))
    if name == "logmeanexp":
        value = top + np.log(total(weights) / x.shape[-1])
        return value, np.maximum(np.maximum(abs(value), abs(top)), 1)
    if name in ("sparsemax", "entmax15"):
        z = (x - top) / (1 if name == "sparsemax" else 2)
        down = -np.sort(-z, axis=-1)
        k = np.arange(1, x.shape[-1] + 1)
        mean = np.cumsum(down, axis=-1) / k
        spread = (
            np.cumsum(down * down, axis=-1) - k * mean * mean
        )  # at most 1 where it matters, and so are terms that cancel
        tau = mean - (1 / k if name == "sparsemax" else np.sqrt(np.maximum(1 - spread, 0) / k))
        supports = (tau <= down) & ((spread <= 1) | (name == "sparsemax"))
        tau = np.take_along_axis(tau, np.count_nonzero(supports, axis=-1, keepdims=True) - 1, axis=-1)
        values = np.maximum(z - tau, 0) ** (1 if name == "sparsemax" else 2)
        return values, np.maximum(values, 0.25)
    if name == "softmax_backward":
        return y * (grad - total(grad * y)), y * (abs(grad) + total(abs(grad) * y))
    if name == "log_softmax_backward":
        p = np.exp(y)
        return grad - p * total(grad), abs(grad) + p * total(abs(grad))
    roots = np.sqrt(y) if name == "entmax15_backward" else (y > 0) * np.longdouble(1)
    mean, size = (total(f * roots) / total(roots) for f in (grad, abs(grad)))
    return roots * (grad - mean), (roots if name == "entmax15_backward" else 1) * (abs(grad) + size)


def call(name: str, x: np.ndarray, grad: np.ndarray | None = None, axis: Any = -1, **kwargs: Any) -> Any:
    """The function of x; a backward pass gets the output of the forward function for x."""
    function = getattr(fastact, name)
    if name not in FORWARD_OF:
        return function(x, axis=axis, **kwargs)
    y = getattr(fastact, FORWARD_OF[name])(x, axis=axis)
    if name == "maxout_backward":
        return function(*y, x.shape[axis], axis=axis, **kwargs)
    return function(x[::1] if grad is None else grad, y, axis=axis, **kwargs)


def error(name: str, x: np.ndarray, grad: np.ndarray) -> float:
    """The largest error of one row, in ulp."""
    y = getattr(fastact, FORWARD_OF[name])(x) if name in FORWARD_OF else x
    got = np.atleast_1d(call(name, x, grad))
    values, scale = truth(name, exact(x), exact(grad), exact(y))
    return float(ulps(got, values, scale).max())


def long_rows(dtype: type, n: int, seed: int) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    rows = [rng.normal(0, 3, n), np.linspace(-80, 0, n), np.linspace(0, -700, n), rng.normal(0, 1e-3, n)]
    rows += [np.r_[peak, rng.normal(0, 1, n - 1)] for peak in np.log(n) + np.array([0, 2, 4, 8])]
    rows += [np.repeat(rng.normal(0, 2, 8), n // 8)]
    return [row.astype(dtype) for row in rows]


def long_errors(name: str, x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """The largest error of each row, against long double: for rows that are too long or too many for mpmath."""
    y = getattr(fastact, FORWARD_OF.get(name, name))(x).astype(np.longdouble)
    want, scale = long_truth(name, x.astype(np.longdouble), grad.astype(np.longdouble), y)
    got = call(name, x, grad).reshape(want.shape)
    info = np.finfo(x.dtype)
    exponent = np.maximum(np.floor(np.log2(np.maximum(np.abs(scale), info.tiny))), info.minexp)
    return np.max(np.abs(got - want) / np.exp2(exponent - info.nmant), axis=-1)


def long_error(name: str, x: np.ndarray, grad: np.ndarray) -> float:
    return float(long_errors(name, x, grad))


def hardest(name: str, dtype: type, n: int, rounds: int) -> float:
    """The largest error of random rows of n elements, and of neighbours of the worst: 1000 in each round."""
    batch = 1000
    rng = np.random.default_rng(n)
    nearest = np.log10(np.finfo(dtype).eps)
    worst, worst_errors = np.empty((2, 0, n), dtype), np.empty(0)
    for _ in range(rounds):
        x, grad = rng.normal(size=(2, batch, n)) * [10 ** rng.uniform(-2, 0.7, (batch, 1)), np.ones((batch, 1))]
        if worst_errors.size:
            near = worst[:, rng.integers(worst_errors.size, size=batch)]
            moved = near * (1 + rng.normal(size=near.shape) * 10 ** rng.uniform(nearest, -1, (batch, 1)))
            x[batch // 3 :], grad[batch // 3 :] = moved[:, batch // 3 :]
        found = np.array([x, grad]).astype(dtype)
        errors = np.r_[worst_errors, long_errors(name, *found)]
        kept = np.argsort(-errors)[: batch // 10]
        worst, worst_errors = np.concatenate([worst, found], axis=1)[:, kept], errors[kept]
    return float(worst_errors[0])
