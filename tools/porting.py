"""Write docs/porting.md: what other libraries call our functions, and what differs.

    python tools/porting.py            from the list in fastact.catalogue.ports
    python tools/porting.py --check    compare only; exit status 1 when it differs

tests/test_names.py compares each function with the library's own.
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

What other libraries call the functions of fastact, and what differs. `fastact.get` takes every name below, with its
library in front where it would not be clear: `fastact.get("keras:leaky_relu")`. Where the second column is empty, the
third says what to write.

Written by `tools/porting.py` from `src/fastact/catalogue/ports.py`. `tests/test_names.py` compares the functions with
torch 2.13, jax 0.10.2, keras 3.15.1, onnx 1.23.2 (its reference evaluator), onnxruntime 1.31, thinc 9.1.1, scipy
1.17.1, scikit-learn 1.9.1 and transformers 5.23, in float64 where they have it; ggml was read.

Everywhere:

* Arrays first, then parameters. `out=` says where the result goes, `out=x` is in place.
* At the infinities a function has its limit, and so has its derivative: `silu(-inf)` is -0.0, its slope there is 0. NaN
  gives NaN, in derivatives and backward passes too.
* The slope at a kink is 0 where one side is flat; at 0 it is that of the negative side (`leaky_relu`, `elu`, `selu`).
  The docstrings have each.
* `NAME_backward(grad, x, ...)` takes the gradient, then the input; `NAME_backward_from_output(grad, y, ...)` the
  output, as `softmax_backward` and `log_softmax_backward` do.
* Integers become what they become in `numpy.exp`; float16 stays float16.
"""

TEXTS = {
    "torch": """\
`F` is `torch.nn.functional`, `special` is `torch.special`, `aten` is `torch.ops.aten`. `inplace=True` is `out=x`.

At -inf their `hardswish`, `silu`, `mish` and `gelu` are NaN, and so are the gradients of the last three at both
infinities. Slopes at kinks are ours.""",
    "torch backward": """\
`(grad_output, self, ...)` unless it says otherwise, without defaults. For NaN as input the gradients of `hardtanh`,
`hardsigmoid`, `hardshrink` and `softshrink` are 0, that of `leaky_relu` is the slope, and that of `threshold` 1.""",
    "jax": """\
Names of `jax.nn`. At -inf their `hard_swish`, `silu`, `mish` and `gelu` are NaN; the slopes of `silu`, `mish`, `gelu`,
`soft_sign`, `squareplus` and `sparse_plus` are NaN at both infinities. On the CPU subnormal results are 0, as
`softplus(-100)` in float32. There are no backward functions but `jax.grad`; slopes at kinks are ours unless it says
otherwise.""",
    "keras": """\
Identifiers, which are names of `keras.activations`; `ops` is `keras.ops`, which has the same names and defaults but for
what is below; `layers` is `keras.layers`. At -inf their `hard_swish`, `silu`, `mish` and `gelu` are NaN. With the NumPy
backend results are float32, and NaN gives 0 in `soft_shrink` and `hard_shrink`. There are no backward functions.""",
    "onnx": """\
Operators in their newest version, with their default attributes, which are float32 numbers: 0.2 is 0.200000003. In ONNX
Runtime `HardSwish`, `Mish` and `Gelu` are NaN at -inf, and `ThresholdedRelu` and `Shrink` give 0 for NaN.""",
    "ort": "Operators of the domain `com.microsoft`.",
    "thinc": """\
Methods of `NumpyOps`. `inplace=True` is `out=X`. At -inf their `gelu`, `gelu_approx`, `mish`, `hard_swish` and
`hard_swish_mobilenet` are NaN.""",
    "thinc backward": """\
`(dY, X, ...)` unless it says otherwise. For NaN the gradients of `relu_k`, `clipped_linear`, `hard_sigmoid` and
`hard_tanh` are 0.""",
    "scipy": """\
Names of `scipy.special`; `jax.scipy.special` has `expit`, `ndtr` and `log_ndtr` too. `expit`, `log_expit`, `ndtr` and
`log_ndtr` of float16 are float64. `softplus`, `softmax`, `log_softmax` and `logsumexp` may raise underflow.""",
    "sklearn": """\
Keys of `ACTIVATIONS` in `sklearn.neural_network._base`. They work in place and return None: `out=X`.""",
    "sklearn backward": """\
Values of `DERIVATIVES`. They multiply `delta` in place: `out=delta`.""",
    "hf": """\
Keys of `ACT2FN`. The modules call torch: what is said of it above holds for them.""",
    "ggml": """\
Functions of `ggml.h`, without `ggml_`. Without `_split` the gates take one tensor, the first half of its rows as the
gate; with `_swapped` the second.""",
}

# What is a line of NumPy and ours, and so has no function of its own: the name, whose it is, and the line.
# tests/test_names.py evaluates each.
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
clip, abs, square, sqrt, pow, log, exp and round, which oneDNN and ONNX count among the activations, are NumPy's own."""


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
    """What has our name and is the same in a sentence; the rest in a table."""
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
        print("docs/porting.md differs from fastact.names: run python tools/porting.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
