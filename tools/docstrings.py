"""Docstrings of all functions of the catalogue. The build writes them into fastact/_docstrings.py."""

import math
import textwrap

import numpy as np

from fastact.catalogue import FUNCTIONS, GATES, ROWWISE, Activation, Function, Gate, Rowwise
from fastact.catalogue.derived import formula, textbook

WORDS = {k: getattr(math, k) for k in ("exp", "expm1", "log", "log1p", "tanh", "erfc", "sqrt", "pi")} | {
    "max": max,
    "min": min,
    "abs": abs,
}
POINTS = (-0.6, 0.75, 1.5)
VALUES = (1.0, 2.0, 3.0)
PHRASES = {
    "x": "Input, of any shape: float16, bfloat16, float32 or float64; integers are converted as in `numpy.exp`.",
    "y": "Output of the forward function.",
    "grad": "Gradient with respect to the output.",
    "gate": "Input of the gate's activation. Dtypes as in `numpy.exp`.",
    "up": "Values that the gate multiplies.",
    "b": "Added to x; usually a bias along the last axis.",
}


def evaluate(text: str, **values: float) -> float:
    return float(eval(text, WORDS | values))


def slope(text: str, of: str, h: float = 2e-3, **values: float) -> float:
    """Seven-point difference: accurate to twelve digits, of which eight are printed."""
    f = [evaluate(text, **values | {of: values[of] + k * h}) for k in range(-3, 4)]
    return (45 * (f[4] - f[2]) - 9 * (f[5] - f[1]) + (f[6] - f[0])) / (60 * h)


def example(f: Function) -> str:
    """A call and its output, computed here from the formula."""
    entry, text = f.entry, textbook(f.entry)
    params = {p: 0.25 if d is None else d for p, d in entry.params}
    extra = "".join(f", {params[p]}" for p, d in entry.params if d is None)
    names = [name for name in f.inputs if name not in params and name not in ("grad", "y")] or ["x"]
    first = POINTS if getattr(entry, "least", -math.inf) < 0 else VALUES
    points = [dict(zip(names, values, strict=False)) | params for values in zip(first, VALUES, strict=True)]
    arrays = ", ".join(str(list(v)) for v in (first, VALUES)[: len(names)])

    def gradient(of: str, grad: float = 1.0) -> str:
        return repr(grad * np.array([slope(text, of, **values) for values in points]).round(14) + 0.0)

    if f.kind == "biased":
        points = [{"x": x + b} for x, b in zip(first, VALUES, strict=True)]
    if f.kind in ("forward", "biased"):
        y = np.array([evaluate(text, **values) for values in points])
        return f">>> fastact.{f.name}({arrays}{extra})\n{y!r}"
    if f.kind == "derivative":
        return f">>> fastact.{f.name}({arrays}{extra})\n{gradient('x')}"
    if f.kind == "backward_from_output":
        y_line = f">>> y = fastact.{entry.name}({arrays}{extra})"
        return f"{y_line}\n>>> fastact.{f.name}(2.0, y{extra})\n{gradient('x', 2.0)}"
    call = f"fastact.{f.name}(2.0, {arrays}{extra})"
    if len(f.outputs) == 1:
        return f">>> {call}\n{gradient(f.outputs[0][1:], 2.0)}"
    shown = (f">>> {name}\n{gradient(name[1:], 2.0)}" for name in f.outputs)
    return "\n".join([f">>> {', '.join(f.outputs)} = {call}", *shown])


def summary(f: Function) -> str:
    entry = f.entry
    return {
        "forward": f"{entry.title}: ``{formula(entry)}``.",
        "biased": f"`{entry.name}` of a sum, in one pass: ``{entry.name}(x + b)``.",
        "derivative": f"Derivative of `{entry.name}` with respect to x.",
        "backward": f"Backward pass of `{entry.name}`: the gradient times the derivative, in one pass.",
        "backward_params": f"Gradients of the parameters of `{entry.name}`, one for each element. Sum them where a "
        "parameter was broadcast.",
        "backward_from_output": f"Backward pass of `{entry.name}` from its output y, so that x need not be kept.",
    }[f.kind]


def error(f: Function, fused: bool) -> str:
    """The bound, in words."""
    if f.kind == "backward_from_output":
        return "Largest error: a few ulp of the result for the given y, which is itself rounded."
    if f.kind == "backward_params":
        return "Largest error: a few ulp."
    if f.kind == "biased":
        return (
            f"The sum is rounded: in float32 and float64 the result has the bits of ``{f.entry.name}(x + b)``. The "
            f"error with respect to the rounded sum is that of `{f.entry.name}` ({numbers(f, fused)})."
        )
    if f.kind == "backward":
        if isinstance(f.entry, Gate):
            return "Largest error: the sum of the errors of the factors in ulp, and one rounding for each product."
        f = next(g for g in FUNCTIONS if g.entry is f.entry and g.kind == "derivative")
        return f"Largest error: one rounding more than the derivative ({numbers(f, fused)}).{reason(f, fused)}"
    if not f.bound("float64"):
        return "Exact: 0 ulp."
    crosses = isinstance(f.entry, Activation) and f.entry.crosses
    unit = ", down to the subnormals"
    if f.kind == "derivative":
        where = "" if crosses else " where \\|x\\| < 8"
        unit = f"; in float64{where}, in units of max(\\|f'\\|, 1/8)"
    elif crosses:
        unit = "; in float64, in units of max(\\|f\\|, \\|x\\|)"
    return f"Largest error: {numbers(f, fused)}{unit}.{reason(f, fused)}"


def reason(f: Function, fused: bool) -> str:
    """Why a bound is wide."""
    if not f.wide(fused):
        return ""
    lack = "products round; with fused multiply-adds, which this level does not have, they would be exact"
    return f" The reason: {f.entry.why if f.wide() else lack}."


def numbers(f: Function, fused: bool) -> str:
    single, double = (f.bound(dtype, fused) for dtype in ("float32", "float64"))
    return f"{single:g} ulp in float32, {double:g} ulp in float64"


def notes(f: Function, fused: bool) -> list[str]:
    entry = f.entry
    text = [f"Formula{'' if f.kind == 'forward' else f' of `{entry.name}`'}: ``{formula(entry)}``."]
    if isinstance(entry, Activation):
        if entry.note:
            text.append(entry.note)
        if f.kind in ("forward", "biased"):
            if entry.least > -math.inf:
                text.append(f"NaN for x < {entry.least:g}.")
            of = " of x + b" if f.kind == "biased" else ""
            text.append(f"Special values{of}: {entry.limits[0]} at -inf, {entry.limits[1]} at inf; NaN gives NaN.")
        else:
            if f.kind == "backward_from_output":
                text.append(f"The derivative as a function of y: ``{entry.from_output}``.")
                if entry.params:
                    text.append("The parameters must not be negative, because y would not determine the sign of x.")
            for place, value in entry.kinks if f.kind != "backward_params" else ():
                text.append(f"Convention: the derivative at {place} is {value}.")
            text.append("At the infinities the derivative has its limit. NaN gives NaN.")
    elif entry.gate not in ("identity", "relu", "relu2"):
        text.append("Where the gate is zero at -inf, the result is zero, or NaN if the other factor is infinite.")
    text.append(error(f, fused))
    text.append(
        "float16 and bfloat16 give the result of float64, rounded. The result has the same bits for any layout, "
        "position and number of threads."
    )
    return text


def docstring(f: Function, fused: bool = True) -> str:
    """The docstring of a function; `fused`: for a level with fused multiply-adds."""
    entry = f.entry
    params = dict(entry.params)
    out = [summary(f), "", "Parameters", "----------"]
    for name in f.inputs:
        if name in params:
            default = "" if params[name] is None else f", default {params[name]:g}"
            out += [f"{name} : array_like{default}", "    Parameter of the function; broadcast against the others."]
        else:
            out += [f"{name} : array_like", *indented(PHRASES[name])]
    out += [
        "out : ndarray, None, or tuple of ndarray and None, optional",
        "    Array for the result; it may be one of the inputs.",
        "**kwargs",
        "    Any other keyword of a ufunc: where, dtype, casting, order, subok.",
        "",
        "Returns",
        "-------",
    ]
    for name in f.outputs:
        out += [
            f"{name} : ndarray or scalar",
            "    The result, of the broadcast shape; float16, bfloat16, float32 or float64 as in `numpy.exp`.",
        ]
    out += [
        "",
        "Raises",
        "------",
        "TypeError",
        "    For complex, longdouble, 8-bit float, object, string and datetime input.",
        "ValueError",
        "    When shapes do not broadcast, or `out` is read-only.",
        "",
        "See Also",
        "--------",
    ]
    family = [g.name for g in FUNCTIONS if g.entry is entry and g.name != f.name]
    family += [f"{entry.name}_packed"] if isinstance(entry, Gate) else []
    out += [", ".join(family), "", "Notes", "-----"]
    for paragraph in notes(f, fused):
        out += [*textwrap.wrap(paragraph, 100), ""]
    if entry.source:
        out += ["References", "----------", *textwrap.wrap(f".. [1] {entry.source}", 100, subsequent_indent="   "), ""]
    out += ["Examples", "--------", ">>> import fastact", example(f), ""]
    return "\n".join(out)


def precise_docstring(f: Function) -> str:
    out = [f"{f.name} for float16, bfloat16 and float32, computed in float64 and rounded once.", ""]
    if isinstance(f.entry, Activation) and f.kind in ("forward", "derivative"):
        if not f.margin or not f.params:
            out += ["Correctly rounded in float16 and float32.", ""]
        elif None not in dict(f.entry.params).values():
            out += ["Correctly rounded in float16, and with default parameters in float32.", ""]
    if f.kind == "forward":
        out += [f"Formula: ``{formula(f.entry)}``.", ""]
    out += [
        "See Also",
        "--------",
        f"fastact.{f.name} : the same function, computed in the dtype of its input; also for float64.",
        "",
    ]
    return "\n".join(out)


# What an error in fastact.fast is measured in, and what that means
FAST_UNITS = {
    "": ("", "Where {}result is below the normal numbers, the result may be 0."),
    "x": (" of x", ""),
    "up": (" of up", ""),
    "gate*up": (" of gate*up, where gate is a normal number", ""),
    "1": (" of max(\\|f'\\|, 1)", "Near a zero of the derivative f', the sign may be wrong."),
}


def fast_docstring(f: Function) -> str:
    of, more = (" of 1", "") if (f.kind, f.fast_unit) == ("forward", "1") else FAST_UNITS[f.fast_unit]
    largest = f"{f.fast:g} ulp{of}"
    text = f"Largest error in float32: {largest}."
    if f.kind == "backward":
        text = f"Largest error in float32: that of the derivative ({largest}), and one rounding for each product."
    notes = [
        f"{text} {more.format('beta times the ' if f.kind == 'forward' and f.params else 'the ')}",
        f"Results at zeros, infinities and NaN, overflow and other dtypes are those of `fastact.{f.name}`. The result "
        "has the same bits for any layout, position and number of threads. It need not be monotonic.",
    ]
    if isinstance(f.entry, Gate):
        notes.append("Beside a gate so far negative that its activation is 0 here, an infinity gives NaN.")
    out = [f"{f.name} for float32 with larger errors, in less time.", ""]
    if f.kind == "forward":
        out += [f"Formula: ``{formula(f.entry)}``.", ""]
    out += ["See Also", "--------", f"fastact.{f.name} : the same function with smaller errors.", "", "Notes", "-----"]
    for paragraph in notes:
        out += [*textwrap.wrap(paragraph, 100), ""]
    return "\n".join(out)


def indented(text: str) -> list[str]:
    return textwrap.wrap(text, 100, initial_indent="    ", subsequent_indent="    ")


# ---- packed gates ----

PACKED = """{title}, for one array that holds gate and value: ``{name}(gate, {value})``.

    The input is not copied. Large arrays are shared among threads.

    Parameters
    ----------
    x : array_like
        Gate and value along `axis`, whose size must be even. Containers other than ndarray that support ufuncs
        (dask, xarray ...) are split by slicing and passed to `{name}`.
    axis : int, default -1
        The axis that is split. The result has half its size.
    layout : {{'gate_up', 'up_gate', 'interleaved'}}{layout_default}
        'gate_up': the first half is the gate, the second half the value (Llama, vLLM). 'up_gate': the first half is
        the value (`glu` of torch, jax and keras). 'interleaved': even elements are the gate, odd ones the value
        (gpt-oss).
    out : ndarray, optional
        Array for the result.
{params}
    Returns
    -------
    ndarray
        The result: the shape of `x` with `axis` halved, and the dtype of the result of `{name}`.

    Raises
    ------
    ValueError
        When the size of the axis is odd, the layout is unknown, or `out` has the wrong shape or is read-only.
    numpy.exceptions.AxisError
        When `x` has no such axis.
    TypeError
        For complex, longdouble, 8-bit float, object, string and datetime arrays.

    See Also
    --------
    {name} : the function of two arrays; its docstring has the formula, error bound and source.

    Examples
    --------
    >>> import fastact
    >>> import numpy as np
    >>> x = np.array([[1.0, 2.0, 3.0, 4.0]])
    >>> bool(np.array_equal(fastact.{name}_packed(x, layout="gate_up"), fastact.{name}(x[:, :2], x[:, 2:])))
    True
    """


def packed_docstring(entry: Gate) -> str:
    text = PACKED.format(
        title=entry.title,
        name=entry.name,
        value="x" if entry.value != "identity" else "up",
        params="".join(f"    {p} : float, default {d:g}\n        As in `{entry.name}`.\n" for p, d in entry.params),
        layout_default=", default 'up_gate'" if entry.name == "glu" else "",
    )
    return textwrap.dedent("    " + text)


# ---- functions along an axis ----

ROW_PARAMETERS = {
    "x": "x : array_like\n    Input: float16, bfloat16, float32 or float64; integers are converted as in `numpy.exp`.",
    "grad": "grad : array_like\n    Gradient with respect to the output.",
    "y": "y : array_like\n    Output of the forward function.",
    "which": "which : array_like of integers\n    The indices that `maxout` returned.",
    "pieces": "pieces : int\n    Size of the axis that `maxout` removed.",
    "temperature": "temperature : array_like, default 1.0\n    Positive and finite: one number, or one for each row "
    "(the shape without the axis). It does not change the dtype of the result.",
    "sink": "sink : array_like, default 0.0\n    An additional element without an output: one number, or one for each "
    "row (the shape without the axis). It does not change the dtype of the result; for float32 it is rounded.",
    "axis": "axis : int, tuple of int, or None, default -1\n    The axis or axes along which a row lies; None: the "
    "whole array is one row. (The default of `scipy.special` is None.)",
    "keepdims": "keepdims : bool, default False\n    Whether the result keeps the axis, with size 1.",
    "out": "out : ndarray, optional\n    Array for the result; it may be an input of the same shape.",
    "**kwargs": "**kwargs\n    Any other keyword of a gufunc: dtype, casting, order, subok.",
}


def rowwise_docstring(entry: Rowwise) -> str:
    names = [part.split("=")[0] for part in entry.signature.split(", ")]
    if entry.name == "maxout":
        returns = "value : ndarray or scalar\n    The largest elements, without the axis; dtype as in `numpy.exp`.\n"
        returns += "which : ndarray or scalar of intp\n    Their indices along the axis."
    else:
        shape = {"v": "The result, without the axis", "r": "The result, of the shape of the input"}[entry.operands[-1]]
        shape = "The result, with the axis" if entry.name == "maxout_backward" else shape
        returns = f"y : ndarray or scalar\n    {shape}; float16, bfloat16, float32 or float64 as in `numpy.exp`."
    empty = "`axis` has size 0, " if entry.name == "maxout" else ""
    wrong = "`temperature` is not positive and finite, " if "temperature" in names else ""
    wrong += "`which` is out of range, " if "which" in names else ""
    family = [r.name for r in ROWWISE if r is not entry and r.name.split("_")[-1] == entry.name.split("_")[-1]]
    single, double = entry.ulp.forward
    unit = f" of {entry.unit}" if entry.unit else ", down to the subnormals"
    error = (
        f"Largest error: {single:g} ulp in float32, {double:g} ulp in float64{unit}, for rows of any length up to 10^6."
        + (f" The reason: {entry.why}." if entry.why else "")
    )
    notes = [
        f"Formula: ``{entry.formula}``.",
        f"Special values: {entry.special}.",
        error if double else "Exact: 0 ulp.",
        f"float16 and bfloat16 are computed in {'float64' if entry.wide else 'float32'} and rounded once. The result "
        "has the same bits for any layout, position and number of threads. The gufunc is `.ufunc`; containers that "
        "support gufuncs are passed to it.",
    ]
    wrapped = "\n\n".join(textwrap.fill(note, 100) for note in notes)
    call, printed = entry.example
    parts = [
        f"{entry.title}: ``{entry.formula}``.",
        section("Parameters", "\n".join(filled(ROW_PARAMETERS[name]) for name in names)),
        section("Returns", returns),
        section(
            "Raises",
            f"ValueError\n    When {empty}{wrong}or `out` is read-only or has the wrong shape.\n"
            "numpy.exceptions.AxisError\n    When the input has no such axis.\n"
            "TypeError\n    For complex, longdouble, 8-bit float, object, string and datetime arrays.",
        ),
        section("See Also", ", ".join(family or ["softmax"])),
        section("Notes", wrapped),
        section("References", textwrap.fill(f".. [1] {entry.source}", 100, subsequent_indent="   ")),
        section("Examples", f">>> import fastact\n>>> import numpy as np\n>>> {call}\n{printed}"),
    ]
    return "\n\n".join(parts) + "\n"


def section(title: str, text: str) -> str:
    return f"{title}\n{'-' * len(title)}\n{text}"


def filled(text: str) -> str:
    head, _, body = text.partition("\n")
    return f"{head}\n{textwrap.fill(body.strip(), 100, initial_indent='    ', subsequent_indent='    ')}"


# ---- the module ----


def every_docstring(fused: bool) -> dict[str, str]:
    """All docstrings by name. Names of fastact.precise begin with "precise.", those of fastact.fast with "fast."."""
    docs = {f.name: docstring(f, fused) for f in FUNCTIONS}
    docs |= {f"precise.{f.name}": precise_docstring(f) for f in FUNCTIONS}
    docs |= {f"fast.{f.name}": fast_docstring(f) for f in FUNCTIONS if f.fast}
    docs |= {f"{entry.name}_packed": packed_docstring(entry) for entry in GATES}
    return docs | {entry.name: rowwise_docstring(entry) for entry in ROWWISE}


def module() -> str:
    """The text of fastact/_docstrings.py."""
    fused, plain = every_docstring(True), every_docstring(False)
    differs = {name: text for name, text in plain.items() if text != fused[name]}
    head = '"""Docstrings, generated from the catalogue by the build."""\n\n'
    head += "# WITHOUT_FMA has those that differ on levels without fused multiply-adds.\n"

    def dictionary(name: str, docs: dict[str, str]) -> str:
        return f"{name} = {{\n" + "".join(f"    {key!r}: {text!r},\n" for key, text in docs.items()) + "}\n"

    return head + dictionary("DOCSTRINGS", fused) + dictionary("WITHOUT_FMA", differs)
