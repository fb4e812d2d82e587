"""ggml: a graph of one function over the memory of NumPy arrays."""

import ctypes
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
FUNCTIONS = {  # ours: theirs, and the arguments after the tensor
    "relu": ("relu",),
    "leaky_relu": ("leaky_relu", 0.01, False),
    "elu": ("elu",),
    "sigmoid": ("sigmoid",),
    "tanh": ("tanh",),
    "silu": ("silu",),
    "gelu": ("gelu_erf",),
    "gelu_tanh": ("gelu",),
    "hard_swish": ("hardswish",),
    "softmax": ("soft_max",),
}
MEMORY = 1 << 20  # bytes for the descriptions of tensors and of the graph


class Graph:
    """Holds what a graph needs; the call computes it."""

    def __init__(self, name: str, x: Array, out: Array, threads: int) -> None:
        ggml = import_module("ggml")
        self.kept = x, out
        self.context = ggml.ggml_init(ggml.ggml_init_params(mem_size=MEMORY, mem_buffer=None, no_alloc=True))
        sizes = (ctypes.c_int64 * x.ndim)(*reversed(x.shape))
        given = ggml.ggml_new_tensor(self.context, ggml.GGML_TYPE_F32, x.ndim, sizes)
        theirs, *more = FUNCTIONS[name]
        result = getattr(ggml, f"ggml_{theirs}")(self.context, given, *more)
        given.contents.data, result.contents.data = x.ctypes.data, out.ctypes.data
        self.graph = ggml.ggml_new_graph(self.context)
        ggml.ggml_build_forward_expand(self.graph, result)
        self.pool = None
        if threads > 1:  # otherwise each call would start threads
            self.pool = ggml.ggml_threadpool_new(ctypes.byref(ggml.ggml_threadpool_params_default(threads)))
        self.plan = ggml.ggml_graph_plan(self.graph, threads, self.pool)
        self.work = (ctypes.c_uint8 * max(1, self.plan.work_size))()
        self.plan.work_data = ctypes.cast(self.work, ctypes.POINTER(ctypes.c_uint8))
        self.free = ggml.ggml_free, ggml.ggml_threadpool_free
        self.compute = ggml.ggml_graph_compute

    def call(self) -> Callable[[], int]:
        run = partial(self.compute, self.graph, ctypes.byref(self.plan))
        run.kept = self  # type: ignore[attr-defined]
        return run

    def __del__(self) -> None:
        if getattr(self, "pool", None):
            self.free[1](self.pool)
        if hasattr(self, "free"):
            self.free[0](self.context)
