"""The contenders of peers.py: the tiers of fastact and other libraries, each in the fastest form that its users have.

CONTENDERS maps their names to classes. An instance is made with the number of threads, and imports its package. Its
`forms(task)` returns callables without arguments that do the task, of which `peers.py` keeps the fastest. There is none
where it has no such function, or where it cannot work in this mode. A form whose result stays in the library's memory
has a function `result`, which reads it. Nothing is timed here.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from importlib import import_module
from typing import Any, ClassVar

import numpy as np
from expressions import EXPRESSIONS
from formulas import FORMULAS
from numpy.typing import NDArray

import fastact
from fastact.catalogue import FUNCTIONS

Array = NDArray[Any]
Form = Callable[[], Any]

SMOOTH = ["elu", "selu", "sigmoid", "tanh", "silu", "gelu", "gelu_tanh", "softplus", "mish", "log_sigmoid"]
FORWARD = ["relu", "leaky_relu", "hard_swish", *SMOOTH]  # functions of one number
GATES = {"swiglu": "silu", "geglu": "gelu"}
FROM_INPUT = [f"{f}_backward" for f in FORWARD if f not in ("selu", "sigmoid", "tanh")]
FROM_OUTPUT = ["sigmoid_backward_from_output", "tanh_backward_from_output"]
NAMES = [*FORWARD, *GATES, "softmax", *FROM_INPUT, *FROM_OUTPUT, "softmax_backward"]
MODES = ("out", "in place", "fresh")  # a preallocated output, the first input, a new array at each call
DEFAULTS = {f.name: [default for _, default in getattr(f.entry, "params", ())] for f in FUNCTIONS}


@dataclass(frozen=True)
class Task:
    name: str
    mode: str
    inputs: tuple[Array, ...]  # in fastact's order; in place, the first is also the output
    out: Array | None  # None for a new array at each call
    axis: int = -1  # of functions of rows

    @property
    def dtype(self) -> str:
        return self.inputs[0].dtype.name

    @property
    def arrays(self) -> tuple[Array, ...]:
        """The inputs and the output, without repeating one."""
        return self.inputs if self.out is None or self.out is self.inputs[0] else (*self.inputs, self.out)


class Fastact:
    packages = ("fastact", "numpy")
    module = "fastact"

    def __init__(self, threads: int) -> None:
        self.functions = vars(import_module(self.module))
        fastact.set_num_threads(threads)

    def function(self, task: Task) -> Any:
        return self.functions[task.name]

    def forms(self, task: Task) -> Sequence[Form]:
        function = self.function(task)
        given = {} if task.out is None else {"out": task.out}
        if task.axis != -1:
            given["axis"] = task.axis
        return [] if function is None else [partial(function, *task.inputs, **given)]


class FastactFast(Fastact):
    """Where it has a form of its own: its other functions are those of the default."""

    module = "fastact.fast"

    def function(self, task: Task) -> Any:
        function, default = self.functions.get(task.name), getattr(fastact, task.name)
        same = getattr(function, "ufunc", function) is getattr(default, "ufunc", default)
        return None if same else function


class FastactPrecise(Fastact):
    module = "fastact.precise"

    def function(self, task: Task) -> Any:
        return self.functions.get(task.name) if task.dtype == "float32" else None


def written(x: Array, axis: int) -> Array:
    """Softmax as an expression."""
    y = np.exp(x - x.max(axis, keepdims=True))
    y /= y.sum(axis, keepdims=True)
    return y


def written_backward(grad: Array, y: Array, axis: int) -> Any:
    return y * (grad - (grad * y).sum(axis, keepdims=True))


class NumPy:
    """NumPy expressions, which make a new array. Only single ufuncs take an output."""

    packages = ("numpy", "scipy")

    def __init__(self, threads: int) -> None:
        special = import_module("scipy.special")
        self.softmax = special.softmax
        self.ufuncs: dict[str, tuple[Any, tuple[Any, ...]]] = {
            "relu": (np.maximum, (0,)),
            "tanh": (np.tanh, ()),
            "sigmoid": (special.expit, ()),
            "log_sigmoid": (special.log_expit, ()),
            "softplus": (np.logaddexp, (0,)),
        }

    def forms(self, task: Task) -> Sequence[Form]:
        if task.name in self.ufuncs:
            ufunc, more = self.ufuncs[task.name]
            given = {} if task.out is None else {"out": task.out}
            return [partial(ufunc, *task.inputs, *(task.inputs[0].dtype.type(m) for m in more), **given)]
        if task.out is not None:
            return []
        if task.name == "softmax":
            return [partial(written, task.inputs[0], task.axis), partial(self.softmax, task.inputs[0], axis=task.axis)]
        if task.name == "softmax_backward":
            return [partial(written_backward, *task.inputs, task.axis)]
        if task.name in EXPRESSIONS:
            return [partial(EXPRESSIONS[task.name], *task.inputs, *DEFAULTS[task.name])]
        return []


class Torch:
    """The bindings behind torch.nn.functional, which take `out`. Backward passes are operators of ATen."""

    packages = ("torch",)
    names: ClassVar = {"hard_swish": "hardswish", "gelu_tanh": "gelu"}  # where names differ
    scale, alpha = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717

    def __init__(self, threads: int) -> None:
        self.torch = import_module("torch")
        self.torch.set_num_threads(threads)
        self.inference = self.torch.inference_mode()
        self.inference.__enter__()  # until the process ends
        self.nn, self.aten = self.torch._C._nn, self.torch.ops.aten

    def forms(self, task: Task) -> Sequence[Form]:
        made = {id(a): self.torch.from_numpy(a) for a in task.arrays}
        inputs = [made[id(a)] for a in task.inputs]
        out = None if task.out is None else made[id(task.out)]
        given = {} if out is None else {"out": out}
        if task.name in GATES:
            return self.gate(GATES[task.name], *inputs, out)
        if task.name == "softmax":
            new = partial(self.torch.softmax, inputs[0], task.axis)
            return [new if out is None else partial(self.aten._softmax.out, inputs[0], task.axis, False, **given)]
        if "backward" in task.name:
            return self.backward(task.name, inputs, out, task.axis)
        return self.forward(task.name, inputs[0], task.mode, given)

    def forward(self, name: str, x: Any, mode: str, given: dict[str, Any]) -> Sequence[Form]:
        if name == "relu" and given:
            forms = [partial(self.torch.clamp_min, x, 0, **given)]  # relu itself has no kernel that takes `out`
        elif name == "selu" and given:
            forms = [partial(self.nn.elu, x, self.alpha, self.scale, **given)]
        else:
            forms = [partial(self.function(name), x, **given)]
        if name == "log_sigmoid" and given:
            forms.append(
                partial(self.aten.log_sigmoid_forward.output, x, output=given["out"], buffer=self.torch.empty_like(x))
            )
        if mode == "in place" and name not in ("softplus", "log_sigmoid"):
            forms.append(partial(self.function(name, "_"), x))
        return forms

    def function(self, name: str, suffix: str = "") -> Callable[..., Any]:
        theirs = self.names.get(name, name) + suffix
        function = getattr(self.nn, theirs, None) or getattr(self.torch, theirs)
        return partial(function, approximate="tanh") if name == "gelu_tanh" else function

    def gate(self, name: str, gate: Any, up: Any, out: Any) -> Sequence[Form]:
        function = self.function(name)
        if out is None:
            return [lambda: function(gate).mul_(up)]
        return [lambda: function(gate, out=out).mul_(up)]

    def backward(self, name: str, inputs: list[Any], out: Any, axis: int) -> Sequence[Form]:
        grad, kept = inputs
        more: dict[str, tuple[Any, ...]] = {
            "relu_backward": ("threshold_backward", grad, kept, 0),
            "leaky_relu_backward": ("leaky_relu_backward", grad, kept, 0.01, False),
            "elu_backward": ("elu_backward", grad, 1, 1, 1, False, kept),
            "softplus_backward": ("softplus_backward", grad, kept, 1, 20),
            "softmax_backward": ("_softmax_backward_data", grad, kept, axis, grad.dtype),
            "hard_swish_backward": ("hardswish_backward", grad, kept),
            "sigmoid_backward_from_output": ("sigmoid_backward", grad, kept),
            "tanh_backward_from_output": ("tanh_backward", grad, kept),
            "gelu_tanh_backward": ("gelu_backward", grad, kept),
        }
        if name == "log_sigmoid_backward":
            more[name] = (name, grad, kept, self.aten.log_sigmoid_forward(kept)[1])
        theirs, *arguments = more.get(name, (name, grad, kept))
        given = {"approximate": "tanh"} if name == "gelu_tanh_backward" else {}
        operator = getattr(self.aten, theirs)
        if out is None:
            return [partial(operator.default, *arguments, **given)]
        for overload, keyword in (("grad_input", "grad_input"), ("out", "out")):
            if overload in operator.overloads():
                keyword = "grad_input" if name == "softmax_backward" else keyword
                return [partial(getattr(operator, overload), *arguments, **given, **{keyword: out})]
        return []


class OnnxRuntime:
    """A model of one operator where there is one. Its buffers are bound, except for a new array as the result."""

    packages = ("onnxruntime", "onnx")
    nodes: ClassVar[dict[str, list[tuple[str, str, str, dict[str, Any]]]]] = {  # operator, inputs, output, attributes
        "relu": [("Relu", "x", "out", {})],
        "leaky_relu": [("LeakyRelu", "x", "out", {"alpha": 0.01})],
        "elu": [("Elu", "x", "out", {})],
        "selu": [("Selu", "x", "out", {})],
        "sigmoid": [("Sigmoid", "x", "out", {})],
        "tanh": [("Tanh", "x", "out", {})],
        "silu": [("Sigmoid", "x", "s", {}), ("Mul", "x s", "out", {})],  # fused by the runtime
        "gelu": [("Gelu", "x", "out", {"approximate": "none"})],
        "gelu_tanh": [("Gelu", "x", "out", {"approximate": "tanh"})],
        "softplus": [("Softplus", "x", "out", {})],
        "mish": [("Mish", "x", "out", {})],
        "hard_swish": [("HardSwish", "x", "out", {})],
        "log_sigmoid": [("Neg", "x", "n", {}), ("Softplus", "n", "s", {}), ("Neg", "s", "out", {})],
        "swiglu": [("Sigmoid", "x", "s", {}), ("Mul", "x s", "g", {}), ("Mul", "g up", "out", {})],
        "geglu": [("Gelu", "x", "g", {}), ("Mul", "g up", "out", {})],
        "softmax": [("Softmax", "x", "out", {})],
    }

    def __init__(self, threads: int) -> None:
        self.runtime, self.helper = import_module("onnxruntime"), import_module("onnx.helper")
        self.runtime.set_default_logger_severity(4)  # peers.py names functions without a kernel
        self.options = self.runtime.SessionOptions()
        self.options.intra_op_num_threads, self.options.inter_op_num_threads = threads, 1
        self.sessions: dict[tuple[str, str, int, int], Any] = {}

    def session(self, name: str, dtype: str, dimensions: int, axis: int) -> Any:
        key = name, dtype, dimensions, axis
        if key not in self.sessions:
            helper = self.helper
            number = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
            rows = {"axis": axis} if name == "softmax" else {}
            nodes = [helper.make_node(o, i.split(), [out], **given, **rows) for o, i, out, given in self.nodes[name]]
            x, up, out = (helper.make_tensor_value_info(n, number, [None] * dimensions) for n in ("x", "up", "out"))
            graph = helper.make_graph(nodes, name, [x, up] if name in GATES else [x], [out])
            opsets = [helper.make_opsetid("", 20)]  # the first version that has Gelu and all of these
            model = helper.make_model(graph, opset_imports=opsets, ir_version=helper.find_min_ir_version_for(opsets))
            try:
                self.sessions[key] = self.runtime.InferenceSession(
                    model.SerializeToString(), self.options, providers=["CPUExecutionProvider"]
                )
            except self.runtime.capi.onnxruntime_pybind11_state.NotImplemented:
                raise TypeError("it has no such operator of this dtype") from None
        return self.sessions[key]

    def forms(self, task: Task) -> Sequence[Form]:
        if task.name not in self.nodes:
            return []
        session = self.session(task.name, task.dtype, task.inputs[0].ndim, task.axis)
        feed = dict(zip(("x", "up"), task.inputs, strict=False))
        if task.out is None:
            return [lambda: session.run(None, feed)[0]]
        binding = session.io_binding()
        for name, a in feed.items():
            binding.bind_input(name, "cpu", 0, a.dtype, a.shape, a.ctypes.data)
        binding.bind_output("out", "cpu", 0, task.out.dtype, task.out.shape, task.out.ctypes.data)
        return [partial(session.run_with_iobinding, binding)]


class Jax:
    """Compiled for each shape. Arrays are immutable, so every result is a new array."""

    packages = ("jax", "jaxlib")

    def __init__(self, threads: int) -> None:
        self.jax = import_module("jax")
        self.jax.config.update("jax_enable_x64", True)
        self.jax.config.update("jax_cpu_enable_async_dispatch", False)  # avoids a change to another thread
        self.nn, self.lax = self.jax.nn, self.jax.lax

    def function(self, name: str, axis: int = -1) -> Callable[..., Any]:
        nn, lax = self.nn, self.lax
        if name in GATES:
            inner = self.function(GATES[name])
            return lambda gate, up: inner(gate) * up
        if name == "sigmoid_backward_from_output":
            return lambda grad, y: grad * y * (1 - y)
        if name == "tanh_backward_from_output":
            return lambda grad, y: grad * (1 - y * y)
        if name == "softmax_backward":
            return lambda grad, y: y * (grad - (grad * y).sum(axis, keepdims=True))
        if name == "softmax":
            return partial(nn.softmax, axis=axis)
        if name.endswith("_backward"):
            inner = self.function(name.removesuffix("_backward"))
            return lambda grad, x: self.jax.vjp(inner, x)[1](grad)[0]
        special = {"tanh": lax.tanh, "gelu": partial(nn.gelu, approximate=False), "gelu_tanh": nn.gelu}
        return special.get(name) or getattr(nn, name)

    def forms(self, task: Task) -> Sequence[Form]:
        if task.out is not None:
            return []
        inputs = [self.jax.numpy.asarray(a) for a in task.inputs]
        jitted = self.jax.jit(self.function(task.name, task.axis))
        return [lambda: jitted(*inputs).block_until_ready()]


NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")
NO_HALF = "it has no float16"


class NumExpr:
    """Each formula is compiled once. The call skips the search for variables of `evaluate`."""

    packages = ("numexpr",)

    def __init__(self, threads: int) -> None:
        self.numexpr = import_module("numexpr")
        self.numexpr.set_num_threads(threads)

    def forms(self, task: Task) -> Sequence[Form]:
        if task.name not in FORMULAS:
            return []
        if task.dtype == "float16":
            raise TypeError(NO_HALF)
        names, text = FORMULAS[task.name]
        if "erf(" in text:
            return []
        kind = {"float32": float, "float64": np.double}[task.dtype]  # its types of single and double
        constants: list[Array] = []

        def constant(found: re.Match[str]) -> str:
            """A literal with a point is a double, and would make the whole result double."""
            if "." not in found.group():
                return found.group()
            constants.append(np.array(float(found.group()), task.dtype))
            return f"c{len(constants)}"

        text = NUMBER.sub(constant, text)
        signature = [(name, kind) for name in (*names, *(f"c{i + 1}" for i in range(len(constants))))]
        compiled = self.numexpr.NumExpr(text, signature)
        given = {"ex_uses_vml": False} | ({} if task.out is None else {"out": task.out})
        return [partial(compiled, *task.inputs, *constants, **given)]


class Numba:
    """A loop over each formula, with fastmath, and parallel if there are several threads."""

    packages = ("numba",)

    def __init__(self, threads: int) -> None:
        self.numba = import_module("numba")
        self.numba.set_num_threads(threads)
        self.parallel = threads > 1
        self.loops: dict[tuple[str, str], Any] = {}

    @cached_property
    def where(self) -> Any:
        return self.numba.njit(lambda condition, a, b: a if condition else b)

    def scalar(self, name: str, dtype: str) -> Any:
        names, text = FORMULAS[name]
        real = np.dtype(dtype).type
        scope: dict[str, Any] = {f: getattr(math, f) for f in ("exp", "expm1", "log1p", "tanh", "erf")}
        scope |= {"abs": abs, "where": self.where}

        def constant(found: re.Match[str]) -> str:
            """A Python number would make float32 double."""
            scope[f"c{len(scope)}"] = real(float(found.group()))
            return f"c{len(scope) - 1}"

        text = NUMBER.sub(constant, text)
        return self.numba.njit(fastmath=True)(eval(f"lambda {', '.join(names)}: {text}", scope))

    def softmax(self) -> Any:
        numba = self.numba

        def rows(x: Array, out: Array) -> None:
            for i in numba.prange(x.shape[0]):
                top = x[i, 0]
                for j in range(x.shape[1]):
                    top = max(top, x[i, j])
                total = top - top  # a zero of this dtype
                for j in range(x.shape[1]):
                    out[i, j] = math.exp(x[i, j] - top)
                    total += out[i, j]
                for j in range(x.shape[1]):
                    out[i, j] /= total

        return rows

    def loop(self, name: str, dtype: str) -> Any:
        key = name, dtype
        if key not in self.loops:
            prange = self.numba.prange
            if name == "softmax":
                body = self.softmax()
            else:
                f = self.scalar(name, dtype)

                def one(a: Array, out: Array) -> None:
                    for i in prange(a.size):
                        out[i] = f(a[i])

                def two(a: Array, b: Array, out: Array) -> None:
                    for i in prange(a.size):
                        out[i] = f(a[i], b[i])

                body = one if len(FORMULAS[name][0]) == 1 else two
            self.loops[key] = self.numba.njit(parallel=self.parallel, fastmath=True, nogil=True)(body)
        return self.loops[key]

    def forms(self, task: Task) -> Sequence[Form]:
        rows = task.name == "softmax" and task.axis == -1 and task.inputs[0].ndim == 2
        if task.name not in FORMULAS and not rows:
            return []
        if task.dtype == "float16":
            raise TypeError(NO_HALF)
        loop, inputs = self.loop(task.name, task.dtype), task.inputs
        if task.out is not None:
            return [partial(loop, *inputs, task.out)]

        def fresh() -> Array:
            out = np.empty_like(inputs[0])
            loop(*inputs, out)
            return out

        return [fresh]


class OpenVino:
    """A model of fixed shape, over the memory of the arrays."""

    packages = ("openvino",)
    one_operator: ClassVar[dict[str, tuple[Any, ...]]] = {
        "elu": ("elu", 1.0),
        "gelu": ("gelu", "erf"),
        "gelu_tanh": ("gelu", "tanh"),
        "hard_swish": ("hswish",),
        "mish": ("mish",),
        "relu": ("relu",),
        "sigmoid": ("sigmoid",),
        "softmax": ("softmax",),
        "softplus": ("softplus",),
        "tanh": ("tanh",),
    }

    def __init__(self, threads: int) -> None:
        self.openvino = import_module("openvino")
        self.operators = import_module("openvino.opset15")
        self.core = self.openvino.Core()
        self.settings = {
            "INFERENCE_NUM_THREADS": threads,
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32",
        }

    def result(self, name: str, inputs: list[Any], axis: int) -> Any:
        op, x = self.operators, inputs[0]
        if name in GATES:
            return op.multiply(self.result(GATES[name], inputs, axis), inputs[1])
        dtype = x.get_element_type().to_dtype()
        numbers = {"leaky_relu": (0.01,), "selu": (Torch.alpha, Torch.scale), "silu": (1.0,)}
        if name in numbers:
            function = {"leaky_relu": op.prelu, "selu": op.selu, "silu": op.swish}[name]
            return function(x, *(op.constant(np.array(v if name == "silu" else [v], dtype)) for v in numbers[name]))
        if name == "log_sigmoid":
            return op.negative(op.softplus(op.negative(x)))
        operator, *given = self.one_operator[name]
        return getattr(op, operator)(x, *given, *([axis] if name == "softmax" else []))

    def forms(self, task: Task) -> Sequence[Form]:
        if task.name not in (*self.one_operator, *GATES, "leaky_relu", "selu", "silu", "log_sigmoid"):
            return []
        if task.dtype == "float64":
            raise TypeError("it computes float64 in float32")
        parameters = [self.operators.parameter(list(a.shape), a.dtype.type) for a in task.inputs]
        model = self.openvino.Model([self.result(task.name, parameters, task.axis % task.inputs[0].ndim)], parameters)
        compiled = self.core.compile_model(model, "CPU", self.settings)
        request, tensor = compiled.create_infer_request(), partial(self.openvino.Tensor, shared_memory=True)
        for i, a in enumerate(task.inputs):
            request.set_input_tensor(i, tensor(a))
        if task.out is None:
            return [
                lambda: compiled(task.inputs, share_inputs=True)[0],
                lambda: (request.infer(), request.get_output_tensor().data.copy())[1],
            ]
        request.set_output_tensor(tensor(task.out))
        return [request.infer, lambda: (request.start_async(), request.wait())]


class SimdMlKernels:
    """Four float32 functions on one thread; gelu can also work in place."""

    packages = ("simd-ml-kernels",)

    def __init__(self, threads: int) -> None:
        m = import_module("simd_ml_kernels")
        self.fresh = {"relu": m.relu, "silu": m.silu, "softmax": m.softmax, "gelu": m.gelu}
        self.fresh["gelu_tanh"] = partial(m.gelu, approximate="tanh")
        self.in_place = {"gelu": m.gelu_inplace, "gelu_tanh": partial(m.gelu_inplace, approximate="tanh")}

    def forms(self, task: Task) -> Sequence[Form]:
        functions = {"fresh": self.fresh, "in place": self.in_place}.get(task.mode, {})
        if task.name not in functions:
            return []
        if task.dtype != "float32":
            raise TypeError("it has float32 only")
        given = {"axis": task.axis} if task.name == "softmax" and task.axis != -1 else {}
        return [partial(functions[task.name], *task.inputs, **given)]


ONE_DTYPE = "it is measured in float32 only"


class LiteRt:
    """A model of one function, from litert.py. Its arrays are its own: only `fresh` copies into and out of them."""

    packages = ("ai-edge-litert", "flatbuffers", "tflite")

    def __init__(self, threads: int) -> None:
        self.interpreter = partial(import_module("ai_edge_litert.interpreter").Interpreter, num_threads=threads)
        import_module("flatbuffers"), import_module("tflite")
        self.models = import_module("litert")

    def forms(self, task: Task) -> Sequence[Form]:
        rows = task.axis in (-1, task.inputs[0].ndim - 1)
        if task.name not in self.models.OPERATORS or not rows or task.mode == "in place":
            return []
        if task.dtype != "float32":
            raise TypeError(ONE_DTYPE)
        model = self.interpreter(model_content=self.models.model(task.name, task.inputs[0].shape))
        model.allocate_tensors()
        places = [entry["index"] for entry in model.get_input_details()]
        result = partial(model.get_tensor, model.get_output_details()[0]["index"])

        def give() -> None:
            for place, a in zip(places, task.inputs, strict=True):
                model.set_tensor(place, a)

        def fresh() -> Any:
            give()
            model.invoke()
            return result()

        if task.out is None:
            return [fresh]
        give()
        run = partial(model.invoke)
        run.result = result  # type: ignore[attr-defined]
        return [run]


class Ggml:
    """A graph of one function, from ggml_graph.py."""

    packages = ("ggml-python",)

    def __init__(self, threads: int) -> None:
        self.graphs, self.threads = import_module("ggml_graph"), threads
        ggml = import_module("ggml")
        if ggml.ggml_cpu_has_avx512() and "x86_64_v4" not in fastact.available_levels():
            raise ImportError("it was compiled for AVX-512")

    def forms(self, task: Task) -> Sequence[Form]:
        rows = task.axis in (-1, task.inputs[0].ndim - 1)
        if task.name not in self.graphs.FUNCTIONS or not rows or task.mode != "out":
            return []
        if task.dtype != "float32":
            raise TypeError(ONE_DTYPE)
        return [self.graphs.Graph(task.name, task.inputs[0], task.out, self.threads).call()]


class OneDnn:
    """A primitive, from onednn.py."""

    packages = ("onednn-cpu-gomp",)

    def __init__(self, threads: int) -> None:
        onednn = import_module("onednn")
        self.functions, self.call = (*onednn.ELTWISE, "softmax"), onednn.OneDnn().call

    def forms(self, task: Task) -> Sequence[Form]:
        if task.name not in self.functions or task.out is None:
            return []
        if task.dtype != "float32":
            raise TypeError(ONE_DTYPE)
        return [self.call(task.name, task.inputs[0], task.out, task.axis)]


CONTENDERS: dict[str, type[Any]] = {
    "fastact.fast": FastactFast,
    "fastact": Fastact,
    "fastact.precise": FastactPrecise,
    "numpy": NumPy,
    "torch": Torch,
    "onnxruntime": OnnxRuntime,
    "jax": Jax,
    "numexpr": NumExpr,
    "numba": Numba,
    "openvino": OpenVino,
    "simd-ml-kernels": SimdMlKernels,
    "litert": LiteRt,
    "ggml": Ggml,
    "onednn": OneDnn,
}
OURS = [name for name in CONTENDERS if issubclass(CONTENDERS[name], Fastact)]
PEERS = [name for name in CONTENDERS if name not in OURS]
