"""The list of gates. Each is an entry here and a kernel of the same name in kernels/gates.pxd."""

from .entries import Bounds, Gate

GATES = (
    Gate(
        "glu", "Gated linear unit", "sigmoid", ulp=Bounds((2.0, 2.0)), source="Dauphin et al., 2016, arXiv:1612.08083"
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
        ulp=Bounds((2.0, 2.0)),
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
        ulp=Bounds((2.8, 2.9)),
        ulp_plain=Bounds((3.4, 3.4)),
        why="the sum up + up_offset, the logistic function and their product each round",
        aliases=("swiglu_oai",),
        source="gpt-oss, 2025; alpha=1 and up_offset=0 are DeepSeek's",
    ),
    Gate(
        "sigmoid_geglu",
        "GELU with a logistic gate",
        "sigmoid",
        value="gelu",
        ulp=Bounds((0.5, 4.3)),
        ulp_plain=Bounds((0.5, 5.1)),
        why="both factors are rounded in float64",
        source="Shazeer, 2020, arXiv:2002.05202",
    ),
)
