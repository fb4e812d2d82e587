"""Functions by name, ours or another library's (`get`), and a description of every function for programs."""

import difflib
import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np

from .._dispatch import kernels
from ..catalogue import FUNCTIONS, Function
from ..catalogue.derived import formula
from ..catalogue.ports import LIBRARIES, PATHS, PORTS, Port
from .elementwise import ELEMENTWISE
from .gated import PACKED, gated_linear
from .random import bernoulli_gelu, gumbel_softmax
from .rows import ROWWISE

# Every function of arrays
PUBLIC: dict[str, Callable[..., Any]] = {
    **ELEMENTWISE,
    **PACKED,
    **ROWWISE,
    **{function.__name__: function for function in (bernoulli_gelu, gated_linear, gumbel_softmax)},
}


class FunctionInfo(NamedTuple):
    """What `functions` says of one function."""

    name: str
    kind: str  # "forward", "derivative", "backward", "backward_params", "backward_from_output", "biased"
    inputs: tuple[str, ...]  # in order; parameters last
    outputs: tuple[str, ...]
    parameters: dict[str, float | None]  # with their defaults; None where there is none
    aliases: tuple[str, ...]  # of a forward function
    formula: str  # of the forward function
    bounds: dict[str, float]  # largest error in ulp by dtype, on this level; empty for a backward pass


def functions(kind: str | None = None) -> tuple[FunctionInfo, ...]:
    """List the functions of the table, for programs.

    Parameters
    ----------
    kind : {'forward', 'derivative', 'backward', 'backward_params', 'backward_from_output', 'biased'}, optional
        Only these.

    Returns
    -------
    tuple of FunctionInfo
        Named tuples in the order of the table: name, kind, inputs, outputs, parameters with their defaults, aliases,
        formula, and the largest errors in ulp on the level in use. The function itself is
        ``getattr(fastact, info.name)``.

    Raises
    ------
    ValueError
        When there is no such kind.

    See Also
    --------
    get : one function by name.

    Examples
    --------
    >>> import fastact
    >>> info = fastact.functions("forward")[2]
    >>> info.name, info.inputs, info.parameters
    ('leaky_relu', ('x', 'negative_slope'), {'negative_slope': 0.01})
    >>> info.bounds
    {'float16': 0.5, 'float32': 0.5, 'float64': 0.5}
    """
    kinds = {f.kind: None for f in FUNCTIONS}
    if kind is not None and kind not in kinds:
        raise ValueError(f"functions: unknown kind {kind!r}; one of {', '.join(kinds)}")
    return tuple(_info(f) for f in FUNCTIONS if kind in (None, f.kind))


def _info(f: Function) -> FunctionInfo:
    bounds = {}
    if f.kind in ("forward", "derivative"):
        bounds = {dtype: f.bound(dtype, kernels.fma) for dtype in ("float16", "float32", "float64")}
    aliases = f.entry.aliases if f.kind == "forward" else ()
    parameters = dict(getattr(f.entry, "params", ()))
    return FunctionInfo(f.name, f.kind, f.inputs, f.outputs, parameters, aliases, formula(f.entry), bounds)


def get(name: Any, /, **parameters: Any) -> Callable[..., Any]:
    """The function that a name means, here or in another library.

    Our own names and aliases come first. Then those of Hugging Face's ACT2FN, Keras, torch (functions and modules),
    JAX, ONNX, ONNX Runtime, thinc, SciPy, scikit-learn and ggml. ``"keras:leaky_relu"``, or
    ``"keras.activations.leaky_relu"``, names the library too, and gives the function with the defaults that it has
    there. docs/porting.md lists them all, with what differs.

    Parameters
    ----------
    name : str, callable or None
        A callable is returned as it is, with the parameters set. None means the identity.
    **parameters
        Parameters of our function, by our names.

    Returns
    -------
    callable
        The function itself; where a parameter differs from our default, a `functools.partial` of it. It takes our
        arguments in our order, and what a ufunc takes (``out``, ``where``, ``dtype``).

    Raises
    ------
    ValueError
        When the name is unknown (the nearest ones are in the message), when libraries give it different meanings (all
        are listed as ``"library:name"``), or when it is no single function here (the message says what it is).
    TypeError
        When `name` is none of these types, or a parameter is not one of the function's.

    See Also
    --------
    functions : all of them.

    Examples
    --------
    >>> import fastact
    >>> fastact.get("gelu_new") is fastact.gelu_tanh
    True
    >>> fastact.get("leaky_relu")([-1.0, 2.0])
    array([-0.01,  2.  ])
    >>> fastact.get("keras:leaky_relu")([-1.0, 2.0])
    array([-0.2,  2. ])
    >>> fastact.get("nn.LeakyReLU", negative_slope=0.5)([-1.0, 2.0])
    array([-0.5,  2. ])
    >>> fastact.get("LeakyReLU")
    Traceback (most recent call last):
        ...
    ValueError: get: 'LeakyReLU' has several meanings: 'torch:LeakyReLU' is leaky_relu; 'keras:LeakyReLU' is
    leaky_relu(x, negative_slope=0.3)
    """
    if name is not None and not isinstance(name, str):
        if not callable(name):
            raise TypeError(f"get: expected a name, a callable or None, not {type(name).__name__}")
        ours = PUBLIC.get(getattr(name, "__name__", "")) is name
        return _with(name, parameters) if ours or not parameters else partial(name, **parameters)
    primary, preset = _resolved("identity" if name is None else name)
    return _with(PUBLIC[primary], {**preset, **parameters})


def _resolved(name: str) -> tuple[str, Mapping[str, Any]]:
    """The name of our function and the parameters that make it what is meant."""
    if name in PUBLIC:
        return name, {}
    full = next((short + name.removeprefix(path) for path, short in PATHS if name.startswith(path)), name)
    library, colon, rest = full.partition(":")
    if colon and library not in LIBRARIES:
        raise ValueError(f"get: unknown library {library!r} in {name!r}; one of {', '.join(LIBRARIES)}")
    if colon:
        known = _known()[library]
        port = known.get(rest) or known.get(rest.rpartition(".")[2])
        ports = {full: port} if port else {}
    else:
        ports = {f"{key}:{name}": known[name] for key, known in _known().items() if name in known}
    if not ports:
        nearest = ", ".join(map(repr, _nearest(name, library if colon else None)))
        hint = f"nearest: {nearest}" if nearest else "see fastact.functions()"
        raise ValueError(f"get: unknown name {name!r}; {hint}")
    if any((p.ours, p.parameters) != (q.ours, q.parameters) for p in ports.values() for q in ports.values()):
        meanings = "; ".join(f"{key!r} is {call(port)}" for key, port in ports.items())
        raise ValueError(f"get: {name!r} has several meanings: {meanings}")
    port = next(iter(ports.values()))
    if not port.ours:
        raise ValueError(f"get: {name!r} is no single function here: {port.note}")
    return port.ours, port.parameters


@cache
def _known() -> dict[str, dict[str, Port]]:
    """By library, by name: as it stands in a Port, and without what is before the last dot unless that is taken."""
    known: dict[str, dict[str, Port]] = {library: {} for library in LIBRARIES}
    ports = [port for port in PORTS if not port.when]
    for port in ports:
        known[port.library].update(dict.fromkeys(port.names.split(), port))
    for port in ports:
        for name in port.names.split():
            known[port.library].setdefault(name.rpartition(".")[2], port)
    return known


def call(port: Port) -> str:
    """How one calls ours: the name, with what has to be given."""
    given = "".join(f", {name}={value!r}" for name, value in port.parameters.items()).replace("'", '"')
    return port.ours + (f"({'grad, ' if port.ours.endswith('_backward') else ''}x{given})" if given else "")


def _nearest(name: str, library: str | None) -> Iterable[str]:
    """Names that `get` takes, and that are spelled like this one."""

    def plain(text: str) -> str:
        return text.rpartition(":")[2].rpartition(".")[2].casefold().replace("_", "")

    names = [] if library else list(PUBLIC)
    for key, known in _known().items():
        if library in (None, key):
            names += [f"{key}:{theirs}" for theirs in known if "." not in theirs and theirs not in names]
    spelled: dict[str, str] = {}
    for candidate in names:
        spelled.setdefault(plain(candidate), candidate)
    return [spelled[match] for match in difflib.get_close_matches(plain(name), spelled, n=3, cutoff=0.6)]


def _with(function: Callable[..., Any], parameters: Mapping[str, Any]) -> Callable[..., Any]:
    """The function with parameters set; itself where that changes nothing."""
    if not parameters:
        return function
    if isinstance(function, np.ufunc):
        raise TypeError(f"get: {function.__name__} has no parameters, got {', '.join(parameters)}")
    known = inspect.signature(function).parameters
    for name in parameters:
        if name not in known:
            raise TypeError(f"get: {function.__name__} has no parameter {name!r}; it takes {', '.join(known)}")
    changed = {k: v for k, v in parameters.items() if not (np.isscalar(v) and v == known[k].default)}
    return partial(function, **changed) if changed else function
