"""Write docs/porting.md: the names of our functions in other libraries, and the differences.

    python tools/porting.py            from the list in fastact.catalogue.ports
    python tools/porting.py --check    compare only; exit status 1 when it differs

tests/test_names.py compares each function with that of the library.
"""

import argparse
import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from fastact.api.names import call
from fastact.catalogue.ports import LIBRARIES, PORTS, Port

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "porting.md"
BACKWARD = re.compile(r"backward|backprop|derivative|_back\b|\bdsigmoid|\bdtanh|sechsq")

HEAD = """\
# Porting

The names of fastact's functions in other libraries, and the differences. `fastact.get` takes every name below. Put the
library in front where a name would be ambiguous: `fastact.get("keras:leaky_relu")`. Where the second column is empty,
the third says what to write. "Theirs" is the function of the other library, "ours" that of fastact.

Written by `tools/porting.py` from `src/fastact/catalogue/ports.py`. `tests/test_names.py` compares the functions with
torch 2.13, jax 0.10.2, keras 3.15.1, onnx 1.23.2 (its reference evaluator), onnxruntime 1.31, thinc 9.1.1, scipy
1.17.1, scikit-learn 1.9.1 and transformers 5.23, in float64 where they support it. The entries of ggml were read from
its source.

Everywhere:

* Arrays come first, then parameters. `out=` takes an array for the result; `out=x` works in place.
* At the infinities, functions and derivatives have their limits: `silu(-inf)` is -0.0, and its slope there is 0. NaN
  gives NaN, also in derivatives and backward passes.
* The slope at a kink is 0 where one side is flat. `leaky_relu`, `elu` and `selu` have at 0 the slope of the negative
  side. The docstrings document each kink.
* `NAME_backward(grad, x, ...)` takes the gradient, then the input. `NAME_backward_from_output(grad, y, ...)` takes the
  output instead, like `softmax_backward` and `log_softmax_backward`.
* Integers are converted as in `numpy.exp`; float16 stays float16.
"""

TEXTS = {
    "torch": """\
`F` is `torch.nn.functional`, `special` is `torch.special`, `aten` is `torch.ops.aten`. `inplace=True` is `out=x`.

At -inf their `hardswish`, `silu`, `mish` and `gelu` are NaN. At both infinities the gradients of the last three are
NaN. Slopes at kinks are the same.""",
    "torch backward": """\
Arguments are `(grad_output, self, ...)` unless stated otherwise, without defaults. For NaN as input, their gradients of
`hardtanh`, `hardsigmoid`, `hardshrink` and `softshrink` are 0, that of `leaky_relu` is the slope, and that of
`threshold` is 1.""",
    "jax": """\
Names of `jax.nn`. At -inf their `hard_swish`, `silu`, `mish` and `gelu` are NaN. At both infinities the slopes of
`silu`, `mish`, `gelu`, `soft_sign`, `squareplus` and `sparse_plus` are NaN. On the CPU, subnormal results are 0, such
as `softplus(-100)` in float32. There is `jax.grad` instead of backward functions. Slopes at kinks are the same unless
stated otherwise.""",
    "keras": """\
Identifiers: names of `keras.activations`. `ops` is `keras.ops`, which has the same names and defaults except for those
below; `layers` is `keras.layers`. At -inf their `hard_swish`, `silu`, `mish` and `gelu` are NaN. With the NumPy
backend, results are float32, and NaN gives 0 in `soft_shrink` and `hard_shrink`. There are no backward functions.""",
    "onnx": """\
Operators in their newest version, with default attributes. These are float32 numbers: 0.2 is 0.200000003. In ONNX
Runtime, `HardSwish`, `Mish` and `Gelu` are NaN at -inf, and `ThresholdedRelu` and `Shrink` give 0 for NaN.""",
    "ort": "Operators of the domain `com.microsoft`.",
    "thinc": """\
Methods of `NumpyOps`. `inplace=True` is `out=X`. At -inf their `gelu`, `gelu_approx`, `mish`, `hard_swish` and
`hard_swish_mobilenet` are NaN.""",
    "thinc backward": """\
Arguments are `(dY, X, ...)` unless stated otherwise. For NaN, their gradients of `relu_k`, `clipped_linear`,
`hard_sigmoid` and `hard_tanh` are 0.""",
    "scipy": """\
Names of `scipy.special`; `jax.scipy.special` has `expit`, `ndtr` and `log_ndtr` too. `expit`, `log_expit`, `ndtr` and
`log_ndtr` of float16 are float64. `softplus`, `softmax`, `log_softmax` and `logsumexp` may raise underflow.""",
    "sklearn": """\
Keys of `ACTIVATIONS` in `sklearn.neural_network._base`. They work in place and return None: `out=X`.""",
    "sklearn backward": """\
Values of `DERIVATIVES`. They multiply `delta` in place: `out=delta`.""",
    "hf": """\
Keys of `ACT2FN`. The modules call torch: see the notes on PyTorch.""",
    "ggml": """\
Functions of `ggml.h`, without `ggml_`. Gates without `_split` take one tensor, and the first half of each row is the
gate; with `_swapped`, the second half.""",
}

# Functions that are one line of NumPy and fastact: the name, its library, and the line. tests/test_names.py evaluates
# each.
LINES = (
    ("crelu", "TensorFlow", "np.concatenate([fastact.relu(x), fastact.relu(-x)], axis=-1)"),
    ("mul_and_silu", "vLLM", 'fastact.swiglu_packed(x, layout="up_gate")'),
    ("fatrelu_and_mul", "vLLM", "fastact.thresholded_relu(gate, theta) * up"),
    (
        "SwiGLU, its gate clamped afterwards",
        "MaxText",
        "np.minimum(fastact.silu(gate), limit) * np.clip(up, -limit, limit)",
    ),
    ("gradient of softmin", "MLX", "-fastact.softmax_backward(grad, fastact.softmin(x))"),
    ("gradient of logsumexp", "JAX", "grad_sum * fastact.softmax(x)"),
    ("softmax of ragged rows", "thinc", "np.concatenate([fastact.softmax(row) for row in np.split(row_of_all, ends)])"),
    ("rrelu, training", "PyTorch", "fastact.prelu(x, rng.uniform(lower, upper, x.shape))"),
    ("logit", "JAX, SciPy", "np.log(p) - np.log1p(-p)"),
)
ELSEWHERE = """\
oneDNN and ONNX count clip, abs, square, sqrt, pow, log, exp and round among the activations. They are functions of
NumPy."""


def section(library: str) -> Iterator[str]:
    ports = [port for port in PORTS if port.library == library]
    forward = [port for port in ports if not BACKWARD.search(f"{port.names} {port.ours}")]
    backward = [port for port in ports if port not in forward]
    yield from ("", f"## {LIBRARIES[library]}", "", TEXTS[library], *table(forward))
    if backward:
        yield from ("", f"### {LIBRARIES[library]}: derivatives and backward passes")
        if f"{library} backward" in TEXTS:
            yield from ("", TEXTS[f"{library} backward"])
        yield from table(backward)


def table(ports: Sequence[Port]) -> Iterator[str]:
    """A sentence with the functions of the same name that are equal, and a table of the others."""
    chosen = {port.names for port in ports if port.when}
    plain = [p for p in ports if p.names == p.ours and p.names not in chosen and not (p.parameters or p.note or p.when)]
    if plain:
        names = ", ".join(f"`{port.ours}`" for port in plain)
        yield from ("", *textwrap.wrap(f"The same, with the same name: {names}.", 120))
    yield from ("", "| theirs | ours | what differs |", "|---|---|---|")
    for port in ports:
        if port not in plain:
            theirs = ", ".join(f"`{name}`" for name in port.names.split())
            theirs += f" with `{port.when}`" if port.when else ""
            yield f"| {theirs} | {f'`{call(port)}`' if port.ours else ''} | {port.note} |"


def lines() -> Iterator[str]:
    yield from ("", "## One line each", "", "| theirs | of | write |", "|---|---|---|")
    for name, library, line in LINES:
        yield f"| {name} | {library} | `{line}` |"
    yield from ("", ELSEWHERE)


def page() -> str:
    sections = [line for library in LIBRARIES for line in section(library)]
    return "\n".join([HEAD.rstrip("\n"), *sections, *lines(), ""])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    options = parser.parse_args()
    if not options.check:
        PAGE.write_text(page(), encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != page():
        print("docs/porting.md differs from fastact.catalogue.ports: run python tools/porting.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
