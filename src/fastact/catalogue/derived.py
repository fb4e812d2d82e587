"""The ufuncs that each entry of the catalogue becomes: names, inputs, outputs and expressions."""

import math
import re
from typing import NamedTuple

from .activations import ACTIVATIONS
from .entries import Activation, Gate
from .gates import GATES


class Function(NamedTuple):
    """One ufunc that an entry becomes."""

    name: str
    entry: Activation | Gate
    kind: str  # "forward", "derivative", "backward", "backward_params", "backward_from_output" or "biased"
    inputs: tuple[str, ...]  # parameters last
    outputs: tuple[str, ...]
    expressions: tuple[str, ...]  # in terms of the kernels, one for each output
    defaults: tuple[float, ...] = ()  # of the last of the parameters

    @property
    def params(self) -> tuple[str, ...]:
        """The names of the parameters: the last inputs."""
        return tuple(name for name, _ in self.entry.params)

    def bound(self, dtype: str, fused: bool = True) -> float:
        """The bound in ulp of a forward function or derivative; `fused`: with fused multiply-adds."""
        if dtype == "float16":  # rounded correctly
            return 0.5
        bounds = self.entry.ulp if fused or self.entry.ulp_plain is None else self.entry.ulp_plain
        return (bounds.derivative if self.kind == "derivative" else bounds.forward)[dtype == "float64"]

    @property
    def fast(self) -> float:
        """The bound in ulp of `fast_unit` in fastact.fast, in float32; 0 where it has the default function. That of a
        backward pass is the bound of the derivative."""
        fast = self.entry.fast
        if fast.forward and self.kind == "backward" and isinstance(self.entry, Gate):
            return next(activation.fast.derivative for activation in ACTIVATIONS if activation.name == self.entry.gate)
        bounds = {"forward": fast.forward, "biased": fast.forward}
        return (bounds | {"derivative": fast.derivative, "backward": fast.derivative}).get(self.kind, 0.0)

    @property
    def fast_unit(self) -> str:
        """An expression of the inputs, or "" for the result; "1" stands for max(|f'|, 1)."""
        return self.entry.fast.unit if self.kind == "forward" or not self.entry.fast.unit else "1"

    def wide(self, fused: bool = True) -> bool:
        """Whether a bound is above 2.5 ulp, or 4 for derivatives in float64. The docstring then gives the reason."""
        good = (2.5, 4.0 if self.kind == "derivative" else 2.5)
        return any(self.bound(dtype, fused) > ulp for dtype, ulp in zip(("float32", "float64"), good, strict=True))

    @property
    def costly(self) -> bool:
        """Whether an element takes much longer than a copy: with an exponential, a logarithm or a root."""
        return self.kind != "backward_from_output" and bool(re.search("exp|log|tanh|erfc|sqrt", textbook(self.entry)))

    @property
    def tabled(self) -> bool:
        """Whether float16 may look results up in a table: a costly function of one number, with equal parameters."""
        return self.costly and isinstance(self.entry, Activation) and self.kind in ("forward", "derivative")

    @property
    def margin(self) -> int:
        """float16: within this many ulp of float32 (a power of 2) of a midpoint, results are computed in float64.

        0 for one operation of two numbers: with 24 = 2*11 + 2 bits, rounding twice does no harm.
        """
        entry = self.entry
        every = (*entry.ulp, *(entry.ulp_plain or entry.ulp))
        worst = max(max(pair) for pair in every)
        two = len(entry.params) < 2 and not (isinstance(entry, Activation) and "sqrt" in entry.from_output)
        if worst == 0 or (worst <= 0.5 and two):
            return 0
        # The bound is that of one factor. It may count twice in a product, whose ulp can be half as large. A function
        # magnifies the rounding error of x + b.
        sure = isinstance(entry, Activation) and self.kind in ("forward", "derivative", "backward")
        more = 1 if sure else 50 if self.kind == "biased" else 8
        return int(2 ** math.ceil(math.log2(2 * max(pair[0] for pair in every) + more)))

    def at_ones(self) -> "Function | None":
        """The function with its parameters left out, if all of them are 1 by default: a loop of its own, which needs
        fewer operations for the same results."""
        if not self.params or self.kind == "backward_params" or any(d != 1 for _, d in self.entry.params):
            return None
        one = rf"\b({'|'.join(self.params)})\b"
        return self._replace(
            name=f"{self.name}_at_ones",
            inputs=self.inputs[: -len(self.params)],
            expressions=tuple(re.sub(one, "<real> 1", e) for e in self.expressions),
            defaults=(),
        )

    @property
    def quiet(self) -> bool:
        """Whether overflow is not reported."""
        return isinstance(self.entry, Activation) and not self.entry.overflows


def functions(entry: Activation | Gate) -> tuple[Function, ...]:
    """The ufuncs of an entry, forward first."""
    name = entry.name
    params = tuple(p for p, _ in entry.params)
    defaults = tuple(d for _, d in entry.params if d is not None)
    tail = "".join(f", {p}" for p in params)

    def made(kind: str, inputs: tuple[str, ...], outputs: tuple[str, ...], *expressions: str) -> Function:
        full = name if kind == "forward" else f"{name}_{kind}"
        return Function(full, entry, kind, (*inputs, *params), outputs, expressions, defaults)

    if isinstance(entry, Gate):
        a, b = "gate", "x" if entry.value != "identity" else "up"
        # The slope comes first: it may be zero where the product of the other two overflows
        slope = f"<real> kernels.{entry.gate}_derivative({a}) * " if entry.gate != "identity" else ""
        dgate = f"grad * {slope}kernels.{entry.value}({b})"
        dvalue = f"kernels.{name}({a}, grad)"
        if entry.value != "identity":
            dvalue = f"grad * <real> kernels.{entry.value}_derivative({b}) * kernels.{entry.gate}({a})"
        if entry.formula:
            dgate, dvalue = (f"kernels.{name}_backward_{half}(grad, gate, up{tail})" for half in ("gate", "up"))
        return (
            made("forward", (a, b), ("y",), f"kernels.{name}({a}, {b}{tail})"),
            made("backward", ("grad", a, b), ("dgate", f"d{b}"), dgate, dvalue),
        )

    slope = f"kernels.{name}_derivative(x{tail})"
    every = [
        made("forward", ("x",), ("y",), f"kernels.{name}(x{tail})"),
        made("derivative", ("x",), ("dydx",), slope),
        made("backward", ("grad", "x"), ("dx",), f"grad * <real> {slope}"),
    ]
    if entry.biased:
        every.append(Function(f"bias_{name}", entry, "biased", ("x", "b"), ("y",), (f"kernels.{name}(x + b)",)))
    if entry.trained:
        gradients = (f"grad * <real> kernels.{name}_derivative_{p}(x{tail})" for p in entry.trained)
        every.append(made("backward_params", ("grad", "x"), tuple(f"d{p}" for p in entry.trained), *gradients))
    if entry.from_output:
        slope = f"kernels.{name}_derivative_from_output(y{tail})"
        every.append(made("backward_from_output", ("grad", "y"), ("dx",), f"grad * <real> {slope}"))
    return tuple(every)


FUNCTIONS = tuple(f for entry in (*ACTIVATIONS, *GATES) for f in functions(entry))


def formula(entry: Activation | Gate) -> str:
    """The formula for the docs: that of a gate names its activations."""
    if isinstance(entry, Activation) or entry.formula:
        return entry.formula
    value = "up" if entry.value == "identity" else f"{entry.value}(x)"
    return f"{'gate' if entry.gate == 'identity' else f'{entry.gate}(gate)'}*{value}"


def textbook(entry: Activation | Gate) -> str:
    """The formula in mathematical functions only."""
    if isinstance(entry, Activation) or entry.formula:
        return entry.formula
    of = {activation.name: activation.formula for activation in ACTIVATIONS}
    gate = re.sub(r"\bx\b", "gate", of[entry.gate])
    return f"({gate})*({of[entry.value] if entry.value != 'identity' else 'up'})"
