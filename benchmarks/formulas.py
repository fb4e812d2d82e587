"""Formulas of the functions, which numexpr and numba compile: the names of the inputs, and the text.

Both have the functions `where`, `exp`, `expm1`, `log1p`, `tanh`, `abs` and `erf`, except that numexpr has no `erf`. The
formulas are the usual ones, written for speed. contenders.py gives numbers the dtype of the arrays.
"""

INNER = "tanh(0.7978845608028654*(x + 0.044715*x*x*x))"  # in the approximation of gelu
INNER_SLOPE = "0.7978845608028654*(1 + 0.134145*x*x)"
SOFTPLUS_TANH = "tanh(where(x > 20, x, log1p(exp(x))))"  # the factor of mish
SIGMOID = "(1/(1 + exp(-x)))"

ONE: dict[str, str] = {
    "relu": "where(x > 0, x, 0)",
    "leaky_relu": "where(x > 0, x, 0.01*x)",
    "elu": "where(x > 0, x, expm1(x))",
    "selu": "1.0507009873554805*where(x > 0, x, 1.6732632423543772*expm1(x))",
    "sigmoid": "1/(1 + exp(-x))",
    "tanh": "tanh(x)",
    "silu": "x/(1 + exp(-x))",
    "gelu": "0.5*x*(1 + erf(0.7071067811865476*x))",
    "gelu_tanh": f"0.5*x*(1 + {INNER})",
    "softplus": "where(x > 0, x, 0) + log1p(exp(-abs(x)))",
    "mish": f"x*{SOFTPLUS_TANH}",
    "hard_swish": "0.16666666666666666*x*where(x < -3, 0, where(x > 3, 6, x + 3))",
    "log_sigmoid": "where(x < 0, x, 0) - log1p(exp(-abs(x)))",
}

GATED: dict[str, str] = {
    "swiglu": "x*up/(1 + exp(-x))",
    "geglu": "0.5*x*(1 + erf(0.7071067811865476*x))*up",
}

BACKWARD: dict[str, str] = {
    "relu_backward": "where(x > 0, grad, 0)",
    "leaky_relu_backward": "where(x > 0, grad, 0.01*grad)",
    "elu_backward": "where(x > 0, grad, grad*exp(x))",
    "silu_backward": f"grad*{SIGMOID}*(1 + x*(1 - {SIGMOID}))",
    "gelu_backward": "grad*(0.5*(1 + erf(0.7071067811865476*x)) + x*0.3989422804014327*exp(-0.5*x*x))",
    "gelu_tanh_backward": f"grad*(0.5*(1 + {INNER}) + 0.5*x*(1 - {INNER}*{INNER})*{INNER_SLOPE})",
    "softplus_backward": "grad/(1 + exp(-x))",
    "mish_backward": f"grad*({SOFTPLUS_TANH} + x*(1 - {SOFTPLUS_TANH}*{SOFTPLUS_TANH})*{SIGMOID})",
    "hard_swish_backward": "grad*where(x < -3, 0, where(x > 3, 1, 0.3333333333333333*x + 0.5))",
    "log_sigmoid_backward": "grad/(1 + exp(x))",
}

FROM_OUTPUT: dict[str, str] = {
    "sigmoid_backward_from_output": "grad*y*(1 - y)",
    "tanh_backward_from_output": "grad*(1 - y*y)",
}

FORMULAS: dict[str, tuple[tuple[str, ...], str]] = {
    **{name: (("x",), text) for name, text in ONE.items()},
    **{name: (("x", "up"), text) for name, text in GATED.items()},
    **{name: (("grad", "x"), text) for name, text in BACKWARD.items()},
    **{name: (("grad", "y"), text) for name, text in FROM_OUTPUT.items()},
}
