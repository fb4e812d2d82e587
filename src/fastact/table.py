"""The list. A row here and a kernel of the same name in kernels.pxd make an activation; nothing else does.

The build makes ufuncs, docstrings and type stubs from these rows; tests, benchmarks, plots and the README read them.
published.py says which ufuncs a row becomes. The functions of whole rows have a list of their own, rowtable.py.
"""

from math import inf
from typing import NamedTuple


class Bounds(NamedTuple):
    """Largest errors in ulp, in float32 and in float64: what tools/exhaustive.py finds, see docs/accuracy.md."""

    forward: tuple[float, float]
    derivative: tuple[float, float] = (0.0, 0.0)


EXACT = Bounds((0.0, 0.0))
ROUNDED = Bounds((0.5, 0.5))  # the formula is one operation


class Activation(NamedTuple):
    """y = f(x, *params), elementwise."""

    name: str  # the kernel, and the ufunc; NAME_derivative and NAME_backward follow
    title: str  # what it is called in prose
    formula: str  # the textbook definition in mpmath's words: the docs print it, the tests evaluate it
    params: tuple[tuple[str, float | None], ...] = ()  # further inputs in order, with their defaults
    trained: tuple[str, ...] = ()  # parameters that are trained: NAME_backward_params returns their gradients
    from_output: str = ""  # f' as a function of y = f(x), where there is one
    kinks: tuple[tuple[str, str], ...] = ()  # (place, slope there), where the derivative is a convention
    least: float = -inf  # the function is NaN for an x below
    limits: tuple[str, str] = ("0", "inf")  # at -inf and +inf; "-0" is a limit from below
    ulp: Bounds = EXACT  # with fused multiply-adds
    ulp_plain: Bounds | None = None  # without, where it is not the same
    why: str = ""  # what rounds, where a bound is wide (`Function.wide`) in spite of fused multiply-adds
    crosses: bool = False  # whether y is zero elsewhere than at 0: in float64, errors are not relative there
    biased: bool = False  # whether there is a bias_NAME(x, b)
    overflows: bool = True  # False where what overflows is, but for extreme parameters, only on the way: not reported
    aliases: tuple[str, ...] = ()
    source: str = ""  # paper or standard


class Gate(NamedTuple):
    """y = gate(a) * value(b), elementwise; the gate comes first."""

    name: str
    title: str
    gate: str = ""  # the activation that the gate goes through
    value: str = "identity"  # the one that the other half goes through
    formula: str = ""  # of gate, up and the parameters, where it is not gate(a) * value(b)
    params: tuple[tuple[str, float], ...] = ()
    ulp: Bounds = ROUNDED
    ulp_plain: Bounds | None = None
    why: str = ""
    aliases: tuple[str, ...] = ()
    source: str = ""


ACTIVATIONS = (
    Activation(
        "identity",
        "Identity",
        "x",
        from_output="1",
        limits=("-inf", "inf"),
        aliases=("linear",),
        source="torch.nn.Identity; keras.activations.linear",
    ),
    Activation(
        "relu",
        "Rectified linear unit",
        "max(x, 0)",
        from_output="1 if y > 0 else 0",
        kinks=(("0", "0"),),
        biased=True,
        source="Nair and Hinton, Rectified linear units improve restricted Boltzmann machines, ICML 2010",
    ),
    Activation(
        "leaky_relu",
        "Leaky rectified linear unit",
        "x if x > 0 else negative_slope*x",
        params=(("negative_slope", 0.01),),
        from_output="1 if y > 0 else negative_slope",
        kinks=(("0", "negative_slope"),),
        limits=("-inf", "inf"),
        ulp=ROUNDED,
        source="Maas, Hannun and Ng, Rectifier nonlinearities improve neural network acoustic models, ICML 2013",
    ),
    Activation(
        "prelu",
        "Parametric rectified linear unit",
        "x if x > 0 else slope*x",
        params=(("slope", None),),
        trained=("slope",),
        kinks=(("0", "slope"),),
        limits=("-inf", "inf"),
        ulp=ROUNDED,
        source="He et al., Delving deep into rectifiers, ICCV 2015, arXiv:1502.01852",
    ),
    Activation(
        "rrelu",
        "Randomised leaky rectified linear unit, as it is in inference",
        "x if x > 0 else (lower + upper)/2*x",
        params=(("lower", 0.125), ("upper", 1 / 3)),
        kinks=(("0", "(lower + upper)/2"),),
        limits=("-inf", "inf"),
        ulp=Bounds((1.5, 1.5), (0.5, 0.5)),
        source="Xu et al., Empirical evaluation of rectified activations, 2015, arXiv:1505.00853; torch.nn.RReLU",
    ),
    Activation(
        "relu6",
        "Rectified linear unit, cut at 6",
        "min(max(x, 0), 6)",
        from_output="1 if 0 < y < 6 else 0",
        kinks=(("0", "0"), ("6", "0")),
        limits=("0", "6"),
        source="Howard et al., MobileNets, 2017, arXiv:1704.04861",
    ),
    Activation(
        "relu2",
        "Squared rectified linear unit",
        "max(x, 0)**2",
        from_output="2*sqrt(y)",
        limits=("0", "inf"),
        ulp=Bounds((0.5, 0.5)),
        aliases=("relu_squared", "squared_relu"),
        source="So et al., Primer, 2021, arXiv:2109.08668",
    ),
    Activation(
        "clipped_relu",
        "Rectified linear unit, cut above",
        "min(max(x, 0), max_value)",
        params=(("max_value", None),),
        from_output="1 if 0 < y < max_value else 0",
        kinks=(("0", "0"), ("max_value", "0")),
        limits=("0", "max_value"),
        aliases=("relu_k",),
        source="thinc's relu_k; oneDNN's clip",
    ),
    Activation(
        "threshold",
        "Threshold",
        "x if x > threshold else value",
        params=(("threshold", None), ("value", None)),
        kinks=(("threshold", "0"),),
        limits=("value", "inf"),
        source="torch.nn.Threshold",
    ),
    Activation(
        "thresholded_relu",
        "Thresholded rectified linear unit",
        "x if x > theta else 0",
        params=(("theta", 1.0),),
        kinks=(("theta", "0"),),
        limits=("0", "inf"),
        source="Konda, Memisevic and Krueger, 2014, arXiv:1402.3337; ONNX ThresholdedRelu",
    ),
    Activation(
        "hard_tanh",
        "Hyperbolic tangent of straight lines",
        "min(max(x, min_val), max_val)",
        params=(("min_val", -1.0), ("max_val", 1.0)),
        from_output="1 if min_val < y < max_val else 0",
        kinks=(("min_val", "0"), ("max_val", "0")),
        limits=("min_val", "max_val"),
        aliases=("hardtanh",),
        source="Collobert, Large scale machine learning, 2004",
    ),
    Activation(
        "hard_sigmoid",
        "Logistic function of straight lines",
        "min(max(slope*x + offset, 0), 1)",
        params=(("slope", 1 / 6), ("offset", 0.5)),
        from_output="slope if 0 < y < 1 else 0",
        limits=("0", "1"),
        ulp=Bounds((0.5, 0.5)),
        overflows=False,
        aliases=("hardsigmoid",),
        source="Courbariaux, Bengio and David, BinaryConnect, 2015, arXiv:1511.00363; ONNX has slope 0.2",
    ),
    Activation(
        "hard_swish",
        "Swish of straight lines",
        "x*min(max(x + 3, 0), 6)/6",
        kinks=(("-3", "0"), ("3", "1")),
        limits=("-0", "inf"),
        ulp=Bounds((1.9, 1.9), (1.0, 1.0)),
        aliases=("hardswish", "hard_silu", "hardsilu"),
        source="Howard et al., Searching for MobileNetV3, 2019, arXiv:1905.02244",
    ),
    Activation(
        "sparse_sigmoid",
        "Sparse logistic function",
        "min(max(x + 1, 0), 2)/2",
        from_output="1/2 if 0 < y < 1 else 0",
        kinks=(("-1", "0"), ("1", "0")),
        limits=("0", "1"),
        ulp=Bounds((0.5, 0.5)),
        source="jax.nn.sparse_sigmoid",
    ),
    Activation(
        "sparse_plus",
        "Sparse softplus",
        "x if x > 1 else max(x + 1, 0)**2/4",
        limits=("0", "inf"),
        ulp=Bounds((2.0, 2.0), (0.5, 0.5)),
        source="jax.nn.sparse_plus",
    ),
    Activation(
        "hard_shrink",
        "Hard shrinkage",
        "x if abs(x) > lambd else 0",
        params=(("lambd", 0.5),),
        kinks=(("-lambd", "0"), ("lambd", "0")),
        limits=("-inf", "inf"),
        aliases=("hardshrink",),
        source="Donoho and Johnstone, Ideal spatial adaptation by wavelet shrinkage, Biometrika 1994",
    ),
    Activation(
        "soft_shrink",
        "Soft shrinkage",
        "x - lambd if x > lambd else min(x + lambd, 0)",
        params=(("lambd", 0.5),),
        from_output="1 if abs(y) > 0 else 0",
        kinks=(("-lambd", "0"), ("lambd", "0")),
        limits=("-inf", "inf"),
        ulp=Bounds((0.5, 0.5)),
        aliases=("softshrink",),
        source="Donoho, De-noising by soft-thresholding, IEEE Transactions on Information Theory 1995",
    ),
    Activation(
        "shrink",
        "Shrinkage",
        "x - bias if x > lambd else x + bias if -x > lambd else 0",
        params=(("lambd", 0.5), ("bias", 0.0)),
        kinks=(("-lambd", "0"), ("lambd", "0")),
        limits=("-inf", "inf"),
        ulp=Bounds((0.5, 0.5)),
        source="ONNX Shrink",
    ),
    Activation(
        "elu",
        "Exponential linear unit",
        "x if x > 0 else alpha*expm1(x)",
        params=(("alpha", 1.0),),
        trained=("alpha",),
        from_output="1 if y > 0 else y + alpha",
        kinks=(("0", "alpha"),),
        limits=("-alpha", "inf"),
        ulp=Bounds((2.0, 2.4), (1.9, 1.9)),
        source="Clevert, Unterthiner and Hochreiter, Fast and accurate deep network learning by exponential linear "
        "units, ICLR 2016, arXiv:1511.07289",
    ),
    Activation(
        "celu",
        "Continuously differentiable exponential linear unit",
        "x if x > 0 else alpha*expm1(x/alpha)",
        params=(("alpha", 1.0),),
        trained=("alpha",),
        from_output="1 if y > 0 else 1 + y/alpha",
        kinks=(("0", "1"),),
        limits=("-alpha", "inf"),
        ulp=Bounds((2.5, 2.8), (1.1, 1.1)),
        why="expm1 and the product with alpha round one after the other",
        overflows=False,
        source="Barron, Continuously differentiable exponential linear units, 2017, arXiv:1704.07483",
    ),
    Activation(
        "selu",
        "Scaled exponential linear unit",
        "1.0507009873554804934193349852946*(x if x > 0 else 1.6732632423543772848170429916717*expm1(x))",
        from_output="1.0507009873554804934193349852946 if y > 0 else y + 1.7580993408473768599402175208123",
        kinks=(("0", "1.7580993408473768599402175208123"),),
        limits=("-1.7580993408473768599402175208123", "inf"),
        ulp=Bounds((2.0, 2.0), (1.9, 1.7)),
        source="Klambauer et al., Self-normalizing neural networks, 2017, arXiv:1706.02515",
    ),
    Activation(
        "exponential",
        "Exponential function",
        "exp(x)",
        from_output="y",
        limits=("0", "inf"),
        ulp=Bounds((1.1, 1.1), (1.1, 1.0)),
        source="keras.activations.exponential",
    ),
    Activation(
        "sigmoid",
        "Logistic function",
        "1/(1 + exp(-x))",
        from_output="y*(1 - y)",
        limits=("0", "1"),
        ulp=Bounds((1.8, 1.8), (2.5, 2.5)),
        aliases=("expit", "logistic"),
        source="Verhulst 1838; scipy.special.expit",
    ),
    Activation(
        "tanh",
        "Hyperbolic tangent",
        "tanh(x)",
        from_output="(1 - y)*(1 + y)",
        limits=("-1", "1"),
        ulp=Bounds((2.0, 2.2), (2.5, 2.5)),
        source="LeCun et al., Efficient backprop, 1998",
    ),
    Activation(
        "scaled_tanh",
        "Scaled hyperbolic tangent",
        "alpha*tanh(beta*x)",
        params=(("alpha", None), ("beta", None)),
        from_output="beta*(alpha - y)*(alpha + y)/alpha",
        limits=("-alpha", "alpha"),
        ulp=Bounds((3.1, 3.2), (0.5, 3.8)),
        ulp_plain=Bounds((3.4, 3.7), (0.5, 3.8)),
        why="the hyperbolic tangent and the product with alpha round one after the other",
        overflows=False,
        source="LeCun et al., Efficient backprop, 1998, with alpha=1.7159 and beta=2/3; ONNX ScaledTanh",
    ),
    Activation(
        "tanh_shrink",
        "What the hyperbolic tangent takes away",
        "x - tanh(x)",
        limits=("-inf", "inf"),
        ulp=Bounds((2.4, 2.4), (0.5, 4.4)),
        why="the derivative is a square, which doubles the error of the hyperbolic tangent",
        aliases=("tanhshrink",),
        source="torch.nn.Tanhshrink",
    ),
    Activation(
        "softsign",
        "Softsign",
        "x/(1 + abs(x))",
        from_output="(1 - abs(y))**2",
        limits=("-1", "1"),
        ulp=Bounds((1.5, 1.5), (2.5, 2.5)),
        ulp_plain=Bounds((1.5, 1.5), (3.4, 3.0)),
        aliases=("soft_sign",),
        source="Turian, Bergstra and Bengio, Quadratic features and deep architectures for chunking, NAACL 2009",
    ),
    Activation(
        "silu",
        "Sigmoid linear unit",
        "x/(1 + exp(-x))",
        limits=("-0", "inf"),
        biased=True,
        ulp=Bounds((1.8, 1.9), (0.6, 3.1)),
        ulp_plain=Bounds((1.8, 1.8), (0.6, 4.0)),
        source="Elfwing, Uchibe and Doya, Sigmoid-weighted linear units, 2017, arXiv:1702.03118",
    ),
    Activation(
        "swish",
        "Swish, the sigmoid linear unit with a steepness",
        "x/(1 + exp(-beta*x))",
        params=(("beta", 1.0),),
        trained=("beta",),
        limits=("-0", "inf"),
        ulp=Bounds((1.9, 1.8), (0.6, 4.0)),
        ulp_plain=Bounds((1.8, 1.8), (0.6, 4.7)),
        overflows=False,
        source="Ramachandran, Zoph and Le, Searching for activation functions, 2017, arXiv:1710.05941",
    ),
    Activation(
        "gelu",
        "Gaussian error linear unit, exact",
        "x*erfc(-x/sqrt(2))/2",
        limits=("-0", "inf"),
        biased=True,
        ulp=Bounds((1.7, 1.9), (2.2, 2.0)),
        ulp_plain=Bounds((2.2, 3.2), (2.3, 2.3)),
        aliases=("gelu_erf",),
        source="Hendrycks and Gimpel, Gaussian error linear units, 2016, arXiv:1606.08415",
    ),
    Activation(
        "clipped_gelu",
        "Gaussian error linear unit, exact, cut at both ends",
        "min(max(x*erfc(-x/sqrt(2))/2, min_val), max_val)",
        params=(("min_val", -10.0), ("max_val", 10.0)),
        limits=("max(min_val, -0.0)", "max_val"),
        ulp=Bounds((1.7, 1.9), (2.2, 2.0)),
        ulp_plain=Bounds((2.2, 3.2), (2.3, 2.3)),
        source="Hugging Face's gelu_10; Jacob et al., 2017, arXiv:1712.05877",
    ),
    Activation(
        "gelu_tanh",
        "Gaussian error linear unit, approximated by a hyperbolic tangent",
        "x/(1 + exp(-2*sqrt(2/pi)*(x + 0.044715*x**3)))",
        limits=("-0", "inf"),
        biased=True,
        ulp=Bounds((1.9, 1.8), (0.6, 4.0)),
        aliases=("gelu_new", "gelu_pytorch_tanh"),
        source="Hendrycks and Gimpel, Gaussian error linear units, 2016, arXiv:1606.08415, section 2",
    ),
    Activation(
        "gelu_quick",
        "Gaussian error linear unit, approximated by a logistic function",
        "x/(1 + exp(-1.702*x))",
        limits=("-0", "inf"),
        ulp=Bounds((1.9, 1.8), (0.6, 3.8)),
        ulp_plain=Bounds((1.9, 1.8), (0.6, 4.7)),
        aliases=("quick_gelu",),
        source="Hendrycks and Gimpel, Gaussian error linear units, 2016, arXiv:1606.08415, section 2",
    ),
    Activation(
        "softplus",
        "Softplus",
        "log1p(exp(beta*x))/beta",
        params=(("beta", 1.0),),
        trained=("beta",),
        from_output="-expm1(-beta*y)",
        limits=("0", "inf"),
        ulp=Bounds((2.5, 2.6), (1.9, 1.8)),
        why="the logarithm and the division by beta round one after the other",
        overflows=False,
        source="Dugas et al., Incorporating second-order functional knowledge, NIPS 2000",
    ),
    Activation(
        "log_sigmoid",
        "Logarithm of the logistic function",
        "-log1p(exp(-x))",
        from_output="-expm1(y)",
        limits=("-inf", "-0"),
        ulp=Bounds((1.8, 2.1), (1.8, 1.8)),
        aliases=("logsigmoid", "log_expit"),
        source="jax.nn.log_sigmoid; scipy.special.log_expit",
    ),
    Activation(
        "log1mexp",
        "Logarithm of what an exponential leaves of one",
        "log1p(-exp(-x)) if x > 0.7 else log(-expm1(-x))",
        least=0.0,
        limits=("nan", "-0"),
        ulp=Bounds((1.8, 2.0), (2.5, 3.1)),
        source="Maechler, Accurately computing log(1 - exp(-|a|)), 2012; jax.nn.log1mexp",
    ),
    Activation(
        "sqrt_softplus",
        "Square root of softplus",
        "sqrt(log1p(exp(x)))",
        from_output="-expm1(-y**2)/(2*y)",
        limits=("0", "inf"),
        ulp=Bounds((1.4, 1.5), (0.5, 3.4)),
        overflows=False,
        aliases=("sqrtsoftplus",),
        source="Hugging Face's sqrtsoftplus",
    ),
    Activation(
        "squareplus",
        "Squareplus",
        "(x + sqrt(x**2 + b))/2",
        params=(("b", 4.0),),
        trained=("b",),
        from_output="1/(1 + b/4/y/y)",
        limits=("0", "inf"),
        ulp=Bounds((0.8, 0.8), (2.9, 2.8)),
        ulp_plain=Bounds((0.8, 0.8), (3.2, 3.2)),
        why="the derivative for x < 0 is squareplus by a root, both rounded",
        overflows=False,
        source="Barron, Squareplus, 2021, arXiv:2112.11687",
    ),
    Activation(
        "mish",
        "Mish",
        "x*tanh(log1p(exp(x)))",
        limits=("-0", "inf"),
        ulp=Bounds((2.5, 2.6), (0.5, 4.5)),
        ulp_plain=Bounds((4.0, 4.1), (0.5, 5.1)),
        why="products and sums of an exponential that was rounded",
        source="Misra, Mish, 2019, arXiv:1908.08681",
    ),
    Activation(
        "dish",
        "Dish",
        "x*(1 + x/sqrt(1 + x**2))/2",
        limits=("-0", "inf"),
        ulp=Bounds((1.5, 1.5), (0.5, 3.8)),
        ulp_plain=Bounds((1.5, 1.5), (0.5, 3.7)),
        source="thinc's dish",
    ),
    Activation(
        "laplace",
        "Normal distribution function, with mean and deviation",
        "erfc(-(x - mu)/(sigma*sqrt(2)))/2",
        params=(("mu", 0.707107), ("sigma", 0.282095)),
        limits=("0", "1"),
        ulp=Bounds((2.5, 2.4), (2.6, 2.4)),
        ulp_plain=Bounds((2.6, 2.8), (3.1, 3.2)),
        why="the exponential of a square and its factor 1/sigma are rounded",
        overflows=False,
        source="Ma et al., Mega, 2022, arXiv:2209.10655",
    ),
    Activation(
        "ndtr",
        "Normal distribution function",
        "erfc(-x/sqrt(2))/2",
        limits=("0", "1"),
        ulp=Bounds((2.3, 2.4), (1.0, 0.9)),
        ulp_plain=Bounds((2.5, 2.8), (1.3, 1.3)),
        source="scipy.special.ndtr",
    ),
    Activation(
        "log_ndtr",
        "Logarithm of the normal distribution function",
        "log1p(-erfc(x/sqrt(2))/2) if x > 0 else log(erfc(-x/sqrt(2))/2)",
        limits=("-inf", "-0"),
        ulp=Bounds((2.6, 3.0), (2.8, 3.2)),
        ulp_plain=Bounds((2.8, 3.3), (3.3, 4.2)),
        why="the logarithm of a rounded ndtr, and for the derivative a quotient by it",
        source="scipy.special.log_ndtr; jax.scipy.stats.norm.logcdf",
    ),
    Activation(
        "xielu",
        "Integral of the exponential linear unit",
        "alpha_p*x**2 + beta*x if x > 0 else alpha_n*(expm1(min(x, eps)) - x) + beta*x",
        params=(("alpha_p", 0.8), ("alpha_n", 0.8), ("beta", 0.5), ("eps", -1e-6)),
        trained=("alpha_p", "alpha_n"),
        kinks=(("eps", "beta - alpha_n"), ("0", "beta - alpha_n")),
        limits=("inf if alpha_n > beta else -inf", "inf"),
        crosses=True,
        ulp=Bounds((0.5, 4.4), (0.5, 6.2)),
        ulp_plain=Bounds((0.5, 4.0), (0.5, 6.3)),
        why="terms nearly cancel where eps or beta is far from its default, and nothing is wider than float64",
        source="Huang and Schlag, Deriving activation functions using integration, 2024, arXiv:2411.13010",
    ),
)

GATES = (
    Gate(
        "glu", "Gated linear unit", "sigmoid", ulp=Bounds((1.9, 1.9)), source="Dauphin et al., 2016, arXiv:1612.08083"
    ),
    Gate("bilinear", "Bilinear gate", "identity", source="Shazeer, GLU variants, 2020, arXiv:2002.05202"),
    Gate("reglu", "ReLU-gated linear unit", "relu", source="Shazeer, GLU variants, 2020, arXiv:2002.05202"),
    Gate(
        "geglu",
        "GELU-gated linear unit, exact",
        "gelu",
        ulp=Bounds((1.8, 2.0)),
        ulp_plain=Bounds((3.4, 3.2)),
        source="Shazeer, GLU variants, 2020, arXiv:2002.05202",
    ),
    Gate(
        "geglu_tanh",
        "GELU-gated linear unit, tanh form",
        "gelu_tanh",
        ulp=Bounds((2.0, 2.0)),
        ulp_plain=Bounds((2.6, 2.6)),
        source="Shazeer, 2020, arXiv:2002.05202",
    ),
    Gate(
        "geglu_quick",
        "GELU-gated linear unit, logistic form",
        "gelu_quick",
        ulp=Bounds((2.0, 1.9)),
        ulp_plain=Bounds((2.7, 2.6)),
        source="ggml's GEGLU_QUICK",
    ),
    Gate(
        "swiglu",
        "SiLU-gated linear unit",
        "silu",
        aliases=("silu_mul",),
        ulp=Bounds((2.5, 1.9)),
        ulp_plain=Bounds((2.5, 2.5)),
        source="Shazeer, GLU variants improve transformer, 2020, arXiv:2002.05202; ONNX SwiGLU-28",
    ),
    Gate(
        "sreglu",
        "Squared-ReLU-gated linear unit",
        "relu2",
        ulp=Bounds((1.5, 1.5)),
        source="Transformer Engine's sreglu",
    ),
    Gate(
        "clamped_swiglu",
        "SiLU-gated linear unit with clamps",
        formula="(min(max(up, -limit), limit) + up_offset)*(min(gate, limit)/(1 + exp(-alpha*min(gate, limit))))",
        params=(("alpha", 1.702), ("limit", 7.0), ("up_offset", 1.0)),
        ulp=Bounds((2.8, 2.8)),
        ulp_plain=Bounds((3.4, 3.4)),
        why="the sum up + up_offset, the logistic function and their product round one after the other",
        aliases=("swiglu_oai",),
        source="gpt-oss, 2025; alpha=1 and up_offset=0 are DeepSeek's",
    ),
    Gate(
        "sigmoid_geglu",
        "Logistic gate of a GELU",
        "sigmoid",
        value="gelu",
        ulp=Bounds((0.5, 3.7)),
        ulp_plain=Bounds((0.5, 5.1)),
        why="both factors are rounded in float64",
        source="Shazeer, 2020, arXiv:2002.05202",
    ),
)
