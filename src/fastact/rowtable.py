"""The list of functions of whole rows: a row here, its kernel in rowkernels.h and its signature in rows.py make one."""

from typing import NamedTuple

from .table import EXACT, Bounds


class Rowwise(NamedTuple):
    """A function of whole rows: of the numbers along an axis."""

    name: str  # the kernel fa_NAME_rows in rowkernels.h, and the function in rows.py
    title: str
    formula: str  # in words: the docs print it, tests/test_rows.py has it in mpmath's
    operands: str  # inputs->outputs: r is a row, v a number for each row, s a double for each row, i an index
    signature: str  # of the public function
    ulp: Bounds = EXACT  # the largest errors that tests/test_rows.py may find, with fused multiply-adds and without
    unit: str = ""  # what the ulp is one of, where it is not the result's own
    why: str = ""  # what rounds, where a bound is above 2.5
    special: str = ""  # special values, in words
    example: tuple[str, str] = ("", "")  # a call, and what it prints
    wide: str = ""  # computed in double: "e" float16, "ef" float32 as well
    overflows: bool = False  # whether overflow can be that of a result
    aliases: tuple[str, ...] = ()
    source: str = ""


_ONE_ROW = "x, axis=-1, out=None, **kwargs"
_TEMPERED = "x, axis=-1, temperature=1.0, out=None, **kwargs"
_REDUCING = "x, axis=-1, keepdims=False, out=None, **kwargs"
_SUM = "exponentials round and, in float64, so do their sum and its inverse"
_NAN_ROW = "a row with NaN or inf, or of -inf alone, is NaN"

ROWWISE = (
    Rowwise(
        "softmax",
        "Softmax",
        "exp(x/temperature)/sum(exp(x/temperature))",
        "rs->r",
        _TEMPERED,
        ulp=Bounds((2.8, 5.8)),
        why=_SUM,
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
        ulp=Bounds((2.8, 5.8)),
        why=_SUM,
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
        ulp=Bounds((2.8, 5.8)),
        why=_SUM,
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
        ulp=Bounds((2.8, 5.8)),
        why=_SUM,
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
        ulp=Bounds((1.6, 3.3)),
        why="in float64 the sum rounds, and the logarithm of it",
        special="a row with NaN, or of -inf alone, is NaN; beside inf a smaller element is -inf, and inf NaN",
        wide="e",
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
        ulp=Bounds((2.1, 6.0)),
        unit="max(\\|y\\|, \\|max(x)\\|)",
        why="in float64 the sum rounds, and the logarithm, which may cancel half of the largest element",
        special="inf where a row has inf, NaN where it has NaN; -inf where it is empty or -inf alone",
        wide="e",
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
        ulp=Bounds((0.8, 2.2)),
        unit="max(\\|y\\|, \\|max(x)\\|, 1)",
        special="inf where a row has inf, NaN where it has NaN or is empty; -inf where it is -inf alone",
        wide="e",
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
        wide="ef",
        source="Martins and Astudillo, From softmax to sparsemax, ICML 2016, arXiv:1602.02068",
    ),
    Rowwise(
        "entmax15",
        "Entmax of order 1.5, between softmax and sparsemax",
        "max(x/2 - tau, 0)^2, where tau makes the sum 1",
        "r->r",
        _ONE_ROW,
        ulp=Bounds((0.6, 3.0)),
        unit="max(y, 1/4)",
        why="in float64 tau rounds, and the square doubles that",
        special=_NAN_ROW,
        example=("fastact.entmax15([1.0, 1.0, -3.0])", "array([0.5, 0.5, 0. ])"),
        wide="ef",
        source="Peters, Niculae and Martins, Sparse sequence-to-sequence models, ACL 2019, arXiv:1905.05702",
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
        ulp=Bounds((2.6, 4.8)),
        unit="y*(\\|grad\\| + sum(\\|grad\\|*y))/temperature",
        why="two products, a difference and a quotient round and, in float64, so does the sum",
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
        ulp=Bounds((2.8, 3.5)),
        unit="\\|grad\\| + exp(y)*sum(\\|grad\\|)",
        why="the exponential, its product and the difference round and, in float64, so does the sum",
        special="NaN where the row of grad has NaN, or y is; a y above 0, which is none, is taken for 0",
        wide="e",
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
        ulp=Bounds((0.6, 1.9)),
        unit="\\|grad\\| + mean(\\|grad\\| where y > 0)",
        special="NaN where y is NaN; inf or NaN of grad counts where y > 0; the sum of grad may overflow",
        example=("fastact.sparsemax_backward([1.0, 0.0, 7.0], [0.5, 0.5, 0.0])", "array([ 0.5, -0.5,  0. ])"),
        wide="ef",
        overflows=True,
        source="Martins and Astudillo, From softmax to sparsemax, ICML 2016, arXiv:1602.02068",
    ),
    Rowwise(
        "entmax15_backward",
        "Backward pass of entmax15 from its output",
        "sqrt(y)*(grad - sum(grad*sqrt(y))/sum(sqrt(y))) where y > 0, 0 elsewhere",
        "rr->r",
        "grad, y, axis=-1, out=None, **kwargs",
        ulp=Bounds((0.6, 4.5)),
        unit="sqrt(y)*(\\|grad\\| + sum(\\|grad\\|*sqrt(y))/sum(sqrt(y)))",
        why="in float64 both sums round, their quotient and two products",
        special="NaN where y is NaN; inf or NaN of grad counts where y > 0; the sum of grad may overflow",
        example=(
            "fastact.entmax15_backward([1.0, 0.0, 7.0], [0.5, 0.5, 0.0])",
            "array([ 0.35355339, -0.35355339,  0.        ])",
        ),
        wide="ef",
        overflows=True,
        source="Peters, Niculae and Martins, Sparse sequence-to-sequence models, ACL 2019, arXiv:1905.05702",
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
