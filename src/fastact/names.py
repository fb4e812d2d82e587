"""What other libraries call our functions. `get` resolves those names; tools/porting.py writes docs/porting.md of them.

Nothing is computed here. A Port says where a name leads; tests/test_names.py compares each with the installed library.
"""

import difflib
import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np

import fastact

from . import published


class Port(NamedTuple):
    """One function of another library."""

    library: str  # a key of LIBRARIES
    names: str  # theirs, separated by spaces; the part before the last dot may be left out where that is unambiguous
    ours: str  # the function of fastact; empty where no single one is it
    parameters: Mapping[str, Any] = {}  # ours that make it theirs at their defaults, where our defaults do not
    note: str = ""  # what else differs
    when: str = ""  # arguments of theirs that choose this meaning; `get` knows only the one without


LIBRARIES = {
    "torch": "PyTorch",
    "jax": "JAX",
    "keras": "Keras",
    "onnx": "ONNX",
    "ort": "ONNX Runtime",
    "thinc": "thinc",
    "scipy": "SciPy",
    "sklearn": "scikit-learn",
    "hf": "Hugging Face transformers",
    "ggml": "ggml",
}

# How a full name begins, and what that is in a Port
PATHS = (
    ("torch.nn.functional.", "torch:F."),
    ("torch.nn.", "torch:nn."),
    ("torch.special.", "torch:special."),
    ("torch.ops.aten.", "torch:aten."),
    ("torch.", "torch:"),
    ("jax.nn.", "jax:"),
    ("keras.activations.", "keras:"),
    ("keras.layers.", "keras:layers."),
    ("keras.ops.", "keras:ops."),
    ("scipy.special.", "scipy:"),
    ("com.microsoft.", "ort:"),
    ("ggml_", "ggml:"),
)

AXIS_NONE = {"axis": None}
PACKED_GATE_UP = {"layout": "gate_up"}
PACKED_UP_GATE = {"layout": "up_gate"}

PORTS = (
    Port("torch", "F.relu nn.ReLU", "relu"),
    Port("torch", "F.relu6 nn.ReLU6", "relu6"),
    Port("torch", "F.leaky_relu nn.LeakyReLU", "leaky_relu"),
    Port("torch", "F.prelu nn.PReLU", "prelu",
         note="`weight`, at first 0.25, runs along axis 1; ours broadcasts as NumPy"),
    Port("torch", "F.rrelu nn.RReLU", "rrelu", note="ours is `training=False`, the slope in the middle"),
    Port("torch", "F.threshold nn.Threshold", "threshold"),
    Port("torch", "F.hardtanh nn.Hardtanh", "hard_tanh"),
    Port("torch", "F.hardsigmoid nn.Hardsigmoid", "hard_sigmoid"),
    Port("torch", "F.hardswish nn.Hardswish", "hard_swish"),
    Port("torch", "F.hardshrink nn.Hardshrink", "hard_shrink"),
    Port("torch", "F.softshrink nn.Softshrink", "soft_shrink"),
    Port("torch", "F.tanhshrink nn.Tanhshrink", "tanh_shrink", note="theirs cancels near 0"),
    Port("torch", "F.elu nn.ELU", "elu"),
    Port("torch", "F.celu nn.CELU", "celu"),
    Port("torch", "F.selu nn.SELU", "selu"),
    Port("torch", "F.sigmoid nn.Sigmoid torch.sigmoid special.expit", "sigmoid"),
    Port("torch", "F.logsigmoid nn.LogSigmoid", "log_sigmoid"),
    Port("torch", "F.tanh nn.Tanh torch.tanh", "tanh"),
    Port("torch", "F.softplus nn.Softplus", "softplus", note="`threshold=20`: theirs is x beyond; ours needs none"),
    Port("torch", "F.softsign nn.Softsign", "softsign", note="theirs is NaN at both infinities"),
    Port("torch", "F.silu nn.SiLU", "silu"),
    Port("torch", "F.mish nn.Mish", "mish"),
    Port("torch", "F.gelu nn.GELU", "gelu", note="float32: theirs is NaN at inf too"),
    Port("torch", "F.gelu nn.GELU", "gelu_tanh", when='approximate="tanh"'),
    Port("torch", "F.glu nn.GLU", "glu_packed", note="`dim` is `axis`; `glu` takes gate and value as two arrays"),
    Port("torch", "F.softmax nn.Softmax torch.softmax special.softmax", "softmax",
         note="`dim`, without a default, is `axis`"),
    Port("torch", "nn.Softmax2d", "softmax", {"axis": -3}),
    Port("torch", "F.log_softmax nn.LogSoftmax torch.log_softmax special.log_softmax", "log_softmax",
         note="`dim` is `axis`"),
    Port("torch", "F.softmin nn.Softmin", "softmin", note="`dim` is `axis`"),
    Port("torch", "F.gumbel_softmax", "gumbel_softmax", note="`tau` is `temperature`, `dim` is `axis`"),
    Port("torch", "torch._safe_softmax", "safe_softmax", note="`dim` is `axis`"),
    Port("torch", "torch.logsumexp special.logsumexp", "logsumexp", note="`dim`, without a default, is `axis`"),
    Port("torch", "special.ndtr", "ndtr"),
    Port("torch", "special.log_ndtr", "log_ndtr"),
    Port("torch", "nn.Identity", "identity"),
    Port("torch", "aten.threshold_backward", "threshold_backward",
         note="`(grad_output, self, threshold)`; ours takes `value` too. `relu` calls theirs with its output and 0, "
              "which is `relu_backward_from_output`"),
    Port("torch", "aten.hardtanh_backward", "hard_tanh_backward",
         note="`(grad_output, self, min_val, max_val)`, no defaults"),
    Port("torch", "aten.hardsigmoid_backward", "hard_sigmoid_backward"),
    Port("torch", "aten.hardswish_backward", "hard_swish_backward"),
    Port("torch", "aten.hardshrink_backward", "hard_shrink_backward", note="`lambd` has no default"),
    Port("torch", "aten.softshrink_backward", "soft_shrink_backward", note="`lambd` has no default"),
    Port("torch", "aten.leaky_relu_backward", "leaky_relu_backward",
         note="`(grad_output, self, negative_slope, self_is_result)`; with `self_is_result=True`, "
              "`leaky_relu_backward_from_output`"),
    Port("torch", "aten._prelu_kernel_backward", "prelu_backward",
         note="returns the gradient of the weight as well, elementwise: `prelu_backward_params`"),
    Port("torch", "aten.elu_backward", "elu_backward",
         note="`(grad_output, alpha, scale, input_scale, is_result, self_or_result)`: parameters before the array; "
              "with `is_result=True`, `elu_backward_from_output`; `selu` and `celu` come this way too"),
    Port("torch", "aten.sigmoid_backward", "sigmoid_backward_from_output",
         note="takes the output; our `sigmoid_backward` takes x"),
    Port("torch", "aten.tanh_backward", "tanh_backward_from_output",
         note="takes the output; our `tanh_backward` takes x"),
    Port("torch", "aten.log_sigmoid_backward", "log_sigmoid_backward",
         note="`(grad_output, self, buffer)`; ours has no buffer"),
    Port("torch", "aten.softplus_backward", "softplus_backward",
         note="`(grad_output, self, beta, threshold)`; ours has no threshold"),
    Port("torch", "aten.silu_backward", "silu_backward"),
    Port("torch", "aten.mish_backward", "mish_backward"),
    Port("torch", "aten.gelu_backward", "gelu_backward"),
    Port("torch", "aten.gelu_backward", "gelu_tanh_backward", when='approximate="tanh"'),
    Port("torch", "aten.glu_backward", "",
         note="`(grad_output, self, dim)`, `self` packed: `glu_backward(grad, gate, up)` of its two halves, the "
              "second the gate, returns the gradients of both"),
    Port("torch", "aten._softmax_backward_data", "softmax_backward",
         note="`(grad_output, output, dim, input_dtype)`; ours takes the output as well"),
    Port("torch", "aten._log_softmax_backward_data", "log_softmax_backward",
         note="`(grad_output, output, dim, input_dtype)`; ours takes the output as well"),
    Port("torch", "aten.rrelu_with_noise_backward", "rrelu_backward", note="ours is `training=False`"),

    Port("jax", "relu", "relu"),
    Port("jax", "relu6", "relu6"),
    Port("jax", "leaky_relu", "leaky_relu", note="slope at 0: 1; ours is `negative_slope`"),
    Port("jax", "hard_tanh", "hard_tanh", note="slope at -1 and 1: 1; ours is 0"),
    Port("jax", "hard_sigmoid", "hard_sigmoid"),
    Port("jax", "hard_silu hard_swish", "hard_swish"),
    Port("jax", "sparse_plus", "sparse_plus"),
    Port("jax", "sparse_sigmoid", "sparse_sigmoid", note="slope at -1 and 1: 0.25; ours is 0"),
    Port("jax", "elu", "elu"),
    Port("jax", "celu", "celu"),
    Port("jax", "selu", "selu"),
    Port("jax", "sigmoid", "sigmoid"),
    Port("jax", "log_sigmoid", "log_sigmoid"),
    Port("jax", "tanh", "tanh"),
    Port("jax", "softplus", "softplus"),
    Port("jax", "soft_sign", "softsign", note="theirs is NaN at both infinities"),
    Port("jax", "squareplus", "squareplus", note="theirs cancels below 0, and is NaN at -inf"),
    Port("jax", "silu", "silu"),
    Port("jax", "swish", "swish"),
    Port("jax", "mish", "mish"),
    Port("jax", "gelu", "gelu_tanh", note="`approximate=True` is their default"),
    Port("jax", "gelu", "gelu", when="approximate=False"),
    Port("jax", "glu", "glu_packed", note="`glu` takes gate and value as two arrays"),
    Port("jax", "identity", "identity"),
    Port("jax", "log1mexp", "log1mexp"),
    Port("jax", "softmax", "softmax", note="`where=`: ours has none"),
    Port("jax", "log_softmax", "log_softmax", note="`where=`: ours has none"),
    Port("jax", "logsumexp", "logsumexp", AXIS_NONE, note="`b=`, `where=`, `return_sign=`: ours has none"),
    Port("jax", "logmeanexp", "logmeanexp", AXIS_NONE, note="`where=`: ours has none"),

    Port("keras", "relu layers.ReLU", "relu",
         note="`negative_slope`, `max_value`, `threshold`: `leaky_relu`, `clipped_relu`, `thresholded_relu`"),
    Port("keras", "relu6", "relu6"),
    Port("keras", "leaky_relu", "leaky_relu", {"negative_slope": 0.2}),
    Port("keras", "layers.LeakyReLU", "leaky_relu", {"negative_slope": 0.3}),
    Port("keras", "layers.PReLU", "prelu", note="`alpha`, at first 0, is `slope`"),
    Port("keras", "threshold", "threshold", note="`default_value` is `value`"),
    Port("keras", "hard_tanh", "hard_tanh"),
    Port("keras", "hard_sigmoid", "hard_sigmoid", note="slope 1/6 since Keras 3, 0.2 before"),
    Port("keras", "hard_silu hard_swish", "hard_swish"),
    Port("keras", "hard_shrink", "hard_shrink", note="`threshold` is `lambd`"),
    Port("keras", "soft_shrink", "soft_shrink", note="`threshold` is `lambd`"),
    Port("keras", "tanh_shrink", "tanh_shrink", note="theirs cancels near 0"),
    Port("keras", "sparse_plus", "sparse_plus"),
    Port("keras", "sparse_sigmoid", "sparse_sigmoid"),
    Port("keras", "elu layers.ELU", "elu"),
    Port("keras", "celu", "celu"),
    Port("keras", "selu", "selu"),
    Port("keras", "exponential", "exponential"),
    Port("keras", "linear", "identity"),
    Port("keras", "sigmoid", "sigmoid"),
    Port("keras", "log_sigmoid", "log_sigmoid"),
    Port("keras", "tanh", "tanh"),
    Port("keras", "softplus", "softplus"),
    Port("keras", "softsign", "softsign", note="theirs is NaN at both infinities"),
    Port("keras", "squareplus", "squareplus", note="theirs cancels below 0, and is NaN at -inf"),
    Port("keras", "silu", "silu"),
    Port("keras", "swish", "swish"),
    Port("keras", "mish", "mish"),
    Port("keras", "gelu", "gelu"),
    Port("keras", "gelu", "gelu_tanh", when="approximate=True"),
    Port("keras", "ops.gelu", "gelu_tanh",
         note="`approximate=True` is the default here, but not of the activation `gelu`"),
    Port("keras", "glu", "glu_packed", note="`glu` takes gate and value as two arrays"),
    Port("keras", "softmax layers.Softmax", "softmax"),
    Port("keras", "log_softmax", "log_softmax"),
    Port("keras", "sparsemax", "sparsemax", note="theirs is wrong in 3.15 where several are not 0 (keras#23425)"),
    Port("keras", "ops.logsumexp", "logsumexp", AXIS_NONE),

    Port("onnx", "Relu", "relu"),
    Port("onnx", "LeakyRelu", "leaky_relu", note="`alpha` is `negative_slope`"),
    Port("onnx", "PRelu", "prelu"),
    Port("onnx", "ThresholdedRelu", "thresholded_relu", note="`alpha` is `theta`"),
    Port("onnx", "Clip", "", note="`numpy.clip`, or `hard_tanh(x, min, max)`, which has a backward pass"),
    Port("onnx", "HardSigmoid", "hard_sigmoid", {"slope": 0.2}, note="`alpha` is `slope`, `beta` is `offset`"),
    Port("onnx", "HardSwish", "hard_swish"),
    Port("onnx", "Shrink", "shrink"),
    Port("onnx", "Elu", "elu"),
    Port("onnx", "Celu", "celu"),
    Port("onnx", "Selu", "selu", note="`alpha` and `gamma` are float32 numbers: relative difference 3e-8"),
    Port("onnx", "Exp", "exponential"),
    Port("onnx", "Identity", "identity"),
    Port("onnx", "Sigmoid", "sigmoid"),
    Port("onnx", "Tanh", "tanh"),
    Port("onnx", "ScaledTanh", "scaled_tanh", note="only by name, as the activation of a recurrent operator"),
    Port("onnx", "Softplus", "softplus"),
    Port("onnx", "Softsign", "softsign", note="theirs is NaN at both infinities"),
    Port("onnx", "Mish", "mish"),
    Port("onnx", "Swish", "swish", note="`alpha` is `beta`"),
    Port("onnx", "Gelu", "gelu"),
    Port("onnx", "Gelu", "gelu_tanh", when='approximate="tanh"'),
    Port("onnx", "SwiGLU", "swiglu",
         note="two inputs, gate first, as ours; without broadcasting; `alpha` other than 1: `swish(gate, alpha) * "
              "up`"),
    Port("onnx", "Softmax", "softmax", note="before opset 13: axis 1, and all axes after it"),
    Port("onnx", "LogSoftmax", "log_softmax", note="before opset 13: axis 1, and all axes after it"),
    Port("onnx", "Hardmax", "hardmax", note="before opset 13: axis 1, and all axes after it"),

    Port("ort", "FastGelu", "gelu_tanh", note="with a bias `bias_gelu_tanh`"),
    Port("ort", "QuickGelu", "gelu_quick", note="`alpha` other than 1.702: `swish(x, alpha)`"),
    Port("ort", "Gelu", "gelu"),
    Port("ort", "BiasGelu", "bias_gelu"),

    Port("thinc", "relu", "relu"),
    Port("thinc", "relu_k", "clipped_relu", {"max_value": 6.0}, note="`n` is `max_value`"),
    Port("thinc", "clipped_linear", "hard_sigmoid", {"slope": 1.0, "offset": 0.0},
         note="`min_val`, `max_val` other than 0, 1: `hard_tanh(slope*x + offset, min_val, max_val)`"),
    Port("thinc", "hard_sigmoid", "hard_sigmoid", {"slope": 0.2}),
    Port("thinc", "hard_tanh", "hard_tanh"),
    Port("thinc", "hard_swish", "", note="x·clip(0.2·x + 0.5, 0, 1), which is `hard_swish(1.2*x)/1.2`"),
    Port("thinc", "hard_swish_mobilenet", "hard_swish"),
    Port("thinc", "sigmoid", "sigmoid", note="theirs is clipped at x = ±20: 2e-9 instead of 0"),
    Port("thinc", "swish", "swish", note="by that sigmoid: at -100 theirs is -2e-7, at -inf -inf"),
    Port("thinc", "dish", "dish", note="theirs is NaN at both infinities"),
    Port("thinc", "gelu", "gelu", note="their erf is good to 1.5e-7"),
    Port("thinc", "gelu_approx", "gelu_tanh"),
    Port("thinc", "mish", "mish", note="`threshold=20`: theirs is x beyond; ours needs none"),
    Port("thinc", "softmax", "softmax"),
    Port("thinc", "softmax_sequences", "", note="`softmax` of each sequence; theirs clips at ±20"),
    Port("thinc", "maxout", "maxout", note="both return the maximum over the last axis, and which"),
    Port("thinc", "dsigmoid", "", note="`sigmoid_backward_from_output(1, Y)`"),
    Port("thinc", "dtanh", "", note="`tanh_backward_from_output(1, Y)`"),
    Port("thinc", "sechsq", "tanh_derivative", note="theirs clips at ±20"),
    Port("thinc", "backprop_relu", "relu_backward_from_output"),
    Port("thinc", "backprop_relu_k", "clipped_relu_backward", {"max_value": 6.0}, note="`n` is `max_value`"),
    Port("thinc", "backprop_clipped_linear", "hard_sigmoid_backward", {"slope": 1.0, "offset": 0.0},
         note="other bounds: as above, times `slope`"),
    Port("thinc", "backprop_hard_sigmoid", "hard_sigmoid_backward", {"slope": 0.2}),
    Port("thinc", "backprop_hard_tanh", "hard_tanh_backward"),
    Port("thinc", "backprop_hard_swish", "",
         note="`hard_swish_backward(dY, 1.2*X)`; slope at ±2.5: theirs -0.5 and 1.5, ours 0 and 1"),
    Port("thinc", "backprop_hard_swish_mobilenet", "hard_swish_backward",
         note="slope at ±3: theirs -0.5 and 1.5, ours 0 and 1"),
    Port("thinc", "backprop_sigmoid", "sigmoid_backward_from_output",
         note="`(dY, Y)`; ours without `_from_output` takes X"),
    Port("thinc", "backprop_swish", "swish_backward", note="`(dY, X, Y)`; ours does not need Y"),
    Port("thinc", "backprop_dish", "dish_backward"),
    Port("thinc", "backprop_gelu", "gelu_backward", note="their erf is good to 1.5e-7"),
    Port("thinc", "backprop_gelu_approx", "gelu_tanh_backward", note="their constants have six digits"),
    Port("thinc", "backprop_mish", "mish_backward", note="`threshold=20`: theirs is 1 beyond, and for NaN"),
    Port("thinc", "backprop_softmax", "softmax_backward", note="`(Y, dY)`: ours takes the gradient first"),
    Port("thinc", "backprop_maxout", "maxout_backward", note="`(dY, which, P)`"),

    Port("scipy", "expit", "sigmoid"),
    Port("scipy", "log_expit", "log_sigmoid"),
    Port("scipy", "softplus", "softplus"),
    Port("scipy", "ndtr", "ndtr"),
    Port("scipy", "log_ndtr", "log_ndtr"),
    Port("scipy", "softmax", "softmax", AXIS_NONE, note="theirs is over the whole array by default"),
    Port("scipy", "log_softmax", "log_softmax", AXIS_NONE, note="theirs is over the whole array by default"),
    Port("scipy", "logsumexp", "logsumexp", AXIS_NONE, note="`b=`, `return_sign=`: ours has none"),

    Port("sklearn", "identity", "identity"),
    Port("sklearn", "relu", "relu"),
    Port("sklearn", "logistic", "sigmoid"),
    Port("sklearn", "tanh", "tanh"),
    Port("sklearn", "exp", "exponential"),
    Port("sklearn", "softmax", "softmax"),
    Port("sklearn", "inplace_relu_derivative", "relu_backward_from_output", note="`(Z, delta)`: output first"),
    Port("sklearn", "inplace_logistic_derivative", "sigmoid_backward_from_output", note="`(Z, delta)`: output first"),
    Port("sklearn", "inplace_tanh_derivative", "tanh_backward_from_output", note="`(Z, delta)`: output first"),
    Port("sklearn", "inplace_identity_derivative", "", note="nothing to do"),

    Port("hf", "gelu", "gelu"),
    Port("hf", "gelu_python", "gelu", note="1 + erf: theirs loses the left tail"),
    Port("hf", "gelu_new gelu_pytorch_tanh gelu_python_tanh gelu_accurate", "gelu_tanh"),
    Port("hf", "gelu_fast", "gelu_tanh", note="√(2/π) is 0.7978845608 there"),
    Port("hf", "gelu_10", "clipped_gelu"),
    Port("hf", "quick_gelu", "gelu_quick"),
    Port("hf", "silu", "silu"),
    Port("hf", "swish", "swish"),
    Port("hf", "relu", "relu"),
    Port("hf", "relu2", "relu2"),
    Port("hf", "relu6", "relu6"),
    Port("hf", "leaky_relu", "leaky_relu"),
    Port("hf", "prelu", "prelu", note="a trained `weight`, at first 0.25, is `slope`"),
    Port("hf", "hardswish", "hard_swish"),
    Port("hf", "laplace", "laplace"),
    Port("hf", "linear", "identity"),
    Port("hf", "mish", "mish"),
    Port("hf", "sigmoid", "sigmoid"),
    Port("hf", "sqrtsoftplus", "sqrt_softplus", note="√x beyond 20 there, by torch's softplus"),
    Port("hf", "tanh", "tanh"),
    Port("hf", "xielu", "xielu",
         note="the module's weights are not the parameters: `alpha_p = softplus(weight_p)`, `alpha_n = beta + "
              "softplus(weight_n)`; it starts in bfloat16"),

    Port("ggml", "relu", "relu", note="NaN gives 0 there"),
    Port("ggml", "leaky_relu", "leaky_relu", note="`negative_slope` has no default"),
    Port("ggml", "elu", "elu"),
    Port("ggml", "exp", "exponential"),
    Port("ggml", "step", "", note="`numpy.heaviside(x, 0)`"),
    Port("ggml", "hardsigmoid", "hard_sigmoid", note="NaN gives 0 there"),
    Port("ggml", "hardswish", "hard_swish"),
    Port("ggml", "sigmoid", "sigmoid"),
    Port("ggml", "softplus", "softplus", note="theirs is x beyond 20"),
    Port("ggml", "tanh", "tanh"),
    Port("ggml", "silu", "silu"),
    Port("ggml", "gelu", "gelu_tanh", note="read from a float16 table, unless it is built without"),
    Port("ggml", "gelu_erf", "gelu"),
    Port("ggml", "gelu_quick", "gelu_quick", note="read from a float16 table, unless it is built without"),
    Port("ggml", "xielu", "xielu",
         note="`(a, alpha_n, alpha_p, beta, eps)`: the first two the other way round, and weights as in Hugging "
              "Face's module"),
    Port("ggml", "reglu", "reglu_packed", PACKED_GATE_UP),
    Port("ggml", "geglu", "geglu_tanh_packed", PACKED_GATE_UP, note="the tanh form; our `geglu` is exact"),
    Port("ggml", "geglu_erf", "geglu_packed", PACKED_GATE_UP),
    Port("ggml", "geglu_quick", "geglu_quick_packed", PACKED_GATE_UP),
    Port("ggml", "swiglu", "swiglu_packed", PACKED_GATE_UP),
    Port("ggml", "reglu_swapped", "reglu_packed", PACKED_UP_GATE),
    Port("ggml", "geglu_swapped", "geglu_tanh_packed", PACKED_UP_GATE),
    Port("ggml", "geglu_erf_swapped", "geglu_packed", PACKED_UP_GATE),
    Port("ggml", "geglu_quick_swapped", "geglu_quick_packed", PACKED_UP_GATE),
    Port("ggml", "swiglu_swapped", "swiglu_packed", PACKED_UP_GATE),
    Port("ggml", "reglu_split", "reglu"),
    Port("ggml", "geglu_split", "geglu_tanh", note="the tanh form; our `geglu` is exact"),
    Port("ggml", "geglu_erf_split", "geglu"),
    Port("ggml", "geglu_quick_split", "geglu_quick"),
    Port("ggml", "swiglu_split", "swiglu"),
    Port("ggml", "swiglu_oai", "clamped_swiglu", note="`alpha` and `limit` have no defaults"),
    Port("ggml", "soft_max", "softmax", note="along their first dimension, which is our last axis"),
    Port("ggml", "silu_back", "silu_backward"),
    Port("ggml", "soft_max_ext_back", "softmax_backward", note="of `scale*x`; takes the output, as ours"),
)  # fmt: skip

SETTINGS = frozenset(
    ("available_levels", "functions", "get", "get_num_threads", "num_threads", "set_num_threads")
)  # what is callable and no function of an array


class FunctionInfo(NamedTuple):
    """What `functions` says of one function."""

    name: str
    kind: str  # "forward", "derivative", "backward", "backward_params", "backward_from_output", "biased"
    inputs: tuple[str, ...]  # in order; parameters last
    outputs: tuple[str, ...]
    parameters: dict[str, float | None]  # with their defaults; None where there is none
    aliases: tuple[str, ...]  # of a forward function
    formula: str  # of the forward function
    bounds: dict[str, float]  # largest error in ulp by dtype, on this level; empty for a backward pass


def functions(kind: str | None = None) -> tuple[FunctionInfo, ...]:
    """List the functions of the table, for programs.

    Parameters
    ----------
    kind : {'forward', 'derivative', 'backward', 'backward_params', 'backward_from_output', 'biased'}, optional
        Only these.

    Returns
    -------
    tuple of FunctionInfo
        Named tuples in the order of the table: name, kind, inputs, outputs, parameters with their defaults, aliases,
        formula, and the largest errors in ulp on the level in use. The function itself is
        ``getattr(fastact, info.name)``.

    Raises
    ------
    ValueError
        When there is no such kind.

    See Also
    --------
    get : one function by name.

    Examples
    --------
    >>> import fastact
    >>> info = fastact.functions("forward")[2]
    >>> info.name, info.inputs, info.parameters
    ('leaky_relu', ('x', 'negative_slope'), {'negative_slope': 0.01})
    >>> info.bounds
    {'float16': 0.5, 'float32': 0.5, 'float64': 0.5}
    """
    kinds = {f.kind: None for f in published.FUNCTIONS}
    if kind is not None and kind not in kinds:
        raise ValueError(f"functions: unknown kind {kind!r}; one of {', '.join(kinds)}")
    return tuple(_info(f) for f in published.FUNCTIONS if kind in (None, f.kind))


def _info(f: published.Function) -> FunctionInfo:
    bounds = {}
    if f.kind in ("forward", "derivative"):
        fused = fastact.level != "x86_64_v2"
        bounds = {dtype: f.bound(dtype, fused) for dtype in ("float16", "float32", "float64")}
    aliases = f.row.aliases if f.kind == "forward" else ()
    parameters = dict(getattr(f.row, "params", ()))
    return FunctionInfo(f.name, f.kind, f.inputs, f.outputs, parameters, aliases, published.formula(f.row), bounds)


def get(name: Any, /, **parameters: Any) -> Callable[..., Any]:
    """The function that a name means, here or in another library.

    Our own names and aliases come first. Then those of Hugging Face's ACT2FN, Keras, torch (functions and modules),
    JAX, ONNX, ONNX Runtime, thinc, SciPy, scikit-learn and ggml. ``"keras:leaky_relu"``, or
    ``"keras.activations.leaky_relu"``, names the library too, and gives the function with the defaults that it has
    there. docs/porting.md lists them all, with what differs.

    Parameters
    ----------
    name : str, callable or None
        A callable is returned as it is, with the parameters set. None means the identity.
    **parameters
        Parameters of our function, by our names.

    Returns
    -------
    callable
        The function itself; where a parameter differs from our default, a `functools.partial` of it. It takes our
        arguments in our order, and what a ufunc takes (``out``, ``where``, ``dtype``).

    Raises
    ------
    ValueError
        When the name is unknown (the nearest ones are in the message), when libraries give it different meanings (all
        are listed as ``"library:name"``), or when it is no single function here (the message says what it is).
    TypeError
        When `name` is none of these types, or a parameter is not one of the function's.

    See Also
    --------
    functions : all of them.

    Examples
    --------
    >>> import fastact
    >>> fastact.get("gelu_new") is fastact.gelu_tanh
    True
    >>> fastact.get("leaky_relu")([-1.0, 2.0])
    array([-0.01,  2.  ])
    >>> fastact.get("keras:leaky_relu")([-1.0, 2.0])
    array([-0.2,  2. ])
    >>> fastact.get("nn.LeakyReLU", negative_slope=0.5)([-1.0, 2.0])
    array([-0.5,  2. ])
    >>> fastact.get("LeakyReLU")
    Traceback (most recent call last):
        ...
    ValueError: get: 'LeakyReLU' has several meanings: 'torch:LeakyReLU' is leaky_relu; 'keras:LeakyReLU' is
    leaky_relu(x, negative_slope=0.3)
    """
    if name is not None and not isinstance(name, str):
        if not callable(name):
            raise TypeError(f"get: expected a name, a callable or None, not {type(name).__name__}")
        ours = getattr(fastact, getattr(name, "__name__", ""), None) is name
        return _with(name, parameters) if ours or not parameters else partial(name, **parameters)
    primary, preset = _resolved("identity" if name is None else name)
    return _with(getattr(fastact, primary), {**preset, **parameters})


def _resolved(name: str) -> tuple[str, Mapping[str, Any]]:
    """The name of our function and the parameters that make it what is meant."""
    if _is_ours(name):
        return name, {}
    full = next((short + name.removeprefix(path) for path, short in PATHS if name.startswith(path)), name)
    library, colon, rest = full.partition(":")
    if colon and library not in LIBRARIES:
        raise ValueError(f"get: unknown library {library!r} in {name!r}; one of {', '.join(LIBRARIES)}")
    if colon:
        known = _known()[library]
        port = known.get(rest) or known.get(rest.rpartition(".")[2])
        ports = {full: port} if port else {}
    else:
        ports = {f"{key}:{name}": known[name] for key, known in _known().items() if name in known}
    if not ports:
        nearest = ", ".join(map(repr, _nearest(name, library if colon else None)))
        hint = f"nearest: {nearest}" if nearest else "see fastact.functions()"
        raise ValueError(f"get: unknown name {name!r}; {hint}")
    if any((p.ours, p.parameters) != (q.ours, q.parameters) for p in ports.values() for q in ports.values()):
        meanings = "; ".join(f"{key!r} is {call(port)}" for key, port in ports.items())
        raise ValueError(f"get: {name!r} has several meanings: {meanings}")
    port = next(iter(ports.values()))
    if not port.ours:
        raise ValueError(f"get: {name!r} is no single function here: {port.note}")
    return port.ours, port.parameters


def _is_ours(name: str) -> bool:
    return name in fastact.__all__ and name not in SETTINGS and callable(getattr(fastact, name))


@cache
def _known() -> dict[str, dict[str, Port]]:
    """By library, by name: as it stands in a Port, and without what is before the last dot unless that is taken."""
    known: dict[str, dict[str, Port]] = {library: {} for library in LIBRARIES}
    ports = [port for port in PORTS if not port.when]
    for port in ports:
        known[port.library].update(dict.fromkeys(port.names.split(), port))
    for port in ports:
        for name in port.names.split():
            known[port.library].setdefault(name.rpartition(".")[2], port)
    return known


def call(port: Port) -> str:
    """How one calls ours: the name, with what has to be given."""
    given = "".join(f", {name}={value!r}" for name, value in port.parameters.items()).replace("'", '"')
    return port.ours + (f"({'grad, ' if port.ours.endswith('_backward') else ''}x{given})" if given else "")


def _nearest(name: str, library: str | None) -> Iterable[str]:
    """Names that `get` takes, and that are spelled like this one."""

    def plain(text: str) -> str:
        return text.rpartition(":")[2].rpartition(".")[2].casefold().replace("_", "")

    names = [] if library else [ours for ours in fastact.__all__ if _is_ours(ours)]
    for key, known in _known().items():
        if library in (None, key):
            names += [f"{key}:{theirs}" for theirs in known if "." not in theirs and theirs not in names]
    spelled: dict[str, str] = {}
    for candidate in names:
        spelled.setdefault(plain(candidate), candidate)
    return [spelled[match] for match in difflib.get_close_matches(plain(name), spelled, n=3, cutoff=0.6)]


def _with(function: Callable[..., Any], parameters: Mapping[str, Any]) -> Callable[..., Any]:
    """The function with parameters set; itself where that changes nothing."""
    if not parameters:
        return function
    if isinstance(function, np.ufunc):  # takes parameters by position only, behind the arrays
        rows = (f.row for f in published.FUNCTIONS if getattr(fastact, f.name) is function)
        names = [name for row in rows for name, _ in getattr(row, "params", ())]
        if sorted(parameters) != sorted(names):
            has = f"the parameters {', '.join(names)}" if names else "no parameters"
            raise TypeError(f"get: {function.__name__} has {has}, got {', '.join(parameters)}")
        return partial(_call, function, tuple(parameters[name] for name in names))
    known = inspect.signature(function).parameters
    for name in parameters:
        if name not in known:
            raise TypeError(f"get: {function.__name__} has no parameter {name!r}; it takes {', '.join(known)}")
    changed = {k: v for k, v in parameters.items() if not (np.isscalar(v) and v == known[k].default)}
    return partial(function, **changed) if changed else function


def _call(function: np.ufunc, parameters: tuple[Any, ...], /, *arrays: Any, **kwargs: Any) -> Any:
    return function(*arrays, *parameters, **kwargs)
