"""The list. A row here and a kernel of the same name in kernels.pxd make an activation; nothing else does.

The build makes ufuncs, docstrings and type stubs from these rows; tests, benchmarks, plots and the README read them.
Imports nothing but typing, so that the build can read it before there is a package.
"""

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
    trained: tuple[str, ...] = ()  # parameters whose gradient the backward pass returns as well
    from_output: str = ""  # f' as a function of y = f(x), where there is one
    kinks: tuple[tuple[str, str], ...] = ()  # (place, slope there), where the derivative is a convention
    limits: tuple[str, str] = ("0", "inf")  # at -inf and +inf; "-0" is a limit from below
    ulp: Bounds = EXACT  # with fused multiply-adds
    ulp_plain: Bounds | None = None  # without, where it is not the same
    overflows: bool = True  # False where what overflows is, but for extreme parameters, only on the way: not reported
    aliases: tuple[str, ...] = ()
    source: str = ""  # paper or standard


class Gate(NamedTuple):
    """y = gate(a) * value(b), elementwise; the gate comes first."""

    name: str
    title: str
    gate: str  # the activation that the gate goes through
    value: str = "identity"  # the one that the other half goes through
    ulp: Bounds = ROUNDED
    ulp_plain: Bounds | None = None
    aliases: tuple[str, ...] = ()
    source: str = ""


ACTIVATIONS = (
    Activation(
        "relu",
        "Rectified linear unit",
        "max(x, 0)",
        from_output="1 if y > 0 else 0",
        kinks=(("0", "0"),),
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
        "elu",
        "Exponential linear unit",
        "x if x > 0 else alpha*expm1(x)",
        params=(("alpha", 1.0),),
        from_output="1 if y > 0 else y + alpha",
        kinks=(("0", "alpha"),),
        limits=("-alpha", "inf"),
        ulp=Bounds((2.0, 2.4), (1.9, 1.9)),
        source="Clevert, Unterthiner and Hochreiter, Fast and accurate deep network learning by exponential linear "
        "units, ICLR 2016, arXiv:1511.07289",
    ),
    Activation(
        "sigmoid",
        "Logistic function",
        "1/(1 + exp(-x))",
        from_output="y*(1 - y)",
        limits=("0", "1"),
        aliases=("expit", "logistic"),
        ulp=Bounds((1.8, 1.8), (2.5, 2.5)),
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
        "softsign",
        "Softsign",
        "x/(1 + abs(x))",
        from_output="(1 - abs(y))**2",
        limits=("-1", "1"),
        aliases=("soft_sign",),
        ulp=Bounds((1.5, 1.5), (2.5, 2.5)),
        ulp_plain=Bounds((1.5, 1.5), (3.4, 3.0)),
        source="Turian, Bergstra and Bengio, Quadratic features and deep architectures for chunking, NAACL 2009",
    ),
    Activation(
        "silu",
        "Sigmoid linear unit",
        "x/(1 + exp(-x))",
        limits=("-0", "inf"),
        ulp=Bounds((1.8, 1.9), (0.5, 3.1)),
        ulp_plain=Bounds((1.8, 1.8), (0.5, 4.0)),
        source="Elfwing, Uchibe and Doya, Sigmoid-weighted linear units, 2017, arXiv:1702.03118",
    ),
    Activation(
        "swish",
        "Swish, the sigmoid linear unit with a steepness",
        "x/(1 + exp(-beta*x))",
        params=(("beta", 1.0),),
        limits=("-0", "inf"),
        overflows=False,
        ulp=Bounds((1.9, 1.8), (0.5, 4.0)),
        ulp_plain=Bounds((1.8, 1.8), (0.5, 4.7)),
        source="Ramachandran, Zoph and Le, Searching for activation functions, 2017, arXiv:1710.05941",
    ),
    Activation(
        "gelu",
        "Gaussian error linear unit, exact",
        "x*erfc(-x/sqrt(2))/2",
        limits=("-0", "inf"),
        aliases=("gelu_erf",),
        ulp=Bounds((1.7, 1.9), (0.5, 4.0)),
        ulp_plain=Bounds((2.2, 3.0), (0.5, 4.8)),
        source="Hendrycks and Gimpel, Gaussian error linear units, 2016, arXiv:1606.08415",
    ),
    Activation(
        "gelu_tanh",
        "Gaussian error linear unit, approximated by a hyperbolic tangent",
        "x/(1 + exp(-2*sqrt(2/pi)*(x + 0.044715*x**3)))",
        limits=("-0", "inf"),
        aliases=("gelu_new", "gelu_pytorch_tanh"),
        ulp=Bounds((1.9, 1.8), (0.5, 3.8)),
        ulp_plain=Bounds((1.9, 1.8), (0.5, 3.9)),
        source="Hendrycks and Gimpel, Gaussian error linear units, 2016, arXiv:1606.08415, section 2",
    ),
    Activation(
        "gelu_quick",
        "Gaussian error linear unit, approximated by a logistic function",
        "x/(1 + exp(-1.702*x))",
        limits=("-0", "inf"),
        aliases=("quick_gelu",),
        ulp=Bounds((1.9, 1.8), (0.5, 3.8)),
        ulp_plain=Bounds((1.9, 1.8), (0.5, 4.7)),
        source="Hendrycks and Gimpel, Gaussian error linear units, 2016, arXiv:1606.08415, section 2",
    ),
    Activation(
        "softplus",
        "Softplus",
        "log1p(exp(beta*x))/beta",
        params=(("beta", 1.0),),
        from_output="-expm1(-beta*y)",
        limits=("0", "inf"),
        overflows=False,
        ulp=Bounds((2.5, 2.6), (1.9, 1.8)),
        source="Dugas et al., Incorporating second-order functional knowledge, NIPS 2000",
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
        "sigmoid_geglu",
        "Logistic gate of a GELU",
        "sigmoid",
        value="gelu",
        ulp=Bounds((0.5, 3.7)),
        ulp_plain=Bounds((0.5, 5.1)),
        source="Shazeer, 2020, arXiv:2002.05202",
    ),
)


class Function(NamedTuple):
    """One ufunc that a row becomes."""

    name: str
    row: Activation | Gate
    kind: str  # "forward", "derivative", "backward" or "backward_from_output"
    inputs: tuple[str, ...]  # parameters last
    outputs: tuple[str, ...]
    expressions: tuple[str, ...]  # in the words of kernels.pxd, one for each output
    defaults: tuple[float, ...] = ()  # of the parameters; none for a raw ufunc

    def bound(self, dtype: str, fused: bool = True) -> float:
        """The largest error in ulp, of a forward function or a derivative; with or without fused multiply-adds."""
        if dtype == "float16":  # rounded once from float64
            return 0.5
        bounds = self.row.ulp if fused or self.row.ulp_plain is None else self.row.ulp_plain
        return (bounds.derivative if self.kind == "derivative" else bounds.forward)[dtype == "float64"]

    @property
    def quiet(self) -> bool:
        """Whether overflow is not reported."""
        return isinstance(self.row, Activation) and not self.row.overflows


def functions(row: Activation | Gate) -> tuple[Function, ...]:
    """The ufuncs of a row, forward first."""
    name = row.name
    if isinstance(row, Gate):
        a, b = inputs = ("gate", "x" if row.value != "identity" else "up")
        # The slope first: it may vanish where the product of the other two overflows
        dgate = f"grad * kernels.{row.gate}_derivative({a}) * kernels.{row.value}({b})"
        dvalue = f"kernels.{name}({a}, grad)"
        if row.value != "identity":
            dvalue = f"grad * kernels.{row.value}_derivative({b}) * kernels.{row.gate}({a})"
        return (
            Function(name, row, "forward", inputs, ("y",), (f"kernels.{name}({a}, {b})",)),
            Function(f"{name}_backward", row, "backward", ("grad", *inputs), ("dgate", f"d{b}"), (dgate, dvalue)),
        )
    params = tuple(p for p, _ in row.params)
    defaults = tuple(d for _, d in row.params if d is not None)
    tail = "".join(f", {p}" for p in params)
    derivative = f"kernels.{name}_derivative(x{tail})"
    gradients = (derivative, *(f"kernels.{name}_derivative_{p}(x{tail})" for p in row.trained))
    made = [
        Function(name, row, "forward", ("x", *params), ("y",), (f"kernels.{name}(x{tail})",), defaults),
        Function(f"{name}_derivative", row, "derivative", ("x", *params), ("dydx",), (derivative,), defaults),
        Function(
            f"{name}_backward",
            row,
            "backward",
            ("grad", "x", *params),
            ("dx", *(f"d{p}" for p in row.trained)),
            tuple(f"grad * {g}" for g in gradients),
            defaults,
        ),
    ]
    if row.from_output:
        slope = f"kernels.{name}_derivative_from_output(y{tail})"
        kind = "backward_from_output"
        made.append(
            Function(f"{name}_{kind}", row, kind, ("grad", "y", *params), ("dx",), (f"grad * {slope}",), defaults)
        )
    return tuple(made)


FUNCTIONS = tuple(f for row in (*ACTIVATIONS, *GATES) for f in functions(row))


class Rowwise(NamedTuple):
    """A function of whole rows: of the numbers along an axis."""

    name: str  # the kernel fa_NAME_rows in rowkernels.h, and the function in rows.py
    title: str
    formula: str  # in words: the docs print it, tests/test_rows.py has it in mpmath's
    operands: str  # inputs->outputs: r is a row, v a number for each row, s a double for each row, i an index
    signature: str  # of the public function
    ulp: Bounds = EXACT  # the largest errors that tests/test_rows.py may find, with fused multiply-adds and without
    unit: str = ""  # what the ulp is one of, where it is not the result's own
    special: str = ""  # special values, in words
    example: tuple[str, str] = ("", "")  # a call, and what it prints
    wide: bool = False  # float32 is computed in double
    overflows: bool = False  # whether overflow can be that of a result
    aliases: tuple[str, ...] = ()
    source: str = ""


_ONE_ROW = "x, axis=-1, out=None, **kwargs"
_TEMPERED = "x, axis=-1, temperature=1.0, out=None, **kwargs"
_REDUCING = "x, axis=-1, keepdims=False, out=None, **kwargs"
_NAN_ROW = "a row with NaN or inf, or of -inf alone, is NaN"

ROWWISE = (
    Rowwise(
        "softmax",
        "Softmax",
        "exp(x/temperature)/sum(exp(x/temperature))",
        "rs->r",
        _TEMPERED,
        ulp=Bounds((2.4, 4.8)),
        special=_NAN_ROW,
        example=("fastact.softmax([1.0, 2.0, 3.0])", "array([0.09003057, 0.24472847, 0.66524096])"),
        source="Bridle, Training stochastic model recognition algorithms as networks, NIPS 1989; scipy.special.softmax",
    ),
    Rowwise(
        "safe_softmax",
        "Softmax that is zero where everything is masked",
        "exp(x/temperature)/sum(exp(x/temperature))",
        "rs->r",
        _TEMPERED,
        ulp=Bounds((2.4, 4.8)),
        special="a row of -inf alone is 0; a row with NaN or inf is NaN",
        example=("fastact.safe_softmax([[-np.inf, -np.inf], [-np.inf, 1.0]])", "array([[0., 0.],\n       [0., 1.]])"),
        source="torch.ops.aten._safe_softmax",
    ),
    Rowwise(
        "softmin",
        "Softmin",
        "exp(-x/temperature)/sum(exp(-x/temperature))",
        "rs->r",
        _TEMPERED,
        ulp=Bounds((2.4, 4.8)),
        special="a row with NaN or -inf, or of inf alone, is NaN",
        example=("fastact.softmin([1.0, 2.0, 3.0])", "array([0.66524096, 0.24472847, 0.09003057])"),
        source="torch.nn.Softmin",
    ),
    Rowwise(
        "sink_softmax",
        "Softmax with a sink, an element without an output",
        "exp(x)/(exp(sink) + sum(exp(x)))",
        "rs->r",
        "x, sink=0.0, axis=-1, out=None, **kwargs",
        ulp=Bounds((2.4, 4.8)),
        special="a row of -inf alone is 0, and so is one with a sink of inf; a row with NaN or inf is NaN",
        example=("fastact.sink_softmax([-100.0, 0.0])", "array([1.86003799e-44, 5.00000000e-01])"),
        aliases=("quiet_softmax",),
        source="Miller, Attention is off by one, 2023; Xiao et al., Efficient streaming language models with attention "
        "sinks, 2023, arXiv:2309.17453",
    ),
    Rowwise(
        "log_softmax",
        "Logarithm of softmax",
        "x - log(sum(exp(x)))",
        "r->r",
        _ONE_ROW,
        ulp=Bounds((1.3, 2.1)),
        special="a row with NaN, or of -inf alone, is NaN; beside inf a smaller element is -inf, and inf NaN",
        example=("fastact.log_softmax([0.0, 50.0])", "array([-5.00000000e+01, -1.92874985e-22])"),
        overflows=True,
        source="scipy.special.log_softmax",
    ),
    Rowwise(
        "logsumexp",
        "Logarithm of the sum of exponentials",
        "log(sum(exp(x)))",
        "r->v",
        _REDUCING,
        ulp=Bounds((0.6, 1.2)),
        unit="max(\\|y\\|, \\|max(x)\\|)",
        special="inf where a row has inf, NaN where it has NaN; -inf where it is empty or -inf alone",
        example=("fastact.logsumexp([1000.0, 1000.0])", "np.float64(1000.6931471805599)"),
        source="Blanchard, Higham and Higham, Accurately computing the log-sum-exp and softmax functions, 2021; "
        "scipy.special.logsumexp",
    ),
    Rowwise(
        "logmeanexp",
        "Logarithm of the mean of exponentials",
        "log(mean(exp(x)))",
        "r->v",
        _REDUCING,
        ulp=Bounds((0.6, 1.2)),
        unit="max(\\|y\\|, \\|max(x)\\|, 1)",
        special="inf where a row has inf, NaN where it has NaN or is empty; -inf where it is -inf alone",
        example=("fastact.logmeanexp([1000.0, 1000.0])", "np.float64(1000.0)"),
        source="flax.linen.logmeanexp",
    ),
    Rowwise(
        "hardmax",
        "Hardmax",
        "1 at the first of the largest elements, 0 elsewhere",
        "r->r",
        _ONE_ROW,
        special="a row with NaN is NaN",
        example=("fastact.hardmax([1.0, 3.0, 3.0])", "array([0., 1., 0.])"),
        source="ONNX Hardmax-13",
    ),
    Rowwise(
        "sparsemax",
        "Sparsemax, the projection onto the simplex",
        "max(x - tau, 0), where tau makes the sum 1",
        "r->r",
        _ONE_ROW,
        ulp=Bounds((0.6, 2.5)),
        unit="max(y, 1/4)",
        special=_NAN_ROW,
        example=("fastact.sparsemax([1.0, 1.5, -3.0])", "array([0.25, 0.75, 0.  ])"),
        wide=True,
        source="Martins and Astudillo, From softmax to sparsemax, ICML 2016, arXiv:1602.02068",
    ),
    Rowwise(
        "maxout",
        "Maxout",
        "max(x), and the index of the first element that is it",
        "r->vi",
        _ONE_ROW,
        special="the first NaN where there is one",
        example=("fastact.maxout([[1.0, 3.0, 3.0]])", "(array([3.]), array([1]))"),
        source="Goodfellow et al., Maxout networks, ICML 2013, arXiv:1302.4389; thinc's maxout",
    ),
    Rowwise(
        "softmax_backward",
        "Backward pass of softmax from its output",
        "y*(grad - sum(grad*y))/temperature",
        "rrs->r",
        "grad, y, axis=-1, temperature=1.0, out=None, **kwargs",
        ulp=Bounds((0.6, 3.6)),
        unit="y*(\\|grad\\| + sum(\\|grad\\|*y))/temperature",
        special="NaN where the row of grad or y has NaN",
        example=("fastact.softmax_backward([1.0, 0.0], [0.25, 0.75])", "array([ 0.1875, -0.1875])"),
        overflows=True,
        source="torch.ops.aten._softmax_backward_data",
    ),
    Rowwise(
        "log_softmax_backward",
        "Backward pass of log_softmax from its output",
        "grad - exp(y)*sum(grad)",
        "rr->r",
        "grad, y, axis=-1, out=None, **kwargs",
        ulp=Bounds((1.5, 1.7)),
        unit="\\|grad\\| + exp(y)*sum(\\|grad\\|)",
        special="NaN where the row of grad has NaN, or y is; a y above 0, which is none, is taken for 0",
        example=("fastact.log_softmax_backward([1.0, 0.0], [0.0, -np.inf])", "array([0., 0.])"),
        overflows=True,
        source="torch.ops.aten._log_softmax_backward_data",
    ),
    Rowwise(
        "sparsemax_backward",
        "Backward pass of sparsemax from its output",
        "grad - mean(grad where y > 0) where y > 0, 0 elsewhere",
        "rr->r",
        "grad, y, axis=-1, out=None, **kwargs",
        ulp=Bounds((0.6, 1.4)),
        unit="\\|grad\\| + mean(\\|grad\\| where y > 0)",
        special="NaN where y is NaN",
        example=("fastact.sparsemax_backward([1.0, 0.0, 7.0], [0.5, 0.5, 0.0])", "array([ 0.5, -0.5,  0. ])"),
        wide=True,
        overflows=True,
        source="Martins and Astudillo, From softmax to sparsemax, ICML 2016, arXiv:1602.02068",
    ),
    Rowwise(
        "maxout_backward",
        "Backward pass of maxout",
        "grad at `which`, 0 elsewhere",
        "vi->r",
        "grad, which, pieces, axis=-1, out=None, **kwargs",
        special="grad is copied, whatever it is",
        example=("fastact.maxout_backward([5.0], [1], 3)", "array([[0., 5., 0.]])"),
        source="thinc's backprop_maxout",
    ),
)
