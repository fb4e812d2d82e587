"""``python -m fastact demo``: time and error of every forward function, beside NumPy.

`bench` uses the inputs, NumPy expressions and clock of this module.

The reference is the textbook formula of the catalogue, computed number by number in Python's double precision. It
shares no code with the kernels.
"""

import importlib
import math
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import resources
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

import fastact

from ..catalogue import ACTIVATIONS, GATES, Activation, Gate
from ..catalogue.derived import functions, textbook
from ..plotting import FREE

Array = NDArray[Any]
Call = Callable[[], Any]

ENTRIES = (*ACTIVATIONS, *GATES)
BY_NAME = {entry.name: entry for entry in ACTIVATIONS}

# The usual NumPy expression of each activation, whose last step writes into y where it can. identity needs none, and
# log_ndtr more than an expression. A gate is the product of two.
NUMPY = {
    "relu": "np.maximum(x, 0, out=y)",
    "leaky_relu": "np.maximum(x, negative_slope*x, out=y)",
    "prelu": "np.where(x > 0, x, slope*x)",
    "rrelu": "np.maximum(x, (lower + upper)/2*x, out=y)",
    "relu6": "np.clip(x, 0, 6, out=y)",
    "relu2": "np.square(np.maximum(x, 0, out=y), out=y)",
    "clipped_relu": "np.clip(x, 0, max_value, out=y)",
    "threshold": "np.where(x > threshold, x, np.float32(value))",
    "thresholded_relu": "np.where(x > theta, x, np.float32(0))",
    "hard_tanh": "np.clip(x, min_val, max_val, out=y)",
    "hard_sigmoid": "np.clip(slope*x + offset, 0, 1, out=y)",
    "hard_swish": "np.multiply(x, np.clip(x + 3, 0, 6)/6, out=y)",
    "sparse_sigmoid": "np.clip((x + 1)/2, 0, 1, out=y)",
    "sparse_plus": "np.where(x > 1, x, np.maximum(x + 1, 0)**2/4)",
    "hard_shrink": "np.where(np.abs(x) > lambd, x, np.float32(0))",
    "soft_shrink": "np.subtract(x, np.clip(x, -lambd, lambd), out=y)",
    "shrink": "np.where(x > lambd, x - bias, np.where(x < -lambd, x + bias, np.float32(0)))",
    "elu": "np.where(x > 0, x, alpha*np.expm1(x))",
    "celu": "np.where(x > 0, x, alpha*np.expm1(x/alpha))",
    "selu": "np.multiply(1.0507009874, np.where(x > 0, x, 1.6732632423*np.expm1(x)), out=y)",
    "exponential": "np.exp(x, out=y)",
    "sigmoid": "np.divide(1, 1 + np.exp(-x), out=y)",
    "tanh": "np.tanh(x, out=y)",
    "scaled_tanh": "np.multiply(alpha, np.tanh(beta*x), out=y)",
    "tanh_shrink": "np.subtract(x, np.tanh(x), out=y)",
    "softsign": "np.divide(x, 1 + np.abs(x), out=y)",
    "silu": "np.divide(x, 1 + np.exp(-x), out=y)",
    "swish": "np.divide(x, 1 + np.exp(-beta*x), out=y)",
    "gelu": "np.multiply(0.5*x, 1 + erf(x/sqrt2), out=y)",
    "clipped_gelu": "np.clip(0.5*x*(1 + erf(x/sqrt2)), min_val, max_val, out=y)",
    "gelu_tanh": "np.multiply(0.5*x, 1 + np.tanh(0.7978845608*(x + 0.044715*x*x*x)), out=y)",
    "gelu_quick": "np.divide(x, 1 + np.exp(-1.702*x), out=y)",
    "softplus": "np.divide(np.log1p(np.exp(beta*x)), beta, out=y)",
    "log_sigmoid": "np.negative(np.log1p(np.exp(-x)), out=y)",
    "log1mexp": "np.log(-np.expm1(-x), out=y)",
    "sqrt_softplus": "np.sqrt(np.log1p(np.exp(x)), out=y)",
    "squareplus": "np.multiply(0.5, x + np.sqrt(x*x + b), out=y)",
    "mish": "np.multiply(x, np.tanh(np.log1p(np.exp(x))), out=y)",
    "dish": "np.multiply(0.5*x, 1 + x/np.sqrt(1 + x*x), out=y)",
    "laplace": "np.multiply(0.5, 1 + erf((x - mu)/(sigma*sqrt2)), out=y)",
    "ndtr": "np.multiply(0.5, 1 + erf(x/sqrt2), out=y)",
    "xielu": "np.where(x > 0, alpha_p*x*x, alpha_n*(np.expm1(np.minimum(x, eps)) - x)) + beta*x",
}


def sample() -> Array:
    """Real pre-activations: one row for each layer of a text encoder."""
    with resources.as_file(resources.files("fastact.cli") / "sample.npy") as path:
        layers: Array = np.load(path)
    return layers


def erf() -> Any:
    """SciPy's error function, or None where there is no SciPy."""
    try:
        return importlib.import_module("scipy.special").erf
    except ImportError:
        return None


def lines(x: Array, rounds: int) -> Iterator[str]:
    """A line of the table for each entry."""
    up = np.random.default_rng(0).permutation(x)
    for entry in ENTRIES:
        with np.errstate(all="ignore"):
            yield _line(entry, x, up, rounds)


def head() -> str:
    """The two lines above the table."""
    return (
        f"{'':18}{'ns an element':^17} {'times':>7} {'largest error':^18}\n"
        f"{'function':18}{'fastact':>8} {'NumPy':>8} {'faster':>7} {'fastact':>8} {'NumPy':>9}   "
        "NumPy expression"
    )


def _line(entry: Activation | Gate, x: Array, up: Array, rounds: int) -> str:
    inputs: tuple[Array, ...] = (np.abs(x) if getattr(entry, "least", -np.inf) == 0 else x,)
    values: tuple[float, ...] = ()
    other = expression(entry, np.empty_like(x))
    if isinstance(entry, Activation):
        values, text = tuple(params(entry).values()), NUMPY.get(entry.name, "none")
    else:
        inputs = (x, up)
        text = f"{_applied(entry.gate, 'gate')} * {_applied(entry.value, 'up')}, as above" if other else "none"
    truth = _reference(entry, inputs)
    mine = partial(getattr(fastact, entry.name), *inputs, *values, out=np.empty_like(x))
    theirs = partial(other, *inputs, np.empty_like(x)) if other else None
    own, plain = (1e9 * seconds / x.size for seconds in times((mine, theirs), rounds))
    if theirs is None:
        cells, error = f"{'-':>8} {'-':>7}", f"{'-':>9}"
    else:
        cells, error = f"{plain:8.3f} {plain / own:7.1f}", f"{_ulp(theirs(), truth):9.3g}"
    return f"{entry.name:17} {own:8.3f} {cells} {_ulp(mine(), truth):8.2f} {error}   {text}"


def _applied(name: str, to: str) -> str:
    return to if name == "identity" else f"{name}({to})"


def params(entry: Activation | Gate) -> dict[str, float]:
    """The defaults, rounded to float32 as a float32 kernel gets them. 1/6 is the fraction, as for `hard_sigmoid`."""
    defaults = {name: FREE if value is None else value for name, value in entry.params}
    return {name: value if value == 1 / 6 else float(np.float32(value)) for name, value in defaults.items()}


def _exp(x: float) -> float:
    return math.exp(x) if x < 709 else math.inf


def _reference(entry: Activation | Gate, inputs: tuple[Array, ...]) -> Array:
    """The results of the textbook formula."""
    names = functions(entry)[0].inputs[: len(inputs)]
    formula = eval(f"lambda {', '.join(names)}: {textbook(entry)}", vars(math) | {"exp": _exp} | params(entry))
    return np.array([formula(*values) for values in zip(*(a.tolist() for a in inputs), strict=True)])


def _numpy(name: str) -> Callable[[Array, Array], Array] | None:
    """The NumPy expression of an activation as f(x, y); None where there is none, or where it needs SciPy."""
    text, special = NUMPY.get(name), erf()
    if text is None or ("erf(" in text and special is None):
        return None
    given = params(BY_NAME[name]) if name in BY_NAME else {}
    made: Callable[[Array, Array], Array]
    made = eval(f"lambda x, y: {text}", {"np": np, "erf": special, "sqrt2": math.sqrt(2)} | given)
    return made


def _factor(name: str) -> Callable[[Array, Array], Array] | None:
    return (lambda x, y: x) if name == "identity" else _numpy(name)


def expression(entry: Activation | Gate, spare: Array) -> Callable[..., Array] | None:
    """The NumPy expression of an entry as f(x, y), of a gate as f(gate, up, y); None as in `_numpy`.

    `spare` is an array for the value of a gate.
    """
    if isinstance(entry, Activation):
        return _numpy(entry.name)
    gate, value = _factor(entry.gate), _factor(entry.value)
    if gate is None or value is None:
        return None
    return lambda x, up, y: np.multiply(gate(x, y), value(up, spare), out=y)


def times(calls: Sequence[Call | None], rounds: int, together: int = 1) -> list[float]:
    """The least time of each call in seconds. The calls take turns, so that a disturbance affects all of them.

    `together` calls are timed at once, where a single call is too short for the clock.
    """
    best = [math.inf] * len(calls)
    for _ in range(rounds):
        for i, call in enumerate(calls):
            if call is None:
                continue
            for _ in range(2):  # the first call brings the arrays back into the cache
                start = time.perf_counter()
                for _ in repeat(None, together):
                    call()
                best[i] = min(best[i], (time.perf_counter() - start) / together)
    return best


def _ulp(got: Array, truth: Array) -> float:
    """The largest error in units of the last place of float32."""
    exponent = np.maximum(np.frexp(truth)[1], -125)
    return float(np.max(np.abs(got.astype(np.float64) - truth) / np.ldexp(1.0, exponent - 24)))
