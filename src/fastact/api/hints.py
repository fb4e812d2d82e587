"""Hints in error messages: what to write in place of arguments of other libraries."""

import functools
import re
from collections.abc import Callable
from typing import Any

# Functions, keyword, hint. A "*" at the end or the beginning of a name stands for any text.
KEYWORDS = (
    (("softmax*", "log_softmax*", "softmin", "safe_softmax", "sink_softmax", "logsumexp", "logmeanexp", "hardmax",
      "sparsemax*", "entmax15*", "maxout*", "gumbel_softmax", "*_packed"), "dim", "use axis={value!r}"),
    (("glu",), "dim", "use fastact.glu_packed(x, axis={value!r})"),
    (("gelu*", "bias_gelu*", "geglu*"), "approximate",
     "use fastact.{tanh} for the approximation by a hyperbolic tangent"),
    (("leaky_relu*",), "alpha", "use negative_slope={value!r}"),
    (("thresholded_relu*",), "alpha", "use theta={value!r}"),
    (("hard_sigmoid*",), "alpha", "use slope={value!r}; beta is offset"),
    (("hard_sigmoid*",), "beta", "use offset={value!r}; alpha is slope"),
    (("swish*",), "alpha", "use beta={value!r}"),
    (("silu*",), "beta", "use fastact.swish(x, beta={value!r})"),
    (("prelu*",), "weight", "use slope=; it broadcasts as in NumPy"),
    (("softplus*", "mish*"), "threshold", "leave it out: no threshold is needed"),
    (("hard_shrink*", "soft_shrink*"), "threshold", "use lambd={value!r}"),
    (("threshold*",), "default_value", "use value={value!r}"),
    (("clipped_relu*",), "n", "use max_value={value!r}"),
    (("relu",), "negative_slope", "use fastact.leaky_relu(x, {value!r})"),
    (("relu",), "max_value", "use fastact.clipped_relu(x, {value!r})"),
    (("relu",), "threshold", "use fastact.thresholded_relu(x, {value!r})"),
    (("softmax*", "log_softmax*", "gumbel_softmax"), "tau", "use temperature={value!r}"),
    (("*",), "inplace", "use out=x"),
    (("*",), "training", "leave it out: the function is that of inference"),
)  # fmt: skip

# Functions of one array: hints for a second positional argument, which is `out`
SECOND = {
    "relu": "use fastact.clipped_relu(x, {value!r}), or fastact.leaky_relu(x, negative_slope)",
    "silu": "use fastact.swish(x, {value!r})",
    "gelu": "use fastact.gelu_tanh(x) for the approximation by a hyperbolic tangent",
    "sigmoid": "use fastact.swish or fastact.hard_sigmoid, which have parameters",
    "tanh": "use fastact.scaled_tanh(x, alpha, beta)",
}


def matches(name: str, pattern: str) -> bool:
    if pattern.startswith("*") and len(pattern) > 1:
        return name.endswith(pattern[1:])
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def find_hint(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """The hint for a call that failed; empty if there is none."""
    for patterns, keyword, text in KEYWORDS:
        if keyword in kwargs and any(matches(name, pattern) for pattern in patterns):
            tanh = re.sub("(gelu|geglu)", r"\1_tanh", name)
            return text.format(value=kwargs[keyword], tanh=tanh)
    if name in SECOND and len(args) == 2:
        return SECOND[name].format(value=args[1])
    if name == "softplus" and len(args) == 3:
        return "the third argument is `out`; leave the threshold out, none is needed"
    if name.endswith("glu") and len(args) == 1:
        return f"for one array that holds gate and value use fastact.{name}_packed"
    return ""


def explain(name: str, args: tuple[Any, ...], kwargs: dict[str, Any], error: TypeError) -> str:
    """The message of an error with the function's name and, where it is known, what to write instead; empty where the
    error says that already."""
    name = name.removesuffix(".ufunc")
    hint = find_hint(name, args, kwargs)
    message = str(error).replace(f"{name}.ufunc", name)
    message = message if name in message else f"{name}(): {message}"
    message = message if not hint or message.endswith(hint) else f"{message}: {hint}"
    return message if message != str(error) else ""


def explained(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator that explains the TypeError of a call."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            given = kwargs.copy()
            try:
                return function(*args, **kwargs)
            except TypeError as error:
                message = explain(name, args, given, error)
                raise TypeError(message) if message else error from None

        return call

    return decorate
