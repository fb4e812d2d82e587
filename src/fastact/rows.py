"""Row-wise functions: thin callables over gufuncs, which add axis=None, tuples of axes, defaults and messages."""

import math
import operator
import textwrap
from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import fastact

from . import axes, rowtable

PARAMETERS = {
    "x": "x : array_like\n    Input. float16, float32 and float64 are computed as they are; integers as in "
    "`numpy.exp`.",
    "grad": "grad : array_like\n    Gradient with respect to the output.",
    "y": "y : array_like\n    Output of the forward function.",
    "which": "which : array_like of integers\n    The indices that `maxout` returned.",
    "pieces": "pieces : int\n    Size of the axis that `maxout` took away.",
    "temperature": "temperature : array_like, default 1.0\n    Positive and finite: one number, or one for each row "
    "(the shape without the axis). It is a double, and does not change the dtype of the result.",
    "sink": "sink : array_like, default 0.0\n    The element without an output: one number, or one for each row (the "
    "shape without the axis). It does not change the dtype of the result: for float32 it is rounded to float32.",
    "axis": "axis : int, tuple of int, or None, default -1\n    What a row is: the elements along one axis, or "
    "several, or all of the array. (The default of `scipy.special` is None.)",
    "keepdims": "keepdims : bool, default False\n    Whether the axis stays in the result, with size 1.",
    "out": "out : ndarray, optional\n    Where the result goes; it may be an input of the same shape.",
    "**kwargs": "**kwargs\n    Any other keyword of a gufunc: dtype, casting, order, subok.",
}


def _docstring(row: rowtable.Rowwise) -> str:
    names = [part.split("=")[0] for part in row.signature.split(", ")]
    if row.name == "maxout":
        returns = "value : ndarray or scalar\n    Without the axis; float16, float32 or float64 as in `numpy.exp`.\n"
        returns += "which : ndarray or scalar of intp\n    Where along the axis it is."
    else:
        shape = {"v": "Without the axis", "r": "Of the shape of the input"}[row.operands[-1]]
        shape = "With the axis" if row.name == "maxout_backward" else shape
        returns = f"y : ndarray or scalar\n    {shape}; float16, float32 or float64 as in `numpy.exp`."
    empty = "" if row.name == "logsumexp" else "`axis` has size 0, "
    wrong = "`temperature` is not positive and finite, " if "temperature" in names else ""
    wrong += "`which` is out of range, " if "which" in names else ""
    family = [r.name for r in rowtable.ROWWISE if r is not row and r.name.split("_")[-1] == row.name.split("_")[-1]]
    single, double = row.ulp.forward
    unit = f" of {row.unit}" if row.unit else ", down to the subnormals"
    error = (
        f"Largest error: {single:g} ulp in float32, {double:g} ulp in float64{unit}, for rows of any length up to 10^6."
        + (f" The reason: {row.why}." if row.why else "")
    )
    notes = [
        f"Formula: ``{row.formula}``.",
        f"Special values: {row.special}.",
        error if double else "Exact: 0 ulp.",
        f"float16 is computed in {'float64' if row.wide else 'float32'} and rounded once. The result has the same bits "
        "for any layout, position and number of threads. The gufunc is `.ufunc`; containers that understand gufuncs "
        "are handed to it.",
    ]
    wrapped = "\n\n".join(textwrap.fill(note, 100) for note in notes)
    call, printed = row.example
    parts = [
        f"{row.title}: ``{row.formula}``.",
        _section("Parameters", "\n".join(_filled(PARAMETERS[name]) for name in names)),
        _section("Returns", returns),
        _section(
            "Raises",
            f"ValueError\n    When {empty}{wrong}or `out` is read-only or of the wrong shape.\n"
            "numpy.exceptions.AxisError\n    When the input has no such axis.\n"
            "TypeError\n    For complex, object, string and datetime arrays.",
        ),
        _section("See Also", ", ".join(family or ["softmax"])),
        _section("Notes", wrapped),
        _section("References", textwrap.fill(f".. [1] {row.source}", 100, subsequent_indent="   ")),
        _section("Examples", f">>> import fastact\n>>> import numpy as np\n>>> {call}\n{printed}"),
    ]
    return "\n\n".join(parts) + "\n"


def _section(title: str, text: str) -> str:
    return f"{title}\n{'-' * len(title)}\n{text}"


def _filled(text: str) -> str:
    head, _, body = text.partition("\n")
    return f"{head}\n{textwrap.fill(body.strip(), 100, initial_indent='    ', subsequent_indent='    ')}"


def _container(x: Any) -> Any:
    """As it is where it has a shape and understands ufuncs; otherwise as an array."""
    return x if hasattr(x, "__array_ufunc__") and hasattr(x, "ndim") else np.asarray(x)


def _axes(name: str, axis: Any, ndim: int) -> tuple[int, ...]:
    """The axes of None or a tuple, none of them negative, in order."""
    given = range(ndim) if axis is None else [axes.checked(name, k, ndim) for k in axis]
    if len(set(given)) < len(given):
        raise ValueError(f"{name}: axis {axis} names an axis twice")
    return tuple(sorted(given))


def _call(name: str, arrays: tuple[Any, ...], scalars: tuple[Any, ...], axis: Any, out: Any, kwargs: Any) -> Any:
    """The gufunc over one axis, or over several that are first made one."""
    ufunc = fastact._module.ROWWISE[name]
    if name == "maxout" and kwargs.get("dtype") is not None:  # a ufunc's dtype is that of all its outputs
        kwargs["signature"] = (None, kwargs.pop("dtype"), np.intp)
    arrays = tuple(_container(x) for x in arrays)
    ndim = max(x.ndim for x in arrays)
    if axis is None or isinstance(axis, tuple | list):
        return _several(name, arrays, scalars, _axes(name, axis, ndim), out, kwargs)
    for x in arrays:
        at = axes.checked(name, axis, x.ndim)
    _check_size(name, arrays[-1].shape, (at,))
    if out is None:
        return ufunc(*arrays, *scalars, axis=axis, **kwargs)
    if isinstance(out, np.ndarray) and ufunc.signature.endswith("(n)"):
        shape = np.broadcast_shapes(*(x.shape for x in arrays))
        if out.shape != shape:
            raise ValueError(f"{name}: out has shape {out.shape}, the result {shape}")
    return ufunc(*arrays, *scalars, axis=axis, out=out, **kwargs)


def _check_size(name: str, shape: tuple[int, ...], axes: tuple[int, ...]) -> None:
    """As NumPy's maximum: nothing is the largest of nothing, unless there is no row."""
    if name == "logsumexp" or 0 not in [shape[k] for k in axes]:
        return
    if 0 not in [n for k, n in enumerate(shape) if k not in axes]:
        raise ValueError(f"{name}: a row of size 0 has no largest element (shape {shape}, axis {axes})")


def _several(
    name: str, arrays: tuple[Any, ...], scalars: tuple[Any, ...], axes: tuple[int, ...], out: Any, kwargs: Any
) -> Any:
    ufunc = fastact._module.ROWWISE[name]
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
    reduced = ufunc.signature.endswith("()")
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


def _positive(name: str, temperature: Any) -> Any:
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
        return _call(name, (x,), (_positive(name, temperature),), axis, out, kwargs)

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
    return _call(name, (grad, y), (_positive(name, temperature),), axis, out, kwargs)


def _maxout_backward(grad: Any, which: Any, pieces: int, axis: Any = -1, out: Any = None, **kwargs: Any) -> Any:
    name = "maxout_backward"
    ufunc = fastact._module.ROWWISE[name]
    grad, which, pieces = np.asarray(grad), np.asarray(which), operator.index(pieces)
    shape = list(np.broadcast_shapes(grad.shape, which.shape))
    axis = axes.checked(name, axis, len(shape) + 1)
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


def gumbel_softmax(
    x: ArrayLike,
    temperature: Any = 1.0,
    rng: Any = None,
    hard: bool = False,
    axis: int | tuple[int, ...] | None = -1,
    out: NDArray[Any] | None = None,
) -> Any:
    """A random sample that is nearly one-hot: ``softmax((x + g)/temperature)``, g from the Gumbel distribution.

    The largest element is at i with probability ``softmax(x)[i]``, at any temperature.

    Parameters
    ----------
    x : array_like
        Logarithms of probabilities, up to a constant for each row.
    temperature : array_like, default 1.0
        Positive and finite; the lower, the nearer to one-hot. One number, or one for each row.
    rng : numpy.random.Generator, int, or None
        Where the randomness comes from: a generator, or what `numpy.random.default_rng` takes.
    hard : bool, default False
        Whether the sample is one-hot: ``hardmax(x + g)``. The gradient that is usually passed through it is that of
        the soft sample, `softmax_backward`.
    axis : int, tuple of int, or None, default -1
        What a row is, as in `softmax`.
    out : ndarray, optional
        Where the result goes.

    Returns
    -------
    ndarray or scalar
        Of the shape of `x`; float16, float32 or float64 as in `numpy.exp`.

    Raises
    ------
    ValueError
        When `temperature` is not positive and finite, the axis has size 0, or `out` is of the wrong shape.
    numpy.exceptions.AxisError
        When `x` has no such axis.
    TypeError
        For complex, object, string and datetime arrays.

    See Also
    --------
    softmax, hardmax

    Notes
    -----
    The same seed gives the same noise for every dtype: it is drawn and added in float64.

    References
    ----------
    .. [1] Jang, Gu and Poole, Categorical reparameterization with Gumbel-softmax, ICLR 2017, arXiv:1611.01144

    Examples
    --------
    >>> import fastact
    >>> fastact.gumbel_softmax([0.0, 1.0, 2.0], rng=1, hard=True).sum()
    np.float64(1.0)
    """
    name = "gumbel_softmax"
    _positive(name, temperature)
    logits = np.asarray(x)
    dtype = fastact._module.ROWWISE["log_softmax"].resolve_dtypes((logits.dtype, None))[-1]
    noisy = (logits + np.random.default_rng(rng).gumbel(size=logits.shape)).astype(dtype)
    if hard:
        return ROWWISE["hardmax"](noisy, axis, out=out)
    return ROWWISE["softmax"](noisy, axis, temperature, out=out)


def _dressed(row: rowtable.Rowwise) -> Callable[..., Any]:
    makers = {rowtable._TEMPERED: _tempered, rowtable._ONE_ROW: _plain, rowtable._REDUCING: _reducing}
    special: dict[str, Callable[..., Any]] = {
        "sink_softmax": _sink_softmax,
        "softmax_backward": _softmax_backward,
        "maxout_backward": _maxout_backward,
    }
    function: Any = special.get(row.name) or makers.get(row.signature, _from_output)(row.name)
    function.__name__ = function.__qualname__ = row.name  # in messages
    given = signature(function).parameters
    arrays = tuple(p.name for p in given.values() if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD)
    scalars = {name: given[name].default for name in ("temperature", "sink") if name in given}
    reduced = not row.operands.endswith(">r")
    made: Callable[..., Any] = fastact._module.dressed_rows(
        row.name, function, (*arrays, *scalars), tuple(scalars.values()), reduced, _docstring(row)
    )
    return made


ROWWISE = {row.name: _dressed(row) for row in rowtable.ROWWISE}
ROWWISE |= {alias: ROWWISE[row.name] for row in rowtable.ROWWISE for alias in row.aliases}
gumbel_softmax.__module__ = "fastact"
