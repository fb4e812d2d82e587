"""What `get` resolves, and each Port against its library: what docs/porting.md calls the same is the same.

The comparisons need the packages of the extra `porting`, or torch, keras and transformers; tests of a missing package
are skipped. ggml has no Python package.
"""

import os
import pickle
import re
import warnings
from collections.abc import Callable
from functools import partial
from importlib import import_module
from inspect import Parameter, signature
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import scipy.special
from conftest import same

import fastact
from fastact.api import names
from fastact.catalogue import FUNCTIONS, GATES
from fastact.catalogue.ports import LIBRARIES, PORTS, Port

ALIASES = {
    "sigmoid": ("expit", "logistic"),
    "log_sigmoid": ("logsigmoid", "log_expit"),
    "relu2": ("relu_squared", "squared_relu"),
    "hard_swish": ("hardswish", "hard_silu", "hardsilu"),
    "hard_sigmoid": ("hardsigmoid",),
    "hard_tanh": ("hardtanh",),
    "softsign": ("soft_sign",),
    "soft_shrink": ("softshrink",),
    "hard_shrink": ("hardshrink",),
    "tanh_shrink": ("tanhshrink",),
    "gelu": ("gelu_erf",),
    "gelu_tanh": ("gelu_new", "gelu_pytorch_tanh"),
    "gelu_quick": ("quick_gelu",),
    "sqrt_softplus": ("sqrtsoftplus",),
    "clipped_relu": ("relu_k",),
    "swiglu": ("silu_mul",),
    "clamped_swiglu": ("swiglu_oai",),
    "identity": ("linear",),
}
AMBIGUOUS = ("gelu_fast", "fast_gelu", "gelu_approx")  # not names of fastact, because they mean different functions
ROWWISE = (
    "softmax",
    "log_softmax",
    "safe_softmax",
    "softmin",
    "logsumexp",
    "logmeanexp",
    "hardmax",
    "sparsemax",
    "entmax15",
    "maxout",
)


def test_every_target_exists() -> None:
    """The function that a Port or an alias names exists."""
    wanted = {port.ours for port in PORTS if port.ours} | ALIASES.keys() | {a for g in ALIASES.values() for a in g}
    assert sorted(name for name in wanted if not hasattr(fastact, name)) == []


# What get() does


@pytest.mark.parametrize("name, alias", [(name, alias) for name, group in ALIASES.items() for alias in group])
def test_aliases(name: str, alias: str) -> None:
    assert getattr(fastact, alias) is getattr(fastact, name) is fastact.get(alias)


def test_no_name_of_ours_means_two_things() -> None:
    assert not {name for name in AMBIGUOUS if hasattr(fastact, name)}


def test_own_names() -> None:
    for f in FUNCTIONS:
        assert fastact.get(f.name) is getattr(fastact, f.name)
    assert fastact.get("swiglu_packed") is fastact.swiglu_packed
    assert fastact.get(fastact.gelu) is fastact.gelu and fastact.get(np.tanh) is np.tanh


@pytest.mark.parametrize(
    "name, ours, parameters",
    [
        ("gelu_new", "gelu_tanh", {}),
        ("gelu_fast", "gelu_tanh", {}),
        ("gelu_10", "clipped_gelu", {}),
        ("quick_gelu", "gelu_quick", {}),
        ("linear", "identity", {}),
        (None, "identity", {}),
        ("GELU", "gelu", {}),
        ("nn.SiLU", "silu", {}),
        ("torch.nn.functional.hardtanh", "hard_tanh", {}),
        ("HardSwish", "hard_swish", {}),
        ("hf:swish", "swish", {}),
        ("leaky_relu", "leaky_relu", {}),
        ("keras:leaky_relu", "leaky_relu", {"negative_slope": 0.2}),
        ("keras.layers.LeakyReLU", "leaky_relu", {"negative_slope": 0.3}),
        ("keras.ops.leaky_relu", "leaky_relu", {"negative_slope": 0.2}),
        ("keras:gelu", "gelu", {}),
        ("keras.ops.gelu", "gelu_tanh", {}),
        ("jax.nn.gelu", "gelu_tanh", {}),
        ("jax:leaky_relu", "leaky_relu", {}),
        ("HardSigmoid", "hard_sigmoid", {"slope": 0.2}),
        ("thinc:hard_sigmoid", "hard_sigmoid", {"slope": 0.2}),
        ("scipy:softmax", "softmax", {"axis": None}),
        ("sklearn:logistic", "sigmoid", {}),
        ("ggml_geglu", "geglu_tanh_packed", {"layout": "gate_up"}),
        ("torch:sigmoid_backward", "sigmoid_backward_from_output", {}),
    ],
)
def test_resolves(name: str, ours: str, parameters: dict[str, Any]) -> None:
    found = fastact.get(name)
    if parameters:
        assert (found.func, found.args, found.keywords) == (getattr(fastact, ours), (), parameters)
    else:
        assert found is getattr(fastact, ours)


@pytest.mark.parametrize("port", PORTS, ids=lambda p: f"{p.library}:{p.names.split()[0]}{p.when and '(...)'}")
def test_every_name_resolves(port: Port) -> None:
    """Every name of a Port, with its library, gives the function."""
    assert port.library in LIBRARIES
    if port.when:
        return
    for name in port.names.split():
        if not port.ours:
            with pytest.raises(ValueError, match="no single function here: " + re.escape(port.note)):
                fastact.get(f"{port.library}:{name}")
            continue
        found = fastact.get(f"{port.library}:{name}")
        function = getattr(fastact, port.ours)
        if not port.parameters:
            assert found is function
        elif isinstance(function, np.ufunc):
            assert found.args == (function, tuple(port.parameters.values()))
        else:
            assert (found.func, found.keywords) == (function, port.parameters)
            defaults = {p: signature(function).parameters[p].default for p in port.parameters}
            assert all(defaults[p] != value for p, value in port.parameters.items()), "it is the default"


def test_no_name_stands_twice() -> None:
    every = [(port.library, name) for port in PORTS if not port.when for name in port.names.split()]
    assert len(every) == len(set(every))


@pytest.mark.parametrize(
    "name, said",
    [
        ("gelue", "unknown name 'gelue'; nearest: 'gelu'"),
        ("GeLU", "nearest: 'gelu'"),
        ("quickgelu", "nearest: 'quick_gelu'"),
        ("keras:gellu", "nearest: 'keras:gelu'"),
        ("xyzzy", "unknown name 'xyzzy'; see fastact.functions()"),
        ("foo:relu", "unknown library 'foo' in 'foo:relu'; one of torch, "),
        ("set_num_threads", "unknown name"),
        ("", "unknown name ''"),
        ("LeakyReLU", "'torch:LeakyReLU' is leaky_relu; 'keras:LeakyReLU' is leaky_relu(x, negative_slope=0.3)"),
        ("thinc:hard_swish", "hard_swish(1.2*x)/1.2"),
    ],
)
def test_value_errors(name: str, said: str) -> None:
    with pytest.raises(ValueError, match="get: .*" + re.escape(said)):
        fastact.get(name)


@pytest.mark.parametrize(
    "name, parameters, said",
    [
        (3, {}, "expected a name, a callable or None, not int"),
        (b"gelu", {}, "not bytes"),
        ("gelu", {"beta": 2.0}, "gelu has no parameters, got beta"),
        ("prelu", {"alpha": 2.0}, "prelu has no parameter 'alpha'; it takes x, slope"),
        ("leaky_relu", {"alpha": 2.0}, "leaky_relu has no parameter 'alpha'; it takes x, negative_slope"),
    ],
)
def test_type_errors(name: Any, parameters: dict[str, float], said: str) -> None:
    with pytest.raises(TypeError, match="get: .*" + said):
        fastact.get(name, **parameters)


def test_parameters() -> None:
    x = np.linspace(-3, 3, 7)
    assert fastact.get("leaky_relu", negative_slope=0.01) is fastact.leaky_relu
    assert np.array_equal(fastact.get("prelu", slope=0.5)(x), fastact.prelu(x, 0.5))
    assert same(fastact.get("prelu_backward", slope=0.5)(2.0, x), fastact.prelu_backward(2.0, x, 0.5))
    assert np.array_equal(fastact.get("keras:leaky_relu", negative_slope=0.5)(x), fastact.leaky_relu(x, 0.5))
    slopes = np.linspace(0, 1, 7)
    assert np.array_equal(fastact.get("leaky_relu", negative_slope=slopes)(x), fastact.leaky_relu(x, slopes))
    assert fastact.get(fastact.leaky_relu, negative_slope=0.5)(-1.0) == -0.5
    assert fastact.get(lambda x, k: k * x, k=3)(2) == 6


@pytest.mark.parametrize("name, parameters", [("keras:leaky_relu", {}), ("prelu", {"slope": 0.2})])
def test_what_is_returned_is_a_function_like_ours(name: str, parameters: dict[str, float]) -> None:
    found = fastact.get(name, **parameters)
    x = np.linspace(-3, 3, 7, dtype=np.float32)
    want = np.where(x > 0, x, np.float32(0.2) * x)
    out = np.empty_like(x)
    assert found(x, out=out) is out and np.array_equal(out, want) and found(x).dtype == np.float32
    assert np.array_equal(found(x, where=x > 0, out=np.zeros_like(x)), np.maximum(x, 0))
    assert np.array_equal(pickle.loads(pickle.dumps(found))(x), want)


def test_functions() -> None:
    every = fastact.functions()
    assert [info.name for info in every] == [f.name for f in FUNCTIONS]
    for info, f in zip(every, FUNCTIONS, strict=True):
        assert (info.kind, info.inputs, info.outputs) == (f.kind, f.inputs, f.outputs)
        assert info.formula and list(info.parameters) == list(info.inputs[len(info.inputs) - len(info.parameters) :])
        assert all(getattr(fastact, alias) is getattr(fastact, info.name) for alias in info.aliases)
        assert set(info.bounds) == ({"float16", "float32", "float64"} if f.kind in ("forward", "derivative") else set())
        function = getattr(fastact, info.name)
        if not isinstance(function, np.ufunc):
            given = {p: q.default for p, q in signature(function).parameters.items()}
            assert given == given | {p: Parameter.empty if d is None else d for p, d in info.parameters.items()}
    assert fastact.functions("backward") == tuple(info for info in every if info.kind == "backward")
    with pytest.raises(ValueError, match="unknown kind 'forwards'; one of forward, derivative, backward"):
        fastact.functions("forwards")


def test_settings_are_no_functions_of_arrays() -> None:
    """Public names that `get` does not know take no array."""
    for name in fastact.__all__:
        value = getattr(fastact, name)
        if callable(value) and not isinstance(value, np.ufunc):
            first = next(iter(signature(value).parameters), "")
            assert (first not in ("x", "gate", "up", "grad")) == (name not in names.PUBLIC), name


# What the libraries compute

PACKAGES = {
    "torch": "torch",
    "jax": "jax",
    "keras": "keras",
    "onnx": "onnx",
    "ort": "onnxruntime",
    "thinc": "thinc.api",
    "scipy": "scipy.special",
    "sklearn": "sklearn.neural_network._base",
    "hf": "transformers.activations",
}
TORCH = {"F": "torch.nn.functional", "nn": "torch.nn", "special": "torch.special", "torch": "torch", "aten": ""}


def installed(library: str) -> ModuleType:
    if library not in PACKAGES:
        pytest.skip(f"{library} has no Python package")
    os.environ.setdefault("KERAS_BACKEND", "numpy")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            module = import_module(PACKAGES[library])
            if library == "hf":
                import_module("torch")
        except ImportError:
            pytest.skip(f"{library} is not installed")
        if library == "scipy" and not hasattr(module, "softplus"):
            pytest.skip("needs SciPy 1.15")
        if library == "jax":
            module.config.update("jax_enable_x64", True)
    return module


def their_object(library: str, name: str) -> Any:
    """The object that a name means in the installed library."""
    module = installed(library)
    path, _, last = name.rpartition(".")
    if library == "torch":
        return getattr(module.ops.aten if path == "aten" else import_module(TORCH[path]), last)
    if library == "jax":
        return getattr(module.nn, name)
    if library == "keras":
        return getattr(getattr(module, path or "activations"), last)
    if library in ("onnx", "ort"):
        return name
    if library == "thinc":
        return getattr(module.NumpyOps(), name)
    if library == "sklearn":
        return module.ACTIVATIONS.get(name) or getattr(module, name)
    if library == "hf":
        return module.ACT2CLS[name]
    return getattr(module, name)


def their_function(library: str, name: str) -> Callable[..., Any]:
    """A name of the installed library as a function of NumPy arrays."""
    module, found = installed(library), their_object(library, name)
    if library in ("torch", "hf"):
        torch = import_module("torch")
        if library == "hf":
            # its parameters are bfloat16 by default
            found = module.XIELUActivation(dtype=torch.float64) if name == "xielu" else module.ACT2FN[name].double()
        elif isinstance(found, type):
            found = found()

        def tensors(*args: Any, **kwargs: Any) -> Any:
            y = found(*(torch.from_numpy(a) if isinstance(a, np.ndarray) else a for a in args), **kwargs)
            return tuple(t.detach().numpy() for t in y) if isinstance(y, tuple) else y.detach().numpy()

        return tensors
    if library == "onnx":
        return partial(run_onnx, name)
    if library == "ort":
        return partial(run_onnxruntime, name)
    if library == "sklearn":

        def in_place(*args: np.ndarray) -> np.ndarray:
            copies = [np.array(a) for a in args]
            found(*copies)
            return copies[-1]

        return in_place
    if isinstance(found, type):  # a layer of keras
        found = found(**({"alpha_initializer": module.initializers.Constant(0.25)} if name == "layers.PReLU" else {}))
    return found


def onnx_model(op: str, arrays: tuple[np.ndarray, ...], domain: str, attributes: dict[str, Any]) -> Any:
    onnx = import_module("onnx")
    helper = onnx.helper
    kind = helper.np_dtype_to_tensor_dtype(arrays[0].dtype)
    inputs = [helper.make_tensor_value_info(f"x{i}", kind, a.shape) for i, a in enumerate(arrays)]
    output = helper.make_tensor_value_info("y", kind, None)
    node = helper.make_node(op, [i.name for i in inputs], ["y"], domain=domain, **attributes)
    version = 1 if domain else onnx.defs.get_schema(op).since_version
    opset = [helper.make_opsetid(domain, version), *([helper.make_opsetid("", 20)] if domain else [])]
    return helper.make_model(helper.make_graph([node], "one", inputs, [output]), opset_imports=opset, ir_version=10)


def run_onnx(op: str, *arrays: np.ndarray, **attributes: Any) -> Any:
    evaluator = import_module("onnx.reference").ReferenceEvaluator(onnx_model(op, arrays, "", attributes))
    with np.errstate(all="ignore"):
        return evaluator.run(None, {f"x{i}": a for i, a in enumerate(arrays)})[0]


def run_onnxruntime(op: str, *arrays: np.ndarray) -> Any:
    pytest.importorskip("onnx")
    singles = tuple(a.astype(np.float32) for a in arrays)
    model = onnx_model(op, singles, "com.microsoft", {}).SerializeToString()
    session = import_module("onnxruntime").InferenceSession(model, providers=["CPUExecutionProvider"])
    return session.run(None, {f"x{i}": a for i, a in enumerate(singles)})[0]


# Calls of other libraries that are not (x), (grad, x) or (grad, y); parameters in the order of fastact
CALLS: dict[str, Callable[..., Any]] = {
    "torch:F.prelu": lambda f, x, slope: f(x, np.array([slope])),
    "torch:aten.threshold_backward": lambda f, grad, x, threshold, value: f(grad, x, threshold),
    "torch:aten.hardtanh_backward": lambda f, grad, x: f(grad, x, -1, 1),
    "torch:aten.hardshrink_backward": lambda f, grad, x: f(grad, x, 0.5),
    "torch:aten.softshrink_backward": lambda f, grad, x: f(grad, x, 0.5),
    "torch:aten.leaky_relu_backward": lambda f, grad, x: f(grad, x, 0.01, False),
    "torch:aten._prelu_kernel_backward": lambda f, grad, x, slope: f(grad, x, np.full_like(x, slope)),
    "torch:aten.elu_backward": lambda f, grad, x: f(grad, 1, 1, 1, False, x),
    "torch:aten.log_sigmoid_backward": lambda f, grad, x: f(grad, x, np.exp(-np.abs(x))),
    "torch:aten.softplus_backward": lambda f, grad, x: f(grad, x, 1, 20),
    "torch:aten.rrelu_with_noise_backward": lambda f, grad, x: f(grad, x, np.ones_like(x), 1 / 8, 1 / 3, False, False),
    "torch:aten._softmax_backward_data": lambda f, grad, y: f(grad, y, -1, import_module("torch").float64),
    "torch:aten._log_softmax_backward_data": lambda f, grad, y: f(grad, y, -1, import_module("torch").float64),
    "torch:F.softmax": lambda f, x: f(x, -1),
    "torch:F.log_softmax": lambda f, x: f(x, -1),
    "torch:F.softmin": lambda f, x: f(x, -1),
    "torch:torch._safe_softmax": lambda f, x: f(x, -1),
    "torch:torch.logsumexp": lambda f, x: f(x, -1),
    "hf:prelu": lambda f, x, slope: f(x),  # its weight is 0.25
    "keras:layers.PReLU": lambda f, x, slope: f(x[None])[0],  # its weight is 0.25
    "onnx:PRelu": lambda f, x, slope: f(x, np.array([slope])),
    "thinc:backprop_swish": lambda f, grad, x: f(grad, x, fastact.silu(x)),
    "thinc:backprop_softmax": lambda f, grad, y: f(y, grad),
    "thinc:backprop_maxout": lambda f, grad, which, pieces: f(grad, which.astype(np.int32), pieces),
    "sklearn:inplace_relu_derivative": lambda f, grad, y: f(y, grad),
    "sklearn:inplace_logistic_derivative": lambda f, grad, y: f(y, grad),
    "sklearn:inplace_tanh_derivative": lambda f, grad, y: f(y, grad),
}
REQUIRED = {"prelu": (0.25,), "prelu_backward": (0.25,), "threshold": (1.0, -2.0), "threshold_backward": (1.0, -2.0)}
ONNX = 1e-7  # attributes are float32
TOLERANCE = {
    "keras": 1e-6,  # float32 for any input
    "ort": 1e-6,
    "onnx:LeakyRelu": ONNX,
    "onnx:HardSigmoid": ONNX,
    "onnx:HardSwish": ONNX,
    "onnx:Selu": ONNX,
    "onnx:Elu": ONNX,
    "onnx:Celu": ONNX,
    "onnx:Gelu": 1e-6,  # and so are the constants of its definition
    "hf:gelu_fast": 1e-8,
    "hf:sqrtsoftplus": 1e-9,  # torch's softplus
    "thinc:sigmoid": 3e-9,
    "thinc:swish": 1e-7,
    "thinc:gelu": 2e-6,  # 1.5e-7 times x
    "thinc:mish": 1e-6,
    "thinc:backprop_gelu": 1e-6,
    "thinc:backprop_gelu_approx": 2e-5,
    "thinc:backprop_swish": 5e-8,
    "torch:F.softplus": 3e-9,  # e^-20
    "torch:aten.softplus_backward": 3e-9,
    "torch:aten.hardsigmoid_backward": 1e-7,  # 1/6 as a float32
}
BEYOND = {"thinc:backprop_hard_swish_mobilenet": (-3.0, 3.0)}  # kinks with another convention
NOT_COMPARED = {
    "torch:F.gumbel_softmax": "random",
    "onnx:ScaledTanh": "no operator of its own",
    "keras:sparsemax": "wrong until 3.15, keras-team/keras#23425",
}
POINTS = np.concatenate([np.arange(-120, 121) / 10, [-0.25, 0.25, -1e-3, 1e-3, -20.5, 20.5, -30.0, 30.0]])


def our_arguments(ours: str) -> tuple[Any, ...]:
    rng = np.random.default_rng(1)
    name, _, kind = ours.partition("_backward")
    grad = rng.normal(size=POINTS.shape)
    if name in ROWWISE:
        rows = rng.normal(0, 3, (5, 6, 8))
        if ours == "maxout_backward":
            return rng.normal(size=(5, 6)), fastact.maxout(rows)[1], 8
        return (rows,) if ours == name else (rng.normal(size=rows.shape), getattr(fastact, name)(rows))
    if ours.endswith("_packed"):
        return (rng.normal(0, 3, (6, 8)),)
    if ours in {gate.name for gate in GATES}:
        return POINTS, grad
    if kind == "_from_output":
        return grad, getattr(fastact, name)(POINTS)
    x = np.abs(POINTS) + 0.01 if name == "log1mexp" else POINTS
    return ((grad, x) if ours.endswith("_backward") else (x,)) + REQUIRED.get(ours, ())


COMPARED = [port for port in PORTS if port.ours and port.library != "ggml"]


@pytest.mark.parametrize("port", COMPARED, ids=lambda p: f"{p.library}:{p.names.split()[0]}{p.when and '(...)'}")
def test_theirs_is_ours(port: Port) -> None:
    """The same results with default parameters, in float64, kinks included."""
    first = port.names.split()[0]
    key = f"{port.library}:{first}"
    if key in NOT_COMPARED:
        pytest.skip(NOT_COMPARED[key])
    function = their_function(port.library, first)
    ours = names._with(getattr(fastact, port.ours), port.parameters)
    arguments = our_arguments(port.ours)
    if key == "sklearn:softmax":
        arguments = (arguments[0][0],)
    if key in BEYOND:
        keep = ~np.isin(arguments[-1], BEYOND[key])
        arguments = tuple(a[keep] for a in arguments)
    options = eval(f"dict({port.when})")
    theirs = CALLS.get(key, lambda f, *args: f(*args, **options))(
        function, *(np.copy(a) if np.ndim(a) else a for a in arguments)
    )
    first_of = [np.asarray(y[0] if isinstance(y, tuple) else y) for y in (ours(*arguments), theirs)]
    tolerance = TOLERANCE.get(key, TOLERANCE.get(port.library, 1e-12))
    np.testing.assert_allclose(*first_of, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("library", [library for library in LIBRARIES if library in PACKAGES])
def test_their_names_exist(library: str) -> None:
    installed(library)
    for port in PORTS:
        if port.library == library:
            for name in port.names.split():
                assert their_object(library, name) is not None


def everything(library: str) -> set[str]:
    """The activations of the installed library."""
    module = installed(library)
    if library == "torch":
        modules = import_module("torch.nn.modules.activation")
        return {f"nn.{name}" for name in modules.__all__} - {"nn.MultiheadAttention"}
    if library == "jax":
        no_activation = {"dot_product_attention", "get_scaled_dot_general_config", "one_hot", "scaled_dot_general",
                         "scaled_matmul", "standardize"}  # fmt: skip
        return {name for name, value in vars(module.nn).items() if callable(value) and name[0] != "_"} - no_activation
    if library == "keras":
        every = {name for name, value in vars(module.activations).items() if callable(value)}
        return every - {"deserialize", "get", "serialize"}
    if library == "thinc":
        backward = {name.removeprefix("backprop_") for name in dir(module.NumpyOps) if name.startswith("backprop_")}
        return {f"backprop_{name}" for name in backward if hasattr(module.NumpyOps, name)} - {
            f"backprop_{name}" for name in ("lstm", "reduce_max", "reduce_mean", "reduce_sum", "reduce_first",
            "reduce_last", "seq2col", "softmax_sequences")}  # fmt: skip
    if library == "sklearn":
        return set(module.ACTIVATIONS) | {function.__name__ for function in module.DERIVATIVES.values()}
    return set(module.ACT2CLS)


@pytest.mark.parametrize("library", ["torch", "jax", "keras", "thinc", "sklearn", "hf"])
def test_none_of_theirs_is_left_out(library: str) -> None:
    known = {name for port in PORTS if port.library == library for name in port.names.split()}
    assert not everything(library) - known


@pytest.mark.parametrize(
    "name, x, theirs, ours",
    [
        ("leaky_relu", 0.0, 1.0, 0.01),
        ("hard_tanh", 1.0, 1.0, 0.0),
        ("sparse_sigmoid", 1.0, 0.25, 0.0),
        ("relu", 0.0, 0.0, 0.0),
        ("relu6", 6.0, 0.0, 0.0),
        ("hard_swish", 3.0, 1.0, 1.0),
        ("selu", 0.0, 1.7580993408473766, 1.7580993408473766),
    ],
)
def test_slopes_at_kinks_in_jax(name: str, x: float, theirs: float, ours: float) -> None:
    jax = installed("jax")
    assert float(jax.grad(getattr(jax.nn, name))(x)) == pytest.approx(theirs, rel=1e-12)
    assert float(getattr(fastact, f"{name}_derivative")(x)) == pytest.approx(ours, rel=1e-12)


# ---- the lines of NumPy in docs/porting.md ----

PAGE = Path(__file__).resolve().parent.parent / "docs" / "porting.md"


def sigmoid(x: np.ndarray) -> np.ndarray:
    return scipy.special.expit(x)


def slope_along(f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, along: np.ndarray) -> np.ndarray:
    """The gradient of sum(along f(x)) by differences."""
    step = 1e-6 * np.eye(x.size)
    return np.array([((f(x + d) - f(x - d)) * along).sum() for d in step]) / 2e-6


X, GATE, UP, GRAD = np.random.default_rng(15).normal(0, 3, (4, 8))
LINES = {
    "crelu": (np.append(np.maximum(X, 0), np.maximum(-X, 0)), 1e-15),
    "mul_and_silu": (X[:4] * X[4:] * sigmoid(X[4:]), 1e-14),
    "fatrelu_and_mul": (np.where(GATE > 0.25, GATE, 0) * UP, 1e-15),
    "SwiGLU, its gate clamped afterwards": (np.minimum(GATE * sigmoid(GATE), 2.0) * np.clip(UP, -2.0, 2.0), 1e-14),
    "gradient of softmin": (slope_along(lambda x: scipy.special.softmax(-x), X, GRAD), 1e-8),
    "gradient of logsumexp": (slope_along(scipy.special.logsumexp, X, np.array(3.0)), 1e-8),
    "softmax of ragged rows": (np.append(scipy.special.softmax(X[:3]), scipy.special.softmax(X[3:])), 1e-14),
    "rrelu, training": (np.where(X > 0, X, X * np.random.default_rng(16).uniform(0.125, 0.375, X.shape)), 1e-15),
    "logit": (scipy.special.logit(sigmoid(X)), 1e-13),
}


@pytest.mark.skipif(not PAGE.exists(), reason="needs the source tree")
def test_lines() -> None:
    given = {"x": X, "gate": GATE, "up": UP, "grad": GRAD, "grad_sum": 3.0, "theta": 0.25, "limit": 2.0, "ends": [3]}
    given |= {"np": np, "fastact": fastact, "row_of_all": X, "p": sigmoid(X)}
    given |= {"rng": np.random.default_rng(16), "lower": 0.125, "upper": 0.375}
    lines = dict(re.findall(r"^\| (.*) \| .* \| `(.*)` \|$", PAGE.read_text().partition("## One line each")[2], re.M))
    assert lines.keys() == LINES.keys()
    for name, (want, close) in LINES.items():
        np.testing.assert_allclose(eval(lines[name], given), want, rtol=close, atol=close)
