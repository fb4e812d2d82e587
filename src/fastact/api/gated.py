"""Gates of one packed array, and a linear layer with a gate."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _docstrings
from ..catalogue import GATES, Gate
from . import axes
from .elementwise import ELEMENTWISE, FAST
from .hints import explained

# Layouts of a packed axis: the index of the gate's half, that of the value's half, and whether they are interleaved.
LAYOUTS = {"gate_up": (0, 1, False), "up_gate": (1, 0, False), "interleaved": (0, 1, True)}


def _packed(entry: Gate, function: Callable[..., Any], module: str) -> Callable[..., Any]:
    """The packed form of one gate, for its function of two arrays."""
    name = f"{entry.name}_packed"

    def packed(x: Any, axis: int = -1, *, layout: str, out: NDArray[Any] | None = None, **params: Any) -> Any:
        for given in params:
            if given not in dict(entry.params):
                raise TypeError(f"{name}: got an unexpected keyword argument {given!r}")
        ufunc = partial(function, **params) if params else function
        if not hasattr(x, "__array_ufunc__"):
            x = np.asarray(x)
        try:
            first, second, alternate = LAYOUTS[layout]
        except (KeyError, TypeError):
            raise ValueError(f"{name}: unknown layout {layout!r}; one of {', '.join(LAYOUTS)}") from None
        axis = axes.normalized(name, axis, x.ndim)
        size = x.shape[axis]
        if size % 2:
            raise ValueError(f"{name}: the size of axis {axis} must be even, got {size}")
        shape = (*x.shape[:axis], size // 2, *x.shape[axis + 1 :])
        if out is not None and getattr(out, "shape", shape) != shape:
            raise ValueError(f"{name}: out has shape {out.shape}, the result {shape}")

        if type(x) is np.ndarray and x.flags.c_contiguous and x.size and (out is None or _plain(out)):
            # As (outer, 2, inner), every layout is a pair of contiguous rows, or of single numbers
            inner = math.prod(x.shape[axis + 1 :]) * (1 if alternate else size // 2)
            pair = x.reshape(-1, 2, inner)
            view = None if out is None else out.reshape(-1, inner)
            y = ufunc(pair[:, first], pair[:, second], out=view)
            return out if out is not None else y.reshape(shape)

        def half(i: int) -> Any:
            part = slice(i, None, 2) if alternate else slice(i * (size // 2), (i + 1) * (size // 2))
            try:
                return x[(slice(None),) * axis + (part,)]
            except Exception as error:
                raise TypeError(f"{name}: a {type(x).__name__} cannot be split by slicing; give its array") from error

        y = ufunc(half(first), half(second), **({} if out is None else {"out": out}))
        if getattr(y, "shape", shape) != shape:  # pandas and xarray align by label before they compute
            raise TypeError(f"{name}: {type(x).__name__} matched the halves by their labels; give it without labels")
        return y

    if entry.name == "glu":  # the layout of torch, jax, keras and the paper
        packed.__kwdefaults__ = {"layout": "up_gate", "out": None}
    packed.__name__ = packed.__qualname__ = name
    packed.__module__ = module
    packed.__doc__ = _docstrings.DOCSTRINGS[name]
    return explained(name)(packed)


def _plain(out: Any) -> bool:
    return type(out) is np.ndarray and out.flags.c_contiguous


_GATES = [ELEMENTWISE[entry.name] for entry in GATES]
PACKED: dict[str, Callable[..., Any]] = {
    f"{entry.name}_packed": _packed(entry, ELEMENTWISE[entry.name], "fastact") for entry in GATES
}
FAST_PACKED: dict[str, Callable[..., Any]] = {
    f"{entry.name}_packed": _packed(entry, FAST[entry.name], "fastact.fast") for entry in GATES if entry.fast.forward
}

BLOCK = 1 << 16  # elements that get their bias and gate together: they stay in the second-level cache


def gated_linear(
    x: ArrayLike,
    W: ArrayLike,
    V: ArrayLike,
    b: ArrayLike | None = None,
    c: ArrayLike | None = None,
    *,
    gate: Callable[..., Any] | None = None,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """A gated linear layer: ``gate(x @ W + b, x @ V + c)``.

    BLAS computes the two products. Bias and gate are then applied in one pass, by blocks that stay in the cache,
    without a further array of this size.

    Parameters
    ----------
    x : array_like, shape (..., k)
    W, V : array_like, shape (k, m)
        Weights of the gate and of the value.
    b, c : array_like, shape (m,), optional
        Their biases.
    gate : callable, optional
        A gate, e.g. `swiglu`, or another ufunc of two arrays; default `glu`. Use ``functools.partial`` to set
        parameters.
    out : ndarray, shape (..., m), optional
        Array for the result; it may not share memory with the other arguments.

    Returns
    -------
    ndarray, shape (..., m)
        The result, in the common dtype of the arguments; float64 for integers.

    Raises
    ------
    ValueError
        When shapes do not match.
    TypeError
        When `gate` is not a function of two arrays, or does not support the common dtype.

    Examples
    --------
    >>> import fastact
    >>> import numpy as np
    >>> x, W, V = np.ones((2, 3)), np.full((3, 4), 0.5), np.full((3, 4), 2.0)
    >>> fastact.gated_linear(x, W, V, gate=fastact.swiglu)[0]
    array([7.35817029, 7.35817029, 7.35817029, 7.35817029])
    """
    gate = ELEMENTWISE["glu"] if gate is None else gate
    known = gate.func if isinstance(gate, partial) else gate
    if not any(known is function for function in _GATES) and (getattr(known, "nin", 0), getattr(known, "nout", 0)) != (
        2,
        1,
    ):
        raise TypeError(f"gated_linear: gate must be a ufunc of two arrays, e.g. fastact.swiglu, not {gate!r}")
    arrays = [np.asarray(x), np.asarray(W), np.asarray(V)]
    dtype = np.result_type(*arrays, *(np.asarray(bias) for bias in (b, c) if bias is not None))
    if dtype.kind in "biu":
        dtype = np.dtype(np.float64)
    data, left, right = (a.astype(dtype, copy=False) for a in arrays)
    if data.ndim < 1 or left.ndim != 2 or data.shape[-1] != left.shape[0]:
        raise ValueError(f"gated_linear: x has shape {data.shape} and W {left.shape}; expected (..., k) and (k, m)")
    if right.shape != left.shape:
        raise ValueError(f"gated_linear: W has shape {left.shape} and V {right.shape}; they must be the same")
    biases = []
    for name, bias in (("b", b), ("c", c)):
        bias = None if bias is None else np.asarray(bias, dtype)
        if bias is not None and bias.shape != left.shape[1:]:
            raise ValueError(f"gated_linear: {name} has shape {bias.shape} and W {left.shape}; expected (m,)")
        biases.append(bias)
    shape = (*data.shape[:-1], left.shape[1])
    if out is not None and not isinstance(out, np.ndarray):
        raise TypeError(f"gated_linear: out must be an ndarray, not {type(out).__name__}")
    if out is not None and out.shape != shape:
        raise ValueError(f"gated_linear: out has shape {out.shape}, the result {shape}")

    flat = data.reshape(math.prod(shape[:-1]), data.shape[-1])
    a, up = ((flat @ weights).astype(dtype, copy=False) for weights in (left, right))  # of bfloat16, it is float32
    result = a if out is None else out.reshape(a.shape) if _plain(out) else np.empty(a.shape, out.dtype)
    step = max(1, BLOCK // max(1, a.shape[1]))
    for start in range(0, len(a), step):
        block = slice(start, start + step)
        for product, bias in zip((a[block], up[block]), biases, strict=True):
            if bias is not None:
                product += bias
        gate(a[block], up[block], out=result[block])
    if out is None:
        return result.reshape(shape)
    if not _plain(out):
        out[...] = result.reshape(shape)
    return out
