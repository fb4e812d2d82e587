"""Functions along an axis: Functions in front of gufuncs, with axis=None, tuples of axes, defaults and messages.

The usual calls are made in C (core/function.c). Every other call comes here.
"""

import ast
import inspect
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from .. import _core, _docstrings
from .._dispatch import kernels
from ..catalogue import Rowwise, rowwise
from . import axes
from .elementwise import bind, introduce
from .hints import explained

# What core/function.c does with each parameter
ROLES = {"x": "r", "grad": "r", "y": "r", "axis": "a", "temperature": "t", "sink": "s", "keepdims": "k", "out": "o"}
ROLES_OF_MAXOUT_BACKWARD = {"grad": "v", "which": "i", "pieces": "n", "axis": "a", "out": "o"}


def as_operand(x: Any) -> Any:
    """As it is where it has a shape and understands ufuncs; otherwise as an array."""
    return x if hasattr(x, "__array_ufunc__") and hasattr(x, "ndim") else np.asarray(x)


def check_temperature(name: str, temperature: Any) -> None:
    values = np.asarray(temperature)
    if values.dtype.kind in "OSUMmc" or not np.all((values > 0) & (values < np.inf)):
        raise ValueError(f"{name}: temperature must be positive and finite, got {temperature!r}")


def check_out(name: str, out: Any, shape: tuple[int, ...]) -> None:
    if isinstance(out, np.ndarray) and out.shape != shape:
        raise ValueError(f"{name}: out has shape {out.shape}, the result {shape}")


def along_axis(entry: Rowwise, arrays: list[Any], scalars: list[Any], axis: Any, kwargs: dict[str, Any]) -> Any:
    """The gufunc of an entry over one axis, or over several that are first made one."""
    name, ufunc = entry.name, kernels.rowwise[entry.name]
    dtype = kwargs.pop("dtype", None)
    if dtype is not None:  # that of arrays; scalars are float64 and indices integers
        kinds = entry.operands.replace("->", "")
        kwargs["signature"] = tuple({"s": np.float64, "i": np.intp}.get(kind, dtype) for kind in kinds)
    arrays = [as_operand(x) for x in arrays]
    ndim = max(x.ndim for x in arrays)
    if axis is None or isinstance(axis, tuple | list):
        return along_axes(entry, arrays, scalars, axes.several(name, axis, ndim), kwargs)
    for x in arrays:
        at = axes.normalized(name, axis, x.ndim)
    check_size(entry, arrays[-1].shape, (at,))
    if entry.operands.endswith(">r") and "out" in kwargs:
        check_out(name, kwargs["out"], np.broadcast_shapes(*(x.shape for x in arrays)))
    return ufunc(*arrays, *scalars, axis=axis, **kwargs)


def check_size(entry: Rowwise, shape: tuple[int, ...], over: tuple[int, ...]) -> None:
    """As numpy.max: an empty row has no largest element."""
    empty = entry.name == "maxout" and 0 in [shape[k] for k in over]
    if empty and 0 not in [n for k, n in enumerate(shape) if k not in over]:
        raise ValueError(f"{entry.name}: a row of size 0 has no largest element (shape {shape}, axis {over})")


def along_axes(
    entry: Rowwise, arrays: list[Any], scalars: list[Any], over: tuple[int, ...], kwargs: dict[str, Any]
) -> Any:
    """The gufunc over the elements along several axes at once."""
    name, out, keepdims = entry.name, kwargs.pop("out", None), kwargs.pop("keepdims", False)
    arrays = list(np.broadcast_arrays(*arrays, subok=True)) if len(arrays) > 1 else arrays
    shape = arrays[0].shape
    check_size(entry, shape, over)
    rest = tuple(k for k in range(len(shape)) if k not in over)
    order = (*rest, *over)
    outer, inner = tuple(shape[k] for k in rest), tuple(shape[k] for k in over)
    flat = [x.transpose(order).reshape((*outer, math.prod(inner))) for x in arrays]
    results = kernels.rowwise[name](*flat, *scalars, axis=-1, **kwargs)
    results = results if isinstance(results, tuple) else (results,)
    targets = out if isinstance(out, tuple) else (out,) * len(results)
    made = []
    for y, target in zip(results, targets, strict=True):
        if entry.operands.endswith(">r"):
            y = y.reshape(outer + inner).transpose(np.argsort(order))
        elif keepdims:
            y = np.expand_dims(y, over)
        if target is None:
            made.append(y[()])
        elif target is ...:
            made.append(np.asarray(y) if np.isscalar(y) else y)
        else:
            check_out(name, target, np.shape(y))
            np.copyto(target, y, casting="same_kind")
            made.append(target)
    return made[0] if len(made) == 1 else tuple(made)


def maxout_backward(grad: Any, which: Any, pieces: int, axis: Any = -1, out: Any = None, **kwargs: Any) -> Any:
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
    if out is None or out is ...:
        dtype = kwargs.get("dtype") or ufunc.resolve_dtypes((grad.dtype, np.dtype(np.intp), None))[-1]
        out = np.empty(shape, dtype)
    check_out(name, out, tuple(shape))
    return ufunc(grad, which.astype(np.intp, copy=False), out=out, axis=axis, **kwargs)


def make_signature(text: str) -> inspect.Signature:
    """Of the words of a function in the catalogue."""
    kind, words = inspect.Parameter, []
    for part in text.split(", "):
        name, _, default = part.partition("=")
        if name.startswith("**"):
            words.append(kind(name.removeprefix("**"), kind.VAR_KEYWORD))
        else:
            words.append(
                kind(name, kind.POSITIONAL_OR_KEYWORD, default=ast.literal_eval(default) if default else kind.empty)
            )
    return inspect.Signature(words)


def make_function(entry: Rowwise) -> Any:
    """The Function of one entry."""
    name, ufunc = entry.name, kernels.rowwise[entry.name]
    signature = make_signature(entry.signature)
    words = tuple(word for word in signature.parameters if word != "kwargs")
    optional = {word: p.default for word, p in signature.parameters.items() if p.default is not p.empty}
    arrays = [word for word in words if word not in optional]

    @explained(name)
    def general(*args: Any, **kwargs: Any) -> Any:
        bound = bind(name, words[:-1], optional, args, kwargs)
        if kwargs.get("out", ufunc) is None:
            del kwargs["out"]
        if "temperature" in bound:
            check_temperature(name, bound["temperature"])
        bound = optional | bound
        if bound.get("keepdims"):
            kwargs["keepdims"] = True
        scalars = [bound[word] for word in ("temperature", "sink") if word in bound]
        return along_axis(entry, [bound[word] for word in arrays], scalars, bound["axis"], kwargs)

    maxout = name == "maxout_backward"
    roles = "".join((ROLES_OF_MAXOUT_BACKWARD if maxout else ROLES)[word] for word in words)
    called: Callable[..., Any] = explained(name)(maxout_backward) if maxout else general
    defaults: tuple[tuple[Any, ...], ...] = ((), (), ())
    made = _core.make_function(ufunc, called, words, roles, defaults, len(arrays))
    return introduce(made, name, "fastact", _docstrings.DOCSTRINGS[name], ufunc, lambda: signature)


ROWWISE: dict[str, Callable[..., Any]] = {entry.name: make_function(entry) for entry in rowwise.ROWWISE}
ROWWISE |= {alias: ROWWISE[entry.name] for entry in rowwise.ROWWISE for alias in entry.aliases}
