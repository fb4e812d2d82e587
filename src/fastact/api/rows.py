"""Functions along an axis: Functions in front of gufuncs, with axis=None, tuples of axes, defaults and messages."""

import math
import operator
from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np

from .. import _core, _docstrings
from .._dispatch import kernels
from ..catalogue import Rowwise, rowwise
from . import axes
from .elementwise import introduce
from .hints import explained


def _container(x: Any) -> Any:
    """As it is where it has a shape and understands ufuncs; otherwise as an array."""
    return x if hasattr(x, "__array_ufunc__") and hasattr(x, "ndim") else np.asarray(x)


def _axes(name: str, axis: Any, ndim: int) -> tuple[int, ...]:
    """The axes of None or a tuple, none of them negative, in order."""
    given = range(ndim) if axis is None else [axes.normalized(name, k, ndim) for k in axis]
    if len(set(given)) < len(given):
        raise ValueError(f"{name}: axis {axis} names an axis twice")
    return tuple(sorted(given))


def _call(name: str, arrays: tuple[Any, ...], scalars: tuple[Any, ...], axis: Any, out: Any, kwargs: Any) -> Any:
    """The gufunc over one axis, or over several that are first made one."""
    ufunc = kernels.rowwise[name]
    if name == "maxout" and kwargs.get("dtype") is not None:  # a ufunc's dtype is that of all its outputs
        kwargs["signature"] = (None, kwargs.pop("dtype"), np.intp)
    arrays = tuple(_container(x) for x in arrays)
    ndim = max(x.ndim for x in arrays)
    if axis is None or isinstance(axis, tuple | list):
        return _several(name, arrays, scalars, _axes(name, axis, ndim), out, kwargs)
    for x in arrays:
        at = axes.normalized(name, axis, x.ndim)
    _check_size(name, arrays[-1].shape, (at,))
    if out is None:
        return ufunc(*arrays, *scalars, axis=axis, **kwargs)
    if isinstance(out, np.ndarray) and str(ufunc.signature).endswith("(n)"):
        shape = np.broadcast_shapes(*(x.shape for x in arrays))
        if out.shape != shape:
            raise ValueError(f"{name}: out has shape {out.shape}, the result {shape}")
    return ufunc(*arrays, *scalars, axis=axis, out=out, **kwargs)


def _check_size(name: str, shape: tuple[int, ...], axes: tuple[int, ...]) -> None:
    """As NumPy's maximum: nothing is the largest of nothing, unless there is no entry."""
    if name == "logsumexp" or 0 not in [shape[k] for k in axes]:
        return
    if 0 not in [n for k, n in enumerate(shape) if k not in axes]:
        raise ValueError(f"{name}: a row of size 0 has no largest element (shape {shape}, axis {axes})")


def _several(
    name: str, arrays: tuple[Any, ...], scalars: tuple[Any, ...], axes: tuple[int, ...], out: Any, kwargs: Any
) -> Any:
    ufunc = kernels.rowwise[name]
    arrays = tuple(np.broadcast_arrays(*arrays, subok=True)) if len(arrays) > 1 else arrays
    shape = arrays[0].shape
    _check_size(name, shape, axes)
    keepdims = kwargs.pop("keepdims", False)
    rest = tuple(k for k in range(len(shape)) if k not in axes)
    order = (*rest, *axes)
    outer, inner = tuple(shape[k] for k in rest), tuple(shape[k] for k in axes)
    flat = [x.transpose(order).reshape((*outer, math.prod(inner))) for x in arrays]
    results = ufunc(*flat, *scalars, axis=-1, **kwargs)
    results = results if isinstance(results, tuple) else (results,)
    reduced = str(ufunc.signature).endswith("()")
    targets = out if isinstance(out, tuple) else (out,) * len(results)
    made = []
    for y, target in zip(results, targets, strict=True):
        if not reduced:
            y = y.reshape(outer + inner).transpose(np.argsort(order))
        elif keepdims:
            y = np.expand_dims(y, axes)
        if target is not None:
            if target.shape != np.shape(y):
                raise ValueError(f"{name}: out has shape {target.shape}, the result {np.shape(y)}")
            np.copyto(target, y, casting="same_kind")
        made.append(y[()] if target is None else target)
    return made[0] if len(made) == 1 else tuple(made)


def positive(name: str, temperature: Any) -> Any:
    if type(temperature) in (int, float):
        good = 0 < temperature < math.inf
    else:
        values = np.asarray(temperature)
        good = bool(np.all((values > 0) & (values < np.inf)))
    if not good:
        raise ValueError(f"{name}: temperature must be positive and finite, got {temperature!r}")
    return temperature


def _tempered(name: str) -> Callable[..., Any]:
    def function(x: Any, axis: Any = -1, temperature: Any = 1.0, out: Any = None, **kwargs: Any) -> Any:
        return _call(name, (x,), (positive(name, temperature),), axis, out, kwargs)

    return function


def _plain(name: str) -> Callable[..., Any]:
    def function(x: Any, axis: Any = -1, out: Any = None, **kwargs: Any) -> Any:
        return _call(name, (x,), (), axis, out, kwargs)

    return function


def _reducing(name: str) -> Callable[..., Any]:
    def function(x: Any, axis: Any = -1, keepdims: bool = False, out: Any = None, **kwargs: Any) -> Any:
        if keepdims:
            kwargs["keepdims"] = True
        return _call(name, (x,), (), axis, out, kwargs)

    return function


def _from_output(name: str) -> Callable[..., Any]:
    def function(grad: Any, y: Any, axis: Any = -1, out: Any = None, **kwargs: Any) -> Any:
        return _call(name, (grad, y), (), axis, out, kwargs)

    return function


def _sink_softmax(x: Any, sink: Any = 0.0, axis: Any = -1, out: Any = None, **kwargs: Any) -> Any:
    return _call("sink_softmax", (x,), (sink,), axis, out, kwargs)


def _softmax_backward(grad: Any, y: Any, axis: Any = -1, temperature: Any = 1.0, out: Any = None, **kwargs: Any) -> Any:
    name = "softmax_backward"
    return _call(name, (grad, y), (positive(name, temperature),), axis, out, kwargs)


def _maxout_backward(grad: Any, which: Any, pieces: int, axis: Any = -1, out: Any = None, **kwargs: Any) -> Any:
    name = "maxout_backward"
    ufunc = kernels.rowwise[name]
    grad, which, pieces = np.asarray(grad), np.asarray(which), operator.index(pieces)
    shape = list(np.broadcast_shapes(grad.shape, which.shape))
    axis = axes.normalized(name, axis, len(shape) + 1)
    if which.dtype.kind not in "iu":
        raise TypeError(f"{name}: which must be integers, not {which.dtype}")
    if which.size and not (which.min() >= 0 and which.max() < pieces):
        raise ValueError(f"{name}: which must be from 0 to {pieces - 1}, got {which.min()} to {which.max()}")
    shape.insert(axis, pieces)
    out = out[0] if isinstance(out, tuple) else out
    if out is None:
        dtype = kwargs.get("dtype") or ufunc.resolve_dtypes((grad.dtype, np.dtype(np.intp), None))[-1]
        out = np.empty(shape, dtype)
    elif out.shape != tuple(shape):
        raise ValueError(f"{name}: out has shape {out.shape}, the result {tuple(shape)}")
    return ufunc(grad, which.astype(np.intp, copy=False), out=out, axis=axis, **kwargs)


def _function(entry: Rowwise) -> Any:
    """The Function of one entry."""
    makers = {rowwise.TEMPERED: _tempered, rowwise.ONE_ROW: _plain, rowwise.REDUCING: _reducing}
    special: dict[str, Callable[..., Any]] = {
        "sink_softmax": _sink_softmax,
        "softmax_backward": _softmax_backward,
        "maxout_backward": _maxout_backward,
    }
    name, ufunc = entry.name, kernels.rowwise[entry.name]
    function: Any = special.get(name) or makers.get(entry.signature, _from_output)(name)
    function.__name__ = function.__qualname__ = name  # in messages
    shown = signature(function)
    given = shown.parameters
    arrays = tuple(p.name for p in given.values() if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD)
    scalars = {word: given[word].default for word in ("temperature", "sink") if word in given}
    values = tuple(np.array(default) for default in scalars.values())
    reduced, axis = not entry.operands.endswith(">r"), list(given).index("axis")
    inputs, defaults = (*arrays, *scalars), tuple(scalars.values())
    made = _core.make_function(ufunc, explained(name)(function), inputs, defaults, (values,) * 3, axis, reduced)
    return introduce(made, name, "fastact", _docstrings.DOCSTRINGS[name], ufunc, shown)


ROWWISE: dict[str, Callable[..., Any]] = {entry.name: _function(entry) for entry in rowwise.ROWWISE}
ROWWISE |= {alias: ROWWISE[entry.name] for entry in rowwise.ROWWISE for alias in entry.aliases}
