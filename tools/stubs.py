"""Type stubs of the package, from the catalogue. Used by the build."""

from fastact.catalogue import ACTIVATIONS, FUNCTIONS, GATES, ROWWISE
from fastact.catalogue.derived import functions

STUB_HEAD = '''\
"""Generated from the catalogue by the build."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol, type_check_only

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import fast as fast
from . import precise as precise
from . import table as table
from .api.names import FunctionInfo

__version__: str
level: str
__all__: list[str]

def available_levels() -> tuple[str, ...]: ...
def enable_bfloat16() -> None: ...
def get_num_threads() -> int: ...
def set_num_threads(n: int | None) -> None: ...
def num_threads(n: int | None) -> AbstractContextManager[None]: ...
def functions(kind: str | None = None) -> tuple[FunctionInfo, ...]: ...
def get(name: Any, /, **parameters: Any) -> Callable[..., Any]: ...
def bernoulli_gelu(x: ArrayLike, rng: Any = None, out: NDArray[Any] | None = None) -> Any: ...
def gated_linear(
    x: ArrayLike,
    W: ArrayLike,
    V: ArrayLike,
    b: ArrayLike | None = None,
    c: ArrayLike | None = None,
    *,
    gate: Callable[..., Any] | None = None,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]: ...
'''


PRECISE_HEAD = '''\
"""Generated from the catalogue by the build."""

from typing import Any, Protocol, type_check_only

import numpy as np
from numpy.typing import ArrayLike

__all__: list[str]

'''


TYPES = {
    "x": "ArrayLike",
    "grad": "ArrayLike",
    "y": "ArrayLike",
    "which": "ArrayLike",
    "pieces": "int",
    "axis": "int | tuple[int, ...] | None",
    "temperature": "ArrayLike",
    "sink": "ArrayLike",
    "keepdims": "bool",
    "out": "Any",
    "**kwargs": "Any",
}

GUMBEL = """\
def gumbel_softmax(
    x: ArrayLike,
    temperature: ArrayLike = 1.0,
    rng: Any = None,
    hard: bool = False,
    axis: int | tuple[int, ...] | None = -1,
    out: NDArray[Any] | None = None,
) -> Any: ...
"""


def stubs() -> str:
    """The stubs of the package."""
    out = [STUB_HEAD, declarations()]
    for entry in GATES:
        layout = 'layout: str = "up_gate"' if entry.name == "glu" else "layout: str"
        params = "".join(f", {p}: ArrayLike = {d!r}" for p, d in entry.params)
        out.append(
            f"def {entry.name}_packed(\n    x: Any, axis: int = -1, *, {layout}, "
            f"out: NDArray[Any] | None = None{params}\n) -> Any: ...\n"
        )
    out.append(rowwise_declarations())
    return "".join(out)


def precise_stubs() -> str:
    """The stubs of fastact.precise."""
    return PRECISE_HEAD + declarations()


def fast_stubs() -> str:
    """The stubs of fastact.fast: every function of arrays, of the same type as in the package."""
    names = ["bernoulli_gelu", "gated_linear", "gumbel_softmax", *(f.name for f in FUNCTIONS)]
    names += [f"{entry.name}_packed" for entry in GATES]
    names += [name for entry in ROWWISE for name in (entry.name, *entry.aliases)]
    names += [alias for entry in (*ACTIVATIONS, *GATES) for alias in entry.aliases]
    imported = "".join(f"from . import {name} as {name}\n" for name in sorted(names))
    return f'"""Generated from the catalogue by the build."""\n\n{imported}\n__all__: list[str]\n'


def declarations() -> str:
    """The elementwise functions and their aliases."""
    out = []
    for f in FUNCTIONS:
        if not f.params:
            out.append(f"{f.name}: np.ufunc\n")
            continue
        required = len(f.inputs) - len(f.defaults)
        arguments = [f"{n}: ArrayLike" for n in f.inputs[:required]]
        arguments += [f"{n}: ArrayLike = {d!r}" for n, d in zip(f.inputs[required:], f.defaults, strict=True)]
        out.append(
            f"@type_check_only\nclass _{f.name}(Protocol):\n"
            "    @property\n    def ufunc(self) -> np.ufunc: ...\n"
            f"    def __call__(self, {', '.join(arguments)}, out: Any = None, **kwargs: Any) -> Any: ...\n\n"
            f"{f.name}: _{f.name}\n"
        )
    for entry in (*ACTIVATIONS, *GATES):
        out += [
            f"{alias}: {'np.ufunc' if not functions(entry)[0].params else f'_{entry.name}'}\n"
            for alias in entry.aliases
        ]
    return "".join(out)


def rowwise_declarations() -> str:
    out = []
    for entry in ROWWISE:
        arguments = []
        for part in entry.signature.split(", "):
            name, _, default = part.partition("=")
            arguments.append(f"{name}: {TYPES[name]}" + (f" = {default}" if default else ""))
        out.append(
            f"@type_check_only\nclass _{entry.name}(Protocol):\n"
            "    @property\n    def ufunc(self) -> np.ufunc: ...\n"
            f"    def __call__(self, {', '.join(arguments)}) -> Any: ...\n\n"
            f"{entry.name}: _{entry.name}\n"
        )
        out += [f"{alias}: _{entry.name}\n" for alias in entry.aliases]
    return "".join(out) + GUMBEL
