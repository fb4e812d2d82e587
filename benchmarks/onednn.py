"""oneDNN by its C interface: a primitive of one function over the memory of NumPy arrays.

The package onednn-cpu-gomp has the library, and no Python. The numbers are those of dnnl_types.h, version 3.
"""

import ctypes
from collections.abc import Callable
from ctypes import POINTER, byref, c_float, c_int, c_int64, c_uint, c_void_p
from importlib.metadata import PackageNotFoundError, files
from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
ELTWISE: dict[str, tuple[int, float, float]] = {  # algorithm, alpha, beta
    "relu": (0x20, 0, 0),
    "leaky_relu": (0x20, 0.01, 0),
    "tanh": (0x21, 0, 0),
    "elu": (0x22, 1, 0),
    "softplus": (0x27, 1, 0),
    "sigmoid": (0x29, 0, 0),
    "gelu_tanh": (0x2B, 0, 0),
    "silu": (0x2C, 1, 0),
    "gelu": (0x31, 0, 0),
    "mish": (0x33, 0, 0),
    "hard_swish": (0x34, 1 / 6, 1 / 2),
}
SOFTMAX = 0x30000  # the accurate algorithm
CPU, IN_ORDER, INFERENCE, FLOAT32 = 1, 1, 0x60, 3
SOURCE, TARGET = 1, 17


class Argument(ctypes.Structure):
    _fields_ = (("number", c_int), ("memory", c_void_p))


class OneDnn:
    def __init__(self) -> None:
        try:
            path = next(f for f in files("onednn-cpu-gomp") or () if ".so" in f.name)
        except (PackageNotFoundError, StopIteration):
            raise ImportError("No package onednn-cpu-gomp") from None
        self.library = ctypes.CDLL(str(path.locate()))
        self.engine = self.make("dnnl_engine_create", c_uint(CPU), ctypes.c_size_t(0))
        self.stream = self.make("dnnl_stream_create", self.engine, c_uint(IN_ORDER))

    def make(self, function: str, *arguments: Any) -> c_void_p:
        """The object that a function of the library makes."""
        made = c_void_p()
        status = getattr(self.library, function)(byref(made), *arguments)
        if status:
            raise TypeError(f"{function} fails with status {status}")
        return made

    def memory(self, a: Array) -> tuple[c_void_p, c_void_p]:
        """The description of an array, and its memory."""
        sizes = (c_int64 * a.ndim)(*a.shape)
        strides = (c_int64 * a.ndim)(*(s // a.itemsize for s in a.strides))
        made = self.make("dnnl_memory_desc_create_with_strides", c_int(a.ndim), sizes, c_int(FLOAT32), strides)
        return made, self.make("dnnl_memory_create", made, self.engine, c_void_p(a.ctypes.data))

    def call(self, name: str, x: Array, out: Array, axis: int) -> Callable[[], int]:
        """A call that writes the function of x into out. Its objects live as long as the process."""
        (source, given), (target, result) = self.memory(x), self.memory(out)
        if name == "softmax":
            description = self.make(
                "dnnl_softmax_forward_primitive_desc_create", self.engine, c_int(INFERENCE), c_int(SOFTMAX), source,
                target, c_int(axis % x.ndim), None,
            )  # fmt: skip
        else:
            algorithm, alpha, beta = ELTWISE[name]
            description = self.make(
                "dnnl_eltwise_forward_primitive_desc_create", self.engine, c_int(INFERENCE), c_int(algorithm), source,
                target, c_float(alpha), c_float(beta), None,
            )  # fmt: skip
        primitive = self.make("dnnl_primitive_create", description)
        execute = self.library.dnnl_primitive_execute
        execute.argtypes = (c_void_p, c_void_p, c_int, POINTER(Argument))
        arguments = (Argument * 2)(Argument(SOURCE, given), Argument(TARGET, result))

        def run() -> int:
            status: int = execute(primitive, self.stream, 2, arguments)
            return status

        return run
