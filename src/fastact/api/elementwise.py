"""Elementwise functions: ufuncs where there are no parameters, else a Function in front of one.

The usual calls of a Function are made in C (core/function.c). Every other call comes here: parameters are bound by
name, defaults are filled in and given a dtype that does not change that of the result.
"""

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from .. import _core, _docstrings
from .._dispatch import kernels
from ..catalogue import ACTIVATIONS, FUNCTIONS, GATES, Function
from .hints import explain, explained

REALS = tuple(np.dtype(c) for c in "efd")


def bind(
    name: str, inputs: tuple[str, ...], optional: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> dict[str, Any]:
    """The inputs that a call gives, by name. They are taken out of `kwargs`; `out` by position is put in."""
    if len(args) > len(inputs) + 1:
        raise TypeError(f"{name}() takes at most {len(inputs) + 1} positional arguments, got {len(args)}")
    if len(args) > len(inputs):
        if "out" in kwargs:
            raise TypeError(f"{name}() got multiple values for argument 'out'")
        kwargs["out"] = args[-1]
    bound = dict(zip(inputs, args, strict=False))
    for word in inputs:
        if word in kwargs:
            if word in bound:
                raise TypeError(f"{name}() got multiple values for argument {word!r}")
            bound[word] = kwargs.pop(word)
        elif word not in bound and word not in optional:
            raise TypeError(f"{name}() missing required argument: {word!r}")
    return bound


def is_number(x: Any) -> bool:
    """Whether x is a Python number, which has no dtype of its own beside an array."""
    return type(x) in (int, float)


def dtype_of(x: Any) -> np.dtype[Any] | None:
    """The dtype of an operand of any type; None where it does not have one NumPy dtype."""
    if not any(hasattr(x, word) for word in ("dtype", "dtypes", "__array_ufunc__")):
        x = np.asarray(x)
    dtype = getattr(x, "dtype", None)
    if dtype is None:
        try:  # a table with several columns
            dtype = np.result_type(*x.dtypes)
        except (AttributeError, TypeError, ValueError):
            return None
    return dtype if isinstance(dtype, np.dtype) else None


def real_dtype(dtypes: list[Any]) -> np.dtype[Any] | None:
    """The dtype of the result, as of numpy.exp; None where that is for the ufunc to say."""
    if None in dtypes:
        return None
    further = [dtype.newbyteorder("=") for dtype in dtypes if dtype.type.__name__ == "bfloat16"]
    return next((real for real in (*further, *REALS) if all(np.can_cast(dtype, real) for dtype in dtypes)), None)


def fits(number: float, dtype: np.dtype[Any]) -> bool:
    """Whether a dtype has normal numbers of this size."""
    info = np.finfo(dtype)
    return number == 0 or float(info.tiny) <= abs(number) <= float(info.max)


@cache
def constant(number: float, dtype: np.dtype[Any]) -> Any:
    """A default as an array of a dtype."""
    return np.array(number, dtype)


def parameters(operands: list[Any], given: list[Any], defaults: dict[int, float]) -> list[Any]:
    """The parameters of a call. `given` has None for those that are not given; `defaults` has these, by position. A
    parameter that is an array may widen the result; numbers and defaults do not."""
    dtypes = [dtype_of(x) for x in operands if not is_number(x)] or [np.result_type(*operands)]
    integral = all(dtype is not None and dtype.kind in "biu" for dtype in dtypes)
    dtypes += [dtype_of(p) for p in given if p is not None and not is_number(p)]
    real = real_dtype(dtypes)
    if real is None:
        return [defaults[k] if p is None else p for k, p in enumerate(given)]
    if integral and real.kind == "f" and not all(fits(p, real) for p in given if is_number(p)):
        real = REALS[-1]
    plain = all(type(x) is np.ndarray or not hasattr(type(x), "__array_ufunc__") for x in operands)
    typed = integral or not plain or real not in REALS
    return [
        constant(defaults[k], real) if p is None else real.type(p) if typed and is_number(p) else p
        for k, p in enumerate(given)
    ]


def make_function(f: Function, ufunc: np.ufunc, doc: str, module: str) -> Any:
    """The Function of an entry with parameters."""
    name, inputs, count = f.name, f.inputs, len(f.inputs) - len(f.params)
    optional = dict(zip(inputs[len(inputs) - len(f.defaults) :], f.defaults, strict=True))
    numbers = {inputs.index(word) - count: default for word, default in optional.items()}

    @explained(name)
    def general(*args: Any, **kwargs: Any) -> Any:
        bound = bind(name, inputs, optional, args, kwargs)
        operands, given = [bound[word] for word in inputs[:count]], [bound.get(word) for word in inputs[count:]]
        if kwargs.get("out", ufunc) is None:
            del kwargs["out"]
        if kwargs.keys().isdisjoint(("dtype", "signature", "sig")):
            given = parameters(operands, given, numbers)
        else:
            given = [optional[word] if p is None else p for word, p in zip(inputs[count:], given, strict=True)]
        return ufunc(*operands, *given, **kwargs)

    def signature() -> inspect.Signature:
        kind = inspect.Parameter
        words = [kind(word, kind.POSITIONAL_OR_KEYWORD, default=optional.get(word, kind.empty)) for word in inputs]
        words += [kind("out", kind.POSITIONAL_OR_KEYWORD, default=None), kind("kwargs", kind.VAR_KEYWORD)]
        return inspect.Signature(words)

    arrays = tuple(tuple(constant(default, real) for default in f.defaults) for real in REALS)
    made = _core.make_function(ufunc, general, inputs, "", arrays, count)
    return introduce(made, name, module, doc, ufunc, signature)


def introduce(
    made: Any, name: str, module: str, doc: str, ufunc: np.ufunc, signature: Callable[[], inspect.Signature]
) -> Any:
    """What inspect, help and pickle ask of a function. The signature is made when it is asked for."""
    made.__name__ = made.__qualname__ = name
    made.__module__, made.__doc__, made._make_signature, made.ufunc = module, doc, signature, ufunc
    return made


def make_all(ufuncs: dict[str, np.ufunc], module: str, prefix: str) -> dict[str, Callable[..., Any]]:
    """Every elementwise function of a module, with its aliases."""
    docs = _docstrings.DOCSTRINGS if kernels.fma else {**_docstrings.DOCSTRINGS, **_docstrings.WITHOUT_FMA}
    made: dict[str, Callable[..., Any]] = dict(ufuncs)
    for f in FUNCTIONS:
        if f.params and prefix == "fast." and not f.fast:
            made[f.name] = ELEMENTWISE[f.name]
        elif f.params:
            made[f.name] = make_function(f, ufuncs[f.name], docs[prefix + f.name], module)
    return made | {alias: made[entry.name] for entry in (*ACTIVATIONS, *GATES) for alias in entry.aliases}


_core.set_hint(explain)
ELEMENTWISE: dict[str, Callable[..., Any]] = make_all(kernels.ufuncs, "fastact", "")
PRECISE: dict[str, Callable[..., Any]] = make_all(kernels.precise, "fastact.precise", "precise.")
FAST: dict[str, Callable[..., Any]] = make_all(kernels.fast, "fastact.fast", "fast.")
