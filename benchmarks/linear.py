"""gated_linear beside the usual code without it: float32, at the sizes of transformers."""

from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
from layouts import Call, by_turns

import fastact

SIZES = ((1, 768, 3072), (128, 768, 3072), (512, 768, 3072), (512, 2048, 5632))  # rows, inner, outer
SECONDS = 1.0  # for each size


def forms(rows: int, inner: int, outer: int) -> dict[str, Call]:
    rng = np.random.default_rng(0)
    shapes = ((rows, inner), (inner, outer), (inner, outer))
    x, w, v = (rng.standard_normal(shape, np.float32) / np.float32(inner**0.5) for shape in shapes)

    def written_out() -> Any:
        a = x @ w
        return a / (1 + np.exp(-a)) * (x @ v)

    made: dict[str, Call] = {
        "fastact": partial(fastact.gated_linear, x, w, v, gate=fastact.swiglu),
        "numpy": written_out,
        "products": lambda: (x @ w, x @ v),
    }
    try:
        torch = import_module("torch")
    except ImportError:
        return made
    tensors = [torch.from_numpy(a) for a in (x, w, v)]
    silu = torch.nn.functional.silu
    made["torch"] = lambda: silu(tensors[0] @ tensors[1]) * (tensors[0] @ tensors[2])
    return made


def measure() -> list[dict[str, Any]]:
    return [{"size": size, "times": by_turns(forms(*size), SECONDS)} for size in SIZES]
