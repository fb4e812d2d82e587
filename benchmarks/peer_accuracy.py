"""The largest error of fastact and of its peers, in ulp, on the same float32 inputs.

    python benchmarks/peer_accuracy.py                   a Markdown table of every function, half a minute
    python benchmarks/peer_accuracy.py --worst silu      this function, with the input of each largest error
    python benchmarks/peer_accuracy.py --write           the table goes into docs/guide.md

Each peer is called as its users would. The column SciPy is the usual expression of NumPy and SciPy, onnxruntime a model
of one operator (two for silu). The reference is mpmath, by tests/reference.py. The largest error of a sample is not a
bound; tools/exhaustive.py checks all inputs. Peers that are not installed are left out.
"""

import argparse
import math
import sys
import textwrap
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from mpmath import mpf
from numpy.typing import NDArray
from tqdm import tqdm

import fastact
from fastact.catalogue import FUNCTIONS

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import reference  # noqa: E402

GUIDE = ROOT / "docs" / "guide.md"
BEGIN, END = "<!-- BEGIN peers -->\n", "<!-- END peers -->"
DIGITS = 160  # of a central difference: enough even where f is 1 and f' the smallest float32

FORWARD = ("sigmoid", "tanh", "silu", "gelu", "gelu_tanh", "softplus", "elu")
SLOPES = ("sigmoid", "silu", "gelu")
MEASURED = (*FORWARD, *(f"{name}_derivative" for name in SLOPES))
ZEROS = {"silu_derivative": -1.2784645427610738, "gelu_derivative": -0.7517915246935645}
TABLE = {f.name: f for f in FUNCTIONS}

Array = NDArray[Any]
Call = Callable[[Array], Any]
Peer = dict[str, Call]  # by the name of our function


def network(nn: Any, none: Any, tanh: Any) -> dict[str, Callable[..., Any]]:
    """The functions of torch and jax, which differ only in the values of `approximate`."""
    same = {name: getattr(nn, name) for name in FORWARD if not name.startswith("gelu")}
    return same | {"gelu": partial(nn.gelu, approximate=none), "gelu_tanh": partial(nn.gelu, approximate=tanh)}


def torch_peer() -> Peer:
    torch = import_module("torch")
    forward = network(torch.nn.functional, "none", "tanh")

    def value(name: str, x: Array) -> Any:
        return forward[name](torch.from_numpy(x)).numpy()

    def slope(name: str, x: Array) -> Any:
        leaf = torch.from_numpy(x).requires_grad_()
        return torch.autograd.grad(forward[name](leaf).sum(), leaf)[0].numpy()

    values = {name: partial(value, name) for name in FORWARD}
    return values | {f"{name}_derivative": partial(slope, name) for name in SLOPES}


def jax_peer() -> Peer:
    jax = import_module("jax")
    forward = network(jax.nn, False, True)
    values = {name: jax.jit(forward[name]) for name in FORWARD}
    return values | {f"{name}_derivative": jax.jit(jax.vmap(jax.grad(forward[name]))) for name in SLOPES}


def onnxruntime_peer() -> Peer:
    """Inference only: it has no derivatives."""
    runtime = import_module("onnxruntime")
    onnx, helper = import_module("onnx"), import_module("onnx.helper")
    opsets = [helper.make_opsetid("", 20)]  # the first one with all of these that has Gelu

    def model(*nodes: Any) -> Call:
        x, y = (helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [None]) for name in "xy")
        graph = helper.make_graph(nodes, "activation", [x], [y])
        made = helper.make_model(graph, opset_imports=opsets, ir_version=helper.find_min_ir_version_for(opsets))
        session = runtime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
        return lambda x: session.run(None, {"x": x})[0]

    def one(operator: str, **attributes: str) -> Call:
        return model(helper.make_node(operator, ["x"], ["y"], **attributes))

    return {
        "sigmoid": one("Sigmoid"),
        "tanh": one("Tanh"),
        "silu": model(helper.make_node("Sigmoid", ["x"], ["s"]), helper.make_node("Mul", ["x", "s"], ["y"])),
        "gelu": one("Gelu", approximate="none"),
        "gelu_tanh": one("Gelu", approximate="tanh"),
        "softplus": one("Softplus"),
        "elu": one("Elu"),
    }


def scipy_peer() -> Peer:
    special = import_module("scipy.special")
    return {
        "sigmoid": special.expit,
        "tanh": np.tanh,
        "silu": lambda x: x * special.expit(x),
        "gelu": lambda x: x * special.ndtr(x),
        "gelu_tanh": lambda x: 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
        "softplus": lambda x: np.logaddexp(0, x),
        "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
        "sigmoid_derivative": lambda x: special.expit(x) * (1 - special.expit(x)),
        "silu_derivative": lambda x: special.expit(x) * (1 + x * (1 - special.expit(x))),
        "gelu_derivative": lambda x: special.ndtr(x) + x * np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi),
    }


PEERS: dict[str, tuple[Callable[[], Peer], tuple[str, ...]]] = {  # with the packages whose versions matter
    "torch": (torch_peer, ("torch",)),
    "jax": (jax_peer, ("jax", "jaxlib")),
    "onnxruntime": (onnxruntime_peer, ("onnxruntime", "onnx")),
    "SciPy": (scipy_peer, ("scipy",)),
}


def promised(name: str) -> float:
    """The bound of the catalogue in float32."""
    return TABLE[name].bound("float32", fastact._dispatch.kernels.fma)


def inputs(name: str, count: int) -> Array:
    """Equal parts of every magnitude, the middle and, for a derivative with a zero, numbers near it."""
    rng = np.random.default_rng(0)
    part = -(-count // (3 if name in ZEROS else 2))
    low, high = np.array([2**-30, 110], np.float32).view(np.uint32)
    bits = rng.integers(low, high, part, np.uint32, endpoint=True).view(np.float32)
    parts = [np.copysign(bits, rng.uniform(-1, 1, part)), rng.uniform(-20, 20, part)]
    if name in ZEROS:
        parts.append(ZEROS[name] + np.copysign(np.exp2(rng.uniform(-25, -3, part)), rng.uniform(-1, 1, part)))
    return np.concatenate(parts)[:count].astype(np.float32)


def truth(name: str, x: Array) -> list[mpf]:
    short = name.removesuffix("_derivative")
    exact = reference.formula(short) if short == name else reference.derivative(short, DIGITS)
    params = [mpf(default) for _, default in reference.ROWS[short].params]
    return [exact(mpf(v), *params) for v in tqdm(x.tolist(), desc=f"{name:18}", leave=False)]


def largest(call: Call, x: Array, want: list[mpf]) -> tuple[float, str]:
    """The largest error, and where it is."""
    with np.errstate(all="ignore"):
        got = np.asarray(call(x.copy()))
    assert got.dtype == np.float32
    errors = reference.ulps(got, want)
    i = int(np.argmax(errors))
    where = f"{shown(errors[i])} ulp at {x[i]!s} ({float(x[i]).hex()}): {got[i]!s}, not {float(want[i]):.9g}"
    return float(errors[i]), where


def shown(error: float) -> str:
    if error < 1000 or math.isinf(error):
        return f"{error:.2f}"
    return f"{error:.1e}".replace("e+0", "e").replace("e+", "e")


def measured(names: Sequence[str], points: int, worst: bool) -> str:
    """The table, and the versions that it was made with."""
    peers: dict[str, Peer] = {"fastact": {name: getattr(fastact, name) for name in MEASURED}}
    packages, missing = ["numpy"], []
    for who, (make, needed) in PEERS.items():
        try:
            peers[who] = make()
            packages += needed
        except ModuleNotFoundError as error:
            missing.append(f"{who} (no module {error.name})")
    head = ("Function", "fastact's bound", "fastact measured", *PEERS)
    lines = [head, ("---", *["---:"] * (len(head) - 1))]
    for name in names:
        x = inputs(name, points)
        want = truth(name, x)
        found = {who: largest(peer[name], x, want) for who, peer in peers.items() if name in peer}
        cells = [shown(found[who][0]) if who in found else "-" for who in ("fastact", *PEERS)]
        lines.append((f"`{name}`", f"{promised(name):g}", *cells))
        if worst:
            print(*(f"{name}, {who}: {where}" for who, (_, where) in found.items()), sep="\n", flush=True)
    versions = ", ".join(f"{package} {version(package)}" for package in (*packages, "mpmath"))
    said = f"{points:,} inputs a function; fastact {version('fastact')} on level `{fastact.level}`, {versions}."
    if missing:
        said += f" Not installed: {', '.join(missing)}."
    return "\n".join([*(f"| {' | '.join(line)} |" for line in lines), "", textwrap.fill(said, 120)])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("functions", nargs="*", metavar="FUNCTION", help="all if none is named")
    parser.add_argument("--points", type=int, default=20_000, help="inputs a function (default: %(default)s)")
    parser.add_argument("--worst", action="store_true", help="print the input of each largest error as well")
    parser.add_argument("--write", action="store_true", help=f"write the table between {BEGIN.strip()} and {END}")
    options = parser.parse_args()
    for name in options.functions:
        if name not in MEASURED:
            parser.error(f"{name} is not one of {', '.join(MEASURED)}")
    before, found, rest = GUIDE.read_text(encoding="utf-8").partition(BEGIN)
    _, closed, after = rest.partition(END)
    if options.write and not (found and closed):
        parser.error(f"docs/guide.md has no {BEGIN.strip()} ... {END}")
    text = measured(options.functions or MEASURED, options.points, options.worst)
    print(text)
    if options.write:
        GUIDE.write_text(f"{before}{BEGIN}\n{text}\n\n{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
