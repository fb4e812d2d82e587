"""`get`: functions by their names here or in other libraries. `functions`: a description of every function."""

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

# Every public function of arrays
PUBLIC: dict[str, Callable[..., Any]] = {
    **ELEMENTWISE,
    **PACKED,
    **ROWWISE,
    **{function.__name__: function for function in (bernoulli_gelu, gated_linear, gumbel_softmax)},
}


class FunctionInfo(NamedTuple):
    """The description of one function, as `functions` returns it."""

    name: str
    kind: str  # "forward", "derivative", "backward", "backward_params", "backward_from_output", "biased"
    inputs: tuple[str, ...]  # in order; parameters last
    outputs: tuple[str, ...]
    parameters: dict[str, float | None]  # with their defaults; None where there is none
    aliases: tuple[str, ...]  # of a forward function
    formula: str  # of the forward function
    bounds: dict[str, float]  # largest error in ulp by dtype, on this level; empty for a backward pass


def functions(kind: str | None = None) -> tuple[FunctionInfo, ...]:
    """Describe the elementwise functions, for programs.

    Parameters
    ----------
    kind : {'forward', 'derivative', 'backward', 'backward_params', 'backward_from_output', 'biased'}, optional
        Only functions of this kind; all if not given.

    Returns
    -------
    tuple of FunctionInfo
        Named tuples in the order of the catalogue: name, kind, inputs, outputs, parameters with their defaults,
        aliases, formula, and the bounds on the error in ulp on the level in use. The function itself is
        ``getattr(fastact, info.name)``.

    Raises
    ------
    ValueError
        When the kind is unknown.

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
    """Return the function with a name of this or another library.

    Names and aliases of fastact come first, then those of Hugging Face's ACT2FN, Keras, torch (functions and modules),
    JAX, ONNX, ONNX Runtime, thinc, SciPy, scikit-learn and ggml. ``"keras:leaky_relu"`` or
    ``"keras.activations.leaky_relu"`` also names the library. The function then has the defaults of that library.
    docs/porting.md lists all names, and the differences.

    Parameters
    ----------
    name : str, callable or None
        A callable is returned unchanged, or with the parameters set. None means `identity`.
    **parameters
        Parameters of the function, by their names in fastact.

    Returns
    -------
    callable
        The function of fastact, or a `functools.partial` of it where a parameter differs from its default. Arguments
        are those of fastact, in its order, and the keywords of a ufunc (``out``, ``where``, ``dtype``).

    Raises
    ------
    ValueError
        When the name is unknown (the message lists similar names), when libraries give it different meanings (the
        message lists them as ``"library:name"``), or when it is not a single function of fastact (the message says what
        to write).
    TypeError
        When `name` has another type, or the function has no such parameter.

    See Also
    --------
    functions : descriptions of all functions.

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
    """The name of our function, and the parameters that it needs."""
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
    """Ports by library and name: the full name of a Port, and its part after the last dot unless that is taken."""
    known: dict[str, dict[str, Port]] = {library: {} for library in LIBRARIES}
    ports = [port for port in PORTS if not port.when]
    for port in ports:
        known[port.library].update(dict.fromkeys(port.names.split(), port))
    for port in ports:
        for name in port.names.split():
            known[port.library].setdefault(name.rpartition(".")[2], port)
    return known


def call(port: Port) -> str:
    """The call of our function for a port: its name, with arguments where parameters must be given."""
    given = "".join(f", {name}={value!r}" for name, value in port.parameters.items()).replace("'", '"')
    return port.ours + (f"({'grad, ' if port.ours.endswith('_backward') else ''}x{given})" if given else "")


def _nearest(name: str, library: str | None) -> Iterable[str]:
    """Names that `get` accepts, and that are spelled like this one."""

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
    """The function with parameters set; unchanged where they are the defaults."""
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
